//! How much what is drawn varies from image to image, beside how much the images do.

use super::{Lens, Sample};
use crate::{data::Split, nn::Evaluator};

/// From so many places of the split images are taken.
const PLACES: usize = 8;

impl Lens<'_> {
    /// The variance of what comes back of about so many images of a split, as a share of the
    /// images' own; 0 where one picture comes back of all. NaN where the images do not differ.
    pub fn spread(&self, images: &Split, count: usize) -> f32 {
        let lot = Evaluator::BATCH;
        let each = count.div_ceil(PLACES).min(lot);
        let places = (0..PLACES).map(|place| place * images.len() / PLACES / lot * lot);
        let mut indices: Vec<usize> = places
            .flat_map(|first| first..images.len().min(first + each))
            .collect();
        indices.dedup();
        let samples = self.samples_of(images, &indices);
        let drawn = variance(&samples, |sample| &sample.reconstruction);
        drawn / variance(&samples, |sample| &sample.original)
    }
}

/// The variance of the pixels about their means, summed over the picture.
fn variance(samples: &[Sample], pixels: impl Fn(&Sample) -> &[f32]) -> f32 {
    let count = samples.len() as f32;
    let size = samples.first().map_or(0, |sample| pixels(sample).len());
    let of_pixel = |place: usize| {
        let values = || samples.iter().map(|sample| pixels(sample)[place]);
        let mean = values().sum::<f32>() / count;
        values()
            .map(|value| (value - mean) * (value - mean))
            .sum::<f32>()
            / count
    };
    (0..size).map(of_pixel).sum()
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::{
        data::PIXELS,
        nn::Autoencoder,
        pool::Pool,
        random::{Stream, generator},
        recipe::{Preset, Recipe},
    };

    #[test]
    fn one_picture_for_all_does_not_vary_and_random_weights_hardly_do() {
        let recipe = Recipe::preset(Preset::Article);
        let pool = Pool::new(NonZeroUsize::MIN);
        let pixels = (0..200 * PIXELS).map(|at| (at * at % 251) as u8).collect();
        let images = Split::new(pixels, vec![0; 200]);
        let spread = |net: &Autoencoder| Lens::new(net, &recipe, &pool).spread(&images, 100);
        assert_eq!(spread(&Autoencoder::zeros(&recipe.architecture())), 0.0);
        let rng = &mut generator(1, Stream::Weights, 0);
        let random = spread(&Autoencoder::glorot(&recipe.architecture(), rng));
        assert!(random > 0.0 && random < 0.1, "{random}");
    }
}
