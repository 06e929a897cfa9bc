//! Images in `NumPy`'s arrays: an `.npz` archive (Keras's `mnist.npz`), an `.npy` file, or a
//! folder of such files.
//!
//! Whole numbers are bytes of 0 to 255, reals are 0 to 1. What is neither is refused with the
//! line of Python that makes it so: a guess would teach the wrong images in silence.

mod pixels;

use std::{fs, path::Path};

use pixels::{heap, sides};

use super::{
    DataError, Unfit,
    source::{Found, Heap},
};
use crate::{
    arrays::{self, ArrayFault, Contents, Numbers, listed},
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
        name: match name {
            "" => String::new(),
            name => format!("{}: ", printable(name, 40)),
        },
        fault,
    }
}

fn bytes_of(file: &Path) -> Result<Vec<u8>, DataError> {
    let unreadable = |cause| DataError::Unreadable {
        file: file.to_owned(),
        cause,
    };
    fs::File::open(file)
        .and_then(arrays::bytes_of)
        .map_err(unreadable)
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
        if archive.names().is_empty() {
            return Err(DataError::unfit(path, Unfit::NoArrays));
        }
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
        let found = shelf.read(name).map_err(|fault| match fault {
            DataError::Array {
                fault: ArrayFault::Type(kind),
                ..
            } if kind.contains(['U', 'S', 'O']) => unfit(Unfit::Words { name: name.into() }),
            fault => fault,
        })?;
        heap.labels = Some(numbered(found, name).map_err(unfit)?);
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

#[cfg(test)]
mod tests;
