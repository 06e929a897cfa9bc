//! The classical way to take noise off a picture: every pixel becomes the median
//! of the nine around and with it. At the edge a picture goes on with its own edge
//! pixels (which, for three by three, mirroring it there comes to as well).

use crate::image::ImageSize;

/// A picture of this size after the filter.
///
/// # Panics
///
/// When it has another number of pixels, or one that is no number.
pub fn median_filtered(size: ImageSize, pixels: &[f32]) -> Vec<f32> {
    let ImageSize { height, width } = size;
    assert_eq!(pixels.len(), size.pixels(), "a picture of {size}");
    let around =
        |place: usize, all: usize| [place.saturating_sub(1), place, (place + 1).min(all - 1)];
    let places = (0..pixels.len()).map(|place| (place / width, place % width));
    places
        .map(|(row, column)| {
            let columns = around(column, width);
            let rows =
                around(row, height).map(|row| columns.map(|column| pixels[row * width + column]));
            middle_of(rows)
        })
        .collect()
}

/// The median of nine: of the highest low, the middle middle and the lowest high of
/// three sorted rows (Paeth, *Median finding on a 3x3 grid*, 1990).
fn middle_of(rows: [[f32; 3]; 3]) -> f32 {
    let [a, b, c] = rows.map(sorted);
    let highest_low = a[0].max(b[0]).max(c[0]);
    let lowest_high = a[2].min(b[2]).min(c[2]);
    let middle = sorted([a[1], b[1], c[1]])[1];
    sorted([highest_low, middle, lowest_high])[1]
}

fn sorted([a, b, c]: [f32; 3]) -> [f32; 3] {
    let (low, high) = (a.min(b), a.max(b));
    [low.min(c), low.max(high.min(c)), high.max(c)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition: nine pixels, those outside moved to the nearest inside, sorted.
    fn plain(size: ImageSize, pixels: &[f32]) -> Vec<f32> {
        let [bottom, right] = [size.height, size.width].map(|side| side as isize - 1);
        let pixel = |row: isize, column: isize| {
            let (row, column) = (row.clamp(0, bottom), column.clamp(0, right));
            pixels[row as usize * size.width + column as usize]
        };
        let mut filtered = Vec::new();
        for row in 0..=bottom {
            for column in 0..=right {
                let mut nine = Vec::new();
                for down in -1..=1 {
                    for right in -1..=1 {
                        nine.push(pixel(row + down, column + right));
                    }
                }
                nine.sort_by(f32::total_cmp);
                filtered.push(nine[4]);
            }
        }
        filtered
    }

    fn pictures() -> impl Strategy<Value = (ImageSize, Vec<f32>)> {
        (1..12_usize, 1..12_usize).prop_flat_map(|(height, width)| {
            let size = ImageSize { height, width };
            let pixels = prop::collection::vec(0.0_f32..1.0, size.pixels());
            (Just(size), pixels)
        })
    }

    proptest! {
        #[test]
        fn the_filter_is_the_median_of_nine((size, pixels) in pictures()) {
            prop_assert_eq!(median_filtered(size, &pixels), plain(size, &pixels));
        }
    }

    #[test]
    fn a_single_grain_goes_and_an_edge_stays() {
        let size = ImageSize::MNIST;
        let mut pixels = vec![0.0; size.pixels()];
        pixels[14 * size.width..].fill(1.0);
        let edge = pixels.clone();
        pixels[3 * size.width + 5] = 1.0;
        pixels[20 * size.width + 9] = 0.0;
        assert_eq!(median_filtered(size, &pixels), edge);
    }
}
