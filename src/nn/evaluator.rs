//! A network that only answers: codes, logits and losses of many images.
//!
//! Forward is training's own, batch after batch, on any number of cores.

use super::{
    Autoencoder, Batch, Code, Objective,
    conv::{self, ConvPass},
    dense::{self, DensePass},
};
use crate::pool::Pool;
use ndarray::{Array2, ArrayView2, Axis};
use std::num::NonZeroUsize;

/// Images of a block of work, the same for any number of threads: some batches,
/// so that fresh memory for one, which the system has to clear, serves them all.
const BLOCK: usize = 32 * Evaluator::BATCH;

/// A network's weights, laid out for the kernels.
#[derive(Debug, Clone)]
pub struct Evaluator {
    inputs: usize,
    latent: usize,
    code: Code,
    layers: Layers,
}

/// Which layout suits the layers.
#[derive(Debug, Clone)]
enum Layers {
    Dense(dense::Stack),
    Convolutional(conv::Stack),
}

/// What a layout of layers must be able to say: forward through a batch, and then, image by
/// image, what that has left, which is put behind what is there.
pub(super) trait Pass {
    /// Images that it takes at a time.
    fn images(&self) -> usize;
    /// From the images to the code, and to what the decoder will see of it.
    fn encode(&mut self, batch: &Batch);
    /// Takes codes, at most as many as images, in place of what the encoder would say.
    fn take_codes(&mut self, codes: ArrayView2<f32>);
    /// From the code to the logits.
    fn decode(&mut self);
    /// The first `count` numbers that the encoder said.
    fn encoded(&self, image: usize, count: usize, to: &mut Vec<f32>);
    fn logits(&self, image: usize, to: &mut Vec<f32>);
    /// Every image's mean cross-entropy.
    fn losses(&self, batch: &Batch) -> Vec<f32>;
    /// How many numbers [`units`](Self::units) are.
    fn unit_count(&self) -> usize;
    fn units(&self, image: usize, to: &mut Vec<f32>);
}

/// What one image costs, or many on average.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cost {
    /// The mean cross-entropy of its pixels.
    pub reconstruction: f32,
    /// The price of its code.
    pub price: f32,
}

impl Cost {
    /// The means of both.
    pub fn mean(costs: &[Self]) -> Self {
        let mean = |part: fn(&Self) -> f32| {
            let sum: f64 = costs.iter().map(|cost| f64::from(part(cost))).sum();
            (sum / costs.len() as f64) as f32
        };
        Self {
            reconstruction: mean(|cost| cost.reconstruction),
            price: mean(|cost| cost.price),
        }
    }
}

impl Evaluator {
    /// Images at a time: what they become in a layer stays in a core's cache. The bits
    /// of an answer may depend on which images it was computed beside.
    pub const BATCH: usize = 32;

    /// The same network.
    pub fn new(net: &Autoencoder) -> Self {
        let architecture = net.architecture();
        Self {
            inputs: architecture.inputs(),
            latent: architecture.latent(),
            code: net.code,
            layers: match architecture.code_maps() {
                Some(_) => Layers::Convolutional(conv::Stack::of(net)),
                None => Layers::Dense(dense::Stack::of(net)),
            },
        }
    }

