//! Latent codes in two dimensions, the same way up from one moment to the next.
//!
//! Two values are their own axes. More are shown by their two principal
//! components, found by orthogonal iteration (Golub and Van Loan, *Matrix
//! Computations*, 8.2) that starts from the axes of a moment before; each
//! axis then keeps the place and the sign of the old one it resembles most.

use ndarray::{Array1, Array2, ArrayBase, ArrayView1, ArrayView2, Axis, Data, Ix2, s};

use crate::message::Plane;

/// Rounds from a cold start; the ratio of the second to the third component's
/// variance, taken to this power, is the error that is left.
const COLD_ROUNDS: usize = 60;
/// Rounds that follow a moment not far away.
const WARM_ROUNDS: usize = 12;

/// The way from codes to places on the map.
#[derive(Debug, Clone)]
pub(crate) enum Projection {
    /// The code's own values.
    Values,
    /// Two directions among many.
    Principal(PrincipalAxes),
}

#[derive(Debug, Clone)]
pub(crate) struct PrincipalAxes {
    mean: Array1<f32>,
    /// Two orthonormal columns.
    axes: Array2<f32>,
}

impl Projection {
    /// What the axes of codes of so many values are.
    pub(crate) fn plane(latent: usize) -> Plane {
        match latent {
            1 => Plane::Line,
            2 => Plane::Codes,
            more => Plane::Principal(more),
        }
    }

    /// Suits these codes, and is as much `like` that of another moment as they allow.
    pub(crate) fn of(codes: ArrayView2<f32>, like: Option<&Self>) -> Self {
        if codes.ncols() <= 2 || codes.nrows() == 0 {
            return Self::Values;
        }
        let like = match like {
            Some(Self::Principal(like)) => Some(like),
            _ => None,
        };
        match PrincipalAxes::of(codes, like) {
            Some(axes) => Self::Principal(axes),
            None => like.cloned().map_or(Self::Values, Self::Principal),
        }
    }

    /// The places of codes [N, latent]; `second` gives a single-valued code its other axis.
    pub(crate) fn places(
        &self,
        codes: ArrayView2<f32>,
        second: impl Fn(usize) -> f32,
    ) -> Vec<[f32; 2]> {
        if codes.ncols() == 1 {
            let place = |(row, code): (usize, &f32)| [*code, second(row)];
            return codes.iter().enumerate().map(place).collect();
        }
        match self {
            Self::Principal(PrincipalAxes { mean, axes }) => pairs((&codes - mean).dot(axes)),
            Self::Values => pairs(codes),
        }
    }
}

impl Projection {
    /// The code at a place of the plane through a code, which is parallel to the map.
    pub(crate) fn through(&self, base: &[f32], at: [f32; 2]) -> Vec<f32> {
        match self {
            // Without axes there is no plane in a longer code.
            Self::Values if base.len() > 2 => base.to_vec(),
            Self::Values => at.into_iter().take(base.len()).collect(),
            Self::Principal(PrincipalAxes { axes, .. }) => {
                let from = self.place(base);
                let moved = |(value, axes): (&f32, ArrayView1<f32>)| {
                    value + (at[0] - from[0]) * axes[0] + (at[1] - from[1]) * axes[1]
                };
                base.iter().zip(axes.rows()).map(moved).collect()
            }
        }
    }

    /// Where a single code lies; of one value, on a line without a second axis.
    pub(crate) fn place(&self, code: &[f32]) -> [f32; 2] {
        let code = ArrayView2::from_shape((1, code.len()), code).expect("a row holds a code");
        self.places(code, |_| 0.0)[0]
    }

    /// The part of the codes' variance that the plane holds, where it does not hold all.
    pub(crate) fn share(&self, codes: ArrayView2<f32>) -> Option<f32> {
        let Self::Principal(PrincipalAxes { mean, axes }) = self else {
            return None;
        };
        let centred = &codes - mean;
        let square = |numbers: &Array2<f32>| numbers.iter().map(|value| value * value).sum::<f32>();
        let share = square(&centred.dot(axes)) / square(&centred);
        share.is_finite().then_some(share)
    }
}

