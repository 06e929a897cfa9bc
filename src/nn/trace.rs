//! What a forward pass leaves for the backward pass.

use super::Architecture;
use ndarray::{Array2, ArrayView2, ArrayViewMut2, s};

/// The outputs of every layer and the loss's derivative by each of them.
///
/// Made once for the largest batch and used again for every step; a smaller
/// batch uses the first rows. Nothing else remembers a forward pass, so a
/// preview never disturbs training.
#[derive(Debug, Clone)]
pub struct Trace {
    batch: usize,
    layers: Vec<LayerTrace>,
}

/// `y` and `dy` of one layer, `[max_batch, out]` each.
#[derive(Debug, Clone)]
struct LayerTrace {
    y: Array2<f32>,
    dy: Array2<f32>,
}

/// What [`Dense::backward`](super::Dense::backward) needs of a trace.
pub(super) struct BackwardViews<'a> {
    /// The layer's input, unless that is the batch itself.
    pub(super) x: Option<ArrayView2<'a, f32>>,
    /// The derivative by that input.
    pub(super) dx: Option<ArrayViewMut2<'a, f32>>,
    /// The layer's output.
    pub(super) y: ArrayView2<'a, f32>,
    /// The derivative by that output.
    pub(super) dy: ArrayViewMut2<'a, f32>,
}

impl Trace {
    /// Room for batches of up to `max_batch` images.
    pub fn new(architecture: &Architecture, max_batch: usize) -> Self {
        let layer = |&size: &usize| LayerTrace {
            y: Array2::zeros((max_batch, size)),
            dy: Array2::zeros((max_batch, size)),
        };
        Self {
            batch: 0,
            layers: architecture.sizes()[1..].iter().map(layer).collect(),
        }
    }

    /// `N` of the last forward pass.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// The logits of the last forward pass, `[N, I]`.
    pub fn logits(&self) -> ArrayView2<'_, f32> {
        self.last().y.slice(s![..self.batch, ..])
    }

    /// The codes of the last forward pass, `[N, Z]`.
    pub fn codes(&self) -> ArrayView2<'_, f32> {
        let code = self.layers.len() / 2 - 1;
        self.layers[code].y.slice(s![..self.batch, ..])
    }

    /// The logits, `[N, I]`, and the place for the loss's derivative by them.
    ///
    /// # Panics
    ///
    /// When the architecture had no layer.
    pub fn logits_and_gradient(&mut self) -> (ArrayView2<'_, f32>, ArrayViewMut2<'_, f32>) {
        let rows = s![..self.batch, ..];
        let LayerTrace { y, dy } = self.layers.last_mut().expect(HAS_LAYERS);
        (y.slice(rows), dy.slice_mut(rows))
    }

    /// Sets `N` for the forward pass that follows.
    ///
    /// # Panics
    ///
    /// When the batch is larger than the trace was made for.
    pub(super) fn start(&mut self, batch: usize) {
        let room = self.last().y.nrows();
        assert!(
            batch <= room,
            "a trace for {room} images cannot hold {batch}"
        );
        self.batch = batch;
    }

    /// Input and output of one layer; the first layer's input is `x`.
    pub(super) fn forward_views<'a>(
        &'a mut self,
        layer: usize,
        x: ArrayView2<'a, f32>,
    ) -> (ArrayView2<'a, f32>, ArrayViewMut2<'a, f32>) {
        let rows = s![..self.batch, ..];
        let (before, rest) = self.layers.split_at_mut(layer);
        let x = before.last().map_or(x, |previous| previous.y.slice(rows));
        (x, rest[0].y.slice_mut(rows))
    }

    /// Input and output of one layer, with the derivatives by them.
    pub(super) fn backward_views(&mut self, layer: usize) -> BackwardViews<'_> {
        let rows = s![..self.batch, ..];
        let (before, rest) = self.layers.split_at_mut(layer);
        let LayerTrace { y, dy } = &mut rest[0];
        let (x, dx) = match before.last_mut() {
            Some(previous) => (
                Some(previous.y.slice(rows)),
                Some(previous.dy.slice_mut(rows)),
            ),
            None => (None, None),
        };
        BackwardViews {
            x,
            dx,
            y: y.slice(rows),
            dy: dy.slice_mut(rows),
        }
    }

    fn last(&self) -> &LayerTrace {
        self.layers.last().expect(HAS_LAYERS)
    }
}

const HAS_LAYERS: &str = "an autoencoder has at least one layer on each side";
