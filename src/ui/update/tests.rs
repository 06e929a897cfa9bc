//! What each key does to the state, and what it asks of others.

mod branches;
mod drawing;
mod narrowed;
mod settings;
mod tape;
mod views;

use std::sync::Arc;

use crossterm::event::KeyModifiers;

use super::*;
use crate::{
    data::{Dataset, PIXELS, Split},
    message::{
        Answers, Appraisal, Ask, Curve, Failure, Gaze, Map, Moment, Observation, Plane, Row,
        SampleId, Seen, SplitName,
    },
    pace::Film,
    recipe::Preset,
    ui::{app::Plan, runs::Runs},
};

const LEN: usize = 25;

fn plan() -> Plan {
    Plan {
        title: "article".into(),
        kind: Kind::of(&Recipe::preset(Preset::Article)),
        recipe: Recipe::preset(Preset::Article),
        sample: SampleId {
            split: SplitName::Test,
            index: 12,
        },
        pace: Pace::FILM,
        trains: true,
        result: None,
        kept: false,
        presets: Preset::ALL.map(Recipe::preset).into(),
        runs: Runs::default(),
    }
}

/// 25 test images labelled 0, 1, 2, 0, 1, 2 and so on, and twice as many to train on.
fn data() -> Arc<Dataset> {
    let split = |len: usize| {
        Split::new(
            vec![0; len * PIXELS],
            (0..len).map(|image| (image % 3) as u8).collect(),
        )
    };
    Arc::new(Dataset {
        name: "small".into(),
        train: split(2 * LEN),
        test: split(LEN),
        digest: String::new(),
    })
}

/// What is seen when the trainer has obeyed whatever it was told.
fn seen(step: u64, phase: Phase) -> News {
    seen_after(u64::MAX, step, phase)
}

/// What is seen of a trainer that has obeyed so many commands.
fn seen_after(obeyed: u64, step: u64, phase: Phase) -> News {
    News::Observed(Arc::new(observation(obeyed, step, phase)))
}

fn observation(obeyed: u64, step: u64, phase: Phase) -> Observation {
    let sample = plan().sample;
    Observation {
        recipe: Arc::new(plan().recipe),
        seen: Seen::now(step),
        heard: u64::MAX,
        tape: Arc::default(),
        moment: Moment {
            step,
            phase,
            obeyed,
            pace: Pace::FILM,
            film: Film::new(10, 3),
            images_per_epoch: 2 * LEN,
            images_per_second: 0.0,
            seconds_left: None,
        },
        curve: Arc::new(Curve::default()),
        row: Arc::new(Row {
            chosen: sample,
            samples: Vec::new(),
        }),
        map: Arc::new(Map {
            step,
            plane: Plane::Codes,
            points: Vec::new(),
            labels: Arc::new([]),
            chosen: [0.0; 2],
            prior: None,
            range: [[0.0, 1.0]; 2],
            units: [0.0; 2],
            digit_losses: None,
        }),
        answers: Answers::default(),
        appraisal: Appraisal::default(),
    }
}

fn app() -> App {
    let mut app = App::new(plan());
    hear(&mut app, News::Loaded(data()));
    hear(&mut app, seen(5, Phase::Training));
    app
}

fn failed() -> App {
    let mut app = app();
    hear(&mut app, News::Failed(Failure::Died("gone".into())));
    app
}

fn exploring() -> App {
    let mut app = App::new(Plan {
        trains: false,
        ..plan()
    });
    hear(&mut app, News::Loaded(data()));
    hear(&mut app, seen(5, Phase::Exploring));
    app
}

fn tap(app: &mut App, code: KeyCode) -> Vec<Request> {
    update(app, Message::Key(KeyEvent::new(code, KeyModifiers::NONE)))
}

fn control(app: &mut App, character: char) -> Vec<Request> {
    let key = KeyEvent::new(KeyCode::Char(character), KeyModifiers::CONTROL);
    update(app, Message::Key(key))
}

