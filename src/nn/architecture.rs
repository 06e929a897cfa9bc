//! The shape of an autoencoder, without its weights.

use super::{Activation, Code, LayerShape, Maps, Padding, max_pool, upsample};
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
    /// Convolutions of images of one channel: three that are each followed by
    /// a pooling, so that the code is small maps, and three on the way back that are
    /// each followed by an up-sampling, before the one that draws the image.
    Convolutional,
}

/// Maps after each of the encoder's convolutions; the last are the code.
const ENCODER_MAPS: [usize; 3] = [16, 8, 8];

/// Maps after each of the decoder's convolutions that an up-sampling follows, and
/// what they do at the border: 28 pixels a side are pooled to 14, 7 and 4, and come
/// back as 8, 16 and, two lost at the border, 28.
/// Where nothing is rounded on the way there, as from 32, nothing has to be lost on the way back.
const fn decoder_maps(image: ImageSize) -> [(usize, Padding); 3] {
    let last = if image.height.is_multiple_of(8) {
        Padding::Same
    } else {
        Padding::Valid
    };
    [(8, Padding::Same), (8, Padding::Same), (16, last)]
}

/// The largest side of an image that convolutions take.
const LARGEST_SIDE: usize = 252;

impl Network {
    /// What such a network is called: `dense`, `variational`, `convolutional`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Dense { .. } => "dense",
            Self::Variational { .. } => "variational",
            Self::Convolutional => "convolutional",
        }
    }

    /// Units of each encoder layer, where the network is made of such sizes; the last
    /// is the code.
    pub fn encoder_sizes(&self) -> Option<&[usize]> {
        match self {
            Self::Dense { encoder, .. } | Self::Variational { encoder } => Some(encoder),
            Self::Convolutional => None,
        }
    }

    /// What follows the code layer, where that can be chosen.
    pub const fn latent_activation(&self) -> Option<Activation> {
        match self {
            Self::Dense {
                latent_activation, ..
            } => Some(*latent_activation),
            Self::Variational { .. } | Self::Convolutional => None,
        }
    }

    /// Whether there is such a network for images of this size. Convolutions take those
    /// that come back with the sides they went in with.
    pub fn takes(&self, image: ImageSize) -> bool {
        let ImageSize { height, width } = image;
        let comes_back = |rest| [height, width].iter().all(|side| side % 8 == rest);
        let sides = 1..=LARGEST_SIDE;
        match self {
            Self::Dense { .. } | Self::Variational { .. } => image.pixels() > 0,
            Self::Convolutional => {
                let bounded = sides.contains(&height) && sides.contains(&width);
                bounded && (comes_back(4) || comes_back(0))
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
            Network::Convolutional => self.code_maps().expect(HAS_MAPS).numbers(),
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
            Network::Dense { .. } | Network::Convolutional => Code::Values,
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
            Network::Convolutional => {
                let mut layers = Vec::new();
                let mut maps = self.image_map();
                for channels in ENCODER_MAPS {
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
            Network::Convolutional => {
                let mut layers = Vec::new();
                let mut maps = self.code_maps().expect(HAS_MAPS);
                for (channels, padding) in decoder_maps(self.image) {
                    layers.push(convolution(maps, channels, padding, Activation::Relu));
                    maps = padding.output(maps, channels);
                    layers.push(LayerShape::Upsample { from: maps });
                    maps = upsample::output(maps);
                }
                layers.push(convolution(maps, 1, Padding::Same, Activation::Linear));
                layers
            }
        }
    }

    /// The maps that the code is, where it is maps.
    pub fn code_maps(&self) -> Option<Maps> {
        let pooled = |maps: Maps, channels| max_pool::output(maps.with_channels(channels));
        match self.network {
            Network::Dense { .. } | Network::Variational { .. } => None,
            Network::Convolutional => Some(ENCODER_MAPS.into_iter().fold(self.image_map(), pooled)),
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
            Network::Convolutional => {
                let decoder = decoder_maps(self.image).map(|(channels, _)| channels);
                let maps = ENCODER_MAPS.into_iter().chain(decoder);
                format!("{} conv {}", self.image, joined(maps.chain([1])))
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
            network: Network::Convolutional,
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
        let takes = |image: ImageSize| {
            let conv = Architecture {
                image,
                network: Network::Convolutional,
            };
            let last = conv.decoder().last().map_or(0, LayerShape::outputs);
            let takes = conv.network.takes(image);
            assert!(!takes || last == image.pixels(), "{image}");
            (takes, last == image.pixels())
        };
        for side in 1..300 {
            let (takes_it, comes_back) = takes(ImageSize {
                height: side,
                width: side,
            });
            assert_eq!(takes_it, comes_back && side <= 252, "{side}");
        }
        for (height, width, expected) in [
            (12, 20, true),
            (8, 64, true),
            (20, 32, false),
            (12, 9, false),
            (9, 12, false),
        ] {
            assert_eq!(takes(ImageSize { height, width }).0, expected);
        }
        let huge = ImageSize::of_pixels(usize::MAX);
        assert!(!Network::Convolutional.takes(huge));
    }
}
