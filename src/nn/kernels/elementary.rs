//! Exponential and logarithm as polynomials without a branch or a call.
//!
//! Only in the ranges the kernels need, so that a compiler can turn a loop over
//! them into vector instructions.

/// `eˣ` for `x` ≤ 0, to 2e-7 of its value; below -87 it stays at `e⁻⁸⁷`.
///
/// `x = n ln 2 + r` with `|r| ≤ ln 2 / 2`, so `eˣ = 2ⁿ eʳ`. Taylor's series of
/// `eʳ` to the seventh power is exact to 5e-9.
#[inline(always)]
pub(super) fn exp_nonpositive(x: f32) -> f32 {
    // 1.5 * 2²³: a small number added to it is rounded to a whole one, which
    // stands in the low bits of the sum.
    const ROUNDER: f32 = 12_582_912.0;
    const EXPONENT_BIAS: u32 = 127;
    const MANTISSA_BITS: u32 = 23;
    // ln 2 in two parts (Cody and Waite 1980): n times the first is exact.
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;

    // `x.max(-87.0)` would turn NaN into a number.
    let x = if x < -87.0 { -87.0 } else { x };
    let rounded = x * std::f32::consts::LOG2_E + ROUNDER;
    let n = rounded - ROUNDER;
    let r = x - n * LN_2_HIGH - n * LN_2_LOW;
    let power = f32::from_bits(
        (rounded.to_bits() << MANTISSA_BITS).wrapping_add(EXPONENT_BIAS << MANTISSA_BITS),
    );
    let series = [
        1.0 / 5040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ];
    horner(r, series) * power
}

/// `ln(1 + e)` for `e` in 0..=1, to 2e-7 of its value.
///
/// `e` times the polynomial of degree 8 that is nearest to `ln(1 + e) / e` by
/// relative error: the exchange algorithm (Remez 1934) leaves 3e-8.
#[inline(always)]
pub(super) fn ln_1p_of_unit(e: f32) -> f32 {
    let nearest = [
        0.005_232_694_4,
        -0.029_505_238,
        0.078_225_95,
        -0.136_632_46,
        0.191_060_07,
        -0.248_429_82,
        0.333_190_98,
        -0.499_994_93,
        1.0,
    ];
    e * horner(e, nearest)
}

/// `ln(p)` for a normal `p` of 1 or more, to 2e-7 of its value or better.
///
/// `p = 2ⁿ (1 + e)`, so `ln(p) = n ln 2 + ln(1 + e)`.
#[inline(always)]
pub(super) fn ln_from_one(p: f32) -> f32 {
    const MANTISSA_BITS: u32 = 23;
    const ONE: u32 = 127 << MANTISSA_BITS;
    let bits = p.to_bits() - ONE;
    let n = (bits >> MANTISSA_BITS) as f32;
    let e = f32::from_bits((bits & ((1 << MANTISSA_BITS) - 1)) | ONE) - 1.0;
    n * std::f32::consts::LN_2 + ln_1p_of_unit(e)
}

/// A polynomial at `x`, its coefficients from the highest power down.
#[inline(always)]
fn horner<const TERMS: usize>(x: f32, coefficients: [f32; TERMS]) -> f32 {
    let mut value = coefficients[0];
    for &coefficient in &coefficients[1..] {
        value = value * x + coefficient;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // Both polynomials are exact to a unit in the last place (6e-8) or less; three
    // roundings on top (argument, last sum, product) give a bound of 2e-7.
    const TOLERANCE: f64 = 2e-7;

    proptest! {
        #[test]
        fn the_exponential_is_the_exponential(x in -87.0_f32..=0.0) {
            let expected = f64::from(x).exp();
            let error = (f64::from(exp_nonpositive(x)) / expected - 1.0).abs();
            prop_assert!(error < TOLERANCE, "e^{x} is off by {error:e}");
        }

        #[test]
        fn the_logarithm_is_the_logarithm(e in 1e-30_f32..=1.0) {
            let expected = f64::from(e).ln_1p();
            let error = (f64::from(ln_1p_of_unit(e)) / expected - 1.0).abs();
            prop_assert!(error < TOLERANCE, "ln(1 + {e}) is off by {error:e}");
        }
    }

    #[test]
    fn the_ends_of_the_ranges_are_right() {
        assert!((exp_nonpositive(0.0) - 1.0).abs() < f32::EPSILON);
        assert!(exp_nonpositive(f32::NEG_INFINITY) < 1.7e-38);
        assert!(exp_nonpositive(f32::NEG_INFINITY) >= f32::MIN_POSITIVE);
        assert!((ln_1p_of_unit(1.0) - std::f32::consts::LN_2).abs() < f32::EPSILON);
        assert!(ln_1p_of_unit(0.0).abs() < f32::MIN_POSITIVE);
    }
}
