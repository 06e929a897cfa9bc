//! The runs of a screen that were left for another, as far as memory holds them: what each was,
//! where it began, and the moments of it that are at hand.

use std::{path::PathBuf, sync::Arc};

use crate::{
    observe::{Past, Tape},
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
    /// What was seen of it.
    pub(super) past: Past,
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
    /// Another is left.
    pub(super) fn leave(&mut self, stay: Option<Stay>) {
        self.stays.extend(stay);
        self.stays.sort_by_key(|stay| stay.told.lineage.number);
    }

    /// Those that there is no memory for lose their moments, the oldest first: they can be
    /// made again from their beginning. What follows them has had of them what it needs.
    pub(super) fn fit(&mut self, memory: u64) {
        for place in 0..self.stays.len() {
            let held: u64 = self.stays.iter().map(|stay| stay.tape.bytes()).sum();
            if held > memory {
                self.stays[place].tape = Tape::default();
                self.stays[place].told.tape = Arc::default();
            }
        }
    }

    /// The runs of these numbers are not to come back.
    pub(super) fn forget(&mut self, numbers: &[usize]) {
        let stays = |stay: &Stay| !numbers.contains(&stay.told.lineage.number);
        self.stays.retain(stays);
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

    /// What a screen is told beside the run that it shows; `before` is what it knew.
    pub(super) fn told(&self, own: Lineage, before: &Runs) -> Runs {
        Runs {
            own,
            others: self.stays.iter().map(|stay| stay.told.clone()).collect(),
            forgotten: before.forgotten.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::{
        data::{Classes, Dataset, PIXELS, Split},
        message::{SampleId, SplitName},
        nn::Autoencoder,
        observe::{self, Source},
        pace::Pace,
        pool::Pool,
        recipe::{Change, Edit, Preset},
        store::keeper::Files,
        train::{self, Keeping, Setup, Trainer},
    };

    fn data() -> Arc<Dataset> {
        let split = |len: usize| {
            let pixels = (0..len * PIXELS).map(|at| (at * 7 % 256) as u8).collect();
            Split::new(pixels, (0..len).map(|image| (image % 10) as u8).collect())
        };
        Arc::new(Dataset {
            name: "small".into(),
            classes: Classes::numbered(10),
            train: split(60),
            test: split(10),
            digest: String::new(),
        })
    }

    /// Eight steps an epoch, five epochs.
    fn recipe() -> Recipe {
        Recipe {
            epochs: 5,
            batch_size: 8,
            ..Recipe::preset(Preset::Article)
        }
    }

    fn keeping() -> Keeping {
        Keeping {
            frames: 8,
            states: 32,
            checkpoints: None,
        }
    }

    /// What a run leaves that goes on from there with a tape, to its end.
    fn ended(recipe: Recipe, start: Option<Box<Start>>, tape: Tape) -> Tape {
        let setup = Setup {
            recipe: recipe.clone(),
            data: Box::new(|| Ok(data())),
            start,
            keeping: keeping(),
            pace: Pace::Full,
            pool: Pool::new(NonZeroUsize::MIN),
        };
        let (trainer, events) = train::spawn(setup).unwrap();
        let observer = observe::spawn(observe::Setup {
            source: Source::Trainer(events),
            recipe,
            files: Files::default(),
            sample: SampleId {
                split: SplitName::Test,
                index: 0,
            },
            tape,
            past: Past::default(),
            pca: None,
            measures: true,
            pool: Pool::new(NonZeroUsize::MIN),
        })
        .unwrap();
        loop {
            let seen = observer.events().recv().unwrap();
            if let crate::message::News::Observed(seen) = seen
                && seen.moment.phase == crate::message::Phase::Finished
            {
                break;
            }
        }
        trainer.stop();
        observer.finish().tape
    }

    fn weights(tape: &Tape) -> Autoencoder {
        tape.state_before(u64::MAX).unwrap().net.clone()
    }

    fn beginning(recipe: Recipe) -> Beginning {
        Beginning {
            recipe,
            start: None,
            parent: None,
        }
    }

    #[test]
    fn a_branch_without_an_edit_comes_to_the_same_weights_and_one_with_an_edit_to_its_own() {
        let run = ended(recipe(), None, Tape::new(keeping()));
        let end = run.state_before(u64::MAX).unwrap().step();
        assert_eq!(end, 40, "the end is a quarter of an epoch, and kept");
        for step in [0, 7, 21] {
            let start = beginning(recipe()).start_at(step, &run);
            assert!(start.state.step() <= step);
            let branch = ended(recipe(), Some(start), run.branch(step, keeping()));
            assert_eq!(weights(&branch), weights(&run), "from step {step}");
        }
        let change = Change::LearningRate(0.01);
        let edited = Recipe {
            edits: vec![Edit { step: 21, change }],
            ..recipe()
        };
        let start = beginning(edited.clone()).start_at(21, &run);
        let branch = ended(edited.clone(), Some(start), run.branch(21, keeping()));
        // The recipe with its edits says all: made from the first step it is the same.
        let mut again = Trainer::new(edited, data(), None, Pool::new(NonZeroUsize::MIN));
        for _ in 0..40 {
            again.step().unwrap();
        }
        assert_eq!(weights(&branch), again.net());
        assert_ne!(weights(&branch), weights(&run));
    }

    #[test]
    fn without_a_moment_at_hand_a_run_is_made_again_from_its_beginning() {
        let start = beginning(recipe()).start_at(21, &Tape::default());
        assert_eq!((start.state.step(), start.at), (0, 21));
    }

    #[test]
    fn a_run_keeps_its_moments_until_what_follows_it_has_begun() {
        let recipe = recipe();
        let lineage = Lineage::default();
        let number = lineage.number;
        let told = RunTold {
            lineage,
            recipe: String::new(),
            plan: recipe.clone(),
            step: 40,
            phase: crate::message::Phase::Finished,
            film: crate::pace::Film::new(8, 5),
            curve: Arc::default(),
            row: None,
            tape: Arc::default(),
            unsaved: 0,
        };
        let tape = ended(recipe.clone(), None, Tape::new(keeping()));
        let mut stays = Stays::default();
        stays.leave(Some(Stay {
            told,
            beginning: beginning(recipe.clone()),
            tape,
            past: Past::default(),
            folder: None,
        }));
        let start = |stays: &Stays| {
            let tape = &stays.of(number).unwrap().tape;
            beginning(recipe.clone()).start_at(21, tape).state.step()
        };
        assert_eq!(start(&stays), 20);
        stays.fit(0);
        assert_eq!(start(&stays), 0);
    }
}
