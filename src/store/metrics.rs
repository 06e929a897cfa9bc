//! The log of a run: one JSON object a line.
//!
//! A line is one record, written whole. This module knows the names of the
//! fields, once; it may not know when a record is due.

mod cut;
mod last;
mod logged;
mod older;
mod record;
mod standard;

use std::{
    fmt::{self, Debug, Formatter},
    fs::OpenOptions,
    io::{self, BufWriter, ErrorKind, Write},
    num::NonZero,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use serde::Serialize;

pub use cut::cut;
pub use last::last_held_out;
pub use logged::Logged;
pub use record::{BranchRecord, EndStatus, EpochRecord, Record, ResumeRecord, StartRecord};

use super::{StoreError, atomic, disk};

/// Room for unwritten lines; a thousand steps fit.
const BUFFER: usize = 64 * 1024;

/// Lines are handed to the system this often, so that whoever follows the log
/// is never far behind; more often would cost a run of thousands of steps a second.
const FLUSH_EVERY: Duration = Duration::from_millis(250);

/// Where the log goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetricsTarget {
    /// Standard output, for a program that reads along.
    Stdout,
    /// A file, or what has the name of one: a pipe, a device.
    File(PathBuf),
}

impl MetricsTarget {
    /// The target of this name on the command line: `-` is standard output, and so
    /// is any other name for what that is, such as `/dev/stdout`.
    pub fn named(name: &Path) -> Self {
        if name == Path::new("-") || standard::is_output(name) {
            Self::Stdout
        } else {
            Self::File(name.to_owned())
        }
    }
}

/// What becomes of a log that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Older {
    /// It stays, and no other is written.
    Keep,
    /// The new log follows it in the same file.
    Append,
    /// The new log takes its place.
    Replace,
}

/// What is logged, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metrics {
    /// Where the log goes.
    pub target: MetricsTarget,
    /// What becomes of the records that are there.
    pub older: Older,
    /// Log each step whose number this divides; `None` logs epochs only.
    pub every: Option<NonZero<u64>>,
}

/// A log that is being written.
pub struct MetricsLog {
    out: BufWriter<Box<dyn Write + Send>>,
    metrics: Metrics,
    /// The file as it was found, until the first record is written.
    older: Option<older::File>,
    /// When the lines were last handed to the system.
    flushed: Option<Instant>,
}

impl MetricsLog {
    /// Opens a log. A file is not changed before the first record, so that a
    /// run that never begins has cost nothing. A pipe without a reader is waited for.
    ///
    /// # Errors
    /// [`StoreError::LogExists`] where an older log is to be kept, and whatever
    /// the system refuses: a missing folder, a folder of that name.
    pub fn create(metrics: Metrics) -> Result<Self, StoreError> {
        let path = match &metrics.target {
            MetricsTarget::Stdout => return Ok(Self::over(Box::new(io::stdout()), metrics)),
            MetricsTarget::File(path) => path,
        };
        if path.is_dir() {
            return Err(StoreError::IsFolder { path: path.clone() });
        }
        atomic::check_not_protected(path)?;
        let refused = |reason| StoreError::write(path, reason);
        // To append, so that nothing is overwritten even if somebody else writes there too.
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        let file = disk::open(&options, path).map_err(refused)?;
        let older = older::File::find(path, &file, metrics.older)?;
        Ok(Self {
            older,
            ..Self::over(Box::new(disk::Written::to(file, path)), metrics)
        })
    }

    fn over(out: Box<dyn Write + Send>, metrics: Metrics) -> Self {
        Self {
            out: BufWriter::with_capacity(BUFFER, out),
            metrics,
            older: None,
            flushed: None,
        }
    }

    /// When waiting lines should go out at the latest, if there are any.
    pub fn due(&self) -> Option<Instant> {
        let flushed = self.flushed?;
        (!self.out.buffer().is_empty()).then_some(flushed + FLUSH_EVERY)
    }

    /// Lets waiting lines out if it is time, by the clock of whoever writes.
    ///
    /// # Errors
    /// As for [`write`](Self::write).
    pub fn tick(&mut self, now: Instant) -> Result<(), StoreError> {
        if self.out.buffer().is_empty() || self.due().is_some_and(|due| now < due) {
            return Ok(());
        }
        self.flushed = Some(now);
        self.let_out()
    }

    /// Lets waiting lines out now.
    ///
    /// # Errors
    /// As for [`write`](Self::write).
    pub fn let_out(&mut self) -> Result<(), StoreError> {
        self.out.flush().map_err(|reason| self.fault(reason))
    }

    /// Whether step number `step` is to be logged.
    pub fn wants_step(&self, step: u64) -> bool {
        self.metrics
            .every
            .is_some_and(|every| step.is_multiple_of(every.get()))
    }

    /// Writes `record` as one line; a step that the log does not want is left
    /// out. Steps may wait in memory until the next [`tick`](Self::tick); every
    /// other record goes out with them.
    ///
    /// # Errors
    /// [`StoreError::ReaderGone`] when whoever read the log has left, which is
    /// no fault; otherwise what the system refuses, such as a full disk.
    pub fn write(&mut self, record: &Record) -> Result<(), StoreError> {
        if let Record::Step { step, .. } = record
            && !self.wants_step(*step)
        {
            return Ok(());
        }
        self.put(record).map_err(|reason| self.fault(reason))
    }

    fn fault(&self, reason: io::Error) -> StoreError {
        match reason.kind() {
            ErrorKind::BrokenPipe => StoreError::ReaderGone,
            _ => StoreError::write(self.path(), reason),
        }
    }

    fn put(&mut self, record: &Record) -> io::Result<()> {
        if let Some(older) = self.older.take() {
            older.make_way()?;
        }
        let mut line = serde_json::to_vec(&Dated::now(record))?;
        line.push(b'\n');
        // In one piece: the buffer empties itself first if the line does not fit.
        self.out.write_all(&line)?;
        match record {
            Record::Step { .. } => Ok(()),
            _ => self.out.flush(),
        }
    }

    fn path(&self) -> &Path {
        match &self.metrics.target {
            MetricsTarget::Stdout => Path::new("standard output"),
            MetricsTarget::File(path) => path,
        }
    }
}

/// A record with the time of day at which it was written, but for steps: they are written by the
/// thousand, between two records that have it.
#[derive(Serialize)]
struct Dated<'a> {
    #[serde(flatten)]
    record: &'a Record,
    /// UTC, as RFC 3339 writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
}

impl<'a> Dated<'a> {
    fn now(record: &'a Record) -> Self {
        let time = match record {
            Record::Step { .. } => None,
            _ => Some(humantime::format_rfc3339_seconds(SystemTime::now()).to_string()),
        };
        Self { record, time }
    }
}

impl Debug for MetricsLog {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsLog")
            .field("metrics", &self.metrics)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
