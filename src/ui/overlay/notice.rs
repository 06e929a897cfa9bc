//! Words that stand alone: a screen that is too small or still empty, a question, a failure.

use std::fmt::Write;

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::restart;
use crate::{
    message::Phase,
    ui::{
        app::{App, Overlay},
        chrome::header,
        frame::SMALLEST,
        past::{self, Past},
        runs,
        theme::{Glyphs, Theme},
        widget::text::{self, Span},
    },
    words::{grouped, noun},
};

/// Calm words for a window that cannot hold the view.
pub(in crate::ui) fn too_small(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    let (width, height) = SMALLEST;
    let mut words = format!(
        "ae-tui needs {width}x{height}, this is {}x{}.",
        area.width, area.height
    );
    // A question must be seen to be answered.
    let question = match &app.overlay {
        Overlay::ConfirmQuit => {
            let lost = words_of_loss(app).join(" ");
            let saves = if saves(app) { "s saves, " } else { "" };
            Some(format!("{lost} {saves}q quits, Esc stays."))
        }
        Overlay::ConfirmForget(at) => Some(runs::question(app, *at)),
        Overlay::ConfirmRestart(_) => {
            let lost = restart::words_of_loss(app);
            Some(format!("{lost} s saves, R restarts, Esc stays."))
        }
        Overlay::Naming { typed, .. } => {
            let typed = text::plain(typed, theme);
            Some(format!("Save as: {typed}_ Enter saves, Esc stays."))
        }
        _ => None,
    };
    if let Some(question) = question {
        let _ = write!(words, " {question}");
    } else if let Some(seen) = &app.seen {
        let does = match (&app.failure, seen.moment.phase) {
            (Some(_), _) => "Training stopped",
            (None, Phase::Training) => "Training goes on",
            (None, Phase::Paused) => "Training is paused",
            (None, Phase::Finished) => "Training is finished",
            (None, Phase::Exploring) => "Exploring",
        };
        let _ = write!(words, " {does}: {}", header::epoch(&seen.moment));
        // What is seen of the past has another loss.
        match (Past::of(seen), seen.curve.held_out) {
            (Some(past), _) => {
                let _ = write!(words, ", seen {}", past.place());
            }
            (None, Some(loss)) => {
                let _ = write!(words, ", held-out {}", text::loss(loss).trim_start());
            }
            (None, None) => {}
        }
        words += ".";
    }
    for (row, line) in area.rows().zip(text::wrapped(&words, area.width)) {
        text::left(buf, row, &[(&line, theme.text())]);
    }
}

/// The moment before there is anything to see.
pub(in crate::ui) fn waiting(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    let words = match (&app.failure, &app.data) {
        (Some(_), _) => return,
        (None, None) => "Reading the images.",
        (None, Some(_)) => "A first look at the images.",
    };
    let row = Rect {
        y: area.y + area.height / 2,
        height: 1,
        x: area.x + area.width.saturating_sub(text::width(words)) / 2,
        width: text::width(words).min(area.width),
    };
    text::left(buf, row, &[(words, theme.dim())]);
}

/// Whether to leave without saving.
pub(in crate::ui) fn confirm_quit(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    let lost = words_of_loss(app).into_iter();
    let mut lines: Vec<Line> = lost.map(|words| vec![(words, theme.text())]).collect();
    let save = ("s", past::save(app));
    let leave = [("q", "quit without saving"), ("Esc", "stay")];
    let answers: Vec<_> = saves(app)
        .then_some(save)
        .into_iter()
        .chain(leave)
        .collect();
    lines.extend([vec![], keys(theme, &answers)]);
    panel(theme, "leave?", theme.title(), &lines, area, buf);
}

/// Whether what is shown is among what would be lost.
fn saves(app: &App) -> bool {
    app.unsaved_steps() > 0
}

/// What would be lost with this run and with those before it, a sentence each.
pub(in crate::ui) fn words_of_loss(app: &App) -> Vec<String> {
    let own = saves(app).then(|| in_no_file(app.unsaved_steps()));
    let either = if own.is_some() {
        " either"
    } else {
        "; B leads back"
    };
    let others = match &app.unsaved_others()[..] {
        [] => None,
        [one] => Some(format!("Run {one} is in no file{either}.")),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            let first = first.join(", ");
            Some(format!("Runs {first} and {last} are in no file{either}."))
        }
    };
    own.into_iter().chain(others).collect()
}

/// Why the weights are in no file, and where else they are to go.
pub(in crate::ui) fn naming(why: &str, typed: &str, theme: Theme, area: Rect, buf: &mut Buffer) {
    let width = area.width.saturating_sub(12).min(72);
    let mut lines: Vec<Line> = text::wrapped(&text::plain(why, theme), width)
        .into_iter()
        .take(LINES)
        .map(|line| vec![(line, theme.warning())])
        .collect();
    lines.push(vec![]);
    // The end is what is being typed, and is seen.
    let label = "save as ";
    let mut typed = text::plain(typed, theme);
    while text::width(&typed) + text::width(label) + 1 > width {
        typed.remove(0);
    }
    lines.push(vec![
        (label.into(), theme.text()),
        (typed, theme.accent().bold()),
        ("_".into(), theme.accent()),
    ]);
    lines.push(vec![]);
    lines.push(keys(theme, &[("Enter", "save"), ("Esc", "stay")]));
    panel(theme, "save where?", theme.title(), &lines, area, buf);
}

