//! A network of dense layers while it is trained: cut into shards, each with its moments.
//!
//! The same mathematics as [`Autoencoder`], [`Trace`](crate::nn::Trace) and
//! [`Adam`], which are its reference, laid out for speed: a shard
//! owns some columns of a kernel and everything about them, so what a core
//! worked on in one step is in its cache in the next. A layer is one job for the
//! pool, forward and backward; a gradient is used up where it is computed. Every job
//! ends with a wait, so the last layer joins its loss, and its kernel the first layer's.

use super::{
    code::CodeStage,
    first::{FirstLayer, Part},
    learning::{ALL_DENSE, Kept, Learning},
    shard::{Outputs, Shard},
};
use crate::{
    nn::{
        Activation, Adam, AdamConfig, Autoencoder, Objective,
        batch::{Batch, Input},
        kernels::AdamStep,
        lanes::{LANES, Lanes, padded},
        shards::{SHARDS, cut, interleaved, shares, together},
    },
    pool::Pool,
};

/// Layers with fewer weights than this are not worth a second core's attention.
const WORTH_SHARING: usize = 4096;

/// A network with its optimiser and its last batch's outputs.
#[derive(Debug, Clone)]
pub(super) struct DenseTraining {
    pool: Pool,
    config: AdamConfig,
    /// Steps taken.
    t: u64,
    first: FirstLayer,
    /// The layers after the first; at least one.
    layers: Vec<Layer>,
    /// What stands after the encoder's last layer.
    code: CodeStage,
    /// The network's shape, to write shards back to.
    template: Autoencoder,
    /// Rows of all panels: the images of a whole batch.
    rows: usize,
}

/// A layer after the first, cut by its units.
#[derive(Debug, Clone)]
struct Layer {
    /// Its number in the network, from 0 for the first.
    number: usize,
    units: usize,
    activation: Activation,
    /// Outputs, in panels.
    y: Vec<Lanes>,
    shards: Vec<Shard>,
    /// What each shard contributes to the derivative by the inputs.
    dx: Vec<Vec<Lanes>>,
}

impl Layer {
    fn new(number: usize, learning: Learning, rows: usize) -> Self {
        let dense = learning.layer;
        let (inputs, units) = dense.w.dim();
        let panels = units.div_ceil(LANES);
        let most = if dense.w.len() < WORTH_SHARING {
            1
        } else {
            SHARDS
        };
        let shards = shares(panels, most).map(|panels| Shard::new(learning, panels, rows));
        let shards: Vec<_> = shards.collect();
        Self {
            number,
            units,
            activation: dense.activation,
            y: vec![Lanes::ZERO; panels * rows],
            dx: vec![vec![Lanes::ZERO; padded(inputs) / LANES * rows]; shards.len()],
            shards,
        }
    }
}

impl DenseTraining {
    pub(super) fn new(
        (net, adam): (&Autoencoder, &Adam),
        objective: Objective,
        config: AdamConfig,
        batch_size: usize,
        pool: Pool,
    ) -> Self {
        let rows = padded(batch_size);
        let mut layers = Learning::layers(net, adam);
        Self {
            first: FirstLayer::new(layers.next().expect(TWO_LAYERS), rows),
            layers: (1..)
                .zip(layers)
                .map(|(number, learning)| Layer::new(number, learning, rows))
                .collect(),
            code: CodeStage::new(net, objective, rows),
            template: net.clone(),
            pool,
            config,
            t: adam.t,
            rows,
        }
    }

    pub(super) fn retune(&mut self, objective: Objective, config: AdamConfig) {
        self.config = config;
        self.code.objective = objective;
    }

