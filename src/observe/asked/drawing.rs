//! Answers to what the view asks.

use super::Scope;
use crate::message::{DrawAnswer, DrawAsk};

/// What has been studied for them.
#[derive(Default)]
pub(super) struct Drawing {}

impl Drawing {
    /// What has to be studied for this, if anything has.
    pub(super) fn study_of(_ask: &DrawAsk) -> Option<u32> {
        None
    }

    /// Studies all images for it.
    pub(super) fn study(&mut self, _ask: &DrawAsk, _scope: &Scope) {}

    /// The answer to it.
    pub(super) fn answer(&mut self, _ask: &DrawAsk, scope: &Scope) -> DrawAnswer {
        DrawAnswer {
            step: scope.snapshot.step,
        }
    }
}
