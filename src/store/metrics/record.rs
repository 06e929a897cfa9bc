//! The records of a log and the names of their fields, which scripts rely on.

use serde::Serialize;

use crate::{data::corrupt::Noise, message::Epoch, nn::Activation, recipe::Recipe};

/// One line of the log. A number that is not finite becomes `null`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Record {
    /// The run begins: everything that decides what it computes.
    Start(StartRecord),
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

/// The recipe of a run, flat.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StartRecord {
    /// Version of the program.
    pub version: &'static str,
    /// Where the other fields started.
    pub preset: &'static str,
    /// Sizes of all layers, as in `784-32-2-32-784`.
    pub architecture: String,
    /// Units of each encoder layer; left out where the network has no such sizes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub encoder: Vec<usize>,
    /// `relu` or `linear`; left out where the code is no plain layer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latent_activation: Option<&'static str>,
    /// The price of the code's absolute values; left out when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub l1: Option<f64>,
    /// What happens to the images on their way in; left out when nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noise: Option<String>,
    /// Epochs planned.
    pub epochs: u64,
    /// Stop after so many steps; left out when unlimited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_steps: Option<u64>,
    /// Images a step.
    pub batch_size: usize,
    /// Adam's step length.
    pub learning_rate: f64,
    /// Names the random numbers of the run.
    pub seed: u64,
    /// Whether each epoch has an order of its own.
    pub shuffle: bool,
    /// What the data set is called.
    pub data: String,
    /// SHA-256 of the data set, in hexadecimal.
    pub digest: String,
}

impl StartRecord {
    /// The record of a run of `recipe` on the data set called `data`.
    pub fn new(recipe: &Recipe, data: &str, digest: &str) -> Self {
        let architecture = recipe.architecture();
        Self {
            version: env!("CARGO_PKG_VERSION"),
            preset: recipe.preset.name(),
            architecture: architecture.to_string(),
            encoder: recipe.network.encoder_sizes().unwrap_or_default().into(),
            latent_activation: recipe.network.latent_activation().map(Activation::name),
            l1: Some(recipe.l1).filter(|&l1| l1 > 0.0),
            noise: (recipe.noise != Noise::None).then(|| recipe.noise.to_string()),
            epochs: recipe.epochs,
            max_steps: recipe.max_steps,
            batch_size: recipe.batch_size,
            learning_rate: recipe.learning_rate,
            seed: recipe.seed,
            shuffle: recipe.shuffle,
            data: data.to_owned(),
            digest: digest.to_owned(),
        }
    }
}

/// What an epoch came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dead_units: Vec<usize>,
}

impl EpochRecord {
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
