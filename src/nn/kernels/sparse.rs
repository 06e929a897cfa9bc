//! The first layer's products when many inputs are zero: only where it is lit is visited.
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
    bits: Vec<[u16; LANES]>,
}

impl SparsePart {
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
        // Never more than `most`, which tells a compiler what it need not make.
        match (w.len() / inputs).min(most) {
            4 => products_of::<4>(lit, x, w, y, add_product),
            3 => products_of::<3>(lit, x, w, y, add_product),
            2 => products_of::<2>(lit, x, w, y, add_product),
            _ => products_of::<1>(lit, x, w, y, add_product),
        }
    }
}

/// For as many panels as have their rows of the kernel in registers. A part's lit inputs are few
/// (38 of an image of MNIST), so they are one sum.
#[inline(always)]
fn products_of<const PANELS: usize>(
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
        let (x, place) = in_fours(x, lit.rows, four);
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
        // As for the products.
        match (ds.len() / rows).min(most) {
            4 => descend_on::<4>(lit, x, ds, learners, add_product, update),
            3 => descend_on::<3>(lit, x, ds, learners, add_product, update),
            2 => descend_on::<2>(lit, x, ds, learners, add_product, update),
            _ => descend_on::<1>(lit, x, ds, learners, add_product, update),
        }
    }
}

