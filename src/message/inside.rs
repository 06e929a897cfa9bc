//! What is asked and answered of what the layers do.

/// What the view asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InsideAsk {}

/// What it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct InsideAnswer {
    /// The step whose weights answered.
    pub step: u64,
}
