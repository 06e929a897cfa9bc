//! What a keeper makes of what it is told.

use std::fs;

use super::*;
use crate::{
    nn::{Autoencoder, Snapshot},
    pace::{Film, Pace},
    recipe::Preset,
    state::State,
    store::folder::RunFile,
};

/// A run of two epochs of eight steps that has come so far, and is to come to `end`.
fn report(steps: u64, end: u64) -> Report {
    let recipe = Recipe {
        epochs: 2,
        max_steps: Some(15),
        ..Recipe::preset(Preset::Article)
    };
    Report {
        first_step: steps + 1,
        losses: Vec::new(),
        epochs: Vec::new(),
        train_loss: 0.5,
        phase: Phase::Training,
        obeyed: 0,
        pace: Pace::Full,
        film: Film::new(8, 2),
        end,
        snapshot: Arc::new(Snapshot {
            step: steps,
            net: Autoencoder::zeros(&recipe.architecture()),
        }),
        recipe: Arc::new(recipe),
        frames: Vec::new(),
        states: Vec::new(),
        checkpoints: Vec::new(),
    }
}

#[test]
fn a_recipe_makes_the_run_as_far_as_it_was_asked_for_and_can_be_read_again() {
    let asked = |steps, end| {
        let recipe = of_report(&report(steps, end));
        assert_eq!(recipe.check(), Ok(()));
        (recipe.epochs, recipe.max_steps)
    };
    assert_eq!(asked(15, 15), (2, Some(15)));
    // More was asked for; it counts once a step of it has been taken.
    assert_eq!(asked(15, 24), (2, Some(15)));
    assert_eq!(asked(16, 24), (3, None));
    assert_eq!(asked(20, 20), (3, Some(20)));
    assert_eq!(asked(16, u64::MAX / 8 * 8), (MOST_EPOCHS, None));
}

/// A step of a run, whose state is to be kept.
fn step(recipe: &Recipe, step: u64) -> Progress {
    let mut state = State::start(recipe, None);
    state.adam.t = step;
    let snapshot = Snapshot {
        step,
        net: state.net.clone(),
    };
    Progress::Report(Report {
        first_step: step,
        losses: vec![0.5],
        epochs: Vec::new(),
        train_loss: 0.5,
        phase: Phase::Training,
        obeyed: 0,
        pace: Pace::Full,
        film: Film::new(100, 1),
        end: 100,
        snapshot: Arc::new(snapshot),
        recipe: Arc::new(recipe.clone()),
        frames: Vec::new(),
        states: Vec::new(),
        checkpoints: vec![Arc::new(state)],
    })
}

#[test]
fn a_checkpoint_that_failed_is_no_failure_once_a_later_one_is_whole() {
    let recipe = Recipe::preset(Preset::Article);
    for (mended, fails) in [(true, false), (false, true)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run");
        let file = RunFile::new(&recipe, "mnist", "00ff");
        let run = RunFolder::create(&path, file, None, None).unwrap();
        let files = Files {
            run: Some(run),
            ..Files::default()
        };
        let mut keeper = Keeper::new(&recipe, files);
        // Where the states should go there is something else.
        let checkpoints = path.join("checkpoints");
        fs::remove_dir_all(&checkpoints).unwrap();
        fs::write(&checkpoints, "").unwrap();
        keeper.absorb(&step(&recipe, 1));
        let begun = Instant::now();
        while keeper.tick(Instant::now()).is_none() {
            assert!(begun.elapsed().as_secs() < 60, "it is told on the way");
        }
        if mended {
            fs::remove_file(&checkpoints).unwrap();
            fs::create_dir(&checkpoints).unwrap();
        }
        keeper.absorb(&step(&recipe, 2));
        keeper.end(2, None);
        let error = keeper.into_kept().run_error;
        assert_eq!(error.is_some(), fails, "{error:?}");
    }
}
