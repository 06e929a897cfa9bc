//! Derivatives of the loss, on their way back through dense layers, in panels.

use super::columns::Columns;
use crate::nn::{
    Activation, Objective,
    batch::Batch,
    kernels,
    lanes::{LANES, Lanes},
    shards::sum_of,
};

/// The loss's derivative by what a layer computes, in panels.
#[derive(Debug)]
pub(super) struct Slopes {
    /// By its sums.
    pub(super) ds: Vec<Lanes>,
    /// By its inputs, what each of its shards contributes.
    pub(super) dx: Vec<Vec<Lanes>>,
    /// Room for a part of each shard's kernel, turned.
    pub(super) turned: Vec<Vec<Lanes>>,
}

/// What becomes of some columns of the last layer.
#[derive(Debug)]
pub(super) struct Answer {
    /// The logits of two panels.
    pub(super) logits: Vec<Lanes>,
    /// The loss of all of them, summed.
    pub(super) loss: f64,
}

/// The derivative by what a layer says.
pub(super) enum Dy<'a> {
    /// What the shards above contribute, and what codes of values cost.
    Parts(&'a [Vec<Lanes>], Objective),
    Whole(&'a [Lanes]),
}

impl<'a> Dy<'a> {
    /// From what the shards above contribute; by codes, with what they cost, or as it was derived
    /// where they are drawn from.
    pub(super) fn told(
        parts: &'a [Vec<Lanes>],
        codes: Option<(Objective, Option<&'a [Lanes]>)>,
    ) -> Self {
        match codes {
            Some((_, Some(derived))) => Self::Whole(derived),
            Some((objective, None)) => Self::Parts(parts, objective),
            None => Self::Parts(parts, Objective::default()),
        }
    }

    /// `ds = dy f'(s)` for some panels of the layer, from the first of them on.
    pub(super) fn derive_sums(
        &self,
        first: usize,
        activation: Activation,
        y: &[Lanes],
        batch: &Batch,
        ds: &mut [Lanes],
    ) {
        let rows = batch.rows();
        let here = first * rows..first * rows + ds.len();
        let y = &y[here.clone()];
        match *self {
            Self::Whole(dy) => ds.copy_from_slice(&dy[here]),
            Self::Parts(parts, objective) => {
                for (panel, ds) in (first..).zip(ds.chunks_exact_mut(rows)) {
                    sum_of(parts, panel * rows, ds);
                }
                objective.add_price_gradient(y, rows, batch.images(), ds);
            }
        }
        kernels::activation_gradient(activation, y, ds);
    }
}

impl Answer {
    /// The logits of these columns, their loss, and its derivative times `scale`: a panel
    /// of logits does not leave the core's first cache before it has become one.
    pub(super) fn take(
        &mut self,
        columns: &Columns,
        x: &[Lanes],
        batch: &Batch,
        scale: f32,
        ds: &mut [Lanes],
    ) {
        let (images, rows) = (batch.images(), batch.rows());
        self.loss = 0.0;
        for (pair, ds) in ds.chunks_mut(2 * rows).enumerate() {
            let first = 2 * pair;
            let logits = &mut self.logits[..ds.len()];
            columns.forward(first..first + ds.len() / rows, x, rows, logits);
            let panels = ds.chunks_exact_mut(rows).zip(logits.chunks_exact(rows));
            for (panel, (ds, logits)) in (columns.panels.start + first..).zip(panels) {
                let (ds, without_image) = ds.split_at_mut(images);
                without_image.fill(Lanes::ZERO);
                self.loss += f64::from(kernels::panel_cross_entropy_and_gradient(
                    &logits[..images],
                    &batch.panel(panel)[..images],
                    (batch.inputs() - panel * LANES).min(LANES),
                    scale,
                    ds,
                ));
            }
        }
    }
}
