//! A picture in colours from a list, pixel by pixel: what a terminal's own graphics are made of.
//!
//! Values become one of 247 levels, of which each colour is made once; the middle one is
//! exactly nothing where they run from -1 to 1. It knows no terminal.

use ratatui::style::Color;

use super::picture::{Paint, color};
use crate::{
    raster::Rgb,
    ui::theme::{Depth, Theme},
};

/// As many levels as leave room for marks among the 256 colours of a list.
const LEVELS: usize = 247;

/// Pixels that are places in a list of colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: usize,
    colors: Vec<Rgb>,
    pixels: Vec<u8>,
}

impl Bitmap {
    /// Values by column and row, in the theme's colours for them.
    pub fn of(
        [width, height]: [usize; 2],
        paint: Paint,
        theme: Theme,
        value: impl Fn(usize, usize) -> f32,
    ) -> Self {
        let mut colors = Vec::new();
        let mut places = [None; LEVELS];
        let mut pixels = Vec::with_capacity(width * height);
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            let level = level(paint, value(x, y));
            let place = *places[level].get_or_insert_with(|| {
                colors.push(full_color(color(
                    paint,
                    value_of(paint, level),
                    in_full(theme),
                )));
                (colors.len() - 1) as u8
            });
            pixels.push(place);
        }
        Self {
            width,
            colors,
            pixels,
        }
    }

    /// Gives a pixel another colour; what is not on the picture is dropped. Of marks there may
    /// be nine colours.
    pub fn mark(&mut self, [x, y]: [usize; 2], color: Color) {
        let color = full_color(color);
        let known = self.colors.iter().position(|&known| known == color);
        let place = u8::try_from(known.unwrap_or(self.colors.len()));
        let pixel = self.pixels.get_mut(y * self.width + x);
        let (Ok(place), Some(pixel), true) = (place, pixel, x < self.width) else {
            return;
        };
        *pixel = place;
        if known.is_none() {
            self.colors.push(color);
        }
    }

    /// Columns and rows.
    pub fn size(&self) -> [usize; 2] {
        [self.width, self.pixels.len() / self.width.max(1)]
    }

    /// The list of its colours.
    pub fn colors(&self) -> &[Rgb] {
        &self.colors
    }

    /// Places in the list, row by row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The same picture with another number of pixels, each of which is one of the old.
    #[must_use]
    pub fn scaled(&self, [width, height]: [usize; 2]) -> Self {
        let [columns, rows] = self.size();
        let from: Vec<usize> = (0..width).map(|x| x * columns / width).collect();
        let mut pixels = Vec::with_capacity(width * height);
        let mut before = None;
        for y in 0..height {
            let row = y * rows / height;
            if before == Some(row) {
                pixels.extend_from_within(pixels.len() - width..);
            } else {
                let own = &self.pixels[row * columns..][..columns];
                pixels.extend(from.iter().map(|x| own[*x]));
            }
            before = Some(row);
        }
        Self {
            width,
            colors: self.colors.clone(),
            pixels,
        }
    }
}

/// Where a value lies among the levels. A cast takes NaN to 0.
fn level(paint: Paint, value: f32) -> usize {
    let part = match paint {
        Paint::Difference => f32::midpoint(value, 1.0),
        Paint::Original | Paint::Network => value,
    };
    ((part * (LEVELS - 1) as f32).round() as usize).min(LEVELS - 1)
}

/// The value that a level stands for.
fn value_of(paint: Paint, level: usize) -> f32 {
    let part = level as f32 / (LEVELS - 1) as f32;
    match paint {
        Paint::Difference => 2.0 * part - 1.0,
        Paint::Original | Paint::Network => part,
    }
}

/// Pictures have all colours, however few its letters have.
pub(in crate::ui) fn in_full(theme: Theme) -> Theme {
    Theme {
        depth: Depth::True,
        ..theme
    }
}

/// In full the theme has no other colours than these.
fn full_color(color: Color) -> Rgb {
    match color {
        Color::Rgb(red, green, blue) => [red, green, blue],
        _ => [0; 3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Glyphs, Tone};

    const THEME: Theme = Theme {
        depth: Depth::Indexed,
        tone: Tone::Dark,
        glyphs: Glyphs::Blocks,
    };

    fn color_at(bitmap: &Bitmap, [x, y]: [usize; 2]) -> Rgb {
        let place = bitmap.pixels()[y * bitmap.size()[0] + x];
        bitmap.colors()[usize::from(place)]
    }

    #[test]
    fn a_value_has_the_full_colour_of_its_paint_to_a_level() {
        let values = [-1.0, -0.5, 0.0, 0.3, 0.75, 1.0, 2.0, f32::NAN];
        for paint in [Paint::Original, Paint::Network, Paint::Difference] {
            let bitmap = Bitmap::of([values.len(), 1], paint, THEME, |x, _| values[x]);
            for (x, value) in values.into_iter().enumerate() {
                // Not a number is drawn as the least there is.
                let value = if value.is_nan() && paint == Paint::Difference {
                    -1.0
                } else {
                    value
                };
                let exact = full_color(color(paint, value, in_full(THEME)));
                let apart = exact
                    .iter()
                    .zip(color_at(&bitmap, [x, 0]))
                    .map(|(exact, drawn)| exact.abs_diff(drawn))
                    .max();
                // Half a level is one part in 492; the steepest ramp, of a difference near
                // nothing, rises by a hundredth of it there, and that is not quite 3 of 255.
                assert!(apart <= Some(3), "{paint:?} {value}: off by {apart:?}");
            }
        }
        let nothing = Bitmap::of([1, 1], Paint::Difference, THEME, |_, _| 0.0);
        let tile = Bitmap::of([1, 1], Paint::Original, THEME, |_, _| 0.0);
        assert_eq!(nothing.colors(), tile.colors());
    }

    #[test]
    fn scaled_up_each_pixel_is_a_square_of_its_own_colour() {
        let bitmap = Bitmap::of([3, 2], Paint::Original, THEME, |x, y| {
            (3 * y + x) as f32 / 5.0
        });
        let scaled = bitmap.scaled([12, 8]);
        assert_eq!(scaled.size(), [12, 8]);
        for y in 0..8 {
            for x in 0..12 {
                let own = color_at(&bitmap, [x / 4, y / 4]);
                assert_eq!(color_at(&scaled, [x, y]), own);
            }
        }
        // Where squares are no whole numbers of pixels, they differ by one.
        let uneven = bitmap.scaled([10, 5]);
        let ends: Vec<u8> = uneven.pixels()[..10].to_vec();
        assert_eq!(ends, [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
    }

    #[test]
    fn a_mark_has_its_own_colour_and_falls_off_the_edge() {
        let mut bitmap = Bitmap::of([2, 2], Paint::Original, THEME, |_, _| 0.0);
        let red = Color::Rgb(255, 0, 0);
        for place in [[1, 0], [2, 0], [0, 2], [9, 9]] {
            bitmap.mark(place, red);
        }
        assert_eq!(bitmap.pixels(), [0, 1, 0, 0]);
        assert_eq!(bitmap.colors()[1], [255, 0, 0]);
    }
}
