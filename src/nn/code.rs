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
//! is `μ`, the draw at `ε = 0`. This file knows single numbers, [`panels`] many of them.

pub(super) mod panels;

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
}

/// What the encoder says of one code value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Normal {
    /// `μ`.
    pub(super) mean: f32,
    /// `ln σ²`.
    pub(super) log_variance: f32,
}

impl Normal {
    /// `z = μ + σ ε`.
    pub(super) fn draw(self, epsilon: f32) -> f32 {
        self.mean + (0.5 * self.log_variance).exp() * epsilon
    }

    /// Its part of KL.
    pub(super) fn divergence(self) -> f32 {
        let variance = self.log_variance.exp();
        0.5 * (self.mean * self.mean + variance - 1.0 - self.log_variance)
    }

    /// The derivatives by `μ` and `ln σ²` of a loss whose derivative by the draw is
    /// `dz`, with `weight` times KL added to it.
    pub(super) fn slopes(self, epsilon: f32, dz: f32, weight: f32) -> [f32; 2] {
        let deviation = (0.5 * self.log_variance).exp();
        let variance = deviation * deviation;
        [
            dz + weight * self.mean,
            0.5 * (dz * deviation * epsilon + weight * (variance - 1.0)),
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
        // J = 3 z + ½ KL, in f64, by central differences.
        let (epsilon, dz, weight) = (-0.7, 3.0, 0.5);
        let objective = |mean: f64, log_variance: f64| {
            let z = mean + (0.5 * log_variance).exp() * epsilon;
            let kl = 0.5 * (mean * mean + log_variance.exp() - 1.0 - log_variance);
            dz * z + weight * kl
        };
        let (mean, log_variance, step) = (0.8, -1.3, 1e-6);
        let expected = [
            objective(mean + step, log_variance) - objective(mean - step, log_variance),
            objective(mean, log_variance + step) - objective(mean, log_variance - step),
        ];
        let normal = Normal {
            mean: mean as f32,
            log_variance: log_variance as f32,
        };
        let actual = normal.slopes(epsilon as f32, dz as f32, weight as f32);
        for (actual, expected) in actual.into_iter().zip(expected) {
            let expected = expected / (2.0 * step);
            // A handful of roundings of numbers up to 3.
            assert!(
                (f64::from(actual) - expected).abs() < 1e-6,
                "{actual} {expected}"
            );
        }
    }
}
