//! How a layer is cut into shards, one for each block of work.
//!
//! Cuts depend on shapes alone, never on the number of threads.

use super::lanes::{LANES, Lanes, padded, read_panels, write_panels};
use super::{Activation, Dense, batch::Input, kernels};
use crate::pool::Pool;
use ndarray::{ArrayView2, Axis};
use std::ops::Range;

/// The most shards there are of a layer: enough for four cores, and few enough
/// that adding up their parts of a gradient costs little.
pub(super) const SHARDS: usize = 4;

/// The panels of each of up to `shards` shards: as even as can be.
pub(super) fn shares(panels: usize, shards: usize) -> impl Iterator<Item = Range<usize>> {
    let shards = panels.clamp(1, shards);
    let end = move |shard: usize| (shard * panels).div_ceil(shards);
    (0..shards).map(move |shard| end(shard)..end(shard + 1))
}

/// Every owner with the piece of the whole that has the length it says.
pub(super) fn cut<T>(
    mut whole: &mut [Lanes],
    owners: impl Iterator<Item = T>,
    length: impl Fn(&T) -> usize,
) -> impl Iterator<Item = (T, &mut [Lanes])> {
    owners.map_while(move |owner| {
        let piece = whole.split_off_mut(..length(&owner))?;
        Some((owner, piece))
    })
}

/// Both lists as one, spread evenly, so that each core gets its part of both.
pub(super) fn interleaved<T>(
    few: impl ExactSizeIterator<Item = T>,
    many: impl ExactSizeIterator<Item = T>,
) -> impl Iterator<Item = T> {
    let (few_count, many_count) = (few.len(), many.len());
    let (mut few, mut many) = (few.peekable(), many.peekable());
    let (mut from_few, mut from_many) = (0, 0);
    std::iter::from_fn(move || {
        // Item i of n stands at (2i + 1) / 2n of the way.
        let few_is_next = (2 * from_few + 1) * many_count < (2 * from_many + 1) * few_count;
        if many.peek().is_none() || (few_is_next && few.peek().is_some()) {
            from_few += 1;
            few.next()
        } else {
            from_many += 1;
            many.next()
        }
    })
}

/// Works on the items, one for each shard, on as many cores as there are. The shards
/// are those of one layer or of two.
pub(super) fn together<T: Send>(
    pool: &Pool,
    items: impl Iterator<Item = T>,
    work: impl Fn(T) + Sync,
) {
    let mut places = [const { None }; 2 * SHARDS];
    let mut count = 0;
    for item in items {
        places[count] = Some(item);
        count += 1;
    }
    pool.for_each(&mut places[..count], |_, place| {
        place.take().into_iter().for_each(&work);
    });
}

/// Some columns of a layer: kernel and bias in panels.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// Which panels of the layer.
    pub(super) panels: Range<usize>,
    /// Inputs, in whole rows of sixteen.
    pub(super) inputs: usize,
    pub(super) w: Vec<Lanes>,
    pub(super) b: Vec<Lanes>,
    pub(super) activation: Activation,
}

impl Columns {
    /// These panels of a layer.
    pub(super) fn of(layer: &Dense, panels: Range<usize>) -> Self {
        let mut columns = Self::zeros(layer, panels);
        let first = columns.panels.start * LANES;
        write_panels(layer.w.view(), first, &mut columns.w);
        let b: ArrayView2<f32> = layer.b.view().insert_axis(Axis(0));
        for (panel, row) in columns.b.iter_mut().enumerate() {
            let values = row.0.iter_mut().zip(first + panel * LANES..b.ncols());
            values.for_each(|(value, column)| *value = b[[0, column]]);
        }
        columns
    }

    /// As many zeros.
    pub(super) fn zeros(layer: &Dense, panels: Range<usize>) -> Self {
        let inputs = padded(layer.w.nrows());
        Self {
            inputs,
            w: vec![Lanes::ZERO; inputs * panels.len()],
            b: vec![Lanes::ZERO; panels.len()],
            activation: layer.activation,
            panels,
        }
    }

    /// Puts them back in their place.
    pub(super) fn write_to(&self, layer: &mut Dense) {
        let first = self.panels.start * LANES;
        read_panels(&self.w, first, &mut layer.w);
        let values = self.b.iter().flat_map(|row| row.0);
        for (to, value) in layer.b.iter_mut().skip(first).zip(values) {
            *to = value;
        }
    }

    /// Forward: `y = f(x w + b)` for these columns, into panels of `rows` rows.
    pub(super) fn forward(&self, x: Input, rows: usize, y: &mut [Lanes]) {
        for (index, y) in y.chunks_exact_mut(rows).enumerate() {
            self.forward_panel(index, x, y);
        }
    }

    /// [`forward`](Self::forward) for one of these panels, counted from the first.
    pub(super) fn forward_panel(&self, index: usize, x: Input, y: &mut [Lanes]) {
        let w = &self.w[index * self.inputs..][..self.inputs];
        let (b, activation) = (&self.b[index], self.activation);
        match x {
            Input::Dense(x) => kernels::forward(x, w, b, activation, y),
            Input::Sparse(x) => {
                y.fill(Lanes::ZERO);
                for x in x {
                    let w = &w[x.range.start..];
                    kernels::add_sparse_products(x, w, self.inputs, y, y.len());
                }
                kernels::activate(activation, b, y);
            }
        }
    }
}
