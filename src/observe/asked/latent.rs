//! Answers to what the view asks.

use super::Scope;
use crate::message::{LatentAnswer, LatentAsk};

/// What has been studied for them.
#[derive(Default)]
pub(super) struct Latent {}

impl Latent {
    /// What has to be studied for this, if anything has.
    pub(super) fn study_of(_ask: &LatentAsk) -> Option<u32> {
        None
    }

    /// Studies all images for it.
    pub(super) fn study(&mut self, _ask: &LatentAsk, _scope: &Scope) {}

    /// The answer to it.
    pub(super) fn answer(&mut self, _ask: &LatentAsk, scope: &Scope) -> LatentAnswer {
        LatentAnswer {
            step: scope.snapshot.step,
        }
    }
}
