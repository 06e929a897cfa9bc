//! What `--data` names, whatever it is: IDX files, arrays or pictures, found, read and made
//! the images of a run.
//!
//! Where a folder could be several data sets, it is none until one is named.

mod found;
mod words;

use std::path::Path;

use found::of_bytes;
use words::said;

use super::{
    Classes, DataError, Dataset, LARGEST_SIDE, Reading, SMALLEST_SIDE, Split, Unfit, digest_of,
    hold_out::held_out, known, labelled::Labelled, prepare::Preparer, reading::HELD_OUT,
};
use crate::{arrays::MAX_BYTES, image::ImageSize, pool::Pool, words::grouped};

/// Pictures that a thread prepares at a time.
const BLOCK: usize = 256;

/// A data set that was read, and what there is to say of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The images.
    pub data: Dataset,
    /// What was read, in a line.
    pub said: String,
    /// What may surprise, a line each.
    pub notices: Vec<String>,
}

/// Images of a source before they are anything more: of one size, with the labels that they
/// have there.
pub(super) struct Heap {
    pub(super) size: ImageSize,
    pub(super) pixels: Vec<u8>,
    pub(super) labels: Option<Vec<i64>>,
}

/// What a source holds.
pub(super) struct Found {
    /// What the data is called, if it has no better name.
    pub(super) name: String,
    pub(super) train: Heap,
    pub(super) test: Option<Heap>,
    /// What the labels stand for, where the source says it.
    pub(super) names: Option<Vec<String>>,
    /// What was between 0 and 1 in the source.
    pub(super) reals: bool,
    /// Whether the pictures are as they were wanted.
    pub(super) prepared: bool,
    pub(super) notices: Vec<String>,
}

impl Heap {
    pub(super) fn len(&self) -> usize {
        self.pixels.len() / self.size.pixels().max(1)
    }
}

impl Found {
    pub(super) fn new(name: String, train: Heap, test: Option<Heap>) -> Self {
        Self {
            name,
            train,
            test,
            names: None,
            reals: false,
            prepared: false,
            notices: Vec::new(),
        }
    }
}

/// The data set at this path.
///
/// It may be a folder of IDX files (torchvision's folders are looked into), one of them, an
/// `.npz` archive or an `.npy` array, a folder of those, or one of PNG and JPEG pictures with a
/// sub-folder for each class. Nothing is written there.
///
/// # Errors
///
/// What is wrong with it, and what helps.
pub fn read(path: &Path, reading: &Reading) -> Result<Read, DataError> {
    let found = found::at(path, reading)?;
    let unfit = |why| DataError::unfit(path, why);
    let Found {
        name,
        train,
        test,
        names,
        reals,
        prepared,
        mut notices,
    } = found;
    for heap in [Some(&train), test.as_ref()].into_iter().flatten() {
        if heap.size.pixels() == 0 {
            return Err(unfit(Unfit::Size(heap.size)));
        }
    }
    let has_test = test.is_some();
    if has_test && reading.hold_out.is_some() {
        return Err(unfit(Unfit::HeldOutAlready));
    }
    let counts = [train.len(), test.as_ref().map_or(0, Heap::len)];
    let labelled = Labelled {
        train: train.labels.as_deref(),
        test: test.as_ref().and_then(|test| test.labels.as_deref()),
        names: names.as_deref(),
    };
    let (classes, [train_labels, test_labels]) = labelled.classes(counts).map_err(unfit)?;
    let whole = |heap: Heap, labels| {
        let (size, pixels) = if prepared {
            (heap.size, heap.pixels)
        } else {
            as_wanted(heap, reading)?
        };
        expect_size(size)?;
        Ok(Split::of_size(size, pixels, labels))
    };
    let train = whole(train, train_labels).map_err(unfit)?;
    if train.is_empty() {
        return Err(unfit(Unfit::Nothing));
    }
    let (train, test) = match test {
        Some(test) => {
            let test = whole(test, test_labels).map_err(unfit)?;
            if train.size() != test.size() {
                let (train, test) = (train.size(), test.size());
                return Err(unfit(Unfit::Halves { train, test }));
            }
            if test.is_empty() {
                return Err(unfit(Unfit::Nothing));
            }
            if train.len() < test.len() {
                notices.push(format!(
                    "{name} has fewer images to train on ({}) than to hold out ({}); are the halves swapped?",
                    grouped(train.len() as u64),
                    grouped(test.len() as u64)
                ));
            }
            (train, test)
        }
        None if train.len() < 2 => return Err(unfit(Unfit::One)),
        None => divided(&train, reading.hold_out.unwrap_or(HELD_OUT)),
    };
    let digest = digest_of(&train, &test, &classes);
    let known = known::by_digest(&digest);
    let (name, classes) = known.map_or((name, classes), |(name, classes)| (name.into(), classes));
    let data = Dataset {
        name,
        classes,
        train,
        test,
        digest,
    };
    let said = said(&data, reals, (!has_test).then_some(reading));
    Ok(Read {
        data,
        said,
        notices,
    })
}

