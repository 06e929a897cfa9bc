//! The same mathematics in f64, straight from the definitions, for tests.
//!
//! A central difference in f32 loses half of its digits, and a wide one crosses
//! the kinks of ReLU. In f64 a step of 1e-6 keeps nine digits and meets no kink
//! to speak of, so every derivative is checked on its own, not along a direction.

use super::{Activation, Autoencoder, Code, Dense, Objective};
use ndarray::{Array2, ArrayView2, Axis, Zip};

/// A dense layer in f64; the bias is a row, `[1, out]`.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) w: Array2<f64>,
    pub(super) b: Array2<f64>,
    pub(super) activation: Activation,
}

impl Layer {
    pub(super) fn of(dense: &Dense) -> Self {
        Self {
            w: dense.w.mapv(f64::from),
            b: dense.b.mapv(f64::from).insert_axis(Axis(0)),
            activation: dense.activation,
        }
    }

    pub(super) fn forward(&self, x: &Array2<f64>) -> Array2<f64> {
        let sums = x.dot(&self.w) + &self.b;
        match self.activation {
            Activation::Relu => sums.mapv(|s| s.max(0.0)),
            Activation::Linear => sums,
        }
    }
}

/// A network, and what its objective needs beside it.
#[derive(Debug, Clone)]
pub(super) struct Network {
    pub(super) layers: Vec<Layer>,
    encoder_layers: usize,
    code: Code,
    l1: f64,
    /// Draws from a Gaussian code.
    epsilon: Array2<f64>,
}

impl Network {
    pub(super) fn of(net: &Autoencoder, objective: Objective, epsilon: &Array2<f32>) -> Self {
        let dense = |layer: &super::Layer| Layer::of(layer.dense().expect("a dense layer"));
        Self {
            layers: net.layers().map(dense).collect(),
            encoder_layers: net.encoder.len(),
            code: net.code,
            l1: f64::from(objective.l1),
            epsilon: epsilon.mapv(f64::from),
        }
    }

    /// `J`: what goes in is `x`, what should come out is `target`.
    pub(super) fn objective(&self, x: &Array2<f64>, target: &Array2<f64>) -> f64 {
        let (encoder, decoder) = self.layers.split_at(self.encoder_layers);
        let through =
            |layers: &[Layer], x: Array2<f64>| layers.iter().fold(x, |x, layer| layer.forward(&x));
        let encoded = through(encoder, x.clone());
        let images = x.nrows() as f64;
        let (seen, price) = match self.code {
            Code::Values => (encoded.clone(), self.l1 * encoded.mapv(f64::abs).sum()),
            Code::Gaussian => {
                let (mean, log_variance) = encoded.view().split_at(Axis(1), encoded.ncols() / 2);
                let deviation = log_variance.mapv(|v| (0.5 * v).exp());
                let kl = &mean * &mean + log_variance.exp() - 1.0 - log_variance;
                (&mean + deviation * &self.epsilon, 0.5 * kl.sum())
            }
        };
        let logits = through(decoder, seen);
        let weight = match self.code {
            Code::Values => 1.0,
            Code::Gaussian => target.ncols() as f64,
        };
        weight * loss(&logits, target) + price / images
    }
}

/// Mean cross-entropy of clipped predictions, as Keras defines it.
pub(super) fn loss(logits: &Array2<f64>, target: &Array2<f64>) -> f64 {
    let losses = Zip::from(logits).and(target).map_collect(|&l, &x| {
        let p = (1.0 / (1.0 + (-l).exp())).clamp(1e-7, 1.0 - 1e-7);
        -x * p.ln() - (1.0 - x) * (1.0 - p).ln()
    });
    losses.sum() / losses.len() as f64
}

/// The derivative of `f` by every number of `at`, by central differences.
pub(super) fn derivative(at: &Array2<f64>, f: impl Fn(&Array2<f64>) -> f64) -> Array2<f64> {
    const STEP: f64 = 1e-6;
    Array2::from_shape_fn(at.dim(), |index| {
        let moved = |by| {
            let mut moved = at.clone();
            moved[index] += by;
            f(&moved)
        };
        (moved(STEP) - moved(-STEP)) / (2.0 * STEP)
    })
}

/// Panics unless the f32 values are the f64 ones, to 1e-5 of the largest: what a
/// sum of some dozens of f32 products keeps (each rounds by 6e-8), and a hundred
/// times less than what any wrong term would do.
pub(super) fn assert_near(name: &str, actual: ArrayView2<f32>, expected: &Array2<f64>) {
    assert_eq!(actual.dim(), expected.dim(), "{name}");
    let largest = expected.fold(0.0_f64, |largest, value| largest.max(value.abs()));
    assert!(largest > 0.0, "{name} must not be all zero to say anything");
    for (&actual, &expected) in actual.iter().zip(expected) {
        let error = (f64::from(actual) - expected).abs() / largest;
        assert!(
            error < 1e-5,
            "{name}: {actual} instead of {expected}, off by {error:e} of the largest"
        );
    }
}
