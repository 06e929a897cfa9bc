//! How well images come back: cross-entropy, squared error, and its decibels.

use ndarray::{Array2, ArrayView2};
use serde::Serialize;

use super::{CalledOff, Effort, Stretch, baseline::CLIP};
use crate::nn::loss;

/// How far pictures are from what they should be. Pixels go from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Fidelity {
    /// Mean squared error of a pixel, over all images.
    pub mse: f64,
    /// Its decibels, `10 log10(1 / mse)`: more is better, and infinite (in JSON,
    /// `null`) when every pixel is right. From the mean error of all images, not
    /// the mean of each one's decibels.
    pub psnr: f64,
}

/// How well some images come back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quality {
    /// How many images were measured.
    pub images: usize,
    /// Mean cross-entropy of a pixel, in nats; answers count as at least 1e-7 and
    /// at most 1 - 1e-7.
    pub cross_entropy: f64,
    /// How far the pixels are off.
    #[serde(flatten)]
    pub fidelity: Fidelity,
}

/// How well the images of one digit come back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DigitQuality {
    /// The digit.
    pub digit: u8,
    /// How well.
    #[serde(flatten)]
    pub quality: Quality,
}

/// How well images come back, in all and digit by digit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reconstruction {
    /// All images.
    #[serde(flatten)]
    pub all: Quality,
    /// The digits that there are images of, in order.
    pub digits: Vec<DigitQuality>,
}

/// What is answered to a block of images.
pub(super) enum Answers {
    /// Numbers whose sigmoids are the pixels.
    Logits(Array2<f32>),
    /// The pixels. They are brought between 0 and 1, where all pixels are.
    Pixels(Array2<f32>),
}

/// The errors of one image: means over its pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct ImageError {
    pub(super) cross_entropy: f64,
    pub(super) squared: f64,
}

impl Fidelity {
    /// Of this mean squared error.
    pub fn of(mse: f64) -> Self {
        Self {
            mse,
            psnr: -10.0 * mse.log10(),
        }
    }
}

/// Decibels with so many places: `13.3`; of pixels that are all right there is no end,
/// and they are `exact`.
pub fn decibels(psnr: f64, places: usize) -> String {
    if psnr == f64::INFINITY {
        "exact".into()
    } else {
        format!("{psnr:.places$}")
    }
}

impl Quality {
    fn of(errors: impl Iterator<Item = ImageError>) -> Self {
        let (mut images, mut cross_entropy, mut squared) = (0, 0.0, 0.0);
        for error in errors {
            images += 1;
            cross_entropy += error.cross_entropy;
            squared += error.squared;
        }
        Self {
            images,
            cross_entropy: cross_entropy / images as f64,
            fidelity: Fidelity::of(squared / images as f64),
        }
    }
}

impl Reconstruction {
    /// What somebody's answers to the images come to; `answer` is handed blocks of them.
    pub(super) fn measure(
        images: &Stretch,
        effort: Effort,
        answer: impl Fn(usize, ArrayView2<f32>) -> Answers + Sync,
    ) -> Result<Self, CalledOff> {
        let blocks = images.blocks(effort, |first, x| match answer(first, x.view()) {
            Answers::Logits(logits) => errors_of_logits(logits.view(), x.view()),
            Answers::Pixels(pixels) => errors_of_pixels(pixels.view(), x.view()),
        })?;
        Ok(Self::of(&blocks.concat(), images.labels()))
    }

    fn of(errors: &[ImageError], labels: &[u8]) -> Self {
        let of_digit = |digit: u8| {
            let its = errors
                .iter()
                .zip(labels)
                .filter(|(_, label)| **label == digit);
            DigitQuality {
                digit,
                quality: Quality::of(its.map(|(error, _)| *error)),
            }
        };
        Self {
            all: Quality::of(errors.iter().copied()),
            digits: (0..=u8::MAX)
                .map(of_digit)
                .filter(|digit| digit.quality.images > 0)
                .collect(),
        }
    }
}

/// From logits the cross-entropy is exact where pixels would have rounded to 0 or 1.
fn errors_of_logits(logits: ArrayView2<f32>, x: ArrayView2<f32>) -> Vec<ImageError> {
    let losses = loss::per_image(logits, x);
    let rows = logits.rows().into_iter().zip(x.rows()).zip(losses);
    rows.map(|((logits, x), loss)| ImageError {
        cross_entropy: f64::from(loss),
        squared: mean(logits.iter().zip(x).map(|(&logit, &x)| {
            let pixel = 1.0 / (1.0 + (-logit).exp());
            f64::from((pixel - x) * (pixel - x))
        })),
    })
    .collect()
}

