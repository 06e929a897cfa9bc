//! What stands between encoder and decoder while dense layers are trained.
//!
//! A few numbers an image, so plain loops do; they read like [`Trace`](crate::nn::Trace)'s.

use crate::nn::{
    Autoencoder, Code, Objective,
    batch::Batch,
    code::panels,
    lanes::{LANES, Lanes, padded, value, value_mut},
};

/// The code layer's number, what becomes of its outputs, and their price.
#[derive(Debug, Clone)]
pub(super) struct CodeStage {
    /// The number of the layer whose outputs are the code.
    pub(super) layer: usize,
    pub(super) objective: Objective,
    gaussian: Option<Gaussian>,
    rows: usize,
}

/// Draws from a Gaussian code.
#[derive(Debug, Clone)]
struct Gaussian {
    latent: usize,
    /// What the decoder sees, in panels.
    z: Vec<Lanes>,
    /// The derivative by what the encoder says, in panels.
    dencoded: Vec<Lanes>,
}

impl CodeStage {
    /// For batches of `rows` rows.
    pub(super) fn new(net: &Autoencoder, objective: Objective, rows: usize) -> Self {
        let architecture = net.architecture();
        let latent = architecture.latent();
        let panels = |columns| vec![Lanes::ZERO; padded(columns) / LANES * rows];
        Self {
            layer: net.encoder.len() - 1,
            objective,
            gaussian: (architecture.code() == Code::Gaussian).then(|| Gaussian {
                latent,
                z: panels(latent),
                dencoded: panels(2 * latent),
            }),
            rows,
        }
    }

    /// How often the mean cross-entropy per pixel counts.
    pub(super) fn pixel_weight(&self, inputs: usize) -> f64 {
        Objective::pixel_weight(self.code(), inputs)
    }

    fn code(&self) -> Code {
        match self.gaussian {
            Some(_) => Code::Gaussian,
            None => Code::Values,
        }
    }

    /// The mean price of the images' codes.
    pub(super) fn price(&self, encoded: &[Lanes], units: usize, images: usize) -> f64 {
        if self.objective == Objective::default() && self.gaussian.is_none() {
            return 0.0;
        }
        let price = |image| {
            let values = (0..units).map(|unit| value(encoded, self.rows, image, unit));
            f64::from(self.objective.price(self.code(), values))
        };
        (0..images).map(price).sum::<f64>() / images as f64
    }

    /// Draws what the decoder sees, once the encoder has spoken.
    pub(super) fn draw(&mut self, encoded: &[Lanes], batch: &Batch) {
        let Some(Gaussian { latent, z, .. }) = &mut self.gaussian else {
            return;
        };
        panels::draw(encoded, *latent, batch, z);
    }

    /// What a layer sees of the one before it, whose outputs are these.
    pub(super) fn seen_by<'a>(&'a self, layer: usize, y: &'a [Lanes]) -> &'a [Lanes] {
        match &self.gaussian {
            Some(gaussian) if layer == self.layer + 1 => &gaussian.z,
            _ => y,
        }
    }

    /// Prepares [`derivative`](Self::derivative) of a Gaussian code, from what the
    /// shards above make of the derivative by the draws.
    pub(super) fn derive<'a>(
        &mut self,
        encoded: &[Lanes],
        above: impl Iterator<Item = &'a [Lanes]> + Clone,
        batch: &Batch,
    ) {
        let rows = self.rows;
        let Some(gaussian) = &mut self.gaussian else {
            return;
        };
        let latent = gaussian.latent;
        let weight = (batch.images() as f32).recip();
        gaussian.dencoded.fill(Lanes::ZERO);
        for image in 0..batch.images() {
            for unit in 0..latent {
                let dz = above.clone().map(|dz| value(dz, rows, image, unit)).sum();
                let epsilon = batch.epsilon(image, unit, latent);
                let normal = panels::normal(encoded, rows, image, unit, latent);
                let [dmean, dlog_variance] = normal.slopes(epsilon, dz, weight);
                *value_mut(&mut gaussian.dencoded, rows, image, unit) = dmean;
                *value_mut(&mut gaussian.dencoded, rows, image, latent + unit) = dlog_variance;
            }
        }
    }

    /// The derivative by what the encoder says, if it is not the one by what the
    /// decoder sees.
    pub(super) fn derivative(&self, layer: usize) -> Option<&[Lanes]> {
        let gaussian = self.gaussian.as_ref()?;
        (layer == self.layer).then_some(&gaussian.dencoded)
    }

    /// Adds the derivative of the price of a code of values, for some of its panels.
    pub(super) fn add_price(&self, layer: usize, y: &[Lanes], images: usize, dy: &mut [Lanes]) {
        if layer != self.layer || self.objective.l1 == 0.0 {
            return;
        }
        let price = self.objective.l1 / images as f32;
        let panels = y.chunks_exact(self.rows);
        for (y, dy) in panels.zip(dy.chunks_exact_mut(self.rows)) {
            for (y, dy) in y[..images].iter().zip(dy) {
                for (y, dy) in y.0.iter().zip(&mut dy.0) {
                    *dy += if *y == 0.0 { 0.0 } else { price.copysign(*y) };
                }
            }
        }
    }
}
