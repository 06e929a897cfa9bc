//! The colours themselves, and the arithmetic between the 24-bit ones and the
//! 256 of a terminal's fixed table.

#![expect(
    clippy::unreadable_literal,
    reason = "colours are written as the web writes them"
)]

use super::classes;
use crate::data::MOST_CLASSES;

/// Red, green and blue.
pub(super) type Rgb = [u8; 3];

/// Every colour of one tone.
pub(super) struct Palette {
    pub(super) tile: Rgb,
    pub(super) ink: Rgb,
    pub(super) net: Rgb,
    pub(super) accent: Rgb,
    pub(super) area: Rgb,
    pub(super) text: Rgb,
    pub(super) dim: Rgb,
    pub(super) faint: Rgb,
    pub(super) lost: Rgb,
    pub(super) added: Rgb,
    pub(super) warning: Rgb,
    pub(super) classes: &'static [Rgb; MOST_CLASSES],
    pub(super) classes_256: &'static [u8; MOST_CLASSES],
    /// Of sixteen colours so many are left that are tellable; further classes have them again,
    /// and are told by their marks.
    pub(super) classes_16: [u8; 10],
    /// Of the 256 colours, the network's from tile over net to ink: those in even
    /// steps of lightness that are of one hue, or grey where the table has none so
    /// dark or so light. The nearest ones would jump between greys and hues.
    pub(super) network_256: &'static [u8],
    /// Which of them is net.
    pub(super) net_256: usize,
    /// The same from tile to lost, and from tile to added.
    pub(super) lost_256: &'static [u8],
    pub(super) added_256: &'static [u8],
    /// An original's four shades in 16 colours, from paper to ink.
    pub(super) shades_original: [u8; 4],
    /// The network's four shades in 16 colours.
    pub(super) shades_network: [u8; 4],
}

pub(super) const DARK: Palette = Palette {
    tile: hex(0x0c0e12),
    ink: hex(0xffffff),
    net: hex(0x8df0b4),
    accent: hex(0x7fe0a8),
    area: hex(0x4f9c74),
    text: hex(0xd7dae0),
    dim: hex(0x8b919c),
    faint: hex(0x3c424d),
    lost: hex(0x4aa3ff),
    added: hex(0xff9a3c),
    warning: hex(0xff6b5e),
    classes: &classes::DARK,
    classes_256: &classes::DARK_256,
    classes_16: [7, 3, 12, 11, 5, 14, 15, 6, 9, 1],
    network_256: &[233, 235, 238, 241, 65, 72, 115, 158, 231],
    net_256: 7,
    lost_256: &[233, 235, 24, 25, 32, 75],
    added_256: &[233, 235, 94, 130, 172, 215],
    shades_original: [0, 8, 7, 15],
    shades_network: [0, 2, 10, 15],
};

pub(super) const LIGHT: Palette = Palette {
    tile: hex(0xf0ede5),
    ink: hex(0x111418),
    net: hex(0x0b6b3f),
    accent: hex(0x0b7a48),
    area: hex(0x5fae88),
    text: hex(0x24272c),
    dim: hex(0x6a6f78),
    faint: hex(0xcfccc3),
    lost: hex(0x1f6fd0),
    added: hex(0xc05a00),
    warning: hex(0xb3261e),
    classes: &classes::LIGHT,
    classes_256: &classes::LIGHT_256,
    // White, yellow and cyan vanish on paper: the ten that do not, green left out.
    classes_16: [0, 3, 4, 12, 13, 6, 5, 8, 1, 9],
    network_256: &[255, 151, 108, 65, 22, 236, 233],
    net_256: 4,
    lost_256: &[255, 189, 153, 110, 68, 26],
    added_256: &[255, 254, 223, 215, 172, 130],
    shades_original: [15, 7, 8, 0],
    shades_network: [15, 10, 2, 0],
};

pub(super) const fn hex(value: u32) -> Rgb {
    let [_, red, green, blue] = value.to_be_bytes();
    [red, green, blue]
}

/// The colour a part of the way from one to another.
pub(super) fn mix(from: Rgb, to: Rgb, part: f32) -> Rgb {
    let part = part.clamp(0.0, 1.0);
    let channel = |place: usize| {
        let (from, to) = (f32::from(from[place]), f32::from(to[place]));
        (from + (to - from) * part).round() as u8
    };
    [channel(0), channel(1), channel(2)]
}

/// The levels of a channel in the 6x6x6 cube.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The entry of the 256 colours nearest to a colour, among the cube (16 to 231)
/// and the greys (232 to 255). The first sixteen are the user's own and unknown.
pub(super) fn nearest_index(color: Rgb) -> u8 {
    let level = |channel: u8| {
        // Halfway between two levels of the cube lies the border of the lower one.
        CUBE.windows(2)
            .filter(|pair| u16::from(channel) * 2 > u16::from(pair[0]) + u16::from(pair[1]))
            .count() as u8
    };
    let [red, green, blue] = color.map(level);
    let cube = 16 + 36 * red + 6 * green + blue;
    let mean = color.map(u16::from).iter().sum::<u16>() / 3;
    let grey = 232 + ((mean.saturating_sub(3)) / 10).min(23) as u8;
    if distance(color, index_rgb(grey)) < distance(color, index_rgb(cube)) {
        grey
    } else {
        cube
    }
}

/// An entry one level of the cube darker or lighter in each channel, which keeps
/// its hue; a grey moves as far.
pub(super) fn shifted_index(index: u8, lighter: bool) -> u8 {
    let shift = |level: u8, last: u8, by: u8| {
        if lighter {
            (level + by).min(last)
        } else {
            level.saturating_sub(by)
        }
    };
    match index {
        0..16 => index,
        16..232 => {
            let place = index - 16;
            let [red, green, blue] =
                [place / 36, place / 6 % 6, place % 6].map(|level| shift(level, 5, 1));
            16 + 36 * red + 6 * green + blue
        }
        232.. => 232 + shift(index - 232, 23, 4),
    }
}

/// The sixteen colours as xterm has them; the others look like them.
const ANSI: [Rgb; 16] = [
    hex(0x000000),
    hex(0xcd0000),
    hex(0x00cd00),
    hex(0xcdcd00),
    hex(0x0000ee),
    hex(0xcd00cd),
    hex(0x00cdcd),
    hex(0xe5e5e5),
    hex(0x7f7f7f),
    hex(0xff0000),
    hex(0x00ff00),
    hex(0xffff00),
    hex(0x5c5cff),
    hex(0xff00ff),
    hex(0x00ffff),
    hex(0xffffff),
];

/// What an entry of the 256 colours looks like.
pub(in crate::ui) fn index_rgb(index: u8) -> Rgb {
    match index {
        0..16 => ANSI[usize::from(index)],
        16..232 => {
            let place = usize::from(index - 16);
            [CUBE[place / 36], CUBE[place / 6 % 6], CUBE[place % 6]]
        }
        232.. => [8 + 10 * (index - 232); 3],
    }
}

fn distance(one: Rgb, other: Rgb) -> u32 {
    one.iter()
        .zip(other)
        .map(|(&one, other)| u32::from(one.abs_diff(other)).pow(2))
        .sum()
}

/// The contrast ratio of two colours, 1 to 21 (WCAG 2.1, "contrast ratio").
pub(super) fn contrast(one: Rgb, other: Rgb) -> f32 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance of an sRGB colour (WCAG 2.1).
fn luminance(color: Rgb) -> f32 {
    let [red, green, blue] = color.map(|channel| {
        let channel = f32::from(channel) / 255.0;
        if channel <= 0.040_45 {
            channel / 12.92
        } else {
            ((channel + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
