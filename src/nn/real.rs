//! The numbers of the plain form.
//!
//! It is written once for both: f32, in which networks are kept and trained, and f64, in
//! which a difference quotient keeps enough digits to prove a derivative.

use ndarray::NdFloat;

/// A constant of a formula.
pub(super) fn real<F: NdFloat>(constant: f64) -> F {
    F::from(constant).expect("f32 and f64 hold any constant, rounded")
}

/// A number on its way into a long sum.
pub(super) fn wide<F: NdFloat>(number: F) -> f64 {
    number.to_f64().expect("f64 holds all that f32 does")
}
