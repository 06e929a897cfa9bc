//! A layer of whatever sort, and its shape.

use super::{
    Activation, Convolution, Dense, Maps, Padding,
    conv::{KERNEL, max_pool, upsample},
};
use ndarray::{Array2, ArrayView2, NdFloat};

/// A layer with its weights, if it has any: from a batch `x` `[N, in]` to `y` `[N, out]`.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer<F = f32> {
    /// Every output from every input.
    Dense(Dense<F>),
    /// Every place of the output from its window of the input.
    Convolution(Convolution<F>),
    /// The largest of every four neighbours in maps of this shape.
    MaxPool(Maps),
    /// Every number of maps of this shape four times.
    Upsample(Maps),
}

/// A layer without its weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayerShape {
    /// Every output from every input.
    Dense {
        /// Numbers that go in.
        inputs: usize,
        /// Numbers that come out.
        units: usize,
        /// What follows the sums.
        activation: Activation,
    },
    /// Every place of the output from its window of the input.
    Convolution {
        /// The maps that go in.
        from: Maps,
        /// Maps that come out.
        channels: usize,
        /// What a window does at the border.
        padding: Padding,
        /// What follows the sums.
        activation: Activation,
    },
    /// The largest of every four neighbours.
    MaxPool {
        /// The maps that go in.
        from: Maps,
    },
    /// Every number four times.
    Upsample {
        /// The maps that go in.
        from: Maps,
    },
}

impl LayerShape {
    /// Numbers that come out for each image.
    pub fn outputs(&self) -> usize {
        match *self {
            Self::Dense { units, .. } => units,
            Self::Convolution {
                from,
                channels,
                padding,
                ..
            } => padding.output(from, channels).numbers(),
            Self::MaxPool { from } => max_pool::output(from).numbers(),
            Self::Upsample { from } => upsample::output(from).numbers(),
        }
    }

    /// The maps that come out, where it is maps that do.
    pub fn maps(&self) -> Option<Maps> {
        match *self {
            Self::Dense { .. } => None,
            Self::Convolution {
                from,
                channels,
                padding,
                ..
            } => Some(padding.output(from, channels)),
            Self::MaxPool { from } => Some(max_pool::output(from)),
            Self::Upsample { from } => Some(upsample::output(from)),
        }
    }

    /// Weights and biases together; sizes may come from a command line, so their
    /// product may leave 64 bits.
    pub fn parameter_count(&self) -> u128 {
        match *self {
            Self::Dense { inputs, units, .. } => (inputs as u128 + 1).saturating_mul(units as u128),
            Self::Convolution { from, channels, .. } => {
                let weights = (from.channels as u128).saturating_mul((KERNEL * KERNEL) as u128);
                weights.saturating_add(1).saturating_mul(channels as u128)
            }
            Self::MaxPool { .. } | Self::Upsample { .. } => 0,
        }
    }

    /// How many inputs a unit has, and how many units an input, where the layer has
    /// weights: what Glorot's start depends on.
    pub(super) fn fans(&self) -> Option<[usize; 2]> {
        match *self {
            Self::Dense { inputs, units, .. } => Some([inputs, units]),
            Self::Convolution { from, channels, .. } => {
                Some([from.channels, channels].map(|channels| channels * KERNEL * KERNEL))
            }
            Self::MaxPool { .. } | Self::Upsample { .. } => None,
        }
    }
}

impl<F: NdFloat> Layer<F> {
    /// A layer of this shape whose weights and biases are zero.
    pub fn zeros(shape: &LayerShape) -> Self {
        match *shape {
            LayerShape::Dense {
                inputs,
                units,
                activation,
            } => Self::Dense(Dense::zeros(inputs, units, activation)),
            LayerShape::Convolution {
                from,
                channels,
                padding,
                activation,
            } => Self::Convolution(Convolution::zeros(from, channels, padding, activation)),
            LayerShape::MaxPool { from } => Self::MaxPool(from),
            LayerShape::Upsample { from } => Self::Upsample(from),
        }
    }

    /// Its shape.
    pub fn shape(&self) -> LayerShape {
        match self {
            Self::Dense(dense) => LayerShape::Dense {
                inputs: dense.w.nrows(),
                units: dense.b.len(),
                activation: dense.activation,
            },
            Self::Convolution(convolution) => LayerShape::Convolution {
                from: convolution.from,
                channels: convolution.b.len(),
                padding: convolution.padding,
                activation: convolution.activation,
            },
            Self::MaxPool(from) => LayerShape::MaxPool { from: *from },
            Self::Upsample(from) => LayerShape::Upsample { from: *from },
        }
    }

    /// Forward: `y` for `x`.
    pub fn forward(&self, x: ArrayView2<F>) -> Array2<F> {
        match self {
            Self::Dense(dense) => dense.forward(x),
            Self::Convolution(convolution) => convolution.forward(x),
            Self::MaxPool(from) => max_pool::forward(*from, x),
            Self::Upsample(from) => upsample::forward(*from, x),
        }
    }

    /// Backward: the derivatives by kernel and bias, in their place, and by `x`, as
    /// [`Dense::backward`].
    pub fn backward(&self, x: ArrayView2<F>, y: ArrayView2<F>, dy: Array2<F>) -> (Self, Array2<F>) {
        match self {
            Self::Dense(dense) => {
                let (gradient, dx) = dense.backward(x, y, dy);
                (Self::Dense(gradient), dx)
            }
            Self::Convolution(convolution) => {
                let (gradient, dx) = convolution.backward(x, y, dy);
                (Self::Convolution(gradient), dx)
            }
            Self::MaxPool(from) => (
                Self::MaxPool(*from),
                max_pool::backward(*from, x, dy.view()),
            ),
            Self::Upsample(from) => (Self::Upsample(*from), upsample::backward(*from, dy.view())),
        }
    }

    /// The dense layer that this is, if it is one.
    pub fn dense(&self) -> Option<&Dense<F>> {
        match self {
            Self::Dense(dense) => Some(dense),
            _ => None,
        }
    }

    /// The dense layer that this is, if it is one, to be changed.
    pub fn dense_mut(&mut self) -> Option<&mut Dense<F>> {
        match self {
            Self::Dense(dense) => Some(dense),
            _ => None,
        }
    }

    /// The convolution that this is, if it is one.
    pub fn convolution(&self) -> Option<&Convolution<F>> {
        match self {
            Self::Convolution(convolution) => Some(convolution),
            _ => None,
        }
    }

    /// Kernel and bias in memory order, where the layer has them.
    pub fn parameters(&self) -> Option<[&[F]; 2]> {
        match self {
            Self::Dense(dense) => Some(dense.parameters()),
            Self::Convolution(convolution) => Some(convolution.parameters()),
            Self::MaxPool(_) | Self::Upsample(_) => None,
        }
    }

    /// Kernel and bias in memory order, where the layer has them, to be changed.
    pub fn parameters_mut(&mut self) -> Option<[&mut [F]; 2]> {
        match self {
            Self::Dense(dense) => Some(dense.parameters_mut()),
            Self::Convolution(convolution) => Some(convolution.parameters_mut()),
            Self::MaxPool(_) | Self::Upsample(_) => None,
        }
    }
}
