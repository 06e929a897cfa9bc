//! Pictures as bytes for a terminal, in each of its protocols.

use base64::{Engine, engine::general_purpose::STANDARD};
use ratatui::layout::Rect;

use super::sixel;
use crate::ui::{terminal::wish::Protocol, widget::bitmap::Bitmap};

/// Takes all pictures off the screen (Kitty's).
pub(super) const SWEEP: &[u8] = b"\x1b_Ga=d,d=A,q=2\x1b\\";

/// Kitty takes so many letters at once.
const CHUNK: usize = 4096;

/// How pictures are made for a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Easel {
    pub(super) protocol: Protocol,
    /// Columns and rows of pixels in a cell.
    pub(super) cell: [u16; 2],
}

impl Easel {
    /// Puts a picture over cells, in place of another of this number.
    pub(super) fn put(self, number: u32, area: Rect, bitmap: &Bitmap) -> Vec<u8> {
        let cells = [area.width, area.height];
        let size = [0, 1].map(|axis| usize::from(cells[axis]) * usize::from(self.cell[axis]));
        // Terminals count from one.
        let mut bytes = format!("\x1b[{};{}H", area.y + 1, area.x + 1).into_bytes();
        bytes.extend(match self.protocol {
            Protocol::Kitty => kitty(number, cells, &png(bitmap, size)),
            Protocol::Iterm2 => iterm2(cells, &png(bitmap, size)),
            Protocol::Sixel => sixel::of(bitmap, size),
        });
        bytes
    }

    /// Takes off the picture of this number. The others go with the cells that they stand in.
    pub(super) fn take_off(self, number: u32) -> Vec<u8> {
        match self.protocol {
            Protocol::Kitty => format!("\x1b_Ga=d,d=I,i={number},q=2\x1b\\").into_bytes(),
            Protocol::Iterm2 | Protocol::Sixel => Vec::new(),
        }
    }

    /// Takes off all there may be.
    pub(super) fn sweep(self) -> &'static [u8] {
        match self.protocol {
            Protocol::Kitty => SWEEP,
            Protocol::Iterm2 | Protocol::Sixel => &[],
        }
    }
}

/// Over so many cells; the cursor stays (`C`), and nothing is answered (`q`).
fn kitty(number: u32, [columns, rows]: [u16; 2], png: &[u8]) -> Vec<u8> {
    let letters = STANDARD.encode(png);
    let mut bytes = Vec::with_capacity(letters.len() + 256);
    let count = letters.len().div_ceil(CHUNK);
    for (place, chunk) in letters.as_bytes().chunks(CHUNK).enumerate() {
        let more = u8::from(place + 1 < count);
        let head = if place == 0 {
            format!("\x1b_Ga=T,f=100,i={number},p=1,c={columns},r={rows},C=1,q=2,m={more};")
        } else {
            format!("\x1b_Gq=2,m={more};")
        };
        bytes.extend(head.into_bytes());
        bytes.extend(chunk);
        bytes.extend(b"\x1b\\");
    }
    bytes
}

fn iterm2([columns, rows]: [u16; 2], png: &[u8]) -> Vec<u8> {
    let letters = STANDARD.encode(png);
    let size = png.len();
    format!(
        "\x1b]1337;File=inline=1;size={size};width={columns};height={rows};\
         preserveAspectRatio=0;doNotMoveCursor=1:{letters}\x07"
    )
    .into_bytes()
}

/// From so many pixels on, before they are squares, a picture is packed well, which takes
/// milliseconds: the manifold. Of the others a frame has many; they take a sixteenth of the time,
/// and half as much room again.
const LARGE: usize = 20_000;

