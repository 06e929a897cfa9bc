//! Arrays as files that `NumPy` and spreadsheets read: `.npy`, `.npz` and `.csv`.
//!
//! What is read is told apart by its first bytes, whatever it is called, and trusted with
//! nothing: no memory is taken for what a header says before the bytes are there. This module
//! knows numbers and their shapes; it may not know what they stand for.

mod archive;
mod fault;
mod reading;
mod words;
mod writing;

use std::{ffi::OsStr, path::Path, str::FromStr};

pub use archive::{Archive, Array, archive};
pub use fault::ArrayFault;
pub use reading::{Contents, Found, MAX_BYTES, Numbers, bytes_of, is_array, listed, read};
pub use words::of as words;
pub use writing::{Column, Table};

/// How arrays are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One array of `NumPy`'s.
    Npy,
    /// Several of them by name, in a ZIP archive.
    Npz,
    /// Lines of numbers under a line of names.
    Csv,
}

impl Form {
    /// All of them, the fullest first.
    pub const ALL: [Self; 3] = [Self::Npz, Self::Npy, Self::Csv];

    /// What its files' names end in.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Npy => "npy",
            Self::Npz => "npz",
            Self::Csv => "csv",
        }
    }

    /// That of a file of this name.
    pub fn of(path: &Path) -> Option<Self> {
        path.extension()?.to_str()?.parse().ok()
    }
}

impl FromStr for Form {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let named = |form: &Self| OsStr::new(name).eq_ignore_ascii_case(form.name());
        let form = Self::ALL.into_iter().find(named);
        form.ok_or_else(|| format!("npz, npy or csv is needed, not {name}"))
    }
}

#[cfg(test)]
mod tests;
