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
            Protocol::Kitty => kitty(number, cells, &png(&bitmap.scaled(size))),
            Protocol::Iterm2 => iterm2(cells, &png(&bitmap.scaled(size))),
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

/// A PNG with a list of colours.
fn png(bitmap: &Bitmap) -> Vec<u8> {
    let mut bytes = Vec::new();
    let [width, height] = bitmap.size().map(|side| side as u32);
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(bitmap.colors().as_flattened());
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_filter(png::Filter::NoFilter);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(bitmap.pixels()))
        .expect("pixels of the size told, and memory takes what is written");
    bytes
}
