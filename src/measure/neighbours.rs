//! What codes are good for as features: whether images with codes close by show the
//! same digit.
//!
//! The digit of a code is told by a vote among the [`NEIGHBOURS`] known codes nearest
//! to it. The rule, to the last bit:
//!
//! - distances are Euclidean, computed in f64; of equally distant codes the one that
//!   comes first in the list of known codes is the nearer;
//! - the digit with the most votes wins; of digits with equally many, the one with the
//!   nearest neighbour.
//!
//! There are 600 million distances to 60,000 codes for 10,000. A matrix product in f32
//! tells which of them could matter, and only those are computed exactly: so the
//! answer is the rule's, whatever the product's rounding.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, linalg::general_mat_mul, s};

use super::{CalledOff, Effort};

/// How many vote.
pub const NEIGHBOURS: usize = 10;

/// Codes asked for at a time, and known codes held against them: their products
/// fill 256 kB.
const ASKED: usize = 64;
const KNOWN: usize = 1024;
/// Products looked over at a time.
const GLANCE: usize = 16;

/// Codes whose digits are known.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The codes `[N, Z]`.
    pub codes: ArrayView2<'a, f32>,
    /// The digit of each.
    pub labels: &'a [u8],
}

/// The digits voted for, for every one of the codes `[N, Z]`.
///
/// When the codes are known codes themselves, `own` is the number among them of the
/// first: a code has no vote on itself. `None` where no code has any distance, being
/// no number.
///
/// # Errors
///
/// When it was called off.
///
/// # Panics
///
/// When the codes' lengths differ, or a known code has no digit.
pub fn vote(
    known: Known,
    asked: ArrayView2<f32>,
    own: Option<usize>,
    effort: Effort,
) -> Result<Vec<Option<u8>>, CalledOff> {
    assert_eq!(known.codes.ncols(), asked.ncols(), "codes of one length");
    assert_eq!(
        known.codes.nrows(),
        known.labels.len(),
        "a digit for each code"
    );
    let known_codes = known.codes.as_standard_layout();
    let bound = Bound::of(asked.ncols());
    let squares = bound.at_least_all(known_codes.view());
    let blocks = effort.map(asked.nrows().div_ceil(ASKED), |block| {
        let first = block * ASKED;
        let asked = asked.slice(s![first..asked.nrows().min(first + ASKED), ..]);
        let mut lists: Vec<Nearest> = asked.rows().into_iter().map(|_| Nearest::new()).collect();
        let mut products = Array2::zeros((asked.nrows(), KNOWN));
        for (place, (codes, squares)) in known_codes
            .axis_chunks_iter(Axis(0), KNOWN)
            .zip(squares.axis_chunks_iter(Axis(0), KNOWN))
            .enumerate()
        {
            let mut products = products.slice_mut(s![.., ..codes.nrows()]);
            general_mat_mul(1.0, &asked, &codes.t(), 0.0, &mut products);
            for (row, list) in lists.iter_mut().enumerate() {
                list.look_over(&Candidates {
                    asked: asked.row(row),
                    least: bound.at_least(asked.row(row)),
                    codes,
                    squares: squares.as_slice().expect("a stretch of a new array"),
                    products: products.row(row).to_slice().expect("a row of a new array"),
                    first: place * KNOWN,
                    but: own.map(|own| own + first + row),
                });
            }
        }
        let votes = lists.iter().map(|list| list.vote(known.labels));
        Ok(votes.collect::<Vec<_>>())
    })?;
    Ok(blocks.concat())
}

/// How far rounding may move `|a|² + |b|² - 2 a·b`, computed in f32, from the squared
/// distance: by less than this share of `|a|² + |b|²`.
#[derive(Debug, Clone, Copy)]
struct Bound(f64);

