//! Answers to what the view asks.

use super::Scope;
use crate::message::{InsideAnswer, InsideAsk};

/// What has been studied for them.
#[derive(Default)]
pub(super) struct Inside {}

impl Inside {
    /// What has to be studied for this, if anything has.
    pub(super) fn study_of(_ask: &InsideAsk) -> Option<u32> {
        None
    }

    /// Studies all images for it.
    pub(super) fn study(&mut self, _ask: &InsideAsk, _scope: &Scope) {}

    /// The answer to it.
    pub(super) fn answer(&mut self, _ask: &InsideAsk, scope: &Scope) -> InsideAnswer {
        InsideAnswer {
            step: scope.snapshot.step,
        }
    }
}
