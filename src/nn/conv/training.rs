//! A network of convolutions while it is trained: groups of sixteen images, each
//! going forward and backward on its own.
//!
//! The same mathematics as [`Autoencoder`], [`Trace`](crate::nn::Trace) and
//! [`Adam`], which are its reference. The groups are cut into blocks, by
//! their number alone; a block goes through its groups one by one, backward as soon
//! as forward is done, while what it needs is in the core's cache. The few weights
//! are then moved by the plain optimiser.

use std::ops::Range;

use super::{
    stack::{Group, Stack},
    stage::Slopes,
};
use crate::{
    nn::{
        Adam, AdamConfig, Architecture, Autoencoder, Gradients, Layer, LayerShape, Maps, Objective,
        batch::Batch,
        kernels,
        lanes::{LANES, Lanes, padded},
        shards::shares,
        training::Step,
    },
    pool::Pool,
};

/// The most blocks there are: each has two megabytes of its own, of [`CHANNELS`](crate::nn::CHANNELS).
const MOST_BLOCKS: usize = 8;

const NO_PRICE: &str = "a code of maps has no price";

/// Bytes of all blocks, at most.
pub(in crate::nn) fn bytes(architecture: &Architecture, batch_size: usize) -> u128 {
    // A stage keeps its outputs, the derivatives by them and by their sums, each with a margin of
    // up to two (the first one less), and for every weight the derivatives of sixteen images and
    // two sums.
    let of_lanes = size_of::<Lanes>() as u128;
    let of_numbers = |maps: Maps| {
        let [height, width] = [maps.height, maps.width].map(|side| (side + 4) as u128);
        (maps.channels as u128).saturating_mul(height * width)
    };
    let of_layer = |layer: LayerShape| match layer {
        LayerShape::Convolution { .. } => {
            let numbers = layer.maps().map_or(0, of_numbers).saturating_mul(3);
            let lanes = numbers.saturating_add(layer.parameter_count());
            let sums = layer.parameter_count().saturating_mul(8);
            lanes.saturating_mul(of_lanes).saturating_add(sums)
        }
        _ => 0,
    };
    let layers = architecture
        .encoder()
        .into_iter()
        .chain(architecture.decoder());
    let block = layers.map(of_layer).fold(0, u128::saturating_add);
    block.saturating_mul(padded(batch_size).div_ceil(LANES).min(MOST_BLOCKS) as u128)
}

/// A network with its optimiser and its last batch's derivatives.
#[derive(Debug)]
pub(in crate::nn) struct ConvTraining {
    pool: Pool,
    net: Autoencoder,
    stack: Stack,
    config: AdamConfig,
    adam: Adam,
    gradients: Gradients,
    blocks: Vec<Block>,
    /// Images there is room for, in whole groups.
    rows: usize,
}

/// Some groups of a batch.
#[derive(Debug)]
struct Block {
    /// Their numbers, when the batch is full.
    groups: Range<usize>,
    /// The one that is worked on.
    group: Group,
    slopes: Vec<Slopes>,
    /// The loss of all pixels of all groups, summed.
    loss: f64,
    gradients: Gradients,
    /// Which numbers of the code were other than zero.
    lives: Vec<bool>,
}

impl ConvTraining {
    pub(in crate::nn) fn new(
        (net, adam): (&Autoencoder, &Adam),
        objective: Objective,
        config: AdamConfig,
        batch_size: usize,
        pool: Pool,
    ) -> Self {
        assert_eq!(objective, Objective::default(), "{NO_PRICE}");
        let architecture = net.architecture();
        let stack = Stack::of(net);
        let rows = padded(batch_size);
        let block = |groups| Block {
            groups,
            group: stack.group(),
            slopes: (stack.stages.iter().enumerate())
                .map(|(index, stage)| stage.slopes(index > 0))
                .collect(),
            loss: 0.0,
            gradients: Gradients::zeros(&architecture),
            lives: vec![false; architecture.latent()],
        };
        Self {
            blocks: shares(rows / LANES, MOST_BLOCKS).map(block).collect(),
            gradients: Gradients::zeros(&architecture),
            adam: adam.clone(),
            net: net.clone(),
            stack,
            config,
            pool,
            rows,
        }
    }

    /// Forward and backward, block by block.
    fn derive(&mut self, batch: &Batch) {
        assert_eq!(
            batch.rows(),
            self.rows,
            "a batch as large as the training's"
        );
        let stack = &self.stack;
        self.pool
            .for_each(&mut self.blocks, |_, block| block.derive(stack, batch));
    }

    /// The plain optimiser's step, from the sums over all blocks.
    fn update(&mut self) {
        self.gradients
            .parameters_mut()
            .for_each(|sums| sums.fill(0.0));
        for block in &self.blocks {
            let parts = block.gradients.parameters();
            for (sums, part) in self.gradients.parameters_mut().zip(parts) {
                sums.iter_mut()
                    .zip(part)
                    .for_each(|(sum, part)| *sum += part);
            }
        }
        self.adam.step(&self.config, &mut self.net, &self.gradients);
        self.stack.take_weights(&self.net);
    }
}

