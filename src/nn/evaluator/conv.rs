//! Convolutions that only answer.

use crate::nn::{
    Autoencoder, Code, Objective,
    batch::Batch,
    convolutions::{Convolutions, Field, Group, Stage},
    evaluator::Cost,
    kernels,
    lanes::{LANES, Lanes},
    loss::LOGIT_LIMIT,
};
use ndarray::{ArrayView2, Axis};

/// The weights of convolutions, laid out for the kernels.
#[derive(Debug, Clone)]
pub(super) struct ConvEvaluator(Convolutions);

impl ConvEvaluator {
    pub(super) fn new(net: &Autoencoder) -> Self {
        Self(Convolutions::of(net))
    }

    /// The code of each image; `group` becomes room that can be used again.
    pub(super) fn codes(
        &self,
        batch: &Batch,
        latent: usize,
        group: &mut Option<Group>,
    ) -> Vec<f32> {
        let group = group.get_or_insert_with(|| self.0.group());
        let mut codes = Vec::with_capacity(batch.images() * latent);
        for number in 0..Group::count(batch) {
            self.0.encode(batch, number, group);
            let images = 0..group.images;
            codes.extend(images.flat_map(|image| code(&self.0, group, image, latent)));
        }
        codes
    }

    /// The logits of each image.
    pub(super) fn logits(&self, batch: &Batch, group: &mut Option<Group>) -> Vec<f32> {
        let group = group.get_or_insert_with(|| self.0.group());
        let mut logits = Vec::with_capacity(batch.images() * batch.inputs());
        for number in 0..Group::count(batch) {
            self.0.forward(batch, number, group);
            let field = group.logits();
            let pixels = 0..batch.inputs();
            let image = |image| {
                pixels
                    .clone()
                    .map(move |pixel| field.number(pixel).0[image])
            };
            logits.extend((0..group.images).flat_map(image));
        }
        logits
    }

    /// The code of each image and behind it the logits.
    pub(super) fn codes_and_logits(
        &self,
        batch: &Batch,
        latent: usize,
        group: &mut Option<Group>,
    ) -> Vec<f32> {
        let group = group.get_or_insert_with(|| self.0.group());
        let mut numbers = Vec::with_capacity(batch.images() * (latent + batch.inputs()));
        for number in 0..Group::count(batch) {
            self.0.forward(batch, number, group);
            let field = group.logits();
            for image in 0..group.images {
                numbers.extend(code(&self.0, group, image, latent));
                numbers.extend((0..batch.inputs()).map(|pixel| field.number(pixel).0[image]));
            }
        }
        numbers
    }

    /// Maps of all stages but the last.
    pub(super) fn unit_count(&self) -> usize {
        let hidden = &self.0.stages[..self.0.stages.len() - 1];
        hidden.iter().map(Stage::channels).sum()
    }

    /// The mean of each of their maps, an image after the other.
    pub(super) fn units(&self, batch: &Batch, group: &mut Option<Group>) -> Vec<f32> {
        let group = group.get_or_insert_with(|| self.0.group());
        let mut means = Vec::with_capacity(batch.images() * self.unit_count());
        for number in 0..Group::count(batch) {
            self.0.forward(batch, number, group);
            let hidden = &group.outputs[..group.outputs.len() - 1];
            let maps = hidden.iter().flat_map(|outputs| {
                (0..outputs.y.maps.channels).map(|channel| mean_of_map(&outputs.y, channel))
            });
            let maps: Vec<Lanes> = maps.collect();
            means.extend(
                (0..group.images).flat_map(|image| maps.iter().map(move |map| map.0[image])),
            );
        }
        means
    }

    /// The logits of each of a batch of codes.
    pub(super) fn decoded_codes(&self, codes: ArrayView2<f32>, inputs: usize) -> Vec<f32> {
        let mut group = self.0.group();
        let mut logits = Vec::with_capacity(codes.nrows() * inputs);
        for codes in codes.axis_chunks_iter(Axis(0), LANES) {
            self.0.decode(codes, &mut group);
            let field = group.logits();
            let image = |image| (0..inputs).map(move |pixel| field.number(pixel).0[image]);
            logits.extend((0..group.images).flat_map(image));
        }
        logits
    }

    /// What each image costs.
    pub(super) fn costs(
        &self,
        batch: &Batch,
        latent: usize,
        objective: Objective,
        group: &mut Option<Group>,
    ) -> Vec<Cost> {
        let group = group.get_or_insert_with(|| self.0.group());
        let mut costs = Vec::with_capacity(batch.images());
        for number in 0..Group::count(batch) {
            self.0.forward(batch, number, group);
            let losses = losses(group);
            let cost = |image: usize| Cost {
                reconstruction: losses.0[image] / batch.inputs() as f32,
                price: objective.price(Code::Values, code(&self.0, group, image, latent)),
            };
            costs.extend((0..group.images).map(cost));
        }
        costs
    }
}

/// The code of one image of a group.
fn code(
    convolutions: &Convolutions,
    group: &Group,
    image: usize,
    latent: usize,
) -> impl ExactSizeIterator<Item = f32> + Clone {
    let field = &group.outputs[convolutions.code].y;
    (0..latent).map(move |number| field.number(number).0[image])
}

/// The mean of one map, for each image of a group.
fn mean_of_map(field: &Field, channel: usize) -> Lanes {
    let mut sum = Lanes::ZERO;
    for row in 0..field.maps.height {
        for lanes in &field.lanes[field.row_start(channel, row)..][..field.maps.width] {
            for (sum, value) in sum.0.iter_mut().zip(lanes.0) {
                *sum += value;
            }
        }
    }
    Lanes(sum.0.map(|sum| sum / field.maps.places() as f32))
}

/// The summed cross-entropy of each image of a group.
fn losses(group: &Group) -> Lanes {
    let logits = group.logits();
    let width = logits.maps.width;
    let mut pixels = vec![Lanes::ZERO; group.target.len()];
    let rows = group
        .target
        .chunks_exact(width)
        .zip(pixels.chunks_exact_mut(width));
    for (i, (target, losses)) in rows.enumerate() {
        let logits = &logits.lanes[logits.row_start(0, i)..][..width];
        kernels::add_cross_entropy(logits, target, LANES, LOGIT_LIMIT, losses);
    }
    kernels::sum_of_rows(&pixels)
}
