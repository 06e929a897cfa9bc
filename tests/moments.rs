//! The moments of a run that its trainer tells for keeping: which they are, that a run
//! goes on from each, and that a change made on the way is part of what the run is.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    num::{NonZeroU64, NonZeroUsize},
    sync::Arc,
    time::Duration,
};

use ae_tui::{
    data::{Classes, Dataset, PIXELS, Split},
    message::{Command, Phase, Progress, Report},
    pace::Pace,
    pool::Pool,
    recipe::{Change, Edit, Preset, Recipe},
    train::{self, Checkpoints, Keeping, Setup, Start, Trainer},
};

/// Longer than any of these runs takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// 64 images of one bar each: eight steps an epoch.
fn data() -> Arc<Dataset> {
    let split = |images: usize| {
        let mut pixels = vec![0; images * PIXELS];
        let labels: Vec<u8> = (0..images).map(|image| (image * 7 % 10) as u8).collect();
        for (image, &label) in labels.iter().enumerate() {
            let row = usize::from(label) * 2 + 4;
            pixels[image * PIXELS + row * 28..][..28].fill(200 + (image % 50) as u8);
        }
        Split::new(pixels, labels)
    };
    Arc::new(Dataset {
        name: "bars".into(),
        classes: Classes::numbered(10),
        train: split(64),
        test: split(10),
        digest: String::new(),
    })
}

fn recipe() -> Recipe {
    Recipe {
        epochs: 6,
        batch_size: 8,
        ..Recipe::preset(Preset::Article)
    }
}

fn setup(recipe: Recipe, keeping: Keeping) -> Setup {
    Setup {
        recipe,
        data: Box::new(|| Ok(data())),
        start: None,
        keeping,
        pace: Pace::Full,
        pool: Pool::new(NonZeroUsize::MIN),
    }
}

/// All reports of a run to its end, to which these commands are given at once.
fn told(setup: Setup, commands: &[Command]) -> Vec<Report> {
    let (trainer, events) = train::spawn(setup).unwrap();
    for command in commands {
        trainer.commands().send(*command).unwrap();
    }
    let mut reports = Vec::new();
    loop {
        match events.recv_timeout(PATIENCE).unwrap() {
            Progress::Loaded(_) => {}
            Progress::Report(report) => {
                let finished = report.phase == Phase::Finished;
                reports.push(report);
                if finished {
                    return reports;
                }
            }
            Progress::Failed(failure) => panic!("{failure}"),
            other => panic!("{other:?}"),
        }
    }
}

fn frames(reports: &[Report]) -> Vec<u64> {
    let frames = reports.iter().flat_map(|report| &report.frames);
    frames.map(|(_, frame)| frame.step).collect()
}

#[test]
fn the_same_moments_are_told_at_any_pace() {
    let keeping = Keeping {
        frames: 20,
        states: 10,
        checkpoints: None,
    };
    let at_pace = |pace| {
        let setup = Setup {
            pace,
            ..setup(recipe(), keeping)
        };
        let reports = told(setup, &[]);
        let states = reports.iter().flat_map(|report| &report.states);
        let states: Vec<u64> = states.map(|(_, state)| state.step()).collect();
        (frames(&reports), states)
    };
    let (frames, states) = at_pace(Pace::Full);
    assert_eq!(
        at_pace(Pace::Film { speed: 64.0 }),
        (frames.clone(), states.clone())
    );
    // Every tick until there are twenty, then every second one.
    assert!(frames[..20].iter().copied().eq(0..20), "{frames:?}");
    assert!(
        frames[21..].windows(2).all(|pair| pair[1] - pair[0] >= 2),
        "{frames:?}"
    );
    // Quarters of eight steps, then halves, then whole epochs.
    assert!(
        states.starts_with(&[0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24]),
        "{states:?}"
    );
    assert!(states.ends_with(&[40, 48]), "{states:?}");
}

