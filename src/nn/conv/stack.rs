//! Convolutions, poolings and up-samplings one after the other, laid out for speed: sixteen
//! images at a time.
//!
//! A number of a map is a row of sixteen, one for each of a group's images. So the
//! images of a group are computed side by side, a weight multiplies sixteen numbers
//! at once, and groups have nothing to do with one another.
//!
//! Here a convolution is one [`Stage`] with the pooling after it or the up-sampling
//! before it, so neither the largest maps nor the up-sampled ones are ever kept.

use std::ops::Range;

use ndarray::ArrayView2;

use super::{
    field::Field,
    stage::{Outputs, Stage},
};
use crate::nn::{
    Autoencoder, Layer, Maps,
    batch::Batch,
    kernels,
    lanes::{LANES, Lanes},
};

/// A network of convolutions, laid out for the kernels.
#[derive(Debug, Clone)]
pub(in crate::nn) struct Stack {
    pub(super) stages: Vec<Stage>,
    /// The number of the stage whose outputs are the code.
    pub(super) code: usize,
    image: Maps,
}

/// A group of images on its way through the network.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// Images that are there; the others of the sixteen are zero.
    pub(super) images: usize,
    /// The images as they are, number by number.
    pub(super) target: Vec<Lanes>,
    /// The images as the network gets them.
    pub(super) x: Field,
    /// What every stage makes of them.
    pub(super) outputs: Vec<Outputs>,
}

impl Stack {
    pub(in crate::nn) fn of(net: &Autoencoder) -> Self {
        let mut stages: Vec<Stage> = Vec::new();
        let mut doubled = None;
        let mut code = 0;
        for (index, layer) in net.layers().enumerate() {
            if index == net.encoder.len() {
                code = stages.len() - 1;
            }
            match layer {
                Layer::Convolution(layer) => stages.push(Stage::of(layer, doubled.take())),
                Layer::MaxPool(_) => stages.last_mut().expect(KNOWN).pool(),
                Layer::Upsample(from) => doubled = Some(*from),
                Layer::Dense(_) => unreachable!("{KNOWN}"),
            }
        }
        Self {
            image: stages.first().expect(KNOWN).from(),
            stages,
            code,
        }
    }

    /// Takes the weights of a network of the same shape.
    pub(super) fn take_weights(&mut self, net: &Autoencoder) {
        let layers = net.layers().filter_map(Layer::convolution);
        for (stage, layer) in self.stages.iter_mut().zip(layers) {
            stage.take_weights(layer);
        }
    }

    /// Room for a group.
    pub(super) fn group(&self) -> Group {
        Group {
            images: 0,
            target: vec![Lanes::ZERO; self.image.numbers()],
            x: Field::zeros(self.image, 1),
            outputs: self.stages.iter().map(Stage::outputs).collect(),
        }
    }

    /// Forward from one group of the batch's images to the code.
    pub(super) fn encode(&self, batch: &Batch, number: usize, group: &mut Group) {
        group.take(batch, number);
        self.forward(0..self.code + 1, group);
    }

    /// Forward from the code to the logits.
    pub(super) fn decode(&self, group: &mut Group) {
        self.forward(self.code + 1..self.stages.len(), group);
    }

    /// Forward through these stages.
    fn forward(&self, stages: Range<usize>, group: &mut Group) {
        let Group { x, outputs, .. } = group;
        for index in stages {
            let stage = &self.stages[index];
            let (before, here) = outputs.split_at_mut(index);
            let x = before.last().map_or(&*x, |before| &before.y);
            stage.forward(x, &mut here[0]);
        }
    }
}

impl Group {
    /// The groups of a batch that have images.
    pub(super) fn count(batch: &Batch) -> usize {
        batch.images().div_ceil(LANES)
    }

    /// The images of a group of the batch.
    fn take(&mut self, batch: &Batch, number: usize) {
        let first = number * LANES;
        self.images = (batch.images() - first).min(LANES);
        for (panel, target) in self.target.chunks_mut(LANES).enumerate() {
            kernels::transpose(of_group(batch.panel(panel), number), target);
        }
        if batch.is_corrupted() {
            let mut seen = [Lanes::ZERO; LANES];
            let numbers = self.target.len();
            for first in (0..numbers).step_by(LANES) {
                let rows = of_group(batch.seen_panel(first / LANES), number);
                kernels::transpose(rows, &mut seen);
                for (number, lanes) in (first..numbers).zip(seen) {
                    *self.x.number_mut(number) = lanes;
                }
            }
        } else {
            // An image is one map.
            let width = self.x.maps.width;
            for (i, row) in self.target.chunks_exact(width).enumerate() {
                let start = self.x.row_start(0, i);
                self.x.lanes[start..][..width].copy_from_slice(row);
            }
        }
    }

    /// Takes up to sixteen codes in place of what stage number `stage` says.
    pub(super) fn take_codes(&mut self, stage: usize, codes: ArrayView2<f32>) {
        self.images = codes.nrows();
        let field = &mut self.outputs[stage].y;
        for (number, values) in codes.columns().into_iter().enumerate() {
            let lanes = field.number_mut(number);
            *lanes = Lanes::ZERO;
            for (lane, &value) in lanes.0.iter_mut().zip(values) {
                *lane = value;
            }
        }
    }

    /// The logits of the last stage.
    pub(super) fn logits(&self) -> &Field {
        &self.outputs.last().expect(KNOWN).y
    }
}

/// What a panel has of one group: panels have whole sixteens of rows.
fn of_group(panel: &[Lanes], number: usize) -> &[Lanes; LANES] {
    &panel.as_chunks().0[number]
}

const KNOWN: &str =
    "convolutions, poolings and up-samplings in an order that there is a network of";
