//! The axes: where a value stands.

mod drawn;
mod named;
mod ticks;

pub use drawn::plot_area;
pub(super) use drawn::render;
pub(super) use named::{names, values};

/// Columns of the tick numbers beside the vertical axis, at least; one more where
/// a sign may come, so that a growing range does not push the plot about.
const GUTTER: u16 = 3;

/// Where a two-sided axis begins to bend, as a share of its longer side, if no usual value is
/// known; and the least share, below which it would be all tails.
const BEND: f32 = 0.15;
const LEAST_BEND: f32 = 0.005;

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
    /// Whether the axes are named for the numbers of a code: `first`, `second`.
    pub named: bool,
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
            named: false,
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
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "roots of squares and their ratios are exact here"
)]
mod tests {
    use super::*;

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
}
