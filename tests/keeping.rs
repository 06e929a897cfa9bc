//! What a run may not cost anybody: older files, their owners, room on the
//! disk, and a clear word where threads or memory run out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs::{self, Permissions},
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown, symlink},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use ae_tui::store::weights;
use rustix::process::{Pid, Signal, geteuid, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// Only ever reached by a failing test.
const DEADLINE: Duration = Duration::from_secs(60);
/// An account that nobody uses.
const STRANGER: u32 = 54_321;
/// The shortest run.
const SHORT: [&str; 2] = ["--max-steps", "1"];
/// So slow that it ends long after the test.
const SLOW: [&str; 4] = ["--epochs", "1", "--pace", "86400"];

fn settled(command: &mut Command) -> &mut Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .env_remove("NO_COLOR")
        .env_remove("AE_TUI_FAULT")
        .env("TERM", "xterm-256color")
}

/// The program, as a script would start it in this folder.
fn ae_tui(folder: &TempDir, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ae-tui"));
    settled(command.args(words).current_dir(folder.path()));
    command
}

/// The same under a limit that the shell sets.
fn limited(folder: &TempDir, limit: &str, words: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{limit}; exec \"$0\" \"$@\"")]);
    command.arg(program(folder)).args(words);
    settled(command.current_dir(folder.path()));
    command
}

