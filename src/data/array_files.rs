//! Images in `NumPy`'s arrays: an `.npz` archive (Keras's `mnist.npz`), an `.npy` file, or a
//! folder of such files.
//!
//! Whole numbers are bytes of 0 to 255, reals are 0 to 1. What is neither is refused with the
//! line of Python that makes it so: a guess would teach the wrong images in silence.

use std::{fs, io::Read, path::Path};

use super::{
    DataError, Unfit,
    source::{Found, Heap},
};
use crate::{
    arrays::{self, ArrayFault, Contents, MAX_BYTES, Numbers, listed},
    image::ImageSize,
    words::printable,
};

/// What images to learn from are called, and their labels, and those held out: Keras's names
/// first, then those of others.
const HALVES: [[&str; 4]; 4] = [
    ["x_train", "y_train", "x_test", "y_test"],
    ["X_train", "y_train", "X_test", "y_test"],
    ["train_images", "train_labels", "test_images", "test_labels"],
    ["train_x", "train_y", "test_x", "test_y"],
];
/// What images without halves are called.
const IMAGES: [&str; 7] = ["images", "image", "x", "X", "data", "arr_0", "pixels"];
/// And their labels.
const LABELS: [&str; 8] = [
    "labels", "label", "y", "Y", "target", "targets", "arr_1", "class",
];
/// What the names of the classes are called.
const NAMES: [&str; 4] = ["classes", "class_names", "label_names", "target_names"];

/// Arrays by name.
enum Shelf<'a> {
    Archive(Contents<'a>, &'a Path),
    Folder(&'a Path, Vec<String>),
}

