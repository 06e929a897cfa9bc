//! Images one by one: what goes in, what comes back, and what it costs.

use std::ops::Range;

use ndarray::{Array2, s};

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
                self.samples_of_one_go(split, &here.collect::<Vec<_>>())
            })
            .collect()
    }

    /// The images of these numbers, in this order, each with what the network makes of it.
    ///
    /// # Panics
    ///
    /// When an image is not there.
    pub fn samples_of(&self, split: &Split, indices: &[usize]) -> Vec<Sample> {
        let mut sorted = indices.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let at_a_time = sorted.chunks(Evaluator::BATCH);
        let answers: Vec<Sample> = at_a_time
            .flat_map(|indices| self.samples_of_one_go(split, indices))
            .collect();
        let of = |index: &usize| {
            let place = sorted.binary_search(index);
            answers[place.expect("each was answered")].clone()
        };
        indices.iter().map(of).collect()
    }

    /// Images, whose numbers grow, are answered among their companions, those that they are
    /// computed beside whenever all images are: whether a batch is mostly black decides
    /// how it is added up, and so the last bits.
    fn samples_of_one_go(&self, split: &Split, indices: &[usize]) -> Vec<Sample> {
        let lot = Evaluator::BATCH;
        let mut lots: Vec<usize> = indices.iter().map(|index| index / lot).collect();
        lots.dedup();
        // Only the last lot of all may be short, and it comes last.
        let members = |number: &usize| number * lot..((number + 1) * lot).min(split.len());
        let gathered: Vec<u32> = lots.iter().flat_map(members).map(|n| n as u32).collect();
        let image = |n: usize| split.image(gathered[n] as usize);
        let corrupt = |batch: &mut Batch, first: usize| {
            self.corrupt(batch, gathered[first] as usize);
        };
        let [codes, logits] = self
            .net
            .codes_and_logits(self.pool, gathered.len(), image, corrupt);

        let sample = |&index: &usize| {
            let lot_of_it = lots.partition_point(|number| *number < index / lot);
            let row = lot_of_it * lot + index % lot;
            let mut x = Array2::zeros((1, split.size().pixels()));
            batches::gather(split, &[index as u32], x.view_mut());
            let logits = logits.slice(s![row..=row, ..]);
            let original = x.row(0).to_vec();
            Sample {
                index,
                label: split.label(index),
                noisy: (self.noise != Noise::None).then(|| {
                    let mut noisy = original.clone();
                    self.noise.corrupt_held_out(index, split.size(), &mut noisy);
                    noisy
                }),
                original,
                reconstruction: loss::probabilities(logits).into_iter().collect(),
                code: codes.row(row).to_vec(),
                loss: loss::per_image(logits, x.view())[0],
            }
        };
        indices.iter().map(sample).collect()
    }
}
