//! Some columns of a dense layer, the fast form of [`Dense`]: what one core works on.
//!
//! A core that owned them in one step owns them in the next, with what Adam keeps of them,
//! so all that stays in its cache. A gradient is used up where it is computed.

use std::ops::Range;

use ndarray::{ArrayView2, Axis};

use crate::nn::{
    Activation, Dense,
    adam::AdamStep,
    kernels,
    lanes::{LANES, Lanes, padded, read_panels, write_panels},
};

/// Kernel and bias of these columns, in panels; or a moment of theirs.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// Which panels of the layer.
    pub(super) panels: Range<usize>,
    /// Inputs, in whole rows of sixteen.
    inputs: usize,
    w: Vec<Lanes>,
    b: Vec<Lanes>,
    pub(super) activation: Activation,
}

impl Columns {
    /// These panels of a layer.
    pub(super) fn of(layer: &Dense, panels: Range<usize>) -> Self {
        let inputs = padded(layer.w.nrows());
        let mut columns = Self {
            w: vec![Lanes::ZERO; inputs * panels.len()],
            b: vec![Lanes::ZERO; panels.len()],
            activation: layer.activation,
            inputs,
            panels,
        };
        let first = columns.panels.start * LANES;
        write_panels(layer.w.view(), first, &mut columns.w);
        let b: ArrayView2<f32> = layer.b.view().insert_axis(Axis(0));
        for (panel, row) in columns.b.iter_mut().enumerate() {
            let values = row.0.iter_mut().zip(first + panel * LANES..b.ncols());
            values.for_each(|(value, column)| *value = b[[0, column]]);
        }
        columns
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

    /// Forward: `y = f(x w + b)`, in panels of `rows` rows.
    pub(super) fn forward(&self, x: &[Lanes], rows: usize, y: &mut [Lanes]) {
        for (index, y) in y.chunks_exact_mut(rows).enumerate() {
            self.forward_panel(index, x, y);
        }
    }

    /// [`forward`](Self::forward) for one of these panels, counted from the first.
    pub(super) fn forward_panel(&self, index: usize, x: &[Lanes], y: &mut [Lanes]) {
        let w = &self.w[index * self.inputs..][..self.inputs];
        kernels::forward(x, w, &self.b[index], self.activation, y);
    }

    /// Backward by the inputs: `dx = ds wᵀ`, the part of these columns.
    pub(super) fn derive_inputs(&self, ds: &[Lanes], rows: usize, dx: &mut [Lanes]) {
        kernels::input_gradient(ds, &self.w, rows, dx);
    }
}

/// Backward by kernel and bias, `dw = xᵀ ds` and `db = Σₙ ds`, and at once Adam's step of
/// the columns `w` with moments `m` and `v`.
pub(super) fn descend(
    [w, m, v]: [&mut Columns; 3],
    x: &[Lanes],
    ds: &[Lanes],
    rows: usize,
    step: AdamStep,
) {
    let inputs = w.inputs;
    for (panel, ds) in ds.chunks_exact(rows).enumerate() {
        let here = panel * inputs..(panel + 1) * inputs;
        let (m_w, v_w) = (&mut m.w[here.clone()], &mut v.w[here.clone()]);
        kernels::descend(x, ds, &mut w.w[here], m_w, v_w, step);
        let (m_b, v_b) = (&mut m.b[panel], &mut v.b[panel]);
        kernels::descend_bias(ds, &mut w.b[panel], m_b, v_b, step);
    }
}
