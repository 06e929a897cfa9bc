//! What a viewer does to a picture before the network is shown it: turned, shifted, blurred,
//! covered, made noisy, in this order.
//!
//! Unlike [noise](super::corrupt) it is no part of a run: nothing is trained on it. Pixels are
//! numbers from 0 to 1, and what comes from beyond the picture is black. Knows images, no
//! networks.

use super::corrupt::Noise;
use crate::image::ImageSize;

/// All that is done to a picture; the default does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Spoil {
    /// Degrees that it is turned, clockwise.
    pub turn: f32,
    /// Pixels that it is moved to the right.
    pub right: i32,
    /// Pixels that it is moved down.
    pub down: i32,
    /// The standard deviation of the Gaussian that it is blurred with, in pixels.
    pub blur: f32,
    /// Pixels on a side of the black square that covers a part of it.
    pub mask: usize,
    /// The standard deviation of the noise on top.
    pub noise: f32,
}

impl Spoil {
    /// Whether nothing is done.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// A picture after all of it. Square and noise are always the same ones, so that a
    /// slider that is moved and moved back shows what it showed.
    ///
    /// # Panics
    ///
    /// When there are fewer pixels than the size says.
    pub fn of(&self, picture: &[f32], size: ImageSize) -> Vec<f32> {
        let mut pixels = picture[..size.pixels()].to_vec();
        if self.turn != 0.0 {
            pixels = turned(&pixels, size, self.turn);
        }
        if (self.right, self.down) != (0, 0) {
            pixels = shifted(&pixels, size, self.right, self.down);
        }
        if self.blur > 0.0 {
            pixels = blurred(&pixels, size, self.blur);
        }
        let side = self.mask.min(size.height).min(size.width);
        if side > 0 {
            Noise::Mask(side).corrupt_held_out(0, size, &mut pixels);
        }
        if self.noise > 0.0 {
            let noise = Noise::Gaussian(f64::from(self.noise));
            noise.corrupt_held_out(0, size, &mut pixels);
        }
        pixels
    }
}

/// The pixel there, or black beyond the edge.
fn at(pixels: &[f32], size: ImageSize, x: i64, y: i64) -> f32 {
    let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
        return 0.0;
    };
    if x < size.width && y < size.height {
        pixels[y * size.width + x]
    } else {
        0.0
    }
}

fn gathered(size: ImageSize, pixel: impl Fn(usize, usize) -> f32) -> Vec<f32> {
    let places = (0..size.height).flat_map(|y| (0..size.width).map(move |x| (x, y)));
    places.map(|(x, y)| pixel(x, y)).collect()
}

/// Turned about its middle: each pixel is fetched from where it was, between four.
fn turned(pixels: &[f32], size: ImageSize, degrees: f32) -> Vec<f32> {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let middle = [size.width, size.height].map(|side| (side as f32 - 1.0) / 2.0);
    gathered(size, |x, y| {
        let (x, y) = (x as f32 - middle[0], y as f32 - middle[1]);
        let (x, y) = (cos * x + sin * y + middle[0], cos * y - sin * x + middle[1]);
        let (left, top) = (x.floor(), y.floor());
        let (part_x, part_y) = (x - left, y - top);
        let pixel = |right, down| at(pixels, size, left as i64 + right, top as i64 + down);
        let mix = |one: f32, other: f32, part: f32| one + part * (other - one);
        mix(
            mix(pixel(0, 0), pixel(1, 0), part_x),
            mix(pixel(0, 1), pixel(1, 1), part_x),
            part_y,
        )
    })
}

/// Moved by whole pixels.
pub fn shifted(pixels: &[f32], size: ImageSize, right: i32, down: i32) -> Vec<f32> {
    let (right, down) = (i64::from(right), i64::from(down));
    gathered(size, |x, y| {
        at(pixels, size, x as i64 - right, y as i64 - down)
    })
}

