//! Answers to what the view asks.

use super::Scope;
use crate::message::{SamplesAnswer, SamplesAsk};

/// What has been studied for them.
#[derive(Default)]
pub(super) struct Samples {}

impl Samples {
    /// What has to be studied for this, if anything has.
    pub(super) fn study_of(_ask: &SamplesAsk) -> Option<u32> {
        None
    }

    /// Studies all images for it.
    pub(super) fn study(&mut self, _ask: &SamplesAsk, _scope: &Scope) {}

    /// The answer to it.
    pub(super) fn answer(&mut self, _ask: &SamplesAsk, scope: &Scope) -> SamplesAnswer {
        SamplesAnswer {
            step: scope.snapshot.step,
        }
    }
}
