//! A convolution, forward and backward.
//!
//! Every place of the output sees a window of the input, and all see it through
//! the same kernel: with `p` of one ([`Padding::Same`]) or zero
//! ([`Padding::Valid`]) and zeros beyond the border,
//!
//! ```text
//! y[o, i, j] = f(b[o] + Σ w[o, c, u, v] x[c, i + u - p, j + v - p])   over c, u, v
//! ```
//!
//! With the windows of an image as the columns of a matrix `X` `[in 3 3, places]`
//! that is a dense layer's `y = f(w X + b)`, and backward is a dense layer's too.

mod field;
pub(super) mod max_pool;
mod pass;
mod stack;
mod stage;
mod training;
pub(super) mod upsample;
mod weights;

pub(super) use pass::ConvPass;
pub(super) use stack::Stack;
pub(super) use training::{ConvTraining, bytes};

use super::{Activation, Maps};
use ndarray::{
    Array1, Array2, Array4, Array5, ArrayView2, ArrayView3, ArrayViewMut3, Axis, NdFloat,
    linalg::general_mat_mul, s,
};
use std::ops::Range;

/// Rows and columns of every kernel.
pub(super) const KERNEL: usize = 3;

/// What a window does at the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// Reaches over it, into zeros: the output is as large as the input.
    Same,
    /// Stays within: the output is smaller by two.
    Valid,
}

impl Padding {
    /// `p`, how far a window reaches over the border.
    pub(super) const fn reach(self) -> usize {
        match self {
            Self::Same => KERNEL / 2,
            Self::Valid => 0,
        }
    }

    /// Rows or columns that come out, of those that go in.
    const fn side(self, side: usize) -> usize {
        (side + 2 * self.reach()).saturating_sub(KERNEL - 1)
    }

    /// The maps that come out of a convolution, of those that go in.
    pub(super) const fn output(self, from: Maps, channels: usize) -> Maps {
        Maps {
            channels,
            height: self.side(from.height),
            width: self.side(from.width),
        }
    }
}

/// A convolution: `y = f(w * x + b)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Convolution<F = f32> {
    /// The maps that go in.
    pub from: Maps,
    /// What a window does at the border.
    pub padding: Padding,
    /// Kernel, `[out, in, 3, 3]`, in standard layout.
    pub w: Array4<F>,
    /// Bias, `[out]`.
    pub b: Array1<F>,
    /// `f`.
    pub activation: Activation,
}

impl<F: NdFloat> Convolution<F> {
    /// A convolution whose weights and biases are zero.
    pub fn zeros(from: Maps, channels: usize, padding: Padding, activation: Activation) -> Self {
        Self {
            from,
            padding,
            w: Array4::zeros((channels, from.channels, KERNEL, KERNEL)),
            b: Array1::zeros(channels),
            activation,
        }
    }

    /// The maps that come out.
    pub fn to(&self) -> Maps {
        self.padding.output(self.from, self.b.len())
    }

    /// Forward: from `x` `[N, in h w]` to `y` `[N, out h w]`.
    ///
    /// # Panics
    ///
    /// When an image has another number of numbers, or they are no row in memory.
    pub fn forward(&self, x: ArrayView2<F>) -> Array2<F> {
        let mut y = Array2::zeros((x.nrows(), self.to().numbers()));
        let (w, mut windows) = (self.matrix(), self.no_windows());
        for (x, y) in x.rows().into_iter().zip(y.rows_mut()) {
            self.unfold(self.from.view(x), &mut windows);
            let mut y = y.into_shape_with_order(self.by_channel()).expect(ONE_ROW);
            general_mat_mul(F::one(), &w, &columns(&windows), F::zero(), &mut y);
            for (mut y, &b) in y.rows_mut().into_iter().zip(&self.b) {
                y.mapv_inplace(|s| self.activation.of(s + b));
            }
        }
        y
    }

    /// Backward, with `ds = dy * f'(s)` for the sums `s` and the windows `X` of each image:
    ///
    /// - `dw = Σₙ ds Xᵀ`
    /// - `db = Σₙ Σᵢⱼ ds`
    /// - `dX = wᵀ ds`, of which every number goes back to where it came from in `dx`
    ///
    /// Everything else is as in [`Dense::backward`](super::Dense::backward).
    ///
    /// # Panics
    ///
    /// As [`forward`](Self::forward).
    pub fn backward(&self, x: ArrayView2<F>, y: ArrayView2<F>, dy: Array2<F>) -> (Self, Array2<F>) {
        let ds = self.activation.backward(y, dy);
        let mut gradient = Self::zeros(self.from, self.b.len(), self.padding, self.activation);
        let mut dx = Array2::zeros(x.dim());
        let (w, mut windows) = (self.matrix(), self.no_windows());
        for (n, (x, ds)) in x.rows().into_iter().zip(ds.rows()).enumerate() {
            self.unfold(self.from.view(x), &mut windows);
            let ds = ds.into_shape_with_order(self.by_channel()).expect(ONE_ROW);
            let dw = gradient.w.view_mut().into_shape_with_order(w.dim());
            let mut dw = dw.expect(ONE_ROW);
            general_mat_mul(F::one(), &ds, &columns(&windows).t(), F::one(), &mut dw);
            gradient.b += &ds.sum_axis(Axis(1));
            let dwindows = w.t().dot(&ds).into_shape_with_order(windows.raw_dim());
            self.fold(&dwindows.expect(ONE_ROW), self.from.view_mut(dx.row_mut(n)));
        }
        (gradient, dx)
    }

