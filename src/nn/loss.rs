//! Binary cross-entropy, from logits.
//!
//! Knows logits and targets, no layers. For a logit `l` and a target `x`
//!
//! ```text
//! loss  = -x ln σ(l) - (1 - x) ln(1 - σ(l)) = max(l, 0) - l x + ln(1 + e^-|l|)
//! dl    = σ(l) - x
//! ```
//!
//! and the loss of a batch is the mean over its `N` images and `I` pixels. The plain form
//! comes first, then what many images are asked for.

use super::{
    kernels,
    real::{real, wide},
};
use ndarray::{Array2, ArrayView2, NdFloat, Zip};

/// Logits count as at most this, and at least its negative.
///
/// Keras clips predictions to 1e-7 and 1 - 1e-7, so that no logarithm is
/// infinite; this is `ln((1 - 1e-7) / 1e-7)`, the logit of the upper one.
pub const LOGIT_LIMIT: f32 = 16.118_095;

/// `σ(l)`.
pub(super) fn sigmoid<F: NdFloat>(l: F) -> F {
    (F::one() + (-l).exp()).recip()
}

/// The loss of one pixel and its derivative by the logit, which is zero beyond the limit. A
/// NaN makes both NaN.
pub(super) fn of_pixel<F: NdFloat>(logit: F, target: F) -> [F; 2] {
    let (zero, limit) = (F::zero(), real(LOGIT_LIMIT.into()));
    // Not `clamp` or `max`, which may turn a NaN into a number.
    let within = |l: F| if l > limit { limit } else { l };
    let l = -within(-within(logit));
    let positive = if l < zero { zero } else { l };
    let loss = positive - l * target + (-l.abs()).exp().ln_1p();
    let slope = if logit.abs() > limit {
        zero
    } else {
        sigmoid(l) - target
    };
    [loss, slope]
}

/// The loss of the batch and its derivative by each logit, `[N, I]`: `(σ(l) - x) / (N I)`.
///
/// # Panics
///
/// When the shapes differ.
pub fn of_batch<F: NdFloat>(logits: ArrayView2<F>, target: ArrayView2<F>) -> (f64, Array2<F>) {
    assert_eq!(logits.dim(), target.dim(), "a target for every logit");
    let elements = logits.len() as f64;
    let scale: F = real(elements.recip());
    let mut sum = 0.0;
    let dlogits = Zip::from(logits)
        .and(target)
        .map_collect(|&logit, &target| {
            let [loss, slope] = of_pixel(logit, target);
            sum += wide(loss);
            slope * scale
        });
    (sum / elements, dlogits)
}

/// The loss of every image alone, in nats: the mean over its pixels of logits `[N, I]`
/// against targets `[N, I]` in 0..=1. Not finite when a logit of the image is NaN.
///
/// # Panics
///
/// When the shapes differ.
pub fn per_image(logits: ArrayView2<f32>, target: ArrayView2<f32>) -> Vec<f32> {
    let pixels = logits.ncols() as f32;
    assert_eq!(logits.dim(), target.dim(), "a target for every logit");
    let logits = logits.as_standard_layout();
    let target = target.as_standard_layout();
    let rows = logits.rows().into_iter().zip(target.rows());
    rows.map(|(logits, target)| {
        let sum = kernels::cross_entropy(
            logits.as_slice().expect(CONTIGUOUS),
            target.as_slice().expect(CONTIGUOUS),
        );
        sum / pixels
    })
    .collect()
}

/// The sigmoid of each logit: how likely it says that the pixel is white.
///
/// # Panics
///
/// Never: what was brought into standard layout is a slice.
pub fn probabilities(logits: ArrayView2<f32>) -> Array2<f32> {
    let mut y = logits.as_standard_layout().into_owned();
    kernels::sigmoid(y.as_slice_mut().expect("standard layout is a slice"));
    y
}

const CONTIGUOUS: &str = "rows in standard layout are slices";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::proof::{assert_near, derivative};
    use ndarray::array;

    /// Two images of three pixels, with logits on both sides of the clamp.
    fn example() -> (Array2<f32>, Array2<f32>) {
        (
            array![[-3.0, 0.5, 20.0], [1.5, -17.0, 0.0]],
            array![[0.0, 0.75, 1.0], [1.0, 0.25, 0.5]],
        )
    }

    #[test]
    fn the_limit_is_the_logit_of_the_largest_prediction() {
        let limit = ((1.0 - 1e-7_f64) / 1e-7).ln() as f32;
        assert_eq!(LOGIT_LIMIT.to_bits(), limit.to_bits());
    }

    /// The mean cross-entropy of clipped predictions, as Keras defines it.
    fn of_predictions(logits: &Array2<f64>, target: &Array2<f64>) -> f64 {
        let losses = Zip::from(logits).and(target).map_collect(|&l, &x| {
            let p = sigmoid(l).clamp(1e-7, 1.0 - 1e-7);
            -x * p.ln() - (1.0 - x) * (1.0 - p).ln()
        });
        losses.sum() / losses.len() as f64
    }

    #[test]
    fn both_losses_are_the_definition() {
        let (logits, target) = example();
        let expected = of_predictions(&logits.mapv(f64::from), &target.mapv(f64::from));
        let losses = [
            of_batch(logits.view(), target.view()).0,
            f64::from(per_image(logits.view(), target.view()).iter().sum::<f32>()) / 2.0,
        ];
        for loss in losses {
            // Six f32 terms of up to 16, summed in f32.
            assert!(
                (loss - expected).abs() < 1e-6 * 16.0,
                "{loss}, not {expected}"
            );
        }
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        let (logits, target) = example();
        let target_f64 = target.mapv(f64::from);
        let expected = derivative(&logits.mapv(f64::from), |logits| {
            of_predictions(logits, &target_f64)
        });
        let (_, dlogits) = of_batch(logits.view(), target.view());
        assert_near("dlogits", dlogits.view(), &expected);
    }

    #[test]
    fn probabilities_are_the_sigmoids_in_any_layout() {
        let (logits, _) = example();
        let expected = logits.mapv(|l| sigmoid(f64::from(l)));
        assert_near("y", probabilities(logits.view()).view(), &expected);
        let turned = probabilities(logits.t());
        assert_eq!(turned.t(), probabilities(logits.view()));
    }

    #[test]
    fn arrays_in_another_layout_have_the_same_loss() {
        let (logits, target) = example();
        let straight = per_image(logits.view(), target.view());
        let turned = target.t().as_standard_layout().into_owned();
        let other = per_image(logits.view(), turned.t());
        let bits = |losses: Vec<f32>| losses.into_iter().map(f32::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(straight), bits(other));
    }

    #[test]
    fn a_nan_logit_makes_the_loss_nan() {
        let (mut logits, target) = example();
        logits[[1, 1]] = f32::NAN;
        assert!(of_batch(logits.view(), target.view()).0.is_nan());
        let images = per_image(logits.view(), target.view());
        assert!(images[0].is_finite() && images[1].is_nan());
    }
}
