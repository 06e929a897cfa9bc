//! The first layer's products when most inputs are zero: the others are visited one by one.

use crate::nn::{
    adam::AdamStep,
    lanes::{LANES, Lanes},
};
use std::ops::Range;

/// An input that is not zero: its number among the inputs of its part, and its byte
/// above that. A list of these is short enough to stay in a core's cache.
pub(super) type Entry = u32;

/// Where an entry's byte begins.
pub(super) const BYTE: u32 = 16;

/// Some of the inputs, of every image of a batch.
#[derive(Debug, Clone)]
pub(in crate::nn) struct SparsePart {
    /// Which inputs.
    pub(in crate::nn) range: Range<usize>,
    /// Those that are not zero, image after image, and then room for more.
    entries: Vec<Entry>,
    /// Where each image's entries end.
    ends: Vec<usize>,
}

impl SparsePart {
    /// Room for these inputs, in whole rows of sixteen, of so many images.
    ///
    /// # Panics
    ///
    /// When there are more inputs than an entry can tell apart.
    pub(in crate::nn) fn new(range: Range<usize>, images: usize) -> Self {
        assert!(
            range.len() <= 1 << BYTE,
            "an entry has {BYTE} bits for its input"
        );
        Self {
            entries: vec![0; range.len() * images],
            ends: vec![0; images],
            range,
        }
    }

