//! The three matrix products of a dense layer, on panels.
//!
//! Each keeps a tile of sums in registers, as many as the processor has room
//! for, and fuses products with sums where it can; the order of the sums is the
//! same for all tiles.

use super::maps::transpose;
use crate::nn::{
    Activation,
    adam::AdamStep,
    lanes::{LANES, Lanes, flat, flat_mut},
};

/// Forward, for some panels of units: `y = f(x w + b)`.
///
/// `x` has a panel of `rows` rows for every sixteen inputs, `w` panels with a row for
/// every input, and `y` as many of `rows` rows; `b` has a row for each.
pub(in crate::nn) fn forward(
    x: &[Lanes],
    w: &[Lanes],
    b: &[Lanes],
    activation: Activation,
    rows: usize,
    y: &mut [Lanes],
) {
    dispatch!(forward_loop<TILE>(
        x: &[Lanes],
        w: &[Lanes],
        b: &[Lanes],
        activation: Activation,
        rows: usize,
        y: &mut [Lanes];
        |sum, x, row| add_product(sum, x, row)
    ) -> ());
}

#[inline(always)]
fn forward_loop<const TILE: usize>(
    x: &[Lanes],
    w: &[Lanes],
    b: &[Lanes],
    activation: Activation,
    rows: usize,
    y: &mut [Lanes],
    add_product: impl Fn(&mut Lanes, f32, &Lanes) + Copy,
) {
    let inputs = w.len() / b.len();
    let panels = w.chunks(2 * inputs).zip(y.chunks_mut(2 * rows));
    for ((w, y), b) in panels.zip(b.chunks(2)) {
        let (w, (y, y1)) = (w.split_at(inputs), y.split_at_mut(rows));
        match b {
            [b, b1] => {
                let (w, b, y) = ([w.0, w.1], [b, b1], [y, y1]);
                forward_tiles::<TILE, 2>(x, w, b, activation, y, add_product);
            }
            _ => forward_tiles::<TILE, 1>(x, [w.0], [&b[0]], activation, [y], add_product),
        }
    }
}

/// Inputs, in sixteens, whose products are summed before they are added to the others': a short sum
/// rounds less. As one sum of up to 512 the derivatives left every run of the vae by 7e-5
/// of Keras's, in 200 steps; like this one in two stays within 2e-7, as good as a sum by lanes.
const BLOCKS: usize = 4;

/// One panel with a tile of rows, or two with half of it: a number of `x` is then read for both.
#[expect(
    clippy::needless_range_loop,
    reason = "a number of `x` and a row of each panel go together"
)]
#[inline(always)]
fn forward_tiles<const TILE: usize, const PANELS: usize>(
    x: &[Lanes],
    w: [&[Lanes]; PANELS],
    b: [&Lanes; PANELS],
    activation: Activation,
    mut y: [&mut [Lanes]; PANELS],
    add_product: impl Fn(&mut Lanes, f32, &Lanes) + Copy,
) {
    let (rows, tile) = (y[0].len(), TILE / PANELS);
    for first in (0..rows).step_by(tile) {
        let mut totals = [[Lanes::ZERO; TILE]; PANELS];
        for (group, x) in x.chunks(BLOCKS * rows).enumerate() {
            let mut sums = [[Lanes::ZERO; TILE]; PANELS];
            for (block, x) in x.chunks_exact(rows).enumerate() {
                let x = &x[first..first + tile];
                let w = w.map(|w| &w.as_chunks::<LANES>().0[group * BLOCKS + block]);
                for k in 0..LANES {
                    for_rows!(n < tile => {
                        for_rows!(p < PANELS => add_product(&mut sums[p][n], x[n].0[k], &w[p][k]));
                    });
                }
            }
            // A product with 1 is exact, and an instruction where a loop over lanes may become none.
            for (totals, sums) in totals.iter_mut().zip(&sums) {
                for_rows!(n < tile => add_product(&mut totals[n], 1.0, &sums[n]));
            }
        }
        for (y, (totals, b)) in y.iter_mut().zip(totals.iter().zip(b)) {
            let y = &mut y[first..first + tile];
            for_rows!(n < tile => y[n] = activated(activation, &totals[n], b));
        }
    }
}

