//! A picture as it is wanted: turned, inverted, of another size.

use resize::{Pixel, Resizer, Type, formats, px};

use super::Reading;
use crate::image::ImageSize;

/// Prepares pictures of one size.
pub(super) struct Preparer {
    reading: Reading,
    from: ImageSize,
    /// To another size, if they are not of it.
    resizer: Option<Resizer<formats::Gray<u8, u8>>>,
}

impl Preparer {
    /// For pictures of this size.
    pub(super) fn new(from: ImageSize, reading: &Reading) -> Self {
        let turned = turned(from, reading);
        let to = reading.resize.filter(|to| *to != turned);
        let resizer = to.and_then(|to| {
            // Overlapping triangles; where pictures shrink they are as wide as a pixel of theirs,
            // so that nothing is passed over.
            let kind = Type::Triangle;
            let made = resize::new(
                turned.width,
                turned.height,
                to.width,
                to.height,
                Pixel::Gray8,
                kind,
            );
            made.ok()
        });
        Self {
            reading: *reading,
            from,
            resizer,
        }
    }

    /// The size of prepared pictures.
    pub(super) fn size(&self) -> ImageSize {
        self.reading
            .resize
            .unwrap_or_else(|| turned(self.from, &self.reading))
    }

    /// A picture, prepared.
    pub(super) fn picture(&mut self, picture: &[u8]) -> Vec<u8> {
        let mut picture = if self.reading.transpose {
            transposed(picture, self.from)
        } else {
            picture.to_vec()
        };
        if self.reading.invert {
            for pixel in &mut picture {
                *pixel = 255 - *pixel;
            }
        }
        let Some(resizer) = &mut self.resizer else {
            return picture;
        };
        let from: Vec<px::Gray<u8>> = picture.into_iter().map(px::Gray::new).collect();
        let mut to = vec![px::Gray::new(0); self.reading.resize.map_or(0, ImageSize::pixels)];
        resizer
            .resize(&from, &mut to)
            .expect("both sizes are those it was made for");
        to.into_iter().map(px::Gray::value).collect()
    }
}

fn turned(size: ImageSize, reading: &Reading) -> ImageSize {
    let ImageSize { height, width } = size;
    if reading.transpose {
        ImageSize {
            height: width,
            width: height,
        }
    } else {
        size
    }
}

/// Columns as rows.
fn transposed(picture: &[u8], size: ImageSize) -> Vec<u8> {
    let columns = (0..size.width).flat_map(|x| (0..size.height).map(move |y| (x, y)));
    columns.map(|(x, y)| picture[y * size.width + x]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(
        picture: &[u8],
        height: usize,
        width: usize,
        reading: Reading,
    ) -> (ImageSize, Vec<u8>) {
        let mut preparer = Preparer::new(ImageSize { height, width }, &reading);
        (preparer.size(), preparer.picture(picture))
    }

    #[test]
    fn a_picture_is_turned_and_inverted() {
        let reading = Reading {
            transpose: true,
            invert: true,
            ..Reading::default()
        };
        let (size, picture) = prepared(&[0, 1, 2, 3, 4, 5], 2, 3, reading);
        assert_eq!((size.height, size.width), (3, 2));
        assert_eq!(picture, [255, 252, 254, 251, 253, 250]);
        let (same, as_it_is) = prepared(&[7, 9], 1, 2, Reading::default());
        assert_eq!((same.to_string(), as_it_is), ("1x2".into(), vec![7, 9]));
    }

    fn to(height: usize, width: usize) -> Reading {
        Reading {
            resize: Some(ImageSize { height, width }),
            ..Reading::default()
        }
    }

    #[test]
    fn a_picture_that_shrinks_passes_over_no_line_and_keeps_its_mean() {
        // White lines one pixel wide, 16 apart: a sample here and there would miss them.
        let lines: Vec<u8> = (0..64 * 64)
            .map(|n| if n % 16 == 5 { 255 } else { 0 })
            .collect();
        let (size, small) = prepared(&lines, 64, 64, to(8, 8));
        assert_eq!(size.to_string(), "8x8");
        let mean =
            |pixels: &[u8]| pixels.iter().map(|&p| f64::from(p)).sum::<f64>() / pixels.len() as f64;
        // Rounding each pixel to a whole byte, and what lies beyond the border.
        assert!(
            (mean(&small) - mean(&lines)).abs() < 1.5,
            "{} {}",
            mean(&small),
            mean(&lines)
        );
        let (_, grey) = prepared(&[99; 20 * 30], 20, 30, to(28, 28));
        assert_eq!(grey, [99; 784]);
    }

    #[test]
    fn a_picture_that_grows_keeps_where_its_light_is() {
        let mut dot = vec![0; 64];
        dot[2 * 8 + 5] = 255;
        let (_, large) = prepared(&dot, 8, 8, to(32, 64));
        let brightest = (0..large.len()).max_by_key(|&n| large[n]).unwrap();
        let (y, x) = (brightest / 64, brightest % 64);
        assert!((8..12).contains(&y) && (40..48).contains(&x), "{y} {x}");
    }
}
