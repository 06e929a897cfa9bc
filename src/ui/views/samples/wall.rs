//! The wall: a page of images over what the network makes of them.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{layout, place, words};
use crate::{
    lens::Sample,
    message::SamplesAnswer,
    ui::{
        pane::pictures::View,
        views::Stage,
        widget::{
            cut::Cut,
            text::{self, Span},
        },
    },
};

/// Draws the wall.
pub(super) fn render(stage: &Stage, wall: &layout::Wall, buf: &mut Buffer) {
    let answer = place::answer(stage.app);
    title(stage, answer, wall.area, buf);
    let Some(answer) = answer else {
        let words = [("waiting for the first weights", stage.theme.dim())];
        text::left(buf, text::body(wall.area), &words);
        return;
    };
    if answer.wall.order.is_empty() {
        let words = words::of_none(stage.app, &answer.wall);
        text::left(buf, text::body(wall.area), &[(&words, stage.theme.dim())]);
    }
    for (place, sample) in answer.page.iter().take(wall.pairs()).enumerate() {
        let area = wall.pair(place).intersection(wall.area);
        heading(stage, sample, area, buf);
        pair(stage, sample, text::body(area), buf);
    }
}

fn pair(stage: &Stage, sample: &Sample, area: Rect, buf: &mut Buffer) {
    let view = View::on(stage, sample, Cut::Thumb);
    let upper = Rect {
        height: Cut::Thumb.rows().min(area.height),
        ..area
    };
    let lower = Rect {
        y: upper.bottom(),
        height: area.height - upper.height,
        ..area
    };
    view.draw_image(stage.app.above, stage.theme, upper, buf);
    if stage.app.places.samples.difference {
        view.difference(stage.theme, lower, buf);
    } else {
        view.draw_reconstruction(stage.theme, lower, buf);
    }
}

/// The number of an image and its loss.
fn heading(stage: &Stage, sample: &Sample, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let row = Rect {
        height: area.height.min(1),
        ..area
    };
    let (index, loss) = (sample.index.to_string(), words::short(sample.loss));
    let mark = theme.symbols().chosen.to_string();
    let chosen = sample.index == stage.app.sample.index;
    let accent = theme.accent().bold();
    let (left, style): (&[Span], _) = if chosen {
        (&[(&mark, accent), (&index, accent)], accent)
    } else {
        (&[(&index, theme.dim())], theme.text())
    };
    let end = text::left(buf, row, left);
    let start = text::right(buf, row, &[(&loss, style)]);
    if !chosen {
        text::rule(buf, theme, row, end, start.saturating_sub(1));
    }
}

/// The order, and which part of it is seen.
fn title(stage: &Stage, answer: Option<&SamplesAnswer>, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let row = Rect {
        height: area.height.min(1),
        ..area
    };
    let name = words::of_order(stage.app, answer);
    let rule = format!(" {} ", theme.symbols().rule);
    let hint: [Span; 4] = [
        (&name, theme.title()),
        (&rule, theme.faint()),
        ("o", theme.accent()),
        (" order", theme.dim()),
    ];
    let says = answer.map_or_else(Vec::new, |answer| words::of_page(stage.app, answer));
    let hint = match says.last() {
        Some(least) if text::columns(&hint) + text::width(least) + 2 > row.width => &hint[..1],
        _ => &hint[..],
    };
    let end = text::left(buf, row, hint);
    let room = row.right().saturating_sub(end + 1);
    let fits = says.iter().find(|words| text::width(words) < room);
    let start = match fits {
        Some(words) => text::right(buf, row, &[(words, theme.dim())]) - 1,
        None => row.right(),
    };
    text::rule(buf, theme, row, end + 1, start);
}