/// Backward by the inputs, for some panels of units: `dx = ds wᵀ`.
///
/// `ds` has panels of `rows` rows, and `w` of a row for every input; `dx` has a
/// panel of `rows` rows for every sixteen inputs. `turned` is room for what two of
/// these have in `w`, a row for every unit: near enough to be multiplied by every row
/// of `ds`, and then it is a product like any other.
pub(in crate::nn) fn input_gradient(
    ds: &[Lanes],
    w: &[Lanes],
    rows: usize,
    turned: &mut [Lanes],
    dx: &mut [Lanes],
) {
    let (panels, blocks) = (ds.len() / rows, dx.len() / rows);
    let squares = w.as_chunks::<LANES>().0;
    for (pair, dx) in dx.chunks_mut(2 * rows).enumerate() {
        let here = dx.len() / rows;
        let turned = &mut turned[..here * panels * LANES];
        for (number, turned) in turned.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let (block, panel) = (2 * pair + number / panels, number % panels);
            transpose(&squares[panel * blocks + block], turned);
        }
        let no_bias = &[Lanes::ZERO; 2][..here];
        forward(ds, turned, no_bias, Activation::Linear, rows, dx);
    }
}

/// Backward by the kernel, for some panels of units, and at once the step that
/// Adam takes: `dw = xᵀ ds`, which is nowhere kept.
///
/// `x` and `ds` have panels of `rows` rows; `w` and its moments `m` and `v` have a panel for each
/// of `ds`, with a row for every input.
pub(in crate::nn) fn descend(
    x: &[Lanes],
    ds: &[Lanes],
    rows: usize,
    [w, m, v]: [&mut [Lanes]; 3],
    step: AdamStep,
) {
    dispatch!(descend_loop<TILE>(
        x: &[Lanes],
        ds: &[Lanes],
        rows: usize,
        w: &mut [Lanes],
        m: &mut [Lanes],
        v: &mut [Lanes],
        step: AdamStep;
        |sum, x, row| add_product(sum, x, row),
        |w, g, m, v| update_lanes(w, g, m, v, step)
    ) -> ());
}

#[expect(
    clippy::too_many_arguments,
    reason = "the kernel's seven, and what is handed in"
)]
#[inline(always)]
fn descend_loop<const TILE: usize>(
    x: &[Lanes],
    ds: &[Lanes],
    rows: usize,
    w: &mut [Lanes],
    m: &mut [Lanes],
    v: &mut [Lanes],
    _: AdamStep,
    add_product: impl Fn(&mut Lanes, f32, &Lanes),
    update: impl Fn(&mut Lanes, &Lanes, &mut Lanes, &mut Lanes),
) {
    let inputs = x.len() / rows * LANES;
    let moments = m.chunks_exact_mut(inputs).zip(v.chunks_exact_mut(inputs));
    let learners = w.chunks_exact_mut(inputs).zip(moments);
    for (ds, (w, (m, v))) in ds.chunks_exact(rows).zip(learners) {
        let moments = (m.as_chunks_mut::<TILE>().0.iter_mut()).zip(v.as_chunks_mut::<TILE>().0);
        let learners = w.as_chunks_mut::<TILE>().0.iter_mut().zip(moments);
        for (first, (w, (m, v))) in (0..).step_by(TILE).zip(learners) {
            let x = &x[first / LANES * rows..][..rows];
            let mut dw = [Lanes::ZERO; TILE];
            for (x, ds) in x.iter().zip(ds) {
                let x = &x.0.as_chunks::<TILE>().0[first % LANES / TILE];
                for_rows!(k < TILE => add_product(&mut dw[k], x[k], ds));
            }
            for ((w, g), (m, v)) in w.iter_mut().zip(&dw).zip(m.iter_mut().zip(v)) {
                update(w, g, m, v);
            }
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
        ds: &[Lanes], b: &mut Lanes, m: &mut Lanes, v: &mut Lanes, step: AdamStep;
        |sum, x, row| add_product(sum, x, row),
        |b, g, m, v| update_lanes(b, g, m, v, step)
    ) -> ());
}

