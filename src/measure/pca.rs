//! Principal components: the classical way to keep a few numbers of an image.
//!
//! Of all linear codes of `k` values they lose the least squared error on the
//! images they were made from. Nothing is estimated here: pixels are whole numbers
//! of 255ths, and their products are summed exactly.

use nalgebra::{DMatrix, SymmetricEigen};
use ndarray::{Array1, Array2, ArrayView2, linalg::general_mat_mul, s};

use super::{
    CalledOff, Effort, Stretch,
    baseline::{WHITE, pixel_sums},
    stretch::stacked,
};
use crate::data::Split;

/// Images whose products are summed in f32. Whole numbers up to 2²⁴ are exact
/// there in any order of summing, and 258 times 255² is the last below.
const EXACT: usize = 256;

/// Rows of the matrix of products in a piece of work.
const STRIP: usize = 112;

/// The mean of some images, and the directions in which they differ, the widest first.
#[derive(Debug, Clone)]
pub struct Pca {
    mean: Array1<f32>,
    /// A direction a column, each of length 1 and at right angles to the others.
    axes: Array2<f32>,
}

impl Pca {
    /// Of these images.
    ///
    /// # Errors
    ///
    /// When it was called off.
    ///
    /// # Panics
    ///
    /// When there is no image.
    pub fn of(images: &Split, effort: Effort) -> Result<Self, CalledOff> {
        assert!(!images.is_empty(), "components of some images");
        let pixels = images.size().pixels();
        let strips = effort.map(pixels.div_ceil(STRIP), |strip| {
            products(images, strip * STRIP, effort)
        })?;
        effort.go_on()?;
        let n = images.len() as f64;
        let sums = pixel_sums(images);
        let covariance = DMatrix::from_fn(pixels, pixels, |i, j| {
            let (i, j) = (i.min(j), i.max(j));
            let product = strips[i / STRIP][[i % STRIP, j - (i - i % STRIP)]];
            // Whole numbers of less than 2⁵³, so that the difference is exact too.
            (n * product - sums[i] * sums[j]) / (n * n * WHITE * WHITE)
        });
        let eigen = SymmetricEigen::new(covariance);
        let variances = &eigen.eigenvalues;
        let mut order: Vec<usize> = (0..pixels).collect();
        order.sort_by(|&a, &b| variances[b].total_cmp(&variances[a]));
        Ok(Self {
            mean: sums.iter().map(|sum| (sum / (n * WHITE)) as f32).collect(),
            axes: Array2::from_shape_fn((pixels, pixels), |(pixel, axis)| {
                eigen.eigenvectors[(pixel, order[axis])] as f32
            }),
        })
    }

    /// The most components there are.
    pub fn most(&self) -> usize {
        self.axes.ncols()
    }

    /// The places `[N, components]` of images `[N, I]` along the first axes.
    ///
    /// # Panics
    ///
    /// When there are not as many axes.
    pub fn encode(&self, x: ArrayView2<f32>, components: usize) -> Array2<f32> {
        (&x - &self.mean).dot(&self.axes.slice(s![.., ..components]))
    }

    /// The images `[N, I]` at such places. Their pixels may lie beyond 0 and 1.
    ///
    /// # Panics
    ///
    /// When there are not as many axes.
    pub fn decode(&self, places: ArrayView2<f32>) -> Array2<f32> {
        let axes = self.axes.slice(s![.., ..places.ncols()]);
        places.dot(&axes.t()) + &self.mean
    }

    /// The places of a whole stretch of images.
    pub(super) fn codes(
        &self,
        images: &Stretch,
        components: usize,
        effort: Effort,
    ) -> Result<Array2<f32>, CalledOff> {
        let blocks = images.blocks(effort, |_, x| self.encode(x.view(), components))?;
        Ok(stacked(&blocks))
    }
}

