//! The palette as it is drawn: what was typed, what was found, and what Enter will do.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::sheet::{self, Row, Words};
use crate::ui::{
    app::App,
    find::{self, Find, Found},
    theme::{Glyphs, Theme},
    widget::text,
};

/// Columns of the mark and of the sort, with the blanks behind them.
const MARK: usize = 2;
const SORT: usize = 9;
/// Columns of the key at the right, the longest of which is `shift-tab`.
const KEY: usize = 10;
/// Columns that a name has before what is said of it goes.
const NAME: usize = 24;

/// Draws the palette.
pub(in crate::ui) fn render(
    app: &App,
    find: &Find,
    theme: Theme,
    [area, screen]: [Rect; 2],
    buf: &mut Buffer,
) {
    let area = sheet::clear(area, screen, buf);
    let found = find.found(app);
    let marked = find.marked(&found);
    let below = found.get(marked).map_or_else(
        || {
            sheet::paragraph(
                "Nothing is called that. Backspace takes back a letter.",
                theme.text(),
                area.width,
            )
        },
        |found| about(app, found, theme, area.width),
    );
    let head = heading(find, found.len(), theme, area.width);
    let taken = head.len() + below.len() + 1;
    let shown = usize::from(area.height).saturating_sub(taken);
    let first = marked.saturating_sub(shown.saturating_sub(1));
    let list = found.iter().enumerate().skip(first).take(shown);
    let list = list.map(|(place, found)| row(app, found, place == marked, theme, area.width));
    let mut rows: Vec<Row> = head;
    rows.extend(list);
    rows.push(Row::Blank);
    rows.extend(below);
    sheet::draw(rows, theme, area, buf);
}

fn heading(find: &Find, found: usize, theme: Theme, width: u16) -> Vec<Row> {
    let typed: String = find.typed.chars().collect();
    let room = usize::from(width).saturating_sub(4);
    let beyond = typed.chars().count().saturating_sub(room);
    let typed: String = typed.chars().skip(beyond).collect();
    let hint = if find.typed.is_empty() {
        "a key, a view, a setting, a word, a number"
    } else {
        ""
    };
    vec![
        Row::Title("find".into(), vec![(format!("{found} found"), theme.dim())]),
        Row::Words(
            vec![
                ("/ ".into(), theme.accent().bold()),
                (text::plain(&typed, theme), theme.title()),
                ("_".into(), theme.accent()),
                (format!(" {hint}"), theme.dim()),
            ],
            vec![],
        ),
        Row::Blank,
    ]
}

/// A line of what was found: its sort, its name with what was typed in it, what it is now, and
/// its key.
fn row(app: &App, found: &Found, marked: bool, theme: Theme, width: u16) -> Row {
    let entry = &found.entry;
    let mark = if marked { theme.symbols().chosen } else { ' ' };
    let style = match (entry.idle, marked) {
        (Some(_), _) => theme.dim(),
        (None, true) => theme.title(),
        (None, false) => theme.text(),
    };
    let room = usize::from(width).saturating_sub(MARK + SORT + KEY);
    let name: Vec<char> = text::plain(&entry.name, theme).chars().take(room).collect();
    let mut words: Words = vec![
        (format!("{mark:<MARK$}"), theme.accent()),
        (format!("{:<SORT$}", entry.kind.name()), theme.dim()),
    ];
    for run in runs(&name, &found.typed) {
        let style = if run.0 && entry.idle.is_none() {
            theme.accent()
        } else {
            style
        };
        words.push((run.1, style));
    }
    let says = entry.idle.map_or_else(|| entry.says.clone(), str::to_owned);
    let says = app.classes().said(&text::plain(&says, theme));
    let free = room.saturating_sub(name.len().max(NAME.min(name.len())) + 2);
    // What does not fit whole is told below.
    let says = if text::width(&says) as usize <= free {
        says
    } else {
        String::new()
    };
    let key = match theme.glyphs {
        Glyphs::Blocks => in_arrows(&entry.key),
        Glyphs::Ascii => entry.key.clone(),
    };
    let right: Words = vec![
        (says, theme.dim()),
        (
            format!("{key:>KEY$}"),
            if entry.idle.is_some() {
                theme.dim()
            } else {
                theme.accent().bold()
            },
        ),
    ];
    Row::Words(words, right)
}

fn in_arrows(key: &str) -> String {
    match key {
        "left" => "←".into(),
        "right" => "→".into(),
        "up" => "↑".into(),
        "down" => "↓".into(),
        other => other.into(),
    }
}

/// The name in runs of what was typed and what was not.
fn runs(name: &[char], typed: &[usize]) -> Vec<(bool, String)> {
    let mut runs: Vec<(bool, String)> = Vec::new();
    for (place, letter) in name.iter().enumerate() {
        let is_typed = typed.contains(&place);
        match runs.last_mut() {
            Some((kind, run)) if *kind == is_typed => run.push(*letter),
            _ => runs.push((is_typed, (*letter).into())),
        }
    }
    runs
}

/// What the marked line is, and what Enter does with it.
fn about(app: &App, found: &Found, theme: Theme, width: u16) -> Vec<Row> {
    let entry = &found.entry;
    let title = |name: &str, says: &str| {
        let says: Vec<(String, Style)> = vec![(says.into(), theme.dim())];
        Row::Title(name.into(), says)
    };
    let mut rows = vec![title("the line you are on", entry.kind.name())];
    let mut words = entry.name.clone();
    if !entry.says.is_empty() {
        words = format!("{words}: {}", entry.says);
    }
    if let find::Does::Set(line) = entry.does {
        words = format!("{words}. {}", crate::ui::settings::words::about(line));
    }
    let words = app.classes().said(&text::plain(&words, theme));
    rows.extend(sheet::paragraph(&words, theme.dim(), width));
    rows.push(title("enter", "before you press it"));
    rows.extend(sheet::paragraph(
        &find::enter(app, entry),
        theme.text(),
        width,
    ));
    rows
}
