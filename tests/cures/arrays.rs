//! Arrays: what is to be saved otherwise is, by the type, the name or the line of Python that the
//! refusal has, and is taken.

use std::{fs, io::Write as _};

use ndarray::{Array3, ArrayD, Axis};
use ndarray_npy::{WritableElement, WriteNpyExt, write_npy};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{Place, behind, between, images::refused, number};

/// An array as `numpy.save` writes it, of a type by its name there.
pub(crate) fn array(kind: &str, shape: &str, numbers: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}");
    let header = format!("{header:<117}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(numbers);
    bytes
}

fn npy<T: WritableElement>(values: Vec<T>, sides: &[usize]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let values = ArrayD::from_shape_vec(sides, values).unwrap();
    values.write_npy(&mut bytes).unwrap();
    bytes
}

#[test]
fn arrays_of_other_types_names_and_machines_are_saved_as_it_is_told() {
    let place = Place::new();
    let file = place.path("x.npy");
    let of_bytes = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        refused(&file)
    };
    let bytes = |count: usize| vec![0_u8; count];
    // The same numbers in the order of this machine: whole ones stay whole.
    for (kind, wide) in [
        ("i2", 2),
        ("u2", 2),
        ("i4", 4),
        ("i8", 8),
        ("f4", 4),
        ("f8", 8),
    ] {
        let numbers = bytes(128 * wide);
        let told = of_bytes(&array(&format!(">{kind}"), "2, 8, 8", &numbers)).unwrap();
        let cure = between(&told, ".astype(\"", "\")");
        assert_eq!(cure, format!("<{kind}"));
        assert_eq!(of_bytes(&array(cure, "2, 8, 8", &numbers)), None, "{told}");
    }
    // Of another type altogether.
    for (kind, wide) in [("<c8", 8), ("|O", 8), ("<M8[s]", 8), ("|b1", 1), ("|S2", 2)] {
        let numbers = bytes(128 * wide);
        let Some(told) = of_bytes(&array(kind, "2, 8, 8", &numbers)) else {
            panic!("{kind} was taken");
        };
        assert!(
            told.ends_with(".astype(\"float32\") or, pixels of 0 to 255, \"uint8\""),
            "{kind}: {told}"
        );
    }
    assert_eq!(of_bytes(&npy(vec![0.5_f32; 128], &[2, 8, 8])), None);
    assert_eq!(of_bytes(&npy(vec![7_u8; 128], &[2, 8, 8])), None);
    // Saved again, nothing is cut or beyond.
    let whole = npy(vec![7_u8; 128], &[2, 8, 8]);
    for damaged in [&whole[..whole.len() - 1], &[&whole[..], &[0]].concat()] {
        let told = of_bytes(damaged).unwrap();
        assert!(told.ends_with("save it again"), "{told}");
    }
    assert_eq!(of_bytes(&whole), None);

    let archive = |arrays: &[(&str, &[u8])]| {
        let mut archive = ZipWriter::new(fs::File::create(place.path("a.npz")).unwrap());
        for (name, bytes) in arrays {
            let options = SimpleFileOptions::default();
            archive.start_file(format!("{name}.npy"), options).unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap();
        refused(&place.path("a.npz"))
    };
    let told = archive(&[("pots", &whole), ("pans", &whole)]).unwrap();
    let name = between(&told, "numpy.savez(..., ", "=...)");
    assert_eq!(archive(&[(name, &whole), ("pans", &whole)]), None, "{told}");
    // Names of classes, as numbers and as words.
    let labels = npy(vec![0_i64, 1], &[2]);
    let told = archive(&[("x", &whole), ("y", &labels), ("classes", &labels)]).unwrap();
    assert!(told.ends_with("numpy.array([...], \"U\")"), "{told}");
    let names = array("<U1", "2,", b"a\0\0\0b\0\0\0");
    assert_eq!(
        archive(&[("x", &whole), ("y", &labels), ("classes", &names)]),
        None
    );
    // Words for labels: their numbers, and the words as classes.
    let told = archive(&[("x", &whole), ("y", &names)]).unwrap();
    let line = behind(&told, "the words as classes: ");
    assert_eq!(line, "classes, y = np.unique(y, return_inverse=True)");
}

