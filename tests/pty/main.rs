//! The built program in a real terminal: it trains, browses, saves, resizes,
//! and gives the terminal back as it was, however it ends.

mod answers;
mod believed;
mod compare;
mod curves;
mod drawing;
mod endings;
mod floods;
mod gone_back;
mod inside;
mod kept;
mod latent;
#[cfg(feature = "graphics")]
mod pictures;
mod samples;
mod session;
mod tour;
mod watching;

use std::fs;

use ae_tui::recipe::Change;
use portable_pty::CommandBuilder;
use rustix::process::Signal;
use session::{Session, Terminal};
use tempfile::TempDir;

const WINDOW: (u16, u16) = (120, 36);
/// Words that only the help shows.
const HELP: &str = "full speed on and off";

/// The dashboard once it has something to show.
fn watched(arguments: &[&str]) -> Session {
    let mut session = Session::start(arguments, WINDOW);
    session.wait_for_words("784 p");
    session
}

/// Waits until this sample is shown.
fn wait_for_sample(session: &mut Session, sample: usize) {
    session.wait_for(&format!("sample {sample}"), |screen| {
        screen.contains(&format!("{sample}: a"))
    });
}

#[test]
fn it_starts_and_trains_to_the_end() {
    let mut session = watched(&["--max-steps", "50", "--pace", "full"]);
    session.wait_for_words("finished");
    session.send("q");
    // Nothing was saved: it asks, once.
    session.wait_for_words("leave?");
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn arrows_browse_the_samples() {
    let mut session = watched(&["--max-steps", "5"]);
    wait_for_sample(&mut session, 110);
    session.send("\x1b[C");
    wait_for_sample(&mut session, 111);
    session.send("\x1b[B");
    wait_for_sample(&mut session, 121);
    session.send("\x1b[A\x1b[D");
    wait_for_sample(&mut session, 110);
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn a_lesson_waits_for_space_at_each_sentence_and_f_plays_it_to_its_end() {
    let mut session = watched(&["--lesson", "--max-steps", "60"]);
    session.wait_for("the first sentence", |screen| {
        screen.contains("waits for space") && screen.contains("It knows nothing")
    });
    session.send(" ");
    session.wait_for("another sentence", |screen| {
        screen.contains("waits for space") && !screen.contains("It knows nothing")
    });
    session.send("f ");
    session.wait_for_words("finished");
    session.send("\x1b");
    session.wait_for_words("Curves");
    session.send("\x1b[15~");
    session.wait_for_words(" lesson ");
    session.resize(80, 24);
    session.wait_for_words("The lesson needs 100x30");
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn the_key_s_saves_and_says_where() {
    let folder = TempDir::new().unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
    command.args(["--max-steps", "50", "--pace", "full"]);
    command.cwd(folder.path());
    let mut session = Session::run(command, WINDOW);
    session.wait_for_words("finished");
    for name in [
        "ae-tui-article-step0000050.safetensors",
        "ae-tui-article-step0000050-2.safetensors",
    ] {
        session.send("s");
        session.wait_for_words(name);
        let file = folder.path().join(name);
        ae_tui::store::weights::load(&file, None).unwrap();
    }
    // Saved: it asks nothing.
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
    assert!(session.screen().contains("saved "), "{}", session.screen());
}

#[test]
fn saved_weights_are_explored_without_training() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("a.safetensors");
    let name = file.to_str().unwrap();
    let mut session = watched(&["--max-steps", "20", "--save", name]);
    session.wait_for_words("finished");
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    let before = fs::read(&file).unwrap();

    let mut session = watched(&["explore", name]);
    wait_for_sample(&mut session, 110);
    session.send("\x1b[C");
    wait_for_sample(&mut session, 111);
    // Weights alone have no past.
    session.send(",");
    session.wait_for_words("No earlier moment is kept.");
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn any_size_is_survived_and_a_small_one_says_what_is_needed() {
    let mut session = watched(&[]);
    for (columns, rows) in [
        (80, 24),
        (60, 20),
        (59, 20),
        (10, 3),
        (1, 1),
        (0, 0),
        (400, 100),
    ] {
        session.resize(columns, rows);
    }
    session.resize(54, 18);
    session.wait_for_words("needs 60x20, this is 54x18");
    session.resize(80, 24);
    session.wait_for_words("latent space");
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn ctrl_c_leaves_at_once_whatever_is_open() {
    for (keys, shown) in [
        ("", "latent space"),
        ("?", HELP),
        ("q", "leave?"),
        ("g", "go to sample"),
        (" ", "paused"),
    ] {
        let mut session = watched(&[]);
        // Something is unsaved once a step is done.
        session.wait_for_words("steps 0.");
        session.send(keys);
        session.wait_for_words(shown);
        session.send("\x03");
        assert_eq!(session.wait_exit().exit_code(), 0, "after {keys:?}");
        session.assert_clean();
    }
}

#[test]
fn a_signal_ends_it_with_its_file_and_a_clean_terminal() {
    for (signal, code) in [
        (Signal::INT, 130),
        (Signal::TERM, 143),
        (Signal::HUP, 129),
        (Signal::QUIT, 131),
    ] {
        for keys in ["", "?", " "] {
            let folder = TempDir::new().unwrap();
            let file = folder.path().join("a.safetensors");
            let mut session = watched(&["--pace", "film", "--save", file.to_str().unwrap()]);
            session.send(keys);
            session.signal(signal);
            assert_eq!(session.wait_exit().exit_code(), code, "{signal:?} {keys:?}");
            session.assert_clean();
            ae_tui::store::weights::load(&file, None).unwrap();
        }
    }
}

#[test]
#[cfg(debug_assertions)]
fn a_panic_of_the_screen_is_readable_and_the_terminal_whole() {
    let fault = [("AE_TUI_FAULT", "panic:ui@1")];
    let mut session = Session::start_with(&[], WINDOW, &fault);
    assert_eq!(session.wait_exit().exit_code(), 101);
    session.assert_clean();
    let bytes = session.bytes();
    let words = String::from_utf8_lossy(&bytes);
    let (_, after) = words.rsplit_once("\x1b[?1049l").unwrap();
    assert_eq!(after.matches("a fault was injected").count(), 1, "{after}");
    assert!(after.contains("src/"), "it says where: {after}");
}

#[test]
#[cfg(debug_assertions)]
fn a_trainer_that_dies_is_shown_and_its_weights_can_be_saved() {
    let folder = TempDir::new().unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
    command.env("AE_TUI_FAULT", "panic:trainer@20");
    command.cwd(folder.path());
    let mut session = Session::run(command, WINDOW);
    let screen = session.wait_for_words("stopped unexpectedly");
    assert!(
        !screen.contains("src/train"),
        "the hook wrote on the screen:\n{screen}"
    );
    session.send("s");
    session.wait_for("the file", |_| {
        fs::read_dir(folder.path()).unwrap().any(|entry| {
            let path = entry.unwrap().path();
            path.extension()
                .is_some_and(|extension| extension == "safetensors")
        })
    });
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 1);
    session.assert_clean();
    assert!(session.screen().contains("error: "), "{}", session.screen());
}

/// A shell with job control, which ends with its own exit.
fn shell() -> Session {
    shell_on(Terminal::USUAL)
}

/// The same on a terminal like this.
fn shell_on(terminal: Terminal) -> Session {
    let mut command = CommandBuilder::new("bash");
    command.args(["--norc", "--noprofile", "--noediting", "-i"]);
    command.env("PS1", "ready> ");
    command.env("HISTFILE", "/dev/null");
    let mut session = Session::run_on(terminal, command, WINDOW);
    session.wait_for_words("ready>");
    session
}

#[test]
fn ctrl_z_gives_the_shell_its_terminal_and_fg_brings_the_dashboard_back() {
    let mut session = shell();
    session.send(concat!(env!("CARGO_BIN_EXE_ae-tui"), " --pace 60\n"));
    session.wait_for_words("latent space");
    for round in 0..3 {
        session.send("\x1a");
        session.wait_for_words("Stopped");
        // The shell echoes and obeys: the terminal is its own again.
        session.send(&format!("echo round-$(({round}+10))\n"));
        session.wait_for_words(&format!("round-{}", round + 10));
        session.send("clear; fg\n");
        // Drawn without a key, and keys work.
        session.wait_for("the dashboard", |screen| {
            screen.contains("latent space") && !screen.contains("ready>")
        });
        session.send("?");
        session.wait_for_words(HELP);
        session.send("\x1b");
        // Before the next key: Esc and a key at once are Alt and that key.
        session.wait_for("no help", |screen| !screen.contains(HELP));
    }
    session.send("\x03");
    session.wait_for_words("ready>");
    session.send("echo code-$?\n");
    session.wait_for_words("code-0");
    session.send("exit\n");
    session.wait_exit();
    session.assert_clean();
}

#[test]
#[cfg(target_os = "linux")]
fn a_dashboard_stopped_from_outside_comes_back_with_working_keys() {
    let folder = TempDir::new().unwrap();
    let modes = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let mut session = shell();
    session.send("stty sane\n");
    session.send(&format!(
        "cd {}; stty -a > before\n",
        folder.path().display()
    ));
    session.send(concat!(env!("CARGO_BIN_EXE_ae-tui"), " --pace 60\n"));
    session.wait_for_words("latent space");
    rustix::process::kill_process(session.only_child(), Signal::STOP).unwrap();
    session.wait_for_words("Stopped");
    session.send("stty sane; clear; fg\n");
    session.wait_for("the dashboard", |screen| {
        screen.contains("latent space") && !screen.contains("ready>")
    });
    session.send("?");
    session.wait_for_words(HELP);
    session.send("\x03");
    session.wait_for_words("ready>");
    session.send("stty -a > after; exit\n");
    session.wait_exit();
    assert_eq!(modes("before"), modes("after"));
}

#[test]
fn a_closed_window_ends_it_and_the_file_is_written() {
    // A session leader gets a signal; below a shell that ignores it, only the
    // terminal tells.
    for script in [
        r#"exec "$0" --save "$1""#,
        r#"trap "" HUP; "$0" --save "$1""#,
    ] {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("a.safetensors");
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_ae-tui")]);
        command.arg(&file);
        let mut session = Session::run(command, WINDOW);
        session.wait_for_words("latent space");
        session.hang_up();
        assert_eq!(session.wait_exit().exit_code(), 129, "{script}");
        ae_tui::store::weights::load(&file, None).unwrap();
    }
}

#[test]
fn a_terminal_that_reads_no_more_does_not_keep_a_signal_from_the_file() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("a.safetensors");
    let mut session = watched(&["--pace", "film", "--save", file.to_str().unwrap()]);
    session.pause_reading(true);
    // Whole new pictures, until the system keeps no more of them for the
    // terminal and the next frame has to wait.
    for _ in 0..60 {
        session.send("t");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    session.signal(Signal::TERM);
    assert_eq!(session.wait_status().exit_code(), 143);
    ae_tui::store::weights::load(&file, None).unwrap();
}

/// A run whose weights are in no file, left for the preset below.
fn leave_for_the_next_preset(session: &mut Session) {
    session.send("p");
    session.wait_for_words("2 numbers, wider layers");
    // To the last line, the preset, and one on.
    session.send("\x1b[F\x1b[C");
    session.wait_for_words("784-256-64-2");
    session.send("\r");
}

#[test]
fn a_preset_is_chosen_and_trains_on_the_same_screen() {
    let mut session = watched(&["--max-steps", "50", "--pace", "full"]);
    session.wait_for_words("finished");
    leave_for_the_next_preset(&mut session);
    let question = session.wait_for_words("restart without saving");
    assert!(question.contains("50 steps of training are in no file"));
    session.send("R");
    session.wait_for("the other preset's end", |screen| {
        screen.contains("map 784-256-64-2") && screen.contains("finished")
    });
    session.send("q");
    session.wait_for_words("leave?");
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
    let entered = String::from_utf8_lossy(&session.bytes())
        .matches("\x1b[?1049h")
        .count();
    assert_eq!(entered, 1, "the terminal was held throughout");
}

#[test]
fn a_rate_that_is_changed_on_the_way_is_an_edit_of_what_is_saved() {
    let folder = TempDir::new().unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
    command.args(["--epochs", "100"]);
    command.cwd(folder.path());
    let mut session = Session::run(command, WINDOW);
    session.wait_for_words("784 p");
    session.send("p");
    session.wait_for_words("hold from the next step");
    session.send("\x1b[H0.004");
    session.wait_for_words("rate .001 > .004");
    // It pauses after it has heard of the change.
    session.send("\r ");
    session.wait_for_words("paused");
    session.send("s");
    session.wait_for_words("ae-tui-article-step");
    let file = fs::read_dir(folder.path()).unwrap().next().unwrap();
    let saved = ae_tui::store::weights::load(&file.unwrap().path(), None).unwrap();
    let about = saved.about.unwrap();
    let edits = about.recipe.unwrap().edits;
    let changes: Vec<_> = edits.iter().map(|edit| edit.change).collect();
    assert_eq!(changes, [Change::LearningRate(0.004)]);
    assert!(edits[0].step <= about.step.unwrap());
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn a_branch_leaves_the_run_and_leads_back_to_it() {
    let folder = TempDir::new().unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
    command.args(["--max-steps", "50", "--pace", "full"]);
    command.cwd(folder.path());
    let mut session = Session::run(command, WINDOW);
    session.wait_for_words("finished");
    session.send("B");
    session.wait_for_words("a new one, here");
    session.send("\r");
    session.wait_for_words("Branches at step 50: nothing changed");
    session.send("\r");
    session.wait_for_words("branch 2/2");
    session.wait_for_words("finished");
    session.send("s");
    session.wait_for_words("ae-tui-article-step0000050-b2.safetensors");
    session.send("Bj");
    session.wait_for_words("Looks at run 1 as it was left, at step 50");
    session.send("\r");
    session.wait_for_words("run 1/2");
    session.send("s");
    session.wait_for_words("ae-tui-article-step0000050.safetensors");
    let net = |name: &str| {
        let saved = ae_tui::store::weights::load(&folder.path().join(name), None);
        saved.unwrap().net
    };
    let [one, two] =
        ["", "-b2"].map(|branch| net(&format!("ae-tui-article-step0000050{branch}.safetensors")));
    assert_eq!(one, two);
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn what_is_saved_is_left_for_another_run_without_a_question() {
    let folder = TempDir::new().unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
    command.args(["--max-steps", "50", "--pace", "full"]);
    command.cwd(folder.path());
    let mut session = Session::run(command, WINDOW);
    session.wait_for_words("finished");
    session.send("s");
    session.wait_for_words("ae-tui-article-step0000050.safetensors");
    leave_for_the_next_preset(&mut session);
    session.wait_for("the other preset's end", |screen| {
        screen.contains("map 784-256-64-2") && screen.contains("finished")
    });
    session.send("s");
    session.wait_for_words("ae-tui-map-step0000050.safetensors");
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn weights_that_find_no_place_are_saved_under_a_name_that_is_typed() {
    let (here, there) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
    command.args(["--max-steps", "50", "--pace", "full"]);
    command.cwd(here.path());
    let mut session = Session::run(command, WINDOW);
    session.wait_for_words("finished");
    here.close().unwrap();
    session.send("s");
    session.wait_for_words("save where?");
    let file = there.path().join("digits.safetensors");
    // A slip first: the name stays, to be mended.
    session.send("/no/folder\r");
    session.wait_for_words("there is no folder /no");
    session.send(&"\x7f".repeat(10));
    session.send(file.to_str().unwrap());
    session.wait_for_words("digits.safetensors_");
    session.send("\r");
    session.wait_for_words("saved ");
    assert!(ae_tui::store::weights::load(&file, None).is_ok());
    // A folder will do as well.
    session.send("s");
    session.wait_for_words("save where?");
    session.send(there.path().to_str().unwrap());
    session.send("\rq");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
    let name = "ae-tui-article-step0000050.safetensors";
    assert!(there.path().join(name).exists());
}

#[test]
fn a_restart_leaves_both_runs_in_the_log_and_the_last_in_the_file() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, log) = (path("a.safetensors"), path("a.jsonl"));
    let mut session = watched(&["--max-steps", "50", "--save", &file, "--metrics", &log]);
    session.wait_for_words("finished");
    // The same network from another seed, whose weights replace the file's.
    session.send("R");
    session.wait_for_words("seed 33");
    session.send("j\r");
    session.wait_for_words("The next run's --save replaces");
    session.send("R");
    let seed = || {
        let saved = ae_tui::store::weights::load(file.as_ref(), None);
        saved
            .unwrap()
            .about
            .unwrap()
            .recipe
            .map(|recipe| recipe.seed)
    };
    session.wait_for("the second run's end", |_| seed() == Some(33));
    session.signal(Signal::TERM);
    assert_eq!(session.wait_exit().exit_code(), 143);
    session.assert_clean();
    assert_eq!(seed(), Some(33));
    let records = fs::read_to_string(&log).unwrap();
    let events: Vec<&str> = records
        .lines()
        .filter_map(|line| line.split('"').nth(3))
        .filter(|event| ["start", "end"].contains(event))
        .collect();
    assert_eq!(events, ["start", "end", "start", "end"]);
}

#[test]
#[cfg(debug_assertions)]
fn panics_are_handled_in_a_second_run_as_in_the_first() {
    // The first run does not come that far; the second is told to.
    let fault = [("AE_TUI_FAULT", "panic:ui@1000")];
    let arguments = ["--max-steps", "50", "--pace", "full"];
    let mut session = Session::start_with(&arguments, WINDOW, &fault);
    session.wait_for_words("finished");
    leave_for_the_next_preset(&mut session);
    session.wait_for_words("restart without saving");
    session.send("R");
    session.wait_for("the second run's end", |screen| {
        screen.contains("map 784-256-64-2") && screen.contains("finished")
    });
    session.send(":2e\r");
    assert_eq!(session.wait_exit().exit_code(), 101);
    session.assert_clean();

    let fault = [("AE_TUI_FAULT", "panic:trainer@20")];
    let mut session = Session::start_with(&arguments, WINDOW, &fault);
    session.wait_for_words("stopped unexpectedly");
    leave_for_the_next_preset(&mut session);
    session.wait_for_words("restart without saving");
    session.send("R");
    session.wait_for("the second trainer's end", |screen| {
        screen.contains("map 784-256-64-2") && screen.contains("stopped unexpectedly")
    });
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 1);
    session.assert_clean();
    assert!(session.screen().contains("error: "), "{}", session.screen());
}
