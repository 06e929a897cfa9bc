#![expect(
    clippy::float_cmp,
    reason = "means of the same values, and sums of whole numbers and quarters, are exact"
)]

use proptest::prelude::*;

use super::*;
use crate::ui::widget::sample_110;

/// A picture with these pixels inked.
fn inked(pixels: &[(usize, usize)]) -> Vec<f32> {
    let mut picture = vec![0.0; SIDE * SIDE];
    for &(x, y) in pixels {
        picture[y * SIDE + x] = 1.0;
    }
    picture
}

fn image(values: &[f32]) -> Image<'_> {
    Image {
        size: ImageSize::MNIST,
        values,
    }
}

fn sum(pixels: &Pixels) -> f32 {
    pixels.values().iter().sum()
}

#[test]
fn the_window_of_a_digit_stands_in_the_middle_of_its_ink() {
    // Columns 6 to 21, rows 4 to 23.
    let window = Window::around(image(&sample_110::pixels()));
    assert_eq!(window, Window::Ink { left: 4, top: 4 });
}

#[test]
fn a_window_at_the_border_moves_inside() {
    let corner = |x, y| Window::around(image(&inked(&[(x, y)])));
    assert_eq!(corner(0, 0), Window::Ink { left: 0, top: 0 });
    assert_eq!(corner(27, 27), Window::Ink { left: 8, top: 8 });
    assert_eq!(
        Window::around(image(&inked(&[]))),
        Window::Ink { left: 4, top: 4 },
        "an empty picture shows its middle"
    );
}

#[test]
fn ink_of_twenty_fits_and_of_twenty_one_fills_the_frame() {
    let across = |last| Window::around(image(&inked(&[(3, 5), (last, 5)])));
    assert_eq!(across(22), Window::Ink { left: 3, top: 0 });
    assert_eq!(across(23), Window::Frame);
    let picture = inked(&[(3, 5), (23, 5)]);
    assert_eq!(
        Cut::Ink.of(image(&picture), Window::Frame),
        Cut::Half.of(image(&picture), Window::Frame)
    );
    assert_eq!(Cut::Thumb.of(image(&picture), Window::Frame).columns(), 10);
}

#[test]
fn a_thumb_is_the_2x2_mean_of_the_ink() {
    let picture = sample_110::pixels();
    let window = Window::around(image(&picture));
    let (ink, thumb) = (
        Cut::Ink.of(image(&picture), window),
        Cut::Thumb.of(image(&picture), window),
    );
    for y in 0..10 {
        for x in 0..10 {
            let (x2, y2) = (2 * x, 2 * y);
            let four =
                ink.at(x2, y2) + ink.at(x2 + 1, y2) + ink.at(x2, y2 + 1) + ink.at(x2 + 1, y2 + 1);
            assert_eq!(thumb.at(x, y), four / 4.0);
        }
    }
}

#[test]
fn a_full_cut_is_the_picture_itself() {
    let picture = sample_110::pixels();
    let full = Cut::Full.of(image(&picture), Window::Frame);
    assert_eq!(full.values(), picture);
}

#[test]
fn a_short_picture_is_continued_with_paper() {
    for cut in Cut::ALL {
        assert_eq!(sum(&cut.of(image(&[]), Window::around(image(&[])))), 0.0);
    }
}

proptest! {
    #[test]
    fn no_inked_pixel_is_lost(
        left in 0_usize..=8, top in 0_usize..=8,
        ink in prop::collection::vec((0_usize..20, 0_usize..20), 1..60),
    ) {
        let ink: Vec<_> = ink.iter().map(|(x, y)| (left + x, top + y)).collect();
        let picture = inked(&ink);
        let window = Window::around(image(&picture));
        // Whole numbers and quarters of them, far below 2^24: their sums are exact.
        let total: f32 = picture.iter().sum();
        prop_assert_eq!(sum(&Cut::Ink.of(image(&picture), window)), total);
        prop_assert_eq!(sum(&Cut::Thumb.of(image(&picture), window)) * 4.0, total);
    }

    #[test]
    fn a_difference_is_the_cut_of_the_differences(
        made in prop::collection::vec(0.0_f32..=1.0, SIDE * SIDE),
    ) {
        let original = sample_110::pixels();
        let window = Window::around(image(&original));
        let difference: Vec<f32> = made.iter().zip(&original).map(|(m, o)| m - o).collect();
        for cut in Cut::ALL {
            let (one, other) =
                (cut.of_difference(image(&original), image(&made), window), cut.of(image(&difference), window));
            for (one, other) in one.values().iter().zip(other.values()) {
                // Two orders of adding eight values below 1: some roundings of 2^-24 apart.
                prop_assert!((one - other).abs() < 1e-6);
            }
        }
    }
}

#[test]
fn images_of_other_sizes_are_shown_whole_in_every_cut() {
    for (height, width) in [(8, 8), (20, 28), (28, 20), (64, 64), (8, 64)] {
        let size = ImageSize { height, width };
        let values = vec![1.0; size.pixels()];
        let image = Image {
            size,
            values: &values,
        };
        let window = Window::around(image);
        for cut in Cut::ALL {
            let (fit, pixels) = (cut.fit(size, window), cut.of(image, window));
            let inked = pixels.values().iter().filter(|ink| **ink == 1.0).count();
            assert_eq!(inked, fit.columns() * fit.rows(), "{size} {cut:?}");
            // Twice as large would not fit.
            assert!(2 * fit.columns().max(fit.rows()) > usize::from(cut.columns()));
        }
    }
}
