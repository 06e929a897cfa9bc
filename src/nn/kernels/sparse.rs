//! The first layer's products when most inputs are zero: the others are visited
//! one by one, for one panel of units at a time.

use super::{
    AdamStep,
    adam::update_lanes,
    dense::{activated, add_product},
};
use crate::nn::{Activation, lanes::Lanes};
use std::ops::Range;

/// An input that is not zero.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::nn) struct NonZero {
    /// Its number among the inputs of its part.
    pub(in crate::nn) input: u32,
    /// Its value.
    pub(in crate::nn) value: f32,
}

/// Some of the inputs, of every image of a batch.
#[derive(Debug, Clone)]
pub(in crate::nn) struct SparsePart {
    /// Which inputs.
    pub(in crate::nn) inputs: Range<usize>,
    /// Those that are not zero, image after image, and then room for more.
    pub(in crate::nn) entries: Vec<NonZero>,
    /// Where each image's entries end.
    pub(in crate::nn) ends: Vec<usize>,
}

impl SparsePart {
    #[inline(always)]
    fn entries(&self, image: usize) -> &[NonZero] {
        let start = if image == 0 { 0 } else { self.ends[image - 1] };
        &self.entries[start..self.ends[image]]
    }
}

/// [`forward`](super::forward), for inputs in parts.
pub(in crate::nn) fn sparse_forward(
    x: &[SparsePart],
    w: &[Lanes],
    b: &Lanes,
    activation: Activation,
    y: &mut [Lanes],
) {
    dispatch!(sparse_forward_loop<TILE, FUSED>(
        x: &[SparsePart], w: &[Lanes], b: &Lanes, activation: Activation, y: &mut [Lanes]
    ) -> ());
}

#[inline(always)]
fn sparse_forward_loop<const TILE: usize, const FUSED: bool>(
    x: &[SparsePart],
    w: &[Lanes],
    b: &Lanes,
    activation: Activation,
    y: &mut [Lanes],
) {
    for (image, y) in y.iter_mut().enumerate() {
        // Eight sums side by side, as each has to wait for its last product; and
        // shorter sums round less.
        let mut sums = [Lanes::ZERO; 8];
        for part in x {
            let w = &w[part.inputs.clone()];
            let (eights, rest) = part.entries(image).as_chunks::<8>();
            for eight in eights {
                for (sum, x) in sums.iter_mut().zip(eight) {
                    add_product::<FUSED>(sum, x.value, &w[x.input as usize]);
                }
            }
            for (sum, x) in sums.iter_mut().zip(rest) {
                add_product::<FUSED>(sum, x.value, &w[x.input as usize]);
            }
        }
        let [s0, s1, s2, s3, s4, s5, s6, s7] = &sums;
        let sums = Lanes(std::array::from_fn(|lane| {
            ((s0.0[lane] + s1.0[lane]) + (s2.0[lane] + s3.0[lane]))
                + ((s4.0[lane] + s5.0[lane]) + (s6.0[lane] + s7.0[lane]))
        }));
        *y = activated(activation, &sums, b);
    }
}

/// [`descend`](super::descend), for inputs in parts; `dw` is room for the
/// gradient of the largest part.
pub(in crate::nn) fn sparse_descend(
    x: &[SparsePart],
    ds: &[Lanes],
    w: &mut [Lanes],
    m: &mut [Lanes],
    v: &mut [Lanes],
    dw: &mut [Lanes],
    step: AdamStep,
) {
    dispatch!(sparse_descend_loop<TILE, FUSED>(
        x: &[SparsePart],
        ds: &[Lanes],
        w: &mut [Lanes],
        m: &mut [Lanes],
        v: &mut [Lanes],
        dw: &mut [Lanes],
        step: AdamStep
    ) -> ());
}

#[inline(always)]
fn sparse_descend_loop<const TILE: usize, const FUSED: bool>(
    x: &[SparsePart],
    ds: &[Lanes],
    w: &mut [Lanes],
    m: &mut [Lanes],
    v: &mut [Lanes],
    dw: &mut [Lanes],
    step: AdamStep,
) {
    for part in x {
        let dw = &mut dw[..part.inputs.len()];
        dw.fill(Lanes::ZERO);
        for (image, ds) in ds.iter().enumerate() {
            for x in part.entries(image) {
                add_product::<FUSED>(&mut dw[x.input as usize], x.value, ds);
            }
        }
        let inputs = part.inputs.clone();
        let moments = m[inputs.clone()].iter_mut().zip(&mut v[inputs.clone()]);
        for ((w, g), (m, v)) in w[inputs].iter_mut().zip(dw).zip(moments) {
            update_lanes(w, g, m, v, step);
        }
    }
}

