//! What no run can be asked for.

use thiserror::Error;

use super::{Edit, Recipe};
use crate::{
    data::{Labels, corrupt::NoiseError},
    image::ImageSize,
    nn::{MOST_MAPS, MOST_STAGES, Network, Training},
};

/// More epochs than anybody waits for; beyond, the step count could overflow.
pub const MOST_EPOCHS: u64 = 1_000_000;
/// More images than a batch can usefully hold, and few enough for any memory.
const LARGEST_BATCH: usize = 65_536;
/// Far more layers than can be trained without tricks.
const MOST_LAYERS: usize = 32;
/// More memory than convolutions of anybody's images need while they are trained.
const MOST_MEMORY: u128 = 4 << 30;

/// A value that makes no run, and what would.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum RecipeError {
    /// No layer, an empty one, or too many.
    #[error("encoder {}: {reason}", joined(.encoder))]
    Encoder {
        /// The layers asked for.
        encoder: Vec<usize>,
        /// What is wrong with them, and the cure.
        reason: String,
    },
    /// No convolution, one without maps, or too many.
    #[error("channels {}: {reason}", joined(.channels))]
    Channels {
        /// The maps asked for.
        channels: Vec<usize>,
        /// What is wrong with them, and the cure.
        reason: String,
    },
    /// Maps of a network that has none.
    #[error("channels {}: a {network} network has none; leave them out, or take --preset conv", joined(.channels))]
    NoChannels {
        /// The maps asked for.
        channels: Vec<usize>,
        /// What the network is called.
        network: &'static str,
    },
    /// Epochs.
    #[error("{0} epochs: a run has 1 to {MOST_EPOCHS}")]
    Epochs(u64),
    /// Images a step.
    #[error("batch size {0}: a batch has 1 to {LARGEST_BATCH} images")]
    BatchSize(usize),
    /// The step length.
    #[error("learning rate {0:?}: it must be a number above 0 that float32 holds, as 0.001 is")]
    LearningRate(f64),
    /// The price of the code.
    #[error("l1 {0:?}: it must be 0 or a number above it that float32 holds, as 0.0001 is")]
    L1(f64),
    /// An option that only other networks have.
    #[error("{option}: a {network} network has no use for it; leave it out")]
    NoUse {
        /// What was asked for.
        option: String,
        /// What the network is called.
        network: &'static str,
    },
    /// The noise.
    #[error("noise {0}")]
    Noise(#[from] NoiseError),
    /// A word that a file has in place of one this program knows.
    #[error("its {field} is {value:?}, which this ae-tui does not know; use a newer one")]
    Unknown {
        /// Which field.
        field: &'static str,
        /// Its value.
        value: String,
    },
    /// The size of the images.
    #[error("images of {size}: a {} network takes none of that size{}", .network.name(), cure_of_size(.network))]
    Image {
        /// Theirs.
        size: ImageSize,
        /// The layers.
        network: Network,
    },
    /// An edit that changes nothing, or more than one thing.
    #[error("the edit at step {step}: an edit changes one of learning_rate, l1, noise and seed")]
    EditOfMany {
        /// Its step.
        step: u64,
    },
    /// Edits that do not stand in the order of their steps.
    #[error("the edit at step {step} stands behind a later one; sort them")]
    EditOrder {
        /// The earlier one.
        step: u64,
    },
    /// The labels.
    #[error("no digit to train on: name at least one, as 0-8 does, or leave it out for all")]
    NoDigits,
    /// The step limit.
    #[error("a limit of 0 steps: leave it out, or allow at least 1")]
    NoSteps,
}

/// What helps images that are halved some times, and come back as they were only from some sizes.
fn cure_of_size(network: &Network) -> String {
    match network {
        Network::Convolutional { channels } => format!(
            "; its sides are even, and both leave the same rest when they are divided by {}, as those of \
             squares do: --resize 28 makes them so",
            1 << channels.len()
        ),
        Network::Dense { .. } | Network::Variational { .. } => String::new(),
    }
}

pub(super) fn joined(sizes: &[usize]) -> String {
    let words: Vec<String> = sizes.iter().map(usize::to_string).collect();
    words.join(",")
}

