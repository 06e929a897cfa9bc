//! The run that follows: which one, and whether this one may go.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    notice::{self, Line},
    past, text,
};
use crate::{
    data::corrupt::Noise,
    recipe::Recipe,
    ui::{
        app::{App, Menu, Restart},
        theme::{Glyphs, Theme},
    },
};

/// Columns of an entry's name.
const NAME: usize = 11;
/// Columns of a panel that are not its words'.
const FRAME: u16 = 6;

/// The entries, what the marked one is, and the keys.
pub(super) fn menu(app: &App, theme: Theme, menu: Menu, at: usize, area: Rect, buf: &mut Buffer) {
    let entries = menu.entries(&app.plan);
    let room = area.width.saturating_sub(FRAME);
    // All in full, or all in brief.
    let is_wide = entries.iter().all(|next| {
        let [name, words] = words(app, *next);
        usize::from(text::width(&words)) + NAME.max(name.len()) + 2 <= usize::from(room)
    });
    let mut lines: Vec<Line> = Vec::new();
    for (place, next) in entries.iter().enumerate() {
        let [name, words] = words(app, *next);
        let brief = words.split(':').next().unwrap_or_default();
        let words = if is_wide { &words } else { brief };
        let symbols = theme.symbols();
        let is_now = *next == Restart::Preset(app.plan.recipe.preset);
        let now = if is_now { symbols.now } else { ' ' };
        let (mark, style) = if place == at {
            (symbols.chosen, theme.accent().bold())
        } else {
            (' ', theme.text())
        };
        lines.push(vec![
            (format!("{mark}{now}{name:<NAME$}"), style),
            (words.to_owned(), theme.dim()),
        ]);
    }
    let (title, about) = match menu {
        Menu::Presets => ("presets", entries.get(at).map_or_else(String::new, network)),
        Menu::Seeds => (
            "restart",
            format!("  {} {}", app.plan.title, app.plan.recipe.architecture()),
        ),
    };
    lines.extend([vec![], vec![(about, theme.text())], vec![]]);
    let arrows = match theme.glyphs {
        Glyphs::Blocks => "↑↓",
        Glyphs::Ascii => "up down",
    };
    lines.push(notice::keys(
        theme,
        &[(arrows, "choose"), ("Enter", "train it"), ("Esc", "stay")],
    ));
    notice::panel(theme, title, theme.title(), &lines, area, buf);
}

/// Whether to let this run go without saving it.
pub(super) fn confirm(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
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
pub(super) fn words_of_loss(app: &App) -> String {
    let steps = notice::steps(app.passing_steps());
    if app.plan.result.is_some() {
        format!("The next run's --save replaces {steps} of training.")
    } else {
        notice::in_no_file(app.passing_steps())
    }
}

/// An entry's name and what it is.
fn words(app: &App, next: Restart) -> [String; 2] {
    match next {
        Restart::Preset(preset) => [preset.name().into(), preset.purpose().into()],
        Restart::Seed(seed) if seed == app.plan.recipe.seed => [
            format!("seed {seed}"),
            "the same: this run again, step by step".into(),
        ],
        Restart::Seed(seed) => [
            format!("seed {seed}"),
            "a new one: other random numbers".into(),
        ],
    }
}

/// The layers of a preset, and what else it sets.
fn network(next: &Restart) -> String {
    let Restart::Preset(preset) = next else {
        return String::new();
    };
    let recipe = Recipe::preset(*preset);
    let mut parts = vec![String::new(), recipe.architecture().to_string()];
    if recipe.l1 > 0.0 {
        parts.push(format!("l1 {}", recipe.l1));
    }
    if recipe.noise != Noise::None {
        parts.push(format!("noise {}", recipe.noise));
    }
    parts.join("  ")
}
