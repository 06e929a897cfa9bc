//! What is said below the table: what it means, or what is amiss and what helps.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Columns, words};
use crate::{
    message::{Finding, InsideAnswer, Phase},
    ui::{
        theme::Theme,
        views::{Stage, inside::layout::Table},
        widget::text,
    },
};

/// The longest form of an advice that there is room for.
pub(in crate::ui::views::inside) fn warning(
    finding: &Finding,
    answer: &InsideAnswer,
    stage: &Stage,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = stage.theme;
    let forms = words::advice(finding, &answer.layers, &stage.seen.recipe);
    let sign = if words::warns(finding) { "! " } else { "" };
    let style = if words::warns(finding) {
        theme.warning()
    } else {
        theme.text()
    };
    let room = area.width.saturating_sub(text::width(sign));
    let form = forms
        .iter()
        .find(|form| text::width(form) <= room || fits_in_lines(form, room, area.height));
    let Some(form) = form else { return };
    for (number, (line, row)) in text::wrapped(form, room)
        .iter()
        .zip(area.rows())
        .enumerate()
    {
        let sign = if number == 0 || sign.is_empty() {
            sign
        } else {
            "  "
        };
        text::left(buf, row, &[(sign, style), (line, style)]);
    }
}

fn fits_in_lines(words: &str, room: u16, rows: u16) -> bool {
    rows > 1 && text::wrapped(words, room).len() <= usize::from(rows)
}

/// What the table means, or what is amiss.
pub(super) fn render(
    stage: &Stage,
    answer: &InsideAnswer,
    at: &Table,
    columns: &Columns,
    buf: &mut Buffer,
) {
    let wide = columns.norms.is_some();
    let theme = stage.theme;
    if at.notes.is_empty() {
        return;
    }
    let dead_from = columns.norms.map_or(0, |[gradient, ..]| gradient);
    let left = Rect {
        width: if wide {
            dead_from.saturating_sub(1).min(at.notes.width)
        } else {
            at.notes.width
        },
        ..at.notes
    };
    if let Some(finding) = answer.findings.first() {
        warning(finding, answer, stage, left, buf);
    } else {
        meaning(answer, wide, theme, left, buf);
    }
    if !wide {
        return;
    }
    let right = Rect {
        x: at.notes.x + dead_from.min(at.notes.width),
        width: at.notes.width.saturating_sub(dead_from),
        ..at.notes
    };
    let mut rows = right.rows();
    if answer.norms.is_empty() && stage.seen.moment.phase == Phase::Exploring {
        if let Some(row) = rows.next() {
            let words = "This file has no history: train to";
            text::left(buf, row, &[(words, theme.dim())]);
        }
        if let Some(row) = rows.next() {
            text::left(buf, row, &[("see one.", theme.dim())]);
        }
        return;
    }
    let sign = format!("{} ", theme.symbols().dead);
    let chosen = &answer.layers[answer.sights[answer.unit.sight].layer];
    let named = if chosen.dead_count() > 0 {
        Some(chosen)
    } else {
        answer.layers.iter().find(|seen| seen.dead_count() > 0)
    };
    let Some(named) = named else { return };
    if let Some(row) = rows.next() {
        let words = [
            (&*sign, theme.warning()),
            ("dead", theme.warning()),
            (": zero for every image", theme.dim()),
        ];
        text::left(buf, row, &words);
    }
    if let Some(row) = rows.next() {
        let name = format!("{}:", words::name(&named.layer, true));
        let room = row.width.saturating_sub(text::width(&name) + 3);
        let numbers = words::numbers(named, room);
        let words = [
            (&*sign, theme.warning()),
            (&*name, theme.dim()),
            (&*numbers, theme.dim()),
        ];
        text::left(buf, row, &words);
    }
}

/// What the table and the tiles mean.
fn meaning(answer: &InsideAnswer, wide: bool, theme: Theme, area: Rect, buf: &mut Buffer) {
    let lines: &[&str] = match (wide, answer.layers[0].layer.map) {
        (false, None) => &["Brighter: it says more. Green: what it says."],
        (false, Some(_)) => &["A cell is a map: brighter, it answers more."],
        (true, None) => &[
            "Norms over the film; gradient on a log scale.",
            "Green on a tile: its answer to this image.",
        ],
        (true, Some(_)) => &[
            "A cell is a map: brighter, more of it answers.",
            "Norms over the film; gradient on a log scale.",
        ],
    };
    for (row, line) in area.rows().zip(lines) {
        if text::width(line) <= row.width {
            text::left(buf, row, &[(line, theme.dim())]);
        }
    }
}
