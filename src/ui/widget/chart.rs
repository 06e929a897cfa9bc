//! Charts: an area of eighth blocks with its axis, bars without one, and lines in braille.

mod area;
mod bars;
mod ghost;
mod plot;

pub use area::{AreaChart, Point, Reference};
pub use bars::{BarPaint, Bars, Labelled};
pub use ghost::Ghost;
pub use plot::{Ink, Plot};

/// How values become heights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    low: f32,
    high: f32,
    curve: Curve,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Curve {
    Linear,
    Logarithmic,
}

impl Scale {
    /// Even steps from `low` at the bottom to `high` at the top.
    pub fn linear(low: f32, high: f32) -> Self {
        Self {
            low,
            high,
            curve: Curve::Linear,
        }
    }

    /// Even ratios: what a loss needs, whose last hundredths matter as much as
    /// its first tenths. Where `low` is not positive, even steps.
    pub fn logarithmic(low: f32, high: f32) -> Self {
        Self {
            curve: if low > 0.0 {
                Curve::Logarithmic
            } else {
                Curve::Linear
            },
            ..Self::linear(low, high)
        }
    }

    /// The height of a value, from 0 to 1; values beyond the ends stand on
    /// them. `None` for what is no number. On a scale without length all
    /// values are at half height.
    fn height(self, value: f32) -> Option<f32> {
        if value.is_nan() {
            return None;
        }
        let ends_differ = self.low.is_finite() && self.high.is_finite() && self.high > self.low;
        if !ends_differ {
            return Some(0.5);
        }
        let value = value.clamp(self.low, self.high);
        let part = match self.curve {
            Curve::Linear => (value - self.low) / (self.high - self.low),
            Curve::Logarithmic => (value / self.low).ln() / (self.high / self.low).ln(),
        };
        Some(part.clamp(0.0, 1.0))
    }

    fn contains(self, value: f32) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// The row of a value among `rows`, counted from the top.
    pub fn row(self, value: f32, rows: u16) -> Option<u16> {
        let up = (self.height(value)? * f32::from(rows)) as u16;
        rows.checked_sub(1).map(|last| last - up.min(last))
    }

    /// How many eighths of `rows` rows a value fills: at least one.
    fn eighths(self, value: f32, rows: u16) -> Option<u32> {
        let all = 8 * u32::from(rows);
        Some(((self.height(value)? * all as f32) as u32).max(1))
    }
}

#[cfg(test)]
mod tests;
