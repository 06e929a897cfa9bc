//! What can be put beside the run, and what Enter says and does.

use super::*;
use crate::{
    message::Tape,
    ui::{
        app::Beside,
        beside::{self, Choice},
        runs::{Lineage, RunTold},
    },
};

/// What is marked after so many downs, and what Enter says of it.
fn on(app: &mut App, name: &str) -> (Choice, String) {
    types(app, "C");
    let choices = beside::choices(app);
    let at = choices.iter().position(|choice| choice.name == name);
    let at = at.unwrap_or_else(|| panic!("{name} is not on the list"));
    for _ in 0..at {
        tap(app, KeyCode::Down);
    }
    assert_eq!(app.overlay, Overlay::Beside(at));
    let said = beside::enter(app, &choices[at]);
    (choices[at].clone(), said)
}

#[test]
fn a_preset_is_put_beside_the_run_with_its_seed() {
    let mut app = app();
    app.plan.recipe.seed = 7;
    let (choice, said) = on(&mut app, "vae");
    assert_eq!(
        said,
        "Trains two side by side from step 0: A article 784-32-2-32-784, B vae 784-512-2-512-784, \
         on the same images, in the same order. Run 1 stops at step 5 and stays: the key B leads \
         back to it. Its weights are kept with the tape, not on disk."
    );
    assert_eq!(choice.recipe.seed, 7);
    tap(&mut app, KeyCode::Enter);
    let Some(Exit::Beside(beside)) = &app.exit else {
        panic!("{:?}", app.exit);
    };
    assert_eq!(**beside, Beside::Preset(choice.recipe));
    // What its end writes is not said to be lost.
    let mut app = super::app();
    app.plan.result = Some("a.safetensors".into());
    assert!(on(&mut app, "vae").1.ends_with("leads back to it."));
}

#[test]
fn a_recipe_is_not_offered_beside_itself_and_runs_that_were_left_are() {
    let mut app = app();
    let names = |app: &App| -> Vec<String> {
        let choices = beside::choices(app).into_iter();
        choices.map(|choice| choice.name).collect()
    };
    let all = ["map", "deep", "sparse", "denoising", "conv", "vae"];
    assert_eq!(names(&app), all);
    // Of another width it is another recipe.
    app.plan.recipe.set_encoder(vec![32, 3]).unwrap();
    assert_eq!(names(&app)[0], "article");
    let seen = observation(u64::MAX, 20, Phase::Training);
    let other = Recipe {
        seed: 9,
        ..Recipe::preset(Preset::Article)
    };
    app.plan.runs.others = vec![RunTold {
        lineage: Lineage {
            number: 2,
            parent: Some((1, 4)),
            differs: "rate .001 > .004".into(),
        },
        recipe: "article".into(),
        plan: other,
        step: 20,
        phase: seen.moment.phase,
        film: seen.moment.film,
        curve: seen.curve,
        row: None,
        tape: Arc::new(Tape::default()),
        unsaved: 0,
    }];
    let (choice, said) = on(&mut app, "branch 2");
    assert_eq!(choice.about, "rate .001 > .004");
    assert!(said.contains("B branch 2 784-32-2-32-784"), "{said}");
    assert!(said.contains("each in an order of its own"), "{said}");
    tap(&mut app, KeyCode::Enter);
    let wanted = Exit::Beside(Box::new(Beside::Run(2)));
    assert_eq!(app.exit, Some(wanted));
}

#[test]
fn the_list_closes_moves_and_leaves_the_run_alone() {
    let mut app = app();
    types(&mut app, "C");
    assert_eq!(tap(&mut app, KeyCode::End), []);
    assert_eq!(app.overlay, Overlay::Beside(5));
    tap(&mut app, KeyCode::Down);
    assert_eq!(app.overlay, Overlay::Beside(5));
    tap(&mut app, KeyCode::Home);
    // Samples and the tape go on as always.
    assert_eq!(tap(&mut app, KeyCode::Right), look(13));
    assert_eq!(types(&mut app, " "), asks(Command::Pause));
    assert_eq!(app.overlay, Overlay::Beside(0));
    for key in [KeyCode::Esc, KeyCode::Char('C')] {
        types(&mut app, "C");
        app.overlay = Overlay::Beside(0);
        tap(&mut app, key);
        assert_eq!((&app.overlay, &app.exit), (&Overlay::None, &None));
    }
}

#[test]
fn where_nothing_can_be_put_beside_it_the_key_says_why() {
    let mut explored = exploring();
    types(&mut explored, "C");
    let said = |app: &App| app.status.as_ref().unwrap().words.clone();
    assert!(said(&explored).contains("ae-tui compare A B"));
    let mut early = App::new(plan());
    types(&mut early, "C");
    assert!(said(&early).starts_with("Not yet"));
}
