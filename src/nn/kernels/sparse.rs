//! The first layer's products when most inputs are zero: only what is lit is visited.
//!
//! Inputs are neighbours, and where one is lit the next often is. So they are taken in fours,
//! each with a list of the images that light any of the four: their rows of the kernel, or of its
//! gradient, stay in registers while those images pass by.

use crate::nn::{
    adam::AdamStep,
    lanes::{LANES, Lanes},
};
use bytemuck::must_cast_slice;
use std::{array, ops::Range};

/// Inputs that are visited together.
const FOUR: usize = 4;
/// How many fours a row of a panel has.
const FOURS: usize = LANES / FOUR;

/// Some of the inputs, of every image of a batch: where they are lit.
#[derive(Debug, Clone)]
pub(in crate::nn) struct SparsePart {
    /// Which inputs.
    pub(in crate::nn) range: Range<usize>,
    /// Images there is room for.
    rows: usize,
    /// For each four, the images that light it, in their order, and then room for more.
    images: Vec<u32>,
    /// How many those are.
    counts: Vec<usize>,
    /// Which of sixteen inputs the images light that were taken last, a bit for each.
    lit: Vec<[u16; LANES]>,
}

impl SparsePart {
    /// Room for these inputs of so many images, both in sixteens.
    pub(in crate::nn) fn new(range: Range<usize>, rows: usize) -> Self {
        let fours = range.len() / FOUR;
        Self {
            images: vec![0; fours * rows],
            counts: vec![0; fours],
            lit: vec![[0; LANES]; fours / FOURS],
            range,
            rows,
        }
    }

    /// Takes sixteen images, the first of which is number `first`, from the bytes of these
    /// inputs, and puts them into their rows of the panels `x` as numbers from 0 to 1. Images
    /// come in their order; bytes that are missing are dark.
    pub(in crate::nn) fn take(&mut self, bytes: [&[u8]; LANES], first: usize, x: &mut [Lanes]) {
        if first == 0 {
            self.counts.fill(0);
        }
        scale(bytes, first, self.rows, x, &mut self.lit);
        list(
            &self.lit,
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
    fn fours(&self) -> impl Iterator<Item = (usize, &[u32])> {
        let images = self.images.chunks_exact(self.rows).zip(&self.counts);
        images.map(|(images, &count)| &images[..count]).enumerate()
    }
}

/// `y = x w` for the inputs of one part: in panels of `rows` rows, and `w` in as many
/// panels of a row for each of these inputs. `lit` are those of `x` that are visited.
pub(in crate::nn) fn sparse_products(lit: &SparsePart, x: &[Lanes], w: &[Lanes], y: &mut [Lanes]) {
    dispatch!(products_loop<TILE>(
        lit: &SparsePart, x: &[Lanes], w: &[Lanes], y: &mut [Lanes];
        |sum, x, row| add_product(sum, x, row)
    ) -> ());
}

#[inline(always)]
fn products_loop<const TILE: usize>(
    lit: &SparsePart,
    x: &[Lanes],
    w: &[Lanes],
    y: &mut [Lanes],
    add_product: impl Fn(&mut Lanes, f32, &Lanes) + Copy,
) {
    let (inputs, rows) = (lit.range.len(), lit.rows);
    let most = TILE / FOUR;
    let panels = w.chunks(most * inputs).zip(y.chunks_mut(most * rows));
    for (w, y) in panels {
        match w.len() / inputs {
            4 => products::<4>(lit, x, w, y, add_product),
            3 => products::<3>(lit, x, w, y, add_product),
            2 => products::<2>(lit, x, w, y, add_product),
            _ => products::<1>(lit, x, w, y, add_product),
        }
    }
}

/// As many panels as have their rows of the kernel in registers.
#[inline(always)]
fn products<const PANELS: usize>(
    lit: &SparsePart,
    x: &[Lanes],
    w: &[Lanes],
    mut y: &mut [Lanes],
    add_product: impl Fn(&mut Lanes, f32, &Lanes),
) {
    y.fill(Lanes::ZERO);
    let y: [_; PANELS] =
        array::from_fn(|_| y.split_off_mut(..lit.rows).expect("rows for every panel"));
    let w: [_; PANELS] = array::from_fn(|panel| &w[panel * lit.range.len()..]);
    for (four, images) in lit.fours() {
        let (x, place) = fours(x, lit.rows, four);
        let w = w.map(|w| w.as_chunks::<FOUR>().0[four]);
        for &image in images {
            let image = image as usize;
            let x = x[image][place];
            for_rows!(p < PANELS => {
                let mut sum = y[p][image];
                for_rows!(k < FOUR => add_product(&mut sum, x[k], &w[p][k]));
                y[p][image] = sum;
            });
        }
    }
}

/// [`descend`](super::descend), for the kernel rows of one part; `lit` are those of `x` that are
/// visited.
pub(in crate::nn) fn sparse_descend(
    lit: &SparsePart,
    x: &[Lanes],
    ds: &[Lanes],
    [w, m, v]: [&mut [Lanes]; 3],
    step: AdamStep,
) {
    dispatch!(descend_loop<TILE>(
        lit: &SparsePart,
        x: &[Lanes],
        ds: &[Lanes],
        w: &mut [Lanes],
        m: &mut [Lanes],
        v: &mut [Lanes],
        step: AdamStep;
        |sum, x, row| add_product(sum, x, row),
        |w, g, m, v| update_lanes(w, g, m, v, step)
    ) -> ());
}

#[expect(
    clippy::too_many_arguments,
    reason = "the kernel's seven, and what is handed in"
)]
#[inline(always)]
fn descend_loop<const TILE: usize>(
    lit: &SparsePart,
    x: &[Lanes],
    ds: &[Lanes],
    w: &mut [Lanes],
    m: &mut [Lanes],
    v: &mut [Lanes],
    _: AdamStep,
    add_product: impl Fn(&mut Lanes, f32, &Lanes) + Copy,
    update: impl Fn(&mut Lanes, &Lanes, &mut Lanes, &mut Lanes) + Copy,
) {
    let (inputs, rows) = (lit.range.len(), lit.rows);
    let most = TILE / FOUR;
    let moments = m.chunks_mut(most * inputs).zip(v.chunks_mut(most * inputs));
    let learners = w.chunks_mut(most * inputs).zip(moments);
    for (ds, (w, (m, v))) in ds.chunks(most * rows).zip(learners) {
        let learners = [w, m, v];
        match ds.len() / rows {
            4 => descend::<4>(lit, x, ds, learners, add_product, update),
            3 => descend::<3>(lit, x, ds, learners, add_product, update),
            2 => descend::<2>(lit, x, ds, learners, add_product, update),
            _ => descend::<1>(lit, x, ds, learners, add_product, update),
        }
    }
}

