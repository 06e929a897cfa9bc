//! A run that somebody else trains, in lines: as they come, until it ends.

use std::{
    io::{self, ErrorKind, Write},
    thread::sleep,
    time::Duration,
};

use super::words;
use crate::{
    message::{Scalar, Writer},
    store::follow::{FileNews, RunFollower, ScalarFollower},
};

/// How often the files are looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// What is written of a run that is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A line for each epoch, for people.
    Epochs,
    /// The records as they stand in the log.
    Records,
}

/// Follows a run until it ends, its writer seems dead, a signal comes, or whoever reads the
/// lines leaves. What became of its writer, unless somebody left before.
///
/// # Errors
///
/// When the lines cannot be written.
pub fn follow(
    run: RunFollower,
    form: Form,
    signal: &dyn Fn() -> Option<i32>,
) -> io::Result<Option<Writer>> {
    let mut run = run.log_alone();
    let file = run.file();
    say(&words::of_run(&file.recipe, &file.data));
    attend(form, "waiting for the end of an epoch", signal, || {
        let heard = run.poll();
        for words in &heard.remarks {
            say(&format!("warning: {words}"));
        }
        if heard.back_to == Some(0) {
            say("the log begins anew");
        }
        let lines = match form {
            Form::Epochs => {
                // It may have been edited.
                let recipe = &run.file().recipe;
                let epoch = |epoch| words::of_epoch(epoch, recipe.epochs, recipe.price());
                heard.epochs.iter().map(epoch).collect()
            }
            Form::Records => heard.lines,
        };
        let is_other = heard.file == Some(FileNews::OtherRun);
        Brought {
            lines,
            tells: !heard.epochs.is_empty(),
            more: heard.more,
            leaves: is_other.then_some("another run is being written there"),
            writer: run.writer(),
        }
    })
}

/// Follows numbers until their writer says that it is at its end or seems dead, a signal comes,
/// or whoever reads the lines leaves. What became of the writer, unless somebody left before.
///
/// # Errors
///
/// When the lines cannot be written.
pub fn follow_scalars(
    mut follower: ScalarFollower,
    form: Form,
    signal: &dyn Fn() -> Option<i32>,
) -> io::Result<Option<Writer>> {
    let waits = "waiting for a first number; a log without steps has it after an epoch";
    attend(form, waits, signal, || {
        let heard = follower.poll();
        for words in &heard.scalars.remarks {
            say(&format!("warning: {words}"));
        }
        let scalars = &heard.scalars.scalars;
        let lines = match form {
            Form::Epochs => words::of_scalars(scalars),
            // Event files have no lines of their own.
            Form::Records if heard.lines.is_empty() => scalars.iter().map(record).collect(),
            Form::Records => heard.lines,
        };
        Brought {
            lines,
            tells: !scalars.is_empty(),
            more: heard.more,
            leaves: None,
            writer: follower.writer(),
        }
    })
}

fn record(Scalar { tag, step, value }: &Scalar) -> String {
    serde_json::json!({"tag": tag, "step": step, "value": value}).to_string()
}

/// What a look at the files has brought.
struct Brought {
    /// What is written of it.
    lines: Vec<String>,
    /// Whether what is waited for has come.
    tells: bool,
    /// Whether there is more already.
    more: bool,
    /// Why it is followed no further, if it is not.
    leaves: Option<&'static str>,
    writer: Writer,
}

/// Looks at the files again and again, and writes what comes. What became of the writer, unless
/// somebody left before.
fn attend(
    form: Form,
    waiting: &str,
    signal: &dyn Fn() -> Option<i32>,
    mut look: impl FnMut() -> Brought,
) -> io::Result<Option<Writer>> {
    let mut waits = form == Form::Epochs;
    loop {
        let brought = look();
        waits &= !brought.tells;
        match write(&brought.lines) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(None),
            written => written?,
        }
        if let Some(why) = brought.leaves {
            say(why);
            return Ok(None);
        }
        if !brought.more && !matches!(brought.writer, Writer::Writes(_)) {
            return Ok(Some(brought.writer));
        }
        if signal().is_some() {
            return Ok(None);
        }
        if !brought.more {
            if std::mem::take(&mut waits) {
                say(waiting);
            }
            sleep(LOOK_AGAIN);
        }
    }
}

/// Writes lines of results, at once.
fn write(lines: &[String]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// All other words. Where standard error is closed nobody is told.
fn say(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
}
