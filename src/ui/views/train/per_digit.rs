//! The held-out loss of each digit, or class of other data: what is easy to draw and what is not.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    message::Observation,
    ui::{app::App, theme::Theme, widget::text},
};

/// Ten rows of bars under a title.
pub(in crate::ui) fn render(
    app: &App,
    seen: &Observation,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    text::title(
        buf,
        area,
        theme,
        &app.classes().said("loss of each digit"),
        &[("held-out", theme.dim())],
    );
    let Some(losses) = seen.map.digit_losses else {
        return;
    };
    let worst = losses
        .iter()
        .copied()
        .filter(|loss| loss.is_finite())
        .fold(0.0, f32::max);
    for ((digit, loss), row) in (0u8..).zip(losses).zip(text::body(area).rows()) {
        let name = digit.to_string();
        let number = text::loss(loss);
        let colour = theme.text().fg(theme.digit(digit));
        text::left(buf, row, &[(&name, colour)]);
        if !loss.is_finite() {
            continue;
        }
        text::right(buf, row, &[(&number, theme.dim())]);
        let room = row.width.saturating_sub(2 + text::width(&number) + 1);
        bar(
            buf,
            theme,
            Rect {
                x: row.x + 2,
                width: room,
                ..row
            },
            loss / worst,
            colour,
        );
    }
}

/// Half a row high, so that neighbours stay apart.
fn bar(buf: &mut Buffer, theme: Theme, area: Rect, part: f32, style: ratatui::style::Style) {
    let columns = (part.clamp(0.0, 1.0) * f32::from(area.width)).round() as u16;
    for x in area.x..(area.x + columns).min(area.right()) {
        buf[(x, area.y)]
            .set_char(theme.symbols().eighths[3])
            .set_style(style);
    }
}
