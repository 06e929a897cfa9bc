//! What training makes small.
//!
//! For a batch of `N` images of `I` pixels, with the mean cross-entropy `CE` per
//! pixel (see [`loss`](super::loss)) and codes `z`:
//!
//! ```text
//! J = CE + l1 / N Σ |z|     a code of values; l1 is 0 but for a sparse code
//! J = I CE + KL / N         a Gaussian code
//! ```
//!
//! The first is Keras's with an `activity_regularizer` on the code layer, the
//! second the negative evidence lower bound in nats an image.

use super::{Code, code::Normal, real::real};
use ndarray::NdFloat;
use std::iter::Sum;

/// The terms of `J` beside the network's own.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Objective {
    /// The price of a code's absolute values. A Gaussian code has its own price, KL.
    pub l1: f32,
}

impl Objective {
    /// How often the mean cross-entropy per pixel counts.
    pub fn pixel_weight(code: Code, inputs: usize) -> f64 {
        match code {
            Code::Values => 1.0,
            Code::Gaussian => inputs as f64,
        }
    }

    /// The price of one image's code, from what the encoder says: the term that `J`
    /// has the mean of.
    pub(super) fn price<F: NdFloat + Sum>(
        self,
        code: Code,
        encoded: impl ExactSizeIterator<Item = F> + Clone,
    ) -> F {
        match code {
            Code::Values => real::<F>(self.l1.into()) * encoded.map(F::abs).sum::<F>(),
            Code::Gaussian => {
                let log_variances = encoded.clone().skip(encoded.len() / 2);
                let normals = encoded.zip(log_variances);
                normals
                    .map(|(mean, log_variance)| Normal { mean, log_variance }.divergence())
                    .sum()
            }
        }
    }
}
