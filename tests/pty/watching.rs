//! What somebody else trains: a run's folder from before it is there until its writer is dead,
//! and numbers down a line, with the keyboard at the terminal.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
};

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use super::{WINDOW, session::Session};

/// A run that lasts until it is killed.
fn writer(folder: &TempDir) -> Child {
    Command::new(env!("CARGO_BIN_EXE_ae-tui"))
        .args(["--headless", "--run", "run", "--pace", "60"])
        .args(["--metrics-every", "1", "--checkpoint-every", "5"])
        .current_dir(folder.path())
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn watch(folder: &TempDir, words: &[&str]) -> Session {
    let mut command = CommandBuilder::new(words[0]);
    command.args(&words[1..]);
    command.cwd(folder.path());
    Session::run(command, WINDOW)
}

/// The step whose weights are said to be seen.
fn seen_step(screen: &str) -> Option<u64> {
    let (_, rest) = screen.split_once("  at step ")?;
    let digits = rest
        .chars()
        .take_while(|letter| letter.is_ascii_digit() || *letter == ',');
    digits
        .filter(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .ok()
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_run_of_somebody_else_is_watched_from_before_it_begins_until_its_writer_is_dead() {
    let folder = TempDir::new().unwrap();
    let mut session = watch(&folder, &[env!("CARGO_BIN_EXE_ae-tui"), "watch", "run"]);
    session.wait_for_words("waiting for run;");
    let mut writer = writer(&folder);
    session.wait_for_words("784 p");
    session.wait_for_words("watching");
    let later = |screen: &str| seen_step(screen).is_some_and(|step| step >= 10);
    session.wait_for("weights that were written since", later);
    // Who trains there is not spoken to.
    session.send(" ");
    session.wait_for_words("Somebody else trains this");
    writer.kill().unwrap();
    writer.wait().unwrap();
    session.wait_for_words("the writer seems dead: nobody holds the folder's lock");
    session.wait_for_words("dead?");
    let before = files(&folder.path().join("run"));
    // What was written down can be gone back to, and nothing between is made again.
    session.send("{");
    session.wait_for_words("◂ step 0");
    session.send(".");
    // Usually 5; whoever watches late has seen a later one first.
    session.wait_for("the next that was seen", |screen| {
        let seen = screen.split_once("◂ step ");
        seen.is_some_and(|(_, step)| !step.starts_with('0'))
    });
    session.send("}");
    session.wait_for_words("dead?");
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
    assert_eq!(files(&folder.path().join("run")), before);
    assert_eq!(before, ["checkpoints", "lock", "metrics.jsonl", "run.toml"]);
}

#[test]
fn a_run_on_images_of_another_size_has_curves_alone_and_says_so_as_long_as_they_are_seen() {
    let folder = TempDir::new().unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_ae-tui"))
        .args(["--headless", "--run", "run", "--max-steps", "1"])
        .args(["--encoder", "4,2", "--batch-size", "1000"])
        .current_dir(folder.path())
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    assert!(made.status.success());
    let path = folder.path().join("run/run.toml");
    let file = fs::read_to_string(&path).unwrap();
    let other = file.replace("[28, 28]", "[32, 32]");
    assert_ne!(file, other);
    fs::write(&path, other).unwrap();
    let mut session = watch(&folder, &[env!("CARGO_BIN_EXE_ae-tui"), "watch", "run"]);
    session.wait_for_words("curves alone: run/run.toml: image is 32x32");
    session.send("d");
    session.wait_for_words("Draw would need weights");
    session.send("\x1b[A");
    session.wait_for_words("curves alone: run/run.toml: image is 32x32");
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn numbers_come_down_a_line_and_keys_from_the_terminal() {
    let folder = TempDir::new().unwrap();
    let step =
        |step: u32| format!("{{\"event\":\"step\",\"step\":{step},\"epoch\":1,\"loss\":0.5}}\n");
    let epoch =
        "{\"event\":\"epoch\",\"epoch\":1,\"step\":9,\"train_loss\":0.4,\"val_loss\":0.25}\n";
    let log: String = (1..9).map(step).collect();
    fs::write(folder.path().join("log"), log + epoch).unwrap();
    let piped = format!("cat log | '{}' watch -", env!("CARGO_BIN_EXE_ae-tui"));
    let mut session = watch(&folder, &["sh", "-c", &piped]);
    session.wait_for_words("val_loss 0.2500");
    // The line was closed, and no record told of the end.
    session.wait_for_words("its line was closed");
    session.send("d");
    session.wait_for_words("Draw would need weights");
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}