/// The first two numbers of each row.
fn pairs(rows: ArrayBase<impl Data<Elem = f32>, Ix2>) -> Vec<[f32; 2]> {
    let rows = rows.rows().into_iter();
    rows.map(|row| [row[0], row[1]]).collect()
}

impl PrincipalAxes {
    /// `None` where the codes are no numbers to find any in.
    fn of(codes: ArrayView2<f32>, like: Option<&Self>) -> Option<Self> {
        let mean = codes.mean_axis(Axis(0)).expect("there are codes");
        let centred = &codes - &mean;
        let covariance = centred.t().dot(&centred) / codes.nrows() as f32;
        let (start, rounds) = match like {
            Some(like) => (like.axes.clone(), WARM_ROUNDS),
            None => (first_guess(codes.ncols()), COLD_ROUNDS),
        };
        let mut axes = orthonormal(start);
        for _ in 0..rounds {
            axes = orthonormal(covariance.dot(&axes));
        }
        axes = principal_within(&covariance, &axes);
        if let Some(like) = like {
            axes = as_before(axes, &like.axes);
        }
        let finite = axes.iter().all(|value| value.is_finite());
        finite.then_some(Self { mean, axes })
    }
}

/// Any two directions that no data is likely to be orthogonal to.
fn first_guess(latent: usize) -> Array2<f32> {
    Array2::from_shape_fn((latent, 2), |(unit, axis)| {
        1.0 + ((unit * (axis + 2) + axis) % 7) as f32
    })
}

/// Gram and Schmidt; a vanishing column becomes a unit vector, which the next rounds turn.
fn orthonormal(mut columns: Array2<f32>) -> Array2<f32> {
    for axis in 0..2 {
        if axis == 1 {
            let first = columns.column(0).to_owned();
            let overlap = first.dot(&columns.column(1));
            columns.column_mut(1).scaled_add(-overlap, &first);
        }
        let mut column = columns.column_mut(axis);
        let length = column.dot(&column).sqrt();
        if length > f32::MIN_POSITIVE {
            column /= length;
        } else {
            column.fill(0.0);
            column[axis] = 1.0;
        }
    }
    columns
}

/// The eigenvectors of the covariance within the plane of the two axes, larger first.
fn principal_within(covariance: &Array2<f32>, axes: &Array2<f32>) -> Array2<f32> {
    let small = axes.t().dot(covariance).dot(axes);
    let angle = 0.5 * (2.0 * small[[0, 1]]).atan2(small[[0, 0]] - small[[1, 1]]);
    let (sin, cos) = angle.sin_cos();
    axes.dot(&ndarray::array![[cos, -sin], [sin, cos]])
}

