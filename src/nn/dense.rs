//! A dense layer, forward and backward.

mod columns;
mod pass;
mod rows;
mod slopes;
mod stack;
mod training;

pub(super) use pass::DensePass;
pub(super) use stack::Stack;
pub(super) use training::DenseTraining;

use super::Activation;
use ndarray::{Array1, Array2, ArrayView2, Axis, NdFloat};

/// A dense layer: `y = f(x w + b)`.
///
/// The kernel is kept in standard (row-major) layout; [`Dense::new`] brings a
/// transposed one into it.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense<F = f32> {
    /// Kernel, `[in, out]`.
    pub w: Array2<F>,
    /// Bias, `[out]`.
    pub b: Array1<F>,
    /// `f`.
    pub activation: Activation,
}

impl<F: NdFloat> Dense<F> {
    /// A layer of this kernel `[in, out]` and bias `[out]`.
    ///
    /// # Panics
    ///
    /// When kernel and bias disagree about `out`.
    pub fn new(w: Array2<F>, b: Array1<F>, activation: Activation) -> Self {
        assert_eq!(w.ncols(), b.len(), "a bias has one number for each unit");
        let w = if w.is_standard_layout() {
            w
        } else {
            w.as_standard_layout().into_owned()
        };
        Self { w, b, activation }
    }

    /// A layer of this shape whose weights and biases are zero.
    pub fn zeros(inputs: usize, outputs: usize, activation: Activation) -> Self {
        Self::new(
            Array2::zeros((inputs, outputs)),
            Array1::zeros(outputs),
            activation,
        )
    }

    /// Forward: `y = f(x w + b)`, from `x` `[N, in]` to `y` `[N, out]`.
    pub fn forward(&self, x: ArrayView2<F>) -> Array2<F> {
        let s = x.dot(&self.w) + &self.b;
        s.mapv_into(|s| self.activation.of(s))
    }

    /// Backward, with `ds = dy * f'(s)` for the sums `s = x w + b`, from the `y` that came
    /// of `x`:
    ///
    /// - `dw = xᵀ ds`
    /// - `db = Σₙ ds`, the sum over the batch
    /// - `dx = ds wᵀ`
    ///
    /// The first two are told as a layer that has them in place of `w` and `b`.
    pub fn backward(&self, x: ArrayView2<F>, y: ArrayView2<F>, dy: Array2<F>) -> (Self, Array2<F>) {
        let ds = self.activation.backward(y, dy);
        let dw = x.t().dot(&ds);
        let db = ds.sum_axis(Axis(0));
        let dx = ds.dot(&self.w.t());
        (Self::new(dw, db, self.activation), dx)
    }

    /// Kernel and bias in memory order.
    pub(super) fn parameters(&self) -> [&[F]; 2] {
        [
            self.w.as_slice().expect("kernels are in standard layout"),
            self.b.as_slice().expect("biases are in standard layout"),
        ]
    }

    /// Kernel and bias in memory order, to be changed.
    pub(super) fn parameters_mut(&mut self) -> [&mut [F]; 2] {
        [
            self.w
                .as_slice_mut()
                .expect("kernels are in standard layout"),
            self.b
                .as_slice_mut()
                .expect("biases are in standard layout"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Layer, proof::check_backward};
    use ndarray::array;
    use ndarray_rand::{
        RandomExt,
        rand::{SeedableRng, rngs::StdRng},
        rand_distr::Uniform,
    };

    fn check(activation: Activation) {
        let mut rng = StdRng::seed_from_u64(7);
        let range = Uniform::new(-1.0_f32, 1.0).unwrap();
        let mut random = |shape| Array2::random_using(shape, range, &mut rng);
        let (x, dy) = (random((5, 4)), random((5, 3)));
        let layer = Dense::new(random((4, 3)), random((1, 3)).row(0).to_owned(), activation);
        check_backward(&Layer::Dense(layer), &x, &dy);
    }

    #[test]
    fn every_unit_is_its_inputs_times_its_weights_and_its_bias() {
        let (w, b) = (array![[1.0, -1.0], [0.5, 2.0]], array![0.25, -4.0]);
        for (activation, expected) in [
            (Activation::Linear, array![[4.25, 1.0 - 4.0]]),
            (Activation::Relu, array![[4.25, 0.0]]),
        ] {
            let layer = Dense::new(w.clone(), b.clone(), activation);
            assert_eq!(layer.forward(array![[3.0, 2.0]].view()), expected);
        }
    }

    #[test]
    fn a_relu_layer_has_the_gradients_of_its_outputs() {
        check(Activation::Relu);
    }

    #[test]
    fn a_linear_layer_has_the_gradients_of_its_outputs() {
        check(Activation::Linear);
    }

    #[test]
    fn a_transposed_kernel_is_brought_into_memory_order() {
        let stored = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]; // [out, in]
        let layer = Dense::new(stored.reversed_axes(), Array1::zeros(2), Activation::Linear);
        assert_eq!(layer.w.dim(), (3, 2));
        assert_eq!(layer.parameters()[0], [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    }
}
