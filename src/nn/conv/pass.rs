//! Convolutions that only answer.

use ndarray::ArrayView2;

use super::{
    field::Field,
    stack::{Group, Stack},
    stage::Outputs,
};
use crate::nn::{
    batch::Batch,
    evaluator::Pass,
    kernels,
    lanes::{LANES, Lanes},
};

/// A stack and the room for what it makes of a group of images.
pub(in crate::nn) struct ConvPass<'a> {
    stack: &'a Stack,
    group: Group,
}

impl<'a> ConvPass<'a> {
    pub(in crate::nn) fn new(stack: &'a Stack) -> Self {
        Self {
            group: stack.group(),
            stack,
        }
    }

    /// What every stage but the last makes of the group.
    fn hidden(&self) -> &[Outputs] {
        &self.group.outputs[..self.group.outputs.len() - 1]
    }
}

impl Pass for ConvPass<'_> {
    fn images(&self) -> usize {
        LANES
    }

    fn encode(&mut self, batch: &Batch) {
        self.stack.encode(batch, 0, &mut self.group);
    }

    fn take_codes(&mut self, codes: ArrayView2<f32>) {
        self.group.take_codes(self.stack.code, codes);
    }

    fn decode(&mut self) {
        self.stack.decode(&mut self.group);
    }

    fn encoded(&self, image: usize, count: usize, to: &mut Vec<f32>) {
        let field = &self.group.outputs[self.stack.code].y;
        to.extend((0..count).map(|number| field.number(number).0[image]));
    }

    fn logits(&self, image: usize, to: &mut Vec<f32>) {
        let field = self.group.logits();
        let pixels = 0..field.maps.places();
        to.extend(pixels.map(|pixel| field.number(pixel).0[image]));
    }

    fn losses(&self, batch: &Batch) -> Vec<f32> {
        let (logits, target) = (self.group.logits(), &self.group.target);
        let width = logits.maps.width;
        let mut pixels = vec![Lanes::ZERO; target.len()];
        let rows = target
            .chunks_exact(width)
            .zip(pixels.chunks_exact_mut(width));
        for (i, (target, losses)) in rows.enumerate() {
            let logits = &logits.lanes[logits.row_start(0, i)..][..width];
            kernels::add_cross_entropy(logits, target, LANES, losses);
        }
        let sums = kernels::sum_of_rows(&pixels);
        let mean = |sum: &f32| sum / batch.inputs() as f32;
        sums.0[..batch.images()].iter().map(mean).collect()
    }

    fn unit_count(&self) -> usize {
        self.hidden()
            .iter()
            .map(|stage| stage.y.maps.channels)
            .sum()
    }

    fn units(&self, image: usize, to: &mut Vec<f32>) {
        for Outputs { y, .. } in self.hidden() {
            to.extend((0..y.maps.channels).map(|channel| mean_of_map(y, channel, image)));
        }
    }
}

/// The mean of one map of one image.
fn mean_of_map(field: &Field, channel: usize, image: usize) -> f32 {
    let row = |row| &field.lanes[field.row_start(channel, row)..][..field.maps.width];
    let rows = (0..field.maps.height).flat_map(row);
    rows.map(|lanes| lanes.0[image]).sum::<f32>() / field.maps.places() as f32
}
