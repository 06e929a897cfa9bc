//! What a file looks like, so that another in its place is noticed.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

/// What tells one file of a name from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    number: u64,
    length: u64,
    changed: (i64, i64),
}

impl Stamp {
    pub(super) fn of(path: &Path) -> Option<Self> {
        let about = fs::metadata(path).ok()?;
        Some(Self {
            number: about.ino(),
            length: about.len(),
            changed: (about.mtime(), about.mtime_nsec()),
        })
    }
}
