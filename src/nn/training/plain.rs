//! A network that is trained by the plain step.

use crate::nn::{
    Adam, AdamConfig, Autoencoder, Gradients, Objective, Trace,
    batch::{Batch, Input},
    lanes::value,
};
use ndarray::Array2;

/// A network with its optimiser and its last batch's outputs.
#[derive(Debug, Clone)]
pub(super) struct PlainTraining {
    net: Autoencoder,
    config: AdamConfig,
    adam: Adam,
    trace: Trace,
    gradients: Gradients,
}

impl PlainTraining {
    pub(super) fn new(
        net: &Autoencoder,
        objective: Objective,
        config: AdamConfig,
        batch_size: usize,
    ) -> Self {
        let architecture = net.architecture();
        Self {
            net: net.clone(),
            config,
            adam: Adam::new(net),
            trace: Trace::new(&architecture, objective, batch_size),
            gradients: Gradients::zeros(&architecture),
        }
    }

    pub(super) fn forward(&mut self, batch: &Batch) {
        self.net.forward(input(batch).view(), &mut self.trace);
    }

    pub(super) fn loss(&mut self, batch: &Batch) -> f64 {
        self.trace.loss(target(batch).view())
    }

    pub(super) fn backward_and_update(&mut self, batch: &Batch) {
        let x = input(batch);
        self.net
            .backward(x.view(), &mut self.trace, &mut self.gradients);
        self.adam.step(&self.config, &mut self.net, &self.gradients);
    }

    pub(super) fn net(&self) -> Autoencoder {
        self.net.clone()
    }

    pub(super) fn add_live_units(&self, lives: &mut [bool]) {
        let codes = self.trace.encoded();
        for (unit, lives) in codes.columns().into_iter().zip(lives) {
            *lives = *lives || unit.iter().any(|&value| value != 0.0);
        }
    }
}

pub(in crate::nn) fn input(batch: &Batch) -> Array2<f32> {
    match batch.input() {
        Input::Dense(x) => Array2::from_shape_fn((batch.images(), batch.inputs()), |(n, i)| {
            value(x, batch.rows(), n, i)
        }),
        Input::Sparse(_) => target(batch),
    }
}

pub(in crate::nn) fn target(batch: &Batch) -> Array2<f32> {
    Array2::from_shape_fn((batch.images(), batch.inputs()), |(n, i)| {
        batch.panel(i / 16)[n].0[i % 16]
    })
}
