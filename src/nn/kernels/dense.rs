//! The three matrix products of a dense layer, on panels.
//!
//! Each keeps a tile of sums in registers, as many as the processor has room
//! for, and fuses products with sums where it can; the order of the sums is the
//! same for all tiles.

use crate::nn::{
    Activation,
    adam::AdamStep,
    lanes::{LANES, Lanes, flat, flat_mut},
};

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
        ds: &[Lanes], w: &[Lanes], rows: usize, dx: &mut [Lanes]; |rows| row_sums(rows)
    ) -> ());
}

#[inline(always)]
fn input_gradient_tiles<const TILE: usize, const FUSED: bool>(
    ds: &[Lanes],
    w: &[Lanes],
    rows: usize,
    dx: &mut [Lanes],
    row_sums: impl Fn(&[Lanes; LANES]) -> Lanes,
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
            *dx = row_sums(&products);
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
        x: &[Lanes], ds: &[Lanes], w: &mut [Lanes], m: &mut [Lanes], v: &mut [Lanes], step: AdamStep;
        |w, g, m, v| update_lanes(w, g, m, v, step)
    ) -> ());
}

#[inline(always)]
fn descend_tiles<const TILE: usize, const FUSED: bool>(
    x: &[Lanes],
    ds: &[Lanes],
    w: &mut [Lanes],
    m: &mut [Lanes],
    v: &mut [Lanes],
    _: AdamStep,
    update: impl Fn(&mut Lanes, &Lanes, &mut Lanes, &mut Lanes),
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
            update(w, g, m, v);
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
    dispatch!(descend_bias_loop<TILE, FUSED>(
        ds: &[Lanes], b: &mut Lanes, m: &mut Lanes, v: &mut Lanes, step: AdamStep;
        |b, g, m, v| update_lanes(b, g, m, v, step)
    ) -> ());
}

#[inline(always)]
fn descend_bias_loop<const TILE: usize, const FUSED: bool>(
    ds: &[Lanes],
    b: &mut Lanes,
    m: &mut Lanes,
    v: &mut Lanes,
    _: AdamStep,
    update: impl Fn(&mut Lanes, &Lanes, &mut Lanes, &mut Lanes),
) {
    let mut db = Lanes::ZERO;
    for ds in ds {
        for (sum, &ds) in db.0.iter_mut().zip(&ds.0) {
            *sum += ds;
        }
    }
    update(b, &db, m, v);
}

/// `sums += rows`.
pub(in crate::nn) fn add_rows(rows: &[Lanes], sums: &mut [Lanes]) {
    let (rows, sums) = (flat(rows), flat_mut(sums));
    dispatch!(add_rows_loop(rows: &[f32], sums: &mut [f32]) -> ());
}

#[inline(always)]
fn add_rows_loop(rows: &[f32], sums: &mut [f32]) {
    for (sum, row) in sums.iter_mut().zip(rows) {
        *sum += row;
    }
}

/// `y = f(y + b)` for one panel of units.
pub(in crate::nn) fn activate(activation: Activation, b: &Lanes, y: &mut [Lanes]) {
    dispatch!(activate_loop(activation: Activation, b: &Lanes, y: &mut [Lanes]) -> ());
}

#[inline(always)]
fn activate_loop(activation: Activation, b: &Lanes, y: &mut [Lanes]) {
    for y in flat_mut(y).as_chunks_mut::<LANES>().0 {
        *y = activated(activation, &Lanes(*y), b).0;
    }
}

/// Turns `dy` into `ds = dy * f'(s)`, where `f'(s)` is read from the outputs `y`.
pub(in crate::nn) fn activation_gradient(activation: Activation, y: &[Lanes], dy: &mut [Lanes]) {
    let (y, dy) = (flat(y), flat_mut(dy));
    match activation {
        Activation::Relu => dispatch!(relu_gradient_loop(y: &[f32], dy: &mut [f32]) -> ()),
        Activation::Linear => {}
    }
}

