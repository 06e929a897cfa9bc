//! The images of a map, counted by place and digit.

use super::{
    axis::Axes,
    territory::{Claim, claims},
};
use crate::ui::widget::digit_set::DigitSet;

/// Images of each digit.
pub(super) type Counts = [u16; 10];

/// The digit most images show, the lower one of two equals, and how many images
/// there are in all.
pub(super) fn majority(counts: &Counts) -> Option<(u8, u32)> {
    let total: u32 = counts.iter().copied().map(u32::from).sum();
    let most = counts.iter().max()?;
    let digit = counts.iter().position(|count| count == most)?;
    (total > 0).then_some((digit as u8, total))
}

/// Images counted into the cells of a plot, two halves a cell.
#[derive(Debug, Clone)]
pub struct MapCells {
    axes: Axes,
    columns: u16,
    rows: u16,
    /// By half rows from the top, each from left to right.
    halves: Vec<Counts>,
    /// Which of a cell's 2x4 places are taken, as the bits of braille.
    dots: Vec<u8>,
    claims: Vec<Claim>,
}

/// Bits of the braille characters from U+2800, by row and column of the dot.
pub(super) const BRAILLE: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

impl MapCells {
    /// Counts the images whose digit is shown. `points` and `labels` go
    /// together. Points that are no
    /// numbers are left out; those beyond the range count at its edge.
    pub fn bin(
        points: &[[f32; 2]],
        labels: &[u8],
        shown: DigitSet,
        axes: impl Into<Axes>,
        (columns, rows): (u16, u16),
    ) -> Self {
        let axes = axes.into();
        let (across, down) = (usize::from(columns), usize::from(rows));
        let cells = across * down;
        let mut halves = vec![[0; 10]; 2 * cells];
        let mut dots = vec![0; cells];
        if let (Some(x), Some(y), true) = (axes.x(), axes.y(), cells > 0) {
            for (&[a, b], &label) in points.iter().zip(labels) {
                if !shown.contains(label) || a.is_nan() || b.is_nan() {
                    continue;
                }
                // Beyond a part of the range there is more of the map.
                if axes.shown.is_some() && !axes.holds([a, b]) {
                    continue;
                }
                // Two dots across and four down to a cell; rows count from the top.
                let column = x.place(a, 2 * across);
                let row = 4 * down - 1 - y.place(b, 4 * down);
                let half: &mut Counts = &mut halves[row / 2 * across + column / 2];
                let count = &mut half[usize::from(label)];
                *count = count.saturating_add(1);
                dots[row / 4 * across + column / 2] |= BRAILLE[row % 4][column % 2];
            }
        }
        let mut binned = Self {
            axes,
            columns,
            rows,
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

    /// The upper and lower half of a cell.
    pub(super) fn halves(&self, column: u16, row: u16) -> [&Counts; 2] {
        let columns = usize::from(self.columns);
        let upper = usize::from(row) * 2 * columns + usize::from(column);
        [&self.halves[upper], &self.halves[upper + columns]]
    }

    /// Both halves of a cell together.
    pub(super) fn cell(&self, column: u16, row: u16) -> Counts {
        let [upper, lower] = self.halves(column, row);
        let mut sum = *upper;
        for (sum, more) in sum.iter_mut().zip(lower) {
            *sum = sum.saturating_add(*more);
        }
        sum
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
        for counts in &self.halves {
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
