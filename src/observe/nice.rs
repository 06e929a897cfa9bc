//! Numbers that a person would choose for the end of an axis.

/// The steps of a decade: each at most half as large again as the one before.
const STEPS: [f32; 7] = [1.0, 1.5, 2.0, 3.0, 4.5, 6.0, 8.0];

/// The smallest nice number that is at least `value`; 1 for what is no positive number.
pub(super) fn at_least(value: f32) -> f32 {
    if !(value.is_finite() && value > 0.0) {
        return 1.0;
    }
    let decade = 10f32.powf(value.log10().floor());
    STEPS
        .into_iter()
        .chain([10.0, 15.0])
        .map(|step| step * decade)
        // One part in a hundred thousand forgives the logarithm its last bits.
        .find(|nice| *nice >= value * 0.99999)
        .unwrap_or(value)
}

/// Steps into which a range that fits its values is divided, about: its ends are whole ones.
const STEPS_OF_A_FIT: f32 = 20.0;

/// The range that fits all but the outermost of the values, between round numbers; around values
/// that are all the same, as far to both sides as they are from nothing, but at least a half.
/// None around what is no number.
pub(super) fn fit(mut values: Vec<f32>) -> Option<[f32; 2]> {
    let [low, high] = inner(&mut values)?;
    if !(low.is_finite() && high.is_finite()) {
        return None;
    }
    if low == high {
        let reach = low.abs().max(0.5);
        return Some([low - reach, high + reach]);
    }
    let step = at_least((high - low) / STEPS_OF_A_FIT);
    // A step of room, so that nothing stands on the edge that is not beyond it; but none where
    // no value can be.
    let below = ((low / step).floor() - 1.0) * step;
    let least = if low < 0.0 { below } else { below.max(0.0) };
    Some([least, ((high / step).ceil() + 1.0) * step])
}

/// The part of the values that lies within a range; the others sit on its edge.
const QUANTILE: f64 = 0.995;

/// The least and the greatest of the values but for the outermost.
fn inner(values: &mut [f32]) -> Option<[f32; 2]> {
    let last = values.len().checked_sub(1)?;
    let outermost = (last as f64 * (1.0 - QUANTILE)) as usize;
    let (_, &mut low, _) = values.select_nth_unstable_by(outermost, f32::total_cmp);
    let (_, &mut high, _) = values.select_nth_unstable_by(last - outermost, f32::total_cmp);
    Some([low, high])
}

/// The range of an axis: from nothing to nice numbers beyond what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct NiceRange {
    low: f32,
    high: f32,
}

impl NiceRange {
    /// Fits zero and all but the outermost of the values.
    pub(super) fn of(values: &mut [f32]) -> Self {
        let Some([low, high]) = inner(values) else {
            return Self::default();
        };
        let nice = |reach: f32| if reach > 0.0 { at_least(reach) } else { 0.0 };
        Self {
            low: -nice(-low),
            high: nice(high),
        }
    }

    /// Fits both.
    pub(super) fn union(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
        }
    }

    /// From low to high; never empty.
    pub(super) fn ends(self) -> [f32; 2] {
        if self.low == self.high {
            [0.0, 1.0]
        } else {
            [self.low, self.high]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nice_numbers_are_the_next_of_their_decade() {
        for (value, nice) in [
            (0.9, 1.0),
            (1.0, 1.0),
            (31.0, 45.0),
            (45.0, 45.0),
            (81.0, 100.0),
        ] {
            // Products of decimal fractions differ in the last bits of an f32.
            assert!((at_least(value) / nice - 1.0).abs() < 1e-5, "{value}");
        }
        assert_eq!(at_least(f32::NAN), 1.0);
        assert_eq!(at_least(0.0), 1.0);
    }

    #[test]
    fn a_range_begins_at_nothing_and_forgets_outliers() {
        let mut values: Vec<f32> = (0..1000).map(|i| i as f32 / 100.0).collect();
        values.push(1e6);
        let range = NiceRange::of(&mut values);
        assert_eq!(range.ends(), [0.0, 10.0]);
        assert_eq!(NiceRange::of(&mut [0.0; 9]).ends(), [0.0, 1.0]);
        assert_eq!(NiceRange::of(&mut []).ends(), [0.0, 1.0]);
        let signed = NiceRange::of(&mut [-2.0; 10]);
        assert_eq!(signed.ends(), [-2.0, 0.0]);
        assert_eq!(signed.union(range).ends(), [-2.0, 10.0]);
    }

    proptest! {
        #[test]
        fn a_nice_number_is_not_much_larger(value in 1e-6f32..1e6) {
            let nice = at_least(value);
            prop_assert!(nice >= value * 0.9999 && nice <= value * 1.51);
        }
    }
}
