//! One file that grows: what was added to it since it was last looked at.
//!
//! It is opened each time anew, by its name: so a file that took its place is seen, and over
//! a network the system asks the server how long it is.

use std::{
    fs::File,
    io::{self, ErrorKind, Read, Seek, SeekFrom},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

/// Bytes that are taken at once; of a longer file the rest comes the next time.
const PIECE: u64 = 1 << 20;
/// So many bytes before the end of what was read are read again, to know the file by.
const KNOWN_BY: usize = 64;

/// A file that is followed.
#[derive(Debug)]
pub(in crate::store) struct Tail {
    path: PathBuf,
    /// The device and the number of the file that was read.
    file: Option<(u64, u64)>,
    read: u64,
    /// The last bytes of what was read.
    end: Vec<u8>,
}

/// What was added.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Piece {
    /// Another file has taken the name, or it was written anew: this is its beginning.
    pub(in crate::store) anew: bool,
    /// The bytes.
    pub(in crate::store) bytes: Vec<u8>,
    /// Whether there is more already.
    pub(in crate::store) more: bool,
}

impl Tail {
    /// Of which nothing has been read; it need not be there yet.
    pub(in crate::store) fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            file: None,
            read: 0,
            end: Vec::new(),
        }
    }

    /// Its path.
    pub(in crate::store) fn path(&self) -> &Path {
        &self.path
    }

    /// What was added since the last time; nothing of a file that is not there.
    ///
    /// # Errors
    /// Whatever the system refuses; the next time it is tried again.
    pub(in crate::store) fn read(&mut self) -> io::Result<Piece> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(reason) if reason.kind() == ErrorKind::NotFound => return Ok(Piece::default()),
            Err(reason) => return Err(reason),
        };
        let about = file.metadata()?;
        if !about.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let number = (about.dev(), about.ino());
        let is_known = self.file.is_none_or(|known| known == number);
        // A copy that has grown, as rsync puts it in the place of the last one, goes on from it.
        let is_same = about.len() >= self.read
            && (is_known && about.len() == self.read || self.knows(&mut file)?);
        if !is_same {
            self.read = 0;
            self.end.clear();
        }
        self.file = Some(number);
        let mut bytes = Vec::new();
        if about.len() > self.read {
            file.seek(SeekFrom::Start(self.read))?;
            file.take(PIECE).read_to_end(&mut bytes)?;
        }
        self.read += bytes.len() as u64;
        self.end.extend_from_slice(&bytes);
        let beyond = self.end.len().saturating_sub(KNOWN_BY);
        self.end.drain(..beyond);
        Ok(Piece {
            anew: !is_same,
            more: about.len() > self.read && !bytes.is_empty(),
            bytes,
        })
    }

    /// Whether what was read last still stands there.
    fn knows(&self, file: &mut File) -> io::Result<bool> {
        file.seek(SeekFrom::Start(self.read - self.end.len() as u64))?;
        let mut found = vec![0; self.end.len()];
        match file.read_exact(&mut found) {
            Ok(()) => Ok(found == self.end),
            Err(reason) if reason.kind() == ErrorKind::UnexpectedEof => Ok(false),
            Err(reason) => Err(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write};

    use super::*;

    fn text(tail: &mut Tail) -> (bool, String) {
        let piece = tail.read().unwrap();
        (piece.anew, String::from_utf8(piece.bytes).unwrap())
    }

    #[test]
    fn what_is_added_comes_once_and_a_file_that_took_its_place_comes_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut tail = Tail::of(&path);
        assert_eq!(tail.read().unwrap(), Piece::default());
        fs::write(&path, "one\ntw").unwrap();
        assert_eq!(text(&mut tail), (false, "one\ntw".into()));
        assert_eq!(text(&mut tail), (false, String::new()));
        let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"o\n").unwrap();
        assert_eq!(text(&mut tail), (false, "o\n".into()));
        // Another file of that name, as a rename leaves it: a copy that has grown, and one that
        // says something else.
        let other = folder.path().join("other");
        fs::write(&other, "one\ntwo\nthree\n").unwrap();
        fs::rename(&other, &path).unwrap();
        assert_eq!(text(&mut tail), (false, "three\n".into()));
        fs::write(&other, "one\ntwo\ntrees\n").unwrap();
        fs::rename(&other, &path).unwrap();
        assert_eq!(text(&mut tail), (true, "one\ntwo\ntrees\n".into()));
        // The same file, shorter.
        fs::write(&path, "four\n").unwrap();
        assert_eq!(text(&mut tail), (true, "four\n".into()));
        // The same file, longer, with something else in it.
        fs::write(&path, "five\nsix\n").unwrap();
        assert_eq!(text(&mut tail), (true, "five\nsix\n".into()));
        fs::remove_file(&path).unwrap();
        assert_eq!(text(&mut tail), (false, String::new()));
    }

    #[test]
    fn a_long_file_comes_in_pieces() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        fs::write(&path, vec![b'x'; PIECE as usize + 1]).unwrap();
        let mut tail = Tail::of(&path);
        let first = tail.read().unwrap();
        assert!(first.more && first.bytes.len() as u64 == PIECE);
        let second = tail.read().unwrap();
        assert!(!second.more && second.bytes.len() == 1);
    }
}
