//! Every number four times.
//!
//! ```text
//! y[c, 2 i + u, 2 j + v] = x[c, i, j]         for u, v in 0..2
//! dx[c, i, j] = Σ dy[c, 2 i + u, 2 j + v]     over u, v
//! ```

use crate::nn::Maps;
use ndarray::{Array2, ArrayView2, NdFloat};

/// How often a number is repeated in each direction.
const TIMES: usize = 2;

/// The maps that come out, of those that go in.
pub(in crate::nn) const fn output(from: Maps) -> Maps {
    Maps {
        channels: from.channels,
        height: TIMES * from.height,
        width: TIMES * from.width,
    }
}

/// Forward: from `x` `[N, C h w]`, maps of that shape, to `y`.
pub(in crate::nn) fn forward<F: NdFloat>(from: Maps, x: ArrayView2<F>) -> Array2<F> {
    let mut y = Array2::zeros((x.nrows(), output(from).numbers()));
    for (x, y) in x.rows().into_iter().zip(y.rows_mut()) {
        let x = from.view(x);
        let mut y = output(from).view_mut(y);
        for ((c, i, j), y) in y.indexed_iter_mut() {
            *y = x[[c, i / TIMES, j / TIMES]];
        }
    }
    y
}

/// Backward: `dx` sums up what each number's four copies are told.
pub(in crate::nn) fn backward<F: NdFloat>(from: Maps, dy: ArrayView2<F>) -> Array2<F> {
    let mut dx = Array2::zeros((dy.nrows(), from.numbers()));
    for (dy, dx) in dy.rows().into_iter().zip(dx.rows_mut()) {
        let mut dx = from.view_mut(dx);
        for ((c, i, j), &dy) in output(from).view(dy).indexed_iter() {
            dx[[c, i / TIMES, j / TIMES]] += dy;
        }
    }
    dx
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Layer, LayerShape, proof::check_backward};
    use ndarray::array;

    #[test]
    fn every_number_comes_out_four_times() {
        let from = Maps {
            channels: 1,
            height: 1,
            width: 2,
        };
        let y = forward(from, array![[3.0, 5.0]].view());
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
        check_backward(&Layer::zeros(&LayerShape::Upsample { from }), &x, &dy);
    }
}
