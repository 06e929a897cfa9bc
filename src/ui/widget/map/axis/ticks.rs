//! Which numbers stand beside an axis, and where.

use super::{Axis, Scale};

/// Between two numbers: free columns, and lines from one to the next.
const FREE_COLUMNS: u16 = 4;
const LINES_APART: u16 = 3;

/// About so many numbers stand at a part of an axis.
const TICKS: f32 = 5.0;

impl Axis {
    /// Values worth a number, the most wanted first: both ends and zero, then
    /// 5, 15, 30, 50, 150, ..., which lie evenly on this scale.
    fn candidates(self) -> Vec<f32> {
        if self.zoomed {
            return self.even_candidates();
        }
        let digits = (self.scale == Scale::Even).then(|| (0..10).map(|digit| digit as f32));
        let largest = self.low.abs().max(self.high.abs());
        let crowd = if self.has_two_sides() { 6.0 } else { 12.0 };
        let mut decade = 10_f32.powf(largest.max(f32::MIN_POSITIVE).log10().floor());
        if !decade.is_normal() {
            decade = 1.0;
        }
        let nice = [3.0, 1.5, 0.5].map(|times| times * decade);
        let smaller = nice.map(|value| value / 10.0);
        [self.high, self.low, 0.0, 5.0 * decade]
            .into_iter()
            .chain(nice)
            .chain(smaller)
            .flat_map(|value| [value, -value])
            // Nearer to zero than this, numbers crowd.
            .filter(move |value| *value == 0.0 || value.abs() * crowd >= largest)
            .filter(move |value| self.scale != Scale::Even || value.fract() == 0.0)
            .chain(digits.into_iter().flatten())
            .filter(move |value| (self.low..=self.high).contains(value))
            .collect()
    }

    /// Round values within a part of an axis, which is about straight.
    fn even_candidates(self) -> Vec<f32> {
        let step = (self.high - self.low) / TICKS;
        let decade = 10_f32.powf(step.log10().floor());
        let nice = [1.0, 2.0, 5.0, 10.0].map(|times| times * decade);
        let Some(step) = nice.into_iter().find(|nice| *nice >= step) else {
            return Vec::new();
        };
        let first = (self.low / step).ceil();
        let values = (0..=2 * TICKS as u16).map(|number| (first + f32::from(number)) * step);
        values.filter(|value| *value <= self.high).collect()
    }
}

/// A number beside an axis: the cells it takes along that axis, and its words.
pub(super) struct Tick {
    pub(super) value: f32,
    pub(super) start: u16,
    length: u16,
    pub(super) words: String,
}

/// Chooses from `axis` the numbers that have room, `free` cells apart.
fn ticks(axis: Axis, free: u16, place: impl Fn(f32, &str) -> (u16, u16)) -> Vec<Tick> {
    let mut chosen: Vec<Tick> = Vec::new();
    for value in axis.candidates() {
        let words = number(value);
        let (start, length) = place(value, &words);
        let has_room = chosen.iter().all(|tick| {
            let first = if start < tick.start {
                length
            } else {
                tick.length
            };
            start.abs_diff(tick.start) >= first + free
        });
        if has_room {
            chosen.push(Tick {
                value,
                start,
                length,
                words,
            });
        }
    }
    chosen
}

/// A tick's number in as few characters as tell it.
fn number(value: f32) -> String {
    let size = value.abs();
    let exact = if size < 1e-30 {
        "0".to_owned()
    } else if size >= 100.0 || size.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned()
    };
    if exact.len() > 5 || (1e-30..0.01).contains(&size) {
        format!("{value:.0e}")
    } else {
        exact
    }
}

/// A number without the zero before its point, for the narrow side.
pub(super) fn brief(value: f32) -> String {
    number(value).replacen("0.", ".", usize::from(value.abs() < 1.0))
}

pub(super) fn vertical_ticks(axis: Axis, rows: u16) -> Vec<Tick> {
    let free = match axis.scale {
        Scale::Even => 0,
        Scale::Root | Scale::Sinh(_) => LINES_APART - 1,
    };
    let mut chosen = ticks(axis, free, |value, _| {
        (rows - 1 - axis.place(value, rows.into()) as u16, 1)
    });
    for tick in &mut chosen {
        tick.words = brief(tick.value);
    }
    chosen
}

pub(super) fn horizontal_ticks(axis: Axis, columns: u16) -> Vec<Tick> {
    ticks(axis, FREE_COLUMNS, |value, words| {
        let length = words.len() as u16;
        let start = axis.place(value, columns.into()) as u16;
        (start.min(columns.saturating_sub(length)), length)
    })
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "roots of squares and their ratios are exact here"
)]
mod tests {
    use super::*;
    use crate::ui::widget::map::axis::Axes;

    fn words(mut ticks: Vec<Tick>) -> Vec<(u16, String)> {
        ticks.sort_by_key(|tick| tick.start);
        ticks
            .into_iter()
            .map(|tick| (tick.start, tick.words))
            .collect()
    }

    fn owned(expected: &[(u16, &str)]) -> Vec<(u16, String)> {
        expected
            .iter()
            .map(|&(at, word)| (at, word.to_owned()))
            .collect()
    }

    #[test]
    fn the_axes_of_the_design_have_its_numbers() {
        let x = Axis::new([0.0, 45.0], 0.0).unwrap();
        assert_eq!(
            words(horizontal_ticks(x, 54)),
            owned(&[(0, "0"), (18, "5"), (31, "15"), (44, "30"), (52, "45")])
        );
        assert_eq!(
            words(horizontal_ticks(x, 36)),
            owned(&[(0, "0"), (12, "5"), (20, "15"), (34, "45")])
        );
        let y = Axis::new([0.0, 35.0], 0.0).unwrap();
        assert_eq!(
            words(vertical_ticks(y, 19)),
            owned(&[(0, "35"), (6, "15"), (11, "5"), (18, "0")])
        );
    }

    #[test]
    fn a_signed_axis_has_zero_between_its_ends() {
        let axis = Axis::new([-20.0, 20.0], 0.0).unwrap();
        assert_eq!(
            words(horizontal_ticks(axis, 61)),
            owned(&[(0, "-20"), (15, "-5"), (30, "0"), (45, "5"), (59, "20")])
        );
        assert_eq!(axis.along(0.0), 0.5);
        assert!(
            (axis.along(5.0) + axis.along(-5.0) - 1.0).abs() < 1e-6,
            "both sides are alike"
        );
    }

    #[test]
    fn an_axis_of_digits_has_them_all_at_even_distances() {
        let axes = Axes {
            digits: true,
            ..Axes::from([[0.0, 45.0], [0.0, 9.0]])
        };
        let y = axes.y().unwrap();
        let lines = words(vertical_ticks(y, 19));
        let digits: Vec<&str> = lines.iter().map(|(_, word)| word.as_str()).collect();
        assert_eq!(digits, ["9", "8", "7", "6", "5", "4", "3", "2", "1", "0"]);
        assert!(
            lines
                .windows(2)
                .all(|two| (1..=3).contains(&(two[1].0 - two[0].0)))
        );
        assert_eq!(y.along(4.5), 0.5);
    }

    #[test]
    fn numbers_are_short() {
        let all = [0.0, 0.5, 1.5, -12.0, 0.25, 150.0, 123_456.0, 0.001, -1e-20];
        assert_eq!(
            all.map(number),
            [
                "0", "0.5", "1.5", "-12", "0.25", "150", "1e5", "1e-3", "-1e-20"
            ]
        );
    }
}
