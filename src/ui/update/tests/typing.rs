//! Numbers and names that are typed or pasted.

use super::*;
use crate::ui::views::View;

#[test]
fn a_typed_number_goes_to_that_sample_or_to_the_last() {
    let mut app = app();
    types(&mut app, "g7x");
    assert_eq!(
        app.overlay,
        Overlay::Typing(Prompt::Sample, "7".into()),
        "letters are no figures"
    );
    assert_eq!(tap(&mut app, KeyCode::Enter), look(7));
    assert_eq!(app.overlay, Overlay::None);
    types(&mut app, "g12");
    tap(&mut app, KeyCode::Backspace);
    assert_eq!(tap(&mut app, KeyCode::Enter), look(1));
    types(&mut app, "g999999999999999999999999");
    assert_eq!(
        app.overlay,
        Overlay::Typing(Prompt::Sample, "9".repeat(TYPED))
    );
    assert_eq!(tap(&mut app, KeyCode::Enter), look(LEN - 1));
}

#[test]
fn typing_can_be_left_and_an_empty_number_goes_nowhere() {
    let mut app = app();
    types(&mut app, "g7");
    assert_eq!(tap(&mut app, KeyCode::Esc), []);
    assert_eq!((&app.overlay, app.sample.index), (&Overlay::None, 12));
    types(&mut app, "g");
    tap(&mut app, KeyCode::Backspace);
    assert_eq!(tap(&mut app, KeyCode::Enter), []);
    assert_eq!((&app.overlay, app.sample.index), (&Overlay::None, 12));
    assert_eq!(app.filter, Labels::ALL, "figures were typed, not chosen");
}

#[test]
fn a_run_is_typed_in_steps_or_epochs() {
    for (keys, asked) in [
        (":500", asks(Command::Steps(500))),
        (":2e", asks(Command::Epochs(2))),
        (":2e3", asks(Command::Epochs(2))),
        (":2ee", asks(Command::Epochs(2))),
        (":e5", asks(Command::Steps(5))),
        (":0", vec![]),
        (":0e", vec![]),
        (":", vec![]),
        (":-5", asks(Command::Steps(5))),
    ] {
        let mut app = app();
        types(&mut app, keys);
        assert_eq!(tap(&mut app, KeyCode::Enter), asked, "{keys}");
        assert_eq!(app.overlay, Overlay::None, "{keys}");
        assert_eq!(app.status.is_some(), asked.is_empty(), "{keys} is answered");
    }
}

#[test]
fn weights_that_find_no_place_are_given_a_name_by_hand() {
    let refuse = |app: &mut App, asked: Option<&str>| {
        let (asked, why) = (asked.map(PathBuf::from), "cannot write it".into());
        hear(app, News::NoPlace { asked, why });
    };
    let mut app = app();
    assert_eq!(types(&mut app, "s"), [Request::Look(Look::Save)]);
    refuse(&mut app, None);
    // Letters are letters now, and nothing is saved under no name.
    assert!(tap(&mut app, KeyCode::Enter).is_empty());
    assert!(types(&mut app, "q s/ü").is_empty());
    // To stop takes nothing away of what is typed.
    assert_eq!(control(&mut app, 'z'), [Request::Suspend]);
    tap(&mut app, KeyCode::Backspace);
    let as_typed = [Request::Look(Look::SaveAs("q s/".into()))];
    assert_eq!(tap(&mut app, KeyCode::Enter), as_typed);
    assert_eq!(app.overlay, Overlay::None);

    // A name that will not do either can be mended.
    refuse(&mut app, Some("q s/"));
    types(&mut app, "a");
    let mended = [Request::Look(Look::SaveAs("q s/a".into()))];
    assert_eq!(tap(&mut app, KeyCode::Enter), mended);

    refuse(&mut app, None);
    tap(&mut app, KeyCode::Esc);
    assert_eq!((&app.overlay, app.exit.clone()), (&Overlay::None, None));

    // Whoever answers something else is only told.
    types(&mut app, "g");
    refuse(&mut app, None);
    assert!(matches!(app.overlay, Overlay::Typing(..)));
    assert!(app.status.as_ref().is_some_and(|status| status.warning));
    refuse(&mut exploring(), None);
}

#[test]
fn a_pasted_text_presses_no_key() {
    let mut app = app();
    let paste = |app: &mut App, text: &str| update(app, Message::Paste(text.into()));
    assert_eq!(paste(&mut app, "s q R g 12 ?\r"), []);
    assert_eq!((app.exit.clone(), &app.overlay), (None, &Overlay::None));
    for keys in ["?", "m"] {
        types(&mut app, keys);
        let overlay = app.overlay.clone();
        assert_eq!(paste(&mut app, "q\x1bm?"), []);
        assert_eq!(app.overlay, overlay);
        tap(&mut app, KeyCode::Esc);
    }
}

#[test]
fn a_prompt_takes_the_digits_of_a_pasted_text() {
    let mut app = app();
    types(&mut app, "g");
    // Pressed there, letters would lead to views.
    let asked = update(
        &mut app,
        Message::Paste("digits no. 1,3\r\n\x1b\x7f".into()),
    );
    assert_eq!((asked, app.view), (vec![], View::Train));
    let typed = Overlay::Typing(Prompt::Sample, "13".into());
    assert_eq!(app.overlay, typed);
    assert_eq!(tap(&mut app, KeyCode::Enter), look(13));
    types(&mut app, ":");
    update(&mut app, Message::Paste("2e".into()));
    assert_eq!(tap(&mut app, KeyCode::Enter), asks(Command::Epochs(2)));
}

#[test]
fn a_name_can_be_pasted_but_no_line_end_saves_under_it() {
    let mut app = app();
    let why = "cannot write it".into();
    hear(&mut app, News::NoPlace { asked: None, why });
    assert_eq!(
        update(&mut app, Message::Paste("~/q.safetensors\r".into())),
        []
    );
    let named = [Request::Look(Look::SaveAs("~/q.safetensors".into()))];
    assert_eq!(tap(&mut app, KeyCode::Enter), named);
}
