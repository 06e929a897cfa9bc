//! The list of runs: to which moment of another Enter leads, and what Backspace forgets.

use super::*;
use crate::{
    lens::HeldOut,
    message::{Epoch, Tape},
    ui::runs::{self, Lineage, RunTold},
};

/// A run that was left after so many steps, all of which are at hand.
fn left(number: usize, step: u64, unsaved: u64) -> RunTold {
    let seen = observation(u64::MAX, step, Phase::Training);
    RunTold {
        lineage: Lineage {
            number,
            parent: (number > 1).then_some((1, 2)),
            differs: String::new(),
        },
        recipe: "article".into(),
        plan: Recipe::preset(Preset::Article),
        step,
        phase: seen.moment.phase,
        film: seen.moment.film,
        curve: seen.curve,
        row: None,
        tape: Arc::new(Tape {
            steps: (0..=step).collect(),
        }),
        unsaved,
    }
}

/// Run 2 is shown after five steps, run 1 was left after 20 and branch 3 after four.
fn three() -> App {
    let mut app = app();
    app.plan.runs = Runs {
        own: Lineage {
            number: 2,
            parent: Some((1, 0)),
            differs: String::new(),
        },
        others: vec![left(1, 20, 20), left(3, 4, 4)],
        forgotten: Vec::new(),
    };
    app
}

fn on(app: &mut App, entry: usize) -> String {
    types(app, "B");
    for _ in 0..entry {
        tap(app, KeyCode::Down);
    }
    assert_eq!(app.overlay, Overlay::Branches(entry));
    runs::enter(app, entry)
}

#[test]
fn another_run_is_seen_at_the_same_moment_where_it_has_that() {
    for (entry, number, when, says) in [
        (
            1,
            1,
            When::At(5),
            "Looks at run 1 at the same moment, step 5; Space plays it from there. \
             It stands at step 20, where Space trains it on.",
        ),
        (
            3,
            3,
            When::Now,
            "Looks at branch 3 as it was left, at step 4;",
        ),
    ] {
        let mut app = three();
        let said = on(&mut app, entry);
        assert!(said.starts_with(says), "{said}");
        tap(&mut app, KeyCode::Enter);
        assert_eq!(app.exit, Some(Exit::Visit(number, when)));
    }
    // Of moments that are not at hand nothing is promised.
    let mut app = three();
    app.plan.runs.others[0].tape = Arc::default();
    assert!(on(&mut app, 1).starts_with("Looks at run 1 as it was left, at step 20;"));
    tap(&mut app, KeyCode::Enter);
    assert_eq!(app.exit, Some(Exit::Visit(1, When::Now)));
}

#[test]
fn a_branch_goes_as_far_as_the_run_it_leaves() {
    // Ten steps an epoch; so far were asked for, and so far the run goes meanwhile.
    for (epochs, max_steps, step, film, expected) in [
        (10, None, 5, 10, (10, None)),
        (10, None, 120, 12, (12, None)),
        (10, None, 99, 11, (11, None)),
        (10, Some(33), 33, 4, (10, Some(33))),
        (10, Some(33), 34, 4, (4, None)),
    ] {
        let mut app = app();
        (app.plan.recipe.epochs, app.plan.recipe.max_steps) = (epochs, max_steps);
        let seen = observation(u64::MAX, step, Phase::Paused);
        let moment = Moment {
            film: Film::new(10, film),
            ..seen.moment.clone()
        };
        let recipe = Arc::new(app.plan.recipe.clone());
        let seen = Observation {
            moment,
            recipe,
            ..seen
        };
        hear(&mut app, News::Observed(Arc::new(seen)));
        types(&mut app, "B");
        tap(&mut app, KeyCode::Enter);
        tap(&mut app, KeyCode::Enter);
        let Some(Exit::Branch(branch)) = &app.exit else {
            panic!("{:?}", app.exit)
        };
        let found = (branch.recipe.epochs, branch.recipe.max_steps);
        assert_eq!(found, expected, "{step} of {film} epochs");
    }
}

