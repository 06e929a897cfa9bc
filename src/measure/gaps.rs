//! Whether there is data somewhere in a latent space.
//!
//! A code that nobody encoded is as far from the nearest real one as it is: that is its *gap*.
//! Whether such a gap is wide, only the data can say. So the yardstick are the gaps of real
//! codes themselves, each to its nearest other: a place that is no farther from them than all
//! but one in a hundred of them are from each other lies among the data. Distances are
//! Euclidean, in the code's own units, over all its values.
//!
//! The search is exact, not approximate. Codes are sorted along the axis on which they spread
//! most, and looked over from the asked place outwards until that axis alone is farther than
//! the best that was found; a distance that has grown beyond it is not added up to its end.

use ndarray::{ArrayView2, Axis};

use crate::pool::Pool;

/// Codes of more values than this are held against the others by a sample of them.
const FEW_VALUES: usize = 2;
/// So many, evenly spaced.
const ASKED: usize = 1000;
/// Codes asked for at a time.
const BLOCK: usize = 100;
/// Terms of a distance added up between two looks at how large it is.
const TERMS: usize = 8;
/// Up to this share of real gaps a place is among the data, and up to this it is at its edge.
const AMONG: f64 = 0.99;
const EDGE: f64 = 0.999;

/// Whether data lives somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// No farther from a real code than real codes are from each other.
    Among,
    /// Farther than 99 of 100 of them.
    Edge,
    /// Farther than 999 of 1,000 of them.
    Void,
}

/// Real codes, ready to be asked which is nearest to a place.
#[derive(Debug, Clone)]
pub struct Nearby {
    /// Code after code, in the order of the sorting axis.
    codes: Vec<f32>,
    /// Their values on that axis.
    along: Vec<f32>,
    /// Their numbers.
    numbers: Vec<usize>,
    values: usize,
    axis: usize,
}

impl Nearby {
    /// Takes the codes `[N, Z]`; those that are no numbers are near nothing.
    pub fn of(codes: ArrayView2<f32>) -> Self {
        let values = codes.ncols();
        let axis = widest(codes);
        let finite = |number: &usize| codes.row(*number).iter().all(|value| value.is_finite());
        let mut numbers: Vec<usize> = (0..codes.nrows()).filter(finite).collect();
        numbers.sort_by(|a, b| codes[[*a, axis]].total_cmp(&codes[[*b, axis]]));
        let along = numbers.iter().map(|&number| codes[[number, axis]]);
        Self {
            along: along.collect(),
            codes: numbers
                .iter()
                .flat_map(|&number| codes.row(number).to_vec())
                .collect(),
            numbers,
            values,
            axis,
        }
    }

    /// The number of the nearest code that `counts`, and how far it is; of several equally
    /// near, the first. None where no code counts, or the place is none.
    pub fn nearest(&self, place: &[f32], counts: impl Fn(usize) -> bool) -> Option<(usize, f32)> {
        if place.len() != self.values || place.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let here = *place.get(self.axis)?;
        let (mut below, mut above) = {
            let first = self.along.partition_point(|value| *value < here);
            (first, first)
        };
        let mut best: Option<(usize, f32)> = None;
        loop {
            let apart = |at: usize| (self.along[at] - here).powi(2);
            let down = below.checked_sub(1).map(|at| (at, apart(at)));
            let up = (above < self.along.len()).then(|| (above, apart(above)));
            let (at, apart) = match (down, up) {
                (Some(down), Some(up)) if down.1 <= up.1 => down,
                (_, Some(up)) => up,
                (Some(down), None) => down,
                (None, None) => break,
            };
            if best.is_some_and(|(_, least)| apart > least) {
                break;
            }
            if at < below {
                below = at;
            } else {
                above = at + 1;
            }
            let number = self.numbers[at];
            if !counts(number) {
                continue;
            }
            let least = best.map_or(f32::INFINITY, |(_, least)| least);
            let square = self.square_up_to(at, place, least);
            let nearer = best
                .is_none_or(|(first, least)| square < least || square <= least && number < first);
            if nearer {
                best = Some((number, square));
            }
        }
        best.map(|(number, square)| (number, square.sqrt()))
    }

