//! The shape of an autoencoder, without its weights.

use super::Activation;
use std::fmt;

/// Layer sizes of an autoencoder whose decoder mirrors its encoder.
///
/// Every layer is followed by a ReLU, but for the code, which has the
/// activation named here, and the output, which stays a logit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Architecture {
    /// `I`, the numbers of one image.
    pub inputs: usize,
    /// Units of each encoder layer, at least one layer; the last is the code.
    pub encoder: Vec<usize>,
    /// What follows the code layer.
    pub latent_activation: Activation,
}

impl Architecture {
    /// `Z`, the length of a code.
    ///
    /// # Panics
    ///
    /// When the encoder has no layer.
    pub fn latent(&self) -> usize {
        *self
            .encoder
            .last()
            .expect("an encoder has at least one layer")
    }

    /// All sizes from the input to the output: 784, 32, 2, 32, 784.
    pub fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![self.inputs];
        sizes.extend(&self.encoder);
        let mirrored: Vec<usize> = sizes.iter().rev().skip(1).copied().collect();
        sizes.extend(mirrored);
        sizes
    }

    /// Weights and biases together.
    pub fn parameter_count(&self) -> usize {
        self.sizes()
            .windows(2)
            .map(|size| (size[0] + 1) * size[1])
            .sum()
    }
}

impl fmt::Display for Architecture {
    /// The sizes joined by dashes: `784-32-2-32-784`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: Vec<String> = self.sizes().iter().map(usize::to_string).collect();
        f.pad(&sizes.join("-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decoder_mirrors_the_encoder() {
        let article = Architecture {
            inputs: 784,
            encoder: vec![32, 2],
            latent_activation: Activation::Relu,
        };
        assert_eq!(article.latent(), 2);
        assert_eq!(article.sizes(), [784, 32, 2, 32, 784]);
        assert_eq!(article.to_string(), "784-32-2-32-784");
        // As Keras's `summary` counts it: 25,120 + 66 + 96 + 25,872.
        assert_eq!(article.parameter_count(), 51_154);
    }

    #[test]
    fn a_single_layer_is_its_own_code() {
        let simple = Architecture {
            inputs: 784,
            encoder: vec![32],
            latent_activation: Activation::Relu,
        };
        assert_eq!(simple.sizes(), [784, 32, 784]);
    }
}
