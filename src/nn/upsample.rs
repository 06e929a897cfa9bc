//! Every number four times.
//!
//! ```text
//! y[c, 2 i + u, 2 j + v] = x[c, i, j]         for u, v in 0..2
//! dx[c, i, j] = Σ dy[c, 2 i + u, 2 j + v]     over u, v
//! ```

use super::Maps;
use ndarray::{ArrayView2, ArrayViewMut2};

/// How often a number is repeated in each direction.
const TIMES: usize = 2;

/// The maps that come out, of those that go in.
pub(super) const fn output(from: Maps) -> Maps {
    Maps {
        channels: from.channels,
        height: TIMES * from.height,
        width: TIMES * from.width,
    }
}

/// Forward: from `x` `[N, C h w]`, maps of that shape, to `y`.
pub(super) fn forward(from: Maps, x: ArrayView2<f32>, mut y: ArrayViewMut2<f32>) {
    for (x, y) in x.rows().into_iter().zip(y.rows_mut()) {
        let x = from.view(x);
        let mut y = output(from).view_mut(y);
        for ((c, i, j), y) in y.indexed_iter_mut() {
            *y = x[[c, i / TIMES, j / TIMES]];
        }
    }
}

/// Backward: `dx` sums up what each number's four copies are told.
pub(super) fn backward(from: Maps, dy: ArrayView2<f32>, mut dx: ArrayViewMut2<f32>) {
    dx.fill(0.0);
    for (dy, dx) in dy.rows().into_iter().zip(dx.rows_mut()) {
        let mut dx = from.view_mut(dx);
        for ((c, i, j), &dy) in output(from).view(dy).indexed_iter() {
            dx[[c, i / TIMES, j / TIMES]] += dy;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        Layer, LayerShape,
        reference::{self, assert_near, derivative},
    };
    use ndarray::{Array2, array};

    #[test]
    fn every_number_comes_out_four_times() {
        let from = Maps {
            channels: 1,
            height: 1,
            width: 2,
        };
        let mut y = Array2::zeros((1, 8));
        forward(from, array![[3.0, 5.0]].view(), y.view_mut());
        assert_eq!(y, array![[3.0, 3.0, 5.0, 5.0, 3.0, 3.0, 5.0, 5.0]]);
    }

    #[test]
    fn a_number_has_the_gradients_of_its_copies() {
        let from = Maps {
            channels: 2,
            height: 3,
            width: 2,
        };
        let x = Array2::from_shape_fn((2, 12), |(n, i)| (n * 5 + i * 7 % 11) as f32);
        let dy = Array2::from_shape_fn((2, 48), |(n, i)| (n * 3 + i * 5 % 13) as f32 - 6.0);
        let layer = Layer::zeros(&LayerShape::Upsample { from });
        let reference = reference::Layer::of(&layer);
        let (x64, dy64) = (x.mapv(f64::from), dy.mapv(f64::from));

        assert_near("y", layer.apply(x.view()).view(), &reference.forward(&x64));
        let mut dx = Array2::ones(x.dim());
        backward(from, dy.view(), dx.view_mut());
        let expected = derivative(&x64, |x| (reference.forward(x) * &dy64).sum());
        assert_near("dx", dx.view(), &expected);
    }
}
