//! The names of the views, beside the program's own: which one is looked at, and where the
//! others are clicked.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use super::header;
use crate::ui::{
    app::App,
    theme::{Depth, Theme},
    views::{Entry, TABLE, View},
    widget::text::{self, Span},
};

/// What stands before them.
const PROGRAM: &str = "ae-tui ";

/// What stands in the place of the tabs during a lesson.
const LESSON: &str = " lesson ";

/// The views that have a tab on a row of so many columns: all of them, or the one that is
/// looked at, where the others would take the place of epoch and state.
fn shown(app: &App, columns: u16) -> impl Iterator<Item = &'static Entry> {
    let all: u16 = TABLE.iter().map(|entry| columns_of(app, entry)).sum();
    let needed = text::width(PROGRAM) + all + header::AFTER_TABS + header::least(app, columns);
    let shows_all = needed <= columns;
    let active = app.view;
    let shown = move |entry: &&Entry| shows_all || entry.view == active;
    TABLE.iter().filter(shown)
}

/// Weights that nobody trains are explored, and a run that somebody else trains is watched.
fn name(app: &App, entry: &Entry) -> &'static str {
    match entry.view {
        View::Train if app.writer.is_some() => "Watch",
        View::Train if !app.plan.trains => "Explore",
        _ => entry.name,
    }
}

fn columns_of(app: &App, entry: &Entry) -> u16 {
    text::width(name(app, entry)) + 2
}

/// Draws the program's name and the tabs; the column after them.
pub(super) fn render(app: &App, theme: Theme, row: Rect, buf: &mut Buffer) -> u16 {
    let draw = |x: u16, words: &str, style: Style, buf: &mut Buffer| {
        let free = Rect {
            x: x.min(row.right()),
            width: row.right().saturating_sub(x),
            ..row
        };
        let span: [Span; 1] = [(words, style)];
        text::left(buf, free, &span)
    };
    let mut x = draw(row.x, PROGRAM, theme.accent().bold(), buf);
    if app.shown_lesson().is_some() {
        let chip = match theme.depth {
            Depth::None => "[lesson]",
            _ => LESSON,
        };
        return draw(x, chip, theme.active_tab(), buf);
    }
    for entry in shown(app, row.width) {
        let name = name(app, entry);
        let active = entry.view == app.view;
        let tab = match (active, theme.depth) {
            (true, Depth::None) => format!("[{name}]"),
            _ => format!(" {name} "),
        };
        let style = if active {
            theme.active_tab()
        } else {
            theme.dim()
        };
        x = draw(x, &tab, style, buf);
    }
    x
}

/// The view whose tab is at this place of the header.
pub(in crate::ui) fn at(app: &App, header: Rect, place: Position) -> Option<View> {
    let row = header::row(header);
    if place.y != row.y || app.shown_lesson().is_some() {
        return None;
    }
    let mut x = row.x + text::width(PROGRAM);
    shown(app, row.width).find_map(|entry| {
        let tab = x..x + columns_of(app, entry);
        x = tab.end;
        tab.contains(&place.x).then_some(entry.view)
    })
}
