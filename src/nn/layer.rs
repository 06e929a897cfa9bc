//! A layer of whatever sort, and its shape.

use super::{Activation, Dense};
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

/// A layer with its weights: from a batch `x` `[N, in]` to `y` `[N, out]`.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    /// Every output from every input.
    Dense(Dense),
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
}

impl LayerShape {
    /// Numbers that come out for each image.
    pub fn outputs(&self) -> usize {
        match *self {
            Self::Dense { units, .. } => units,
        }
    }

    /// Weights and biases together; sizes may come from a command line, so their
    /// product may leave 64 bits.
    pub fn parameter_count(&self) -> u128 {
        match *self {
            Self::Dense { inputs, units, .. } => (inputs as u128 + 1).saturating_mul(units as u128),
        }
    }

    /// How many inputs a unit has, and how many units an input: what Glorot's
    /// start depends on.
    pub(super) fn fans(&self) -> [usize; 2] {
        match *self {
            Self::Dense { inputs, units, .. } => [inputs, units],
        }
    }
}

impl Layer {
    /// A layer of this shape whose weights and biases are zero.
    pub fn zeros(shape: &LayerShape) -> Self {
        match *shape {
            LayerShape::Dense {
                inputs,
                units,
                activation,
            } => Self::Dense(Dense::zeros(inputs, units, activation)),
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
        }
    }

    /// Forward: `y` for `x`.
    pub fn forward(&self, x: ArrayView2<f32>, y: ArrayViewMut2<f32>) {
        match self {
            Self::Dense(dense) => dense.forward(x, y),
        }
    }

    /// Backward, as [`Dense::backward`].
    pub fn backward(
        &self,
        x: ArrayView2<f32>,
        y: ArrayView2<f32>,
        dy: ArrayViewMut2<f32>,
        dx: Option<ArrayViewMut2<f32>>,
        gradient: &mut Self,
    ) {
        match (self, gradient) {
            (Self::Dense(dense), Self::Dense(gradient)) => dense.backward(x, y, dy, dx, gradient),
        }
    }

    /// [`forward`](Self::forward) into an array of its own.
    pub(super) fn apply(&self, x: ArrayView2<f32>) -> Array2<f32> {
        let mut y = Array2::zeros((x.nrows(), self.shape().outputs()));
        self.forward(x, y.view_mut());
        y
    }

    /// The dense layer that this is, if it is one.
    pub fn dense(&self) -> Option<&Dense> {
        match self {
            Self::Dense(dense) => Some(dense),
        }
    }

    /// The dense layer that this is, if it is one, to be changed.
    pub fn dense_mut(&mut self) -> Option<&mut Dense> {
        match self {
            Self::Dense(dense) => Some(dense),
        }
    }

    /// Kernel and bias in memory order.
    pub fn parameters(&self) -> [&[f32]; 2] {
        match self {
            Self::Dense(dense) => dense.parameters(),
        }
    }

    /// Kernel and bias in memory order, to be changed.
    pub fn parameters_mut(&mut self) -> [&mut [f32]; 2] {
        match self {
            Self::Dense(dense) => dense.parameters_mut(),
        }
    }
}
