//! A network of dense layers while it is trained: the fast form of
//! [`Autoencoder::backward`] and [`Adam::step`].
//!
//! A layer is one job for the pool, forward and backward; a wide first one is two, of which the
//! second adds up its parts. Every job ends with a wait, so the last layer joins its loss, and
//! its kernel the first layer's.

use std::ops::Range;

use super::{
    columns::{self, Columns},
    rows::{self, Rows},
    slopes::{Answer, Dy, Slopes},
    stack::{Outputs, Stack, TWO_LAYERS},
};
use crate::{
    nn::{
        Adam, AdamConfig, Autoencoder, Objective,
        adam::AdamStep,
        batch::Batch,
        kernels,
        lanes::{LANES, Lanes, padded},
        shards::{cut, interleaved, shares_of_adding, together},
        training::Step,
    },
    pool::Pool,
};

/// A network with its optimiser, and what the last batch has left.
#[derive(Debug)]
pub(in crate::nn) struct DenseTraining {
    pool: Pool,
    objective: Objective,
    config: AdamConfig,
    /// Steps taken.
    t: u64,
    w: Stack,
    m: Stack,
    v: Stack,
    /// Of all layers but the last.
    outputs: Outputs,
    /// Of all layers.
    slopes: Vec<Slopes>,
    /// The derivative by what the encoder says of a Gaussian code.
    dencoded: Vec<Lanes>,
    answers: Vec<Answer>,
    /// The network's shape, to write everything back to.
    template: Autoencoder,
}

impl DenseTraining {
    pub(in crate::nn) fn new(
        (net, adam): (&Autoencoder, &Adam),
        objective: Objective,
        config: AdamConfig,
        batch_size: usize,
        pool: Pool,
    ) -> Self {
        let rows = padded(batch_size);
        let w = Stack::of(net);
        let last = w.layers() - 1;
        let outputs = w.outputs(last, rows);
        let panels = |numbers: usize| vec![Lanes::ZERO; padded(numbers) / LANES * rows];
        let slopes = |layer: usize| {
            let shards = layer
                .checked_sub(1)
                .map_or(&[][..], |later| &w.later[later]);
            Slopes {
                ds: panels(w.units(layer)),
                dx: (shards.iter())
                    .map(|_| vec![Lanes::ZERO; outputs.seen_by(layer).len()])
                    .collect(),
                turned: (shards.iter())
                    .map(|shard| vec![Lanes::ZERO; 2 * shard.panels.len() * LANES])
                    .collect(),
            }
        };
        let answer = |_| Answer {
            logits: vec![Lanes::ZERO; 2 * rows],
            loss: 0.0,
        };
        Self {
            slopes: (0..=last).map(slopes).collect(),
            outputs,
            dencoded: panels(w.units(w.code_layer())),
            answers: (0..w.later[last - 1].len()).map(answer).collect(),
            m: Stack::of(&adam.m),
            v: Stack::of(&adam.v),
            w,
            template: net.clone(),
            pool,
            objective,
            config,
            t: adam.t,
        }
    }

    /// All layers but the last, with which [`answer`](Self::answer) begins.
    fn forward(&mut self, batch: &Batch) {
        let room = self.outputs.rows;
        assert_eq!(batch.rows(), room, "a batch as large as the training's");
        self.w.encode(batch, &mut self.outputs, &self.pool);
        self.w.decode(&mut self.outputs, &self.pool);
    }

    /// The last layer, the loss of its logits, and the derivative by its inputs.
    fn answer(&mut self, batch: &Batch) -> f64 {
        let (images, inputs) = (batch.images(), batch.inputs());
        let code = self.template.code;
        let weight = Objective::pixel_weight(code, inputs) / (images * inputs) as f64;
        let layer = self.w.code_layer();
        let encoded = (&self.outputs.y[layer][..], batch.rows());
        let units = self.w.units(layer);
        let price = self.objective.mean_price(code, encoded, units, images);

        let x = self.outputs.seen_by(self.w.layers() - 1);
        let shards = self.w.later.last().expect(TWO_LAYERS);
        let Slopes { ds, dx, turned } = self.slopes.last_mut().expect(TWO_LAYERS);
        let answers = self.answers.iter_mut().zip(dx.iter_mut().zip(turned));
        let pieces = cut(ds, shards.iter().zip(answers), |(shard, _)| {
            shard.panels.len() * batch.rows()
        });
        together(
            &self.pool,
            pieces,
            |((shard, (answer, (dx, turned))), ds)| {
                answer.take(shard, x, batch, weight as f32, ds);
                shard.derive_inputs(ds, batch.rows(), turned, dx);
            },
        );
        self.answers.iter().map(|answer| answer.loss).sum::<f64>() * weight + price
    }

