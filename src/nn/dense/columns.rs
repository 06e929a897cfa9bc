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

    /// Forward: `y = f(x w + b)`, in panels of `rows` rows, for some of these panels, counted
    /// from the first.
    pub(super) fn forward(&self, panels: Range<usize>, x: &[Lanes], rows: usize, y: &mut [Lanes]) {
        let w = &self.w[panels.start * self.inputs..panels.end * self.inputs];
        kernels::forward(x, w, &self.b[panels], self.activation, rows, y);
    }

    /// Backward by the inputs: `dx = ds wᵀ`, the part of these columns; `turned` has two rows for each.
    pub(super) fn derive_inputs(
        &self,
        ds: &[Lanes],
        rows: usize,
        turned: &mut [Lanes],
        dx: &mut [Lanes],
    ) {
        kernels::input_gradient(ds, &self.w, rows, turned, dx);
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
    kernels::descend(x, ds, rows, [&mut w.w, &mut m.w, &mut v.w], step);
    let moments = m.b.iter_mut().zip(&mut v.b);
    for (ds, (b, (m, v))) in ds.chunks_exact(rows).zip(w.b.iter_mut().zip(moments)) {
        kernels::descend_bias(ds, b, m, v, step);
    }
}