/// Runs to an end with this exit code and returns what standard error says.
fn told(code: i32, command: &mut Command) -> String {
    let output = command.output().unwrap();
    let told = said(&output);
    assert_eq!(output.status.code(), Some(code), "{command:?}: {told}");
    assert!(!told.contains("panicked"), "{command:?}: {told}");
    told
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<_> = entries
        .map(|entry| name(entry).into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The records of the log, but a last one that is not whole yet.
fn records(folder: &TempDir, log: &str) -> Vec<Value> {
    let lines = fs::read_to_string(folder.path().join(log)).unwrap_or_default();
    let whole = lines.rfind('\n').map_or("", |end| &lines[..=end]);
    let record = |line: &str| serde_json::from_str(line).unwrap();
    whole.lines().map(record).collect()
}

/// Waits for a record of this kind in the log of a run that goes on.
fn wait_for(child: &mut Child, folder: &TempDir, log: &str, event: &str) {
    let start = Instant::now();
    while !records(folder, log)
        .iter()
        .any(|record| record["event"] == event)
    {
        assert!(start.elapsed() < DEADLINE, "no {event} in {log}");
        assert!(child.try_wait().unwrap().is_none(), "it ended");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Ends a run by a signal that asks for it.
fn ended(child: Child) -> String {
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(143), "{}", said(&output));
    said(&output)
}

#[test]
fn a_result_replaces_an_older_file_only_if_the_run_came_to_something() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("a.safetensors");
    let step = |name: &str| {
        let about = weights::load(&folder.path().join(name), None)
            .unwrap()
            .about;
        about.unwrap().step
    };
    fs::write(&file, "somebody's work").unwrap();
    let save = ["--save", "a.safetensors"];

    let words = [&SLOW[..], &save, &["--metrics", "log"]].concat();
    let mut child = ae_tui(&folder, &words).spawn().unwrap();
    wait_for(&mut child, &folder, "log", "start");
    let last = ended(child);
    assert!(
        last.ends_with("a.safetensors stays as it was: this run completed no epoch\n"),
        "{last}"
    );
    assert_eq!(fs::read(&file).unwrap(), b"somebody's work");
    assert_eq!(step("a-step0000000.safetensors"), Some(0));
    let end = records(&folder, "log").pop().unwrap();
    assert_eq!(
        (&end["status"], &end["step"]),
        (&"stopped".into(), &0.into())
    );
    assert_eq!(end["saved"], "a-step0000000.safetensors");

    let diverging = ["--learning-rate", "1e37", "--epochs", "50"];
    let said = told(1, &mut ae_tui(&folder, &[&diverging[..], &save].concat()));
    assert!(
        said.contains("a.safetensors stays as it was: this run failed"),
        "{said}"
    );
    assert_eq!(fs::read(&file).unwrap(), b"somebody's work");
    assert_eq!(names(folder.path()).len(), 4, "one more beside it");

    // All that was asked for, though it is no epoch.
    let said = told(
        0,
        &mut ae_tui(&folder, &[&["--max-steps", "3"], &save[..]].concat()),
    );
    assert!(said.ends_with("saved a.safetensors\n"), "{said}");
    assert_eq!(step("a.safetensors"), Some(3));
}

#[test]
fn an_older_log_is_refused_followed_or_replaced_as_it_is_said() {
    let folder = TempDir::new().unwrap();
    let run = [&SHORT[..], &["--metrics", "log"]].concat();
    let with = |more: &str| ae_tui(&folder, &[&run[..], &[more]].concat());
    told(0, &mut ae_tui(&folder, &run));
    let old = read(&folder, "log");

    let refused = told(2, &mut ae_tui(&folder, &run));
    assert_eq!(refused.lines().count(), 1, "{refused}");
    for part in ["error: ", "log", "--append", "--replace"] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    assert_eq!(read(&folder, "log"), old);

    // Its cures are tried.
    told(0, &mut with("--append"));
    let both = read(&folder, "log");
    assert!(
        both.starts_with(&old) && both.lines().count() == 4,
        "{both}"
    );
    // A run that was killed may have left half a record.
    fs::write(folder.path().join("log"), format!("{old}{{\"event\":\"ep")).unwrap();
    told(0, &mut with("--append"));
    assert_eq!(records(&folder, "log").len(), 4);
    told(0, &mut with("--replace"));
    assert_eq!(records(&folder, "log").len(), 2);

    // Nothing is emptied for a run that is then refused.
    let old = read(&folder, "log");
    let log = folder.path().join("log");
    for more in ["--append", "--replace"] {
        let init = ["--init", log.to_str().unwrap(), more];
        let refused = told(2, &mut ae_tui(&folder, &[&run[..], &init].concat()));
        assert!(refused.contains("--init and --metrics name"), "{refused}");
    }
    for more in [&[][..], &["--append"], &["--replace"]] {
        fs::set_permissions(&log, Permissions::from_mode(0o444)).unwrap();
        let refused = told(1, &mut ae_tui(&folder, &[&run[..], more].concat()));
        assert!(refused.contains("it is read-only"), "{refused}");
    }
    fs::set_permissions(&log, Permissions::from_mode(0o644)).unwrap();
    assert_eq!(read(&folder, "log"), old);
    let same = [&run[..], &["--save", "./log", "--replace"]].concat();
    let refused = told(2, &mut ae_tui(&folder, &same));
    assert!(refused.contains("--save and --metrics name"), "{refused}");
    let nowhere = [&run[..], &["--replace", "--save", "no/file"]].concat();
    told(1, &mut ae_tui(&folder, &nowhere));
    assert_eq!(read(&folder, "log"), old);
    let both = [&run[..], &["--replace", "--append"]].concat();
    told(2, &mut ae_tui(&folder, &both));
    let alone = told(2, &mut ae_tui(&folder, &["--append"]));
    assert!(alone.contains("add --metrics"), "{alone}");
    // What has nothing to lose is as ever.
    fs::write(folder.path().join("empty"), "").unwrap();
    for target in ["empty", "/dev/null", "-"] {
        told(
            0,
            &mut ae_tui(&folder, &["--max-steps", "1", "--metrics", target]),
        );
    }
}

#[test]
fn weights_never_take_the_place_of_their_own_log_by_whatever_name() {
    let folder = TempDir::new().unwrap();
    let refuse = |name: &str| {
        let files = ["--save", name, "--metrics", "log", "--append"];
        let refused = told(2, &mut ae_tui(&folder, &[&SHORT[..], &files].concat()));
        assert!(refused.contains("name the same file"), "{refused}");
    };
    refuse("./log");
    assert_eq!(names(folder.path()).len(), 0);
    fs::write(folder.path().join("log"), "precious\n").unwrap();
    symlink("log", folder.path().join("link")).unwrap();
    for name in ["log", "./log", "link"] {
        refuse(name);
    }
    assert_eq!(read(&folder, "log"), "precious\n");
}

#[test]
fn a_step_is_in_the_log_long_before_its_epoch_ends() {
    let folder = TempDir::new().unwrap();
    // Ten steps a second, and minutes to the end of the epoch.
    let words = ["--pace", "190", "--metrics", "log", "--metrics-every", "1"];
    let mut child = ae_tui(&folder, &words).spawn().unwrap();
    wait_for(&mut child, &folder, "log", "step");
    ended(child);
    let end = records(&folder, "log").pop().unwrap();
    assert_eq!(end["event"], "end");
    assert!(end["step"].as_u64().unwrap() < 1875);
}

#[test]
fn the_end_of_a_log_has_the_held_out_loss_of_the_weights_that_are_left() {
    let folder = TempDir::new().unwrap();
    let words = [
        "--max-steps",
        "10",
        "--metrics",
        "log",
        "--save",
        "a.safetensors",
    ];
    told(0, &mut ae_tui(&folder, &words));
    let end = records(&folder, "log").pop().unwrap();
    let file = folder.path().join("a.safetensors");
    let about = weights::load(&file, None).unwrap().about.unwrap();
    let told = end["val_loss"].as_f64().map(|loss| loss as f32);
    assert!(told.is_some() && told == about.val_loss, "{end}");
    assert!(end["val_reconstruction"].is_number(), "{end}");
    assert_eq!((&end["step"], &end["val_step"]), (&10.into(), &10.into()));
}

/// Has the superuser's command run as somebody else, in a folder that is everybody's.
/// Others have no such choice.
fn by_a_stranger(command: &mut Command, folder: &TempDir) {
    if geteuid().is_root() {
        fs::set_permissions(folder, Permissions::from_mode(0o777)).unwrap();
        command.uid(STRANGER).gid(STRANGER);
        command.env("XDG_CACHE_HOME", folder.path());
    }
}

/// The program where a stranger finds it: the build may be in a home of ours.
fn program(folder: &TempDir) -> PathBuf {
    let built = Path::new(env!("CARGO_BIN_EXE_ae-tui"));
    if !geteuid().is_root() {
        return built.to_owned();
    }
    let copy = folder.path().join("ae-tui");
    if !copy.exists() {
        fs::copy(built, &copy).unwrap();
    }
    copy
}

#[test]
fn a_file_that_may_not_be_written_is_refused_before_the_run() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("a.safetensors");
    fs::write(&file, "somebody's work").unwrap();
    let words = [&SHORT[..], &["--save", "a.safetensors"]].concat();
    let mut command = Command::new(program(&folder));
    settled(command.args(words).current_dir(folder.path()));
    // The folder lets a stranger put another file in its place.
    by_a_stranger(&mut command, &folder);
    if !geteuid().is_root() {
        fs::set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
    }
    let refused = told(1, &mut command);
    assert_eq!(refused.lines().count(), 1, "{refused}");
    assert!(refused.contains("name another file"), "{refused}");
    assert_eq!(fs::read(&file).unwrap(), b"somebody's work");
}

#[test]
fn a_file_that_is_replaced_stays_whose_it_was() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("a.safetensors");
    fs::write(&file, "old").unwrap();
    // Only the superuser gives files away; anybody else's is his own anyway.
    let _ = chown(&file, Some(STRANGER), Some(STRANGER));
    fs::set_permissions(&file, Permissions::from_mode(0o660)).unwrap();
    let before = fs::metadata(&file).unwrap();
    told(
        0,
        &mut ae_tui(&folder, &["--max-steps", "1", "--save", "a.safetensors"]),
    );
    let after = fs::metadata(&file).unwrap();
    assert!(after.len() > 1000);
    let of = |about: &fs::Metadata| (about.uid(), about.gid(), about.mode());
    assert_eq!(of(&after), of(&before));
}

