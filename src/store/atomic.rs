//! Writes a file whole or not at all.
//!
//! The bytes go into a temporary file in the target's own folder, down to the
//! disk, and only then take the name. Whoever looks at the name, at any moment
//! and after any crash, finds the old file, the new one, or none. This module
//! knows nothing of what the bytes mean.

mod target;
mod temporary;

use std::{
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use super::StoreError;
use target::Target;
use temporary::Temporary;

/// Names tried by [`write_new`] before it gives up.
const NUMBERED_NAMES: u32 = 10_000;

/// Writes `bytes` as the file `path`, replacing what was there.
///
/// A link keeps pointing where it points and its target is replaced; an old
/// file's permissions are kept, a new file has those the process gives to any
/// file. A device such as `/dev/null` takes the bytes as they come.
///
/// # Errors
/// A target that cannot be a file, and whatever the system refuses. The old
/// file is then still there, as it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let refused = |reason| StoreError::write(path, reason);
    match Target::of(path)? {
        Target::File { folder, file, mode } => {
            temporary::remove_orphans(&folder);
            let mut temporary = Temporary::create(&folder, mode).map_err(refused)?;
            temporary.fill(bytes).map_err(refused)?;
            temporary.replace(&file).map_err(refused)
        }
        Target::Device(mut device) => device.write_all(bytes).map_err(refused),
    }
}

/// Writes `bytes` as a file of a name that was free: `stem.extension` in
/// `folder`, else `stem-2.extension`, `stem-3.extension` and so on.
///
/// The name is taken by an operation of the system that fails when the name
/// exists, so that of two processes at the same moment each gets a name of its
/// own, and nothing is ever replaced.
///
/// # Errors
/// A missing folder, ten thousand taken names, and whatever the system refuses.
pub fn write_new(
    folder: &Path,
    stem: &str,
    extension: &str,
    bytes: &[u8],
) -> Result<PathBuf, StoreError> {
    let first = folder.join(format!("{stem}.{extension}"));
    let refused = |reason| StoreError::write(&first, reason);
    let real_folder = target::real_folder(&first, folder)?;
    temporary::remove_orphans(&real_folder);
    let mut temporary = Temporary::create(&real_folder, None).map_err(refused)?;
    temporary.fill(bytes).map_err(refused)?;
    for number in 1..=NUMBERED_NAMES {
        let name = match number {
            1 => format!("{stem}.{extension}"),
            _ => format!("{stem}-{number}.{extension}"),
        };
        match temporary.take_free_name(&real_folder.join(&name)) {
            Ok(()) => return Ok(folder.join(name)),
            Err(reason) if reason.kind() == ErrorKind::AlreadyExists => {}
            Err(reason) => return Err(refused(reason)),
        }
    }
    Err(StoreError::NamesTaken { path: first })
}

/// Whether [`write()`] could write `path` now, found out before any work is done
/// for it: a temporary file is created beside it and removed again.
///
/// # Errors
/// As for [`write()`]; only the room on the disk is not asked for.
pub fn check_writable(path: &Path) -> Result<(), StoreError> {
    match Target::of(path)? {
        Target::File { folder, mode, .. } => Temporary::create(&folder, mode)
            .map(drop)
            .map_err(|reason| StoreError::write(path, reason)),
        Target::Device(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests;
