//! Some rows of the first layer's kernel, those of some pixels, and what they contribute
//! to every unit.
//!
//! A core owns pixels with the lists of the images that light them. They are the pixels
//! whose columns of the last layer it owns (see [`Batch`](crate::nn::Batch)).

use std::ops::Range;

use ndarray::s;

use crate::nn::{
    Activation, Dense,
    adam::AdamStep,
    batch::Input,
    kernels,
    lanes::{LANES, Lanes, padded, read_panels, write_panels},
};

/// The kernel's rows, in panels; or a moment of theirs.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    /// The number of the part that these inputs are.
    part: usize,
    /// Which inputs, in whole rows of sixteen.
    pub(super) inputs: Range<usize>,
    w: Vec<Lanes>,
}

impl Rows {
    /// Those of these panels of inputs.
    pub(super) fn of(layer: &Dense, part: usize, panels: Range<usize>) -> Self {
        let inputs = panels.start * LANES..panels.end * LANES;
        let (all, units) = layer.w.dim();
        let here = inputs.start..inputs.end.min(all);
        debug_assert_eq!(padded(here.len()), inputs.len());
        let mut w = vec![Lanes::ZERO; units.div_ceil(LANES) * inputs.len()];
        write_panels(layer.w.slice(s![here, ..]), 0, &mut w);
        Self { part, inputs, w }
    }

    /// Puts them back in their place.
    pub(super) fn write_to(&self, layer: &mut Dense) {
        let rows = self.inputs.start..self.inputs.end.min(layer.w.nrows());
        let mut here = layer.w.slice(s![rows.clone(), ..]).to_owned();
        read_panels(&self.w, 0, &mut here);
        layer.w.slice_mut(s![rows, ..]).assign(&here);
    }

    /// Forward: `x w`, the part of these inputs, into panels of `rows` rows.
    pub(super) fn forward(&self, x: Input, rows: usize, sums: &mut [Lanes]) {
        match x {
            Input::Sparse(x, lit) => {
                let x = self.panels_of(x, rows);
                kernels::sparse_products(&lit[self.part], x, &self.w, sums);
            }
            Input::Dense(x) => {
                let x = self.panels_of(x, rows);
                let no_bias = vec![Lanes::ZERO; sums.len() / rows];
                kernels::forward(x, &self.w, &no_bias, Activation::Linear, rows, sums);
            }
        }
    }

    /// The panels of these inputs.
    fn panels_of<'a>(&self, x: &'a [Lanes], rows: usize) -> &'a [Lanes] {
        &x[self.inputs.start / LANES * rows..self.inputs.end / LANES * rows]
    }
}

/// Backward by the kernel, `dw = xᵀ ds`, and at once Adam's step of the rows `w` with
/// moments `m` and `v`.
pub(super) fn descend(
    [w, m, v]: [&mut Rows; 3],
    x: Input,
    ds: &[Lanes],
    rows: usize,
    step: AdamStep,
) {
    match x {
        Input::Sparse(x, lit) => {
            let (lit, x) = (&lit[w.part], w.panels_of(x, rows));
            kernels::sparse_descend(lit, x, ds, [&mut w.w, &mut m.w, &mut v.w], step);
        }
        Input::Dense(x) => {
            let x = w.panels_of(x, rows);
            kernels::descend(x, ds, rows, [&mut w.w, &mut m.w, &mut v.w], step);
        }
    }
}
