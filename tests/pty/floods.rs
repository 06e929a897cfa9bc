//! A terminal that is not read, that changes its size all the time, and that reports its mouse
//! all the time.
//!
//! The ordinary command has these for a moment; with `AE_TUI_TEST_ALL=1` for twenty times as long.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{fmt::Write, fs};

use rustix::process::Signal;
use tempfile::TempDir;

use portable_pty::CommandBuilder;

use crate::{WINDOW, compare::images, session::Session};

/// A dashboard of a run on a few small images, in this folder, once it has something to show.
fn watched(folder: &TempDir, arguments: &[&str]) -> Session {
    images(folder);
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
    command.args(["--data", "x.npy", "--encoder", "8,2", "--batch-size", "20"]);
    command.args(arguments);
    command.cwd(folder.path());
    let mut session = Session::run(command, WINDOW);
    session.wait_for_words("144 p");
    session
}

/// How much more of everything there is than usually.
fn times() -> usize {
    let all = std::env::var_os("AE_TUI_TEST_ALL").is_some();
    if all { 20 } else { 1 }
}

/// The memory that the program has, in KiB. Only Linux tells.
#[cfg(target_os = "linux")]
fn memory(session: &Session) -> u64 {
    let path = format!("/proc/{}/status", session.pid().as_raw_nonzero());
    let status = fs::read_to_string(path).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.unwrap().trim().trim_end_matches(" kB");
    number.parse().unwrap()
}

/// How many steps a log has.
fn steps_in(log: &std::path::Path) -> usize {
    fs::read_to_string(log).map_or(0, |log| log.matches("\"event\":\"step\"").count())
}

#[test]
#[cfg(target_os = "linux")]
fn an_unread_terminal_costs_no_steps_and_no_memory_and_shows_the_truth_when_it_is_read() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log.jsonl");
    let mut session = watched(
        &folder,
        &[
            "--pace",
            "full",
            "--epochs",
            "100000",
            "--metrics",
            log.to_str().unwrap(),
            "--metrics-every",
            "10",
            "--memory",
            "8MiB",
        ],
    );
    session.wait_until("steps", |_| steps_in(&log) > 50);
    session.pause_reading(true);
    // Until the system keeps no more for the terminal, and the next frame waits.
    session.send(&"t".repeat(60));
    let before = steps_in(&log);
    session.wait_until("some hundred steps more", |_| steps_in(&log) > before + 30);
    let held = memory(&session);
    let long = before + 600 * times();
    session.wait_until("thousands of steps more", |_| steps_in(&log) > long);
    // The curve grows by a few bytes a step, and what is read of the images is read once.
    let more = memory(&session).saturating_sub(held);
    assert!(more < 32 * 1024, "{more} KiB more while nobody read");
    session.pause_reading(false);
    // It draws on, and what it shows is of now: keys that were pressed meanwhile are done.
    session.send("?");
    session.wait_for_words(crate::HELP);
    session.signal(Signal::TERM);
    assert_eq!(session.wait_exit().exit_code(), 143);
    session.assert_clean();
}

#[test]
fn a_storm_of_sizes_ends_with_a_screen_of_the_last() {
    const SIZES: [(u16, u16); 14] = [
        (0, 0),
        (1, 1),
        (0, 24),
        (80, 0),
        (65535, 1),
        (1, 65535),
        (2, 2),
        (500, 200),
        (59, 19),
        (60, 20),
        (200, 60),
        (120, 1),
        (1, 36),
        (80, 24),
    ];
    let folder = TempDir::new().unwrap();
    let mut session = watched(&folder, &["--pace", "1", "--epochs", "1000"]);
    for round in 0..5 * times() {
        for size in SIZES {
            session.window_is(size);
            if round % 2 == 0 {
                // Time to draw one, now and then; in the other rounds they come at once.
                session.send("t");
            }
        }
    }
    session.resize(WINDOW.0, WINDOW.1);
    session.wait_for_words("latent space");
    session.send("?");
    session.wait_for_words(crate::HELP);
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn a_size_that_no_window_has_is_survived_while_it_is_drawn() {
    for size in [(0, 0), (1, 1), (65535, 1), (1, 65535), (65535, 65535)] {
        let folder = TempDir::new().unwrap();
        let mut session = watched(&folder, &["--max-steps", "30", "--pace", "full"]);
        session.window_is(size);
        session.send("t?\x1b");
        // It answers, whatever that looks like.
        session.signal(Signal::TERM);
        assert_eq!(session.wait_exit().exit_code(), 143, "{size:?}");
        session.assert_clean();
    }
}

#[test]
fn a_flood_of_the_mouse_presses_no_key_and_keeps_none_from_being_heard() {
    let folder = TempDir::new().unwrap();
    let mut session = watched(&folder, &["--pace", "1", "--epochs", "1000"]);
    let mut reports = String::new();
    for number in 0..5_000 * times() {
        let (column, row) = (number * 7 % 130, number * 3 % 40);
        let button = [35, 32, 64, 65, 39][number % 5];
        write!(reports, "\x1b[<{button};{column};{row}M").unwrap();
    }
    reports += "\x1b[<0;0;0M\x1b[<0;65535;65535M\x1b[<0;99999999999999999999;1M\x1b[<;;M";
    for piece in reports.as_bytes().chunks(1 << 10) {
        session.send(std::str::from_utf8(piece).unwrap());
    }
    session.send("?");
    session.wait_for_words(crate::HELP);
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}