/// What the lines of Python in a refusal make of a number between the least and the most.
fn followed(cure: &str, number: f64, least: f64, most: f64) -> f64 {
    let share = (number - least) / (most - least);
    match cure {
        "(x * 255.0).astype(\"uint8\")" => (number * 255.0).trunc(),
        "np.interp(x, (x.min(), x.max()), (0, 255)).astype(\"uint8\")" => (255.0 * share).trunc(),
        "np.interp(x, (x.min(), x.max()), (0, 1))" => share,
        "(x + 1) / 2" => f64::midpoint(number, 1.0),
        _ => match cure.strip_prefix("(x * (255 / ") {
            Some(rest) => (number * (255.0 / self::number(rest) as f64)).trunc(),
            None => number / behind(cure, "x / ").parse::<f64>().unwrap(),
        },
    }
}

/// `tests/python/check_keras_cures.py` follows the same lines with `NumPy`.
#[test]
fn numbers_of_another_range_are_taken_as_it_is_told_to_make_them() {
    let place = Place::new();
    let file = place.path("x.npy");
    let between_ends =
        |least: f64, most: f64, place: usize| least + (most - least) * (place % 64) as f64 / 63.0;
    for (least, most) in [
        (0, 1),
        (0, 256),
        (0, 65535),
        (-1, 1),
        (-128, 127),
        (-1024, 3071),
    ] {
        let (least, most) = (f64::from(least), f64::from(most));
        let numbers = (0..128).map(|place| between_ends(least, most, place).trunc());
        let numbers: Vec<i64> = numbers.map(|number| number as i64).collect();
        fs::write(&file, npy(numbers.clone(), &[2, 8, 8])).unwrap();
        let told = refused(&file).unwrap();
        let cure = told.rsplit(": ").next().unwrap();
        let cured = numbers
            .iter()
            .map(|&number| followed(cure, number as f64, least, most) as u8);
        fs::write(&file, npy(cured.collect(), &[2, 8, 8])).unwrap();
        assert_eq!(refused(&file), None, "{told}");
    }
    for (least, most) in [
        (0.0, 1.001),
        (0.0, 16.0),
        (0.0, 129.5),
        (0.0, 255.0),
        (0.0, 255.5),
        (0.0, 1e30),
        (-1.0, 1.0),
        (-0.5, 0.25),
        (-1.01, 0.5),
        (-900.0, 3.0),
    ] {
        let numbers = (0..128).map(|place| between_ends(least, most, place) as f32);
        let numbers: Vec<f32> = numbers.collect();
        fs::write(&file, npy(numbers.clone(), &[2, 8, 8])).unwrap();
        let told = refused(&file).unwrap();
        let cure = behind(&told, "0 to 1: ");
        let cure = cure.find("x / ").map_or(cure, |place| &cure[place..]);
        let cured = numbers
            .iter()
            .map(|&number| followed(cure, number.into(), least, most) as f32);
        fs::write(&file, npy(cured.collect(), &[2, 8, 8])).unwrap();
        assert_eq!(refused(&file), None, "{told}");
    }
    let mut reals = Array3::<f32>::from_elem((3, 8, 8), 0.5);
    reals[(1, 3, 3)] = f32::NAN;
    write_npy(&file, &reals).unwrap();
    let told = refused(&file).unwrap();
    let image = number(behind(&told, "image ")) as usize;
    assert!(told.contains("leave it out"), "{told}");
    let left: Vec<f32> = (0..3)
        .filter(|&number| number != image)
        .flat_map(|number| reals.index_axis(Axis(0), number).to_owned())
        .collect();
    fs::write(&file, npy(left, &[2, 8, 8])).unwrap();
    assert_eq!(refused(&file), None, "{told}");
}
