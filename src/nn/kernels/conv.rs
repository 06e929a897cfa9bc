//! The products of a convolution, for sixteen images side by side.
//!
//! Every number of a map is a row of sixteen, one for each image, and every weight
//! a scalar that multiplies such rows: no image is in another's way, so there are
//! no shuffles, and no rests but those of a map's width. A tile of sums, of some
//! channels at some places, is kept in registers; the order of the sums is the
//! same for all tiles.

use super::maps::add;
use crate::nn::{Activation, lanes::Lanes};

/// Channels that share what is read of the other maps; weights are kept in blocks
/// of so many, or of one where the channels are not a multiple.
const BLOCK: usize = 8;

/// Rows and columns of a whole kernel.
const KERNEL: usize = 3;

/// Where maps stand in memory: number `[c, i, j]` at `first + c map + i row + j column`.
#[derive(Debug, Clone, Copy)]
pub(in crate::nn) struct Grid {
    pub(in crate::nn) first: usize,
    pub(in crate::nn) map: usize,
    pub(in crate::nn) row: usize,
    pub(in crate::nn) column: usize,
}

/// Rows and columns to work on.
#[derive(Debug, Clone, Copy)]
pub(in crate::nn) struct Size {
    pub(in crate::nn) height: usize,
    pub(in crate::nn) width: usize,
}

/// `y[o, i, j] = f(b[o] + Σ w[o, c, u, v] x[c, STEP i + u, STEP j + v])` over `c` and
/// `SIDE` by `SIDE` places `u, v`, with `w` in blocks of [`block_width`] output channels.
pub(in crate::nn) fn convolve<const SIDE: usize, const STEP: usize>(
    x: (&[Lanes], Grid),
    w: &[f32],
    b: &[f32],
    activation: Activation,
    size: Size,
    y: (&mut [Lanes], Grid),
) {
    dispatch!(convolve_tiles<TILE, SIDE, STEP>(
        x: (&[Lanes], Grid),
        w: &[f32],
        b: &[f32],
        activation: Activation,
        size: Size,
        y: (&mut [Lanes], Grid);
        |sum, x, row| add_product(sum, x, row)
    ) -> ());
}

/// Output channels of a block of weights: the convolutions read block after block, each
/// `[in, SIDE, SIDE, block_width]`.
pub(in crate::nn) fn block_width(outs: usize) -> usize {
    if outs.is_multiple_of(BLOCK) { BLOCK } else { 1 }
}

#[inline(always)]
fn convolve_tiles<const TILE: usize, const SIDE: usize, const STEP: usize>(
    x: (&[Lanes], Grid),
    w: &[f32],
    b: &[f32],
    activation: Activation,
    size: Size,
    y: (&mut [Lanes], Grid),
    add_product: impl Fn(&mut Lanes, f32, &Lanes) + Copy,
) {
    match (block_width(b.len()) == BLOCK, TILE) {
        (true, 16) => rows::<8, 8, 2, SIDE, STEP>(x, w, b, activation, size, y, add_product),
        (true, _) => rows::<8, 4, 1, SIDE, STEP>(x, w, b, activation, size, y, add_product),
        (false, 16) => rows::<1, 1, 7, SIDE, STEP>(x, w, b, activation, size, y, add_product),
        (false, _) => rows::<1, 1, 4, SIDE, STEP>(x, w, b, activation, size, y, add_product),
    }
}

/// In tiles of `OUTS` channels at `PLACES` places, where weights stand in blocks of `WIDTH`.
#[inline(always)]
fn rows<
    const WIDTH: usize,
    const OUTS: usize,
    const PLACES: usize,
    const SIDE: usize,
    const STEP: usize,
