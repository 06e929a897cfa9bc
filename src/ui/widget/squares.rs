//! Images of one size beside and over one another, as one picture: each in a square of its own.

use super::fit::{Crop, Fit, Image};
use crate::image::ImageSize;

/// How they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Squares {
    fit: Fit,
    side: usize,
    /// Where an image begins in its square: it stands in the middle.
    from: [usize; 2],
    /// Pixels on a side of a pixel in a picture that has all of them.
    times: usize,
}

impl Squares {
    /// Images of this size in squares of so many pixels on a side.
    pub fn new(size: ImageSize, side: usize) -> Self {
        let side = side.max(1);
        let fit = Fit::within(Crop::whole(size), side);
        let shown = [fit.columns(), fit.rows()];
        let times = [
            size.width.div_ceil(shown[0]),
            size.height.div_ceil(shown[1]),
        ];
        Self {
            fit,
            side,
            from: shown.map(|shown| (side - shown) / 2),
            times: times[0].max(times[1]).max(1),
        }
    }

    /// Pixels on a side of a square that has all of its image's pixels.
    pub fn fine_side(&self) -> usize {
        self.side * self.times
    }

    /// Pixels on a side of a pixel there.
    pub fn times(&self) -> usize {
        self.times
    }

    /// The column and row of the square that a pixel belongs to.
    pub fn square(&self, x: usize, y: usize) -> [usize; 2] {
        [x / self.side, y / self.side]
    }

    /// The same of a pixel where images have all of theirs.
    pub fn fine_square(&self, x: usize, y: usize) -> [usize; 2] {
        [x / self.fine_side(), y / self.fine_side()]
    }

    /// What a pixel shows of the image in its square.
    pub fn value(&self, image: Image, x: usize, y: usize) -> f32 {
        let [left, top] = self.from;
        match (
            (x % self.side).checked_sub(left),
            (y % self.side).checked_sub(top),
        ) {
            (Some(x), Some(y)) => self.fit.value(image, x, y),
            _ => 0.0,
        }
    }

    /// The same of a pixel where images have all of theirs.
    pub fn fine_value(&self, image: Image, x: usize, y: usize) -> f32 {
        let place = |at: usize, from: usize, shown: usize, own: usize| {
            let within = (at % self.fine_side()).checked_sub(from * self.times)?;
            let pixel = within * own / (shown * self.times);
            (pixel < own).then_some(pixel)
        };
        let ImageSize { height, width } = image.size;
        let x = place(x, self.from[0], self.fit.columns(), width);
        let y = place(y, self.from[1], self.fit.rows(), height);
        x.zip(y).map_or(0.0, |(x, y)| image.at(x, y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value_of(x: usize, y: usize, width: usize) -> f32 {
        (y * width + x) as f32
    }

    #[test]
    fn images_of_28_stand_without_a_margin_and_finely_pixel_for_pixel() {
        let values: Vec<f32> = (0..784).map(|place| place as f32).collect();
        let image = Image {
            size: ImageSize::MNIST,
            values: &values,
        };
        for side in [7, 14] {
            let squares = Squares::new(image.size, side);
            assert_eq!((squares.fine_side(), squares.times()), (28, 28 / side));
            assert_eq!(squares.square(side, 3 * side - 1), [1, 2]);
            assert_eq!(squares.fine_square(28, 83), [1, 2]);
            let apart = |x: usize, y: usize| {
                let finely = squares.fine_value(image, 28 + x, 56 + y);
                (finely - value_of(x, y, 28)).abs()
            };
            assert!((0..784).all(|place| apart(place % 28, place / 28) < f32::EPSILON));
            // A mean of values in even steps is that of its ends.
            let ends = f32::midpoint(
                value_of(0, 0, 28),
                value_of(28 / side - 1, 28 / side - 1, 28),
            );
            assert!((squares.value(image, side, side) - ends).abs() < 1e-3);
        }
    }

    #[test]
    fn what_is_no_square_stands_in_the_middle_of_one() {
        let size = ImageSize {
            height: 4,
            width: 8,
        };
        let image = Image {
            size,
            values: &[1.0; 32],
        };
        for (side, columns, rows) in [(8, 0..8, 2..6), (16, 0..16, 4..12), (4, 0..4, 1..3)] {
            let squares = Squares::new(size, side);
            for (x, y) in (0..side).flat_map(|y| (0..side).map(move |x| (x, y))) {
                let inked = columns.contains(&x) && rows.contains(&y);
                let expected = if inked { 1.0 } else { 0.0 };
                let times = squares.times();
                let shown = [
                    squares.value(image, side + x, y),
                    squares.fine_value(image, times * x, times * y),
                ];
                assert_eq!(shown.map(f32::round), [expected; 2], "{side} {x} {y}");
            }
        }
    }
}
