//! What is random in a batch: noise on what goes in, draws from a Gaussian code.
//!
//! Each image of a run has generators of its own, so what it gets depends neither
//! on the batch it stands in nor on who computes it.

use ndarray::Array2;
use ndarray_rand::rand_distr::{Distribution, StandardNormal};

use crate::{
    config::TrainConfig,
    data::{PIXELS, Split, corrupt::Noise},
    nn::{Autoencoder, Batch, Code, Cost, Evaluator},
    pool::Pool,
    random::{Stream, generator},
};

/// What a configuration leaves to chance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draws {
    noise: Noise,
    seed: u64,
    /// The length of a Gaussian code.
    gaussian: Option<usize>,
}

impl Draws {
    pub(super) fn of(config: &TrainConfig) -> Self {
        let architecture = config.architecture(PIXELS);
        Self {
            noise: config.noise,
            seed: config.seed,
            gaussian: (architecture.code() == Code::Gaussian).then(|| architecture.latent()),
        }
    }

    /// Prepares a training batch, the images from number `first` of the run.
    pub(super) fn prepare(&self, batch: &mut Batch, first: u64, pool: &Pool) {
        if self.noise != Noise::None {
            batch.corrupt(pool, |n, pixels| {
                let mut rng = generator(self.seed, Stream::Noise, first + n as u64);
                self.noise.corrupt(pixels, &mut rng);
            });
        }
        self.draw_epsilon(batch, self.seed, Stream::Epsilon, first);
    }

    fn corrupt_held_out(&self, batch: &mut Batch, first: usize, pool: &Pool) {
        if self.noise != Noise::None {
            batch.corrupt(pool, |n, pixels| {
                self.noise.corrupt_held_out(first + n, pixels);
            });
        }
    }

    /// Prepares held-out images from number `first`, always alike.
    fn prepare_held_out(&self, batch: &mut Batch, first: usize, pool: &Pool) {
        self.corrupt_held_out(batch, first, pool);
        self.draw_epsilon(batch, 0, Stream::HeldOutEpsilon, first as u64);
    }

    fn draw_epsilon(&self, batch: &mut Batch, seed: u64, stream: Stream, first: u64) {
        let Some(latent) = self.gaussian else { return };
        batch.draw_epsilon(latent, |n, epsilon| {
            let rng = &mut generator(seed, stream, first + n as u64);
            epsilon.fill_with(|| StandardNormal.sample(rng));
        });
    }
}

/// What held-out images come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeldOut {
    /// The objective that training makes small, penalties included.
    pub loss: f32,
    /// Its cross-entropy per pixel alone, which baselines compare with.
    pub reconstruction: f32,
}

/// What each image of a split costs a network of this configuration: noise and
/// draws, if it has any, are the same every time.
pub fn held_out_costs(
    net: &Evaluator,
    config: &TrainConfig,
    images: &Split,
    pool: &Pool,
) -> Vec<Cost> {
    let draws = Draws::of(config);
    let image = |n| images.image(n);
    net.costs(
        pool,
        images.len(),
        image,
        config.objective(),
        |batch, first| {
            draws.prepare_held_out(batch, first, pool);
        },
    )
}

/// The codes `[N, Z]` of the images of a split as the network gets them: with noise, if
/// it was trained on some; the same every time.
pub fn held_out_codes(
    net: &Evaluator,
    config: &TrainConfig,
    images: &Split,
    pool: &Pool,
) -> Array2<f32> {
    let draws = Draws::of(config);
    let image = |n| images.image(n);
    net.codes_of_prepared(pool, images.len(), image, |batch, first| {
        draws.corrupt_held_out(batch, first, pool);
    })
}

/// The mean of [`held_out_costs`].
pub fn held_out(net: &Autoencoder, config: &TrainConfig, images: &Split, pool: &Pool) -> HeldOut {
    let net = Evaluator::new(net);
    HeldOut::of(&net, &held_out_costs(&net, config, images, pool))
}

impl HeldOut {
    /// What these costs come to for this network.
    pub fn of(net: &Evaluator, costs: &[Cost]) -> Self {
        let cost = Cost::mean(costs);
        Self {
            loss: net.objective(cost),
            reconstruction: cost.reconstruction,
        }
    }
}