impl Step for ConvTraining {
    fn retune(&mut self, objective: Objective, config: AdamConfig) {
        assert_eq!(objective, Objective::default(), "{NO_PRICE}");
        self.config = config;
    }

    fn step(&mut self, batch: &Batch) -> f64 {
        self.derive(batch);
        let loss: f64 = self.blocks.iter().map(|block| block.loss).sum();
        let loss = loss / (batch.images() * batch.inputs()) as f64;
        if loss.is_finite() {
            self.update();
        }
        loss
    }

    fn net(&self) -> Autoencoder {
        self.net.clone()
    }

    fn adam(&self) -> Adam {
        self.adam.clone()
    }

    fn add_live_units(&self, _: &Batch, lives: &mut [bool]) {
        for block in &self.blocks {
            let units = lives.iter_mut().zip(&block.lives);
            units.for_each(|(lives, here)| *lives = *lives || *here);
        }
    }
}

impl Block {
    /// Forward and backward through the groups that have images.
    fn derive(&mut self, stack: &Stack, batch: &Batch) {
        self.loss = 0.0;
        self.lives.fill(false);
        self.slopes.iter_mut().for_each(Slopes::clear);
        for number in self.groups.start..self.groups.end.min(Group::count(batch)) {
            stack.encode(batch, number, &mut self.group);
            stack.decode(&mut self.group);
            self.add_lives(stack.code);
            self.add_loss(batch);
            self.backward(stack);
        }
        let gradients = self
            .gradients
            .layers_mut()
            .filter_map(Layer::parameters_mut);
        let stages = stack.stages.iter().zip(&mut self.slopes);
        for ((stage, slopes), gradient) in stages.zip(gradients) {
            stage.write_gradient(slopes, gradient);
        }
    }

    fn add_lives(&mut self, code: usize) {
        let code = &self.group.outputs[code].y;
        for (number, lives) in self.lives.iter_mut().enumerate() {
            let images = &code.number(number).0[..self.group.images];
            *lives = *lives || images.iter().any(|&value| value != 0.0);
        }
    }

    /// Adds the loss of the group, and puts its derivative where backward begins.
    fn add_loss(&mut self, batch: &Batch) {
        let scale = (batch.images() * batch.inputs()) as f64;
        let logits = self.group.logits();
        let Some(Slopes { dy, .. }) = self.slopes.last_mut() else {
            return;
        };
        let width = logits.maps.width;
        for (i, target) in self.group.target.chunks_exact(width).enumerate() {
            let row = logits.row_start(0, i)..logits.row_start(0, i) + width;
            self.loss += f64::from(kernels::panel_cross_entropy_and_gradient(
                &logits.lanes[row.clone()],
                target,
                self.group.images,
                scale.recip() as f32,
                &mut dy.lanes[row],
            ));
        }
    }