/// Types characters; what the last one asked for.
fn types(app: &mut App, keys: &str) -> Vec<Request> {
    let taps = keys.chars().map(|key| tap(app, KeyCode::Char(key)));
    taps.last().unwrap_or_default()
}

fn look(index: usize) -> Vec<Request> {
    look_at(SplitName::Test, index)
}

fn look_at(split: SplitName, index: usize) -> Vec<Request> {
    let sample = SampleId { split, index };
    let when = When::Now;
    vec![Request::Look(Look::Gaze(Gaze {
        when,
        sample,
        ask: Ask::Nothing,
    }))]
}

fn asks(command: Command) -> Vec<Request> {
    vec![Request::Command(command)]
}

/// The weights of the step that [`app`] shows are in this file.
fn saved_as(path: &str) -> News {
    News::Saved {
        path: path.into(),
        step: 5,
    }
}

#[test]
fn arrows_browse_and_stop_at_both_ends() {
    let mut app = app();
    assert_eq!(tap(&mut app, KeyCode::Right), look(13));
    assert_eq!(tap(&mut app, KeyCode::Left), look(12));
    assert_eq!(types(&mut app, "l"), look(13));
    assert_eq!(types(&mut app, "h"), look(12));
    assert_eq!(tap(&mut app, KeyCode::Home), look(0));
    assert_eq!(tap(&mut app, KeyCode::Left), [], "nothing new is looked at");
    assert_eq!(tap(&mut app, KeyCode::End), look(LEN - 1));
    assert_eq!(tap(&mut app, KeyCode::Right), []);
}

#[test]
fn up_and_down_go_by_rows_of_ten() {
    let mut app = app();
    assert_eq!(tap(&mut app, KeyCode::Down), look(22));
    assert_eq!(tap(&mut app, KeyCode::Down), look(LEN - 1));
    assert_eq!(types(&mut app, "k"), look(14));
    assert_eq!(types(&mut app, "kk"), look(0));
    assert_eq!(types(&mut app, "j"), look(10));
}

#[test]
fn n_goes_round_to_the_next_of_the_same_digit() {
    let mut app = app();
    assert_eq!(types(&mut app, "n"), look(15));
    assert_eq!(types(&mut app, "N"), look(12));
    // 24 is the last 0.
    assert_eq!(types(&mut app, "nnnn"), look(24));
    assert_eq!(types(&mut app, "n"), look(0));
    assert_eq!(types(&mut app, "N"), look(24));
}

#[test]
fn any_sample_is_one_that_exists() {
    let mut app = app();
    for _ in 0..200 {
        let before = app.sample.index;
        let asked = types(&mut app, "r");
        assert!(app.sample.index < LEN);
        if app.sample.index != before {
            assert_eq!(asked, look(app.sample.index));
        }
    }
}

#[test]
fn the_other_split_keeps_the_index_within_bounds() {
    let mut app = app();
    assert_eq!(types(&mut app, "t"), look_at(SplitName::Train, 12));
    assert_eq!(
        tap(&mut app, KeyCode::End),
        look_at(SplitName::Train, 2 * LEN - 1)
    );
    assert_eq!(types(&mut app, "t"), look(LEN - 1));
}

#[test]
fn before_the_images_are_loaded_browsing_changes_nothing() {
    let mut app = App::new(plan());
    for key in "hljkrnNt".chars() {
        assert_eq!(types(&mut app, &key.to_string()), [], "{key}");
    }
    for code in [KeyCode::Home, KeyCode::End] {
        assert_eq!(tap(&mut app, code), []);
    }
    assert_eq!(app.sample, plan().sample);
}

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
    assert_eq!(app.digits, DigitSet::ALL, "figures were typed, not chosen");
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
fn space_pauses_resumes_and_adds_an_epoch() {
    for (phase, command) in [
        (Phase::Training, Command::Pause),
        (Phase::Paused, Command::Resume),
        (Phase::Finished, Command::Epochs(1)),
    ] {
        let mut app = app();
        hear(&mut app, seen(30, phase));
        assert_eq!(types(&mut app, " "), asks(command), "{phase:?}");
    }
    assert_eq!(types(&mut app(), "."), asks(Command::Steps(1)));
    assert_eq!(types(&mut app(), "]"), asks(Command::Epochs(1)));
}

