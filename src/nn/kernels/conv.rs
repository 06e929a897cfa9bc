//! The products of a convolution, for sixteen images side by side.
//!
//! Every number of a map is a row of sixteen, one for each image, and every weight
//! a scalar that multiplies such rows: no image is in another's way, so there are
//! no shuffles, and no rests but those of a map's width. A tile of sums, of some
//! channels at some places, is kept in registers; the order of the sums is the
//! same for all tiles.

use super::grid::{Grid, Size};
use crate::nn::{
    Activation,
    lanes::{LANES, Lanes},
};
use std::array;

/// Channels that share what is read of the other maps; weights are kept in blocks
/// of so many, or of one where the channels are not a multiple.
const BLOCK: usize = 8;

/// `y[o, i, j] = f(b[o] + Σ w[o, c, u, v] x[c, STEP i + u, STEP j + v])` over `c` and
/// `SIDE` by `SIDE` places `u, v`, with `w` in blocks of [`block_width`] output channels.
///
/// All of a map `c` that is read or written is within `c map..(c + 1) map` of its numbers.
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
    debug_assert!(x.len() / from.map * SIDE * SIDE * b.len() >= w.len());
    let weights = w.len() / b.len() * WIDTH;
    let mut maps = y.chunks_exact_mut(to.map);
    for (w, b) in w.chunks_exact(weights).zip(b.as_chunks::<WIDTH>().0) {
        for first in (0..WIDTH).step_by(OUTS) {
            let mut maps: [_; OUTS] =
                array::from_fn(|_| maps.next().expect("a map for every channel"));
            for i in 0..size.height {
                let place = from.first + STEP * i * from.row;
                let mut y = maps
                    .each_mut()
                    .map(|map| &mut map[to.first + i * to.row..][..=(size.width - 1) * to.column]);
                let whole = size.width / PLACES * PLACES;
                for j in (0..whole).step_by(PLACES) {
                    let x = (x, place + STEP * j, from);
                    let sums = sums::<WIDTH, OUTS, PLACES, SIDE, STEP>(x, w, b, first, add_product);
                    store(&sums, activation, &mut y, j * to.column, to.column);
                }
                for j in whole..size.width {
                    let x = (x, place + STEP * j, from);
                    let sums = sums::<WIDTH, OUTS, 1, SIDE, STEP>(x, w, b, first, add_product);
                    store(&sums, activation, &mut y, j * to.column, to.column);
                }
            }
        }
    }
}

/// The sums of one tile, of the channels from `first` on of a block.
#[inline(always)]
fn sums<
    const WIDTH: usize,
    const OUTS: usize,
    const PLACES: usize,
    const SIDE: usize,
    const STEP: usize,
>(
    (x, place, from): (&[Lanes], usize, Grid),
    w: &[f32],
    b: &[f32],
    first: usize,
    add_product: impl Fn(&mut Lanes, f32, &Lanes),
) -> [[Lanes; OUTS]; PLACES] {
    const { assert!(SIDE <= 3) };
    let b = &b[first..][..OUTS];
    let mut sums = [array::from_fn(|o| Lanes([b[o]; LANES])); PLACES];
    let of_maps = w.as_chunks::<WIDTH>().0.chunks_exact(SIDE * SIDE);
    for (x, w) in x.chunks_exact(from.map).zip(of_maps) {
        // Rows are written out too, so that there is one jump for all of them.
        for_rows!(u < SIDE => {
            let x = &x[place + u * from.row..][..(PLACES - 1) * STEP + SIDE];
            for v in 0..SIDE {
                let w = &w[u * SIDE + v][first..][..OUTS];
                for_rows!(p < PLACES => {
                    let x = &x[p * STEP + v];
                    for_rows!(o < OUTS => add_product(&mut sums[p][o], w[o], x));
                });
            }
        }; 0 1 2);
    }
    sums
}

/// Puts a tile in its place of a row of each map.
#[inline(always)]
fn store<const OUTS: usize, const PLACES: usize>(
    sums: &[[Lanes; OUTS]; PLACES],
    activation: Activation,
    y: &mut [&mut [Lanes]; OUTS],
    place: usize,
    column: usize,
) {
    for_rows!(p < PLACES => {
        for_rows!(o < OUTS => {
            let y = &mut y[o][place + p * column];
            for (y, &sum) in y.0.iter_mut().zip(&sums[p][o].0) {
                *y = activation.of(sum);
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::kernels::{
        grid::sample::{TOLERANCE, at, grid, random},
        in_each_form, portable,
    };
    use ndarray_rand::rand::{Rng, SeedableRng, rngs::StdRng};
    use proptest::prelude::*;

    type Convolve = fn((&[Lanes], Grid), &[f32], &[f32], Activation, Size, (&mut [Lanes], Grid));

    fn check_convolution(
        (convolve, side, step): (Convolve, usize, usize),
        [ins, outs, height, width]: [usize; 4],
        activation: Activation,
    ) {
        let mut rng = StdRng::seed_from_u64((ins * outs * height * width) as u64);
        let sides = [height, width].map(|places| step * (places - 1) + side);
        let from = grid(sides[0], sides[1]);
        let x = random(&mut rng, ins * from.map);
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
        let untouched = random(&mut rng, outs * to.map);
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

    }

    #[test]
    fn every_tile_gives_the_sums_of_the_others() {
        let mut rng = StdRng::seed_from_u64(1);
        let (from, to) = (grid(5, 9), grid(3, 7));
        let x = random(&mut rng, 2 * from.map);
        let w: Vec<f32> = (0..8 * 2 * 9)
            .map(|_| rng.random_range(-1.0..1.0))
            .collect();
        let size = Size {
            height: 3,
            width: 7,
        };
        let run = |convolve: Convolve| {
            let mut y = vec![Lanes::ZERO; 8 * to.map];
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
