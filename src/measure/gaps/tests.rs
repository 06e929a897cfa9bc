//! The search against a plain one, and what the data's own gaps say.

use super::*;
use crate::random::{Stream, generator};
use ndarray::{Array2, ArrayView1};
use ndarray_rand::{RandomExt, rand_distr::StandardNormal};

/// Codes with long tails, of which a third sits on zero in every value, and some are twins.
fn codes(count: usize, values: usize) -> Array2<f32> {
    let mut rng = generator(3, Stream::Weights, 0);
    let normal: Array2<f32> = Array2::random_using((count, values), StandardNormal, &mut rng);
    let mut codes = normal.mapv(|value| (value * value.abs() * 5.0).max(0.0));
    for twin in (0..count.saturating_sub(1)).step_by(50) {
        let code = codes.row(twin).to_owned();
        codes.row_mut(twin + 1).assign(&code);
    }
    codes
}

fn distance(a: ArrayView1<f32>, b: ArrayView1<f32>) -> f64 {
    let square = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).powi(2);
    a.iter().zip(b).map(square).sum::<f64>().sqrt()
}

/// The nearest but one, word by word.
fn plain(codes: &Array2<f32>, place: ArrayView1<f32>, but: Option<usize>) -> (usize, f64) {
    let all = codes.rows().into_iter().enumerate();
    let others = all.filter(|(number, _)| Some(*number) != but);
    let distances = others.map(|(number, code)| (number, distance(code, place)));
    distances.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap()
}

#[test]
fn the_nearest_is_the_plain_searchs_for_codes_of_any_length() {
    for values in [1, 2, 3, 32, 128] {
        let codes = codes(700, values);
        let nearby = Nearby::of(codes.view());
        let places = &codes * 1.1 + 0.3;
        for place in places.rows() {
            let (number, gap) = nearby.nearest(&place.to_vec(), |_| true).unwrap();
            let (expected, least) = plain(&codes, place, None);
            // Up to 128 squares added up in f32, half of the error after the root.
            assert!(
                (f64::from(gap) / least - 1.0).abs() < 1e-5,
                "{values}: {gap} {least}"
            );
            // Another may be as near to the last bits; then the first is told.
            let told = distance(codes.row(number), place);
            assert!(
                number == expected || (told / least - 1.0).abs() < 1e-6,
                "{values}"
            );
        }
    }
}

#[test]
fn only_what_counts_is_near_and_of_twins_the_first() {
    let codes = ndarray::array![[5.0, 0.0], [1.0, 1.0], [1.0, 1.0], [9.0, 9.0]];
    let nearby = Nearby::of(codes.view());
    assert_eq!(nearby.nearest(&[1.0, 1.0], |_| true), Some((1, 0.0)));
    assert_eq!(
        nearby.nearest(&[1.0, 1.0], |number| number != 1),
        Some((2, 0.0))
    );
    assert_eq!(
        nearby.nearest(&[1.0, 1.0], |number| number == 0).unwrap().0,
        0
    );
    assert_eq!(nearby.nearest(&[1.0, 1.0], |_| false), None);
    assert_eq!(nearby.nearest(&[f32::NAN, 1.0], |_| true), None);
    let broken = Array2::from_elem((9, 2), f32::NAN);
    assert_eq!(
        Nearby::of(broken.view()).nearest(&[0.0, 0.0], |_| true),
        None
    );
    assert_eq!(
        Nearby::of(Array2::zeros((0, 2)).view()).nearest(&[0.0, 0.0], |_| true),
        None
    );
}

