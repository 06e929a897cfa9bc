//! The whole screen: draws a state, changes nothing.
//!
//! Header, tape and keys are the chrome, which stands where it stands
//! whatever view is looked at.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    app::App,
    chrome::{self, Track, header, keys, tape},
    frame::Frame,
    overlay,
    theme::{Glyphs, Theme},
    views::{self, Stage},
    widget::fine::{Fine, FinePicture},
};
use crate::message::Observation;

/// Where the tape's line is on a screen of this size, if there is one.
pub(crate) fn track(app: &App, seen: &Observation, size: (u16, u16)) -> Option<Track> {
    let frame = frame_of(app, Rect::new(0, 0, size.0, size.1))?;
    chrome::tape::track(seen, frame.tape)
}

/// The places of what is seen on this screen, if it can show a run.
pub(crate) fn frame_of(app: &App, screen: Rect) -> Option<Frame> {
    let lesson = app.shown_lesson().and_then(|_| Frame::of_lesson(screen));
    lesson.or_else(|| Frame::of(screen))
}

/// Draws the whole screen.
pub fn render(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    draw(app, theme, area, &Fine::unwanted(), buf);
}

/// Draws the whole screen, and tells which pictures on it there are with all their pixels,
/// covered by nothing.
pub fn render_fine(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) -> Vec<FinePicture> {
    let fine = Fine::wanted();
    draw(app, theme, area, &fine, buf);
    fine.uncovered(buf)
}

fn draw(app: &App, theme: Theme, area: Rect, fine: &Fine, buf: &mut Buffer) {
    let Some(frame) = frame_of(app, area) else {
        return overlay::too_small(app, theme, area, buf);
    };
    header::render(app, theme, frame.header, buf);
    match &app.seen {
        Some(seen) => {
            let stage = Stage {
                app,
                seen,
                theme,
                frame: views::frame(app, frame),
                fine,
            };
            (app.view.entry().render)(&stage, buf);
            tape::render(app, seen, theme, frame.tape, buf);
        }
        None => overlay::waiting(app, theme, area, buf),
    }
    keys::render(app, theme, frame.keys, buf);
    overlay::render(app, theme, &frame, buf);
    if theme.glyphs == Glyphs::Ascii {
        keep_to_ascii(area, buf);
    }
}

/// Names of classes come from outside, in any letters, and stand wherever a class does.
pub(in crate::ui) fn keep_to_ascii(area: Rect, buf: &mut Buffer) {
    for place in area.intersection(buf.area).positions() {
        let cell = &mut buf[place];
        if !cell.symbol().is_ascii() {
            cell.set_char('?');
        }
    }
}