#[test]
fn a_moment_that_was_told_is_that_of_the_run_and_the_run_goes_on_from_it() {
    let keeping = Keeping {
        frames: 1000,
        states: 1000,
        checkpoints: None,
    };
    let reports = told(setup(recipe(), keeping), &[]);
    let last = &reports.last().unwrap().snapshot;
    let mut trainer = Trainer::new(recipe(), data(), None, Pool::new(NonZeroUsize::MIN));
    for (_, frame) in reports.iter().flat_map(|report| &report.frames) {
        while trainer.steps_done() < frame.step {
            trainer.step().unwrap();
        }
        assert!(frame.net == trainer.net(), "step {}", frame.step);
    }
    let (_, state) = &reports
        .iter()
        .flat_map(|report| &report.states)
        .nth(5)
        .unwrap();
    assert_eq!(state.step(), 10);
    let start = Start {
        state: (**state).clone(),
        at: 13,
    };
    let again = told(
        Setup {
            start: Some(Box::new(start)),
            ..setup(recipe(), keeping)
        },
        &[],
    );
    assert_eq!(again[0].steps_done(), 13);
    assert_eq!(again[0].frames[0].1.step, 13);
    assert_eq!(
        again.iter().flat_map(|report| &report.losses).count(),
        48 - 13
    );
    assert!(again.last().unwrap().snapshot.net == last.net);
    // The epoch it went on in has the sum of all its images, and the speed of those it took.
    let sums = |reports: &[Report]| {
        let epochs = reports.iter().flat_map(|report| &report.epochs);
        let sums: Vec<f32> = epochs.map(|epoch| epoch.train_loss).collect();
        sums
    };
    assert_eq!(sums(&again), sums(&reports)[1..]);
}

#[test]
fn a_run_that_was_at_its_end_is_told_as_finished() {
    let mut trainer = Trainer::new(recipe(), data(), None, Pool::new(NonZeroUsize::MIN));
    while trainer.steps_done() < 48 {
        trainer.step().unwrap();
    }
    let start = Start {
        state: trainer.state(),
        at: 48,
    };
    let setup = Setup {
        start: Some(Box::new(start)),
        ..setup(recipe(), Keeping::default())
    };
    let reports = told(setup, &[]);
    assert_eq!(reports.len(), 1);
    assert!(reports[0].snapshot.net == trainer.net());
}

#[test]
fn a_state_is_told_for_writing_at_every_end_of_an_epoch_and_as_often_as_was_asked() {
    for (every, expected) in [
        (None, vec![8, 16, 24, 32, 40, 48]),
        (NonZeroU64::new(20), vec![8, 16, 20, 24, 32, 40, 40, 48]),
    ] {
        let keeping = Keeping {
            checkpoints: Some(Checkpoints { every }),
            ..Keeping::default()
        };
        let reports = told(setup(recipe(), keeping), &[]);
        let mut expected = expected;
        expected.dedup();
        let written = reports.iter().flat_map(|report| &report.checkpoints);
        let written: Vec<u64> = written.map(|state| state.step()).collect();
        assert_eq!(written, expected);
        assert!(frames(&reports).is_empty());
    }
}

#[test]
fn a_change_on_the_way_is_an_edit_of_the_recipe_which_gives_the_same_run_again() {
    let change = Change::LearningRate(0.02);
    let pause = Command::Steps(11);
    let (trainer, events) = train::spawn(setup(recipe(), Keeping::default())).unwrap();
    let commands = trainer.commands();
    let mut last = None;
    for command in [Command::Pause, pause] {
        commands.send(command).unwrap();
    }
    let mut given = false;
    for event in &events {
        let Progress::Report(report) = event else {
            continue;
        };
        // Where the first pause came is chance; the change is made at the second.
        if report.obeyed == 2 && report.phase == Phase::Paused && !given {
            given = true;
            commands.send(Command::Change(change)).unwrap();
            // Refused: the recipe stays as it is.
            commands.send(Command::Change(Change::L1(-1.0))).unwrap();
            commands.send(Command::Resume).unwrap();
        }
        let finished = report.phase == Phase::Finished;
        last = Some(report);
        if finished {
            break;
        }
    }
    let last = last.unwrap();
    let [Edit { step, change: made }] = last.recipe.edits[..] else {
        panic!("one edit, not {:?}", last.recipe.edits)
    };
    assert!(step >= 11 && made == change);
    let again = told(setup((*last.recipe).clone(), Keeping::default()), &[]);
    assert!(again.last().unwrap().snapshot.net == last.snapshot.net);
    let without = told(setup(recipe(), Keeping::default()), &[]);
    assert!(without.last().unwrap().snapshot.net != last.snapshot.net);
}

#[test]
fn a_run_that_came_further_than_it_was_asked_to_stands_at_its_end() {
    let mut trainer = Trainer::new(recipe(), data(), None, Pool::new(NonZeroUsize::MIN));
    for _ in 0..50 {
        trainer.step().unwrap();
    }
    let state = trainer.state();
    let setup = Setup {
        start: Some(Box::new(Start { state, at: 50 })),
        ..setup(recipe(), Keeping::default())
    };
    let reports = told(setup, &[]);
    let last = reports.last().unwrap();
    assert_eq!(
        (last.steps_done(), last.end, last.film.epochs()),
        (50, 50, 7)
    );
}
