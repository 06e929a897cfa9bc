//! The first layer's products when most inputs are zero: the others are visited
//! one by one, for one panel of units at a time.

use super::{
    AdamStep,
    dense::{activated, add_product},
};
use crate::nn::{
    Activation,
    lanes::{LANES, Lanes},
};
use std::ops::Range;

/// Room for inputs that are not zero.
#[derive(Debug)]
pub(in crate::nn) struct NonZero<'a> {
    /// Their numbers among the inputs of their part.
    pub(in crate::nn) inputs: &'a mut [u32],
    /// Their values.
    pub(in crate::nn) values: &'a mut [f32],
}

/// Some of the inputs, of every image of a batch.
#[derive(Debug, Clone)]
pub(in crate::nn) struct SparsePart {
    /// Which inputs.
    pub(in crate::nn) range: Range<usize>,
    /// The numbers of those that are not zero, image after image, and then room for more.
    inputs: Vec<u32>,
    /// Their values.
    values: Vec<f32>,
    /// Where each image's entries end.
    ends: Vec<usize>,
}

impl SparsePart {
    /// Room for these inputs, in whole rows of sixteen, of so many images.
    pub(in crate::nn) fn new(range: Range<usize>, images: usize) -> Self {
        let most = range.len() * images;
        Self {
            range,
            inputs: vec![0; most],
            values: vec![0.0; most],
            ends: vec![0; images],
        }
    }

    /// Takes one image more, from the bytes of these inputs (see [`scale_and_collect`]);
    /// images come in their order.
    pub(in crate::nn) fn take(&mut self, bytes: &[u8], image: usize, rows: usize, x: &mut [Lanes]) {
        let start = self.start(image);
        let entries = NonZero {
            inputs: &mut self.inputs[start..],
            values: &mut self.values[start..],
        };
        self.ends[image] = start + scale_and_collect(bytes, image, rows, x, entries);
    }

    /// Leaves the images from this number on without any input.
    pub(in crate::nn) fn end(&mut self, images: usize) {
        let end = self.start(images);
        self.ends[images..].fill(end);
    }

    /// How many inputs of all images are not zero.
    pub(in crate::nn) fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    #[inline(always)]
    fn start(&self, image: usize) -> usize {
        if image == 0 { 0 } else { self.ends[image - 1] }
    }

