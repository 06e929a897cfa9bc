//! Dense layers that only answer.

use std::num::NonZeroUsize;

use ndarray::ArrayView2;

use super::stack::{Outputs, Stack};
use crate::{
    nn::{
        Evaluator,
        batch::Batch,
        code::Normal,
        evaluator::Pass,
        kernels,
        lanes::{LANES, Lanes},
    },
    pool::Pool,
};

/// A stack and the room for what it makes of a batch, on one core.
pub(in crate::nn) struct DensePass<'a> {
    stack: &'a Stack,
    outputs: Outputs,
    alone: Pool,
}

impl<'a> DensePass<'a> {
    pub(in crate::nn) fn new(stack: &'a Stack) -> Self {
        Self {
            outputs: stack.outputs(stack.layers(), Self::IMAGES),
            alone: Pool::new(NonZeroUsize::MIN),
            stack,
        }
    }

    const IMAGES: usize = Evaluator::BATCH;
}

impl Pass for DensePass<'_> {
    fn images(&self) -> usize {
        Self::IMAGES
    }

    fn encode(&mut self, batch: &Batch) {
        self.stack.encode(batch, &mut self.outputs, &self.alone);
    }

    fn take_codes(&mut self, codes: ArrayView2<f32>) {
        self.outputs.take_codes(codes);
    }

    fn decode(&mut self) {
        self.stack.decode(&mut self.outputs, &self.alone);
    }

    fn encoded(&self, image: usize, count: usize, to: &mut Vec<f32>) {
        to.extend(self.outputs.said(self.stack.code_layer(), image, count));
    }

    fn logits(&self, image: usize, to: &mut Vec<f32>) {
        let last = self.stack.layers() - 1;
        to.extend(self.outputs.said(last, image, self.stack.units(last)));
    }

    fn losses(&self, batch: &Batch) -> Vec<f32> {
        let (rows, inputs) = (self.outputs.rows, batch.inputs());
        let mut sums = vec![Lanes::ZERO; rows];
        let logits = &self.outputs.y[self.stack.layers() - 1];
        for (panel, logits) in logits.chunks_exact(rows).enumerate() {
            let columns = (inputs - panel * LANES).min(LANES);
            kernels::add_cross_entropy(logits, batch.panel(panel), columns, &mut sums);
        }
        let mean = |sums: &Lanes| sums.0.iter().sum::<f32>() / inputs as f32;
        sums[..batch.images()].iter().map(mean).collect()
    }

    fn unit_count(&self) -> usize {
        let hidden = 0..self.stack.layers() - 1;
        hidden.map(|layer| self.stack.units(layer)).sum()
    }

    fn units(&self, image: usize, to: &mut Vec<f32>) {
        let Outputs { y, draws, .. } = &self.outputs;
        for (layer, said) in y[..y.len() - 1].iter().enumerate() {
            let units = self.stack.units(layer);
            match draws {
                Some(draws) if layer == self.stack.code_layer() => {
                    let normals = (0..units / 2).map(|unit| draws.normal(said, image, unit));
                    to.extend(normals.clone().map(|normal| normal.mean));
                    to.extend(normals.map(Normal::divergence));
                }
                _ => to.extend(self.outputs.said(layer, image, units)),
            }
        }
    }
}
