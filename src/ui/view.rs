//! The one view of training and exploring: draws a state, changes nothing.
//!
//! ```text
//!  ae-tui  Train   article 784-32-2-32-784  MNIST    epoch  4/10    9 s left  ▶ training
//!  original ──────── 110: an 8  reconstruction ── loss 0.197  latent space ─────────────
//!     28x14 cells, every pixel     28x14 cells, in green       every test image, in its
//!     in half a cell                                           label's colour
//!  difference ─  loss ───────── train 0.208  held-out 0.207
//!   lost, added     all epochs; below them the recent steps
//!  -lost +added  the narrator                                   legend
//!  ▸110 ───────111 ────────  ten originals over their reconstructions
//!  ▶ ━━◆━━━━◆━━1━━━●──3────  the tape                      40k img/s  1.5 s/epoch  film
//!  ←→ sample  space pause    the keys
//! ```

mod branches;
mod code;
mod difference;
mod header;
mod help;
mod keys;
pub(crate) mod layout;
mod loss;
mod map;
mod measures;
mod notice;
mod past;
mod per_digit;
mod pictures;
mod restart;
mod settings;
mod sheet;
mod strip;
mod tape;
mod text;
mod track;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    app::{Above, App, Overlay},
    theme::Theme,
    widget::cut::Cut,
};
use crate::message::Observation;
use layout::{Difference, Layout, Narrow, Wide};

pub(crate) use track::Track;

/// Where the tape's line is on a screen of this size, if there is one.
pub(crate) fn track(app: &App, seen: &Observation, (width, height): (u16, u16)) -> Option<Track> {
    let screen = Rect::new(0, 0, width, height);
    let area = match Layout::of(screen, app.plan.kind.code) {
        Layout::TooSmall => return None,
        Layout::Narrow(at) => at.tape,
        Layout::Wide(at) => at.tape,
    };
    tape::track(seen, area)
}

/// Draws the whole screen.
pub fn render(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    let layout = Layout::of(area, app.plan.kind.code);
    match (&app.seen, layout) {
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
        Overlay::Measures => measures::render(app, theme, area, buf),
        Overlay::Naming { why, typed } => notice::naming(why, typed, theme, area, buf),
        Overlay::ConfirmQuit => notice::confirm_quit(app, theme, area, buf),
        Overlay::Settings(sheet) => {
            if let Some(place) = sheet::place(&layout, area) {
                settings::render(app, sheet, theme, [place, area], buf);
            }
        }
        Overlay::Branches(at) | Overlay::ConfirmForget(at) => {
            if let Some(place) = sheet::place(&layout, area) {
                branches::render(app, *at, theme, [place, area], buf);
            }
        }
        Overlay::Restart(at) => restart::menu(app, theme, *at, area, buf),
        Overlay::ConfirmRestart(_) => restart::confirm(app, theme, area, buf),
        Overlay::Failure => notice::failure(app, theme, area, buf),
        Overlay::None | Overlay::Typing(..) => {}
    }
}

fn narrow(app: &App, seen: &Observation, theme: Theme, at: &Narrow, buf: &mut Buffer) {
    header::render(app, theme, at.header, buf);
    let view = pictures::View::of(seen.row.sample(), at.cut);
    let classes = app.classes();
    view.image(
        app.above,
        seen.row.chosen.split,
        classes,
        theme,
        at.original,
        buf,
    );
    view.reconstruction(theme, at.reconstruction, buf);
    view.facts(theme, at.facts, buf);
    map::render(app, seen, theme, at.map, buf);
    if let Some(area) = at.code {
        code::render(seen, app.plan.kind.code, theme, area, buf);
    }
    loss::render(app, seen, theme, at.loss, buf);
    tape::render(app, seen, theme, at.tape, buf);
    keys::render(app, theme, at.keys, buf);
}

fn wide(app: &App, seen: &Observation, theme: Theme, at: &Wide, buf: &mut Buffer) {
    header::render(app, theme, at.header, buf);
    pictures(app, seen, theme, at, buf);
    loss::render(app, seen, theme, at.loss, buf);
    if let Difference::Full { recent, .. } = at.difference {
        loss::recent(seen, theme, recent, buf);
    }
    if let Some(area) = at.per_digit {
        per_digit::render(app, seen, theme, area, buf);
    }
    notice::narrator(app, seen, theme, at.narrator, buf);
    map::render(app, seen, theme, at.map, buf);
    if let Some(area) = at.code {
        code::render(seen, app.plan.kind.code, theme, area, buf);
    }
    strip::render(
        seen,
        app.above,
        theme,
        at.strip_cut,
        at.strip,
        sheet_left(app, at),
        buf,
    );
    tape::render(app, seen, theme, at.tape, buf);
    keys::render(app, theme, at.keys, buf);
}

/// Where what lies at the right begins to cover the strip.
fn sheet_left(app: &App, at: &Wide) -> u16 {
    match app.overlay {
        Overlay::Settings(_) | Overlay::Branches(_) | Overlay::ConfirmForget(_) => {
            at.map.x.saturating_sub(layout::GUTTER)
        }
        _ => at.strip.right(),
    }
}

/// The chosen sample. Where the network is shown noise, the place of the
/// difference is for what the network should have made of it.
fn pictures(app: &App, seen: &Observation, theme: Theme, at: &Wide, buf: &mut Buffer) {
    let sample = seen.row.sample();
    let split = seen.row.chosen.split;
    let view = pictures::View::of(sample, Cut::Full);
    let classes = app.classes();
    match (at.difference, app.plan.kind.noisy) {
        (Difference::Full { picture, .. }, true) => {
            view.image(Above::Original, split, classes, theme, at.original, buf);
            view.noisy(theme, at.reconstruction, buf);
            view.reconstruction(theme, picture, buf);
        }
        (Difference::Full { picture, .. }, false) => {
            view.image(Above::Original, split, classes, theme, at.original, buf);
            view.reconstruction(theme, at.reconstruction, buf);
            difference::full(sample, theme, picture, buf);
        }
        (Difference::Thumb { picture, .. }, true) => {
            view.image(app.above, split, classes, theme, at.original, buf);
            view.reconstruction(theme, at.reconstruction, buf);
            let other = match app.above {
                Above::Noisy => Above::Original,
                Above::Original => Above::Noisy,
            };
            pictures::thumb(sample, other, theme, picture, buf);
        }
        (Difference::Thumb { picture, legend }, false) => {
            view.image(Above::Original, split, classes, theme, at.original, buf);
            view.reconstruction(theme, at.reconstruction, buf);
            difference::thumb(sample, theme, picture, legend, buf);
        }
    }
}
