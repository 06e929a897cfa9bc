//! What a run is: presets, the fields they set, and what contradicts what.
//!
//! A configuration is plain data. How any of it is run is for others to know.

mod check;

pub use check::ConfigError;

use crate::nn::{Activation, Architecture};

/// A named configuration that sets every field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// The tutorial's network: two numbers for every image.
    Article,
    /// The tutorial's other suggestion: more layers, 32 numbers for every image.
    Deep,
}

impl Preset {
    /// All presets, in the order in which help lists them.
    pub const ALL: [Self; 2] = [Self::Article, Self::Deep];

    /// The name on the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Deep => "deep",
        }
    }

    /// What the preset is for, in a line.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Article => "the tutorial's network: two numbers an image, a map to look at",
            Self::Deep => "more layers, 32 numbers an image: sharper reconstructions",
        }
    }

    /// The preset of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    fn encoder(self) -> Vec<usize> {
        match self {
            Self::Article => vec![32, 2],
            Self::Deep => vec![512, 256, 128, 64, 32],
        }
    }
}

/// Everything that decides what a run computes.
///
/// Two runs with equal configurations on equal data give the same bits.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainConfig {
    /// Where the other fields started.
    pub preset: Preset,
    /// Units of each encoder layer; the last is the code. The decoder mirrors them.
    pub encoder: Vec<usize>,
    /// What follows the code layer.
    pub latent_activation: Activation,
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
}

/// The seed of a run that names none.
pub const DEFAULT_SEED: u64 = 42;

impl TrainConfig {
    /// The preset as it is when nothing else is said.
    pub fn preset(preset: Preset) -> Self {
        Self {
            preset,
            encoder: preset.encoder(),
            latent_activation: Activation::Relu,
            epochs: 10,
            batch_size: 32,
            learning_rate: 0.001,
            seed: DEFAULT_SEED,
            shuffle: true,
            max_steps: None,
        }
    }

    /// The network this configuration trains on images of `inputs` pixels.
    pub fn architecture(&self, inputs: usize) -> Architecture {
        Architecture {
            inputs,
            encoder: self.encoder.clone(),
            latent_activation: self.latent_activation,
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
    fn every_preset_is_found_by_its_name() {
        for preset in Preset::ALL {
            assert_eq!(Preset::named(preset.name()), Some(preset));
        }
        assert_eq!(Preset::named("Article"), None);
    }

    #[test]
    fn the_default_run_is_the_tutorials() {
        let config = TrainConfig::preset(Preset::Article);
        assert_eq!(config.architecture(784).to_string(), "784-32-2-32-784");
        assert_eq!(config.steps_per_epoch(60_000), 1875);
        assert_eq!(config.steps_per_epoch(60_001), 1876);
    }
}
