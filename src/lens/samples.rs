//! Images one by one: what goes in, what comes back, and what it costs.

use std::ops::Range;

use super::Lens;
use crate::{
    data::{Split, batches, corrupt::Noise},
    nn::{Batch, Evaluator, loss},
};

/// Images that are answered at a time, so that many need little memory.
const AT_A_TIME: usize = 4 * Evaluator::BATCH;

/// One image and what the network makes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Its number in its split.
    pub index: usize,
    /// The class it is of.
    pub label: u8,
    /// Its pixels, 0 to 1.
    pub original: Vec<f32>,
    /// What the network is shown in its place, where that is something else.
    pub noisy: Option<Vec<f32>>,
    /// The pixels that come back, 0 to 1.
    pub reconstruction: Vec<f32>,
    /// The latent code.
    pub code: Vec<f32>,
    /// Cross-entropy per pixel of this image alone.
    pub loss: f32,
}

impl Lens<'_> {
    /// The images of a range, each with what the network makes of it.
    ///
    /// # Panics
    ///
    /// When an image is not there.
    pub fn samples(&self, split: &Split, range: Range<usize>) -> Vec<Sample> {
        let firsts = (range.start / AT_A_TIME * AT_A_TIME..range.end).step_by(AT_A_TIME);
        firsts
            .flat_map(|first| {
                let here = first.max(range.start)..range.end.min(first + AT_A_TIME);
                self.samples_of_one_go(split, here)
            })
            .collect()
    }

    /// The images of a range are answered among their companions, those that they are
    /// computed beside whenever all images are: whether a batch is mostly black decides
    /// how it is added up, and so the last bits.
    fn samples_of_one_go(&self, split: &Split, range: Range<usize>) -> Vec<Sample> {
        let start = range.start / Evaluator::BATCH * Evaluator::BATCH;
        let end = range.end.next_multiple_of(Evaluator::BATCH);
        let companions = end.min(split.len()) - start;
        let image = |n| split.image(start + n);
        let corrupt = |batch: &mut Batch, first| self.corrupt(batch, start + first);
        let [codes, logits] = self
            .net
            .codes_and_logits(self.pool, companions, image, corrupt);

        let x = batches::pixels(split, start..start + companions);
        let losses = loss::per_image(logits.view(), x.view());
        let pixels = loss::probabilities(logits.view());
        let sample = |index: usize| {
            let row = index - start;
            let original = x.row(row).to_vec();
            Sample {
                index,
                label: split.label(index),
                noisy: (self.noise != Noise::None).then(|| {
                    let mut noisy = original.clone();
                    self.noise.corrupt_held_out(index, split.size(), &mut noisy);
                    noisy
                }),
                original,
                reconstruction: pixels.row(row).to_vec(),
                code: codes.row(row).to_vec(),
                loss: losses[row],
            }
        };
        range.map(sample).collect()
    }
}
