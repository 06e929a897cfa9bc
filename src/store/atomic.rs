//! Writes a file whole or not at all.
//!
//! The bytes go into a temporary file in the target's own folder, down to the
//! disk, and only then take the name. Whoever looks at the name, at any moment
//! and after any crash, finds the old file, the new one, or none. One kind of
//! file cannot give its name away, `in_place` says which. This module knows
//! nothing of what the bytes mean.

mod in_place;
mod target;
mod temporary;

use std::{
    ffi::OsString,
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use super::StoreError;
use target::Target;
use temporary::Temporary;

pub(super) use temporary::is_one as is_temporary;

/// Names tried by [`write_new`] before it gives up.
const NUMBERED_NAMES: u32 = 10_000;

/// The longest name that common file systems take, in bytes.
const LONGEST_NAME: usize = 255;

/// Writes `bytes` as the file `path`, replacing what was there.
///
/// A link keeps pointing where it points and its target is replaced; an old
/// file keeps its owner, group, permissions and other names, a new file has
/// what the process gives to any file. A device such as `/dev/null` takes the
/// bytes as they come.
///
/// # Errors
/// A target that cannot be a file, a file that may not be written, and whatever
/// the system refuses. The old file is then still there, as it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let refused = |reason| StoreError::write(path, reason);
    match Target::of(path)? {
        Target::File { folder, file, old } => {
            temporary::remove_orphans(&folder);
            let temporary = Temporary::create(&folder, old.as_ref()).map_err(refused)?;
            let Some(mut temporary) = temporary else {
                return in_place::write(&file, bytes).map_err(refused);
            };
            temporary.fill(bytes).map_err(refused)?;
            match temporary.replace(&file) {
                // Something is mounted there, as containers do with single files.
                Err(reason) if reason.kind() == ErrorKind::ResourceBusy => {
                    in_place::write(&file, bytes)
                }
                replaced => replaced,
            }
            .map_err(refused)
        }
        Target::Device(mut device) => device.write_all(bytes).map_err(refused),
    }
}

/// Writes `bytes` as a file of a name that was free: `first`, or else with a
/// number after its stem, `stem-2.extension`, `stem-3.extension` and so on.
///
/// The name is taken by an operation of the system that fails when the name
/// exists, so that of two processes at the same moment each gets a name of its
/// own, and nothing is ever replaced.
///
/// # Errors
/// A missing folder, ten thousand taken names, and whatever the system refuses.
pub fn write_new(first: &Path, bytes: &[u8]) -> Result<PathBuf, StoreError> {
    let refused = |reason| StoreError::write(first, reason);
    let real_folder = target::real_folder(first, target::parent(first))?;
    temporary::remove_orphans(&real_folder);
    let mut temporary = Temporary::create_new(&real_folder).map_err(refused)?;
    temporary.fill(bytes).map_err(refused)?;
    for number in 1..=NUMBERED_NAMES {
        let path = match number {
            1 => first.to_owned(),
            _ => beside(first, &format!("-{number}")),
        };
        let Some(name) = path.file_name() else { break };
        match temporary.take_free_name(&real_folder.join(name)) {
            Ok(()) => return Ok(path),
            Err(reason) if reason.kind() == ErrorKind::AlreadyExists => {}
            Err(reason) => return Err(refused(reason)),
        }
    }
    Err(StoreError::NamesTaken {
        path: first.to_owned(),
    })
}

/// The path of a file in the same folder with `mark` after its stem; the stem
/// is shortened where the name would get too long.
pub fn beside(path: &Path, mark: &str) -> PathBuf {
    let ending = path.extension().map_or_else(String::new, |extension| {
        format!(".{}", extension.to_string_lossy())
    });
    let stem = path.file_stem().unwrap_or_default();
    let room = LONGEST_NAME.saturating_sub(mark.len() + ending.len());
    let mut name = if stem.len() > room {
        let fits = |end: char, at: usize| at + end.len_utf8() <= room;
        let stem = stem.to_string_lossy();
        let kept = stem.char_indices().take_while(|&(at, c)| fits(c, at));
        OsString::from(kept.map(|(_, c)| c).collect::<String>())
    } else {
        stem.to_owned()
    };
    name.push(mark);
    name.push(ending);
    path.with_file_name(name)
}

/// Whether [`write()`] could write `path` now, found out before any work is done
/// for it: a temporary file is created beside it and removed again.
///
/// # Errors
/// As for [`write()`]; only the room on the disk is not asked for.
pub fn check_writable(path: &Path) -> Result<(), StoreError> {
    match Target::of(path)? {
        Target::File { folder, .. } => Temporary::create_new(&folder)
            .map(drop)
            .map_err(|reason| StoreError::write(path, reason)),
        Target::Device(_) => Ok(()),
    }
}

/// Whether a file of that name, if there is one, may be changed at all, found out
/// without changing it.
///
/// # Errors
/// [`StoreError::ReadOnly`] and [`StoreError::Forbidden`].
pub fn check_not_protected(path: &Path) -> Result<(), StoreError> {
    match fs::metadata(path) {
        Ok(about) if about.is_file() => target::may_be_written(path, &about),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
