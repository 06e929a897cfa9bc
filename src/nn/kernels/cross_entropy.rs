//! The sigmoid at the end of the decoder, and the loss behind it.

use super::elementary::{exp_nonpositive, ln_1p_of_unit, ln_from_one};
use crate::nn::lanes::{LANES, Lanes};

/// Factors of up to 2 whose product an f32 holds with ease.
const FACTORS: usize = 64;

/// `1 / (1 + e⁻ˡ)` of every logit, in its place. NaN stays NaN.
pub(in crate::nn) fn sigmoid(logits: &mut [f32]) {
    dispatch!(sigmoid_loop(logits: &mut [f32]) -> ());
}

#[inline(always)]
fn sigmoid_loop(logits: &mut [f32]) {
    for logit in logits {
        let e = exp_nonpositive(-logit.abs());
        *logit = (if *logit < 0.0 { e } else { 1.0 }) / (1.0 + e);
    }
}

/// The sum of the cross-entropies of `targets` under the sigmoids of `logits`,
/// which are clamped to `±limit` (at most 87).
pub(in crate::nn) fn cross_entropy(logits: &[f32], targets: &[f32], limit: f32) -> f32 {
    dispatch!(cross_entropy_loop(logits: &[f32], targets: &[f32], limit: f32) -> f32)
}

#[inline(always)]
fn cross_entropy_loop(logits: &[f32], targets: &[f32], limit: f32) -> f32 {
    let mut sums = [0.0; LANES];
    for (logits, targets) in logits.chunks(LANES).zip(targets.chunks(LANES)) {
        for ((sum, &logit), &target) in sums.iter_mut().zip(logits).zip(targets) {
            *sum += cross_entropy_and_slope(logit, target, limit).0;
        }
    }
    sums.iter().sum()
}

/// [`cross_entropy`], and its derivative by each logit, times `scale`.
pub(in crate::nn) fn cross_entropy_and_gradient(
    logits: &[f32],
    targets: &[f32],
    limit: f32,
    scale: f32,
    dlogits: &mut [f32],
) -> f32 {
    dispatch!(cross_entropy_and_gradient_loop(
        logits: &[f32],
        targets: &[f32],
        limit: f32,
        scale: f32,
        dlogits: &mut [f32]
    ) -> f32)
}

#[inline(always)]
fn cross_entropy_and_gradient_loop(
    logits: &[f32],
    targets: &[f32],
    limit: f32,
    scale: f32,
    dlogits: &mut [f32],
) -> f32 {
    let mut sums = [0.0; LANES];
    let inputs = logits.chunks(LANES).zip(targets.chunks(LANES));
    for ((logits, targets), dlogits) in inputs.zip(dlogits.chunks_mut(LANES)) {
        let inputs = logits.iter().zip(targets);
        for (((&logit, &target), dlogit), sum) in inputs.zip(dlogits).zip(&mut sums) {
            let (loss, slope) = cross_entropy_and_slope(logit, target, limit);
            *dlogit = slope * scale;
            *sum += loss;
        }
    }
    sums.iter().sum()
}

/// [`cross_entropy_and_gradient`] for one panel, of whose columns the first
/// `columns` are there.
///
/// The logarithms are taken together: `Σ ln(1 + e) = ln Π (1 + e)`.
pub(in crate::nn) fn panel_cross_entropy_and_gradient(
    logits: &[Lanes],
    targets: &[Lanes],
    columns: usize,
    limit: f32,
    scale: f32,
    dlogits: &mut [Lanes],
) -> f32 {
    dispatch!(panel_loop(
        logits: &[Lanes],
        targets: &[Lanes],
        columns: usize,
        limit: f32,
        scale: f32,
        dlogits: &mut [Lanes]
    ) -> f32)
}

#[inline(always)]
fn panel_loop(
    logits: &[Lanes],
    targets: &[Lanes],
    columns: usize,
    limit: f32,
    scale: f32,
    dlogits: &mut [Lanes],
) -> f32 {
    let mut sums = [0.0; LANES];
    let inputs = logits.chunks(FACTORS).zip(targets.chunks(FACTORS));
    for ((logits, targets), dlogits) in inputs.zip(dlogits.chunks_mut(FACTORS)) {
        let mut factors = [1.0; LANES];
        for ((logits, targets), dlogits) in logits.iter().zip(targets).zip(dlogits) {
            for lane in 0..LANES {
                let (logit, target) = (logits.0[lane], targets.0[lane]);
                let l = logit.clamp(-limit, limit);
                let e = exp_nonpositive(-l.abs());
                let positive = l > 0.0;
                let slope = (if positive { 1.0 } else { e }) / (1.0 + e) - target;
                let clamped = logit.abs() > limit;
                dlogits.0[lane] = if clamped { 0.0 } else { slope * scale };
                sums[lane] += (if positive { l } else { 0.0 }) - l * target;
                factors[lane] *= 1.0 + e;
            }
        }
        for (sum, factors) in sums.iter_mut().zip(factors) {
            *sum += ln_from_one(factors);
        }
    }
    for dlogits in dlogits {
        dlogits.0[columns..].fill(0.0);
    }
    sums[..columns].iter().sum()
}