    /// The chain rule from the logits to the first kernel.
    fn backward(&mut self, stack: &Stack) {
        let Group { x, outputs, .. } = &self.group;
        for (index, stage) in stack.stages.iter().enumerate().rev() {
            let (before, here) = self.slopes.split_at_mut(index);
            let dx = before.last_mut().map(|before| &mut before.dy);
            let x = outputs[..index].last().map_or(x, |before| &before.y);
            stage.backward(x, &outputs[index], &mut here[0], dx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::ImageSize;
    use crate::nn::{Network, conv::stage::Outputs, proof::assert_near};
    use ndarray::{Array2, ArrayView2, s};
    use ndarray_rand::rand::{Rng, SeedableRng, rngs::StdRng};
    use std::num::NonZeroUsize;

    /// Images of four pixels a side to 28, and no squares; batches of one group and of ten in
    /// eight blocks, whole and short; inputs that are not the targets.
    #[test]
    fn loss_and_gradients_are_those_of_the_plain_step() {
        for (height, width, room, images, noisy) in [
            (28, 28, 20, 20, false),
            (28, 28, 20, 7, true),
            (12, 12, 150, 150, false),
            (12, 12, 150, 61, true),
            (12, 20, 20, 17, false),
            (20, 4, 20, 20, false),
            (4, 4, 16, 3, false),
            (16, 8, 20, 17, true),
        ] {
            let architecture = Architecture {
                image: ImageSize { height, width },
                network: Network::convolutional(Vec::new()),
            };
            check(&architecture, room, images, noisy);
        }
    }

    /// One pooling to four, channels that fill no tile and those that fill several; sides that
    /// lose two before any of the later up-samplings, or before the drawing; bands of several rows
    /// with a short one last (22 by 22), and of the fewest there are (4 by 204).
    #[test]
    fn loss_and_gradients_of_any_channels_are_those_of_the_plain_step() {
        for (channels, height, width) in [
            (&[1][..], 8, 10),
            (&[1], 4, 204),
            (&[5], 6, 6),
            (&[8], 6, 8),
            (&[3, 1], 10, 14),
            (&[17, 5], 12, 8),
            (&[1, 3, 5], 14, 14),
            (&[5, 17, 3], 10, 18),
            (&[16, 8, 24], 12, 12),
            (&[3, 5, 1, 2], 22, 22),
            (&[2, 3, 8, 5], 24, 8),
        ] {
            let channels = channels.to_vec();
            let architecture = Architecture {
                image: ImageSize { height, width },
                network: Network::Convolutional { channels },
            };
            check(&architecture, 20, 19, false);
        }
    }

    /// What is said to be needed is enough, and not much more than is there.
    #[test]
    fn the_bytes_of_maps_are_those_of_the_blocks() {
        for (channels, batch_size) in [(&[16, 8, 8][..], 32), (&[64, 128], 200), (&[1], 16)] {
            let architecture = Architecture {
                image: ImageSize::MNIST,
                network: Network::convolutional(channels.into()),
            };
            let net = Autoencoder::zeros(&architecture);
            let start = (&net, &Adam::new(&net));
            let config = AdamConfig::default();
            let pool = Pool::new(NonZeroUsize::MIN);
            let training = ConvTraining::new(start, Objective::default(), config, batch_size, pool);
            let of_block = |block: &Block| {
                let outputs = block
                    .group
                    .outputs
                    .iter()
                    .map(Outputs::bytes)
                    .sum::<usize>();
                let slopes = block.slopes.iter().map(Slopes::bytes).sum::<usize>();
                outputs + slopes + 4 * block.gradients.parameters().flatten().count()
            };
            let there = training.blocks.iter().map(of_block).sum::<usize>() as u128;
            let said = bytes(&architecture, batch_size);
            assert!(
                there <= said && said < 3 * there,
                "{there} and {said} of {channels:?}"
            );
        }
    }

    fn check(architecture: &Architecture, room: usize, images: usize, noisy: bool) {
        let image = architecture.image;
        let mut rng = StdRng::seed_from_u64(11);
        let mut net = Autoencoder::glorot(architecture, &mut rng);
        for layer in net.layers_mut() {
            if let Some([_, bias]) = layer.parameters_mut() {
                bias.fill_with(|| rng.random_range(0.0..0.1));
            }
        }
        let mut pixel = || u8::from(rng.random_bool(0.3)) * rng.random::<u8>();
        let bytes = Array2::from_shape_simple_fn((room, image.pixels()), &mut pixel);
        let target = bytes.mapv(|byte| f32::from(byte) / 255.0);
        let noise = |image: usize, pixel: usize| ((image * 7 + pixel * 3) % 10) as f32 / 20.0;
        let x = Array2::from_shape_fn(target.dim(), |(image, pixel)| {
            let noise = if noisy { noise(image, pixel) } else { 0.0 };
            target[[image, pixel]] + noise
        });
        let (x, target) = (x.slice(s![..images, ..]), target.slice(s![..images, ..]));
        let objective = Objective::default();
        let trace = net.forward(x, None);
        let (expected_loss, dlogits) = net.loss(&trace, objective, target);
        let expected = net.backward(x, &trace, objective, dlogits);

        let pool = Pool::new(NonZeroUsize::new(2).unwrap());
        let config = AdamConfig::default();
        let start = (&net, &Adam::new(&net));
        let mut training = ConvTraining::new(start, objective, config, room, pool.clone());
        let mut batch = Batch::new(image.pixels(), room);
        // A whole batch first, of which nothing may be left.
        for images in [room, images] {
            batch.fill(&pool, images, |n| {
                bytes.rows().into_iter().nth(n)?.to_slice()
            });
            if noisy {
                batch.corrupt(&pool, |image, pixels| {
                    let pixels = pixels.iter_mut().enumerate();
                    pixels.for_each(|(pixel, x)| *x += noise(image, pixel));
                });
            }
            training.derive(&batch);
        }
        assert_eq!(training.net(), net);
        let loss = training.step(&batch);
        let mut lives = vec![false; architecture.latent()];
        training.add_live_units(&batch, &mut lives);
        for (unit, lives) in trace.encoded().columns().into_iter().zip(lives) {
            assert_eq!(lives, unit.iter().any(|&value| value != 0.0));
        }

        // Thousands of terms, each right to a few roundings.
        assert!(
            (loss / expected_loss - 1.0).abs() < 2e-6,
            "{loss}, not {expected_loss}"
        );
        let pairs = training.gradients.parameters().zip(expected.parameters());
        for (index, (actual, expected)) in pairs.enumerate() {
            let name = format!("parameters {index} of {architecture}");
            let row = |values| ArrayView2::from_shape((1, actual.len()), values).unwrap();
            assert_near(&name, row(actual), &row(expected).mapv(f64::from));
        }
    }
}
