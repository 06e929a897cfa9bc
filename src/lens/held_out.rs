//! The two numbers that a run is judged by.

/// What held-out images come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeldOut {
    /// The objective that training makes small, penalties included.
    pub loss: f32,
    /// Its cross-entropy per pixel alone, which baselines compare with.
    pub reconstruction: f32,
}