#[test]
fn backspace_asks_once_and_forgets_what_was_left() {
    let mut app = three();
    on(&mut app, 3);
    for (answer, kept) in [
        (KeyCode::Esc, 3),
        (KeyCode::Char('q'), 3),
        (KeyCode::Enter, 2),
    ] {
        tap(&mut app, KeyCode::Backspace);
        assert_eq!(app.overlay, Overlay::ConfirmForget(3));
        let question = "Forget branch 3? Its curve and tape go. Enter forgets, Esc keeps.";
        assert_eq!(runs::question(&app, 3), question);
        assert_eq!(tap(&mut app, answer), []);
        assert_eq!(app.plan.runs.count(), kept, "{answer:?}");
    }
    assert_eq!(app.overlay, Overlay::Branches(2), "the list stays");
    assert_eq!(app.plan.runs.forgotten, [3]);
    assert_eq!(app.plan.runs.next_number(), 4, "no number is given twice");
    // Neither a new one nor the one on the screen can be forgotten.
    for entry in [2, 0] {
        tap(&mut app, KeyCode::Esc);
        on(&mut app, entry);
        tap(&mut app, KeyCode::Backspace);
        assert_eq!(app.overlay, Overlay::Branches(entry));
        assert!(app.status.is_some(), "it says why");
    }
    assert_eq!(app.plan.runs.count(), 2);
}

#[test]
fn quitting_asks_for_runs_that_no_file_holds_too() {
    let mut app = three();
    hear(&mut app, saved_as("own.safetensors"));
    types(&mut app, "q");
    assert_eq!((&app.overlay, &app.exit), (&Overlay::ConfirmQuit, &None));
    assert_eq!(app.unsaved_others(), [1, 3]);
    tap(&mut app, KeyCode::Esc);
    // What was saved, or forgotten, is asked for no more.
    app.plan.runs.others[0].unsaved = 0;
    app.plan.runs.forget(3);
    types(&mut app, "q");
    assert_eq!(app.exit, Some(Exit::Quit));
}

#[test]
fn a_run_that_was_left_knows_what_of_it_is_saved() {
    let mut app = app();
    let told = |app: &App| RunTold::of(app).unwrap();
    assert_eq!((told(&app).unsaved, told(&app).saved_step()), (5, None));
    hear(&mut app, saved_as("own.safetensors"));
    let later = told(&app).gone_on_to(7, false);
    assert_eq!((later.unsaved, later.saved_step()), (2, Some(5)));
    assert_eq!(
        told(&app).gone_on_to(7, true).unsaved,
        0,
        "a folder has all"
    );
}

#[test]
fn a_run_that_is_left_from_its_past_is_told_as_it_stands() {
    let reached = |step: u64, reconstruction| Epoch {
        number: step / 10,
        step,
        train_loss: 0.3,
        held_out: HeldOut {
            loss: reconstruction,
            reconstruction,
        },
        seconds: 1.0,
        samples_per_second: 1.0,
        dead_units: Vec::new(),
    };
    let mut app = three();
    // The loss of the moment that is looked at, and the last of the run.
    let curve = Curve {
        held_out: Some(0.25),
        epochs: vec![reached(10, 0.22), reached(20, 0.2)],
        ..Curve::default()
    };
    for (past, held_out) in [(Some(12), 0.2), (None, 0.25)] {
        let seen = Seen {
            step: past.unwrap_or(20),
            past,
            plays: false,
        };
        let seen = Observation {
            seen,
            curve: Arc::new(curve.clone()),
            ..observation(u64::MAX, 20, Phase::Training)
        };
        hear(&mut app, News::Observed(Arc::new(seen)));
        let told = RunTold::of(&app).unwrap();
        assert_eq!((told.step, told.curve.held_out), (20, Some(held_out)));
    }
}
