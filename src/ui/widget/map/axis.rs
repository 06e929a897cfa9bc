//! The axes: where a value stands, and which numbers are written.

use ratatui::{buffer::Buffer, layout::Rect};

use super::super::{set_char, set_text};
use crate::ui::theme::Theme;

/// Columns of the tick numbers beside the vertical axis, at least; one more where
/// a sign may come, so that a growing range does not push the plot about.
const GUTTER: u16 = 3;
/// Between two numbers: free columns, and lines from one to the next.
const FREE_COLUMNS: u16 = 4;
const LINES_APART: u16 = 3;

/// Where a two-sided axis begins to bend, as a share of its longer side, if no usual value is
/// known; and the least share, below which it would be all tails.
const BEND: f32 = 0.15;
const LEAST_BEND: f32 = 0.005;
/// About so many numbers stand at a part of an axis.
const TICKS: f32 = 5.0;

/// Both axes of a map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axes {
    /// Low and high of x, then of y.
    pub range: [[f32; 2]; 2],
    /// Whether y counts, evenly, and is no code value.
    pub digits: bool,
    /// The size of a usual value on each axis, where one with two sides begins to bend; 0 where
    /// it is unknown.
    pub units: [f32; 2],
    /// The part of both ranges that is shown; none: all.
    pub shown: Option<[[f32; 2]; 2]>,
    /// Columns for numbers beside the vertical axis, at least.
    pub gutter: u16,
}

impl Axes {
    pub(super) fn x(self) -> Option<Axis> {
        self.axis(0)
    }

    pub(super) fn y(self) -> Option<Axis> {
        self.axis(1)
    }

    fn axis(self, place: usize) -> Option<Axis> {
        let mut axis = Axis::new(self.range[place], self.units[place])?;
        if self.digits && place == 1 {
            axis.scale = Scale::Even;
        }
        match self.shown {
            Some(shown) => axis.within(shown[place]),
            None => Some(axis),
        }
    }

    /// How far along both axes a point stands, from 0 at the left and the bottom to 1; beyond
    /// that for one beyond the ends.
    pub fn parts(self, [a, b]: [f32; 2]) -> Option<[f32; 2]> {
        Some([self.x()?.part(a), self.y()?.part(b)])
    }

    /// The point that stands so far along both axes.
    pub fn point(self, [a, b]: [f32; 2]) -> Option<[f32; 2]> {
        Some([self.x()?.value(a), self.y()?.value(b)])
    }

    /// Whether a point is within what is shown.
    pub(super) fn holds(self, [a, b]: [f32; 2]) -> bool {
        let holds = |axis: Option<Axis>, value| axis.is_some_and(|axis| axis.holds(value));
        holds(self.x(), a) && holds(self.y(), b)
    }
}

impl From<[[f32; 2]; 2]> for Axes {
    /// Axes of code values, of which nothing else is known.
    fn from(range: [[f32; 2]; 2]) -> Self {
        Self {
            range,
            digits: false,
            units: [0.0; 2],
            shown: None,
            gutter: GUTTER,
        }
    }
}

/// How an axis divides its length.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scale {
    /// Long tails are shortened by the square root.
    Root,
    /// Both tails are shortened, from about this value on.
    Sinh(f32),
    /// Every unit is as long as the next.
    Even,
}

/// One axis, on a scale that shortens long tails unless it counts.
///
/// From zero on it is the square root, which spreads the crowd that a ReLU
/// leaves near zero. The root's slope is infinite there, so on an axis with two
/// sides it would tear a gap into the middle of every cloud: such an axis is an
/// inverse hyperbolic sine, straight up to the size of a usual value and logarithmic far out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    low: f32,
    high: f32,
    scale: Scale,
    /// Whether it is a part of a longer one.
    zoomed: bool,
}

impl Axis {
    /// The axis of a range, whichever way round it is given, with usual values of this size. `None`
    /// where an end is no number.
    pub(super) fn new([one, other]: [f32; 2], unit: f32) -> Option<Self> {
        let (low, high) = (one.min(other), one.max(other));
        let scale = if low < 0.0 && high > 0.0 {
            let side = high.max(-low);
            let least = LEAST_BEND * side;
            Scale::Sinh(if unit > 0.0 && unit.is_finite() {
                unit.max(least)
            } else {
                BEND * side
            })
        } else {
            Scale::Root
        };
        (one.is_finite() && other.is_finite()).then_some(Self {
            low,
            high,
            scale,
            zoomed: false,
        })
    }

    /// The part of it from one value to another.
    fn within(self, [low, high]: [f32; 2]) -> Option<Self> {
        (low.is_finite() && high.is_finite()).then_some(Self {
            low,
            high,
            zoomed: true,
            ..self
        })
    }

    /// How far along the axis a value stands, from 0 to 1; values beyond the
    /// ends stand on them. An axis without length has one place, its middle.
    pub(super) fn along(self, value: f32) -> f32 {
        self.part(value).clamp(0.0, 1.0)
    }

    /// The same for values beyond the ends.
    fn part(self, value: f32) -> f32 {
        let (low, high) = (self.bent(self.low), self.bent(self.high));
        if high > low {
            (self.bent(value) - low) / (high - low)
        } else {
            0.5
        }
    }

    /// The value that stands so far along.
    fn value(self, part: f32) -> f32 {
        let (low, high) = (self.bent(self.low), self.bent(self.high));
        self.straight(low + (high - low) * part)
    }