/// As many panels as have their rows of the gradient in registers.
#[inline(always)]
fn descend<const PANELS: usize>(
    lit: &SparsePart,
    x: &[Lanes],
    ds: &[Lanes],
    [w, m, v]: [&mut [Lanes]; 3],
    add_product: impl Fn(&mut Lanes, f32, &Lanes),
    update: impl Fn(&mut Lanes, &Lanes, &mut Lanes, &mut Lanes),
) {
    let ds: [_; PANELS] = array::from_fn(|panel| &ds[panel * lit.rows..][..lit.rows]);
    for (four, images) in lit.fours() {
        let (x, place) = fours(x, lit.rows, four);
        let mut dw = [[Lanes::ZERO; FOUR]; PANELS];
        for &image in images {
            let image = image as usize;
            let x = x[image][place];
            for_rows!(p < PANELS => {
                for_rows!(k < FOUR => add_product(&mut dw[p][k], x[k], &ds[p][image]));
            });
        }
        for (panel, dw) in dw.iter().enumerate() {
            let here = panel * lit.range.len() + four * FOUR..;
            let moments = m[here.clone()].iter_mut().zip(&mut v[here.clone()]);
            for ((w, g), (m, v)) in w[here].iter_mut().zip(dw).zip(moments) {
                update(w, g, m, v);
            }
        }
    }
}

/// The panel of `rows` rows that has this four, a row's numbers in fours, and its place among those.
#[inline(always)]
fn fours(x: &[Lanes], rows: usize, four: usize) -> (&[[[f32; FOUR]; FOURS]], usize) {
    (
        must_cast_slice(&x[four / FOURS * rows..][..rows]),
        four % FOURS,
    )
}

/// A 255th, and what its rounding left out: `byte * PART + byte * REST` with one
/// rounding at the end is `byte / 255`, in a quarter of the time.
pub(super) const PART: f32 = 1.0 / 255.0;
pub(super) const REST: f32 = (1.0 / 255.0 - PART as f64) as f32;

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

