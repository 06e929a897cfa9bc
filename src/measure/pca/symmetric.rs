//! Symmetric matrices of products, in strips of rows, and their widest directions.
//!
//! Small ones are taken apart in one go, by a library. That takes a time that grows with the third
//! power of their order, minutes for 4,096, so of larger ones only as many directions are found as
//! are wanted, by orthogonal iteration (Golub and Van Loan, *Matrix Computations*, 8.2) with a
//! step of Rayleigh and Ritz in each round, in pieces between which it may be called off.

use nalgebra::{DMatrix, SymmetricEigen};
use ndarray::{Array2, ArrayView2, Axis, linalg::general_mat_mul, s};
use ndarray_rand::rand::Rng;

use super::super::{CalledOff, Effort};
use crate::random::{Stream, generator};

/// Rows of a matrix in a piece of work.
const STRIP: usize = 112;

/// Rows of tall matrices of which the products of their columns are summed in a piece of work.
const TALL: usize = 8 * STRIP;

/// Terms that are summed in f32. Whole numbers up to 2²⁴ are exact there in any order of
/// summing, and 258 times 255² is the last below.
const EXACT: usize = 256;

/// The order of the matrices that are taken apart in one go, whatever is wanted of them: some
/// tenths of a second.
pub(super) const SMALL: usize = 784;

/// More directions than any matrix has.
pub(super) const ALL: usize = usize::MAX;

/// Directions that the iteration carries beyond those that are wanted: a few, and half as many
/// again, so that what it is to tell apart differs even where variances fall off slowly.
const BEYOND: usize = 16;

/// The iteration ends when a round adds no more than this share of what is not yet caught. A
/// round adds at most some nine tenths of what the one before did, so what is still to come
/// moves the squared error that is lost in its eighth figure; of directions of all but equal
/// variance others may be found, and the cross-entropy moves in its sixth. Tables tell four.
const ADDED: f64 = 1e-9;
/// And what rounding moves in sums of f64, as a share of all variance.
const ROUNDING: f64 = 1e-14;

/// Rounds at most. Where it has not come to rest by then the variances at its end are all but
/// equal, and one direction is as good as another.
const ROUNDS: usize = 80;

/// Of squared lengths of combined columns, the share of the longest below which they are rounding.
const NOTHING: f64 = 1e-14;

/// A symmetric matrix, in strips of whole rows.
pub(super) struct Symmetric {
    order: usize,
    strips: Vec<Array2<f64>>,
}

/// The directions in which a matrix stretches most, the widest first.
pub(super) struct Widest {
    /// By how much.
    pub(super) variances: Vec<f64>,
    /// A direction a column.
    pub(super) directions: Array2<f64>,
    /// How many were looked for; [`ALL`] where nobody will find more.
    pub(super) sought: usize,
}

impl Symmetric {
    /// The sums of the products of each two of `order` rows of as many bytes as there are
    /// `terms`, exactly; `fill` is handed a term, a row, and room for what this and the rows
    /// after it have in that term.
    pub(super) fn of_products(
        order: usize,
        terms: usize,
        fill: impl Fn(usize, usize, &mut [f32]) + Sync,
        effort: Effort,
    ) -> Result<Self, CalledOff> {
        let halves = effort.map(order.div_ceil(STRIP), |strip| {
            products(order, terms, strip * STRIP, &fill, effort)
        })?;
        let at = |i: usize, j: usize| halves[i / STRIP][[i % STRIP, j - (i - i % STRIP)]];
        Self::from_fn(order, effort, |i, j| at(i.min(j), i.max(j)))
    }

    fn from_fn(
        order: usize,
        effort: Effort,
        value: impl Fn(usize, usize) -> f64 + Sync,
    ) -> Result<Self, CalledOff> {
        let strips = effort.map(order.div_ceil(STRIP), |strip| {
            let first = strip * STRIP;
            let rows = STRIP.min(order - first);
            let value = |(row, column)| value(first + row, column);
            Ok(Array2::from_shape_fn((rows, order), value))
        })?;
        Ok(Self { order, strips })
    }

