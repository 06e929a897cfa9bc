//! The end of a run: the last words, and what becomes of the exit code.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use anyhow::{Context, anyhow};

use super::{End, tell};
use crate::{
    observe::Outcome,
    ui::{app::Exit, terminal},
    words::shown,
};

/// The words left on the shell's screen after the dashboard's.
///
/// A screen that broke off is an error, unless the signal that took the
/// terminal away tells the same.
pub(super) fn after_the_screen(
    left: io::Result<Exit>,
    outcome: Outcome,
    signal: &dyn Fn() -> Option<i32>,
) -> anyhow::Result<Outcome> {
    if signal().is_none() {
        left.context("the terminal can no longer be used")?;
        // Done is done, whether anybody hears of it or not. After a signal the
        // terminal may have stalled, and words would keep the program from its end.
        let _ = say_farewell(&outcome);
    }
    Ok(outcome)
}

fn say_farewell(outcome: &Outcome) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(farewell(outcome).as_bytes())?;
    out.flush()
}

/// What the run came to, and where it is saved.
fn farewell(outcome: &Outcome) -> String {
    let mut lines = String::new();
    if let Some(mut result) = outcome.result() {
        if let Some(mean) = outcome.mean_image {
            let _ = write!(result, "; the mean image has {mean:.4}");
        }
        lines = result + "\n";
    }
    if let Some(path) = &outcome.kept.saved {
        let _ = writeln!(lines, "saved {}", shown(path));
    }
    if let Some(spared) = &outcome.kept.spared {
        let _ = writeln!(lines, "{spared}");
    }
    lines
}

/// Done, ended by a signal, or failed: the first that is true of the outcome.
///
/// # Errors
///
/// Why the training failed, or a file was not written.
pub(super) fn conclude(outcome: &Outcome, signal: Option<i32>) -> anyhow::Result<End> {
    match (fault(outcome), signal) {
        (None, None) => Ok(End::Done),
        (None, Some(number)) => Ok(End::Signal(number)),
        (Some(fault), None) => Err(fault),
        (Some(fault), Some(number)) => {
            tell(&format!("error: {fault:#}"));
            Ok(End::Signal(number))
        }
    }
}

/// Forgets what a run that another follows died of: it was on the screen, and
/// the exit code tells of the last run.
pub(super) fn leave_behind(outcome: &Outcome) {
    if outcome.failure.is_some() {
        let _ = terminal::take_message();
    }
}

fn fault(outcome: &Outcome) -> Option<anyhow::Error> {
    if let Some(failure) = &outcome.failure {
        let place =
            terminal::take_message().map_or_else(String::new, |place| format!(" ({place})"));
        return Some(anyhow!("{failure}{place}; {}", failure.advice()));
    }
    if let Some(error) = outcome
        .kept
        .save_error
        .as_ref()
        .or(outcome.kept.metrics_error.as_ref())
    {
        return Some(anyhow!("{error}"));
    }
    // A thread whose end nobody noticed.
    terminal::take_message()
        .map(|place| anyhow!("part of the program stopped unexpectedly: {place}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::keeper::Kept;

    #[test]
    fn the_last_words_count_right_and_move_no_cursor() {
        let outcome = Outcome {
            step: 1,
            held_out: Some(0.25),
            mean_image: Some(0.2632),
            kept: Kept {
                saved: Some("a\u{1b}[2J\nb".into()),
                ..Kept::default()
            },
            ..Outcome::default()
        };
        assert_eq!(
            farewell(&outcome),
            "held-out loss 0.2500 after 1 step; the mean image has 0.2632\nsaved a[2Jb\n"
        );
        assert_eq!(farewell(&Outcome::default()), "");
    }
}
