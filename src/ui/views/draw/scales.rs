//! How like the data the picture is, on lines and in words.

use ratatui::{buffer::Buffer, layout::Rect};

use super::likeness::{self, Likeness};
use crate::{
    data::Classes,
    message::{Around, Made},
    ui::{
        frame::Body,
        theme::{Depth, Glyphs, Theme},
        views::{Stage, behind},
        widget::text,
    },
};

/// Columns of a scale, and of the words beside it, at the least.
const SCALE: u16 = 26;

/// Where a scale begins.
const SCALE_AT: u16 = 8;

/// How like the data the picture is.
pub(super) fn render(stage: &Stage, made: Option<&Made>, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let classes = stage.app.classes();
    let one = match classes {
        Classes::Digits => "a digit",
        _ => "one of these images",
    };
    let around = made.and_then(|made| made.around.as_ref());
    let worse = made.and_then(|made| made.worse_than);
    let farther = around.and_then(|around| around.farther_than);
    let says = likeness::sentence(worse, farther, one);
    let sentence = |row: Rect, buf: &mut Buffer| {
        let style = match worse.map(Likeness::of).max(farther.map(Likeness::of)) {
            Some(Likeness::Not) => theme.warning(),
            Some(Likeness::Hardly) => theme.added(),
            _ => theme.text(),
        };
        text::left(buf, row, &[(says.as_deref().unwrap_or(""), style)]);
    };
    if area.height < 4 {
        sentence(area, buf);
        return;
    }
    let mut rows = area.rows();
    let mut row = || rows.next().unwrap_or_default();
    let like = format!("how like {one} is this?");
    let near = match (around, stage.frame.body) {
        (Some(around), Body::Narrow(_)) => {
            let index = around.nearest.index.to_string();
            let image = text::image(&index, &classes, around.nearest.label);
            format!("nearest real {image}")
        }
        (Some(_), Body::Wide(_)) => {
            let answer = stage.seen.answers.draw.as_ref();
            let behind = answer.and_then(|answer| behind::at_step(answer.real_at, answer.step));
            behind.unwrap_or_else(|| format!("{} nearest codes", Around::NEIGHBOURS))
        }
        (None, _) => String::new(),
    };
    text::title(buf, row(), theme, &like, &[(&near, theme.dim())]);
    scale("picture", "worse", worse, theme, row(), buf);
    scale("code", "farther", farther, theme, row(), buf);
    nearby(around, &classes, theme, row(), buf);
    sentence(row(), buf);
}

/// A share of the data on a line, with ticks at the middle and where the unusual begins.
fn scale(name: &str, word: &str, share: Option<f32>, theme: Theme, row: Rect, buf: &mut Buffer) {
    let symbols = theme.symbols();
    text::left(buf, row, &[(name, theme.dim())]);
    let left = row.x + SCALE_AT;
    if left + SCALE > row.right() {
        return;
    }
    for column in 0..SCALE {
        let symbol = match column {
            13 => symbols.cross,
            24 => symbols.tick,
            _ => symbols.rule,
        };
        buf[(left + column, row.y)]
            .set_char(symbol)
            .set_style(theme.faint());
    }
    let Some(share) = share else { return };
    let (column, style) = match Likeness::of(share) {
        // Evenly up to the tick, beyond it the rest.
        Likeness::Usual => ((share / 0.99 * 23.0).round() as u16, theme.accent()),
        Likeness::Hardly => (SCALE - 2, theme.added()),
        Likeness::Not => (SCALE - 1, theme.warning()),
    };
    buf[(left + column, row.y)]
        .set_char(symbols.now)
        .set_style(style);
    let words = likeness::share(word, share);
    let free = Rect {
        x: left + SCALE + 1,
        width: row.right().saturating_sub(left + SCALE + 1),
        ..row
    };
    text::right(buf, free, &[(&words, style)]);
}

/// The labels of the nearest codes, each as wide as its share.
fn nearby(around: Option<&Around>, classes: &Classes, theme: Theme, row: Rect, buf: &mut Buffer) {
    // Without labels those nearby have nothing to tell them by.
    let labelled = *classes != Classes::Unlabelled;
    if labelled {
        text::left(buf, row, &[("nearby", theme.dim())]);
    }
    let Some(around) = around.filter(|_| labelled) else {
        return;
    };
    let total: usize = around.labels.iter().map(|(_, count)| count).sum();
    let left = row.x + SCALE_AT;
    if total == 0 || left + SCALE > row.right() {
        return;
    }
    let edge = |before: usize| (before * usize::from(SCALE) / total) as u16;
    let mut before = 0;
    for &(label, count) in &around.labels {
        let (from, to) = (edge(before), edge(before + count));
        before += count;
        for column in from..to {
            let first = column == from;
            let mark = text::mark(classes, label, theme);
            let cell = &mut buf[(left + column, row.y)];
            cell.reset();
            match theme.depth {
                Depth::None => cell.set_char(if first { mark } else { symbol_of(theme) }),
                _ => cell
                    .set_char(if first { mark } else { ' ' })
                    .set_style(theme.class_chip(label)),
            };
        }
    }
    if let Some((label, count)) = around.labels.first() {
        let words = match classes {
            Classes::Digits => format!("{count} of {total} are {label}s"),
            _ => format!("{count} of {total}: {}", classes.one(*label)),
        };
        let free = Rect {
            x: left + SCALE + 1,
            width: row.right().saturating_sub(left + SCALE + 1),
            ..row
        };
        text::right(buf, free, &[(&words, theme.text())]);
    }
}

fn symbol_of(theme: Theme) -> char {
    match theme.glyphs {
        Glyphs::Blocks => '█',
        Glyphs::Ascii => '#',
    }
}
