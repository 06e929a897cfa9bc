//! The four cuts of an image: how much of it is shown, and in how large a place.
//!
//! The ink of a handwritten digit fits a window of 20x20 of its 28x28 pixels, so cutting that
//! window loses no inked pixel. One window, chosen from the original, serves the original, its
//! reconstruction and their difference. Images of other sizes have no margin that is known, and
//! are shown whole; how they come to fit the place is for [`Fit`] to say.

use super::fit::{Crop, Fit, Image, Pixels};
use crate::image::ImageSize;

/// Pixels on a side of MNIST's images.
const SIDE: usize = ImageSize::MNIST.width;
/// Pixels on a side of the window that holds a digit's ink.
const INK_SIDE: usize = 20;

/// How much of a picture is shown, and how finely. A cell holds two pixels, one
/// over the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// All of it in 28x14 cells: of 28x28 each pixel.
    Full,
    /// In 20x10 cells, of 28x28 the 20x20 window of the ink; halved where the ink fills the frame.
    Ink,
    /// All of it in 14x7 cells: of 28x28 the 2x2 mean.
    Half,
    /// In 10x5 cells, of 28x28 the 2x2 mean of the 20x20 window.
    Thumb,
}

impl Cut {
    /// Every cut, largest first.
    pub const ALL: [Self; 4] = [Self::Full, Self::Ink, Self::Half, Self::Thumb];

    /// Cells across.
    pub const fn columns(self) -> u16 {
        match self {
            Self::Full => 28,
            Self::Ink => 20,
            Self::Half => 14,
            Self::Thumb => 10,
        }
    }

    /// Cells down.
    pub const fn rows(self) -> u16 {
        self.columns() / 2
    }

    /// The part of images of this size that is shown.
    pub fn crop(self, size: ImageSize, window: Window) -> Crop {
        let corner = match (self, window) {
            (Self::Ink, Window::Frame) | (Self::Full | Self::Half, _) => None,
            (Self::Ink | Self::Thumb, _) => (size == ImageSize::MNIST).then(|| window.corner()),
        };
        corner.map_or(Crop::whole(size), |from| Crop {
            from,
            size: ImageSize {
                height: INK_SIDE,
                width: INK_SIDE,
            },
        })
    }

    /// How images of this size are shown.
    pub fn fit(self, size: ImageSize, window: Window) -> Fit {
        Fit::within(self.crop(size, window), self.columns().into()).in_cells()
    }

    /// What this cut shows of an image.
    pub fn of(self, image: Image, window: Window) -> Pixels {
        let fit = self.fit(image.size, window);
        Pixels::fitted(fit, |x, y| fit.value(image, x, y))
    }

    /// What this cut shows of a reconstruction minus its original, -1 to 1.
    pub fn of_difference(self, original: Image, made: Image, window: Window) -> Pixels {
        let fit = self.fit(original.size, window);
        Pixels::fitted(fit, |x, y| {
            fit.value(made, x, y) - fit.value(original, x, y)
        })
    }
}

/// Where the ink of an image of MNIST's size is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// In the 20x20 pixels from this column and row.
    Ink {
        /// Its first column, at most 8.
        left: usize,
        /// Its first row, at most 8.
        top: usize,
    },
    /// All over the frame, as a shoe's is.
    Frame,
}

impl Window {
    /// The middle, where nothing is known of the ink.
    pub const MIDDLE: Self = Self::Ink {
        left: (SIDE - INK_SIDE) / 2,
        top: (SIDE - INK_SIDE) / 2,
    };

    /// The window for an original: centred on the box around its ink, moved
    /// inside the frame. No inked pixel (one above 0) is outside.
    pub fn around(original: Image) -> Self {
        if original.size != ImageSize::MNIST {
            return Self::Frame;
        }
        let inked = |x: usize, y: usize| original.at(x, y) > 0.0;
        let columns = span(|x| (0..SIDE).any(|y| inked(x, y)));
        let rows = span(|y| (0..SIDE).any(|x| inked(x, y)));
        match (columns.and_then(start), rows.and_then(start)) {
            (Some(left), Some(top)) => Self::Ink { left, top },
            _ if columns.is_none() => Self::MIDDLE,
            _ => Self::Frame,
        }
    }

    /// First column and row of the 20x20 pixels that a thumb shows.
    fn corner(self) -> [usize; 2] {
        match self {
            Self::Ink { left, top } => [left, top],
            Self::Frame => [(SIDE - INK_SIDE) / 2; 2],
        }
    }
}

/// First and last line that has ink.
fn span(inked: impl Fn(usize) -> bool) -> Option<(usize, usize)> {
    let first = (0..SIDE).find(|&line| inked(line))?;
    let last = (0..SIDE).rfind(|&line| inked(line))?;
    Some((first, last))
}

/// Where a window of 20 begins that has `first` to `last` in its middle, if it holds them.
fn start((first, last): (usize, usize)) -> Option<usize> {
    let around = INK_SIDE.checked_sub(last + 1 - first)?;
    Some(first.saturating_sub(around / 2).min(SIDE - INK_SIDE))
}

#[cfg(test)]
mod tests;
