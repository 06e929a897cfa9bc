//! What a run is: everything that decides a number of it, and what contradicts what.
//!
//! A recipe is plain data with one spelling, in weights' metadata and in a run's log
//! alike. How any of it is run, and how far a run has come, is for others to know.

mod check;
pub mod differences;
mod edit;
mod preset;
pub(crate) mod whole;
mod written;

use check::joined;
pub use check::{MOST_EPOCHS, RecipeError};
pub use edit::{Change, Edit};
pub use preset::Preset;
use serde::{Deserialize, Serialize};
use written::Written;

use crate::{
    data::{Classes, Labels, corrupt::Noise},
    image::ImageSize,
    nn::{Activation, AdamConfig, Architecture, Code, Network, Objective},
};

/// What a loss counts beside the cross-entropy of the pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Price {
    /// Nothing.
    None,
    /// The code's absolute values.
    L1,
    /// The code's divergence from the standard normal distribution.
    Divergence,
}

impl Price {
    /// What is put behind the name of a number that has it in it.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::None => "",
            Self::L1 => "+L1",
            Self::Divergence => "+KL",
        }
    }
}

/// Everything that decides what a run computes.
///
/// Two runs with equal recipes on equal data give the same bits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub struct Recipe {
    /// Where the other fields started.
    pub preset: Preset,
    /// The size of the images.
    pub image: ImageSize,
    /// What the labels stand for, from 0 on; empty where that is not known.
    pub classes: Vec<String>,
    /// The labels whose images it is trained on.
    pub digits: Labels,
    /// The layers.
    pub network: Network,
    /// The price of a code's absolute values (see [`Objective`]).
    pub l1: f64,
    /// What happens to the images on their way in.
    pub noise: Noise,
    /// Passes over the training images.
    pub epochs: u64,
    /// Images a step.
    pub batch_size: usize,
    /// Adam's step length.
    pub learning_rate: f64,
    /// Names the random numbers of the run.
    pub seed: u64,
    /// Whether each epoch takes the images in an order of its own.
    pub shuffle: bool,
    /// Stop after so many steps, wherever that is.
    pub max_steps: Option<u64>,
    /// What was changed on the way, in the order of the steps.
    pub edits: Vec<Edit>,
}

/// The seed of a run that names none: chosen among 200, by what is written in `examples/seeds.rs`.
pub const DEFAULT_SEED: u64 = 32;

impl Recipe {
    /// The preset as it is when nothing else is said.
    pub fn preset(preset: Preset) -> Self {
        Self {
            preset,
            image: ImageSize::MNIST,
            classes: Classes::Digits.names(),
            digits: Labels::ALL,
            network: preset.network(),
            l1: if preset == Preset::Sparse { 1e-4 } else { 0.0 },
            noise: match preset {
                Preset::Denoising => Noise::Gaussian(0.5),
                _ => Noise::None,
            },
            epochs: 10,
            batch_size: 32,
            learning_rate: 0.001,
            seed: DEFAULT_SEED,
            shuffle: true,
            max_steps: None,
            edits: Vec::new(),
        }
    }

    /// The same recipe with what the edits of the first `step` steps have made of it: what
    /// holds for the step that follows.
    #[must_use]
    pub fn as_of(&self, step: u64) -> Self {
        let mut now = self.clone();
        for edit in self.edits.iter().take_while(|edit| edit.step <= step) {
            now.apply(edit.change);
        }
        now
    }

