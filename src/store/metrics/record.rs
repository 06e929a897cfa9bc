//! The records of a log and the names of their fields, which scripts rely on.

use serde::{Deserialize, Serialize};

use crate::{
    lens::HeldOut,
    message::Epoch,
    nn,
    recipe::{Edit, Recipe},
};

/// One line of the log. A number that is not finite becomes `null`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Record {
    /// The run begins: everything that decides what it computes.
    Start(Box<StartRecord>),
    /// A step was taken.
    Step {
        /// Its number, from 1.
        step: u64,
        /// The number of its epoch, from 1.
        epoch: u64,
        /// Mean loss of its batch before the update.
        loss: f32,
    },
    /// An epoch ended.
    Epoch(EpochRecord),
    /// The run was changed: holds from the next step on.
    Edit(Edit),
    /// The run goes on.
    Resume(ResumeRecord),
    /// The run ended.
    End {
        /// How.
        status: EndStatus,
        /// Steps done by the weights that the run left.
        step: u64,
        /// The last held-out objective, if one was measured.
        val_loss: Option<f32>,
        /// Its cross-entropy per pixel alone.
        val_reconstruction: Option<f32>,
        /// The step after which it was measured: that of the weights, unless the
        /// run was ended in such haste that no time was left for it.
        val_step: Option<u64>,
        /// The file the weights were saved in, if they were.
        saved: Option<String>,
    },
}

/// What a run is, flat, and what it is run on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StartRecord {
    /// Version of the program.
    pub version: &'static str,
    /// Sizes of all layers, as in `784-32-2-32-784`.
    pub architecture: String,
    /// What the run is.
    #[serde(flatten)]
    pub recipe: Recipe,
    /// What the data set is called.
    pub data: String,
    /// SHA-256 of the data set, in hexadecimal.
    pub digest: String,
    /// Where it left another run of the same screen, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<BranchRecord>,
}

/// Where a run left another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BranchRecord {
    /// Its own number on its screen.
    pub number: usize,
    /// The other's.
    pub of: usize,
    /// The steps that both have.
    pub step: u64,
}

impl StartRecord {
    /// The record of a run of `recipe` on the data set called `data`.
    pub fn new(recipe: &Recipe, data: &str, digest: &str) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            architecture: recipe.architecture().to_string(),
            recipe: recipe.clone(),
            data: data.to_owned(),
            digest: digest.to_owned(),
            branch: None,
        }
    }
}

/// From where a run goes on, and by whom it is computed from there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResumeRecord {
    /// Steps done.
    pub step: u64,
    /// Version of the program.
    pub version: &'static str,
    /// The processor's instruction set, as far as it is made use of.
    pub instructions: &'static str,
}

impl ResumeRecord {
    /// By this program on this processor.
    pub fn here(step: u64) -> Self {
        Self {
            step,
            version: env!("CARGO_PKG_VERSION"),
            instructions: nn::instructions(),
        }
    }
}

/// What an epoch came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// Its number, from 1.
    pub epoch: u64,
    /// Steps done since the start of the run.
    pub step: u64,
    /// Mean objective over the epoch's images, each before its step's update.
    pub train_loss: f32,
    /// The objective over the held-out images, at the epoch's end.
    pub val_loss: f32,
    /// Its cross-entropy per pixel alone, which baselines compare with.
    pub val_reconstruction: f32,
    /// Seconds spent in training steps: no pause, no pace, no validation.
    pub seconds: f64,
    /// Images trained on in each of those seconds.
    pub samples_per_second: f64,
    /// Code units that were zero for every training image of the epoch,
    /// numbered from 1; left out when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dead_units: Vec<usize>,
}

impl EpochRecord {
    /// The epoch that this is the record of.
    pub fn epoch(self) -> Epoch {
        Epoch {
            number: self.epoch,
            step: self.step,
            train_loss: self.train_loss,
            held_out: HeldOut {
                loss: self.val_loss,
                reconstruction: self.val_reconstruction,
            },
            seconds: self.seconds,
            samples_per_second: self.samples_per_second,
            dead_units: self.dead_units,
        }
    }

    /// The record of an epoch.
    pub fn of(epoch: &Epoch) -> Self {
        Self {
            epoch: epoch.number,
            step: epoch.step,
            train_loss: epoch.train_loss,
            val_loss: epoch.held_out.loss,
            val_reconstruction: epoch.held_out.reconstruction,
            seconds: epoch.seconds,
            samples_per_second: epoch.samples_per_second,
            dead_units: epoch.dead_units.clone(),
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EndStatus {
    /// All the steps it was asked for are done.
    Finished,
    /// Somebody ended it before.
    Stopped,
    /// No step could follow.
    Failed,
}
