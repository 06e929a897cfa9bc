//! The end of a run: the last words, and what becomes of the exit code.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use anyhow::{Context, anyhow};

use super::{
    End,
    again::{self, Sources},
    tell,
};
use crate::{
    observe::Outcome,
    ui::{app::Exit, terminal},
    words::shown,
};

/// The words left on the shell's screen after the dashboard's.
///
/// `sources` has what the run came from, if there was one. A screen that broke off is an error, unless the signal that took the
/// terminal away tells the same.
pub(super) fn after_the_screen(
    left: io::Result<Exit>,
    outcome: Outcome,
    sources: Option<&Sources>,
    signal: &dyn Fn() -> Option<i32>,
) -> anyhow::Result<Outcome> {
    if signal().is_none() {
        left.context("the terminal can no longer be used")?;
        // Done is done, whether anybody hears of it or not. After a signal the
        // terminal may have stalled, and words would keep the program from its end.
        let _ = say_farewell(&outcome, sources);
    }
    Ok(outcome)
}

fn say_farewell(outcome: &Outcome, sources: Option<&Sources>) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(farewell(outcome, sources).as_bytes())?;
    out.flush()
}

/// What the run came to, where it is saved or how it would be, and how it is made again.
fn farewell(outcome: &Outcome, sources: Option<&Sources>) -> String {
    let mut lines = String::new();
    if let Some(mut result) = outcome.result() {
        let rivals = [
            outcome
                .components
                .map(|pca| format!("PCA-{} has {:.4}", pca.count, pca.loss)),
            outcome
                .mean_image
                .map(|mean| format!("the mean image has {mean:.4}")),
        ];
        for rival in rivals.into_iter().flatten() {
            let _ = write!(result, "; {rival}");
        }
        lines = result + "\n";
    }
    if let Some(path) = &outcome.kept.saved {
        let _ = writeln!(lines, "saved {}", shown(path));
    }
    if let Some(spared) = &outcome.kept.spared {
        let _ = writeln!(lines, "{spared}");
    }
    let Some(sources) = sources.filter(|_| outcome.kept.ran.is_some()) else {
        return lines;
    };
    if outcome.kept.saved.is_none() && outcome.kept.run.is_none() {
        lines += "not saved; --run DIR keeps a run, --save FILE its last weights\n";
    }
    for line in kept(outcome, sources) {
        let _ = writeln!(lines, "{line}");
    }
    if let (None, Some(ran)) = (&outcome.kept.run, &outcome.kept.ran) {
        let again = again::of_recipe(&ran.recipe, ran.stopped_at, sources);
        let again = again
            .unwrap_or_else(|why| format!("no: {why}; what --run DIR keeps can be made again"));
        let _ = writeln!(lines, "this run again: {again}");
    }
    lines
}

/// Where a run is kept, how it goes on, and how it is made again.
pub(super) fn kept(outcome: &Outcome, sources: &Sources) -> Vec<String> {
    let (Some(folder), Some(ran)) = (&outcome.kept.run, &outcome.kept.ran) else {
        return Vec::new();
    };
    let resume = again::resuming(folder, ran, sources);
    let again = again::of_folder(folder, ran.stopped_at, sources);
    vec![
        format!("kept in {}; to go on: {resume}", shown(folder)),
        format!("this run again: {again}"),
    ]
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
        .or(outcome.kept.run_error.as_ref())
        .or(outcome.kept.metrics_error.as_ref())
    {
        let place =
            terminal::take_message().map_or_else(String::new, |place| format!(" ({place})"));
        return Some(anyhow!("{error}{place}"));
    }
    // A thread whose end nobody noticed.
    terminal::take_message()
        .map(|place| anyhow!("part of the program stopped unexpectedly: {place}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::Reading, store::folder::ReadFrom};
    use crate::{
        message::Components,
        recipe::{Preset, Recipe},
        store::keeper::{Kept, Ran},
    };

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
            farewell(&outcome, None),
            "held-out loss 0.2500 after 1 step; the mean image has 0.2632\nsaved a[2Jb\n"
        );
        assert_eq!(farewell(&Outcome::default(), Some(&Sources::default())), "");
    }

    #[test]
    fn a_run_leaves_three_lines() {
        let of = |run: Option<&str>, stopped_at| Outcome {
            step: 70,
            held_out: Some(0.25),
            mean_image: Some(0.2632),
            components: Some(Components {
                count: 2,
                loss: 0.23,
            }),
            kept: Kept {
                run: run.map(Into::into),
                ran: Some(Ran {
                    recipe: Recipe::preset(Preset::Vae),
                    stopped_at,
                }),
                ..Kept::default()
            },
            ..Outcome::default()
        };
        let sources = Sources {
            data: Some(ReadFrom {
                path: "fashion".into(),
                reading: Reading::default(),
            }),
            ..Sources::default()
        };
        assert_eq!(
            farewell(&of(None, Some(70)), Some(&sources)),
            "held-out loss 0.2500 after 70 steps; PCA-2 has 0.2300; the mean image has 0.2632\n\
             not saved; --run DIR keeps a run, --save FILE its last weights\n\
             this run again: ae-tui train --preset vae --max-steps 70 --data fashion\n"
        );
        assert_eq!(
            farewell(&of(Some("runs/a"), None), Some(&sources)),
            "held-out loss 0.2500 after 70 steps; PCA-2 has 0.2300; the mean image has 0.2632\n\
             kept in runs/a; to go on: ae-tui train --resume runs/a --epochs 20 --data fashion\n\
             this run again: ae-tui train --config runs/a/run.toml --data fashion\n"
        );
    }
}
