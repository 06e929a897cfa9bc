//! The images that are measured: a stretch of one half of a data set, in blocks.

use std::ops::Range;

use ndarray::Array2;

use super::{CalledOff, Effort};
use crate::{
    data::{Split, batches},
    nn::Evaluator,
};

/// Images of a block: as numbers they fill 800 kB, which stays in a core's cache, and
/// convolutions take some dozens of milliseconds for them.
const BLOCK: usize = 256;

/// Some images of a split, one after the other.
#[derive(Debug, Clone)]
pub struct Stretch<'a> {
    /// The half of the data they are in.
    pub images: &'a Split,
    /// Their numbers there.
    pub range: Range<usize>,
    /// Whether they are among the images that codes are compared with, at the same
    /// numbers: then no image is its own neighbour.
    pub trained_on: bool,
}

impl<'a> Stretch<'a> {
    /// All held-out images.
    pub fn held_out(images: &'a Split) -> Self {
        Self {
            range: 0..images.len(),
            images,
            trained_on: false,
        }
    }

    /// All images of a split.
    pub(super) fn whole(images: &'a Split) -> Self {
        Self {
            range: 0..images.len(),
            images,
            trained_on: true,
        }
    }

    /// What each image shows.
    pub(super) fn labels(&self) -> &'a [u8] {
        &self.images.labels()[self.range.clone()]
    }

    /// The answers of all blocks; `work` is handed the number of each block's first
    /// image in its split, and the block's pixels `[N, 784]` from 0 to 1.
    pub(super) fn blocks<T: Send>(
        &self,
        effort: Effort,
        work: impl Fn(usize, Array2<f32>) -> T + Sync,
    ) -> Result<Vec<T>, CalledOff> {
        effort.map(self.range.len().div_ceil(BLOCK), |block| {
            let first = self.range.start + block * BLOCK;
            let last = self.range.end.min(first + BLOCK);
            Ok(work(first, batches::pixels(self.images, first..last)))
        })
    }

    /// The network's codes `[N, Z]`.
    pub(super) fn codes(&self, net: &Evaluator, effort: Effort) -> Result<Array2<f32>, CalledOff> {
        let blocks = effort.map(self.range.len().div_ceil(BLOCK), |block| {
            let first = self.range.start + block * BLOCK;
            let count = BLOCK.min(self.range.end - first);
            Ok(net.codes(effort.pool(), count, |n| self.images.image(first + n)))
        })?;
        Ok(stacked(&blocks))
    }
}

/// Blocks of rows, one under the other.
pub(super) fn stacked(blocks: &[Array2<f32>]) -> Array2<f32> {
    let views: Vec<_> = blocks.iter().map(|block| block.view()).collect();
    ndarray::concatenate(ndarray::Axis(0), &views).expect("blocks of rows of one length")
}
