//! Images and their labels: MNIST inside the program, anybody's files, and batches of either.
//!
//! Everything that comes in from a file is checked here, once, so that the rest
//! of the program may believe a [`Dataset`]. This module knows nothing of
//! networks.

use std::{fmt::Write as _, path::Path};

use idx::Header;
use sha2::{Digest, Sha256};

use crate::{image::ImageSize, words::printable};

mod array_files;
pub mod batches;
mod classes;
pub mod corrupt;
mod fault;
mod file_prefix;
mod hold_out;
pub mod idx;
mod idx_set;
mod known;
mod labelled;
mod labels;
pub mod mnist;
mod pictures;
mod prepare;
pub mod reading;
pub mod source;
pub mod spoil;
mod unfit;
mod unpack;

pub use classes::{Classes, MOST_CLASSES, Names};
pub use fault::DataError;
pub use file_prefix::file_prefix;
pub use labels::{Labels, NoSuchLabels};
pub use reading::Reading;
pub use unfit::Unfit;

/// Rows and columns of an image of MNIST; of other data, [`Split::size`] says it.
pub const IMAGE_SIDE: usize = ImageSize::MNIST.height;
/// Pixels of an image of MNIST, row by row from the top left.
pub const PIXELS: usize = ImageSize::MNIST.pixels();
/// The shortest side of an image that is taken.
pub const SMALLEST_SIDE: usize = 8;
/// The longest side of an image that is taken.
pub const LARGEST_SIDE: usize = 64;
/// Characters of a data set's name: of a folder's, which systems allow 255 bytes.
const LONGEST_NAME: usize = 255;
/// Kinds of image in MNIST; of other data, [`Classes::count`] says it.
pub const CLASSES: usize = 10;

/// Images to learn from, and images held out to measure with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// `MNIST` for MNIST's own, wherever it lies, else the folder's name without control
    /// characters.
    pub name: String,
    /// What the labels stand for.
    pub classes: Classes,
    /// The images a network learns from.
    pub train: Split,
    /// The images held out, of the same size.
    pub test: Split,
    /// SHA-256, in hex, of the four raw IDX files that hold these images, one after the other:
    /// train images, train labels, test images, test labels; of images without labels, the two
    /// of the images. It is the same however the images were read.
    pub digest: String,
}

/// Images of one size, a byte a pixel (0 black, 255 white), and as many labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    size: ImageSize,
    pixels: Vec<u8>,
    labels: Vec<u8>,
    /// Those of other labels, where only some are taken.
    left_out: Option<Box<Split>>,
}

impl Split {
    /// Puts images of MNIST's size and their labels together.
    ///
    /// # Panics
    ///
    /// Unless there are [`PIXELS`] bytes of `pixels` for each of `labels`.
    pub fn new(pixels: Vec<u8>, labels: Vec<u8>) -> Self {
        Self::of_size(ImageSize::MNIST, pixels, labels)
    }

    /// Puts images and labels together.
    ///
    /// # Panics
    ///
    /// Unless there is an image's number of bytes for each label.
    pub fn of_size(size: ImageSize, pixels: Vec<u8>, labels: Vec<u8>) -> Self {
        assert_eq!(
            pixels.len(),
            labels.len() * size.pixels(),
            "a label for each image of {} pixels",
            size.pixels()
        );
        Self {
            size,
            pixels,
            labels,
            left_out: None,
        }
    }

    /// The images of these labels; the others are [left out](Self::left_out) of it.
    #[must_use]
    pub fn only(&self, labels: Labels) -> Self {
        let taken = |wanted: bool| {
            let images = (0..self.len()).filter(|&n| labels.contains(self.label(n)) == wanted);
            let (mut pixels, mut labels) = (Vec::new(), Vec::new());
            for n in images {
                pixels.extend_from_slice(self.image(n));
                labels.push(self.label(n));
            }
            Self::of_size(self.size, pixels, labels)
        };
        Self {
            left_out: Some(Box::new(taken(false))),
            ..taken(true)
        }
    }

    /// The images of labels that were not taken, where there are any.
    pub fn left_out(&self) -> Option<&Self> {
        self.left_out.as_deref().filter(|others| !others.is_empty())
    }

    /// Rows and columns of each image.
    pub fn size(&self) -> ImageSize {
        self.size
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The bytes of an image, counted from 0, row by row.
    ///
    /// # Panics
    ///
    /// If there is no such image.
    pub fn image(&self, index: usize) -> &[u8] {
        let pixels = self.size.pixels();
        &self.pixels[index * pixels..][..pixels]
    }

    /// The same from 0 to 1.
    ///
    /// # Panics
    ///
    /// If there is no such image.
    pub fn pixels_of(&self, index: usize) -> Vec<f32> {
        let bytes = self.image(index).iter();
        bytes.map(|&byte| f32::from(byte) / 255.0).collect()
    }

    /// The class of an image, from 0.
    ///
    /// # Panics
    ///
    /// If there is no such image.
    pub fn label(&self, index: usize) -> u8 {
        self.labels[index]
    }

    /// The class of each image.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The bytes of all images, one image after the other.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }
}

impl Dataset {
    /// Rows and columns of each image.
    pub fn image_size(&self) -> ImageSize {
        self.train.size()
    }

