//! Some columns of a dense layer, with their moments: what one core works on.

use super::{
    code::CodeStage,
    learning::{Kept, Learning},
};
use crate::nn::{
    Activation, Dense,
    batch::{Batch, Input},
    kernels::{self, AdamStep},
    lanes::{LANES, Lanes},
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

impl Outputs<'_> {
    /// `ds = dy f'(s)` for the rows `here` of the panels, from what the shards above have
    /// made of `dy`, and the code's price.
    pub(super) fn derive_sums(
        self,
        here: Range<usize>,
        code: &CodeStage,
        batch: &Batch,
        ds: &mut [Lanes],
    ) {
        if let Some(dy) = code.derivative(self.layer) {
            ds.copy_from_slice(&dy[here.clone()]);
        } else {
            ds.fill(Lanes::ZERO);
            for dx in self.dx_above {
                kernels::add_rows(&dx[here.clone()], ds);
            }
        }
        let y = &self.y[here];
        code.add_price(self.layer, y, batch.images(), ds);
        kernels::activation_gradient(self.activation, y, ds);
    }
}

impl Shard {
    pub(super) fn new(learning: Learning, panels: Range<usize>, rows: usize) -> Self {
        let Learning { layer, m, v } = learning;
        Self {
            m: Columns::of(m, panels.clone()),
            v: Columns::of(v, panels.clone()),
            ds: vec![Lanes::ZERO; panels.len() * rows],
            loss: 0.0,
            columns: Columns::of(layer, panels),
        }
    }

    /// Puts its columns, or a moment of theirs, in their place of the layer.
    pub(super) fn write_to(&self, kept: Kept, layer: &mut Dense) {
        let columns = match kept {
            Kept::Value => &self.columns,
            Kept::FirstMoment => &self.m,
            Kept::SecondMoment => &self.v,
        };
        columns.write_to(layer);
    }

    /// The logits of these columns, their loss, and its derivative times `scale`: a panel
    /// of logits does not leave the core's first cache before it has become one.
    pub(super) fn answer(&mut self, x: &[Lanes], batch: &Batch, scale: f32, logits: &mut [Lanes]) {
        let (rows, images) = (batch.rows(), batch.images());
        self.loss = 0.0;
        let panels = logits
            .chunks_exact_mut(rows)
            .zip(self.ds.chunks_exact_mut(rows));
        for (index, (logits, ds)) in panels.enumerate() {
            self.columns.forward_panel(index, Input::Dense(x), logits);
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

    /// `ds = dy f'(s)` for these columns.
    pub(super) fn derive_sums(&mut self, outputs: Outputs, code: &CodeStage, batch: &Batch) {
        let rows = batch.rows();
        let here = self.columns.panels.start * rows..self.columns.panels.end * rows;
        outputs.derive_sums(here, code, batch, &mut self.ds);
    }

    /// `dx = ds wᵀ`, the part of these columns.
    pub(super) fn derive_inputs(&self, dx: &mut [Lanes], rows: usize) {
        kernels::input_gradient(&self.ds, &self.columns.w, rows, dx);
    }

    /// `dw = xᵀ ds` and `db = Σₙ ds`, and the way Adam goes.
    pub(super) fn descend(&mut self, x: &[Lanes], step: AdamStep, rows: usize) {
        let inputs = self.columns.inputs;
        for (panel, ds) in self.ds.chunks_exact(rows).enumerate() {
            let here = panel * inputs..(panel + 1) * inputs;
            let w = &mut self.columns.w[here.clone()];
            let (m, v) = (&mut self.m.w[here.clone()], &mut self.v.w[here]);
            kernels::descend(x, ds, w, m, v, step);
            let (m, v) = (&mut self.m.b[panel], &mut self.v.b[panel]);
            kernels::descend_bias(ds, &mut self.columns.b[panel], m, v, step);
        }
    }
}
