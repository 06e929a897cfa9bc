//! Which of the forms that images have lies at a path.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::{Found, Heap};
use crate::{
    arrays::bytes_of,
    data::{
        DataError, Reading, Unfit, array_files, idx,
        idx_set::{self, IdxSet},
        known, name_of, pictures,
    },
    words::{printable, shown},
};

/// The name of a file with the names of classes, a line each.
const CLASSES_FILE: &str = "classes.txt";
/// More than any names of classes have.
const MOST_NAMES: u64 = 1 << 16;

pub(super) fn at(path: &Path, reading: &Reading) -> Result<Found, DataError> {
    let about = fs::metadata(path).map_err(|cause| match cause.kind() {
        io::ErrorKind::NotFound => DataError::Nowhere {
            path: path.to_owned(),
        },
        _ => DataError::Unreadable {
            file: path.to_owned(),
            cause,
        },
    })?;
    if about.is_dir() {
        of_folder(path, reading)
    } else if about.is_file() {
        of_file(path, reading)
    } else {
        Err(DataError::NotAFile {
            file: path.to_owned(),
        })
    }
}

fn of_file(path: &Path, reading: &Reading) -> Result<Found, DataError> {
    if let Some(set) = idx_set::of_file(path)? {
        return of_set(&set, reading);
    }
    let unreadable = |cause| DataError::Unreadable {
        file: path.to_owned(),
        cause,
    };
    let file = fs::File::open(path).map_err(unreadable)?;
    let bytes = bytes_of(file).map_err(unreadable)?;
    if idx::is_one(&bytes) || bytes.starts_with(&[0x1f, 0x8b]) {
        // One file alone, whatever it is called: images without labels.
        let (header, pixels) = idx_set::Found::at(path, idx::Kind::Images)?.read()?;
        let heap = Heap {
            size: header.size(),
            pixels,
            labels: None,
        };
        return Ok(Found::new(name_of(path), heap, None));
    }
    of_bytes(&bytes, path, stem_of(path))
}

pub(super) fn of_bytes(bytes: &[u8], path: &Path, name: String) -> Result<Found, DataError> {
    if pictures::is_one(bytes) {
        let (size, pixels) = pictures::decoded(bytes)
            .map_err(|why| DataError::unfit(path, Unfit::NoPicture(why)))?;
        let heap = Heap {
            size,
            pixels,
            labels: None,
        };
        return Ok(Found::new(name, heap, None));
    }
    array_files::of_bytes(bytes, path, name)
}

/// One of several data sets that a folder may hold.
enum Candidate {
    Set(IdxSet),
    Archive(PathBuf),
    Arrays,
}

impl Candidate {
    /// A path that names it alone.
    fn path<'a>(&'a self, folder: &'a Path) -> &'a Path {
        match self {
            Self::Set(set) if set.prefix.is_empty() => set.folder(),
            Self::Set(set) => set.example(),
            Self::Archive(file) => file,
            Self::Arrays => folder,
        }
    }
}

fn of_folder(folder: &Path, reading: &Reading) -> Result<Found, DataError> {
    let Candidates {
        mut all,
        mut unfinished,
    } = candidates(folder)?;
    let mut found = match (all.pop(), &all[..]) {
        (None, _) => {
            return match unfinished.pop() {
                Some(fault) => Err(fault),
                None => pictures::of_folder(folder, reading),
            };
        }
        (Some(only), []) => match &only {
            Candidate::Set(set) => of_set(set, reading)?,
            Candidate::Archive(file) => of_file(file, reading)?,
            Candidate::Arrays => array_files::of_folder(folder, name_of(folder))?,
        },
        (Some(last), others) => {
            let all = others.iter().chain([&last]);
            let names: Vec<String> = all.map(|one| within(folder, one.path(folder))).collect();
            let example = shown(last.path(folder));
            let names = names.join(", ");
            return Err(DataError::unfit(folder, Unfit::Several { names, example }));
        }
    };
    if found.names.is_none() {
        found.names = names_in(folder)?;
    }
    let passed_over = unfinished
        .iter()
        .map(|fault| format!("passed over: {fault}"));
    found.notices.extend(passed_over);
    Ok(found)
}