/// So much training would be lost.
pub(in crate::ui) fn in_no_file(number: u64) -> String {
    let verb = if number == 1 { "is" } else { "are" };
    format!("{} of training {verb} in no file.", steps(number))
}

/// `1 step`, `1,234 steps`.
pub(in crate::ui) fn steps(number: u64) -> String {
    format!("{} {}", grouped(number), noun(number, "step"))
}

/// Lines of a message that are shown; what follows helps nobody.
const LINES: usize = 4;

/// Why the training ended, and what can be done.
pub(in crate::ui) fn failure(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    let Some(failure) = &app.failure else { return };
    let width = area.width.saturating_sub(12).min(72);
    let mut lines: Vec<Line> = Vec::new();
    for (words, style) in [
        (failure.to_string(), theme.warning()),
        (failure.advice(), theme.text()),
    ] {
        lines.extend(
            text::wrapped(&text::plain(&words, theme), width)
                .into_iter()
                .take(LINES)
                .map(|line| vec![(line, style)]),
        );
        lines.push(vec![]);
    }
    lines.push(if app.seen.is_some() {
        keys(
            theme,
            &[
                ("s", "save last good weights"),
                ("Esc", "look around"),
                ("q", "quit"),
            ],
        )
    } else {
        keys(theme, &[("q", "quit")])
    });
    panel(
        theme,
        "training stopped",
        theme.warning().bold(),
        &lines,
        area,
        buf,
    );
}

/// A line of a panel.
pub(in crate::ui) type Line = Vec<(String, Style)>;

/// The line of the keys that a panel answers to.
pub(in crate::ui) fn keys(theme: Theme, keys: &[(&str, &str)]) -> Line {
    let mut line = Line::new();
    for (place, (key, does)) in keys.iter().enumerate() {
        let gap = if place > 0 { "   " } else { "" };
        line.extend([
            (format!("{gap}{key}"), theme.accent().bold()),
            (format!(" {does}"), theme.text()),
        ]);
    }
    line
}

/// A framed panel in the middle of the screen.
pub(in crate::ui) fn panel(
    theme: Theme,
    title: &str,
    title_style: Style,
    lines: &[Line],
    area: Rect,
    buf: &mut Buffer,
) {
    let widest = lines
        .iter()
        .map(|line| {
            line.iter()
                .fold(0, |sum, (words, _)| text::width(words).saturating_add(sum))
        })
        .max()
        .unwrap_or(0)
        .max(text::width(title) + 2);
    let (width, height) = (
        widest.saturating_add(6).min(area.width),
        (lines.len() as u16 + 4).min(area.height),
    );
    let frame = Rect::new(
        area.x + (area.width - width) / 2,
        area.y + (area.height - height) / 2,
        width,
        height,
    );
    draw_frame(theme, frame, buf);
    let heading = format!(" {title} ");
    text::left(buf, inset(frame, 2, 0), &[(&heading, title_style)]);
    for (row, line) in inset(frame, 3, 2).rows().zip(lines) {
        let spans: Vec<Span> = line
            .iter()
            .map(|(words, style)| (words.as_str(), *style))
            .collect();
        text::left(buf, row, &spans);
    }
}

fn inset(frame: Rect, columns: u16, rows: u16) -> Rect {
    Rect {
        x: frame.x + columns,
        y: frame.y + rows,
        width: frame.width.saturating_sub(2 * columns),
        height: frame.height.saturating_sub(2 * rows).max(1),
    }
}

fn draw_frame(theme: Theme, frame: Rect, buf: &mut Buffer) {
    let corners = match theme.glyphs {
        Glyphs::Blocks => ['╭', '╮', '╰', '╯'],
        Glyphs::Ascii => ['+'; 4],
    };
    let symbols = theme.symbols();
    for position in frame.positions() {
        let (left, right) = (position.x == frame.left(), position.x + 1 == frame.right());
        let (top, bottom) = (position.y == frame.top(), position.y + 1 == frame.bottom());
        let symbol = match (top, bottom, left, right) {
            (true, _, true, _) => corners[0],
            (true, _, _, true) => corners[1],
            (_, true, true, _) => corners[2],
            (_, true, _, true) => corners[3],
            (true, ..) | (_, true, ..) => symbols.rule,
            (_, _, true, _) | (_, _, _, true) => symbols.axis,
            _ => ' ',
        };
        let cell = &mut buf[position];
        cell.reset();
        cell.set_char(symbol).set_style(theme.dim());
    }
}
