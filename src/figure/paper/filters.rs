//! The weights of the first layer as pictures, a unit each.

use super::{
    COLUMN, MARGIN, enlarged, inks,
    legend::{self, Entry, Sign},
    titled,
};
use crate::{
    figure::{
        Drawing,
        drawing::{FINENESS, Picture},
    },
    image::ImageSize,
};

/// The most units that are drawn.
pub const MOST_FILTERS: usize = 64;

/// Pictures beside each other, and the air between them.
const COLUMNS: usize = 8;
const GUTTER: f32 = 2.0;

/// The weights of units.
#[derive(Debug, Clone)]
pub struct Filters<'a> {
    /// What they are of.
    pub title: &'a str,
    /// Rows and columns of a unit's weights.
    pub size: ImageSize,
    /// The weights of each unit, -1 to 1.
    pub filters: &'a [Vec<f32>],
}

impl Filters<'_> {
    /// Draws them.
    pub fn draw(&self) -> Drawing {
        let room = COLUMN - 2.0 * MARGIN;
        let widest = (room - GUTTER * (COLUMNS - 1) as f32) / COLUMNS as f32;
        let scale = enlarged(self.size.width.max(self.size.height), widest);
        let side = |pixels: usize| (pixels * scale) as f32 / FINENESS as f32;
        let [wide, high] = [side(self.size.width), side(self.size.height)];
        // Edges of one pixel, so that pale ones are seen to be there.
        let pitch = [(room + GUTTER) / COLUMNS as f32, high + GUTTER];
        let rows = self.filters.len().div_ceil(COLUMNS);
        let entry = |name: &str, color| Entry {
            sign: Sign::Dot,
            color,
            name: name.into(),
        };
        let entries = [
            entry("above zero", inks::weight(1.0)),
            entry(
                "below zero, each unit on a scale of its own",
                inks::weight(-1.0),
            ),
        ];
        let legend = legend::height(&entries);
        let height = legend + rows as f32 * pitch[1] + MARGIN;
        let (mut drawing, top) = titled(self.title, height);
        legend::draw(&mut drawing, &entries, top);
        let top = top + legend;
        for (number, weights) in self.filters.iter().enumerate() {
            let [column, row] = [number % COLUMNS, number / COLUMNS];
            let fine = FINENESS as f32;
            let corner = [
                MARGIN + column as f32 * pitch[0],
                top + row as f32 * pitch[1],
            ];
            let [x, y] = corner.map(|at| (at * fine).round() / fine);
            let edge = 1.0 / fine;
            drawing.rectangle(
                [x - edge, y - edge],
                [wide + 2.0 * edge, high + 2.0 * edge],
                inks::GRID,
            );
            let pixels = weights.iter().map(|weight| inks::weight(*weight)).collect();
            let width = self.size.width;
            drawing.picture([x, y], Picture { width, pixels }, scale);
        }
        drawing
    }
}
