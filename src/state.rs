//! Where a run is.
//!
//! The recipe says what a run is; this is the rest of what its next step follows
//! from: weights, the optimiser's moments and the epoch's sums so far. The order of
//! the images and every draw follow from the seed and the step, so they need not be
//! kept. A plain value: who keeps it, and where, is for others to know.

use crate::{
    nn::{Adam, Autoencoder},
    random::{Stream, generator},
    recipe::Recipe,
};

/// A run after some step, from which it goes on as if it had never stopped.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The weights.
    pub net: Autoencoder,
    /// Adam's moments, and the steps taken.
    pub adam: Adam,
    /// What the epoch adds up to so far; at an epoch's end, what it added up to.
    pub so_far: EpochSoFar,
}

impl State {
    /// Before the first step: these weights, or fresh ones named by the seed.
    pub fn start(recipe: &Recipe, init: Option<Autoencoder>) -> Self {
        let architecture = recipe.architecture();
        let fresh = || {
            let mut rng = generator(recipe.seed, Stream::Weights, 0);
            Autoencoder::glorot(&architecture, &mut rng)
        };
        let net = init.unwrap_or_else(fresh);
        Self {
            adam: Adam::new(&net),
            net,
            so_far: EpochSoFar::of_units(architecture.latent()),
        }
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.adam.t
    }
}

/// What an epoch adds up to, while it runs.
#[derive(Debug, Clone, PartialEq)]
pub struct EpochSoFar {
    /// Images trained on.
    pub images: usize,
    /// The sum of their losses, each before its own update.
    pub loss: f64,
    /// Whether a code unit was other than zero for any of them.
    pub unit_lives: Vec<bool>,
}

/// What an epoch added up to.
#[derive(Debug, Clone, PartialEq)]
pub struct EpochSum {
    /// Images trained on.
    pub images: usize,
    /// Mean loss of its images, each before its own update.
    pub train_loss: f32,
    /// Code units that were zero for every image, numbered from 1.
    pub dead_units: Vec<usize>,
}

impl EpochSoFar {
    /// Nothing yet, of a code of so many units.
    pub fn of_units(units: usize) -> Self {
        Self {
            images: 0,
            loss: 0.0,
            unit_lives: vec![false; units],
        }
    }

    /// What it adds up to.
    pub fn sum(&self) -> EpochSum {
        let dead = |(unit, &lives): (usize, &bool)| (!lives).then_some(unit + 1);
        EpochSum {
            images: self.images,
            train_loss: (self.loss / self.images.max(1) as f64) as f32,
            dead_units: self
                .unit_lives
                .iter()
                .enumerate()
                .filter_map(dead)
                .collect(),
        }
    }
}
