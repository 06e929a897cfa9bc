//! Which moments of a run are kept while it passes, and how they are told.
//!
//! Snapshots are kept at ticks of the film, states at quarters of an epoch: marks that
//! follow from the step alone, so that the same run keeps the same moments at any pace.
//! Who takes them has as many places and reckons the same way (see [`Reel`]), so
//! neither asks the other what it still wants.

use std::sync::Arc;

use super::{Keeping, Trainer};
use crate::{
    message::Report,
    nn::Snapshot,
    pace::{Film, Reel},
    state::State,
};

/// What is to be kept, and what of it has not been told yet.
#[derive(Debug)]
pub(super) struct Keepsakes {
    keeping: Keeping,
    frames: Option<Reel<()>>,
    states: Option<Reel<()>>,
    told: Gathered,
}

#[derive(Debug, Default)]
struct Gathered {
    frames: Vec<(u64, Arc<Snapshot>)>,
    states: Vec<(u64, Arc<State>)>,
    checkpoints: Vec<Arc<State>>,
}

impl Keepsakes {
    pub(super) fn new(keeping: Keeping) -> Self {
        let reel = |most| (most > 0).then(|| Reel::new(most));
        Self {
            keeping,
            frames: reel(keeping.frames),
            states: reel(keeping.states),
            told: Gathered::default(),
        }
    }

    /// The moment that a run begins with, whatever its step.
    pub(super) fn begin(&mut self, trainer: &Trainer, film: &Film) {
        let step = trainer.steps_done();
        if let Some(frames) = &mut self.frames {
            let tick = film.tick_of(step);
            frames.put(step, tick, ());
            self.told.frames.push((tick, snapshot(trainer)));
        }
        if let Some(states) = &mut self.states {
            let quarter = film.quarter_of(step);
            states.put(step, quarter, ());
            let state = Arc::new(trainer.state());
            self.told.states.push((quarter, state));
        }
    }

    /// The step that was just taken.
    pub(super) fn pass(&mut self, trainer: &Trainer, film: &Film) {
        let step = trainer.steps_done();
        if let Some(frames) = &mut self.frames
            && let Some(tick) = film.tick(step)
            && frames.wants(tick)
        {
            frames.put(step, tick, ());
            self.told.frames.push((tick, snapshot(trainer)));
        }
        let quarter = film.quarter_of(step);
        let begins = quarter != film.quarter_of(step - 1);
        let kept = begins
            && self
                .states
                .as_ref()
                .is_some_and(|states| states.wants(quarter));
        let written = self.is_checkpoint(step, film);
        if !kept && !written {
            return;
        }
        let state = Arc::new(trainer.state());
        if written {
            self.told.checkpoints.push(Arc::clone(&state));
        }
        if let Some(states) = self.states.as_mut().filter(|_| kept) {
            states.put(step, quarter, ());
            self.told.states.push((quarter, state));
        }
    }

    fn is_checkpoint(&self, step: u64, film: &Film) -> bool {
        self.keeping.checkpoints.is_some_and(|checkpoints| {
            step.is_multiple_of(film.steps_per_epoch())
                || checkpoints
                    .every
                    .is_some_and(|every| step.is_multiple_of(every.get()))
        })
    }

    /// Puts what has been gathered into a report.
    pub(super) fn tell(&mut self, report: &mut Report) {
        let gathered = std::mem::take(&mut self.told);
        report.frames = gathered.frames;
        report.states = gathered.states;
        report.checkpoints = gathered.checkpoints;
    }
}

fn snapshot(trainer: &Trainer) -> Arc<Snapshot> {
    Arc::new(Snapshot {
        step: trainer.steps_done(),
        net: trainer.net(),
    })
}
