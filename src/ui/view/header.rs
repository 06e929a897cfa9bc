//! The first row: what runs, how far it is, and whether it moves.

use ratatui::{buffer::Buffer, layout::Rect};

use super::text::{self, Span};
use crate::{
    message::{Moment, Phase},
    ui::{
        app::App,
        theme::{Depth, Glyphs, Theme},
    },
};

/// Draws the row. When it gets short it loses, in this order: the data's name,
/// the layers, the time left. Never the state or the epoch.
pub(super) fn render(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    let row = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let tab = if theme.depth == Depth::None {
        "[Train]"
    } else {
        " Train "
    };
    let name: [Span; 3] = [
        ("ae-tui", theme.accent().bold()),
        (" ", theme.text()),
        (tab, theme.active_tab()),
    ];
    let start = text::left(buf, row, &name) + 2;

    let state = state(app, theme.glyphs);
    let epoch = app
        .seen
        .as_ref()
        .map_or_else(String::new, |seen| epoch(&seen.moment));
    let left = app
        .seen
        .as_ref()
        .map_or_else(String::new, |seen| time_left(&seen.moment));
    let state_style = match app.failure {
        Some(_) => theme.warning().bold(),
        None => theme.accent().bold(),
    };
    let state: [Span; 1] = [(&state, state_style)];
    let moment: [Span; 3] = [(&epoch, theme.text()), ("  ", theme.text()), state[0]];
    let whole: [Span; 5] = [
        moment[0],
        ("  ", theme.text()),
        (&left, theme.dim()),
        ("  ", theme.text()),
        state[0],
    ];

    let title = format!("{} {}", app.plan.title, app.plan.architecture);
    let data = app.data.as_ref().map_or("", |data| data.name.as_str());
    let columns = |spans: &[Span]| {
        spans
            .iter()
            .map(|(words, _)| text::width(words))
            .sum::<u16>()
    };
    let room = row.right().saturating_sub(start);
    let middle = [
        vec![
            (title.as_str(), theme.text()),
            (" ", theme.text()),
            (data, theme.dim()),
        ],
        vec![(title.as_str(), theme.text())],
        vec![(app.plan.title.as_str(), theme.text())],
        vec![],
    ];
    // The richest pair that fits, the right side first.
    let sides: [&[Span]; 2] = [&whole, &moment];
    let fitting = sides.into_iter().find_map(|side| {
        let taken = columns(side) + 2;
        let words = middle.iter().find(|words| columns(words) + taken <= room);
        words.map(|words| (side, words))
    });
    if let Some((side, words)) = fitting {
        let free = Rect {
            x: start,
            width: room,
            ..row
        };
        text::left(buf, free, words);
        text::right(buf, free, side);
    }
}

/// Fixed width, so that nothing shifts: `epoch  4/10`.
fn epoch(moment: &Moment) -> String {
    let all = moment.film.epochs();
    if moment.phase == Phase::Exploring {
        return format!("step {}", text::grouped(moment.step));
    }
    let begun = moment
        .step
        .div_ceil(moment.film.steps_per_epoch())
        .clamp(1, all);
    format!("epoch {begun:>width$}/{all}", width = all.to_string().len())
}

/// Fixed width while it counts down; empty when there is nothing to wait for.
fn time_left(moment: &Moment) -> String {
    match moment.seconds_left {
        Some(seconds) if seconds < 100.0 => format!("{:>3} s left", seconds.ceil()),
        Some(seconds) if seconds < 6000.0 => format!("{:>3} min left", (seconds / 60.0).ceil()),
        Some(seconds) => format!("{:>3} h left", (seconds / 3600.0).ceil()),
        None => " ".repeat("  9 s left".len()),
    }
}

/// A sign and a word, of one width.
fn state(app: &App, glyphs: Glyphs) -> String {
    let (sign, plain, word) = match (&app.failure, app.phase()) {
        (Some(_), _) => ('■', '!', "failed"),
        (None, None) => ('○', '.', "loading"),
        (None, Some(Phase::Training)) => ('▶', '>', "training"),
        (None, Some(Phase::Paused)) => ('‖', '=', "paused"),
        (None, Some(Phase::Finished)) => ('●', '*', "finished"),
        (None, Some(Phase::Exploring)) => ('○', '?', "exploring"),
    };
    let sign = match glyphs {
        Glyphs::Blocks => sign,
        Glyphs::Ascii => plain,
    };
    format!("{sign} {word:<8}")
}
