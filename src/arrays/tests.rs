//! What is written is read, and what is no array is refused in words.

use std::io::{Cursor, Write};

use ndarray::{Array2, Array3, ShapeBuilder};
use ndarray_npy::WriteNpyExt;
use proptest::prelude::*;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::*;

fn npy<T: ndarray_npy::WritableElement>(values: &ndarray::ArrayViewD<T>) -> Vec<u8> {
    let mut bytes = Vec::new();
    values.write_npy(&mut bytes).unwrap();
    bytes
}

fn archive(arrays: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in arrays {
        archive.start_file(format!("{name}.npy"), options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn reals(shape: &[usize], numbers: &[f32]) -> Found {
    Found {
        shape: shape.to_vec(),
        numbers: Numbers::Reals(numbers.to_vec()),
    }
}

/// What is refused is refused in these words.
fn refused(bytes: &[u8], words: &str) {
    let fault = read(bytes, "code").unwrap_err().to_string();
    assert!(fault.contains(words), "no {words:?} in {fault:?}");
}

#[test]
fn numbers_of_every_type_are_told_apart_and_read_in_the_order_of_rows() {
    let shape = (2, 3);
    let values: Vec<f32> = (0..6_u8).map(f32::from).collect();
    let expected = reals(&[2, 3], &values);
    let of = |cast: fn(f32) -> f64| {
        Array2::from_shape_vec(shape, values.iter().map(|v| cast(*v)).collect()).unwrap()
    };
    let single = of(f64::from).mapv(|value| value as f32);
    assert_eq!(read(&npy(&single.view().into_dyn()), "").unwrap(), expected);
    let double = of(f64::from);
    assert_eq!(read(&npy(&double.view().into_dyn()), "").unwrap(), expected);
    let whole = [
        npy(&double.mapv(|value| value as i64).view().into_dyn()),
        npy(&double.mapv(|value| value as i32).view().into_dyn()),
        npy(&double.mapv(|value| value as i16).view().into_dyn()),
        npy(&double.mapv(|value| value as i8).view().into_dyn()),
        npy(&double.mapv(|value| value as u64).view().into_dyn()),
        npy(&double.mapv(|value| value as u32).view().into_dyn()),
        npy(&double.mapv(|value| value as u16).view().into_dyn()),
    ];
    for bytes in whole {
        let Found { shape, numbers } = read(&bytes, "").unwrap();
        assert_eq!(
            (shape, &numbers),
            (vec![2, 3], &Numbers::Whole(vec![0, 1, 2, 3, 4, 5]))
        );
        assert_eq!(numbers.reals(), values);
    }
    let bytes = double.mapv(|value| value as u8);
    let found = read(&npy(&bytes.view().into_dyn()), "").unwrap();
    assert_eq!(found.numbers, Numbers::Bytes(vec![0, 1, 2, 3, 4, 5]));
    // As Fortran has them: columns next to each other.
    let turned = Array2::from_shape_fn(shape.f(), |place| single[place]);
    assert!(!turned.is_standard_layout());
    assert_eq!(read(&npy(&turned.view().into_dyn()), "").unwrap(), expected);
}

#[test]
fn what_is_written_is_read_again() {
    let pictures = Array3::from_shape_fn((4, 2, 3), |(i, y, x)| (i * 6 + y * 3 + x) as f32 / 7.0);
    let labels = [7, 2, 1, 0];
    let table = Table {
        columns: vec![
            ("index", Column::Whole(vec![110, 111, 112, 113])),
            ("label", Column::Small(&labels)),
            ("image", Column::Reals(pictures.view().into_dyn())),
        ],
    };
    let flat: Vec<f32> = pictures.iter().copied().collect();
    for form in [Form::Npz, Form::Npy] {
        let found = read(&table.bytes(form).unwrap(), "image").unwrap();
        assert_eq!(found, reals(&[4, 2, 3], &flat));
    }
    let lines = table.bytes(Form::Csv).unwrap();
    let words = String::from_utf8(lines.clone()).unwrap();
    assert!(words.starts_with("index,label,image_0,image_1,"), "{words}");
    assert!(words.contains("\n111,2,"), "{words}");
    // Index and label are beside the numbers, and each number comes back to the bit.
    assert_eq!(read(&lines, "").unwrap(), reals(&[4, 6], &flat));
}

#[test]
fn an_archive_is_asked_for_its_array_by_name_however_it_is_packed() {
    let codes = npy(&ndarray::arr2(&[[1.5_f32, -2.0]]).view().into_dyn());
    let labels = npy(&ndarray::arr1(&[3_u8]).view().into_dyn());
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let both = archive(&[("label", &labels), ("code", &codes)], method);
        assert_eq!(read(&both, "code").unwrap(), reals(&[1, 2], &[1.5, -2.0]));
        let one = archive(&[("arr_0", &codes)], method);
        assert_eq!(read(&one, "code").unwrap(), reals(&[1, 2], &[1.5, -2.0]));
    }
    let strange = archive(&[("x", &codes), ("y", &labels)], CompressionMethod::Stored);
    refused(
        &strange,
        "none of its arrays is called \"code\"; it has x, y",
    );
    refused(&archive(&[], CompressionMethod::Stored), "it has none");
}

#[test]
fn lines_of_numbers_are_read_with_and_without_names() {
    for lines in [
        "1,2\n3,4.5\n",
        "a,b\n1,2\n3,4.5",
        "index,code_0,code_1,label\n9,1,2,7\n8, 3 ,4.5,1\n",
    ] {
        assert_eq!(
            read(lines.as_bytes(), "").unwrap(),
            reals(&[2, 2], &[1.0, 2.0, 3.0, 4.5])
        );
    }
    refused(b"1,2\n3,x\n", "line 2: \"x\" is no number");
    refused(b"1,2\n3\n", "line 2: it has 1 fields, not 2");
    refused(b"a,b\n", "no numbers");
    refused(b"", "no numbers");
}

#[test]
fn what_becomes_wider_than_it_is_written_is_bounded_as_it_will_be() {
    let header = |kind: &str, count: usize| {
        let words = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({count},), }}");
        let words = format!("{words:<117}\n");
        [b"\x93NUMPY\x01\x00\x76\x00", words.as_bytes()].concat()
    };
    // An eighth of the most, and one: nothing of it is touched.
    let count = (MAX_BYTES / 8 + 1) as usize;
    let mut bytes = vec![0; 128 + count];
    bytes[..128].copy_from_slice(&header("|i1", count));
    refused(&bytes, "more than 1024 MiB");
    // Words are few, however short they are.
    let count = 70_000;
    bytes[..128].copy_from_slice(&header("|S1", count));
    let fault = words(&bytes[..128 + count]).unwrap_err().to_string();
    assert!(
        fault.contains("it has 70000 words, and at most 65536"),
        "{fault}"
    );
}