    /// Takes one image more, from the bytes of these inputs, and puts them into row
    /// `image` of the panels `x` as numbers from 0 to 1; images come in their order.
    pub(in crate::nn) fn take(&mut self, bytes: &[u8], image: usize, rows: usize, x: &mut [Lanes]) {
        let start = self.start(image);
        let entries = &mut self.entries[start..];
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

    #[inline(always)]
    fn entries(&self, image: usize) -> &[Entry] {
        &self.entries[self.start(image)..self.ends[image]]
    }
}

/// `y = x w` for the inputs of one part: in panels of `rows` rows, and `w` in as many
/// panels of `inputs` rows, from the part's first input on.
pub(in crate::nn) fn sparse_products(
    x: &SparsePart,
    w: &[Lanes],
    inputs: usize,
    y: &mut [Lanes],
    rows: usize,
) {
    dispatch!(products_loop(
        x: &SparsePart, w: &[Lanes], inputs: usize, y: &mut [Lanes], rows: usize;
        |sum, x, row| add_product(sum, x, row)
    ) -> ());
}

#[inline(always)]
fn products_loop(
    x: &SparsePart,
    w: &[Lanes],
    inputs: usize,
    y: &mut [Lanes],
    rows: usize,
    add_product: impl Fn(&mut Lanes, f32, &Lanes) + Copy,
) {
    // Two panels at a time, so that an entry is read once for both.
    let pairs = w.chunks(2 * inputs).zip(y.chunks_mut(2 * rows));
    for (w, y) in pairs {
        let w0 = &w[..x.range.len()];
        let (y0, y1) = y.split_at_mut(rows);
        if y1.is_empty() {
            for (image, y) in y0.iter_mut().enumerate() {
                [*y] = products(x.entries(image), [w0], add_product);
            }
        } else {
            let w1 = &w[inputs..][..x.range.len()];
            for (image, (y0, y1)) in y0.iter_mut().zip(y1).enumerate() {
                [*y0, *y1] = products(x.entries(image), [w0, w1], add_product);
            }
        }
    }
}

/// One image's products with some panels.
#[inline(always)]
fn products<const PANELS: usize>(
    entries: &[Entry],
    w: [&[Lanes]; PANELS],
    add_product: impl Fn(&mut Lanes, f32, &Lanes),
) -> [Lanes; PANELS] {
    // Four sums side by side for each panel, as each has to wait for its last product;
    // and shorter sums round less.
    let mut sums = [[Lanes::ZERO; 4]; PANELS];
    let (fours, rest) = entries.as_chunks::<4>();
    for four in fours {
        for (place, &entry) in four.iter().enumerate() {
            let (input, x) = read(entry);
            for (sums, w) in sums.iter_mut().zip(w) {
                add_product(&mut sums[place], x, &w[input]);
            }
        }
    }
    for (place, &entry) in rest.iter().enumerate() {
        let (input, x) = read(entry);
        for (sums, w) in sums.iter_mut().zip(w) {
            add_product(&mut sums[place], x, &w[input]);
        }
    }
    sums.map(|[s0, s1, s2, s3]| {
        Lanes(std::array::from_fn(|lane| {
            (s0.0[lane] + s1.0[lane]) + (s2.0[lane] + s3.0[lane])
        }))
    })
}

/// [`descend`](super::descend), for the kernel rows of one part; `dw` is room for two panels of
/// their gradient.
pub(in crate::nn) fn sparse_descend(
    x: &SparsePart,
    ds: &[Lanes],
    [w, m, v]: [&mut [Lanes]; 3],
    dw: &mut [Lanes],
    step: AdamStep,
) {
    dispatch!(sparse_descend_loop(
        x: &SparsePart,
        ds: &[Lanes],
        w: &mut [Lanes],
        m: &mut [Lanes],
        v: &mut [Lanes],
        dw: &mut [Lanes],
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
fn sparse_descend_loop(
    x: &SparsePart,
    ds: &[Lanes],
    w: &mut [Lanes],
    m: &mut [Lanes],
    v: &mut [Lanes],
    dw: &mut [Lanes],
    _: AdamStep,
    add_product: impl Fn(&mut Lanes, f32, &Lanes) + Copy,
    update: impl Fn(&mut Lanes, &Lanes, &mut Lanes, &mut Lanes),
) {
    // Two panels at a time, so that an entry is read once for both.
    let inputs = x.range.len();
    let rows = ds.len() / (w.len() / inputs);
    let moments = m.chunks_mut(2 * inputs).zip(v.chunks_mut(2 * inputs));
    let learners = w.chunks_mut(2 * inputs).zip(moments);
    for (ds, (w, (m, v))) in ds.chunks(2 * rows).zip(learners) {
        let (ds, ds1) = ds.split_at(rows);
        let panels = if ds1.is_empty() {
            gradients(x, [ds], dw, add_product);
            1
        } else {
            gradients(x, [ds, ds1], dw, add_product);
            2
        };
        for panel in 0..panels {
            let here = panel * inputs..(panel + 1) * inputs;
            let moments = m[here.clone()].iter_mut().zip(&mut v[here.clone()]);
            let dw = dw[panel..].iter().step_by(panels);
            for ((w, g), (m, v)) in w[here].iter_mut().zip(dw).zip(moments) {
                update(w, g, m, v);
            }
        }
    }
}

/// `dw = xᵀ ds` for some panels, whose rows take turns.
#[inline(always)]
fn gradients<const PANELS: usize>(
    x: &SparsePart,
    ds: [&[Lanes]; PANELS],
    dw: &mut [Lanes],
    add_product: impl Fn(&mut Lanes, f32, &Lanes),
) {
    let dw = &mut dw.as_chunks_mut::<PANELS>().0[..x.range.len()];
    dw.fill([Lanes::ZERO; PANELS]);
    for image in 0..ds[0].len() {
        let ds = ds.map(|ds| ds[image]);
        for &entry in x.entries(image) {
            let (input, x) = read(entry);
            for (dw, ds) in dw[input].iter_mut().zip(&ds) {
                add_product(dw, x, ds);
            }
        }
    }
}

/// An entry's input and its value.
#[inline(always)]
fn read(entry: Entry) -> (usize, f32) {
    let input = entry & ((1 << BYTE) - 1);
    let byte = (entry >> BYTE) as u8;
    (input as usize, QUOTIENTS[usize::from(byte)])
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

/// The inputs of one image, from bytes: 255 becomes 1.
///
/// Row `image` of the panels `x` takes all of them, and `entries` those that are
/// not zero; returns how many those are.
fn scale_and_collect(
    bytes: &[u8],
    image: usize,
    rows: usize,
    x: &mut [Lanes],
    entries: &mut [Entry],
) -> usize {
    dispatch!(scale_and_collect_loop(
        bytes: &[u8], image: usize, rows: usize, x: &mut [Lanes], entries: &mut [Entry];
        |bytes, first, x, entries| collect(bytes, first, x, entries)
    ) -> usize)
}

#[inline(always)]
fn scale_and_collect_loop(
    bytes: &[u8],
    image: usize,
    rows: usize,
    x: &mut [Lanes],
    entries: &mut [Entry],
    collect: impl Fn(&[u8; LANES], u32, &mut Lanes, &mut [Entry]) -> usize,
) -> usize {
    let (whole, rest) = bytes.as_chunks::<LANES>();
    let mut last = [0; LANES];
    last[..rest.len()].copy_from_slice(rest);
    let sixteens = whole.iter().chain((!rest.is_empty()).then_some(&last));
    let mut count = 0;
    for (panel, (bytes, x)) in sixteens.zip(x.chunks_exact_mut(rows)).enumerate() {
        let room = &mut entries[count..];
        count += collect(bytes, (panel * LANES) as u32, &mut x[image], room);
    }
    count
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

    /// The inputs as bytes, from number `first` on, and what these say.
    fn listed(x: &Array2<f32>, first: usize) -> (SparsePart, Array2<f32>) {
        let bytes = x.mapv(|x| (x.abs() * 255.0) as u8);
        let inputs = padded(x.ncols());
        let mut part = SparsePart::new(first..first + inputs, padded(x.nrows()));
        let mut scaled = vec![Lanes::ZERO; inputs / LANES * padded(x.nrows())];
        for (image, bytes) in bytes.rows().into_iter().enumerate() {
            part.take(
                bytes.to_slice().unwrap(),
                image,
                padded(x.nrows()),
                &mut scaled,
            );
        }
        part.end(x.nrows());
        (part, bytes.mapv(|byte| f32::from(byte) / 255.0))
    }

    proptest! {
        #[test]
        fn sparse_products_are_the_products(case in Case::any()) {
            let (part, x) = listed(&case.x, 32);
            let (rows, inputs) = (padded(x.nrows()), padded(x.ncols()));
            let w = panels(&case.w);
            let expected = product(&x, &case.w);
            for y in in_each_form(|| {
                let mut y = vec![Lanes([9.0; LANES]); w.len() / inputs * rows];
                sparse_products(&part, &w, inputs, &mut y, rows);
                y
            }) {
                all_near(&y, &expected, inputs)?;
            }
        }

        #[test]
        fn a_sparse_kernel_descends_by_its_gradient(case in Case::any()) {
            let (part, x) = listed(&case.x, 0);
            let inputs = padded(x.ncols());
            let expected = product(&x.t().to_owned(), &case.ds);
            let ds = panels(&case.ds);
            for m in in_each_form(|| {
                let mut m = vec![Lanes::ZERO; inputs * (ds.len() / padded(x.nrows()))];
                let (mut w, mut v) = (m.clone(), m.clone());
                let mut dw = vec![Lanes([9.0; LANES]); 2 * inputs];
                let learners = [&mut w[..], &mut m, &mut v];
                sparse_descend(&part, &ds, learners, &mut dw, Case::GRADIENT);
                m
            }) {
                all_near(&m, &expected, x.nrows())?;
            }
        }

        #[test]
        fn sixteen_bytes_are_collected_alike_everywhere(bytes: [u8; 16], dark: [bool; 16]) {
            let bytes: [u8; 16] = std::array::from_fn(|i| if dark[i] { 0 } else { bytes[i] });
            let [best, avx2, any] = in_each_form(|| {
                let (mut x, mut entries) = ([Lanes::ZERO], [0; LANES]);
                let count = scale_and_collect(&bytes, 0, 1, &mut x, &mut entries);
                (x, entries[..count].to_vec())
            });
            prop_assert_eq!(best, any.clone());
            prop_assert_eq!(avx2, any);
        }
    }

    #[test]
    fn every_byte_is_scaled_to_the_quotient_rounded_once() {
        for byte in 0..=u8::MAX {
            let mut x = [Lanes::ZERO];
            scale_and_collect(&[byte; LANES], 0, 1, &mut x, &mut [0; LANES]);
            assert_eq!(x[0], Lanes([f32::from(byte) / 255.0; LANES]));
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
        let listed: Vec<_> = part.entries(1).iter().copied().map(read).collect();
        assert_eq!(listed, [(3, 1.0), (15, 0.2), (32, 1.0 / 255.0)]);
        assert_eq!(x[0], Lanes([7.0 / 255.0; LANES]), "the other image");
        assert_eq!(x[1].0[15], 0.2);
        assert_eq!(x[3], Lanes::ZERO);
        assert_eq!(x[5].0[0], 1.0 / 255.0);
        assert_eq!(x[5].0[8..], [0.0; 8]);
        part.take(&[0; 40], 0, 2, &mut x);
        part.end(1);
        assert!(part.entries(1).is_empty());
    }
}
