//! What a key does while it is asked what the narrator's sentence means: what was told is walked
//! and gone to, and every other key works as ever.

use crossterm::event::{KeyCode, KeyEvent};

use super::{Request, act, answer, keymap::Action, open, tape};
use crate::ui::{
    app::{App, Overlay},
    told,
};

/// Asks what it means, if anything was said.
pub(super) fn ask(app: &mut App) -> Vec<Request> {
    let is_told = app
        .seen
        .as_ref()
        .is_some_and(|seen| !seen.curve.told.is_empty());
    if is_told {
        open(app, Overlay::Why(None))
    } else {
        answer(app, "Nothing has been told yet.")
    }
}

/// A key while this sentence of those told is explained, or the one that stands.
pub(super) fn press(
    app: &mut App,
    at: Option<usize>,
    key: KeyEvent,
    action: Option<Action>,
) -> Vec<Request> {
    let Some(seen) = app.seen.clone() else {
        return Vec::new();
    };
    let last = seen.curve.told.len().saturating_sub(1);
    let here = told::marked(&seen, at);
    match (key.code, action) {
        (KeyCode::Up, _) => open(app, Overlay::Why(Some(here.saturating_sub(1)))),
        (KeyCode::Down, _) => open(app, Overlay::Why(Some((here + 1).min(last)))),
        (KeyCode::Enter, _) => {
            app.overlay = Overlay::Why(Some(here));
            let step = seen.curve.told.get(here).map(|note| note.step);
            step.map_or_else(Vec::new, |step| tape::go_to(app, &seen, step))
        }
        (_, Some(Action::Why | Action::Back)) => Vec::new(),
        (_, action) => {
            app.overlay = Overlay::Why(at);
            action.map_or_else(Vec::new, |action| act(app, action))
        }
    }
}