    /// Each value by row, column and what it was; the same for a value and its mirror.
    pub(super) fn mapped(
        mut self,
        effort: Effort,
        value: impl Fn(usize, usize, f64) -> f64,
    ) -> Result<Self, CalledOff> {
        for (strip, values) in self.strips.iter_mut().enumerate() {
            effort.go_on()?;
            for ((row, column), was) in values.indexed_iter_mut() {
                *was = value(strip * STRIP + row, column, *was);
            }
        }
        Ok(self)
    }

    /// What each row comes to.
    pub(super) fn row_sums(&self) -> Vec<f64> {
        let sums = self.strips.iter().flat_map(|strip| strip.sum_axis(Axis(1)));
        sums.collect()
    }

    /// As many of its directions as are wanted, or more; fewer where it has no more.
    pub(super) fn widest(&self, wanted: usize, effort: Effort) -> Result<Widest, CalledOff> {
        // Of a matrix that is carried to more than half the iteration saves nothing.
        let carried = wanted + wanted / 2 + BEYOND;
        if self.order <= SMALL || 2 * carried > self.order {
            effort.go_on()?;
            return Ok(self.all());
        }
        self.iterated(wanted, carried, effort)
    }

    /// All of its directions, in one go.
    fn all(&self) -> Widest {
        let at = |i: usize, j: usize| self.strips[i / STRIP][[i % STRIP, j]];
        let (variances, directions) = apart(DMatrix::from_fn(self.order, self.order, at));
        Widest {
            variances,
            directions,
            sought: ALL,
        }
    }

    /// The wanted directions, found among as many as are carried along.
    fn iterated(&self, wanted: usize, carried: usize, effort: Effort) -> Result<Widest, CalledOff> {
        let total: f64 = (0..self.order)
            .map(|i| self.strips[i / STRIP][[i % STRIP, i]])
            .sum();
        // Any start will do that is not at right angles to what is looked for.
        let rng = &mut generator(0, Stream::Directions, 0);
        let start =
            Array2::from_shape_simple_fn((self.order, carried), || rng.random_range(-1.0..1.0_f64));
        let mut basis = orthonormal(&start, effort)?;
        let mut caught = 0.0;
        for round in 1.. {
            let stretched = self.times(&basis, effort)?;
            let (variances, turn) = apart(matrix(&between(&basis, &stretched, effort)?));
            let found = wanted.min(variances.len());
            let now: f64 = variances[..found].iter().sum();
            let enough = ADDED * (total - now) + ROUNDING * total;
            if now - caught <= enough || round == ROUNDS {
                return Ok(Widest {
                    variances: variances[..found].to_vec(),
                    directions: product(&basis, turn.slice(s![.., ..found]), effort)?,
                    sought: wanted,
                });
            }
            caught = now;
            basis = orthonormal(&product(&stretched, turn.view(), effort)?, effort)?;
        }
        unreachable!("the last round returns")
    }

    /// Its product with a matrix.
    fn times(&self, right: &Array2<f64>, effort: Effort) -> Result<Array2<f64>, CalledOff> {
        let strips = effort.map(self.strips.len(), |strip| Ok(self.strips[strip].dot(right)))?;
        Ok(beneath(&strips))
    }
}

/// A strip of rows from `first` on of the sums of products, of which the columns from
/// `first` on are enough, for the other half mirrors it.
fn products(
    order: usize,
    terms: usize,
    first: usize,
    fill: &(impl Fn(usize, usize, &mut [f32]) + Sync),
    effort: Effort,
) -> Result<Array2<f64>, CalledOff> {
    let columns = order - first;
    let rows = STRIP.min(columns);
    let mut x = Array2::<f32>::zeros((EXACT, columns));
    let mut here = Array2::<f32>::zeros((rows, columns));
    let mut sums = Array2::<f64>::zeros((rows, columns));
    for begin in (0..terms).step_by(EXACT) {
        effort.go_on()?;
        let mut x = x.slice_mut(s![..EXACT.min(terms - begin), ..]);
        for (term, row) in x.rows_mut().into_iter().enumerate() {
            fill(
                begin + term,
                first,
                row.into_slice().expect("rows of a standard layout"),
            );
        }
        general_mat_mul(1.0, &x.slice(s![.., ..rows]).t(), &x, 0.0, &mut here);
        sums.zip_mut_with(&here, |sum, &product| *sum += f64::from(product));
    }
    Ok(sums)
}

