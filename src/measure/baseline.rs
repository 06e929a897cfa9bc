//! Two answers that need no network: one grey for every pixel, and the mean
//! training image. A network that is not below them has learnt nothing.
//!
//! The cross-entropy of a constant answer `p` is linear in the target `x`,
//! `-x ln p - (1 - x) ln(1 - p)`, so the mean over images is the
//! cross-entropy against their mean image.

use super::reconstruction::cross_entropy;
use crate::data::Split;

/// Answers are kept this far from 0 and 1, as the networks' are.
pub(super) const CLIP: f64 = 1e-7;

/// The byte of a white pixel.
pub(super) const WHITE: f64 = 255.0;

/// Held-out cross-entropy per pixel of the grey that suits the training images best.
pub fn one_grey_loss(train: &Split, test: &Split) -> f64 {
    let targets = mean_image(test);
    loss_of(&vec![one_grey(train); targets.len()], &targets)
}

/// Held-out cross-entropy per pixel of the mean training image.
pub fn mean_image_loss(train: &Split, test: &Split) -> f64 {
    loss_of(&mean_image(train), &mean_image(test))
}

/// The same of the held-out images of each of so many classes; NaN for one without any.
pub fn mean_image_losses(train: &Split, test: &Split, classes: usize) -> Vec<f64> {
    let answers = mean_image(train);
    of_each_class(test, classes, |pixels| {
        let images = pixels.len() as f64 / answers.len() as f64;
        let sums = sums(pixels, answers.len()).into_iter();
        let targets: Vec<f64> = sums.map(|sum| sum / (images * WHITE)).collect();
        loss_of(&answers, &targets)
    })
}

/// Cross-entropy per pixel of a perfect copy of each class's images; NaN for one
/// without any.
pub fn copy_losses(images: &Split, classes: usize) -> Vec<f64> {
    of_each_class(images, classes, copy_loss_of)
}

/// What the pixels of each class's images come to.
fn of_each_class(images: &Split, classes: usize, loss: impl Fn(&[u8]) -> f64) -> Vec<f64> {
    let size = images.size().pixels();
    let of_class = |class: usize| {
        let all = images.pixels().chunks_exact(size).zip(images.labels());
        let of_class = all.filter(|(_, label)| usize::from(**label) == class);
        let pixels: Vec<u8> = of_class.flat_map(|(image, _)| image).copied().collect();
        if pixels.is_empty() {
            f64::NAN
        } else {
            loss(&pixels)
        }
    };
    (0..classes).map(of_class).collect()
}

/// Cross-entropy per pixel of a perfect copy: what greys cost that are right.
pub fn copy_loss(images: &Split) -> f64 {
    copy_loss_of(images.pixels())
}

fn copy_loss_of(pixels: &[u8]) -> f64 {
    let mut counts = [0u64; 256];
    for &pixel in pixels {
        counts[usize::from(pixel)] += 1;
    }
    let costs = (0..=u8::MAX).zip(counts).map(|(pixel, count)| {
        let grey = f64::from(pixel) / WHITE;
        count as f64 * cross_entropy(grey, grey)
    });
    costs.sum::<f64>() / pixels.len() as f64
}

/// The mean pixel, 0 to 1.
pub fn one_grey(images: &Split) -> f64 {
    mean(&mean_image(images))
}

/// The share of pixels that are black.
pub fn empty_share(images: &Split) -> f64 {
    let pixels = images.pixels();
    let black_of = |some: &[u8]| some.iter().map(|&pixel| u16::from(pixel == 0)).sum::<u16>();
    let black: u64 = pixels
        .chunks(1 << 15)
        .map(|some| u64::from(black_of(some)))
        .sum();
    black as f64 / pixels.len().max(1) as f64
}

/// Cross-entropy per pixel of one image as the answer where another is right.
pub fn image_in_place(answer: &[u8], right: &[u8]) -> f64 {
    let grey = |pixel: u8| f64::from(pixel) / WHITE;
    let pairs = answer.iter().zip(right);
    let costs: Vec<f64> = pairs
        .map(|(&answer, &right)| cross_entropy(grey(answer), grey(right)))
        .collect();
    mean(&costs)
}

/// Each pixel's mean, 0 to 1.
pub(super) fn mean_image(images: &Split) -> Vec<f64> {
    let whole = images.len() as f64 * WHITE;
    pixel_sums(images)
        .into_iter()
        .map(|sum| sum / whole)
        .collect()
}

