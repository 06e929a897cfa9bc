//! Where the kernels find the maps of sixteen images.

/// Where maps stand in memory: number `[c, i, j]` at `first + c map + i row + j column`.
#[derive(Debug, Clone, Copy)]
pub(in crate::nn) struct Grid {
    pub(in crate::nn) first: usize,
    pub(in crate::nn) map: usize,
    pub(in crate::nn) row: usize,
    pub(in crate::nn) column: usize,
}

impl Grid {
    /// The maps from a later one on.
    pub(in crate::nn) fn at_map(self, map: usize) -> Self {
        Self {
            first: self.first + map * self.map,
            ..self
        }
    }

    /// The maps from a later row on.
    pub(in crate::nn) fn at_row(self, row: usize) -> Self {
        Self {
            first: self.first + row * self.row,
            ..self
        }
    }
}

/// Rows and columns to work on.
#[derive(Debug, Clone, Copy)]
pub(in crate::nn) struct Size {
    pub(in crate::nn) height: usize,
    pub(in crate::nn) width: usize,
}

/// Maps to try kernels on.
#[cfg(test)]
pub(super) mod sample {
    use super::Grid;
    use crate::nn::lanes::Lanes;
    use ndarray_rand::rand::{Rng, rngs::StdRng};

    /// Sums of up to some hundred products of numbers up to 1, each with a rounding
    /// (6e-8) of what there is so far.
    pub(in super::super) const TOLERANCE: f64 = 1e-4;

    pub(in super::super) fn random(rng: &mut StdRng, count: usize) -> Vec<Lanes> {
        let mut row = || Lanes(std::array::from_fn(|_| rng.random_range(-1.0..1.0)));
        (0..count).map(|_| row()).collect()
    }

    /// Maps of these sides, one after the other, a number of nobody's before each; the last ends
    /// where the numbers end.
    pub(in super::super) fn grid(height: usize, width: usize) -> Grid {
        Grid {
            first: 1,
            map: height * width + 1,
            row: width,
            column: 1,
        }
    }

    pub(in super::super) fn at(grid: Grid, [c, i, j]: [usize; 3]) -> usize {
        grid.first + c * grid.map + i * grid.row + j * grid.column
    }
}