>(
    (x, from): (&[Lanes], Grid),
    w: &[f32],
    b: &[f32],
    activation: Activation,
    size: Size,
    (y, to): (&mut [Lanes], Grid),
    add_product: impl Fn(&mut Lanes, f32, &Lanes) + Copy,
) {
    let blocks = b.len() / WIDTH;
    for first in (0..b.len()).step_by(OUTS) {
        let w = &w[first / WIDTH * (w.len() / blocks)..][..w.len() / blocks];
        let w = &w[first % WIDTH..];
        let b = &b[first..first + OUTS];
        for i in 0..size.height {
            let x = &x[from.first + STEP * i * from.row..];
            let to_row = to.first + first * to.map + i * to.row;
            let whole = size.width / PLACES * PLACES;
            for j in (0..whole).step_by(PLACES) {
                let sums =
                    sums::<WIDTH, OUTS, PLACES, SIDE, STEP>(&x[STEP * j..], from, w, add_product);
                let place = to_row + j * to.column;
                store(&sums, b, activation, y, place, to);
            }
            for j in whole..size.width {
                let sums = sums::<WIDTH, OUTS, 1, SIDE, STEP>(&x[STEP * j..], from, w, add_product);
                let place = to_row + j * to.column;
                store(&sums, b, activation, y, place, to);
            }
        }
    }
}

/// The sums of one tile, without their biases.
#[inline(always)]
fn sums<
    const WIDTH: usize,
    const OUTS: usize,
    const PLACES: usize,
    const SIDE: usize,
    const STEP: usize,
>(
    x: &[Lanes],
    from: Grid,
    w: &[f32],
    add_product: impl Fn(&mut Lanes, f32, &Lanes),
) -> [[Lanes; OUTS]; PLACES] {
    let mut sums = [[Lanes::ZERO; OUTS]; PLACES];
    for (c, w) in w.chunks(SIDE * SIDE * WIDTH).enumerate() {
        for u in 0..SIDE {
            let x = &x[c * from.map + u * from.row..][..(PLACES - 1) * STEP + SIDE];
            for v in 0..SIDE {
                let w = &w[(u * SIDE + v) * WIDTH..][..OUTS];
                for_rows!(p < PLACES => {
                    let x = &x[p * STEP + v];
                    for_rows!(o < OUTS => add_product(&mut sums[p][o], w[o], x));
                });
            }
        }
    }
    sums
}

/// Puts a tile in its place.
#[inline(always)]
fn store<const OUTS: usize, const PLACES: usize>(
    sums: &[[Lanes; OUTS]; PLACES],
    b: &[f32],
    activation: Activation,
    y: &mut [Lanes],
    place: usize,
    to: Grid,
) {
    for_rows!(p < PLACES => {
        for_rows!(o < OUTS => {
            let y = &mut y[place + o * to.map + p * to.column];
            for (y, sum) in y.0.iter_mut().zip(&sums[p][o].0) {
                *y = activation.of(*sum + b[o]);
            }
        });
    });
}

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
    match TILE {
        16 => window_products::<8, STEP>(still, maps, moving, size, products, add_products),
        _ => window_products::<2, STEP>(still, maps, moving, size, products, add_products),
    }
}

#[inline(always)]
fn window_products<const STILL: usize, const STEP: usize>(
    (still, still_grid): (&[Lanes], Grid),
    maps: usize,
    moving: (&[Lanes], Grid),
    size: Size,
    products: &mut [Lanes],
    add_products: impl Fn(&mut Lanes, &Lanes, &Lanes) + Copy,
) {
    let of_one = products.len() / maps;
    let from_map = |map: usize| Grid {
        first: still_grid.first + map * still_grid.map,
        ..still_grid
    };
    let whole = maps / STILL * STILL;
    let (tiles, rest) = products.split_at_mut(whole * of_one);
    for (tile, products) in tiles.chunks_exact_mut(STILL * of_one).enumerate() {
        let still = (still, from_map(tile * STILL));
        window_products_tile::<STILL, STEP>(still, moving, size, products, add_products);
    }
    for (map, products) in (whole..maps).zip(rest.chunks_exact_mut(of_one)) {
        let still = (still, from_map(map));
        window_products_tile::<1, STEP>(still, moving, size, products, add_products);
    }
}