#[test]
fn plus_and_minus_change_the_pace_by_two() {
    let mut app = app();
    let film = |speed| Pace::Film { speed };
    assert_eq!(types(&mut app, "+"), asks(Command::Pace(film(2.0))));
    assert_eq!(types(&mut app, "="), asks(Command::Pace(film(4.0))));
    assert_eq!(types(&mut app, "---"), asks(Command::Pace(film(0.5))));
}

#[test]
fn full_speed_returns_to_the_pace_before() {
    let mut app = app();
    types(&mut app, "+");
    assert_eq!(types(&mut app, "f"), asks(Command::Pace(Pace::Full)));
    let before = Pace::Film { speed: 2.0 };
    assert_eq!(types(&mut app, "f"), asks(Command::Pace(before)));
    let mut hurried = App::new(Plan {
        pace: Pace::Full,
        ..plan()
    });
    assert_eq!(types(&mut hurried, "f"), asks(Command::Pace(Pace::FILM)));
}

#[test]
fn digits_add_up_go_away_again_and_esc_shows_all() {
    let mut app = app();
    let set = |digits: &[u8]| digits.iter().copied().collect::<DigitSet>();
    for (key, shown) in [
        ("4", set(&[4])),
        ("7", set(&[4, 7])),
        ("9", set(&[4, 7, 9])),
        ("7", set(&[4, 9])),
        ("4", set(&[9])),
        ("9", DigitSet::ALL),
        ("0", set(&[0])),
    ] {
        assert_eq!(types(&mut app, key), [], "{key}");
        assert_eq!(app.digits, shown, "{key}");
    }
    tap(&mut app, KeyCode::Esc);
    assert_eq!(app.digits, DigitSet::ALL);
}

#[test]
fn the_map_has_its_ways_in_a_round() {
    let mut app = app();
    let first = app.map_style;
    types(&mut app, "vv");
    assert_ne!(app.map_style, first);
    types(&mut app, "v");
    assert_eq!(app.map_style, first);
}

#[test]
fn help_turns_its_pages_closes_and_lets_other_keys_through() {
    let mut app = app();
    types(&mut app, "?");
    assert_eq!(app.overlay, Overlay::Help(0));
    types(&mut app, "?");
    assert_eq!(app.overlay, Overlay::Help(1));
    assert_eq!(types(&mut app, " "), [], "space turns a page");
    assert_eq!(app.overlay, Overlay::Help(2));
    types(&mut app, "4");
    let four = DigitSet::EMPTY.with(4);
    assert_eq!((&app.overlay, app.digits), (&Overlay::None, four));
    types(&mut app, "?");
    tap(&mut app, KeyCode::Esc);
    assert_eq!(
        (&app.overlay, app.digits),
        (&Overlay::None, four),
        "one level"
    );
}

#[test]
fn quitting_asks_once_and_only_if_something_is_unsaved() {
    let mut unsaved = app();
    types(&mut unsaved, "q");
    assert_eq!(
        (&unsaved.overlay, unsaved.exit.clone()),
        (&Overlay::ConfirmQuit, None)
    );
    types(&mut unsaved, "q");
    assert_eq!(unsaved.exit, Some(Exit::Quit));

    let mut stays = app();
    types(&mut stays, "q");
    tap(&mut stays, KeyCode::Esc);
    assert_eq!((&stays.overlay, stays.exit.clone()), (&Overlay::None, None));
    types(&mut stays, "q");
    assert_eq!(types(&mut stays, "s"), [Request::Look(Look::Save)]);
    hear(&mut stays, saved_as("a.safetensors"));
    types(&mut stays, "q");
    assert_eq!(stays.exit, Some(Exit::Quit), "saved");

    let mut trained_on = app();
    hear(&mut trained_on, saved_as("a.safetensors"));
    hear(&mut trained_on, seen(6, Phase::Training));
    types(&mut trained_on, "q");
    assert_eq!(trained_on.exit, None, "a step more is in no file");
}

