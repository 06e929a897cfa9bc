//! What the same short run comes to with another number of numbers in the middle.

/// One such run, at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct TriedWidth {
    /// Numbers of its code.
    pub width: usize,
    /// What held-out images cost.
    pub held_out: f32,
    /// The share of held-out images whose nearest codes tell their class.
    pub told: f32,
    /// What it makes of ten images, from the first shown on.
    pub pictures: Vec<Vec<f32>>,
}
