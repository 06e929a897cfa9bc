//! What is asked of a network: codes, pictures and losses of images.
//!
//! A lens is a network seen through the eyes of its run: images go in with the noise
//! that the run puts on them, always the same, and answers come from the fast
//! kernels. It is pure: the same network, images and question have the same answer,
//! to the bit, whoever asks and whatever else was asked. So an image has one code,
//! in the row, on the map, in a figure and in a log. It may not know who asks, or when.

mod decoding;
mod held_out;
mod norms;
mod samples;
mod spread;
mod units;

use std::ops::Range;

pub use held_out::HeldOut;
pub use norms::Norms;
pub use samples::Sample;
pub use units::{ImageMaps, LayerPlace, UnitLayer, UnitRecord, UnitStudy};

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

/// Lots of images for each thread in a piece: some milliseconds, or some dozens for convolutions.
const LOTS: usize = 32;

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

    /// The images from number `done` on that are asked about in one go, where there may be
    /// other questions meanwhile: some for each thread, and whole lots of them, so that
    /// the bits of an answer are the same. None where all are done.
    pub fn piece(&self, images: &Split, done: usize) -> Range<usize> {
        let piece = LOTS * Evaluator::BATCH * self.pool.threads();
        done..images
            .len()
            .min(done.next_multiple_of(Evaluator::BATCH) + piece)
    }

    /// A range of images with those that they are computed beside whenever all are: so the bits
    /// of an answer are the same as then.
    pub fn with_companions(&self, images: &Split, range: &Range<usize>) -> Range<usize> {
        let lot = Evaluator::BATCH;
        range.start / lot * lot..images.len().min(range.end.next_multiple_of(lot))
    }

    /// The codes `[N, Z]` of all images of a split; of Gaussian codes, the means.
    pub fn codes(&self, images: &Split) -> Array2<f32> {
        self.codes_of(images, 0..images.len())
    }

    /// Those of a [piece](Self::piece).
    pub fn codes_of(&self, images: &Split, piece: Range<usize>) -> Array2<f32> {
        let image = |n| images.image(piece.start + n);
        let corrupt = |batch: &mut Batch, first| self.corrupt(batch, piece.start + first);
        self.net
            .codes_of_prepared(self.pool, piece.len(), image, corrupt)
    }

    /// What each image of a split costs.
    pub fn costs(&self, images: &Split) -> Vec<Cost> {
        self.costs_of(images, 0..images.len())
    }

    /// What each image of a [piece](Self::piece) costs.
    pub fn costs_of(&self, images: &Split, piece: Range<usize>) -> Vec<Cost> {
        let image = |n| images.image(piece.start + n);
        let prepare = |batch: &mut Batch, first| {
            self.corrupt(batch, piece.start + first);
            self.draw_epsilon(batch, piece.start + first);
        };
        self.net
            .costs(self.pool, piece.len(), image, self.objective, prepare)
    }

    /// The mean cross-entropy of what comes back of each image of a split, of a code without
    /// draws: that of its picture.
    pub fn losses(&self, images: &Split) -> Vec<f32> {
        self.losses_of(images, 0..images.len())
    }

    /// Those of a [piece](Self::piece).
    pub fn losses_of(&self, images: &Split, piece: Range<usize>) -> Vec<f32> {
        let image = |n| images.image(piece.start + n);
        let prepare = |batch: &mut Batch, first| self.corrupt(batch, piece.start + first);
        let costs = self
            .net
            .costs(self.pool, piece.len(), image, self.objective, prepare);
        costs.iter().map(|cost| cost.reconstruction).collect()
    }

    /// Whether what images [cost](Self::costs) is drawn from their codes, and so is other than
    /// their pictures'.
    pub fn draws(&self) -> bool {
        self.gaussian.is_some()
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
