//! Keys and pastes while something is typed: a number, a class's name, or one for the weights.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{Request, act, answer, classes, command, find, open, samples, turn_to};
use crate::{
    message::{Command, Look},
    ui::{
        app::{App, Overlay, Prompt},
        keymap::Action,
        views::View,
    },
};

/// Digits that a typed number may have: enough for any sample or step.
pub(super) const TYPED: usize = 9;

/// Characters that the name of a class may have.
const TYPED_NAME: usize = 64;

/// Keys that make another of a letter than it is.
const HELD: KeyModifiers = KeyModifiers::CONTROL.union(KeyModifiers::ALT);

/// Characters that a typed path may have: more than any system takes.
const TYPED_PATH: usize = 4096;

/// A key while a number, or a class's name, is being typed.
pub(super) fn type_key(
    app: &mut App,
    prompt: Prompt,
    typed: String,
    key: KeyEvent,
) -> Vec<Request> {
    if let (Prompt::Sample, "", KeyCode::Char(letter)) = (prompt, &*typed, key.code)
        && let Some(view) = View::of_letter(letter)
    {
        return turn_to(app, view);
    }
    type_number(app, prompt, typed, key)
}

fn type_number(app: &mut App, prompt: Prompt, mut typed: String, key: KeyEvent) -> Vec<Request> {
    match key.code {
        KeyCode::Esc => return Vec::new(),
        KeyCode::Enter => return finish_typing(app, prompt, &typed),
        KeyCode::Backspace => {
            typed.pop();
        }
        KeyCode::Char(character) if takes(prompt, &typed, character, key.modifiers) => {
            typed.push(character);
        }
        _ => {}
    }
    app.overlay = Overlay::Typing(prompt, typed);
    Vec::new()
}

/// Whether what was typed goes on with this character.
fn takes(prompt: Prompt, typed: &str, character: char, held: KeyModifiers) -> bool {
    if prompt == Prompt::Class {
        return !held.intersects(HELD) && typed.chars().count() < TYPED_NAME;
    }
    let unit = prompt == Prompt::RunFor && character == 'e' && !typed.is_empty();
    typed.len() < TYPED && (character.is_ascii_digit() || unit) && !typed.ends_with('e')
}

/// A key while a name for the weights is being typed.
pub(super) fn name_key(
    app: &mut App,
    why: String,
    mut typed: String,
    key: KeyEvent,
) -> Vec<Request> {
    match key.code {
        KeyCode::Esc => return Vec::new(),
        KeyCode::Enter if !typed.is_empty() => {
            return vec![Request::Look(Look::SaveAs(typed.into()))];
        }
        KeyCode::Backspace => {
            typed.pop();
        }
        KeyCode::Char(character) if !key.modifiers.intersects(HELD) && typed.len() < TYPED_PATH => {
            typed.push(character);
        }
        _ => {}
    }
    open(app, Overlay::Naming { why, typed })
}

/// A pasted text presses no keys; what is being typed takes what it can of it.
pub(super) fn paste(app: &mut App, text: &str) {
    if app.is_too_small() && !app.overlay.is_question() {
        return;
    }
    for character in text.chars().filter(|character| !character.is_control()) {
        let key = KeyCode::Char(character).into();
        match app.overlay.clone() {
            Overlay::Typing(prompt, typed) => type_number(app, prompt, typed, key),
            Overlay::Naming { why, typed } => name_key(app, why, typed, key),
            Overlay::Find(palette) => find::press(app, palette, key),
            _ => return,
        };
    }
}

pub(super) fn finish_typing(app: &mut App, prompt: Prompt, typed: &str) -> Vec<Request> {
    match prompt {
        Prompt::Sample => match typed.parse() {
            Ok(index) => samples::go_to(app, index),
            Err(_) => answer(app, "no number was typed; the sample stays"),
        },
        Prompt::Class => match classes::called(&app.classes(), typed) {
            Some(class) => act(app, Action::Digit(class)),
            None => answer(app, "no class is called that; / finds all of them by name"),
        },
        Prompt::RunFor => {
            let wanted = match typed.strip_suffix('e') {
                Some(epochs) => epochs.parse().map(Command::Epochs),
                None => typed.parse().map(Command::Steps),
            };
            match wanted {
                Ok(Command::Epochs(0) | Command::Steps(0)) | Err(_) => answer(
                    app,
                    "nothing to train: type steps, as 500, or epochs, as 2e",
                ),
                Ok(wanted) => command(app, wanted),
            }
        }
    }
}