/// The products of `STILL` maps, from the grid's first on.
#[inline(always)]
fn window_products_tile<const STILL: usize, const STEP: usize>(
    (still, still_grid): (&[Lanes], Grid),
    (moving, moving_grid): (&[Lanes], Grid),
    size: Size,
    products: &mut [Lanes],
    add_products: impl Fn(&mut Lanes, &Lanes, &Lanes),
) {
    let of_one = products.len() / STILL;
    for window_row in 0..of_one / KERNEL {
        let (m, u) = (window_row / KERNEL, window_row % KERNEL);
        let at = moving_grid.first + m * moving_grid.map + u * moving_grid.row;
        let mut sums = [[Lanes::ZERO; KERNEL]; STILL];
        for i in 0..size.height {
            let windows = &moving[at + STEP * i * moving_grid.row..];
            let windows = &windows[..STEP * (size.width - 1) + KERNEL];
            let row = still_grid.first + i * still_grid.row;
            let rows: [&[Lanes]; STILL] =
                std::array::from_fn(|s| &still[row + s * still_grid.map..][..size.width]);
            for j in 0..size.width {
                let window = &windows[STEP * j..][..KERNEL];
                for_rows!(s < STILL => {
                    let still = &rows[s][j];
                    for_rows!(v < KERNEL => add_products(&mut sums[s][v], still, &window[v]));
                });
            }
        }
        for_rows!(s < STILL => {
            let products = &mut products[s * of_one + window_row * KERNEL..][..KERNEL];
            for_rows!(v < KERNEL => add(&mut products[v], &sums[s][v]));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        kernels::{in_each_form, portable},
        lanes::LANES,
    };
    use ndarray_rand::rand::{Rng, SeedableRng, rngs::StdRng};
    use proptest::prelude::*;

    /// Sums of up to some hundred products of numbers up to 1, each with a rounding
    /// (6e-8) of what there is so far.
    const TOLERANCE: f64 = 1e-4;

    fn random(rng: &mut StdRng, count: usize) -> Vec<Lanes> {
        let mut row = || Lanes(std::array::from_fn(|_| rng.random_range(-1.0..1.0)));
        (0..count).map(|_| row()).collect()
    }

    /// Maps of these sides, one after the other, begun a number late.
    fn grid(height: usize, width: usize) -> Grid {
        Grid {
            first: 1,
            map: height * width,
            row: width,
            column: 1,
        }
    }

    fn at(grid: Grid, [c, i, j]: [usize; 3]) -> usize {
        grid.first + c * grid.map + i * grid.row + j * grid.column
    }

    type Convolve = fn((&[Lanes], Grid), &[f32], &[f32], Activation, Size, (&mut [Lanes], Grid));

    fn check_convolution(
        (convolve, side, step): (Convolve, usize, usize),
        [ins, outs, height, width]: [usize; 4],
        activation: Activation,
    ) {
        let mut rng = StdRng::seed_from_u64((ins * outs * height * width) as u64);
        let sides = [height, width].map(|places| step * (places - 1) + side);
        let from = grid(sides[0], sides[1]);
        let x = random(&mut rng, 1 + ins * from.map);
        let mut weights =
            |count| -> Vec<f32> { (0..count).map(|_| rng.random_range(-1.0..1.0)).collect() };
        let (w, b) = (weights(outs * ins * side * side), weights(outs));
        let block = block_width(outs);
        let weight = |o: usize, c: usize, u: usize, v: usize| {
            let place = ((o / block * ins + c) * side + u) * side + v;
            f64::from(w[place * block + o % block])
        };
        // Every second place is somebody else's.
        let to = Grid {
            row: 2 * 2 * width,
            column: 2,
            ..grid(2 * height, 2 * width)
        };
        let untouched = random(&mut rng, 1 + outs * to.map);
        let mut y = untouched.clone();
        convolve(
            (&x, from),
            &w,
            &b,
            activation,
            Size { height, width },
            (&mut y, to),
        );
        for (o, b) in b.iter().enumerate() {
            for i in 0..height {
                for j in 0..width {
                    let place = at(to, [o, i, j]);
                    for lane in 0..LANES {
                        let mut sum = f64::from(*b);
                        for c in 0..ins {
                            for (u, v) in (0..side * side).map(|place| (place / side, place % side))
                            {
                                let x = x[at(from, [c, step * i + u, step * j + v])].0[lane];
                                sum += weight(o, c, u, v) * f64::from(x);
                            }
                        }
                        let expected = match activation {
                            Activation::Relu => sum.max(0.0),
                            Activation::Linear => sum,
                        };
                        let y = f64::from(y[place].0[lane]);
                        assert!((y - expected).abs() < TOLERANCE, "{y}, not {expected}");
                    }
                    y[place] = untouched[place];
                }
            }
        }
        assert!(y == untouched, "what is no place of the output has changed");
    }

    type AddProducts = fn((&[Lanes], Grid), usize, (&[Lanes], Grid), Size, &mut [Lanes]);

    fn check_products(
        (add, step): (AddProducts, usize),
        [stills, movings, height, width]: [usize; 4],
    ) {
        let mut rng = StdRng::seed_from_u64((stills * movings * height * width) as u64);
        let sides = [height, width].map(|places| step * (places - 1) + KERNEL);
        let (still_grid, moving_grid) = (grid(height, width), grid(sides[0], sides[1]));
        let still = random(&mut rng, 1 + stills * still_grid.map);
        let moving = random(&mut rng, 1 + movings * moving_grid.map);
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

        /// Blocks and what is none; widths that leave a rest of a tile.
        #[test]
        fn a_convolution_is_its_definition(
            ins in 1..4_usize,
            outs in prop_oneof![1..=17_usize, Just(BLOCK), Just(2 * BLOCK)],
            height in 1..4_usize,
            width in 1..17_usize,
            activation in prop_oneof![Just(Activation::Relu), Just(Activation::Linear)],
        ) {
            let convolutions: [(Convolve, usize, usize); 3] =
                [(convolve::<3, 1>, 3, 1), (convolve::<2, 1>, 2, 1), (convolve::<3, 2>, 3, 2)];
            in_each_form(|| {
                for convolution in convolutions {
                    check_convolution(convolution, [ins, outs, height, width], activation);
                }
            });
        }

        /// Maps that fill tiles of either size, and maps that leave a rest of each.
        #[test]
        fn products_with_windows_are_their_definition(
            still in prop_oneof![1..=17_usize, Just(BLOCK), Just(2 * BLOCK)],
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

    #[test]
    fn every_tile_gives_the_sums_of_the_others() {
        let mut rng = StdRng::seed_from_u64(1);
        let (from, to) = (grid(5, 9), grid(3, 7));
        let x = random(&mut rng, 1 + 2 * from.map);
        let w: Vec<f32> = (0..8 * 2 * 9)
            .map(|_| rng.random_range(-1.0..1.0))
            .collect();
        let size = Size {
            height: 3,
            width: 7,
        };
        let run = |convolve: Convolve| {
            let mut y = vec![Lanes::ZERO; 1 + 8 * to.map];
            convolve(
                (&x, from),
                &w,
                &[0.5; 8],
                Activation::Relu,
                size,
                (&mut y, to),
            );
            y
        };
        let tiles_of_sixteen: Convolve = |x, w, b, activation, size, y| {
            convolve_tiles::<16, 3, 1>(x, w, b, activation, size, y, portable::add_product);
        };
        let tiles_of_four: Convolve = |x, w, b, activation, size, y| {
            convolve_tiles::<4, 3, 1>(x, w, b, activation, size, y, portable::add_product);
        };
        assert!(run(tiles_of_sixteen) == run(tiles_of_four));
    }
}