#[test]
fn what_is_no_array_is_refused_with_a_cure() {
    let good = npy(&Array2::<f32>::zeros((3, 4)).view().into_dyn());
    refused(&good[..good.len() - 1], "cut short");
    refused(&[&good[..], &[0]].concat(), "more bytes");
    for (from, to, words) in [
        ("'<f4'", "'>f4'", ".astype(\"<f4\")"),
        ("'<f4'", "'<c8'", ".astype(\"float32\")"),
        ("'<f4'", "'<f2'", "more bytes"),
        ("(3, 4)", "(9999999999, 9999999999)", "cut short"),
        ("(3, 4)", "(99999999999999999999, 9)", "header is damaged"),
        ("'shape'", "'shapes'", "header is damaged"),
    ] {
        let header = String::from_utf8_lossy(&good[10..128]).into_owned();
        let changed = header.replacen(from, to, 1);
        let text = changed.trim_end();
        let mut bytes = good[..10].to_vec();
        bytes.extend(format!("{text:<117}\n").as_bytes());
        bytes.extend(&good[128..]);
        let fault = read(&bytes, "").unwrap_err().to_string();
        assert!(
            fault.contains(words) || fault.contains("MiB"),
            "{to}: {fault}"
        );
    }
    let mut long = good.clone();
    long[8..10].copy_from_slice(&u16::MAX.to_le_bytes());
    refused(&long, "65535 bytes");
    refused(b"PK\x03\x04 and no archive", "no archive of arrays");
}

proptest! {
    #[test]
    fn no_bytes_bring_it_down(bytes in proptest::collection::vec(any::<u8>(), 0..300), magic in 0..3) {
        let head: &[u8] = [&b"\x93NUMPY\x01\x00"[..], b"PK\x03\x04", b""][magic as usize];
        drop(read(&[head, &bytes].concat(), "code"));
    }

    #[test]
    fn no_damage_to_an_array_brings_it_down(place in 0..200_usize, byte: u8, cut in 0..200_usize) {
        let mut bytes = npy(&Array2::<f32>::zeros((3, 4)).view().into_dyn());
        let len = bytes.len();
        bytes[place % len] = byte;
        bytes.truncate(len - cut % len);
        drop(read(&bytes, "code"));
    }
}

/// What `numpy.array([[0, 0.5, 1], [2, -4, 65504]], numpy.float16)` is in a file.
fn halves(fortran: bool) -> Vec<u8> {
    let words = if fortran { "True" } else { "False" };
    let head = format!("{{'descr': '<f2', 'fortran_order': {words}, 'shape': (2, 3), }}");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(118_u16.to_le_bytes());
    bytes.extend(format!("{head:<117}\n").bytes());
    let rows: [u16; 6] = [0x0000, 0x3800, 0x3c00, 0x4000, 0xc400, 0x7bff];
    let columns = [rows[0], rows[3], rows[1], rows[4], rows[2], rows[5]];
    let numbers = if fortran { columns } else { rows };
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    bytes
}

#[test]
fn sixteen_bit_floats_are_read_and_said() {
    let expected = Found {
        shape: vec![2, 3],
        numbers: Numbers::Reals(vec![0.0, 0.5, 1.0, 2.0, -4.0, 65504.0]),
    };
    for fortran in [false, true] {
        let (found, kind) = super::reading::npy(&halves(fortran)).unwrap();
        assert_eq!((found, kind), (expected.clone(), "float16"));
    }
    let whole = halves(false);
    let cut = &whole[..whole.len() - 1];
    assert!(matches!(read(cut, ""), Err(ArrayFault::Cut)));
    let longer = [&whole[..], &[0]].concat();
    assert!(matches!(read(&longer, ""), Err(ArrayFault::TooLong)));
}
