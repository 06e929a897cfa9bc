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
//! the best that was found; a distance that has grown beyond it is not added up to its end, and
//! what spreads most is added up first.

use std::collections::BinaryHeap;

use ndarray::{ArrayView2, Axis};

use crate::pool::Pool;

/// Codes of more values than this are held against the others by a sample of them.
const FEW_VALUES: usize = 2;
/// So many, evenly spaced.
const ASKED: usize = 1000;
/// Codes asked for at a time by a thread: some dozens of milliseconds of a long code.
const BLOCK: usize = 50;
const BLOCK_OF_FEW: usize = 1000;
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
    /// Code after code, in the order of the sorting axis, their values as in `order`.
    codes: Vec<f32>,
    /// Their values on that axis.
    along: Vec<f32>,
    /// Their numbers; of codes that are alike on the axis, from the least.
    numbers: Vec<usize>,
    /// The values of a code from the one that spreads most, which is the sorting axis.
    order: Vec<usize>,
}

impl Nearby {
    /// Takes the codes `[N, Z]`; those that are no numbers are near nothing.
    pub fn of(codes: ArrayView2<f32>) -> Self {
        let order = by_spread(codes);
        let axis = order.first().copied().unwrap_or(0);
        let finite = |number: &usize| codes.row(*number).iter().all(|value| value.is_finite());
        let mut numbers: Vec<usize> = (0..codes.nrows()).filter(finite).collect();
        numbers.sort_by(|a, b| codes[[*a, axis]].total_cmp(&codes[[*b, axis]]));
        let along = numbers.iter().map(|&number| codes[[number, axis]]);
        Self {
            along: along.collect(),
            codes: numbers
                .iter()
                .flat_map(|&number| order.iter().map(move |&value| codes[[number, value]]))
                .collect(),
            numbers,
            order,
        }
    }

    /// The number of the nearest code that `counts`, and how far it is; of several equally
    /// near, the first. None where no code counts, or the place is none.
    pub fn nearest(&self, place: &[f32], counts: impl Fn(usize) -> bool) -> Option<(usize, f32)> {
        let mut best: Option<(f32, usize)> = None;
        self.look_over(place, |at, place| {
            let number = self.numbers[at];
            if counts(number) {
                let least = best.map_or(f32::INFINITY, |(least, _)| least);
                let here = (self.square_up_to(at, place, least), number);
                if best.is_none_or(|best| here < best) {
                    best = Some(here);
                }
            }
            best.map(|(least, _)| least)
        });
        best.map(|(square, number)| (number, square.sqrt()))
    }

    /// The numbers of so many nearest codes and how far they are, the nearest first; of equally
    /// near ones the first.
    pub fn nearest_few(&self, place: &[f32], count: usize) -> Vec<(usize, f32)> {
        if count == 0 {
            return Vec::new();
        }
        // The farthest of them on top. Squares are never negative, so their bits have their order.
        let mut best: BinaryHeap<(u32, usize)> = BinaryHeap::new();
        let farthest = |best: &BinaryHeap<(u32, usize)>| {
            let top = best.peek().filter(|_| best.len() == count);
            top.map(|(bits, _)| f32::from_bits(*bits))
        };
        self.look_over(place, |at, place| {
            let least = farthest(&best).unwrap_or(f32::INFINITY);
            let square = self.square_up_to(at, place, least);
            best.push((square.to_bits(), self.numbers[at]));
            if best.len() > count {
                best.pop();
            }
            farthest(&best)
        });
        let found = best.into_sorted_vec().into_iter();
        found
            .map(|(bits, number)| (number, f32::from_bits(bits).sqrt()))
            .collect()
    }