    /// Numbers and values of the image's inputs that are not zero.
    #[inline(always)]
    fn entries(&self, image: usize) -> (&[u32], &[f32]) {
        let here = self.start(image)..self.ends[image];
        (&self.inputs[here.clone()], &self.values[here])
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
            let w = &w[part.range.clone()];
            let (inputs, values) = part.entries(image);
            let (eight_inputs, inputs) = inputs.as_chunks::<8>();
            let (eight_values, values) = values.as_chunks::<8>();
            for (inputs, values) in eight_inputs.iter().zip(eight_values) {
                for (sum, (&input, &x)) in sums.iter_mut().zip(inputs.iter().zip(values)) {
                    add_product::<FUSED>(sum, x, &w[input as usize]);
                }
            }
            for (sum, (&input, &x)) in sums.iter_mut().zip(inputs.iter().zip(values)) {
                add_product::<FUSED>(sum, x, &w[input as usize]);
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
        step: AdamStep;
        |w, g, m, v| update_lanes(w, g, m, v, step)
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
    _: AdamStep,
    update: impl Fn(&mut Lanes, &Lanes, &mut Lanes, &mut Lanes),
) {
    for part in x {
        let dw = &mut dw[..part.range.len()];
        dw.fill(Lanes::ZERO);
        for (image, ds) in ds.iter().enumerate() {
            let (inputs, values) = part.entries(image);
            for (&input, &x) in inputs.iter().zip(values) {
                add_product::<FUSED>(&mut dw[input as usize], x, ds);
            }
        }
        let inputs = part.range.clone();
        let moments = m[inputs.clone()].iter_mut().zip(&mut v[inputs.clone()]);
        for ((w, g), (m, v)) in w[inputs].iter_mut().zip(dw).zip(moments) {
            update(w, g, m, v);
        }
    }
}

/// The inputs of one image, from bytes: 255 becomes 1.
///
/// Row `image` of the panels `x` takes all of them, and `entries` those that are
/// not zero; returns how many those are.
fn scale_and_collect(
    bytes: &[u8],
    image: usize,
    rows: usize,
    x: &mut [Lanes],
    entries: NonZero,
) -> usize {
    dispatch!(scale_and_collect_loop<TILE, FUSED>(
        bytes: &[u8], image: usize, rows: usize, x: &mut [Lanes], entries: NonZero;
        |bytes, first, x, entries| collect(bytes, first, x, entries)
    ) -> usize)
}

#[inline(always)]
fn scale_and_collect_loop<const TILE: usize, const FUSED: bool>(
    bytes: &[u8],
    image: usize,
    rows: usize,
    x: &mut [Lanes],
    entries: NonZero,
    collect: impl Fn(&[u8; LANES], u32, &mut Lanes, NonZero) -> usize,
) -> usize {
    let (whole, rest) = bytes.as_chunks::<LANES>();
    let mut last = [0; LANES];
    last[..rest.len()].copy_from_slice(rest);
    let sixteens = whole.iter().chain((!rest.is_empty()).then_some(&last));
    let mut count = 0;
    for (panel, (bytes, x)) in sixteens.zip(x.chunks_exact_mut(rows)).enumerate() {
        let room = NonZero {
            inputs: &mut entries.inputs[count..],
            values: &mut entries.values[count..],
        };
        count += collect(bytes, (panel * LANES) as u32, &mut x[image], room);
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

/// A 255th, and what its rounding left out: `byte * PART + byte * REST` with one
/// rounding at the end is `byte / 255`, in a quarter of the time.
pub(super) const PART: f32 = 1.0 / 255.0;
pub(super) const REST: f32 = (1.0 / 255.0 - PART as f64) as f32;

/// `byte / 255`, rounded once.
#[inline(always)]
pub(super) fn scale(byte: u8) -> f32 {
    f32::from(byte) / 255.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_scaled_to_the_quotient_rounded_once() {
        for byte in 0..=u8::MAX {
            let mut x = [Lanes::ZERO];
            let (mut inputs, mut values) = ([0; LANES], [0.0; LANES]);
            let entries = NonZero {
                inputs: &mut inputs,
                values: &mut values,
            };
            scale_and_collect(&[byte; LANES], 0, 1, &mut x, entries);
            let quotient = f32::from(byte) / 255.0;
            assert_eq!(x[0], Lanes([quotient; LANES]));
        }
    }

    #[test]
    fn an_image_is_scaled_and_its_light_pixels_are_listed_in_order() {
        let mut bytes = [0; 40];
        (bytes[3], bytes[15], bytes[32]) = (255, 51, 1);
        let mut x = [Lanes([9.0; LANES]); 3 * 2];
        let mut part = SparsePart::new(0..48, 2);
        part.take(&[7; 40], 0, 2, &mut x);
        part.take(&bytes, 1, 2, &mut x);
        assert_eq!(part.len(), 43);
        assert_eq!(
            part.entries(1),
            (&[3, 15, 32][..], &[1.0, 0.2, 1.0 / 255.0][..])
        );
        assert_eq!(x[0], Lanes([7.0 / 255.0; LANES]), "the other image");
        assert_eq!(x[1].0[15], 0.2);
        assert_eq!(x[3], Lanes::ZERO);
        assert_eq!(x[5].0[0], 1.0 / 255.0);
        assert_eq!(x[5].0[8..], [0.0; 8]);
        part.take(&[0; 40], 0, 2, &mut x);
        part.end(1);
        assert_eq!(part.entries(1), (&[][..], &[][..]));
    }
}