    /// The squared distance of a code, or something beyond `least` where it is beyond it.
    fn square_up_to(&self, at: usize, place: &[f32], least: f32) -> f32 {
        let code = &self.codes[at * self.values..][..self.values];
        let mut square = 0.0;
        for (code, place) in code.chunks(TERMS).zip(place.chunks(TERMS)) {
            let terms = code.iter().zip(place).map(|(a, b)| (a - b).powi(2));
            square += terms.sum::<f32>();
            if square > least {
                break;
            }
        }
        square
    }
}

/// The value on which codes spread most; the first where none does.
fn widest(codes: ArrayView2<f32>) -> usize {
    let spread = |column: usize| {
        let values = codes.index_axis(Axis(1), column);
        let finite = || {
            values
                .iter()
                .filter(|value| value.is_finite())
                .map(|value| f64::from(*value))
        };
        let count = finite().count().max(1) as f64;
        let mean = finite().sum::<f64>() / count;
        finite().map(|value| (value - mean).powi(2)).sum::<f64>()
    };
    let spreads: Vec<f64> = (0..codes.ncols()).map(spread).collect();
    let widest = (0..spreads.len())
        .rev()
        .max_by(|a, b| spreads[*a].total_cmp(&spreads[*b]));
    widest.unwrap_or(0)
}

/// The gaps of real codes to their nearest other.
#[derive(Debug, Clone, PartialEq)]
pub struct Gaps(Vec<f32>);

impl Gaps {
    /// Those of all codes of at most two values, and of a thousand evenly spaced ones of more.
    pub fn of(codes: ArrayView2<f32>, nearby: &Nearby, pool: &Pool) -> Self {
        let count = codes.nrows();
        let asked = if codes.ncols() > FEW_VALUES {
            count.min(ASKED)
        } else {
            count
        };
        let gap = |place: usize| {
            let number = place * count / asked;
            let code = codes.row(number).to_vec();
            let other = |near: usize| near != number;
            nearby.nearest(&code, other).map(|(_, gap)| gap)
        };
        let blocks = pool.map(asked.div_ceil(BLOCK), |block| {
            let here = block * BLOCK..asked.min((block + 1) * BLOCK);
            here.filter_map(gap).collect::<Vec<_>>()
        });
        let mut gaps = blocks.concat();
        gaps.sort_by(f32::total_cmp);
        Self(gaps)
    }

    /// The middle one, if there are any.
    pub fn usual(&self) -> Option<f32> {
        self.0.get(self.0.len() / 2).copied()
    }

    /// The share of them that is narrower than this.
    pub fn narrower(&self, gap: f32) -> Option<f64> {
        let narrower = self.0.partition_point(|own| *own < gap);
        (!self.0.is_empty()).then(|| narrower as f64 / self.0.len() as f64)
    }

