//! The same network again: with which seed, and whether this run may go.

use ratatui::{buffer::Buffer, layout::Rect};

use super::notice::{self, Line};
use crate::ui::{
    app::App,
    past,
    theme::{Glyphs, Theme},
};

/// Columns of an entry's name.
const NAME: usize = 11;
/// Columns of a panel that are not its words'.
const FRAME: u16 = 6;

/// The seeds, what is trained with them, and the keys.
pub(in crate::ui) fn menu(app: &App, theme: Theme, at: usize, area: Rect, buf: &mut Buffer) {
    let about = [
        "the same: this run again, step by step",
        "a new one: other random numbers",
    ];
    let mut lines: Vec<Line> = Vec::new();
    for (place, (next, about)) in app.seeds().iter().zip(about).enumerate() {
        let name = format!("seed {}", next.seed);
        let room = usize::from(area.width.saturating_sub(FRAME));
        let is_wide = about.len() + NAME.max(name.len()) + 2 <= room;
        let brief = about.split(':').next().unwrap_or_default();
        let (mark, style) = if place == at {
            (theme.symbols().chosen, theme.accent().bold())
        } else {
            (' ', theme.text())
        };
        lines.push(vec![
            (format!("{mark} {name:<NAME$}"), style),
            (if is_wide { about } else { brief }.to_owned(), theme.dim()),
        ]);
    }
    let recipe = &app.plan.recipe;
    let about = format!("  {} {}", app.plan.title, recipe.architecture());
    lines.extend([vec![], vec![(about, theme.text())], vec![]]);
    let arrows = match theme.glyphs {
        Glyphs::Blocks => "↑↓",
        Glyphs::Ascii => "up down",
    };
    lines.push(notice::keys(
        theme,
        &[(arrows, "choose"), ("Enter", "train it"), ("Esc", "stay")],
    ));
    notice::panel(theme, "restart", theme.title(), &lines, area, buf);
}

/// Whether to let this run go without saving it.
pub(in crate::ui) fn confirm(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    let mut lines: Vec<Line> = vec![vec![(words_of_loss(app), theme.text())], vec![]];
    lines.push(notice::keys(
        theme,
        &[
            ("s", past::save(app)),
            ("R", "restart without saving"),
            ("Esc", "stay"),
        ],
    ));
    notice::panel(theme, "restart?", theme.title(), &lines, area, buf);
}

/// What is lost with this run. The file of `--save` is no place to keep it: the
/// next run's weights replace it.
pub(in crate::ui) fn words_of_loss(app: &App) -> String {
    let steps = notice::steps(app.passing_steps());
    if app.plan.result.is_some() {
        format!("The next run's --save replaces {steps} of training.")
    } else {
        notice::in_no_file(app.passing_steps())
    }
}
