//! A sheet of pictures, ten beside each other, without a word.

use ndarray::ArrayView2;

use super::{
    layout,
    palette::{self, network, original},
};
use crate::{image::ImageSize, raster::Raster};

/// Pictures beside each other.
const COLUMNS: usize = 10;
/// Pixels between pictures and around all.
const GUTTER: usize = 8;

/// Pictures of one size.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// A row of pixels, 0 to 1, for each picture.
    pub images: ArrayView2<'a, f32>,
    /// Pixels in a line of a picture.
    pub width: usize,
    /// How many of them, the first, are real; the others were made by a network.
    pub real: usize,
}

impl Sheet<'_> {
    /// The bytes of a PNG file.
    pub fn png(&self) -> Vec<u8> {
        self.draw().png()
    }

    fn draw(&self) -> Raster {
        let count = self.images.nrows();
        let height = self.images.ncols() / self.width;
        let scale = layout::scale(ImageSize {
            height,
            width: self.width,
        });
        let (wide, high) = (self.width * scale, height * scale);
        let columns = count.min(COLUMNS);
        let size = [
            columns * (wide + GUTTER) + GUTTER,
            count.div_ceil(COLUMNS) * (high + GUTTER) + GUTTER,
        ];
        let mut raster = Raster::new(size, palette::PAGE);
        for (number, pixels) in self.images.rows().into_iter().enumerate() {
            let place = [
                GUTTER + number % COLUMNS * (wide + GUTTER),
                GUTTER + number / COLUMNS * (high + GUTTER),
            ];
            let color = if number < self.real {
                original
            } else {
                network
            };
            raster.picture(place, (&pixels.to_vec(), self.width), scale, color);
        }
        raster
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    /// Three pixels a side become 112, about.
    const SCALE: usize = 37;

    #[test]
    fn every_picture_stands_in_its_place_with_all_its_pixels() {
        let (width, count) = (3, 13);
        let value = |(image, pixel): (usize, usize)| ((image * 7 + pixel) % 10) as f32 / 9.0;
        let images = Array2::from_shape_fn((count, 6), value);
        let sheet = Sheet {
            images: images.view(),
            width,
            real: 2,
        };
        let raster = sheet.draw();
        for ((image, pixel), value) in images.indexed_iter() {
            let at = [
                GUTTER + image % 10 * (3 * SCALE + GUTTER) + pixel % width * SCALE,
                GUTTER + image / 10 * (2 * SCALE + GUTTER) + pixel / width * SCALE,
            ];
            for corner in [at, [at[0] + SCALE - 1, at[1] + SCALE - 1]] {
                let color = if image < 2 { original } else { network };
                assert_eq!(raster.at(corner), color(*value), "{image} {pixel}");
            }
        }
        let last = [
            raster.width() - 1,
            raster.pixels().len() / raster.width() - 1,
        ];
        assert_eq!(
            (raster.at([0, 0]), raster.at(last)),
            (palette::PAGE, palette::PAGE)
        );
    }
}