#[test]
fn quitting_asks_nothing_where_nothing_would_be_lost() {
    let mut untrained = App::new(plan());
    hear(&mut untrained, seen(0, Phase::Training));
    let mut saving = app();
    saving.plan.result = Some("a.safetensors".into());
    for mut app in [App::new(plan()), untrained, saving, exploring()] {
        types(&mut app, "q");
        assert_eq!(app.exit, Some(Exit::Quit));
    }
}

#[test]
fn ctrl_c_leaves_at_once_from_anywhere() {
    for keys in ["", "?", "g12", "q", ":5"] {
        let mut app = app();
        types(&mut app, keys);
        assert_eq!(control(&mut app, 'c'), []);
        assert_eq!(app.exit, Some(Exit::Quit), "after {keys}");
    }
    let mut app = app();
    update(&mut app, Message::Signal(15));
    assert_eq!(app.exit, Some(Exit::Signal(15)));
}

#[test]
fn the_terminal_is_asked_for_what_is_the_terminals() {
    assert_eq!(control(&mut app(), 'z'), [Request::Suspend]);
    assert_eq!(control(&mut app(), 'l'), [Request::Redraw]);
}

/// Every key that speaks to a trainer.
const TRAINING_KEYS: [&str; 9] = [" ", ".", "]", "+", "=", "-", "f", ":5", ":2e"];

#[test]
fn without_a_trainer_no_key_sends_a_command() {
    for make in [failed, exploring] {
        for keys in TRAINING_KEYS {
            let mut app = make();
            assert_eq!(types(&mut app, keys), [], "{keys}");
            assert_eq!(tap(&mut app, KeyCode::Enter), [], "{keys}");
        }
    }
    let mut failing = app();
    types(&mut failing, ":5");
    let overlay = failing.overlay.clone();
    hear(&mut failing, News::Failed(Failure::Died("gone".into())));
    failing.overlay = overlay;
    assert_eq!(tap(&mut failing, KeyCode::Enter), []);
}

#[test]
fn a_key_that_has_nothing_to_train_says_why() {
    let said = |mut app: App, keys: &str| {
        app.overlay = Overlay::None;
        types(&mut app, keys);
        assert_eq!((&app.overlay, &app.exit), (&Overlay::None, &None), "{keys}");
        app.status.map_or_else(String::new, |status| status.words)
    };
    let nothing_is_there = || App::new(plan());
    let kept = || {
        let mut app = exploring();
        let seen = observation(u64::MAX, 5, Phase::Exploring);
        let tape = Arc::new(crate::message::Tape { steps: vec![0, 5] });
        hear(
            &mut app,
            News::Observed(Arc::new(Observation { tape, ..seen })),
        );
        app
    };
    for keys in ["p", "B", "R", ":", "]", "f"] {
        assert!(said(exploring(), keys).contains("--init FILE"), "{keys}");
        assert!(said(kept(), keys).contains("--resume DIR"), "{keys}");
    }
    for keys in ["p", "B", "R"] {
        assert!(
            said(nothing_is_there(), keys).starts_with("Not yet"),
            "{keys}"
        );
    }
    for keys in [" ", ":"] {
        assert!(said(failed(), keys).contains("p or R"), "{keys}");
    }
    assert!(said(app(), "y").starts_with("No noise"));
    assert_eq!(said(app(), " "), "");
}

