//! Pixels in rows: what figures and pictures of the screen are drawn on, and written as a PNG.
//! It knows colours and letters; it may not know what they stand for.

use std::convert::Infallible;

use embedded_graphics::{
    Pixel,
    draw_target::DrawTarget,
    geometry::{OriginDimensions, Point, Size},
    image::GetPixel,
    mono_font::{MonoFont, MonoTextStyle, ascii::FONT_10X20, iso_8859_1, iso_8859_7},
    pixelcolor::{BinaryColor, Rgb888, RgbColor},
    prelude::Drawable,
    text::{Baseline, Text},
};

/// Red, green, blue.
pub type Rgb = [u8; 3];

const FONT: &MonoFont = &FONT_10X20;
/// The width of a letter.
pub const GLYPH: usize = 10;
/// The height of a line of text.
pub const LINE: usize = 20;

/// Whether a letter has ink at a column and a row of its cell, if there is such a letter: all
/// of Latin-1 are there, and the Greek ones.
pub fn letter(character: char, [x, y]: [usize; 2]) -> Option<bool> {
    let font = match character {
        ' '..='~' | '\u{a0}'..='ÿ' => &iso_8859_1::FONT_10X20,
        'Α'..='ω' => &iso_8859_7::FONT_10X20,
        _ => return None,
    };
    let place = font.glyph_mapping.index(character);
    let in_row = font.image.size().width as usize / GLYPH;
    let corner = [place % in_row * GLYPH, place / in_row * LINE];
    let point = Point::new((corner[0] + x) as i32, (corner[1] + y) as i32);
    Some(font.image.pixel(point) == Some(BinaryColor::On))
}

/// A picture in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    width: usize,
    pixels: Vec<Rgb>,
}

impl Raster {
    /// A page of one colour.
    pub fn new([width, height]: [usize; 2], page: Rgb) -> Self {
        Self {
            width,
            pixels: vec![page; width * height],
        }
    }

    /// Columns of pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The pixels, row by row.
    pub fn pixels(&self) -> &[Rgb] {
        &self.pixels
    }

    /// The colour at a column and a row.
    ///
    /// # Panics
    ///
    /// When there is no such row.
    pub fn at(&self, [x, y]: [usize; 2]) -> Rgb {
        self.pixels[y * self.width + x]
    }

    /// Colours a pixel; what would fall off the page is dropped.
    pub fn set(&mut self, [x, y]: [usize; 2], color: Rgb) {
        if x < self.width
            && let Some(pixel) = self.pixels.get_mut(y * self.width + x)
        {
            *pixel = color;
        }
    }

    /// An image enlarged pixel by pixel, from its top left corner.
    pub fn picture(
        &mut self,
        [left, top]: [usize; 2],
        (pixels, side): (&[f32], usize),
        scale: usize,
        color: impl Fn(f32) -> Rgb,
    ) {
        for (row, values) in pixels.chunks_exact(side).enumerate() {
            for (column, value) in values.iter().enumerate() {
                let x = left + column * scale;
                for y in (top + row * scale..).take(scale) {
                    self.pixels[y * self.width + x..][..scale].fill(color(*value));
                }
            }
        }
    }

    /// Words from their top left corner.
    pub fn text(&mut self, [left, top]: [usize; 2], words: &str, [r, g, b]: Rgb) {
        let style = MonoTextStyle::new(FONT, Rgb888::new(r, g, b));
        let corner = Point::new(left as i32, top as i32);
        let Ok(_) = Text::with_baseline(words, corner, style, Baseline::Top).draw(self);
    }

    /// Words of several colours beside each other, around the middle of their top edge.
    pub fn text_centred(&mut self, [middle, top]: [usize; 2], words: &[(&str, Rgb)]) {
        let width = |words: &str| words.chars().count() * GLYPH;
        let whole: usize = words.iter().map(|(words, _)| width(words)).sum();
        let mut left = middle - whole / 2;
        for (words, color) in words {
            self.text([left, top], words, *color);
            left += width(words);
        }
    }

    /// The bytes of a PNG file.
    ///
    /// # Panics
    ///
    /// When there is no memory for them.
    pub fn png(&self) -> Vec<u8> {
        self.written(|_| {})
    }

    /// The same of a figure that is printed with so many pixels to the inch, and says who drew it.
    ///
    /// # Panics
    ///
    /// When there is no memory for them.
    pub fn png_for_print(&self, to_the_inch: u32) -> Vec<u8> {
        let to_the_metre = (f64::from(to_the_inch) / 0.0254).round() as u32;
        self.written(|encoder| {
            encoder.set_pixel_dims(Some(png::PixelDimensions {
                xppu: to_the_metre,
                yppu: to_the_metre,
                unit: png::Unit::Meter,
            }));
            encoder
                .add_text_chunk("Software".into(), "ae-tui".into())
                .expect("a keyword of letters");
        })
    }