impl Recipe {
    /// Whether there is a run of this recipe.
    ///
    /// # Errors
    ///
    /// The first value that makes it impossible.
    pub fn check(&self) -> Result<(), RecipeError> {
        match &self.network {
            Network::Dense { encoder, .. } | Network::Variational { encoder } => {
                check_encoder(encoder)?;
            }
            Network::Convolutional { channels } => check_channels(channels)?,
        }
        if !self.network.takes(self.image) {
            return Err(RecipeError::Image {
                size: self.image,
                network: self.network.clone(),
            });
        }
        self.check_values()?;
        if !(1..=MOST_EPOCHS).contains(&self.epochs) {
            return Err(RecipeError::Epochs(self.epochs));
        }
        if !(1..=LARGEST_BATCH).contains(&self.batch_size) {
            return Err(RecipeError::BatchSize(self.batch_size));
        }
        self.check_memory()?;
        if self.digits == Labels::NONE {
            return Err(RecipeError::NoDigits);
        }
        if self.max_steps == Some(0) {
            return Err(RecipeError::NoSteps);
        }
        self.check_edits()
    }

    /// Convolutions take memory for every number of every map.
    fn check_memory(&self) -> Result<(), RecipeError> {
        let Some(channels) = self.network.channels() else {
            return Ok(());
        };
        let bytes = Training::bytes_of_maps(&self.architecture(), self.batch_size);
        if bytes > MOST_MEMORY {
            return Err(RecipeError::Channels {
                channels: channels.into(),
                reason: format!(
                    "so many maps of images of {} take {} MiB of memory while they are trained in batches \
                     of {}, and {} are the most; name fewer, or a smaller batch",
                    self.image,
                    bytes.div_ceil(1 << 20),
                    self.batch_size,
                    MOST_MEMORY >> 20
                ),
            });
        }
        Ok(())
    }

    /// What may be another in the middle of a run.
    fn check_values(&self) -> Result<(), RecipeError> {
        if !(self.l1 == 0.0 || counts(self.l1)) {
            return Err(RecipeError::L1(self.l1));
        }
        if self.l1 > 0.0 && !matches!(self.network, Network::Dense { .. }) {
            return Err(RecipeError::NoUse {
                option: format!("l1 {}", self.l1),
                network: self.network.name(),
            });
        }
        self.noise.check(self.image)?;
        if !counts(self.learning_rate) {
            return Err(RecipeError::LearningRate(self.learning_rate));
        }
        Ok(())
    }

    fn check_edits(&self) -> Result<(), RecipeError> {
        let out_of_order = |pair: &&[Edit]| pair[1].step < pair[0].step;
        if let Some(pair) = self.edits.windows(2).find(out_of_order) {
            return Err(RecipeError::EditOrder { step: pair[1].step });
        }
        let mut edits = self.edits.iter();
        edits.try_for_each(|edit| self.as_of(edit.step).check_values())
    }
}

/// Whether a number above 0 stays one in float32, in which training counts.
fn counts(number: f64) -> bool {
    let number = number as f32;
    number > 0.0 && number.is_finite()
}

fn check_encoder(encoder: &[usize]) -> Result<(), RecipeError> {
    let refuse = |reason: &str| {
        Err(RecipeError::Encoder {
            encoder: encoder.into(),
            reason: reason.into(),
        })
    };
    if encoder.is_empty() {
        return refuse("name at least one layer; the last is the code");
    }
    if encoder.contains(&0) {
        return refuse("every layer needs at least 1 unit");
    }
    if encoder.len() > MOST_LAYERS {
        return refuse(&format!("at most {MOST_LAYERS} layers"));
    }
    Ok(())
}