/// Images of no data set, all in one heap.
#[derive(Debug, Clone, PartialEq)]
pub struct Loose {
    /// What they are called.
    pub name: String,
    /// The images.
    pub split: Split,
    /// What their labels stand for, if they have any.
    pub classes: Classes,
    /// What may surprise, a line each.
    pub notices: Vec<String>,
}

/// The images at this path, none of them held out.
///
/// # Errors
///
/// What is wrong with them; also when they are in two halves.
pub fn loose(path: &Path, reading: &Reading) -> Result<Loose, DataError> {
    let found = found::at(path, reading)?;
    loosened(found, path, reading)
}

/// The images in the bytes of an array or a picture.
///
/// # Errors
///
/// What is wrong with them. It is told of `name`.
pub fn loose_bytes(bytes: &[u8], name: &str, reading: &Reading) -> Result<Loose, DataError> {
    let path = Path::new(name);
    loosened(of_bytes(bytes, path, name.into())?, path, reading)
}

fn loosened(found: Found, path: &Path, reading: &Reading) -> Result<Loose, DataError> {
    let unfit = |why| DataError::unfit(path, why);
    let Found {
        name,
        train,
        test,
        names,
        prepared,
        notices,
        ..
    } = found;
    if test.is_some() {
        return Err(unfit(Unfit::TwoHalves));
    }
    let labelled = Labelled {
        train: train.labels.as_deref(),
        test: None,
        names: names.as_deref(),
    };
    let (classes, [labels, _]) = labelled.classes([train.len(), 0]).map_err(unfit)?;
    let (size, pixels) = if prepared {
        (train.size, train.pixels)
    } else {
        as_wanted(train, reading).map_err(unfit)?
    };
    expect_size(size).map_err(unfit)?;
    let split = Split::of_size(size, pixels, labels);
    if split.is_empty() {
        return Err(unfit(Unfit::Nothing));
    }
    Ok(Loose {
        name,
        split,
        classes,
        notices,
    })
}

pub(super) fn expect_size(size: ImageSize) -> Result<(), Unfit> {
    let fits = |side| (SMALLEST_SIDE..=LARGEST_SIDE).contains(&side);
    if fits(size.height) && fits(size.width) {
        Ok(())
    } else {
        Err(Unfit::Size(size))
    }
}

/// Refuses more images of a size than are held in memory.
pub(super) fn expect_room(images: usize, size: ImageSize) -> Result<(), Unfit> {
    let most = MAX_BYTES;
    if (images as u64).saturating_mul(size.pixels() as u64) <= most {
        return Ok(());
    }
    let most = most >> 20;
    Err(Unfit::Many { images, size, most })
}

/// Pictures as they were wanted, if they are not yet.
fn as_wanted(heap: Heap, reading: &Reading) -> Result<(ImageSize, Vec<u8>), Unfit> {
    let images = heap.len();
    let Heap { size, pixels, .. } = heap;
    let each = size.pixels();
    if reading.leaves_pictures() || each == 0 {
        return Ok((size, pixels));
    }
    let wanted = Preparer::new(size, reading).size();
    expect_room(images, wanted)?;
    let pool = Pool::of_the_machine();
    let blocks: Vec<&[u8]> = pixels.chunks(each * BLOCK).collect();
    let prepared = pool.map(blocks.len(), |block| {
        let mut preparer = Preparer::new(size, reading);
        let pictures = blocks[block].chunks_exact(each);
        pictures
            .flat_map(|picture| preparer.picture(picture))
            .collect::<Vec<u8>>()
    });
    Ok((wanted, prepared.concat()))
}

/// A heap as two halves.
fn divided(all: &Split, part: f64) -> (Split, Split) {
    let held = held_out(all.labels(), part);
    let half = |wanted: bool| {
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for image in (0..all.len()).filter(|&image| held[image] == wanted) {
            pixels.extend_from_slice(all.image(image));
            labels.push(all.label(image));
        }
        Split::of_size(all.size(), pixels, labels)
    };
    (half(false), half(true))
}

#[cfg(test)]
mod tests;
