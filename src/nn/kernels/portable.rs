//! The parts of kernels that [`avx512`](super::avx512) says in instructions, as any processor
//! does them.

use super::lit::QUOTIENTS;
use crate::nn::{
    adam::AdamStep,
    lanes::{LANES, Lanes},
};

/// `sum += x * row`, rounded once where that costs nothing.
#[inline(always)]
pub(super) fn add_product(sum: &mut Lanes, x: f32, row: &Lanes) {
    for (sum, &row) in sum.0.iter_mut().zip(&row.0) {
        *sum = product_plus(x, row, *sum);
    }
}

/// `sum += a * b`, lane by lane.
#[inline(always)]
pub(super) fn add_products(sum: &mut Lanes, a: &Lanes, b: &Lanes) {
    for ((sum, &a), &b) in sum.0.iter_mut().zip(&a.0).zip(&b.0) {
        *sum = product_plus(a, b, *sum);
    }
}

/// `a * b + c`, rounded once where that costs nothing.
#[inline(always)]
pub(super) fn product_plus(a: f32, b: f32, c: f32) -> f32 {
    if cfg!(target_arch = "aarch64") {
        a.mul_add(b, c)
    } else {
        a * b + c
    }
}

/// Adam's step of sixteen parameters (see [`AdamStep::update`]).
#[inline(always)]
pub(super) fn update_lanes(p: &mut Lanes, g: &Lanes, m: &mut Lanes, v: &mut Lanes, step: AdamStep) {
    let moments = m.0.iter_mut().zip(&mut v.0);
    for ((p, &g), (m, v)) in p.0.iter_mut().zip(&g.0).zip(moments) {
        step.update(p, g, m, v);
    }
}

/// Rows become columns.
#[inline(always)]
pub(super) fn turn(rows: &[Lanes; LANES]) -> [Lanes; LANES] {
    let mut columns = [Lanes::ZERO; LANES];
    for (number, column) in columns.iter_mut().enumerate() {
        for (place, row) in column.0.iter_mut().zip(rows) {
            *place = row.0[number];
        }
    }
    columns
}

/// Sixteen bytes as numbers from 0 to 1; returns which are not zero, a bit for each.
#[inline(always)]
pub(super) fn scale(bytes: &[u8; LANES], x: &mut Lanes) -> u16 {
    let mut lit = 0;
    for (place, (&byte, x)) in bytes.iter().zip(&mut x.0).enumerate() {
        *x = QUOTIENTS[usize::from(byte)];
        lit |= u16::from(byte != 0) << place;
    }
    lit
}

/// Lists the images, of sixteen from number `first` on, that have a bit of these; returns how
/// many they are. There must be room for sixteen.
#[inline(always)]
pub(super) fn list(lit: &[u16; LANES], bits: u16, first: u32, images: &mut [u32]) -> usize {
    let images = &mut images[..LANES];
    let mut count = 0;
    for (image, &lit) in (first..).zip(lit) {
        // Written in any case, and overwritten when it is not wanted: no branch to guess.
        images[count] = image;
        count += usize::from(lit & bits != 0);
    }
    count
}
