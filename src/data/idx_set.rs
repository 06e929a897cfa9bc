//! IDX files in a folder somebody else made: found by name, then read and checked whole.
//! Nothing is ever written there.
//!
//! The names are MNIST's, with whatever before them tells several data sets in one folder
//! apart, as EMNIST's files have it: `emnist-letters-train-images-idx3-ubyte.gz`.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use flate2::bufread::MultiGzDecoder;

use super::{
    DataError,
    idx::{self, Flaw, Header, Kind},
};
use crate::{
    arrays::MAX_BYTES,
    words::{grouped, shown},
};

/// Bytes that a byte of gzip can unpack to; the format allows no more.
const MOST_UNPACKED: u64 = 1032;

/// How the bytes are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Raw,
    Gzip,
}

/// A file that was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) packing: Packing,
    /// What its name says it holds.
    kind: Kind,
}

/// Which half of a data set a file is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Half {
    Train,
    Test,
}

/// The files of one data set.
#[derive(Debug)]
pub(super) struct IdxSet {
    /// What is before the names, without a dash at its end.
    pub(super) prefix: String,
    folder: PathBuf,
    /// Images and labels to learn from.
    pub(super) train: [Found; 2],
    /// Images and labels held out, where there are any.
    pub(super) test: Option<[Found; 2]>,
}

/// A data set by the names of its files, not all of which may be there.
#[derive(Debug)]
pub(super) struct Named {
    /// As in [`IdxSet`].
    pub(super) prefix: String,
    /// The set, or which of its files is missing.
    pub(super) set: Result<IdxSet, DataError>,
}

/// The images and labels of a half.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Labelled {
    pub(super) header: Header,
    pub(super) pixels: Vec<u8>,
    pub(super) labels: Vec<u8>,
}

/// What a file's name says.
struct Said<'a> {
    prefix: &'a str,
    half: Half,
    kind: Kind,
    /// Of several files for the same, the one with the least is taken.
    rank: u8,
}

/// `emnist-letters-train-images-idx3-ubyte.gz`; `train-images.idx3-ubyte` is as common.
fn said_by(name: &str) -> Option<Said<'_>> {
    let (stem, packed) = name.strip_suffix(".gz").map_or((name, 0), |stem| (stem, 2));
    let kinds = [
        ("images-idx3-ubyte", Kind::Images, 0),
        ("images.idx3-ubyte", Kind::Images, 1),
        ("labels-idx1-ubyte", Kind::Labels, 0),
        ("labels.idx1-ubyte", Kind::Labels, 1),
    ];
    let halves = [
        ("train-", Half::Train),
        ("t10k-", Half::Test),
        ("test-", Half::Test),
    ];
    kinds.into_iter().find_map(|(ending, kind, dotted)| {
        let before = stem.strip_suffix(ending)?;
        halves.into_iter().find_map(|(name, half)| {
            let prefix = before.strip_suffix(name)?;
            let prefix = match prefix.strip_suffix(['-', '_', '.']) {
                Some(prefix) => prefix,
                None if prefix.is_empty() => prefix,
                None => return None,
            };
            let rank = packed + dotted;
            Some(Said {
                prefix,
                half,
                kind,
                rank,
            })
        })
    })
}

/// All data sets of a folder whose files are named as MNIST's, by what is before the names. One
/// that is not whole spoils no other.
pub(super) fn all(folder: &Path) -> Result<Vec<Named>, DataError> {
    let unreadable = |cause| DataError::Unreadable {
        file: folder.to_owned(),
        cause,
    };
    let mut named: BTreeMap<String, Vec<(Half, Kind, u8, PathBuf)>> = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        let Some(Said {
            prefix,
            half,
            kind,
            rank,
        }) = name.to_str().and_then(said_by)
        else {
            continue;
        };
        let file = (half, kind, rank, folder.join(&name));
        named.entry(prefix.to_owned()).or_default().push(file);
    }
    let sets = named.into_iter().map(|(prefix, files)| Named {
        set: IdxSet::of(folder, prefix.clone(), files),
        prefix,
    });
    Ok(sets.collect())
}

