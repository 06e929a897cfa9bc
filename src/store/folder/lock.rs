//! Who writes a run. The system takes the lock from a process that is no more.

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use super::{LOCK, RunFault};
use crate::store::StoreError;

/// Leave to write a folder, as long as this lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    pub(super) fn of(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(LOCK);
        let refused = |reason| StoreError::write(&path, reason);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(refused)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::not_run(folder, RunFault::InUse)),
            Err(TryLockError::Error(reason)) => Err(refused(reason)),
        }
    }
}
