//! What the data at hand say before anything is learnt: the losses that the history draws as
//! lines, and that the narrator holds a run against.

use crate::{data::Dataset, measure};

/// What losses are to be held against on the data at hand: what a network should get
/// below, in the order in which it does, and what it cannot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Baselines {
    pub(super) one_grey: f32,
    pub(super) mean_image: f32,
    /// What even a perfect copy costs.
    pub(super) copy: f32,
    /// The mean pixel, from 0, no ink, to 1.
    pub(super) ink: f32,
    /// The share of pixels that have no ink at all.
    pub(super) empty: f32,
    /// Held-out images.
    pub(super) examined: usize,
}

impl Baselines {
    pub(super) fn of(data: &Dataset) -> Self {
        let (train, test) = (&data.train, &data.test);
        Self {
            one_grey: measure::one_grey_loss(train, test) as f32,
            mean_image: measure::mean_image_loss(train, test) as f32,
            copy: measure::copy_loss(test) as f32,
            ink: measure::one_grey(train) as f32,
            empty: measure::empty_share(train) as f32,
            examined: test.len(),
        }
    }
}
