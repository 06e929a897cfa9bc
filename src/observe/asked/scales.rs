//! How far each value of the codes reaches, for sliders, and how much of their variance it has.

use ndarray::ArrayView2;

use crate::message::Scale;

/// The part of the images at each end that a scale leaves out, and that most of them do not reach.
const OUTERMOST: f64 = 0.005;
const OUTER: f64 = 0.1;

/// The scale of each value of the codes `[N, Z]`.
pub(super) fn of(codes: ArrayView2<f32>) -> Vec<Scale> {
    let columns = codes.columns().into_iter();
    columns.map(|column| of_one(column.to_vec())).collect()
}

fn of_one(mut values: Vec<f32>) -> Scale {
    values.retain(|value| value.is_finite());
    let dead = values.iter().all(|value| *value == 0.0);
    let last = values.len().saturating_sub(1);
    let mut at = |part: f64| {
        let place = (last as f64 * part).round() as usize;
        if values.is_empty() {
            return 0.0;
        }
        *values.select_nth_unstable_by(place, f32::total_cmp).1
    };
    Scale {
        low: at(OUTERMOST).min(0.0),
        high: at(1.0 - OUTERMOST).max(0.0),
        most: [at(OUTER), at(1.0 - OUTER)],
        dead,
    }
}

/// The part of the variance of the codes `[N, Z]` that each value has. None where there is none.
pub(super) fn shares(codes: ArrayView2<f32>) -> Vec<f32> {
    let variances = codes.columns().into_iter().map(|column| {
        let count = column.len().max(1) as f64;
        let mean = column.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
        let square = |&value: &f32| (f64::from(value) - mean).powi(2);
        column.iter().map(square).sum::<f64>() / count
    });
    let variances: Vec<f64> = variances.collect();
    let all: f64 = variances.iter().sum();
    if !(all.is_finite() && all > 0.0) {
        return Vec::new();
    }
    let part = |variance| (variance / all) as f32;
    variances.into_iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn a_scale_leaves_the_outermost_out_and_holds_zero() {
        let codes = Array2::from_shape_fn((1001, 2), |(row, unit)| {
            if unit == 0 {
                row as f32
            } else {
                row as f32 - 900.0
            }
        });
        let [first, second] = of(codes.view())[..] else {
            panic!("two values have two scales")
        };
        assert_eq!((first.low, first.high), (0.0, 995.0));
        assert_eq!((first.most, first.dead), ([100.0, 900.0], false));
        assert_eq!((second.low, second.high), (-895.0, 95.0));
    }

    #[test]
    fn the_shares_of_all_values_are_all_there_is() {
        // Variances of 1, 4 and 0.
        let codes = array![[1.0, 7.0, 3.0], [-1.0, 3.0, 3.0]];
        let shares = shares(codes.view());
        assert_eq!(shares, [0.2, 0.8, 0.0]);
        assert!(super::shares(array![[2.0], [2.0]].view()).is_empty());
    }

    #[test]
    fn a_value_that_is_always_zero_is_dead_and_one_that_is_no_number_has_no_reach() {
        assert!(of(array![[0.0], [0.0]].view())[0].dead);
        let broken = of(array![[f32::NAN], [f32::NAN]].view())[0];
        assert_eq!((broken.low, broken.high), (0.0, 0.0));
        assert!(of(Array2::zeros((0, 3)).view()).len() == 3);
    }
}
