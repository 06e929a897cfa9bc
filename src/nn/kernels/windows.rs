//! The products of maps with the windows of others, for sixteen images side by side: what a
//! convolution's weights are moved by.

use super::{
    grid::{Grid, Size},
    maps::add,
};
use crate::nn::lanes::Lanes;
use std::array;

/// Rows and columns of a whole kernel.
const KERNEL: usize = 3;

/// Adds what these rows contribute to the products of every still number with the
/// window around it:
/// `products[s, m, u, v] += Σ still[s, i, j] moving[m, STEP i + u, STEP j + v]` over `i, j`.
///
/// There are as many moving maps as the products have room for.
pub(in crate::nn) fn add_window_products<const STEP: usize>(
    still: (&[Lanes], Grid),
    maps: usize,
    moving: (&[Lanes], Grid),
    size: Size,
    products: &mut [Lanes],
) {
    dispatch!(window_products_tiles<TILE, STEP>(
        still: (&[Lanes], Grid),
        maps: usize,
        moving: (&[Lanes], Grid),
        size: Size,
        products: &mut [Lanes];
        |sum, a, b| add_products(sum, a, b)
    ) -> ());
}

#[inline(always)]
fn window_products_tiles<const TILE: usize, const STEP: usize>(
    still: (&[Lanes], Grid),
    maps: usize,
    moving: (&[Lanes], Grid),
    size: Size,
    products: &mut [Lanes],
    add_products: impl Fn(&mut Lanes, &Lanes, &Lanes) + Copy,
) {
    // A whole window of two maps is 18 sums, for which there is room too, since little else is
    // needed: each number that is read has two or nine of them.
    match TILE {
        16 => window_products::<2, 3, STEP>(still, maps, moving, size, products, add_products),
        _ => window_products::<2, 1, STEP>(still, maps, moving, size, products, add_products),
    }
}

/// In tiles of `STILL` maps and `ROWS` rows of the window.
#[inline(always)]
fn window_products<const STILL: usize, const ROWS: usize, const STEP: usize>(
    (still, grid): (&[Lanes], Grid),
    maps: usize,
    moving: (&[Lanes], Grid),
    size: Size,
    products: &mut [Lanes],
    add_products: impl Fn(&mut Lanes, &Lanes, &Lanes) + Copy,
) {
    let of_one = products.len() / maps;
    let whole = maps / STILL * STILL;
    let (tiles, rest) = products.split_at_mut(whole * of_one);
    for (tile, products) in tiles.chunks_exact_mut(STILL * of_one).enumerate() {
        let still = (still, grid.at_map(tile * STILL));
        window_products_tile::<STILL, ROWS, STEP>(still, moving, size, products, add_products);
    }
    for (map, products) in (whole..maps).zip(rest.chunks_exact_mut(of_one)) {
        let still = (still, grid.at_map(map));
        window_products_tile::<1, ROWS, STEP>(still, moving, size, products, add_products);
    }
}

