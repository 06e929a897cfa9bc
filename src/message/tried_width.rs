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
    /// The first of the held-out images that it was shown.
    pub first: usize,
    /// What it makes of those, one after the other.
    pub pictures: Vec<Vec<f32>>,
}
