//! A sheet: a pane without a box, laid where there is room for one. What it changes is seen
//! beside it, and the tape and the keys stay.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    layout::{GUTTER, Layout, Narrow, Wide},
    notice,
    text::{self, Span},
};
use crate::ui::theme::Theme;

/// The least that a sheet is drawn for.
const LEAST_WIDTH: u16 = 56;
/// Words and sliders get no wider than this, however wide the place.
const MOST_WIDTH: u16 = 72;

/// Where a sheet lies among these places.
pub(super) fn place(layout: &Layout, screen: Rect) -> Option<Rect> {
    let (map, tape) = match layout {
        Layout::TooSmall => return None,
        Layout::Narrow(Narrow { map, tape, .. }) | Layout::Wide(Wide { map, tape, .. }) => {
            (*map, *tape)
        }
    };
    let left = if map.width >= LEAST_WIDTH {
        map.x
    } else {
        screen.x + 1
    };
    Some(Rect {
        x: left,
        y: map.y,
        width: screen.right().saturating_sub(left + 1),
        height: tape.y - map.y,
    })
}

/// Takes away what lies under it, and returns the place for its words.
pub(super) fn clear(area: Rect, screen: Rect, buf: &mut Buffer) -> Rect {
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
pub(super) enum Row {
    /// A name over a rule, and what stands at its end.
    Title(String, Words),
    /// Words from the left, and others that end at the right.
    Words(Words, Words),
    /// Nothing.
    Blank,
}

/// Words, each in its style.
pub(super) type Words = Vec<(String, Style)>;

/// Draws rows one under the other; blank ones give way, the last first, before any is cut.
pub(super) fn draw(mut rows: Vec<Row>, theme: Theme, area: Rect, buf: &mut Buffer) {
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
pub(super) fn paragraph(words: &str, style: Style, width: u16) -> Vec<Row> {
    notice::wrapped(words, width.min(MOST_WIDTH))
        .into_iter()
        .map(|line| Row::Words(vec![(line, style)], vec![]))
        .collect()
}
