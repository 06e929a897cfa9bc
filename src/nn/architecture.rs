//! The shape of an autoencoder, without its weights.

use super::{
    Activation, Code, LayerShape, Maps, Padding,
    conv::{max_pool, upsample},
};
use crate::image::ImageSize;
use std::fmt;

/// What an autoencoder is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Architecture {
    /// What goes in, and comes back.
    pub image: ImageSize,
    /// The layers between image and image.
    pub network: Network,
}

/// The layers of an autoencoder.
///
/// Every layer is followed by a ReLU, but for the code, as told here, and the
/// output, which stays a logit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Network {
    /// Dense layers, and a decoder that mirrors the encoder.
    Dense {
        /// Units of each encoder layer, at least one layer; the last is the code.
        encoder: Vec<usize>,
        /// What follows the code layer.
        latent_activation: Activation,
    },
    /// Dense layers whose encoder answers with a normal distribution for each code
    /// value: its mean and the logarithm of its variance (Kingma and Welling 2014).
    Variational {
        /// Units of each encoder layer, at least one layer; the last is the code,
        /// for which the encoder has twice as many outputs.
        encoder: Vec<usize>,
    },
    /// Convolutions of images of one channel: some that are each followed by
    /// a pooling, so that the code is small maps, and as many on the way back that are
    /// each followed by an up-sampling, before the one that draws the image.
    Convolutional {
        /// Maps after each of the encoder's convolutions, which the decoder mirrors; the last
        /// are the code.
        channels: Vec<usize>,
    },
}

/// Maps after each of the encoder's convolutions where nobody says others: those of the Keras blog.
pub const CHANNELS: [usize; 3] = [16, 8, 8];

/// The most poolings that leave something of an image.
pub const MOST_STAGES: usize = 4;

/// The most maps after a convolution: beyond them one of 3 by 3 alone has some ten million weights.
pub const MOST_MAPS: usize = 1024;

/// The largest side of an image that convolutions take.
const LARGEST_SIDE: usize = 252;

/// What the decoder's convolution of this number does at the border, the last being the one that
/// draws the image.
///
/// A side that is not a multiple of 2ⁿ is rounded up by `n` poolings, and would come back larger: as
/// 32 of 28, which are pooled to 14, 7 and 4. A convolution without padding loses two, which are
/// twice as many after each up-sampling behind it. So those do whose share adds up to what is too
/// much; of 28 the one before the third up-sampling: 4, 8, 16, which it makes 14, and 28.
fn border(stages: usize, number: usize, image: ImageSize) -> Padding {
    let whole = 1 << stages;
    let too_much = image.height.next_multiple_of(whole) - image.height;
    let lost = 2 << (stages - number);
    if too_much & lost == 0 {
        Padding::Same
    } else {
        Padding::Valid
    }
}

impl Network {
    /// What such a network is called: `dense`, `variational`, `convolutional`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Dense { .. } => "dense",
            Self::Variational { .. } => "variational",
            Self::Convolutional { .. } => "convolutional",
        }
    }

    /// Convolutions with so many maps, in files' spelling: none are [`CHANNELS`].
    pub fn convolutional(channels: Vec<usize>) -> Self {
        Self::Convolutional {
            channels: if channels.is_empty() {
                CHANNELS.into()
            } else {
                channels
            },
        }
    }

    /// The maps of its convolutions in files' spelling, in which [`CHANNELS`] go unsaid.
    pub fn other_channels(&self) -> &[usize] {
        let channels = self.channels().unwrap_or_default();
        if *channels == CHANNELS { &[] } else { channels }
    }

    /// Units of each encoder layer, where the network is made of such sizes; the last
    /// is the code.
    pub fn encoder_sizes(&self) -> Option<&[usize]> {
        match self {
            Self::Dense { encoder, .. } | Self::Variational { encoder } => Some(encoder),
            Self::Convolutional { .. } => None,
        }
    }

    /// Maps after each of the encoder's convolutions, where the network is made of such; the
    /// last are the code.
    pub fn channels(&self) -> Option<&[usize]> {
        match self {
            Self::Dense { .. } | Self::Variational { .. } => None,
            Self::Convolutional { channels } => Some(channels),
        }
    }

    /// What follows the code layer, where that can be chosen.
    pub const fn latent_activation(&self) -> Option<Activation> {
        match self {
            Self::Dense {
                latent_activation, ..
            } => Some(*latent_activation),
            Self::Variational { .. } | Self::Convolutional { .. } => None,
        }
    }

    /// Whether there is such a network for images of this size. Convolutions take those
    /// that come back with the sides they went in with: of even sides that leave the same
    /// rest by 2ⁿ, for `n` poolings.
    pub fn takes(&self, image: ImageSize) -> bool {
        let ImageSize { height, width } = image;
        let sides = 1..=LARGEST_SIDE;
        match self {
            Self::Dense { .. } | Self::Variational { .. } => image.pixels() > 0,
            Self::Convolutional { channels } => {
                if !(1..=MOST_STAGES).contains(&channels.len())
                    || !channels.iter().all(|maps| (1..=MOST_MAPS).contains(maps))
                {
                    return false;
                }
                let whole = 1 << channels.len();
                let comes_back = height % 2 == 0 && height % whole == width % whole;
                sides.contains(&height) && sides.contains(&width) && comes_back
            }
        }
    }
}

