//! Where the images of a batch are lit.
//!
//! Inputs are neighbours, and where one is lit the next often is. So they are taken in fours,
//! each with a list of the images that light any of the four.

use crate::nn::lanes::{LANES, Lanes};
use std::ops::Range;

/// Inputs that are visited together.
pub(super) const FOUR: usize = 4;
/// How many fours a row of a panel has.
pub(super) const FOURS: usize = LANES / FOUR;

/// Where the images of a batch light some of the inputs.
#[derive(Debug, Clone)]
pub(in crate::nn) struct Lit {
    /// Which inputs.
    pub(in crate::nn) range: Range<usize>,
    /// Images there is room for.
    pub(super) rows: usize,
    /// For each four, the images that light it, in their order, and then room for more.
    images: Vec<u32>,
    /// How many those are.
    counts: Vec<usize>,
    /// Which of sixteen inputs the images light that were taken last, a bit for each.
    bits: Vec<[u16; LANES]>,
}

impl Lit {
    /// Room for these inputs of so many images, both in sixteens.
    pub(in crate::nn) fn new(range: Range<usize>, rows: usize) -> Self {
        assert!(range.len().is_multiple_of(LANES) && rows.is_multiple_of(LANES));
        let fours = range.len() / FOUR;
        Self {
            images: vec![0; fours * rows],
            counts: vec![0; fours],
            bits: vec![[0; LANES]; fours / FOURS],
            range,
            rows,
        }
    }

    /// Forgets all images.
    pub(in crate::nn) fn clear(&mut self) {
        self.counts.fill(0);
    }

    /// Takes sixteen images, the first of which is number `first`, from the bytes of these
    /// inputs, and puts them into their rows of the panels `x` as numbers from 0 to 1. Images
    /// come in their order, after [`clear`](Self::clear); bytes that are missing are dark.
    pub(in crate::nn) fn take(&mut self, bytes: [&[u8]; LANES], first: usize, x: &mut [Lanes]) {
        debug_assert!(self.counts.iter().all(|&count| count <= first));
        scale(bytes, first, self.rows, x, &mut self.bits);
        list(
            &self.bits,
            first,
            self.rows,
            &mut self.images,
            &mut self.counts,
        );
    }

    /// How many inputs are visited, of all images together.
    pub(in crate::nn) fn visited(&self) -> usize {
        self.counts.iter().sum::<usize>() * FOUR
    }

    /// The fours, each with its place among the panels and the images that light it.
    #[inline(always)]
    pub(super) fn fours(&self) -> impl Iterator<Item = (usize, &[u32])> {
        let images = self.images.chunks_exact(self.rows).zip(&self.counts);
        images.map(|(images, &count)| &images[..count]).enumerate()
    }
}

/// `byte / 255` for every byte.
pub(super) static QUOTIENTS: [f32; 256] = {
    let mut quotients = [0.0; 256];
    let mut byte = 0;
    while byte < 256 {
        quotients[byte] = byte as f32 / 255.0;
        byte += 1;
    }
    quotients
};

/// Some of the inputs of sixteen images, from bytes: 255 becomes 1. They are row `first` and
/// those after it of each of the panels `x`; `lit` has a bit for each that is not zero.
fn scale(
    bytes: [&[u8]; LANES],
    first: usize,
    rows: usize,
    x: &mut [Lanes],
    lit: &mut [[u16; LANES]],
) {
    dispatch!(scale_loop(
        bytes: [&[u8]; LANES],
        first: usize,
        rows: usize,
        x: &mut [Lanes],
        lit: &mut [[u16; LANES]];
        |bytes, x| scale(bytes, x)
    ) -> ());
}

#[inline(always)]
fn scale_loop(
    bytes: [&[u8]; LANES],
    first: usize,
    rows: usize,
    x: &mut [Lanes],
    lit: &mut [[u16; LANES]],
    scale: impl Fn(&[u8; LANES], &mut Lanes) -> u16,
) {
    for (panel, (x, lit)) in x.chunks_exact_mut(rows).zip(lit).enumerate() {
        let x = &mut x[first..first + LANES];
        for ((bytes, x), lit) in bytes.iter().zip(x).zip(lit) {
            *lit = match bytes.as_chunks().0.get(panel) {
                Some(sixteen) => scale(sixteen, x),
                None => scale(&the_rest(bytes, panel), x),
            };
        }
    }
}

/// Puts sixteen images, from number `first` on, into the list of each four that they light;
/// there is room for `rows` in each.
fn list(lit: &[[u16; LANES]], first: usize, rows: usize, images: &mut [u32], counts: &mut [usize]) {
    dispatch!(list_loop(
        lit: &[[u16; LANES]],
        first: usize,
        rows: usize,
        images: &mut [u32],
        counts: &mut [usize];
        |lit, bits, first, images| list(lit, bits, first, images)
    ) -> ());
}

