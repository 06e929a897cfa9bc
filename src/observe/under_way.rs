//! A question that is asked of all images, as far as it has been answered.
//!
//! It takes its time, so it is answered in pieces, between which whoever looks elsewhere is
//! heard. The run goes on meanwhile: all pieces are of the weights that it was begun with.

use std::{sync::Arc, time::Duration};

use ndarray::Array2;

use super::schedule::{Question, Wanted};
use crate::{
    data::Split,
    lens::Lens,
    nn::{Cost, Snapshot},
    recipe::Recipe,
};

/// The question, and what is known of its answer.
pub(super) struct UnderWay {
    pub(super) question: Question,
    /// What was looked at when it was begun.
    pub(super) wanted: Wanted,
    pub(super) snapshot: Arc<Snapshot>,
    /// What the run was then.
    pub(super) recipe: Recipe,
    /// What it has taken so far.
    pub(super) work: Duration,
    costs: Vec<Cost>,
    codes: Vec<f32>,
    surveyed: usize,
}

impl UnderWay {
    pub(super) fn begin(
        question: Question,
        wanted: Wanted,
        snapshot: &Arc<Snapshot>,
        recipe: &Recipe,
    ) -> Self {
        Self {
            question,
            wanted,
            snapshot: Arc::clone(snapshot),
            recipe: recipe.clone(),
            work: Duration::ZERO,
            costs: Vec::new(),
            codes: Vec::new(),
            surveyed: 0,
        }
    }

    /// Whether what was begun is what is asked now. A moment of the past is no other's.
    pub(super) fn serves(&self, question: Question, wanted: Wanted) -> bool {
        let same = question != Question::Study || self.wanted.study == wanted.study;
        let moment = !wanted.past || self.wanted.step == wanted.step;
        self.question == question && same && moment && self.wanted.past == wanted.past
    }

    /// Encodes some more images of a split, and measures them where that is asked. Whether
    /// all are done.
    pub(super) fn survey(&mut self, lens: &Lens, images: &Split) -> bool {
        let piece = lens.piece(images, self.surveyed);
        self.surveyed = piece.end;
        if self.question == Question::MapAndLosses {
            self.costs.extend(lens.costs_of(images, piece.clone()));
        }
        self.codes.extend(lens.codes_of(images, piece));
        self.surveyed == images.len()
    }

    /// What all of them came to.
    pub(super) fn surveyed(self) -> (Array2<f32>, Option<Vec<Cost>>) {
        let latent = self.recipe.architecture().latent();
        let codes = Array2::from_shape_vec((self.surveyed, latent), self.codes);
        let costs = (self.question == Question::MapAndLosses).then_some(self.costs);
        (codes.expect("a code for each image"), costs)
    }
}
