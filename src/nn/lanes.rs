//! Numbers as training keeps them: in rows of sixteen.
//!
//! A matrix is cut into *panels* of sixteen columns. A panel is one row of
//! sixteen after the other, so a kernel reads memory in order, every row is one
//! cache line and one 512-bit register, and a panel can be handed to one core.
//! What is missing to the last sixteen is zero and stays zero.

use bytemuck::{Pod, Zeroable, must_cast_slice, must_cast_slice_mut};
use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut1, s};

/// Columns of a panel.
pub(super) const LANES: usize = 16;

/// One row of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C, align(64))]
pub(super) struct Lanes(pub(super) [f32; LANES]);

impl Lanes {
    pub(super) const ZERO: Self = Self([0.0; LANES]);
}

/// All numbers one after the other: a compiler turns a loop over them into vector
/// instructions, where it may turn the wrong one of two nested loops.
pub(super) fn flat(rows: &[Lanes]) -> &[f32] {
    must_cast_slice(rows)
}

/// All numbers one after the other, to be changed.
pub(super) fn flat_mut(rows: &mut [Lanes]) -> &mut [f32] {
    must_cast_slice_mut(rows)
}

/// `count`, rounded up to whole rows of sixteen.
pub(super) fn padded(count: usize) -> usize {
    count.next_multiple_of(LANES)
}

/// One number of a matrix in panels of `rows` rows.
pub(super) fn value(panels: &[Lanes], rows: usize, row: usize, column: usize) -> f32 {
    panels[column / LANES * rows + row].0[column % LANES]
}

/// Its place.
pub(super) fn value_mut(panels: &mut [Lanes], rows: usize, row: usize, column: usize) -> &mut f32 {
    &mut panels[column / LANES * rows + row].0[column % LANES]
}

/// The columns `first..` of a matrix as panels of `padded(rows)` rows each, as
/// many as `panels` has room for.
pub(super) fn write_panels(matrix: ArrayView2<f32>, first: usize, panels: &mut [Lanes]) {
    let (rows, columns) = matrix.dim();
    for (panel, lanes) in panels.chunks_exact_mut(padded(rows)).enumerate() {
        let first = first + panel * LANES;
        let here = first.min(columns)..(first + LANES).min(columns);
        let part = matrix.slice(s![.., here]);
        for (lanes, row) in lanes.iter_mut().zip(part.rows()) {
            let count = row.len();
            ArrayViewMut1::from(&mut lanes.0[..count]).assign(&row);
        }
    }
}

/// The opposite of [`write_panels`].
pub(super) fn read_panels(panels: &[Lanes], first: usize, matrix: &mut Array2<f32>) {
    let (rows, columns) = matrix.dim();
    for (panel, lanes) in panels.chunks_exact(padded(rows)).enumerate() {
        let first = first + panel * LANES;
        let here = first.min(columns)..(first + LANES).min(columns);
        let mut part = matrix.slice_mut(s![.., here]);
        for (lanes, mut row) in lanes.iter().zip(part.rows_mut()) {
            let count = row.len();
            row.assign(&ArrayView1::from(&lanes.0[..count]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_are_the_matrix_and_zeros() {
        let matrix = Array2::from_shape_fn((3, 40), |(row, column)| (row * 40 + column + 1) as f32);
        let mut panels = vec![Lanes::ZERO; 2 * 16];
        write_panels(matrix.view(), 16, &mut panels);
        assert_eq!(panels[1].0[2].to_bits(), matrix[[1, 18]].to_bits());
        assert_eq!(panels[16 + 2].0[7].to_bits(), matrix[[2, 39]].to_bits());
        assert_eq!(panels[16 + 2].0[8..], [0.0; 8]);
        assert_eq!(panels[3], Lanes::ZERO);
        assert_eq!(value(&panels, 16, 2, 23), matrix[[2, 39]]);
        let mut back = Array2::zeros((3, 40));
        read_panels(&panels, 16, &mut back);
        assert_eq!(back.slice(s![.., 16..]), matrix.slice(s![.., 16..]));
    }
}
