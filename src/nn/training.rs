//! A network while it is trained, laid out for speed.
//!
//! The same mathematics as [`Autoencoder`], [`Trace`](super::Trace) and
//! [`Adam`], which are its reference.

mod code;
mod conv;
mod dense;
mod first;
mod learning;
mod shard;

use super::{Adam, AdamConfig, Architecture, Autoencoder, Batch, Objective};
use crate::pool::Pool;
use conv::ConvTraining;
use dense::DenseTraining;

/// A network with its optimiser and its last batch's outputs.
#[derive(Debug, Clone)]
pub struct Training(Layout);

/// Which layout suits the layers.
#[derive(Debug, Clone)]
enum Layout {
    Dense(Box<DenseTraining>),
    Convolutional(Box<ConvTraining>),
}

impl Training {
    /// Goes on from this network and its optimiser, for batches of up to `batch_size`
    /// images. A fresh start is [`Adam::new`].
    pub fn new(
        (net, adam): (&Autoencoder, &Adam),
        objective: Objective,
        config: AdamConfig,
        batch_size: usize,
        pool: Pool,
    ) -> Self {
        let start = (net, adam);
        if net.architecture().code_maps().is_some() {
            let conv = ConvTraining::new(start, objective, config, batch_size, pool);
            return Self(Layout::Convolutional(Box::new(conv)));
        }
        let dense = DenseTraining::new(start, objective, config, batch_size, pool);
        Self(Layout::Dense(Box::new(dense)))
    }

    /// Bytes that convolutions of this architecture take while they are trained, at most: every
    /// number of every map stands there several times for each of many images.
    pub fn bytes_of_maps(architecture: &Architecture, batch_size: usize) -> u128 {
        conv::bytes(architecture, batch_size)
    }

    /// Counts otherwise from the next step on. What has been gathered stays.
    pub fn retune(&mut self, objective: Objective, config: AdamConfig) {
        match &mut self.0 {
            Layout::Dense(dense) => dense.retune(objective, config),
            Layout::Convolutional(conv) => conv.retune(objective, config),
        }
    }

    /// Forward: every layer's outputs for the images of the batch.
    ///
    /// # Panics
    ///
    /// When the batch has room for another number of images than the training.
    pub fn forward(&mut self, batch: &Batch) {
        match &mut self.0 {
            Layout::Dense(dense) => dense.forward(batch),
            Layout::Convolutional(conv) => conv.forward(batch),
        }
    }

    /// The loss `J` of the batch (see [`Objective`]), and its derivative by the logits.
    pub fn loss(&mut self, batch: &Batch) -> f64 {
        match &mut self.0 {
            Layout::Dense(dense) => dense.loss(batch),
            Layout::Convolutional(conv) => conv.loss(batch),
        }
    }

    /// Backward: the chain rule from the logits to the first kernel, and Adam's
    /// step of every parameter as soon as its derivative is there.
    pub fn backward_and_update(&mut self, batch: &Batch) {
        match &mut self.0 {
            Layout::Dense(dense) => dense.backward_and_update(batch),
            Layout::Convolutional(conv) => conv.backward_and_update(),
        }
    }

    /// The network as it is now.
    pub fn net(&self) -> Autoencoder {
        match &self.0 {
            Layout::Dense(dense) => dense.net(),
            Layout::Convolutional(conv) => conv.net(),
        }
    }

    /// The optimiser as it is now: [`net`](Self::net) and this are all that the next
    /// steps depend on.
    pub fn adam(&self) -> Adam {
        match &self.0 {
            Layout::Dense(dense) => dense.adam(),
            Layout::Convolutional(conv) => conv.adam(),
        }
    }

    /// Adds to `lives` which code units were other than zero for one of the images.
    pub fn add_live_units(&self, batch: &Batch, lives: &mut [bool]) {
        match &self.0 {
            Layout::Dense(dense) => dense.add_live_units(batch, lives),
            Layout::Convolutional(conv) => conv.add_live_units(lives),
        }
    }
}