    fn pass(&self) -> Box<dyn Pass + '_> {
        match &self.layers {
            Layers::Dense(stack) => Box::new(DensePass::new(stack)),
            Layers::Convolutional(stack) => Box::new(ConvPass::new(stack)),
        }
    }

    /// The codes `[N, Z]` of `images` images, whose bytes `image` gives; 255 counts as 1.
    /// Of a Gaussian code, the means.
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
        self.codes_of_prepared(pool, images, image, |_, _| {})
    }

    /// [`codes`](Self::codes) of images that are corrupted as `prepare` does, which is
    /// handed each batch and the number of its first image.
    ///
    /// # Panics
    ///
    /// As [`codes`](Self::codes).
    pub fn codes_of_prepared<'a>(
        &self,
        pool: &Pool,
        images: usize,
        image: impl Fn(usize) -> &'a [u8] + Sync,
        prepare: impl Fn(&mut Batch, usize) + Sync,
    ) -> Array2<f32> {
        self.rows(
            pool,
            images,
            self.latent,
            &image,
            &prepare,
            &|pass, batch, codes| {
                pass.encode(batch);
                for image in 0..batch.images() {
                    pass.encoded(image, self.latent, codes);
                }
            },
        )
    }

    /// What each of the images costs, corrupted or drawn from as `prepare` does, which
    /// is handed each batch and the number of its first image.
    ///
    /// # Panics
    ///
    /// As [`codes`](Self::codes).
    pub fn costs<'a>(
        &self,
        pool: &Pool,
        images: usize,
        image: impl Fn(usize) -> &'a [u8] + Sync,
        objective: Objective,
        prepare: impl Fn(&mut Batch, usize) + Sync,
    ) -> Vec<Cost> {
        let encoded = match self.code {
            Code::Values => self.latent,
            Code::Gaussian => 2 * self.latent,
        };
        self.blocks(pool, images, &image, &prepare, &|pass, batch, costs| {
            pass.encode(batch);
            pass.decode();
            let mut said = Vec::new();
            for (image, reconstruction) in pass.losses(batch).into_iter().enumerate() {
                said.clear();
                pass.encoded(image, encoded, &mut said);
                costs.push(Cost {
                    reconstruction,
                    price: objective.price(self.code, said.iter().copied()),
                });
            }
        })
    }

    /// The logits `[N, I]` of what comes back of the images, corrupted as `prepare` does;
    /// of a Gaussian code without draws, what its means become.
    ///
    /// # Panics
    ///
    /// As [`codes`](Self::codes).
    pub fn logits<'a>(
        &self,
        pool: &Pool,
        images: usize,
        image: impl Fn(usize) -> &'a [u8] + Sync,
        prepare: impl Fn(&mut Batch, usize) + Sync,
    ) -> Array2<f32> {
        self.rows(
            pool,
            images,
            self.inputs,
            &image,
            &prepare,
            &|pass, batch, logits| {
                pass.encode(batch);
                pass.decode();
                (0..batch.images()).for_each(|image| pass.logits(image, logits));
            },
        )
    }

    /// The codes `[N, Z]` of the images and the logits `[N, I]` of what comes back of them, in
    /// one pass: those of [`codes_of_prepared`](Self::codes_of_prepared) and
    /// [`logits`](Self::logits).
    ///
    /// # Panics
    ///
    /// As [`codes`](Self::codes).
    pub fn codes_and_logits<'a>(
        &self,
        pool: &Pool,
        images: usize,
        image: impl Fn(usize) -> &'a [u8] + Sync,
        prepare: impl Fn(&mut Batch, usize) + Sync,
    ) -> [Array2<f32>; 2] {
        let width = self.latent + self.inputs;
        let both = self.rows(
            pool,
            images,
            width,
            &image,
            &prepare,
            &|pass, batch, both| {
                pass.encode(batch);
                pass.decode();
                for image in 0..batch.images() {
                    pass.encoded(image, self.latent, both);
                    pass.logits(image, both);
                }
            },
        );
        let (codes, logits) = both.view().split_at(Axis(1), self.latent);
        [codes, logits].map(|part| part.as_standard_layout().into_owned())
    }

    /// What every unit says of each image, `[N, units]`: layer after layer, all but the one
    /// that draws the image. A unit of a convolution is a map, and says its mean, after the
    /// pooling if one follows. A Gaussian code says its means and, behind them, what each of
    /// its values costs: its part of KL. The images are corrupted as `prepare` does.
    ///
    /// # Panics
    ///
    /// As [`codes`](Self::codes).
    pub fn units<'a>(
        &self,
        pool: &Pool,
        images: usize,
        image: impl Fn(usize) -> &'a [u8] + Sync,
        prepare: impl Fn(&mut Batch, usize) + Sync,
    ) -> Array2<f32> {
        let width = self.pass().unit_count();
        self.rows(
            pool,
            images,
            width,
            &image,
            &prepare,
            &|pass, batch, units| {
                pass.encode(batch);
                pass.decode();
                (0..batch.images()).for_each(|image| pass.units(image, units));
            },
        )
    }

    /// The logits `[N, I]` of what becomes of the codes `[N, Z]`, whoever made them.
    ///
    /// # Panics
    ///
    /// When the codes are of another length than the network's.
    pub fn decoded(&self, pool: &Pool, codes: ArrayView2<f32>) -> Array2<f32> {
        assert_eq!(codes.ncols(), self.latent, "codes of the network's length");
        let blocks: Vec<_> = codes.axis_chunks_iter(Axis(0), Self::BATCH).collect();
        let logits = pool.map(blocks.len(), |block| {
            let mut pass = self.pass();
            let mut logits = Vec::with_capacity(blocks[block].nrows() * self.inputs);
            for codes in blocks[block].axis_chunks_iter(Axis(0), pass.images()) {
                pass.take_codes(codes);
                pass.decode();
                (0..codes.nrows()).for_each(|image| pass.logits(image, &mut logits));
            }
            logits
        });
        of_width(self.inputs, codes.nrows(), logits.concat())
    }

    /// The objective `J` of such a cost.
    pub fn objective(&self, cost: Cost) -> f32 {
        let weight = Objective::pixel_weight(self.code, self.inputs) as f32;
        weight * cost.reconstruction + cost.price
    }

    /// [`blocks`](Self::blocks) of `width` numbers an image.
    fn rows<'a>(
        &self,
        pool: &Pool,
        images: usize,
        width: usize,
        image: &(impl Fn(usize) -> &'a [u8] + Sync),
        prepare: &(impl Fn(&mut Batch, usize) + Sync),
        answer: &(impl Fn(&mut dyn Pass, &Batch, &mut Vec<f32>) + Sync),
    ) -> Array2<f32> {
        of_width(
            width,
            images,
            self.blocks(pool, images, image, prepare, answer),
        )
    }

    /// The answers to all images, one after the other.
    fn blocks<'a, T: Clone + Send>(
        &self,
        pool: &Pool,
        images: usize,
        image: &(impl Fn(usize) -> &'a [u8] + Sync),
        prepare: &(impl Fn(&mut Batch, usize) + Sync),
        answer: &(impl Fn(&mut dyn Pass, &Batch, &mut Vec<T>) + Sync),
    ) -> Vec<T> {
        let blocks = pool.map(images.div_ceil(BLOCK), |block| {
            let alone = Pool::new(NonZeroUsize::MIN);
            let mut pass = self.pass();
            let mut batch = Batch::new(self.inputs, pass.images());
            let end = images.min((block + 1) * BLOCK);
            let mut answers = Vec::new();
            for first in (block * BLOCK..end).step_by(pass.images()) {
                let count = pass.images().min(end - first);
                batch.fill(&alone, count, |n| {
                    (first + n < end).then(|| image(first + n))
                });
                prepare(&mut batch, first);
                answer(&mut *pass, &batch, &mut answers);
            }
            answers
        });
        blocks.concat()
    }
}

