//! What the lines are made of: means of losses, and the range that they are drawn in.
//! Knows losses and steps; no colours, no columns.

use std::{ops::RangeInclusive, sync::Arc};

use super::{Scale, axis::Axis};
use crate::{
    message::{Course, Curve, DigitScale, Measured},
    ui::widget::chart,
    words::pointed,
};

/// The smoothings: means over so much of the axis.
pub(super) const SMOOTHINGS: [f64; 5] = [0.005, 0.01, 0.02, 0.04, 0.08];

/// The loss of who knows nothing, ln 2, rounded up.
const KNOWS_NOTHING: f32 = 0.70;
/// Room above the line to get below, and below what is reached.
const ABOVE: f32 = 1.065;
const BELOW: f32 = 0.95;
/// Where the lowest of a run that has just got below the mean image is expected, in parts of it.
const EXPECTED: f32 = 0.68;
/// Ends of an axis are multiples of this.
const NICE: f32 = 0.01;

/// Losses in the order of their steps, with their sums: any mean of them is two look-ups.
pub(super) struct Losses {
    steps: Vec<(u64, f32)>,
    /// Of all before each: how many were numbers, and their sum.
    before: Vec<(u64, f64)>,
}

impl Losses {
    pub(super) fn of(course: &Course) -> Self {
        let steps: Vec<(u64, f32)> = course.iter().collect();
        let mut before = Vec::with_capacity(steps.len() + 1);
        let (mut count, mut sum) = (0, 0.0);
        before.push((count, sum));
        for (_, loss) in &steps {
            if loss.is_finite() {
                count += 1;
                sum += f64::from(*loss);
            }
            before.push((count, sum));
        }
        Self { steps, before }
    }

    fn places(&self, steps: &RangeInclusive<u64>) -> std::ops::Range<usize> {
        let place = |step: u64| self.steps.partition_point(|(kept, _)| *kept < step);
        place(*steps.start())..place(steps.end().saturating_add(1))
    }

    /// Those of these steps.
    pub(super) fn within(&self, steps: &RangeInclusive<u64>) -> &[(u64, f32)] {
        &self.steps[self.places(steps)]
    }

    /// The mean of those that are numbers.
    pub(super) fn mean(&self, steps: &RangeInclusive<u64>) -> Option<f32> {
        let places = self.places(steps);
        let (from, to) = (
            self.before[places.start],
            self.before[places.end.max(places.start)],
        );
        let count = to.0 - from.0;
        (count > 0).then(|| ((to.1 - from.1) / count as f64) as f32)
    }

    pub(super) fn last(&self) -> Option<u64> {
        self.steps.last().map(|(step, _)| *step)
    }
}

/// What was measured of a run, from two sides, each in the order of its steps.
pub(super) fn together(of_run: &[Measured], since: &[Measured]) -> Vec<Measured> {
    let mut all = [of_run, since].concat();
    all.sort_by_key(|known| known.step);
    // Of a step that both have, what is known of its digits.
    all.dedup_by(|next, known| {
        let same = next.step == known.step;
        if same {
            known.digits = known.digits.take().or_else(|| next.digits.take());
        }
        same
    });
    all
}

/// The last that was measured up to a step, or else the first of all.
pub(super) fn measured_at(measured: &[Measured], step: u64) -> Option<&Measured> {
    let place = measured.partition_point(|known| known.step <= step);
    measured.get(place.saturating_sub(1))
}

/// The same of those that know each digit.
pub(super) fn digits_at(measured: &[Measured], step: u64) -> Option<&Arc<[f32]>> {
    with_digits_at(measured, step)?.digits.as_ref()
}

/// The last moment up to a step that knows each digit, or the first after it.
pub(super) fn with_digits_at(measured: &[Measured], step: u64) -> Option<&Measured> {
    let place = measured.partition_point(|known| known.step <= step);
    let (before, after) = measured.split_at(place);
    let found = before.iter().rfind(|known| known.digits.is_some());
    found.or_else(|| after.iter().find(|known| known.digits.is_some()))
}

/// The range of the axis upwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Range {
    pub(super) low: f32,
    pub(super) high: f32,
    is_even: bool,
}

impl Range {
    /// That the lines are drawn in: of a run that is below the mean image, from there down.
    pub(super) fn of(
        scale: Scale,
        curve: &Curve,
        measured: &[Measured],
        digits: Option<&DigitScale>,
        axis: &Axis,
        smoothed: &[f32],
    ) -> Self {
        let seen = axis.steps();
        let measured = measured.iter().filter(|known| seen.contains(&known.step));
        let drawn: Vec<f32> = match scale {
            Scale::Digits => measured
                .filter_map(|known| known.digits.as_deref())
                .flatten()
                .copied()
                .collect(),
            Scale::Parts => measured
                .flat_map(|known| [known.reconstruction, known.price()])
                .collect(),
            Scale::Logarithmic | Scale::Linear => smoothed
                .iter()
                .copied()
                .chain(measured.map(|known| known.loss))
                .collect(),
        };
        let drawn: Vec<f32> = drawn.into_iter().filter(|loss| loss.is_finite()).collect();
        let lowest = drawn.iter().copied().fold(f32::INFINITY, f32::min);
        let highest = drawn.iter().copied().fold(0.0, f32::max);
        let mean = match (scale, digits) {
            (Scale::Digits, Some(scale)) => {
                Some(scale.mean_image.iter().copied().fold(0.0, f32::max))
            }
            _ => curve.mean_image,
        };
        let is_below = mean.filter(|mean| lowest < *mean);
        let high = match (scale, is_below) {
            (Scale::Linear, _) | (_, None) => highest.max(KNOWS_NOTHING),
            (_, Some(mean)) => mean * ABOVE,
        };
        // Where what is seen is less high, as of the last part, so is the axis.
        let high = if *seen.start() > 0 && highest > 0.0 {
            high.min(highest * ABOVE)
        } else {
            high
        };
        let expected = is_below.map_or(KNOWS_NOTHING, |mean| mean * EXPECTED);
        let low = match scale {
            Scale::Parts => 0.0,
            _ if *seen.start() > 0 => lowest * BELOW,
            _ => (lowest * BELOW).min(expected),
        };
        let low = if low.is_finite() { low } else { 0.0 };
        // A thousandth forgives the division its last bits.
        let low = (low / NICE + 0.001).floor() * NICE;
        let high = (high / NICE - 0.001).ceil() * NICE;
        Self {
            low: low.max(0.0),
            high: high.max(low + NICE),
            is_even: matches!(scale, Scale::Linear | Scale::Parts),
        }
    }

