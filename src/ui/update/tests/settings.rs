//! What the keys of the settings do on each line, and that Enter does what was said.

use super::*;
use crate::{
    data::corrupt::Noise,
    message::Command,
    recipe::{Change, DEFAULT_SEED, Edit},
    ui::settings::{self, Intent, Line, Settings, words},
};

fn sheet(app: &App) -> Settings {
    match &app.overlay {
        Overlay::Settings(sheet) => (**sheet).clone(),
        other => panic!("the settings are not open: {other:?}"),
    }
}

fn said(app: &App) -> String {
    let sheet = sheet(app);
    words::enter(&sheet, &sheet.intent(app), app)
}

/// The settings on a line, after these keys.
fn on(line: Line, keys: &[KeyCode]) -> App {
    let mut app = app();
    types(&mut app, "p");
    assert_eq!(
        sheet(&app).line,
        Line::Numbers,
        "the width is one press away"
    );
    tap(&mut app, KeyCode::Home);
    let place = Line::ALL.iter().position(|other| *other == line).unwrap();
    for _ in 0..place {
        tap(&mut app, KeyCode::Down);
    }
    assert_eq!(sheet(&app).line, line);
    for key in keys {
        assert_eq!(tap(&mut app, *key), [], "nothing is applied before Enter");
    }
    app
}

const LEFT: KeyCode = KeyCode::Left;
const RIGHT: KeyCode = KeyCode::Right;
const BACK: KeyCode = KeyCode::Backspace;

#[test]
fn left_and_right_go_by_steps_and_backspace_puts_each_line_back() {
    let wanted = |line, keys: &[KeyCode]| sheet(&on(line, keys)).wanted;
    let rate = |keys: &[KeyCode]| wanted(Line::Rate, keys).learning_rate;
    assert_eq!([rate(&[RIGHT]), rate(&[LEFT, LEFT])], [0.0015, 0.0004]);
    let price = |keys: &[KeyCode]| wanted(Line::Price, keys).l1;
    assert_eq!([price(&[LEFT]), price(&[RIGHT])], [0.0, 1e-6]);
    let noise = |keys: &[KeyCode]| wanted(Line::Noise, keys).noise;
    assert_eq!(noise(&[RIGHT]), Noise::Gaussian(0.5));
    assert_eq!(noise(&[RIGHT; 9]), Noise::Mask(10));
    let width = |keys: &[KeyCode]| settings::width(&wanted(Line::Numbers, keys));
    assert_eq!([width(&[LEFT]), width(&[RIGHT; 9])], [Some(1), Some(32)]);
    let batch = |keys: &[KeyCode]| wanted(Line::Batch, keys).batch_size;
    assert_eq!([batch(&[LEFT]), batch(&[RIGHT])], [8, 128]);
    assert_eq!(wanted(Line::Seed, &[RIGHT]).seed, DEFAULT_SEED + 1);
    assert_ne!(wanted(Line::Seed, &[KeyCode::Char('r')]).seed, DEFAULT_SEED);
    assert_eq!(wanted(Line::Preset, &[RIGHT]).preset, Preset::Map);
    assert_eq!(wanted(Line::Preset, &[RIGHT, LEFT]), plan().recipe);
    for line in Line::ALL {
        let sheet = sheet(&on(line, &[RIGHT, BACK]));
        assert_eq!(sheet.wanted, sheet.now, "{line:?}");
    }
}

