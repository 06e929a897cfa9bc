//! What stands between encoder and decoder.
//!
//! A plain code is the encoder's outputs. A variational encoder gives, for each
//! code value, the mean `μ` and the logarithm of the variance `ln σ²` of a normal
//! distribution, and in training the decoder sees a draw from it
//! (Kingma and Welling 2014, sections 2.4 and appendix B):
//!
//! ```text
//! z  = μ + σ ε,  ε from the standard normal distribution
//! KL = ½ Σ (μ² + σ² - 1 - ln σ²)   the divergence of the code from that distribution
//! ```
//!
//! Means come first: `[μ₁ .. μ_Z, ln σ₁² .. ln σ_Z²]`. Outside of training the code
//! is `μ`, the draw at `ε = 0`.

pub(super) mod panels;

use super::{Objective, real::real};
use ndarray::{Array2, NdFloat};

/// What the encoder's outputs are to the decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The code itself.
    Values,
    /// A normal distribution for each code value.
    Gaussian,
}

impl Code {
    /// `Z`, the length of a code, for so many outputs of the encoder.
    pub fn length(self, encoder_outputs: usize) -> usize {
        match self {
            Self::Values => encoder_outputs,
            Self::Gaussian => encoder_outputs / 2,
        }
    }

    /// Forward: what the decoder sees, `[N, Z]`, of what the encoder says; without `ε` the
    /// means.
    pub(super) fn draw<F: NdFloat>(
        self,
        encoded: &Array2<F>,
        epsilon: Option<&Array2<F>>,
    ) -> Array2<F> {
        match self {
            Self::Values => encoded.clone(),
            Self::Gaussian => {
                let shape = (encoded.nrows(), self.length(encoded.ncols()));
                Array2::from_shape_fn(shape, |at| {
                    let epsilon = epsilon.map_or(F::zero(), |epsilon| epsilon[at]);
                    Normal::of(encoded, at).draw(epsilon)
                })
            }
        }
    }

    /// Backward: the derivative by what the encoder says, from the one by what the decoder
    /// sees, with that of the mean price.
    pub(super) fn derive<F: NdFloat>(
        self,
        objective: Objective,
        encoded: &Array2<F>,
        epsilon: Option<&Array2<F>>,
        dz: Array2<F>,
    ) -> Array2<F> {
        let weight = real::<F>(encoded.nrows() as f64).recip();
        match self {
            Self::Values => {
                let price = real::<F>(objective.l1.into()) * weight;
                let slope = |z: F| if z == F::zero() { z } else { price.copysign(z) };
                dz + encoded.mapv(slope)
            }
            Self::Gaussian => {
                let (mut dencoded, latent) = (Array2::zeros(encoded.dim()), dz.ncols());
                for ((image, unit), &dz) in dz.indexed_iter() {
                    let epsilon = epsilon.map_or(F::zero(), |epsilon| epsilon[[image, unit]]);
                    let normal = Normal::of(encoded, (image, unit));
                    let [dmean, dlog_variance] = normal.slopes(epsilon, dz, weight);
                    dencoded[[image, unit]] = dmean;
                    dencoded[[image, latent + unit]] = dlog_variance;
                }
                dencoded
            }
        }
    }
}

/// What the encoder says of one code value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Normal<F> {
    /// `μ`.
    pub(super) mean: F,
    /// `ln σ²`.
    pub(super) log_variance: F,
}

impl<F: NdFloat> Normal<F> {
    /// One image's code value number `unit`, of what the encoder says of it.
    fn of(encoded: &Array2<F>, (image, unit): (usize, usize)) -> Self {
        Self {
            mean: encoded[[image, unit]],
            log_variance: encoded[[image, encoded.ncols() / 2 + unit]],
        }
    }

    /// `z = μ + σ ε`.
    pub(super) fn draw(self, epsilon: F) -> F {
        self.mean + (real::<F>(0.5) * self.log_variance).exp() * epsilon
    }

    /// Its part of KL.
    pub(super) fn divergence(self) -> F {
        let variance = self.log_variance.exp();
        real::<F>(0.5) * (self.mean * self.mean + variance - F::one() - self.log_variance)
    }

    /// The derivatives by `μ` and `ln σ²` of a loss whose derivative by the draw is
    /// `dz`, with `weight` times KL added to it.
    pub(super) fn slopes(self, epsilon: F, dz: F, weight: F) -> [F; 2] {
        let half = real::<F>(0.5);
        let deviation = (half * self.log_variance).exp();
        let variance = deviation * deviation;
        [
            dz + weight * self.mean,
            half * (dz * deviation * epsilon + weight * (variance - F::one())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standard_normal_code_costs_nothing_and_is_drawn_as_it_is() {
        let standard = Normal {
            mean: 0.0,
            log_variance: 0.0,
        };
        assert_eq!(standard.divergence(), 0.0);
        assert_eq!(standard.draw(1.5), 1.5);
        assert_eq!(standard.slopes(1.0, 0.0, 1.0), [0.0, 0.0]);
    }

    #[test]
    fn slopes_are_those_of_the_definitions() {
        // J = 3 z + ½ KL, by central differences.
        let (epsilon, dz, weight) = (-0.7, 3.0, 0.5);
        let normal = |[mean, log_variance]: [f64; 2]| Normal { mean, log_variance };
        let objective = |at| dz * normal(at).draw(epsilon) + weight * normal(at).divergence();
        let (at, step) = ([0.8, -1.3], 1e-6);
        let slopes = normal(at).slopes(epsilon, dz, weight);
        for (which, slope) in slopes.into_iter().enumerate() {
            let moved = |by: f64| {
                let mut moved = at;
                moved[which] += by;
                objective(moved)
            };
            let expected = (moved(step) - moved(-step)) / (2.0 * step);
            // What a central difference with such a step keeps of numbers up to 3.
            assert!((slope - expected).abs() < 1e-9, "{slope} {expected}");
        }
    }
}
