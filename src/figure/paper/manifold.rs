//! What places of a plane decode to, as pictures in even steps.

use super::{
    COLUMN, MARGIN,
    axes::{Axis, Frame},
    enlarged,
    strips::Paint,
    titled,
};
use crate::{
    figure::{
        Drawing,
        drawing::{FINENESS, Picture},
    },
    image::ImageSize,
};

/// About a side of a picture, and the most beside each other.
const TILE: f32 = 14.0;
const LARGE: f32 = 24.0;
const MOST: usize = 24;
/// What the numbers at the axis up take at most.
const NUMBERS: f32 = 34.0;

/// Pictures of places.
#[derive(Debug, Clone)]
pub struct Manifold<'a> {
    /// What they are of.
    pub title: &'a str,
    /// What the axes are; that up is none's where there is one row.
    pub axes: [&'a str; 2],
    /// From the first picture's place to the last's, across and up.
    pub ends: [[f32; 2]; 2],
    /// Pictures beside each other, and over each other.
    pub grid: [usize; 2],
    /// Rows and columns of a picture.
    pub size: ImageSize,
    /// The pictures, row by row from the top, 0 to 1.
    pub pictures: &'a [Vec<f32>],
}

impl Manifold<'_> {
    /// Pictures of that size that fill a column, across and up.
    pub fn places(size: ImageSize) -> [usize; 2] {
        let fit = fitting(size, TILE);
        [fit(size.width), fit(size.height)]
    }

    /// Larger ones in one row.
    pub fn line(size: ImageSize) -> [usize; 2] {
        [fitting(size, LARGE)(size.width), 1]
    }

    /// Draws them.
    pub fn draw(&self) -> Drawing {
        let whole = self.whole();
        let scale = enlarged(whole.width, COLUMN - 2.0 * MARGIN - NUMBERS);
        let size = whole.size(scale);
        let (mut drawing, top) = titled(self.title, size[1] + Frame::below());
        let [across, up] = [0, 1].map(|side| self.axis(side));
        let mut frame = Frame::within([top, top + size[1] + Frame::below()], across, up);
        let fine = FINENESS as f32;
        frame.corner = frame.corner.map(|at| (at * fine).round() / fine);
        frame.size = size;
        drawing.picture(frame.corner, whole, scale);
        frame.draw(&mut drawing);
        drawing
    }

    /// A place is in the middle of its picture.
    fn axis(&self, side: usize) -> Axis {
        let ([low, high], count) = (self.ends[side].map(f64::from), self.grid[side]);
        if count < 2 {
            return Axis::names("", &[]);
        }
        let half = (high - low) / (count - 1) as f64 / 2.0;
        Axis::between(self.axes[side], [low - half, high + half], 6)
    }

    /// All pictures as one, without gutters.
    fn whole(&self) -> Picture {
        let [columns, rows] = self.grid;
        let ImageSize { height, width } = self.size;
        let mut pixels = vec![0.0; columns * width * rows * height];
        for (number, picture) in self.pictures.iter().enumerate() {
            let [left, top] = [number % columns * width, number / columns * height];
            for (row, values) in picture.chunks_exact(width).enumerate() {
                let start = (top + row) * columns * width + left;
                pixels[start..start + width].copy_from_slice(values);
            }
        }
        Paint::Made.picture(&pixels, columns * width)
    }
}

/// How many sides of pictures about that large fit beside each other.
fn fitting(size: ImageSize, tile: f32) -> impl Fn(usize) -> usize {
    let scale = enlarged(size.width.max(size.height), tile);
    let room = (COLUMN - 2.0 * MARGIN - NUMBERS) * FINENESS as f32;
    move |side| (room as usize / (side * scale)).clamp(2, MOST)
}
