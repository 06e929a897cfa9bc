//! What is asked of a disk on the way to a file that is whole, one function for each.
//!
//! They do what the standard library's do. In this crate's own tests a disk can be told to
//! refuse any of it, or to be full after so many bytes (`faults`); in the program that users
//! have there is nothing of that, so that nobody can trip it.

#[cfg(test)]
pub(super) mod faults;
#[cfg(not(test))]
#[path = "disk/no_faults.rs"]
mod faults;

use std::{
    borrow::Borrow,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use rustix::fs::{CWD, RenameFlags, renameat_with};

pub(super) fn open(options: &OpenOptions, path: &Path) -> io::Result<File> {
    faults::ask(path)?;
    options.open(path)
}

pub(super) fn create_folders(path: &Path) -> io::Result<()> {
    faults::ask(path)?;
    fs::create_dir_all(path)
}

/// Down to the disk; some file systems have no way to, and say so: that is not a failed write.
pub(super) fn sync(file: &File, path: &Path) -> io::Result<()> {
    faults::ask(path)?;
    match file.sync_all() {
        Err(reason)
            if matches!(
                reason.kind(),
                io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}

pub(super) fn set_length(file: &File, length: u64, path: &Path) -> io::Result<()> {
    faults::ask(path)?;
    file.set_len(length)
}

pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    faults::ask(to)?;
    fs::rename(from, to)
}

pub(super) fn rename_without_replacing(from: &Path, to: &Path) -> io::Result<()> {
    faults::ask(to)?;
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

pub(super) fn link(from: &Path, to: &Path) -> io::Result<()> {
    faults::ask(to)?;
    fs::hard_link(from, to)
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    faults::ask(path)?;
    fs::remove_file(path)
}

/// Writes all of it.
pub(super) fn write_all(file: &File, bytes: &[u8], path: &Path) -> io::Result<()> {
    Written { file, path }.write_all(bytes)
}

/// A file that is written to, and its name.
#[derive(Debug)]
pub(super) struct Written<F, P> {
    file: F,
    path: P,
}

impl Written<File, PathBuf> {
    pub(super) fn to(file: File, path: &Path) -> Self {
        Self {
            file,
            path: path.to_owned(),
        }
    }
}

impl<F: Borrow<File>, P: AsRef<Path>> Write for Written<F, P> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let may = faults::ask_to_write(self.path.as_ref(), bytes.len())?;
        self.file.borrow().write(&bytes[..may])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.borrow().flush()
    }
}