    /// Backward through the layers between the first and the last, then the kernels of both.
    fn backward_and_update(&mut self, batch: &Batch) {
        self.t += 1;
        let step = self.config.step(self.t);
        let rows = batch.rows();
        for layer in (1..self.w.layers() - 1).rev() {
            self.derive_code(layer, batch);
            let (here, above) = self.slopes[layer..].split_at_mut(1);
            let drawn = self.outputs.draws.as_ref().map(|_| &self.dencoded[..]);
            let codes = (layer == self.w.code_layer()).then_some((self.objective, drawn));
            let dy = Dy::told(&above[0].dx, codes);
            let (x, y) = (self.outputs.seen_by(layer), &self.outputs.y[layer]);
            let Slopes { ds, dx, turned } = &mut here[0];
            let (m, v) = (&mut self.m.later, &mut self.v.later);
            let shards = learners(layer, &mut self.w.later, m, v);
            let pieces = cut(ds, shards.zip(dx.iter_mut().zip(turned)), |(shard, _)| {
                shard[0].panels.len() * rows
            });
            together(&self.pool, pieces, |((shard, (dx, turned)), ds)| {
                dy.derive_sums(shard[0].panels.start, shard[0].activation, y, batch, ds);
                shard[0].derive_inputs(ds, rows, turned, dx);
                columns::descend(shard, x, ds, rows, step);
            });
        }
        self.derive_code(0, batch);
        self.derive_first(batch, step);
        self.descend_at_both_ends(batch, step);
    }

    /// The derivative by what the layer with this number says of Gaussian codes, if it does.
    fn derive_code(&mut self, layer: usize, batch: &Batch) {
        if let Some(draws) = &self.outputs.draws
            && layer == self.w.code_layer()
        {
            let dz = self.slopes[layer + 1].dx.iter().map(|dx| &dx[..]);
            let encoded = &self.outputs.y[layer];
            draws.derive(encoded, dz, batch, &mut self.dencoded);
        }
    }

    /// The derivative by the first layer's sums, and its bias's step; its parts follow from it.
    fn derive_first(&mut self, batch: &Batch, step: AdamStep) {
        let (first, above) = self.slopes.split_at_mut(1);
        let drawn = self.outputs.draws.as_ref().map(|_| &self.dencoded[..]);
        let codes = (self.w.code_layer() == 0).then_some((self.objective, drawn));
        let dy = Dy::told(&above[0].dx, codes);
        let (y, ds) = (&self.outputs.y[0], &mut first[0].ds);
        let (rows, activation) = (batch.rows(), self.w.first.activation);
        let shares = shares_of_adding(self.w.first.b.len(), rows);
        let pieces = cut(ds, shares, |panels| panels.len() * rows);
        together(&self.pool, pieces, |(panels, ds)| {
            dy.derive_sums(panels.start, activation, y, batch, ds);
        });
        let moments = self.m.first.b.iter_mut().zip(&mut self.v.first.b);
        let biases = self.w.first.b.iter_mut().zip(moments);
        for (ds, (b, (m, v))) in ds.chunks_exact(rows).zip(biases) {
            kernels::descend_bias(ds, b, m, v, step);
        }
    }

    /// One job for the kernels of both.
    fn descend_at_both_ends(&mut self, batch: &Batch, step: AdamStep) {
        let (rows, last) = (batch.rows(), self.w.layers() - 1);
        let (x, inputs) = (self.outputs.seen_by(last), batch.input());
        let (slopes, rest) = self.slopes.split_at_mut(last);
        let ds_first = &slopes[0].ds;
        let parts = {
            let moments = self.m.first.parts.iter_mut().zip(&mut self.v.first.parts);
            let parts = self.w.first.parts.iter_mut().zip(moments);
            parts.map(|(w, (m, v))| End::First([w, m, v]))
        };
        let shards = {
            let (m, v) = (&mut self.m.later, &mut self.v.later);
            let ds = &rest[0].ds;
            learners(last, &mut self.w.later, m, v).map(move |shard| {
                let Range { start, end } = shard[0].panels;
                End::Last(shard, &ds[start * rows..end * rows])
            })
        };
        together(&self.pool, interleaved(parts, shards), |end| match end {
            End::First(part) => rows::descend(part, inputs, ds_first, rows, step),
            End::Last(shard, ds) => columns::descend(shard, x, ds, rows, step),
        });
    }

