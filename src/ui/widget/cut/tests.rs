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

fn sum(pixels: &Pixels) -> f32 {
    pixels.values.iter().sum()
}

#[test]
fn the_window_of_a_digit_stands_in_the_middle_of_its_ink() {
    // Columns 6 to 21, rows 4 to 23.
    let window = Window::around(&sample_110::pixels());
    assert_eq!(window, Window::Ink { left: 4, top: 4 });
}

#[test]
fn a_window_at_the_border_moves_inside() {
    let corner = |x, y| Window::around(&inked(&[(x, y)]));
    assert_eq!(corner(0, 0), Window::Ink { left: 0, top: 0 });
    assert_eq!(corner(27, 27), Window::Ink { left: 8, top: 8 });
    assert_eq!(
        Window::around(&inked(&[])),
        Window::Ink { left: 4, top: 4 },
        "an empty picture shows its middle"
    );
}

#[test]
fn ink_of_twenty_fits_and_of_twenty_one_fills_the_frame() {
    let across = |last| Window::around(&inked(&[(3, 5), (last, 5)]));
    assert_eq!(across(22), Window::Ink { left: 3, top: 0 });
    assert_eq!(across(23), Window::Frame);
    let picture = inked(&[(3, 5), (23, 5)]);
    assert_eq!(
        Cut::Ink.of(&picture, Window::Frame),
        Cut::Half.of(&picture, Window::Frame)
    );
    assert_eq!(Cut::Thumb.of(&picture, Window::Frame).side(), 10);
}

#[test]
fn a_thumb_is_the_2x2_mean_of_the_ink() {
    let picture = sample_110::pixels();
    let window = Window::around(&picture);
    let (ink, thumb) = (
        Cut::Ink.of(&picture, window),
        Cut::Thumb.of(&picture, window),
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
    let full = Cut::Full.of(&picture, Window::Frame);
    assert_eq!(full.values.as_slice(), picture);
}

#[test]
fn a_short_picture_is_continued_with_paper() {
    for cut in Cut::ALL {
        assert_eq!(sum(&cut.of(&[], Window::around(&[]))), 0.0);
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
        let window = Window::around(&picture);
        // Whole numbers and quarters of them, far below 2^24: their sums are exact.
        let total: f32 = picture.iter().sum();
        prop_assert_eq!(sum(&Cut::Ink.of(&picture, window)), total);
        prop_assert_eq!(sum(&Cut::Thumb.of(&picture, window)) * 4.0, total);
    }

    #[test]
    fn a_difference_is_the_cut_of_the_differences(
        made in prop::collection::vec(0.0_f32..=1.0, SIDE * SIDE),
    ) {
        let original = sample_110::pixels();
        let window = Window::around(&original);
        let difference: Vec<f32> = made.iter().zip(&original).map(|(m, o)| m - o).collect();
        for cut in Cut::ALL {
            let (one, other) =
                (cut.of_difference(&original, &made, window), cut.of(&difference, window));
            for (one, other) in one.values.iter().zip(&other.values) {
                // Two orders of adding eight values below 1: some roundings of 2^-24 apart.
                prop_assert!((one - other).abs() < 1e-6);
            }
        }
    }
}
