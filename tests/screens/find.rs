//! The palette: whatever the key table, the views, the settings and the help know can be
//! found by its name, and Enter does what its key does.

use ae_tui::ui::{
    app::{App, Overlay},
    find::{Does, Kind, entries},
    keymap::{Action, BINDINGS, Scene},
    settings::Line,
    theme::{Depth, Glyphs},
    update::{Message, Request, update},
    views::View,
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::{
    ASCII, PLAIN, drawn,
    fixture::{app, kept, observation},
    rows,
    snapshots::keep,
    states::exploring,
    theme,
};
use ae_tui::message::Phase;

const VIEWS: [View; 6] = [
    View::Train,
    View::Curves,
    View::Latent,
    View::Samples,
    View::Inside,
    View::Draw,
];

/// The run in its seventh epoch, with all moments before it.
fn watched(view: View) -> App {
    let mut app = app(kept(observation(13_100, Phase::Training)));
    app.view = view;
    // What looking asks is told once, whatever is pressed then.
    app.look();
    app
}

fn send(app: &mut App, key: KeyEvent) -> Vec<Request> {
    update(app, Message::Key(key))
}

fn press(app: &mut App, code: KeyCode) -> Vec<Request> {
    send(app, KeyEvent::from(code))
}

fn type_in(app: &mut App, words: &str) {
    for letter in words.chars() {
        press(app, KeyCode::Char(letter));
    }
}

/// A key by what the palette calls it.
fn key(name: &str) -> KeyEvent {
    if let Some(letter) = name.strip_prefix("Ctrl-") {
        let letter = letter
            .chars()
            .next()
            .map(|letter| letter.to_ascii_lowercase());
        let code = KeyCode::Char(letter.expect("a control key has a letter"));
        return KeyEvent::new(code, KeyModifiers::CONTROL);
    }
    KeyEvent::from(match name {
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pgup" => KeyCode::PageUp,
        "pgdn" => KeyCode::PageDown,
        "tab" => KeyCode::Tab,
        "shift-tab" => KeyCode::BackTab,
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "backspace" => KeyCode::Backspace,
        "space" => KeyCode::Char(' '),
        "F1" => KeyCode::F(1),
        other => match other.chars().collect::<Vec<_>>()[..] {
            [letter] => KeyCode::Char(letter),
            _ => panic!("no key is called {other}"),
        },
    })
}

/// All of a screen that a key can change.
fn state(app: &App) -> String {
    let looked_at = (&app.told, app.sample, app.when, app.view, &app.places);
    let drawn = (
        app.filter,
        app.map_style,
        app.above,
        &app.overlay,
        &app.status,
    );
    let told = (app.pace, app.coming, app.commanded, &app.exit);
    format!("{looked_at:?} {drawn:?} {told:?}")
}

/// The palette with the entry marked that does this, found by its whole name.
fn find(app: &mut App, name: &str, does: &Does) {
    press(app, KeyCode::Char('/'));
    type_in(app, name);
    let Overlay::Find(palette) = &app.overlay else {
        panic!("{name:?} has closed it")
    };
    let found = palette.found(app);
    let place = found.iter().position(|found| found.entry.does == *does);
    let place = place.unwrap_or_else(|| panic!("{name:?} does not find {does:?}"));
    for _ in 0..place {
        press(app, KeyCode::Down);
    }
}

#[test]
fn every_row_of_the_key_table_that_serves_is_found_and_done_as_its_key_does() {
    for view in VIEWS {
        let known = entries(&watched(view));
        let scene = Scene {
            view,
            ..watched(view).scene()
        };
        for binding in BINDINGS.iter().filter(|binding| binding.serves(scene)) {
            let meanings = binding.meanings().into_iter();
            for (action, name) in meanings.filter(|(action, _)| *action != Action::Find) {
                let does = Does::Act(action, view);
                let entry = known
                    .iter()
                    .find(|entry| entry.does == does && entry.key == name);
                let entry =
                    entry.unwrap_or_else(|| panic!("{}: {action:?} is not there", binding.words));
                assert_eq!(entry.idle, None, "{}", entry.name);
                let (mut by_key, mut by_name) = (watched(view), watched(view));
                let asked = send(&mut by_key, key(&name));
                find(&mut by_name, &entry.name, &does);
                let done = press(&mut by_name, KeyCode::Enter);
                assert_eq!(done, asked, "{}", entry.name);
                assert_eq!(
                    state(&by_name),
                    state(&by_key),
                    "{} in {view:?}",
                    entry.name
                );
            }
        }
    }
}

#[test]
fn everything_else_is_found_by_its_own_name_first() {
    let known = entries(&watched(View::Train));
    for kind in [Kind::View, Kind::Setting, Kind::Preset, Kind::Word] {
        let of_kind: Vec<_> = known.iter().filter(|entry| entry.kind == kind).collect();
        assert!(of_kind.len() > 5, "{kind:?}");
        for entry in of_kind {
            let mut app = watched(View::Train);
            find(&mut app, &entry.name, &entry.does);
            let Overlay::Find(palette) = &app.overlay else {
                panic!("it has closed")
            };
            let found = palette.found(&app);
            let same = |found: &ae_tui::ui::find::Found| found.entry.name == entry.name;
            assert!(found.iter().take(3).any(same), "{}", entry.name);
        }
    }
}

#[test]
fn what_is_of_another_view_turns_to_it() {
    let mut app = watched(View::Train);
    let curves = |app: &App| {
        let known = entries(app);
        let found = known
            .into_iter()
            .find(|entry| entry.says == "Curves" && entry.key == "o");
        found.expect("Curves has an axis")
    };
    let entry = curves(&app);
    find(&mut app, &entry.name, &entry.does);
    press(&mut app, KeyCode::Enter);
    let mut there = watched(View::Train);
    type_in(&mut there, "gco");
    assert_eq!(state(&app), state(&there));
}

#[test]
fn settings_and_presets_open_and_change_nothing() {
    let mut app = watched(View::Train);
    find(&mut app, "price of the code", &Does::Set(Line::Price));
    assert_eq!(press(&mut app, KeyCode::Enter), []);
    let line = |app: &App| match &app.overlay {
        Overlay::Settings(sheet) => (sheet.line, sheet.wanted.preset, sheet.now.preset),
        other => panic!("{other:?}"),
    };
    let article = ae_tui::recipe::Preset::Article;
    assert_eq!(line(&app), (Line::Price, article, article));
    for preset in ae_tui::recipe::Preset::ALL {
        let mut app = watched(View::Train);
        find(&mut app, preset.name(), &Does::Choose(preset));
        assert_eq!(press(&mut app, KeyCode::Enter), []);
        assert_eq!(line(&app), (Line::Preset, preset, article));
    }
}

#[test]
fn a_number_is_a_sample_or_as_much_training() {
    use ae_tui::message::{Command, Look};
    let train = |typed: &str, downs| {
        let mut app = watched(View::Train);
        press(&mut app, KeyCode::Char('/'));
        type_in(&mut app, typed);
        (0..downs).for_each(|_| drop(press(&mut app, KeyCode::Down)));
        let asked = press(&mut app, KeyCode::Enter);
        (app.sample.index, asked)
    };
    let (sample, asked) = train("23", 0);
    assert_eq!(sample, 23);
    assert!(matches!(asked[..], [Request::Look(Look::Gaze(_))]));
    let command = |command| vec![Request::Command(command)];
    assert_eq!(train("500", 1).1, command(Command::Steps(500)));
    assert_eq!(train("7e", 0).1, command(Command::Epochs(7)));
}

#[test]
fn keys_of_the_palette_are_its_own_and_what_can_do_nothing_does_nothing() {
    let mut app = watched(View::Train);
    press(&mut app, KeyCode::Char('/'));
    // A q is a letter here, a paste is typed, and Esc leaves.
    type_in(&mut app, "q");
    update(&mut app, Message::Paste("xx\n".into()));
    let Overlay::Find(palette) = &app.overlay else {
        panic!("it has closed")
    };
    assert_eq!(palette.typed, "qxx");
    assert_eq!(press(&mut app, KeyCode::Enter), []);
    let screen = rows(&drawn(&app, PLAIN, (120, 36))).join("\n");
    assert!(screen.contains("Nothing is called that."), "{screen}");
    press(&mut app, KeyCode::Backspace);
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.overlay, Overlay::None);
    let mut file = exploring();
    press(&mut file, KeyCode::Char('/'));
    type_in(&mut file, "restart");
    assert_eq!(press(&mut file, KeyCode::Enter), []);
    let screen = rows(&drawn(&file, PLAIN, (120, 36))).join("\n");
    assert!(
        screen.contains("Nothing: nothing is trained here."),
        "{screen}"
    );
    // Once more closes it, too.
    let mut app = watched(View::Train);
    let again = || KeyEvent::new(KeyCode::Char('p'), KeyModifiers::CONTROL);
    send(&mut app, again());
    assert!(matches!(app.overlay, Overlay::Find(_)));
    send(&mut app, again());
    assert_eq!(app.overlay, Overlay::None);
}

#[test]
fn it_is_drawn_at_any_size_and_looks_as_it_did() {
    let typed = |words: &str| {
        let mut app = watched(View::Train);
        press(&mut app, KeyCode::Char('/'));
        type_in(&mut app, words);
        app
    };
    keep("find", &typed("co"), PLAIN, (120, 36));
    keep("find", &typed("co"), PLAIN, (80, 24));
    keep("find-nothing-typed", &typed(""), PLAIN, (60, 20));
    keep("ascii-find", &typed("sample b"), ASCII, (80, 24));
    for app in [typed(""), typed("e"), typed("qq"), typed(&"w".repeat(90))] {
        for width in (1..=200).step_by(7) {
            for height in (1..=60).step_by(5) {
                drawn(&app, theme(Depth::True, Glyphs::Blocks), (width, height));
            }
        }
    }
    // The marked line is seen, however far down it is.
    let mut app = typed("");
    press(&mut app, KeyCode::End);
    for size in [(60, 20), (80, 24), (120, 36)] {
        let screen = rows(&drawn(&app, PLAIN, size)).join("\n");
        assert!(screen.contains("▸ word"), "{screen}");
    }
}
