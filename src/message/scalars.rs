//! Numbers by their names, of a run of which nothing else is told.

use super::Writer;

/// A number, as a log has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    /// Its name.
    pub tag: String,
    /// The step after which it was written.
    pub step: u64,
    /// What it was.
    pub value: f32,
}

/// What has been read of such a run since the last time.
#[derive(Debug, Clone, Default)]
pub struct Scalars {
    /// The run has gone back to this step; 0, where it begins anew. What is told here follows.
    pub back_to: Option<u64>,
    /// The numbers, in their order.
    pub scalars: Vec<Scalar>,
    /// What is to be said of the files.
    pub remarks: Vec<String>,
    /// What has become of whoever writes it, where that is news.
    pub writer: Option<Writer>,
}