/// How the values of a code are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeShape {
    /// So many values, in a row.
    Values(usize),
    /// So many maps of this size, one after the other.
    Maps {
        /// How many.
        count: usize,
        /// Rows and columns of each.
        size: ImageSize,
    },
}

impl CodeShape {
    /// How many values there are in all.
    pub fn values(self) -> usize {
        match self {
            Self::Values(count) => count,
            Self::Maps { count, size } => count.saturating_mul(size.pixels()),
        }
    }
}

impl Architecture {
    /// An autoencoder of dense layers for images of so many pixels, which are all the
    /// same to it (see [`ImageSize::of_pixels`]).
    pub fn dense(pixels: usize, encoder: Vec<usize>, latent_activation: Activation) -> Self {
        Self {
            image: ImageSize::of_pixels(pixels),
            network: Network::Dense {
                encoder,
                latent_activation,
            },
        }
    }

    /// `I`, the numbers of one image.
    pub fn inputs(&self) -> usize {
        self.image.pixels()
    }

    /// `Z`, the length of a code.
    ///
    /// # Panics
    ///
    /// When the encoder has no layer.
    pub fn latent(&self) -> usize {
        match &self.network {
            Network::Dense { encoder, .. } | Network::Variational { encoder } => {
                *encoder.last().expect(HAS_LAYERS)
            }
            Network::Convolutional { .. } => self.code_maps().expect(HAS_MAPS).numbers(),
        }
    }

    /// How the code's values are arranged.
    pub fn code_shape(&self) -> CodeShape {
        match self.code_maps() {
            None => CodeShape::Values(self.latent()),
            Some(maps) => CodeShape::Maps {
                count: maps.channels,
                size: ImageSize {
                    height: maps.height,
                    width: maps.width,
                },
            },
        }
    }

    /// What the encoder's outputs are to the decoder.
    pub fn code(&self) -> Code {
        match self.network {
            Network::Dense { .. } | Network::Convolutional { .. } => Code::Values,
            Network::Variational { .. } => Code::Gaussian,
        }
    }

    /// The layers from the image to the code.
    ///
    /// # Panics
    ///
    /// When the encoder has no layer.
    pub fn encoder(&self) -> Vec<LayerShape> {
        match &self.network {
            Network::Dense {
                encoder,
                latent_activation,
            } => dense_layers(self.inputs(), encoder, *latent_activation),
            Network::Variational { encoder } => {
                let mut outputs = encoder.clone();
                let last = outputs.last_mut().expect(HAS_LAYERS);
                *last = last.saturating_mul(2);
                dense_layers(self.inputs(), &outputs, Activation::Linear)
            }
            Network::Convolutional { channels } => {
                let mut layers = Vec::new();
                let mut maps = self.image_map();
                for &channels in channels {
                    layers.push(convolution(maps, channels, Padding::Same, Activation::Relu));
                    maps = maps.with_channels(channels);
                    layers.push(LayerShape::MaxPool { from: maps });
                    maps = max_pool::output(maps);
                }
                layers
            }
        }
    }

