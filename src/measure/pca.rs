//! Principal components: the classical way to keep a few numbers of an image.
//!
//! Of all linear codes of `k` values they lose the least squared error on the
//! images they were made from. Pixels are whole numbers of 255ths, and their products
//! are summed exactly; the widest directions of what they come to are [found](symmetric)
//! in one go where images are small, and else as many as are wanted.

mod symmetric;

use ndarray::{Array1, Array2, ArrayView2, Axis, s};

use super::{
    CalledOff, Effort, Stretch,
    baseline::{WHITE, pixel_sums},
    stretch::stacked,
};
use crate::data::Split;
use symmetric::{ALL, SMALL, Symmetric, Widest};

/// Directions that so few images are combined to are as exact as their variance is large: one
/// of this share of the widest's is at right angles to the others to a millionth, which is as
/// much as its numbers in f32 say.
const NARROWEST: f64 = 1e-10;

/// The mean of some images, and the directions in which they differ, the widest first.
#[derive(Debug, Clone)]
pub struct Pca {
    mean: Array1<f32>,
    /// A direction a column, each of length 1 and at right angles to the others.
    axes: Array2<f32>,
    /// How many were looked for: there are fewer where the images do not differ in as many.
    sought: usize,
}

impl Pca {
    /// Of these images: as many components as are wanted, or more.
    ///
    /// # Errors
    ///
    /// When it was called off.
    ///
    /// # Panics
    ///
    /// When there is no image.
    pub fn of(images: &Split, wanted: usize, effort: Effort) -> Result<Self, CalledOff> {
        assert!(!images.is_empty(), "components of some images");
        let pixels = images.size().pixels();
        let n = images.len() as f64;
        let sums = pixel_sums(images);
        let (axes, sought) = if pixels > SMALL && wanted >= pixels {
            // All of them span what the pixels do, and keep every distance.
            (Array2::eye(pixels), ALL)
        } else if pixels > SMALL && images.len() < pixels {
            of_few(images, wanted, effort)?
        } else {
            let widest = covariance(images, &sums, effort)?.widest(wanted, effort)?;
            (widest.directions.mapv(|value| value as f32), widest.sought)
        };
        Ok(Self {
            mean: sums.iter().map(|sum| (sum / (n * WHITE)) as f32).collect(),
            axes,
            sought,
        })
    }

    /// The most components there are.
    pub fn most(&self) -> usize {
        self.mean.len()
    }

    /// Whether it has as many components as that, or all that can be told.
    pub fn suffices(&self, components: usize) -> bool {
        self.sought >= components
    }

