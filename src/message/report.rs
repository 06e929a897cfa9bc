//! What the trainer tells: the losses, the ends of epochs, and a snapshot.

use std::sync::Arc;

use crate::{
    lens::HeldOut,
    nn::Snapshot,
    pace::{Film, Pace},
    recipe::Recipe,
    state::State,
};

/// What an epoch came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Epoch {
    /// Its number, from 1.
    pub number: u64,
    /// Steps done since the start of the run.
    pub step: u64,
    /// Mean objective over the epoch's images, each before its step's update.
    pub train_loss: f32,
    /// The held-out images, at the epoch's end.
    pub held_out: HeldOut,
    /// Seconds spent in training steps: no pause, no pace, no validation.
    pub seconds: f64,
    /// Images trained on in each of those seconds.
    pub samples_per_second: f64,
    /// Code units that were zero for every training image of the epoch, numbered from 1.
    pub dead_units: Vec<usize>,
}

/// What the trainer is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Taking steps.
    Training,
    /// Waiting between two steps.
    Paused,
    /// All steps are done; more can be asked for.
    Finished,
    /// There is no trainer: saved weights are looked at.
    Exploring,
}

/// All that happened since the report before.
#[derive(Debug, Clone)]
pub struct Report {
    /// The step whose loss is `losses[0]`, counted from 1.
    pub first_step: u64,
    /// The loss of every step, each before its update.
    pub losses: Vec<f32>,
    /// The epochs that ended.
    pub epochs: Vec<Epoch>,
    /// Mean training loss of the epoch so far.
    pub train_loss: f32,
    /// What the trainer does now.
    pub phase: Phase,
    /// Commands obeyed since the run began.
    pub obeyed: u64,
    /// How fast it goes.
    pub pace: Pace,
    /// The run's steps in film time, counting the epochs asked for since.
    pub film: Film,
    /// The step after which the run is finished.
    pub end: u64,
    /// The weights after the last of these steps, or the last that were finite.
    pub snapshot: Arc<Snapshot>,
    /// What the run is, with what was changed so far.
    pub recipe: Arc<Recipe>,
    /// The snapshots among these steps that are to be kept, by their ticks of the film.
    pub frames: Vec<(u64, Arc<Snapshot>)>,
    /// The states among these steps that are to be kept, by their quarters of an epoch.
    pub states: Vec<(u64, Arc<State>)>,
    /// The states among these steps that are to be written down.
    pub checkpoints: Vec<Arc<State>>,
}

impl Report {
    /// Steps done at the time of the report.
    pub fn steps_done(&self) -> u64 {
        (self.first_step + self.losses.len() as u64).saturating_sub(1)
    }

    /// All that happened in this report and in the next.
    #[must_use]
    pub fn followed_by(mut self, mut next: Self) -> Self {
        let first_step = if self.losses.is_empty() {
            next.first_step
        } else {
            self.first_step
        };
        self.losses.append(&mut next.losses);
        self.epochs.append(&mut next.epochs);
        self.frames.append(&mut next.frames);
        self.states.append(&mut next.states);
        self.checkpoints.append(&mut next.checkpoints);
        Self {
            first_step,
            losses: self.losses,
            epochs: self.epochs,
            frames: self.frames,
            states: self.states,
            checkpoints: self.checkpoints,
            ..next
        }
    }

    /// Where it stands, and nothing that happened.
    #[must_use]
    pub fn without_what_was_told(&self) -> Self {
        Self {
            first_step: self.steps_done() + 1,
            losses: Vec::new(),
            epochs: Vec::new(),
            snapshot: Arc::clone(&self.snapshot),
            recipe: Arc::clone(&self.recipe),
            frames: Vec::new(),
            states: Vec::new(),
            checkpoints: Vec::new(),
            ..*self
        }
    }
}
