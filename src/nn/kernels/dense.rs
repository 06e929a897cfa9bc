//! The three matrix products of a dense layer, on panels.
//!
//! Each keeps a tile of sums in registers, as many as the processor has room
//! for, and fuses products with sums where it can; the order of the sums is the
//! same for all tiles.

use super::{AdamStep, adam::update_lanes, maps::ROWS};
use crate::nn::{
    Activation,
    lanes::{LANES, Lanes},
};
use std::array;

/// Forward, for one panel of units: `y = f(x w + b)`.
///
/// `x` has a panel of `y.len()` rows for every sixteen inputs, `w` is one panel
/// with a row for every input.
pub(in crate::nn) fn forward(
    x: &[Lanes],
    w: &[Lanes],
    b: &Lanes,
    activation: Activation,
    y: &mut [Lanes],
) {
    dispatch!(forward_tiles<TILE, FUSED>(
        x: &[Lanes], w: &[Lanes], b: &Lanes, activation: Activation, y: &mut [Lanes]
    ) -> ());
}

#[inline(always)]
fn forward_tiles<const TILE: usize, const FUSED: bool>(
    x: &[Lanes],
    w: &[Lanes],
    b: &Lanes,
    activation: Activation,
    y: &mut [Lanes],
) {
    let rows = y.len();
    let (tiles, []) = y.as_chunks_mut::<TILE>() else {
        unreachable!("batches are padded to whole tiles")
    };
    for (index, y) in tiles.iter_mut().enumerate() {
        let mut sums = [Lanes::ZERO; TILE];
        for (x, w) in x.chunks_exact(rows).zip(w.as_chunks::<LANES>().0) {
            let x = &x.as_chunks::<TILE>().0[index];
            for (k, w) in w.iter().enumerate() {
                for_rows!(n < TILE => add_product::<FUSED>(&mut sums[n], x[n].0[k], w));
            }
        }
        for_rows!(n < TILE => y[n] = activated(activation, &sums[n], b));
    }
}

/// Backward by the inputs, for some panels of units: `dx = ds wᵀ`.
///
/// `ds` has panels of `rows` rows, and `w` of a row for every input; `dx` has a
/// panel of `rows` rows for every sixteen inputs.
pub(in crate::nn) fn input_gradient(ds: &[Lanes], w: &[Lanes], rows: usize, dx: &mut [Lanes]) {
    dispatch!(input_gradient_tiles<TILE, FUSED>(
        ds: &[Lanes], w: &[Lanes], rows: usize, dx: &mut [Lanes]
    ) -> ());
}

#[inline(always)]
fn input_gradient_tiles<const TILE: usize, const FUSED: bool>(
    ds: &[Lanes],
    w: &[Lanes],
    rows: usize,
    dx: &mut [Lanes],
) {
    let inputs = dx.len() / rows * LANES;
    for (block, dx) in dx.chunks_exact_mut(rows).enumerate() {
        for (n, dx) in dx.iter_mut().enumerate() {
            let mut products = [Lanes::ZERO; LANES];
            for (tile, products) in products.as_chunks_mut::<TILE>().0.iter_mut().enumerate() {
                let mut sums = [Lanes::ZERO; TILE];
                for (ds, w) in ds.chunks_exact(rows).zip(w.chunks_exact(inputs)) {
                    let w = &w[block * LANES..].as_chunks::<TILE>().0[tile];
                    for_rows!(k < TILE => add_products::<FUSED>(&mut sums[k], &ds[n], &w[k]));
                }
                *products = sums;
            }
            row_sums(&products, dx);
        }
    }
}

/// Backward by the kernel, for one panel of units, and at once the step that
/// Adam takes: `dw = xᵀ ds`, which is nowhere kept.
pub(in crate::nn) fn descend(
    x: &[Lanes],
    ds: &[Lanes],
    w: &mut [Lanes],
    m: &mut [Lanes],
    v: &mut [Lanes],
    step: AdamStep,
) {
    dispatch!(descend_tiles<TILE, FUSED>(
        x: &[Lanes], ds: &[Lanes], w: &mut [Lanes], m: &mut [Lanes], v: &mut [Lanes], step: AdamStep
    ) -> ());
}

#[inline(always)]
fn descend_tiles<const TILE: usize, const FUSED: bool>(
    x: &[Lanes],
    ds: &[Lanes],
    w: &mut [Lanes],
    m: &mut [Lanes],
    v: &mut [Lanes],
    step: AdamStep,
) {
    let moments = m
        .as_chunks_mut::<TILE>()
        .0
        .iter_mut()
        .zip(v.as_chunks_mut::<TILE>().0);
    for (index, (w, (m, v))) in w
        .as_chunks_mut::<TILE>()
        .0
        .iter_mut()
        .zip(moments)
        .enumerate()
    {
        let first = index * TILE;
        let x = &x[first / LANES * ds.len()..][..ds.len()];
        let mut dw = [Lanes::ZERO; TILE];
        for (x, ds) in x.iter().zip(ds) {
            let x = &x.0.as_chunks::<TILE>().0[first % LANES / TILE];
            for_rows!(k < TILE => add_product::<FUSED>(&mut dw[k], x[k], ds));
        }
        for (((w, g), m), v) in w.iter_mut().zip(&dw).zip(m).zip(v) {
            update_lanes(w, g, m, v, step);
        }
    }
}

