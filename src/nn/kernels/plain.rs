//! What the kernels compute, from the definitions, in f64.

use super::AdamStep;
use ndarray::Array2;

pub(super) fn sigmoid(logit: f32) -> f64 {
    1.0 / (1.0 + (-f64::from(logit)).exp())
}

pub(super) fn cross_entropy(logit: f32, target: f32, limit: f32) -> f64 {
    let (p, x) = (sigmoid(logit.clamp(-limit, limit)), f64::from(target));
    -x * p.ln() - (1.0 - x) * (-p).ln_1p()
}

pub(super) fn slope(logit: f32, target: f32, limit: f32) -> f64 {
    if logit.abs() > limit {
        0.0
    } else {
        sigmoid(logit) - f64::from(target)
    }
}

/// The parameter and its moments after one step.
pub(super) fn adam(p: f32, g: f32, m: f32, v: f32, step: AdamStep) -> [f64; 3] {
    let [p, g, m, v] = [p, g, m, v].map(f64::from);
    let m = m + f64::from(step.one_minus_beta1) * (g - m);
    let v = v + f64::from(step.one_minus_beta2) * (g * g - v);
    let p = p - f64::from(step.rate) * m / (v.sqrt() + f64::from(step.epsilon));
    [p, m, v]
}

/// `xᵀ y` of matrices with as many rows, in f64.
pub(super) fn transposed_product(x: &Array2<f32>, y: &Array2<f32>) -> Array2<f64> {
    product(&x.t().to_owned(), y)
}

/// `x y`, in f64.
pub(super) fn product(x: &Array2<f32>, y: &Array2<f32>) -> Array2<f64> {
    x.mapv(f64::from).dot(&y.mapv(f64::from))
}
