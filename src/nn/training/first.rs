//! The first layer while it is trained: cut by its inputs, the pixels.
//!
//! A core owns some pixels, with their rows of the kernel and its own list of those that
//! are not zero, and adds up what these contribute to each unit. They are the pixels
//! whose columns of the last layer it owns (see [`Batch`]).

use super::{code::CodeStage, shard::Outputs};
use crate::{
    nn::{
        Activation, Dense,
        batch::{Batch, Input},
        kernels::{self, AdamStep},
        lanes::{LANES, Lanes, padded, read_panels, write_panels},
        shards::{SHARDS, shares, together},
    },
    pool::Pool,
};
use ndarray::{Axis, s};
use std::ops::Range;

/// The first layer.
#[derive(Debug, Clone)]
pub(super) struct FirstLayer {
    pub(super) units: usize,
    pub(super) activation: Activation,
    /// Outputs, in panels.
    pub(super) y: Vec<Lanes>,
    pub(super) parts: Vec<Part>,
    pub(super) bias: Bias,
    /// The loss's derivative by the sums.
    pub(super) ds: Vec<Lanes>,
}

/// The bias of each panel, with its moments.
#[derive(Debug, Clone)]
pub(super) struct Bias {
    b: Vec<Lanes>,
    m: Vec<Lanes>,
    v: Vec<Lanes>,
}

/// Some inputs of the layer.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Which inputs, in whole rows of sixteen.
    inputs: Range<usize>,
    w: Vec<Lanes>,
    m: Vec<Lanes>,
    v: Vec<Lanes>,
    /// What these inputs contribute to the units' sums.
    sums: Vec<Lanes>,
    /// Room for the gradient of one panel.
    dw: Vec<Lanes>,
}

impl FirstLayer {
    pub(super) fn new(dense: &Dense, rows: usize) -> Self {
        let (inputs, units) = dense.w.dim();
        let panels = units.div_ceil(LANES);
        let part = |inputs: Range<usize>| {
            let inputs = inputs.start * LANES..inputs.end * LANES;
            Part::new(dense, inputs, panels, rows)
        };
        let mut b = vec![Lanes::ZERO; panels];
        for (unit, &value) in dense.b.iter().enumerate() {
            b[unit / LANES].0[unit % LANES] = value;
        }
        let none = vec![Lanes::ZERO; panels];
        Self {
            units,
            activation: dense.activation,
            y: vec![Lanes::ZERO; panels * rows],
            parts: shares(inputs.div_ceil(LANES), SHARDS).map(part).collect(),
            bias: Bias {
                b,
                m: none.clone(),
                v: none,
            },
            ds: vec![Lanes::ZERO; panels * rows],
        }
    }

    /// `y = f(x w + b)`.
    pub(super) fn forward(&mut self, batch: &Batch, pool: &Pool) {
        let rows = batch.rows();
        let x = batch.input();
        let parts = self.parts.iter_mut().enumerate();
        together(pool, parts, |(index, part)| part.add_up(index, x, rows));
        self.y.fill(Lanes::ZERO);
        for part in &self.parts {
            kernels::add_rows(&part.sums, &mut self.y);
        }
        for (y, b) in self.y.chunks_exact_mut(rows).zip(&self.bias.b) {
            kernels::activate(self.activation, b, y);
        }
    }

    /// `ds = dy f'(s)`, and the bias's step; the parts follow from it.
    pub(super) fn derive_sums(
        &mut self,
        dx_above: &[Vec<Lanes>],
        code: &CodeStage,
        batch: &Batch,
        step: AdamStep,
    ) {
        let outputs = Outputs {
            layer: 0,
            y: &self.y,
            activation: self.activation,
            dx_above,
        };
        outputs.derive_sums(0..self.y.len(), code, batch, &mut self.ds);
        let Bias { b, m, v } = &mut self.bias;
        let panels = self.ds.chunks_exact(batch.rows()).zip(b);
        for ((ds, b), (m, v)) in panels.zip(m.iter_mut().zip(v)) {
            kernels::descend_bias(ds, b, m, v, step);
        }
    }

