//! Circles of one, two and three standard deviations around the middle of the
//! standard normal distribution, which a variational code is held to.
//!
//! They lie under the images: only cells without any show them. On axes that
//! bend they are no circles any more, but they stand where their values do.

use std::{cmp::Ordering, f32::consts::TAU};

use ratatui::{buffer::Buffer, layout::Rect};

use super::{LatentMap, axis::Axis, cells::BRAILLE, set_char};
use crate::ui::theme::{Depth, Glyphs};

/// The dots of a cell's top row, and of its bottom row.
const HIGH: u8 = BRAILLE[0][0] | BRAILLE[0][1];
const LOW: u8 = BRAILLE[3][0] | BRAILLE[3][1];

const RADII: [u8; 3] = [1, 2, 3];
/// Points of a circle: more than the dots around the largest screen.
const POINTS: u16 = 2048;
/// Where a circle's number may stand, in eighths of a turn from the right, the
/// most wanted first: below, above, left, right, then between.
const LABEL_EIGHTHS: [u8; 8] = [6, 2, 4, 0, 5, 7, 3, 1];

/// Draws the circles, each with its number where one of its places is free.
pub(super) fn circles(map: &LatentMap, plot: Rect, marker: Option<Rect>, buf: &mut Buffer) {
    let axes = map.cells.axes();
    let (Some(middle), Some(x), Some(y)) = (map.prior, axes.x(), axes.y()) else {
        return;
    };
    let circles = Circles { middle, x, y };
    let (columns, rows) = map.cells.size();
    let (columns, rows) = (columns.min(plot.width), rows.min(plot.height));
    let at = |column: u16, row: u16| (plot.x.saturating_add(column), plot.y.saturating_add(row));
    let is_free = |column: u16, row: u16| {
        let place = at(column, row).into();
        let is_empty = map
            .cells
            .halves(column, row)
            .iter()
            .all(|half| half.iter().all(|&images| images == 0));
        is_empty && !marker.is_some_and(|marker| marker.contains(place))
    };
    let mut dots = vec![0_u8; usize::from(columns) * usize::from(rows)];
    for radius in RADII {
        for point in 0..POINTS {
            let turn = f32::from(point) / f32::from(POINTS);
            if let Some((across, down)) = circles.dot(radius, turn, map.cells.size()) {
                let (column, row) = (across / 2, down / 4);
                if column < usize::from(columns) && row < usize::from(rows) {
                    dots[row * usize::from(columns) + column] |= BRAILLE[down % 4][across % 2];
                }
            }
        }
    }
    for row in 0..rows {
        for column in 0..columns {
            let bits = dots[usize::from(row) * usize::from(columns) + usize::from(column)];
            if bits != 0 && is_free(column, row) {
                set_char(buf, at(column, row), glyph(map, bits), map.theme.dim());
            }
        }
    }
    for radius in RADII {
        let free = LABEL_EIGHTHS.iter().find_map(|&eighth| {
            let turn = f32::from(eighth) / 8.0;
            let (across, down) = circles.dot(radius, turn, map.cells.size())?;
            let (column, row) = ((across / 2) as u16, (down / 4) as u16);
            let fits = column + 1 < columns && row < rows;
            (fits && is_free(column, row) && is_free(column + 1, row)).then_some((column, row))
        });
        if let Some((column, row)) = free {
            let number = char::from(b'0' + radius);
            for (more, character) in (0..).zip([number, map.theme.symbols().sigma]) {
                set_char(buf, at(column + more, row), character, map.theme.dim());
            }
        }
    }
}

/// Where the circles stand on two axes.
struct Circles {
    middle: [f32; 2],
    x: Axis,
    y: Axis,
}

impl Circles {
    /// The dot of a circle at a part of a turn, two across and four down to a
    /// cell, if it lies within the range.
    fn dot(&self, radius: u8, turn: f32, (columns, rows): (u16, u16)) -> Option<(usize, usize)> {
        let (sin, cos) = (turn * TAU).sin_cos();
        let a = self.middle[0] + f32::from(radius) * cos;
        let b = self.middle[1] + f32::from(radius) * sin;
        if !self.x.holds(a) || !self.y.holds(b) || columns == 0 || rows == 0 {
            return None;
        }
        let (across, down) = (2 * usize::from(columns), 4 * usize::from(rows));
        Some((self.x.place(a, across), down - 1 - self.y.place(b, down)))
    }
}

/// A dot at its height where its colour tells it from images, and else a sign that no
/// image has. Finer dots would be braille, which common fonts do not have.
fn glyph(map: &LatentMap, bits: u8) -> char {
    let theme = map.theme;
    match (theme.glyphs, theme.depth) {
        (_, Depth::None) | (Glyphs::Ascii, _) => theme.symbols().circle,
        (Glyphs::Blocks, _) => {
            let [upper, lower] = [HIGH, LOW].map(|rows| (bits & rows).count_ones());
            match upper.cmp(&lower) {
                Ordering::Greater => '˙',
                Ordering::Equal => '·',
                Ordering::Less => '.',
            }
        }
    }
}
