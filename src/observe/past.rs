//! What is known of a run before its first report: nothing of one that begins, what was seen
//! of it or of the run that it leaves, or what its log tells.
//!
//! A plain value, handed from one observer to the next beside the [tape](super::tape): where a
//! run goes on, its curve, its milestones and the narrator's words go on too.

use super::{baselines::Baselines, history::History};
use crate::{data::Dataset, pace::Film, recipe::Recipe, store::metrics::Logged};

/// The story of a run so far.
#[derive(Debug, Clone, Default)]
pub struct Past(Known);

#[derive(Debug, Clone, Default)]
enum Known {
    #[default]
    Nothing,
    Seen(Box<History>),
    Logged(Logged),
}

impl Past {
    /// What the log of a run tells that goes on.
    pub fn logged(logged: Logged) -> Self {
        if logged.step == 0 {
            return Self::default();
        }
        Self(Known::Logged(logged))
    }

    /// What was seen.
    pub(super) fn seen(history: History) -> Self {
        Self(Known::Seen(Box::new(history)))
    }

    /// The past of a run that shares the steps up to this one, and goes on from there.
    #[must_use]
    pub fn up_to(&self, step: u64) -> Self {
        let mut past = self.clone();
        match &mut past.0 {
            Known::Nothing => {}
            Known::Seen(history) => history.cut(step),
            Known::Logged(logged) => {
                logged.step = logged.step.min(step);
                logged.losses.retain(|(of, _)| *of <= step);
                logged.epochs.retain(|epoch| epoch.step <= step);
            }
        }
        past
    }

    /// The history that a run begins with, for losses to be held against those.
    pub(super) fn begin(self, recipe: &Recipe, data: &Dataset, baselines: Baselines) -> History {
        let images = data.train.len();
        let fresh = || {
            let mut history = History::new(recipe, data.classes.clone(), images);
            history.set_baselines(baselines);
            history
        };
        let mut history = match self.0 {
            Known::Nothing => return fresh(),
            Known::Seen(history) => *history,
            Known::Logged(logged) => {
                let film = Film::new(recipe.steps_per_epoch(images), recipe.epochs);
                let mut history = fresh();
                history.read(&logged, recipe, film);
                history
            }
        };
        // What was measured there may have been before a change.
        if let Some(edit) = recipe.edits.last()
            && edit.step == history.step()
        {
            history.changed_at(edit.step);
        }
        history
    }
}
