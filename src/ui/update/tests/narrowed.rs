//! On a screen that has no room for a run nothing is done unseen: the ways out work, and
//! what is asked there is answered there.

use super::*;
use crate::ui::{
    keymap::{BINDINGS, Binding},
    views::TABLE,
};

const TOO_SMALL: (u16, u16) = (30, 8);

/// All that keys change, and the overlay.
fn state(app: &App) -> String {
    let looked_at = (app.view, app.sample, app.when, app.filter, app.map_style);
    let told = (app.above, app.pace, app.commanded, &app.exit, &app.status);
    format!("{looked_at:?} {told:?} {:?} {:?}", app.overlay, app.places)
}

#[test]
fn keys_whose_effect_would_not_be_seen_do_nothing() {
    let ways_out = [
        Action::Quit,
        Action::QuitAtOnce,
        Action::Suspend,
        Action::Redraw,
    ];
    let overlays = [
        Overlay::None,
        Overlay::Help(0),
        Overlay::Measures,
        Overlay::Typing(Prompt::Sample, "1".into()),
        Overlay::Find(Find::default()),
        Overlay::Restart(0),
        Overlay::Branches(0),
    ];
    for entry in TABLE {
        for overlay in &overlays {
            let small = || {
                let mut app = app();
                app.view = entry.view;
                app.look();
                update(&mut app, Message::Screen(TOO_SMALL));
                app.overlay = overlay.clone();
                app
            };
            let idle = BINDINGS
                .iter()
                .filter(|binding| !ways_out.iter().any(|action| binding.means(*action)));
            for key in idle.flat_map(Binding::key_events) {
                let mut app = small();
                let before = state(&app);
                assert_eq!(update(&mut app, Message::Key(key)), [], "{key:?}");
                assert_eq!(state(&app), before, "{key:?} in {}", entry.name);
            }
            let mut app = small();
            let before = state(&app);
            update(&mut app, Message::Paste("12".into()));
            assert_eq!(state(&app), before);
        }
    }
}

#[test]
fn the_ways_out_work_and_what_they_ask_is_answered() {
    let mut app = app();
    update(&mut app, Message::Screen(TOO_SMALL));
    let control = |letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
    assert_eq!(press(&mut app, control('z')), [Request::Suspend]);
    assert_eq!(press(&mut app, control('l')), [Request::Redraw]);
    types(&mut app, "q");
    assert_eq!((&app.overlay, &app.exit), (&Overlay::ConfirmQuit, &None));
    assert_eq!(types(&mut app, "s"), [Request::Look(Look::Save)]);
    types(&mut app, "qq");
    assert_eq!(app.exit, Some(Exit::Quit));
    let mut app = self::app();
    update(&mut app, Message::Screen(TOO_SMALL));
    press(&mut app, control('c'));
    assert_eq!(app.exit, Some(Exit::Quit));
    // With room again keys do what they did.
    let mut app = self::app();
    update(&mut app, Message::Screen(TOO_SMALL));
    update(&mut app, Message::Screen((60, 20)));
    assert_eq!(types(&mut app, "x"), [Request::Export(Format::Png)]);
}
