//! The optimiser.
//!
//! Knows parameters, gradients and moments as slices of numbers in one order.

use super::{Autoencoder, Gradients, kernels, real::real};
use ndarray::NdFloat;

/// Adam's constants; the defaults are Keras's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdamConfig {
    /// Step length.
    pub learning_rate: f64,
    /// How much of the mean gradient is kept from step to step.
    pub beta1: f64,
    /// How much of the mean squared gradient is kept from step to step.
    pub beta2: f64,
    /// Keeps the division finite; added to the root before its bias is corrected.
    pub epsilon: f64,
}

impl Default for AdamConfig {
    fn default() -> Self {
        Self {
            learning_rate: 0.001,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-7,
        }
    }
}

impl AdamConfig {
    /// The numbers of step `t`, which counts from 1.
    pub(super) fn step(&self, t: u64) -> AdamStep {
        let t = t as f64;
        let correction = (1.0 - self.beta2.powf(t)).sqrt() / (1.0 - self.beta1.powf(t));
        AdamStep {
            rate: (self.learning_rate * correction) as f32,
            one_minus_beta1: (1.0 - self.beta1) as f32,
            one_minus_beta2: (1.0 - self.beta2) as f32,
            epsilon: self.epsilon as f32,
        }
    }
}

/// Moments of less than this become zero.
///
/// The gradients of always-black pixels fade until the moments are subnormal,
/// and arithmetic on subnormal numbers is slow enough to double a step's time.
/// With an epsilon of 1e-7 the threshold cannot be felt: a first moment of 1e-30
/// moves a parameter by 1e-26, and the root of a second moment of 1e-30 is
/// 1e-8 of epsilon, which f32 cannot tell from nothing.
pub(super) const NEGLIGIBLE_MOMENT: f32 = 1e-30;

/// The numbers of one step that all parameters share.
#[derive(Debug, Clone, Copy)]
pub(super) struct AdamStep<F = f32> {
    /// Learning rate with both bias corrections.
    pub(super) rate: F,
    pub(super) one_minus_beta1: F,
    pub(super) one_minus_beta2: F,
    pub(super) epsilon: F,
}

impl<F: NdFloat> AdamStep<F> {
    /// Moves the parameter `p` with gradient `g` and moments `m`, `v`:
    ///
    /// - `m = m + (1 - β₁) (g - m)`
    /// - `v = v + (1 - β₂) (g² - v)`
    /// - `p = p - rate m / (√v + ε)`
    ///
    /// as Keras writes it, a rounding less than `β m + (1 - β) g`, with moments below
    /// [`NEGLIGIBLE_MOMENT`] set to zero.
    #[expect(clippy::inline_always, reason = "kernels take it into their loops")]
    #[inline(always)]
    pub(super) fn update(&self, p: &mut F, g: F, m: &mut F, v: &mut F) {
        *m = noticeable(*m + self.one_minus_beta1 * (g - *m));
        *v = noticeable(*v + self.one_minus_beta2 * (g * g - *v));
        *p -= self.rate * *m / (v.sqrt() + self.epsilon);
    }
}

/// The moment, or zero for one too small to matter. NaN stays NaN.
#[expect(clippy::inline_always, reason = "kernels take it into their loops")]
#[inline(always)]
fn noticeable<F: NdFloat>(moment: F) -> F {
    if moment.abs() < real(NEGLIGIBLE_MOMENT.into()) {
        F::zero()
    } else {
        moment
    }
}

/// Adam (Kingma and Ba 2015), in the form of its section 2's end, as Keras has it:
///
/// - `m = β₁ m + (1 - β₁) g`
/// - `v = β₂ v + (1 - β₂) g²`
/// - `p = p - α √(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (√v + ε)`
#[derive(Debug, Clone, PartialEq)]
pub struct Adam {
    /// First moments, in the network's shape.
    pub m: Autoencoder,
    /// Second moments, in the network's shape.
    pub v: Autoencoder,
    /// Steps taken.
    pub t: u64,
}

