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

/// The most states that wait to be written: where they are asked for faster than they
/// are taken, the newest do, and those at the ends of epochs, of which one is the best.
const MOST_TO_WRITE: usize = 8;

/// What is to be kept, and what of it has not been told yet.
#[derive(Debug)]
pub(super) struct Keepsakes {
    keeping: Keeping,
    frames: Option<Reel<()>>,
    states: Option<Reel<()>>,
    /// The step of the last state that was to be written, or that the run began with.
    written: u64,
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
            written: 0,
            told: Gathered::default(),
        }
    }

    /// The moment that a run begins with, whatever its step.
    pub(super) fn begin(&mut self, trainer: &Trainer, film: &Film) {
        let step = trainer.steps_done();
        self.written = step;
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
            self.write(&state, trainer);
        }
        if let Some(states) = self.states.as_mut().filter(|_| kept) {
            states.put(step, quarter, ());
            self.told.states.push((quarter, state));
        }
    }

    /// No step follows, for now: where states are to be written, this one is.
    pub(super) fn rest(&mut self, trainer: &Trainer) {
        if self.keeping.checkpoints.is_some() && self.written != trainer.steps_done() {
            self.write(&Arc::new(trainer.state()), trainer);
        }
    }

    fn write(&mut self, state: &Arc<State>, trainer: &Trainer) {
        self.written = state.step();
        let waiting = &mut self.told.checkpoints;
        if waiting.len() == MOST_TO_WRITE {
            let epoch = trainer.steps_per_epoch();
            let within = |state: &Arc<State>| !state.step().is_multiple_of(epoch);
            waiting.remove(waiting.iter().position(within).unwrap_or(0));
        }
        waiting.push(Arc::clone(state));
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

#[cfg(test)]
mod tests {
    use std::num::{NonZeroU64, NonZeroUsize};

    use super::*;
    use crate::{
        data::{Classes, Dataset, PIXELS, Split},
        pool::Pool,
        recipe::{Preset, Recipe},
        train::Checkpoints,
    };

    #[test]
    fn no_end_of_an_epoch_is_crowded_out() {
        let images = || Split::new(vec![7; 16 * PIXELS], vec![0; 16]);
        let data = Arc::new(Dataset {
            name: "grey".into(),
            classes: Classes::numbered(10),
            train: images(),
            test: images(),
            digest: String::new(),
        });
        // Four steps an epoch, and every one is to be written.
        let recipe = Recipe {
            batch_size: 4,
            ..Recipe::preset(Preset::Article)
        };
        let mut trainer = Trainer::new(recipe, data, None, Pool::new(NonZeroUsize::MIN));
        let film = Film::new(4, 10);
        let mut keepsakes = Keepsakes::new(Keeping {
            checkpoints: Some(Checkpoints {
                every: NonZeroU64::new(1),
            }),
            ..Keeping::default()
        });
        for _ in 0..15 {
            trainer.step().unwrap();
            keepsakes.pass(&trainer, &film);
        }
        let told = keepsakes.told.checkpoints.iter().map(|state| state.step());
        let told: Vec<u64> = told.collect();
        assert_eq!(told, [4, 8, 10, 11, 12, 13, 14, 15]);
    }
}