#[inline(always)]
fn relu_gradient_loop(y: &[f32], dy: &mut [f32]) {
    for (dy, &y) in dy.iter_mut().zip(y) {
        *dy = if y <= 0.0 { 0.0 } else { *dy };
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
fn activated(activation: Activation, products: &Lanes, b: &Lanes) -> Lanes {
    let mut y = *products;
    for (y, &b) in y.0.iter_mut().zip(&b.0) {
        *y = activation.of(*y + b);
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        kernels::{Case, all_near, near, panels, portable, product},
        lanes::padded,
    };
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn forward_is_the_product_the_bias_and_the_bend(case in Case::any()) {
            let Case { x, w, .. } = &case;
            let (rows, inputs) = (padded(x.nrows()), padded(x.ncols()));
            let (x_panels, w_panels) = (panels(x), panels(w));
            let b = Lanes(std::array::from_fn(|lane| lane as f32 / 8.0 - 1.0));
            let expected = product(x, w);
            for (panel, w) in w_panels.chunks_exact(inputs).enumerate() {
                let mut best = vec![Lanes::ZERO; rows];
                let (mut avx2, mut any) = (best.clone(), best.clone());
                forward(&x_panels, w, &b, Activation::Relu, &mut best);
                forward_tiles::<4, true>(&x_panels, w, &b, Activation::Relu, &mut avx2);
                forward_tiles::<4, false>(&x_panels, w, &b, Activation::Relu, &mut any);
                for y in [best, avx2, any] {
                    for ((image, unit), &sum) in expected.indexed_iter() {
                        if unit / LANES == panel {
                            let expected = (sum + f64::from(b.0[unit % LANES])).max(0.0);
                            near(y[image].0[unit % LANES], expected, inputs)?;
                        }
                    }
                }
            }
        }

        #[test]
        fn the_gradient_by_the_inputs_is_the_product_with_the_transposed_kernel(
            case in Case::any(),
        ) {
            let Case { ds, w, .. } = &case;
            let rows = padded(ds.nrows());
            let (ds_panels, w_panels) = (panels(ds), panels(w));
            let expected = product(ds, &w.t().to_owned());
            let mut best = vec![Lanes::ZERO; padded(w.nrows()) / LANES * rows];
            let (mut avx2, mut any) = (best.clone(), best.clone());
            input_gradient(&ds_panels, &w_panels, rows, &mut best);
            let sums = portable::row_sums;
            input_gradient_tiles::<4, true>(&ds_panels, &w_panels, rows, &mut avx2, sums);
            input_gradient_tiles::<4, false>(&ds_panels, &w_panels, rows, &mut any, sums);
            for dx in [best, avx2, any] {
                all_near(&dx, &expected, w.ncols())?;
            }
        }

        #[test]
        fn a_kernel_descends_by_its_gradient(case in Case::any()) {
            let Case { x, ds, .. } = &case;
            let inputs = padded(x.ncols());
            let (x_panels, ds_panels) = (panels(x), panels(ds));
            let expected = product(&x.t().to_owned(), ds);
            let rows = padded(x.nrows());
            let mut m = vec![Lanes::ZERO; inputs * (ds_panels.len() / rows)];
            let (mut w, mut v) = (m.clone(), m.clone());
            for (panel, ds) in ds_panels.chunks_exact(rows).enumerate() {
                let here = panel * inputs..(panel + 1) * inputs;
                let (m, v) = (&mut m[here.clone()], &mut v[here.clone()]);
                descend(&x_panels, ds, &mut w[here], m, v, Case::GRADIENT);
            }
            all_near(&m, &expected, x.nrows())?;
        }

        #[test]
        fn a_bias_descends_by_its_gradient(case in Case::any()) {
            let Case { ds, .. } = &case;
            for (panel, rows) in panels(ds).chunks_exact(padded(ds.nrows())).enumerate() {
                let [mut b, mut m, mut v] = [Lanes::ZERO; 3];
                descend_bias(rows, &mut b, &mut m, &mut v, Case::GRADIENT);
                let here = ds.columns().into_iter().skip(panel * LANES);
                for (column, &db) in here.zip(&m.0) {
                    near(db, column.iter().copied().map(f64::from).sum(), ds.nrows())?;
                }
            }
        }

        #[test]
        fn rows_are_added_and_bent_number_by_number(case in Case::any()) {
            let (x, y) = (panels(&case.x), panels(&case.x.mapv(|x| 0.5 - x)));
            let mut sums = y.clone();
            add_rows(&x, &mut sums);
            let mut dy = x.clone();
            activation_gradient(Activation::Relu, &y, &mut dy);
            let mut bent = y.clone();
            activate(Activation::Relu, &x[0], &mut bent);
            for row in 0..x.len() {
                for lane in 0..LANES {
                    let (x_, y_) = (x[row].0[lane], y[row].0[lane]);
                    prop_assert_eq!(sums[row].0[lane], y_ + x_);
                    prop_assert_eq!(dy[row].0[lane], if y_ > 0.0 { x_ } else { 0.0 });
                    prop_assert_eq!(bent[row].0[lane], (y_ + x[0].0[lane]).max(0.0));
                }
            }
        }
    }

    #[test]
    fn no_product_hides_a_nan() {
        let mut x = vec![Lanes::ZERO; LANES];
        x[3].0[5] = f32::NAN;
        let mut y = vec![Lanes::ZERO; LANES];
        let w = vec![Lanes([1.0; LANES]); LANES];
        forward(&x, &w, &Lanes::ZERO, Activation::Linear, &mut y);
        assert!(y[3].0.iter().all(|y| y.is_nan()) && y[2] == Lanes::ZERO);
        let mut dx = vec![Lanes::ZERO; LANES];
        input_gradient(&x, &w, LANES, &mut dx);
        assert!(dx[3].0.iter().all(|dx| dx.is_nan()) && dx[2] == Lanes::ZERO);
    }
}