    /// Whether a value stands on the axis and not beyond its ends.
    pub(super) fn holds(self, value: f32) -> bool {
        (self.low..=self.high).contains(&value)
    }

    fn has_two_sides(self) -> bool {
        matches!(self.scale, Scale::Sinh(_))
    }

    fn bent(self, value: f32) -> f32 {
        match self.scale {
            Scale::Even => value,
            Scale::Sinh(unit) => (value / unit).asinh(),
            Scale::Root => value.abs().sqrt().copysign(value),
        }
    }

    fn straight(self, bent: f32) -> f32 {
        match self.scale {
            Scale::Even => bent,
            Scale::Sinh(unit) => bent.sinh() * unit,
            Scale::Root => (bent * bent).copysign(bent),
        }
    }

    /// The place of a value among `places` from the low end on.
    pub(super) fn place(self, value: f32, places: usize) -> usize {
        ((self.along(value) * places as f32) as usize).min(places.saturating_sub(1))
    }

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
struct Tick {
    value: f32,
    start: u16,
    length: u16,
    words: String,
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
fn brief(value: f32) -> String {
    number(value).replacen("0.", ".", usize::from(value.abs() < 1.0))
}

fn vertical_ticks(axis: Axis, rows: u16) -> Vec<Tick> {
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

fn horizontal_ticks(axis: Axis, columns: u16) -> Vec<Tick> {
    ticks(axis, FREE_COLUMNS, |value, words| {
        let length = words.len() as u16;
        let start = axis.place(value, columns.into()) as u16;
        (start.min(columns.saturating_sub(length)), length)
    })
}

/// The part of a map's area that images stand on: without the axis and its
/// numbers at the left and the row below. Too small an area has no axes.
pub fn plot_area(area: Rect, axes: impl Into<Axes>) -> Rect {
    let axes = axes.into();
    let least = usize::from(axes.gutter) + usize::from(axes.range[1][0] < 0.0);
    // A part of an axis has the room of the whole.
    let whole = Axes {
        shown: None,
        ..axes
    };
    let numbers = whole
        .y()
        .into_iter()
        .flat_map(|axis| [brief(axis.low).len(), brief(axis.high).len()])
        .fold(least, usize::max) as u16;
    let gutter = numbers + 1;
    if area.width < 2 * gutter + 1 || area.height < 4 {
        return area;
    }
    Rect {
        x: area.x + gutter,
        y: area.y,
        width: area.width - gutter,
        height: area.height - 1,
    }
}

/// Draws both axes around the plot.
pub(super) fn render(theme: Theme, area: Rect, axes: Axes, buf: &mut Buffer) {
    let plot = plot_area(area, axes);
    if plot == area {
        return;
    }
    let (symbols, line, words) = (theme.symbols(), theme.faint(), theme.dim());
    let x = plot.x - 1;
    for y in plot.top()..plot.bottom() {
        set_char(buf, (x, y), symbols.axis, line);
    }
    set_char(buf, (x, plot.bottom()), symbols.corner, line);
    for x in plot.left()..plot.right() {
        set_char(buf, (x, plot.bottom()), symbols.rule, line);
    }
    if let Some(axis) = axes.y() {
        for tick in vertical_ticks(axis, plot.height) {
            let y = plot.y + tick.start;
            let length = tick.words.len() as u16;
            if area.x + length > x {
                continue;
            }
            set_text(buf, (x - length, y), x, &tick.words, words);
            set_char(buf, (x, y), symbols.tick, line);
        }
    }
    if let Some(axis) = axes.x() {
        for tick in horizontal_ticks(axis, plot.width) {
            let place = (plot.x + tick.start, plot.bottom());
            set_text(buf, place, plot.right(), &tick.words, words);
        }
    }
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "roots of squares and their ratios are exact here"
)]
mod tests {
    use super::*;

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
    fn values_beyond_the_ends_stand_on_them() {
        let axis = Axis::new([9.0, 0.0], 0.0).unwrap();
        assert_eq!(axis.along(-3.0), 0.0);
        assert_eq!(axis.along(4.0), 2.0 / 3.0);
        assert_eq!(axis.along(f32::INFINITY), 1.0);
        assert_eq!(axis.place(9.0, 10), 9);
        assert_eq!(Axis::new([2.0, 2.0], 0.0).unwrap().along(7.0), 0.5);
        assert!(Axis::new([0.0, f32::NAN], 0.0).is_none());
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
    fn a_place_on_the_axes_is_a_point_and_a_point_a_place() {
        let whole = Axes {
            units: [0.0, 2.0],
            ..Axes::from([[0.0, 45.0], [-8.0, 30.0]])
        };
        let part = Axes {
            shown: Some([[5.0, 15.0], [-1.0, 4.0]]),
            ..whole
        };
        for axes in [whole, part] {
            for place in [[0.0, 1.0], [0.25, 0.5], [0.9, 0.1]] {
                let back = axes.parts(axes.point(place).unwrap()).unwrap();
                let off = (0..2).map(|axis| (back[axis] - place[axis]).abs());
                // A root and its square, or a sine and its inverse.
                assert!(off.fold(0.0, f32::max) < 1e-5, "{place:?} {back:?}");
            }
        }
        // Straight up to a usual value: as far from 0 to 1 as from -1 to 0.
        let [low, middle, high] = [-1.0, 0.0, 1.0].map(|y| whole.parts([0.0, y]).unwrap()[1]);
        assert!((high - middle - (middle - low)).abs() < 1e-6);
        assert!(part.holds([10.0, 0.0]) && !part.holds([20.0, 0.0]));
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
