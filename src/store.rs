//! Files that a run leaves behind, and reads again: weights, and metrics.
//!
//! A save is whole or absent, a wrong file is refused with its name and the
//! reason. This module knows bytes and folders; it may not know threads, the
//! screen, or why anybody saves.

pub mod atomic;
pub mod checkpoint;
mod disk;
pub mod events;
pub mod folder;
pub mod follow;
pub mod keeper;
pub mod metrics;
pub mod weights;

use std::{
    io::{Error, ErrorKind},
    path::{Path, PathBuf},
};

use folder::RunFault;
use thiserror::Error;
use weights::{Fault, MOST_NUMBERS};

use crate::words::{printable, shown, unnumbered};

/// Why a file was not written or not read, in one line: which, why, and what helps.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The system refused to write.
    #[error("cannot write {}: {}; {}", shown(path), unnumbered(&reason.to_string()), cure(reason))]
    Write {
        /// The file asked for.
        path: PathBuf,
        /// What the system says.
        reason: Error,
    },
    /// A file is to be written where a folder is.
    #[error("cannot write {}: it is a folder; name a file in it", shown(path))]
    IsFolder {
        /// The file asked for.
        path: PathBuf,
    },
    /// The folder to write into is missing.
    #[error(
        "cannot write {}: there is no folder {}; create it or name another",
        shown(path),
        shown(folder)
    )]
    NoFolder {
        /// The file asked for.
        path: PathBuf,
        /// The folder it would stand in.
        folder: PathBuf,
    },
    /// The file is there and may not be changed.
    #[error(
        "cannot write {}: it is read-only; make it writable or name another file",
        shown(path)
    )]
    ReadOnly {
        /// The file asked for.
        path: PathBuf,
    },
    /// The file is there, and belongs to somebody who lets us not change it.
    #[error(
        "cannot write {}: you may not write to this file; name another file, or have its owner allow it",
        shown(path)
    )]
    Forbidden {
        /// The file asked for.
        path: PathBuf,
    },
    /// A pipe, a socket, a disk, a terminal.
    #[error("cannot write {}: it is {kind}; name a file", shown(path))]
    NotAFile {
        /// The file asked for.
        path: PathBuf,
        /// What it is, with its article.
        kind: &'static str,
    },
    /// There is a log, and nobody said what becomes of it.
    #[error(
        "{} is not empty; --append writes after what is there, --replace empties it first",
        shown(path)
    )]
    LogExists {
        /// The file asked for.
        path: PathBuf,
    },
    /// The file that a log was to follow or replace is no log.
    #[error(
        "{} is no text, so no log is written there; give the log a name of its own",
        shown(path)
    )]
    NotText {
        /// The file asked for.
        path: PathBuf,
    },
    /// Every numbered name is taken.
    #[error(
        "cannot write {}: it and its numbered names are taken; move some of them",
        shown(path)
    )]
    NamesTaken {
        /// The first name tried.
        path: PathBuf,
    },
    /// The weights hold NaN or an infinity; such are never written.
    #[error("the weights are not finite and were not saved; train with a smaller --learning-rate")]
    NotFinite,
    /// The weights would not be read back.
    #[error(
        "the weights of {architecture} take {mebibytes} MiB, and files at most {}; use smaller layers",
        MOST_NUMBERS >> 20
    )]
    TooLarge {
        /// Layer sizes of the network.
        architecture: String,
        /// What it takes.
        mebibytes: u128,
    },
    /// A file is not the weights it should be.
    #[error("cannot use {}: {fault}", shown(path))]
    NotWeights {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: Fault,
    },
    /// A folder cannot be the run's.
    #[error("cannot use {}: {fault}", shown(path))]
    NotRun {
        /// The folder, or a file in it.
        path: PathBuf,
        /// What is wrong with it.
        fault: RunFault,
    },
    /// Whoever read the metrics went away. Nothing failed: it is the end of the log.
    #[error("nobody reads the metrics any more; the run needs no log to go on")]
    ReaderGone,
}

impl StoreError {
    fn write(path: &Path, reason: Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            reason,
        }
    }

    /// A folder could not be made.
    pub(crate) fn folder(path: &Path, reason: Error) -> Self {
        let above = path.parent().filter(|above| !above.as_os_str().is_empty());
        match above {
            _ if path.exists() && !path.is_dir() => Self::not_run(path, RunFault::NotAFolder),
            Some(above) if reason.kind() == ErrorKind::NotFound && !above.is_dir() => {
                Self::NoFolder {
                    path: path.to_owned(),
                    folder: above.to_owned(),
                }
            }
            _ => Self::write(path, reason),
        }
    }

    fn not_run(path: &Path, fault: RunFault) -> Self {
        Self::NotRun {
            path: path.to_owned(),
            fault,
        }
    }

    fn not_weights(path: &Path, fault: Fault) -> Self {
        Self::NotWeights {
            path: path.to_owned(),
            fault,
        }
    }
}

/// Refuses the name of a folder that something else has.
///
/// # Errors
/// [`StoreError::NotRun`].
pub fn check_folder(path: &Path) -> Result<(), StoreError> {
    if path.exists() && !path.is_dir() {
        return Err(StoreError::not_run(path, RunFault::NotAFolder));
    }
    Ok(())
}

/// What helps against a refusal of the system.
fn cure(reason: &Error) -> &'static str {
    match reason.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "name a folder you may write to"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "free some space or name a file on another disk"
        }
        ErrorKind::FileTooLarge => "raise the limit on file sizes or name another disk",
        ErrorKind::InvalidFilename => "shorten the name",
        _ => "name another file",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_whatever_the_path_holds() {
        let path = PathBuf::from("a\n\u{1b}]52;c;AAAA\u{7}\u{202e}b");
        let words = StoreError::IsFolder { path }.to_string();
        assert_eq!(
            words,
            "cannot write a]52;c;AAAAb: it is a folder; name a file in it"
        );
    }
}
