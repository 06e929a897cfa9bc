//! Answers to what the view asks.

use super::Scope;
use crate::message::{CurvesAnswer, CurvesAsk};

/// What has been studied for them.
#[derive(Default)]
pub(super) struct Curves {}

impl Curves {
    /// What has to be studied for this, if anything has.
    pub(super) fn study_of(_ask: &CurvesAsk) -> Option<u32> {
        None
    }

    /// Studies all images for it.
    pub(super) fn study(&mut self, _ask: &CurvesAsk, _scope: &Scope) {}

    /// The answer to it.
    pub(super) fn answer(&mut self, _ask: &CurvesAsk, scope: &Scope) -> CurvesAnswer {
        CurvesAnswer {
            step: scope.snapshot.step,
        }
    }
}