/// For as many panels as have their rows of the gradient in registers.
#[inline(always)]
fn descend_on<const PANELS: usize>(
    lit: &SparsePart,
    x: &[Lanes],
    ds: &[Lanes],
    [w, m, v]: [&mut [Lanes]; 3],
    add_product: impl Fn(&mut Lanes, f32, &Lanes),
    update: impl Fn(&mut Lanes, &Lanes, &mut Lanes, &mut Lanes),
) {
    let ds: [_; PANELS] = array::from_fn(|panel| &ds[panel * lit.rows..][..lit.rows]);
    for (four, images) in lit.fours() {
        let (x, place) = in_fours(x, lit.rows, four);
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

/// The panel of `rows` rows that has this four, with a row's numbers in fours, and the four's
/// place among those.
#[inline(always)]
fn in_fours(x: &[Lanes], rows: usize, four: usize) -> (&[[[f32; FOUR]; FOURS]], usize) {
    let panel = &x[four / FOURS * rows..][..rows];
    (must_cast_slice(panel), four % FOURS)
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

/// Asks for bytes that will be wanted soon, where the processor can be asked: as far as its
/// second cache, for until then the first has other things to hold.
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
        kernels::{Case, all_near, in_each_form, panels, portable, product},
        lanes::padded,
    };
    use ndarray::Array2;
    use proptest::{collection::vec, prelude::*};

    /// Images of so many bytes, sixteen after sixteen, with the panels they are scaled to.
    fn taken(images: &[&[u8]], bytes: usize) -> (SparsePart, Vec<Lanes>) {
        let (inputs, rows) = (padded(bytes), padded(images.len()));
        let mut part = SparsePart::new(0..inputs, rows);
        let mut x = vec![Lanes([9.0; LANES]); inputs / LANES * rows];
        for first in (0..rows).step_by(LANES) {
            let images = array::from_fn(|n| images.get(first + n).copied().unwrap_or_default());
            part.take(images, first, &mut x);
        }
        (part, x)
    }

    /// Where the inputs are lit when they are bytes, and what these say: in panels, and plainly.
    fn listed(x: &Array2<f32>) -> (SparsePart, Vec<Lanes>, Array2<f32>) {
        let bytes = x.mapv(|x| (x.abs() * 255.0) as u8);
        let images: Vec<_> = bytes
            .outer_iter()
            .map(|row| row.to_slice().unwrap())
            .collect();
        let (part, panels) = taken(&images, x.ncols());
        (part, panels, bytes.mapv(|byte| f32::from(byte) / 255.0))
    }

    proptest! {
        /// Up to four panels at a time, and a rest of any number.
        #[test]
        fn sparse_products_are_the_products(case in Case::of_units(1..130)) {
            let (part, x, numbers) = listed(&case.x);
            let (rows, inputs) = (padded(case.x.nrows()), padded(case.x.ncols()));
            let w = panels(&case.w);
            let expected = product(&numbers, &case.w);
            let room = || vec![Lanes([9.0; LANES]); w.len() / inputs * rows];
            let forms = in_each_form(|| {
                let mut y = room();
                sparse_products(&part, &x, &w, &mut y);
                y
            });
            for y in &forms {
                all_near(y, &expected, inputs)?;
            }
            // What AVX-512 has room for, where there is none too.
            let mut y = room();
            products_loop::<16>(&part, &x, &w, &mut y, portable::add_product);
            prop_assert_eq!(&y, &forms[2]);
        }

        #[test]
        fn a_sparse_kernel_descends_by_its_gradient(case in Case::of_units(1..130)) {
            let (part, x, numbers) = listed(&case.x);
            let (rows, inputs) = (padded(case.x.nrows()), padded(case.x.ncols()));
            let expected = product(&numbers.t().to_owned(), &case.ds);
            let ds = panels(&case.ds);
            let room = || vec![Lanes::ZERO; inputs * (ds.len() / rows)];
            let forms = in_each_form(|| {
                let [mut w, mut m, mut v] = [room(), room(), room()];
                sparse_descend(&part, &x, &ds, [&mut w, &mut m, &mut v], Case::GRADIENT);
                [w, m, v]
            });
            for [_, m, _] in &forms {
                all_near(m, &expected, rows)?;
            }
            let [mut w, mut m, mut v] = [room(), room(), room()];
            let (step, add) = (Case::GRADIENT, portable::add_product);
            let update: fn(&mut Lanes, &Lanes, &mut Lanes, &mut Lanes) =
                |w, g, m, v| portable::update_lanes(w, g, m, v, Case::GRADIENT);
            descend_loop::<16>(&part, &x, &ds, &mut w, &mut m, &mut v, step, add, update);
            prop_assert_eq!(&[w, m, v], &forms[2]);
        }

        #[test]
        fn bytes_are_scaled_and_listed_where_they_are_lit(
            images in (33..=48_usize).prop_flat_map(|bytes| {
                let byte = prop_oneof![3 => Just(0_u8), 1 => any::<u8>()];
                vec(vec(byte, bytes), 1..40)
            }),
        ) {
            let (bytes, rows) = (images[0].len(), padded(images.len()));
            let images: Vec<_> = images.iter().map(|image| &image[..]).collect();
            for (part, x) in in_each_form(|| taken(&images, bytes)) {
                for (place, x) in x.iter().enumerate() {
                    let (first, image) = (place / rows * LANES, images.get(place % rows));
                    let byte = |lane: usize| image.and_then(|image| image.get(first + lane));
                    let value = |lane| byte(lane).map_or(0.0, |&byte| f32::from(byte) / 255.0);
                    prop_assert_eq!(*x, Lanes(array::from_fn(value)));
                }
                for (four, listed) in part.fours() {
                    let is_lit = |image: &&[u8]| {
                        let here = image.iter().skip(four * FOUR).take(FOUR);
                        here.copied().any(|byte| byte != 0)
                    };
                    let lit = (0..).zip(&images).filter(|(_, image)| is_lit(image));
                    prop_assert!(lit.map(|(number, _)| number).eq(listed.iter().copied()));
                }
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
    fn images_that_were_taken_before_are_forgotten() {
        let (mut part, mut x) = taken(&[&[7; 40][..]; 20], 40);
        assert_eq!(part.visited(), 20 * 40);
        part.clear();
        let mut images: [&[u8]; LANES] = [&[]; LANES];
        images[2] = &[0, 0, 0, 0, 0, 255];
        part.take(images, 0, &mut x);
        let lit: Vec<_> = part
            .fours()
            .filter(|(_, images)| !images.is_empty())
            .collect();
        assert_eq!(lit, [(1, &[2_u32][..])]);
        assert_eq!(part.visited(), FOUR);
        assert_eq!([x[2].0[5], x[1].0[5]], [1.0, 0.0]);
    }
}
