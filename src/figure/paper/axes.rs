//! Axes with the numbers that a person would write at them, and the frame that two of them make.

use super::{BASELINE, LINE, MARGIN, PLAIN, SMALL, WORDS, inks};
use crate::figure::drawing::{Anchor, Drawing, Style, letters};

/// A tick's length, and the air behind it.
const TICK: f32 = 2.0;
const AIR: f32 = 1.5;
/// The part of an axis that is left free at either end.
const FREE: f64 = 0.04;
/// The least part of a value that the ends of its axis are apart: numbers of 32 bits differ by more.
const CLOSEST: f64 = 1e-9;
const THIN: f32 = 0.5;
/// The widest name at an axis.
const NAME: f32 = 70.0;

/// What runs along one side of a frame.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    title: String,
    ends: [f64; 2],
    /// Whether each step to a tick is a doubling.
    doubling: bool,
    ticks: Vec<(f64, String)>,
}

impl Axis {
    /// Of values from the least to the most, with about so many ticks.
    pub(super) fn of(title: &str, [least, most]: [f64; 2], ticks: usize) -> Self {
        let free = FREE * (most - least).max(0.0);
        Self::between(title, [least - free, most + free], ticks)
    }

    /// Of whole numbers.
    pub(super) fn whole(title: &str, [least, most]: [f64; 2], ticks: usize) -> Self {
        let step = step(most - least, ticks).max(1.0);
        let numbers = (least / step).ceil() as i64..=(most / step).floor() as i64;
        let tick = |number: i64| {
            let value = number as f64 * step;
            (value, written(value, 0))
        };
        Self {
            ticks: numbers.map(tick).collect(),
            ..Self::of(title, [least, most], ticks)
        }
    }

    /// From nothing to that.
    pub(super) fn from_zero(title: &str, most: f64, ticks: usize) -> Self {
        let most = if most > 0.0 { most } else { 1.0 };
        Self::between(title, [0.0, most * (1.0 + FREE)], ticks)
    }

    /// With these ends, where numbers lie between them, or else with the values about them.
    pub(super) fn between(title: &str, ends: [f64; 2], ticks: usize) -> Self {
        let ends = apart(ends);
        let step = step(ends[1] - ends[0], ticks);
        let places = (-step.log10().floor()).max(0.0) as usize;
        let numbers = (ends[0] / step).ceil() as i64..=(ends[1] / step).floor() as i64;
        let tick = |number: i64| {
            let value = number as f64 * step;
            (value, written(value, places))
        };
        Self {
            title: title.to_owned(),
            ends,
            doubling: false,
            ticks: numbers.map(tick).collect(),
        }
    }

    /// Whole numbers above nothing: a tick for each, as far apart as their logarithms where
    /// they span so much.
    pub(super) fn counts(title: &str, counts: &[f64]) -> Self {
        let least = counts.iter().copied().fold(f64::INFINITY, f64::min);
        let most = counts.iter().copied().fold(0.0, f64::max);
        if most < 4.0 * least {
            return Self::whole(title, [least, most], 6);
        }
        let free = (most / least).powf(FREE);
        Self {
            title: title.to_owned(),
            ends: [least / free, most * free],
            doubling: true,
            ticks: counts
                .iter()
                .map(|&value| (value, written(value, 0)))
                .collect(),
        }
    }

    /// Names in the places of the numbers 0, 1, 2, ...
    pub(super) fn names(title: &str, names: &[String]) -> Self {
        let ticks = names.iter().zip(0_u32..).map(|(name, place)| {
            let name = letters::shortened(name, SMALL, NAME);
            (f64::from(place), name)
        });
        Self {
            title: title.to_owned(),
            ends: [-0.6, names.len() as f64 - 0.4],
            doubling: false,
            ticks: ticks.collect(),
        }
    }

    /// How far along it a value is, from 0 to 1.
    fn part(&self, value: f64) -> f32 {
        let along = |value: f64| if self.doubling { value.log2() } else { value };
        let [low, high] = self.ends.map(along);
        ((along(value) - low) / (high - low)) as f32
    }

    fn widest(&self) -> f32 {
        let widths = self
            .ticks
            .iter()
            .map(|(_, words)| letters::width(words, SMALL));
        widths.fold(0.0, f32::max)
    }
}

