//! The parts of kernels in AVX-512's own instructions: those that no loop is turned into,
//! or not by every compiler with every setting. Each is a function of [`portable`](super::portable)
//! too, and the kernels' tests run both.

use crate::nn::{
    adam::{AdamStep, NEGLIGIBLE_MOMENT},
    lanes::{LANES, Lanes},
};
use bytemuck::must_cast;
use std::arch::x86_64::{
    __m512, __m512i, _CMP_NLT_UQ, _mm512_abs_ps, _mm512_add_epi32, _mm512_add_ps, _mm512_castpd_ps,
    _mm512_castps_pd, _mm512_cmp_ps_mask, _mm512_cvtepi32_ps, _mm512_cvtepu8_epi32,
    _mm512_cvtepu16_epi32, _mm512_fmadd_ps, _mm512_fmsub_ps, _mm512_fnmadd_ps,
    _mm512_maskz_compress_epi32, _mm512_maskz_mov_ps, _mm512_mul_ps, _mm512_rcp14_ps,
    _mm512_set1_epi32, _mm512_set1_ps, _mm512_shuffle_f32x4, _mm512_sqrt_ps, _mm512_sub_ps,
    _mm512_test_epi32_mask, _mm512_unpackhi_pd, _mm512_unpackhi_ps, _mm512_unpacklo_pd,
    _mm512_unpacklo_ps,
};

/// `sum += x * row`.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn add_product(sum: &mut Lanes, x: f32, row: &Lanes) {
    store(
        sum,
        _mm512_fmadd_ps(_mm512_set1_ps(x), load(row), load(sum)),
    );
}

/// `sum += a * b`, lane by lane.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn add_products(sum: &mut Lanes, a: &Lanes, b: &Lanes) {
    store(sum, _mm512_fmadd_ps(load(a), load(b), load(sum)));
}

/// `a * b + c`, rounded once.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn product_plus(a: f32, b: f32, c: f32) -> f32 {
    a.mul_add(b, c)
}

/// As [`portable::update_lanes`](super::portable::update_lanes), with a quotient refined from
/// an estimate, within two units in the last place: a processor divides and takes roots in one
/// unit of its own, which has enough to do with the roots while the others do the rest.
#[target_feature(enable = "avx512f")]
pub(super) fn update_lanes(p: &mut Lanes, g: &Lanes, m: &mut Lanes, v: &mut Lanes, step: AdamStep) {
    let (g, old_m, old_v) = (load(g), load(m), load(v));
    let beta1 = _mm512_set1_ps(step.one_minus_beta1);
    let beta2 = _mm512_set1_ps(step.one_minus_beta2);
    let new_m = _mm512_fmadd_ps(beta1, _mm512_sub_ps(g, old_m), old_m);
    let new_m = noticeable(new_m, _mm512_abs_ps(new_m));
    let new_v = _mm512_fmadd_ps(beta2, _mm512_fmsub_ps(g, g, old_v), old_v);
    // Squares make no moment negative.
    let new_v = noticeable(new_v, new_v);
    let divisor = _mm512_add_ps(_mm512_sqrt_ps(new_v), _mm512_set1_ps(step.epsilon));
    let way = _mm512_mul_ps(_mm512_set1_ps(step.rate), new_m);
    store(m, new_m);
    store(v, new_v);
    store(p, _mm512_fnmadd_ps(way, reciprocal(divisor), load(p)));
}

/// Each moment, or zero for one whose size is too small to matter. NaN stays NaN.
#[target_feature(enable = "avx512f")]
fn noticeable(moments: __m512, sizes: __m512) -> __m512 {
    let threshold = _mm512_set1_ps(NEGLIGIBLE_MOMENT);
    let kept = _mm512_cmp_ps_mask::<_CMP_NLT_UQ>(sizes, threshold);
    _mm512_maskz_mov_ps(kept, moments)
}

/// `1/x`: an estimate to 14 bits, and a step of Newton's.
#[target_feature(enable = "avx512f")]
fn reciprocal(x: __m512) -> __m512 {
    let estimate = _mm512_rcp14_ps(x);
    let error = _mm512_fnmadd_ps(x, estimate, _mm512_set1_ps(1.0));
    _mm512_fmadd_ps(error, estimate, estimate)
}

