//! The products of kernels in AVX2's own instructions, and the scaling of bytes, as
//! [`avx512`](super::avx512) has them; the other parts are [`portable`](super::portable)'s.

use super::avx512::{PART, REST};
use crate::nn::lanes::{LANES, Lanes};
use bytemuck::must_cast;
use std::arch::x86_64::{
    __m256, _CMP_NEQ_OQ, _mm_cvtsi64_si128, _mm256_cmp_ps, _mm256_cvtepi32_ps,
    _mm256_cvtepu8_epi32, _mm256_fmadd_ps, _mm256_movemask_ps, _mm256_mul_ps, _mm256_set1_ps,
    _mm256_setzero_ps,
};

pub(super) use super::portable::{list, turn, update_lanes};

/// `sum += x * row`.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub(super) fn add_product(sum: &mut Lanes, x: f32, row: &Lanes) {
    let x = _mm256_set1_ps(x);
    let ([s0, s1], [r0, r1]) = (load(sum), load(row));
    store(
        sum,
        [_mm256_fmadd_ps(x, r0, s0), _mm256_fmadd_ps(x, r1, s1)],
    );
}

/// `sum += a * b`, lane by lane.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub(super) fn add_products(sum: &mut Lanes, a: &Lanes, b: &Lanes) {
    let ([s0, s1], [a0, a1], [b0, b1]) = (load(sum), load(a), load(b));
    store(
        sum,
        [_mm256_fmadd_ps(a0, b0, s0), _mm256_fmadd_ps(a1, b1, s1)],
    );
}

/// `a * b + c`, rounded once.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub(super) fn product_plus(a: f32, b: f32, c: f32) -> f32 {
    a.mul_add(b, c)
}

/// As [`portable::scale`](super::portable::scale).
#[inline]
#[target_feature(enable = "avx2,fma")]
pub(super) fn scale(bytes: &[u8; LANES], x: &mut Lanes) -> u16 {
    let halves: [i64; 2] = must_cast(*bytes);
    let numbers = halves.map(|half| {
        let bytes = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(half));
        _mm256_cvtepi32_ps(bytes)
    });
    let scaled = numbers.map(|numbers| {
        let rest = _mm256_mul_ps(numbers, _mm256_set1_ps(REST));
        _mm256_fmadd_ps(numbers, _mm256_set1_ps(PART), rest)
    });
    store(x, scaled);
    let [low, high] = numbers.map(|numbers| {
        let lit = _mm256_cmp_ps::<_CMP_NEQ_OQ>(numbers, _mm256_setzero_ps());
        _mm256_movemask_ps(lit) as u16
    });
    low | high << (LANES / 2)
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn load(lanes: &Lanes) -> [__m256; 2] {
    let halves: [[f32; LANES / 2]; 2] = must_cast(*lanes);
    halves.map(must_cast)
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn store(lanes: &mut Lanes, [low, high]: [__m256; 2]) {
    let halves: [[f32; LANES / 2]; 2] = [must_cast(low), must_cast(high)];
    *lanes = must_cast(halves);
}