/// Ends that an axis can have: one value, or what is as good as one, has its own neighbourhood.
fn apart([low, high]: [f64; 2]) -> [f64; 2] {
    if !(high - low).is_finite() {
        return [0.0, 1.0];
    }
    // Below what 32 bits have, there is nothing.
    let size = low.abs().max(high.abs());
    let size = if size < f64::from(f32::MIN_POSITIVE) {
        1.0
    } else {
        size
    };
    if high - low > CLOSEST * size {
        return [low, high];
    }
    let middle = f64::midpoint(low, high);
    [middle - 0.1 * size, middle + 0.1 * size]
}

/// The step between ticks: 1, 2 or 5 of a decade.
fn step(spread: f64, ticks: usize) -> f64 {
    if spread <= 0.0 || !spread.is_finite() {
        return 1.0;
    }
    let least = spread / ticks.max(1) as f64;
    let decade = 10f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|step| step * decade);
    // One part in a million forgives the logarithm its last bits.
    let enough = |step: &f64| *step >= least * (1.0 - 1e-6);
    steps.into_iter().find(enough).unwrap_or(10.0 * decade)
}

/// A number with so many places; none is below zero by the bits that were rounded away.
pub(super) fn written(value: f64, places: usize) -> String {
    let words = format!("{value:.places$}");
    match words.strip_prefix('-') {
        Some(size) if size.chars().any(|c| matches!(c, '1'..='9')) => format!("\u{2212}{size}"),
        Some(size) => size.to_owned(),
        None => words,
    }
}

/// Two axes, and the part of the page that they frame.
#[derive(Debug)]
pub(super) struct Frame {
    across: Axis,
    up: Axis,
    pub(super) corner: [f32; 2],
    pub(super) size: [f32; 2],
}

impl Frame {
    /// Takes the room from one height to another, in the width of a column.
    pub(super) fn within([top, bottom]: [f32; 2], across: Axis, up: Axis) -> Self {
        let titles = if up.title.is_empty() { 0.0 } else { LINE };
        let left = MARGIN + titles + up.widest() + TICK + AIR;
        // The last number of the axis across stands half beyond its end.
        let right = super::COLUMN - MARGIN - 4.0;
        let below = bottom - TICK - AIR - LINE - if across.title.is_empty() { 0.0 } else { LINE };
        Self {
            across,
            up,
            corner: [left, top],
            size: [right - left, below - top],
        }
    }

    /// The height that the words below a frame take.
    pub(super) const fn below() -> f32 {
        TICK + AIR + 2.0 * LINE
    }

    /// Where two values are.
    pub(super) fn at(&self, [across, up]: [f64; 2]) -> [f32; 2] {
        let [left, top] = self.corner;
        let [width, height] = self.size;
        [
            left + width * self.across.part(across),
            top + height * (1.0 - self.up.part(up)),
        ]
    }

    /// Lines to read the numbers of the axis up by.
    pub(super) fn grid(&self, drawing: &mut Drawing) {
        let [left, _] = self.corner;
        for (value, _) in &self.up.ticks {
            let [_, y] = self.at([self.across.ends[0], *value]);
            drawing.line(&[[left, y], [left + self.size[0], y]], inks::GRID, THIN);
        }
    }