/// As [`portable::turn`](super::portable::turn): fours of a row's numbers among four
/// rows, and then those fours among all.
#[target_feature(enable = "avx512f")]
pub(super) fn turn(rows: &[Lanes; LANES]) -> [Lanes; LANES] {
    let zero = _mm512_set1_ps(0.0);
    let mut fours = [[zero; 4]; 4];
    for (four, rows) in fours.iter_mut().zip(rows.as_chunks::<4>().0) {
        let [a, b, c, d] = [
            load(&rows[0]),
            load(&rows[1]),
            load(&rows[2]),
            load(&rows[3]),
        ];
        let (ab, cd) = (_mm512_unpacklo_ps(a, b), _mm512_unpacklo_ps(c, d));
        [four[0], four[1]] = pairs(ab, cd);
        let (ab, cd) = (_mm512_unpackhi_ps(a, b), _mm512_unpackhi_ps(c, d));
        [four[2], four[3]] = pairs(ab, cd);
    }
    // Quarter q of register n is now what column 4q + n has of four rows.
    let mut columns = [Lanes::ZERO; LANES];
    let [first, second, third, fourth] = fours;
    for n in 0..4 {
        let even = _mm512_shuffle_f32x4::<EVEN>(first[n], second[n]);
        let even_rest = _mm512_shuffle_f32x4::<EVEN>(third[n], fourth[n]);
        let odd = _mm512_shuffle_f32x4::<ODD>(first[n], second[n]);
        let odd_rest = _mm512_shuffle_f32x4::<ODD>(third[n], fourth[n]);
        columns[n] = must_cast(_mm512_shuffle_f32x4::<EVEN>(even, even_rest));
        columns[4 + n] = must_cast(_mm512_shuffle_f32x4::<EVEN>(odd, odd_rest));
        columns[8 + n] = must_cast(_mm512_shuffle_f32x4::<ODD>(even, even_rest));
        columns[12 + n] = must_cast(_mm512_shuffle_f32x4::<ODD>(odd, odd_rest));
    }
    columns
}

/// Quarters 0 and 2 of two registers, and 1 and 3.
const EVEN: i32 = 0b10_00_10_00;
const ODD: i32 = 0b11_01_11_01;

/// The first and the second pair of numbers in each quarter of both.
#[target_feature(enable = "avx512f")]
fn pairs(a: __m512, b: __m512) -> [__m512; 2] {
    let (a, b) = (_mm512_castps_pd(a), _mm512_castps_pd(b));
    [
        _mm512_castpd_ps(_mm512_unpacklo_pd(a, b)),
        _mm512_castpd_ps(_mm512_unpackhi_pd(a, b)),
    ]
}

/// As [`portable::scale`](super::portable::scale).
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn scale(bytes: &[u8; LANES], x: &mut Lanes) -> u16 {
    let bytes = _mm512_cvtepu8_epi32(must_cast(*bytes));
    let numbers = _mm512_cvtepi32_ps(bytes);
    let rest = _mm512_mul_ps(numbers, _mm512_set1_ps(REST));
    store(x, _mm512_fmadd_ps(numbers, _mm512_set1_ps(PART), rest));
    _mm512_test_epi32_mask(bytes, bytes)
}

/// A 255th, and what its rounding left out: `byte * PART + byte * REST` with one
/// rounding at the end is `byte / 255`, in a fraction of the time.
pub(super) const PART: f32 = 1.0 / 255.0;
pub(super) const REST: f32 = (1.0 / 255.0 - PART as f64) as f32;

/// As [`portable::list`](super::portable::list).
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn list(lit: &[u16; LANES], bits: u16, first: u32, images: &mut [u32]) -> usize {
    let lit = _mm512_cvtepu16_epi32(must_cast(*lit));
    let lit = _mm512_test_epi32_mask(lit, _mm512_set1_epi32(bits.into()));
    let lanes: __m512i = must_cast([0_u32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    let numbers = _mm512_add_epi32(lanes, _mm512_set1_epi32(first.cast_signed()));
    let listed: [u32; LANES] = must_cast(_mm512_maskz_compress_epi32(lit, numbers));
    images[..LANES].copy_from_slice(&listed);
    lit.count_ones() as usize
}

#[target_feature(enable = "avx512f")]
fn load(lanes: &Lanes) -> __m512 {
    must_cast(*lanes)
}

#[target_feature(enable = "avx512f")]
fn store(lanes: &mut Lanes, values: __m512) {
    *lanes = must_cast(values);
}