impl Shelf<'_> {
    fn names(&self) -> &[String] {
        match self {
            Self::Archive(archive, _) => archive.names(),
            Self::Folder(_, names) => names,
        }
    }

    /// The first of these names that there is.
    fn first(&self, wanted: &[&'static str]) -> Option<&'static str> {
        wanted
            .iter()
            .find(|wanted| self.names().iter().any(|name| name == *wanted))
            .copied()
    }

    fn read(&mut self, name: &str) -> Result<arrays::Found, DataError> {
        match self {
            Self::Archive(archive, path) => archive
                .read(name)
                .map_err(|fault| of_array(path, name, fault)),
            Self::Folder(folder, _) => {
                let file = folder.join(format!("{name}.npy"));
                arrays::read(&bytes_of(&file)?, name).map_err(|fault| DataError::Array {
                    file,
                    name: String::new(),
                    fault,
                })
            }
        }
    }

    fn words(&mut self, name: &str) -> Result<Vec<String>, DataError> {
        match self {
            Self::Archive(archive, path) => archive
                .words(name)
                .map_err(|fault| of_array(path, name, fault)),
            Self::Folder(folder, _) => {
                let file = folder.join(format!("{name}.npy"));
                arrays::words(&bytes_of(&file)?).map_err(|fault| DataError::Array {
                    file,
                    name: String::new(),
                    fault,
                })
            }
        }
    }
}

/// What is wrong with an array of an archive.
fn of_array(path: &Path, name: &str, fault: ArrayFault) -> DataError {
    DataError::Array {
        file: path.to_owned(),
        name: format!("{}: ", printable(name, 40)),
        fault,
    }
}

fn bytes_of(file: &Path) -> Result<Vec<u8>, DataError> {
    let unreadable = |cause| DataError::Unreadable {
        file: file.to_owned(),
        cause,
    };
    let mut bytes = Vec::new();
    fs::File::open(file)
        .and_then(|opened| opened.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    Ok(bytes)
}

/// Whether there are arrays of images in a folder, by their names.
pub(super) fn is_folder_of(folder: &Path) -> bool {
    let halves = HALVES.iter().map(|[train, ..]| train);
    halves
        .chain(&IMAGES)
        .any(|name| folder.join(format!("{name}.npy")).is_file())
}

/// The images in a folder of arrays.
pub(super) fn of_folder(folder: &Path, name: String) -> Result<Found, DataError> {
    let all = HALVES
        .iter()
        .flatten()
        .chain(&IMAGES)
        .chain(&LABELS)
        .chain(&NAMES);
    let there = all.filter(|name| folder.join(format!("{name}.npy")).is_file());
    let names = there.map(|name| (*name).to_owned()).collect();
    of_shelf(&mut Shelf::Folder(folder, names), folder, name)
}

/// The images in the bytes of an archive or of one array.
pub(super) fn of_bytes(bytes: &[u8], path: &Path, name: String) -> Result<Found, DataError> {
    if Contents::is_one(bytes) {
        let archive = Contents::open(bytes).map_err(|fault| DataError::Array {
            file: path.to_owned(),
            name: String::new(),
            fault,
        })?;
        return of_shelf(&mut Shelf::Archive(archive, path), path, name);
    }
    if !arrays::is_array(bytes) {
        return Err(DataError::NoData {
            file: path.to_owned(),
        });
    }
    let array = arrays::read(bytes, "").map_err(|fault| DataError::Array {
        file: path.to_owned(),
        name: String::new(),
        fault,
    })?;
    let (heap, reals) = heap(array, "it").map_err(|why| DataError::unfit(path, why))?;
    Ok(Found {
        reals,
        ..Found::new(name, heap, None)
    })
}

fn of_shelf(shelf: &mut Shelf, path: &Path, name: String) -> Result<Found, DataError> {
    let halves = HALVES.iter().find(|[train, _, test, _]| {
        shelf.first(&[train]).is_some() && shelf.first(&[test]).is_some()
    });
    let names = match shelf.first(&NAMES) {
        Some(names) => Some(shelf.words(names)?),
        None => None,
    };
    let (train, test) = match halves {
        Some([x_train, y_train, x_test, y_test]) => {
            let train = labelled(shelf, path, x_train, &[y_train])?;
            (train, Some(labelled(shelf, path, x_test, &[y_test])?))
        }
        None => (alone(shelf, path)?, None),
    };
    let (train, reals) = train;
    let mut found = Found::new(name, train, test.map(|(heap, _)| heap));
    found.names = names;
    found.reals = reals;
    Ok(found)
}

/// Images in one array, by a name that is known, or by being the only array there is.
fn alone(shelf: &mut Shelf, path: &Path) -> Result<(Heap, bool), DataError> {
    let firsts = HALVES.map(|[train, ..]| train);
    let known = shelf.first(&IMAGES).map(|images| (images, &LABELS[..]));
    let half = || {
        let images = shelf.first(&firsts)?;
        let of = HALVES.iter().find(|[train, ..]| *train == images)?;
        Some((images, &of[1..2]))
    };
    if let Some((images, labels)) = known.or_else(half) {
        return labelled(shelf, path, images, labels);
    }
    let others = |name: &&String| !LABELS.contains(&&***name) && !NAMES.contains(&&***name);
    let candidates: Vec<String> = shelf.names().iter().filter(others).cloned().collect();
    match &candidates[..] {
        [only] => labelled(shelf, path, only, &LABELS),
        _ => Err(of_array(
            path,
            "",
            ArrayFault::NoSuchArray {
                wanted: "x_train".into(),
                found: listed(shelf.names()),
            },
        )),
    }
}

/// The images of one name with the labels of the first of others that there is.
fn labelled(
    shelf: &mut Shelf,
    path: &Path,
    images: &str,
    labels: &[&'static str],
) -> Result<(Heap, bool), DataError> {
    let unfit = |why| DataError::unfit(path, why);
    let (mut heap, reals) = heap(shelf.read(images)?, &printable(images, 40)).map_err(unfit)?;
    if let Some(name) = shelf.first(labels) {
        heap.labels = Some(numbered(shelf.read(name)?, name).map_err(unfit)?);
    }
    Ok((heap, reals))
}

/// Labels as whole numbers.
fn numbered(array: arrays::Found, name: &str) -> Result<Vec<i64>, Unfit> {
    let no_label = |found: String| Unfit::NoLabel {
        name: name.into(),
        found,
    };
    // A column does as well as a row.
    if array.shape.iter().skip(1).any(|&side| side != 1) {
        return Err(no_label(format!("the shape [{}]", sides(&array.shape))));
    }
    match array.numbers {
        Numbers::Bytes(bytes) => Ok(bytes.into_iter().map(i64::from).collect()),
        Numbers::Whole(numbers) => Ok(numbers),
        Numbers::Reals(numbers) => numbers
            .into_iter()
            .map(|number| {
                let whole = number.fract() == 0.0 && number.abs() < 1e9;
                whole
                    .then_some(number as i64)
                    .ok_or_else(|| no_label(format!("the number {number}")))
            })
            .collect(),
    }
}

fn sides(shape: &[usize]) -> String {
    let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
    sides.join(", ")
}

/// An array as pictures, and whether its numbers are reals.
fn heap(array: arrays::Found, name: &str) -> Result<(Heap, bool), Unfit> {
    let arrays::Found { shape, numbers } = array;
    let wrong = || Unfit::Shape {
        name: name.into(),
        shape: sides(&shape),
    };
    let (height, width, colours) = match shape[..] {
        [_, pixels] => {
            let side = pixels.isqrt();
            if side * side != pixels {
                return Err(wrong());
            }
            (side, side, 1)
        }
        [_, height, width] | [_, height, width, 1] | [_, 1, height, width] => (height, width, 1),
        [_, height, width, 3] => (height, width, 3),
        _ => return Err(wrong()),
    };
    let size = ImageSize { height, width };
    let images = shape[0];
    if images == 0 || size.pixels() == 0 {
        return Err(Unfit::Nothing);
    }
    let reals = matches!(numbers, Numbers::Reals(_));
    let each = size.pixels() * colours;
    let pixels = match numbers {
        Numbers::Bytes(bytes) => {
            expect_bytes(bytes.iter().map(|&byte| i64::from(byte)), name)?;
            bytes
        }
        Numbers::Whole(numbers) => {
            expect_bytes(numbers.iter().copied(), name)?;
            numbers.into_iter().map(|number| number as u8).collect()
        }
        Numbers::Reals(numbers) => {
            expect_parts(&numbers, each, name)?;
            let byte = |part: f32| (part * 255.0).round() as u8;
            numbers.into_iter().map(byte).collect()
        }
    };
    let pixels = if colours == 3 { grey(&pixels) } else { pixels };
    let heap = Heap {
        size,
        pixels,
        labels: None,
    };
    Ok((heap, reals))
}

/// Colours as the eye weighs them (Rec. 601, as most programs do).
fn grey(colours: &[u8]) -> Vec<u8> {
    let (pixels, _) = colours.as_chunks();
    let weighed = |[red, green, blue]: &[u8; 3]| {
        let [red, green, blue] = [red, green, blue].map(|&part| u32::from(part));
        ((299 * red + 587 * green + 114 * blue + 500) / 1000) as u8
    };
    pixels.iter().map(weighed).collect()
}

/// Whole numbers are 0 to 255, and more than black.
fn expect_bytes(numbers: impl Iterator<Item = i64>, name: &str) -> Result<(), Unfit> {
    let ends = numbers.fold([i64::MAX, i64::MIN], |[least, most], number| {
        [number.min(least), number.max(most)]
    });
    let [least, most] = ends;
    let cure = match ends {
        [(0..), 2..=255] => return Ok(()),
        [(0..), ..2] => "that is black in 0 to 255: (x * 255).astype(\"uint8\")".into(),
        [(0..), _] => format!("pixels are 0 to 255: (x * (255 / {most})).astype(\"uint8\")"),
        _ => "pixels are 0 to 255: (255 * (x - x.min()) / (x.max() - x.min())).astype(\"uint8\")"
            .into(),
    };
    Err(Unfit::Range {
        name: name.into(),
        kind: "whole numbers",
        least: least as f64,
        most: most as f64,
        cure,
    })
}

/// Reals are 0 to 1.
fn expect_parts(numbers: &[f32], each: usize, name: &str) -> Result<(), Unfit> {
    /// What rounding leaves of a division may lie so far outside; a byte's step is 200 times as wide.
    const SLACK: f32 = 2e-5;
    if let Some(place) = numbers.iter().position(|number| !number.is_finite()) {
        let (name, image) = (name.into(), place / each);
        return Err(Unfit::NoNumber { name, image });
    }
    let ends = numbers.iter().fold(
        [f32::INFINITY, f32::NEG_INFINITY],
        |[least, most], &number| [number.min(least), number.max(most)],
    );
    let [least, most] = ends;
    if least >= -SLACK && most <= 1.0 + SLACK {
        return Ok(());
    }
    let cure = if least >= 0.0 && most > 128.0 && most <= 255.0 {
        "reals are 0 to 1: divide by 255, x / 255".into()
    } else if least >= 0.0 {
        let most = most.ceil();
        format!("reals are 0 to 1: divide by {most}, x / {most}")
    } else if least >= -1.0 && most <= 1.0 {
        "reals are 0 to 1: (x + 1) / 2".into()
    } else {
        "reals are 0 to 1: (x - x.min()) / (x.max() - x.min())".into()
    };
    Err(Unfit::Range {
        name: name.into(),
        kind: "reals",
        least: f64::from(least),
        most: f64::from(most),
        cure,
    })
}

#[cfg(test)]
mod tests;