#[inline(always)]
fn list_loop(
    lit: &[[u16; LANES]],
    first: usize,
    rows: usize,
    images: &mut [u32],
    counts: &mut [usize],
    list: impl Fn(&[u16; LANES], u16, u32, &mut [u32]) -> usize,
) {
    let panels = images.chunks_exact_mut(FOURS * rows);
    let panels = panels.zip(counts.as_chunks_mut::<FOURS>().0);
    for (lit, (images, counts)) in lit.iter().zip(panels) {
        let fours = images.chunks_exact_mut(rows).zip(counts);
        for (four, (images, count)) in fours.enumerate() {
            let bits = ((1 << FOUR) - 1) << (four * FOUR);
            *count += list(lit, bits, first as u32, &mut images[*count..]);
        }
    }
}

/// What there is of these sixteen bytes, and zeros.
#[inline(always)]
fn the_rest(bytes: &[u8], sixteen: usize) -> [u8; LANES] {
    let mut rest = [0; LANES];
    let here = bytes.get(sixteen * LANES..).unwrap_or_default();
    rest[..here.len()].copy_from_slice(here);
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{kernels::in_each_form, lanes::padded};
    use proptest::{collection::vec, prelude::*};
    use std::array;

    impl Lit {
        /// Images of so many bytes, sixteen after sixteen, with the panels they are scaled to.
        pub(in super::super) fn of(images: &[&[u8]], bytes: usize) -> (Self, Vec<Lanes>) {
            let (inputs, rows) = (padded(bytes), padded(images.len()));
            let mut lit = Self::new(0..inputs, rows);
            let mut x = vec![Lanes([9.0; LANES]); inputs / LANES * rows];
            for first in (0..rows).step_by(LANES) {
                let images = array::from_fn(|n| images.get(first + n).copied().unwrap_or_default());
                lit.take(images, first, &mut x);
            }
            (lit, x)
        }
    }

    proptest! {
        #[test]
        fn bytes_are_scaled_and_listed_where_they_are_lit(
            images in (33..=48_usize).prop_flat_map(|bytes| {
                let byte = prop_oneof![3 => Just(0_u8), 1 => any::<u8>()];
                vec(vec(byte, bytes), 1..40)
            }),
        ) {
            let (bytes, rows) = (images[0].len(), padded(images.len()));
            let images: Vec<_> = images.iter().map(|image| &image[..]).collect();
            for (lit, x) in in_each_form(|| Lit::of(&images, bytes)) {
                for (place, x) in x.iter().enumerate() {
                    let (first, image) = (place / rows * LANES, images.get(place % rows));
                    let byte = |lane: usize| image.and_then(|image| image.get(first + lane));
                    let value = |lane| byte(lane).map_or(0.0, |&byte| f32::from(byte) / 255.0);
                    prop_assert_eq!(*x, Lanes(array::from_fn(value)));
                }
                for (four, listed) in lit.fours() {
                    let is_lit = |image: &&[u8]| {
                        let here = image.iter().skip(four * FOUR).take(FOUR);
                        here.copied().any(|byte| byte != 0)
                    };
                    let lighting = (0..).zip(&images).filter(|(_, image)| is_lit(image));
                    prop_assert!(lighting.map(|(number, _)| number).eq(listed.iter().copied()));
                }
            }
        }
    }

    #[test]
    fn every_byte_is_scaled_to_the_quotient_rounded_once() {
        for byte in 0..=u8::MAX {
            for x in in_each_form(|| {
                let mut x = [Lanes::ZERO; LANES];
                Lit::new(0..LANES, LANES).take([&[byte; LANES][..]; LANES], 0, &mut x);
                x
            }) {
                assert_eq!(x, [Lanes([f32::from(byte) / 255.0; LANES]); LANES]);
            }
        }
    }

    #[test]
    fn images_that_were_taken_before_are_forgotten() {
        let (mut lit, mut x) = Lit::of(&[&[7; 40][..]; 20], 40);
        assert_eq!(lit.visited(), 20 * 40);
        lit.clear();
        let mut images: [&[u8]; LANES] = [&[]; LANES];
        images[2] = &[0, 0, 0, 0, 0, 255];
        lit.take(images, 0, &mut x);
        let listed: Vec<_> = lit
            .fours()
            .filter(|(_, images)| !images.is_empty())
            .collect();
        assert_eq!(listed, [(1, &[2_u32][..])]);
        assert_eq!(lit.visited(), FOUR);
        assert_eq!([x[2].0[5], x[1].0[5]], [1.0, 0.0]);
    }
}