    /// The axes with their numbers and titles.
    pub(super) fn draw(&self, drawing: &mut Drawing) {
        let [left, top] = self.corner;
        let [right, bottom] = [left + self.size[0], top + self.size[1]];
        drawing.line(
            &[[left, top], [left, bottom], [right, bottom]],
            inks::AXIS,
            THIN,
        );
        let small = Style {
            size: SMALL,
            ..PLAIN
        };
        let centred = Style {
            anchor: Anchor::Middle,
            ..small
        };
        for (value, words) in &self.across.ticks {
            let x = left + self.size[0] * self.across.part(*value);
            drawing.line(&[[x, bottom], [x, bottom + TICK]], inks::AXIS, THIN);
            drawing.words(words, [x, bottom + TICK + AIR + BASELINE - 1.0], centred);
        }
        let before = Style {
            anchor: Anchor::End,
            ..small
        };
        for (value, words) in &self.up.ticks {
            let y = top + self.size[1] * (1.0 - self.up.part(*value));
            drawing.line(&[[left - TICK, y], [left, y]], inks::AXIS, THIN);
            drawing.words(words, [left - TICK - AIR, y + 0.36 * SMALL], before);
        }
        let middle = Style {
            anchor: Anchor::Middle,
            ..PLAIN
        };
        let [x, y] = [
            left + self.size[0] / 2.0,
            bottom + TICK + AIR + LINE + BASELINE,
        ];
        drawing.words(&self.across.title, [x, y], middle);
        let upwards = Style {
            upwards: true,
            ..middle
        };
        let beside = [MARGIN + WORDS - 1.0, top + self.size[1] / 2.0];
        drawing.words(&self.up.title, beside, upwards);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, words)| &**words).collect()
    }

    #[test]
    fn ticks_are_numbers_that_a_person_would_write() {
        let of = |ends, ticks| Axis::between("", ends, ticks);
        assert_eq!(ticks(&of([0.0, 10.0], 5)), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(
            ticks(&of([0.187, 0.262], 4)),
            ["0.20", "0.22", "0.24", "0.26"]
        );
        let signed = of([-12.0, 31.0], 5);
        assert_eq!(ticks(&signed), ["\u{2212}10", "0", "10", "20", "30"]);
        // A range that ends at nothing has no zero below zero.
        assert_eq!(written(-1e-12, 2), "0.00");
        assert_eq!(written(-0.25, 2), "\u{2212}0.25");
    }

    #[test]
    fn counts_that_span_much_are_as_far_apart_as_their_logarithms() {
        let axis = Axis::counts("", &[1.0, 2.0, 4.0, 32.0]);
        assert_eq!(ticks(&axis), ["1", "2", "4", "32"]);
        let step = axis.part(2.0) - axis.part(1.0);
        assert!((axis.part(4.0) - axis.part(2.0) - step).abs() < 1e-6);
        assert!((axis.part(32.0) - axis.part(4.0) - 3.0 * step).abs() < 1e-6);
        let few = Axis::counts("", &[2.0, 3.0]);
        assert_eq!(ticks(&few), ["2", "3"]);
    }

    #[test]
    fn an_axis_of_one_value_has_it_in_its_middle() {
        let next = |value: f64| [value, value.next_up()];
        for value in [3.0, 0.0, -0.2, 1e6, 1.7e7, 3e38, 1e-30, 1e-310] {
            for ends in [[value, value], next(value)] {
                for axis in [Axis::of("", ends, 4), Axis::between("", ends, 4)] {
                    assert!((axis.part(value) - 0.5).abs() < 1e-5, "{value}");
                    assert!(axis.ticks.len() > 1, "{value}: {axis:?}");
                }
            }
        }
    }

    #[test]
    fn neighbours_of_32_bits_are_at_the_ends_of_their_axis() {
        for value in [1.7e7_f32, -0.2, 1.0, 3e38] {
            let ends = [value, value.next_up()].map(f64::from);
            let axis = Axis::between("", ends, 4);
            assert_eq!(ends.map(|end| axis.part(end)), [0.0, 1.0], "{value}");
            assert!(axis.ticks.len() > 1, "{value}: {axis:?}");
        }
    }

    #[test]
    fn what_is_no_number_has_an_axis_all_the_same() {
        for ends in [
            [f64::NAN; 2],
            [f64::INFINITY, f64::NEG_INFINITY],
            [f64::MIN, f64::MAX],
        ] {
            assert!(Axis::of("", ends, 4).ticks.len() > 1, "{ends:?}");
        }
    }

    #[test]
    fn whole_numbers_have_no_half_between_them() {
        let of = |ends| Axis::whole("", ends, 6);
        assert_eq!(ticks(&of([1.0, 3.0])), ["1", "2", "3"]);
        assert_eq!(ticks(&of([7.0, 7.0])), ["7"]);
        assert_eq!(ticks(&of([1.0, 10.0])), ["2", "4", "6", "8", "10"]);
        assert_eq!(
            ticks(&of([1.0, 300.0])),
            ["50", "100", "150", "200", "250", "300"]
        );
    }
}