    /// Puts kernel and bias back in their place.
    pub(super) fn write_to(&self, layer: &mut Dense) {
        let parts = self.parts.iter().map(|part| (&part.inputs, &part.w[..]));
        write_rows(parts, &self.bias.b, layer);
    }

    /// As [`write_to`](Self::write_to), the first moments.
    #[cfg(test)]
    pub(super) fn write_moments_to(&self, layer: &mut Dense) {
        let parts = self.parts.iter().map(|part| (&part.inputs, &part.m[..]));
        write_rows(parts, &self.bias.m, layer);
    }
}

fn write_rows<'a>(
    parts: impl Iterator<Item = (&'a Range<usize>, &'a [Lanes])>,
    b: &[Lanes],
    layer: &mut Dense,
) {
    for (inputs, w) in parts {
        let rows = inputs.start..inputs.end.min(layer.w.nrows());
        let mut part = layer.w.slice(s![rows.clone(), ..]).to_owned();
        read_panels(w, 0, &mut part);
        layer.w.slice_mut(s![rows, ..]).assign(&part);
    }
    for (to, value) in layer.b.iter_mut().zip(b.iter().flat_map(|row| row.0)) {
        *to = value;
    }
}

impl Part {
    fn new(dense: &Dense, inputs: Range<usize>, panels: usize, rows: usize) -> Self {
        let here = inputs.start..inputs.end.min(dense.w.len_of(Axis(0)));
        let zeros = vec![Lanes::ZERO; panels * inputs.len()];
        let mut w = zeros.clone();
        write_panels(dense.w.slice(s![here.clone(), ..]), 0, &mut w);
        debug_assert_eq!(padded(here.len()), inputs.len());
        Self {
            w,
            m: zeros.clone(),
            v: zeros,
            sums: vec![Lanes::ZERO; panels * rows],
            dw: vec![Lanes::ZERO; inputs.len()],
            inputs,
        }
    }

    fn add_up(&mut self, index: usize, x: Input, rows: usize) {
        let inputs = self.inputs.len();
        match x {
            Input::Sparse(x) => {
                self.sums.fill(Lanes::ZERO);
                kernels::add_sparse_products(&x[index], &self.w, inputs, &mut self.sums, rows);
            }
            Input::Dense(x) => {
                let x = self.panels_of(x, rows);
                let panels = self.w.chunks_exact(inputs);
                for (w, sums) in panels.zip(self.sums.chunks_exact_mut(rows)) {
                    kernels::forward(x, w, &Lanes::ZERO, Activation::Linear, sums);
                }
            }
        }
    }

    /// `dw = xᵀ ds`, and the way Adam goes.
    pub(super) fn descend(
        &mut self,
        index: usize,
        x: Input,
        ds: &[Lanes],
        step: AdamStep,
        rows: usize,
    ) {
        let inputs = self.inputs.len();
        for (panel, ds) in ds.chunks_exact(rows).enumerate() {
            let here = panel * inputs..(panel + 1) * inputs;
            match x {
                Input::Sparse(x) => {
                    let w = &mut self.w[here.clone()];
                    let (m, v) = (&mut self.m[here.clone()], &mut self.v[here]);
                    kernels::sparse_descend(&x[index], ds, w, m, v, &mut self.dw, step);
                }
                Input::Dense(x) => {
                    let x = self.panels_of(x, rows);
                    let w = &mut self.w[here.clone()];
                    let (m, v) = (&mut self.m[here.clone()], &mut self.v[here]);
                    kernels::descend(x, ds, w, m, v, step);
                }
            }
        }
    }

    /// The panels of these inputs.
    fn panels_of<'a>(&self, x: &'a [Lanes], rows: usize) -> &'a [Lanes] {
        &x[self.inputs.start / LANES * rows..self.inputs.end / LANES * rows]
    }
}
