//! The log of a run: one JSON object a line.
//!
//! A line is one record, written whole. This module knows the names of the
//! fields, once; it may not know when a record is due.

mod record;
mod standard;

use std::{
    fmt::{self, Debug, Formatter},
    fs::File,
    io::{self, BufWriter, ErrorKind, Write},
    num::NonZero,
    path::{Path, PathBuf},
};

pub use record::{EndStatus, EpochRecord, Record, StartRecord};

use super::StoreError;

/// Room for unwritten lines; a thousand steps fit.
const BUFFER: usize = 64 * 1024;

/// Where the log goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetricsTarget {
    /// Standard output, for a program that reads along.
    Stdout,
    /// A file, begun anew.
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

/// What is logged, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metrics {
    /// Where the log goes.
    pub target: MetricsTarget,
    /// Log each step whose number this divides; `None` logs epochs only.
    pub every: Option<NonZero<u64>>,
}

/// A log that is being written.
pub struct MetricsLog {
    out: BufWriter<Box<dyn Write + Send>>,
    metrics: Metrics,
}

impl MetricsLog {
    /// Begins a log, empty. A pipe without a reader is waited for.
    ///
    /// # Errors
    /// Whatever the system refuses: a missing folder, a folder of that name.
    pub fn create(metrics: Metrics) -> Result<Self, StoreError> {
        let out: Box<dyn Write + Send> = match &metrics.target {
            MetricsTarget::Stdout => Box::new(io::stdout()),
            MetricsTarget::File(path) => {
                if path.is_dir() {
                    return Err(StoreError::IsFolder { path: path.clone() });
                }
                let file = File::create(path).map_err(|reason| StoreError::write(path, reason))?;
                Box::new(file)
            }
        };
        Ok(Self::over(out, metrics))
    }

    fn over(out: Box<dyn Write + Send>, metrics: Metrics) -> Self {
        Self {
            out: BufWriter::with_capacity(BUFFER, out),
            metrics,
        }
    }

    /// Whether step number `step` is to be logged.
    pub fn wants_step(&self, step: u64) -> bool {
        self.metrics
            .every
            .is_some_and(|every| step.is_multiple_of(every.get()))
    }

    /// Writes `record` as one line; a step that the log does not want is left
    /// out. Steps may wait in memory; every other record goes out with them.
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
        self.put(record).map_err(|reason| match reason.kind() {
            ErrorKind::BrokenPipe => StoreError::ReaderGone,
            _ => StoreError::write(self.path(), reason),
        })
    }

    fn put(&mut self, record: &Record) -> io::Result<()> {
        let mut line = serde_json::to_vec(record)?;
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

impl Debug for MetricsLog {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsLog")
            .field("metrics", &self.metrics)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