#[test]
fn without_a_cache_the_files_are_unpacked_once() {
    let folder = TempDir::new().unwrap();
    let homeless = |words: &[&str]| {
        let mut command = ae_tui(&folder, words);
        command.env("XDG_CACHE_HOME", "/dev/null/nowhere");
        command.env("TMPDIR", folder.path());
        command.output().unwrap()
    };
    let [first, second] = [(); 2].map(|()| homeless(&["data"]));
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    assert_eq!(first.stdout, second.stdout);
    assert!(said(&first).contains("XDG_CACHE_HOME"), "{}", said(&first));
    let printed = String::from_utf8(first.stdout).unwrap();
    assert!(
        Path::new(printed.trim_end())
            .join("t10k-labels-idx1-ubyte")
            .exists()
    );
    // Nor does a run need another copy.
    let run = homeless(&["--max-steps", "1"]);
    assert_eq!(run.status.code(), Some(0), "{}", said(&run));
    assert_eq!(names(folder.path()).len(), 1);
}

#[test]
fn more_threads_than_any_machine_has_are_refused() {
    let folder = TempDir::new().unwrap();
    for many in ["20000", "257", "0", "-1", "x"] {
        let refused = told(2, &mut ae_tui(&folder, &["--threads", many]));
        assert!(refused.contains("from 1 to 256"), "{refused}");
        assert_eq!(refused.lines().count(), 1, "{refused}");
    }
    told(
        0,
        &mut ae_tui(&folder, &["--threads", "256", "--max-steps", "1"]),
    );
}

