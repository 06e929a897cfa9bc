//! The colours of a cell, as a terminal would show them.

use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};

use crate::{
    raster::Rgb,
    ui::theme::{Theme, Tone, index_rgb},
};

/// What a terminal writes on.
pub(super) const fn page(theme: Theme) -> Rgb {
    match theme.tone {
        Tone::Dark => [0x16, 0x19, 0x1f],
        Tone::Light => [0xff, 0xff, 0xff],
    }
}

/// What it writes with, where nothing else is said.
pub(super) const fn text(theme: Theme) -> Rgb {
    match theme.tone {
        Tone::Dark => [0xd7, 0xda, 0xe0],
        Tone::Light => [0x24, 0x27, 0x2c],
    }
}

/// A cell's colours: of its letter, and of what is behind it.
pub(super) fn colours(cell: &Cell, theme: Theme) -> [Rgb; 2] {
    let front = rgb(cell.fg).unwrap_or_else(|| text(theme));
    let back = rgb(cell.bg).unwrap_or_else(|| page(theme));
    if cell.modifier.contains(Modifier::REVERSED) {
        [back, front]
    } else {
        [front, back]
    }
}

/// A colour's parts; none where the terminal's own is meant.
fn rgb(color: Color) -> Option<Rgb> {
    match color {
        Color::Rgb(red, green, blue) => Some([red, green, blue]),
        Color::Indexed(index) => Some(index_rgb(index)),
        _ => None,
    }
}

/// The character of a cell; what follows a wide one has none.
pub(super) fn character(cell: &Cell) -> char {
    cell.symbol().chars().next().unwrap_or(' ')
}
