//! What the trainer tells: the losses, the ends of epochs, and a picture.

use std::sync::Arc;

use crate::{
    nn::Autoencoder,
    pace::{Film, Pace},
    store::metrics::EpochRecord,
};

/// The network after so many steps: a plain value that never changes.
#[derive(Debug, PartialEq)]
pub struct Picture {
    /// Steps done.
    pub step: u64,
    /// The weights then.
    pub net: Autoencoder,
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
    pub epochs: Vec<EpochRecord>,
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
    pub picture: Arc<Picture>,
}

impl Report {
    /// Steps done at the time of the report.
    pub fn steps_done(&self) -> u64 {
        (self.first_step + self.losses.len() as u64).saturating_sub(1)
    }
}
