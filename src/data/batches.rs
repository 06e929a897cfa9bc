//! The order in which images are learnt, and batches of them as numbers.

use std::ops::Range;

use ndarray::{Array2, ArrayViewMut2};
use ndarray_rand::rand::seq::SliceRandom;

use super::Split;
use crate::random::{Stream, generator};

/// The indices `0..len` as an epoch takes them, shuffled.
///
/// The same `seed` and `epoch` (from 0) always give the same order. A batch is
/// the next few of them; the last may be short.
///
/// # Panics
///
/// If `len` is above `u32::MAX`.
pub fn order(len: usize, seed: u64, epoch: u64) -> Vec<u32> {
    let len = u32::try_from(len).expect("images are counted in 32 bits");
    let mut order: Vec<u32> = (0..len).collect();
    order.shuffle(&mut generator(seed, Stream::Shuffle, epoch));
    order
}

/// Fills row i of `out` with image `indices[i]`, scaled from 0..=255 to 0..=1.
///
/// # Panics
///
/// Unless `out` has a row for each index and a column for each pixel, and every image is there.
pub fn gather(split: &Split, indices: &[u32], mut out: ArrayViewMut2<f32>) {
    let pixels = split.size().pixels();
    assert_eq!(out.dim(), (indices.len(), pixels), "a row for each image");
    for (mut row, &index) in out.rows_mut().into_iter().zip(indices) {
        let image = split.image(index as usize);
        if let Some(row) = row.as_slice_mut() {
            scale(image, row.iter_mut());
        } else {
            scale(image, row.iter_mut());
        }
    }
}

/// The images of a range, one a row `[N, I]`, from 0 to 1.
///
/// # Panics
///
/// When an image is not there.
pub fn pixels(split: &Split, range: Range<usize>) -> Array2<f32> {
    let indices: Vec<u32> = range.map(|index| index as u32).collect();
    let mut x = Array2::zeros((indices.len(), split.size().pixels()));
    gather(split, &indices, x.view_mut());
    x
}

/// Divides, because a product with 1/255 differs from the quotient in the last bit.
fn scale<'a>(image: &[u8], row: impl Iterator<Item = &'a mut f32>) {
    for (value, &pixel) in row.zip(image) {
        *value = f32::from(pixel) / 255.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;
    use ndarray::ShapeBuilder;

    #[test]
    fn an_order_takes_every_image_once() {
        for len in [0, 1, 2, 1000] {
            let mut order = order(len, 42, 3);
            order.sort_unstable();
            assert!(order.into_iter().eq(0..len as u32));
        }
    }

    #[test]
    fn an_order_is_named_by_seed_and_epoch() {
        let first = order(1000, 42, 0);
        assert_eq!(first, order(1000, 42, 0));
        assert_ne!(first, order(1000, 42, 1));
        assert_ne!(first, order(1000, 43, 0));
    }

    /// A run can be repeated by a later version only while this holds.
    #[test]
    fn an_order_is_the_same_in_every_version() {
        assert_eq!(order(10, 42, 0), [0, 2, 4, 7, 1, 5, 3, 8, 6, 9]);
    }

    fn three_images() -> Split {
        let pixels = (0..3 * PIXELS).map(|i| (i % 256) as u8).collect();
        Split::new(pixels, vec![0, 1, 2])
    }

    fn check_rows(split: &Split, indices: &[u32], rows: &Array2<f32>) {
        for (row, &index) in rows.rows().into_iter().zip(indices) {
            for (&value, &pixel) in row.iter().zip(split.image(index as usize)) {
                // Exact: both are the correctly rounded quotient, and 0/255 and 255/255 are whole.
                assert_eq!(value.to_bits(), (f32::from(pixel) / 255.0).to_bits());
                assert!((0.0..=1.0).contains(&value));
            }
        }
    }

    #[test]
    fn gathered_images_are_the_ones_asked_for_scaled_to_one() {
        let split = three_images();
        let indices = [2, 0, 2, 1];
        let mut rows = Array2::from_elem((4, PIXELS), f32::NAN);
        gather(&split, &indices, rows.view_mut());
        check_rows(&split, &indices, &rows);
        assert!(
            rows.iter()
                .any(|&value| value.to_bits() == 1.0_f32.to_bits())
        );
    }

    #[test]
    fn the_images_of_a_range_are_gathered_in_order() {
        let split = three_images();
        let rows = pixels(&split, 1..3);
        assert_eq!(rows.dim(), (2, PIXELS));
        check_rows(&split, &[1, 2], &rows);
    }

    #[test]
    fn images_are_gathered_into_any_memory_layout() {
        let split = three_images();
        let mut columns = Array2::from_elem((2, PIXELS).f(), f32::NAN);
        gather(&split, &[1, 2], columns.view_mut());
        check_rows(&split, &[1, 2], &columns);
    }

    #[test]
    #[should_panic(expected = "a row for each image")]
    fn a_batch_of_the_wrong_shape_is_a_mistake_of_the_caller() {
        let mut rows = Array2::zeros((1, PIXELS));
        gather(&three_images(), &[0, 1], rows.view_mut());
    }
}
