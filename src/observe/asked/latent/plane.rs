//! The plane through a code that is walked on: the map's own, or one of two of the code's values,
//! where all others stay what they are.

use super::Scope;
use crate::{
    message::{Base, Spot},
    nn::{Activation, CodeShape},
    observe::projection::Projection,
};

/// The plane, through any code.
pub(super) struct Plane<'a> {
    axes: Axes,
    chosen: &'a [f32],
    /// Whether no value of a code is below zero.
    from_zero: bool,
}

/// What it is spanned by.
enum Axes {
    /// What the map has.
    Map(Projection),
    /// These two values.
    Values([usize; 2]),
}

impl<'a> Plane<'a> {
    /// The plane of two values that the code has, or the map's own.
    pub(super) fn of(values: Option<[usize; 2]>, scope: &Scope<'a>) -> Self {
        let architecture = scope.recipe.architecture();
        let activation = architecture.network.latent_activation();
        let maps = matches!(architecture.code_shape(), CodeShape::Maps { .. });
        let projection = || {
            let survey = scope.survey;
            survey.map_or(Projection::Values, |survey| survey.projection.clone())
        };
        Self {
            axes: values.map_or_else(|| Axes::Map(projection()), Axes::Values),
            chosen: &scope.sample.code,
            from_zero: maps || activation == Some(Activation::Relu),
        }
    }

    /// Where a code lies on its axes.
    pub(super) fn place(&self, code: &[f32]) -> [f32; 2] {
        match &self.axes {
            Axes::Map(projection) => projection.place(code),
            Axes::Values(values) => values.map(|value| code[value]),
        }
    }

    /// The code of a place. One of a network with another code is the chosen sample's.
    pub(super) fn code(&self, spot: &Spot) -> Vec<f32> {
        let base = match &spot.base {
            Base::Code(code) if code.len() == self.chosen.len() => code,
            Base::Code(_) | Base::Chosen => self.chosen,
        };
        let Some(at) = spot.at else {
            return base.to_vec();
        };
        let mut code = match &self.axes {
            Axes::Map(projection) => projection.through(base, at),
            Axes::Values(values) => {
                let mut code = base.to_vec();
                for (value, at) in values.iter().zip(at) {
                    code[*value] = at;
                }
                code
            }
        };
        if self.from_zero {
            for value in &mut code {
                *value = value.max(0.0);
            }
        }
        code
    }
}
