use std::{collections::HashSet, io::Write as _, time::Duration};

use super::{
    snapshots::{LOOK_THROUGH, MOST_SNAPSHOTS, load, taken},
    *,
};
use crate::{
    nn::Autoencoder,
    random::{Stream, generator},
    recipe::{Preset, Recipe},
    store::{
        folder::Maker,
        weights::{self, About},
    },
};

fn net(seed: u64) -> Autoencoder {
    let rng = &mut generator(seed, Stream::Weights, 0);
    Autoencoder::glorot(&Recipe::preset(Preset::Article).architecture(), rng)
}

/// A folder as another program begins it: what the run is, and nothing else yet.
fn strangers() -> (tempfile::TempDir, RunFile) {
    let folder = tempfile::tempdir().unwrap();
    let mut file = RunFile::new(&Recipe::preset(Preset::Article), "MNIST", "00");
    file.maker = Maker {
        version: "2.0".into(),
        instructions: "torch".into(),
    };
    file.write(&folder::run_file_in(folder.path())).unwrap();
    (folder, file)
}

fn add(folder: &Path, lines: &str) {
    let log = folder::log_in(folder);
    let mut log = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(log)
        .unwrap();
    log.write_all(lines.as_bytes()).unwrap();
}

fn snapshot(folder: &Path, step: u64, about: &About) -> PathBuf {
    let checkpoints = folder::checkpoints_in(folder);
    fs::create_dir_all(&checkpoints).unwrap();
    let path = folder::snapshot_in(&checkpoints, step);
    weights::save(&path, &net(step), about).unwrap();
    path
}

#[test]
fn a_strangers_run_is_heard_as_it_is_written() {
    let (folder, _) = strangers();
    let path = folder.path();
    let mut run = RunFollower::open(path).unwrap();
    // Nothing is made up: what its seed gives there is not known.
    assert!(!run.poll().is_news());
    add(
        path,
        "{\"event\":\"step\",\"step\":1,\"loss\":0.5}\n{\"event\":\"st",
    );
    assert_eq!(run.poll().losses, [(1, 0.5)]);
    add(path, "ep\",\"step\":2,\"loss\":0.25}\n");
    assert_eq!(run.poll().losses, [(2, 0.25)]);
    assert!(matches!(run.writer(), Writer::Writes(_)));
    snapshot(path, 2, &About::default());
    let heard = run.poll();
    assert_eq!(heard.snapshots[0].step, 2);
    assert!(heard.snapshots[0].net == net(2));
    assert!(!run.poll().is_news(), "told once");
    add(path, "{\"event\":\"end\",\"status\":\"stopped\"}\n");
    run.poll();
    assert_eq!(run.writer(), Writer::Ended(End::Stopped));
    add(
        path,
        "{\"event\":\"resume\",\"step\":1}\n{\"event\":\"step\",\"step\":2,\"loss\":0.2}\n",
    );
    let heard = run.poll();
    assert_eq!(
        (heard.back_to, &heard.losses[..]),
        (Some(1), &[(2, 0.2)][..])
    );
    assert!(matches!(run.writer(), Writer::Writes(_)));
    // A log that took its place is told anew.
    fs::write(
        folder::log_in(path),
        "{\"event\":\"step\",\"step\":1,\"loss\":0.1}\n",
    )
    .unwrap();
    let heard = run.poll();
    assert_eq!(
        (heard.back_to, &heard.losses[..]),
        (Some(0), &[(1, 0.1)][..])
    );
}

#[test]
fn weights_that_the_log_has_gone_back_behind_are_not_the_newest() {
    let record = |event: &str, step: u64, time: &str| {
        format!("{{\"event\":\"{event}\",\"step\":{step}{time}}}\n")
    };
    let step = |step: u64| format!("{{\"event\":\"step\",\"step\":{step},\"loss\":0.5}}\n");
    let resumed = ",\"time\":\"2026-01-02T03:04:05Z\"";
    // With a time it is what was written before; without, what the log has not come to again.
    for (time, seen) in [(resumed, [3, 8]), ("", [3, 5])] {
        let (folder, _) = strangers();
        let path = folder.path();
        for (of, seconds) in [(3, 0), (5, 120), (6, 0), (8, 120)] {
            let file = snapshot(path, of, &About::default());
            let written = humantime::parse_rfc3339("2026-01-02T03:03:00Z").unwrap();
            let file = fs::File::options().append(true).open(file).unwrap();
            file.set_modified(written + Duration::from_secs(seconds))
                .unwrap();
        }
        let log = [step(3), step(6), record("resume", 4, time), step(5)].concat();
        add(path, &log);
        let mut run = RunFollower::open(path).unwrap();
        let mut steps: Vec<u64> = run.poll().snapshots.iter().map(|seen| seen.step).collect();
        steps.sort_unstable();
        assert_eq!([steps[0], steps[steps.len() - 1]], seen, "{time}");
        assert!(!steps.contains(&6), "{steps:?}");
        // Written anew it is the run's again.
        add(path, &step(6));
        snapshot(path, 6, &About::default());
        std::thread::sleep(LOOK_THROUGH);
        let steps: Vec<u64> = run.poll().snapshots.iter().map(|seen| seen.step).collect();
        assert!(steps.contains(&6), "{time}: {steps:?}");
    }
}

