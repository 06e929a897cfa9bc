//! Every glyph is one column wide, and `--ascii` means ASCII.

use ae_tui::ui::theme::{Depth, Glyphs};
use ratatui::{buffer::Buffer, text::Span};

use crate::{
    SIZES, drawn,
    states::{STATES, help},
    theme,
};

/// Every screen there is, with its name.
fn screens(glyphs: Glyphs) -> impl Iterator<Item = (String, Buffer)> {
    let depths = [Depth::None, Depth::Sixteen, Depth::True];
    let of_states = STATES
        .iter()
        .map(|(name, state)| ((*name).to_owned(), state()));
    let of_help = (0..4).map(|page| (format!("help {page}"), help(page)));
    of_states.chain(of_help).flat_map(move |(name, app)| {
        depths.into_iter().flat_map(move |depth| {
            let screens = SIZES.map(|size| drawn(&app, theme(depth, glyphs), size));
            screens.map(|screen| (format!("{name}, {depth:?}"), screen))
        })
    })
}

#[test]
fn every_glyph_on_every_screen_is_one_column_wide() {
    for (name, screen) in screens(Glyphs::Blocks) {
        for cell in screen.content() {
            let glyph = Span::raw(cell.symbol());
            assert_eq!(glyph.width(), 1, "{:?} on {name}", cell.symbol());
        }
    }
}

#[test]
fn ascii_screens_have_nothing_but_printable_ascii() {
    for (name, screen) in screens(Glyphs::Ascii) {
        for cell in screen.content() {
            let plain = cell
                .symbol()
                .bytes()
                .all(|byte| matches!(byte, b' '..=b'~'));
            assert!(plain, "{:?} on {name}", cell.symbol());
        }
    }
}
