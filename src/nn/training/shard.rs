//! Some columns of a dense layer, with their moments: what one core works on.

use super::code::CodeStage;
use crate::nn::{
    Activation, Dense,
    batch::{Batch, Input},
    kernels::{self, AdamStep},
    lanes::{LANES, Lanes, padded},
    loss::LOGIT_LIMIT,
    shards::Columns,
};
use std::ops::Range;

/// Some columns of a layer.
#[derive(Debug, Clone)]
pub(super) struct Shard {
    pub(super) columns: Columns,
    pub(super) m: Columns,
    pub(super) v: Columns,
    /// The loss's derivative by the sums of these columns.
    pub(super) ds: Vec<Lanes>,
    /// Room for a gradient of the first layer.
    dw: Vec<Lanes>,
    /// The loss of these columns, where they are pixels.
    pub(super) loss: f64,
}

/// What a layer's derivatives follow from.
#[derive(Clone, Copy)]
pub(super) struct Outputs<'a> {
    /// The layer's number.
    pub(super) layer: usize,
    pub(super) y: &'a [Lanes],
    pub(super) activation: Activation,
    /// What the shards above contribute to the derivative by `y`.
    pub(super) dx_above: &'a [Vec<Lanes>],
}

impl Shard {
    pub(super) fn new(dense: &Dense, panels: Range<usize>, rows: usize, is_first: bool) -> Self {
        let gradient = if is_first { dense.w.nrows() } else { 0 };
        Self {
            m: Columns::zeros(dense, panels.clone()),
            v: Columns::zeros(dense, panels.clone()),
            ds: vec![Lanes::ZERO; panels.len() * rows],
            dw: vec![Lanes::ZERO; padded(gradient)],
            loss: 0.0,
            columns: Columns::of(dense, panels),
        }
    }

    /// The logits of these columns, their loss, and its derivative times `scale`: a panel
    /// of logits does not leave the core's first cache before it has become one.
    pub(super) fn answer(&mut self, x: Input, batch: &Batch, scale: f32, logits: &mut [Lanes]) {
        let (rows, images) = (batch.rows(), batch.images());
        self.loss = 0.0;
        let panels = logits
            .chunks_exact_mut(rows)
            .zip(self.ds.chunks_exact_mut(rows));
        for (index, (logits, ds)) in panels.enumerate() {
            self.columns.forward_panel(index, x, logits);
            let panel = self.columns.panels.start + index;
            let (ds, without_image) = ds.split_at_mut(images);
            without_image.fill(Lanes::ZERO);
            self.loss += f64::from(kernels::panel_cross_entropy_and_gradient(
                &logits[..images],
                &batch.panel(panel)[..images],
                (batch.inputs() - panel * LANES).min(LANES),
                LOGIT_LIMIT,
                scale,
                ds,
            ));
        }
    }

    /// `ds = dy f'(s)`, from what the shards above have made of `dy`, and the code's price.
    pub(super) fn derive_sums(&mut self, outputs: Outputs, code: &CodeStage, batch: &Batch) {
        let rows = batch.rows();
        let here = self.columns.panels.start * rows..self.columns.panels.end * rows;
        match code.derivative(outputs.layer) {
            Some(dy) => self.ds.copy_from_slice(&dy[here.clone()]),
            None => {
                self.ds.fill(Lanes::ZERO);
                for dx in outputs.dx_above {
                    kernels::add_rows(&dx[here.clone()], &mut self.ds);
                }
            }
        }
        let y = &outputs.y[here];
        code.add_price(outputs.layer, y, batch.images(), &mut self.ds);
        kernels::activation_gradient(outputs.activation, y, &mut self.ds);
    }

    /// `dx = ds wᵀ`, the part of these columns.
    pub(super) fn derive_inputs(&self, dx: &mut [Lanes], rows: usize) {
        kernels::input_gradient(&self.ds, &self.columns.w, rows, dx);
    }

    /// `dw = xᵀ ds` and `db = Σₙ ds`, and the way Adam goes.
    pub(super) fn descend(&mut self, x: Input, step: AdamStep, rows: usize) {
        let inputs = self.columns.inputs;
        for (panel, ds) in self.ds.chunks_exact(rows).enumerate() {
            let here = panel * inputs..(panel + 1) * inputs;
            let w = &mut self.columns.w[here.clone()];
            let (m, v) = (&mut self.m.w[here.clone()], &mut self.v.w[here]);
            match x {
                Input::Dense(x) => kernels::descend(x, ds, w, m, v, step),
                Input::Sparse(x) => kernels::sparse_descend(x, ds, w, m, v, &mut self.dw, step),
            }
            let (m, v) = (&mut self.m.b[panel], &mut self.v.b[panel]);
            kernels::descend_bias(ds, &mut self.columns.b[panel], m, v, step);
        }
    }
}
