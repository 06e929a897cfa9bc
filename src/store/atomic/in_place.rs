//! Writes into a file that cannot be replaced by another without becoming a
//! different one: it has further names, an owner to whom we cannot give another,
//! or it is a place where something is mounted.
//!
//! Here the file itself is overwritten, and a crash in the middle would tear
//! it. So the new bytes are first laid down whole under a numbered name beside
//! it, in sight; that copy goes when the file has them. What the system refuses
//! on the way is undone.

use std::{
    fs::File,
    io::{self, Read, Seek},
    path::Path,
};

use super::write_new;
use crate::store::{StoreError, disk};

/// Writes `bytes` over what the file holds.
pub(super) fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut open = disk::open(File::options().read(true).write(true), file)?;
    let length = open.metadata()?.len();
    // Only what will be overwritten: a large file loses its rest in one step, the last.
    let mut old = Vec::new();
    (&open).take(bytes.len() as u64).read_to_end(&mut old)?;
    let copy = write_new(file, bytes).map_err(|error| match error {
        StoreError::Write { reason, .. } => reason,
        other => io::Error::other(other.to_string()),
    })?;
    let written = overwrite((&mut open, file), bytes, bytes.len() as u64);
    if written.is_ok() || overwrite((&mut open, file), &old, length).is_ok() {
        // Beyond the copy's use; one that cannot be removed is in nobody's way.
        let _ = disk::remove(&copy);
    }
    written
}

fn overwrite((file, path): (&mut File, &Path), bytes: &[u8], length: u64) -> io::Result<()> {
    file.rewind()?;
    disk::write_all(file, bytes, path)?;
    disk::sync(file, path)?;
    disk::set_length(file, length, path)?;
    // The bytes are down; a length that is not yet is no failed write.
    let _ = disk::sync(file, path);
    Ok(())
}