/// Columns of length 1 at right angles to each other that span what these do: as many, or
/// fewer where some depend on others. Columns that are nearly so already stay nearly what they
/// are, however their lengths differ.
fn orthonormal(columns: &Array2<f64>, effort: Effort) -> Result<Array2<f64>, CalledOff> {
    let lengths = columns.map_axis(Axis(0), |column| column.dot(&column).sqrt());
    let kept: Vec<usize> = (0..lengths.len()).filter(|&i| lengths[i] > 0.0).collect();
    let mut columns = columns.select(Axis(1), &kept);
    columns /= &lengths.select(Axis(0), &kept);
    let (squares, turn) = apart(matrix(&between(&columns, &columns, effort)?));
    let long = |square: &&f64| **square > NOTHING * squares[0];
    let found = squares.iter().take_while(long).count();
    let mut turn = turn.slice(s![.., ..found]).to_owned();
    for (mut column, square) in turn.columns_mut().into_iter().zip(&squares) {
        column /= square.sqrt();
    }
    product(&columns, turn.view(), effort)
}

/// What a small symmetric matrix comes to along each of its directions, and these, the widest
/// first.
fn apart(matrix: DMatrix<f64>) -> (Vec<f64>, Array2<f64>) {
    let order = matrix.nrows();
    let eigen = SymmetricEigen::new(matrix);
    let variances = &eigen.eigenvalues;
    let mut places: Vec<usize> = (0..order).collect();
    places.sort_by(|&a, &b| variances[b].total_cmp(&variances[a]));
    let directions = Array2::from_shape_fn((order, order), |(row, column)| {
        eigen.eigenvectors[(row, places[column])]
    });
    (places.iter().map(|&at| variances[at]).collect(), directions)
}

/// The same of both halves, which differ in their last bits.
fn matrix(nearly: &Array2<f64>) -> DMatrix<f64> {
    DMatrix::from_fn(nearly.nrows(), nearly.ncols(), |i, j| {
        nearly[[i.min(j), i.max(j)]]
    })
}

/// The products of the columns of one with those of the other.
fn between(
    left: &Array2<f64>,
    right: &Array2<f64>,
    effort: Effort,
) -> Result<Array2<f64>, CalledOff> {
    let of_strip = |strip: usize| {
        let rows = s![strip * TALL..left.nrows().min((strip + 1) * TALL), ..];
        Ok(left.slice(rows).t().dot(&right.slice(rows)))
    };
    let strips = effort.map(left.nrows().div_ceil(TALL), of_strip)?;
    let mut sum = Array2::zeros((left.ncols(), right.ncols()));
    for strip in &strips {
        sum += strip;
    }
    Ok(sum)
}

/// A tall matrix times a small one.
fn product(
    tall: &Array2<f64>,
    small: ArrayView2<f64>,
    effort: Effort,
) -> Result<Array2<f64>, CalledOff> {
    let strips = effort.map(tall.nrows().div_ceil(STRIP), |strip| {
        let rows = s![strip * STRIP..tall.nrows().min((strip + 1) * STRIP), ..];
        Ok(tall.slice(rows).dot(&small))
    })?;
    Ok(beneath(&strips))
}

/// Strips of rows, one beneath the other.
fn beneath(strips: &[Array2<f64>]) -> Array2<f64> {
    let views: Vec<_> = strips.iter().map(|strip| strip.view()).collect();
    ndarray::concatenate(Axis(0), &views).expect("strips of rows of one length")
}

#[cfg(test)]
mod tests;
