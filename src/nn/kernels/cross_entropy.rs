//! The sigmoid at the end of the decoder, and the loss behind it: many at a time what
//! [`loss::sigmoid`](crate::nn::loss) and [`loss::of_pixel`](crate::nn::loss) are of one.

use super::elementary::{LOWEST, exp_nonpositive, ln_1p_of_unit, ln_from_one};
use crate::nn::{
    lanes::{LANES, Lanes},
    loss::LOGIT_LIMIT,
};

/// Factors of up to 2 whose product an f32 holds with ease.
const FACTORS: usize = 64;

/// `1 / (1 + e⁻ˡ)` of every logit, in its place. NaN stays NaN.
pub(in crate::nn) fn sigmoid(logits: &mut [f32]) {
    dispatch!(sigmoid_loop(logits: &mut [f32]; |a, b, c| product_plus(a, b, c)) -> ());
}

#[inline(always)]
fn sigmoid_loop(logits: &mut [f32], product_plus: impl Fn(f32, f32, f32) -> f32 + Copy) {
    for logit in logits {
        let x = -logit.abs();
        // `x.max(LOWEST)` would turn NaN into a number.
        let e = exp_nonpositive(if x < LOWEST { LOWEST } else { x }, product_plus);
        *logit = (if *logit < 0.0 { e } else { 1.0 }) / (1.0 + e);
    }
}

/// The sum of the cross-entropies of `targets` under the sigmoids of `logits`.
pub(in crate::nn) fn cross_entropy(logits: &[f32], targets: &[f32]) -> f32 {
    dispatch!(cross_entropy_loop(
        logits: &[f32], targets: &[f32]; |a, b, c| product_plus(a, b, c)
    ) -> f32)
}

#[inline(always)]
fn cross_entropy_loop(
    logits: &[f32],
    targets: &[f32],
    product_plus: impl Fn(f32, f32, f32) -> f32 + Copy,
) -> f32 {
    let mut sums = [0.0; LANES];
    for (logits, targets) in logits.chunks(LANES).zip(targets.chunks(LANES)) {
        for ((sum, &logit), &target) in sums.iter_mut().zip(logits).zip(targets) {
            *sum += cross_entropy_of(logit, target, product_plus);
        }
    }
    sums.iter().sum()
}

/// Adds each row's cross-entropies to its `sums`, for one panel of whose columns
/// the first `columns` are there.
pub(in crate::nn) fn add_cross_entropy(
    logits: &[Lanes],
    targets: &[Lanes],
    columns: usize,
    sums: &mut [Lanes],
) {
    dispatch!(add_cross_entropy_loop(
        logits: &[Lanes], targets: &[Lanes], columns: usize, sums: &mut [Lanes];
        |a, b, c| product_plus(a, b, c)
    ) -> ());
}

#[inline(always)]
fn add_cross_entropy_loop(
    logits: &[Lanes],
    targets: &[Lanes],
    columns: usize,
    sums: &mut [Lanes],
    product_plus: impl Fn(f32, f32, f32) -> f32 + Copy,
) {
    for ((logits, targets), sums) in logits.iter().zip(targets).zip(sums) {
        for lane in 0..LANES {
            let loss = cross_entropy_of(logits.0[lane], targets.0[lane], product_plus);
            sums.0[lane] += if lane < columns { loss } else { 0.0 };
        }
    }
}

/// `max(l, 0) - l x + ln(1 + e⁻|ˡ|)`.
#[inline(always)]
fn cross_entropy_of(
    logit: f32,
    target: f32,
    product_plus: impl Fn(f32, f32, f32) -> f32 + Copy,
) -> f32 {
    let l = logit.clamp(-LOGIT_LIMIT, LOGIT_LIMIT);
    let e = exp_nonpositive(-l.abs(), product_plus);
    let positive = if l > 0.0 { l } else { 0.0 };
    product_plus(-l, target, positive) + ln_1p_of_unit(e, product_plus)
}