    /// All layers but the last, with which [`loss`](Self::loss) begins.
    pub(super) fn forward(&mut self, batch: &Batch) {
        let rows = self.rows;
        assert_eq!(batch.rows(), rows, "a batch as large as the training's");
        self.first.forward(batch, &self.pool);
        let hidden = self.layers.len() - 1;
        for index in 0..hidden {
            self.draw(index, batch);
            let (below, here) = self.layers.split_at_mut(index);
            let x = self.code.seen_by(index + 1, outputs(&self.first, below));
            let Layer { y, shards, .. } = &mut here[0];
            let shards = cut(y, shards.iter(), |shard| shard.ds.len());
            together(&self.pool, shards, |(shard, y)| {
                shard.columns.forward(Input::Dense(x), rows, y);
            });
        }
        self.draw(hidden, batch);
    }

    /// Draws codes, if the layer with this number has just spoken for them.
    fn draw(&mut self, layer: usize, batch: &Batch) {
        if layer == self.code.layer {
            self.code
                .draw(outputs(&self.first, &self.layers[..layer]), batch);
        }
    }

    /// The last layer, the loss of its logits, and the derivative by its inputs.
    pub(super) fn loss(&mut self, batch: &Batch) -> f64 {
        let (images, inputs) = (batch.images(), batch.inputs());
        let weight = self.code.pixel_weight(inputs) / (images * inputs) as f64;
        let (encoded, units) = self.encoded();
        let price = self.code.price(encoded, units, images);
        let (last, below) = self.layers.split_last_mut().expect(TWO_LAYERS);
        let x = self.code.seen_by(last.number, outputs(&self.first, below));
        let Layer { y, shards, dx, .. } = last;
        let pieces = cut(y, shards.iter_mut().zip(dx), |(shard, _)| shard.ds.len());
        together(&self.pool, pieces, |((shard, dx), logits)| {
            shard.answer(x, batch, weight as f32, logits);
            shard.derive_inputs(dx, batch.rows());
        });
        shards.iter().map(|shard| shard.loss).sum::<f64>() * weight + price
    }

    /// Backward through the layers between the first and the last, then the kernels of both.
    pub(super) fn backward_and_update(&mut self, batch: &Batch) {
        self.t += 1;
        let step = self.config.step(self.t);
        let rows = self.rows;
        for index in (0..self.layers.len() - 1).rev() {
            self.derive_code(index + 1, batch);
            let code = &self.code;
            let (below, rest) = self.layers.split_at_mut(index);
            let (here, above) = rest.split_at_mut(1);
            let Layer {
                number,
                y,
                activation,
                shards,
                dx,
                ..
            } = &mut here[0];
            let x = code.seen_by(*number, outputs(&self.first, below));
            let outputs = Outputs {
                layer: *number,
                y,
                activation: *activation,
                dx_above: &above[0].dx,
            };
            together(&self.pool, shards.iter_mut().zip(dx), |(shard, dx)| {
                shard.derive_sums(outputs, code, batch);
                shard.derive_inputs(dx, rows);
                shard.descend(x, step, rows);
            });
        }
        self.derive_code(0, batch);
        self.descend_at_both_ends(step, batch);
    }

    /// The derivative by what the layer with this number says of Gaussian codes, if it does.
    fn derive_code(&mut self, layer: usize, batch: &Batch) {
        if layer == self.code.layer {
            let encoded = outputs(&self.first, &self.layers[..layer]);
            let dz = self.layers[layer].dx.iter().map(|dx| &dx[..]);
            self.code.derive(encoded, dz, batch);
        }
    }

    /// One job for both, since every job has an end to wait for.
    fn descend_at_both_ends(&mut self, step: AdamStep, batch: &Batch) {
        let (rows, first) = (self.rows, &mut self.first);
        first.derive_sums(&self.layers[0].dx, &self.code, batch, step);
        let (last, below) = self.layers.split_last_mut().expect(TWO_LAYERS);
        let (inputs, ds, y) = (batch.input(), &first.ds, &first.y);
        let x = below.last().map_or(y, |layer| &layer.y);
        let x = self.code.seen_by(last.number, x);
        let parts = first.parts.iter_mut().enumerate();
        let parts = parts.map(|(index, part)| End::First(index, part));
        let shards = last.shards.iter_mut().map(End::Last);
        together(&self.pool, interleaved(parts, shards), |end| match end {
            End::First(index, part) => part.descend(index, inputs, ds, step, rows),
            End::Last(shard) => shard.descend(x, step, rows),
        });
    }