    /// Every place's window of the maps: `windows[c, u, v, i, j] = x[c, i + u - p, j + v - p]`.
    fn unfold(&self, x: ArrayView3<F>, windows: &mut Array5<F>) {
        for (u, v) in places_of_the_kernel() {
            let ([rows, columns], [from_rows, from_columns]) = self.overlap(u, v);
            let seen = x.slice(s![.., from_rows, from_columns]);
            windows.slice_mut(s![.., u, v, rows, columns]).assign(&seen);
        }
    }

    /// The opposite of [`unfold`](Self::unfold): what stands in several windows is summed up.
    fn fold(&self, windows: &Array5<F>, mut x: ArrayViewMut3<F>) {
        for (u, v) in places_of_the_kernel() {
            let ([rows, columns], [from_rows, from_columns]) = self.overlap(u, v);
            let mut seen = x.slice_mut(s![.., from_rows, from_columns]);
            seen += &windows.slice(s![.., u, v, rows, columns]);
        }
    }

    /// The rows and columns of the output that see the input with `w[.., u, v]`, and
    /// those that they see.
    fn overlap(&self, u: usize, v: usize) -> ([Range<usize>; 2], [Range<usize>; 2]) {
        let (to, reach) = (self.to(), self.padding.reach());
        let along = |shift: usize, from: usize, to: usize| {
            let range = reach.saturating_sub(shift)..to.min((from + reach).saturating_sub(shift));
            let seen = range.start + shift - reach..range.end + shift - reach;
            (range, seen)
        };
        let (rows, from_rows) = along(u, self.from.height, to.height);
        let (columns, from_columns) = along(v, self.from.width, to.width);
        ([rows, columns], [from_rows, from_columns])
    }

    /// Room for windows. What reaches over the border is zero and stays zero.
    fn no_windows(&self) -> Array5<F> {
        let to = self.to();
        Array5::zeros((self.from.channels, KERNEL, KERNEL, to.height, to.width))
    }

    /// The kernel as a matrix, `[out, in 3 3]`.
    fn matrix(&self) -> ArrayView2<'_, F> {
        let shape = (self.b.len(), self.from.channels * KERNEL * KERNEL);
        self.w.view().into_shape_with_order(shape).expect(ONE_ROW)
    }

    /// The shape of an image's outputs as a matrix, a row a channel.
    fn by_channel(&self) -> (usize, usize) {
        let to = self.to();
        (to.channels, to.places())
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

fn places_of_the_kernel() -> impl Iterator<Item = (usize, usize)> {
    (0..KERNEL).flat_map(|u| (0..KERNEL).map(move |v| (u, v)))
}

/// The windows as the columns of a matrix, `[in 3 3, places]`.
fn columns<F>(windows: &Array5<F>) -> ArrayView2<'_, F> {
    let (channels, kernel_rows, kernel_columns, height, width) = windows.dim();
    let shape = (channels * kernel_rows * kernel_columns, height * width);
    windows.view().into_shape_with_order(shape).expect(ONE_ROW)
}

const ONE_ROW: &str = "kernels, windows and images are in standard layout";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        Layer,
        proof::{assert_near, check_backward},
    };
    use ndarray_rand::{
        RandomExt,
        rand::{SeedableRng, rngs::StdRng},
        rand_distr::Uniform,
    };

    /// What comes out, against the definition, and all derivatives.
    fn check(from: Maps, padding: Padding, activation: Activation) {
        let mut rng = StdRng::seed_from_u64(7);
        let range = Uniform::new(-1.0_f32, 1.0).unwrap();
        let mut random = |shape| Array2::random_using(shape, range, &mut rng);
        let mut layer = Convolution::zeros(from, 3, padding, activation);
        for values in layer.parameters_mut() {
            values.copy_from_slice(random((1, values.len())).as_slice().unwrap());
        }
        let outputs = layer.to().numbers();
        let (x, dy) = (random((2, from.numbers())), random((2, outputs)));
        assert_near("y", layer.forward(x.view()).view(), &defined(&layer, &x));
        check_backward(&Layer::Convolution(layer), &x, &dy);
    }

    /// `y`, term by term.
    fn defined(layer: &Convolution, x: &Array2<f32>) -> Array2<f64> {
        let (from, to, reach) = (layer.from, layer.to(), layer.padding.reach());
        let seen = |n: usize, c: usize, i: usize, j: usize| {
            let (i, j) = (i.checked_sub(reach)?, j.checked_sub(reach)?);
            let inside = i < from.height && j < from.width;
            inside.then(|| f64::from(x[[n, c * from.places() + i * from.width + j]]))
        };
        Array2::from_shape_fn((x.nrows(), to.numbers()), |(n, index)| {
            let (o, place) = (index / to.places(), index % to.places());
            let (i, j) = (place / to.width, place % to.width);
            let terms = layer.w.index_axis(Axis(0), o);
            let terms = terms
                .indexed_iter()
                .map(|((c, u, v), &w)| f64::from(w) * seen(n, c, i + u, j + v).unwrap_or_default());
            layer
                .activation
                .of(f64::from(layer.b[o]) + terms.sum::<f64>())
        })
    }

    #[test]
    fn a_convolution_has_the_gradients_of_its_outputs() {
        for padding in [Padding::Same, Padding::Valid] {
            for activation in Activation::ALL {
                for (height, width) in [(4, 5), (3, 3)] {
                    let from = Maps {
                        channels: 2,
                        height,
                        width,
                    };
                    check(from, padding, activation);
                }
            }
        }
    }

    #[test]
    fn a_window_may_reach_over_every_border() {
        let from = Maps {
            channels: 2,
            height: 1,
            width: 1,
        };
        check(from, Padding::Same, Activation::Linear);
    }
}
