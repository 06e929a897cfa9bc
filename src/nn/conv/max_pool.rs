//! The largest of every four neighbours.
//!
//! ```text
//! y[c, i, j] = max x[c, 2 i + u, 2 j + v]   over u, v in 0..2
//! ```
//!
//! Where a map has an odd side, the last windows hold what is there (Keras's
//! padding "same", which adds nothing that could be the largest). Backward, the
//! derivative goes to the largest; of equals, to the first in reading order.

use crate::nn::Maps;
use ndarray::{Array2, ArrayView2, ArrayView3, NdFloat};

/// Rows and columns of a window.
const WINDOW: usize = 2;

/// The maps that come out, of those that go in.
pub(in crate::nn) const fn output(from: Maps) -> Maps {
    Maps {
        channels: from.channels,
        height: from.height.div_ceil(WINDOW),
        width: from.width.div_ceil(WINDOW),
    }
}

/// Forward: from `x` `[N, C h w]`, maps of that shape, to `y`.
pub(in crate::nn) fn forward<F: NdFloat>(from: Maps, x: ArrayView2<F>) -> Array2<F> {
    let mut y = Array2::zeros((x.nrows(), output(from).numbers()));
    for (x, y) in x.rows().into_iter().zip(y.rows_mut()) {
        let x = from.view(x);
        let mut y = output(from).view_mut(y);
        for (place, y) in y.indexed_iter_mut() {
            *y = x[largest(x, place)];
        }
    }
    y
}

/// Backward: `dx` is `dy` at the largest of each window, and zero elsewhere.
pub(in crate::nn) fn backward<F: NdFloat>(
    from: Maps,
    x: ArrayView2<F>,
    dy: ArrayView2<F>,
) -> Array2<F> {
    let mut dx = Array2::zeros(x.dim());
    let images = x.rows().into_iter().zip(dy.rows()).zip(dx.rows_mut());
    for ((x, dy), dx) in images {
        let (x, mut dx) = (from.view(x), from.view_mut(dx));
        for (place, &dy) in output(from).view(dy).indexed_iter() {
            dx[largest(x, place)] += dy;
        }
    }
    dx
}

/// Where the largest stands in a window. A NaN is larger than any number, so that
/// none is hidden.
fn largest<F: NdFloat>(
    x: ArrayView3<F>,
    (c, i, j): (usize, usize, usize),
) -> (usize, usize, usize) {
    let (_, height, width) = x.dim();
    let (rows, columns) = (WINDOW * i..height, WINDOW * j..width);
    let places = rows.take(WINDOW).flat_map(|row| {
        columns
            .clone()
            .take(WINDOW)
            .map(move |column| (c, row, column))
    });
    let larger = |best, place| {
        let beats = x[place] > x[best] || (x[place].is_nan() && !x[best].is_nan());
        if beats { place } else { best }
    };
    places
        .reduce(larger)
        .expect("every window holds at least one number")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Layer, LayerShape, proof::check_backward};
    use ndarray::array;
    use ndarray_rand::{
        RandomExt,
        rand::{SeedableRng, rngs::StdRng},
        rand_distr::Uniform,
    };

    #[test]
    fn odd_and_even_maps_have_the_gradients_of_their_largest() {
        let mut rng = StdRng::seed_from_u64(7);
        let range = Uniform::new(-1.0_f32, 1.0).unwrap();
        for (height, width) in [(4, 6), (7, 5), (1, 1)] {
            let from = Maps {
                channels: 2,
                height,
                width,
            };
            let x = Array2::random_using((3, from.numbers()), range, &mut rng);
            let dy = Array2::random_using((3, output(from).numbers()), range, &mut rng);
            check_backward(&Layer::zeros(&LayerShape::MaxPool { from }), &x, &dy);
        }
    }

    #[test]
    fn the_windows_at_the_border_of_odd_maps_hold_what_is_there() {
        let from = Maps {
            channels: 1,
            height: 3,
            width: 3,
        };
        let x = array![[1.0, 5.0, 2.0, 4.0, 3.0, -1.0, -7.0, -6.0, -8.0]];
        let y = forward(from, x.view());
        assert_eq!(y, array![[5.0, 2.0, -6.0, -8.0]]);
    }

    #[test]
    fn of_equals_the_first_in_reading_order_takes_the_derivative() {
        let from = Maps {
            channels: 1,
            height: 2,
            width: 4,
        };
        let x = array![[0.0, 3.0, 5.0, 1.0, 3.0, 3.0, 1.0, 5.0]];
        let dx = backward(from, x.view(), array![[2.0, 7.0]].view());
        assert_eq!(dx, array![[0.0, 2.0, 7.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    }

    #[test]
    fn no_window_hides_a_nan() {
        let from = Maps {
            channels: 1,
            height: 2,
            width: 2,
        };
        for place in 0..4 {
            let mut x = array![[1.0, 4.0, 2.0, 3.0]];
            x[[0, place]] = f32::NAN;
            assert!(forward(from, x.view())[[0, 0]].is_nan());
        }
    }
}
