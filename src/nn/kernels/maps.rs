//! What happens to maps of sixteen images beside products.

use super::conv::{Grid, Size};
use crate::nn::lanes::{LANES, Lanes};

/// For each of sixteen images, which of four neighbours was the largest.
pub(in crate::nn) type Largest = [u8; LANES];

/// One row of windows of 2 by 2, in which rows and columns that `size` does not have
/// are left out: the largest of each, and which it was, counted in reading order; of
/// equals the first. A NaN counts as the largest.
pub(in crate::nn) fn pool(
    x: &[Lanes],
    from: Grid,
    size: Size,
    y: &mut [Lanes],
    largest: &mut [Largest],
) {
    dispatch!(pool_loop(
        x: &[Lanes], from: Grid, size: Size, y: &mut [Lanes], largest: &mut [Largest]
    ) -> ());
}

#[inline(always)]
fn pool_loop(x: &[Lanes], from: Grid, size: Size, y: &mut [Lanes], largest: &mut [Largest]) {
    for (j, (y, largest)) in y.iter_mut().zip(largest).enumerate() {
        let at = |u: usize, v: usize| &x[from.first + u * from.row + 2 * j + v];
        *y = *at(0, 0);
        *largest = [0; LANES];
        let columns = (size.width - 2 * j).min(2);
        if columns == 2 {
            replace_by_larger(y, largest, at(0, 1), 1);
        }
        if size.height == 2 {
            replace_by_larger(y, largest, at(1, 0), 2);
            if columns == 2 {
                replace_by_larger(y, largest, at(1, 1), 3);
            }
        }
    }
}

#[inline(always)]
fn replace_by_larger(y: &mut Lanes, largest: &mut Largest, x: &Lanes, number: u8) {
    for lane in 0..LANES {
        let (best, x) = (y.0[lane], x.0[lane]);
        let larger = x > best || (x.is_nan() && !best.is_nan());
        y.0[lane] = if larger { x } else { best };
        largest[lane] = if larger { number } else { largest[lane] };
    }
}

/// The opposite of [`pool`] for derivatives: `dx` is `dy` where the largest was, and
/// zero in the window's other places.
pub(in crate::nn) fn unpool(
    dy: &[Lanes],
    largest: &[Largest],
    size: Size,
    dx: &mut [Lanes],
    to: Grid,
) {
    dispatch!(unpool_loop(
        dy: &[Lanes], largest: &[Largest], size: Size, dx: &mut [Lanes], to: Grid
    ) -> ());
}

#[inline(always)]
fn unpool_loop(dy: &[Lanes], largest: &[Largest], size: Size, dx: &mut [Lanes], to: Grid) {
    for u in 0..size.height {
        let dx = &mut dx[to.first + u * to.row..][..size.width];
        for (dx, (dy, largest)) in dx.chunks_mut(2).zip(dy.iter().zip(largest)) {
            for (v, dx) in dx.iter_mut().enumerate() {
                let number = (2 * u + v) as u8;
                for lane in 0..LANES {
                    let here = largest[lane] == number;
                    dx.0[lane] = if here { dy.0[lane] } else { 0.0 };
                }
            }
        }
    }
}

/// The sums of every four neighbours, for one map of rows of `row` numbers: one row
/// and one column less come out than go in.
pub(in crate::nn) fn sums_of_four(x: &[Lanes], row: usize, sums: &mut [Lanes]) {
    dispatch!(sums_of_four_loop(x: &[Lanes], row: usize, sums: &mut [Lanes]) -> ());
}

#[inline(always)]
fn sums_of_four_loop(x: &[Lanes], row: usize, sums: &mut [Lanes]) {
    for (i, sums) in sums.chunks_exact_mut(row - 1).enumerate() {
        let (upper, lower) = x[i * row..][..2 * row].split_at(row);
        for (sum, (upper, lower)) in sums.iter_mut().zip(upper.windows(2).zip(lower.windows(2))) {
            for lane in 0..LANES {
                let left = upper[0].0[lane] + lower[0].0[lane];
                sum.0[lane] = left + (upper[1].0[lane] + lower[1].0[lane]);
            }
        }
    }
}

/// The sum of all rows.
pub(in crate::nn) fn sum_of_rows(rows: &[Lanes]) -> Lanes {
    dispatch!(sum_of_rows_loop(rows: &[Lanes]) -> Lanes)
}

#[inline(always)]
fn sum_of_rows_loop(rows: &[Lanes]) -> Lanes {
    // Four sums side by side, as each has to wait for its last.
    let mut sums = [Lanes::ZERO; 4];
    let (fours, rest) = rows.as_chunks::<4>();
    for four in fours {
        for (sum, row) in sums.iter_mut().zip(four) {
            super::dense::add(sum, row);
        }
    }
    for (sum, row) in sums.iter_mut().zip(rest) {
        super::dense::add(sum, row);
    }
    let [s0, s1, s2, s3] = &sums;
    Lanes(std::array::from_fn(|lane| {
        (s0.0[lane] + s1.0[lane]) + (s2.0[lane] + s3.0[lane])
    }))
}

/// Adds each row's sum to its place in `sums`.
pub(in crate::nn) fn sums_of_lanes(rows: &[Lanes], sums: &mut [f32]) {
    dispatch!(sums_of_lanes_loop(rows: &[Lanes], sums: &mut [f32]) -> ());
}

#[inline(always)]
fn sums_of_lanes_loop(rows: &[Lanes], sums: &mut [f32]) {
    for (row, sum) in rows.iter().zip(sums) {
        *sum = super::dense::sum_of_lanes(row);
    }
}

/// Sixteen numbers of sixteen images: from a row an image to a row a number.
pub(in crate::nn) fn transpose(rows: &[Lanes], columns: &mut [Lanes]) {
    dispatch!(transpose_loop(rows: &[Lanes], columns: &mut [Lanes]) -> ());
}

#[inline(always)]
fn transpose_loop(rows: &[Lanes], columns: &mut [Lanes]) {
    for (number, column) in columns.iter_mut().enumerate() {
        for (place, row) in column.0.iter_mut().zip(rows) {
            *place = row.0[number];
        }
    }
}
