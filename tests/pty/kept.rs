//! Runs that are changed, left and come back to, and what their files then say: the log and
//! the recipe know of every edit, each run has its folder, and what is saved of the past is
//! what was.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use ae_tui::{nn::Autoencoder, recipe::Change, store::weights};
use portable_pty::CommandBuilder;
use serde_json::Value;
use tempfile::TempDir;

use super::{WINDOW, session::Session};

/// The dashboard in a folder, once it has something to show.
fn watched_in(folder: &TempDir, arguments: &[&str]) -> Session {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
    command.args(arguments);
    command.cwd(folder.path());
    let mut session = Session::run(command, WINDOW);
    session.wait_for_words("784 p");
    session
}

/// Trains in a folder, without a screen.
fn train_in(folder: &TempDir, arguments: &[&str]) {
    let status = Command::new(env!("CARGO_BIN_EXE_ae-tui"))
        .args(arguments)
        .arg("--headless")
        .current_dir(folder.path())
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{arguments:?}");
}

fn load(path: &Path) -> (u64, Autoencoder) {
    let saved = weights::load(path, None).unwrap();
    (saved.about.unwrap().step.unwrap(), saved.net)
}

/// The records of this kind in a log.
fn records(log: &Path, event: &str) -> Vec<Value> {
    let text = fs::read_to_string(log).unwrap();
    let records = text.lines().map(|line| serde_json::from_str(line).unwrap());
    records
        .filter(|record: &Value| record["event"] == event)
        .collect()
}

/// Waits for the only file of weights that is in a folder.
fn saved_in(session: &mut Session, folder: &TempDir) -> PathBuf {
    let found = || {
        let mut files = fs::read_dir(folder.path()).unwrap();
        files.find_map(|file| {
            let path = file.unwrap().path();
            path.extension()
                .is_some_and(|extension| extension == "safetensors")
                .then_some(path)
        })
    };
    session.wait_for_words("saved step");
    found().unwrap()
}

