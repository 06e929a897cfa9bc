//! Noise on images, for networks that learn to take it off again.
//!
//! Pixels are numbers from 0 to 1 here and stay so. Knows images, no networks.

use std::{fmt, str::FromStr};

use ndarray::{Array2, ArrayView2};
use ndarray_rand::{
    rand::Rng,
    rand_distr::{Distribution, StandardNormal},
};
use thiserror::Error;

use crate::image::ImageSize;
use crate::random::{Stream, generator};

/// What happens to an image on its way into the network.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Noise {
    /// Nothing.
    #[default]
    None,
    /// Every pixel gets a normal number of this standard deviation on top, and
    /// is brought back between 0 and 1.
    Gaussian(f64),
    /// Every pixel becomes, with this probability, black or white.
    SaltPepper(f64),
    /// A square of so many pixels a side, somewhere in the image, becomes black.
    Mask(usize),
}

/// Words that name no noise.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("none, gaussian:DEVIATION, salt-pepper:SHARE or mask:SIDE is needed, as in gaussian:0.5")]
pub struct NoSuchNoise;

/// A noise that makes no sense, and what would.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum NoiseError {
    /// The deviation.
    #[error(
        "gaussian:{0:?}: the standard deviation must be a number above 0 that float32 holds, as 0.5 is"
    )]
    Deviation(f64),
    /// The share.
    #[error("salt-pepper:{0}: the share of pixels must be above 0 and at most 1, as 0.2 is")]
    Share(f64),
    /// The side.
    #[error("mask:{side}: the square must have 1 to {most} pixels a side, as the picture has")]
    Side {
        /// Pixels asked for.
        side: usize,
        /// Pixels there are.
        most: usize,
    },
}

impl Noise {
    /// Whether it can be put on images of this size.
    ///
    /// # Errors
    ///
    /// When its number is out of range.
    pub fn check(self, image: ImageSize) -> Result<(), NoiseError> {
        let most = image.height.min(image.width);
        match self {
            // Images are float32, in which the least numbers are 0 and the greatest infinite.
            Self::Gaussian(deviation)
                if !(deviation as f32 > 0.0 && (deviation as f32).is_finite()) =>
            {
                Err(NoiseError::Deviation(deviation))
            }
            Self::SaltPepper(share) if !(share > 0.0 && share <= 1.0) => {
                Err(NoiseError::Share(share))
            }
            Self::Mask(side) if !(1..=most).contains(&side) => Err(NoiseError::Side { side, most }),
            _ => Ok(()),
        }
    }

    /// Corrupts one image of this size.
    ///
    /// # Panics
    ///
    /// When a mask is larger than the image, which [`check`](Self::check) refuses.
    pub fn corrupt(self, size: ImageSize, pixels: &mut [f32], rng: &mut impl Rng) {
        match self {
            Self::None => {}
            Self::Gaussian(deviation) => {
                for pixel in pixels {
                    let normal: f32 = StandardNormal.sample(rng);
                    *pixel = (*pixel + deviation as f32 * normal).clamp(0.0, 1.0);
                }
            }
            Self::SaltPepper(share) => {
                for pixel in pixels {
                    if rng.random_bool(share) {
                        *pixel = if rng.random() { 1.0 } else { 0.0 };
                    }
                }
            }
            Self::Mask(side) => {
                let ImageSize { height, width } = size;
                let [top, left] = [height, width].map(|all| rng.random_range(0..=all - side));
                for row in pixels.chunks_exact_mut(width).skip(top).take(side) {
                    row[left..left + side].fill(0.0);
                }
            }
        }
    }

    /// Corrupts the image of this number as it is corrupted whenever a network is
    /// measured: always the same, so that a measure moves only by learning, and
    /// compares from run to run.
    pub fn corrupt_held_out(self, image: usize, size: ImageSize, pixels: &mut [f32]) {
        if self != Self::None {
            let mut rng = generator(0, Stream::HeldOutNoise, image as u64);
            self.corrupt(size, pixels, &mut rng);
        }
    }

    /// The images `[N, I]` from number `first` on, each
    /// [corrupted](Self::corrupt_held_out) as whenever it is measured.
    ///
    /// # Panics
    ///
    /// As [`corrupt`](Self::corrupt).
    pub fn corrupt_held_out_rows(
        self,
        first: usize,
        size: ImageSize,
        rows: ArrayView2<f32>,
    ) -> Array2<f32> {
        let mut noisy = rows.as_standard_layout().into_owned();
        for (row, mut pixels) in noisy.rows_mut().into_iter().enumerate() {
            let pixels = pixels.as_slice_mut().expect("rows in standard layout");
            self.corrupt_held_out(first + row, size, pixels);
        }
        noisy
    }
}

impl fmt::Display for Noise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Gaussian(deviation) => write!(f, "gaussian:{deviation}"),
            Self::SaltPepper(share) => write!(f, "salt-pepper:{share}"),
            Self::Mask(side) => write!(f, "mask:{side}"),
        }
    }
}

impl FromStr for Noise {
    type Err = NoSuchNoise;

