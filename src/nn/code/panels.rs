//! The code in panels: the fast form of [`Code::draw`] and [`Code::derive`], and
//! of a code's price. A few numbers an image, so plain loops do.

use super::{Code, Normal};
use crate::nn::{
    Objective,
    batch::Batch,
    lanes::{LANES, Lanes, padded, value, value_mut},
};

/// What the decoder sees of a Gaussian code.
#[derive(Debug, Clone)]
pub(in crate::nn) struct Draws {
    latent: usize,
    rows: usize,
    pub(in crate::nn) z: Vec<Lanes>,
}

impl Draws {
    /// Room for draws of `latent` numbers each, in panels of `rows` rows.
    pub(in crate::nn) fn new(latent: usize, rows: usize) -> Self {
        Self {
            z: vec![Lanes::ZERO; padded(latent) / LANES * rows],
            latent,
            rows,
        }
    }

    /// Forward: draws from what the encoder says of the batch's images.
    pub(in crate::nn) fn draw(&mut self, encoded: &[Lanes], batch: &Batch) {
        for image in 0..batch.images() {
            for unit in 0..self.latent {
                let epsilon = batch.epsilon(image, unit, self.latent);
                let z = self.normal(encoded, image, unit).draw(epsilon);
                *value_mut(&mut self.z, self.rows, image, unit) = z;
            }
        }
    }

    /// Backward: the derivative by what the encoder says, from the parts of the one by the
    /// draws, and of the mean price.
    pub(in crate::nn) fn derive<'a>(
        &self,
        encoded: &[Lanes],
        dz: impl Iterator<Item = &'a [Lanes]> + Clone,
        batch: &Batch,
        dencoded: &mut [Lanes],
    ) {
        let (rows, latent) = (self.rows, self.latent);
        let weight = (batch.images() as f32).recip();
        dencoded.fill(Lanes::ZERO);
        for image in 0..batch.images() {
            for unit in 0..latent {
                let dz = dz.clone().map(|dz| value(dz, rows, image, unit)).sum();
                let epsilon = batch.epsilon(image, unit, latent);
                let normal = self.normal(encoded, image, unit);
                let [dmean, dlog_variance] = normal.slopes(epsilon, dz, weight);
                *value_mut(dencoded, rows, image, unit) = dmean;
                *value_mut(dencoded, rows, image, latent + unit) = dlog_variance;
            }
        }
    }

    /// What the encoder says of one code value of one image.
    pub(in crate::nn) fn normal(
        &self,
        encoded: &[Lanes],
        image: usize,
        unit: usize,
    ) -> Normal<f32> {
        Normal {
            mean: value(encoded, self.rows, image, unit),
            log_variance: value(encoded, self.rows, image, self.latent + unit),
        }
    }
}

impl Objective {
    /// The mean price of codes, from the first `units` numbers that the encoder says of each
    /// of `images` images.
    pub(in crate::nn) fn mean_price(
        self,
        code: Code,
        (encoded, rows): (&[Lanes], usize),
        units: usize,
        images: usize,
    ) -> f64 {
        if self == Self::default() && code == Code::Values {
            return 0.0;
        }
        let price = |image| {
            let values = (0..units).map(|unit| value(encoded, rows, image, unit));
            f64::from(self.price(code, values))
        };
        (0..images).map(price).sum::<f64>() / images as f64
    }

    /// Adds the derivative of the mean price of a code of values, `y`.
    pub(in crate::nn) fn add_price_gradient(
        self,
        y: &[Lanes],
        rows: usize,
        images: usize,
        dy: &mut [Lanes],
    ) {
        if self.l1 == 0.0 {
            return;
        }
        let price = self.l1 / images as f32;
        let panels = y.chunks_exact(rows);
        for (y, dy) in panels.zip(dy.chunks_exact_mut(rows)) {
            for (y, dy) in y[..images].iter().zip(dy) {
                for (y, dy) in y.0.iter().zip(&mut dy.0) {
                    *dy += if *y == 0.0 { 0.0 } else { price.copysign(*y) };
                }
            }
        }
    }
}
