//! How well a loss tells strangers from real images: the area under the ROC curve.
//!
//! It is the chance that a stranger costs more than a real image, of all pairs, where a pair of
//! equals counts half: the Mann-Whitney statistic over the number of pairs (Hanley and `McNeil`,
//! *The meaning and use of the area under a receiver operating characteristic (ROC) curve*,
//! Radiology 143, 1982). One half is chance, 1 tells them apart every time.

/// The area, of losses sorted from the least to the greatest; none where either are none.
pub fn of_sorted(real: &[f32], strange: &[f32]) -> Option<f64> {
    if real.is_empty() || strange.is_empty() {
        return None;
    }
    let won = |loss: &f32| {
        let below = real.partition_point(|other| other.total_cmp(loss).is_lt());
        let equal = real[below..].partition_point(|other| other.total_cmp(loss).is_eq());
        below as f64 + 0.5 * equal as f64
    };
    let won: f64 = strange.iter().map(won).sum();
    Some(won / (real.len() as f64 * strange.len() as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As it is defined: every pair.
    fn plain(real: &[f32], strange: &[f32]) -> f64 {
        let pairs = strange
            .iter()
            .flat_map(|s| real.iter().map(move |r| (s, r)));
        let won = pairs.map(|(strange, real)| match strange.partial_cmp(real).unwrap() {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        });
        won.sum::<f64>() / (real.len() * strange.len()) as f64
    }

    #[test]
    fn strangers_that_all_cost_more_are_told_every_time_and_equals_by_chance() {
        assert_eq!(of_sorted(&[0.1, 0.2], &[0.3, 0.4, 0.5]), Some(1.0));
        assert_eq!(of_sorted(&[0.3, 0.4], &[0.1, 0.2]), Some(0.0));
        assert_eq!(of_sorted(&[0.2, 0.2], &[0.2]), Some(0.5));
        assert_eq!(of_sorted(&[], &[0.2]), None);
        assert_eq!(of_sorted(&[0.2], &[]), None);
    }

    proptest! {
        #[test]
        fn the_area_is_that_of_all_pairs(
            // Few values, so that many are equal.
            mut real in prop::collection::vec(0..40_u8, 1..80),
            mut strange in prop::collection::vec(10..60_u8, 1..80),
        ) {
            real.sort_unstable();
            strange.sort_unstable();
            let losses = |all: Vec<u8>| all.into_iter().map(f32::from).collect::<Vec<f32>>();
            let (real, strange) = (losses(real), losses(strange));
            let area = of_sorted(&real, &strange).unwrap();
            // Sums of halves are exact; one division each.
            prop_assert!((area - plain(&real, &strange)).abs() < 1e-12);
        }
    }
}