impl Bound {
    /// For codes of so many values. A product of `Z` terms is off by at most `Z/2 ε` of
    /// `|a||b|`, whatever the order of summing (Higham, *Accuracy and Stability of
    /// Numerical Algorithms*, 3.1); two squares, two differences and their roundings add
    /// less than four halves. Twice all that leaves no doubt.
    fn of(values: usize) -> Self {
        Self((values + 4) as f64 * f64::from(f32::EPSILON))
    }

    /// What is left of `|code|²` when rounding took the most.
    fn at_least(self, code: ArrayView1<f32>) -> f64 {
        let square: f64 = code.iter().map(|&value| f64::from(value).powi(2)).sum();
        square * (1.0 - self.0)
    }

    fn at_least_all(self, codes: ArrayView2<f32>) -> Array1<f32> {
        codes
            .rows()
            .into_iter()
            .map(|code| self.at_least(code) as f32)
            .collect()
    }
}

/// Known codes that may be near, in the order in which they are known.
struct Candidates<'a> {
    asked: ArrayView1<'a, f32>,
    /// The asked code's part of the least distance there may be.
    least: f64,
    codes: ArrayView2<'a, f32>,
    /// The known codes' part of it.
    squares: &'a [f32],
    /// Of the asked code with each known one.
    products: &'a [f32],
    /// The number of the first.
    first: usize,
    /// The number of the one that is not to be counted.
    but: Option<usize>,
}

/// The nearest codes so far: squared distance and number, the nearest first.
struct Nearest {
    found: Vec<(f64, usize)>,
}

impl Nearest {
    fn new() -> Self {
        Self {
            found: Vec::with_capacity(NEIGHBOURS + 1),
        }
    }

    /// Only a code nearer than this still counts.
    fn limit(&self) -> f64 {
        let last = self.found.get(NEIGHBOURS - 1);
        last.map_or(f64::INFINITY, |(distance, _)| *distance)
    }

    fn look_over(&mut self, candidates: &Candidates) {
        let squares = candidates.squares.chunks(GLANCE);
        let products = candidates.products.chunks(GLANCE);
        let mut limit = (self.limit() - candidates.least) as f32;
        for (glance, (squares, products)) in squares.zip(products).enumerate() {
            let may_be_near = |(square, product): (&f32, &f32)| square - 2.0 * product <= limit;
            // Without a branch for each, the compiler compares several at a time.
            let any = squares
                .iter()
                .zip(products)
                .map(may_be_near)
                .fold(false, |a, b| a | b);
            if !any {
                continue;
            }
            for place in 0..squares.len() {
                if squares[place] - 2.0 * products[place] <= limit {
                    self.consider(candidates, glance * GLANCE + place);
                    limit = (self.limit() - candidates.least) as f32;
                }
            }
        }
    }

    fn consider(&mut self, candidates: &Candidates, place: usize) {
        let number = candidates.first + place;
        if candidates.but == Some(number) {
            return;
        }
        let distance = squared_distance(candidates.asked, candidates.codes.row(place));
        if distance < self.limit() {
            let before = self
                .found
                .partition_point(|(nearer, _)| *nearer <= distance);
            self.found.insert(before, (distance, number));
            self.found.truncate(NEIGHBOURS);
        }
    }

    fn vote(&self, labels: &[u8]) -> Option<u8> {
        let mut votes = [0; u8::MAX as usize + 1];
        for &(_, number) in &self.found {
            votes[usize::from(labels[number])] += 1;
        }
        let most = votes.iter().max()?;
        let mut digits = self.found.iter().map(|&(_, number)| labels[number]);
        digits.find(|digit| votes[usize::from(*digit)] == *most)
    }
}

