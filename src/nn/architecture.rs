//! The shape of an autoencoder, without its weights.

use super::{Activation, Code, LayerShape};
use std::fmt;

/// What an autoencoder is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Architecture {
    /// `I`, the numbers of one image.
    pub inputs: usize,
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
}

impl Network {
    /// What such a network is called: `dense`, `variational`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Dense { .. } => "dense",
            Self::Variational { .. } => "variational",
        }
    }

    /// Units of each encoder layer, where the network is made of such sizes; the last
    /// is the code.
    pub fn encoder_sizes(&self) -> Option<&[usize]> {
        match self {
            Self::Dense { encoder, .. } | Self::Variational { encoder } => Some(encoder),
        }
    }

    /// What follows the code layer, where that can be chosen.
    pub const fn latent_activation(&self) -> Option<Activation> {
        match self {
            Self::Dense {
                latent_activation, ..
            } => Some(*latent_activation),
            Self::Variational { .. } => None,
        }
    }
}

/// How the values of a code are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeShape {
    /// So many values, in a row.
    Values(usize),
    /// So many square maps of this side, one after the other.
    Maps {
        /// How many.
        count: usize,
        /// Values on a side.
        side: usize,
    },
}

impl Architecture {
    /// An autoencoder of dense layers.
    pub fn dense(inputs: usize, encoder: Vec<usize>, latent_activation: Activation) -> Self {
        Self {
            inputs,
            network: Network::Dense {
                encoder,
                latent_activation,
            },
        }
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
        }
    }

    /// How the code's values are arranged.
    pub fn code_shape(&self) -> CodeShape {
        match &self.network {
            Network::Dense { .. } | Network::Variational { .. } => CodeShape::Values(self.latent()),
        }
    }

    /// What the encoder's outputs are to the decoder.
    pub fn code(&self) -> Code {
        match self.network {
            Network::Dense { .. } => Code::Values,
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
            } => dense_layers(self.inputs, encoder, *latent_activation),
            Network::Variational { encoder } => {
                let mut outputs = encoder.clone();
                *outputs.last_mut().expect(HAS_LAYERS) *= 2;
                dense_layers(self.inputs, &outputs, Activation::Linear)
            }
        }
    }

    /// The layers from the code to the logits of the image.
    pub fn decoder(&self) -> Vec<LayerShape> {
        match &self.network {
            Network::Dense { encoder, .. } | Network::Variational { encoder } => {
                let mut sizes = encoder.iter().rev();
                let code = sizes.next().copied().unwrap_or_default();
                let outputs: Vec<usize> = sizes.copied().chain([self.inputs]).collect();
                dense_layers(code, &outputs, Activation::Linear)
            }
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

const HAS_LAYERS: &str = "an encoder has at least one layer";

impl fmt::Display for Architecture {
    /// The sizes joined by dashes: `784-32-2-32-784`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: Vec<String> = match &self.network {
            Network::Dense { encoder, .. } | Network::Variational { encoder } => {
                let mirrored = encoder.iter().rev().skip(1);
                let inputs = std::iter::once(&self.inputs);
                let sizes = inputs.clone().chain(encoder).chain(mirrored).chain(inputs);
                sizes.map(usize::to_string).collect()
            }
        };
        f.pad(&sizes.join("-"))
    }
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
            inputs: 784,
            network: Network::Variational {
                encoder: vec![512, 2],
            },
        };
        assert_eq!((vae.latent(), vae.code()), (2, Code::Gaussian));
        assert_eq!(vae.to_string(), "784-512-2-512-784");
        // 784*512+512, 512*4+4, 2*512+512, 512*784+784.
        assert_eq!(vae.parameter_count(), 401_920 + 2_052 + 1_536 + 402_192);
    }
}
