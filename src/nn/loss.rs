//! Binary cross-entropy, from logits.
//!
//! Knows logits and targets, no layers. For a logit `l` and a target `x`
//!
//! ```text
//! loss  = -x ln σ(l) - (1 - x) ln(1 - σ(l)) = max(l, 0) - l x + ln(1 + e^-|l|)
//! dl    = σ(l) - x
//! ```
//!
//! and the loss of a batch is the mean over its `N` images and `I` pixels.

use super::kernels;
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

/// Logits count as at most this, and at least its negative.
///
/// Keras clips predictions to 1e-7 and 1 - 1e-7, so that no logarithm is
/// infinite; this is `ln((1 - 1e-7) / 1e-7)`, the logit of the upper one.
pub const LOGIT_LIMIT: f32 = 16.118_095;

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
            LOGIT_LIMIT,
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

/// The loss of the batch and, in the same pass, its derivative by each logit,
/// into `dlogits` `[N, I]`: `(σ(l) - x) / (N I)`, and zero beyond [`LOGIT_LIMIT`].
///
/// # Panics
///
/// When the shapes differ or `dlogits` is not in standard layout.
pub fn output_loss_and_gradient(
    logits: ArrayView2<f32>,
    target: ArrayView2<f32>,
    mut dlogits: ArrayViewMut2<f32>,
) -> f64 {
    assert_eq!(logits.dim(), target.dim(), "a target for every logit");
    assert_eq!(logits.dim(), dlogits.dim(), "a derivative for every logit");
    let elements = logits.len() as f64;
    let scale = elements.recip() as f32;
    let mut sum = 0.0;
    for ((logits, target), mut dlogits) in logits
        .as_standard_layout()
        .rows()
        .into_iter()
        .zip(target.as_standard_layout().rows())
        .zip(dlogits.rows_mut())
    {
        sum += f64::from(kernels::cross_entropy_and_gradient(
            logits.as_slice().expect(CONTIGUOUS),
            target.as_slice().expect(CONTIGUOUS),
            LOGIT_LIMIT,
            scale,
            dlogits.as_slice_mut().expect(CONTIGUOUS),
        ));
    }
    sum / elements
}

const CONTIGUOUS: &str = "rows in standard layout are slices";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::reference;
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

    #[test]
    fn both_losses_are_the_definition() {
        let (logits, target) = example();
        let expected = reference::loss(&logits.mapv(f64::from), &target.mapv(f64::from));
        let mut dlogits = Array2::zeros(logits.dim());
        let losses = [
            output_loss_and_gradient(logits.view(), target.view(), dlogits.view_mut()),
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
        let expected = reference::derivative(&logits.mapv(f64::from), |logits| {
            reference::loss(logits, &target_f64)
        });
        let mut dlogits = Array2::zeros(logits.dim());
        output_loss_and_gradient(logits.view(), target.view(), dlogits.view_mut());
        reference::assert_near("dlogits", dlogits.view(), &expected);
    }

    #[test]
    fn probabilities_are_the_sigmoids_in_any_layout() {
        let (logits, _) = example();
        let expected = logits.mapv(|l| 1.0 / (1.0 + f64::from(-l).exp()));
        reference::assert_near("y", probabilities(logits.view()).view(), &expected);
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
        let mut dlogits = Array2::zeros(logits.dim());
        assert!(
            output_loss_and_gradient(logits.view(), target.view(), dlogits.view_mut()).is_nan()
        );
        let images = per_image(logits.view(), target.view());
        assert!(images[0].is_finite() && images[1].is_nan());
    }
}