/// The inputs of one image, from bytes: 255 becomes 1.
///
/// Row `image` of the panels `x` takes all of them, and `entries` those that are
/// not zero; returns how many those are.
pub(in crate::nn) fn scale_and_collect(
    bytes: &[u8],
    image: usize,
    rows: usize,
    x: &mut [Lanes],
    entries: &mut [NonZero],
) -> usize {
    dispatch!(scale_and_collect_loop<TILE, FUSED>(
        bytes: &[u8], image: usize, rows: usize, x: &mut [Lanes], entries: &mut [NonZero]
    ) -> usize)
}

#[inline(always)]
fn scale_and_collect_loop<const TILE: usize, const FUSED: bool>(
    bytes: &[u8],
    image: usize,
    rows: usize,
    x: &mut [Lanes],
    entries: &mut [NonZero],
) -> usize {
    let (whole, rest) = bytes.as_chunks::<16>();
    let mut count = 0;
    let mut panels = x.chunks_exact_mut(rows).enumerate();
    for (bytes, (panel, x)) in whole.iter().zip(panels.by_ref()) {
        x[image] = scale_sixteen::<FUSED>(bytes);
        count += collect_sixteen(bytes, &x[image], panel * 16, &mut entries[count..]);
    }
    if let (Some((panel, x)), false) = (panels.next(), rest.is_empty()) {
        let mut bytes = [0; 16];
        bytes[..rest.len()].copy_from_slice(rest);
        x[image] = scale_sixteen::<FUSED>(&bytes);
        count += collect_sixteen(&bytes, &x[image], panel * 16, &mut entries[count..]);
    }
    count
}

#[inline(always)]
fn scale_sixteen<const FUSED: bool>(bytes: &[u8; 16]) -> Lanes {
    let mut scaled = Lanes::ZERO;
    for (value, &byte) in scaled.0.iter_mut().zip(bytes) {
        *value = scale::<FUSED>(byte);
    }
    scaled
}

/// Lists those of sixteen inputs, from number `first`, whose bytes are not zero.
#[inline(always)]
fn collect_sixteen(
    bytes: &[u8; 16],
    values: &Lanes,
    first: usize,
    entries: &mut [NonZero],
) -> usize {
    let mut count = 0;
    let (eights, []) = bytes.as_chunks::<8>() else {
        unreachable!("sixteen are twice eight")
    };
    for (half, eight) in eights.iter().enumerate() {
        let mut rest = u64::from_le_bytes(*eight);
        while rest != 0 {
            let byte = rest.trailing_zeros() as usize / 8;
            rest &= !(0xFF << (byte * 8));
            let lane = half * 8 + byte;
            entries[count] = NonZero {
                input: (first + lane) as u32,
                value: values.0[lane],
            };
            count += 1;
        }
    }
    count
}

/// Asks for bytes that will be wanted soon, where the processor can be asked.
pub(in crate::nn) fn prefetch(bytes: &[u8]) {
    #[cfg(target_arch = "x86_64")]
    for line in bytes.chunks(64) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a hint about memory that is borrowed here; SSE is part of x86-64.
        #[expect(unsafe_code, reason = "the standard library has no safe prefetch")]
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = bytes;
}

/// A 255th, and what its rounding left out.
const PART: f32 = 1.0 / 255.0;
const REST: f32 = (1.0 / 255.0 - PART as f64) as f32;

/// `byte / 255`, rounded once: a product with the rounded 255th differs in the
/// last bit, and a division takes four times as long as the two products.
#[inline(always)]
fn scale<const FUSED: bool>(byte: u8) -> f32 {
    let byte = f32::from(byte);
    if FUSED {
        byte.mul_add(PART, byte * REST)
    } else {
        byte / 255.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_scaled_to_the_quotient_rounded_once() {
        for byte in 0..=u8::MAX {
            let quotient = f32::from(byte) / 255.0;
            assert_eq!(scale::<true>(byte).to_bits(), quotient.to_bits());
            assert_eq!(scale::<false>(byte).to_bits(), quotient.to_bits());
        }
    }

    #[test]
    fn an_image_is_scaled_and_its_light_pixels_are_listed_in_order() {
        let mut bytes = [0; 40];
        (bytes[3], bytes[15], bytes[32]) = (255, 51, 1);
        let mut x = [Lanes([9.0; 16]); 3 * 2];
        let mut entries = [NonZero {
            input: 9,
            value: 9.0,
        }; 48];
        let count = scale_and_collect(&bytes, 1, 2, &mut x, &mut entries);
        let listed: Vec<_> = entries[..count]
            .iter()
            .map(|x| (x.input, x.value))
            .collect();
        assert_eq!(listed, [(3, 1.0), (15, 0.2), (32, 1.0 / 255.0)]);
        assert_eq!(x[0], Lanes([9.0; 16]), "the other image");
        assert_eq!(x[1].0[15].to_bits(), 0.2_f32.to_bits());
        assert_eq!(x[3], Lanes::ZERO);
        assert_eq!(x[5].0[0].to_bits(), (1.0_f32 / 255.0).to_bits());
        assert_eq!(x[5].0[8..], [0.0; 8]);
    }
}
