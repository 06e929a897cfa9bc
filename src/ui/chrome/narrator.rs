//! The narrator's row: what was last reached or went wrong, and in the past where one is.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    data::Classes,
    message::{Observation, Phase},
    ui::{
        app::App,
        past::{self, Past},
        theme::Theme,
        widget::text,
    },
};

/// So near to its event, in seconds of film, a moment of the past is told by its sentence;
/// elsewhere the way back is.
const NEAR: f64 = 1.0;

/// The narrator's last sentence, with the sign of a milestone.
pub(in crate::ui) fn render(
    app: &App,
    seen: &Observation,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    if let Some(past) = Past::of(seen)
        && !past.plays()
        && seen
            .curve
            .note
            .as_ref()
            .is_none_or(|note| past.after(note.step) > NEAR)
    {
        let sign = format!("{} ", theme.symbols().milestone);
        let ways = past::ways(app);
        text::left(buf, area, &[(&sign, theme.text()), (&ways, theme.text())]);
        return;
    }
    let Some(note) = &seen.curve.note else {
        if seen.moment.phase == Phase::Exploring {
            // Weights of other images than MNIST are refused until their folder is named.
            let words = match app.classes() {
                Classes::Digits => "ae-tui --init FILE trains on from here.",
                Classes::Numbered => "ae-tui --init FILE --data DIR trains on.",
            };
            text::left(buf, area, &[(words, theme.dim())]);
        }
        return;
    };
    let (sign, style) = if note.warning {
        ("! ".into(), theme.warning())
    } else {
        (format!("{} ", theme.symbols().milestone), theme.text())
    };
    // What follows a semicolon, or else a comma, gives way before the sentence is cut.
    let room = area.width.saturating_sub(2);
    let whole = text::plain(&note.words, theme);
    let brief = whole.split_once("; ").or_else(|| whole.split_once(", "));
    let words = match brief {
        Some((brief, _)) if text::width(&whole) > room => format!("{brief}."),
        _ => whole,
    };
    text::left(buf, area, &[(&sign, style), (&words, style)]);
}
