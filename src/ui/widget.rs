//! The panes' building blocks: slices in, cells out.
//!
//! They know the theme, what classes are called, and nothing else: no application,
//! no trainer, no messages. Each draws inside the area it is given and clips what does not
//! fit, whatever the size.

pub mod bitmap;
pub mod cells;
pub mod chart;
pub mod cut;
pub mod fine;
pub mod fit;
pub mod legend;
pub mod map;
pub mod picture;
pub mod squares;
pub mod text;

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Position,
    style::Style,
};

/// Writes one character, with nothing left of what stood there, if the place is
/// on the screen.
fn set_char(buf: &mut Buffer, place: impl Into<Position>, character: char, style: Style) {
    if let Some(cell) = buf.cell_mut(place) {
        *cell = Cell::EMPTY;
        cell.set_char(character).set_style(style);
    }
}

/// Writes `text`, whose characters are one column wide, up to the column `right`.
fn set_text(buf: &mut Buffer, (x, y): (u16, u16), right: u16, text: &str, style: Style) {
    for (x, character) in (x..right).zip(text.chars()) {
        set_char(buf, (x, y), character, style);
    }
}

#[cfg(test)]
mod sample_110;
