//! Dense layers that only answer.

use crate::nn::{
    Autoencoder, Code, Dense, Layer, Objective,
    batch::{Batch, Input},
    code::panels,
    evaluator::Cost,
    kernels,
    lanes::{LANES, Lanes, padded, value, value_mut},
    loss::LOGIT_LIMIT,
    shards::Columns,
};
use ndarray::ArrayView2;

/// The weights of dense layers, laid out for the kernels.
#[derive(Debug, Clone)]
pub(super) struct DenseEvaluator {
    encoder: Vec<Columns>,
    /// Numbers that the encoder says of an image.
    encoded: usize,
    decoder: Vec<Columns>,
    /// Numbers that each layer but the last says of an image.
    widths: Vec<usize>,
}

impl DenseEvaluator {
    pub(super) fn new(net: &Autoencoder) -> Self {
        let whole = |dense: &Dense| Columns::of(dense, 0..dense.b.len().div_ceil(LANES));
        let columns = |layers: &[Layer]| {
            let dense = layers.iter().filter_map(Layer::dense);
            dense.map(whole).collect()
        };
        Self {
            encoder: columns(&net.encoder),
            encoded: net
                .encoder
                .last()
                .map_or(0, |layer| layer.shape().outputs()),
            decoder: columns(&net.decoder),
            widths: {
                let outputs: Vec<usize> =
                    net.layers().map(|layer| layer.shape().outputs()).collect();
                outputs[..outputs.len().saturating_sub(1)].to_vec()
            },
        }
    }

    /// The first `latent` numbers that the encoder says of each image.
    pub(super) fn codes(&self, batch: &Batch, latent: usize) -> Vec<f32> {
        let encoded = answer(&self.encoder, batch.input(), batch.rows());
        let images = 0..batch.images();
        images
            .flat_map(|image| said(&encoded, batch.rows(), image, latent))
            .collect()
    }

    /// The logits of each image.
    pub(super) fn logits(&self, batch: &Batch, code: Code) -> Vec<f32> {
        let (rows, inputs) = (batch.rows(), batch.inputs());
        let encoded = answer(&self.encoder, batch.input(), rows);
        let logits = self.decoded(&encoded, batch, code);
        let images = 0..batch.images();
        images
            .flat_map(|image| said(&logits, rows, image, inputs))
            .collect()
    }

    /// The code of each image and behind it the logits.
    pub(super) fn codes_and_logits(&self, batch: &Batch, latent: usize, code: Code) -> Vec<f32> {
        let (rows, inputs) = (batch.rows(), batch.inputs());
        let encoded = answer(&self.encoder, batch.input(), rows);
        let logits = self.decoded(&encoded, batch, code);
        let of_image = |image| {
            let code = said(&encoded, rows, image, latent);
            code.chain(said(&logits, rows, image, inputs))
        };
        (0..batch.images()).flat_map(of_image).collect()
    }

    /// Numbers that [`units`](Self::units) says of an image.
    pub(super) fn unit_count(&self) -> usize {
        self.widths.iter().sum()
    }

    /// What every unit says of each image, an image after the other.
    pub(super) fn units(&self, batch: &Batch, code: Code) -> Vec<f32> {
        let (rows, widths) = (batch.rows(), &self.widths);
        let mut layers = answers(&self.encoder, batch.input(), rows);
        let encoded = layers.pop().unwrap_or_default();
        let z = self.drawn(&encoded, batch, code);
        let seen = z.as_deref().unwrap_or(&encoded);
        let before_last = self.decoder.len().saturating_sub(1);
        let decoded = answers(&self.decoder[..before_last], Input::Dense(seen), rows);
        let priced = |image: usize| -> Vec<f32> {
            let said = said(&encoded, rows, image, self.encoded);
            match code {
                Code::Values => said.collect(),
                Code::Gaussian => {
                    let latent = code.length(self.encoded);
                    let price = |unit| panels::normal(&encoded, rows, image, unit, latent);
                    let prices = (0..latent).map(|unit| price(unit).divergence());
                    said.take(latent).chain(prices).collect()
                }
            }
        };
        let mut numbers = Vec::with_capacity(batch.images() * self.unit_count());
        for image in 0..batch.images() {
            for (layer, &width) in layers.iter().zip(widths) {
                numbers.extend(said(layer, rows, image, width));
            }
            numbers.extend(priced(image));
            for (layer, &width) in decoded.iter().zip(&widths[self.encoder.len()..]) {
                numbers.extend(said(layer, rows, image, width));
            }
        }
        numbers
    }

