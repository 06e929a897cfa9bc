//! The first layer's products when many inputs are zero: only where it is lit is visited.
//!
//! Four neighbouring inputs' rows of the kernel, or of its gradient, stay in registers while the
//! images that light any of the four pass by.

use super::lit::{FOUR, FOURS, Lit};
use crate::nn::{adam::AdamStep, lanes::Lanes};
use bytemuck::must_cast_slice;
use std::array;

/// `y = x w` for the inputs of `lit`: in panels of a row for each of its images, and `w` in as many
/// panels of a row for each of its inputs. Only what is lit of `x` is visited.
pub(in crate::nn) fn sparse_products(lit: &Lit, x: &[Lanes], w: &[Lanes], y: &mut [Lanes]) {
    dispatch!(products_loop<TILE>(
        lit: &Lit, x: &[Lanes], w: &[Lanes], y: &mut [Lanes];
        |sum, x, row| add_product(sum, x, row)
    ) -> ());
}

#[inline(always)]
fn products_loop<const TILE: usize>(
    lit: &Lit,
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
    lit: &Lit,
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
    lit: &Lit,
    x: &[Lanes],
    ds: &[Lanes],
    [w, m, v]: [&mut [Lanes]; 3],
    step: AdamStep,
) {
    dispatch!(descend_loop<TILE>(
        lit: &Lit,
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
    lit: &Lit,
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
    lit: &Lit,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        kernels::{Case, all_near, in_each_form, panels, portable, product},
        lanes::{LANES, padded},
    };
    use ndarray::Array2;
    use proptest::prelude::*;

    /// Where the inputs are lit when they are bytes, and what these say: in panels, and plainly.
    fn listed(x: &Array2<f32>) -> (Lit, Vec<Lanes>, Array2<f32>) {
        let bytes = x.mapv(|x| (x.abs() * 255.0) as u8);
        let images: Vec<_> = bytes
            .outer_iter()
            .map(|row| row.to_slice().unwrap())
            .collect();
        let (lit, panels) = Lit::of(&images, x.ncols());
        (lit, panels, bytes.mapv(|byte| f32::from(byte) / 255.0))
    }

    proptest! {
        /// Up to four panels at a time, and a rest of any number.
        #[test]
        fn sparse_products_are_the_products(case in Case::of_units(1..130)) {
            let (lit, x, numbers) = listed(&case.x);
            let (rows, inputs) = (padded(case.x.nrows()), padded(case.x.ncols()));
            let w = panels(&case.w);
            let expected = product(&numbers, &case.w);
            let room = || vec![Lanes([9.0; LANES]); w.len() / inputs * rows];
            let forms = in_each_form(|| {
                let mut y = room();
                sparse_products(&lit, &x, &w, &mut y);
                y
            });
            for y in &forms {
                all_near(y, &expected, inputs)?;
            }
            // What AVX-512 has room for, where there is none too.
            let mut y = room();
            products_loop::<16>(&lit, &x, &w, &mut y, portable::add_product);
            prop_assert_eq!(&y, &forms[2]);
        }

        #[test]
        fn a_sparse_kernel_descends_by_its_gradient(case in Case::of_units(1..130)) {
            let (lit, x, numbers) = listed(&case.x);
            let (rows, inputs) = (padded(case.x.nrows()), padded(case.x.ncols()));
            let expected = product(&numbers.t().to_owned(), &case.ds);
            let ds = panels(&case.ds);
            let room = || vec![Lanes::ZERO; inputs * (ds.len() / rows)];
            let forms = in_each_form(|| {
                let [mut w, mut m, mut v] = [room(), room(), room()];
                sparse_descend(&lit, &x, &ds, [&mut w, &mut m, &mut v], Case::GRADIENT);
                [w, m, v]
            });
            for [_, m, _] in &forms {
                all_near(m, &expected, rows)?;
            }
            let [mut w, mut m, mut v] = [room(), room(), room()];
            let (step, add) = (Case::GRADIENT, portable::add_product);
            let update: fn(&mut Lanes, &Lanes, &mut Lanes, &mut Lanes) =
                |w, g, m, v| portable::update_lanes(w, g, m, v, Case::GRADIENT);
            descend_loop::<16>(&lit, &x, &ds, &mut w, &mut m, &mut v, step, add, update);
            prop_assert_eq!(&[w, m, v], &forms[2]);
        }
    }
}
