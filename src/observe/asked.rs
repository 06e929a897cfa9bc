//! What views ask of the weights that are looked at, and what is at hand for the answers.
//!
//! Each view has two parts here: its answer, which is cheap and follows every key, and what it
//! studies of all images, which is dear and for which the [schedule](super::schedule) finds
//! the time. Both ask the [lens](crate::lens) alone; neither knows when, or for whom.

mod curves;
mod drawing;
pub(super) mod inside;
mod latent;
mod neighbourhood;
mod samples;
mod scales;

use std::sync::Arc;

use super::{cartographer::Cartographer, survey::Survey, tape::Tape};
use crate::{
    data::Dataset,
    lens::{Lens, Sample},
    message::{Answers, Ask, Measured, SampleId},
    nn::Snapshot,
    pool::Pool,
    recipe::Recipe,
};

/// All that can be asked.
pub(super) struct Scope<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// What the run was at that step.
    pub(super) recipe: &'a Recipe,
    /// What it is, with all that was changed on the way.
    pub(super) run: &'a Recipe,
    pub(super) lens: &'a Lens<'a>,
    pub(super) pool: &'a Pool,
    pub(super) data: &'a Dataset,
    /// The moments that are kept.
    pub(super) tape: &'a Tape,
    /// What held-out images came to at moments of the run, as far as it was measured as it went.
    pub(super) measured: &'a [Measured],
    /// Which sample is chosen, and what the network makes of it.
    pub(super) chosen: SampleId,
    pub(super) sample: &'a Sample,
    /// What all held-out images came to, at this step or at one not long before.
    pub(super) survey: Option<&'a Survey>,
    /// Who drew its map.
    pub(super) cartographer: Option<&'a Cartographer>,
}

impl Scope<'_> {
    /// Where an image lies on the map, once there is one.
    fn place(&self, image: &Sample) -> Option<[f32; 2]> {
        self.cartographer?.place(self.survey?.step, image)
    }

    /// Whether what was found of all images after that step can judge what is seen now: it is of
    /// this moment, or of one so little before it that a network changes little meanwhile.
    fn is_of_now(&self, step: u64) -> bool {
        let now = self.snapshot.step;
        step <= now && (now - step).saturating_mul(LITTLE) <= now
    }
}

/// A twentieth of all steps before changes little.
const LITTLE: u64 = 20;

/// What has been studied, and the last answers.
#[derive(Default)]
pub(super) struct Asked {
    latent: latent::Latent,
    samples: samples::Samples,
    inside: inside::Inside,
    curves: curves::Curves,
    drawing: drawing::Drawing,
    neighbourhood: neighbourhood::Neighbourhood,
    answers: Answers,
}

impl Asked {
    /// The last answers.
    pub(super) fn answers(&self) -> Answers {
        self.answers.clone()
    }

    /// What was studied, and answered, holds no more: the run was changed.
    pub(super) fn forget(&mut self) {
        *self = Self {
            answers: std::mem::take(&mut self.answers),
            ..Self::default()
        };
    }

    /// The number of what has to be studied for this, if anything has; another has another.
    pub(super) fn study_of(ask: &Ask) -> Option<u64> {
        let (view, within) = match ask {
            Ask::Nothing => return None,
            Ask::Latent(_) => (1, 0),
            Ask::Samples(ask) => (2, samples::Samples::study_of(ask)),
            // Whatever is chosen, all layers are studied.
            Ask::Inside(_) => (3, 0),
            Ask::Curves(ask) => (4, curves::Curves::study_of(ask)?),
            Ask::Draw(_) => (5, 0),
        };
        Some((view << 32) | u64::from(within))
    }

    /// A study begins. What another one left undone is not gone on with.
    pub(super) fn begin_study(&mut self) {
        self.neighbourhood.begin();
        self.curves.begin();
    }

    /// Studies all images for this, or some more of them. Whether all are done.
    pub(super) fn study(&mut self, ask: &Ask, scope: &Scope) -> bool {
        match ask {
            Ask::Nothing => true,
            Ask::Latent(_) | Ask::Draw(_) => self.neighbourhood.study(scope),
            Ask::Samples(ask) => self.samples.study(ask, scope),
            Ask::Inside(ask) => self.inside.study(ask, scope),
            Ask::Curves(_) => self.curves.study(scope),
        }
    }

    /// Answers this.
    pub(super) fn answer(&mut self, ask: &Ask, scope: &Scope) {
        let (answers, around) = (&mut self.answers, &mut self.neighbourhood);
        match ask {
            Ask::Nothing => {}
            Ask::Latent(ask) => {
                answers.latent = Some(Arc::new(self.latent.answer(ask, around, scope)));
            }
            Ask::Samples(ask) => answers.samples = Some(Arc::new(self.samples.answer(ask, scope))),
            Ask::Inside(ask) => answers.inside = Some(Arc::new(self.inside.answer(ask, scope))),
            Ask::Curves(ask) => answers.curves = Some(Arc::new(self.curves.answer(ask, scope))),
            Ask::Draw(ask) => {
                answers.draw = Some(Arc::new(self.drawing.answer(ask, around, scope)));
            }
        }
    }
}
