//! Every random draw of a run, from generators that are named.
//!
//! A draw is keyed by (seed, stream, position), so streams never disturb one
//! another and a position (an epoch or a step) is all that a resumed run needs
//! to know. This module knows nothing of networks or images.

use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// What a generator's numbers are used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// The start of the weights; position: always 0.
    Weights,
    /// The order of the training images; position: the epoch, from 0.
    Shuffle,
    /// Samples looked at by chance; position: always 0.
    Browsing,
    /// Noise on training images; position: the images before in the run.
    Noise,
    /// Draws from Gaussian codes; position: the images before in the run.
    Epsilon,
    /// Noise on images that are measured with; position: the image's number.
    HeldOutNoise,
    /// Draws from the codes of such images; position: the image's number.
    HeldOutEpsilon,
    /// Which images are held out of those without a held-out half; position: their class.
    HeldOut,
    /// Where the search for principal components starts; position: always 0.
    Directions,
}

impl Stream {
    /// Part of the key, so the numbers may never be given to another stream.
    const fn number(self) -> u64 {
        match self {
            Self::Weights => 1,
            Self::Shuffle => 2,
            Self::Browsing => 3,
            Self::Noise => 4,
            Self::Epsilon => 5,
            Self::HeldOutNoise => 6,
            Self::HeldOutEpsilon => 7,
            Self::HeldOut => 8,
            Self::Directions => 9,
        }
    }
}

/// The generator of one stream at one position of the run with this seed.
pub fn generator(seed: u64, stream: Stream, position: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&stream.number().to_le_bytes());
    key[16..24].copy_from_slice(&position.to_le_bytes());
    ChaCha8Rng::from_seed(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray_rand::rand::RngCore;

    #[test]
    fn a_generator_is_named_by_seed_stream_and_position() {
        let first = |seed, stream, position| generator(seed, stream, position).next_u64();
        let one = first(1, Stream::Weights, 0);
        assert_eq!(one, first(1, Stream::Weights, 0));
        assert_ne!(one, first(2, Stream::Weights, 0));
        assert_ne!(one, first(1, Stream::Shuffle, 0));
        assert_ne!(one, first(1, Stream::Weights, 1));
    }
}