fn leave(mut session: Session) {
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn a_change_on_the_way_is_in_both_logs_and_the_recipe_makes_it_again() {
    let folder = TempDir::new().unwrap();
    let files = [
        "--run",
        "kept",
        "--metrics",
        "a.jsonl",
        "--save",
        "a.safetensors",
    ];
    let mut session = watched_in(&folder, &[&files[..], &["--pace", "film"]].concat());
    session.send("p");
    session.wait_for_words("hold from the next step");
    session.send("\x1b[H0.004");
    session.wait_for_words("rate .001 > .004");
    // Steps that the new rate holds for.
    session.send("\r:20\r");
    session.wait_for_words("paused");
    leave(session);
    let path = |name: &str| folder.path().join(name);
    let (end, net) = load(&path("a.safetensors"));
    let run = ae_tui::store::folder::read(&path("kept")).unwrap();
    let [edit] = run.file.recipe.edits[..] else {
        panic!("{:?}", run.file.recipe.edits)
    };
    assert_eq!(edit.change, Change::LearningRate(0.004));
    assert!(edit.step < end, "{edit:?}, {end}");
    for log in ["a.jsonl", "kept/metrics.jsonl"] {
        let edits = records(&path(log), "edit");
        let [told] = &edits[..] else {
            panic!("{log}: {edits:?}")
        };
        assert_eq!(told["step"], edit.step, "{log}");
    }
    let end = end.to_string();
    let again = ["--config", "kept/run.toml", "--save", "b.safetensors"];
    train_in(&folder, &[&again[..], &["--max-steps", &end]].concat());
    assert!(load(&path("b.safetensors")).1 == net);
    // Who watches that is told the same command.
    let again = "--config kept/run.toml --max-steps 2";
    let words: Vec<&str> = again.split(' ').collect();
    let mut session = watched_in(&folder, &[&words[..], &["--pace", "full"]].concat());
    session.wait_for_words("finished");
    // It is asked once whether to leave what is not saved.
    session.send("qq");
    assert_eq!(session.wait_exit().exit_code(), 0);
    let said = session.screen();
    let command = format!("this run again: ae-tui train {again}");
    assert!(said.contains(&command), "{said}");
    session.assert_clean();
}

#[test]
fn what_is_saved_of_the_past_is_what_a_run_to_there_comes_to() {
    for back in [",", "["] {
        let folder = TempDir::new().unwrap();
        let mut session = watched_in(&folder, &["--pace", "film"]);
        session.wait_for_words("steps 0.");
        session.send(" ");
        session.wait_for_words("paused");
        session.send(back);
        session.wait_for_words("save this");
        session.send("s");
        let file = saved_in(&mut session, &folder);
        session.send("\x03");
        assert_eq!(session.wait_exit().exit_code(), 0);
        session.assert_clean();
        let (step, net) = load(&file);
        assert!(back == "," || step == 0, "the epoch's start");
        if step > 0 {
            let steps = step.to_string();
            train_in(
                &folder,
                &["--max-steps", &steps, "--save", "again.safetensors"],
            );
            let again = load(&folder.path().join("again.safetensors"));
            assert!(again == (step, net), "{step}");
        }
    }
}

#[test]
fn each_run_that_follows_a_kept_one_has_a_folder_and_goes_on_in_it() {
    let folder = TempDir::new().unwrap();
    let run = ["--run", "kept", "--max-steps", "50", "--pace", "full"];
    let mut session = watched_in(&folder, &run);
    session.wait_for_words("finished");
    // A branch from an earlier moment, with nothing changed.
    session.send(",");
    session.wait_for_words("save this");
    session.send("B");
    session.wait_for_words("a new one, here");
    session.send("\r");
    session.wait_for_words("nothing changed");
    session.send("\r");
    session.wait_for("the branch's end", |screen| {
        screen.contains("branch 2/2") && screen.contains("finished")
    });
    // Back at the same moment of the first, paused; on at its end.
    session.send(",");
    session.wait_for_words("save this");
    session.send("Bj");
    session.wait_for_words("Looks at run 1 at the same moment");
    session.send("\r");
    session.wait_for("the same moment of run 1", |screen| {
        !screen.contains("branch 2") && screen.contains("save this")
    });
    session.send("}");
    session.wait_for_words("run 1/2");
    session.send(":7\r");
    session.wait_for_words("paused");
    // The same network from another seed.
    session.send("R");
    session.wait_for_words("seed 33");
    session.send("j\r");
    session.wait_for("the third run's end", |screen| {
        screen.contains("/3") && screen.contains("finished")
    });
    // Other numbers in the code.
    session.send("p");
    session.wait_for_words("numbers in the code");
    session.send("3");
    session.wait_for_words("784-32-3-32-784");
    session.send("\r");
    session.wait_for("the fourth run's end", |screen| {
        screen.contains("/4") && screen.contains("finished")
    });
    leave(session);
    let found = |name: &str| ae_tui::store::folder::read(&folder.path().join(name)).unwrap();
    let [one, branch, seed, width] = ["kept", "kept-2", "kept-3", "kept-4"].map(found);
    assert_eq!(
        [one.step(), branch.step(), seed.step(), width.step()],
        [57, 50, 50, 50]
    );
    let parent = branch.file.parent.as_ref().unwrap();
    assert_eq!(parent.folder, "kept");
    assert!((1..50).contains(&parent.step), "{parent:?}");
    assert_eq!(
        [&one, &seed, &width].map(|run| run.file.parent.as_ref()),
        [None; 3]
    );
    assert_eq!(seed.file.recipe.seed, 33);
    assert_eq!(width.file.recipe.architecture().latent(), 3);
    // A branch in which nothing was changed is the run itself.
    let state = |folder: &ae_tui::store::folder::Found| {
        let newest = folder.newest.as_ref().unwrap();
        newest.state.net.clone()
    };
    train_in(
        &folder,
        &["--max-steps", "50", "--save", "again.safetensors"],
    );
    assert!(load(&folder.path().join("again.safetensors")).1 == state(&branch));
    let resumed = records(&folder.path().join("kept/metrics.jsonl"), "resume");
    let steps: Vec<&Value> = resumed.iter().map(|record| &record["step"]).collect();
    assert_eq!(steps, [50]);
}
