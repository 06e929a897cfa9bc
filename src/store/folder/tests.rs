use std::fs;

use super::*;
use crate::{recipe::Preset, state::State, store::metrics::BranchRecord};

fn recipe() -> Recipe {
    let mut recipe = Recipe::preset(Preset::Article);
    recipe.set_encoder(vec![2]).unwrap();
    recipe
}

fn state(step: u64) -> Arc<State> {
    let mut state = State::start(&recipe(), None);
    state.adam.t = step;
    Arc::new(state)
}

fn about(step: u64, val_loss: Option<f32>) -> About {
    About {
        step: Some(step),
        val_loss,
        ..About::of(&recipe())
    }
}

fn file() -> RunFile {
    RunFile::new(&recipe(), "mnist", "00ff")
}

fn words(result: Result<RunFolder, StoreError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn the_last_state_is_written_and_those_that_need_not_stay_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let mut run = RunFolder::create(&path, file(), None, None).unwrap();
    for (step, val_loss) in [(1, Some(0.3)), (2, Some(0.1)), (3, None), (4, Some(0.2))] {
        run.keep(&state(step), about(step, val_loss));
    }
    for step in 5..20 {
        run.keep(&state(step), about(step, None));
    }
    run.finish();
    assert!(run.take_fault().is_none());
    drop(run);
    let found = read(&path).unwrap();
    assert_eq!(found.step(), 19);
    assert_eq!(found.steps, [2, 17, 18, 19]);
    // The best is still known to a run that goes on.
    let (lock, found) = RunFolder::reopen(&path).unwrap();
    let mut run = RunFolder::go_on(lock, &found, &recipe(), None).unwrap();
    run.keep(&state(20), about(20, Some(0.15)));
    run.finish();
    assert_eq!(read(&path).unwrap().steps, [2, 18, 19, 20]);
}

#[test]
fn what_a_later_write_has_mended_is_amiss_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let mut run = RunFolder::create(&path, file(), None, None).unwrap();
    // Where the states and the file should go there is something else.
    let checkpoints = path.join(CHECKPOINTS);
    fs::remove_dir_all(&checkpoints).unwrap();
    fs::write(&checkpoints, "").unwrap();
    fs::remove_file(path.join(RUN_FILE)).unwrap();
    fs::create_dir(path.join(RUN_FILE)).unwrap();
    let changed = Recipe {
        epochs: 3,
        ..recipe()
    };
    run.rewrite(&changed);
    run.keep(&state(1), about(1, None));
    let waits = std::time::Instant::now();
    let mut told = Vec::new();
    while told.len() < 2 {
        told.extend(run.take_fault().map(|fault| fault.to_string()));
        assert!(waits.elapsed().as_secs() < 60, "{told:?}");
    }
    assert!(told.iter().any(|words| words.contains("run.toml")));
    assert!(told.iter().any(|words| words.contains("step-0000001")));
    assert!(run.take_fault().is_none(), "told once");
    assert!(run.amiss().is_some(), "and true until it is mended");
    fs::remove_file(&checkpoints).unwrap();
    fs::create_dir(&checkpoints).unwrap();
    fs::remove_dir(path.join(RUN_FILE)).unwrap();
    run.keep(&state(2), about(2, None));
    run.finish();
    assert_eq!(run.amiss(), None);
    drop(run);
    let found = read(&path).unwrap();
    assert_eq!((found.step(), found.file.recipe), (2, changed));
}

#[test]
fn a_last_write_that_fails_stays_amiss() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let mut run = RunFolder::create(&path, file(), None, None).unwrap();
    let checkpoints = path.join(CHECKPOINTS);
    fs::remove_dir_all(&checkpoints).unwrap();
    fs::write(&checkpoints, "").unwrap();
    run.keep(&state(1), about(1, None));
    run.finish();
    assert!(
        run.amiss()
            .is_some_and(|words| words.contains("step-0000001"))
    );
}

