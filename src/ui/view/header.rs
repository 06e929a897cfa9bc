//! The first row: what runs, how far it is, and whether it moves.

use ratatui::{buffer::Buffer, layout::Rect};

use super::text::{self, Span};
use crate::{
    message::{Moment, Phase},
    ui::{
        app::App,
        theme::{Depth, Glyphs, Theme},
    },
    words::grouped,
};

/// Draws the row. When it gets short it loses, in this order: the data's name,
/// the layers from the code back, all layers, the time left. Never the state or the epoch.
pub(super) fn render(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    let row = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let view = if app.plan.trains { "Train" } else { "Explore" };
    let tab = if theme.depth == Depth::None {
        format!("[{view}]")
    } else {
        format!(" {view} ")
    };
    let name: [Span; 3] = [
        ("ae-tui", theme.accent().bold()),
        (" ", theme.text()),
        (&tab, theme.active_tab()),
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
        .map_or_else(String::new, |seen| time_left(app, &seen.moment));
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

    let name = text::plain(&app.plan.title, theme);
    let title = format!(
        "{name} {}",
        text::plain(&app.plan.recipe.architecture().to_string(), theme)
    );
    let brief = format!(
        "{name} {}",
        text::plain(&there(&app.plan.recipe.architecture().to_string()), theme)
    );
    let data = app
        .data
        .as_ref()
        .map_or_else(String::new, |data| text::plain(&data.name, theme));
    let room = row.right().saturating_sub(start);
    let middle = [
        vec![
            (title.as_str(), theme.text()),
            (" ", theme.text()),
            (&data, theme.dim()),
        ],
        vec![(title.as_str(), theme.text())],
        vec![(&brief, theme.text())],
        vec![(&name, theme.text())],
        vec![],
    ];
    // The richest pair that fits, the right side first. What is explored has
    // no end to wait for.
    let sides: &[&[Span]] = if app.plan.trains {
        &[&whole, &moment]
    } else {
        &[&moment]
    };
    let fitting = sides.iter().find_map(|side| {
        let taken = text::columns(side) + 2;
        let fits = |words: &[Span]| text::columns(words).saturating_add(taken) <= room;
        let words = middle.iter().find(|words| fits(words));
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

/// The layers up to the code, where the way back is the same: of many layers
/// more does not fit.
fn there(architecture: &str) -> String {
    let sizes: Vec<&str> = architecture.split('-').collect();
    if sizes.len() > 3 && sizes.iter().eq(sizes.iter().rev()) {
        format!("{} and back", sizes[..=sizes.len() / 2].join("-"))
    } else {
        architecture.into()
    }
}

/// Fixed width, so that nothing shifts: `epoch  4/10`.
pub(super) fn epoch(moment: &Moment) -> String {
    let all = moment.film.epochs();
    if moment.phase == Phase::Exploring {
        return format!("step {}", grouped(moment.step));
    }
    let begun = moment
        .step
        .div_ceil(moment.film.steps_per_epoch())
        .clamp(1, all.max(1));
    format!("epoch {begun:>width$}/{all}", width = all.to_string().len())
}

/// Columns of the time left: `100 min left`.
const TIME_LEFT: usize = 12;

/// Fixed width; blank when there is nothing to wait for.
fn time_left(app: &App, moment: &Moment) -> String {
    let words = match moment.seconds_left {
        _ if !app.moves() => String::new(),
        Some(seconds) if seconds < 100.0 => format!("{} s left", seconds.ceil()),
        Some(seconds) if seconds < 6000.0 => format!("{} min left", (seconds / 60.0).ceil()),
        Some(seconds) if seconds < 3_600_000.0 => {
            format!("{} h left", (seconds / 3600.0).ceil())
        }
        Some(_) | None => String::new(),
    };
    format!("{words:>TIME_LEFT$}")
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
    let width = if app.plan.trains { 8 } else { 9 };
    format!("{sign} {word:<width$}")
}
