//! Where each held-out image lives on two values of a longer code.
//!
//! The axes are a [cartographer's](crate::observe::cartographer) as the map's are: they grow from
//! step to step, and what is gone back to is as it was. It has drawn the moments at which these two
//! values were asked for, and no others.

use std::sync::Arc;

use ndarray::{Array2, Axis};

use super::Scope;
use crate::{
    lens::Sample,
    message::{Map, Plane, SplitName},
    observe::cartographer::{Cartographer, Drawing},
};

/// Two values, and their map.
pub(super) struct Pair {
    values: [usize; 2],
    cartographer: Cartographer,
    drawn: Option<(Arc<Array2<f32>>, Arc<Map>)>,
}

impl Pair {
    /// The map of two values that the code has, from the last map of all images. What is known of
    /// two others is forgotten.
    pub(super) fn map(
        known: &mut Option<Self>,
        values: [usize; 2],
        scope: &Scope,
    ) -> Option<Arc<Map>> {
        let codes = &scope.survey?.codes;
        if codes.ncols() <= values[0].max(values[1]) {
            return None;
        }
        let kept = known.take().filter(|pair| pair.values == values);
        let pair = known.insert(kept.unwrap_or_else(|| Self {
            values,
            cartographer: Cartographer::new(&scope.data.test, scope.recipe.architecture().code()),
            drawn: None,
        }));
        let of_these = pair.drawn.take();
        let of_these = of_these.filter(|(drawn, _)| Arc::ptr_eq(drawn, codes));
        let mut map = match of_these {
            Some((_, map)) => map,
            None => Arc::new(pair.draw(codes, scope)?),
        };
        let chosen = match scope.chosen.split {
            SplitName::Test => map.points.get(scope.chosen.index).copied(),
            SplitName::Train | SplitName::Unseen => None,
        };
        let chosen = chosen.unwrap_or(values.map(|value| scope.sample.code[value]));
        if map.chosen != chosen {
            Arc::make_mut(&mut map).chosen = chosen;
        }
        pair.drawn = Some((Arc::clone(codes), Arc::clone(&map)));
        Some(map)
    }

    fn draw(&mut self, codes: &Array2<f32>, scope: &Scope) -> Option<Map> {
        let survey = scope.survey?;
        let step = survey.step;
        let drawing = if survey.past {
            Drawing::Visit
        } else {
            Drawing::Live
        };
        let chosen = Sample {
            code: self.values.map(|value| scope.sample.code[value]).into(),
            ..scope.sample.clone()
        };
        let pair = codes.select(Axis(1), &self.values);
        let map = self.cartographer.draw(step, pair.view(), &chosen, drawing);
        Some(Map {
            plane: Plane::Pair(self.values),
            ..map
        })
    }
}