    /// The layers from the code to the logits of the image.
    ///
    /// # Panics
    ///
    /// Never: what is made of convolutions has a code of maps.
    pub fn decoder(&self) -> Vec<LayerShape> {
        match &self.network {
            Network::Dense { encoder, .. } | Network::Variational { encoder } => {
                let mut sizes = encoder.iter().rev();
                let code = sizes.next().copied().unwrap_or_default();
                let outputs: Vec<usize> = sizes.copied().chain([self.inputs()]).collect();
                dense_layers(code, &outputs, Activation::Linear)
            }
            Network::Convolutional { channels } => {
                let stages = channels.len();
                let mut layers = Vec::new();
                let mut maps = self.code_maps().expect(HAS_MAPS);
                for (number, &channels) in channels.iter().rev().enumerate() {
                    let padding = border(stages, number, self.image);
                    layers.push(convolution(maps, channels, padding, Activation::Relu));
                    maps = padding.output(maps, channels);
                    layers.push(LayerShape::Upsample { from: maps });
                    maps = upsample::output(maps);
                }
                let padding = border(stages, stages, self.image);
                layers.push(convolution(maps, 1, padding, Activation::Linear));
                layers
            }
        }
    }

    /// The maps that the code is, where it is maps.
    pub fn code_maps(&self) -> Option<Maps> {
        let pooled = |maps: Maps, &channels| max_pool::output(maps.with_channels(channels));
        match &self.network {
            Network::Dense { .. } | Network::Variational { .. } => None,
            Network::Convolutional { channels } => {
                Some(channels.iter().fold(self.image_map(), pooled))
            }
        }
    }

    /// The image as one map.
    fn image_map(&self) -> Maps {
        let ImageSize { height, width } = self.image;
        Maps {
            channels: 1,
            height,
            width,
        }
    }

    /// Weights and biases together.
    pub fn parameter_count(&self) -> u128 {
        let layers = self.encoder().into_iter().chain(self.decoder());
        layers
            .map(|layer| layer.parameter_count())
            .fold(0, u128::saturating_add)
    }
}

/// Dense layers of these sizes; all but the last end in a ReLU.
fn dense_layers(inputs: usize, outputs: &[usize], last: Activation) -> Vec<LayerShape> {
    let before = std::iter::once(&inputs).chain(outputs);
    let layer = |(index, (&inputs, &units)): (usize, (&usize, &usize))| LayerShape::Dense {
        inputs,
        units,
        activation: if index + 1 == outputs.len() {
            last
        } else {
            Activation::Relu
        },
    };
    before.zip(outputs).enumerate().map(layer).collect()
}

fn convolution(
    from: Maps,
    channels: usize,
    padding: Padding,
    activation: Activation,
) -> LayerShape {
    LayerShape::Convolution {
        from,
        channels,
        padding,
        activation,
    }
}

const HAS_LAYERS: &str = "an encoder has at least one layer";
const HAS_MAPS: &str = "the code of convolutions is maps";

impl fmt::Display for Architecture {
    /// The sizes joined by dashes: `784-32-2-32-784`; of convolutions the image, and
    /// the maps after each: `28x28 conv 16-8-8-8-8-16-1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match &self.network {
            Network::Dense { encoder, .. } | Network::Variational { encoder } => {
                let (encoder, inputs) = (encoder.iter().copied(), std::iter::once(self.inputs()));
                let mirrored = encoder.clone().rev().skip(1);
                let sizes = inputs.clone().chain(encoder).chain(mirrored);
                joined(sizes.chain(inputs))
            }
            Network::Convolutional { channels } => {
                let mirrored = channels.iter().chain(channels.iter().rev()).copied();
                format!("{} conv {}", self.image, joined(mirrored.chain([1])))
            }
        };
        f.pad(&words)
    }
}

