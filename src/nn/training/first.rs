//! The first layer while it is trained: cut by its inputs, the pixels.
//!
//! A core owns some pixels, with their rows of the kernel and its own list of those that
//! are not zero, and adds up what these contribute to each unit. They are the pixels
//! whose columns of the last layer it owns (see [`Batch`]).

use super::{
    code::CodeStage,
    learning::{Kept, Learning},
    shard::Outputs,
};
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
use ndarray::{ArrayView1, s};
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
    pub(super) fn new(learning: Learning, rows: usize) -> Self {
        let Learning { layer, m, v } = learning;
        let (inputs, units) = layer.w.dim();
        let panels = units.div_ceil(LANES);
        let part = |inputs: Range<usize>| {
            let inputs = inputs.start * LANES..inputs.end * LANES;
            Part::new(learning, inputs, panels, rows)
        };
        Self {
            units,
            activation: layer.activation,
            y: vec![Lanes::ZERO; panels * rows],
            parts: shares(inputs.div_ceil(LANES), SHARDS).map(part).collect(),
            bias: Bias {
                b: row_of_panels(layer.b.view()),
                m: row_of_panels(m.b.view()),
                v: row_of_panels(v.b.view()),
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

    /// Puts kernel and bias, or a moment of theirs, back in their place.
    pub(super) fn write_to(&self, kept: Kept, layer: &mut Dense) {
        for part in &self.parts {
            let rows = part.inputs.start..part.inputs.end.min(layer.w.nrows());
            let mut here = layer.w.slice(s![rows.clone(), ..]).to_owned();
            read_panels(part.kept(kept), 0, &mut here);
            layer.w.slice_mut(s![rows, ..]).assign(&here);
        }
        let bias = self.bias.kept(kept).iter().flat_map(|row| row.0);
        layer.b.iter_mut().zip(bias).for_each(|(to, b)| *to = b);
    }
}

impl Bias {
    fn kept(&self, kept: Kept) -> &[Lanes] {
        match kept {
            Kept::Value => &self.b,
            Kept::FirstMoment => &self.m,
            Kept::SecondMoment => &self.v,
        }
    }
}

/// Sixteen of these numbers a row.
fn row_of_panels(numbers: ArrayView1<f32>) -> Vec<Lanes> {
    let mut rows = vec![Lanes::ZERO; numbers.len().div_ceil(LANES)];
    for (index, &number) in numbers.iter().enumerate() {
        rows[index / LANES].0[index % LANES] = number;
    }
    rows
}

impl Part {
    fn new(learning: Learning, inputs: Range<usize>, panels: usize, rows: usize) -> Self {
        let panels_of = |dense: &Dense| {
            let here = inputs.start..inputs.end.min(dense.w.nrows());
            debug_assert_eq!(padded(here.len()), inputs.len());
            let mut w = vec![Lanes::ZERO; panels * inputs.len()];
            write_panels(dense.w.slice(s![here, ..]), 0, &mut w);
            w
        };
        Self {
            w: panels_of(learning.layer),
            m: panels_of(learning.m),
            v: panels_of(learning.v),
            sums: vec![Lanes::ZERO; panels * rows],
            dw: vec![Lanes::ZERO; inputs.len()],
            inputs,
        }
    }

    fn kept(&self, kept: Kept) -> &[Lanes] {
        match kept {
            Kept::Value => &self.w,
            Kept::FirstMoment => &self.m,
            Kept::SecondMoment => &self.v,
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