    /// The step after which the next edit comes, when so many are done.
    pub fn next_edit(&self, step: u64) -> Option<u64> {
        let mut edits = self.edits.iter().map(|edit| edit.step);
        edits.find(|&edited| edited > step)
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::LearningRate(rate) => self.learning_rate = rate,
            Change::L1(price) => self.l1 = price,
            Change::Noise(noise) => self.noise = noise,
            Change::Seed(seed) => self.seed = seed,
        }
    }

    /// The optimiser's constants.
    pub fn adam(&self) -> AdamConfig {
        AdamConfig {
            learning_rate: self.learning_rate,
            ..AdamConfig::default()
        }
    }

    /// The network this recipe trains.
    pub fn architecture(&self) -> Architecture {
        Architecture {
            image: self.image,
            network: self.network.clone(),
        }
    }

    /// What its network is called: its preset, and the sizes that are not the preset's:
    /// `article 128,16`.
    pub fn called(&self) -> String {
        let name = self.preset.name();
        let usual = Self::preset(self.preset).network;
        let sizes = |network: &Network| {
            let sizes = network.encoder_sizes();
            joined(sizes.unwrap_or(network.other_channels()))
        };
        match sizes(&self.network) {
            own if own == sizes(&usual) || own.is_empty() => name.to_owned(),
            own => format!("{name} {own}"),
        }
    }

    /// Sets the sizes of the encoder's layers.
    ///
    /// # Errors
    ///
    /// When the network has no such sizes.
    pub fn set_encoder(&mut self, sizes: Vec<usize>) -> Result<(), RecipeError> {
        match &mut self.network {
            Network::Dense { encoder, .. } | Network::Variational { encoder } => {
                *encoder = sizes;
                Ok(())
            }
            Network::Convolutional { .. } => Err(RecipeError::NoUse {
                option: format!("encoder {}", joined(&sizes)),
                network: self.network.name(),
            }),
        }
    }

    /// Sets the maps after each of the encoder's convolutions.
    ///
    /// # Errors
    ///
    /// When the network has no convolutions.
    pub fn set_channels(&mut self, maps: Vec<usize>) -> Result<(), RecipeError> {
        match &mut self.network {
            Network::Convolutional { channels } => {
                *channels = maps;
                Ok(())
            }
            Network::Dense { .. } | Network::Variational { .. } => Err(RecipeError::NoChannels {
                channels: maps,
                network: self.network.name(),
            }),
        }
    }

    /// Sets what follows the code layer.
    ///
    /// # Errors
    ///
    /// When the network's code is no plain layer's.
    pub fn set_latent_activation(&mut self, activation: Activation) -> Result<(), RecipeError> {
        match &mut self.network {
            Network::Dense {
                latent_activation, ..
            } => {
                *latent_activation = activation;
                Ok(())
            }
            Network::Variational { .. } | Network::Convolutional { .. } => {
                Err(RecipeError::NoUse {
                    option: format!("latent activation {activation}"),
                    network: self.network.name(),
                })
            }
        }
    }

    /// What the loss counts beside the pictures.
    pub fn price(&self) -> Price {
        self.price_with(self.l1)
    }

    fn price_with(&self, l1: f64) -> Price {
        match self.architecture().code() {
            Code::Gaussian => Price::Divergence,
            Code::Values if l1 > 0.0 => Price::L1,
            Code::Values => Price::None,
        }
    }

    /// What the loss of this step counts beside the pictures, the first step being 1: a price
    /// may have come or gone on the way.
    pub fn price_of_step(&self, step: u64) -> Price {
        let so_far = self.edits.partition_point(|edit| edit.step < step);
        let price = |edit: &Edit| match edit.change {
            Change::L1(price) => Some(price),
            _ => None,
        };
        let l1 = self.edits[..so_far].iter().rev().find_map(price);
        self.price_with(l1.unwrap_or(self.l1))
    }

    /// What training makes small.
    pub fn objective(&self) -> Objective {
        Objective { l1: self.l1 as f32 }
    }

    /// The same for images that go in as they are.
    #[must_use]
    pub fn without_noise(&self) -> Self {
        Self {
            noise: Noise::None,
            ..self.clone()
        }
    }

    /// Steps of one epoch over `images` images; the short last batch counts.
    pub fn steps_per_epoch(&self, images: usize) -> u64 {
        images.div_ceil(self.batch_size) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_known_by_its_sign() {
        let sign = |preset| Recipe::preset(preset).price().sign();
        let signs = [Preset::Deep, Preset::Sparse, Preset::Vae].map(sign);
        assert_eq!(signs, ["", "+L1", "+KL"]);
    }

    #[test]
    fn the_default_run_is_the_tutorials() {
        let recipe = Recipe::preset(Preset::Article);
        assert_eq!(recipe.architecture().to_string(), "784-32-2-32-784");
        assert_eq!(recipe.steps_per_epoch(60_000), 1875);
        assert_eq!(recipe.steps_per_epoch(60_001), 1876);
    }

    #[test]
    fn an_edit_holds_from_the_step_after_it() {
        let edit = |step, change| Edit { step, change };
        let recipe = Recipe {
            edits: vec![
                edit(10, Change::LearningRate(0.01)),
                edit(20, Change::Noise(Noise::Mask(3))),
                edit(20, Change::L1(0.5)),
                edit(30, Change::LearningRate(0.1)),
            ],
            ..Recipe::preset(Preset::Article)
        };
        let at = |step| {
            let now = recipe.as_of(step);
            (now.learning_rate, now.l1, now.noise)
        };
        assert_eq!(at(9), (0.001, 0.0, Noise::None));
        assert_eq!(at(10), (0.01, 0.0, Noise::None));
        assert_eq!(at(29), (0.01, 0.5, Noise::Mask(3)));
        assert_eq!(at(u64::MAX), (0.1, 0.5, Noise::Mask(3)));
        let next = [0, 9, 10, 20, 30].map(|step| recipe.next_edit(step));
        assert_eq!(next, [Some(10), Some(10), Some(20), Some(30), None]);
    }
}