/// The products of `STILL` maps, from the grid's first on.
#[inline(always)]
fn window_products_tile<const STILL: usize, const ROWS: usize, const STEP: usize>(
    (still, still_grid): (&[Lanes], Grid),
    (moving, moving_grid): (&[Lanes], Grid),
    size: Size,
    products: &mut [Lanes],
    add_products: impl Fn(&mut Lanes, &Lanes, &Lanes),
) {
    // With loops that might be empty a compiler copies every sum at every place, which takes
    // nearly a third of the speed.
    assert!(size.height > 0 && size.width > 0, "a place at least");
    const { assert!(KERNEL.is_multiple_of(ROWS)) };
    let of_one = products.len() / STILL;
    for first in (0..of_one / KERNEL).step_by(ROWS) {
        let (m, u) = (first / KERNEL, first % KERNEL);
        let at = moving_grid.first + m * moving_grid.map + u * moving_grid.row;
        let mut sums = [[[Lanes::ZERO; KERNEL]; ROWS]; STILL];
        for i in 0..size.height {
            // Each column of the windows as a row of its own: its length is known, and no place
            // has to be checked.
            let columns: [[&[[Lanes; STEP]]; KERNEL]; ROWS] = array::from_fn(|row| {
                let row = &moving[at + (STEP * i + row) * moving_grid.row..];
                array::from_fn(|v| &row[v.saturating_sub(STEP - 1)..].as_chunks().0[..size.width])
            });
            let row = still_grid.first + i * still_grid.row;
            let rows: [&[Lanes]; STILL] =
                array::from_fn(|s| &still[row + s * still_grid.map..][..size.width]);
            for j in 0..size.width {
                for_rows!(s < STILL => {
                    let still = &rows[s][j];
                    for_rows!(u < ROWS => {
                        for_rows!(v < KERNEL => {
                            let moving = &columns[u][v][j][v.min(STEP - 1)];
                            add_products(&mut sums[s][u][v], still, moving);
                        });
                    });
                });
            }
        }
        for_rows!(s < STILL => {
            let products = &mut products[s * of_one + first * KERNEL..][..ROWS * KERNEL];
            for (products, sums) in products.as_chunks_mut::<KERNEL>().0.iter_mut().zip(&sums[s]) {
                for_rows!(v < KERNEL => add(&mut products[v], &sums[v]));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        kernels::{
            grid::sample::{TOLERANCE, at, grid, random},
            in_each_form, portable,
        },
        lanes::LANES,
    };
    use ndarray_rand::rand::{SeedableRng, rngs::StdRng};
    use proptest::prelude::*;

    type AddProducts = fn((&[Lanes], Grid), usize, (&[Lanes], Grid), Size, &mut [Lanes]);

    fn check_products(
        (add, step): (AddProducts, usize),
        [stills, movings, height, width]: [usize; 4],
    ) {
        let mut rng = StdRng::seed_from_u64((stills * movings * height * width) as u64);
        let sides = [height, width].map(|places| step * (places - 1) + KERNEL);
        let (still_grid, moving_grid) = (grid(height, width), grid(sides[0], sides[1]));
        let still = random(&mut rng, stills * still_grid.map);
        let moving = random(&mut rng, movings * moving_grid.map);
        let before = random(&mut rng, stills * movings * KERNEL * KERNEL);
        let mut products = before.clone();
        let size = Size { height, width };
        add(
            (&still, still_grid),
            stills,
            (&moving, moving_grid),
            size,
            &mut products,
        );
        for (index, (products, before)) in products.iter().zip(&before).enumerate() {
            let (s, m) = (index / 9 / movings, index / 9 % movings);
            let (u, v) = (index / 3 % 3, index % 3);
            for lane in 0..LANES {
                let mut expected = f64::from(before.0[lane]);
                for (i, j) in (0..height * width).map(|place| (place / width, place % width)) {
                    let still = still[at(still_grid, [s, i, j])].0[lane];
                    let moving = moving[at(moving_grid, [m, step * i + u, step * j + v])].0[lane];
                    expected += f64::from(still) * f64::from(moving);
                }
                let product = f64::from(products.0[lane]);
                assert!(
                    (product - expected).abs() < TOLERANCE,
                    "{product}, not {expected}"
                );
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// Even and odd numbers of maps.
        #[test]
        fn products_with_windows_are_their_definition(
            still in 1..=17_usize,
            moving in 1..4_usize,
            height in 1..5_usize,
            width in 1..9_usize,
        ) {
            let sides = [still, moving, height, width];
            in_each_form(|| {
                check_products((add_window_products::<1>, 1), sides);
                check_products((add_window_products::<2>, 2), sides);
            });
            // The tiles that AVX-512 has room for, where there is none too.
            let of_sixteen: AddProducts = |still, maps, moving, size, products| {
                let add = portable::add_products;
                window_products_tiles::<16, 1>(still, maps, moving, size, products, add);
            };
            let by_two: AddProducts = |still, maps, moving, size, products| {
                let add = portable::add_products;
                window_products_tiles::<16, 2>(still, maps, moving, size, products, add);
            };
            check_products((of_sixteen, 1), sides);
            check_products((by_two, 2), sides);
        }
    }
}
