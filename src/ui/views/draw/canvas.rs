//! A canvas of grey pixels, as large as the images of the data, and the strokes on it.
//!
//! A stroke is anti-aliased, since the data's strokes are: a pixel gets as much ink as the pen
//! covers of it. Knows neither keys nor screens.

use crate::{data::spoil, image::ImageSize};

/// How broad the pen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::ui) enum Pen {
    /// One pixel, with hard edges.
    Pixel,
    /// Two pixels.
    #[default]
    Soft2,
    /// Three pixels.
    Soft3,
}

impl Pen {
    const ALL: [Self; 3] = [Self::Pixel, Self::Soft2, Self::Soft3];

    /// The one so much broader, as far as there is any.
    pub(super) fn broader(self, by: isize) -> Self {
        let here = Self::ALL.iter().position(|pen| *pen == self);
        let there = here.unwrap_or(0).saturating_add_signed(by);
        Self::ALL[there.min(Self::ALL.len() - 1)]
    }

    /// What it is called.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Pixel => "1 px",
            Self::Soft2 => "soft 2 px",
            Self::Soft3 => "soft 3 px",
        }
    }

    /// How much of a pixel it covers whose middle is that far from the middle of the stroke.
    fn covers(self, apart: f32) -> f32 {
        let radius = match self {
            Self::Pixel => return if apart < 0.5 { 1.0 } else { 0.0 },
            Self::Soft2 => 1.0,
            Self::Soft3 => 1.5,
        };
        (radius + 0.5 - apart).clamp(0.0, 1.0)
    }
}

/// What a stroke does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::ui) enum Tool {
    /// It draws.
    #[default]
    Pen,
    /// It takes away.
    Eraser,
}

/// A column and a row.
pub(super) type Place = [usize; 2];

/// Pixels from 0 to 1, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ui) struct Canvas {
    size: ImageSize,
    pixels: Vec<f32>,
}

impl Canvas {
    pub(super) fn empty(size: ImageSize) -> Self {
        let pixels = vec![0.0; size.pixels()];
        Self { size, pixels }
    }

    /// An image of the data.
    pub(super) fn of(size: ImageSize, bytes: &[u8]) -> Self {
        let pixels = bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect();
        Self { size, pixels }
    }

    pub(super) fn size(&self) -> ImageSize {
        self.size
    }

    pub(super) fn pixels(&self) -> &[f32] {
        &self.pixels
    }

    /// Draws from one pixel to another.
    pub(super) fn stroke(&mut self, tool: Tool, pen: Pen, [from, to]: [Place; 2]) {
        let width = self.size.width;
        for (place, pixel) in self.pixels.iter_mut().enumerate() {
            let apart = apart([place % width, place / width], from, to);
            let ink = pen.covers(apart);
            *pixel = match tool {
                Tool::Pen => pixel.max(ink),
                Tool::Eraser => pixel.min(1.0 - ink),
            };
        }
    }

    /// Moved by whole pixels so that its ink's centre of mass is in the middle, as MNIST's
    /// digits are: <https://yann.lecun.org/exdb/mnist/> says how they were made.
    pub(super) fn centred(&self) -> Self {
        let mass: f32 = self.pixels.iter().sum();
        if mass <= 0.0 {
            return self.clone();
        }
        let width = self.size.width;
        let moments = self.pixels.iter().enumerate().map(|(place, ink)| {
            let (x, y) = (place % width, place / width);
            [ink * (x as f32 + 0.5), ink * (y as f32 + 0.5)]
        });
        let sum = moments.fold([0.0, 0.0], |sum, of| [sum[0] + of[0], sum[1] + of[1]]);
        let middle = [width, self.size.height].map(|side| side as f32 / 2.0);
        let [right, down] = [0, 1].map(|axis| (middle[axis] - sum[axis] / mass).round() as i32);
        Self {
            size: self.size,
            pixels: spoil::shifted(&self.pixels, self.size, right, down),
        }
    }
}

/// How far the middle of a pixel is from the line between two.
fn apart(pixel: Place, from: Place, to: Place) -> f32 {
    let [pixel, from, to] = [pixel, from, to].map(|place| place.map(|side| side as f32));
    let along = [to[0] - from[0], to[1] - from[1]];
    let there = [pixel[0] - from[0], pixel[1] - from[1]];
    let length = along[0] * along[0] + along[1] * along[1];
    let part = if length > 0.0 {
        ((there[0] * along[0] + there[1] * along[1]) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (there[0] - part * along[0]).hypot(there[1] - part * along[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: ImageSize = ImageSize {
        height: 10,
        width: 12,
    };

    fn at(canvas: &Canvas, x: usize, y: usize) -> f32 {
        canvas.pixels[y * SIZE.width + x]
    }

    #[test]
    fn a_stroke_is_inked_along_its_line_and_soft_at_its_edges() {
        let mut canvas = Canvas::empty(SIZE);
        canvas.stroke(Tool::Pen, Pen::Soft2, [[2, 5], [8, 5]]);
        for x in 2..=8 {
            assert_eq!(at(&canvas, x, 5), 1.0);
            assert_eq!(at(&canvas, x, 4), 0.5);
            assert_eq!(at(&canvas, x, 6), 0.5);
            assert_eq!(at(&canvas, x, 3), 0.0);
        }
        let mut hard = Canvas::empty(SIZE);
        hard.stroke(Tool::Pen, Pen::Pixel, [[4, 4], [4, 4]]);
        assert_eq!(hard.pixels.iter().sum::<f32>(), 1.0);
        assert_eq!(at(&hard, 4, 4), 1.0);
    }

    #[test]
    fn an_eraser_takes_away_what_a_pen_of_its_breadth_drew() {
        let mut canvas = Canvas::empty(SIZE);
        canvas.stroke(Tool::Pen, Pen::Soft3, [[2, 2], [9, 7]]);
        canvas.stroke(Tool::Eraser, Pen::Soft3, [[2, 2], [9, 7]]);
        // The edge of half ink under half an eraser keeps what the eraser does not cover.
        assert!(canvas.pixels.iter().all(|&pixel| pixel <= 0.5));
        assert_eq!(at(&canvas, 2, 2), 0.0);
    }

    #[test]
    fn what_is_centred_has_its_mass_in_the_middle_and_keeps_its_ink() {
        let mut canvas = Canvas::empty(SIZE);
        canvas.stroke(Tool::Pen, Pen::Pixel, [[0, 0], [3, 0]]);
        canvas.stroke(Tool::Pen, Pen::Pixel, [[0, 1], [3, 1]]);
        let ink: f32 = canvas.pixels.iter().sum();
        let centred = canvas.centred();
        assert_eq!(centred.pixels.iter().sum::<f32>(), ink);
        assert_eq!(centred.centred(), centred);
        assert_ne!(centred, canvas);
        assert_eq!(Canvas::empty(SIZE).centred(), Canvas::empty(SIZE));
    }

    #[test]
    fn pens_have_two_ends() {
        assert_eq!(Pen::Pixel.broader(-1), Pen::Pixel);
        assert_eq!(Pen::Soft3.broader(1), Pen::Soft3);
        assert_eq!(Pen::Pixel.broader(1), Pen::Soft2);
    }
}
