//! Keys while the list of branches is open.

use crossterm::event::{KeyCode, KeyEvent};

use super::{Request, act, leave, open as lay, settings};
use crate::ui::{
    app::{App, Exit, Overlay},
    keymap::{self, Action},
    runs::{self, Choice},
};

/// A key of the list. Those of the tape, the help and the way out do as always.
pub(super) fn press(app: &mut App, at: usize, key: KeyEvent) -> Vec<Request> {
    let last = app.plan.runs.count();
    let mark = |app: &mut App, at| lay(app, Overlay::Branches(at));
    match (key.code, keymap::action(key)) {
        (KeyCode::Enter, _) => match runs::choice(app, at) {
            Choice::Here(step) => settings::open_branch(app, step),
            Choice::Visit(number) => leave(app, Exit::Visit(number)),
            Choice::Stay => Vec::new(),
        },
        (_, Some(Action::RowBack)) => mark(app, at.saturating_sub(1)),
        (_, Some(Action::RowOn)) => mark(app, (at + 1).min(last)),
        (_, Some(Action::First)) => mark(app, 0),
        (_, Some(Action::Last)) => mark(app, last),
        (_, Some(Action::Back | Action::Branches) | None) => Vec::new(),
        (_, Some(action @ (Action::Help | Action::Quit | Action::Settings))) => act(app, action),
        (_, Some(action)) => {
            app.overlay = Overlay::Branches(at);
            act(app, action)
        }
    }
}
