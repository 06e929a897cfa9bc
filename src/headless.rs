//! A run without a screen: a line for each epoch, and the files it leaves.
//!
//! Reads the trainer's events itself. It knows nothing of terminals beyond
//! whether a progress bar has a place on one.

mod bar;
mod watched;
mod words;

use std::{
    io::{self, ErrorKind, Write},
    sync::Arc,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::{
    data::Dataset,
    lens::{HeldOut, Lens},
    message::{Phase, Progress, Report},
    observe::{Outcome, cure_of_dead_units, dead_units},
    pool::Pool,
    recipe::Recipe,
    store::{
        StoreError,
        keeper::{Files, Keeper},
    },
    train::Handle,
    words::shown,
};
use bar::Bar;
pub use watched::{Form, follow, follow_scalars};

/// How often signals are looked for.
const LOOK_AROUND: Duration = Duration::from_millis(30);
/// How long the last report of a stopping trainer is waited for; then the one
/// before it has to do.
const FAREWELL: Duration = Duration::from_secs(2);

/// Where the epoch lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// Standard output.
    Stdout,
    /// Standard error: standard output is taken by the metrics.
    Stderr,
}

/// What is to be done with a run.
pub struct Run<'a> {
    /// Its recipe, which saved files tell.
    pub recipe: Recipe,
    /// What its images are called.
    pub data: String,
    /// Where it writes.
    pub files: Files,
    /// Where the lines go.
    pub lines: Lines,
    /// Who computes a last held-out loss.
    pub pool: Pool,
    /// The number of a signal that has arrived.
    pub signal: &'a dyn Fn() -> Option<i32>,
}

/// Watches a run to its end: all steps done, a failure, a signal, or the
/// departure of whoever read its lines, which is no failure.
///
/// # Errors
///
/// When the lines cannot be written; the weights have been saved all the same.
pub fn watch(mut run: Run, trainer: &Handle, events: &Receiver<Progress>) -> io::Result<Outcome> {
    let mut reader = Reader {
        bar: Bar::new(),
        data: None,
        last: None,
        known_dead: Vec::new(),
        outcome: Outcome::default(),
        output: Output::Open,
        keeper: Keeper::new(&run.recipe, std::mem::take(&mut run.files)),
        run,
    };
    reader.announce();
    loop {
        match events.recv_timeout(LOOK_AROUND) {
            Ok(event) => reader.take(event),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        reader.bar.tick();
        let fault = reader.keeper.tick(Instant::now());
        reader.look_after_log(fault);
        if reader.is_done() {
            break;
        }
    }
    trainer.stop();
    let deadline = Instant::now() + FAREWELL;
    while let Ok(event) = events.recv_deadline(deadline) {
        reader.take(event);
    }
    reader.finish()
}

struct Reader<'a> {
    run: Run<'a>,
    bar: Bar,
    data: Option<Arc<Dataset>>,
    last: Option<Report>,
    /// Dead code units that have been told of.
    known_dead: Vec<usize>,
    keeper: Keeper,
    outcome: Outcome,
    output: Output,
}

/// What has become of the lines.
enum Output {
    Open,
    /// Whoever read them has left.
    Left,
    /// They cannot be written.
    Broken(io::Error),
}