#[test]
fn a_first_state_that_no_seed_gives_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let file = RunFile {
        init: Some(crate::store::weights::Parent {
            name: "a.safetensors".into(),
            sha256: "00".into(),
            step: None,
        }),
        ..file()
    };
    let mut run = RunFolder::create(&path, file, Some(&*state(0)), None).unwrap();
    for step in 1..9 {
        run.keep(&state(step), about(step, None));
    }
    run.finish();
    drop(run);
    let found = read(&path).unwrap();
    assert_eq!(found.steps, [0, 6, 7, 8]);
    let states = found.states();
    assert!(states.iter().map(|state| state.step()).eq([0, 6, 7, 8]));
    assert_eq!(states[0], state(0));
    fs::remove_dir_all(path.join(CHECKPOINTS)).unwrap();
    let words = read(&path).unwrap_err().to_string();
    assert!(
        words.contains("a.safetensors, which no seed gives"),
        "{words}"
    );
}

#[test]
fn a_folder_is_one_runs_as_long_as_it_lives() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let run = RunFolder::create(&path, file(), None, None).unwrap();
    let refused = RunFolder::reopen(&path).err().unwrap().to_string();
    assert!(refused.contains("another ae-tui is writing"), "{refused}");
    drop(run);
    assert!(RunFolder::reopen(&path).is_ok());
    let refused = words(RunFolder::create(&path, file(), None, None));
    assert!(refused.contains("a run is kept there"), "{refused}");
    assert_eq!(RunFolder::beside(&path), folder.path().join("run-2"));
    // One that was killed before it was a run is free.
    fs::remove_file(path.join(RUN_FILE)).unwrap();
    assert!(RunFolder::create(&path, file(), None, None).is_ok());
    // But not with states or a log of who knows what, which would be taken for this run's.
    fs::remove_file(path.join(RUN_FILE)).unwrap();
    let state = path.join(CHECKPOINTS).join("step-0000009.safetensors");
    for stranger in [state, path.join(LOG)] {
        fs::write(&stranger, "old").unwrap();
        let refused = words(RunFolder::create(&path, file(), None, None));
        assert!(refused.contains("no run of ae-tui"), "{refused}");
        assert_eq!(fs::read(&stranger).unwrap(), b"old");
        fs::write(&stranger, "").unwrap();
        if stranger.starts_with(path.join(CHECKPOINTS)) {
            fs::remove_file(&stranger).unwrap();
        }
    }
    assert!(RunFolder::create(&path, file(), None, None).is_ok());
    fs::write(path.join("notes"), "").unwrap();
    fs::remove_file(path.join(RUN_FILE)).unwrap();
    let refused = words(RunFolder::create(&path, file(), None, None));
    assert!(refused.contains("no run of ae-tui"), "{refused}");
}

#[test]
fn a_lock_that_is_let_go_after_a_moment_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let mut run = RunFolder::create(&path, file(), None, None).unwrap();
    run.keep(&state(3), about(3, None));
    assert!(read(&path).unwrap().is_being_written());
    // Somebody who is ending, in the midst of the waiting.
    let ending = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(50));
        drop(run);
    });
    let (lock, found) = RunFolder::reopen(&path).unwrap();
    assert_eq!(found.step(), 3);
    ending.join().unwrap();
    drop(lock);
    assert!(!read(&path).unwrap().is_being_written());
}

#[test]
fn the_states_at_hand_are_the_first_and_all_of_the_run_that_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let mut run = RunFolder::create(&path, file(), None, None).unwrap();
    run.keep(&state(3), about(3, None));
    run.finish();
    run.keep(&state(5), about(5, None));
    run.finish();
    let place = |step| read(&path).unwrap().place(step);
    let steps = || -> Vec<u64> {
        let states = read(&path).unwrap().states();
        states.iter().map(|state| state.step()).collect()
    };
    assert_eq!(steps(), [0, 3, 5]);
    let first = read(&path).unwrap().states().remove(0);
    assert_eq!(*first, State::start(&recipe(), None));
    // One that is torn is passed over, and one of another run.
    fs::write(place(4), "torn").unwrap();
    let other = About::of(&Recipe {
        seed: 7,
        ..recipe()
    });
    checkpoint::save(&place(2), &state(2), &other).unwrap();
    assert_eq!(steps(), [0, 3, 5]);
    drop(run);
}