    /// The opposite of `Display`.
    fn from_str(words: &str) -> Result<Self, NoSuchNoise> {
        if words == "none" {
            return Ok(Self::None);
        }
        let (name, number) = words.split_once(':').ok_or(NoSuchNoise)?;
        let fraction = || number.parse().map_err(|_| NoSuchNoise);
        match name {
            "gaussian" => fraction().map(Self::Gaussian),
            "salt-pepper" => fraction().map(Self::SaltPepper),
            "mask" => number.parse().map(Self::Mask).map_err(|_| NoSuchNoise),
            _ => Err(NoSuchNoise),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{IMAGE_SIDE, PIXELS};
    use ndarray_rand::rand::{SeedableRng, rngs::StdRng};

    fn corrupted(noise: Noise, grey: f32) -> Vec<f32> {
        let mut pixels = vec![grey; 100 * PIXELS];
        let mut rng = StdRng::seed_from_u64(1);
        for image in pixels.chunks_exact_mut(PIXELS) {
            noise.corrupt(ImageSize::MNIST, image, &mut rng);
        }
        pixels
    }

    fn mean(values: impl ExactSizeIterator<Item = f32>) -> f64 {
        let count = values.len() as f64;
        values.map(f64::from).sum::<f64>() / count
    }

    #[test]
    fn gaussian_noise_has_its_deviation_and_stays_in_range() {
        // A deviation of 0.1 around a half meets the ends of the range once in a million.
        let noisy = corrupted(Noise::Gaussian(0.1), 0.5);
        let deviation = mean(noisy.iter().map(|x| (x - 0.5) * (x - 0.5))).sqrt();
        // 78,400 draws know the deviation to 0.1 / √156,800 = 0.00025; four times that.
        assert!((deviation - 0.1).abs() < 0.001, "{deviation}");
        // And the mean to 0.1 / √78,400 = 0.00036; four times that.
        let mean = mean(noisy.iter().copied());
        assert!((mean - 0.5).abs() < 0.0015, "{mean}");
        let wild = corrupted(Noise::Gaussian(5.0), 0.5);
        assert!(wild.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
        assert!(wild.contains(&0.0) && wild.contains(&1.0));
    }

    #[test]
    fn salt_and_pepper_are_as_frequent_as_asked_and_as_each_other() {
        let noisy = corrupted(Noise::SaltPepper(0.2), 0.5);
        let share = |value: f32| mean(noisy.iter().map(|&x| f32::from(u8::from(x == value))));
        // 78,400 draws know a share of a tenth to 0.001; five times that.
        assert!((share(0.0) - 0.1).abs() < 0.005 && (share(1.0) - 0.1).abs() < 0.005);
        assert!((share(0.5) - 0.8).abs() < 0.007);
    }

    #[test]
    fn a_mask_is_one_square_and_reaches_every_place() {
        let noisy = corrupted(Noise::Mask(10), 1.0);
        let mut reached = [false; PIXELS];
        for image in noisy.chunks_exact(PIXELS) {
            let black = image.iter().enumerate().filter(|(_, x)| **x == 0.0);
            let places: Vec<usize> = black.map(|(place, _)| place).collect();
            assert_eq!(places.len(), 100);
            assert_eq!(places[99] - places[0], 9 * IMAGE_SIDE + 9, "a square");
            for place in places {
                reached[place] = true;
            }
        }
        assert!(reached.iter().filter(|reached| **reached).count() > PIXELS * 9 / 10);
        assert_eq!(corrupted(Noise::Mask(28), 1.0), vec![0.0; 100 * PIXELS]);
    }

    #[test]
    fn a_held_out_image_is_always_corrupted_alike() {
        let one = |image| {
            let mut pixels = [0.5; PIXELS];
            Noise::Gaussian(0.5).corrupt_held_out(image, ImageSize::MNIST, &mut pixels);
            pixels
        };
        assert_eq!(one(7), one(7));
        assert_ne!(one(7), one(8));

        let rows = Array2::from_elem((PIXELS, 2), 0.5);
        let noisy = Noise::Gaussian(0.5).corrupt_held_out_rows(7, ImageSize::MNIST, rows.t());
        for (row, image) in [7, 8].into_iter().enumerate() {
            assert_eq!(noisy.row(row).to_slice().unwrap(), one(image));
        }
    }

    #[test]
    fn every_noise_is_read_as_it_is_written() {
        for noise in [
            Noise::None,
            Noise::Gaussian(0.5),
            Noise::SaltPepper(0.2),
            Noise::Mask(10),
        ] {
            assert_eq!(noise.to_string().parse(), Ok(noise));
            assert_eq!(noise.check(ImageSize::MNIST), Ok(()));
        }
        for wrong in [
            "",
            "gaussian",
            "gaussian:",
            "gaussian:x",
            "mask:1.5",
            "mask:-1",
            "fog:1",
        ] {
            assert_eq!(wrong.parse::<Noise>(), Err(NoSuchNoise), "{wrong}");
        }
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        for wrong in [
            Noise::Gaussian(0.0),
            Noise::Gaussian(f64::NAN),
            Noise::Gaussian(f64::INFINITY),
            Noise::SaltPepper(-0.1),
            Noise::SaltPepper(1.1),
            Noise::Mask(0),
            Noise::Mask(29),
        ] {
            assert!(wrong.check(ImageSize::MNIST).is_err(), "{wrong}");
        }
    }
}
