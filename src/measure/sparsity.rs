//! How little of a code is used.

use ndarray::ArrayView2;
use serde::Serialize;

/// Which code values are exactly zero.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sparsity {
    /// Share of all code values that are zero, 0 to 1.
    pub zeros: f64,
    /// Code units that are zero for every image, numbered from 1.
    pub dead_units: Vec<usize>,
}

impl Sparsity {
    /// Of codes `[N, Z]`.
    pub fn of(codes: ArrayView2<f32>) -> Self {
        let zeros = codes.iter().filter(|&&value| value == 0.0).count();
        let units = codes.columns().into_iter().enumerate();
        let dead = units.filter(|(_, unit)| unit.iter().all(|&value| value == 0.0));
        Self {
            zeros: zeros as f64 / codes.len() as f64,
            dead_units: dead.map(|(unit, _)| unit + 1).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_counted_and_dead_units_named() {
        let codes = ndarray::array![[0.0, 0.0, 1.0, -0.0], [0.0, 2.0, 0.0, 0.0]];
        let sparsity = Sparsity::of(codes.view());
        assert_eq!(sparsity.zeros, 6.0 / 8.0);
        assert_eq!(sparsity.dead_units, [1, 4]);
    }
}
