//! What is random in a training batch: noise on what goes in, draws from a Gaussian code.
//!
//! Each image of a run has generators of its own, so what it gets depends neither
//! on the batch it stands in nor on who computes it.

use ndarray_rand::rand_distr::{Distribution, StandardNormal};

use crate::{
    data::corrupt::Noise,
    image::ImageSize,
    nn::{Batch, Code},
    pool::Pool,
    random::{Stream, generator},
    recipe::Recipe,
};

/// What a recipe leaves to chance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draws {
    image: ImageSize,
    noise: Noise,
    seed: u64,
    /// The length of a Gaussian code.
    gaussian: Option<usize>,
}

impl Draws {
    pub(super) fn of(recipe: &Recipe) -> Self {
        let architecture = recipe.architecture();
        Self {
            image: recipe.image,
            noise: recipe.noise,
            seed: recipe.seed,
            gaussian: (architecture.code() == Code::Gaussian).then(|| architecture.latent()),
        }
    }

    /// Prepares a training batch, the images from number `first` of the run.
    pub(super) fn prepare(&self, batch: &mut Batch, first: u64, pool: &Pool) {
        if self.noise != Noise::None {
            batch.corrupt(pool, |n, pixels| {
                let mut rng = generator(self.seed, Stream::Noise, first + n as u64);
                self.noise.corrupt(self.image, pixels, &mut rng);
            });
        }
        let Some(latent) = self.gaussian else { return };
        batch.draw_epsilon(latent, |n, epsilon| {
            let rng = &mut generator(self.seed, Stream::Epsilon, first + n as u64);
            epsilon.fill_with(|| StandardNormal.sample(rng));
        });
    }
}