#[test]
fn the_nearest_few_are_the_plain_searchs_the_first_of_equals_first() {
    for values in [1, 2, 32] {
        let codes = codes(300, values);
        let nearby = Nearby::of(codes.view());
        for (number, place) in codes.rows().into_iter().enumerate().step_by(7) {
            let found = nearby.nearest_few(&place.to_vec(), 20);
            let mut expected: Vec<(f64, usize)> = codes
                .rows()
                .into_iter()
                .map(|code| distance(code, place))
                .zip(0..)
                .collect();
            expected.sort_by(|one, other| one.partial_cmp(other).unwrap());
            assert_eq!(found.len(), 20);
            assert_eq!(found[0].1, 0.0, "{number} is near itself");
            for ((_, found), (expected, _)) in found.iter().zip(&expected) {
                // As above.
                assert!((f64::from(*found) - expected).abs() <= 1e-5 * expected);
            }
            let nearest = nearby.nearest(&place.to_vec(), |_| true).unwrap();
            assert_eq!(found[0], nearest);
        }
    }
    let alike = ndarray::array![[0.0, 0.0], [3.0, 4.0], [1.0, 0.0], [0.0, 1.0]];
    let nearby = Nearby::of(alike.view());
    let found = nearby.nearest_few(&[0.0, 0.0], 3);
    assert_eq!(found, [(0, 0.0), (2, 1.0), (3, 1.0)]);
    assert_eq!(nearby.nearest_few(&[0.0, 0.0], 100).len(), 4);
    assert_eq!(nearby.nearest_few(&[0.0, 0.0], 0), []);
    let none = Nearby::of(Array2::zeros((0, 2)).view());
    assert_eq!(none.nearest_few(&[0.0, 0.0], 5), []);
}

/// Of 10,000 codes that have become one, each would be held against all.
#[test]
fn codes_that_are_all_alike_are_not_looked_over_to_their_end() {
    let count = 1000;
    for codes in [
        Array2::zeros((count, 2)),
        Array2::from_elem((count, 32), 2.5),
    ] {
        let nearby = Nearby::of(codes.view());
        let looked = std::cell::Cell::new(0);
        for own in 0..count {
            let place = codes.row(own).to_vec();
            let other = |number: usize| {
                looked.set(looked.get() + 1);
                number != own
            };
            let first = usize::from(own == 0);
            assert_eq!(nearby.nearest(&place, other), Some((first, 0.0)));
        }
        // Itself at most, and the one that is told.
        assert!(looked.get() <= 2 * count, "{}", looked.get());
    }
}

#[test]
fn the_datas_own_gaps_are_the_plain_ones() {
    for (values, count, asked) in [
        (1, 900, 900),
        (2, 900, 900),
        (3, 1500, 1000),
        (32, 300, 300),
    ] {
        let codes = codes(count, values);
        let pool = Pool::of_the_machine();
        let gaps = Gaps::of(codes.view(), &Nearby::of(codes.view()), &pool);
        let numbers = (0..asked).map(|place| place * count / asked);
        let mut expected: Vec<f64> = numbers
            .map(|number| plain(&codes, codes.row(number), Some(number)).1)
            .collect();
        expected.sort_by(f64::total_cmp);
        assert_eq!(gaps.0.len(), asked);
        for (gap, expected) in gaps.0.iter().zip(&expected) {
            // As above; twins are exactly nothing apart.
            assert!(
                (f64::from(*gap) - expected).abs() <= 1e-5 * expected,
                "{gap} {expected}"
            );
        }
        assert_eq!(gaps.usual(), Some(gaps.0[asked / 2]));
    }
}

#[test]
fn a_gap_is_judged_by_the_datas_own() {
    let gaps = Gaps((1..=1000).map(|gap| gap as f32).collect());
    assert_eq!(gaps.verdict(0.0), Some(Verdict::Among));
    assert_eq!(gaps.verdict(991.0), Some(Verdict::Among));
    assert_eq!(gaps.verdict(991.5), Some(Verdict::Edge));
    assert_eq!(gaps.verdict(1000.0), Some(Verdict::Edge));
    assert_eq!(gaps.verdict(1000.5), Some(Verdict::Void));
    assert_eq!(gaps.narrower(961.0), Some(0.96));
    // One image has no other.
    let single = Array2::zeros((1, 2));
    let pool = Pool::of_the_machine();
    let gaps = Gaps::of(single.view(), &Nearby::of(single.view()), &pool);
    assert_eq!((gaps.usual(), gaps.verdict(1.0)), (None, None));
}
