//! Saves under conditions that only a process of its own can have: another
//! umask, a limit on file sizes, a sudden end.
//!
//! Each test starts this test program again, through a shell that sets the
//! condition, and has it run one test with the file to save in the environment.

use std::{
    env, fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use ae_tui::{
    recipe::{Preset, Recipe},
    state::State,
    store::{
        atomic, checkpoint,
        weights::{self, About},
    },
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use tempfile::tempdir;

/// Names the file that the started program is to save.
const FILE: &str = "AE_TUI_TEST_FILE";

/// The file to save, when this is the started program.
fn told() -> Option<PathBuf> {
    env::var_os(FILE).map(PathBuf::from)
}

/// Starts the test `name` of this program after the shell commands `before`.
fn start(before: &str, name: &str, folder: &Path, file: &str) -> io::Result<Child> {
    Command::new("sh")
        .args(["-c", &format!("{before}; exec \"$0\" --exact {name}")])
        .arg(env::current_exe()?)
        .current_dir(folder)
        .env(FILE, file)
        .stdout(Stdio::null())
        .spawn()
}

#[test]
fn a_new_file_obeys_the_umask() {
    if let Some(file) = told() {
        atomic::check_writable(&file).unwrap();
        return atomic::write(&file, b"bytes").unwrap();
    }
    let folder = tempdir().unwrap();
    for (umask, mode) in [("022", 0o644), ("077", 0o600), ("002", 0o664)] {
        // A bare name: the file belongs into the current folder.
        let before = format!("umask {umask}");
        let mut child = start(&before, "a_new_file_obeys_the_umask", folder.path(), umask).unwrap();
        assert!(child.wait().unwrap().success());
        let metadata = fs::metadata(folder.path().join(umask)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, mode);
        assert_eq!(metadata.len(), 5);
    }
}

#[test]
fn a_save_that_finds_no_room_leaves_the_old_file_alone() {
    if let Some(file) = told() {
        let large = vec![b'n'; 100_000];
        let refused = atomic::write(&file, &large).unwrap_err().to_string();
        assert!(refused.contains("weights"), "{refused}");
        let folder = file.parent().unwrap();
        let refused = atomic::write_new(&folder.join("weights.new"), &large).unwrap_err();
        assert!(refused.to_string().contains("weights.new"), "{refused}");
        return;
    }
    let folder = tempdir().unwrap();
    let file = folder.path().join("weights");
    fs::write(&file, "old").unwrap();
    // Without the signal, the system answers EFBIG after the first blocks.
    let mut child = start(
        "trap '' XFSZ; ulimit -f 8",
        "a_save_that_finds_no_room_leaves_the_old_file_alone",
        folder.path(),
        file.to_str().unwrap(),
    )
    .unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(fs::read(&file).unwrap(), b"old");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn a_file_of_two_names_that_finds_no_room_is_as_it_was() {
    if let Some(file) = told() {
        let large = vec![b'n'; 100_000];
        return atomic::write(&file, &large).map_or((), |()| panic!("there is no room"));
    }
    let folder = tempdir().unwrap();
    let [file, other] = ["weights", "other"].map(|name| folder.path().join(name));
    fs::write(&file, "old").unwrap();
    fs::hard_link(&file, &other).unwrap();
    let mut child = start(
        "trap '' XFSZ; ulimit -f 8",
        "a_file_of_two_names_that_finds_no_room_is_as_it_was",
        folder.path(),
        file.to_str().unwrap(),
    )
    .unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(fs::read(&other).unwrap(), b"old");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
}

#[test]
fn a_process_killed_while_overwriting_leaves_a_whole_file() {
    const BYTES: usize = 200_000;
    if let Some(file) = told() {
        for letter in (b'a'..=b'z').cycle() {
            atomic::write(&file, &vec![letter; BYTES]).unwrap();
        }
    }
    let whole = |path: &Path| {
        let bytes = fs::read(path).unwrap();
        bytes.len() == BYTES && bytes.iter().all(|&byte| byte == bytes[0])
    };
    for round in 0..10 {
        let folder = tempdir().unwrap();
        let [file, other] = ["weights", "other"].map(|name| folder.path().join(name));
        fs::write(&file, vec![b'0'; BYTES]).unwrap();
        fs::hard_link(&file, &other).unwrap();
        let mut child = start(
            ":",
            "a_process_killed_while_overwriting_leaves_a_whole_file",
            folder.path(),
            file.to_str().unwrap(),
        )
        .unwrap();
        while fs::read(&file).unwrap().first() == Some(&b'0') {
            assert!(child.try_wait().unwrap().is_none(), "it never saved");
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_micros(700 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let copy = folder.path().join("weights-2");
        assert!(whole(&file) || whole(&copy), "round {round}");
    }
}

#[test]
fn a_process_killed_while_saving_leaves_a_whole_file() {
    const BYTES: usize = 200_000;
    if let Some(file) = told() {
        for letter in (b'a'..=b'z').cycle() {
            atomic::write(&file, &vec![letter; BYTES]).unwrap();
        }
    }
    let folder = tempdir().unwrap();
    let file = folder.path().join("weights");
    for round in 0..20 {
        fs::write(&file, vec![b'0'; BYTES]).unwrap();
        let mut child = start(
            ":",
            "a_process_killed_while_saving_leaves_a_whole_file",
            folder.path(),
            file.to_str().unwrap(),
        )
        .unwrap();
        while fs::read(&file).unwrap()[0] == b'0' {
            assert!(child.try_wait().unwrap().is_none(), "it never saved");
            thread::sleep(Duration::from_millis(1));
        }
        // The moments of death spread over many saves.
        thread::sleep(Duration::from_micros(700 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let bytes = fs::read(&file).unwrap();
        assert_eq!(bytes.len(), BYTES);
        assert!(bytes.iter().all(|&byte| byte == bytes[0]));
    }
    atomic::write(&file, b"the last").unwrap();
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "orphans stay");
}

/// How often a process is killed: five hundred times where everything is asked for, in some
/// minutes.
fn kills() -> usize {
    let all = env::var_os("AE_TUI_TEST_ALL").is_some();
    if all { 500 } else { 12 }
}

#[test]
fn a_process_killed_at_any_moment_leaves_weights_and_a_state_that_load() {
    let recipe = Recipe::preset(Preset::Article);
    let at = |step| {
        let mut state = State::start(&recipe, None);
        state.adam.t = step;
        let about = About {
            step: Some(step),
            ..About::of(&recipe)
        };
        (state, about)
    };
    let kept = |file: &Path| file.with_extension("state");
    if let Some(file) = told() {
        for step in 1.. {
            let (state, about) = at(step);
            weights::save(&file, &state.net, &about).unwrap();
            checkpoint::save(&kept(&file), &state, &about).unwrap();
        }
    }
    let folder = tempdir().unwrap();
    let file = folder.path().join("weights");
    let mut moments = ChaCha8Rng::seed_from_u64(500);
    let mut seen = 0;
    for round in 0..kills() {
        let mut child = start(
            ":",
            "a_process_killed_at_any_moment_leaves_weights_and_a_state_that_load",
            folder.path(),
            file.to_str().unwrap(),
        )
        .unwrap();
        while !kept(&file).exists() {
            assert!(child.try_wait().unwrap().is_none(), "it never saved");
            thread::sleep(Duration::from_millis(1));
        }
        let moment = moments.next_u32() % 30_000;
        thread::sleep(Duration::from_micros(u64::from(moment)));
        child.kill().unwrap();
        child.wait().unwrap();
        let saved = weights::load(&file, None).unwrap();
        let (state, about) = checkpoint::load(&kept(&file)).unwrap();
        let step = state.step();
        // Both are of one step, or the weights of the next.
        let of_weights = saved.about.and_then(|about| about.step).unwrap();
        assert!([step, step + 1].contains(&of_weights), "round {round}");
        assert!(
            (state, about) == at(step),
            "round {round}: a state that never was"
        );
        seen += 1;
        fs::remove_file(kept(&file)).unwrap();
    }
    assert_eq!(seen, kills());
    atomic::write(&file, b"the last").unwrap();
    let left = fs::read_dir(&folder).unwrap().count();
    assert!(left <= 2, "{left} files: orphans stay");
}
