//! The images of a map, counted by place and class.

use super::{
    axis::Axes,
    territory::{Claim, claims},
};
use crate::data::Labels;

/// The class that most images show, the lower one of two equals, and how many images
/// there are in all.
pub(super) fn majority(counts: impl Iterator<Item = u16>) -> Option<(u8, u32)> {
    let (mut total, mut most, mut class) = (0, 0, 0);
    for (place, count) in (0u8..).zip(counts) {
        total += u32::from(count);
        if count > most {
            (most, class) = (count, place);
        }
    }
    (total > 0).then_some((class, total))
}

/// Images counted into the cells of a plot, two halves a cell.
#[derive(Debug, Clone)]
pub struct MapCells {
    axes: Axes,
    columns: u16,
    rows: u16,
    /// How many classes there are.
    classes: usize,
    /// By half rows from the top, each from left to right: the images of each class.
    halves: Vec<u16>,
    /// Which of a cell's 2x4 places are taken, as the bits of braille.
    dots: Vec<u8>,
    claims: Vec<Claim>,
}

/// Bits of the braille characters from U+2800, by row and column of the dot.
pub(super) const BRAILLE: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

impl MapCells {
    /// Counts the images whose class is shown, of so many classes that there are. `points` and
    /// `labels` go together. Points that are no numbers are left out; those beyond the range count
    /// at its edge.
    pub fn bin(
        points: &[[f32; 2]],
        labels: &[u8],
        (shown, classes): (Labels, usize),
        axes: impl Into<Axes>,
        (columns, rows): (u16, u16),
    ) -> Self {
        let axes = axes.into();
        let (across, down) = (usize::from(columns), usize::from(rows));
        let cells = across * down;
        let mut halves = vec![0_u16; 2 * cells * classes];
        let mut dots = vec![0; cells];
        if let (Some(x), Some(y), true) = (axes.x(), axes.y(), cells > 0) {
            for (&[a, b], &label) in points.iter().zip(labels) {
                let class = usize::from(label);
                if class >= classes || !shown.contains(label) || a.is_nan() || b.is_nan() {
                    continue;
                }
                // Beyond a part of the range there is more of the map.
                if axes.shown.is_some() && !axes.holds([a, b]) {
                    continue;
                }
                // Two dots across and four down to a cell; rows count from the top.
                let column = x.place(a, 2 * across);
                let row = 4 * down - 1 - y.place(b, 4 * down);
                let half = row / 2 * across + column / 2;
                let count = &mut halves[half * classes + class];
                *count = count.saturating_add(1);
                dots[row / 4 * across + column / 2] |= BRAILLE[row % 4][column % 2];
            }
        }
        let mut binned = Self {
            axes,
            columns,
            rows,
            classes,
            halves,
            dots,
            claims: Vec::new(),
        };
        binned.claims = claims(&binned);
        binned
    }

    /// The axes it was binned with.
    pub fn axes(&self) -> Axes {
        self.axes
    }

    /// Columns and rows of the plot.
    pub fn size(&self) -> (u16, u16) {
        (self.columns, self.rows)
    }

    /// The column and row of the cell where a point stands.
    pub fn cell_of(&self, [a, b]: [f32; 2]) -> Option<(u16, u16)> {
        let (x, y) = (self.axes.x()?, self.axes.y()?);
        let is_place = !a.is_nan() && !b.is_nan() && self.columns > 0 && self.rows > 0;
        is_place.then(|| {
            let row = self.rows - 1 - y.place(b, self.rows.into()) as u16;
            (x.place(a, self.columns.into()) as u16, row)
        })
    }

    /// Where digits hold territory.
    pub(super) fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// How many classes there are.
    pub(super) fn classes(&self) -> usize {
        self.classes
    }

    /// The images of each class in the upper and in the lower half of a cell.
    pub(super) fn halves(&self, column: u16, row: u16) -> [&[u16]; 2] {
        let columns = usize::from(self.columns);
        let upper = usize::from(row) * 2 * columns + usize::from(column);
        [upper, upper + columns].map(|half| &self.halves[half * self.classes..][..self.classes])
    }

    /// The same of both halves together.
    pub(super) fn cell(&self, column: u16, row: u16) -> impl Iterator<Item = u16> {
        let [upper, lower] = self.halves(column, row);
        upper
            .iter()
            .zip(lower)
            .map(|(upper, lower)| upper.saturating_add(*lower))
    }

    /// A cell's dots, as the bits of braille.
    pub(super) fn dots(&self, column: u16, row: u16) -> u8 {
        self.dots[usize::from(row) * usize::from(self.columns) + usize::from(column)]
    }

    /// As many images as the fullest sixth of the half cells have at least.
    /// One crowded cell so does not darken all the others.
    pub(super) fn crowd(&self) -> u32 {
        let mut histogram = [0_u32; 512];
        let mut taken = 0;
        for counts in self.halves.chunks_exact(self.classes.max(1)) {
            let total: u32 = counts.iter().copied().map(u32::from).sum();
            if total > 0 {
                histogram[(total as usize).min(511)] += 1;
                taken += 1;
            }
        }
        let mut above = 0;
        for (total, cells) in histogram.iter().enumerate().rev() {
            above += cells;
            if above * 6 >= taken.max(1) {
                return total as u32;
            }
        }
        0
    }
}
