//! Who writes a run. The system takes the lock from a process that is no more.

use std::{
    fs::{File, TryLockError},
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use super::{LOCK, RunFault};
use crate::store::{StoreError, disk};

/// So long a process may take to end that was killed: with much memory to give back, and no
/// signal to wait for, it holds its lock for some moments more.
const ENDING: Duration = Duration::from_secs(1);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Leave to write a folder, as long as this lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    pub(super) fn of(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(LOCK);
        let refused = |reason| StoreError::write(&path, reason);
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        let file = disk::open(&options, &path).map_err(refused)?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if begun.elapsed() < ENDING => sleep(LOOK_AGAIN),
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::not_run(folder, RunFault::InUse));
                }
                Err(TryLockError::Error(reason)) => return Err(refused(reason)),
            }
        }
    }
}

/// Who holds the lock of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Hold {
    /// Somebody who writes it.
    Held,
    /// Nobody.
    Free,
    /// There is no lock, or none that tells.
    Unknown,
}

/// Whether somebody writes the folder just now. Nothing in it is changed by asking, and who
/// begins to write at the same moment tries again.
pub(in crate::store) fn hold_of(folder: &Path) -> Hold {
    let Ok(file) = File::open(folder.join(LOCK)) else {
        return Hold::Unknown;
    };
    match file.try_lock_shared() {
        Ok(()) => Hold::Free,
        Err(TryLockError::WouldBlock) => Hold::Held,
        Err(TryLockError::Error(_)) => Hold::Unknown,
    }
}

/// The same, where what cannot be known is no.
pub(super) fn is_held(folder: &Path) -> bool {
    hold_of(folder) == Hold::Held
}