#[inline(always)]
fn descend_bias_loop(
    ds: &[Lanes],
    b: &mut Lanes,
    m: &mut Lanes,
    v: &mut Lanes,
    _: AdamStep,
    add_product: impl Fn(&mut Lanes, f32, &Lanes),
    update: impl Fn(&mut Lanes, &Lanes, &mut Lanes, &mut Lanes),
) {
    let mut db = Lanes::ZERO;
    for ds in ds {
        // Exact, and one instruction.
        add_product(&mut db, 1.0, ds);
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
        kernels::{Case, all_near, in_each_form, near, panels, product},
        lanes::{padded, value},
    };
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn forward_is_the_product_the_bias_and_the_bend(case in Case::any()) {
            let Case { x, w, .. } = &case;
            let (rows, inputs) = (padded(x.nrows()), padded(x.ncols()));
            let (x_panels, w_panels) = (panels(x), panels(w));
            let bias = |unit: usize| unit as f32 / 8.0 - 1.0;
            let row = |panel| Lanes(std::array::from_fn(|lane| bias(panel * LANES + lane)));
            let b: Vec<_> = (0..w_panels.len() / inputs).map(row).collect();
            let expected = product(x, w);
            for y in in_each_form(|| {
                let mut y = vec![Lanes::ZERO; rows * b.len()];
                forward(&x_panels, &w_panels, &b, Activation::Relu, rows, &mut y);
                y
            }) {
                for ((image, unit), &sum) in expected.indexed_iter() {
                    let expected = (sum + f64::from(bias(unit))).max(0.0);
                    near(value(&y, rows, image, unit), expected, inputs)?;
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
            for dx in in_each_form(|| {
                let mut dx = vec![Lanes::ZERO; padded(w.nrows()) / LANES * rows];
                let mut turned = vec![Lanes([9.0; LANES]); 2 * padded(w.ncols())];
                input_gradient(&ds_panels, &w_panels, rows, &mut turned, &mut dx);
                dx
            }) {
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
            for m in in_each_form(|| {
                let mut m = vec![Lanes::ZERO; inputs * (ds_panels.len() / rows)];
                let (mut w, mut v) = (m.clone(), m.clone());
                let learners = [&mut w[..], &mut m, &mut v];
                descend(&x_panels, &ds_panels, rows, learners, Case::GRADIENT);
                m
            }) {
                all_near(&m, &expected, x.nrows())?;
            }
        }

        #[test]
        fn a_bias_descends_by_its_gradient(case in Case::any()) {
            let Case { ds, .. } = &case;
            for (panel, rows) in panels(ds).chunks_exact(padded(ds.nrows())).enumerate() {
                for m in in_each_form(|| {
                    let [mut b, mut m, mut v] = [Lanes::ZERO; 3];
                    descend_bias(rows, &mut b, &mut m, &mut v, Case::GRADIENT);
                    m
                }) {
                    let here = ds.columns().into_iter().skip(panel * LANES);
                    for (column, &db) in here.zip(&m.0) {
                        near(db, column.iter().copied().map(f64::from).sum(), ds.nrows())?;
                    }
                }
            }
        }

        #[test]
        fn rows_are_added_and_bent_number_by_number(case in Case::any()) {
            let (x, y) = (panels(&case.x), panels(&case.x.mapv(|x| 0.5 - x)));
            for [sums, dy, bent] in in_each_form(|| {
                let [mut sums, mut dy, mut bent] = [y.clone(), x.clone(), y.clone()];
                add_rows(&x, &mut sums);
                activation_gradient(Activation::Relu, &y, &mut dy);
                activate(Activation::Relu, &x[0], &mut bent);
                [sums, dy, bent]
            }) {
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
    }

    #[test]
    fn no_product_hides_a_nan() {
        let mut x = vec![Lanes::ZERO; LANES];
        x[3].0[5] = f32::NAN;
        let mut y = vec![Lanes::ZERO; LANES];
        let w = vec![Lanes([1.0; LANES]); LANES];
        let b = [Lanes::ZERO];
        forward(&x, &w, &b, Activation::Linear, LANES, &mut y);
        assert!(y[3].0.iter().all(|y| y.is_nan()) && y[2] == Lanes::ZERO);
        let mut dx = vec![Lanes::ZERO; LANES];
        input_gradient(&x, &w, LANES, &mut [Lanes::ZERO; 2 * LANES], &mut dx);
        assert!(dx[3].0.iter().all(|dx| dx.is_nan()) && dx[2] == Lanes::ZERO);
    }
}
