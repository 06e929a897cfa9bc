//! Exponential and logarithm as polynomials without a branch or a call.
//!
//! Only in the ranges the kernels need, so that a compiler can turn a loop over
//! them into vector instructions. `product_plus(a, b, c)` is `a b + c`, as the processor does
//! it best: see [`portable`](super::portable::product_plus).

/// The lowest `x` whose `eˣ` is a normal number, nearly.
pub(super) const LOWEST: f32 = -87.0;

/// `eˣ` for `x` ≤ 0, but not below [`LOWEST`], to 2e-7 of its value. NaN stays NaN.
///
/// `x = n ln 2 + r` with `|r| ≤ ln 2 / 2`, so `eˣ = 2ⁿ eʳ`. The polynomial of degree 6 that is
/// nearest to `eʳ` by relative error (Remez 1934), with its coefficients rounded, leaves 2e-8.
#[inline(always)]
pub(super) fn exp_nonpositive(x: f32, product_plus: impl Fn(f32, f32, f32) -> f32 + Copy) -> f32 {
    // 1.5 * 2²³: a small number added to it is rounded to a whole one, which
    // stands in the low bits of the sum.
    const ROUNDER: f32 = 12_582_912.0;
    const EXPONENT_BIAS: u32 = 127;
    const MANTISSA_BITS: u32 = 23;
    // ln 2 in two parts (Cody and Waite 1980): n times the first is exact.
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;

    let rounded = product_plus(x, std::f32::consts::LOG2_E, ROUNDER);
    let n = rounded - ROUNDER;
    let r = product_plus(n, -LN_2_LOW, product_plus(n, -LN_2_HIGH, x));
    let power = f32::from_bits(
        (rounded.to_bits() << MANTISSA_BITS).wrapping_add(EXPONENT_BIAS << MANTISSA_BITS),
    );
    let nearest = [
        0.001_383_683_5,
        0.008_374_824,
        0.041_668_225,
        0.166_664_2,
        0.499_999_9,
        1.0,
        1.0,
    ];
    horner(r, nearest, product_plus) * power
}

/// `ln(1 + e)` for `e` in 0..=1, to 2e-7 of its value, or 2.1e-7 where products are rounded.
///
/// `e` times a polynomial of degree 8 that is near to `ln(1 + e) / e` by relative error, found by
/// the exchange algorithm (Remez 1934) and then among coefficients of an f32: it leaves 5.4e-8.
#[inline(always)]
pub(super) fn ln_1p_of_unit(e: f32, product_plus: impl Fn(f32, f32, f32) -> f32 + Copy) -> f32 {
    let nearest = [
        0.005_232_664,
        -0.029_505_562,
        0.078_225_77,
        -0.136_631_97,
        0.191_060_32,
        -0.248_430_25,
        0.333_191_37,
        -0.499_995_17,
        1.0,
    ];
    e * horner(e, nearest, product_plus)
}

/// `ln(p)` for a normal `p` of 1 or more, to 2e-7 of its value or better.
///
/// `p = 2ⁿ (1 + e)`, so `ln(p) = n ln 2 + ln(1 + e)`.
#[inline(always)]
pub(super) fn ln_from_one(p: f32, product_plus: impl Fn(f32, f32, f32) -> f32 + Copy) -> f32 {
    const MANTISSA_BITS: u32 = 23;
    const ONE: u32 = 127 << MANTISSA_BITS;
    let bits = p.to_bits() - ONE;
    let n = (bits >> MANTISSA_BITS) as f32;
    let e = f32::from_bits((bits & ((1 << MANTISSA_BITS) - 1)) | ONE) - 1.0;
    product_plus(n, std::f32::consts::LN_2, ln_1p_of_unit(e, product_plus))
}

/// A polynomial at `x`, its coefficients from the highest power down.
#[inline(always)]
fn horner<const TERMS: usize>(
    x: f32,
    coefficients: [f32; TERMS],
    product_plus: impl Fn(f32, f32, f32) -> f32,
) -> f32 {
    let mut value = coefficients[0];
    for &coefficient in &coefficients[1..] {
        value = product_plus(value, x, coefficient);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // Both polynomials are exact to a unit in the last place (6e-8) or less; what is rounded
    // on top made 2.1e-7 at most of all 2²⁴ arguments of the logarithm, evenly spread.
    const TOLERANCE: f64 = 2.2e-7;

    /// A product and a sum, rounded twice and once: whichever a processor does.
    const EACH_FORM: [fn(f32, f32, f32) -> f32; 2] = [|a, b, c| a * b + c, f32::mul_add];

    proptest! {
        #[test]
        fn the_exponential_is_the_exponential(x in -87.0_f32..=0.0) {
            let expected = f64::from(x).exp();
            for product_plus in EACH_FORM {
                let error = (f64::from(exp_nonpositive(x, product_plus)) / expected - 1.0).abs();
                prop_assert!(error < TOLERANCE, "e^{x} is off by {error:e}");
            }
        }

        #[test]
        fn the_logarithm_is_the_logarithm(e in 1e-30_f32..=1.0) {
            let expected = f64::from(e).ln_1p();
            for product_plus in EACH_FORM {
                let error = (f64::from(ln_1p_of_unit(e, product_plus)) / expected - 1.0).abs();
                prop_assert!(error < TOLERANCE, "ln(1 + {e}) is off by {error:e}");
            }
        }
    }

    #[test]
    fn the_ends_of_the_ranges_are_right() {
        for product_plus in EACH_FORM {
            let (exp, ln) = (
                |x| exp_nonpositive(x, product_plus),
                |e| ln_1p_of_unit(e, product_plus),
            );
            assert!((exp(0.0) - 1.0).abs() < f32::EPSILON);
            assert!((f32::MIN_POSITIVE..1.7e-38).contains(&exp(LOWEST)));
            assert!((ln(1.0) - std::f32::consts::LN_2).abs() < f32::EPSILON);
            assert!(ln(0.0).abs() < f32::MIN_POSITIVE);
        }
    }
}
