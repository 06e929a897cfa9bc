//! What is seen, to be taken home: the screen as a picture or a drawing, letter for letter, and
//! a film of many.
//!
//! A screen is a buffer of cells, as it was drawn for the terminal; nothing of it is drawn
//! anew. This makes bytes and may not know where they go.

mod cast;
mod cells;
mod film;
mod filming;
mod gif;
mod glyph;
mod picture;
mod svg;

use ratatui::buffer::Buffer;

use super::theme::Theme;

pub use cast::Cast;
pub use film::{Shot, as_it_was, shots};
pub use filming::{FilmError, Filming, LARGEST, Reel, Script, expect_size};
pub use gif::Gif;

/// Whether a picture shows this character as it is, and not as an empty box.
pub fn draws(character: char) -> bool {
    glyph::ink(character, [0, 0]).is_some()
}

/// What a screen is taken home as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Pixels.
    Png,
    /// Letters and rectangles.
    Svg,
}

impl Format {
    /// How such a file's name ends.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }

    /// The bytes of such a file that shows this screen.
    pub fn bytes(self, screen: &Buffer, theme: Theme) -> Vec<u8> {
        match self {
            Self::Png => picture::of(screen, theme).png(),
            Self::Svg => svg::of(screen, theme).into_bytes(),
        }
    }
}