    /// The places of images `[N, I]` along the first axes: as many as that, or as the images
    /// that it is of differ in.
    pub fn encode(&self, x: ArrayView2<f32>, components: usize) -> Array2<f32> {
        let components = components.min(self.axes.ncols());
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

/// How pixels vary together. Whole numbers of less than 2⁵³ are exact, and so is the
/// difference that is divided.
fn covariance(images: &Split, sums: &[f64], effort: Effort) -> Result<Symmetric, CalledOff> {
    let pixels = images.size().pixels();
    let n = images.len() as f64;
    let fill_from_image = |image: usize, first: usize, row: &mut [f32]| {
        for (value, &byte) in row.iter_mut().zip(&images.image(image)[first..]) {
            *value = f32::from(byte);
        }
    };
    let products = Symmetric::of_products(pixels, images.len(), fill_from_image, effort)?;
    products.mapped(effort, |i, j, product| {
        (n * product - sums[i] * sums[j]) / (n * n * WHITE * WHITE)
    })
}

/// The directions of fewer images than they have pixels: such a direction is a sum of the
/// images, and how much of each of them follows from the products of one with the other.
fn of_few(
    images: &Split,
    wanted: usize,
    effort: Effort,
) -> Result<(Array2<f32>, usize), CalledOff> {
    let (pixels, count) = (images.size().pixels(), images.len());
    let n = count as f64;
    let fill_from_pixel = |pixel: usize, first: usize, row: &mut [f32]| {
        let bytes = images.pixels()[first * pixels + pixel..]
            .iter()
            .step_by(pixels);
        for (value, &byte) in row.iter_mut().zip(bytes) {
            *value = f32::from(byte);
        }
    };
    let products = Symmetric::of_products(count, pixels, fill_from_pixel, effort)?;
    let sums = products.row_sums();
    let all: f64 = sums.iter().sum();
    // Of the images about their mean.
    let about = products.mapped(effort, |i, j, product| {
        (n * n * product - n * (sums[i] + sums[j]) + all) / (n * n * n * WHITE * WHITE)
    })?;
    let Widest {
        variances,
        directions: shares,
        sought,
    } = about.widest(wanted, effort)?;
    let broad = |variance: &&f64| **variance > NARROWEST * variances[0];
    let found = variances.iter().take_while(broad).count();
    let shares = shares.slice(s![.., ..found]);
    // The shares of a direction come to nought together, so the mean needs not be taken off.
    let mut axes = Array2::<f64>::zeros((pixels, found));
    for (image, shares) in images
        .pixels()
        .chunks_exact(pixels)
        .zip(shares.axis_iter(Axis(0)))
    {
        effort.go_on()?;
        for (mut axes, &byte) in axes.rows_mut().into_iter().zip(image) {
            axes.scaled_add(f64::from(byte), &shares);
        }
    }
    for mut axis in axes.columns_mut() {
        let length = axis.dot(&axis).sqrt();
        axis /= length;
    }
    Ok((axes.mapv(|value| value as f32), sought))
}

#[cfg(test)]
mod tests {
    use std::{
        num::NonZeroUsize,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use super::*;
    use crate::{data::PIXELS, image::ImageSize, pool::Pool};

    fn pca(images: &Split) -> Pca {
        Pca::of(images, 2, Effort::full(&Pool::of_the_machine())).unwrap()
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

    /// Images of so many sides, each of them bumps of three sorts, and noise of some bytes.
    fn bumpy(side: usize, count: usize) -> Split {
        let byte = |at: usize| {
            let (image, pixel) = (at / (side * side), at % (side * side));
            let (x, y) = (pixel % side, pixel / side);
            let bump = |sort: usize| {
                let height = (image * (sort + 3) * 37 % 61) as f64;
                height * (1.0 + ((x + sort * y) as f64 / (2.0 + sort as f64)).sin())
            };
            let noise = at.wrapping_mul(2_654_435_761) >> 7 & 15;
            (0..3).map(bump).sum::<f64>() as u8 / 2 + noise as u8
        };
        let size = ImageSize {
            height: side,
            width: side,
        };
        let pixels = (0..count * side * side).map(byte).collect();
        Split::of_size(size, pixels, vec![0; count])
    }

    /// What is lost of some images with so many components, as a squared error.
    fn lost(pca: &Pca, images: &Split, components: usize) -> f64 {
        let pool = Pool::of_the_machine();
        let blocks = Stretch::held_out(images).blocks(Effort::full(&pool), |_, x| {
            let back = pca.decode(pca.encode(x.view(), components).view());
            (back - x)
                .iter()
                .map(|off| f64::from(off * off))
                .sum::<f64>()
        });
        blocks.unwrap().into_iter().sum()
    }

    /// All directions of the images, by the way that small ones go.
    fn whole(images: &Split) -> Pca {
        let pool = Pool::of_the_machine();
        let effort = Effort::full(&pool);
        let of = Pca::of(images, 1, effort).unwrap();
        let covariance = covariance(images, &pixel_sums(images), effort).unwrap();
        let all = covariance
            .widest(images.size().pixels(), effort)
            .unwrap()
            .directions;
        Pca {
            axes: all.mapv(|value| value as f32),
            ..of
        }
    }

    #[test]
    fn components_of_larger_images_lose_what_the_whole_answer_loses() {
        // 841 pixels, by the iteration: of more images than pixels, and of fewer.
        for count in [860, 300] {
            let images = bumpy(29, count);
            let exact = whole(&images);
            let pool = Pool::of_the_machine();
            let pca = Pca::of(&images, 12, Effort::full(&pool)).unwrap();
            assert!(pca.suffices(12));
            assert_eq!(
                pca.suffices(13),
                count == 300,
                "of few images all are found"
            );
            for components in [1, 4, 12] {
                let [found, least] = [&pca, &exact].map(|pca| lost(pca, &images, components));
                // Both are axes in f32, whose last bit is a ten-millionth.
                assert!(
                    (found / least - 1.0).abs() < 1e-6,
                    "{count} {components}: {found} {least}"
                );
            }
        }
    }

    #[test]
    fn more_components_than_images_differ_in_are_as_many_as_they_differ_in() {
        // Eight images that are different differ in seven directions.
        let images = bumpy(30, 8);
        let pool = Pool::of_the_machine();
        let effort = Effort::full(&pool);
        let pca = Pca::of(&images, 32, effort).unwrap();
        assert!(pca.suffices(32));
        let places = pca.codes(&Stretch::held_out(&images), 32, effort).unwrap();
        assert_eq!(places.dim(), (8, 7));
        // A hundred thousand roundings to the last bit of f32.
        assert!(lost(&pca, &images, 32) < 1e-6);
        // Images that are all the same differ in none, whatever their number.
        for count in [5, 950] {
            let one = bumpy(30, 1).pixels().repeat(count);
            let same = Split::of_size(images.size(), one, vec![0; count]);
            let pca = Pca::of(&same, 2, effort).unwrap();
            assert!(lost(&pca, &same, 2) < 1e-6, "{count}");
        }
        // As many components as pixels are the images, however they are turned.
        let pca = Pca::of(&images, 900, effort).unwrap();
        assert_eq!(pca.most(), 900);
        assert!(lost(&pca, &images, 900) < 1e-6);
    }

    #[test]
    fn whoever_looks_for_components_of_large_images_may_call_it_off_between_short_pieces() {
        let images = bumpy(32, 1100);
        let pool = Pool::new(NonZeroUsize::MIN);
        let asked = AtomicUsize::new(0);
        let until = |last: usize| {
            asked.store(0, Ordering::Relaxed);
            let go_on = || match asked.fetch_add(1, Ordering::Relaxed) {
                before if before < last => Ok(()),
                _ => Err(CalledOff),
            };
            Pca::of(&images, 8, Effort::asking(&pool, &go_on)).map(|_| ())
        };
        assert_eq!(until(usize::MAX), Ok(()));
        let pieces = asked.load(Ordering::Relaxed);
        // Ten strips of rows, each of five pieces of products, and then of every round.
        assert!(pieces > 100, "{pieces}");
        for last in [0, 7, pieces / 2, pieces - 1] {
            assert_eq!(until(last), Err(CalledOff), "{last} of {pieces}");
        }
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
