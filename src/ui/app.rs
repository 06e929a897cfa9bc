//! All that the screen remembers. No ratatui types, no channels, no clock.

use std::sync::Arc;

use rand_chacha::ChaCha8Rng;

use super::widget::{digit_set::DigitSet, map::MapStyle};
use crate::{
    data::Dataset,
    message::{Failure, Observation, Phase, SampleId, SplitName},
    pace::Pace,
    random::{Stream, generator},
};

/// What is known of a run before it begins.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its preset's name, or the file that is explored.
    pub title: String,
    /// Its layers, `784-32-2-32-784`.
    pub architecture: String,
    /// The first sample to show.
    pub sample: SampleId,
    /// How fast it is to go.
    pub pace: Pace,
    /// Whether there is a trainer.
    pub trains: bool,
    /// Whether the weights are written at the end without being asked for.
    pub saves_itself: bool,
}

/// The state of the screen.
#[derive(Debug)]
pub struct App {
    /// What was known at the start.
    pub plan: Plan,
    /// The images, once they are loaded: for their labels and their number.
    pub data: Option<Arc<Dataset>>,
    /// What there is to see.
    pub seen: Option<Arc<Observation>>,
    /// Why the training ended, if it failed.
    pub failure: Option<Failure>,
    /// The sample that was asked for.
    pub sample: SampleId,
    /// The digits on the map.
    pub digits: DigitSet,
    /// How the map is drawn.
    pub map_style: MapStyle,
    /// What lies over the view.
    pub overlay: Overlay,
    /// The pace that was asked for.
    pub pace: Pace,
    /// What full speed returns to.
    pub unhurried: Pace,
    /// What the last key led to, until the next key.
    pub status: Option<Status>,
    /// The step of the last file written.
    pub saved_step: Option<u64>,
    /// Whether and how the screen is to close.
    pub exit: Option<Exit>,
    /// Chooses samples at random.
    pub chance: ChaCha8Rng,
}

/// What lies over the view; Esc takes it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlay {
    /// Nothing.
    None,
    /// The keys and what the numbers mean, from this page on.
    Help(usize),
    /// What the network is good for, in numbers.
    Measures,
    /// Why the training ended.
    Failure,
    /// A number is being typed.
    Typing(Prompt, String),
    /// Whether to leave without saving.
    ConfirmQuit,
}

/// What a number is typed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// A sample to go to.
    Sample,
    /// How far to train.
    RunFor,
}

impl Prompt {
    /// What the status line asks.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Sample => "go to sample",
            Self::RunFor => "train for steps (or 2e: epochs)",
        }
    }
}

/// An answer in the line of hints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What happened.
    pub words: String,
    /// Whether it went wrong.
    pub warning: bool,
}

/// How the screen closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The user left.
    Quit,
    /// A signal of this number arrived.
    Signal(i32),
}

impl App {
    /// The screen before anything is known.
    pub fn new(plan: Plan) -> Self {
        Self {
            sample: plan.sample,
            pace: plan.pace,
            unhurried: match plan.pace {
                Pace::Full => Pace::FILM,
                pace => pace,
            },
            plan,
            data: None,
            seen: None,
            failure: None,
            digits: DigitSet::ALL,
            map_style: MapStyle::Density,
            overlay: Overlay::None,
            status: None,
            saved_step: None,
            exit: None,
            chance: generator(0, Stream::Browsing, 0),
        }
    }

    /// What the trainer does, as far as is known.
    pub fn phase(&self) -> Option<Phase> {
        self.seen.as_ref().map(|seen| seen.moment.phase)
    }

    /// Whether steps are being taken.
    pub fn moves(&self) -> bool {
        self.failure.is_none() && self.phase() == Some(Phase::Training)
    }

    /// Images in the split that is looked at.
    pub fn split_len(&self) -> Option<usize> {
        let data = self.data.as_ref()?;
        Some(match self.sample.split {
            SplitName::Train => data.train.len(),
            SplitName::Test => data.test.len(),
        })
    }

    /// Steps of training that no file holds; 0 where the end will write them.
    pub fn unsaved_steps(&self) -> u64 {
        let step = self.seen.as_ref().map_or(0, |seen| seen.moment.step);
        if !self.plan.trains || self.plan.saves_itself {
            return 0;
        }
        step.saturating_sub(self.saved_step.unwrap_or(0))
    }
}
