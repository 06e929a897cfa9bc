//! A Gaussian code in panels. A few numbers an image, so plain loops do.

use super::Normal;
use crate::nn::{
    batch::Batch,
    lanes::{Lanes, value, value_mut},
};

/// What the encoder says of one code value of one image.
pub(in crate::nn) fn normal(
    encoded: &[Lanes],
    rows: usize,
    image: usize,
    unit: usize,
    latent: usize,
) -> Normal {
    Normal {
        mean: value(encoded, rows, image, unit),
        log_variance: value(encoded, rows, image, latent + unit),
    }
}

/// Draws the codes of a batch's images, into panels `z`.
pub(in crate::nn) fn draw(encoded: &[Lanes], latent: usize, batch: &Batch, z: &mut [Lanes]) {
    let rows = batch.rows();
    for image in 0..batch.images() {
        for unit in 0..latent {
            let epsilon = batch.epsilon(image, unit, latent);
            let normal = normal(encoded, rows, image, unit, latent);
            *value_mut(z, rows, image, unit) = normal.draw(epsilon);
        }
    }
}