    fn written(&self, more: impl FnOnce(&mut png::Encoder<&mut Vec<u8>>)) -> Vec<u8> {
        let mut bytes = Vec::new();
        let height = self.pixels.len() / self.width;
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        // Enlarged pixels repeat as they are; differences between them do not.
        encoder.set_filter(png::Filter::NoFilter);
        more(&mut encoder);
        encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(self.pixels.as_flattened()))
            .expect("pixels of the size told, and memory takes what is written");
        bytes
    }
}

impl OriginDimensions for Raster {
    fn size(&self) -> Size {
        Size::new(self.width as u32, (self.pixels.len() / self.width) as u32)
    }
}

/// What draws text draws it through this; what would fall off the page is dropped.
impl DrawTarget for Raster {
    type Color = Rgb888;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<Rgb888>>>(
        &mut self,
        pixels: I,
    ) -> Result<(), Infallible> {
        for Pixel(Point { x, y }, color) in pixels {
            let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
                continue;
            };
            self.set([x, y], [color.r(), color.g(), color.b()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Rgb = [1, 2, 3];
    const IMAGE_SIDE: usize = 28;
    const SCALE: usize = 3;
    const INK: Rgb = [200, 100, 50];

    #[test]
    fn a_picture_is_enlarged_without_blur_and_touches_nothing_else() {
        let side = IMAGE_SIDE * SCALE;
        let mut raster = Raster::new([side + 5, side + 9], PAGE);
        let pixels: Vec<f32> = (0..IMAGE_SIDE * IMAGE_SIDE).map(|n| n as f32).collect();
        raster.picture([3, 7], (&pixels, IMAGE_SIDE), SCALE, |n| {
            [(n as usize / 28) as u8, (n as usize % 28) as u8, 9]
        });
        for y in 0..side + 9 {
            for x in 0..side + 5 {
                let inside = (3..3 + side).contains(&x) && (7..7 + side).contains(&y);
                let expected = if inside {
                    [((y - 7) / SCALE) as u8, ((x - 3) / SCALE) as u8, 9]
                } else {
                    PAGE
                };
                assert_eq!(raster.at([x, y]), expected, "{x}, {y}");
            }
        }
    }

    /// The columns and rows that words have coloured.
    fn inked(raster: &Raster, color: Rgb) -> Vec<(usize, usize)> {
        let pixels = raster.pixels.iter().enumerate();
        pixels
            .filter(|(_, pixel)| **pixel == color)
            .map(|(place, _)| (place % raster.width, place / raster.width))
            .collect()
    }

    #[test]
    fn letters_stay_in_their_cells() {
        let mut raster = Raster::new([60, 40], PAGE);
        raster.text([10, 10], "8", INK);
        let inked = inked(&raster, INK);
        assert!(inked.len() > 20, "an 8 is made of more than a few pixels");
        for (x, y) in inked {
            assert!(
                (10..10 + GLYPH).contains(&x) && (10..10 + LINE).contains(&y),
                "{x}, {y}"
            );
        }
    }

    #[test]
    fn centred_words_have_their_middle_where_it_was_asked_for() {
        let mut raster = Raster::new([80, 20], PAGE);
        raster.text_centred([40, 0], &[("HH", INK), ("H", [9; 3])]);
        let ends = |color| {
            let columns: Vec<usize> = inked(&raster, color).iter().map(|(x, _)| *x).collect();
            (columns.iter().min().copied(), columns.iter().max().copied())
        };
        let (Some(left), _) = ends(INK) else {
            panic!("nothing in the first colour")
        };
        let (Some(third), Some(right)) = ends([9; 3]) else {
            panic!("nothing in the second")
        };
        assert_eq!(third - left, 2 * GLYPH, "an H starts alike in every cell");
        // An H leaves as much room at its left as at its right, give or take a column.
        assert!((left + right).abs_diff(2 * 40) <= 2, "{left} to {right}");
    }

    #[test]
    fn words_that_reach_over_the_edge_are_cut_off_there() {
        let mut raster = Raster::new([25, 15], PAGE);
        raster.text([18, 2], "WWW", INK);
        raster.text([0, 12], "W", INK);
        assert!(
            inked(&raster, INK)
                .iter()
                .all(|(x, y)| *x >= 18 || (*x < GLYPH && *y >= 12))
        );
    }

    #[test]
    fn a_png_holds_the_very_pixels() {
        let mut raster = Raster::new([37, 23], PAGE);
        raster.text([1, 1], "ae", INK);
        let png = raster.png();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&png))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (37, 23));
        assert_eq!(info.color_type, png::ColorType::Rgb);
        assert_eq!(pixels, raster.pixels.as_flattened());
    }
}
