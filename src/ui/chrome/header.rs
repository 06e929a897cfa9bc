//! The first row: what runs, how far it is, and whether it moves.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::tabs;
use crate::{
    data::{Labels, mnist},
    message::{Moment, Observation, Phase},
    ui::{
        app::App,
        lesson::Lesson,
        past::Past,
        theme::{Depth, Glyphs, Theme, Tone},
        widget::text::{self, Span},
    },
    words::grouped,
};

/// Columns between the tabs, what runs, and how far it is.
pub(super) const GAP: u16 = 2;
/// And after the tabs, the last of which has a margin of its own.
pub(super) const AFTER_TABS: u16 = 1;

/// The row without its margins.
pub(super) fn row(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    }
}

/// Draws the row. When it gets short it loses, in this order: the data's name,
/// the layers from the code back, all layers, the time left, the other views. Never the state
/// or the epoch.
pub(in crate::ui) fn render(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    let row = row(area);
    let start = tabs::render(app, theme, row, buf) + AFTER_TABS;
    let sides = sides(app, theme, row.width);
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
    let data = match app.plan.recipe.digits {
        Labels::ALL => data,
        some => format!("{data} {some}"),
    };
    let room = row.right().saturating_sub(start);
    // Of other images than MNIST the name tells more than the layers back.
    let on = match &app.data {
        Some(known) if known.name != mnist::NAME => format!(" on {data}"),
        _ => String::new(),
    };
    let brief_on = format!("{brief}{on}");
    let called = text::plain(&app.plan.recipe.called(), theme);
    let called = if name == app.plan.recipe.preset.name() {
        called
    } else {
        name.clone()
    };
    let called_on = format!("{called}{on}");
    let middle = [
        vec![
            (title.as_str(), theme.text()),
            (" ", theme.text()),
            (&data, theme.dim()),
        ],
        match &*on {
            "" => vec![(title.as_str(), theme.text())],
            _ => vec![(&brief_on, theme.text())],
        },
        vec![(title.as_str(), theme.text())],
        vec![(&brief, theme.text())],
        vec![(&called_on, theme.text())],
        vec![(&called, theme.text())],
        vec![(&name, theme.text())],
        vec![],
    ];
    // The richest pair that fits, the right side first.
    let fitting = sides.iter().find_map(|side| {
        let side: Vec<Span> = side
            .iter()
            .map(|(words, style)| (words.as_str(), *style))
            .collect();
        let taken = text::columns(&side);
        let fits = |words: &[Span]| {
            let gap = if words.is_empty() { 0 } else { GAP };
            text::columns(words).saturating_add(taken + gap) <= room
        };
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
        text::right(buf, free, &side);
    }
}

/// What stands at the right, the richest first.
type Sides = Vec<Vec<(String, Style)>>;

fn sides(app: &App, theme: Theme, width: u16) -> Sides {
    match app.seen.as_deref().and_then(Past::of) {
        Some(past) => then(app, &past, theme, width),
        None => now(app, theme),
    }
}

/// Columns of the least that is told at the right; they are the same in every theme.
pub(super) fn least(app: &App, width: u16) -> u16 {
    let theme = Theme {
        depth: Depth::None,
        tone: Tone::Dark,
        glyphs: Glyphs::Blocks,
    };
    let sides = sides(app, theme, width);
    let least = sides.last().into_iter().flatten();
    least.map(|(words, _)| text::width(words)).sum()
}

/// How far the run is, how long it will take, and whether it moves.
fn now(app: &App, theme: Theme) -> Sides {
    let moment = app.seen.as_deref().map(|seen| &seen.moment);
    let epoch = moment.map_or_else(String::new, epoch);
    let left = moment.map_or_else(String::new, |moment| time_left(app, moment));
    let state_style = match app.failure {
        Some(_) => theme.warning().bold(),
        None => theme.accent().bold(),
    };
    let gap = || ("  ".to_owned(), theme.text());
    let epoch = (epoch, theme.text());
    let state = (state(app, theme.glyphs), state_style);
    let brief = vec![epoch.clone(), gap(), state.clone()];
    if let (Some(writer), Some(seen)) = (app.writer, &app.seen) {
        let pictures = (pictures(seen), theme.dim());
        let word = (writer.last_word().unwrap_or_default(), theme.dim());
        let full = [epoch, gap(), pictures, gap(), word.clone(), gap(), state];
        let [epoch, gap, _, _, _, _, state] = full.clone();
        return vec![
            full.into(),
            vec![epoch, gap.clone(), word, gap, state],
            brief,
        ];
    }
    // What is explored has no end to wait for.
    if !app.plan.trains {
        return vec![brief];
    }
    vec![vec![epoch, gap(), (left, theme.dim()), gap(), state], brief]
}

/// From this width on, what goes on meanwhile is said in full.
const IN_FULL: u16 = 98;
/// Below this one it is not said: the tape shows it.
const IN_BRIEF: u16 = 72;

/// Which moment of the past is seen, in a chip, and before it what goes on meanwhile.
fn then(app: &App, past: &Past, theme: Theme, width: u16) -> Sides {
    let chip = format!(" {} {} ", past.sign(theme), past.place());
    // Room for the longest is kept before it, so that its neighbours stand still.
    let room = (past.longest_place() + 4).saturating_sub(usize::from(text::width(&chip)));
    let chip = [
        (" ".repeat(room + 1), theme.text()),
        (chip, theme.past_chip()),
    ];
    let mut sides = Sides::new();
    if width >= IN_FULL {
        let steps = (format!("{}  ", past.steps()), theme.text());
        let meanwhile = (past.meanwhile(app), theme.dim());
        sides.push([&[steps, meanwhile], &chip[..]].concat());
    }
    if width >= IN_BRIEF {
        // The chip's own margin parts them.
        let room = " ".repeat(room);
        let brief = (format!("{}{room}", past.briefly(app)), theme.accent());
        sides.push(vec![brief, chip[1].clone()]);
    }
    sides.push(chip.into());
    sides
}

/// The layers up to the code, where the way back is the same: of many layers
/// more does not fit.
pub(in crate::ui) fn there(architecture: &str) -> String {
    let sizes: Vec<&str> = architecture.split('-').collect();
    if sizes.len() > 3 && sizes.iter().eq(sizes.iter().rev()) {
        format!("{} and back", sizes[..=sizes.len() / 2].join("-"))
    } else {
        architecture.into()
    }
}

/// Fixed width, so that nothing shifts: `epoch  4/10`.
pub(in crate::ui) fn epoch(moment: &Moment) -> String {
    let all = moment.film.epochs();
    if moment.phase == Phase::Exploring {
        return format!("step {}", grouped(moment.step));
    }
    let begun = begun(moment);
    format!("epoch {begun:>width$}/{all}", width = all.to_string().len())
}

/// Which weights are seen of a run that is watched: the newest that were written down.
fn pictures(seen: &Observation) -> String {
    format!("at step {}", grouped(seen.seen.step))
}

/// The epoch that is under way, from 1.
pub(in crate::ui) fn begun(moment: &Moment) -> u64 {
    let begun = moment.step.div_ceil(moment.film.steps_per_epoch());
    begun.clamp(1, moment.film.epochs().max(1))
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
    let writer = app.writer.filter(|_| app.seen.is_some());
    if let (None, Some(writer)) = (&app.failure, writer) {
        let (sign, plain, word) = writer.word();
        return signed(glyphs, [sign, plain], word, 8);
    }
    let waits = app.shown_lesson().is_some_and(Lesson::waits);
    if waits && app.failure.is_none() && app.phase() == Some(Phase::Paused) {
        return signed(glyphs, ['‖', '='], "waits for space", 0);
    }
    let (sign, plain, word) = match (&app.failure, app.phase()) {
        (Some(_), _) => ('■', '!', "failed"),
        (None, None) => ('○', '.', "loading"),
        (None, Some(Phase::Training)) => ('▶', '>', "training"),
        (None, Some(Phase::Paused)) => ('‖', '=', "paused"),
        (None, Some(Phase::Finished)) => ('●', '*', "finished"),
        (None, Some(Phase::Exploring)) => ('○', 'o', "exploring"),
    };
    let width = if app.plan.trains { 8 } else { 9 };
    signed(glyphs, [sign, plain], word, width)
}

fn signed(glyphs: Glyphs, [sign, plain]: [char; 2], word: &str, width: usize) -> String {
    let sign = match glyphs {
        Glyphs::Blocks => sign,
        Glyphs::Ascii => plain,
    };
    format!("{sign} {word:<width$}")
}
