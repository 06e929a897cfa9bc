//! Train: what the network sees, what it makes of it, and how the loss falls.
//!
//! ```text
//!  original ──────── 110: an 8  reconstruction ── loss 0.197  latent space ─────────────
//!     28x14 cells, every pixel     28x14 cells, in green       every test image, in its
//!     in half a cell                                           label's colour
//!  784 pixels ──▶ first 13.04  second 7.26 ──▶ 784 pixels
//!  ▒▒▒ lost   loss ──────────── train 0.208  held-out 0.207
//!  ▒▒▒ added     all epochs; below them the recent steps
//!  the narrator                                                 legend
//!  ▸110 ───────111 ────────  ten originals over their reconstructions
//! ```

mod bottleneck;
mod code;
mod difference;
mod layout;
mod lesson;
mod loss;
mod per_digit;
mod strip;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::Stage;
use crate::message::Pane;
use crate::ui::{
    app::{Above, App, Overlay},
    chrome::narrator,
    frame::{Frame, GUTTER},
    pane::{map, pictures},
    pointer::{Button, Pointer},
    update::{Request, classes},
    widget::{cut::Cut, text},
};
use bottleneck::Bottleneck;
use layout::{Difference, Layout, Narrow, Wide};

/// Draws the view.
pub(super) fn render(stage: &Stage, buf: &mut Buffer) {
    let lesson = stage.app.shown_lesson();
    if lesson.is_some_and(|given| lesson::render(stage, given, buf)) {
        return;
    }
    match Layout::of(&stage.frame, stage.app.plan.kind.code) {
        Layout::Narrow(at) => narrow(stage, &at, buf),
        Layout::Wide(at) => wide(stage, &at, buf),
    }
}

/// What the mouse does there: a click in the legend is one on a class.
pub(super) fn point(app: &mut App, pointer: Pointer, frame: &Frame) -> Vec<Request> {
    let lesson = app.shown_lesson();
    let map = match (lesson, Layout::of(frame, app.plan.kind.code)) {
        (Some(given), _) => lesson::map_of(frame, given).unwrap_or_default(),
        (None, Layout::Narrow(at)) => at.map,
        (None, Layout::Wide(at)) => at.map,
    };
    let place = Position::new(pointer.column, pointer.row);
    let class = map::pointed(app, map, place);
    match class.filter(|_| pointer.button == Button::Pressed) {
        Some(class) => classes::choose(app, class, true),
        None => Vec::new(),
    }
}

/// Where a pane stands, if it is there.
pub(super) fn pane(app: &App, frame: &Frame, pane: Pane) -> Option<Rect> {
    match (Layout::of(frame, app.plan.kind.code), pane) {
        (Layout::Narrow(at), Pane::Original) => Some(at.original),
        (Layout::Narrow(at), Pane::Reconstruction) => Some(at.reconstruction),
        (Layout::Narrow(at), Pane::Code) => Some(at.bottleneck),
        (Layout::Narrow(at), Pane::Loss) => Some(at.loss),
        (Layout::Narrow(at), Pane::Map) => Some(at.map),
        (Layout::Narrow(_), Pane::Strip) => None,
        (Layout::Wide(at), Pane::Original) => Some(at.original),
        (Layout::Wide(at), Pane::Reconstruction) => Some(at.reconstruction),
        (Layout::Wide(at), Pane::Code) => Some(at.bottleneck),
        (Layout::Wide(at), Pane::Loss) => Some(at.loss),
        (Layout::Wide(at), Pane::Map) => Some(at.map),
        (Layout::Wide(at), Pane::Strip) => Some(at.strip),
    }
}

fn narrow(stage: &Stage, at: &Narrow, buf: &mut Buffer) {
    let &Stage {
        app, seen, theme, ..
    } = stage;
    let view = pictures::View::on(stage, seen.row.sample(), at.cut);
    let split = seen.row.chosen.split;
    let classes = app.classes();
    view.image_of_pixels(app.above, split, &classes, theme, at.original, buf);
    bottleneck(stage).down(at.bottleneck, buf);
    view.draw_reconstruction(theme, at.reconstruction, buf);
    view.label(&classes, theme, at.label, buf);
    if let Some(area) = at.cost {
        view.cost(theme, area, buf);
    }
    map::render(app, seen, theme, at.map, buf);
    if let Some(area) = at.code {
        code::render(seen, app.plan.kind.code, theme, area, buf);
    }
    loss::render(app, seen, theme, at.loss, buf);
    narrator::render(app, seen, theme, at.narrator, buf);
}