/// Adds each row's cross-entropies to its `sums`, for one panel of whose columns
/// the first `columns` are there.
pub(in crate::nn) fn add_cross_entropy(
    logits: &[Lanes],
    targets: &[Lanes],
    columns: usize,
    limit: f32,
    sums: &mut [Lanes],
) {
    dispatch!(add_cross_entropy_loop(
        logits: &[Lanes], targets: &[Lanes], columns: usize, limit: f32, sums: &mut [Lanes]
    ) -> ());
}

#[inline(always)]
fn add_cross_entropy_loop(
    logits: &[Lanes],
    targets: &[Lanes],
    columns: usize,
    limit: f32,
    sums: &mut [Lanes],
) {
    for ((logits, targets), sums) in logits.iter().zip(targets).zip(sums) {
        for lane in 0..LANES {
            let loss = cross_entropy_and_slope(logits.0[lane], targets.0[lane], limit).0;
            sums.0[lane] += if lane < columns { loss } else { 0.0 };
        }
    }
}

/// For the clamped logit `l` and the target `x`, the cross-entropy
/// `max(l, 0) - l x + ln(1 + e⁻|ˡ|)` and its derivative `σ(l) - x`, which is zero
/// where the clamp is at work. A NaN makes both NaN.
#[inline(always)]
fn cross_entropy_and_slope(logit: f32, target: f32, limit: f32) -> (f32, f32) {
    let l = logit.clamp(-limit, limit);
    let e = exp_nonpositive(-l.abs());
    let positive = l > 0.0;
    let loss = (if positive { l } else { 0.0 }) - l * target + ln_1p_of_unit(e);
    let sigmoid = (if positive { 1.0 } else { e }) / (1.0 + e);
    let slope = if logit.abs() > limit {
        0.0
    } else {
        sigmoid - target
    };
    (loss, slope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::kernels::plain;
    use proptest::{collection::vec, prelude::*};

    const LIMIT: f32 = 16.0;
    /// A few roundings of f32, each 6e-8 of the value; the polynomials have three.
    const ROUNDINGS: f64 = 5e-7;

    /// Logits on both sides of the limit, with targets; lengths that leave a rest.
    fn logits_and_targets() -> impl Strategy<Value = Vec<(f32, f32)>> {
        vec((-20.0_f32..20.0, 0.0_f32..=1.0), 1..100)
    }

    proptest! {
        #[test]
        fn the_sigmoid_is_its_definition(logits in vec(-80.0_f32..80.0, 1..100)) {
            let mut values = logits.clone();
            sigmoid(&mut values);
            for (value, logit) in values.into_iter().zip(logits) {
                let expected = plain::sigmoid(logit);
                let error = (f64::from(value) / expected - 1.0).abs();
                prop_assert!(error < ROUNDINGS, "σ({logit}) = {value}, not {expected}");
            }
        }

        #[test]
        fn loss_and_gradient_are_their_definitions(pairs in logits_and_targets()) {
            let (logits, targets): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            let scale = 0.125; // a power of two rounds nothing
            let mut dlogits = vec![f32::NAN; logits.len()];
            let sum = cross_entropy_and_gradient(&logits, &targets, LIMIT, scale, &mut dlogits);
            prop_assert_eq!(sum.to_bits(), cross_entropy(&logits, &targets, LIMIT).to_bits());

            // An element's terms are up to 16, and cancel where the target agrees:
            // errors are of 16, not of the difference, and add up over the elements.
            let expected: f64 = logits.iter().zip(&targets)
                .map(|(&l, &x)| plain::cross_entropy(l, x, LIMIT)).sum();
            let error = (f64::from(sum) - expected).abs();
            let bound = ROUNDINGS * f64::from(LIMIT) * logits.len() as f64;
            prop_assert!(error < bound, "{sum} instead of {expected}");

            for ((&logit, &target), &dlogit) in logits.iter().zip(&targets).zip(&dlogits) {
                let expected = plain::slope(logit, target, LIMIT) * f64::from(scale);
                let error = (f64::from(dlogit) - expected).abs();
                prop_assert!(error < ROUNDINGS * f64::from(scale), "{dlogit} at {logit}, {target}");
            }
        }

        #[test]
        fn every_instruction_set_gives_the_same_bits(pairs in logits_and_targets()) {
            let (logits, targets): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            let mut best = vec![0.0; logits.len()];
            let mut any = best.clone();
            let best_sum = cross_entropy_and_gradient(&logits, &targets, LIMIT, 0.1, &mut best);
            let any_sum = cross_entropy_and_gradient_loop(&logits, &targets, LIMIT, 0.1, &mut any);
            prop_assert_eq!(best_sum.to_bits(), any_sum.to_bits());
            prop_assert_eq!(best, any);
        }
    }

    #[test]
    fn no_kernel_hides_a_nan() {
        // In the whole registers as well as in the rest.
        for place in [0, 17] {
            let mut logits = [1.0; 18];
            logits[place] = f32::NAN;
            let mut dlogits = [0.0; 18];
            let targets = [0.0; 18];
            let sum = cross_entropy_and_gradient(&logits, &targets, LIMIT, 1.0, &mut dlogits);
            assert!(sum.is_nan());
            assert!(dlogits[place].is_nan());
            sigmoid(&mut logits);
            assert!(logits[place].is_nan());
        }
    }
}
