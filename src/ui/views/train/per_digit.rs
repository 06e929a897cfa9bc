//! The held-out loss of each class: what is easy to draw and what is not.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::{
    data::Classes,
    message::Observation,
    ui::{app::App, theme::Theme, widget::text},
};

/// Columns of a loss, and between two columns of bars.
const NUMBER: u16 = 5;
const GUTTER: u16 = 2;
/// The least that a bar is drawn in.
const LEAST_BAR: u16 = 3;
/// The longest name.
const LONGEST: u16 = 12;

/// Bars under a title, of many classes in several columns. Images without labels have none.
pub(in crate::ui) fn render(
    app: &App,
    seen: &Observation,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let classes = app.classes();
    if classes == Classes::Unlabelled {
        return;
    }
    text::title(
        buf,
        area,
        theme,
        &classes.said("loss of each digit"),
        &[("held-out", theme.dim())],
    );
    let body = text::body(area);
    let Some(losses) = seen.map.digit_losses.as_deref() else {
        return;
    };
    let finite = losses.iter().copied().filter(|loss| loss.is_finite());
    let worst = finite.fold(0.0, f32::max);
    let rows = body.height.max(1);
    let across = (losses.len() as u16).div_ceil(rows).max(1);
    let width = (body.width + GUTTER) / across;
    let name = name_width(&classes, losses.len(), width);
    for (class, &loss) in (0u8..).zip(losses) {
        let (column, row) = (u16::from(class) / rows, u16::from(class) % rows);
        let entry = Rect {
            x: body.x + column * width,
            y: body.y + row,
            width: width.saturating_sub(GUTTER),
            height: 1,
        };
        let style = theme.text().fg(theme.class(class));
        let words = match name {
            1 => text::mark(&classes, class, theme).to_string(),
            columns => classes.name(class).chars().take(columns.into()).collect(),
        };
        text::left(buf, entry, &[(&words, style)]);
        if loss.is_finite() {
            bar(entry, name, loss, loss / worst, style, theme, buf);
        }
    }
}

/// Columns of the names: of the longest, where that leaves room for bars, or of marks.
fn name_width(classes: &Classes, count: usize, width: u16) -> u16 {
    let names = (0..count as u8).map(|class| text::width(&classes.name(class)));
    let longest = names.max().unwrap_or(1).min(LONGEST);
    let is_named = matches!(classes, Classes::Named(_));
    if is_named && longest + 1 + 3 * LEAST_BAR + 1 + NUMBER + GUTTER <= width {
        longest
    } else {
        1
    }
}

/// A loss and how much of the worst it is: half a row high, so that neighbours stay apart.
fn bar(entry: Rect, name: u16, loss: f32, part: f32, style: Style, theme: Theme, buf: &mut Buffer) {
    let number = text::loss(loss);
    // In narrow columns without what all of them have, or not at all: marks come first.
    let brief = number.strip_prefix('0').unwrap_or(&number).to_owned();
    let fits = |number: &String| name + 1 + text::width(number) <= entry.width;
    let Some(number) = [number, brief].into_iter().find(fits) else {
        return;
    };
    text::right(buf, entry, &[(&number, theme.dim())]);
    let room = entry
        .width
        .saturating_sub(name + 1 + text::width(&number) + 1);
    if room < LEAST_BAR {
        return;
    }
    let columns = (part.clamp(0.0, 1.0) * f32::from(room)).round() as u16;
    let from = entry.x + name + 1;
    for x in from..(from + columns).min(entry.right()) {
        buf[(x, entry.y)]
            .set_char(theme.symbols().eighths[3])
            .set_style(style);
    }
}
