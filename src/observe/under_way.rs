//! A question that is asked of all images, as far as it has been answered.
//!
//! It takes its time, so it is answered in pieces, between which whoever looks elsewhere is
//! heard. The run goes on meanwhile: all pieces are of the weights that it was begun with. A
//! study waits while a map is drawn, and then goes on: neither loses what the other interrupts.

use std::{sync::Arc, time::Duration};

use ndarray::Array2;

use super::schedule::{Question, Wanted};
use crate::{
    data::Split,
    lens::Lens,
    nn::{Cost, Snapshot},
    recipe::Recipe,
};

/// What has been begun: a map, a study, or both.
#[derive(Default)]
pub(super) struct Begun {
    map: Option<UnderWay>,
    study: Option<UnderWay>,
}

impl Begun {
    fn of(&mut self, question: Question) -> &mut Option<UnderWay> {
        match question {
            Question::Study => &mut self.study,
            _ => &mut self.map,
        }
    }

    /// What is under way for a question, to be gone on with or left.
    pub(super) fn take(&mut self, question: Question, wanted: Wanted) -> Option<UnderWay> {
        let begun = self.of(question).take();
        begun.filter(|task| task.serves(question, wanted))
    }

    /// Leaves a study that is not what is asked now. Whether there was one.
    pub(super) fn leave_study(&mut self, wanted: Wanted) -> bool {
        let serves = |task: &UnderWay| task.serves(Question::Study, wanted);
        let left = self.study.take_if(|task| !serves(task));
        left.is_some()
    }

    /// Leaves a map: what it would show is at hand.
    pub(super) fn leave_map(&mut self) {
        self.map = None;
    }

    /// It goes on another time.
    pub(super) fn put(&mut self, task: UnderWay) {
        let question = task.question;
        *self.of(question) = Some(task);
    }
}

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

    /// Whether what was begun is what is asked now. A moment of the past is no other's. Losses
    /// that there was time for when it was begun are measured to their end.
    fn serves(&self, question: Question, wanted: Wanted) -> bool {
        let same = match (self.question, question) {
            (Question::Study, _) => self.wanted.study == wanted.study,
            (Question::MapAndLosses, Question::Map) => true,
            (begun, asked) => begun == asked,
        };
        let moment = !wanted.past || self.wanted.step == wanted.step;
        same && moment && self.wanted.past == wanted.past
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