#[test]
fn after_a_failure_one_can_look_around_and_save() {
    let mut app = failed();
    assert_eq!(app.overlay, Overlay::Failure);
    assert_eq!(tap(&mut app, KeyCode::Esc), []);
    assert_eq!(app.overlay, Overlay::None);
    assert_eq!(tap(&mut app, KeyCode::Right), look(13));
    assert_eq!(types(&mut app, "s"), [Request::Look(Look::Save)]);
}

#[test]
fn the_answer_to_a_save_stays_until_the_next_key() {
    let mut app = app();
    hear(&mut app, News::NotSaved("disk full".into()));
    assert!(app.status.as_ref().unwrap().warning);
    hear(&mut app, saved_as("a.safetensors"));
    assert!(!app.status.as_ref().unwrap().warning);
    hear(&mut app, seen(7, Phase::Training));
    assert_eq!(app.status.as_ref().unwrap().words, "saved a.safetensors");
    tap(&mut app, KeyCode::Right);
    assert_eq!(app.status, None);
}

#[test]
fn keys_without_a_meaning_do_nothing() {
    let mut app = app();
    for code in [KeyCode::Char('w'), KeyCode::F(5), KeyCode::Insert] {
        assert_eq!(tap(&mut app, code), []);
    }
    assert_eq!((app.exit, app.sample.index), (None, 12));
}

#[test]
fn the_same_run_with_another_seed_is_begun_after_a_question_if_something_is_unsaved() {
    let seeded = |seed| {
        Exit::Anew(Box::new(Recipe {
            seed,
            ..plan().recipe
        }))
    };
    let choose = |app: &mut App| {
        types(app, "Rj");
        tap(app, KeyCode::Enter)
    };
    let mut unsaved = app();
    assert_eq!(choose(&mut unsaved), []);
    assert_eq!(unsaved.exit, None);
    tap(&mut unsaved, KeyCode::Esc);
    assert_eq!((&unsaved.overlay, &unsaved.exit), (&Overlay::None, &None));
    choose(&mut unsaved);
    assert_eq!(types(&mut unsaved, "s"), [Request::Look(Look::Save)]);
    assert_eq!(unsaved.exit, None, "saved first");
    choose(&mut unsaved);
    types(&mut unsaved, "R");
    assert_eq!(unsaved.exit, Some(seeded(43)));

    let mut saved = app();
    hear(&mut saved, saved_as("a.safetensors"));
    types(&mut saved, "Rjk");
    tap(&mut saved, KeyCode::Enter);
    assert_eq!(saved.exit, Some(seeded(42)), "the same again");
}

#[test]
fn what_the_next_run_would_replace_counts_as_unsaved() {
    let mut app = app();
    app.plan.result = Some("result.safetensors".into());
    hear(&mut app, saved_as("result.safetensors"));
    types(&mut app, "R");
    tap(&mut app, KeyCode::Enter);
    assert!(matches!(app.overlay, Overlay::ConfirmRestart(_)));
    types(&mut app, "s");
    hear(&mut app, saved_as("a.safetensors"));
    types(&mut app, "Rj");
    tap(&mut app, KeyCode::Enter);
    assert!(matches!(app.exit, Some(Exit::Anew(next)) if next.seed == 43));
}

#[test]
fn a_run_can_follow_a_failed_one_but_not_one_without_trainer_or_images() {
    let mut failed = failed();
    types(&mut failed, "R");
    assert_eq!(failed.overlay, Overlay::Restart(0));
    for make in [exploring, || App::new(plan())] {
        for key in ["p", "R"] {
            let mut app = make();
            types(&mut app, key);
            assert_eq!(app.overlay, Overlay::None, "{key}");
        }
    }
}

