//! A network that only answers: codes and losses of many images.
//!
//! The same panels and kernels as in training, on any number of cores.

use super::{
    Autoencoder,
    batch::{Batch, Input},
    kernels,
    lanes::{LANES, Lanes},
    loss::LOGIT_LIMIT,
    shards::Columns,
};
use crate::pool::Pool;
use ndarray::Array2;

/// Images at a time: what they become in a layer stays in a core's cache.
const BATCH: usize = 32;

/// Images of a block of work, the same for any number of threads: some batches,
/// so that fresh memory for one, which the system has to clear, serves them all.
const BLOCK: usize = 32 * BATCH;

/// A network's weights, laid out for the kernels.
#[derive(Debug, Clone)]
pub struct Evaluator {
    inputs: usize,
    encoder: Vec<Columns>,
    decoder: Vec<Columns>,
    latent: usize,
}

impl Evaluator {
    /// The same network.
    pub fn new(net: &Autoencoder) -> Self {
        let whole = |layer: &super::Dense| Columns::of(layer, 0..layer.b.len().div_ceil(LANES));
        let architecture = net.architecture();
        Self {
            inputs: architecture.inputs,
            latent: architecture.latent(),
            encoder: net.encoder.iter().map(whole).collect(),
            decoder: net.decoder.iter().map(whole).collect(),
        }
    }

    /// The codes `[N, Z]` of `images` images, whose bytes `image` gives; 255 counts as 1.
    ///
    /// # Panics
    ///
    /// When an image has another number of bytes than the network has inputs.
    pub fn codes<'a>(
        &self,
        pool: &Pool,
        images: usize,
        image: impl Fn(usize) -> &'a [u8] + Sync,
    ) -> Array2<f32> {
        let blocks = self.blocks(pool, images, &image, |batch| {
            let z = answer(&self.encoder, batch.input(), batch.rows());
            let panels = |n: usize| z.iter().skip(n).step_by(batch.rows());
            let code = |n| panels(n).flat_map(|row| row.0).take(self.latent);
            (0..batch.images()).flat_map(code).collect()
        });
        Array2::from_shape_vec((images, self.latent), blocks).expect("a code for each image")
    }

    /// The loss of each of `images` images alone: the mean cross-entropy of its pixels.
    ///
    /// # Panics
    ///
    /// As [`codes`](Self::codes).
    pub fn losses<'a>(
        &self,
        pool: &Pool,
        images: usize,
        image: impl Fn(usize) -> &'a [u8] + Sync,
    ) -> Vec<f32> {
        self.blocks(pool, images, &image, |batch| {
            let z = answer(&self.encoder, batch.input(), batch.rows());
            let logits = answer(&self.decoder, Input::Dense(&z), batch.rows());
            let mut sums = vec![Lanes::ZERO; batch.rows()];
            for (panel, logits) in logits.chunks_exact(batch.rows()).enumerate() {
                let columns = (self.inputs - panel * LANES).min(LANES);
                let targets = batch.panel(panel);
                kernels::add_cross_entropy(logits, targets, columns, LOGIT_LIMIT, &mut sums);
            }
            let mean = |sums: &Lanes| sums.0.iter().sum::<f32>() / self.inputs as f32;
            sums[..batch.images()].iter().map(mean).collect()
        })
    }

    /// The answers of all blocks, one after the other.
    fn blocks<'a>(
        &self,
        pool: &Pool,
        images: usize,
        image: &(impl Fn(usize) -> &'a [u8] + Sync),
        answers: impl Fn(&Batch) -> Vec<f32> + Sync,
    ) -> Vec<f32> {
        let blocks = pool.map(images.div_ceil(BLOCK), |block| {
            let mut batch = Batch::new(self.inputs, BATCH);
            let end = images.min((block + 1) * BLOCK);
            let firsts = (block * BLOCK..end).step_by(BATCH);
            let answers = firsts.map(|first| {
                let count = BATCH.min(end - first);
                batch.fill(pool, count, |n| (first + n < end).then(|| image(first + n)));
                answers(&batch)
            });
            answers.collect::<Vec<_>>().concat()
        });
        blocks.concat()
    }
}

/// One layer after the other.
fn answer(layers: &[Columns], x: Input, rows: usize) -> Vec<Lanes> {
    let mut here = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        let mut y = vec![Lanes::ZERO; layer.b.len() * rows];
        let x = if index == 0 { x } else { Input::Dense(&here) };
        layer.forward(x, rows, &mut y);
        here = y;
    }
    here
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Architecture, loss, reference::assert_near};
    use ndarray_rand::rand::{Rng, SeedableRng, rngs::StdRng};
    use std::num::NonZeroUsize;

    /// Widths that fill no panel, images that fill no block.
    #[test]
    fn an_evaluator_answers_as_the_network_does() {
        let architecture = Architecture {
            inputs: 75,
            encoder: vec![21, 3],
            latent_activation: Activation::Linear,
        };
        let mut rng = StdRng::seed_from_u64(5);
        let net = Autoencoder::glorot(&architecture, &mut rng);
        for share_not_zero in [0.2, 0.8] {
            let mut pixel = || u8::from(rng.random_bool(share_not_zero)) * rng.random::<u8>();
            let bytes = Array2::from_shape_simple_fn((1300, 75), &mut pixel);
            let x = bytes.mapv(|byte| f32::from(byte) / 255.0);
            let image = |n: usize| bytes.row(n).to_slice().unwrap();

            let evaluator = Evaluator::new(&net);
            let pool = Pool::new(NonZeroUsize::new(2).unwrap());
            let codes = evaluator.codes(&pool, 1300, image);
            let z = net.encode(x.view());
            assert_near("codes", codes.view(), &z.mapv(f64::from));

            let losses = evaluator.losses(&pool, 1300, image);
            let expected = loss::per_image(net.decode_logits(z.view()).view(), x.view());
            for (loss, expected) in losses.iter().zip(expected) {
                // Means of 75 terms, in another order of summing.
                assert!(
                    (loss / expected - 1.0).abs() < 1e-5,
                    "{loss}, not {expected}"
                );
            }
        }
    }
}
