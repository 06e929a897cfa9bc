//! What happens to maps of sixteen images beside products.

use super::{
    conv::{Grid, Size},
    dense::{ROWS, add, row_sums, sum_of_lanes},
};
use crate::nn::lanes::{LANES, Lanes};
use std::array;

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
        let mut best = *at(0, 0);
        let mut numbers = [0; LANES];
        let two_columns = size.width - 2 * j >= 2;
        if two_columns {
            replace_by_larger(&mut best, &mut numbers, at(0, 1), 1);
        }
        if size.height == 2 {
            replace_by_larger(&mut best, &mut numbers, at(1, 0), 2);
            if two_columns {
                replace_by_larger(&mut best, &mut numbers, at(1, 1), 3);
            }
        }
        *y = best;
        for (largest, number) in largest.iter_mut().zip(numbers) {
            *largest = number as u8;
        }
    }
}

/// Numbers are as wide as values here, so that one comparison serves both.
#[inline(always)]
fn replace_by_larger(best: &mut Lanes, numbers: &mut [u32; LANES], x: &Lanes, number: u32) {
    for lane in 0..LANES {
        let (y, x) = (best.0[lane], x.0[lane]);
        let larger = (x > y) | (x.is_nan() & !y.is_nan());
        best.0[lane] = if larger { x } else { y };
        numbers[lane] = if larger { number } else { numbers[lane] };
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
    for (j, (dy, largest)) in dy.iter().zip(largest).enumerate() {
        let numbers = largest.map(u32::from);
        let columns = (size.width - 2 * j).min(2);
        for u in 0..size.height {
            let dx = &mut dx[to.first + u * to.row + 2 * j..][..columns];
            for (v, dx) in dx.iter_mut().enumerate() {
                *dx = where_number_is(dy, &numbers, (2 * u + v) as u32);
            }
        }
    }
}

#[inline(always)]
fn where_number_is(dy: &Lanes, numbers: &[u32; LANES], number: u32) -> Lanes {
    let mut dx = *dy;
    for (dx, &here) in dx.0.iter_mut().zip(numbers) {
        *dx = if here == number { *dx } else { 0.0 };
    }
    dx
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
        let (tiles, rest) = sums.as_chunks_mut::<ROWS>();
        let whole = tiles.len() * ROWS;
        for (tile, sums) in tiles.iter_mut().enumerate() {
            let first = tile * ROWS;
            sums_of_four_tile(&upper[first..], &lower[first..], sums);
        }
        for (j, sum) in rest.iter_mut().enumerate() {
            let first = whole + j;
            sums_of_four_tile(&upper[first..], &lower[first..], array::from_mut(sum));
        }
    }
}

#[inline(always)]
fn sums_of_four_tile<const N: usize>(upper: &[Lanes], lower: &[Lanes], sums: &mut [Lanes; N]) {
    let (upper, lower) = (&upper[..=N], &lower[..=N]);
    for j in 0..N {
        for lane in 0..LANES {
            let left = upper[j].0[lane] + lower[j].0[lane];
            sums[j].0[lane] = left + (upper[j + 1].0[lane] + lower[j + 1].0[lane]);
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
            add(sum, row);
        }
    }
    for (sum, row) in sums.iter_mut().zip(rest) {
        add(sum, row);
    }
    let [s0, s1, s2, s3] = &sums;
    Lanes(std::array::from_fn(|lane| {
        (s0.0[lane] + s1.0[lane]) + (s2.0[lane] + s3.0[lane])
    }))
}

/// The sum of each row's lanes.
pub(in crate::nn) fn sums_of_lanes(rows: &[Lanes], sums: &mut [f32]) {
    let (tiles, rest) = rows.as_chunks::<LANES>();
    let (tiles_sums, rest_sums) = sums.as_chunks_mut::<LANES>();
    for (rows, sums) in tiles.iter().zip(tiles_sums) {
        let mut lanes = Lanes::ZERO;
        row_sums(rows, &mut lanes);
        *sums = lanes.0;
    }
    for (row, sum) in rest.iter().zip(rest_sums) {
        *sum = sum_of_lanes(row);
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
