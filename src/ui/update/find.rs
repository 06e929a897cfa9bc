//! Keys while something is looked for by its name.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{Request, act, open, settings, turn_to, typing::finish_typing};
use crate::{
    recipe::Preset,
    ui::{
        app::{App, Overlay},
        find::{Does, Entry, Find},
        settings::Line,
    },
};

/// Characters that can be typed: more than any name has.
const LONGEST: usize = 60;

/// All keys are of the palette, but those that leave at once.
pub(super) fn press(app: &mut App, mut find: Find, key: KeyEvent) -> Vec<Request> {
    let held = KeyModifiers::CONTROL | KeyModifiers::ALT;
    let found = find.found(app);
    let marked = find.marked(&found);
    let last = found.len().saturating_sub(1);
    match key.code {
        KeyCode::Esc => return Vec::new(),
        KeyCode::Enter => match found.get(marked).map(|found| found.entry.clone()) {
            Some(entry) if entry.idle.is_none() && entry.does != Does::Tell => {
                return carry_out(app, entry);
            }
            _ => {}
        },
        KeyCode::Up => find.at = marked.saturating_sub(1),
        KeyCode::Down => find.at = (marked + 1).min(last),
        KeyCode::PageUp => find.at = marked.saturating_sub(10),
        KeyCode::PageDown => find.at = (marked + 10).min(last),
        KeyCode::Home => find.at = 0,
        KeyCode::End => find.at = last,
        KeyCode::Tab => {
            if let Some(found) = found.get(marked) {
                find.typed.clone_from(&found.entry.name);
                find.at = 0;
            }
        }
        KeyCode::Backspace => {
            find.typed.pop();
            find.at = 0;
        }
        KeyCode::Char('p') if key.modifiers.contains(KeyModifiers::CONTROL) => return Vec::new(),
        KeyCode::Char(character) if !key.modifiers.intersects(held) => {
            if find.typed.chars().count() < LONGEST {
                find.typed.push(character);
            }
            find.at = 0;
        }
        _ => {}
    }
    open(app, Overlay::Find(find))
}

/// Does it as if its key had been pressed.
fn carry_out(app: &mut App, entry: Entry) -> Vec<Request> {
    match entry.does {
        Does::Act(action, view) => {
            app.view = view;
            act(app, action)
        }
        Does::Turn(view) => turn_to(app, view),
        Does::Set(line) => settings::open(app, line),
        Does::Choose(preset) => choose(app, preset),
        Does::Type(prompt, typed) => finish_typing(app, prompt, &typed),
        Does::Tell => Vec::new(),
    }
}

/// The settings, with that preset chosen.
fn choose(app: &mut App, preset: Preset) -> Vec<Request> {
    let requests = settings::open(app, Line::Preset);
    if let Overlay::Settings(sheet) = &mut app.overlay {
        let place = |preset| {
            app.plan
                .presets
                .iter()
                .position(|other| other.preset == preset)
        };
        let steps = place(sheet.wanted.preset).zip(place(preset));
        if let Some((from, to)) = steps {
            for _ in 0..from.abs_diff(to) {
                sheet.step(to > from, &app.plan.presets);
            }
        }
    }
    requests
}
