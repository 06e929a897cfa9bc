//! A picture in half blocks: two exact pixels in every cell.
//!
//! With colours the upper pixel is the foreground of `▀` and the lower one its
//! background. Without, each cell gets the glyph that looks most like its two
//! pixels. In ASCII a cell shows the mean of the two.

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
    style::Color,
    widgets::Widget,
};

use super::{
    bitmap::Bitmap,
    cut::{Cut, Window},
    fine::Fine,
    fit::{Image, Pixels},
};
use crate::ui::theme::{Depth, Glyphs, Theme};

/// What a picture shows, which decides its colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Data, 0 to 1: tile to ink.
    Original,
    /// What the network made, 0 to 1: tile to net.
    Network,
    /// Reconstruction minus original, -1 to 1: lost and added.
    Difference,
}

/// A cut, drawn in the middle of its area.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    /// What the cut shows.
    pub pixels: &'a Pixels,
    /// What it means.
    pub paint: Paint,
    /// The colours.
    pub theme: Theme,
}

impl Widget for Picture<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let at = self.place(area);
        let clip = area.intersection(buf.area);
        for row in 0..at.height {
            for column in 0..at.width {
                let place = (at.x.saturating_add(column), at.y.saturating_add(row));
                if clip.contains(place.into()) {
                    let (x, y) = (usize::from(column), usize::from(2 * row));
                    let two = [self.pixels.at(x, y), self.pixels.at(x, y + 1)];
                    pair(&mut buf[place], two, self.paint, self.theme);
                }
            }
        }
    }
}

impl Picture<'_> {
    /// The cells that it takes in the middle of an area, whether or not that has them all.
    fn place(&self, area: Rect) -> Rect {
        let columns = self.pixels.columns() as u16;
        let rows = self.pixels.rows() as u16 / 2;
        Rect {
            x: area.x + area.width.saturating_sub(columns) / 2,
            y: area.y + area.height.saturating_sub(rows) / 2,
            width: columns,
            height: rows,
        }
    }

    /// Draws it, and declares a picture of so many columns and rows that shows the same.
    pub fn render_fine(
        self,
        fine: &Fine,
        (size, value): ([usize; 2], impl Fn(usize, usize) -> f32),
        area: Rect,
        buf: &mut Buffer,
    ) {
        self.render(area, buf);
        let place = self.place(area);
        if place.intersection(area) == place {
            let bitmap = || Bitmap::of(size, self.paint, self.theme, value);
            fine.declare(place, buf, bitmap);
        }
    }
}

/// A part of an image, drawn in the middle of its area; declared, it has all its pixels.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The image.
    pub image: Image<'a>,
    /// How much of it is shown.
    pub cut: Cut,
    /// Where its ink is.
    pub window: Window,
    /// What it means.
    pub paint: Paint,
    /// The colours.
    pub theme: Theme,
}

impl Part<'_> {
    /// Draws it.
    pub fn render(self, fine: &Fine, area: Rect, buf: &mut Buffer) {
        let Self {
            image, cut, window, ..
        } = self;
        let fit = cut.fit(image.size, window);
        Picture {
            pixels: &cut.of(image, window),
            paint: self.paint,
            theme: self.theme,
        }
        .render_fine(
            fine,
            (fit.fine_size(), |x, y| fit.fine_value(image, x, y)),
            area,
            buf,
        );
    }
}

/// Draws two pixels, one over the other, into a cell.
pub fn pair(cell: &mut Cell, pair: [f32; 2], paint: Paint, theme: Theme) {
    let mean = f32::midpoint(pair[0], pair[1]);
    match (theme.depth, theme.glyphs) {
        (Depth::None, glyphs) => cell.set_char(glyph(paint, pair, glyphs)),
        (_, Glyphs::Ascii) => cell.set_char(' ').set_bg(color(paint, mean, theme)),
        (_, Glyphs::Blocks) => {
            let [upper, lower] = pair.map(|value| color(paint, value, theme));
            cell.set_char('▀').set_fg(upper).set_bg(lower)
        }
    };
}

/// The colour of a value.
pub(super) fn color(paint: Paint, value: f32, theme: Theme) -> Color {
    match paint {
        Paint::Original => theme.original(value),
        Paint::Network => theme.network(value),
        Paint::Difference => theme.difference(value),
    }
}

/// The glyph of a cell's two values, where there are no colours.
pub(super) fn glyph(paint: Paint, pair: [f32; 2], glyphs: Glyphs) -> char {
    match (paint, glyphs) {
        (Paint::Difference, glyphs) => difference_glyph(pair, glyphs),
        (_, Glyphs::Blocks) => nearest_block(pair),
        (_, Glyphs::Ascii) => ascii_shade(f32::midpoint(pair[0], pair[1])),
    }
}

/// The glyphs of a cell without colour, and the values that each stands for in
/// its upper and lower half: fitted to the drawings of the design, where faint
/// ink shows and a stroke closes.
const BLOCKS: [(char, [f32; 2]); 7] = [
    (' ', [0.0, 0.0]),
    ('░', [0.18, 0.18]),
    ('▒', [0.42, 0.42]),
    ('▓', [0.8, 0.8]),
    ('█', [0.9, 0.9]),
    ('▀', [0.9, 0.0]),
    ('▄', [0.0, 0.9]),
];

/// The glyph whose ink differs least from two pixels, by the sum of squares.
fn nearest_block(pair: [f32; 2]) -> char {
    let apart = |ink: [f32; 2]| (ink[0] - pair[0]).powi(2) + (ink[1] - pair[1]).powi(2);
    let (glyph, _) = BLOCKS
        .into_iter()
        .min_by(|(_, one), (_, other)| apart(*one).total_cmp(&apart(*other)))
        .unwrap_or(BLOCKS[0]);
    glyph
}

/// Characters by the ink they put on a cell.
const ASCII: [char; 10] = [' ', '.', ':', '-', '=', '+', '*', '#', '%', '@'];

fn ascii_shade(value: f32) -> char {
    let last = ASCII.len() - 1;
    // A cast takes NaN to 0.
    ASCII[((value * last as f32).round() as usize).min(last)]
}

/// Above these, a difference gets the first, second and third glyph of its kind.
const DIFFERENCES: [f32; 3] = [0.1, 0.3, 0.6];

/// The larger difference of the two: their mean would hide a stroke that moved
/// by a pixel.
fn difference_glyph([upper, lower]: [f32; 2], glyphs: Glyphs) -> char {
    let larger = if upper.abs() >= lower.abs() {
        upper
    } else {
        lower
    };
    let kind = match (larger < 0.0, glyphs) {
        (true, Glyphs::Blocks) => [' ', '·', '-', '='],
        (true, Glyphs::Ascii) => [' ', '.', '-', '='],
        (false, _) => [' ', '+', '*', '#'],
    };
    let step = DIFFERENCES
        .iter()
        .filter(|&&cut| larger.abs() > cut)
        .count();
    kind[step]
}

#[cfg(test)]
mod tests;