/// A PNG of this size, with a list of colours.
fn png(bitmap: &Bitmap, size: [usize; 2]) -> Vec<u8> {
    let (compression, filter) = if bitmap.pixels().len() < LARGE {
        (png::Compression::Fast, png::Filter::Adaptive)
    } else {
        (png::Compression::Balanced, png::Filter::NoFilter)
    };
    let bitmap = bitmap.scaled(size);
    let mut bytes = Vec::new();
    let [width, height] = bitmap.size().map(|side| side as u32);
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(bitmap.colors().as_flattened());
    encoder.set_compression(compression);
    encoder.set_filter(filter);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(bitmap.pixels()))
        .expect("pixels of the size told, and memory takes what is written");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{
        terminal::pictures::decoded::{Shown, shown},
        theme::{Depth, Glyphs, Theme, Tone},
        widget::picture::Paint,
    };

    const AREA: Rect = Rect::new(31, 2, 28, 14);

    /// Every level there is.
    fn bitmap() -> Bitmap {
        bitmap_of(28)
    }

    fn bitmap_of(side: usize) -> Bitmap {
        let theme = Theme {
            depth: Depth::True,
            tone: Tone::Light,
            glyphs: Glyphs::Blocks,
        };
        Bitmap::of([side; 2], Paint::Network, theme, |x, y| {
            ((x * x * 31 + y * y * y * 17 + x * y) % 247) as f32 / 246.0
        })
    }

    fn put(protocol: Protocol, cell: [u16; 2]) -> Shown {
        let bytes = Easel { protocol, cell }.put(7, AREA, &bitmap());
        let [shown] = shown(&bytes).try_into().unwrap();
        assert_eq!(shown.place, [31, 2]);
        shown
    }

    /// That every pixel is a square of its colour, but for so much of 255.
    fn assert_exact(shown: &Shown, at_most: u8) {
        let bitmap = bitmap();
        for (place, pixel) in bitmap.pixels().iter().enumerate() {
            let [x, y] = [place % 28, place / 28];
            let own = bitmap.colors()[usize::from(*pixel)];
            // All of a square but its edges, which may lie within a pixel.
            for part in [0.2, 0.5, 0.8] {
                let [across, down] = [x, y].map(|side| (side as f64 + part) / 28.0);
                let drawn = shown.at(across, down);
                for (own, drawn) in own.into_iter().zip(drawn) {
                    assert!(own.abs_diff(drawn) <= at_most, "{x},{y}: {own} {drawn}");
                }
            }
        }
    }

    #[test]
    fn kitty_and_iterm2_get_every_pixel_as_a_square_of_its_very_colour() {
        for protocol in [Protocol::Kitty, Protocol::Iterm2] {
            for cell in [[10, 20], [9, 19], [7, 15]] {
                let shown = put(protocol, cell);
                assert_eq!(shown.width, 28 * usize::from(cell[0]));
                assert_eq!(shown.pixels.len(), shown.width * 14 * usize::from(cell[1]));
                assert_exact(&shown, 0);
            }
        }
        let kitty = Easel {
            protocol: Protocol::Kitty,
            cell: [10, 20],
        };
        // More pixels than one chunk holds.
        let large = bitmap_of(140);
        let bytes = kitty.put(7, AREA, &large);
        let words = String::from_utf8(bytes.clone()).unwrap();
        assert!(words.matches("m=1").count() > 1, "several chunks");
        let [decoded] = shown(&bytes).try_into().unwrap();
        let scaled = large.scaled([280; 2]);
        let colors = scaled
            .pixels()
            .iter()
            .map(|pixel| scaled.colors()[usize::from(*pixel)]);
        assert!(decoded.pixels.into_iter().eq(colors));
        // As the terminal may not answer: each chunk asks it not to.
        assert_eq!(
            words.matches("\x1b_G").count(),
            words.matches("q=2").count()
        );
        let gone = [bytes, kitty.take_off(7)].concat();
        assert_eq!(shown(&gone), []);
    }

    #[test]
    fn sixel_has_the_colours_to_two_percent_and_no_row_below_its_cells() {
        for cell in [[10, 20], [9, 19], [8, 16]] {
            let shown = put(Protocol::Sixel, cell);
            let rows = shown.pixels.len() / shown.width;
            assert_eq!(shown.width, 28 * usize::from(cell[0]));
            let room = 14 * usize::from(cell[1]);
            assert!(rows.is_multiple_of(6) && rows <= room && rows + 6 > room);
            // Two percent of 255, and one where percents are rounded.
            assert_exact(&shown, 7);
        }
    }
}
