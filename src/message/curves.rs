//! What is asked and answered of the course of the run, at a ruler.

/// What the view asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CurvesAsk {}

/// What it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct CurvesAnswer {
    /// The step whose weights answered.
    pub step: u64,
}