    /// The images of these labels alone, in the order of all. The held-out images of the others
    /// are [kept apart](Split::left_out).
    ///
    /// # Errors
    ///
    /// When one of the labels has no image to train on, or none of them one that is held out.
    pub fn only(&self, labels: Labels) -> Result<Self, DataError> {
        let has = |split: &Split, label: u8| split.labels().contains(&label);
        let lacks = |labels: Labels, what| DataError::Lacks {
            name: self.name.clone(),
            labels,
            what,
            // Any of these will do.
            has: Labels::ALL
                .iter()
                .filter(|&label| has(&self.train, label) && has(&self.test, label))
                .collect(),
        };
        let missing: Labels = labels
            .iter()
            .filter(|&label| !has(&self.train, label))
            .collect();
        if missing != Labels::NONE {
            return Err(lacks(missing, "to train on"));
        }
        if !labels.iter().any(|label| has(&self.test, label)) {
            return Err(lacks(labels, "to hold out"));
        }
        let [mut train, test] = [&self.train, &self.test].map(|split| split.only(labels));
        // Nobody looks at these.
        train.left_out = None;
        Ok(Self {
            name: self.name.clone(),
            classes: self.classes.clone(),
            train,
            test,
            digest: self.digest.clone(),
        })
    }
}

/// The [`Dataset::digest`] of a train and a test split.
fn digest_of(train: &Split, test: &Split, classes: &Classes) -> String {
    let mut digest = Sha256::new();
    for split in [train, test] {
        let count = split.len() as u32;
        digest.update(Header::of_images(count, split.size()).bytes());
        digest.update(&split.pixels);
        if *classes != Classes::Unlabelled {
            digest.update(Header::of_labels(count).bytes());
            digest.update(&split.labels);
        }
    }
    hex(&digest.finalize())
}

/// A folder's own name, also where the path ends in `.` or `..`; a file's with its ending.
fn name_of(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().or(whole.file_name());
    let name = name.unwrap_or(path.as_os_str());
    printable(&name.to_string_lossy(), LONGEST_NAME)
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_gives_back_its_images_and_labels() {
        let mut pixels = vec![0; 2 * PIXELS];
        pixels[PIXELS..].fill(9);
        let split = Split::new(pixels, vec![3, 7]);
        assert_eq!(split.len(), 2);
        assert!(!split.is_empty());
        assert_eq!(split.image(0), [0; PIXELS]);
        assert_eq!(split.image(1), [9; PIXELS]);
        assert_eq!((split.label(0), split.label(1)), (3, 7));
        assert_eq!(split.labels(), [3, 7]);
        assert_eq!(split.pixels().len(), 2 * PIXELS);
    }

    #[test]
    #[should_panic(expected = "a label for each image")]
    fn a_split_with_a_label_too_many_is_a_mistake_of_the_caller() {
        Split::new(vec![0; PIXELS], vec![0, 0]);
    }

    #[test]
    fn a_folder_is_named_even_where_its_path_is_not() {
        assert_eq!(name_of(Path::new("a/b")), "b");
        assert_eq!(name_of(Path::new("a/b/")), "b");
        let here = std::env::current_dir().unwrap();
        assert_eq!(name_of(Path::new(".")), name_of(&here));
    }

    fn of_labels(labels: &[u8]) -> Split {
        let pixels = labels.iter().enumerate();
        let pixels = pixels.flat_map(|(number, _)| [number as u8; PIXELS]);
        Split::new(pixels.collect(), labels.into())
    }

    fn some_data() -> Dataset {
        Dataset {
            name: "some".into(),
            classes: Classes::numbered(10),
            train: of_labels(&[3, 1, 4, 1, 5]),
            test: of_labels(&[9, 1, 4, 1]),
            digest: "ab".into(),
        }
    }

    #[test]
    fn some_labels_are_taken_in_order_and_the_others_kept_apart() {
        let data = some_data().only("1,4".parse().unwrap()).unwrap();
        assert_eq!(data.train.labels(), [1, 4, 1]);
        assert_eq!(data.train.image(2), [3; PIXELS]);
        assert_eq!(data.train.left_out(), None);
        assert_eq!(data.test.labels(), [1, 4, 1]);
        let others = data.test.left_out().unwrap();
        assert_eq!(
            (others.labels(), others.image(0)),
            (&[9][..], &[0; PIXELS][..])
        );
        assert_eq!((&*data.name, &*data.digest), ("some", "ab"));
        let all = some_data().only("1,3-5".parse().unwrap()).unwrap();
        assert_eq!(all.train.len(), 5);
        assert_eq!(some_data().test.left_out(), None);
    }

    #[test]
    fn labels_without_images_are_refused_with_those_that_have_some() {
        let words = |labels: &str| {
            let refused = some_data().only(labels.parse().unwrap());
            refused.unwrap_err().to_string()
        };
        let told = "2,9: some has no image of that to train on; name some of 1,4";
        assert_eq!(words("1,2,9"), told);
        // The cure is one.
        for cure in ["1,4", "1", "4"] {
            assert!(some_data().only(cure.parse().unwrap()).is_ok());
        }
        assert!(words("3,5").starts_with("3,5: some has no image of that to hold out"));
    }
}
