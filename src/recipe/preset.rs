//! The named recipes: one for each kind of autoencoder.

use crate::nn::{Activation, CHANNELS, Network};

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

    /// Held-out losses of the preset, everything else as it is, with so many numbers in its
    /// code: at the end of its epochs, where they were measured. `tests/measuring.rs` says when
    /// they no longer are.
    pub const fn held_out_by_width(self) -> Option<&'static [(usize, f32)]> {
        match self {
            // `cargo run --release --example settings` measures them again.
            Self::Article => Some(&[
                (1, 0.2299),
                (2, 0.1951),
                (3, 0.1857),
                (8, 0.1405),
                (16, 0.1205),
                (32, 0.0999),
            ]),
            _ => None,
        }
    }

    /// Its layers.
    pub fn network(self) -> Network {
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
            Self::Conv => Network::Convolutional {
                channels: CHANNELS.into(),
            },
            Self::Vae => Network::Variational {
                encoder: vec![512, 2],
            },
        }
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
}
