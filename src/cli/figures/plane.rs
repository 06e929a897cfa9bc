//! The plane that codes are seen on: the one that the dashboard's map has.

use ndarray::{Array1, Array2, Axis};

use crate::{
    message::Plane,
    nn::{Activation, Autoencoder, CodeShape},
    observe::Projection,
};

/// The part of the codes that lies beyond either end of what is decoded.
const BEYOND: f64 = 0.01;
/// The part of a value that is always the same by which the ends about it differ.
const ASIDE: f32 = 0.1;
/// How far codes of one value stand from the line of their class.
const JITTER: f32 = 0.32;

/// Codes, and their plane.
pub(super) struct CodePlane {
    codes: Array2<f32>,
    projection: Projection,
    pub(super) plane: Plane,
    /// Whether no value of a code is below zero.
    from_zero: bool,
    /// Whether a code is maps.
    pub(super) maps: bool,
}

impl CodePlane {
    pub(super) fn of(codes: Array2<f32>, net: &Autoencoder) -> Self {
        let architecture = net.architecture();
        let maps = matches!(architecture.code_shape(), CodeShape::Maps { .. });
        let activation = architecture.network.latent_activation();
        Self {
            projection: Projection::of(codes.view(), None),
            plane: Projection::plane(codes.ncols()),
            from_zero: maps || activation == Some(Activation::Relu),
            maps,
            codes,
        }
    }

    /// What runs across, and what up.
    pub(super) fn axes(&self) -> [String; 2] {
        match self.plane {
            Plane::Line => ["code".into(), String::new()],
            Plane::Principal(values) => {
                let share = self.projection.share(self.codes.view());
                let share = share.map_or_else(String::new, |share| {
                    format!(" (the two hold {:.0} % of the variance)", 100.0 * share)
                });
                [
                    format!("principal component 1 of {values} code values"),
                    format!("component 2{share}"),
                ]
            }
            Plane::Codes | Plane::Pair(_) => ["code value 1".into(), "code value 2".into()],
        }
    }

    /// Where each code lies; one of a single value about the line of its class.
    pub(super) fn places(&self, labels: &[u8]) -> Vec<[f32; 2]> {
        // Steps of the golden ratio fill a line evenly, and are the same every time.
        let jitter = |row: usize| JITTER * (2.0 * (row as f32 * 0.618_034).fract() - 1.0);
        let second = |row: usize| f32::from(labels[row]) + jitter(row);
        self.projection.places(self.codes.view(), second)
    }

    /// Between which ends most of the codes lie, of an axis.
    pub(super) fn ends(&self, axis: usize) -> [f32; 2] {
        let places = self.projection.places(self.codes.view(), |_| 0.0);
        let mut values: Vec<f32> = places.iter().map(|place| place[axis]).collect();
        values.sort_unstable_by(f32::total_cmp);
        let last = values.len().saturating_sub(1);
        let beyond = (last as f64 * BEYOND) as usize;
        match (values.get(beyond), values.get(last - beyond)) {
            (Some(&low), Some(&high)) if low < high => [low, high],
            // A value that is always the same: a step beside it shows that it is.
            (Some(&low), _) => [low, low + (ASIDE * low.abs()).max(1.0)],
            _ => [0.0, 1.0],
        }
    }

    /// The codes of places on the plane, through the mean of all codes.
    pub(super) fn codes_at(&self, places: &[[f32; 2]]) -> Array2<f32> {
        let mean = self.codes.mean_axis(Axis(0));
        let mean = mean
            .unwrap_or_else(|| Array1::zeros(self.codes.ncols()))
            .to_vec();
        let mut codes = Array2::zeros((places.len(), mean.len()));
        for (mut row, place) in codes.rows_mut().into_iter().zip(places) {
            for (value, own) in row.iter_mut().zip(self.projection.through(&mean, *place)) {
                *value = if self.from_zero { own.max(0.0) } else { own };
            }
        }
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        recipe::{Preset, Recipe},
        state::State,
    };

    #[test]
    fn a_value_that_is_always_the_same_has_ends_that_differ() {
        let net = State::start(&Recipe::preset(Preset::Article), None).net;
        for value in [0.0_f32, -3.0, 1.7e7, -1.7e7, 1e30] {
            let codes = Array2::from_shape_fn(
                (5, 2),
                |(row, axis)| {
                    if axis == 0 { value } else { row as f32 }
                },
            );
            let plane = CodePlane::of(codes, &net);
            let [low, high] = plane.ends(0);
            assert!(low == value && high > low && high.is_finite(), "{value}");
            assert_eq!(plane.ends(1), [0.0, 4.0]);
        }
    }
}
