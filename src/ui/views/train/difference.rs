//! What the reconstruction lost of the original and what it added.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    lens::Sample,
    ui::{
        pane::pictures::{View, middle},
        theme::Theme,
        views::Stage,
        widget::cut::Cut,
        widget::text::{self, Span},
    },
};

/// A picture like the others.
pub(in crate::ui) fn full(stage: &Stage, sample: &Sample, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    text::title(buf, area, theme, "difference", &legend(theme));
    let view = View::on(stage, sample, Cut::Full);
    view.difference(theme, text::body(area), buf);
}

/// A thumb, and what its colours are in words.
pub(in crate::ui) fn thumb(
    stage: &Stage,
    sample: &Sample,
    area: Rect,
    words: Rect,
    buf: &mut Buffer,
) {
    let theme = stage.theme;
    let view = View::on(stage, sample, Cut::Thumb);
    view.difference(theme, middle(area), buf);
    let [lost, _, added] = legend(theme);
    for (row, sign) in words.rows().zip([lost, added]) {
        text::left(buf, row, &[sign]);
    }
}

fn legend(theme: Theme) -> [Span<'static>; 3] {
    [
        ("-lost", theme.lost()),
        (" ", theme.text()),
        ("+added", theme.added()),
    ]
}