    /// Whether data lives at a place with such a gap; unknown where no code has another.
    pub fn verdict(&self, gap: f32) -> Option<Verdict> {
        let narrower = self.narrower(gap)?;
        Some(if narrower <= AMONG {
            Verdict::Among
        } else if narrower <= EDGE {
            Verdict::Edge
        } else {
            Verdict::Void
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, generator};
    use ndarray::{Array2, ArrayView1};
    use ndarray_rand::{RandomExt, rand_distr::StandardNormal};

    /// Codes with long tails, of which a third sits on zero in every value, and some are twins.
    fn codes(count: usize, values: usize) -> Array2<f32> {
        let mut rng = generator(3, Stream::Weights, 0);
        let normal: Array2<f32> = Array2::random_using((count, values), StandardNormal, &mut rng);
        let mut codes = normal.mapv(|value| (value * value.abs() * 5.0).max(0.0));
        for twin in (0..count.saturating_sub(1)).step_by(50) {
            let code = codes.row(twin).to_owned();
            codes.row_mut(twin + 1).assign(&code);
        }
        codes
    }

    fn distance(a: ArrayView1<f32>, b: ArrayView1<f32>) -> f64 {
        let square = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).powi(2);
        a.iter().zip(b).map(square).sum::<f64>().sqrt()
    }

    /// The nearest but one, word by word.
    fn plain(codes: &Array2<f32>, place: ArrayView1<f32>, but: Option<usize>) -> (usize, f64) {
        let all = codes.rows().into_iter().enumerate();
        let others = all.filter(|(number, _)| Some(*number) != but);
        let distances = others.map(|(number, code)| (number, distance(code, place)));
        distances.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap()
    }

    #[test]
    fn the_nearest_is_the_plain_searchs_for_codes_of_any_length() {
        for values in [1, 2, 3, 32, 128] {
            let codes = codes(700, values);
            let nearby = Nearby::of(codes.view());
            let places = &codes * 1.1 + 0.3;
            for place in places.rows() {
                let (number, gap) = nearby.nearest(&place.to_vec(), |_| true).unwrap();
                let (expected, least) = plain(&codes, place, None);
                // Up to 128 squares added up in f32, half of the error after the root.
                assert!(
                    (f64::from(gap) / least - 1.0).abs() < 1e-5,
                    "{values}: {gap} {least}"
                );
                // Another may be as near to the last bits; then the first is told.
                let told = distance(codes.row(number), place);
                assert!(
                    number == expected || (told / least - 1.0).abs() < 1e-6,
                    "{values}"
                );
            }
        }
    }

    #[test]
    fn only_what_counts_is_near_and_of_twins_the_first() {
        let codes = ndarray::array![[5.0, 0.0], [1.0, 1.0], [1.0, 1.0], [9.0, 9.0]];
        let nearby = Nearby::of(codes.view());
        assert_eq!(nearby.nearest(&[1.0, 1.0], |_| true), Some((1, 0.0)));
        assert_eq!(
            nearby.nearest(&[1.0, 1.0], |number| number != 1),
            Some((2, 0.0))
        );
        assert_eq!(
            nearby.nearest(&[1.0, 1.0], |number| number == 0).unwrap().0,
            0
        );
        assert_eq!(nearby.nearest(&[1.0, 1.0], |_| false), None);
        assert_eq!(nearby.nearest(&[f32::NAN, 1.0], |_| true), None);
        let broken = Array2::from_elem((9, 2), f32::NAN);
        assert_eq!(
            Nearby::of(broken.view()).nearest(&[0.0, 0.0], |_| true),
            None
        );
        assert_eq!(
            Nearby::of(Array2::zeros((0, 2)).view()).nearest(&[0.0, 0.0], |_| true),
            None
        );
    }

    #[test]
    fn the_datas_own_gaps_are_the_plain_ones() {
        for (values, count, asked) in [
            (1, 900, 900),
            (2, 900, 900),
            (3, 1500, 1000),
            (32, 300, 300),
        ] {
            let codes = codes(count, values);
            let pool = Pool::of_the_machine();
            let gaps = Gaps::of(codes.view(), &Nearby::of(codes.view()), &pool);
            let numbers = (0..asked).map(|place| place * count / asked);
            let mut expected: Vec<f64> = numbers
                .map(|number| plain(&codes, codes.row(number), Some(number)).1)
                .collect();
            expected.sort_by(f64::total_cmp);
            assert_eq!(gaps.0.len(), asked);
            for (gap, expected) in gaps.0.iter().zip(&expected) {
                // As above; twins are exactly nothing apart.
                assert!(
                    (f64::from(*gap) - expected).abs() <= 1e-5 * expected,
                    "{gap} {expected}"
                );
            }
            assert_eq!(gaps.usual(), Some(gaps.0[asked / 2]));
        }
    }

    #[test]
    fn a_gap_is_judged_by_the_datas_own() {
        let gaps = Gaps((1..=1000).map(|gap| gap as f32).collect());
        assert_eq!(gaps.verdict(0.0), Some(Verdict::Among));
        assert_eq!(gaps.verdict(991.0), Some(Verdict::Among));
        assert_eq!(gaps.verdict(991.5), Some(Verdict::Edge));
        assert_eq!(gaps.verdict(1000.0), Some(Verdict::Edge));
        assert_eq!(gaps.verdict(1000.5), Some(Verdict::Void));
        assert_eq!(gaps.narrower(961.0), Some(0.96));
        // One image has no other.
        let single = Array2::zeros((1, 2));
        let pool = Pool::of_the_machine();
        let gaps = Gaps::of(single.view(), &Nearby::of(single.view()), &pool);
        assert_eq!((gaps.usual(), gaps.verdict(1.0)), (None, None));
    }
}
