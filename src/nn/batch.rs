//! A batch of images on its way into a network.

use super::{
    kernels::{self, NonZero, SparsePart},
    lanes::{LANES, Lanes, padded},
    shards::{SHARDS, cut, shares, together},
};
use crate::pool::Pool;

/// Inputs of up to so many images, as numbers from 0 to 1, in panels.
///
/// Beside the panels there is a list of what is not zero, for the first layer
/// when that is little. The inputs are cut into the same parts as the last
/// layer's units, so a core finds the targets it compares with in its own cache.
/// Made once, and filled again for every batch.
#[derive(Debug, Clone)]
pub struct Batch {
    images: usize,
    inputs: usize,
    /// Images there is room for, whole rows of sixteen; rows without an image are zero.
    rows: usize,
    x: Vec<Lanes>,
    parts: Vec<SparsePart>,
}

/// What goes into a layer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Input<'a> {
    /// Panels of as many rows as the batch has room for.
    Dense(&'a [Lanes]),
    /// What is not zero.
    Sparse(&'a [SparsePart]),
}

impl Batch {
    /// Room for up to `images` images of `inputs` numbers.
    pub fn new(inputs: usize, images: usize) -> Self {
        let rows = padded(images);
        let panels = inputs.div_ceil(LANES);
        let part = |panels: std::ops::Range<usize>| SparsePart {
            inputs: panels.start * LANES..panels.end * LANES,
            entries: vec![NonZero::default(); panels.len() * LANES * rows],
            ends: vec![0; rows],
        };
        Self {
            images: 0,
            inputs,
            rows,
            x: vec![Lanes::ZERO; panels * rows],
            parts: shares(panels, SHARDS).map(part).collect(),
        }
    }

    /// Takes `images` images; `image` gives the bytes of each, of which 255 becomes 1.
    ///
    /// It is also asked for as many beyond those, so that the batch that comes next
    /// is on its way from memory while this one is worked on.
    ///
    /// # Panics
    ///
    /// When there is no room for as many, or an image has another number of bytes
    /// than the network has inputs.
    pub fn fill<'a>(
        &mut self,
        pool: &Pool,
        images: usize,
        image: impl Fn(usize) -> Option<&'a [u8]> + Sync,
    ) {
        let (rows, inputs) = (self.rows, self.inputs);
        assert!(images <= rows, "a batch of {rows} cannot take {images}");
        self.images = images;
        let parts = cut(&mut self.x, self.parts.iter_mut(), |part| {
            part.inputs.len() / LANES * rows
        });
        together(pool, parts, |(part, x)| {
            let mut count = 0;
            for n in 0..images {
                let here = part.inputs.start..part.inputs.end.min(inputs);
                let bytes = image(n).expect("as many images as were promised");
                assert_eq!(bytes.len(), inputs, "a byte for each input");
                if let Some(next) = image(images + n) {
                    kernels::prefetch(&next[here.clone()]);
                }
                let bytes = &bytes[here];
                let entries = &mut part.entries[count..];
                count += kernels::scale_and_collect(bytes, n, rows, x, entries);
                part.ends[n] = count;
            }
            part.ends[images..].fill(count);
            for x in x.chunks_exact_mut(rows) {
                x[images..].fill(Lanes::ZERO);
            }
        });
    }

    /// Images in it.
    pub fn images(&self) -> usize {
        self.images
    }

    /// The first layer's input: visiting only what is not zero pays while that
    /// is less than a third.
    pub(super) fn input(&self) -> Input<'_> {
        let last = self.rows - 1;
        let entries: usize = self.parts.iter().map(|part| part.ends[last]).sum();
        if entries * 3 < self.images * self.inputs {
            Input::Sparse(&self.parts)
        } else {
            Input::Dense(&self.x)
        }
    }

    /// One panel of the inputs, as targets.
    pub(super) fn panel(&self, panel: usize) -> &[Lanes] {
        &self.x[panel * self.rows..][..self.rows]
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn inputs(&self) -> usize {
        self.inputs
    }
}
