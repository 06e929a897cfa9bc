//! What the trainer tells: the losses, the ends of epochs, and a picture.

use std::sync::Arc;

use super::Failure;
use crate::{nn::Autoencoder, pace::Pace, store::metrics::EpochRecord};

/// The network after so many steps: a plain value that never changes.
#[derive(Debug, PartialEq)]
pub struct Picture {
    /// Steps done.
    pub step: u64,
    /// The weights then.
    pub net: Autoencoder,
}

/// What the trainer is doing.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Taking steps.
    Training,
    /// Waiting between two steps.
    Paused,
    /// All steps are done; more can be asked for.
    Finished,
    /// No step can follow.
    Failed(Failure),
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
    /// What the trainer does now.
    pub phase: Phase,
    /// How fast it goes.
    pub pace: Pace,
    /// Epochs the run is to have, counting those asked for since.
    pub epochs_planned: u64,
    /// Seconds spent in steps, since the start.
    pub seconds: f64,
    /// The weights after the last of these steps.
    pub picture: Arc<Picture>,
}
