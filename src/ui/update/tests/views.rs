//! Going from view to view: keys, letters, tabs; and what of it the observer is told.

use super::*;
use crate::ui::{
    keymap::{BINDINGS, action},
    pointer::{Button, Pointer, Side},
    views::{TABLE, View},
};

fn click(app: &mut App, column: u16, row: u16) -> Vec<Request> {
    let pointer = Pointer {
        button: Button::Pressed,
        side: Side::Left,
        column,
        row,
    };
    update(app, Message::Mouse(pointer, (120, 36)))
}

#[test]
fn tab_goes_round_all_views_and_back() {
    let mut app = app();
    for entry in TABLE {
        assert_eq!(app.view, entry.view);
        tap(&mut app, KeyCode::Tab);
    }
    assert_eq!(app.view, View::Train);
    for entry in TABLE.iter().rev() {
        tap(&mut app, KeyCode::BackTab);
        assert_eq!(app.view, entry.view);
    }
}

#[test]
fn g_and_a_letter_lead_to_each_view_and_a_number_still_to_a_sample() {
    for entry in TABLE {
        let mut app = app();
        types(&mut app, &format!("g{}", entry.letter));
        assert_eq!((app.view, &app.overlay), (entry.view, &Overlay::None));
        types(&mut app, "g7");
        tap(&mut app, KeyCode::Enter);
        assert_eq!((app.view, app.sample.index), (entry.view, 7));
    }
}

#[test]
fn a_click_on_a_tab_opens_its_view_and_beside_them_none() {
    // ` ae-tui  Train  Curves  Latent ...`
    let mut app = app();
    let mut found = Vec::new();
    for column in 0..120 {
        app.view = View::Train;
        click(&mut app, column, 0);
        if app.view != View::Train {
            found.push(app.view);
        }
    }
    found.dedup();
    let others: Vec<View> = TABLE.iter().skip(1).map(|entry| entry.view).collect();
    assert_eq!(found, others);
    click(&mut app, 20, 1);
    assert_eq!(app.view, View::Train);
    // Under an overlay a tab is no tab.
    types(&mut app, "?");
    click(&mut app, 18, 0);
    assert_eq!(app.view, View::Train);
}

#[test]
fn the_observer_is_told_once_of_each_thing_that_a_view_asks() {
    let mut app = app();
    for entry in &TABLE[1..] {
        let asked = tap(&mut app, KeyCode::Tab);
        let told: Vec<&Gaze> = asked
            .iter()
            .filter_map(|request| match request {
                Request::Look(Look::Gaze(gaze)) => Some(gaze),
                _ => None,
            })
            .collect();
        assert_eq!(told.len(), 1, "{}: {asked:?}", entry.name);
        assert_eq!(told[0].ask, (entry.asks)(&app));
        assert_eq!(update(&mut app, Message::NotHeard), []);
    }
    let back = tap(&mut app, KeyCode::Tab);
    assert!(matches!(&back[..], [Request::Look(Look::Gaze(gaze))] if gaze.ask == Ask::Nothing));
}

/// Whatever was seen, looked at or typed before.
#[test]
fn no_key_of_any_view_stops_the_program_or_leaves_it() {
    for entry in TABLE {
        for make in [app, exploring, failed, || App::new(plan())] {
            let mut app = make();
            app.overlay = Overlay::None;
            app.view = entry.view;
            for binding in BINDINGS.iter().filter(|row| row.is_of(entry.view)) {
                for press in binding.key_events() {
                    let leaves = matches!(
                        action(press, entry.view),
                        Some(keymap::Action::Quit | keymap::Action::QuitAtOnce)
                    );
                    if !leaves {
                        update(&mut app, Message::Key(press));
                        app.overlay = Overlay::None;
                        app.view = entry.view;
                        assert_eq!(app.exit, None, "{} in {}", binding.keys, entry.name);
                    }
                }
            }
        }
    }
}
