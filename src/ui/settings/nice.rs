//! The values that a line of the settings goes by.

use crate::{data::corrupt::Noise, image::ImageSize};

/// Pixels on a side of a block, where the image has as many.
const USUAL_BLOCK: usize = 10;

/// Widths of a code.
pub const WIDTHS: [usize; 6] = [1, 2, 3, 8, 16, 32];
/// Images a step.
pub const BATCHES: [usize; 4] = [8, 32, 128, 512];
/// Learning rates, each about half as much again as the one before.
pub const RATES: [f64; 31] = [
    1e-5, 1.5e-5, 2e-5, 3e-5, 4e-5, 6e-5, 1e-4, 1.5e-4, 2e-4, 3e-4, 4e-4, 6e-4, 1e-3, 1.5e-3, 2e-3,
    3e-3, 4e-3, 6e-3, 1e-2, 1.5e-2, 2e-2, 3e-2, 4e-2, 6e-2, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1.0,
];

/// Prices of a code: none, and from far below what is felt to where little is left of a code.
pub fn prices() -> [f64; 20] {
    let mut prices = [0.0; 20];
    // One millionth and on, up to one hundredth.
    prices[1..].copy_from_slice(&[
        1e-6, 2e-6, 4e-6, 6e-6, 1e-5, 2e-5, 3e-5, 4e-5, 6e-5, 1e-4, 2e-4, 3e-4, 4e-4, 6e-4, 1e-3,
        2e-3, 4e-3, 6e-3, 1e-2,
    ]);
    prices
}

/// The value of the list after this one, or before it; at its end it stays.
pub(super) fn next<T: PartialOrd + Copy>(values: &[T], from: T, up: bool) -> T {
    let found = if up {
        values.iter().find(|&&value| value > from)
    } else {
        values.iter().rfind(|&&value| value < from)
    };
    found.copied().unwrap_or(from)
}

/// The noise after this one, or before it, as strong as the run has it, or else as is usual.
pub(super) fn next_noise(from: Noise, now: Noise, image: ImageSize, up: bool) -> Noise {
    let usual = [
        Noise::None,
        Noise::Gaussian(0.5),
        Noise::SaltPepper(0.2),
        Noise::Mask(image.height.min(image.width).min(USUAL_BLOCK)),
    ];
    let at = super::noise_place(from);
    let next = if up {
        (at + 1).min(usual.len() - 1)
    } else {
        at.saturating_sub(1)
    };
    if next == at {
        from
    } else if next == super::noise_place(now) {
        now
    } else {
        usual[next]
    }
}
