//! Every state of the dashboard against every way in which it can end: the terminal is given
//! back as it was.
//!
//! The ordinary command has each state and each ending once. All pairs take two minutes:
//! `AE_TUI_TEST_ALL=1 cargo test --test pty endings`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use portable_pty::CommandBuilder;
use rustix::process::{Signal, kill_process};

use tempfile::TempDir;

use crate::{HELP, WINDOW, compare::images, session::Session, shell};

/// Something that the dashboard can be in the middle of.
struct State {
    name: &'static str,
    arguments: &'static [&'static str],
    fault: &'static str,
    /// What is seen before the keys are pressed, what those are, and what is seen then.
    before: &'static str,
    keys: &'static str,
    seen: &'static str,
    /// Whether Esc leads back to where q is a key.
    is_over: bool,
    /// The code of an end that is asked for.
    code: u32,
}

impl State {
    const fn film(name: &'static str, keys: &'static str, seen: &'static str) -> Self {
        Self {
            name,
            arguments: &["--pace", "1", "--epochs", "1000"],
            fault: "",
            before: "144 p",
            keys,
            seen,
            is_over: false,
            code: 0,
        }
    }
}

const STATES: [State; 9] = [
    State {
        before: "",
        ..State::film("loading", "", "")
    },
    State::film("film", "", "latent space"),
    State::film("paused", " ", "paused"),
    State {
        arguments: &["--max-steps", "30", "--pace", "full"],
        before: "finished",
        ..State::film("past", "{", "step  0")
    },
    State::film("drawing", "gd", "draw here"),
    State {
        is_over: true,
        ..State::film("typing", "g", "go to sample")
    },
    State {
        is_over: true,
        ..State::film("help", "?", HELP)
    },
    State {
        arguments: &["--pace", "full", "--epochs", "1000"],
        fault: "panic:trainer@20",
        before: "stopped unexpectedly",
        code: 1,
        ..State::film("failed", "", "stopped unexpectedly")
    },
    State {
        arguments: &["--max-steps", "30", "--pace", "full"],
        before: "finished",
        ..State::film("finished", "", "finished")
    },
];

/// How it ends.
#[derive(Debug, Clone, Copy)]
enum Ending {
    /// With the key q, which asks where something is unsaved.
    Q,
    /// With the key Ctrl-C.
    CtrlC,
    /// With a signal, and the code that tells of it.
    Signal(Signal, u32),
    /// With the window.
    HangUp,
    /// With Ctrl-C, after two stops in a shell: by Ctrl-Z; and by a signal from outside, with
    /// the terminal set to its usual modes meanwhile.
    Stops,
}

const ENDINGS: [Ending; 8] = [
    Ending::Q,
    Ending::CtrlC,
    Ending::Signal(Signal::TERM, 143),
    Ending::Signal(Signal::INT, 130),
    Ending::Signal(Signal::HUP, 129),
    Ending::Signal(Signal::QUIT, 131),
    Ending::HangUp,
    Ending::Stops,
];

/// Brings a dashboard that was just started into the state.
fn reach(state: &State, session: &mut Session) {
    session.wait_until("the screen is taken", |session| {
        session.is_on_the_other_screen()
    });
    session.wait_for_words(state.before);
    session.send(state.keys);
    session.wait_for_words(state.seen);
}

/// A run on a few small images, which takes no time to begin.
const SMALL: [&str; 6] = ["--data", "x.npy", "--encoder", "8,2", "--batch-size", "20"];

fn check(state: &State, ending: Ending) {
    let whole = format!("{} and {ending:?}", state.name);
    if let Ending::Stops = ending {
        return check_stops(state);
    }
    let folder = TempDir::new().unwrap();
    images(&folder);
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
    command.args(SMALL.iter().chain(state.arguments));
    command.env("AE_TUI_FAULT", state.fault);
    command.cwd(folder.path());
    let mut session = Session::run(command, WINDOW);
    reach(state, &mut session);
    match ending {
        Ending::Q => {
            if state.is_over {
                session.send("\x1b");
                session.wait_for("nothing over it", |screen| !screen.contains(state.seen));
            }
            session.send("q");
            session.wait_for_end_or("leave?");
            if session.screen().contains("leave?") {
                session.send("q");
            }
            assert_eq!(session.wait_exit().exit_code(), state.code, "{whole}");
        }
        Ending::CtrlC => {
            session.send("\x03");
            assert_eq!(session.wait_exit().exit_code(), state.code, "{whole}");
        }
        Ending::Signal(signal, code) => {
            session.signal(signal);
            assert_eq!(session.wait_exit().exit_code(), code, "{whole}");
        }
        Ending::HangUp => {
            session.hang_up();
            // There is no terminal to look at any more.
            assert_eq!(session.wait_exit().exit_code(), 129, "{whole}");
            return;
        }
        Ending::Stops => unreachable!("checked above"),
    }
    session.assert_clean();
}