/// The same two axes in the places and with the signs of the old ones they resemble.
fn as_before(mut axes: Array2<f32>, old: &Array2<f32>) -> Array2<f32> {
    let alike = old.t().dot(&axes);
    let kept = alike[[0, 0]].abs() + alike[[1, 1]].abs();
    let swapped = alike[[0, 1]].abs() + alike[[1, 0]].abs();
    if swapped > kept {
        axes = axes.slice(s![.., ..;-1]).to_owned();
    }
    for axis in 0..2 {
        if old.column(axis).dot(&axes.column(axis)) < 0.0 {
            axes.column_mut(axis).mapv_inplace(|value| -value);
        }
    }
    axes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, generator};
    use ndarray_rand::{RandomExt, rand_distr::StandardNormal};

    /// Normal codes with these standard deviations along the unit axes.
    fn cloud(deviations: &[f32]) -> Array2<f32> {
        let mut rng = generator(1, Stream::Weights, 0);
        let unit: Array2<f32> =
            Array2::random_using((2000, deviations.len()), StandardNormal, &mut rng);
        unit * &Array1::from(deviations.to_vec())
    }

    fn spread(places: &[[f32; 2]], axis: usize) -> f32 {
        let sum: f32 = places.iter().map(|place| place[axis] * place[axis]).sum();
        (sum / places.len() as f32).sqrt()
    }

    fn axes(projection: &Projection) -> &Array2<f32> {
        match projection {
            Projection::Principal(principal) => &principal.axes,
            Projection::Values => panic!("many values have principal axes"),
        }
    }

    #[test]
    fn the_widest_directions_become_the_axes() {
        let codes = cloud(&[1.0, 5.0, 0.5, 3.0]);
        let places = Projection::of(codes.view(), None).places(codes.view(), |_| 0.0);
        // 2,000 samples know a standard deviation to 1/sqrt(4000), 1.6 %; three of those.
        assert!((spread(&places, 0) / 5.0 - 1.0).abs() < 0.05);
        assert!((spread(&places, 1) / 3.0 - 1.0).abs() < 0.05);
    }

    #[test]
    fn axes_keep_their_order_and_sign_when_the_variances_change_places() {
        let before = cloud(&[1.0, 5.0, 0.5, 4.0]);
        let old = Projection::of(before.view(), None);
        let later = [4.5, 5.0, 5.5, 6.0].map(|second| cloud(&[1.0, 5.0, 0.5, second]));
        let new = later.iter().fold(old.clone(), |like, codes| {
            Projection::of(codes.view(), Some(&like))
        });
        for axis in 0..2 {
            let alike = axes(&old).column(axis).dot(&axes(&new).column(axis));
            assert!(
                alike > 0.9,
                "axis {axis} kept only {alike} of its direction"
            );
        }
    }

    #[test]
    fn two_values_are_their_own_axes_and_one_gets_a_second() {
        let codes = ndarray::array![[1.0, 2.0], [3.0, 4.0]];
        assert_eq!(
            Projection::of(codes.view(), None).places(codes.view(), |_| 0.0),
            [[1.0, 2.0], [3.0, 4.0]]
        );
        let single = ndarray::array![[1.0], [3.0]];
        assert_eq!(
            Projection::of(single.view(), None).places(single.view(), |row| row as f32),
            [[1.0, 0.0], [3.0, 1.0]]
        );
    }

    #[test]
    fn the_plane_through_a_code_holds_it_and_has_the_maps_places() {
        let codes = cloud(&[1.0, 5.0, 0.5, 3.0]);
        let projection = Projection::of(codes.view(), None);
        let base = codes.row(17).to_vec();
        let from = projection.place(&base);
        let close = |a: f32, b: f32| (a - b).abs() < 1e-4;
        let same = projection.through(&base, from);
        assert!(same.iter().zip(&base).all(|(a, b)| close(*a, *b)));
        let moved = projection.through(&base, [2.0, -7.0]);
        let [x, y] = projection.place(&moved);
        assert!(close(x, 2.0) && close(y, -7.0), "{x} {y}");
        // What the axes do not hold stays as it was: 1 and .25 of 35.25.
        let share = projection.share(codes.view()).unwrap();
        assert!((share - 34.0 / 35.25).abs() < 0.01, "{share}");
        assert_eq!(
            Projection::Values.through(&[1.0, 2.0], [3.0, 4.0]),
            [3.0, 4.0]
        );
        assert_eq!(Projection::Values.through(&[1.0], [3.0, 4.0]), [3.0]);
        assert_eq!(Projection::Values.through(&[1.0; 3], [3.0, 4.0]), [1.0; 3]);
        assert_eq!(Projection::Values.share(codes.view()), None);
    }

    #[test]
    fn codes_that_are_all_alike_sit_in_one_place() {
        let codes = Array2::from_elem((10, 5), 2.0);
        let places = Projection::of(codes.view(), None).places(codes.view(), |_| 0.0);
        assert!(places.iter().all(|place| *place == [0.0, 0.0]));
    }
}
