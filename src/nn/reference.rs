//! The same mathematics in f64, straight from the definitions, for tests.
//!
//! A central difference in f32 loses half of its digits, and a wide one crosses
//! the kinks of ReLU. In f64 a step of 1e-6 keeps nine digits and meets no kink
//! to speak of, so every derivative is checked on its own, not along a direction.

use super::{Activation, Autoencoder, Code, Maps, Objective, Padding};
use ndarray::{Array2, ArrayView2, Axis, Zip};

/// A layer in f64; the bias is a row, `[1, out]`, and a convolution's kernel has a
/// row for each output. What has no weights has none here.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) w: Array2<f64>,
    pub(super) b: Array2<f64>,
    sort: Sort,
}

#[derive(Debug, Clone, Copy)]
enum Sort {
    Dense(Activation),
    Convolution(Maps, Padding, Activation),
    MaxPool(Maps),
    Upsample(Maps),
}

impl Layer {
    pub(super) fn of(layer: &super::Layer) -> Self {
        let [w, b] = layer.parameters().unwrap_or_default();
        let (rows, sort) = match layer {
            super::Layer::Dense(dense) => (dense.w.nrows(), Sort::Dense(dense.activation)),
            super::Layer::Convolution(conv) => {
                let sort = Sort::Convolution(conv.from, conv.padding, conv.activation);
                (conv.b.len(), sort)
            }
            super::Layer::MaxPool(from) => (1, Sort::MaxPool(*from)),
            super::Layer::Upsample(from) => (1, Sort::Upsample(*from)),
        };
        let matrix = |rows: usize, values: &[f32]| {
            let shape = (rows, values.len() / rows);
            let values = values.iter().copied().map(f64::from).collect();
            Array2::from_shape_vec(shape, values).expect("a kernel is a matrix")
        };
        Self {
            w: matrix(rows, w),
            b: matrix(1, b),
            sort,
        }
    }

    /// The same layer with another kernel.
    pub(super) fn with_kernel(&self, w: &Array2<f64>) -> Self {
        Self {
            w: w.clone(),
            ..self.clone()
        }
    }

    /// The same layer with another bias.
    pub(super) fn with_bias(&self, b: &Array2<f64>) -> Self {
        Self {
            b: b.clone(),
            ..self.clone()
        }
    }

    pub(super) fn forward(&self, x: &Array2<f64>) -> Array2<f64> {
        match self.sort {
            Sort::Dense(activation) => activated(activation, x.dot(&self.w) + &self.b),
            Sort::Convolution(from, padding, activation) => {
                let to = padding.output(from, self.b.len());
                let sums = maps(x, to, |n, o, i, j| {
                    self.window(from, padding, x, [n, o, i, j])
                });
                activated(activation, sums)
            }
            Sort::MaxPool(from) => {
                let to = Maps {
                    height: from.height.div_ceil(2),
                    width: from.width.div_ceil(2),
                    ..from
                };
                maps(x, to, |n, c, i, j| {
                    let places = [(0, 0), (0, 1), (1, 0), (1, 1)].into_iter();
                    let values = places.filter_map(|(u, v)| {
                        let (i, j) = (2 * i + u, 2 * j + v);
                        at(from, x, n, [c as isize, i as isize, j as isize])
                    });
                    values.fold(f64::NEG_INFINITY, f64::max)
                })
            }
            Sort::Upsample(from) => {
                let to = Maps {
                    height: 2 * from.height,
                    width: 2 * from.width,
                    ..from
                };
                maps(x, to, |n, c, i, j| {
                    let place = [c as isize, (i / 2) as isize, (j / 2) as isize];
                    at(from, x, n, place).expect("every pixel has been one")
                })
            }
        }
    }

    /// The sum of a convolution at one place, term by term.
    fn window(
        &self,
        from: Maps,
        padding: Padding,
        x: &Array2<f64>,
        [n, o, i, j]: [usize; 4],
    ) -> f64 {
        let reach = match padding {
            Padding::Same => 1,
            Padding::Valid => 0,
        };
        let weights = self.w.row(o);
        let terms = weights.iter().enumerate().map(|(index, weight)| {
            let (c, u, v) = (index / 9, index / 3 % 3, index % 3);
            let place = [
                c as isize,
                (i + u) as isize - reach,
                (j + v) as isize - reach,
            ];
            weight * at(from, x, n, place).unwrap_or(0.0)
        });
        self.b[[0, o]] + terms.sum::<f64>()
    }
}

fn activated(activation: Activation, sums: Array2<f64>) -> Array2<f64> {
    match activation {
        Activation::Relu => sums.mapv(|s| s.max(0.0)),
        Activation::Linear => sums,
    }
}

/// Maps of that shape for each row of `x`, number by number.
fn maps(
    x: &Array2<f64>,
    to: Maps,
    value: impl Fn(usize, usize, usize, usize) -> f64,
) -> Array2<f64> {
    Array2::from_shape_fn((x.nrows(), to.numbers()), |(n, index)| {
        let (c, place) = (index / to.places(), index % to.places());
        value(n, c, place / to.width, place % to.width)
    })
}

/// A number of an image's maps, if it is there.
fn at(maps: Maps, x: &Array2<f64>, n: usize, [c, i, j]: [isize; 3]) -> Option<f64> {
    let sides = [maps.channels, maps.height, maps.width];
    let inside = |place: isize, side: usize| (0..side as isize).contains(&place);
    let there = [c, i, j].into_iter().zip(sides);
    if !there.clone().all(|(place, side)| inside(place, side)) {
        return None;
    }
    let index = there.fold(0, |index, (place, side)| index * side + place as usize);
    Some(x[[n, index]])
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
        Self {
            layers: net.layers().map(Layer::of).collect(),
            encoder_layers: net.encoder.len(),
            code: net.code,
            l1: f64::from(objective.l1),
            epsilon: epsilon.mapv(f64::from),
        }
    }

    /// The same network with another layer in one's place.
    pub(super) fn with_layer(&self, index: usize, layer: Layer) -> Self {
        let mut network = self.clone();
        network.layers[index] = layer;
        network
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
