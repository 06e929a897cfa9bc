//! A folder of other data than is taken: damaged, swapped, or whole and simply
//! other. It is looked through only after one of its files has been refused.

use std::{
    fmt,
    io::{self, Read},
    ops::RangeInclusive,
    path::Path,
};

use super::{
    CLASSES, DataError, IMAGE_SIDE,
    folder::Found,
    idx::{self, Flaw, Kind, Promise},
};
use crate::words::grouped;

/// Bytes of a packed file that are unpacked to see whether it is whole. No data
/// that is taken has more; what promises more is taken at its word.
const LONGEST_LOOK: u64 = 1 << 30;

/// The numbers that describe a data set from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    train: u32,
    test: u32,
    sides: [u32; 2],
    /// The least and the greatest label, if there are any.
    labels: Option<RangeInclusive<u8>>,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [rows, columns] = self.sides;
        let (train, test) = (grouped(self.train), grouped(self.test));
        write!(f, "{train} + {test} images of {rows}x{columns}")?;
        match &self.labels {
            Some(labels) => write!(f, " with labels {} to {}", labels.start(), labels.end()),
            None => Ok(()),
        }
    }
}

/// What one file turned out to hold.
struct Held {
    promise: Promise,
    labels: Option<RangeInclusive<u8>>,
}

/// Why the files of a folder were refused: the first that is damaged or does not
/// go with the others; if there is none, they are data of another shape.
pub(super) fn explain(folder: &Path, files: &[Found; 4], refused: DataError) -> DataError {
    let [train_images, train_labels, test_images, test_labels] = files;
    let look = || {
        let train = pair(train_images, train_labels, test_images.contents.count)?;
        let test = pair(test_images, test_labels, train_images.contents.count)?;
        Ok((train, test))
    };
    let ((train, train_range), (test, test_range)) = match look() {
        Ok(held) => held,
        Err(damage) => return damage,
    };
    let [wanted_train, wanted_test] = [train_images, test_images].map(|file| file.contents.count);
    if (train.count, test.count) == (wanted_test, wanted_train) {
        return apart(
            train_images,
            format!(
                "found {} images, and {} in {}; are the train and the t10k files swapped?",
                grouped(train.count),
                grouped(test.count),
                test_images.name()
            ),
        );
    }
    if train.sides != test.sides {
        let [[a, b], [c, d]] = [test.sides, train.sides];
        return apart(
            test_images,
            format!(
                "found images of {a}x{b}, and of {c}x{d} in {}; put the four files of one data set there",
                train_images.name()
            ),
        );
    }
    let found = Shape {
        train: train.count,
        test: test.count,
        sides: train.sides,
        labels: united(train_range, test_range),
    };
    let taken = Shape {
        train: wanted_train,
        test: wanted_test,
        sides: [IMAGE_SIDE as u32; 2],
        labels: Some(0..=CLASSES as u8 - 1),
    };
    let fits = [found.train, found.test] == [taken.train, taken.test]
        && found.sides == taken.sides
        && found
            .labels
            .as_ref()
            .is_none_or(|range| *range.end() < CLASSES as u8);
    if fits {
        // Somebody has just put it right.
        return refused;
    }
    DataError::OtherData {
        folder: folder.to_owned(),
        found,
        taken,
    }
}

/// Images and their labels, which have to be as many; the other half is to have `others`.
fn pair(
    images: &Found,
    labels: &Found,
    others: u32,
) -> Result<(Promise, Option<RangeInclusive<u8>>), DataError> {
    let Held { promise, .. } = look_through(images, Kind::Images)?;
    let Held {
        promise: its,
        labels: range,
    } = look_through(labels, Kind::Labels)?;
    if promise.count == its.count {
        return Ok((promise, range));
    }
    // Only the counts that are wanted, one of each half, are those of swapped files.
    let halves = [images.contents.count, others];
    let here = [promise.count, its.count];
    let cure = if here == halves || here == [halves[1], halves[0]] {
        "are the train and the t10k files swapped?"
    } else {
        "put the four files of one data set there"
    };
    Err(apart(
        images,
        format!(
            "found {} images, and {} labels in {}; {cure}",
            grouped(promise.count),
            grouped(its.count),
            labels.name()
        ),
    ))
}

fn apart(file: &Found, words: String) -> DataError {
    DataError::Apart {
        file: file.path.clone(),
        words,
    }
}

/// Reads a file to its end, keeps none of it, and holds it against its own header.
fn look_through(file: &Found, kind: Kind) -> Result<Held, DataError> {
    let refuse = |flaw| DataError::Refused {
        file: file.path.clone(),
        flaw,
    };
    let mut bytes = file.open()?;
    let mut head = [0; 16];
    let header = match kind {
        Kind::Images => 16,
        Kind::Labels => 8,
    };
    let got = fill(&mut bytes, &mut head[..header]).map_err(|cause| file.broken(cause))?;
    let promise = idx::promise(&head[..got], kind).map_err(refuse)?;
    let expected = promise.file_len();
    let mut found = got as u128;
    let mut range = None;
    let mut buffer = vec![0; 1 << 16];
    while found <= expected && found < u128::from(LONGEST_LOOK) {
        let got = fill(&mut bytes, &mut buffer).map_err(|cause| file.broken(cause))?;
        if got == 0 {
            break;
        }
        found += got as u128;
        if kind == Kind::Labels {
            range = united(range, range_of(&buffer[..got]));
        }
    }
    if found > expected {
        return Err(refuse(Flaw::Long { expected }));
    }
    if found < expected && found < u128::from(LONGEST_LOOK) {
        return Err(refuse(Flaw::Short { expected, found }));
    }
    Ok(Held {
        promise,
        labels: range,
    })
}

/// As many bytes as there are, up to a whole buffer.
fn fill(bytes: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match bytes.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(got) => filled += got,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
    Ok(filled)
}

fn range_of(labels: &[u8]) -> Option<RangeInclusive<u8>> {
    Some(*labels.iter().min()?..=*labels.iter().max()?)
}

fn united(
    a: Option<RangeInclusive<u8>>,
    b: Option<RangeInclusive<u8>>,
) -> Option<RangeInclusive<u8>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(*a.start().min(b.start())..=*a.end().max(b.end())),
        (a, b) => a.or(b),
    }
}
