//! What the reconstruction lost of the original and what it added.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    pictures::View,
    text::{self, Span},
};
use crate::{
    message::Sample,
    ui::{theme::Theme, widget::cut::Cut},
};

/// A picture like the others.
pub(super) fn full(sample: &Sample, theme: Theme, area: Rect, buf: &mut Buffer) {
    text::title(buf, area, theme, "difference", &legend(theme));
    View::of(sample, Cut::Full).difference(theme, text::body(area), buf);
}

/// A thumb, its legend a row of its own.
pub(super) fn thumb(sample: &Sample, theme: Theme, area: Rect, words: Rect, buf: &mut Buffer) {
    text::title(buf, area, theme, "difference", &[]);
    let body = text::body(area);
    let (columns, rows) = (Cut::Thumb.columns(), Cut::Thumb.rows());
    let centred = Rect {
        x: body.x + body.width.saturating_sub(columns) / 2,
        y: body.y + body.height.saturating_sub(rows) / 2,
        width: columns.min(body.width),
        height: rows.min(body.height),
    };
    View::of(sample, Cut::Thumb).difference(theme, centred, buf);
    text::left(buf, words, &legend(theme));
}

fn legend(theme: Theme) -> [Span<'static>; 3] {
    [
        ("-lost", theme.lost()),
        (" ", theme.text()),
        ("+added", theme.added()),
    ]
}
