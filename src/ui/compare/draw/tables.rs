//! What differs of the recipes, and what both come to.

use ratatui::{buffer::Buffer, layout::Rect};

use super::style;
use crate::{
    message::Observation,
    recipe::differences::{Difference, Known},
    ui::{
        chrome::header,
        compare::{
            pair::{Pair, name},
            words,
        },
        theme::Theme,
        widget::text::{self, Span},
    },
    words::counted,
};

/// Columns of what differs.
const WHAT: u16 = 11;
/// Columns of the measures from which on there is room for large numbers, and for usual ones.
const ROOMY: u16 = 44;
const USUAL: u16 = 38;

/// What is said beside the title.
fn rest(known: Known) -> &'static str {
    match known {
        Known::Recipes => "all else is the same",
        Known::Networks => "the rest is not known",
    }
}

/// A line for each difference: what it is, A's and B's. What has no room is named in the last.
pub(super) fn recipes(pair: &Pair, theme: Theme, area: Rect, buf: &mut Buffer) {
    let says: [Span; 1] = [(rest(pair.known), theme.dim())];
    text::title(buf, area, theme, "recipes differ in", &says);
    let body = text::body(area);
    let lines = usize::from(body.height);
    let all = &pair.differences;
    let (told, left) = if all.len() > lines {
        all.split_at(lines.saturating_sub(1))
    } else {
        (&all[..], &[][..])
    };
    if all.is_empty() {
        text::left(buf, body, &[(nothing(pair.known), theme.dim())]);
    }
    let column = (area.width.saturating_sub(WHAT)) / 2;
    for (row, difference) in body.rows().zip(told) {
        text::left(buf, row, &[(difference.what, theme.dim())]);
        for (side, left, width) in [
            (0, WHAT, column.saturating_sub(1)),
            (1, WHAT + column, row.width.saturating_sub(WHAT + column)),
        ] {
            let place = Rect {
                x: row.x + left,
                width,
                ..row
            };
            let words = fitted(&difference.words[side], place.width);
            text::left(buf, place, &[(&words, style(theme, side))]);
        }
    }
    if let Some(row) = body.rows().nth(told.len()).filter(|_| !left.is_empty()) {
        let words = format!("and in {}", whats(left));
        text::left(buf, row, &[(&words, theme.text())]);
    }
}

/// What differs by its names alone.
pub(super) fn recipes_in_brief(pair: &Pair, theme: Theme, area: Rect, buf: &mut Buffer) {
    if area.height < 2 {
        return;
    }
    text::title(buf, area, theme, "recipes differ in", &[]);
    let words = match &pair.differences[..] {
        [] => nothing(pair.known).to_owned(),
        differences => whats(differences),
    };
    let lines = text::wrapped(&words, area.width);
    let lines = if lines.len() < usize::from(area.height) {
        lines
    } else {
        vec![counted(pair.differences.len() as u64, "thing")]
    };
    for (row, line) in text::body(area).rows().zip(lines) {
        text::left(buf, row, &[(&line, theme.text())]);
    }
}

fn nothing(known: Known) -> &'static str {
    match known {
        Known::Recipes => "nothing: they are of one recipe",
        Known::Networks => "nothing that the networks tell",
    }
}

fn whats(differences: &[Difference]) -> String {
    let whats: Vec<&str> = differences
        .iter()
        .map(|difference| difference.what)
        .collect();
    whats.join(", ")
}

/// Layers that have no room are told up to the code; other words end in dots.
fn fitted(words: &str, columns: u16) -> String {
    if text::width(words) <= columns {
        return words.into();
    }
    let words = header::there(words);
    if text::width(&words) <= columns {
        return words;
    }
    let kept = usize::from(columns.saturating_sub(2));
    let kept: String = words.chars().take(kept).collect();
    format!("{kept}..")
}

/// A line for each measure, A's in green, B's in orange.
pub(super) fn measures(
    pair: &Pair,
    seen: [&Observation; 2],
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let title = if pair.live { "so far" } else { "measures" };
    let column = match area.width {
        ROOMY.. => 10,
        USUAL.. => 8,
        _ => 6,
    };
    let right = |word: &str| format!("{word:>column$}");
    let heads = [0, 1].map(|side| right(name(side)));
    let says: [Span; 2] = [(&heads[0], style(theme, 0)), (&heads[1], style(theme, 1))];
    text::title(buf, area, theme, title, &says);
    for (row, (names, numbers)) in text::body(area).rows().zip(words::measures(pair, seen)) {
        let room = row.width.saturating_sub(2 * column as u16);
        let fits = names.iter().find(|name| text::width(name) <= room);
        let what = fits.or(names.last()).map_or("", String::as_str);
        let place = Rect { width: room, ..row };
        text::left(buf, place, &[(what, theme.dim())]);
        let [a, b] = numbers.map(|number| right(&number));
        text::right(buf, row, &[(&a, style(theme, 0)), (&b, style(theme, 1))]);
    }
}