/// Asks for bytes that will be wanted soon, where the processor can be asked: as far as its
/// second cache, for a batch of them is more than the first holds.
pub(in crate::nn) fn prefetch(bytes: &[u8]) {
    #[cfg(target_arch = "x86_64")]
    for line in bytes.chunks(64) {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        // SAFETY: a hint about memory that is borrowed here; SSE is part of x86-64.
        #[expect(unsafe_code, reason = "the standard library has no safe prefetch")]
        unsafe {
            _mm_prefetch::<_MM_HINT_T1>(line.as_ptr().cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = bytes;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        kernels::{Case, all_near, in_each_form, panels, product},
        lanes::padded,
    };
    use ndarray::Array2;
    use proptest::prelude::*;

    /// Where the inputs are lit when they are bytes, and what these say: in panels, and plainly.
    fn listed(x: &Array2<f32>) -> (SparsePart, Vec<Lanes>, Array2<f32>) {
        let bytes = x.mapv(|x| (x.abs() * 255.0) as u8);
        let (inputs, rows) = (padded(x.ncols()), padded(x.nrows()));
        let mut part = SparsePart::new(0..inputs, rows);
        let mut scaled = vec![Lanes([9.0; LANES]); inputs / LANES * rows];
        for first in (0..rows).step_by(LANES) {
            let images = array::from_fn(|n| {
                let image = bytes.outer_iter().nth(first + n);
                image.map_or(&[][..], |image| image.to_slice().unwrap())
            });
            part.take(images, first, &mut scaled);
        }
        (part, scaled, bytes.mapv(|byte| f32::from(byte) / 255.0))
    }

    proptest! {
        #[test]
        fn sparse_products_are_the_products(case in Case::any()) {
            let (part, x, numbers) = listed(&case.x);
            let (rows, inputs) = (padded(case.x.nrows()), padded(case.x.ncols()));
            let w = panels(&case.w);
            let expected = product(&numbers, &case.w);
            for y in in_each_form(|| {
                let mut y = vec![Lanes([9.0; LANES]); w.len() / inputs * rows];
                sparse_products(&part, &x, &w, &mut y);
                y
            }) {
                all_near(&y, &expected, inputs)?;
            }
        }

        #[test]
        fn a_sparse_kernel_descends_by_its_gradient(case in Case::any()) {
            let (part, x, numbers) = listed(&case.x);
            let (rows, inputs) = (padded(case.x.nrows()), padded(case.x.ncols()));
            let expected = product(&numbers.t().to_owned(), &case.ds);
            let ds = panels(&case.ds);
            for m in in_each_form(|| {
                let mut m = vec![Lanes::ZERO; inputs * (ds.len() / rows)];
                let (mut w, mut v) = (m.clone(), m.clone());
                let learners = [&mut w[..], &mut m, &mut v];
                sparse_descend(&part, &x, &ds, learners, Case::GRADIENT);
                m
            }) {
                all_near(&m, &expected, rows)?;
            }
        }

        #[test]
        fn bytes_are_scaled_and_listed_alike_everywhere(
            bytes in proptest::collection::vec(prop_oneof![Just(0_u8), any::<u8>()], 40),
            dark: [bool; LANES],
        ) {
            let images = dark.map(|dark| if dark { &[][..] } else { &bytes[..] });
            let [best, avx2, any] = in_each_form(|| {
                let mut x = vec![Lanes([9.0; LANES]); 3 * LANES];
                let mut part = SparsePart::new(0..48, LANES);
                part.take(images, 0, &mut x);
                let lit: Vec<_> = part.fours().map(|(_, images)| images.to_vec()).collect();
                (x, lit)
            });
            prop_assert_eq!(&best, &any);
            prop_assert_eq!(avx2, any);
            for (four, images) in best.1.iter().enumerate() {
                let here = bytes.chunks(FOUR).nth(four).unwrap_or_default();
                let is_lit = here.iter().any(|&byte| byte != 0);
                let lit = (0..LANES as u32).filter(|&n| is_lit && !dark[n as usize]);
                prop_assert!(lit.eq(images.iter().copied()));
            }
        }
    }

    #[test]
    fn every_byte_is_scaled_to_the_quotient_rounded_once() {
        for byte in 0..=u8::MAX {
            for x in in_each_form(|| {
                let mut x = [Lanes::ZERO; LANES];
                SparsePart::new(0..LANES, LANES).take([&[byte; LANES][..]; LANES], 0, &mut x);
                x
            }) {
                assert_eq!(x, [Lanes([f32::from(byte) / 255.0; LANES]); LANES]);
            }
        }
    }

    #[test]
    fn images_are_listed_in_order_where_they_are_lit() {
        let mut bytes = [0; 40];
        (bytes[3], bytes[15], bytes[32]) = (255, 51, 1);
        let mut images: [&[u8]; LANES] = [&[]; LANES];
        (images[0], images[2]) = (&[7; 40], &bytes);
        let mut x = [Lanes([9.0; LANES]); 3 * 2 * LANES];
        let mut part = SparsePart::new(0..48, 2 * LANES);
        part.take([&[]; LANES], 0, &mut x);
        part.take(images, LANES, &mut x);
        let lit = |part: &SparsePart| {
            let fours = part.fours().map(|(_, images)| images.to_vec());
            fours.collect::<Vec<_>>()
        };
        let (both, first, none) = (vec![16, 18], vec![16], vec![]);
        let mut expected = vec![first; 10];
        expected.extend([none.clone(), none.clone()]);
        for four in [0, 3, 8] {
            expected[four] = both.clone();
        }
        assert_eq!(lit(&part), expected);
        assert_eq!(part.visited(), (10 + 3) * FOUR);
        let row = |panel: usize, image: usize| x[panel * 2 * LANES + image].0;
        assert_eq!(row(0, 16), [7.0 / 255.0; LANES]);
        assert_eq!(row(2, 16)[7..9], [7.0 / 255.0, 0.0]);
        assert_eq!(
            [row(0, 18)[3], row(0, 18)[15], row(2, 18)[0]],
            [1.0, 0.2, 1.0 / 255.0]
        );
        assert_eq!([row(0, 0), row(1, 17)], [[0.0; LANES]; 2]);
        part.take([&[]; LANES], 0, &mut x);
        assert_eq!((part.visited(), lit(&part)), (0, vec![none; 12]));
    }
}
