//! A network at one moment of its training.

use super::Autoencoder;

/// The network after so many steps: a plain value that never changes, for whoever
/// looks at it while the training has long gone on.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Steps done.
    pub step: u64,
    /// The weights then.
    pub net: Autoencoder,
}
