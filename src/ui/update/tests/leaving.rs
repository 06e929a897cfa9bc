//! The ways out, to another run too: what they ask, and of what.

use super::*;
use crate::recipe::DEFAULT_SEED;

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
    assert_eq!(unsaved.exit, Some(seeded(DEFAULT_SEED + 1)));

    let mut saved = app();
    hear(&mut saved, saved_as("a.safetensors"));
    types(&mut saved, "Rjk");
    tap(&mut saved, KeyCode::Enter);
    assert_eq!(saved.exit, Some(seeded(DEFAULT_SEED)), "the same again");
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
    assert!(matches!(app.exit, Some(Exit::Anew(next)) if next.seed == DEFAULT_SEED + 1));
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
    let (style, digits) = (before.map_style, before.filter);
    let mut after = before.anew(plan);
    assert_eq!((after.map_style, after.filter), (style, digits));
    assert!(after.data.is_some(), "the images");
    assert!(after.seen.is_none() && after.failure.is_none() && after.exit.is_none());
    assert_eq!(
        (after.plan.recipe.preset, after.unsaved_steps()),
        (Preset::Vae, 0)
    );
    let before = Pace::Film { speed: 2.0 };
    assert_eq!(types(&mut after, "f"), asks(Command::Pace(before)));
}