impl Adam {
    /// An optimiser for this network that has taken no step.
    pub fn new(net: &Autoencoder) -> Self {
        let zeros = Autoencoder::zeros(&net.architecture());
        Self {
            m: zeros.clone(),
            v: zeros,
            t: 0,
        }
    }

    /// Moves every parameter against its gradient.
    pub fn step(&mut self, config: &AdamConfig, net: &mut Autoencoder, gradients: &Gradients) {
        self.t += 1;
        let step = config.step(self.t);
        let moments = self.m.parameters_mut().zip(self.v.parameters_mut());
        let parameters = net.parameters_mut().zip(gradients.parameters());
        for ((p, g), (m, v)) in parameters.zip(moments) {
            kernels::adam(p, g, m, v, step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Architecture};

    /// A network of four parameters, set to these.
    fn four(values: [f32; 4]) -> Autoencoder {
        let architecture = Architecture::dense(1, vec![1], Activation::Linear);
        let mut net = Autoencoder::zeros(&architecture);
        for (parameter, value) in net.parameters_mut().zip(values) {
            parameter[0] = value;
        }
        net
    }

    /// The expected numbers, in f64, are what this prints:
    ///
    /// ```python
    /// from math import sqrt
    /// p, m, v = [0.5, -0.25, 0.0, 0.0], [0.0] * 4, [0.0] * 4
    /// for t, g in enumerate([[0.1, -0.2, 1e-9, 0.0], [0.05, 0.3, 0.0, 2.0], [-0.02, 0.1, -1e-9, -2.0]], 1):
    ///     rate = 0.001 * sqrt(1 - 0.999**t) / (1 - 0.9**t)
    ///     for i in range(4):
    ///         m[i] += (g[i] - m[i]) * (1 - 0.9)
    ///         v[i] += (g[i]**2 - v[i]) * (1 - 0.999)
    ///         p[i] -= rate * m[i] / (sqrt(v[i]) + 1e-7)
    ///     print(p)
    /// ```
    #[test]
    fn three_steps_give_the_numbers_of_the_formula() {
        let start = [0.5, -0.25, 0.0, 0.0];
        let steps = [
            (
                [0.1, -0.2, 1e-9, 0.0],
                [0.499_000_031_6, -0.249_000_015_8, -3.161_277_98e-7, 0.0],
            ),
            (
                [0.05, 0.3, 0.0, 2.0],
                [
                    0.498_067_878_4,
                    -0.249_247_715_5,
                    -5.278_459_33e-7,
                    -7.441_356_47e-4,
                ],
            ),
            (
                [-0.02, 0.1, -1e-9, -2.0],
                [
                    0.497_471_184_0,
                    -0.249_603_046_8,
                    -4.894_810_68e-7,
                    -6.989_534_58e-4,
                ],
            ),
        ];
        let mut net = four(start);
        let mut adam = Adam::new(&net);
        for (gradients, expected) in steps {
            adam.step(&AdamConfig::default(), &mut net, &four(gradients));
            for ((p, expected), start) in net.parameters().flatten().zip(expected).zip(start) {
                // Each step rounds the parameter (6e-8 of it) and a handful of
                // times the way it goes, which is of the way it has gone.
                let way: f64 = expected - f64::from(start);
                let bound = 3.0 * 6e-8 * f64::from(start.abs()) + 1e-6 * way.abs();
                let error = (f64::from(*p) - expected).abs();
                assert!(
                    error <= bound,
                    "{p} instead of {expected} at step {}",
                    adam.t
                );
            }
        }
        assert_eq!(adam.t, 3);
    }

    #[test]
    fn a_gradient_that_is_nan_reaches_the_parameter() {
        let mut net = four([0.0; 4]);
        let mut adam = Adam::new(&net);
        let gradients = four([f32::NAN, 0.0, 0.0, 0.0]);
        adam.step(&AdamConfig::default(), &mut net, &gradients);
        assert!(!net.is_finite());
    }
}
