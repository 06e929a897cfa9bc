//! What can be changed while a run goes on.

use serde::{Deserialize, Serialize};

use super::written::WrittenEdit;
use crate::data::corrupt::Noise;

/// A change, and where it was made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "WrittenEdit", try_from = "WrittenEdit")]
pub struct Edit {
    /// Steps done when it was made; it holds from the next one on.
    pub step: u64,
    /// What was changed.
    pub change: Change,
}

/// A value that a run may take in the middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// The learning rate.
    LearningRate(f64),
    /// The price of a code's absolute values.
    L1(f64),
    /// What happens to the images on their way in.
    Noise(Noise),
    /// The seed of what is drawn from here on: the order of the images, noise, epsilon.
    Seed(u64),
}
