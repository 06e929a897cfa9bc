//! What is asked and answered of all images by their losses.

/// What the view asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SamplesAsk {}

/// What it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplesAnswer {
    /// The step whose weights answered.
    pub step: u64,
}
