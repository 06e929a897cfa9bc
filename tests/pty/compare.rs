//! Two runs beside each other in a real terminal: standing still, and while both are trained.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use ndarray::Array3;
use ndarray_npy::WriteNpyExt as _;
use portable_pty::CommandBuilder;
use rustix::process::Signal;
use tempfile::TempDir;

use super::{WINDOW, session::Session};

/// A few images, so that a run and its measures take no time.
pub(crate) fn images(folder: &TempDir) {
    let image = |(number, row, column)| ((number * 37 + row * 9 + column * 5) % 250) as u8;
    let images = Array3::from_shape_fn((200, 12, 12), image);
    let file = fs::File::create(folder.path().join("x.npy")).unwrap();
    images.write_npy(file).unwrap();
}

/// What the program says in a pipe.
fn said(folder: &Path, words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ae-tui"))
        .args(words)
        .current_dir(folder)
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn train(folder: &TempDir, words: &[&str]) {
    let own = ["--headless", "--data", "x.npy", "--run"];
    said(folder.path(), &[&own[..], words].concat());
}

fn compared(folder: &TempDir, words: &[&str]) -> Session {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
    command.arg("compare");
    command.args(words);
    command.cwd(folder.path());
    Session::run(command, WINDOW)
}

/// The two numbers at the end of the row that begins so, wherever on its line.
fn numbers(screen: &str, title: &str) -> Option<[f64; 2]> {
    let (_, rest) = screen.lines().find_map(|line| line.split_once(title))?;
    let mut numbers = rest.split_whitespace().map(str::parse);
    match [numbers.next()?, numbers.next()?] {
        [Ok(one), Ok(other)] => Some([one, other]),
        _ => None,
    }
}

#[test]
fn two_runs_are_seen_beside_each_other_with_the_tables_numbers() {
    let folder = TempDir::new().unwrap();
    images(&folder);
    train(&folder, &["one", "--epochs", "3"]);
    train(&folder, &["other", "--epochs", "3", "--preset", "map"]);
    let mut session = compared(&folder, &["one", "other"]);
    let screen = session.wait_for("what both come to", |screen| {
        numbers(screen, "held-out ").is_some() && screen.contains(" lower")
    });
    let seen = numbers(&screen, "held-out ").unwrap();
    let table = said(folder.path(), &["compare", "one", "other"]);
    let told = numbers(&table, "cross-entropy").unwrap();
    for (seen, told) in seen.into_iter().zip(told) {
        // Three digits of the one, four of the other.
        assert!((seen - told).abs() < 0.000_55, "{seen} for {told}\n{table}");
    }
    assert!(screen.contains("144-256-64-2-64-256-144"), "{screen}");
    assert!(!screen.contains("no log"), "{screen}");
    session.send("\x1b[D");
    session.wait_for_words("▸18");
    // One alone has all views, and leads back.
    session.send("b");
    session.wait_for_words("reconstruction ──");
    session.send("gc");
    session.wait_for_words("held-out");
    session.send("C");
    session.wait_for_words("recipes differ in");
    session.send("?");
    session.wait_for_words("only that run, all views");
    session.send("?q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();

    // The same run twice is even with itself, and an empty log tells of no curve.
    fs::write(folder.path().join("one/metrics.jsonl"), "").unwrap();
    let mut session = compared(&folder, &["one", "one"]);
    session.wait_for_words("They are even: nothing differs.");
    session.wait_for_words("No log tells how they came about.");
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn two_are_trained_beside_each_other_to_their_ends() {
    let folder = TempDir::new().unwrap();
    images(&folder);
    let live = [
        "--live", "article", "map", "--data", "x.npy", "--epochs", "2",
    ];
    let mut session = compared(&folder, &[&live[..], &["--pace", "full"]].concat());
    session.wait_for_words("both finished");
    session.wait_for("the curves", |screen| {
        numbers(screen, "held-out ").is_some()
    });
    // An epoch more of both.
    session.send(" ");
    session.wait_for("the third epoch's end", |screen| {
        screen.contains("epoch 3/3") && screen.contains("both finished")
    });
    session.send("a");
    session.wait_for_words("reconstruction ──");
    session.send("p");
    session.wait_for_words("C leads back");
    session.send("C");
    session.wait_for_words("recipes differ in");
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
    let words = String::from_utf8_lossy(&session.bytes()).into_owned();
    for side in ["A article: held-out loss", "B map: held-out loss"] {
        assert!(words.contains(side), "{side}");
    }
}

#[test]
fn another_is_put_beside_a_run_on_its_screen_which_leads_back_to_it() {
    let folder = TempDir::new().unwrap();
    images(&folder);
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
    command.args(["--data", "x.npy", "--epochs", "2", "--pace", "full"]);
    command.cwd(folder.path());
    let mut session = Session::run(command, WINDOW);
    session.wait_for_words("finished");
    session.send("C");
    session.wait_for_words("Trains two side by side from step 0: A article");
    session.send("\r");
    session.wait_for("both at their ends", |screen| {
        screen.contains("both finished") && screen.contains("B map")
    });
    // What was trained before is in no file, which is said once.
    session.send("q");
    session.wait_for_words("q again quits");
    session.send("a");
    session.wait_for_words("reconstruction ──");
    session.send("C");
    session.wait_for_words("recipes differ in");
    session.send("B");
    session.wait_for("the run as it was left", |screen| {
        screen.contains("epoch 2/2") && screen.contains("reconstruction ──")
    });
    // Then a pair again, left for the shell.
    session.send("C\r");
    session.wait_for_words("recipes differ in");
    session.send("qq");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
    let words = String::from_utf8_lossy(&session.bytes()).into_owned();
    for said in ["A article: held-out loss", "this run again: ae-tui train"] {
        assert!(words.contains(said), "{said}");
    }
}

#[test]
fn two_that_are_trained_are_left_in_the_middle_in_order() {
    let folder = TempDir::new().unwrap();
    images(&folder);
    let live = ["--live", "article", "map", "--data", "x.npy", "--pace", "1"];
    for (keys, code) in [("q", 0), ("\x03", 0)] {
        let mut session = compared(&folder, &live);
        session.wait_for_words("both training");
        session.send(" ");
        session.wait_for_words("both paused");
        session.send(" ");
        session.wait_for_words("both training");
        session.send(keys);
        assert_eq!(session.wait_exit().exit_code(), code);
        session.assert_clean();
    }
    let mut session = compared(&folder, &live);
    session.wait_for_words("both training");
    session.signal(Signal::TERM);
    assert_eq!(session.wait_exit().exit_code(), 143);
    session.assert_clean();
}