fn check_stops(state: &State) {
    let folder = TempDir::new().unwrap();
    images(&folder);
    let mut session = shell();
    session.send("stty sane; echo $((40+1)).\n");
    session.wait_for_words("41.");
    session.is_clean_now();
    let arguments = [&SMALL, state.arguments].concat().join(" ");
    session.send(&format!(
        "cd {}; AE_TUI_FAULT={} {} {arguments}\n",
        folder.path().display(),
        state.fault,
        env!("CARGO_BIN_EXE_ae-tui")
    ));
    reach(state, &mut session);
    for from_outside in [false, true] {
        if from_outside {
            // Not while the shell is still busy with what continued it.
            session.wait_until("the shell waits", Session::sleeps);
            kill_process(session.only_child(), Signal::STOP).unwrap();
        } else {
            session.send("\x1a");
        }
        let whole = format!("{}, stopped (from outside: {from_outside})", state.name);
        session.wait_for(&whole, |screen| screen.contains("Stopped"));
        session.send("stty sane; echo echo-$((40+2))-done\n");
        session.wait_for_words("echo-42-done");
        // Said with the end: what the terminal answers late would be read for the next command.
        let then = if from_outside { "; echo code-$?" } else { "" };
        session.send(&format!("clear; fg{then}\n"));
        session.wait_for(&format!("{whole} and continued"), |screen| {
            let is_drawn = screen.contains("ae-tui  Train") && !screen.contains("ready>");
            is_drawn && screen.contains(state.seen)
        });
    }
    session.send("\x03");
    session.wait_for(&format!("{}, ended", state.name), |screen| {
        screen.contains(&format!("code-{}", state.code)) && screen.contains("ready>")
    });
    session.send("\nexit\n");
    session.wait_exit();
    // The stop from outside could not be heard.
    session.assert_clean_after(1);
}

fn all() -> bool {
    std::env::var_os("AE_TUI_TEST_ALL").is_some()
}

/// Of all pairs those whose number this leaves as the rest of a division by two, so that two
/// tests share them.
fn check_half(half: usize) {
    let mut checked = 0;
    for (row, state) in STATES.iter().enumerate() {
        for (column, ending) in ENDINGS.into_iter().enumerate() {
            // Each state once, and each ending.
            let usual = column == (row + 3) % ENDINGS.len();
            if (usual || all()) && (row + column / 2) % 2 == half {
                check(state, ending);
                checked += 1;
            }
        }
    }
    assert!(checked > 2, "{checked} pairs");
}

#[test]
#[cfg(all(debug_assertions, target_os = "linux"))]
fn the_terminal_is_given_back_from_every_state_at_every_ending() {
    check_half(0);
}

#[test]
#[cfg(all(debug_assertions, target_os = "linux"))]
fn the_terminal_is_given_back_from_every_other_state_at_every_ending() {
    check_half(1);
}

#[test]
#[cfg(debug_assertions)]
fn a_thread_that_dies_leaves_a_terminal_that_can_be_left() {
    // Those that a run on the screen has, by their names; of the trainer and of the screen
    // itself there are tests of their own.
    for name in [
        "observer",
        "appraiser",
        "checkpoints",
        "signals",
        "crew",
        "visitor",
        // And once they are at work.
        "observer@30",
        "appraiser@5",
        "checkpoints@3",
    ] {
        let folder = TempDir::new().unwrap();
        images(&folder);
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
        command.args(SMALL);
        command.args(["--pace", "0.2", "--epochs", "1000", "--threads", "2"]);
        command.args(["--run", "kept", "--checkpoint-every", "1"]);
        command.env("AE_TUI_FAULT", format!("panic:thread:{name}"));
        let told = folder.path().join("told");
        command.env("AE_TUI_FAULT_TOLD", &told);
        command.cwd(folder.path());
        let mut session = Session::run(command, WINDOW);
        let run = folder.path().join("kept");
        let has_state = || ae_tui::store::folder::read(&run).is_ok_and(|found| found.step() > 0);
        if name.starts_with("observer") {
            // It is what writes, and what the screen shows is its.
            session.wait_for_end_or("stopped unexpectedly");
        } else {
            session.wait_until("a state is kept", |_| has_state());
            session.wait_for("some epochs", |screen| epoch(screen) > Some(5));
            // Into the past and back: the screen is alive.
            session.send("{");
            session.wait_for(&format!("the past without the {name}"), |screen| {
                screen.contains("◂ step")
            });
            session.send("}");
            session.wait_for("now again", |screen| !screen.contains("◂ step"));
        }
        session.wait_until("the fault", |_| told.exists());
        session.send("\x03");
        assert_eq!(session.wait_exit().exit_code(), 1, "{name}");
        session.assert_clean();
    }
}

/// The epoch that the header tells.
#[cfg(debug_assertions)]
fn epoch(screen: &str) -> Option<u32> {
    let (_, after) = screen.split_once("epoch")?;
    after.split_once('/')?.0.trim().parse().ok()
}

#[cfg(debug_assertions)]
const LIVE: [&str; 6] = ["compare", "--live", "article", "map", "--data", "x.npy"];

/// The screens beside a run's own, each with the thread that tells it what to show.
#[test]
#[cfg(debug_assertions)]
fn a_thread_that_dies_is_told_by_every_screen_that_waits_for_it() {
    let folder = TempDir::new().unwrap();
    images(&folder);
    for run in ["one", "other"] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ae-tui"));
        command.args([
            "--headless",
            "--data",
            "x.npy",
            "--epochs",
            "1",
            "--run",
            run,
        ]);
        let output = command.current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    for (words, thread) in [
        (&["compare", "one", "other"][..], "observer"),
        (&["watch", "one"], "observer"),
        (&["watch", "one"], "follower"),
        (&["watch", "one/metrics.jsonl"], "follower"),
        (&["train", "--data", "x.npy"], "trainer"),
        (&LIVE, "trainer"),
        (&LIVE, "pair"),
        (&["compare", "one", "other"], "observer@3"),
        (&LIVE, "pair@3"),
        (&["watch", "one"], "follower@3"),
        (&["watch", "one/metrics.jsonl"], "follower@3"),
    ] {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
        command.args(words);
        command.env("AE_TUI_FAULT", format!("panic:thread:{thread}"));
        command.cwd(folder.path());
        let mut session = Session::run(command, WINDOW);
        session.wait_for_words("stopped unexpectedly");
        session.send("\x03");
        assert_eq!(session.wait_exit().exit_code(), 1, "{words:?}, {thread}");
        session.assert_clean();
    }
}