/// Blurred by a Gaussian, first along the rows, then along the columns.
fn blurred(pixels: &[f32], size: ImageSize, deviation: f32) -> Vec<f32> {
    // Beyond three deviations are 3 of 1,000.
    let reach = (3.0 * deviation).ceil() as i64;
    let weight = |apart: i64| (-0.5 * (apart as f32 / deviation).powi(2)).exp();
    let weights: Vec<f32> = (-reach..=reach).map(weight).collect();
    let sum: f32 = weights.iter().sum();
    let along = |pixels: &[f32], step: [i64; 2]| {
        gathered(size, |x, y| {
            let of = |(apart, weight): (i64, &f32)| {
                let place = [x as i64 + apart * step[0], y as i64 + apart * step[1]];
                weight * at(pixels, size, place[0], place[1])
            };
            (-reach..=reach).zip(&weights).map(of).sum::<f32>() / sum
        })
    };
    along(&along(pixels, [1, 0]), [0, 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: ImageSize = ImageSize {
        height: 7,
        width: 9,
    };

    /// A stroke that is not its own mirror.
    fn picture() -> Vec<f32> {
        gathered(SIZE, |x, y| if x + y == 6 && x > 2 { 1.0 } else { 0.0 })
    }

    fn ink(pixels: &[f32]) -> f32 {
        pixels.iter().sum()
    }

    #[test]
    fn nothing_is_done_by_default() {
        assert!(Spoil::default().is_nothing());
        assert_eq!(Spoil::default().of(&picture(), SIZE), picture());
    }

    #[test]
    fn a_shift_moves_whole_pixels_and_leaves_black_behind() {
        let moved = shifted(&picture(), SIZE, 2, -1);
        assert_eq!(moved[2 * 9 + 5], picture()[3 * 9 + 3]);
        assert!(moved.chunks(9).all(|row| row[..2] == [0.0; 2]));
        let away = shifted(&picture(), SIZE, 9, 0);
        assert_eq!(ink(&away), 0.0);
    }

    #[test]
    fn a_quarter_turn_goes_clockwise() {
        let size = ImageSize {
            height: 3,
            width: 3,
        };
        // Up becomes right. Sine and cosine of a right angle are not quite whole.
        let mut up = [0.0; 9];
        up[1] = 1.0;
        let right = turned(&up, size, 90.0);
        assert!((right[5] - 1.0).abs() < 1e-5, "{right:?}");
        let back = turned(&right, size, -90.0);
        let apart = back.iter().zip(up).map(|(one, other)| (one - other).abs());
        assert!(apart.fold(0.0, f32::max) < 1e-5);
    }

    #[test]
    fn a_blur_spreads_ink_and_makes_none() {
        let size = ImageSize {
            height: 21,
            width: 21,
        };
        let mut dot = vec![0.0; 441];
        dot[10 * 21 + 10] = 1.0;
        let soft = blurred(&dot, size, 1.5);
        // Sums of hundreds of products of float32.
        assert!((ink(&soft) - 1.0).abs() < 1e-4);
        assert!(soft[10 * 21 + 10] > soft[10 * 21 + 11]);
        assert_eq!(soft[10 * 21 + 9], soft[9 * 21 + 10]);
    }

    #[test]
    fn a_slider_that_is_moved_back_shows_what_it_showed() {
        let spoilt = Spoil {
            noise: 0.3,
            mask: 3,
            turn: 12.0,
            blur: 0.5,
            right: 1,
            down: 1,
        };
        let one = spoilt.of(&picture(), SIZE);
        assert_eq!(one, spoilt.of(&picture(), SIZE));
        assert_ne!(
            one,
            Spoil {
                noise: 0.0,
                ..spoilt
            }
            .of(&picture(), SIZE)
        );
        assert!(one.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
        // A square larger than the picture covers all of it.
        let covered = Spoil {
            mask: 99,
            ..Spoil::default()
        };
        let covered = covered.of(
            &picture(),
            ImageSize {
                height: 7,
                width: 7,
            },
        );
        assert_eq!(ink(&covered), 0.0);
    }
}
