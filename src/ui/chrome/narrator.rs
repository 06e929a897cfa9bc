//! The narrator's row: what was last reached or went wrong, and in the past where one is.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::{
    data::Classes,
    message::{Note, Observation, Phase},
    ui::{
        app::{App, Overlay},
        past::{self, Past},
        theme::Theme,
        told,
        widget::text,
    },
};

/// So near to its event, in seconds of film, a moment of the past is told by its sentence;
/// elsewhere the way back is.
const NEAR: f64 = 1.0;

/// Draws the narrator's last sentence, with the sign of a milestone.
pub(in crate::ui) fn render(
    app: &App,
    seen: &Observation,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let (words, style) = sentence(app, seen, theme, area.width);
    text::left(buf, area, &[(&words, style)]);
}

/// The narrator's last sentence, as long as there are columns for it, and its colour.
pub(in crate::ui) fn sentence(
    app: &App,
    seen: &Observation,
    theme: Theme,
    columns: u16,
) -> (String, Style) {
    let asked = match app.overlay {
        Overlay::Why(chosen) => told::note(seen, chosen),
        _ => None,
    };
    if asked.is_none()
        && let Some(past) = Past::of(seen)
        && !past.plays()
        && seen
            .curve
            .note
            .as_ref()
            .is_none_or(|note| past.after(note.step) > NEAR)
    {
        let ways = past::ways(app);
        return (
            format!("{} {ways}", theme.symbols().milestone),
            theme.text(),
        );
    }
    let Some(note) = asked.or(seen.curve.note.as_ref()) else {
        // Weights of other images than MNIST are refused until their folder is named.
        let words = match (seen.moment.phase, app.classes()) {
            (Phase::Exploring, Classes::Digits) => "ae-tui --init FILE trains on from here.",
            (Phase::Exploring, _) => "ae-tui --init FILE --data DIR trains on.",
            _ => "",
        };
        return (words.into(), theme.dim());
    };
    told(note, theme, columns)
}

/// A sentence, as long as there are columns for it, and its colour.
pub(in crate::ui) fn told(note: &Note, theme: Theme, columns: u16) -> (String, Style) {
    let (sign, style) = if note.warning {
        ('!', theme.warning())
    } else {
        (theme.symbols().milestone, theme.text())
    };
    // What follows a semicolon, or else a comma, gives way before the sentence is cut.
    let room = columns.saturating_sub(2);
    let whole = text::plain(&note.words, theme);
    let brief = whole.split_once("; ").or_else(|| whole.split_once(", "));
    let words = match brief {
        Some((brief, _)) if text::width(&whole) > room => format!("{brief}."),
        _ => whole,
    };
    (format!("{sign} {words}"), style)
}
