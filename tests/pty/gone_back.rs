//! Runs that were kept: opened with their whole tape, and gone on with from a past that is seen.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{fs, path::Path, process::Command};

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use crate::{WINDOW, session::Session};

/// The program in that folder, without a screen, to its end.
fn run(folder: &TempDir, words: &[&str]) {
    let ended = Command::new(env!("CARGO_BIN_EXE_ae-tui"))
        .args(words)
        .arg("--headless")
        .current_dir(folder.path())
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{words:?}: {told}");
}

fn command(folder: &TempDir, words: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
    command.args(words);
    command.cwd(folder.path());
    command
}

/// The program on a screen, there.
fn watched(folder: &TempDir, words: &[&str]) -> Session {
    let mut session = Session::run(command(folder, words), WINDOW);
    session.wait_for_words("784 p");
    session
}

/// Steps: thirty an epoch, two and a half epochs, of which the folder has the last states. With
/// this seed it gets better than one grey in them.
const RUN: [&str; 16] = [
    "train",
    "--seed",
    "42",
    "--encoder",
    "6,3",
    "--batch-size",
    "2000",
    "--epochs",
    "3",
    "--max-steps",
    "75",
    "--checkpoint-every",
    "5",
    "--metrics-every",
    "1",
    "--run",
];

/// A run that is kept in `kept`, and its weights after the first epoch, in `first`.
fn kept() -> TempDir {
    let folder = TempDir::new().unwrap();
    run(&folder, &[&RUN[..], &["kept"]].concat());
    let config = ["train", "--config", "kept/run.toml", "--max-steps", "30"];
    run(&folder, &[&config[..], &["--save", "first"]].concat());
    let names = fs::read_dir(folder.path().join("kept/checkpoints")).unwrap();
    assert!(
        names
            .flatten()
            .all(|file| !file.file_name().to_string_lossy().contains("030"))
    );
    folder
}

/// All that a folder has, by names.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![(path.display().to_string(), fs::read(&path).unwrap())]
            }
        })
        .collect();
    all.sort();
    all
}

/// Goes back to the first epoch's end, saves it, and compares.
fn save_the_first_epoch(session: &mut Session, folder: &TempDir) {
    session.send("{]");
    session.wait_for("the first epoch's end", |screen| {
        screen.contains("step 30 ") && screen.contains("epoch 1.0")
    });
    session.send("s");
    let name = "ae-tui-article-6,3-epoch01.safetensors";
    session.wait_for_words(name);
    let net = |name: &str| {
        let saved = ae_tui::store::weights::load(&folder.path().join(name), None);
        saved.unwrap().net
    };
    assert!(net(name) == net("first"), "the same to the bit");
}

#[test]
fn a_kept_run_is_explored_with_moments_that_no_file_has() {
    let folder = kept();
    let run = folder.path().join("kept");
    let before = files(&run);
    let mut session = watched(&folder, &["explore", "kept"]);
    // What is made again is the whole curve.
    session.wait_for_words("Better than one grey");
    save_the_first_epoch(&mut session, &folder);
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
    assert!(files(&run) == before, "nothing in it is written");
}

#[test]
fn a_run_that_goes_on_has_its_past() {
    let folder = kept();
    let words = ["train", "--resume", "kept", "--max-steps", "76"];
    let mut session = watched(&folder, &words);
    session.wait_for_words("finished");
    // One step cannot have told that.
    session.send("[");
    session.wait_for_words("step 60 ");
    session.wait_for_words("Better than one grey");
    save_the_first_epoch(&mut session, &folder);
    session.send("}q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn a_film_of_which_nothing_is_kept_is_made_again_as_it_plays() {
    let folder = kept();
    let words = ["train", "--resume", "kept", "--max-steps", "76"];
    let mut session = watched(&folder, &words);
    session.wait_for_words("finished");
    session.send("{");
    session.wait_for_words("step  0");
    // A moment further than the start there is none for two seconds.
    session.send(".");
    session.wait_for_words("step  1");
    session.send(" ");
    session.wait_for("more of the first epoch", |screen| {
        (2..30).any(|step| screen.contains(&format!("step {step:>2} ")))
    });
    session.send("}q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

/// As it begins, and at a step on the way.
#[test]
#[cfg(debug_assertions)]
fn a_past_that_nobody_makes_again_shows_what_is_kept_of_it() {
    for death in ["remaker", "remaker@20"] {
        let folder = kept();
        let words = ["train", "--resume", "kept", "--max-steps", "76"];
        let mut command = command(&folder, &words);
        command.env("AE_TUI_FAULT", format!("panic:thread:{death}"));
        let told = folder.path().join("told");
        command.env("AE_TUI_FAULT_TOLD", &told);
        let mut session = Session::run(command, WINDOW);
        session.wait_for_words("finished");
        session.send("{");
        session.wait_for_words("step  0 ");
        // The end of the first epoch, of which no file has anything.
        session.send("]");
        session.wait_until("the fault", |_| told.exists());
        session.wait_for("what there is of it", |screen| {
            screen.contains(" behind") && !screen.contains("step 30 ")
        });
        session.send("}");
        session.wait_for_words("step 76 ");
        session.send("q");
        assert_eq!(session.wait_exit().exit_code(), 1);
        session.assert_clean();
    }
}

#[test]
fn memory_that_holds_no_moment_is_refused_and_what_is_said_of_more_is_so() {
    let run = |memory: &str| {
        let words = ["train", "--max-steps", "9", "--memory", memory];
        Session::start(&words, WINDOW)
    };
    let mut refused = run("1");
    assert_eq!(refused.wait_exit().exit_code(), 2);
    let said = refused.screen().replace('\n', "");
    let (_, least) = said.split_once("give it ").unwrap();
    let least = least.split(' ').next().unwrap();
    let mut session = run(least);
    session.wait_for_words("finished");
    session.send(",");
    session.wait_for_words(" s behind");
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    // None at all is a choice, which the keys tell of.
    let mut session = run("0");
    session.wait_for_words("finished");
    session.send(",");
    session.wait_for_words("--memory SIZE has no room for one.");
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}