    /// Parameters or moments in the network's shape.
    fn written(&self, stack: &Stack) -> Autoencoder {
        let mut net = self.template.clone();
        stack.write_to(&mut net);
        net
    }
}

impl Step for DenseTraining {
    fn retune(&mut self, objective: Objective, config: AdamConfig) {
        self.config = config;
        self.objective = objective;
    }

    fn step(&mut self, batch: &Batch) -> f64 {
        self.forward(batch);
        let loss = self.answer(batch);
        if loss.is_finite() {
            self.backward_and_update(batch);
        }
        loss
    }

    fn net(&self) -> Autoencoder {
        self.written(&self.w)
    }

    fn adam(&self) -> Adam {
        Adam {
            m: self.written(&self.m),
            v: self.written(&self.v),
            t: self.t,
        }
    }

    fn add_live_units(&self, batch: &Batch, lives: &mut [bool]) {
        let encoded = &self.outputs.y[self.w.code_layer()];
        for (unit, lives) in lives.iter_mut().enumerate() {
            let panel = &encoded[unit / LANES * batch.rows()..][..batch.images()];
            *lives = *lives || panel.iter().any(|row| row.0[unit % LANES] != 0.0);
        }
    }
}

/// The shards of a layer after the first, each with its moments.
fn learners<'a>(
    layer: usize,
    w: &'a mut [Vec<Columns>],
    m: &'a mut [Vec<Columns>],
    v: &'a mut [Vec<Columns>],
) -> impl ExactSizeIterator<Item = [&'a mut Columns; 3]> {
    let [w, m, v] = [w, m, v].map(|later| later[layer - 1].iter_mut());
    w.zip(m.zip(v)).map(|(w, (m, v))| [w, m, v])
}

/// A piece of the first layer, or of the last with the derivative by its sums.
enum End<'a> {
    First([&'a mut Rows; 3]),
    Last([&'a mut Columns; 3], &'a [Lanes]),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::ImageSize;
    use crate::nn::{
        Activation, Architecture, Gradients, Network, batch::Input, proof::assert_near,
    };
    use ndarray::{Array2, Axis, s};
    use ndarray_rand::rand::{Rng, SeedableRng, rngs::StdRng};
    use std::num::NonZeroUsize;

    /// The gradients of one step: with moments of zero, Adam's first moments are
    /// a tenth of them.
    fn gradients(training: &dyn Step) -> Gradients {
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
    /// and of four, images mostly black and mostly not (visited where they are lit, and
    /// everywhere), batches whole and short, inputs that are not the targets, codes with a price
    /// and codes that are drawn.
    #[test]
    fn loss_and_gradients_are_those_of_the_plain_step() {
        let variational = Network::Variational {
            encoder: vec![70, 3],
        };
        for case in [
            Case::dense(&[70, 3], 0.1, 20),
            Case::dense(&[70, 3], 0.1, 7),
            Case::dense(&[90, 80, 33], 0.8, 20),
            Case::dense(&[90], 0.1, 13),
            // As wide as it takes for its parts to be added up in shares: panels of no even number.
            Case::dense(&[520, 3], 0.1, 20),
            Case {
                objective: Objective { l1: 0.01 },
                ..Case::dense(&[520], 0.1, 13)
            },
            Case {
                network: Network::Variational { encoder: vec![260] },
                ..Case::dense(&[], 0.1, 13)
            },
            Case {
                objective: Objective { l1: 0.01 },
                ..Case::dense(&[33], 0.1, 13)
            },
            Case {
                noisy: true,
                ..Case::dense(&[70, 20], 0.1, 13)
            },
            Case {
                network: variational,
                ..Case::dense(&[], 0.1, 13)
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
        let epsilon = Array2::from_shape_fn((images, latent), |(image, unit)| draws(image, unit));
        let trace = net.forward(x, Some(epsilon));
        let (expected_loss, dlogits) = net.loss(&trace, case.objective, target);
        let expected = net.backward(x, &trace, case.objective, dlogits);

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
        let is_sparse = matches!(batch.input(), Input::Sparse(..));
        assert_eq!(is_sparse, case.share_not_zero < 0.5 && !case.noisy);
        assert_eq!(training.net(), net);
        let loss = training.step(&batch);

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