/// The sum of the cross-entropies of one panel, of whose columns the first `columns` are
/// there, and the derivative by each logit, times `scale`.
///
/// The logarithms are taken together: `Σ ln(1 + e) = ln Π (1 + e)`.
pub(in crate::nn) fn panel_cross_entropy_and_gradient(
    logits: &[Lanes],
    targets: &[Lanes],
    columns: usize,
    scale: f32,
    dlogits: &mut [Lanes],
) -> f32 {
    dispatch!(panel_loop(
        logits: &[Lanes],
        targets: &[Lanes],
        columns: usize,
        scale: f32,
        dlogits: &mut [Lanes];
        |a, b, c| product_plus(a, b, c)
    ) -> f32)
}

#[inline(always)]
fn panel_loop(
    logits: &[Lanes],
    targets: &[Lanes],
    columns: usize,
    scale: f32,
    dlogits: &mut [Lanes],
    product_plus: impl Fn(f32, f32, f32) -> f32 + Copy,
) -> f32 {
    let mut sums = [0.0; LANES];
    let inputs = logits.chunks(FACTORS).zip(targets.chunks(FACTORS));
    for ((logits, targets), dlogits) in inputs.zip(dlogits.chunks_mut(FACTORS)) {
        let mut factors = [1.0; LANES];
        for ((logits, targets), dlogits) in logits.iter().zip(targets).zip(dlogits) {
            for lane in 0..LANES {
                let (logit, target) = (logits.0[lane], targets.0[lane]);
                let l = logit.clamp(-LOGIT_LIMIT, LOGIT_LIMIT);
                let e = exp_nonpositive(-l.abs(), product_plus);
                let positive = l > 0.0;
                let slope = (if positive { 1.0 } else { e }) / (1.0 + e) - target;
                let clamped = logit.abs() > LOGIT_LIMIT;
                dlogits.0[lane] = if clamped { 0.0 } else { slope * scale };
                sums[lane] += product_plus(-l, target, if positive { l } else { 0.0 });
                factors[lane] *= 1.0 + e;
            }
        }
        for (sum, factors) in sums.iter_mut().zip(factors) {
            *sum += ln_from_one(factors, product_plus);
        }
    }
    for dlogits in dlogits {
        dlogits.0[columns..].fill(0.0);
    }
    sums[..columns].iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{kernels::in_each_form, lanes::flat, loss};
    use proptest::{collection::vec, prelude::*};

    /// A few roundings of f32, each 6e-8 of the value; the polynomials have three.
    const ROUNDINGS: f64 = 5e-7;

    /// Rows of logits on both sides of the limit, with targets, and columns that are there.
    fn panel() -> impl Strategy<Value = (Vec<Lanes>, Vec<Lanes>, usize)> {
        let lanes = |range: std::ops::Range<f32>, rows| {
            vec(proptest::array::uniform16(range).prop_map(Lanes), rows)
        };
        (1..100_usize)
            .prop_flat_map(move |rows| (lanes(-20.0..20.0, rows), lanes(0.0..1.0, rows), 1..=LANES))
    }

    fn of_pixel(logit: f32, target: f32) -> [f64; 2] {
        loss::of_pixel(f64::from(logit), f64::from(target))
    }

    /// An element's terms are up to 16, and cancel where the target agrees: errors are of
    /// 16, not of the difference, and add up over the elements.
    fn near(sum: f32, expected: f64, elements: usize) -> bool {
        (f64::from(sum) - expected).abs() < ROUNDINGS * 16.0 * elements as f64
    }

    /// What all of these kernels make of a panel.
    #[derive(Debug, PartialEq)]
    struct Made {
        sum: f32,
        dlogits: Vec<Lanes>,
        sums: Vec<Lanes>,
        rows: Vec<f32>,
        whole: f32,
        pixels: Vec<f32>,
    }

    /// In every form of theirs, with derivatives times `scale`.
    fn made(logits: &[Lanes], targets: &[Lanes], columns: usize, scale: f32) -> [Made; 3] {
        in_each_form(|| {
            let mut dlogits = vec![Lanes([f32::NAN; LANES]); logits.len()];
            let sum =
                panel_cross_entropy_and_gradient(logits, targets, columns, scale, &mut dlogits);
            let mut sums = vec![Lanes::ZERO; logits.len()];
            add_cross_entropy(logits, targets, columns, &mut sums);
            let rows = logits.iter().zip(targets);
            let rows = rows.map(|(logits, targets)| {
                cross_entropy(&logits.0[..columns], &targets.0[..columns])
            });
            let rows = rows.collect();
            let whole = cross_entropy(flat(logits), flat(targets));
            let mut pixels = flat(logits).to_vec();
            sigmoid(&mut pixels);
            Made {
                sum,
                dlogits,
                sums,
                rows,
                whole,
                pixels,
            }
        })
    }

    proptest! {
        #[test]
        fn the_sigmoid_is_its_definition(logits in vec(-80.0_f32..80.0, 1..100)) {
            for values in in_each_form(|| {
                let mut values = logits.clone();
                sigmoid(&mut values);
                values
            }) {
                for (value, &logit) in values.into_iter().zip(&logits) {
                    let expected = loss::sigmoid(f64::from(logit));
                    let error = (f64::from(value) / expected - 1.0).abs();
                    prop_assert!(error < ROUNDINGS, "σ({logit}) = {value}, not {expected}");
                }
            }
        }

        #[test]
        fn losses_and_gradient_are_their_definitions((logits, targets, columns) in panel()) {
            let scale = 0.125; // a power of two rounds nothing
            for made in made(&logits, &targets, columns, scale) {
                let mut expected = 0.0;
                for row in 0..logits.len() {
                    let (logits, targets) = (logits[row].0, targets[row].0);
                    let mut of_row = 0.0;
                    for lane in 0..columns {
                        let [loss, slope] = of_pixel(logits[lane], targets[lane]);
                        of_row += loss;
                        let slope = slope * f64::from(scale);
                        let error = (f64::from(made.dlogits[row].0[lane]) - slope).abs();
                        prop_assert!(error < ROUNDINGS * f64::from(scale), "{error} at {}", logits[lane]);
                    }
                    prop_assert!(made.dlogits[row].0[columns..].iter().all(|&rest| rest == 0.0));
                    prop_assert!(near(made.sums[row].0.iter().sum(), of_row, columns));
                    prop_assert!(near(made.rows[row], of_row, columns));
                    expected += of_row;
                }
                let all = flat(&logits).iter().zip(flat(&targets));
                let all: f64 = all.map(|(&logit, &target)| of_pixel(logit, target)[0]).sum();
                prop_assert!(near(made.whole, all, logits.len() * LANES));
                let elements = logits.len() * columns;
                prop_assert!(near(made.sum, expected, elements), "{} instead of {expected}", made.sum);
            }
        }

        /// Those that round a product and a sum once have the same bits, whatever their width.
        #[test]
        #[cfg(target_arch = "x86_64")]
        fn instruction_sets_that_fuse_give_the_same_bits((logits, targets, columns) in panel()) {
            if is_x86_feature_detected!("fma") {
                let [best, avx2, _] = made(&logits, &targets, columns, 0.1);
                prop_assert_eq!(best, avx2);
            }
        }
    }

    #[test]
    fn a_logit_beyond_every_number_has_a_sigmoid() {
        let logits = [f32::NEG_INFINITY, -100.0, -87.1, 87.1, 100.0, f32::INFINITY];
        for values in in_each_form(|| {
            let mut values = logits;
            sigmoid(&mut values);
            values
        }) {
            assert!(
                values[..3]
                    .iter()
                    .all(|value| (0.0..1.7e-38).contains(value))
            );
            assert_eq!(values[3..], [1.0; 3]);
        }
    }

    #[test]
    fn no_kernel_hides_a_nan() {
        // In the whole registers as well as in the rest.
        for place in [0, 17] {
            for (loss, pixel) in in_each_form(|| {
                let mut logits = [1.0; 18];
                logits[place] = f32::NAN;
                let loss = cross_entropy(&logits, &[0.0; 18]);
                sigmoid(&mut logits);
                (loss, logits[place])
            }) {
                assert!(loss.is_nan() && pixel.is_nan());
            }
        }
        let mut logits = [Lanes([1.0; LANES]); 3];
        logits[2].0[5] = f32::NAN;
        for made in made(&logits, &[Lanes::ZERO; 3], LANES, 1.0) {
            assert!(made.sum.is_nan() && made.dlogits[2].0[5].is_nan());
            assert!(made.sums[2].0[5].is_nan());
        }
    }
}
