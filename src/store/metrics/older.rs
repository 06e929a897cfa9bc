//! The log that has the name already: refused, followed, or emptied.

use std::{
    fs,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::Older;
use crate::store::{StoreError, disk};

/// How our records begin, in any version.
const RECORD: &[u8] = b"{\"event\":";
/// No record of ours is as long.
const LONGEST: u64 = 64 * 1024;

/// A file that is not empty, and leave to change it.
pub(super) struct File {
    path: PathBuf,
    /// Open to append.
    open: fs::File,
    replace: bool,
}

impl File {
    /// The log that is there, if there is one to care for.
    pub(super) fn find(
        path: &Path,
        file: &fs::File,
        older: Older,
    ) -> Result<Option<Self>, StoreError> {
        let refused = |reason| StoreError::write(path, reason);
        let about = file.metadata().map_err(refused)?;
        if !about.is_file() || about.len() == 0 {
            return Ok(None);
        }
        let path = path.to_owned();
        if older == Older::Keep {
            return Err(StoreError::LogExists { path });
        }
        // Weights, a picture, an archive: a slip of the hand must not cost them.
        if !is_text(&path).map_err(|reason| StoreError::write(&path, reason))? {
            return Err(StoreError::NotText { path });
        }
        Ok(Some(Self {
            open: file.try_clone().map_err(refused)?,
            path,
            replace: older == Older::Replace,
        }))
    }

    /// Makes the next byte that is written the first of a line.
    pub(super) fn make_way(self) -> io::Result<()> {
        if self.replace {
            return disk::set_length(&self.open, 0, &self.path);
        }
        let mut reader = fs::File::open(&self.path)?;
        let end = reader.seek(SeekFrom::End(0))?;
        let from = end.saturating_sub(LONGEST);
        reader.seek(SeekFrom::Start(from))?;
        let mut tail = Vec::new();
        reader.take(LONGEST).read_to_end(&mut tail)?;
        let start = tail.iter().rposition(|&byte| byte == b'\n');
        let start = start.map_or(0, |newline| newline + 1);
        let last = &tail[start..];
        if last.is_empty() {
            return Ok(());
        }
        if is_torn(last) {
            // Half a record of a run that was killed: no reader of lines gets past it.
            return disk::set_length(&self.open, from + start as u64, &self.path);
        }
        disk::write_all(&self.open, b"\n", &self.path)
    }
}

/// Whether a file begins as text does: without a zero byte, which the length at the head of
/// a weights file has.
fn is_text(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    fs::File::open(path)?.take(512).read_to_end(&mut head)?;
    Ok(!head.contains(&0))
}

/// Whether this is the beginning of a record of ours and no whole one.
fn is_torn(line: &[u8]) -> bool {
    let length = line.len().min(RECORD.len());
    line[..length] == RECORD[..length] && serde_json::from_slice::<serde_json::Value>(line).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_log_begins_on_a_line_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let whole = "{\"event\":\"end\"}\n";
        let long = format!("{}\n", "x".repeat(3 * LONGEST as usize));
        for (before, kept) in [
            (whole.to_owned(), whole.to_owned()),
            (whole.trim_end().to_owned(), whole.to_owned()),
            (format!("{whole}{{\"event\":\"st"), whole.to_owned()),
            (format!("{whole}{{\"ev"), whole.to_owned()),
            ("{\"event\":\"st".to_owned(), String::new()),
            // What is not of our making is nobody's to cut.
            ("notes".to_owned(), "notes\n".to_owned()),
            (long.clone(), long.clone()),
            (
                format!("{long}{whole}{{\"event\""),
                format!("{long}{whole}"),
            ),
            (long.trim_end().to_owned(), long.clone()),
        ] {
            fs::write(&path, &before).unwrap();
            let file = fs::File::options().append(true).open(&path).unwrap();
            let found = File::find(&path, &file, Older::Append).unwrap().unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), before, "not yet");
            found.make_way().unwrap();
            assert!(fs::read_to_string(&path).unwrap() == kept, "{before:.40}");
        }
    }

    #[test]
    fn a_log_is_refused_or_emptied_and_an_empty_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let file = fs::File::options();
        let file = file.clone().append(true).create(true).open(&path).unwrap();
        assert!(File::find(&path, &file, Older::Keep).unwrap().is_none());
        fs::write(&path, "old").unwrap();
        let refused = File::find(&path, &file, Older::Keep).err().unwrap();
        assert!(matches!(refused, StoreError::LogExists { .. }), "{refused}");
        let found = File::find(&path, &file, Older::Replace).unwrap().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old", "not yet");
        found.make_way().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"");
    }

    #[test]
    fn what_is_no_text_is_neither_followed_nor_emptied() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weights.safetensors");
        let weights = [&200_u64.to_le_bytes()[..], b"{}"].concat();
        fs::write(&path, &weights).unwrap();
        let file = fs::File::options().append(true).open(&path).unwrap();
        for older in [Older::Append, Older::Replace] {
            let refused = File::find(&path, &file, older).err().unwrap();
            assert!(matches!(refused, StoreError::NotText { .. }), "{refused}");
        }
        assert_eq!(fs::read(&path).unwrap(), weights);
    }
}