fn joined(sizes: impl Iterator<Item = usize>) -> String {
    let sizes: Vec<String> = sizes.map(|size| size.to_string()).collect();
    sizes.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decoder_mirrors_the_encoder() {
        let article = Architecture::dense(784, vec![32, 2], Activation::Relu);
        assert_eq!(article.latent(), 2);
        assert_eq!(article.to_string(), "784-32-2-32-784");
        // As Keras's `summary` counts it: 25,120 + 66 + 96 + 25,872.
        assert_eq!(article.parameter_count(), 51_154);
    }

    #[test]
    fn a_single_layer_is_its_own_code() {
        let simple = Architecture::dense(784, vec![32], Activation::Relu);
        assert_eq!(simple.to_string(), "784-32-784");
        assert_eq!((simple.encoder().len(), simple.decoder().len()), (1, 1));
    }

    #[test]
    fn a_variational_encoder_answers_twice_for_each_code_value() {
        let vae = Architecture {
            image: ImageSize::MNIST,
            network: Network::Variational {
                encoder: vec![512, 2],
            },
        };
        assert_eq!((vae.latent(), vae.code()), (2, Code::Gaussian));
        assert_eq!(vae.to_string(), "784-512-2-512-784");
        // 784*512+512, 512*4+4, 2*512+512, 512*784+784.
        assert_eq!(vae.parameter_count(), 401_920 + 2_052 + 1_536 + 402_192);
    }

    #[test]
    fn convolutions_are_those_of_the_keras_blog() {
        let conv = Architecture {
            image: ImageSize::MNIST,
            network: Network::convolutional(Vec::new()),
        };
        assert_eq!((conv.latent(), conv.code()), (128, Code::Values));
        assert_eq!(conv.to_string(), "28x28 conv 16-8-8-8-8-16-1");
        let outputs = |layers: Vec<LayerShape>| -> Vec<usize> {
            layers.iter().map(LayerShape::outputs).collect()
        };
        let encoder = [16 * 784, 16 * 196, 8 * 196, 8 * 49, 8 * 49, 8 * 16];
        assert_eq!(outputs(conv.encoder()), encoder);
        let (there, back) = ([8 * 16, 8 * 64, 8 * 64, 8 * 256], [16 * 196, 16 * 784, 784]);
        assert_eq!(outputs(conv.decoder()), [&there[..], &back].concat());
        // As Keras's `summary` counts it.
        let kernels = 9 * (16 + 16 * 8 + 8 * 8 + 8 * 8 + 8 * 8 + 8 * 16 + 16);
        assert_eq!(
            conv.parameter_count(),
            kernels + 16 + 8 + 8 + 8 + 8 + 16 + 1
        );
    }

    #[test]
    fn convolutions_take_images_that_come_back_as_they_were() {
        let takes = |stages: usize, height, width| {
            let image = ImageSize { height, width };
            let conv = Architecture {
                image,
                network: Network::convolutional(vec![2; stages]),
            };
            let last = conv.decoder().last().and_then(LayerShape::maps);
            let comes_back = last.is_some_and(|maps| (maps.height, maps.width) == (height, width));
            let takes = conv.network.takes(image);
            assert!(!takes || comes_back, "{image} and {stages}");
            takes
        };
        for stages in 1..=MOST_STAGES {
            for side in 1..300 {
                let expected = side % 2 == 0 && side <= LARGEST_SIDE;
                assert_eq!(takes(stages, side, side), expected, "{side}");
            }
        }
        for (stages, height, width, expected) in [
            (3, 12, 20, true),
            (3, 8, 64, true),
            (3, 20, 32, false),
            (3, 12, 9, false),
            (3, 9, 12, false),
            (1, 12, 10, true),
            (2, 12, 10, false),
            (4, 12, 20, false),
            (4, 12, 28, true),
        ] {
            assert_eq!(takes(stages, height, width), expected);
        }
        let of = |channels| Network::Convolutional { channels };
        let huge = ImageSize::of_pixels(usize::MAX);
        assert!(!of(CHANNELS.into()).takes(huge));
        for channels in [
            vec![],
            vec![1; MOST_STAGES + 1],
            vec![8, 0],
            vec![MOST_MAPS + 1],
        ] {
            assert!(!of(channels).takes(ImageSize::MNIST));
        }
    }

    /// What was so before there was a choice.
    #[test]
    fn three_stages_lose_two_before_the_last_up_sampling_or_nowhere() {
        for side in [4, 8, 12, 28, 32, 60, 64] {
            let conv = Architecture {
                image: ImageSize::of_pixels(side * side),
                network: Network::convolutional(Vec::new()),
            };
            let valid = |layer: &LayerShape| match layer {
                LayerShape::Convolution { padding, .. } => Some(*padding == Padding::Valid),
                _ => None,
            };
            let layers = conv.decoder();
            let valid: Vec<bool> = layers.iter().filter_map(valid).collect();
            assert_eq!(valid, [false, false, side % 8 == 4, false], "{side}");
        }
    }
}