#[test]
fn a_state_is_never_ahead_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let every = NonZeroU64::new(1);
    let mut run = RunFolder::create(&path, file(), None, every).unwrap();
    for step in 1..=2 {
        let (epoch, loss) = (1, 0.5);
        run.log().write(&Record::Step { step, epoch, loss });
    }
    run.keep(&state(2), about(2, None));
    // As a program that is killed now leaves it.
    let log = fs::read_to_string(path.join(LOG)).unwrap();
    assert_eq!(log.lines().count(), 2, "{log}");
}

#[test]
fn a_branch_goes_on_from_where_it_left_and_not_from_where_the_other_began() {
    for (branch, expected) in [
        (None, vec!["start", "resume"]),
        (
            Some(BranchRecord {
                number: 2,
                of: 1,
                step: 9,
            }),
            vec!["start"],
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run");
        let mut run = RunFolder::create(&path, file(), Some(&state(3)), None).unwrap();
        run.begin(&StartRecord {
            branch,
            ..StartRecord::new(&recipe(), "MNIST", "")
        });
        run.log().let_out();
        let log = fs::read_to_string(path.join(LOG)).unwrap();
        let event = |line: &str| -> String {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            record["event"].as_str().unwrap().into()
        };
        let events: Vec<String> = log.lines().map(event).collect();
        assert_eq!(events, expected, "{log}");
    }
}

#[test]
fn what_the_run_has_become_is_written_as_soon_as_it_can_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let mut run = RunFolder::create(&path, file(), None, None).unwrap();
    let longer = Recipe {
        epochs: 77,
        ..recipe()
    };
    // No file can be written in the place of a folder.
    let run_file = path.join(RUN_FILE);
    fs::remove_file(&run_file).unwrap();
    fs::create_dir(&run_file).unwrap();
    assert!(!run.rewrite(&longer));
    assert!(run.take_fault().is_some());
    fs::remove_dir(&run_file).unwrap();
    assert!(run.rewrite(&longer));
    assert_eq!(RunFile::read(&run_file).unwrap().recipe, longer);
    assert!(run.take_fault().is_none());
}

#[test]
fn what_is_broken_goes_once_there_is_something_newer_and_what_is_not_ours_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let mut run = RunFolder::create(&path, file(), None, None).unwrap();
    run.keep(&state(3), about(3, None));
    run.finish();
    drop(run);
    let place = |step| read(&path).unwrap().place(step);
    let [broken, of_another_step, weights_of_others] = [7, 8, 9].map(place);
    fs::write(&broken, "torn").unwrap();
    fs::copy(place(3), &of_another_step).unwrap();
    let foreign = About {
        step: None,
        ..About::default()
    };
    crate::store::weights::save(&weights_of_others, &state(9).net, &foreign).unwrap();
    let (lock, found) = RunFolder::reopen(&path).unwrap();
    assert_eq!((found.step(), found.notices.len()), (3, 3));
    let mut run = RunFolder::go_on(lock, &found, &recipe(), None).unwrap();
    run.keep(&state(4), about(4, None));
    run.finish();
    let there = [&broken, &of_another_step, &weights_of_others].map(|path| path.exists());
    assert_eq!(there, [false, true, true]);
    assert!(place(3).exists() && place(4).exists());
}

/// A run from its beginning to its end, on whatever disk: states of these steps, and a change
/// on the way.
const STEPS: [u64; 3] = [1, 2, 3];

fn whole_run(path: &Path) -> Result<(), StoreError> {
    let mut run = RunFolder::create(path, small_file(), None, NonZeroU64::new(1))?;
    run.begin(&StartRecord::new(&small(), "mnist", "00ff"));
    for step in STEPS {
        run.log().write(&Record::Step {
            step,
            loss: 0.5,
            epoch: 1,
        });
        if step == 2 {
            let changed = Recipe {
                epochs: 9,
                ..small()
            };
            run.rewrite(&changed);
        }
        run.keep(&small_state(step), small_about(step));
        run.writer.finish();
        run.writer = Writer::begin(Shelf::find(path.join(CHECKPOINTS), false));
    }
    run.finish();
    Ok(())
}

fn small() -> Recipe {
    let mut recipe = recipe();
    recipe.image = crate::image::ImageSize {
        height: 8,
        width: 8,
    };
    recipe
}

