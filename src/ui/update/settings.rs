//! Keys while the settings are open, and what Enter does there.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ndarray_rand::rand::Rng;

use super::{Request, act, command, follow_with, leave, news::follow_recipe, open as lay};
use crate::{
    message::Command,
    recipe::{Change, Edit},
    ui::{
        app::{App, Branch, Exit, Overlay},
        keymap::{self, Action},
        settings::{From, Intent, Line, Settings, words},
    },
};

/// Opens the sheet on a line.
pub(super) fn open(app: &mut App, line: Line) -> Vec<Request> {
    let sheet = Settings::open(app, line);
    lay(app, Overlay::Settings(Box::new(sheet)))
}

/// Opens the sheet of a run that leaves this one after so many steps.
pub(super) fn open_branch(app: &mut App, step: u64) -> Vec<Request> {
    let sheet = Settings::open_from(app, Line::Rate, From::Branch(step));
    lay(app, Overlay::Settings(Box::new(sheet)))
}

/// A key of the sheet. Those of the tape, the help and the way out do as always.
pub(super) fn press(app: &mut App, mut sheet: Settings, key: KeyEvent) -> Vec<Request> {
    let held = KeyModifiers::CONTROL | KeyModifiers::ALT;
    let plain = !key.modifiers.intersects(held);
    match (key.code, keymap::action(key, app.view)) {
        (KeyCode::Enter, _) => return enter(app, sheet),
        (KeyCode::Backspace, _) => sheet.erase(),
        (KeyCode::Char(character), _) if plain && sheet.type_character(character) => {}
        (KeyCode::Char('r'), _) if sheet.line == Line::Seed => {
            // As many digits as can be read out and typed again.
            sheet.set_seed(app.chance.random_range(0..1_000_000));
        }
        (_, Some(Action::RowBack)) => sheet.go_to(sheet.line.moved(-1)),
        (_, Some(Action::RowOn)) => sheet.go_to(sheet.line.moved(1)),
        (_, Some(Action::First)) => sheet.go_to(Line::ALL[0]),
        (_, Some(Action::Last)) => sheet.go_to(Line::Preset),
        (_, Some(Action::Previous)) => sheet.step(false, &app.plan.presets),
        (_, Some(Action::Next)) => sheet.step(true, &app.plan.presets),
        (_, Some(Action::Back | Action::Settings)) => return Vec::new(),
        (_, Some(action @ (Action::Help | Action::Quit))) => return act(app, action),
        (
            _,
            Some(
                action @ (Action::PlayPause
                | Action::Step
                | Action::Epoch
                | Action::Suspend
                | Action::Redraw),
            ),
        ) => {
            app.overlay = Overlay::Settings(Box::new(sheet));
            return act(app, action);
        }
        _ => {}
    }
    lay(app, Overlay::Settings(Box::new(sheet)))
}

/// Does what the sheet said that Enter would do.
fn enter(app: &mut App, sheet: Settings) -> Vec<Request> {
    match sheet.intent(app) {
        Intent::Close => Vec::new(),
        Intent::Refuse(_) => lay(app, Overlay::Settings(Box::new(sheet))),
        Intent::Change(changes) => change(app, &changes),
        Intent::Begin(recipe) => follow_with(app, recipe),
        Intent::Branch {
            step,
            recipe,
            changes,
        } => {
            let differs = words::changes(&sheet.now, &changes);
            let branch = Branch {
                step,
                recipe,
                differs,
            };
            leave(app, Exit::Branch(Box::new(branch)))
        }
    }
}

/// One command for each value. What the screen takes the run to be is what it told it to be,
/// until the trainer says what it is.
fn change(app: &mut App, changes: &[Change]) -> Vec<Request> {
    let step = app.seen.as_ref().map_or(0, |seen| seen.moment.step);
    let mut requests = Vec::new();
    for &change in changes {
        let sent = command(app, Command::Change(change));
        if !sent.is_empty() {
            app.plan.recipe.edits.retain(|edit| edit.step <= step);
            app.plan.recipe.edits.push(Edit { step, change });
        }
        requests.extend(sent);
    }
    follow_recipe(app);
    requests
}
