//! What each key does to the state, and what it asks of others.

mod beside;
mod branches;
mod browsing;
mod drawing;
mod leaving;
mod lesson;
mod narrowed;
mod settings;
mod tape;
mod typing;
mod views;

use std::{path::PathBuf, sync::Arc};

use crossterm::event::KeyModifiers;

use super::{news::hear, typing::TYPED, *};
use crate::{
    data::{Classes, Dataset, PIXELS, Split},
    message::{
        Answers, Appraisal, Ask, Curve, Failure, Gaze, Map, Moment, Observation, Plane, Row,
        SampleId, Seen, SplitName,
    },
    pace::Film,
    recipe::Preset,
    ui::{
        app::{Kind, Plan},
        runs::Runs,
    },
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
        classes: Classes::numbered(10),
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
        owes: false,
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
    let set = |digits: &[u8]| digits.iter().copied().collect::<Labels>();
    for (key, shown) in [
        ("4", set(&[4])),
        ("7", set(&[4, 7])),
        ("9", set(&[4, 7, 9])),
        ("7", set(&[4, 9])),
        ("4", set(&[9])),
        ("9", Labels::ALL),
        ("0", set(&[0])),
    ] {
        assert_eq!(types(&mut app, key), [], "{key}");
        assert_eq!(app.filter, shown, "{key}");
    }
    tap(&mut app, KeyCode::Esc);
    assert_eq!(app.filter, Labels::ALL);
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
    let four = Labels::NONE.with(4);
    assert_eq!((&app.overlay, app.filter), (&Overlay::None, four));
    types(&mut app, "?");
    tap(&mut app, KeyCode::Esc);
    assert_eq!(
        (&app.overlay, app.filter),
        (&Overlay::None, four),
        "one level"
    );
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

fn said(app: &App) -> &str {
    app.status.as_ref().map_or("", |status| &status.words)
}

#[test]
fn a_key_that_does_nothing_says_why() {
    let mut app = app();
    for (key, words) in [
        (
            "z",
            "z does nothing here; it is a key of Curves (g c), Latent (g l), Inside (g i).",
        ),
        ("Q", "Q does nothing; ? tells what the keys do."),
        ("\u{202e}", " does nothing; ? tells what the keys do."),
    ] {
        assert_eq!(types(&mut app, key), []);
        assert_eq!(said(&app), words);
    }
    // Nobody typed these for a letter of theirs.
    control(&mut app, 'x');
    assert_eq!(said(&app), "");
    tap(&mut app, KeyCode::F(7));
    assert_eq!(said(&app), "");
}

#[test]
fn the_map_says_how_it_is_drawn() {
    let mut app = app();
    let mut told = Vec::new();
    for _ in 0..3 {
        types(&mut app, "v");
        told.push(said(&app).to_owned());
    }
    assert!(told[0].starts_with("A dot for each image"), "{told:?}");
    assert!(told[1].contains("as its letter"), "{told:?}");
    assert!(told[2].contains("brighter"), "{told:?}");
}

#[test]
fn a_step_says_that_the_training_waits_and_an_epoch_more_that_it_goes_on() {
    let mut app = app();
    assert_eq!(types(&mut app, "."), asks(Command::Steps(1)));
    assert!(said(&app).contains("then it waits"));
    // Where it waits already there is nothing to be said.
    hear(&mut app, seen(6, Phase::Paused));
    types(&mut app, ".");
    assert_eq!(said(&app), "");
    let mut ended = super::tests::app();
    hear(&mut ended, seen(20, Phase::Finished));
    assert_eq!(types(&mut ended, " "), asks(Command::Epochs(1)));
    assert_eq!(said(&ended), "An epoch more.");
}
