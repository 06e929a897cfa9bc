//! Codes that nobody has to have: what the network makes of a place.

use ndarray::{Array2, ArrayView2};

use super::Lens;
use crate::nn::loss;

impl Lens<'_> {
    /// The pictures `[N, I]`, 0 to 1, that the network makes of the codes `[N, Z]`.
    ///
    /// # Panics
    ///
    /// When the codes are of another length than the network's.
    pub fn decode(&self, codes: ArrayView2<f32>) -> Array2<f32> {
        loss::probabilities(self.net.decoded(self.pool, codes).view())
    }
}
