//! Arrays become pictures by their shapes and types, or are refused with what makes them so.

use std::{
    io::{Cursor, Write},
    path::Path,
};

use ndarray::{Array, ArrayViewD, Dimension, ShapeBuilder};
use ndarray_npy::{WritableElement, WriteNpyExt};
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;
use crate::data::{Classes, Reading, source};

fn npy<T: WritableElement>(values: ArrayViewD<T>) -> Vec<u8> {
    let mut bytes = Vec::new();
    values.write_npy(&mut bytes).unwrap();
    bytes
}

fn array<T: WritableElement + Clone, D: Dimension>(
    shape: impl Into<ndarray::StrideShape<D>>,
    value: impl Fn(usize) -> T,
) -> Vec<u8> {
    let shape = shape.into();
    let values = (0..shape.size()).map(value).collect();
    npy(Array::from_shape_vec(shape, values)
        .unwrap()
        .view()
        .into_dyn())
}

fn archive(arrays: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        let options = SimpleFileOptions::default();
        archive.start_file(format!("{name}.npy"), options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// An array of words as `numpy.save` writes it.
fn words(names: &[&str], count: usize) -> Vec<u8> {
    let header = format!(
        "{{'descr': '<U{count}', 'fortran_order': False, 'shape': ({},), }}\n",
        names.len()
    );
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    for name in names {
        let letters = name.chars().map(u32::from).chain(std::iter::repeat(0));
        bytes.extend(letters.take(count).flat_map(u32::to_le_bytes));
    }
    bytes
}

fn heap_of(bytes: &[u8]) -> Result<Found, DataError> {
    of_bytes(bytes, Path::new("a.npy"), "a".into())
}

fn told(bytes: &[u8]) -> String {
    let Err(error) = heap_of(bytes) else {
        panic!("it was taken");
    };
    let words = error.to_string();
    assert!(words.starts_with("a.npy: "), "{words}");
    assert!(!words.contains('\n'), "{words}");
    words
}

#[test]
fn pictures_lie_in_arrays_in_four_ways() {
    let byte = |place: usize| (place % 251) as u8;
    let plain = array((3, 9, 10), byte);
    let expected: Vec<u8> = (0..270).map(byte).collect();
    for bytes in [
        plain,
        array((3, 9, 10, 1), byte),
        array((3, 1, 9, 10), byte),
    ] {
        let found = heap_of(&bytes).unwrap();
        assert_eq!((found.train.size.height, found.train.size.width), (9, 10));
        assert_eq!(found.train.pixels, expected);
        assert!(found.train.labels.is_none() && found.test.is_none() && !found.reals);
    }
    let square = heap_of(&array((2, 81), byte)).unwrap().train;
    assert_eq!((square.size.to_string(), square.len()), ("9x9".into(), 2));
    for shape in [
        vec![270],
        vec![3, 80],
        vec![2, 9, 9, 2],
        vec![1, 1, 1, 1, 1],
    ] {
        let words = told(&array(shape.clone(), byte));
        assert!(words.contains("images are [n, height, width]"), "{words}");
    }
    assert!(told(&array((0, 9, 9), byte)).contains("no images"));
}

#[test]
fn colours_become_greys_as_the_eye_weighs_them() {
    let colours = [
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
        [255, 255, 255],
        [9, 9, 9],
    ];
    let bytes = array((1, 5, 1, 3), |place| colours[place / 3][place % 3] as u8);
    assert_eq!(heap_of(&bytes).unwrap().train.pixels, [76, 150, 29, 255, 9]);
}

#[test]
fn the_order_of_fortran_is_the_same_array() {
    let byte = |y: usize, x: usize| (10 * y + x) as u8;
    let rows = Array::from_shape_fn((2, 9, 9), |(n, y, x)| byte(y, x) + n as u8);
    let columns = Array::from_shape_fn((2, 9, 9).f(), |(n, y, x)| byte(y, x) + n as u8);
    let [rows, columns] = [rows, columns].map(|array| npy(array.view().into_dyn()));
    assert_ne!(rows, columns);
    let pixels = |bytes: &[u8]| heap_of(bytes).unwrap().train.pixels;
    assert_eq!(pixels(&rows), pixels(&columns));
}

#[test]
fn reals_are_parts_of_white_and_whole_numbers_bytes() {
    let reals = heap_of(&array((1, 2, 2), |place| [0.0_f32, 1.0, 0.5, 0.2][place])).unwrap();
    assert_eq!(
        (reals.train.pixels, reals.reals),
        (vec![0, 255, 128, 51], true)
    );
    let doubles = heap_of(&array((1, 2, 2), |place| [0.0_f64, 1.0, 0.5, 0.2][place])).unwrap();
    assert_eq!(doubles.train.pixels, [0, 255, 128, 51]);
    let whole = heap_of(&array((1, 2, 2), |place| [0_i64, 255, 7, 100][place])).unwrap();
    assert_eq!(
        (whole.train.pixels, whole.reals),
        (vec![0, 255, 7, 100], false)
    );
}

/// What is refused is told with its range, and what the cure makes of it is taken.
#[test]
fn a_range_that_fits_neither_is_refused_with_a_cure_that_works() {
    let reals = |most: f32, least: f32| move |place: usize| if place == 0 { least } else { most };
    let by_255 = told(&array((1, 8, 8), reals(254.5, 0.0)));
    assert!(
        by_255.contains("it has reals of 0 to 254.5; reals are 0 to 1: divide by 255"),
        "{by_255}"
    );
    assert!(heap_of(&array((1, 8, 8), reals(254.5 / 255.0, 0.0))).is_ok());
    let by_16 = told(&array((1, 8, 8), reals(16.0, 0.0)));
    assert!(by_16.contains("divide by 16, x / 16"), "{by_16}");
    let signed = told(&array((1, 8, 8), reals(1.0, -1.0)));
    assert!(signed.contains("(x + 1) / 2"), "{signed}");
    assert!(heap_of(&array((1, 8, 8), reals(1.0, 0.0))).is_ok());
    let wide = told(&array((1, 8, 8), reals(900.0, -3.0)));
    assert!(
        wide.contains("np.interp(x, (x.min(), x.max()), (0, 1))"),
        "{wide}"
    );

    // Black is black either way.
    let all_black = heap_of(&array((1, 8, 8), |_| 0_u8)).unwrap();
    assert_eq!(all_black.train.pixels, [0; 64]);
    let black = told(&array((1, 8, 8), |place| (place % 2) as u8));
    assert!(
        black.contains("whole numbers of 0 to 1; that is black in 0 to 255"),
        "{black}"
    );
    assert!(heap_of(&array((1, 8, 8), |place| 255 * (place % 2) as u8)).is_ok());
    let wide = told(&array((1, 8, 8), |place| 4095 * (place % 2) as i32));
    assert!(
        wide.contains("(x * (255 / 4095)).astype(\"uint8\")"),
        "{wide}"
    );
    let signed = told(&array((1, 8, 8), |place| -(place as i64)));
    assert!(signed.contains("whole numbers of -63 to 0"), "{signed}");

    let none = told(&array(
        (3, 8, 8),
        |place| if place == 130 { f32::NAN } else { 0.5 },
    ));
    assert!(
        none.contains("image 2 of it has a pixel that is no finite number"),
        "{none}"
    );
}

#[test]
fn other_types_and_damage_are_told() {
    assert!(told(b"hello").contains("holds no images; IDX files"));
    let mut object = array((1, 8, 8), |_| 0_u8);
    let kind = object.windows(3).position(|bytes| bytes == b"|u1").unwrap();
    object[kind..kind + 3].copy_from_slice(b"|O8");
    assert!(told(&object).contains("astype"), "{}", told(&object));
    let cut = array((4, 8, 8), |_| 0_u8);
    assert!(told(&cut[..cut.len() - 1]).contains("cut short"));
    // A header that promises more than any memory has.
    let mut huge = cut.clone();
    let shape = huge
        .windows(9)
        .position(|bytes| bytes == b"(4, 8, 8)")
        .unwrap();
    huge[shape..shape + 9].copy_from_slice(b"(9,9**9,)");
    assert!(told(&huge).contains("save it again"), "{}", told(&huge));
    assert!(told(b"PK\x03\x04 and no more").contains("no archive of arrays"));
}

#[test]
fn keras_and_others_have_halves_and_labels_by_name() {
    let [images, more] = [3, 2].map(|count| array((count, 8, 8), |place| (place % 200) as u8));
    let [labels, fewer] = [3, 2].map(|count| array(count, |place| place as u8));
    for names in HALVES {
        let arrays = [&images, &labels, &more, &fewer];
        let arrays: Vec<_> = names
            .into_iter()
            .zip(arrays.map(|bytes| &bytes[..]))
            .collect();
        let found = heap_of(&archive(&arrays)).unwrap();
        assert_eq!(found.train.labels.as_deref(), Some(&[0, 1, 2][..]));
        assert_eq!(found.test.unwrap().labels.as_deref(), Some(&[0, 1][..]));
    }
    // A heap, with a column of labels in reals.
    let column = array((3, 1), |place| place as f64);
    let found = heap_of(&archive(&[("y", &column), ("x", &images)])).unwrap();
    assert_eq!(found.train.labels.as_deref(), Some(&[0, 1, 2][..]));
    assert!(found.test.is_none());
    // The one array that can be the images, whatever it is called.
    let found = heap_of(&archive(&[("labels", &labels), ("pots", &images)])).unwrap();
    assert_eq!(
        (
            found.train.len(),
            found.train.labels.map(|labels| labels.len())
        ),
        (3, Some(3))
    );
    let two = told(&archive(&[("pots", &images), ("pans", &images)]));
    assert!(
        two.contains("none of its arrays is called \"x_train\"; it has pots, pans"),
        "{two}"
    );
    let halves = array((3, 2), |place| place as u8);
    let wrong = told(&archive(&[("x", &images), ("y", &halves)]));
    assert!(
        wrong.contains("y has the shape [3, 2]; labels are whole numbers"),
        "{wrong}"
    );
    let parts = array(3, |place| place as f32 / 2.0);
    assert!(told(&archive(&[("x", &images), ("y", &parts)])).contains("the number 0.5"));
}

#[test]
fn the_names_of_classes_are_an_array_of_words() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("clothes.npz");
    let images = array((20, 8, 8), |place| (place % 200) as u8);
    let labels = array(20, |place| (place % 2) as i64);
    let names = words(&["trouser", "h\u{fc}t"], 7);
    let write = |names: &[u8]| {
        let arrays = [
            ("images", &images[..]),
            ("labels", &labels),
            ("classes", names),
        ];
        fs::write(&path, archive(&arrays)).unwrap();
        source::read(&path, &Reading::default())
    };
    let read = write(&names).unwrap();
    assert_eq!(read.data.classes, Classes::named(&["trouser", "h\u{fc}t"]));
    assert_eq!(
        (
            &*read.data.name,
            read.data.train.len(),
            read.data.test.len()
        ),
        ("clothes", 18, 2)
    );
    assert_eq!(
        read.said,
        "clothes: 18 + 2 images of 8x8 (a tenth of each class held out; --hold-out sets how much), \
         pixels 0 to 199, 2 classes: trouser, h\u{fc}t"
    );
    let words_of = |error: DataError| error.to_string();
    let one = words_of(write(&words(&["hat"], 3)).unwrap_err());
    assert!(
        one.contains("label 1 has no name: there are 1, for 0 to 0"),
        "{one}"
    );
    let numbers = words_of(write(&labels).unwrap_err());
    assert!(
        numbers.contains("classes: words in one row are needed"),
        "{numbers}"
    );
    let cut = words_of(write(&names[..names.len() - 1]).unwrap_err());
    assert!(cut.contains("cut short"), "{cut}");
}

#[test]
fn a_folder_of_arrays_is_as_good_as_an_archive() {
    let folder = TempDir::new().unwrap();
    let images = array((12, 8, 8), |place| (place % 200) as u8);
    for (name, bytes) in [("x_train", &images), ("x_test", &images)] {
        fs::write(folder.path().join(format!("{name}.npy")), bytes).unwrap();
    }
    let read = source::read(folder.path(), &Reading::default()).unwrap();
    assert_eq!((read.data.train.len(), read.data.test.len()), (12, 12));
    assert_eq!(read.data.classes, Classes::Unlabelled);
    let labels = array(12, |place| place as u8 % 3);
    fs::write(folder.path().join("y_train.npy"), &labels).unwrap();
    let words = source::read(folder.path(), &Reading::default())
        .unwrap_err()
        .to_string();
    assert!(
        words.contains("only one half of its images has labels"),
        "{words}"
    );
    fs::write(folder.path().join("y_test.npy"), &labels).unwrap();
    fs::write(folder.path().join("classes.txt"), "cat\ndog\n\n emu \n").unwrap();
    let read = source::read(folder.path(), &Reading::default()).unwrap();
    assert_eq!(read.data.classes.names(), ["cat", "dog", "emu"]);
}

/// A bomb unpacks to no more than the limit, whatever it says of itself.
#[test]
fn a_bomb_is_given_up_at_the_limit() {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("x.npy", SimpleFileOptions::default())
        .unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..=arrays::MAX_BYTES >> 20 {
        archive.write_all(&zeros).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 2 << 20);
    assert!(told(&bytes).contains("more than 1024 MiB"));
}

#[test]
fn words_for_labels_colours_in_front_and_other_archives_get_a_cure_of_their_own() {
    let refused = |bytes: &[u8]| heap_of(bytes).map(|_| ()).unwrap_err().to_string();
    let images = array((3, 8, 8), |at| at as u8);
    let labelled = archive(&[("x", &images), ("y", &words(&["cat", "dog", "cat"], 3))]);
    let told = refused(&labelled);
    assert!(
        told.contains("y has words") && told.contains("np.unique(y, return_inverse=True)"),
        "{told}"
    );
    let told = refused(&array((3, 3, 8, 8), |at| at as u8));
    assert!(told.contains("np.moveaxis(x, 1, -1)"), "{told}");
    let told = refused(&array((3, 8, 8, 4), |at| at as u8));
    assert!(told.contains("x[..., :3]"), "{told}");
    // The cure of the one before.
    assert!(heap_of(&array((3, 8, 8, 3), |at| at as u8)).is_ok());
    let told = refused(&archive(&[]));
    assert!(
        told.contains("unpack it") && !told.contains(": :"),
        "{told}"
    );
}
