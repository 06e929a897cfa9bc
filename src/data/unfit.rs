//! Images that can be read and yet not be learnt: of a wrong size, range or number of classes.

use thiserror::Error;

use super::{LARGEST_SIDE, MOST_CLASSES, SMALLEST_SIDE};
use crate::{image::ImageSize, words::counted};

/// Why images cannot be taken, and what helps. It follows the file's name.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Unfit {
    /// A side is too short or too long.
    #[error(
        "its images are {0}; sides of {SMALLEST_SIDE} to {LARGEST_SIDE} pixels are taken: --resize 28 makes them so"
    )]
    Size(ImageSize),
    /// Pictures are not all of one size.
    #[error("it is {size}, and {first} is {first_size}; --resize 28 makes them all of one size")]
    Sizes {
        /// That of this picture.
        size: ImageSize,
        /// The first picture.
        first: String,
        /// And its size.
        first_size: ImageSize,
    },
    /// The halves are not of one size.
    #[error(
        "its training images are {train}, and those to hold out are {test}; --resize 28 makes them all of one size"
    )]
    Halves {
        /// The size of the one half.
        train: ImageSize,
        /// The size of the other.
        test: ImageSize,
    },
    /// An array of other sides than images have.
    #[error("{name} has the shape [{shape}]; {cure}")]
    Shape {
        /// What the array is called.
        name: String,
        /// Its sides.
        shape: String,
        /// What makes images of it.
        cure: &'static str,
    },
    /// Labels that are words.
    #[error(
        "{name} has words; save their numbers, and the words as classes: classes, {name} = np.unique({name}, return_inverse=True)"
    )]
    Words {
        /// What the array is called.
        name: String,
    },
    /// An archive of other things than arrays.
    #[error("it is an archive without arrays; unpack it, and name the folder or the file")]
    NoArrays,
    /// Images to hold out, and none to learn from.
    #[error(
        "it has a folder {half} and none called train beside it; move images to learn from there, or name {example} itself"
    )]
    NoTraining {
        /// What the folder is called.
        half: String,
        /// Its path.
        example: String,
    },
    /// Numbers of no known range.
    #[error("{name} has {kind} of {least} to {most}; {cure}")]
    Range {
        /// What the array is called.
        name: String,
        /// What its numbers are.
        kind: &'static str,
        /// The least of them.
        least: f64,
        /// The greatest.
        most: f64,
        /// What makes pixels of them.
        cure: String,
    },
    /// Numbers that are none.
    #[error(
        "image {image} of {name} has a pixel that is no finite number; leave it out, or np.nan_to_num(x, posinf=1, neginf=0)"
    )]
    NoNumber {
        /// What the array is called.
        name: String,
        /// Which image, from 0.
        image: usize,
    },
    /// There is no image at all.
    #[error("there are no images in it")]
    Nothing,
    /// There are too few images for two halves.
    #[error("one image alone cannot be learnt and held out; two are needed at least")]
    One,
    /// More images than are held in memory.
    #[error("{images} images of {size} are more than {most} MiB; take fewer of them")]
    Many {
        /// How many.
        images: usize,
        /// Of which size.
        size: ImageSize,
        /// How much is read.
        most: u64,
    },
    /// Images and labels are not as many.
    #[error(
        "it has {} and {}; a label for each image is needed",
        counted(*images as u64, "image"),
        counted(*labels as u64, "label")
    )]
    Labels {
        /// How many images.
        images: usize,
        /// How many labels.
        labels: usize,
    },
    /// Only one half has labels.
    #[error("only one half of its images has labels; give the other its own, or leave both out")]
    HalfLabelled,
    /// Labels that are no classes' numbers.
    #[error("{name} has {found}; labels are whole numbers from 0 on, one for each image")]
    NoLabel {
        /// What the array is called.
        name: String,
        /// What is there.
        found: String,
    },
    /// More classes than can be told apart.
    #[error("it has {0} classes; at most {MOST_CLASSES} are taken")]
    Classes(usize),
    /// A label beyond the names.
    #[error("label {label} has no name: there are {names}, for 0 to {}", .names - 1)]
    Unnamed {
        /// The label.
        label: i64,
        /// How many names there are.
        names: usize,
    },
    /// A part is to be held out of images that have a held-out half.
    #[error("it has held-out images of its own; leave out --hold-out")]
    HeldOutAlready,
    /// Images of two halves where one heap is wanted.
    #[error(
        "it has images to train on and to hold out; name it with --data, and --split tells which"
    )]
    TwoHalves,
    /// Several data sets in one place.
    #[error("it holds {names}; name one of them, as {example}")]
    Several {
        /// What they are called.
        names: String,
        /// How one is named.
        example: String,
    },
    /// A picture that cannot be decoded.
    #[error("it is no whole picture ({0}); PNG and JPEG are read")]
    NoPicture(String),
    /// No picture of a folder can be decoded.
    #[error("none of its {files} pictures can be read; the first: {first}")]
    NoneReadable {
        /// How many there are.
        files: usize,
        /// Why the first cannot.
        first: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_image_and_one_label_are_told_as_one() {
        let apart = |images, labels| Unfit::Labels { images, labels }.to_string();
        assert!(apart(1, 2).starts_with("it has 1 image and 2 labels;"));
        assert!(apart(3, 1).starts_with("it has 3 images and 1 label;"));
    }
}
