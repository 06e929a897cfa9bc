//! What happens to maps of sixteen images beside products.

use super::grid::{Grid, Size};
use crate::nn::lanes::{LANES, Lanes};
use std::array;

/// Rows at a time where nothing but the rows themselves is worked on.
///
/// One row's sixteen numbers are few enough that a compiler unrolls the loop over them
/// first and then makes vectors across rows, with gathers and scatters, fifteen times
/// slower; four rows' are not.
pub(super) const ROWS: usize = 4;

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
#[expect(
    clippy::needless_range_loop,
    reason = "three arrays are walked side by side"
)]
#[expect(
    clippy::neg_cmp_op_on_partial_ord,
    reason = "larger or a NaN, in one comparison"
)]
fn replace_by_larger(best: &mut Lanes, numbers: &mut [u32; LANES], x: &Lanes, number: u32) {
    for lane in 0..LANES {
        let (y, x) = (best.0[lane], x.0[lane]);
        let larger = !(x <= y) & !y.is_nan();
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
        let place = to.first + 2 * j;
        let two_columns = size.width - 2 * j >= 2;
        dx[place] = where_number_is(dy, &numbers, 0);
        if two_columns {
            dx[place + 1] = where_number_is(dy, &numbers, 1);
        }
        if size.height == 2 {
            dx[place + to.row] = where_number_is(dy, &numbers, 2);
            if two_columns {
                dx[place + to.row + 1] = where_number_is(dy, &numbers, 3);
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
        sums_of_sixteen(rows, sums);
    }
    for (row, sum) in rest.iter().zip(rest_sums) {
        *sum = sum_of_lanes(row);
    }
}

/// Sixteen at a time, as shuffles serve them together.
fn sums_of_sixteen(rows: &[Lanes; LANES], sums: &mut [f32; LANES]) {
    dispatch!(sums_of_sixteen_rows(
        rows: &[Lanes; LANES], sums: &mut [f32; LANES]; |rows| turn(rows)
    ) -> ());
}

/// Turned, they are sixteen sums side by side, in the order of [`sum_of_lanes`].
#[inline(always)]
fn sums_of_sixteen_rows(
    rows: &[Lanes; LANES],
    sums: &mut [f32; LANES],
    turn: impl Fn(&[Lanes; LANES]) -> [Lanes; LANES],
) {
    let mut columns = turn(rows);
    add_half::<8>(&mut columns);
    add_half::<4>(&mut columns);
    add_half::<2>(&mut columns);
    add_half::<1>(&mut columns);
    *sums = columns[0].0;
}

/// Adds the second `HALF` rows to the first.
#[inline(always)]
fn add_half<const HALF: usize>(rows: &mut [Lanes; LANES]) {
    let (sums, others) = rows.split_at_mut(HALF);
    for_rows!(row < HALF => add(&mut sums[row], &others[row]));
}

/// The sum of all lanes: halves are added to halves.
fn sum_of_lanes(lanes: &Lanes) -> f32 {
    let eight: [f32; 8] = array::from_fn(|i| lanes.0[i] + lanes.0[i + 8]);
    let four: [f32; 4] = array::from_fn(|i| eight[i] + eight[i + 4]);
    (four[0] + four[2]) + (four[1] + four[3])
}

/// `sum += row`.
#[inline(always)]
pub(super) fn add(sum: &mut Lanes, row: &Lanes) {
    for (sum, &row) in sum.0.iter_mut().zip(&row.0) {
        *sum += row;
    }
}

/// As many of a square's columns as there is room for, as rows.
pub(in crate::nn) fn transpose(rows: &[Lanes; LANES], columns: &mut [Lanes]) {
    dispatch!(transpose_loop(
        rows: &[Lanes; LANES], columns: &mut [Lanes]; |rows| turn(rows)
    ) -> ());
}

#[inline(always)]
fn transpose_loop(
    rows: &[Lanes; LANES],
    columns: &mut [Lanes],
    turn: impl Fn(&[Lanes; LANES]) -> [Lanes; LANES],
) {
    columns.copy_from_slice(&turn(rows)[..columns.len()]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Maps, conv::max_pool, kernels::in_each_form};
    use ndarray::Array2;
    use proptest::{collection::vec, prelude::*};

    /// The bits of sixteen numbers each, a few of them equal and some not above zero.
    fn rows(count: usize) -> impl Strategy<Value = Vec<Lanes>> {
        let number = prop_oneof![Just(0.0_f32), Just(1.5), -2.0_f32..2.0];
        let row = proptest::array::uniform16(number);
        vec(row.prop_map(Lanes), count)
    }

    /// One lane of rows as a batch of one image.
    fn image(rows: &[Lanes], lane: usize) -> Array2<f32> {
        Array2::from_shape_fn((1, rows.len()), |(_, index)| rows[index].0[lane])
    }

    fn size_and_rows() -> impl Strategy<Value = (usize, usize, Vec<Lanes>)> {
        (1..=2_usize, 1..=9_usize)
            .prop_flat_map(|(height, width)| (Just(height), Just(width), rows(height * width)))
    }

    proptest! {
        /// Also where the last windows are not whole, and there and back.
        #[test]
        fn pooling_is_its_definition((height, width, x) in size_and_rows()) {
            let grid = Grid { first: 0, map: 0, row: width, column: 1 };
            let size = Size { height, width };
            let maps = Maps { channels: 1, height, width };
            for [y, dy, dx] in in_each_form(|| {
                let mut y = vec![Lanes::ZERO; width.div_ceil(2)];
                let mut largest = vec![Largest::default(); y.len()];
                pool(&x, grid, size, &mut y, &mut largest);
                let dy: Vec<_> = y.iter().map(|y| Lanes(y.0.map(|y| 3.0 * y + 1.0))).collect();
                let mut dx = vec![Lanes([9.0; LANES]); x.len()];
                unpool(&dy, &largest, size, &mut dx, grid);
                [y, dy, dx]
            }) {
                for lane in 0..LANES {
                    let x = image(&x, lane);
                    prop_assert_eq!(image(&y, lane), max_pool::forward(maps, x.view()));
                    let expected = max_pool::backward(maps, x.view(), image(&dy, lane).view());
                    prop_assert_eq!(image(&dx, lane), expected);
                }
            }
        }

        #[test]
        fn sums_of_neighbours_rows_and_lanes_are_sums(
            (row, x) in (2..9_usize).prop_flat_map(|row| (Just(row), rows(5 * row))),
        ) {
            // Up to forty f32 numbers of up to 2, each sum right to a rounding of its size.
            let near = |sum: f32, expected: f64| (f64::from(sum) - expected).abs() < 1e-4;
            for (sums, of_lanes, of_rows) in in_each_form(|| {
                let mut sums = vec![Lanes::ZERO; 4 * (row - 1)];
                sums_of_four(&x, row, &mut sums);
                let mut of_lanes = vec![0.0; x.len()];
                sums_of_lanes(&x, &mut of_lanes);
                (sums, of_lanes, sum_of_rows(&x))
            }) {
                for lane in 0..LANES {
                    let at = |i: usize, j: usize| f64::from(x[i * row + j].0[lane]);
                    for (index, sum) in sums.iter().enumerate() {
                        let (i, j) = (index / (row - 1), index % (row - 1));
                        let expected = at(i, j) + at(i, j + 1) + at(i + 1, j) + at(i + 1, j + 1);
                        prop_assert!(near(sum.0[lane], expected), "{i}, {j}");
                    }
                    let expected = x.iter().map(|x| f64::from(x.0[lane])).sum();
                    prop_assert!(near(of_rows.0[lane], expected));
                }
                for (x, sum) in x.iter().zip(of_lanes) {
                    // Whether it was one of sixteen or of the rest.
                    prop_assert_eq!(sum.to_bits(), sum_of_lanes(x).to_bits());
                    prop_assert!(near(sum, x.0.iter().copied().map(f64::from).sum()));
                }
            }
        }

        #[test]
        fn a_column_is_what_stood_in_the_rows(rows in rows(LANES), count in 1..=LANES) {
            let rows = rows.as_array().unwrap();
            for columns in in_each_form(|| {
                let mut columns = vec![Lanes::ZERO; count];
                transpose(rows, &mut columns);
                columns
            }) {
                for (number, column) in columns.iter().enumerate() {
                    for (image, row) in rows.iter().enumerate() {
                        prop_assert_eq!(column.0[image].to_bits(), row.0[number].to_bits());
                    }
                }
            }
        }
    }

    #[test]
    fn no_window_hides_a_nan() {
        for place in 0..4 {
            let mut x = [Lanes([1.0; LANES]); 4];
            x[place].0[3] = f32::NAN;
            let grid = Grid {
                first: 0,
                map: 0,
                row: 2,
                column: 1,
            };
            let size = Size {
                height: 2,
                width: 2,
            };
            let (mut y, mut largest) = ([Lanes::ZERO], [Largest::default()]);
            pool(&x, grid, size, &mut y, &mut largest);
            assert!(y[0].0[3].is_nan() && y[0].0[2] == 1.0);
            assert_eq!(usize::from(largest[0][3]), place);
        }
    }
}
