//! Ten images over their reconstructions, the chosen one among them.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    message::Row,
    ui::{pane::pictures::View, views::Stage, widget::cut::Cut, widget::text},
};

/// Draws the strip, as far as nothing covers it; the title row carries the samples' numbers.
pub(in crate::ui) fn render(stage: &Stage, cut: Cut, area: Rect, until: u16, buf: &mut Buffer) {
    let &Stage {
        app, seen, theme, ..
    } = stage;
    let (columns, rows) = (cut.columns(), cut.rows());
    let stride = ((area.width + 2) / Row::LENGTH as u16).clamp(columns, columns + 6);
    text::rule(buf, theme, area, area.x, area.right());
    for (place, sample) in (0u16..).zip(&seen.row.samples) {
        let x = area.x + place * stride;
        // Whole, or not at all where something lies over a part of it.
        if until < area.right() && x + columns > until {
            break;
        }
        let number = sample.index.to_string();
        let chosen = sample.index == seen.row.chosen.index;
        let mark = theme.symbols().chosen.to_string();
        let heading = Rect::new(x, area.y, area.right().saturating_sub(x), 1);
        if chosen {
            let style = theme.accent().bold();
            text::left(
                buf,
                heading,
                &[(&mark, style), (&number, style), (" ", theme.text())],
            );
        } else {
            text::left(buf, heading, &[(&number, theme.dim()), (" ", theme.text())]);
        }
        let view = View::on(stage, sample, cut);
        let tile = Rect::new(x, area.y + 1, columns, rows).intersection(area);
        view.draw_image(app.above, theme, tile, buf);
        let below = Rect::new(x, area.y + 1 + rows, columns, rows).intersection(area);
        view.draw_reconstruction(theme, below, buf);
    }
}
