//! The size of an image, the one thing that networks and data have to agree on.
//!
//! This module knows numbers of rows and columns, and neither pixels nor layers.

use std::fmt;

/// Rows and columns of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ImageSize {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl ImageSize {
    /// MNIST's.
    pub const MNIST: Self = Self {
        height: 28,
        width: 28,
    };

    /// So many pixels of which only the number is known: the square of them, if they
    /// are one, or a single row.
    pub fn of_pixels(pixels: usize) -> Self {
        let side = pixels.isqrt();
        let [height, width] = if side * side == pixels {
            [side, side]
        } else {
            [1, pixels]
        };
        Self { height, width }
    }

    /// Pixels, row by row from the top left.
    pub const fn pixels(self) -> usize {
        self.height.saturating_mul(self.width)
    }
}

impl fmt::Display for ImageSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.height, self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_without_a_shape_are_a_square_or_a_row() {
        assert_eq!(ImageSize::of_pixels(784), ImageSize::MNIST);
        let row = ImageSize::of_pixels(108);
        assert_eq!((row.to_string(), row.pixels()), ("1x108".into(), 108));
    }
}
