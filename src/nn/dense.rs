//! A dense layer, forward and backward.

use super::Activation;
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Zip, linalg::general_mat_mul};

/// A dense layer: `y = f(x w + b)`.
///
/// The kernel is kept in standard (row-major) layout; [`Dense::new`] brings a
/// transposed one into it.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense {
    /// Kernel, `[in, out]`.
    pub w: Array2<f32>,
    /// Bias, `[out]`.
    pub b: Array1<f32>,
    /// `f`.
    pub activation: Activation,
}

impl Dense {
    /// A layer of this kernel `[in, out]` and bias `[out]`.
    ///
    /// # Panics
    ///
    /// When kernel and bias disagree about `out`.
    pub fn new(w: Array2<f32>, b: Array1<f32>, activation: Activation) -> Self {
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
    pub fn forward(&self, x: ArrayView2<f32>, mut y: ArrayViewMut2<f32>) {
        general_mat_mul(1.0, &x, &self.w, 0.0, &mut y);
        for y in y.rows_mut() {
            Zip::from(y)
                .and(&self.b)
                .for_each(|y, &b| *y = self.activation.of(*y + b));
        }
    }

    /// Backward, with `ds = dy * f'(s)` for the sums `s = x w + b`:
    ///
    /// - `dw = xᵀ ds`
    /// - `db = Σₙ ds`, the sum over the batch
    /// - `dx = ds wᵀ`, when somebody asks for it
    ///
    /// `y` is the output of [`forward`](Self::forward) for the same `x`; `ds`
    /// takes the place of `dy`, and `dw` and `db` that of the weights in `gradient`.
    pub fn backward(
        &self,
        x: ArrayView2<f32>,
        y: ArrayView2<f32>,
        mut dy: ArrayViewMut2<f32>,
        dx: Option<ArrayViewMut2<f32>>,
        gradient: &mut Self,
    ) {
        self.activation.backward(y, dy.view_mut());
        let ds = dy.view();
        general_mat_mul(1.0, &x.t(), &ds, 0.0, &mut gradient.w);
        gradient.b.fill(0.0);
        for ds in ds.rows() {
            gradient.b += &ds;
        }
        if let Some(mut dx) = dx {
            general_mat_mul(1.0, &ds, &self.w.t(), 0.0, &mut dx);
        }
    }

    /// Kernel and bias in memory order.
    pub(super) fn parameters(&self) -> [&[f32]; 2] {
        [
            self.w.as_slice().expect("kernels are in standard layout"),
            self.b.as_slice().expect("biases are in standard layout"),
        ]
    }

    /// Kernel and bias in memory order, to be changed.
    pub(super) fn parameters_mut(&mut self) -> [&mut [f32]; 2] {
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
    use crate::nn::reference::{Layer, assert_near, derivative};
    use ndarray::array;
    use ndarray_rand::{
        RandomExt,
        rand::{SeedableRng, rngs::StdRng},
        rand_distr::Uniform,
    };

    /// Forward and all three derivatives of a layer, against f64, for the loss
    /// `Σ dy ∘ y`, whose derivative by `y` is `dy`.
    fn check(activation: Activation) {
        let mut rng = StdRng::seed_from_u64(7);
        let range = Uniform::new(-1.0_f32, 1.0).unwrap();
        let mut random = |shape| Array2::random_using(shape, range, &mut rng);
        let (x, dy) = (random((5, 4)), random((5, 3)));
        let layer = Dense::new(random((4, 3)), random((1, 3)).row(0).to_owned(), activation);

        let reference = Layer::of(&crate::nn::Layer::Dense(layer.clone()));
        let (x64, dy64) = (x.mapv(f64::from), dy.mapv(f64::from));
        let loss = |layer: &Layer, x: &Array2<f64>| (layer.forward(x) * &dy64).sum();

        let mut y = Array2::zeros((5, 3));
        layer.forward(x.view(), y.view_mut());
        assert_near("y", y.view(), &reference.forward(&x64));

        let mut gradient = Dense::zeros(4, 3, activation);
        let (mut dx, mut ds) = (Array2::zeros((5, 4)), dy.clone());
        let wanted = Some(dx.view_mut());
        layer.backward(x.view(), y.view(), ds.view_mut(), wanted, &mut gradient);
        let dw = derivative(&reference.w, |w| loss(&reference.with_kernel(w), &x64));
        let db = derivative(&reference.b, |b| loss(&reference.with_bias(b), &x64));
        assert_near("dw", gradient.w.view(), &dw);
        assert_near("db", gradient.b.to_shape((1, 3)).unwrap().view(), &db);
        assert_near("dx", dx.view(), &derivative(&x64, |x| loss(&reference, x)));
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
