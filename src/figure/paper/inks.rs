//! The colours on paper. Black and white are real, green was made by the network, as everywhere.
//!
//! `tests/figures.rs` holds those that the screen has too against it.

use crate::raster::Rgb;

/// Words.
pub(super) const TEXT: Rgb = [0x1a, 0x1a, 0x1a];
/// Words of the second rank.
pub(super) const DIM: Rgb = [0x5c, 0x5c, 0x5c];
/// Axes.
pub(super) const AXIS: Rgb = [0x40, 0x40, 0x40];
/// Lines to read numbers by.
pub(super) const GRID: Rgb = [0xe6, 0xe6, 0xe6];
/// What is known of training.
pub const TRAINING: Rgb = [0x8c, 0x8c, 0x8c];
/// What is known of held-out images: the network's colour on paper.
pub const HELD_OUT: Rgb = [0x0b, 0x6b, 0x3f];
/// Who needs no network.
pub const RIVAL: Rgb = [0x5c, 0x5c, 0x5c];
/// A part of what is known of held-out images.
pub const ALONE: Rgb = [0xc0, 0x5a, 0x00];

/// The network's colour among the dark.
const NET: Rgb = [0x8d, 0xf0, 0xb4];
/// The value at which a pixel has it in full.
const NET_AT: f32 = 0.75;
const BLACK: Rgb = [0; 3];
const WHITE: Rgb = [255; 3];
/// A weight below zero, and one above.
const BELOW: Rgb = [0x1f, 0x6f, 0xd0];
const ABOVE: Rgb = [0xc0, 0x5a, 0x00];

/// The colour of a pixel that is real, 0 to 1: its own grey.
pub(super) fn real(value: f32) -> Rgb {
    mix(BLACK, WHITE, value)
}

/// The colour of a pixel that a network made, 0 to 1.
pub(super) fn made(value: f32) -> Rgb {
    if value <= NET_AT {
        mix(BLACK, NET, value / NET_AT)
    } else {
        mix(NET, WHITE, (value - NET_AT) / (1.0 - NET_AT))
    }
}

/// The colour of a weight, -1 to 1.
pub fn weight(value: f32) -> Rgb {
    mix(WHITE, if value < 0.0 { BELOW } else { ABOVE }, value.abs())
}

/// A colour a part of the way from one to another.
fn mix(from: Rgb, to: Rgb, part: f32) -> Rgb {
    let part = if part.is_nan() {
        0.0
    } else {
        part.clamp(0.0, 1.0)
    };
    std::array::from_fn(|channel| {
        let [from, to] = [from, to].map(|color| f32::from(color[channel]));
        (from + (to - from) * part).round() as u8
    })
}