/// `Σ x xᵀ` over the images, `x` in bytes: a strip of rows from `first` on, of which
/// the columns from `first` on are enough, for the other half mirrors it.
fn products(images: &Split, first: usize, effort: Effort) -> Result<Array2<f64>, CalledOff> {
    let pixels = images.size().pixels();
    let columns = pixels - first;
    let rows = STRIP.min(columns);
    let mut x = Array2::<f32>::zeros((EXACT, columns));
    let mut here = Array2::<f32>::zeros((rows, columns));
    let mut sums = Array2::<f64>::zeros((rows, columns));
    for images in images.pixels().chunks(EXACT * pixels) {
        effort.go_on()?;
        let images = images.chunks_exact(pixels);
        let mut x = x.slice_mut(s![..images.len(), ..]);
        for (mut row, image) in x.rows_mut().into_iter().zip(images) {
            for (value, &byte) in row.iter_mut().zip(&image[first..]) {
                *value = f32::from(byte);
            }
        }
        general_mat_mul(1.0, &x.slice(s![.., ..rows]).t(), &x, 0.0, &mut here);
        sums.zip_mut_with(&here, |sum, &product| *sum += f64::from(product));
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;
    use crate::pool::Pool;

    fn pca(images: &Split) -> Pca {
        Pca::of(images, Effort::full(&Pool::of_the_machine())).unwrap()
    }

    /// Images that are black but for two pixels.
    fn of_two_pixels(values: &[[u8; 2]], places: [usize; 2]) -> Split {
        let image = |values: &[u8; 2]| {
            let mut pixels = [0; PIXELS];
            places
                .iter()
                .zip(values)
                .for_each(|(&place, &value)| pixels[place] = value);
            pixels
        };
        let pixels = values.iter().flat_map(image).collect();
        Split::new(pixels, vec![0; values.len()])
    }

    #[test]
    fn two_pixels_that_move_together_are_one_component() {
        // About their mean (100, 100) the values are ±(50, 50) and ±(10, -10): the widest
        // direction is the diagonal, the next the other one.
        let values = [[150, 150], [50, 50], [110, 90], [90, 110]];
        let places = [300, 700];
        let images = of_two_pixels(&values, places);
        let pca = pca(&images);
        let half = 0.5_f32.sqrt();
        for (axis, other) in [(0, half), (1, -half)] {
            let column = pca.axes.column(axis);
            let sign = column[300].signum();
            // The eigenvectors are right to f64's last places, and then rounded to f32.
            assert!(
                (sign * column[300] - half).abs() < 1e-7,
                "{axis}: {}",
                column[300]
            );
            assert!(
                (sign * column[700] - other).abs() < 1e-7,
                "{axis}: {}",
                column[700]
            );
        }
        let x = Stretch::held_out(&images);
        let pool = Pool::of_the_machine();
        let codes = pca.codes(&x, 1, Effort::full(&pool)).unwrap();
        let expected = [50.0, -50.0, 0.0, 0.0].map(|value| value * 2.0_f32.sqrt() / 255.0);
        let sign = codes[[0, 0]].signum();
        for (code, expected) in codes.iter().zip(expected) {
            assert!(
                (sign * code - expected).abs() < 1e-6,
                "{code}, not {expected}"
            );
        }
        // One number brings the first two images back, and takes the others for the mean.
        let back = pca.decode(codes.view()) * 255.0;
        let pair = |row: usize| places.map(|place| back[[row, place]].round());
        assert_eq!(
            [0, 1, 2, 3].map(pair),
            [[150.0; 2], [50.0; 2], [100.0; 2], [100.0; 2]]
        );
    }

    #[test]
    fn all_components_bring_every_image_back() {
        // Bytes without a pattern, more images than one exact block holds.
        let byte = |n: usize| (n.wrapping_mul(2_654_435_761) >> 7) as u8;
        let images = Split::new((0..300 * PIXELS).map(byte).collect(), vec![0; 300]);
        let pca = pca(&images);
        let pool = Pool::of_the_machine();
        let blocks = Stretch::held_out(&images).blocks(Effort::full(&pool), |_, x| {
            let back = pca.decode(pca.encode(x.view(), pca.most()).view());
            (back - x)
                .iter()
                .fold(0.0, |most: f32, off| most.max(off.abs()))
        });
        // Two sums of 784 terms below 1 in f32.
        assert!(blocks.unwrap().into_iter().all(|off| off < 1e-5));
    }
}
