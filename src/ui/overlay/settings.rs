//! The settings sheet as it is drawn.

mod rows;

use ratatui::{buffer::Buffer, layout::Rect};

use super::sheet::{self, Row};
use crate::{
    data::Classes,
    pace::Film,
    ui::{
        app::App,
        settings::{From, Line, Settings, words},
        theme::Theme,
    },
    words::grouped,
};
use rows::Rows;

/// From so many rows on the presets have one each.
const ROWS_FOR_PRESETS: u16 = 30;
/// From so many rows on there is one for a title of its own.
const ROWS_FOR_TITLES: u16 = 20;

/// Draws the sheet.
pub(in crate::ui) fn render(
    app: &App,
    settings: &Settings,
    theme: Theme,
    [area, screen]: [Rect; 2],
    buf: &mut Buffer,
) {
    let area = sheet::clear(area, screen, buf);
    let rows = Rows {
        app,
        settings,
        theme,
        width: area.width,
    };
    let is_tall = area.height >= ROWS_FOR_TITLES;
    let mut all = vec![Row::Title(
        if is_tall {
            "settings"
        } else {
            "settings: hold from the next step"
        }
        .into(),
        vec![(moment(app, settings, is_tall), theme.dim())],
    )];
    if is_tall {
        all.extend([Row::Blank, rows.heading_of_next()]);
    }
    all.extend([rows.rate(), rows.price(), rows.noise(), Row::Blank]);
    all.push(rows.heading_of_anew());
    all.extend(rows.numbers());
    all.extend([rows.batch(), rows.seed(), Row::Blank]);
    if area.height >= ROWS_FOR_PRESETS {
        all.extend(rows.presets());
    } else {
        all.push(rows.preset());
    }
    all.push(Row::Blank);
    let enter = rows.enter();
    let about = about(app, settings.line);
    let about = sheet::paragraph(&about, theme.dim(), area.width);
    let taken = all.iter().filter(|row| !matches!(row, Row::Blank)).count() + enter.len();
    let free = usize::from(area.height).saturating_sub(taken);
    // What the line is gives way before what Enter does; never a part of it.
    if is_tall && about.len() < free {
        all.push(Row::Title("the line you are on".into(), vec![]));
        all.extend(about);
        all.push(Row::Blank);
    } else if about.len() <= free {
        all.extend(about);
    }
    all.extend(enter);
    sheet::draw(all, theme, area, buf);
}

/// What the line is; what was measured of it was measured on MNIST.
fn about(app: &App, line: Line) -> String {
    match app.classes() {
        Classes::Digits => format!("{} {}", words::about(line), words::measured(line)),
        _ => words::about(line).into(),
    }
}

/// The moment that it would hold from.
fn moment(app: &App, settings: &Settings, is_tall: bool) -> String {
    let Some(seen) = &app.seen else {
        return String::new();
    };
    let step = match settings.from {
        From::Next => seen.moment.step,
        From::Moment(step) | From::Branch(step) => step,
    };
    let step_words = format!("step {}", grouped(step));
    if is_tall {
        format!(
            "{}, {}, {step_words}",
            app.plan.runs.own.name(),
            epoch(&seen.moment.film, step)
        )
    } else {
        step_words
    }
}

/// The epoch that a step belongs to.
fn epoch(film: &Film, step: u64) -> String {
    let begun = step.div_ceil(film.steps_per_epoch()).max(1);
    format!("epoch {begun}")
}

/// Whether the line is one that begins anew.
const fn is_anew(line: Line) -> bool {
    matches!(
        line,
        Line::Numbers | Line::Batch | Line::Seed | Line::Preset
    )
}