#[test]
fn a_snapshot_is_taken_when_it_is_whole_and_one_that_lies_is_passed_over() {
    let (folder, _) = strangers();
    let path = folder.path();
    let mut run = RunFollower::open(path).unwrap();
    let file = snapshot(path, 7, &About::default());
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let heard = run.poll();
    assert!(
        heard.snapshots.is_empty() && heard.remarks.is_empty(),
        "{heard:?}"
    );
    fs::write(&file, &whole).unwrap();
    assert_eq!(run.poll().snapshots[0].step, 7);
    let lies = About {
        step: Some(9),
        ..About::default()
    };
    snapshot(path, 8, &lies);
    let refusal = load(
        &run.file,
        &folder::snapshot_in(&folder::checkpoints_in(path), 8),
        8,
    );
    assert!(refusal.unwrap_err().contains("says it is of step 9"));
    assert!(run.poll().snapshots.is_empty());
}

#[test]
fn a_lock_that_nobody_was_seen_to_hold_says_nothing_before_the_long_silence() {
    let (folder, _) = strangers();
    let lock = folder.path().join("lock");
    // As `rsync` brings it along.
    fs::write(&lock, "").unwrap();
    let mut run = RunFollower::open(folder.path()).unwrap();
    run.poll();
    run.silent_before = 30;
    assert!(matches!(run.writer(), Writer::Writes(30..)));
    run.silent_before = SILENCE;
    assert!(matches!(run.writer(), Writer::Gone(_, Absence::LockIsFree)));
    let holder = fs::File::open(&lock).unwrap();
    holder.lock().unwrap();
    run.lock.last = None;
    assert!(matches!(run.writer(), Writer::Writes(_)), "it is held");
    // Who was seen to hold it, and does no more, is dead; it is not asked at every look.
    drop(holder);
    run.silent_before = 30;
    assert!(matches!(run.writer(), Writer::Writes(30..)));
    run.lock.last = None;
    assert!(matches!(run.writer(), Writer::Gone(_, Absence::LockIsFree)));
    add(
        folder.path(),
        "{\"event\":\"step\",\"step\":1,\"loss\":0.5}\n",
    );
    run.poll();
    assert!(matches!(run.writer(), Writer::Writes(_)), "it speaks");
}

#[test]
fn of_many_snapshots_the_same_are_taken_when_there_are_more() {
    let steps: Vec<u64> = (0..3000).map(|place| 7 * place).collect();
    let all = |count: usize| taken(&steps[..count]).collect::<Vec<u64>>();
    assert_eq!(all(3), [14, 7, 0]);
    assert!(all(0).is_empty());
    let mut read: HashSet<u64> = all(1201).into_iter().collect();
    for count in 1202..=3000 {
        let now = all(count);
        assert!(now.len() <= MOST_SNAPSHOTS + 1);
        assert_eq!(now[0], steps[count - 1], "the newest first");
        assert!(now[1..].iter().all(|step| read.contains(step)), "{count}");
        read.insert(now[0]);
    }
}

#[test]
fn a_step_that_nobody_takes_is_no_snapshots() {
    let (folder, _) = strangers();
    snapshot(folder.path(), 3, &About::default());
    snapshot(folder.path(), u64::MAX, &About::default());
    let heard = RunFollower::open(folder.path()).unwrap().poll();
    let steps: Vec<u64> = heard.snapshots.iter().map(|shot| shot.step).collect();
    assert_eq!(steps, [3]);
}

#[test]
fn what_the_log_takes_back_comes_before_the_pictures() {
    let (folder, _) = strangers();
    let line = |step: u32| format!("{{\"event\":\"step\",\"step\":{step},\"loss\":0.5}}\n");
    let lines: String = (1..=30_000).map(line).collect();
    add(folder.path(), &lines);
    // The steps after it come again, so what was written of the tenth is of the run.
    let again: String = (6..=10).map(line).collect();
    let resume = "{\"event\":\"resume\",\"step\":5}\n";
    add(folder.path(), &format!("{resume}{again}"));
    snapshot(folder.path(), 10, &About::default());
    let mut run = RunFollower::open(folder.path()).unwrap();
    let (mut back, mut seen) = (false, false);
    while !seen {
        let heard = run.poll();
        back |= heard.back_to == Some(5);
        seen = !heard.snapshots.is_empty();
        assert!(!seen || back);
    }
}

#[test]
fn an_edit_is_news_and_another_run_is_said() {
    let (folder, mut file) = strangers();
    let run_file = folder::run_file_in(folder.path());
    let mut run = RunFollower::open(folder.path()).unwrap();
    file.recipe.epochs = 99;
    file.write(&run_file).unwrap();
    let heard = run.poll();
    assert_eq!(heard.file, Some(FileNews::Edited));
    assert_eq!(run.file().recipe.epochs, 99);
    // One that is half written is waited for.
    fs::write(&run_file, "format = 1\nvers").unwrap();
    let heard = run.poll();
    assert!(heard.file.is_none() && heard.remarks.len() == 1);
    file.recipe.seed = 7;
    file.write(&run_file).unwrap();
    assert_eq!(run.poll().file, Some(FileNews::OtherRun));
}

#[test]
fn a_log_of_any_length_comes_in_pieces_of_bounded_size() {
    let (folder, _) = strangers();
    let line =
        |step: u32| format!("{{\"event\":\"step\",\"step\":{step},\"epoch\":1,\"loss\":0.5}}\n");
    let lines: String = (1..=100_000).map(line).collect();
    add(folder.path(), &lines);
    let mut run = RunFollower::open(folder.path()).unwrap();
    let (mut steps, mut most, mut more) = (0, 0, true);
    while more {
        let heard = run.poll();
        steps += heard.losses.len();
        most = most.max(heard.losses.len());
        more = heard.more;
    }
    assert_eq!(steps, 100_000);
    assert!(most < 30_000, "{most}");
}
