//! The colours of a figure: the screen's dark theme, on a page of its own.
//!
//! `tests/figures.rs` holds the two ramps against the theme's.

use crate::raster::Rgb;

/// What everything stands on; a little lighter than a picture's own black, so
/// that the edge of each picture shows.
pub(super) const PAGE: Rgb = [0x16, 0x19, 0x1f];
/// Pixel 0.
const TILE: Rgb = [0x0c, 0x0e, 0x12];
/// Pixel 1 of what is real.
pub(super) const INK: Rgb = [0xff, 0xff, 0xff];
/// The network's colour.
pub(super) const NET: Rgb = [0x8d, 0xf0, 0xb4];
/// Words.
pub(super) const TEXT: Rgb = [0xd7, 0xda, 0xe0];
/// Words of the second rank.
pub(super) const DIM: Rgb = [0x8b, 0x91, 0x9c];

/// The value at which a pixel has the full colour of the network.
const NET_AT: f32 = 0.75;

/// The colour of a pixel that is real, 0 to 1.
pub fn original(value: f32) -> [u8; 3] {
    mix(TILE, INK, value)
}

/// The colour of a pixel that a network made, 0 to 1.
pub fn network(value: f32) -> [u8; 3] {
    if value <= NET_AT {
        mix(TILE, NET, value / NET_AT)
    } else {
        mix(NET, INK, (value - NET_AT) / (1.0 - NET_AT))
    }
}

/// A colour a part of the way from one to another.
fn mix(from: Rgb, to: Rgb, part: f32) -> Rgb {
    let part = part.clamp(0.0, 1.0);
    std::array::from_fn(|channel| {
        let (from, to) = (f32::from(from[channel]), f32::from(to[channel]));
        (from + (to - from) * part).round() as u8
    })
}
