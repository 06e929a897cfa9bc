//! How derivatives are proved: the plain form in f32 beside difference quotients of the same
//! formulas in f64.
//!
//! A central difference in f32 loses half of its digits, and a wide one crosses
//! the kinks of ReLU. In f64 a step of 1e-6 keeps nine digits and meets no kink
//! to speak of, so every derivative is checked on its own, not along a direction.
//! That the formulas are the right ones is told by the definition beside each layer's test,
//! and by Keras.

use super::{Autoencoder, Convolution, Dense, Layer};
use ndarray::{Array2, ArrayView2};

impl Layer {
    /// The same in f64.
    pub(super) fn wide(&self) -> Layer<f64> {
        match self {
            Self::Dense(Dense { w, b, activation }) => Layer::Dense(Dense::new(
                w.mapv(f64::from),
                b.mapv(f64::from),
                *activation,
            )),
            Self::Convolution(layer) => Layer::Convolution(Convolution {
                w: layer.w.mapv(f64::from),
                b: layer.b.mapv(f64::from),
                from: layer.from,
                padding: layer.padding,
                activation: layer.activation,
            }),
            Self::MaxPool(from) => Layer::MaxPool(*from),
            Self::Upsample(from) => Layer::Upsample(*from),
        }
    }
}

impl Autoencoder {
    /// The same in f64.
    pub(super) fn wide(&self) -> Autoencoder<f64> {
        let wide = |layers: &[Layer]| layers.iter().map(Layer::wide).collect();
        Autoencoder {
            image: self.image,
            encoder: wide(&self.encoder),
            code: self.code,
            decoder: wide(&self.decoder),
        }
    }
}

/// A layer's derivatives by `x`, kernel and bias, for the loss `Σ dy ∘ y`, whose derivative
/// by `y` is `dy`: what [`Layer::backward`] says in f32, against its own forward in f64.
pub(super) fn check_backward(layer: &Layer, x: &Array2<f32>, dy: &Array2<f32>) {
    let wide = layer.wide();
    let (x64, dy64) = (x.mapv(f64::from), dy.mapv(f64::from));
    let loss = |layer: &Layer<f64>, x: &Array2<f64>| (layer.forward(x.view()) * &dy64).sum();
    let y = layer.forward(x.view());
    assert_near("y", y.view(), &wide.forward(x64.view()));

    let (gradient, dx) = layer.backward(x.view(), y.view(), dy.clone());
    assert_near("dx", dx.view(), &derivative(&x64, |x| loss(&wide, x)));
    for (which, actual) in gradient.parameters().into_iter().flatten().enumerate() {
        let expected = derivative_by(&wide, which, |layer| loss(layer, &x64));
        let actual = ArrayView2::from_shape(expected.dim(), actual);
        let name = ["dw", "db"][which];
        assert_near(name, actual.expect("as many as there are"), &expected);
    }
}

/// The derivative of `f` by the kernel of a layer, the first of its parameters, or by its bias.
pub(super) fn derivative_by(
    layer: &Layer<f64>,
    which: usize,
    f: impl Fn(&Layer<f64>) -> f64,
) -> Array2<f64> {
    let values = layer.parameters().expect("a layer with weights")[which];
    let at = Array2::from_shape_vec((1, values.len()), values.to_vec()).expect("one row");
    derivative(&at, |moved| {
        let mut layer = layer.clone();
        if let Some(parameters) = layer.parameters_mut() {
            let moved = moved.as_slice().expect("one row");
            parameters[which].copy_from_slice(moved);
        }
        f(&layer)
    })
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