/// Each pixel's sum, in bytes: whole numbers, exact.
pub(super) fn pixel_sums(images: &Split) -> Vec<f64> {
    sums(images.pixels(), images.size().pixels())
}

/// Images of whose pixels no sum exceeds sixteen bits, of which a processor adds many at once.
const FEW: usize = 257;

fn sums(pixels: &[u8], size: usize) -> Vec<f64> {
    let mut sums = vec![0u64; size];
    let mut of_few = vec![0u16; size];
    for images in pixels.chunks(FEW * size) {
        of_few.fill(0);
        for image in images.chunks_exact(size) {
            for (sum, &pixel) in of_few.iter_mut().zip(image) {
                *sum += u16::from(pixel);
            }
        }
        for (sum, &of_few) in sums.iter_mut().zip(&of_few) {
            *sum += u64::from(of_few);
        }
    }
    sums.into_iter().map(|sum| sum as f64).collect()
}

fn loss_of(answers: &[f64], targets: &[f64]) -> f64 {
    let pairs = answers.iter().zip(targets);
    let losses: Vec<f64> = pairs
        .map(|(&answer, &target)| cross_entropy(answer, target))
        .collect();
    mean(&losses)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;

    fn split(images: &[u8]) -> Split {
        let pixels = images.iter().flat_map(|&grey| [grey; PIXELS]).collect();
        Split::new(pixels, vec![0; images.len()])
    }

    #[test]
    fn half_grey_answers_cost_ln_2_whatever_the_target() {
        let half_and_half = split(&[0, 255]);
        let loss = one_grey_loss(&half_and_half, &split(&[0, 255, 255, 255]));
        // Exact in the reals; f64 rounds in the last places.
        assert!((loss - std::f64::consts::LN_2).abs() < 1e-12, "{loss}");
    }

    #[test]
    fn a_copy_of_black_and_white_is_free_and_of_grey_is_not() {
        // Answers are kept 1e-7 from 0 and 1, which costs as much.
        assert!(copy_loss(&split(&[0, 255])) < 2e-7);
        let copied = copy_loss(&split(&[0, 51]));
        let grey = -0.2 * 0.2_f64.ln() - 0.8 * 0.8_f64.ln();
        assert!((copied - grey / 2.0).abs() < 1e-6, "{copied}");
    }

    #[test]
    fn white_images_of_any_number_come_to_as_many_times_white() {
        for count in [1, FEW, FEW + 1, 3 * FEW - 1] {
            let expected = vec![count as f64 * WHITE; PIXELS];
            assert_eq!(pixel_sums(&split(&vec![255; count])), expected);
        }
        assert_eq!(empty_share(&split(&[0; 100])), 1.0);
    }

    #[test]
    fn black_pixels_are_counted_and_an_image_for_itself_is_a_copy() {
        assert!((empty_share(&split(&[0, 9, 0, 255])) - 0.5).abs() < 1e-12);
        let images = split(&[51, 255]);
        let [grey, white] = [0, 1].map(|index| images.image(index));
        let copied = copy_loss(&split(&[51]));
        assert!((image_in_place(grey, grey) - copied).abs() < 1e-12);
        assert!(image_in_place(white, grey) > 10.0 * copied);
    }

    #[test]
    fn the_digits_come_to_what_all_images_come_to() {
        let pixels = (0..6 * PIXELS)
            .map(|place| (place * 37 % 256) as u8)
            .collect();
        let test = Split::new(pixels, vec![0, 3, 3, 9, 0, 3]);
        let train = split(&[10, 100, 250]);
        let images = [2.0, 0.0, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        let whole = |losses: Vec<f64>| {
            let counted = losses
                .into_iter()
                .zip(images)
                .filter(|(_, images)| *images > 0.0);
            counted.map(|(loss, images)| loss * images).sum::<f64>() / 6.0
        };
        let means = mean_image_losses(&train, &test, 10);
        assert!(means[1].is_nan() && copy_losses(&test, 10)[5].is_nan());
        // The same sums in another order; f64 rounds in the last places.
        assert!((whole(means) - mean_image_loss(&train, &test)).abs() < 1e-12);
        assert!((whole(copy_losses(&test, 10)) - copy_loss(&test)).abs() < 1e-12);
    }

    #[test]
    fn the_mean_image_is_a_better_answer_than_one_grey() {
        let mut pixels = vec![0; PIXELS];
        pixels[..100].fill(255);
        let images = Split::new(pixels, vec![0]);
        assert!(mean_image_loss(&images, &images) < one_grey_loss(&images, &images));
    }
}
