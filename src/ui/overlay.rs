//! What lies over a view: help, measures, sheets, questions, a failure.

mod beside;
mod branches;
mod find;
mod help;
mod measures;
mod notice;
mod restart;
mod settings;
mod sheet;
mod tour;
mod why;

use ratatui::buffer::Buffer;

use super::{
    app::{App, Overlay},
    frame::Frame,
    theme::Theme,
};

pub(in crate::ui) use help::MEANINGS;
pub(in crate::ui) use notice::{panel, too_small, waiting, words_of_loss};

/// Draws what lies over the view, if anything does.
pub(in crate::ui) fn render(app: &App, theme: Theme, frame: &Frame, buf: &mut Buffer) {
    // What lies over the view lies over the card, too; of what teaches there is one at a time.
    if let (Some(tour), Some(seen)) = (&app.tour, &app.seen)
        && !matches!(app.overlay, Overlay::Why(_))
    {
        tour::render(app, tour, seen, theme, frame, buf);
    }
    let area = frame.screen;
    let places = [frame.sheet(), area];
    match &app.overlay {
        Overlay::Help(page) => help::render(app, theme, *page, area, buf),
        Overlay::Measures => measures::render(app, theme, area, buf),
        Overlay::Why(chosen) => {
            if let Some(seen) = &app.seen {
                let is_lesson = app.shown_lesson().is_some();
                why::render(seen, *chosen, theme, is_lesson, frame, buf);
            }
        }
        Overlay::Naming { why, typed } => notice::naming(why, typed, theme, area, buf),
        Overlay::ConfirmQuit => notice::confirm_quit(app, theme, area, buf),
        Overlay::Settings(sheet) => settings::render(app, sheet, theme, places, buf),
        Overlay::Find(find) => find::render(app, find, theme, places, buf),
        Overlay::Branches(at) | Overlay::ConfirmForget(at) => {
            branches::render(app, *at, theme, places, buf);
        }
        Overlay::Beside(at) => beside::render(app, *at, theme, places, buf),
        Overlay::Restart(at) => restart::menu(app, theme, *at, area, buf),
        Overlay::ConfirmRestart(_) => restart::confirm(app, theme, area, buf),
        Overlay::Failure => notice::failure(app, theme, area, buf),
        Overlay::None | Overlay::Typing(..) => {}
    }
}
