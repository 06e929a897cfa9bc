//! What the products are tried on: batches, kernels and derivatives of all sizes.

use crate::nn::adam::AdamStep;
use crate::nn::lanes::{LANES, Lanes, padded, value, write_panels};
use ndarray::Array2;
use proptest::prelude::*;
use std::ops::Range;

/// A layer at work, with numbers between -1 and 1.
#[derive(Debug)]
pub(super) struct Case {
    /// What goes in, `[N, in]`; a part of it is zero.
    pub(super) x: Array2<f32>,
    /// The kernel, `[in, out]`.
    pub(super) w: Array2<f32>,
    /// A derivative by the sums, `[N, out]`.
    pub(super) ds: Array2<f32>,
}

impl Case {
    /// A step in which Adam's first moment, if it was zero, becomes the gradient.
    pub(super) const GRADIENT: AdamStep = AdamStep {
        rate: 0.001,
        one_minus_beta1: 1.0,
        one_minus_beta2: 0.001,
        epsilon: 1e-7,
    };

    /// Sizes that fill whole rows of sixteen and sizes that don't.
    pub(super) fn any() -> impl Strategy<Value = Self> {
        Self::of_units(1..40)
    }

    /// With as many units as one of these.
    pub(super) fn of_units(units: Range<usize>) -> impl Strategy<Value = Self> {
        (1..40_usize, 1..70_usize, units).prop_flat_map(|(images, inputs, units)| {
            let matrix = |rows: usize, columns: usize, zeros: f64| {
                let number = prop_oneof![
                    1 => Just(0.0_f32).boxed(),
                    (1 + (9.0 * (1.0 - zeros)) as u32) => (-1.0_f32..1.0).boxed(),
                ];
                proptest::collection::vec(number, rows * columns).prop_map(move |numbers| {
                    Array2::from_shape_vec((rows, columns), numbers).expect("as many as asked for")
                })
            };
            let x = matrix(images, inputs, 0.9);
            let w = matrix(inputs, units, 0.0);
            let ds = matrix(images, units, 0.0);
            (x, w, ds).prop_map(|(x, w, ds)| Self { x, w, ds })
        })
    }
}

/// A matrix in panels of whole rows of sixteen.
pub(super) fn panels(matrix: &Array2<f32>) -> Vec<Lanes> {
    let rows = padded(matrix.nrows());
    let mut panels = vec![Lanes::ZERO; padded(matrix.ncols()) / LANES * rows];
    write_panels(matrix.view(), 0, &mut panels);
    panels
}

/// Whether panels hold this matrix, each number a sum of so many products.
pub(super) fn all_near(
    panels: &[Lanes],
    expected: &Array2<f64>,
    terms: usize,
) -> Result<(), TestCaseError> {
    let rows = padded(expected.nrows());
    for ((row, column), &expected) in expected.indexed_iter() {
        near(value(panels, rows, row, column), expected, terms)?;
    }
    Ok(())
}

/// Whether a sum of so many products of numbers up to 1 is what it should be: each
/// partial sum is at most the number of terms and rounds by 6e-8 of itself.
pub(super) fn near(actual: f32, expected: f64, terms: usize) -> Result<(), TestCaseError> {
    let bound = 6e-8 * (terms * terms + 1) as f64;
    let error = (f64::from(actual) - expected).abs();
    prop_assert!(error < bound, "{actual} instead of {expected}");
    Ok(())
}

/// `x y`, in f64.
pub(super) fn product(x: &Array2<f32>, y: &Array2<f32>) -> Array2<f64> {
    x.mapv(f64::from).dot(&y.mapv(f64::from))
}
