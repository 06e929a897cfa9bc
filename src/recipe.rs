//! What a run is: presets, the fields they set, and what contradicts what.
//!
//! A recipe is plain data. How any of it is run is for others to know.

mod check;

pub use check::RecipeError;
use check::joined;

use crate::{
    data::corrupt::Noise,
    image::ImageSize,
    nn::{Activation, Architecture, Code, Network, Objective},
};

/// A named recipe that sets every field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// The tutorial's network: two numbers for every image.
    Article,
    /// Two numbers again, from more and wider layers without a bend at the code.
    Map,
    /// The tutorial's other suggestion: more layers, 32 numbers for every image.
    Deep,
    /// One layer of 32 units, of which an image should use few.
    Sparse,
    /// Sees noisy images and learns to give back clean ones.
    Denoising,
    /// Convolutions, which look for the same shapes everywhere: a code of small maps.
    Conv,
    /// A code that is a distribution, so that any point of the map decodes.
    Vae,
}

impl Preset {
    /// All presets, in the order in which help lists them.
    pub const ALL: [Self; 7] = [
        Self::Article,
        Self::Map,
        Self::Deep,
        Self::Sparse,
        Self::Denoising,
        Self::Conv,
        Self::Vae,
    ];

    /// The name on the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Map => "map",
            Self::Deep => "deep",
            Self::Sparse => "sparse",
            Self::Denoising => "denoising",
            Self::Conv => "conv",
            Self::Vae => "vae",
        }
    }

    /// What the preset is for, in a line.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Article => "the tutorial's network: two numbers an image, a map to look at",
            Self::Map => "two numbers from wider layers: the best-looking map",
            Self::Deep => "more layers, 32 numbers an image: sharper reconstructions",
            Self::Sparse => "32 features, each at a price: raise --l1 for fewer at a time",
            Self::Denoising => "noisy images in, clean images out",
            Self::Conv => {
                "convolutions: a code of eight small maps, few weights for the whole image"
            }
            Self::Vae => "a code that can be sampled: points between the images decode too",
        }
    }

    /// The preset of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    fn network(self) -> Network {
        let dense = |encoder: &[usize], latent_activation| Network::Dense {
            encoder: encoder.into(),
            latent_activation,
        };
        match self {
            Self::Article => dense(&[32, 2], Activation::Relu),
            Self::Map => dense(&[256, 64, 2], Activation::Linear),
            Self::Deep => dense(&[512, 256, 128, 64, 32], Activation::Relu),
            Self::Sparse => dense(&[32], Activation::Relu),
            Self::Denoising => dense(&[128, 32], Activation::Relu),
            Self::Conv => Network::Convolutional,
            Self::Vae => Network::Variational {
                encoder: vec![512, 2],
            },
        }
    }
}

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
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// Where the other fields started.
    pub preset: Preset,
    /// The size of the images.
    pub image: ImageSize,
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
}

/// The seed of a run that names none.
pub const DEFAULT_SEED: u64 = 42;

impl Recipe {
    /// The preset as it is when nothing else is said.
    pub fn preset(preset: Preset) -> Self {
        Self {
            preset,
            image: ImageSize::MNIST,
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
        }
    }

    /// The network this recipe trains.
    pub fn architecture(&self) -> Architecture {
        Architecture {
            image: self.image,
            network: self.network.clone(),
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
            Network::Convolutional => Err(RecipeError::NoUse {
                option: format!("encoder {}", joined(&sizes)),
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
            Network::Variational { .. } | Network::Convolutional => Err(RecipeError::NoUse {
                option: format!("latent activation {activation}"),
                network: self.network.name(),
            }),
        }
    }

    /// What the loss counts beside the pictures.
    pub fn price(&self) -> Price {
        match self.architecture().code() {
            Code::Gaussian => Price::Divergence,
            Code::Values if self.l1 > 0.0 => Price::L1,
            Code::Values => Price::None,
        }
    }

    /// What training makes small.
    pub fn objective(&self) -> Objective {
        Objective { l1: self.l1 as f32 }
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
}