fn check_channels(channels: &[usize]) -> Result<(), RecipeError> {
    let refuse = |reason: String| {
        Err(RecipeError::Channels {
            channels: channels.into(),
            reason,
        })
    };
    if !(1..=MOST_STAGES).contains(&channels.len()) {
        return refuse(format!(
            "name the maps of 1 to {MOST_STAGES} convolutions, as 16,8,8 does; the last are the code"
        ));
    }
    if channels.contains(&0) {
        return refuse("every convolution needs at least 1 map".into());
    }
    if channels.iter().any(|&maps| maps > MOST_MAPS) {
        return refuse(format!("a convolution has at most {MOST_MAPS} maps"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::corrupt::Noise, nn::Activation, recipe::Preset};

    fn words(change: impl FnOnce(&mut Recipe)) -> String {
        let mut recipe = Recipe::preset(Preset::Article);
        change(&mut recipe);
        recipe.check().unwrap_err().to_string()
    }

    #[test]
    fn every_preset_is_a_run() {
        for preset in Preset::ALL {
            assert_eq!(Recipe::preset(preset).check(), Ok(()));
        }
    }

    #[test]
    fn convolutions_have_no_sizes_or_activation_to_choose() {
        let mut recipe = Recipe::preset(Preset::Conv);
        let refused = recipe.set_encoder(vec![32, 2]).unwrap_err().to_string();
        assert!(refused.starts_with("encoder 32,2: a convolutional network has no use"));
        let refused = recipe.set_latent_activation(Activation::Linear);
        let refused = refused.unwrap_err().to_string();
        assert!(refused.starts_with("latent activation linear: a convolutional network has no"));
        assert_eq!(recipe, Recipe::preset(Preset::Conv));
        let refused = Recipe::preset(Preset::Map).set_channels(vec![8, 4]);
        let refused = refused.unwrap_err().to_string();
        assert!(refused.starts_with("channels 8,4: a dense network has none; "));
    }

    /// The cure is one, and sides that are said to do are taken.
    #[test]
    fn images_that_convolutions_cannot_give_back_are_refused_with_what_helps() {
        for stages in 1..=MOST_STAGES {
            let mut recipe = Recipe::preset(Preset::Conv);
            recipe.set_channels(vec![2; stages]).unwrap();
            recipe.image = ImageSize {
                height: 27,
                width: 27,
            };
            let words = recipe.check().unwrap_err().to_string();
            let cure = format!(
                "divided by {}, as those of squares do: --resize 28",
                1 << stages
            );
            assert!(words.contains(&cure), "{words}");
            recipe.image = ImageSize {
                height: 10,
                width: 10 + (2 << stages),
            };
            assert_eq!(recipe.check(), Ok(()));
            recipe.image = ImageSize::MNIST;
            assert_eq!(recipe.check(), Ok(()));
        }
    }

    #[test]
    fn what_makes_no_run_is_refused_by_name_and_value() {
        let encoder = |encoder: &[usize]| {
            let network = |encoder| Network::Variational { encoder };
            words(|recipe| recipe.network = network(encoder.into()))
        };
        assert!(encoder(&[]).contains("at least one layer"));
        assert!(encoder(&[32, 0]).starts_with("encoder 32,0: "));
        assert!(encoder(&[2; 33]).contains("at most 32"));
        let channels = |channels: &[usize]| {
            words(|recipe| {
                recipe.network = Network::Convolutional {
                    channels: channels.into(),
                }
            })
        };
        assert!(channels(&[]).contains("1 to 4 convolutions"));
        assert!(channels(&[8, 0]).starts_with("channels 8,0: "));
        assert!(channels(&[8; 5]).contains("1 to 4"));
        assert!(channels(&[1025]).contains("at most 1024"));
        assert!(channels(&[1024; 4]).contains("4096 are the most"));
        assert!(words(|recipe| recipe.l1 = -1.0).starts_with("l1 -1"));
        assert!(words(|recipe| recipe.l1 = f64::NAN).starts_with("l1 NaN"));
        // More than an f32 holds, in which training counts, and less.
        assert!(words(|recipe| recipe.l1 = 1e300).starts_with("l1 1e300:"));
        assert!(words(|recipe| recipe.l1 = 1e-50).starts_with("l1 1e-50:"));
        for deviation in [1e-50, 1e39, -1.0, f64::NAN] {
            let words = words(|recipe| recipe.noise = Noise::Gaussian(deviation));
            assert!(
                words.starts_with(&format!("noise gaussian:{deviation:?}:")),
                "{words}"
            );
        }
        let vae_with_l1 = |recipe: &mut Recipe| {
            *recipe = Recipe::preset(Preset::Vae);
            recipe.l1 = 0.1;
        };
        assert!(words(vae_with_l1).starts_with("l1 0.1: a variational network has no use"));
        let conv_with_l1 = |recipe: &mut Recipe| {
            *recipe = Recipe::preset(Preset::Conv);
            recipe.l1 = 0.1;
        };
        assert!(words(conv_with_l1).starts_with("l1 0.1: a convolutional network has no use"));
        assert!(words(|recipe| recipe.noise = Noise::Mask(29)).contains("28 pixels a side"));
        assert!(words(|recipe| recipe.epochs = 0).starts_with("0 epochs"));
        assert!(words(|recipe| recipe.epochs = u64::MAX).contains("1 to 1000000"));
        assert!(words(|recipe| recipe.batch_size = 0).starts_with("batch size 0"));
        assert!(words(|recipe| recipe.batch_size = usize::MAX).contains("65536"));
        for rate in [0.0, -0.1, 1e-50, 1e39, f64::NAN, f64::INFINITY] {
            let words = words(|recipe| recipe.learning_rate = rate);
            assert!(
                words.starts_with(&format!("learning rate {rate:?}:")),
                "{words}"
            );
        }
        assert!(words(|recipe| recipe.max_steps = Some(0)).contains("0 steps"));
        assert!(words(|recipe| recipe.digits = Labels::NONE).contains("as 0-8 does"));
    }
}