    pub(super) fn net(&self) -> Autoencoder {
        self.collected(Kept::Value)
    }

    pub(super) fn adam(&self) -> Adam {
        Adam {
            m: self.collected(Kept::FirstMoment),
            v: self.collected(Kept::SecondMoment),
            t: self.t,
        }
    }

    /// From all shards, in the network's shape.
    fn collected(&self, kept: Kept) -> Autoencoder {
        let mut net = self.template.clone();
        let mut dense = net
            .layers_mut()
            .map(|layer| layer.dense_mut().expect(ALL_DENSE));
        self.first.write_to(kept, dense.next().expect(TWO_LAYERS));
        for (dense, layer) in dense.zip(&self.layers) {
            let shards = layer.shards.iter();
            shards.for_each(|shard| shard.write_to(kept, dense));
        }
        net
    }

    pub(super) fn add_live_units(&self, batch: &Batch, lives: &mut [bool]) {
        let (encoded, units) = self.encoded();
        for (unit, lives) in lives.iter_mut().enumerate().take(units) {
            let panel = &encoded[unit / LANES * self.rows..][..batch.images()];
            *lives = *lives || panel.iter().any(|row| row.0[unit % LANES] != 0.0);
        }
    }

    /// What the encoder said of the batch, and how many numbers of each image.
    fn encoded(&self) -> (&[Lanes], usize) {
        match self.code.layer.checked_sub(1) {
            Some(index) => (&self.layers[index].y, self.layers[index].units),
            None => (&self.first.y, self.first.units),
        }
    }
}