/// A path as it is seen from a folder.
fn within(folder: &Path, path: &Path) -> String {
    shown(path.strip_prefix(folder).unwrap_or(path))
}

/// What a folder may be.
#[derive(Default)]
struct Candidates {
    all: Vec<Candidate>,
    /// What is missing of sets that are not whole.
    unfinished: Vec<DataError>,
}

impl Candidates {
    /// Those of its files that are named as MNIST's.
    fn add_sets_of(&mut self, folder: &Path) -> Result<(), DataError> {
        for named in idx_set::all(folder)? {
            match named.set {
                Ok(set) => self.all.push(Candidate::Set(set)),
                Err(fault) => self.unfinished.push(fault),
            }
        }
        Ok(())
    }
}

/// What a folder may be, but for pictures: its own IDX files or arrays, or else those of the
/// folders that torchvision and Keras make in it.
fn candidates(folder: &Path) -> Result<Candidates, DataError> {
    let mut found = Candidates::default();
    found.add_sets_of(folder)?;
    let unreadable = |cause| DataError::Unreadable {
        file: folder.to_owned(),
        cause,
    };
    let mut folders = BTreeSet::new();
    let mut archives = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default();
        if ending.eq_ignore_ascii_case("npz") && path.is_file() {
            archives.insert(path);
        } else if ending.is_empty() && path.is_dir() {
            folders.insert(path);
        }
    }
    if array_files::is_folder_of(folder) {
        found.all.push(Candidate::Arrays);
    }
    found
        .all
        .extend(archives.into_iter().map(Candidate::Archive));
    for below in folders {
        // Keras keeps the files in a folder of the data's name, torchvision in `raw` below it.
        let raw = if below.file_name().is_some_and(|name| name == "raw") {
            below.clone()
        } else {
            below.join("raw")
        };
        let ours = ["train-images-idx3-ubyte", "train-images-idx3-ubyte.gz"];
        if raw.is_dir() {
            found.add_sets_of(&raw)?;
        } else if ours.iter().any(|name| below.join(name).is_file()) {
            found.add_sets_of(&below)?;
        }
    }
    Ok(found)
}

fn of_set(set: &IdxSet, reading: &Reading) -> Result<Found, DataError> {
    let (train, test) = set.read()?;
    let emnist = known::emnist(&set.prefix);
    let first = emnist.as_ref().map_or(0, |set| i64::from(set.first));
    let heap = |half: idx_set::Labelled| Heap {
        size: half.header.size(),
        pixels: half.pixels,
        labels: Some(
            half.labels
                .into_iter()
                .map(|label| i64::from(label) - first)
                .collect(),
        ),
    };
    let name = match &*set.prefix {
        "" => match set.folder().parent().zip(set.folder().file_name()) {
            // torchvision's.
            Some((above, name)) if name == "raw" => name_of(above),
            _ => name_of(set.folder()),
        },
        prefix => printable(prefix, 255),
    };
    let mut found = Found::new(name, heap(train), test.map(heap));
    if let Some(set) = emnist {
        found.names = Some(set.names);
        if !reading.transpose {
            let hint =
                "EMNIST's files have their pictures on their side; --transpose sets them upright";
            found.notices.push(hint.into());
        }
    }
    Ok(found)
}

/// The names of classes that lie beside the images, a line each.
fn names_in(folder: &Path) -> Result<Option<Vec<String>>, DataError> {
    let file = folder.join(CLASSES_FILE);
    if !file.is_file() {
        return Ok(None);
    }
    let unreadable = |cause| DataError::Unreadable {
        file: file.clone(),
        cause,
    };
    let mut bytes = Vec::new();
    fs::File::open(&file)
        .and_then(|opened| opened.take(MOST_NAMES).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let names: Vec<String> = lines.map(String::from).collect();
    Ok(Some(names).filter(|names| !names.is_empty()))
}

/// A file's name without its ending.
fn stem_of(path: &Path) -> String {
    let name = path.file_stem().unwrap_or(path.as_os_str());
    printable(&name.to_string_lossy(), 255)
}