fn errors_of_pixels(pixels: ArrayView2<f32>, x: ArrayView2<f32>) -> Vec<ImageError> {
    let rows = pixels.rows().into_iter().zip(x.rows());
    rows.map(|(pixels, x)| {
        let both = || pixels.iter().map(|y| y.clamp(0.0, 1.0)).zip(x);
        ImageError {
            cross_entropy: mean(both().map(|(y, &x)| cross_entropy(f64::from(y), f64::from(x)))),
            squared: mean(both().map(|(y, &x)| f64::from((y - x) * (y - x)))),
        }
    })
    .collect()
}

/// What the answer `y` costs where `x` is right.
pub(super) fn cross_entropy(y: f64, x: f64) -> f64 {
    let y = y.clamp(CLIP, 1.0 - CLIP);
    -x * y.ln() - (1.0 - x) * (1.0 - y).ln()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, n), value| (sum + value, n + 1));
    sum / f64::from(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data::{PIXELS, Split},
        pool::Pool,
    };

    fn measure(answer: impl Fn(usize, ArrayView2<f32>) -> Answers + Sync) -> Reconstruction {
        let pixels = [[0; PIXELS], [255; PIXELS], [51; PIXELS]].concat();
        let images = Split::new(pixels, vec![3, 7, 7]);
        let pool = Pool::of_the_machine();
        Reconstruction::measure(&Stretch::held_out(&images), Effort::full(&pool), answer).unwrap()
    }

    #[test]
    fn known_errors_have_known_decibels() {
        // A tenth off everywhere is 0.01 squared: 20 dB.
        let off = measure(|_, x| Answers::Pixels(x.mapv(|x| (x - 0.1).abs())));
        assert_eq!(off.all.images, 3);
        // Pixels are f32: 1 - 0.1 and its difference to 1 are right to 6e-8, so squares to 2e-6 of theirs.
        assert!((off.all.fidelity.mse - 0.01).abs() < 2e-8, "{off:?}");
        assert!((off.all.fidelity.psnr - 20.0).abs() < 1e-5, "{off:?}");
    }

    #[test]
    fn decibels_are_of_the_mean_error() {
        // Images of errors 0, 1 and 0.64; the digits' own, 0 and 0.82.
        let black = measure(|_, x| Answers::Pixels(Array2::zeros(x.dim())));
        let [three, seven] = [0, 1].map(|place| black.digits[place]);
        assert_eq!(
            (three.digit, three.quality.fidelity.psnr),
            (3, f64::INFINITY)
        );
        assert_eq!((seven.digit, seven.quality.images), (7, 2));
        assert!((seven.quality.fidelity.mse - 0.52).abs() < 1e-7);
        assert!((black.all.fidelity.mse - 1.04 / 3.0).abs() < 1e-7);
        assert_eq!(
            black.all.fidelity.psnr,
            Fidelity::of(black.all.fidelity.mse).psnr
        );
    }

    #[test]
    fn logits_and_their_sigmoids_are_the_same_answer() {
        let logits = |x: ArrayView2<f32>| x.mapv(|x| 4.0 * x - 1.0);
        let by_logits = measure(|_, x| Answers::Logits(logits(x)));
        let by_pixels =
            measure(|_, x| Answers::Pixels(logits(x).mapv(|l| 1.0 / (1.0 + (-l).exp()))));
        assert_eq!(by_logits.all.fidelity, by_pixels.all.fidelity);
        let [a, b] = [&by_logits, &by_pixels].map(|measured| measured.all.cross_entropy);
        // A sum of 784 numbers in f32 beside one in f64.
        assert!((a / b - 1.0).abs() < 1e-5, "{a} {b}");
    }

    #[test]
    fn answers_beyond_the_pixels_are_brought_back_and_cost_what_the_clip_lets_them() {
        let wild = measure(|_, x| Answers::Pixels(x.mapv(|x| if x == 0.0 { 7.0 } else { x })));
        // A white pixel where black is right: ln(1e-7), as the networks' own answers are clipped.
        let black = wild.digits[0].quality;
        assert_eq!(black.fidelity.mse, 1.0);
        assert!(
            (black.cross_entropy - 1e7_f64.ln()).abs() < 1e-6,
            "{black:?}"
        );
    }
}