/// The data set in its folder that a file is of, if it is named as one of its files.
pub(super) fn of_file(path: &Path) -> Result<Option<IdxSet>, DataError> {
    let name = path.file_name().and_then(|name| name.to_str());
    let Some(Said { prefix, .. }) = name.and_then(said_by) else {
        return Ok(None);
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let named = all(folder)?
        .into_iter()
        .find(|named| named.prefix == prefix);
    named.map(|named| named.set).transpose()
}

impl IdxSet {
    fn of(
        folder: &Path,
        prefix: String,
        mut files: Vec<(Half, Kind, u8, PathBuf)>,
    ) -> Result<Self, DataError> {
        files.sort_by_key(|(.., rank, _)| *rank);
        let any = |half: Half| files.iter().any(|(of, ..)| *of == half);
        let found = |half: Half, kind: Kind| {
            let its = files.iter().filter(|(h, k, ..)| (*h, *k) == (half, kind));
            first_regular(its.map(|(.., path)| path), kind)?.ok_or_else(|| DataError::Missing {
                folder: folder.to_owned(),
                name: name_of(&prefix, half, kind),
            })
        };
        let pair = |half: Half| Ok([found(half, Kind::Images)?, found(half, Kind::Labels)?]);
        let train = pair(Half::Train)?;
        let test = if any(Half::Test) {
            Some(pair(Half::Test)?)
        } else {
            None
        };
        Ok(Self {
            folder: folder.to_owned(),
            train,
            test,
            prefix,
        })
    }

    /// A file that names this set.
    pub(super) fn example(&self) -> &Path {
        &self.train[0].path
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// All files, read and checked whole.
    pub(super) fn read(&self) -> Result<(Labelled, Option<Labelled>), DataError> {
        let train = read_pair(&self.train, self.test.as_ref())?;
        let test = match &self.test {
            Some(files) => Some(read_pair(files, Some(&self.train))?),
            None => None,
        };
        Ok((train, test))
    }
}

/// The original name of a file.
fn name_of(prefix: &str, half: Half, kind: Kind) -> String {
    let half = match half {
        Half::Train => "train",
        Half::Test if prefix.starts_with("emnist") => "test",
        Half::Test => "t10k",
    };
    let what = match kind {
        Kind::Images => "images-idx3-ubyte",
        Kind::Labels => "labels-idx1-ubyte",
    };
    let dash = if prefix.is_empty() { "" } else { "-" };
    format!("{prefix}{dash}{half}-{what}")
}

/// The first that is a file: a folder may have the one name and hold nothing of ours, while
/// the file has the other. A pipe is never opened: it could block.
fn first_regular<'a>(
    paths: impl Iterator<Item = &'a PathBuf>,
    kind: Kind,
) -> Result<Option<Found>, DataError> {
    let mut not_a_file = None;
    for path in paths {
        let unreadable = |cause| DataError::Unreadable {
            file: path.clone(),
            cause,
        };
        if fs::metadata(path).map_err(unreadable)?.is_file() {
            return Found::at(path, kind).map(Some);
        }
        not_a_file = not_a_file.or(Some(path));
    }
    match not_a_file {
        Some(file) => Err(DataError::NotAFile { file: file.clone() }),
        None => Ok(None),
    }
}

/// Tells by the first bytes, because browsers unpack `.gz` without renaming.
fn packing_of(path: &Path) -> io::Result<Packing> {
    let mut first = Vec::new();
    File::open(path)?.take(2).read_to_end(&mut first)?;
    Ok(match first[..] {
        [0x1f, 0x8b] => Packing::Gzip,
        _ => Packing::Raw,
    })
}

/// Images and their labels, which have to be as many.
fn read_pair(files: &[Found; 2], others: Option<&[Found; 2]>) -> Result<Labelled, DataError> {
    let [images, labels] = files;
    let (header, pixels) = images.read()?;
    let (its, labels_of_it) = labels.read()?;
    if header.count == its.count {
        return Ok(Labelled {
            header,
            pixels,
            labels: labels_of_it,
        });
    }
    // As many labels as the other half has images are its labels.
    let of_others = others.and_then(|[images, _]| images.header().ok());
    let cure = if of_others.is_some_and(|other| other.count == its.count) {
        "are the train and the t10k files swapped?"
    } else {
        "put the files of one data set there"
    };
    Err(DataError::Apart {
        file: images.path.clone(),
        words: format!(
            "found {} images, and {} labels in {}; {cure}",
            grouped(header.count),
            grouped(its.count),
            labels.name()
        ),
    })
}

impl Found {
    /// The file at this path, a regular one.
    pub(super) fn at(path: &Path, kind: Kind) -> Result<Self, DataError> {
        let packing = packing_of(path).map_err(|cause| DataError::Unreadable {
            file: path.to_owned(),
            cause,
        })?;
        Ok(Self {
            path: path.to_owned(),
            packing,
            kind,
        })
    }

    /// Its name in the folder.
    fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        shown(Path::new(name))
    }

    /// Its bytes, unpacked.
    fn open(&self) -> Result<Box<dyn Read>, DataError> {
        let file = File::open(&self.path).map_err(|cause| self.unreadable(cause))?;
        Ok(match self.packing {
            Packing::Raw => Box::new(file),
            Packing::Gzip => Box::new(MultiGzDecoder::new(BufReader::new(file))),
        })
    }

    /// Why its bytes end before the file does.
    fn broken(&self, cause: io::Error) -> DataError {
        match self.packing {
            Packing::Raw => self.unreadable(cause),
            Packing::Gzip => DataError::BrokenGzip {
                file: self.path.clone(),
                cause,
            },
        }
    }

    fn unreadable(&self, cause: io::Error) -> DataError {
        DataError::Unreadable {
            file: self.path.clone(),
            cause,
        }
    }

    fn refused(&self, flaw: Flaw) -> DataError {
        DataError::Refused {
            file: self.path.clone(),
            flaw,
        }
    }

    /// What its header says.
    fn header(&self) -> Result<Header, DataError> {
        self.begin().map(|(header, _)| header)
    }

    /// What its header says, and the bytes after it.
    fn begin(&self) -> Result<(Header, Box<dyn Read>), DataError> {
        let mut bytes = self.open()?;
        let mut first = Vec::new();
        bytes
            .by_ref()
            .take(self.kind.header_len() as u64)
            .read_to_end(&mut first)
            .map_err(|cause| self.broken(cause))?;
        let header = idx::header(&first, self.kind).map_err(|flaw| self.refused(flaw))?;
        Ok((header, bytes))
    }

    /// Reads and checks the whole file; returns what its header says, and its pixels or labels.
    ///
    /// Takes no more memory than the file has bytes, packed ones within a limit.
    pub(super) fn read(&self) -> Result<(Header, Vec<u8>), DataError> {
        let (header, bytes) = self.begin()?;
        let expected = header.file_len();
        let start = self.kind.header_len() as u128;
        let most = MAX_BYTES;
        let payload = match u64::try_from(header.payload_len()) {
            Ok(payload) if payload <= most => payload,
            _ => return Err(self.refused(Flaw::Huge { expected, most })),
        };
        // What a header promises is taken from a file that can have it.
        let about = fs::metadata(&self.path).map_err(|cause| self.unreadable(cause))?;
        let held = match self.packing {
            Packing::Raw => about.len(),
            Packing::Gzip => about.len().saturating_mul(MOST_UNPACKED),
        };
        let mut found = Vec::with_capacity((held.min(payload) + 1) as usize);
        // One byte more than wanted shows that a file is too long, and lets a
        // gzip stream reach its checksum.
        bytes
            .take(payload + 1)
            .read_to_end(&mut found)
            .map_err(|cause| self.broken(cause))?;
        let length = found.len() as u64;
        if length > payload {
            return Err(self.refused(Flaw::Long { expected }));
        }
        if length < payload {
            let found = start + u128::from(length);
            return Err(self.refused(Flaw::Short { expected, found }));
        }
        Ok((header, found))
    }
}
#[cfg(test)]
mod tests;
