//! The Train view: draws a state, changes nothing.
//!
//! ```text
//!  ae-tui  Train   article 784-32-2-32-784  MNIST    epoch  4/10    9 s left  ▶ training
//!  original ──────── 110: an 8  reconstruction ── loss 0.197  latent space ─────────────
//!     28x14 cells, every pixel     28x14 cells, in green       every test image, in its
//!     in half a cell                                           digit's colour
//!  difference ─  loss ───────── train 0.208  held-out 0.207
//!   lost, added     all epochs; below them the recent steps
//!  -lost +added  the narrator                                   legend
//!  ▸110 ───────111 ────────  ten originals over their reconstructions
//!  ▶ ━━◆━━━━◆━━1━━━●──3────  the tape                      40k img/s  1.5 s/epoch  film
//!  ←→ sample  space pause    the keys
//! ```

mod difference;
mod header;
mod help;
mod keys;
pub(crate) mod layout;
mod loss;
mod map;
mod notice;
mod per_digit;
mod pictures;
mod restart;
mod strip;
mod tape;
mod text;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    app::{App, Overlay},
    theme::Theme,
};
use crate::message::Observation;
use layout::{Difference, Layout, Narrow, Wide};

/// Draws the whole screen.
pub fn render(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    match (&app.seen, Layout::of(area)) {
        (_, Layout::TooSmall) => return notice::too_small(app, theme, area, buf),
        (Some(seen), Layout::Wide(places)) => wide(app, seen, theme, &places, buf),
        (Some(seen), Layout::Narrow(places)) => narrow(app, seen, theme, &places, buf),
        (
            None,
            Layout::Wide(Wide { header, keys, .. }) | Layout::Narrow(Narrow { header, keys, .. }),
        ) => {
            header::render(app, theme, header, buf);
            notice::waiting(app, theme, area, buf);
            keys::render(app, theme, keys, buf);
        }
    }
    match &app.overlay {
        Overlay::Help(page) => help::render(app, theme, *page, area, buf),
        Overlay::ConfirmQuit => notice::confirm_quit(app, theme, area, buf),
        Overlay::Restart(menu, at) => restart::menu(app, theme, *menu, *at, area, buf),
        Overlay::ConfirmRestart(_) => restart::confirm(app, theme, area, buf),
        Overlay::Failure => notice::failure(app, theme, area, buf),
        Overlay::None | Overlay::Typing(..) => {}
    }
}

fn narrow(app: &App, seen: &Observation, theme: Theme, at: &Narrow, buf: &mut Buffer) {
    header::render(app, theme, at.header, buf);
    let sample = seen.row.sample();
    let view = pictures::View::of(sample, at.cut);
    view.original(seen.row.chosen.split, theme, at.original, buf);
    view.reconstruction(theme, at.reconstruction, buf);
    view.facts(theme, at.facts, buf);
    map::render(app, seen, theme, at.map, buf);
    loss::render(seen, theme, at.loss, buf);
    tape::render(app, seen, theme, at.tape, buf);
    keys::render(app, theme, at.keys, buf);
}

fn wide(app: &App, seen: &Observation, theme: Theme, at: &Wide, buf: &mut Buffer) {
    header::render(app, theme, at.header, buf);
    let sample = seen.row.sample();
    let view = pictures::View::of(sample, super::widget::cut::Cut::Full);
    view.original(seen.row.chosen.split, theme, at.original, buf);
    view.reconstruction(theme, at.reconstruction, buf);
    loss::render(seen, theme, at.loss, buf);
    match at.difference {
        Difference::Thumb { picture, legend } => {
            difference::thumb(sample, theme, picture, legend, buf);
        }
        Difference::Full { picture, recent } => {
            difference::full(sample, theme, picture, buf);
            loss::recent(seen, theme, recent, buf);
        }
    }
    if let Some(area) = at.per_digit {
        per_digit::render(seen, theme, area, buf);
    }
    notice::narrator(seen, theme, at.narrator, buf);
    map::render(app, seen, theme, at.map, buf);
    strip::render(seen, theme, at.strip_cut, at.strip, buf);
    tape::render(app, seen, theme, at.tape, buf);
    keys::render(app, theme, at.keys, buf);
}