    /// Goes over the codes from a place outwards along the sorting axis. Whoever looks is handed
    /// where each stands, and the place with its values in the order of the codes'; and tells how
    /// far, squared, is looked for, once that is known.
    fn look_over(&self, place: &[f32], mut look: impl FnMut(usize, &[f32]) -> Option<f32>) {
        if place.len() != self.order.len() || place.iter().any(|value| !value.is_finite()) {
            return;
        }
        let place: Vec<f32> = self.order.iter().map(|&value| place[value]).collect();
        let Some(&here) = place.first() else { return };
        let (mut below, mut above) = {
            let first = self.along.partition_point(|value| *value < here);
            (first, first)
        };
        let mut least: Option<f32> = None;
        loop {
            let apart = |at: usize| (self.along[at] - here).powi(2);
            let down = below.checked_sub(1).map(|at| (at, apart(at)));
            let up = (above < self.along.len()).then(|| (above, apart(above)));
            let (at, apart) = match (down, up) {
                (Some(down), Some(up)) if down.1 < up.1 => down,
                (_, Some(up)) => up,
                (Some(down), None) => down,
                (None, None) => break,
            };
            // At no distance the first is found first: nothing that follows is nearer, or has a
            // lower number. Codes that have all become one would be looked over to their end.
            if least.is_some_and(|least| apart > least || least == 0.0) {
                break;
            }
            if at < below {
                below = at;
            } else {
                above = at + 1;
            }
            least = look(at, &place);
        }
    }

    /// The squared distance of a code, or something beyond `least` where it is beyond it.
    fn square_up_to(&self, at: usize, place: &[f32], least: f32) -> f32 {
        let values = place.len();
        let code = &self.codes[at * values..][..values];
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

/// The values of codes, from the one that spreads most; of equals the first comes first.
fn by_spread(codes: ArrayView2<f32>) -> Vec<usize> {
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
    let mut order: Vec<usize> = (0..codes.ncols()).collect();
    order.sort_by(|a, b| spreads[*b].total_cmp(&spreads[*a]));
    order
}

/// The gaps of real codes to their nearest other.
#[derive(Debug, Clone, PartialEq)]
pub struct Gaps(Vec<f32>);

impl Gaps {
    /// Those of all codes of at most two values, and of a thousand evenly spaced ones of more.
    pub fn of(codes: ArrayView2<f32>, nearby: &Nearby, pool: &Pool) -> Self {
        let mut search = GapSearch::of(codes);
        while !search.go_on(codes, nearby, pool) {}
        search.found()
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

/// The data's own gaps, as far as they have been looked for.
#[derive(Debug, Clone)]
pub struct GapSearch {
    asked: usize,
    done: usize,
    gaps: Vec<f32>,
}

impl GapSearch {
    /// None of these codes' have been.
    pub fn of(codes: ArrayView2<f32>) -> Self {
        let count = codes.nrows();
        Self {
            asked: if codes.ncols() > FEW_VALUES {
                count.min(ASKED)
            } else {
                count
            },
            done: 0,
            gaps: Vec::new(),
        }
    }

    /// Looks for some more of them, always among the same codes. Whether those were the last.
    pub fn go_on(&mut self, codes: ArrayView2<f32>, nearby: &Nearby, pool: &Pool) -> bool {
        let (count, asked) = (codes.nrows(), self.asked);
        let gap = |place: usize| {
            let number = place * count / asked;
            let code = codes.row(number).to_vec();
            let other = |near: usize| near != number;
            nearby.nearest(&code, other).map(|(_, gap)| gap)
        };
        let block = if codes.ncols() > FEW_VALUES {
            BLOCK
        } else {
            BLOCK_OF_FEW
        };
        let end = asked.min(self.done + block * pool.threads());
        let firsts: Vec<usize> = (self.done..end).step_by(block).collect();
        let blocks = pool.map(firsts.len(), |place| {
            let first = firsts[place];
            let here = first..end.min(first + block);
            here.filter_map(gap).collect::<Vec<_>>()
        });
        self.gaps.extend(blocks.concat());
        self.done = end;
        end == asked
    }

    /// Those that were found.
    pub fn found(self) -> Gaps {
        let mut gaps = self.gaps;
        gaps.sort_by(f32::total_cmp);
        Gaps(gaps)
    }
}

#[cfg(test)]
mod tests;