fn wide(stage: &Stage, at: &Wide, buf: &mut Buffer) {
    let &Stage {
        app, seen, theme, ..
    } = stage;
    chosen(stage, at, buf);
    let row = match at.difference {
        // The reconstruction is the last of three only where noise is between.
        Difference::Full { .. } if !app.plan.kind.noisy => Rect {
            width: at.reconstruction.right() - at.bottleneck.x,
            ..at.bottleneck
        },
        _ => at.bottleneck,
    };
    bottleneck(stage).across(row, buf);
    loss::render(app, seen, theme, at.loss, buf);
    if let Difference::Full { recent, .. } = at.difference {
        loss::recent(seen, theme, recent, buf);
    }
    if let Some(area) = at.per_digit {
        per_digit::render(app, seen, theme, area, buf);
    }
    narrator::render(app, seen, theme, at.narrator, buf);
    map::render(app, seen, theme, at.map, buf);
    if let Some(area) = at.code {
        code::render(seen, app.plan.kind.code, theme, area, buf);
    }
    // What teaches stands in its place.
    if app.tour.is_none() && !matches!(app.overlay, Overlay::Why(_)) {
        let until = sheet_left(stage, at);
        strip::render(stage, at.strip_cut, at.strip, until, buf);
    }
}

/// The chosen sample's way through the network.
fn bottleneck<'a>(stage: &Stage<'a>) -> Bottleneck<'a> {
    let sample = stage.seen.row.sample();
    Bottleneck {
        pixels: stage.app.image().pixels(),
        shape: stage.app.plan.kind.code,
        code: &sample.code,
        loss: sample.loss,
        theme: stage.theme,
    }
}

/// Where what lies at the right begins to cover the strip.
fn sheet_left(stage: &Stage, at: &Wide) -> u16 {
    if is_sheet(&stage.app.overlay) {
        stage.frame.sheet().x.saturating_sub(GUTTER)
    } else {
        at.strip.right()
    }
}

/// Whether it lies at the right, on what is there.
fn is_sheet(overlay: &Overlay) -> bool {
    matches!(
        overlay,
        Overlay::Settings(_)
            | Overlay::Find(_)
            | Overlay::Branches(_)
            | Overlay::Beside(_)
            | Overlay::ConfirmForget(_)
    )
}

/// The chosen sample. Where the network is shown noise, the place of the
/// difference is for what the network should have made of it.
fn chosen(stage: &Stage, at: &Wide, buf: &mut Buffer) {
    let &Stage {
        app, seen, theme, ..
    } = stage;
    let sample = seen.row.sample();
    let split = seen.row.chosen.split;
    let view = pictures::View::on(stage, sample, Cut::Full);
    let classes = app.classes();
    match (at.difference, app.plan.kind.noisy) {
        (Difference::Full { picture, .. }, true) => {
            view.image(Above::Original, split, &classes, theme, at.original, buf);
            view.noisy(theme, at.reconstruction, buf);
            view.reconstruction(theme, picture, buf);
        }
        (Difference::Full { picture, .. }, false) => {
            view.image(Above::Original, split, &classes, theme, at.original, buf);
            view.reconstruction(theme, at.reconstruction, buf);
            difference::full(stage, sample, picture, buf);
        }
        (Difference::Thumb { picture, words }, true) => {
            view.image(app.above, split, &classes, theme, at.original, buf);
            view.reconstruction(theme, at.reconstruction, buf);
            let other = match app.above {
                Above::Noisy => Above::Original,
                Above::Original => Above::Noisy,
            };
            pictures::thumb(stage, sample, other, picture, buf);
            let name = match other {
                Above::Noisy => "noisy",
                Above::Original => "clean",
            };
            text::left(buf, words, &[(name, theme.dim())]);
        }
        (Difference::Thumb { picture, words }, false) => {
            view.image(Above::Original, split, &classes, theme, at.original, buf);
            view.reconstruction(theme, at.reconstruction, buf);
            difference::thumb(stage, sample, picture, words, buf);
        }
    }
}
