//! What is asked of a network: codes, pictures and losses of images.
//!
//! A lens is a network seen through the eyes of its run: images go in with the noise
//! that the run puts on them, always the same, and answers come from the fast
//! kernels. It is pure: the same network, images and question have the same answer,
//! to the bit, whoever asks and whatever else was asked. So an image has one code,
//! in the row, on the map, in a figure and in a log. It may not know who asks, or when.

mod decoding;
mod held_out;
mod samples;

pub use held_out::HeldOut;
pub use samples::Sample;

use ndarray::Array2;
use ndarray_rand::rand_distr::{Distribution, StandardNormal};

use crate::{
    data::{Split, corrupt::Noise},
    image::ImageSize,
    nn::{Autoencoder, Batch, Code, Cost, Evaluator, Objective},
    pool::Pool,
    random::{Stream, generator},
    recipe::Recipe,
};

/// A network, ready to answer.
#[derive(Debug)]
pub struct Lens<'a> {
    net: Evaluator,
    pool: &'a Pool,
    image: ImageSize,
    noise: Noise,
    objective: Objective,
    /// The length of a Gaussian code, which costs are measured with draws from.
    gaussian: Option<usize>,
}

impl<'a> Lens<'a> {
    /// Looks at a network of a run of this recipe.
    pub fn new(net: &Autoencoder, recipe: &Recipe, pool: &'a Pool) -> Self {
        let architecture = recipe.architecture();
        Self {
            net: Evaluator::new(net),
            pool,
            image: recipe.image,
            noise: recipe.noise,
            objective: recipe.objective(),
            gaussian: (architecture.code() == Code::Gaussian).then(|| architecture.latent()),
        }
    }

    /// The codes `[N, Z]` of all images of a split; of Gaussian codes, the means.
    pub fn codes(&self, images: &Split) -> Array2<f32> {
        let image = |n| images.image(n);
        let corrupt = |batch: &mut Batch, first| self.corrupt(batch, first);
        self.net
            .codes_of_prepared(self.pool, images.len(), image, corrupt)
    }

    /// What each image of a split costs.
    pub fn costs(&self, images: &Split) -> Vec<Cost> {
        let image = |n| images.image(n);
        let prepare = |batch: &mut Batch, first| {
            self.corrupt(batch, first);
            self.draw_epsilon(batch, first);
        };
        self.net
            .costs(self.pool, images.len(), image, self.objective, prepare)
    }

    /// What the images of a split cost on average.
    pub fn held_out(&self, images: &Split) -> HeldOut {
        self.mean(&self.costs(images))
    }

    /// What such costs come to.
    pub fn mean(&self, costs: &[Cost]) -> HeldOut {
        let cost = Cost::mean(costs);
        HeldOut {
            loss: self.net.objective(cost),
            reconstruction: cost.reconstruction,
        }
    }

    /// The noise of images from number `first` on.
    fn corrupt(&self, batch: &mut Batch, first: usize) {
        if self.noise != Noise::None {
            batch.corrupt(self.pool, |n, pixels| {
                self.noise.corrupt_held_out(first + n, self.image, pixels);
            });
        }
    }

    /// The draws from their codes.
    fn draw_epsilon(&self, batch: &mut Batch, first: usize) {
        let Some(latent) = self.gaussian else { return };
        batch.draw_epsilon(latent, |n, epsilon| {
            let rng = &mut generator(0, Stream::HeldOutEpsilon, (first + n) as u64);
            epsilon.fill_with(|| StandardNormal.sample(rng));
        });
    }
}

#[cfg(test)]
mod tests;
