//! All that can be found, in the order in which it is listed when nothing has been typed:
//! what is of the view first, then what all views have, and the words at the end.

use super::{Does, Entry, Kind, names};
use crate::{
    recipe::Preset,
    ui::{
        app::{App, Prompt},
        keymap::{Action, BINDINGS, Binding, Scene},
        overlay::MEANINGS,
        settings::{self, Line, words},
        update::classes::KEYS,
        views::{TABLE, View},
    },
    words::briefly,
};

/// Everything, of this screen as it is now.
pub fn entries(app: &App) -> Vec<Entry> {
    let own = |binding: &&Binding| binding.is_of(app.view) && !binding.is_of_all();
    let all = |binding: &&Binding| binding.is_of_all();
    let elsewhere = |binding: &&Binding| !binding.is_of(app.view);
    let mut entries: Vec<Entry> = BINDINGS
        .iter()
        .filter(own)
        .chain(BINDINGS.iter().filter(all))
        .chain(BINDINGS.iter().filter(elsewhere))
        .flat_map(|binding| of_binding(app, binding))
        .collect();
    entries.extend(TABLE.iter().map(|entry| Entry {
        kind: Kind::View,
        name: entry.name.into(),
        says: entry.about.into(),
        key: format!("g {}", entry.letter),
        does: Does::Turn(entry.view),
        idle: None,
    }));
    let idle = (!app.can_restart()).then_some("nothing is trained here");
    let key = || key_of(Action::Settings);
    entries.extend(Line::ALL.into_iter().map(|line| Entry {
        kind: Kind::Setting,
        name: words::name(line).into(),
        says: value(app, line),
        key: key(),
        does: Does::Set(line),
        idle,
    }));
    entries.extend(Preset::ALL.into_iter().map(|preset| Entry {
        kind: Kind::Preset,
        name: preset.name().into(),
        says: words::of_preset(preset).into(),
        key: key(),
        does: Does::Choose(preset),
        idle,
    }));
    entries.extend(MEANINGS.into_iter().map(|(word, meaning)| Entry {
        kind: Kind::Word,
        name: word.into(),
        says: meaning.into(),
        key: String::new(),
        does: Does::Tell,
        idle: None,
    }));
    entries
}

/// What a row of the key table does: each of its meanings once, with the first of its keys.
fn of_binding(app: &App, binding: &'static Binding) -> Vec<Entry> {
    let view = binding.home(app.view);
    let scene = Scene {
        view,
        trains: app.plan.trains && app.failure.is_none(),
        ..app.scene()
    };
    let idle = (!binding.serves(scene)).then(|| idle_for(binding, scene));
    let elsewhere = (view != app.view).then(|| view.entry().name);
    let meanings = binding.meanings();
    let shares = meanings.len() > 1;
    let classes = app.classes();
    let entry = |(action, key): (Action, String)| {
        let name = match (action, names::name(action)) {
            (Action::Digit(class), _) => names::only(&classes, class),
            (_, Some(name)) if shares => classes.said(name),
            _ => classes.said(binding.words),
        };
        Entry {
            kind: Kind::Action,
            name,
            says: elsewhere.unwrap_or_default().into(),
            key,
            does: Does::Act(action, view),
            idle,
        }
    };
    // Classes beyond those that have keys are called by name.
    let called = if binding.means(Action::ClassCalled) {
        KEYS as u8..scene.classes as u8
    } else {
        0..0
    };
    let called = called.map(|class| (Action::Digit(class), String::new()));
    let meanings = meanings.into_iter().chain(called);
    // The palette is open already; and there may be less classes than keys.
    let has = |action: &Action| match action {
        Action::Find => false,
        Action::Digit(class) => usize::from(*class) < scene.classes,
        _ => true,
    };
    let meanings = meanings.filter(|(action, _)| has(action));
    meanings.map(entry).collect()
}

fn idle_for(binding: &Binding, scene: Scene) -> &'static str {
    if scene.classes < binding.classes {
        match scene.classes {
            0 => "the images have no labels",
            _ => "each class has a key, 0 to 9",
        }
    } else if binding.noisy && !scene.noisy {
        "no noise on the images"
    } else if binding.history && scene.view == View::Curves {
        "this file has no history"
    } else if binding.film {
        "no earlier moment is kept"
    } else {
        "nothing is trained here"
    }
}

fn key_of(action: Action) -> String {
    let row = BINDINGS.iter().find(|binding| binding.means(action));
    row.map_or_else(String::new, |binding| binding.keys.into())
}

/// What a line of the settings is now.
fn value(app: &App, line: Line) -> String {
    let now = app.held();
    match line {
        Line::Rate => briefly(now.learning_rate),
        Line::Price => briefly(now.l1),
        Line::Noise => now.noise.to_string(),
        Line::Numbers => settings::width(&now).map_or_else(String::new, |width| width.to_string()),
        Line::Batch => now.batch_size.to_string(),
        Line::Seed => now.seed.to_string(),
        Line::Preset => now.preset.name().into(),
    }
}

/// What a number does: it is a sample, and as many steps or epochs to train.
pub(super) fn of_number(app: &App, typed: &str) -> Vec<Entry> {
    let is_number =
        |words: &str| !words.is_empty() && words.bytes().all(|byte| byte.is_ascii_digit());
    let idle = (!app.plan.trains || app.failure.is_some()).then_some("nothing is trained here");
    let entry = |name: String, prompt: Prompt, idle| Entry {
        kind: Kind::Action,
        name,
        says: String::new(),
        key: key_of(match prompt {
            Prompt::Sample => Action::GoTo,
            Prompt::RunFor => Action::RunFor,
            Prompt::Class => Action::ClassCalled,
        }),
        does: Does::Type(prompt, typed.into()),
        idle,
    };
    match typed.strip_suffix('e') {
        Some(epochs) if is_number(epochs) => {
            vec![entry(
                format!("train {epochs} epochs"),
                Prompt::RunFor,
                idle,
            )]
        }
        None if is_number(typed) => vec![
            entry(format!("go to sample {typed}"), Prompt::Sample, None),
            entry(format!("train {typed} steps"), Prompt::RunFor, idle),
        ],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_row_with_several_meanings_all_have_names_of_their_own_or_its() {
        for binding in BINDINGS {
            let meanings = binding.meanings();
            let names: Vec<&str> = meanings
                .iter()
                .filter_map(|(action, _)| names::name(*action))
                .collect();
            let is_whole = names.is_empty() || names.len() == meanings.len();
            assert!(meanings.len() == 1 || is_whole, "{}", binding.words);
        }
    }

    #[test]
    fn every_view_is_home_to_its_own_rows() {
        for entry in TABLE {
            for binding in BINDINGS.iter().filter(|binding| binding.is_of(entry.view)) {
                assert_eq!(binding.home(entry.view), entry.view);
            }
            for binding in BINDINGS.iter().filter(|binding| !binding.is_of(entry.view)) {
                assert!(binding.is_of(binding.home(entry.view)));
            }
        }
    }
}
