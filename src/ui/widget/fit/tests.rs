use proptest::prelude::*;

use super::*;

fn size(height: usize, width: usize) -> ImageSize {
    ImageSize { height, width }
}

fn fit(height: usize, width: usize, side: usize) -> Fit {
    Fit::within(Crop::whole(size(height, width)), side)
}

fn shown(height: usize, width: usize, side: usize) -> [usize; 2] {
    let fit = fit(height, width, side);
    [fit.columns(), fit.rows()]
}

#[test]
fn small_images_grow_by_whole_numbers_and_large_ones_fill_their_square() {
    assert_eq!(shown(8, 8, 28), [24, 24]);
    assert_eq!(shown(8, 8, 10), [8, 8]);
    assert_eq!(shown(20, 28, 28), [28, 20]);
    assert_eq!(
        shown(28, 28, 20),
        [14, 14],
        "halved, as every 28x28 always was"
    );
    assert_eq!(shown(28, 28, 14), [14, 14]);
    assert_eq!(shown(64, 64, 28), [28, 28]);
    assert_eq!(shown(64, 64, 10), [10, 10]);
    assert_eq!(shown(20, 28, 10), [10, 7]);
    assert_eq!(shown(8, 64, 10), [10, 1]);
    assert_eq!(shown(1, 108, 28), [28, 1]);
}

#[test]
fn enlarged_each_pixel_is_a_square_of_its_own_value() {
    let values: Vec<f32> = (0..6).map(|value| value as f32 / 8.0).collect();
    let (image, fit) = (
        Image {
            size: size(2, 3),
            values: &values,
        },
        fit(2, 3, 10),
    );
    assert_eq!([fit.columns(), fit.rows()], [9, 6]);
    for (x, y) in (0..6).flat_map(|y| (0..9).map(move |x| (x, y))) {
        let own = image.at(x / 3, y / 3);
        assert_eq!(fit.value(image, x, y).to_bits(), own.to_bits());
        assert_eq!(fit.pixel_at(x, y), Some([x / 3, y / 3]));
    }
    assert_eq!((fit.value(image, 9, 0), fit.pixel_at(9, 0)), (0.0, None));
}

#[test]
fn an_uneven_number_of_rows_ends_on_paper_coarsely_and_finely() {
    let values = [1.0; 15];
    let image = Image {
        size: size(5, 3),
        values: &values,
    };
    for (side, rows) in [(5, 6), (15, 16)] {
        let fit = fit(5, 3, side).in_cells();
        let pixels = Pixels::fitted(fit, |x, y| fit.value(image, x, y));
        assert_eq!(pixels.rows(), rows);
        let [width, height] = fit.fine_size();
        assert_eq!(
            width * rows,
            height * pixels.columns(),
            "the cells' proportions"
        );
        for x in 0..width {
            assert!(fit.fine_value(image, x, height - 1).abs() < f32::EPSILON);
            assert!((fit.fine_value(image, x, height - 2) - 1.0).abs() < f32::EPSILON);
        }
    }
}

proptest! {
    #[test]
    fn an_image_fits_its_square_and_touches_its_border_or_could_not_grow(
        height in 1_usize..=64, width in 1_usize..=64, side in 7_usize..=112,
    ) {
        let [columns, rows] = shown(height, width, side);
        prop_assert!(columns >= 1 && rows >= 1 && columns <= side && rows <= side);
        let larger = height.max(width);
        prop_assert!(columns.max(rows) == side || columns.max(rows) >= side - side % larger
            || 3 * columns.max(rows) >= 2 * side);
    }

    #[test]
    fn no_ink_is_lost_and_none_is_added(
        height in 1_usize..=64, width in 1_usize..=64, side in 7_usize..=28,
        values in prop::collection::vec(0.0_f32..=1.0, 64 * 64),
    ) {
        let image = Image { size: size(height, width), values: &values[..height * width] };
        let fit = fit(height, width, side);
        let [columns, rows] = [fit.columns(), fit.rows()];
        let mut sum = 0.0;
        for (x, y) in (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y))) {
            sum += f64::from(fit.value(image, x, y));
        }
        let mean = image.values.iter().copied().map(f64::from).sum::<f64>() / (height * width) as f64;
        // Each shown value is a mean of at most 64 x 64 values below 1 in f32.
        prop_assert!((sum / (columns * rows) as f64 - mean).abs() < 1e-5);
    }

    #[test]
    fn the_pixel_below_a_place_is_one_of_those_shown_there(
        height in 1_usize..=64, width in 1_usize..=64, side in 7_usize..=112,
        x in 0_usize..112, y in 0_usize..112,
    ) {
        let fit = fit(height, width, side);
        let pixel = fit.pixel_at(x, y);
        prop_assert_eq!(pixel.is_some(), x < fit.columns() && y < fit.rows());
        if let Some([column, row]) = pixel {
            let mut values = vec![0.0; height * width];
            values[row * width + column] = 1.0;
            let image = Image { size: size(height, width), values: &values };
            prop_assert!(fit.value(image, x, y) > 0.0);
        }
    }

    #[test]
    fn finely_every_pixel_is_there_in_the_proportions_of_the_cells(
        height in 1_usize..=64, width in 1_usize..=64, side in 4_usize..=14,
    ) {
        let fit = fit(height, width, 2 * side).in_cells();
        let [across, down] = fit.fine_size();
        let values = vec![1.0; height * width];
        let image = Image { size: size(height, width), values: &values };
        let inked = (0..down).flat_map(|y| (0..across).map(move |x| (x, y)));
        let inked = inked.filter(|&(x, y)| fit.fine_value(image, x, y) > 0.0).count();
        let times = (across / width).max(1);
        prop_assert_eq!(inked, times * times * height * width);
    }
}
