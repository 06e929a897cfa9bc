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
    let mut waits = form == Form::Epochs;
    loop {
        let heard = run.poll();
        waits &= heard.epochs.is_empty();
        for words in &heard.remarks {
            say(&format!("warning: {words}"));
        }
        if heard.back_to == Some(0) {
            say("the log begins anew");
        }
        let written = match form {
            Form::Epochs => {
                // It may have been edited.
                let recipe = &run.file().recipe;
                let epoch = |epoch| words::of_epoch(epoch, recipe.epochs, recipe.price());
                write(heard.epochs.iter().map(epoch))
            }
            Form::Records => write(heard.lines.iter().map(String::clone)),
        };
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(None),
            written => written?,
        }
        if heard.file == Some(FileNews::OtherRun) {
            say("another run is being written there");
            return Ok(None);
        }
        let writer = run.writer();
        if !heard.more && !matches!(writer, Writer::Writes(_)) {
            return Ok(Some(writer));
        }
        if signal().is_some() {
            return Ok(None);
        }
        if !heard.more {
            if std::mem::take(&mut waits) {
                say("waiting for the end of an epoch");
            }
            sleep(LOOK_AGAIN);
        }
    }
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
    let mut waits = form == Form::Epochs;
    loop {
        let heard = follower.poll();
        waits &= heard.scalars.scalars.is_empty();
        for words in &heard.scalars.remarks {
            say(&format!("warning: {words}"));
        }
        let written = match form {
            Form::Epochs => write(words::of_scalars(&heard.scalars.scalars).into_iter()),
            // Event files have no lines of their own.
            Form::Records if heard.lines.is_empty() => {
                write(heard.scalars.scalars.iter().map(|scalar| {
                    let Scalar { tag, step, value } = scalar;
                    serde_json::json!({"tag": tag, "step": step, "value": value}).to_string()
                }))
            }
            Form::Records => write(heard.lines.iter().map(String::clone)),
        };
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(None),
            written => written?,
        }
        let writer = follower.writer();
        if !heard.more && !matches!(writer, Writer::Writes(_)) {
            return Ok(Some(writer));
        }
        if signal().is_some() {
            return Ok(None);
        }
        if !heard.more {
            if std::mem::take(&mut waits) {
                say("waiting for a first number; a log without steps has it after an epoch");
            }
            sleep(LOOK_AGAIN);
        }
    }
}

/// Writes lines of results, at once.
fn write(lines: impl Iterator<Item = String>) -> io::Result<()> {
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