    /// The logits of each of a batch of codes.
    pub(super) fn decoded_codes(&self, codes: ArrayView2<f32>, inputs: usize) -> Vec<f32> {
        let rows = padded(codes.nrows());
        let mut z = vec![Lanes::ZERO; padded(codes.ncols()) / LANES * rows];
        for ((row, unit), &code) in codes.indexed_iter() {
            *value_mut(&mut z, rows, row, unit) = code;
        }
        let logits = answer(&self.decoder, Input::Dense(&z), rows);
        let codes = 0..codes.nrows();
        codes
            .flat_map(|code| said(&logits, rows, code, inputs))
            .collect()
    }

    /// What each image costs.
    pub(super) fn costs(&self, batch: &Batch, code: Code, objective: Objective) -> Vec<Cost> {
        let (rows, inputs) = (batch.rows(), batch.inputs());
        let encoded = answer(&self.encoder, batch.input(), rows);
        let logits = self.decoded(&encoded, batch, code);
        let mut sums = vec![Lanes::ZERO; rows];
        for (panel, logits) in logits.chunks_exact(rows).enumerate() {
            let columns = (inputs - panel * LANES).min(LANES);
            let targets = batch.panel(panel);
            kernels::add_cross_entropy(logits, targets, columns, LOGIT_LIMIT, &mut sums);
        }
        let cost = |(image, sums): (usize, &Lanes)| Cost {
            reconstruction: sums.0.iter().sum::<f32>() / inputs as f32,
            price: objective.price(code, said(&encoded, rows, image, self.encoded)),
        };
        sums[..batch.images()]
            .iter()
            .enumerate()
            .map(cost)
            .collect()
    }

    /// The logits, in panels, of what the encoder says of the batch's images.
    fn decoded(&self, encoded: &[Lanes], batch: &Batch, code: Code) -> Vec<Lanes> {
        let z = self.drawn(encoded, batch, code);
        let seen = z.as_deref().unwrap_or(encoded);
        answer(&self.decoder, Input::Dense(seen), batch.rows())
    }

    /// What the decoder sees, in panels, where that is not what the encoder says.
    fn drawn(&self, encoded: &[Lanes], batch: &Batch, code: Code) -> Option<Vec<Lanes>> {
        match code {
            Code::Values => None,
            Code::Gaussian => {
                let latent = code.length(self.encoded);
                let mut z = vec![Lanes::ZERO; padded(latent) / LANES * batch.rows()];
                panels::draw(encoded, latent, batch, &mut z);
                Some(z)
            }
        }
    }
}

/// The first `count` numbers of an image, in panels.
fn said(
    panels: &[Lanes],
    rows: usize,
    image: usize,
    count: usize,
) -> impl ExactSizeIterator<Item = f32> + Clone {
    (0..count).map(move |unit| value(panels, rows, image, unit))
}

/// What each layer says, one after the other.
fn answers(layers: &[Columns], x: Input, rows: usize) -> Vec<Vec<Lanes>> {
    let mut said: Vec<Vec<Lanes>> = Vec::with_capacity(layers.len());
    for layer in layers {
        let mut y = vec![Lanes::ZERO; layer.b.len() * rows];
        let x = said.last().map_or(x, |before| Input::Dense(before));
        layer.forward(x, rows, &mut y);
        said.push(y);
    }
    said
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