#[test]
fn a_value_is_typed_and_one_that_cannot_be_is_refused() {
    let typed = |line, words: &str| {
        let keys: Vec<KeyCode> = words.chars().map(KeyCode::Char).collect();
        on(line, &keys)
    };
    assert_eq!(
        sheet(&typed(Line::Rate, "0.004")).wanted.learning_rate,
        0.004
    );
    assert_eq!(
        sheet(&typed(Line::Rate, "4e-3")).wanted.learning_rate,
        0.004
    );
    // As the narrator's advice writes it.
    assert_eq!(
        sheet(&typed(Line::Rate, ".0001")).wanted.learning_rate,
        0.0001
    );
    let point = typed(Line::Rate, ".");
    assert!(sheet(&point).refused.is_none(), "the beginning of a number");
    let intent = sheet(&point).intent(&point);
    assert!(matches!(intent, settings::Intent::Refuse(_)), "{intent:?}");
    assert_eq!(sheet(&typed(Line::Price, "0.01")).wanted.l1, 0.01);
    assert_eq!(
        settings::width(&sheet(&typed(Line::Numbers, "5")).wanted),
        Some(5)
    );
    assert_eq!(sheet(&typed(Line::Batch, "64")).wanted.batch_size, 64);
    assert_eq!(sheet(&typed(Line::Seed, "7")).wanted.seed, 7);
    let mut app = on(Line::Noise, &[RIGHT, RIGHT]);
    types(&mut app, "0.3");
    assert_eq!(sheet(&app).wanted.noise, Noise::SaltPepper(0.3));
    for (line, words) in [
        (Line::Rate, "0"),
        (Line::Noise, "1"),
        (Line::Numbers, "0"),
        (Line::Numbers, "999999999"),
        (Line::Batch, "65537"),
        (Line::Seed, "99999999999999999999"),
    ] {
        let mut app = typed(line, words);
        let refused = sheet(&app);
        assert_eq!(refused.wanted, refused.now, "{line:?} {words}");
        assert!(matches!(refused.intent(&app), Intent::Refuse(_)), "{words}");
        assert!(said(&app).contains(words), "{}", said(&app));
        assert_eq!(tap(&mut app, KeyCode::Enter), []);
        assert_eq!((sheet(&app).line, &app.exit), (line, &None), "it stays");
        // The cure it names.
        for _ in 0..words.len() {
            tap(&mut app, BACK);
        }
        assert_eq!(sheet(&app).refused, None);
    }
}

#[test]
fn what_can_change_in_the_middle_is_told_to_the_trainer_and_shown_at_once() {
    let mut app = on(Line::Rate, &[]);
    types(&mut app, "0.004");
    tap(&mut app, KeyCode::Down);
    tap(&mut app, RIGHT);
    tap(&mut app, KeyCode::Down);
    tap(&mut app, RIGHT);
    let step = app.seen.as_ref().unwrap().moment.step;
    let told = format!(
        "Holds from step {}: rate .001 > .004, price 0 > .000001",
        step + 1
    );
    assert!(said(&app).starts_with(&told), "{}", said(&app));
    let asked = tap(&mut app, KeyCode::Enter);
    let changes = [
        Change::LearningRate(0.004),
        Change::L1(1e-6),
        Change::Noise(Noise::Gaussian(0.5)),
    ];
    assert_eq!(
        asked,
        changes.map(|change| Request::Command(Command::Change(change)))
    );
    assert_eq!((app.commanded, &app.overlay), (3, &Overlay::None));
    assert!(app.plan.kind.noisy, "the pane of the noise is there");
    assert_eq!(app.held().learning_rate, 0.004);
    // An observation from before it was heard changes nothing; one from after it does.
    hear(&mut app, seen_after(2, step, Phase::Training));
    assert_eq!(app.held().learning_rate, 0.004);
    hear(&mut app, seen_after(3, step, Phase::Training));
    assert_eq!(app.held(), plan().recipe, "the trainer knows better");
    assert!(!app.plan.kind.noisy);
}

#[test]
fn enter_does_what_it_said() {
    let mut nothing = on(Line::Rate, &[]);
    assert_eq!(said(&nothing), "Nothing is changed: closes.");
    tap(&mut nothing, KeyCode::Enter);
    assert_eq!((&nothing.overlay, &nothing.exit), (&Overlay::None, &None));

    // Any line of those that begin anew takes the others with it.
    let mut anew = on(Line::Rate, &[RIGHT]);
    for _ in 0..3 {
        tap(&mut anew, KeyCode::Down);
    }
    tap(&mut anew, RIGHT);
    assert!(said(&anew).starts_with("Begins anew: 784-32-3-32-784, seed 32, step 0, 10 epochs."));
    assert!(said(&anew).contains("it asks first"));
    tap(&mut anew, KeyCode::Enter);
    types(&mut anew, "R");
    let Some(Exit::Anew(recipe)) = anew.exit else {
        panic!("it begins anew")
    };
    assert_eq!(
        (settings::width(&recipe), recipe.learning_rate),
        (Some(3), 0.0015)
    );

    let mut finished = app();
    hear(&mut finished, seen(6, Phase::Finished));
    types(&mut finished, "p");
    tap(&mut finished, KeyCode::Home);
    tap(&mut finished, RIGHT);
    assert_eq!(said(&finished), "Rate .001 > .0015. Space then trains on.");

    let mut past = app();
    past.when = When::At(3);
    types(&mut past, "p");
    tap(&mut past, KeyCode::Home);
    tap(&mut past, RIGHT);
    assert!(
        said(&past).starts_with("Branches at step "),
        "{}",
        said(&past)
    );
    tap(&mut past, KeyCode::Enter);
    assert!(matches!(past.exit, Some(Exit::Branch(_))));

    let mut failed = failed();
    types(&mut failed, "p");
    tap(&mut failed, KeyCode::Home);
    tap(&mut failed, LEFT);
    assert!(
        said(&failed).starts_with("Begins anew"),
        "nothing goes on: {}",
        said(&failed)
    );
}

