//! The iteration is held against the whole answer, of matrices whose variances are known.

use super::*;
use crate::pool::Pool;

/// A matrix that stretches by these variances along directions that are none of its axes'.
fn stretching(order: usize, variances: &[f64]) -> Symmetric {
    let pool = Pool::of_the_machine();
    let rng = &mut generator(3, Stream::Weights, 0);
    let any =
        Array2::from_shape_simple_fn((order, variances.len()), || rng.random_range(-1.0..1.0_f64));
    let directions = orthonormal(&any, Effort::full(&pool)).unwrap();
    let mut scaled = directions.clone();
    for (mut column, variance) in scaled.columns_mut().into_iter().zip(variances) {
        column *= *variance;
    }
    let matrix = scaled.dot(&directions.t());
    let at = |i: usize, j: usize| matrix[[i.min(j), i.max(j)]];
    Symmetric::from_fn(order, Effort::full(&pool), at).unwrap()
}

fn iterated(matrix: &Symmetric, wanted: usize) -> Widest {
    let effort = &Pool::of_the_machine();
    let carried = wanted + wanted / 2 + BEYOND;
    matrix
        .iterated(wanted, carried, Effort::full(effort))
        .unwrap()
}

/// What is caught along directions, which are of length 1 and at right angles.
fn caught(matrix: &Symmetric, directions: &Array2<f64>) -> f64 {
    let pool = Pool::of_the_machine();
    let effort = Effort::full(&pool);
    let angles = between(directions, directions, effort).unwrap();
    for ((i, j), &product) in angles.indexed_iter() {
        let expected = f64::from(u8::from(i == j));
        // Some hundred roundings of f64, and as many again of a turn.
        assert!(
            (product - expected).abs() < 1e-12,
            "{i} and {j} come to {product}"
        );
    }
    let stretched = matrix.times(directions, effort).unwrap();
    between(directions, &stretched, effort)
        .unwrap()
        .diag()
        .sum()
}

/// What the first so many directions do not catch is what they cannot, but for what the iteration
/// leaves: some rounds of at most [`ADDED`].
fn assert_as_good_as_all(matrix: &Symmetric, wanted: usize) {
    let found = iterated(matrix, wanted);
    let all = matrix.all();
    assert_eq!(found.directions.ncols(), wanted);
    let total: f64 = all.variances.iter().sum();
    for count in [1, wanted / 2, wanted] {
        let most: f64 = all.variances[..count].iter().sum();
        let first = found.directions.slice(s![.., ..count]).to_owned();
        let missed = most - caught(matrix, &first);
        let allowed = 10.0 * ADDED * (total - most) + 1e-12 * total;
        assert!(
            missed.abs() <= allowed,
            "{count} of {wanted}: {missed:e}, not {allowed:e}"
        );
    }
}

#[test]
fn directions_of_falling_variances_are_those_of_the_whole_answer() {
    let variances: Vec<f64> = (1..=160)
        .map(|rank| 1.0 / f64::from(rank).powi(2))
        .collect();
    let matrix = stretching(160, &variances);
    assert_as_good_as_all(&matrix, 20);
    // Those that stand apart are the same direction, to a millionth of its length.
    let (found, all) = (iterated(&matrix, 20), matrix.all());
    for (axis, variance) in variances[..5].iter().enumerate() {
        let cosine = found
            .directions
            .column(axis)
            .dot(&all.directions.column(axis));
        assert!(1.0 - cosine.abs() < 1e-12, "{axis}: {cosine}");
        let off = found.variances[axis] / variance - 1.0;
        assert!(off.abs() < 1e-9, "{axis}: {off}");
    }
}

#[test]
fn directions_of_equal_and_all_but_equal_variances_catch_as_much() {
    // In pairs, of which one half is equal and the other not by a thousandth of a millionth.
    let pair = |at: usize| 0.9_f64.powi(at as i32 / 2) * (1.0 - 1e-9 * (at % 4 / 3) as f64);
    let variances: Vec<f64> = (0..150).map(pair).collect();
    let matrix = stretching(150, &variances);
    // The last that is wanted is one of a pair.
    assert_as_good_as_all(&matrix, 9);
    assert_as_good_as_all(&matrix, 24);
    // All variances within two percent: none stands out, and any is nearly as good. Ten by chance
    // catch a hundredth less than the widest; half of that is left at most.
    let flat: Vec<f64> = (0..150).map(|at| 1.0 - f64::from(at) * 1.4e-4).collect();
    let matrix = stretching(150, &flat);
    let caught = caught(&matrix, &iterated(&matrix, 10).directions);
    let most: f64 = flat[..10].iter().sum();
    assert!(caught > most * 0.995, "{caught} of {most}");
}

#[test]
fn a_matrix_of_few_directions_has_these_and_one_of_none_whatever() {
    let matrix = stretching(140, &[4.0, 2.0, 1.0, 1.0, 0.001]);
    let found = iterated(&matrix, 8);
    for (found, variance) in found.variances.iter().zip([4.0, 2.0, 1.0, 1.0, 0.001]) {
        assert!((found - variance).abs() < 1e-12, "{found}, not {variance}");
    }
    assert!(found.directions.ncols() >= 5);
    assert!((caught(&matrix, &found.directions) - 8.001).abs() < 1e-12);
    let nothing = stretching(140, &[0.0]);
    assert_eq!(caught(&nothing, &iterated(&nothing, 8).directions), 0.0);
}