fn small_file() -> RunFile {
    RunFile::new(&small(), "mnist", "00ff")
}

fn small_state(step: u64) -> Arc<State> {
    let mut state = State::start(&small(), None);
    state.adam.t = step;
    Arc::new(state)
}

fn small_about(step: u64) -> About {
    About {
        step: Some(step),
        ..About::of(&small())
    }
}

#[test]
fn whatever_the_disk_refuses_a_run_goes_on_from_a_state_that_it_had() {
    use crate::store::disk::faults::{Faulty, Refuses};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap().join("run");
    let tried = |refuses| {
        let faulty = Faulty::below(&path, refuses);
        let run = whole_run(&path);
        let asked = faulty.asked();
        drop(faulty);
        // With room again, what could not begin can, and what had begun goes on.
        if let Err(fault) = run {
            assert!(!path.join(RUN_FILE).exists(), "{refuses:?}: {fault}");
            whole_run(&path).unwrap_or_else(|fault| panic!("{refuses:?}: {fault}"));
        }
        let (lock, found) = RunFolder::reopen(&path).unwrap();
        let known = |state: &State| *state == *small_state(state.step());
        assert!(
            found.states().iter().all(|state| known(state)),
            "{refuses:?}"
        );
        assert!(found.step() == 0 || STEPS.contains(&found.step()));
        let mut run = RunFolder::go_on(lock, &found, &small(), None).unwrap();
        run.keep(&small_state(6), small_about(6));
        run.finish();
        assert_eq!(run.amiss(), None, "{refuses:?}");
        drop(run);
        assert_eq!(read(&path).unwrap().step(), 6);
        let text = fs::read(path.join(LOG)).unwrap();
        let lines = text.split(|&byte| byte == b'\n');
        for line in lines.filter(|line| !line.is_empty()) {
            serde_json::from_slice::<serde_json::Value>(line)
                .unwrap_or_else(|fault| panic!("{refuses:?}: {fault}"));
        }
        fs::remove_dir_all(&path).unwrap();
        asked
    };
    let (operations, bytes) = tried(Refuses::Nothing);
    for at in 0..operations {
        tried(Refuses::Only(at));
        tried(Refuses::From(at));
    }
    // Of all the numbers of bytes some: each takes a run, and its end.
    let most = if crate::store::disk::faults::all() {
        bytes
    } else {
        40
    };
    for room in 0..most {
        tried(Refuses::BytesAfter(room * bytes / most));
    }
}

#[test]
fn a_run_from_weights_that_could_not_begin_can_begin_there_with_room_again() {
    use crate::store::disk::faults::{Faulty, Refuses};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap().join("run");
    let file = RunFile {
        init: Some(crate::store::weights::Parent {
            name: "a.safetensors".into(),
            sha256: "00".into(),
            step: None,
        }),
        ..small_file()
    };
    let begin = || RunFolder::create(&path, file.clone(), Some(&*small_state(0)), None);
    let faulty = Faulty::below(&path, Refuses::Nothing);
    begin().unwrap();
    let (operations, _) = faulty.asked();
    drop(faulty);
    for at in 0..operations {
        // Where everything is refused from then on, as a killed process does nothing more.
        for refuses in [Refuses::Only(at), Refuses::From(at)] {
            fs::remove_dir_all(&path).unwrap();
            let faulty = Faulty::below(&path, refuses);
            let begun = begin();
            drop(faulty);
            if begun.is_err() {
                begin().unwrap_or_else(|fault| panic!("refused at {at}: {fault}"));
            }
            drop(begun);
            assert_eq!(read(&path).unwrap().step(), 0);
        }
    }
}

#[test]
fn a_first_state_of_somebody_else_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let begin = |first| RunFolder::create(&path, small_file(), Some(first), None);
    let (own, other) = (small_state(3), small_state(4));
    drop(begin(&*other).unwrap());
    // As a process leaves it that is killed before it has written this.
    fs::remove_file(run_file_in(&path)).unwrap();
    assert!(matches!(
        begin(&*own),
        Err(StoreError::NotRun {
            fault: RunFault::NotOurs,
            ..
        })
    ));
    drop(begin(&*other).unwrap());
    assert_eq!(read(&path).unwrap().step(), 4);
}