/// A piece of the first layer or of the last.
enum End<'a> {
    First(usize, &'a mut Part),
    Last(&'a mut Shard),
}

/// The outputs of the last of these layers, or of the first layer if there is none.
fn outputs<'a>(first: &'a FirstLayer, layers: &'a [Layer]) -> &'a [Lanes] {
    layers.last().map_or(&first.y, |layer| &layer.y)
}

const TWO_LAYERS: &str = "an encoder and a decoder have a layer each";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::ImageSize;
    use crate::nn::{Architecture, Gradients, Network, Trace, reference::assert_near};
    use ndarray::{Array2, Axis, s};
    use ndarray_rand::rand::{Rng, SeedableRng, rngs::StdRng};
    use std::num::NonZeroUsize;

    /// The gradients of one step: with moments of zero, Adam's first moments are
    /// a tenth of them.
    fn gradients(training: &DenseTraining) -> Gradients {
        let mut gradients = training.adam().m;
        gradients
            .parameters_mut()
            .flatten()
            .for_each(|m| *m *= 10.0);
        gradients
    }

    /// What a step is tried on.
    struct Case {
        network: Network,
        objective: Objective,
        share_not_zero: f64,
        images: usize,
        noisy: bool,
    }

    impl Case {
        fn dense(encoder: &[usize], share_not_zero: f64, images: usize) -> Self {
            Self {
                network: Network::Dense {
                    encoder: encoder.into(),
                    latent_activation: Activation::Relu,
                },
                objective: Objective::default(),
                share_not_zero,
                images,
                noisy: false,
            }
        }
    }

    /// Every kernel against the plain step: widths that fill no panel, layers of one shard
    /// and of four, images mostly black and mostly not, batches whole and short, inputs
    /// that are not the targets, codes with a price and codes that are drawn.
    #[test]
    fn loss_and_gradients_are_those_of_the_plain_step() {
        let variational = Network::Variational {
            encoder: vec![70, 3],
        };
        for case in [
            Case::dense(&[70, 3], 0.2, 20),
            Case::dense(&[70, 3], 0.2, 7),
            Case::dense(&[90, 80, 33], 0.8, 20),
            Case::dense(&[90], 0.1, 13),
            Case {
                objective: Objective { l1: 0.01 },
                ..Case::dense(&[33], 0.2, 13)
            },
            Case {
                noisy: true,
                ..Case::dense(&[70, 20], 0.2, 13)
            },
            Case {
                network: variational,
                ..Case::dense(&[], 0.2, 13)
            },
        ] {
            check(&case);
        }
    }

    fn check(case: &Case) {
        let mut rng = StdRng::seed_from_u64(11);
        let architecture = Architecture {
            image: ImageSize::of_pixels(150),
            network: case.network.clone(),
        };
        let net = Autoencoder::glorot(&architecture, &mut rng);
        let latent = architecture.latent();
        let mut pixel = || u8::from(rng.random_bool(case.share_not_zero)) * rng.random::<u8>();
        let bytes = Array2::from_shape_simple_fn((20, 150), &mut pixel);
        let target = bytes.mapv(|byte| f32::from(byte) / 255.0);
        let noise = |image: usize, pixel: usize| ((image * 7 + pixel * 3) % 10) as f32 / 20.0;
        let x = Array2::from_shape_fn(target.dim(), |(image, pixel)| {
            let noise = if case.noisy { noise(image, pixel) } else { 0.0 };
            target[[image, pixel]] + noise
        });
        let draws = |image: usize, unit: usize| ((image + unit * 5) % 7) as f32 / 3.0 - 1.0;

        let images = case.images;
        let (x, target) = (x.slice(s![..images, ..]), target.slice(s![..images, ..]));
        let mut trace = Trace::new(&architecture, case.objective, 20);
        if let Some(mut epsilon) = trace.epsilon_mut() {
            let values = epsilon.indexed_iter_mut();
            values.for_each(|((image, unit), epsilon)| *epsilon = draws(image, unit));
        }
        let mut expected = Gradients::zeros(&architecture);
        net.forward(x, &mut trace);
        let expected_loss = trace.loss(target);
        net.backward(x, &mut trace, &mut expected);

        let pool = Pool::new(NonZeroUsize::new(2).unwrap());
        let (adam, config) = (Adam::new(&net), AdamConfig::default());
        let start = (&net, &adam);
        let mut training = DenseTraining::new(start, case.objective, config, 20, pool.clone());
        let mut batch = Batch::new(150, 20);
        // A whole batch first, of which nothing may be left.
        for images in [20, images] {
            batch.fill(&pool, images, |n| {
                bytes.rows().into_iter().nth(n)?.to_slice()
            });
            if case.noisy {
                batch.corrupt(&pool, |image, pixels| {
                    let pixels = pixels.iter_mut().enumerate();
                    pixels.for_each(|(pixel, x)| *x += noise(image, pixel));
                });
            }
            batch.draw_epsilon(latent, |image, epsilon| {
                let epsilon = epsilon.iter_mut().enumerate();
                epsilon.for_each(|(unit, epsilon)| *epsilon = draws(image, unit));
            });
        }
        assert_eq!(training.net(), net);
        training.forward(&batch);
        let loss = training.loss(&batch);
        training.backward_and_update(&batch);

        // Thousands of terms, each right to a few roundings.
        assert!(
            (loss / expected_loss - 1.0).abs() < 2e-6,
            "{loss}, not {expected_loss}"
        );
        let actual = gradients(&training);
        for (index, (actual, expected)) in actual.layers().zip(expected.layers()).enumerate() {
            let (actual, expected) = (actual.dense().unwrap(), expected.dense().unwrap());
            let name = format!("dw of layer {index} of {architecture}");
            assert_near(&name, actual.w.view(), &expected.w.mapv(f64::from));
            let bias = actual.b.view().insert_axis(Axis(0));
            let expected = expected.b.mapv(f64::from).insert_axis(Axis(0));
            assert_near(&format!("db of layer {index}"), bias, &expected);
        }
    }
}