/// Backward by one panel's biases, and the step: `db = Σₙ ds`.
pub(in crate::nn) fn descend_bias(
    ds: &[Lanes],
    b: &mut Lanes,
    m: &mut Lanes,
    v: &mut Lanes,
    step: AdamStep,
) {
    dispatch!(descend_bias_loop(
        ds: &[Lanes], b: &mut Lanes, m: &mut Lanes, v: &mut Lanes, step: AdamStep
    ) -> ());
}

#[inline(always)]
fn descend_bias_loop(ds: &[Lanes], b: &mut Lanes, m: &mut Lanes, v: &mut Lanes, step: AdamStep) {
    let mut db = Lanes::ZERO;
    for ds in ds {
        add(&mut db, ds);
    }
    update_lanes(b, &db, m, v, step);
}

/// `sums += rows`.
pub(in crate::nn) fn add_rows(rows: &[Lanes], sums: &mut [Lanes]) {
    dispatch!(add_rows_loop(rows: &[Lanes], sums: &mut [Lanes]) -> ());
}

#[inline(always)]
fn add_rows_loop(rows: &[Lanes], sums: &mut [Lanes]) {
    for (sum, row) in sums.iter_mut().zip(rows) {
        add(sum, row);
    }
}

/// Turns `dy` into `ds = dy * f'(s)`, where `f'(s)` is read from the outputs `y`.
pub(in crate::nn) fn activation_gradient(activation: Activation, y: &[Lanes], dy: &mut [Lanes]) {
    match activation {
        Activation::Relu => dispatch!(relu_gradient_loop(y: &[Lanes], dy: &mut [Lanes]) -> ()),
        Activation::Linear => {}
    }
}

#[inline(always)]
fn relu_gradient_loop(y: &[Lanes], dy: &mut [Lanes]) {
    let (tiles, rest) = dy.as_chunks_mut::<ROWS>();
    let (y_tiles, y_rest) = y.as_chunks::<ROWS>();
    for (dy, y) in tiles.iter_mut().zip(y_tiles) {
        relu_gradient_tile(y, dy);
    }
    for (dy, y) in rest.iter_mut().zip(y_rest) {
        relu_gradient_tile(&[*y], array::from_mut(dy));
    }
}

#[inline(always)]
fn relu_gradient_tile<const N: usize>(y: &[Lanes; N], dy: &mut [Lanes; N]) {
    for n in 0..N {
        for lane in 0..LANES {
            let slope = dy[n].0[lane];
            dy[n].0[lane] = if y[n].0[lane] <= 0.0 { 0.0 } else { slope };
        }
    }
}

/// `sum += row`.
#[inline(always)]
fn add(sum: &mut Lanes, row: &Lanes) {
    for (sum, &row) in sum.0.iter_mut().zip(&row.0) {
        *sum += row;
    }
}

/// `sum += x * row`.
#[inline(always)]
pub(super) fn add_product<const FUSED: bool>(sum: &mut Lanes, x: f32, row: &Lanes) {
    for (sum, &row) in sum.0.iter_mut().zip(&row.0) {
        *sum = product_plus::<FUSED>(x, row, *sum);
    }
}

/// `sum += a * b`, lane by lane.
#[inline(always)]
pub(super) fn add_products<const FUSED: bool>(sum: &mut Lanes, a: &Lanes, b: &Lanes) {
    for ((sum, &a), &b) in sum.0.iter_mut().zip(&a.0).zip(&b.0) {
        *sum = product_plus::<FUSED>(a, b, *sum);
    }
}

#[inline(always)]
fn product_plus<const FUSED: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

#[inline(always)]
pub(super) fn activated(activation: Activation, products: &Lanes, b: &Lanes) -> Lanes {
    let mut y = *products;
    for (y, &b) in y.0.iter_mut().zip(&b.0) {
        *y = activation.of(*y + b);
    }
    y
}

/// The sum of each row's lanes.
fn row_sums(rows: &[Lanes; LANES], sums: &mut Lanes) {
    dispatch!(row_sums_unrolled(rows: &[Lanes; LANES], sums: &mut Lanes) -> ());
}

#[inline(always)]
fn row_sums_unrolled(rows: &[Lanes; LANES], sums: &mut Lanes) {
    for_rows!(row < LANES => sums.0[row] = sum_of_lanes(&rows[row]));
}

/// The sum of all lanes: halves are added to halves.
#[inline(always)]
fn sum_of_lanes(lanes: &Lanes) -> f32 {
    let mut eight = [0.0; 8];
    for (i, sum) in eight.iter_mut().enumerate() {
        *sum = lanes.0[i] + lanes.0[i + 8];
    }
    let mut four = [0.0; 4];
    for (i, sum) in four.iter_mut().enumerate() {
        *sum = eight[i] + eight[i + 4];
    }
    (four[0] + four[2]) + (four[1] + four[3])
}
