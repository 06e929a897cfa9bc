//! Keys while it is chosen what is put beside the run.

use crossterm::event::{KeyCode, KeyEvent};

use super::{Request, act, leave, open as lay};
use crate::ui::{
    app::{App, Exit, Overlay},
    beside,
    keymap::{self, Action},
};

/// A key of the list. Those of the tape, the help and the way out do as always.
pub(super) fn press(app: &mut App, at: usize, key: KeyEvent) -> Vec<Request> {
    let choices = beside::choices(app);
    let last = choices.len().saturating_sub(1);
    let mark = |app: &mut App, at| lay(app, Overlay::Beside(at));
    match (key.code, keymap::action(key, app.view)) {
        (KeyCode::Enter, _) => choices.into_iter().nth(at).map_or_else(Vec::new, |choice| {
            leave(app, Exit::Beside(Box::new(choice.beside)))
        }),
        (_, Some(Action::RowBack)) => mark(app, at.saturating_sub(1)),
        (_, Some(Action::RowOn)) => mark(app, (at + 1).min(last)),
        (_, Some(Action::First)) => mark(app, 0),
        (_, Some(Action::Last)) => mark(app, last),
        (_, Some(Action::Back | Action::Compare)) => Vec::new(),
        (_, Some(action @ (Action::Help | Action::Quit | Action::Settings | Action::Branches))) => {
            act(app, action)
        }
        (_, action) => {
            app.overlay = Overlay::Beside(at);
            action.map_or_else(Vec::new, |action| act(app, action))
        }
    }
}