    pub(super) fn scale(self) -> chart::Scale {
        if self.is_even {
            chart::Scale::linear(self.low, self.high)
        } else {
            chart::Scale::logarithmic(self.low, self.high)
        }
    }

    /// Nice values with the rows that they stand in, no two beside each other.
    pub(super) fn ticks(self, rows: u16) -> Vec<(u16, String)> {
        let scale = self.scale();
        let steps = (-3..9).flat_map(|power| [1.0, 2.0, 5.0].map(|by: f64| by * 10f64.powi(power)));
        for step in steps {
            let (first, last) = (f64::from(self.low) / step, f64::from(self.high) / step);
            if last - first > f64::from(rows) {
                continue;
            }
            let values = (first - 1e-3).ceil() as i64..=(last + 1e-3).floor() as i64;
            let places = if step < 0.009 { 3 } else { 2 };
            let ticks: Vec<(u16, String)> = values
                .filter_map(|number| {
                    let value = number as f64 * step;
                    let row = scale.row(value as f32, rows)?;
                    Some((row, short(value, places)))
                })
                .collect();
            if ticks.windows(2).all(|pair| pair[0].0 >= pair[1].0 + 2) {
                return ticks;
            }
        }
        Vec::new()
    }
}

/// A number in four characters, without zeros that say nothing.
fn short(value: f64, places: usize) -> String {
    let words = match value {
        ..9.995 => format!("{value:.places$}"),
        _ => format!("{value:.0}"),
    };
    if !words.contains('.') {
        return words;
    }
    let words = words.trim_end_matches('0').trim_end_matches('.');
    pointed(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(losses: &[f32]) -> Course {
        let mut course = Course::default();
        for (step, loss) in (1..).zip(losses) {
            course.push(step, *loss);
        }
        course
    }

    #[test]
    fn a_mean_is_that_of_its_steps_and_of_numbers_alone() {
        let losses = Losses::of(&course(&[4.0, 2.0, f32::NAN, 6.0]));
        assert_eq!(losses.mean(&(1..=2)), Some(3.0));
        assert_eq!(losses.mean(&(2..=4)), Some(4.0));
        assert_eq!(losses.mean(&(3..=3)), None);
        assert_eq!(losses.mean(&(0..=u64::MAX)), Some(4.0));
        assert_eq!(losses.mean(&(5..=9)), None);
        assert_eq!(losses.within(&(2..=3)).len(), 2);
    }

    #[test]
    fn what_was_measured_before_counts_and_else_the_first() {
        let known = |step, digits| Measured {
            step,
            loss: step as f32,
            reconstruction: 0.0,
            digits,
        };
        let ones: Arc<[f32]> = [1.0; 10].into();
        let all = [
            known(5, None),
            known(9, Some(Arc::clone(&ones))),
            known(12, None),
        ];
        let at = |step| measured_at(&all, step).unwrap().step;
        assert_eq!([0, 5, 8, 9, 99].map(at), [5, 5, 5, 9, 12]);
        assert_eq!(digits_at(&all, 0), Some(&ones));
        assert_eq!(digits_at(&all[..1], 99), None);
        assert_eq!(measured_at(&[], 3), None);
    }

    #[test]
    fn ticks_are_nice_and_no_two_touch() {
        for (low, high) in [
            (0.17, 0.28),
            (0.0, 0.7),
            (0.08, 0.28),
            (0.2, 0.21),
            (0.1, 900.0),
        ] {
            for is_even in [true, false] {
                let range = Range { low, high, is_even };
                for rows in 4..40 {
                    let ticks = range.ticks(rows);
                    assert!(
                        ticks
                            .iter()
                            .all(|(row, words)| *row < rows && words.len() <= 4),
                        "{ticks:?}"
                    );
                    assert!(
                        ticks.windows(2).all(|pair| pair[0].0 >= pair[1].0 + 2),
                        "{ticks:?}"
                    );
                }
                assert!(range.ticks(19).len() > 1, "{low} {high} {is_even}");
            }
        }
        let words: Vec<String> = Range {
            low: 0.18,
            high: 0.28,
            is_even: false,
        }
        .ticks(19)
        .into_iter()
        .map(|(_, words)| words)
        .collect();
        assert!(
            words.contains(&".2".to_owned()) && words.contains(&".26".to_owned()),
            "{words:?}"
        );
    }
}
