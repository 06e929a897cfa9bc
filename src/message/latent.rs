//! What is asked and answered of the latent space around a cursor.

/// What the view asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LatentAsk {}

/// What it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentAnswer {
    /// The step whose weights answered.
    pub step: u64,
}
