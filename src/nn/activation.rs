//! What follows the affine map of a layer.
//!
//! Knows single numbers and arrays of them, no layers.

use ndarray::{Array2, ArrayView2, NdFloat, Zip};
use std::fmt;

/// The function a layer applies to each of its sums.
///
/// The output's sigmoid is not among them: the decoder ends in logits, and the
/// loss takes them as they are (see [`loss`](super::loss)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Activation {
    /// `max(0, s)`.
    Relu,
    /// `s` itself.
    Linear,
}

impl Activation {
    /// All activations, in the order in which help lists them.
    pub const ALL: [Self; 2] = [Self::Relu, Self::Linear];

    /// The name on the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::Linear => "linear",
        }
    }

    /// The activation of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|activation| activation.name() == name)
    }

    /// `f(s)`.
    #[inline]
    pub(super) fn of<F: NdFloat>(self, s: F) -> F {
        match self {
            // Not `s.max(0.0)`, which would turn a NaN into a healthy 0.
            Self::Relu if s < F::zero() => F::zero(),
            Self::Relu | Self::Linear => s,
        }
    }

    /// Backward: the derivative by the sums, `ds = dy * f'(s)`, where `f'(s)` is read from
    /// the outputs `y`: ReLU's is 1 where `y > 0`.
    pub(super) fn backward<F: NdFloat>(self, y: ArrayView2<F>, mut dy: Array2<F>) -> Array2<F> {
        match self {
            Self::Relu => Zip::from(&mut dy).and(y).for_each(|dy, &y| {
                if y <= F::zero() {
                    *dy = F::zero();
                }
            }),
            Self::Linear => {}
        }
        dy
    }
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_activation_is_found_by_its_name() {
        for activation in Activation::ALL {
            assert_eq!(Activation::named(&activation.to_string()), Some(activation));
        }
        assert_eq!(Activation::named("ReLU"), None);
    }

    #[test]
    fn no_activation_hides_a_nan() {
        for activation in Activation::ALL {
            assert!(activation.of(f32::NAN).is_nan());
        }
    }
}
