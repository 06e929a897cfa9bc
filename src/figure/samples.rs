//! What a network makes of images.

use std::ops::Range;

use crate::{
    data::{Split, batches, corrupt::Noise},
    message::Sample,
    nn::{Autoencoder, loss},
};

/// Images that go through a network at a time, so that a large network's layers
/// need little memory.
const BATCH: usize = 50;

/// The images of a range, each with the noise it is always measured with, and
/// what the network makes of them.
///
/// # Panics
///
/// When an image is not there.
pub fn samples(net: &Autoencoder, split: &Split, noise: Noise, range: Range<usize>) -> Vec<Sample> {
    let end = range.end;
    let batches = range.step_by(BATCH);
    batches
        .flat_map(|first| batch(net, split, noise, first..end.min(first + BATCH)))
        .collect()
}

fn batch(net: &Autoencoder, split: &Split, noise: Noise, range: Range<usize>) -> Vec<Sample> {
    let x = batches::pixels(split, range.clone());
    let noisy = (noise != Noise::None).then(|| noise.corrupt_held_out_rows(range.start, x.view()));
    let codes = net.encode(noisy.as_ref().unwrap_or(&x).view());
    let logits = net.decode_logits(codes.view());
    let losses = loss::per_image(logits.view(), x.view());
    let reconstructions = loss::probabilities(logits.view());
    range
        .enumerate()
        .map(|(row, index)| Sample {
            index,
            label: split.label(index),
            original: x.row(row).to_vec(),
            noisy: noisy.as_ref().map(|noisy| noisy.row(row).to_vec()),
            reconstruction: reconstructions.row(row).to_vec(),
            code: codes.row(row).to_vec(),
            loss: losses[row],
        })
        .collect()
}
