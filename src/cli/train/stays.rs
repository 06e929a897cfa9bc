//! The runs of a screen that were left for another, as far as memory holds them: what each was,
//! where it began, and the moments of it that are at hand.

use std::path::PathBuf;

use crate::{
    observe::Tape,
    recipe::Recipe,
    state::State,
    store::weights::Parent,
    train::Start,
    ui::runs::{Lineage, RunTold, Runs},
};

/// What a run is beside its steps.
#[derive(Clone)]
pub(super) struct Beginning {
    pub(super) recipe: Recipe,
    /// Its first weights, if they are not fresh.
    pub(super) start: Option<Box<Start>>,
    /// The file that they are from.
    pub(super) parent: Option<Parent>,
}

/// A run that was left.
pub(super) struct Stay {
    pub(super) told: RunTold,
    pub(super) beginning: Beginning,
    pub(super) tape: Tape,
    /// The folder that keeps it, if one does.
    pub(super) folder: Option<PathBuf>,
}

impl Beginning {
    /// Where a run of this recipe goes on that shares the first `step` steps with one whose
    /// moments these are: the last state before, and the steps that are made again from it.
    pub(super) fn start_at(&self, step: u64, tape: &Tape) -> Box<Start> {
        let state = tape.state_before(step).map(|state| (*state).clone());
        let state = state.unwrap_or_else(|| {
            self.start.as_ref().map_or_else(
                || State::start(&self.recipe, None),
                |start| start.state.clone(),
            )
        });
        Box::new(Start { state, at: step })
    }

    /// The beginning of a run of that recipe from step 0: a network of the same make starts
    /// where this one did.
    pub(super) fn anew(&self, recipe: Recipe) -> Self {
        let same = recipe.preset == self.recipe.preset
            && recipe.architecture() == self.recipe.architecture();
        Self {
            recipe,
            start: self.start.clone().filter(|_| same),
            parent: self.parent.clone().filter(|_| same),
        }
    }
}

/// All that were left, by their numbers.
#[derive(Default)]
pub(super) struct Stays {
    stays: Vec<Stay>,
}

impl Stays {
    /// Another is left. Those that there is no memory for lose their moments, the oldest
    /// first: they can be made again from their beginning.
    pub(super) fn leave(&mut self, stay: Option<Stay>, memory: u64) {
        self.stays.extend(stay);
        self.stays.sort_by_key(|stay| stay.told.lineage.number);
        for place in 0..self.stays.len() {
            let held: u64 = self.stays.iter().map(|stay| stay.tape.bytes()).sum();
            if held > memory {
                self.stays[place].tape = Tape::default();
            }
        }
    }

    /// The run of that number comes back.
    pub(super) fn take(&mut self, number: usize) -> Option<Stay> {
        let place = self
            .stays
            .iter()
            .position(|stay| stay.told.lineage.number == number)?;
        Some(self.stays.remove(place))
    }

    /// The run of that number.
    pub(super) fn of(&self, number: usize) -> Option<&Stay> {
        self.stays
            .iter()
            .find(|stay| stay.told.lineage.number == number)
    }

    /// What a screen is told beside the run that it shows.
    pub(super) fn told(&self, own: Lineage) -> Runs {
        Runs {
            own,
            others: self.stays.iter().map(|stay| stay.told.clone()).collect(),
        }
    }
}
