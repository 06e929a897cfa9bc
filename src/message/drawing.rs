//! What is asked and answered of what the network makes of a drawing.

/// What the view asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DrawAsk {}

/// What it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawAnswer {
    /// The step whose weights answered.
    pub step: u64,
}
