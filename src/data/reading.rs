//! How images are to be read: what options say of pictures that are turned, inverted or of
//! another size, and of the images that are to be held out.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::{LARGEST_SIDE, SMALLEST_SIDE};
use crate::image::ImageSize;

/// The part that is held out of images that have no held-out half of their own.
pub const HELD_OUT: f64 = 0.1;

/// How images are to be read; by default, as they are.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reading {
    /// Make all of them this large.
    pub resize: Option<ImageSize>,
    /// Exchange rows and columns, before anything else.
    pub transpose: bool,
    /// Make black white and white black.
    pub invert: bool,
    /// Hold this part of each class out.
    pub hold_out: Option<f64>,
}

impl Reading {
    /// Whether each picture is taken as it is.
    pub fn leaves_pictures(&self) -> bool {
        self.resize.is_none() && !self.transpose && !self.invert
    }
}

impl fmt::Display for Reading {
    /// As the options that say it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = [
            self.transpose.then(|| "--transpose".to_owned()),
            self.invert.then(|| "--invert".to_owned()),
            self.resize.map(|size| match size {
                ImageSize { height, width } if height == width => format!("--resize {height}"),
                size => format!("--resize {size}"),
            }),
            self.hold_out.map(|part| format!("--hold-out {part}")),
        ];
        let options: Vec<String> = options.into_iter().flatten().collect();
        f.write_str(&options.join(" "))
    }
}

/// Words that name no size of images.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "a side from {SMALLEST_SIDE} to {LARGEST_SIDE}, or rows and columns with an x between, is needed, as in 28 or 20x28"
)]
pub struct NoSuchSize;

/// A size that images are to have: `28` or `20x28`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantedSize(pub ImageSize);

impl FromStr for WantedSize {
    type Err = NoSuchSize;

    fn from_str(words: &str) -> Result<Self, NoSuchSize> {
        let side = |words: &str| {
            let side: Option<usize> = words.trim().parse().ok();
            side.filter(|side| (SMALLEST_SIDE..=LARGEST_SIDE).contains(side))
                .ok_or(NoSuchSize)
        };
        let (height, width) = match words.split_once('x') {
            Some((height, width)) => (side(height)?, side(width)?),
            None => (side(words)?, side(words)?),
        };
        Ok(Self(ImageSize { height, width }))
    }
}

/// A part that may be held out: more than nothing, less than all.
///
/// # Errors
///
/// Which words are needed.
pub fn part(words: &str) -> Result<f64, String> {
    let part: Option<f64> = words.trim().parse().ok();
    part.filter(|part| *part > 0.0 && *part < 1.0)
        .ok_or_else(|| "a part between 0 and 1 is needed, as in 0.1".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_a_side_or_two() {
        let size = |height, width| Ok(WantedSize(ImageSize { height, width }));
        assert_eq!("28".parse(), size(28, 28));
        assert_eq!("20x28".parse(), size(20, 28));
        assert_eq!("8x64".parse(), size(8, 64));
        for wrong in [
            "", "7", "65", "28x", "x28", "28x28x1", "a", "-28", "28.0", "1e1",
        ] {
            assert_eq!(wrong.parse::<WantedSize>(), Err(NoSuchSize), "{wrong}");
        }
    }

    #[test]
    fn a_part_is_neither_nothing_nor_all() {
        assert_eq!(part("0.1"), Ok(0.1));
        for wrong in ["0", "1", "-0.1", "nan", "10%", ""] {
            part(wrong).unwrap_err();
        }
    }

    #[test]
    fn a_reading_is_told_as_its_options() {
        let all = Reading {
            resize: Some(ImageSize {
                height: 20,
                width: 28,
            }),
            transpose: true,
            invert: true,
            hold_out: Some(0.25),
        };
        assert_eq!(
            all.to_string(),
            "--transpose --invert --resize 20x28 --hold-out 0.25"
        );
        assert!(Reading::default().to_string().is_empty());
        assert!(Reading::default().leaves_pictures() && !all.leaves_pictures());
    }
}
