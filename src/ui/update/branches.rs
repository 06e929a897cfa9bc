//! Keys while the list of branches is open.

use crossterm::event::{KeyCode, KeyEvent};

use super::{Request, act, answer, leave, open as lay, settings};
use crate::ui::{
    app::{App, Exit, Overlay},
    keymap::{self, Action},
    runs::{self, Choice},
};

/// A key of the list. Those of the tape, the help and the way out do as always.
pub(super) fn press(app: &mut App, at: usize, key: KeyEvent) -> Vec<Request> {
    let last = app.plan.runs.count();
    let mark = |app: &mut App, at| lay(app, Overlay::Branches(at));
    match (key.code, keymap::action(key, app.view)) {
        (KeyCode::Enter, _) => match runs::choice(app, at) {
            Choice::Here(step) => settings::open_branch(app, step),
            Choice::Visit(number, when) => leave(app, Exit::Visit(number, when)),
            Choice::Stay => Vec::new(),
        },
        (KeyCode::Backspace, _) if runs::forgettable(app, at).is_some() => {
            lay(app, Overlay::ConfirmForget(at))
        }
        (KeyCode::Backspace, _) => {
            app.overlay = Overlay::Branches(at);
            answer(app, "Only a run that was left can be forgotten.")
        }
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

/// A key while it is asked whether to forget the run of an entry.
pub(super) fn answer_forget(app: &mut App, at: usize, key: KeyEvent) -> Vec<Request> {
    let asked = runs::forgettable(app, at).filter(|_| key.code == KeyCode::Enter);
    let Some(run) = asked else {
        return lay(app, Overlay::Branches(at));
    };
    app.plan.runs.forget(run.number);
    lay(app, Overlay::Branches(at.min(app.plan.runs.count())))
}