#[test]
fn a_run_that_begins_anew_says_and_marks_what_of_it_was_changed_on_the_way() {
    // The rate was changed at step 3, and five are done.
    let edited = || {
        let mut app = app();
        app.plan.recipe.edits = vec![Edit {
            step: 3,
            change: Change::LearningRate(0.004),
        }];
        let recipe = Arc::new(app.plan.recipe.clone());
        let seen = Observation {
            recipe,
            ..observation(u64::MAX, 5, Phase::Paused)
        };
        hear(&mut app, News::Observed(Arc::new(seen)));
        app
    };
    let told = " Rate .001 > .004, from its start.";
    for (when, rate) in [
        (When::Now, 0.004),
        (When::At(4), 0.004),
        (When::At(2), 0.001),
    ] {
        let mut app = edited();
        app.when = when;
        if let When::At(step) = when {
            let seen = Observation {
                seen: Seen {
                    step,
                    past: Some(step),
                    plays: false,
                },
                ..(**app.seen.as_ref().unwrap()).clone()
            };
            hear(&mut app, News::Observed(Arc::new(seen)));
        }
        types(&mut app, "p");
        assert!(!sheet(&app).differs(Line::Rate), "it holds there");
        tap(&mut app, RIGHT);
        let is_other = rate != 0.001;
        assert_eq!(sheet(&app).differs(Line::Rate), is_other, "{when:?}");
        assert!(sheet(&app).differs(Line::Numbers));
        assert_eq!(said(&app).contains(told), is_other, "{}", said(&app));
        tap(&mut app, KeyCode::Enter);
        types(&mut app, "R");
        let Some(Exit::Anew(recipe)) = app.exit else {
            panic!("it begins anew: {:?}", app.overlay)
        };
        assert_eq!((recipe.learning_rate, recipe.edits.len()), (rate, 0));
    }
    // Put back to what the run began with, it is no change any more.
    let mut app = edited();
    types(&mut app, "p");
    tap(&mut app, RIGHT);
    tap(&mut app, KeyCode::Home);
    types(&mut app, "0.001");
    assert!(!sheet(&app).differs(Line::Rate) && !said(&app).contains("from its start"));
}

#[test]
fn the_keys_of_the_tape_and_the_way_out_do_as_always() {
    let mut app = on(Line::Numbers, &[RIGHT]);
    assert_eq!(types(&mut app, " "), [Request::Command(Command::Pause)]);
    assert_eq!(
        settings::width(&sheet(&app).wanted),
        Some(3),
        "it stays open"
    );
    for key in [KeyCode::Esc, KeyCode::Char('p')] {
        let mut app = on(Line::Numbers, &[RIGHT]);
        tap(&mut app, key);
        assert_eq!((&app.overlay, app.held()), (&Overlay::None, plan().recipe));
    }
    types(&mut app, "q");
    assert_eq!(app.overlay, Overlay::ConfirmQuit);
}

#[test]
fn a_branch_leaves_where_one_looks_whether_anything_is_changed_or_not() {
    let mut app = app();
    let step = app.seen.as_ref().unwrap().moment.step;
    types(&mut app, "B");
    assert_eq!(app.overlay, Overlay::Branches(0));
    tap(&mut app, KeyCode::Enter);
    assert!(
        said(&app).contains("it repeats this run to the bit"),
        "{}",
        said(&app)
    );
    tap(&mut app, KeyCode::Enter);
    let Some(Exit::Branch(branch)) = app.exit else {
        panic!("it branches")
    };
    assert_eq!((branch.step, &branch.recipe), (step, &plan().recipe));
}