impl Reader<'_> {
    fn is_done(&self) -> bool {
        let finished = self
            .last
            .as_ref()
            .is_some_and(|report| report.phase == Phase::Finished);
        finished
            || self.outcome.failure.is_some()
            || !matches!(self.output, Output::Open)
            || (self.run.signal)().is_some()
    }

    fn announce(&mut self) {
        let words = words::of_run(&self.run.recipe, &self.run.data);
        self.say(&words);
    }

    fn take(&mut self, event: Progress) {
        self.keeper.absorb(&event);
        match event {
            Progress::Loaded(data) => self.data = Some(data),
            Progress::Report(report) => self.report(report),
            Progress::Failed(failure) => self.outcome.failure = Some(failure),
            // A trainer has no hearsay.
            Progress::Heard(_) | Progress::Writer(_) | Progress::Remark(_) => {}
        }
    }

    fn report(&mut self, report: Report) {
        let step = report.steps_done();
        self.bar.move_to(step, report.end);
        for epoch in &report.epochs {
            self.line(&words::of_epoch(
                epoch,
                self.run.recipe.epochs,
                self.run.recipe.price(),
            ));
            self.tell_of_dead_units(&epoch.dead_units);
        }
        self.last = Some(report);
    }

    /// Once for each unit, and again if it dies again.
    fn tell_of_dead_units(&mut self, dead: &[usize]) {
        let known = &self.known_dead;
        let new: Vec<usize> = dead
            .iter()
            .copied()
            .filter(|unit| !known.contains(unit))
            .collect();
        if !new.is_empty() {
            self.say(&dead_units(&new, cure_of_dead_units(&self.run.recipe)));
        }
        self.known_dead = dead.to_vec();
    }

    /// A reader of the metrics who has left ends the run, as a reader of the
    /// lines does; a full disk does not.
    fn look_after_log(&mut self, fault: Option<StoreError>) {
        match fault {
            None => {}
            Some(StoreError::ReaderGone) => self.output = Output::Left,
            Some(fault) => {
                self.say(&format!("warning: {fault}; training goes on without"));
            }
        }
    }

    fn finish(mut self) -> io::Result<Outcome> {
        self.bar.clear();
        let held_out = self.save();
        let fault = self.keeper.end(self.outcome.step, held_out);
        self.look_after_log(fault);
        if let Some(result) = self.outcome.result() {
            self.say(&result);
        }
        if let Some(path) = self.keeper.kept().saved.clone() {
            self.say(&format!("saved {}", shown(&path)));
        }
        if let Some(spared) = self.keeper.kept().spared.clone() {
            self.say(&spared.to_string());
        }
        match self.output {
            Output::Broken(error) => Err(error),
            Output::Open | Output::Left => Ok(Outcome {
                kept: self.keeper.into_kept(),
                ..self.outcome
            }),
        }
    }

    /// Measures the last weights, and writes them where they were asked for.
    /// Returns the last held-out loss and the step it was measured after, which may
    /// be that of the epoch before.
    fn save(&mut self) -> Option<(u64, HeldOut)> {
        let (Some(data), Some(report)) = (&self.data, &self.last) else {
            return None;
        };
        let snapshot = &report.snapshot;
        let recipe = report.recipe.as_of(snapshot.step);
        let last_epoch = self.keeper.last_epoch();
        let at_epoch_end = last_epoch.filter(|(step, _)| *step == snapshot.step);
        let held_out = match at_epoch_end {
            Some((_, held_out)) => Some(held_out),
            // Whoever sent a signal waits for the end, not for a number.
            None if (self.run.signal)().is_some() || snapshot.step == 0 => None,
            None => {
                let lens = Lens::new(&snapshot.net, &recipe, &self.run.pool);
                Some(lens.held_out(&data.test))
            }
        }
        // Finite weights may still be too large to compute with.
        .filter(|held_out| held_out.loss.is_finite());
        self.outcome.step = snapshot.step;
        self.outcome.measured(held_out, &recipe);
        let last_measured = held_out.map(|held_out| (snapshot.step, held_out));
        let last_measured = last_measured.or(last_epoch);
        // An error is kept, to be told at the end.
        let _ = self.keeper.save_result(snapshot, held_out);
        last_measured
    }

    /// A line of results.
    fn line(&mut self, words: &str) {
        if !matches!(self.output, Output::Open) {
            return;
        }
        let lines = self.run.lines;
        let written = self.bar.aside(|| match lines {
            // Each line at once: a pipe's reader wants it when it happens.
            Lines::Stdout => {
                let mut out = io::stdout().lock();
                writeln!(out, "{words}").and_then(|()| out.flush())
            }
            Lines::Stderr => writeln!(io::stderr(), "{words}"),
        });
        match (written, lines) {
            (Err(error), Lines::Stdout) if error.kind() == ErrorKind::BrokenPipe => {
                self.output = Output::Left;
            }
            (Err(error), Lines::Stdout) => self.output = Output::Broken(error),
            // On standard error the metrics still have their reader.
            (Ok(()), _) | (Err(_), Lines::Stderr) => {}
        }
    }

    /// All other words. Where standard error is closed nobody is told.
    fn say(&self, words: &str) {
        let _ = self.bar.aside(|| writeln!(io::stderr(), "{words}"));
    }
}