/// Shells disagree on the letter.
#[cfg(target_os = "linux")]
fn processes(allowed: u32) -> String {
    format!("ulimit -u {allowed} 2>/dev/null || ulimit -p {allowed}")
}

#[test]
#[cfg(target_os = "linux")]
fn where_no_thread_can_be_started_nothing_is_touched() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("log"), "precious\n").unwrap();
    let words = ["--max-steps", "1", "--metrics", "log", "--replace"];
    let under = |limit: &str, more: &[&str]| {
        let mut command = limited(&folder, limit, &[&words[..], more].concat());
        // The superuser has no such limit.
        by_a_stranger(&mut command, &folder);
        fs::set_permissions(folder.path().join("log"), Permissions::from_mode(0o666)).unwrap();
        command
    };
    let refused = told(1, &mut under(&processes(1), &[]));
    let lines: Vec<&str> = refused
        .lines()
        .filter(|line| !line.starts_with("warning"))
        .collect();
    assert_eq!(lines.len(), 1, "{refused}");
    assert!(refused.contains("ulimit -u"), "{refused}");
    assert_eq!(read(&folder, "log"), "precious\n");
    if geteuid().is_root() {
        // Nobody else runs anything as a stranger, so that threads can be counted:
        // two that are needed, and few that compute.
        for allowed in [3, 5, 9, 12] {
            fs::write(folder.path().join("log"), "precious\n").unwrap();
            let said = told(0, &mut under(&processes(allowed), &["--threads", "10"]));
            assert!(said.contains("starts fewer threads"), "{allowed}: {said}");
            assert_eq!(records(&folder, "log").len(), 2, "{allowed}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn memory_that_cannot_be_had_is_said_as_such() {
    let folder = TempDir::new().unwrap();
    // MNIST is there before memory gets scarce.
    told(0, &mut ae_tui(&folder, &["--max-steps", "1"]));
    let run = |mebibytes: u32, batch: &str| {
        fs::write(folder.path().join("log"), "precious\n").unwrap();
        let words = ["--max-steps", "1", "--threads", "1", "--batch-size", batch];
        let words = [&words[..], &["--metrics", "log", "--replace"]].concat();
        let limit = format!("ulimit -v {}", mebibytes << 10);
        limited(&folder, &limit, &words).output().unwrap()
    };
    // Too little for the images, for the network, for the batch.
    for mebibytes in [40, 120, 200, 300] {
        let output = run(mebibytes, "20000");
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{mebibytes}: {said}");
        let last = said.lines().last().unwrap();
        for part in ["error: ", "memory", "wanted", "--batch-size", "ulimit -v"] {
            assert!(last.contains(part), "{mebibytes}: {said}");
        }
        assert!(!said.contains("panicked"), "{mebibytes}: {said}");
        if mebibytes == 40 {
            assert_eq!(read(&folder, "log"), "precious\n");
        }
    }
    // Both cures are tried.
    for (mebibytes, batch) in [(300, "32"), (4000, "20000")] {
        let output = run(mebibytes, batch);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
}
