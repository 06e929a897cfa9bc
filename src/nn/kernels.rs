//! The loops that decide the speed of a step, each beside its definition.
//!
//! A kernel is one branch-free loop, written once and compiled for AVX-512, for
//! AVX2 and for any processor; the best is chosen at run time. It multiplies and
//! adds in two roundings and sums in a fixed order, so all three give the same
//! bits. [`plain`] has the definitions, in f64, and the tests compare.
//!
//! Kernels know slices of numbers, no layers.

mod elementary;
#[cfg(test)]
mod plain;

use elementary::{exp_nonpositive, ln_1p_of_unit};

/// Partial sums that are kept side by side: one 512-bit register of f32.
const LANES: usize = 16;

/// Moments of less than this become zero.
///
/// The gradients of always-black pixels fade until the moments are subnormal,
/// and arithmetic on subnormal numbers is slow enough to double a step's time.
/// With an epsilon of 1e-7 the threshold cannot be felt: a first moment of 1e-30
/// moves a parameter by 1e-26, and the root of a second moment of 1e-30 is
/// 1e-8 of epsilon, which f32 cannot tell from nothing.
pub(super) const NEGLIGIBLE_MOMENT: f32 = 1e-30;

/// Calls a loop compiled for the best instruction set that this processor has.
macro_rules! dispatch {
    ($body:ident($($argument:ident: $type:ty),*) -> $result:ty) => {{
        #[cfg(target_arch = "x86_64")]
        {
            #[target_feature(enable = "avx512f")]
            fn avx512($($argument: $type),*) -> $result {
                $body($($argument),*)
            }

            #[target_feature(enable = "avx2")]
            fn avx2($($argument: $type),*) -> $result {
                $body($($argument),*)
            }

            if is_x86_feature_detected!("avx512f") {
                // SAFETY: the function's one requirement, AVX-512F, was just detected.
                #[expect(unsafe_code, reason = "the processor was asked for AVX-512F")]
                return unsafe { avx512($($argument),*) };
            }
            if is_x86_feature_detected!("avx2") {
                // SAFETY: the function's one requirement, AVX2, was just detected.
                #[expect(unsafe_code, reason = "the processor was asked for AVX2")]
                return unsafe { avx2($($argument),*) };
            }
        }
        $body($($argument),*)
    }};
}

/// `1 / (1 + e⁻ˡ)` of every logit, in its place. NaN stays NaN.
pub(super) fn sigmoid(logits: &mut [f32]) {
    dispatch!(sigmoid_loop(logits: &mut [f32]) -> ())
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
pub(super) fn cross_entropy(logits: &[f32], targets: &[f32], limit: f32) -> f32 {
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
pub(super) fn cross_entropy_and_gradient(
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

/// The numbers of one Adam step that all parameters share.
#[derive(Debug, Clone, Copy)]
pub(super) struct AdamStep {
    /// Learning rate with both bias corrections.
    pub(super) rate: f32,
    pub(super) beta1: f32,
    pub(super) one_minus_beta1: f32,
    pub(super) beta2: f32,
    pub(super) one_minus_beta2: f32,
    pub(super) epsilon: f32,
}

/// One Adam step of the parameters `p` with gradients `g` and moments `m`, `v`:
///
/// - `m = β₁ m + (1 - β₁) g`
/// - `v = β₂ v + (1 - β₂) g²`
/// - `p = p - rate m / (√v + ε)`
///
/// with moments below [`NEGLIGIBLE_MOMENT`] set to zero.
pub(super) fn adam(p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32], step: AdamStep) {
    dispatch!(adam_loop(
        p: &mut [f32],
        g: &[f32],
        m: &mut [f32],
        v: &mut [f32],
        step: AdamStep
    ) -> ())
}

#[inline(always)]
fn adam_loop(p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32], step: AdamStep) {
    for (((p, &g), m), v) in p.iter_mut().zip(g).zip(m).zip(v) {
        *m = noticeable(step.beta1 * *m + step.one_minus_beta1 * g);
        *v = noticeable(step.beta2 * *v + step.one_minus_beta2 * (g * g));
        *p -= step.rate * *m / (v.sqrt() + step.epsilon);
    }
}

/// The moment, or zero for one too small to matter. NaN stays NaN.
#[inline(always)]
fn noticeable(moment: f32) -> f32 {
    if moment.abs() < NEGLIGIBLE_MOMENT {
        0.0
    } else {
        moment
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    const LIMIT: f32 = 16.0;
    /// A few roundings of f32, each 6e-8 of the value, of which the polynomials
    /// have three (see [`elementary`]).
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

        #[test]
        fn a_step_of_adam_is_its_definition(
            rows in vec((-1.0_f32..1.0, -0.1_f32..0.1, -0.1_f32..0.1, 0.0_f32..0.01), 1..100),
        ) {
            let step = AdamStep {
                rate: 0.001,
                beta1: 0.9,
                one_minus_beta1: 0.1,
                beta2: 0.999,
                one_minus_beta2: 0.001,
                epsilon: 1e-7,
            };
            let mut p: Vec<f32> = rows.iter().map(|row| row.0).collect();
            let g: Vec<f32> = rows.iter().map(|row| row.1).collect();
            let mut m: Vec<f32> = rows.iter().map(|row| row.2).collect();
            let mut v: Vec<f32> = rows.iter().map(|row| row.3).collect();
            adam(&mut p, &g, &mut m, &mut v, step);
            for (index, row) in rows.iter().enumerate() {
                let expected = plain::adam(row.0, row.1, row.2, row.3, step);
                // Relative to the largest of the ranges above, as sums may cancel.
                for (value, expected, range) in [
                    (p[index], expected[0], 1.0),
                    (m[index], expected[1], 0.1),
                    (v[index], expected[2], 0.01),
                ] {
                    let error = (f64::from(value) - expected).abs();
                    prop_assert!(error < ROUNDINGS * range, "{value} instead of {expected}");
                }
            }
        }
    }

    #[test]
    fn moments_too_small_to_matter_become_zero() {
        let step = AdamStep {
            rate: 0.001,
            beta1: 0.9,
            one_minus_beta1: 0.1,
            beta2: 0.999,
            one_minus_beta2: 0.001,
            epsilon: 1e-7,
        };
        let (mut p, mut m, mut v) = ([0.5], [-1e-30], [1e-30]);
        adam(&mut p, &[0.0], &mut m, &mut v, step);
        assert_eq!((p, m, v), ([0.5], [0.0], [0.0]));
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
