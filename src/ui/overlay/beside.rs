//! The list of what can be put beside the run: presets, then the runs of this screen.

use ratatui::{buffer::Buffer, layout::Rect};

use super::sheet::{self, Row};
use crate::ui::{
    app::{App, Beside},
    beside::{self, Choice},
    theme::Theme,
    widget::text,
};

/// Columns of an entry's name.
const NAME: usize = 11;

/// Draws the list.
pub(in crate::ui) fn render(
    app: &App,
    at: usize,
    theme: Theme,
    [area, screen]: [Rect; 2],
    buf: &mut Buffer,
) {
    let area = sheet::clear(area, screen, buf);
    let choices = beside::choices(app);
    let says = [("beside this run", theme.dim())];
    text::title(buf, area, theme, "compare", &says);
    let mut below = vec![Row::Title(
        "enter".into(),
        vec![("before you press it".into(), theme.dim())],
    )];
    if let Some(choice) = choices.get(at) {
        let words = text::plain(&beside::enter(app, choice), theme);
        below.extend(sheet::paragraph(&words, theme.text(), area.width));
    }
    let rows = (below.len() as u16).min(area.height.saturating_sub(2));
    let body = Rect {
        height: area.height.saturating_sub(1 + rows),
        ..text::body(area)
    };
    let (marked, list) = listed(&choices, at, theme);
    // What does not fit is scrolled, so that the marked one is seen with what stands over it.
    let room = usize::from(body.height);
    let first = (marked + 1)
        .saturating_sub(room)
        .min(list.len().saturating_sub(room));
    let list = list.into_iter().skip(first).take(room).collect();
    sheet::draw(list, theme, body, buf);
    let place = Rect {
        y: area.bottom() - rows,
        height: rows,
        ..area
    };
    sheet::draw(below, theme, place, buf);
}

/// A row for each, and over the runs one that says so; and which row is the marked one.
fn listed(choices: &[Choice], at: usize, theme: Theme) -> (usize, Vec<Row>) {
    let mut rows = Vec::new();
    let mut marked = 0;
    let is_run = |choice: &Choice| matches!(choice.beside, Beside::Run(_));
    for (place, choice) in choices.iter().enumerate() {
        if is_run(choice) && !choices[..place].iter().any(is_run) {
            let words = vec![(
                "runs of this screen, from their first step".into(),
                theme.dim(),
            )];
            rows.extend([Row::Blank, Row::Words(words, Vec::new())]);
        }
        let (mark, style) = if place == at {
            marked = rows.len();
            (theme.symbols().chosen, theme.accent().bold())
        } else {
            (' ', theme.text())
        };
        let about = if is_run(choice) {
            theme.to_come()
        } else {
            theme.dim()
        };
        let words = vec![
            (format!("{mark} {:<NAME$}", choice.name), style),
            (text::plain(&choice.about, theme), about),
        ];
        rows.push(Row::Words(words, Vec::new()));
    }
    (marked, rows)
}