fn squared_distance(a: ArrayView1<f32>, b: ArrayView1<f32>) -> f64 {
    let difference = |(a, b): (&f32, &f32)| f64::from(*a) - f64::from(*b);
    a.iter().zip(b).map(|pair| difference(pair).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::Pool;
    use ndarray_rand::rand::{Rng, SeedableRng, rngs::StdRng};
    use std::num::NonZeroUsize;

    /// The rule, word by word.
    fn plain(known: Known, asked: ArrayView2<f32>, own: Option<usize>) -> Vec<Option<u8>> {
        let voted = |(row, code): (usize, ArrayView1<f32>)| {
            let mut order: Vec<(f64, usize)> = known
                .codes
                .rows()
                .into_iter()
                .enumerate()
                .filter(|(number, _)| own.map(|own| own + row) != Some(*number))
                .map(|(number, other)| (squared_distance(code, other), number))
                .collect();
            order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            order.truncate(NEIGHBOURS);
            let digits: Vec<u8> = order.iter().map(|&(_, n)| known.labels[n]).collect();
            let mut votes = [0; u8::MAX as usize + 1];
            for &digit in &digits {
                votes[usize::from(digit)] += 1;
            }
            let most = votes.into_iter().max();
            let its_votes = |digit: &u8| Some(votes[usize::from(*digit)]);
            digits.into_iter().find(|digit| its_votes(digit) == most)
        };
        asked.rows().into_iter().enumerate().map(voted).collect()
    }

    fn check(known: &Array2<f32>, asked: &Array2<f32>, own: Option<usize>, seed: u64) {
        let mut rng = StdRng::seed_from_u64(seed);
        let labels: Vec<u8> = known
            .rows()
            .into_iter()
            .map(|_| rng.random_range(0..10))
            .collect();
        let known = Known {
            codes: known.view(),
            labels: &labels,
        };
        let expected = plain(known, asked.view(), own);
        for threads in [1, 2] {
            let pool = Pool::new(NonZeroUsize::new(threads).unwrap());
            let voted = vote(known, asked.view(), own, Effort::full(&pool)).unwrap();
            assert_eq!(voted, expected);
        }
    }

    #[test]
    fn a_vote_is_the_plain_rules_for_codes_of_any_length() {
        for (seed, values) in [1, 2, 3, 32, 128].into_iter().enumerate() {
            let mut rng = StdRng::seed_from_u64(seed as u64);
            // Long tails and a cloud far from the origin, where products cancel.
            let mut value = || 100.0 + rng.random::<f32>().powi(4) * 30.0;
            let known = Array2::from_shape_simple_fn((2500, values), &mut value);
            let asked = Array2::from_shape_simple_fn((150, values), &mut value);
            check(&known, &asked, None, seed as u64);
        }
    }

    #[test]
    fn ties_go_to_the_first_known_and_to_the_nearest_digit() {
        // Small whole numbers: most distances occur many times.
        let mut rng = StdRng::seed_from_u64(7);
        let mut value = || f32::from(rng.random_range(0..4_u8));
        let known = Array2::from_shape_simple_fn((1500, 2), &mut value);
        let asked = Array2::from_shape_simple_fn((100, 2), &mut value);
        check(&known, &asked, None, 1);
        // And codes that are all alike.
        check(&Array2::zeros((1500, 2)), &Array2::zeros((10, 2)), None, 2);
        check(&Array2::ones((1500, 3)), &Array2::ones((10, 3)), None, 3);
    }

    #[test]
    fn a_known_code_has_no_vote_on_itself() {
        let mut rng = StdRng::seed_from_u64(3);
        let known = Array2::from_shape_simple_fn((300, 2), || rng.random::<f32>());
        let asked = known.slice(s![100..200, ..]).to_owned();
        check(&known, &asked, Some(100), 4);
    }

    #[test]
    fn fewer_known_codes_than_votes_all_vote() {
        let known = ndarray::array![[0.0], [1.0], [5.0]];
        check(&known, &ndarray::array![[0.2], [4.0]], None, 5);
    }

    #[test]
    fn codes_that_are_no_numbers_are_told_no_digit() {
        let pool = Pool::of_the_machine();
        let codes = Array2::from_elem((20, 2), f32::NAN);
        let known = Known {
            codes: codes.view(),
            labels: &[1; 20],
        };
        let voted = vote(known, codes.view(), None, Effort::full(&pool));
        assert_eq!(voted, Ok(vec![None; 20]));
    }
}
