//! A sheet: a pane without a box, laid where there is room for one. What it changes is seen
//! beside it, and the tape and the keys stay.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::ui::{
    frame::GUTTER,
    theme::Theme,
    widget::text::{self, Span},
};

/// Words and sliders get no wider than this, however wide the place.
const MOST_WIDTH: u16 = 72;

/// Takes away what lies under it, and returns the place for its words.
pub(in crate::ui) fn clear(area: Rect, screen: Rect, buf: &mut Buffer) -> Rect {
    let left = area.x.saturating_sub(GUTTER).max(screen.x);
    let cleared = Rect {
        x: left,
        width: screen.right() - left,
        ..area
    };
    for position in cleared.positions() {
        buf[position].reset();
    }
    Rect {
        width: area.width.min(MOST_WIDTH),
        ..area
    }
}

/// A row of a sheet.
#[derive(Debug, Clone)]
pub(in crate::ui) enum Row {
    /// A name over a rule, and what stands at its end.
    Title(String, Words),
    /// Words from the left, and others that end at the right.
    Words(Words, Words),
    /// Nothing.
    Blank,
}

/// Words, each in its style.
pub(in crate::ui) type Words = Vec<(String, Style)>;

/// Draws rows one under the other; blank ones give way, the last first, before any is cut.
pub(in crate::ui) fn draw(mut rows: Vec<Row>, theme: Theme, area: Rect, buf: &mut Buffer) {
    while rows.len() > usize::from(area.height) {
        let Some(blank) = rows.iter().rposition(|row| matches!(row, Row::Blank)) else {
            break;
        };
        rows.remove(blank);
    }
    for (place, row) in area.rows().zip(&rows) {
        match row {
            Row::Blank => {}
            Row::Title(name, says) => text::title(buf, place, theme, name, &spans(says)),
            Row::Words(left, right) => {
                text::left(buf, place, &spans(left));
                text::right(buf, place, &spans(right));
            }
        }
    }
}

fn spans(words: &Words) -> Vec<Span<'_>> {
    words
        .iter()
        .map(|(words, style)| (words.as_str(), *style))
        .collect()
}

/// A sentence or several in as many rows as it takes.
pub(in crate::ui) fn paragraph(words: &str, style: Style, width: u16) -> Vec<Row> {
    text::wrapped(words, width.min(MOST_WIDTH))
        .into_iter()
        .map(|line| Row::Words(vec![(line, style)], vec![]))
        .collect()
}
