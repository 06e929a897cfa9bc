//! A network while it is trained, laid out for speed.
//!
//! The same mathematics as [`Autoencoder`], [`Trace`](super::Trace) and
//! [`Adam`], which are its reference.

use std::fmt;

use super::{
    Adam, AdamConfig, Architecture, Autoencoder, Batch, Objective,
    conv::{self, ConvTraining},
    dense::DenseTraining,
};
use crate::pool::Pool;

/// A network with its optimiser.
#[derive(Debug)]
pub struct Training(Box<dyn Step>);

/// What a layout of layers must be able to do to be trained.
pub(super) trait Step: fmt::Debug + Send {
    fn retune(&mut self, objective: Objective, config: AdamConfig);
    fn step(&mut self, batch: &Batch) -> f64;
    fn net(&self) -> Autoencoder;
    fn adam(&self) -> Adam;
    fn add_live_units(&self, batch: &Batch, lives: &mut [bool]);
}

impl Training {
    /// Goes on from this network and its optimiser, for batches of up to `batch_size`
    /// images. A fresh start is [`Adam::new`].
    pub fn new(
        start: (&Autoencoder, &Adam),
        objective: Objective,
        config: AdamConfig,
        batch_size: usize,
        pool: Pool,
    ) -> Self {
        let is_conv = start.0.architecture().code_maps().is_some();
        Self(if is_conv {
            Box::new(ConvTraining::new(
                start, objective, config, batch_size, pool,
            ))
        } else {
            Box::new(DenseTraining::new(
                start, objective, config, batch_size, pool,
            ))
        })
    }

    /// Bytes that convolutions of this architecture take while they are trained, at most: every
    /// number of every map stands there several times for each of many images.
    pub fn bytes_of_maps(architecture: &Architecture, batch_size: usize) -> u128 {
        conv::bytes(architecture, batch_size)
    }

    /// Counts otherwise from the next step on. What has been gathered stays.
    pub fn retune(&mut self, objective: Objective, config: AdamConfig) {
        self.0.retune(objective, config);
    }

    /// A step: forward, the loss `J` of the batch (see [`Objective`]), backward, and Adam's
    /// update of every parameter. Nothing is updated by a loss that is not finite.
    ///
    /// # Panics
    ///
    /// When the batch has room for another number of images than the training.
    pub fn step(&mut self, batch: &Batch) -> f64 {
        self.0.step(batch)
    }

    /// The network as it is now.
    pub fn net(&self) -> Autoencoder {
        self.0.net()
    }

    /// The optimiser as it is now: [`net`](Self::net) and this are all that the next
    /// steps depend on.
    pub fn adam(&self) -> Adam {
        self.0.adam()
    }

    /// Adds to `lives` which code units were other than zero for one of the images.
    pub fn add_live_units(&self, batch: &Batch, lives: &mut [bool]) {
        self.0.add_live_units(batch, lives);
    }
}
