//! The four cuts of a 28x28 picture, and no other scaling.
//!
//! A cut averages first; whatever quantises comes after. The ink of a
//! handwritten digit fits a window of 20x20, so cutting that window loses no
//! inked pixel. One window, chosen from the original, serves the original, its
//! reconstruction and their difference.

use crate::image::ImageSize;

/// Pixels on a side of a whole picture.
pub const SIDE: usize = 28;
/// Pixels on a side of the window that holds a digit's ink.
const INK_SIDE: usize = 20;

/// How much of a picture is shown, and how finely. A cell holds two pixels, one
/// over the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// All 28x28 pixels in 28x14 cells.
    Full,
    /// The 20x20 window of the ink in 20x10 cells; *half* where the ink fills the frame.
    Ink,
    /// The 2x2 mean of the whole in 14x7 cells.
    Half,
    /// The 2x2 mean of the 20x20 window in 10x5 cells.
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

    /// The part of `picture` (784 values, row by row) that this cut shows. A
    /// picture that is too short is continued with zeros.
    pub fn of(self, picture: &[f32], window: Window) -> Pixels {
        match (self, window) {
            (Self::Full, _) => Pixels::gather(SIDE, |x, y| value(picture, x, y)),
            (Self::Half, _) | (Self::Ink, Window::Frame) => {
                Pixels::gather(SIDE / 2, |x, y| mean(picture, 2 * x, 2 * y))
            }
            (Self::Ink, Window::Ink { left, top }) => {
                Pixels::gather(INK_SIDE, |x, y| value(picture, left + x, top + y))
            }
            (Self::Thumb, _) => {
                let (left, top) = window.corner();
                Pixels::gather(INK_SIDE / 2, |x, y| {
                    mean(picture, left + 2 * x, top + 2 * y)
                })
            }
        }
    }

    /// Where the part of a picture begins that this cut shows, and its pixels on a side before
    /// any are averaged.
    pub fn part(self, window: Window) -> ([usize; 2], usize) {
        match (self, window) {
            (Self::Full | Self::Half, _) | (Self::Ink, Window::Frame) => ([0, 0], SIDE),
            (Self::Ink | Self::Thumb, _) => {
                let (left, top) = window.corner();
                ([left, top], INK_SIDE)
            }
        }
    }

    /// What this cut shows of a reconstruction minus its original, -1 to 1.
    pub fn of_difference(self, original: &[f32], made: &[f32], window: Window) -> Pixels {
        let (original, made) = (self.of(original, window), self.of(made, window));
        Pixels::gather(made.side, |x, y| made.at(x, y) - original.at(x, y))
    }
}

/// Where a picture's ink is.
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
    /// The window for an original: centred on the box around its ink, moved
    /// inside the frame. No inked pixel (one above 0) is outside.
    pub fn around(original: &[f32]) -> Self {
        let inked = |x: usize, y: usize| value(original, x, y) > 0.0;
        let columns = span(|x| (0..SIDE).any(|y| inked(x, y)));
        let rows = span(|y| (0..SIDE).any(|x| inked(x, y)));
        match (columns.and_then(start), rows.and_then(start)) {
            (Some(left), Some(top)) => Self::Ink { left, top },
            _ if columns.is_none() => {
                let (left, top) = Self::Frame.corner();
                Self::Ink { left, top }
            }
            _ => Self::Frame,
        }
    }

    /// First column and row of the 20x20 pixels that a thumb shows.
    fn corner(self) -> (usize, usize) {
        match self {
            Self::Ink { left, top } => (left, top),
            Self::Frame => ((SIDE - INK_SIDE) / 2, (SIDE - INK_SIDE) / 2),
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

fn value(picture: &[f32], x: usize, y: usize) -> f32 {
    picture.get(y * SIDE + x).copied().unwrap_or(0.0)
}

fn mean(picture: &[f32], x: usize, y: usize) -> f32 {
    let sum = value(picture, x, y)
        + value(picture, x + 1, y)
        + value(picture, x, y + 1)
        + value(picture, x + 1, y + 1);
    sum / 4.0
}

/// What a cut shows: a square of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Pixels {
    side: usize,
    values: [f32; SIDE * SIDE],
}

impl Pixels {
    fn gather(side: usize, value: impl Fn(usize, usize) -> f32) -> Self {
        let mut values = [0.0; SIDE * SIDE];
        for y in 0..side {
            for x in 0..side {
                values[y * side + x] = value(x, y);
            }
        }
        Self { side, values }
    }

    /// A small map of values, row by row, each magnified to `scale` by `scale`
    /// pixels; what is more than a picture has room for is left out.
    pub fn magnified(values: &[f32], size: ImageSize, scale: usize) -> Self {
        let ImageSize { height, width } = size;
        let side = height.max(width).min(SIDE) * scale;
        // A cell holds two pixels, one over the other.
        let shown = side.next_multiple_of(2).min(SIDE);
        Self::gather(shown, |x, y| {
            let (x, y) = (x / scale, y / scale);
            if x < width && y < height {
                values.get(y * width + x).copied().unwrap_or(0.0)
            } else {
                0.0
            }
        })
    }

    /// Pixels on a side: 28 at most, and even.
    pub fn side(&self) -> usize {
        self.side
    }

    /// The value at a column and row below `side`.
    pub fn at(&self, x: usize, y: usize) -> f32 {
        self.values[y * self.side + x]
    }
}

#[cfg(test)]
mod tests;
