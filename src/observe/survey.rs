//! What all held-out images come to at one moment, and what the narrator may hear of it.
//!
//! Surveys that are kept hold codes, and those of a network with a long one are large: so as
//! many are kept as fit a number of bytes.

use std::{mem::size_of_val, sync::Arc};

use ndarray::Array2;

use super::{confusion, projection::Projection, territory::Territories};
use crate::{
    data::Split,
    lens::HeldOut,
    message::{Confusion, Map},
    nn::{Cost, Snapshot},
};

/// What all held-out images came to at one moment.
#[derive(Debug, Clone)]
pub(super) struct Survey {
    pub(super) step: u64,
    pub(super) map: Arc<Map>,
    /// The weights that it is of; none of one that was kept, for it is looked at with them.
    pub(super) snapshot: Option<Arc<Snapshot>>,
    /// Whether it was gone back to.
    pub(super) past: bool,
    /// Their codes, in order.
    pub(super) codes: Arc<Array2<f32>>,
    /// The way from codes to the map.
    pub(super) projection: Projection,
    /// What each of them costs, where there was time for it.
    pub(super) costs: Option<Arc<[Cost]>>,
    /// The mean of it.
    pub(super) held_out: Option<HeldOut>,
}

impl Survey {
    /// The memory that it keeps, but for some hundred bytes.
    pub(super) fn bytes(&self) -> usize {
        let costs = self.costs.as_deref().map_or(0, size_of_val);
        let points = size_of_val(&self.map.points[..]);
        self.codes.len() * size_of::<f32>() + costs + points
    }
}

/// What the narrator may hear of a map of the run as it goes on.
pub(super) struct Facts {
    pub(super) step: u64,
    pub(super) held_out: Option<HeldOut>,
    /// The mean loss of each digit's images.
    pub(super) digits: Option<Arc<[f32]>>,
    /// Code units that are other than zero for some image, and all there are.
    pub(super) units: [usize; 2],
    pub(super) territories: Option<Territories>,
    /// How much what is drawn varies, as a share of what the originals do.
    pub(super) spread: Option<f32>,
    codes: Arc<Array2<f32>>,
    costs: Option<Arc<[Cost]>>,
}

impl Facts {
    /// Those of a survey, of what each digit's images cost, and of how much what is drawn varies.
    pub(super) fn of(survey: &Survey, digits: Option<Arc<[f32]>>, spread: f32) -> Self {
        let units = survey.codes.columns().into_iter();
        let live = units.filter(|unit| unit.iter().any(|&value| value != 0.0));
        Self {
            step: survey.step,
            held_out: survey.held_out,
            digits,
            units: [live.count(), survey.codes.ncols()],
            territories: Territories::of(&survey.map),
            spread: (!spread.is_nan()).then_some(spread),
            codes: Arc::clone(&survey.codes),
            costs: survey.costs.clone(),
        }
    }

    /// How often images of a class have one of the other as the nearest code, where there was
    /// time to measure what they cost.
    pub(super) fn confusion(
        &self,
        images: &Split,
        class: usize,
        other: usize,
    ) -> Option<Confusion> {
        let costs = self.costs.as_deref()?;
        confusion::count(self.codes.view(), costs, images, [class, other])
    }
}
