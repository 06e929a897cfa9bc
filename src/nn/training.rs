//! A network while it is trained, laid out for speed.
//!
//! The same mathematics as [`Autoencoder`], [`Trace`](super::Trace) and
//! [`Adam`](super::Adam), which are its reference.

mod code;
mod dense;
pub(super) mod plain;

use super::{AdamConfig, Autoencoder, Batch, Objective};
use crate::pool::Pool;
use dense::DenseTraining;
use plain::PlainTraining;

/// A network with its optimiser and its last batch's outputs.
#[derive(Debug, Clone)]
pub struct Training(Layout);

/// Which layout suits the layers.
#[derive(Debug, Clone)]
enum Layout {
    Dense(Box<DenseTraining>),
    Plain(Box<PlainTraining>),
}

impl Training {
    /// Starts from this network, for batches of up to `batch_size` images.
    pub fn new(
        net: &Autoencoder,
        objective: Objective,
        adam: AdamConfig,
        batch_size: usize,
        pool: Pool,
    ) -> Self {
        if net.architecture().code_maps().is_some() {
            let plain = PlainTraining::new(net, objective, adam, batch_size);
            return Self(Layout::Plain(Box::new(plain)));
        }
        let dense = DenseTraining::new(net, objective, adam, batch_size, pool);
        Self(Layout::Dense(Box::new(dense)))
    }

    /// Forward: every layer's outputs for the images of the batch.
    ///
    /// # Panics
    ///
    /// When the batch has room for another number of images than the training.
    pub fn forward(&mut self, batch: &Batch) {
        match &mut self.0 {
            Layout::Dense(dense) => dense.forward(batch),
            Layout::Plain(plain) => plain.forward(batch),
        }
    }

    /// The loss `J` of the batch (see [`Objective`]), and its derivative by the logits.
    pub fn loss(&mut self, batch: &Batch) -> f64 {
        match &mut self.0 {
            Layout::Dense(dense) => dense.loss(batch),
            Layout::Plain(plain) => plain.loss(batch),
        }
    }

    /// Backward: the chain rule from the logits to the first kernel, and Adam's
    /// step of every parameter as soon as its derivative is there.
    pub fn backward_and_update(&mut self, batch: &Batch) {
        match &mut self.0 {
            Layout::Dense(dense) => dense.backward_and_update(batch),
            Layout::Plain(plain) => plain.backward_and_update(batch),
        }
    }

    /// The network as it is now.
    pub fn net(&self) -> Autoencoder {
        match &self.0 {
            Layout::Dense(dense) => dense.net(),
            Layout::Plain(plain) => plain.net(),
        }
    }

    /// Adds to `lives` which code units were other than zero for one of the images.
    pub fn add_live_units(&self, batch: &Batch, lives: &mut [bool]) {
        match &self.0 {
            Layout::Dense(dense) => dense.add_live_units(batch, lives),
            Layout::Plain(plain) => plain.add_live_units(lives),
        }
    }
}