/// As a matrix of so many numbers an image.
fn of_width(width: usize, images: usize, numbers: Vec<f32>) -> Array2<f32> {
    Array2::from_shape_vec((images, width), numbers).expect("so many numbers for each image")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::ImageSize;
    use crate::nn::{Activation, Architecture, Network, loss, proof::assert_near};
    use ndarray_rand::rand::{Rng, SeedableRng, rngs::StdRng};
    use std::num::NonZeroUsize;

    fn dense() -> Architecture {
        Architecture::dense(75, vec![21, 3], Activation::Linear)
    }

    fn variational() -> Architecture {
        let encoder = vec![21, 3];
        Architecture {
            image: ImageSize::of_pixels(75),
            network: Network::Variational { encoder },
        }
    }

    fn convolutional(pixels: usize) -> Architecture {
        Architecture {
            image: ImageSize::of_pixels(pixels),
            network: Network::convolutional(Vec::new()),
        }
    }

    /// Widths that fill no panel, images that fill no block.
    #[test]
    fn an_evaluator_answers_as_the_network_does() {
        for architecture in [
            dense(),
            variational(),
            convolutional(144),
            convolutional(64),
        ] {
            check(&architecture);
        }
    }

    #[test]
    fn an_evaluator_of_any_channels_answers_as_the_network_does() {
        for (channels, pixels) in [(&[3][..], 36), (&[5, 17], 100), (&[1, 2, 3, 9], 100)] {
            check(&Architecture {
                image: ImageSize::of_pixels(pixels),
                network: Network::convolutional(channels.into()),
            });
        }
    }

    fn check(architecture: &Architecture) {
        let inputs = architecture.inputs();
        let mut rng = StdRng::seed_from_u64(5);
        let net = Autoencoder::glorot(architecture, &mut rng);
        for share_not_zero in [0.1, 0.8] {
            let mut pixel = || u8::from(rng.random_bool(share_not_zero)) * rng.random::<u8>();
            let bytes = Array2::from_shape_simple_fn((1300, inputs), &mut pixel);
            let x = bytes.mapv(|byte| f32::from(byte) / 255.0);
            let image = |n: usize| bytes.row(n).to_slice().unwrap();

            let evaluator = Evaluator::new(&net);
            let pool = Pool::new(NonZeroUsize::new(2).unwrap());
            let codes = evaluator.codes(&pool, 1300, image);
            let z = net.encode(x.view());
            assert_near("codes", codes.view(), &z.mapv(f64::from));

            let as_they_are = |_: &mut Batch, _| {};
            let logits = evaluator.logits(&pool, 1300, image, as_they_are);
            let expected = net.decode_logits(z.view()).mapv(f64::from);
            assert_near("logits", logits.view(), &expected);
            // Codes that nobody encoded, in batches and a rest.
            let walked = &z * 1.5 - 0.25;
            let logits_of_codes = evaluator.decoded(&pool, walked.view());
            let expected_of_codes = net.decode_logits(walked.view()).mapv(f64::from);
            assert_near(
                "logits of codes",
                logits_of_codes.view(),
                &expected_of_codes,
            );
            let together = evaluator.codes_and_logits(&pool, 1300, image, as_they_are);
            assert!(together == [codes, logits], "one pass has the bits of two");

            let negative = |batch: &mut Batch, _| {
                let invert = |_, pixels: &mut [f32]| pixels.iter_mut().for_each(|x| *x = 1.0 - *x);
                batch.corrupt(&pool, invert);
            };
            let logits = evaluator.logits(&pool, 1300, image, negative);
            let z_of_negative = net.encode(x.mapv(|x| 1.0 - x).view());
            let expected = net.decode_logits(z_of_negative.view()).mapv(f64::from);
            assert_near("logits of negatives", logits.view(), &expected);

            let costs = evaluator.costs(&pool, 1300, image, Objective::default(), |_, _| {});
            let expected = loss::per_image(net.decode_logits(z.view()).view(), x.view());
            for (cost, expected) in costs.iter().zip(expected) {
                let loss = cost.reconstruction;
                // Means of up to 144 terms, in another order of summing.
                assert!(
                    (loss / expected - 1.0).abs() < 1e-5,
                    "{loss}, not {expected}"
                );
            }
        }
    }
}