#[test]
fn the_screen_of_the_run_that_follows_keeps_what_the_viewer_chose() {
    let mut before = failed();
    types(&mut before, "v47+f");
    let plan = Plan {
        recipe: Recipe::preset(Preset::Vae),
        sample: before.sample,
        pace: before.pace,
        ..plan()
    };
    let (style, digits) = (before.map_style, before.digits);
    let mut after = before.anew(plan);
    assert_eq!((after.map_style, after.digits), (style, digits));
    assert!(after.data.is_some(), "the images");
    assert!(after.seen.is_none() && after.failure.is_none() && after.exit.is_none());
    assert_eq!(
        (after.plan.recipe.preset, after.unsaved_steps()),
        (Preset::Vae, 0)
    );
    let before = Pace::Film { speed: 2.0 };
    assert_eq!(types(&mut after, "f"), asks(Command::Pace(before)));
}

#[test]
fn the_image_on_top_is_changed_only_where_there_is_noise() {
    let mut clean = app();
    types(&mut clean, "y");
    assert_eq!(
        clean.above,
        Above::Noisy,
        "and so drawn as the original it is"
    );
    let mut noisy = app();
    noisy.plan.kind.noisy = true;
    types(&mut noisy, "y");
    assert_eq!(noisy.above, Above::Original);
    types(&mut noisy, "y");
    assert_eq!(noisy.above, Above::Noisy);
}

#[test]
fn the_measures_stay_open_while_the_run_is_told_what_to_do() {
    let mut app = app();
    tap(&mut app, KeyCode::Char('m'));
    assert_eq!(app.overlay, Overlay::Measures);
    let asked = tap(&mut app, KeyCode::Char(' '));
    assert_eq!(asked, [Request::Command(Command::Pause)]);
    assert_eq!(app.overlay, Overlay::Measures);
    tap(&mut app, KeyCode::Char('m'));
    assert_eq!(app.overlay, Overlay::None);
    tap(&mut app, KeyCode::Char('m'));
    tap(&mut app, KeyCode::Esc);
    assert_eq!(app.overlay, Overlay::None);
    tap(&mut app, KeyCode::Char('m'));
    tap(&mut app, KeyCode::Char('?'));
    assert_eq!(app.overlay, Overlay::Help(0));
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
    assert!(control(&mut app, 'z').is_empty());
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
fn a_key_that_means_the_opposite_counts_on_what_was_asked_before() {
    let mut app = app();
    hear(&mut app, seen_after(0, 5, Phase::Training));
    // Nothing is seen of the first press when the second comes, nor of both at the third.
    assert_eq!(types(&mut app, " "), asks(Command::Pause));
    assert_eq!(types(&mut app, " "), asks(Command::Resume));
    hear(&mut app, seen_after(1, 5, Phase::Paused));
    assert_eq!(types(&mut app, " "), asks(Command::Pause));
    hear(&mut app, seen_after(2, 5, Phase::Training));
    assert_eq!(types(&mut app, " "), asks(Command::Resume));
    // The pace changes nothing of it.
    hear(&mut app, seen_after(4, 5, Phase::Paused));
    assert_eq!(types(&mut app, "f "), asks(Command::Resume));
    // A step leads to a pause, whatever was before.
    assert_eq!(types(&mut app, ". "), asks(Command::Resume));
    hear(&mut app, seen(6, Phase::Finished));
    app.commanded = 0;
    assert_eq!(types(&mut app, " "), asks(Command::Epochs(1)));
}

#[test]
fn two_presses_before_anything_is_seen_end_in_training() {
    let mut app = App::new(plan());
    assert_eq!(types(&mut app, " "), asks(Command::Pause));
    assert_eq!(types(&mut app, " "), asks(Command::Resume));
}

#[test]
fn a_command_that_was_not_heard_is_as_if_not_given() {
    let mut app = app();
    hear(&mut app, seen_after(0, 5, Phase::Training));
    assert_eq!(types(&mut app, " "), asks(Command::Pause));
    update(&mut app, Message::NotHeard);
    assert_eq!(types(&mut app, " "), asks(Command::Pause));
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
    let asked = update(&mut app, Message::Paste("no. 1,3\r\n\x1b\x7f".into()));
    assert_eq!(asked, []);
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
