//! What `--data` names, whatever it is: IDX files, arrays or pictures, found, read and made
//! the images of a run.
//!
//! Where a folder could be several data sets, it is none until one is named.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::{
    Classes, DataError, Dataset, LARGEST_SIDE, Reading, SMALLEST_SIDE, Split, Unfit, array_files,
    digest_of,
    hold_out::held_out,
    idx,
    idx_set::{self, IdxSet},
    known,
    labelled::Labelled,
    name_of, pictures,
    prepare::Preparer,
    reading::HELD_OUT,
};
use crate::{
    arrays::MAX_BYTES,
    image::ImageSize,
    pool::Pool,
    words::{grouped, printable, shown},
};

/// The name of a file with the names of classes, a line each.
const CLASSES_FILE: &str = "classes.txt";
/// More than any names of classes have.
const MOST_NAMES: u64 = 1 << 16;

/// Pictures that a thread prepares at a time.
const BLOCK: usize = 256;

/// A data set that was read, and what there is to say of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The images.
    pub data: Dataset,
    /// What was read, in a line.
    pub said: String,
    /// What may surprise, a line each.
    pub notices: Vec<String>,
}

/// Images of a source before they are anything more: of one size, with the labels that they
/// have there.
pub(super) struct Heap {
    pub(super) size: ImageSize,
    pub(super) pixels: Vec<u8>,
    pub(super) labels: Option<Vec<i64>>,
}

/// What a source holds.
pub(super) struct Found {
    /// What the data is called, if it has no better name.
    pub(super) name: String,
    pub(super) train: Heap,
    pub(super) test: Option<Heap>,
    /// What the labels stand for, where the source says it.
    pub(super) names: Option<Vec<String>>,
    /// What was between 0 and 1 in the source.
    pub(super) reals: bool,
    /// Whether the pictures are as they were wanted.
    pub(super) prepared: bool,
    pub(super) notices: Vec<String>,
}

impl Heap {
    pub(super) fn len(&self) -> usize {
        self.pixels.len() / self.size.pixels().max(1)
    }
}

/// The data set at this path.
///
/// It may be a folder of IDX files (torchvision's folders are looked into), one of them, an
/// `.npz` archive or an `.npy` array, a folder of those, or one of PNG and JPEG pictures with a
/// sub-folder for each class. Nothing is written there.
///
/// # Errors
///
/// What is wrong with it, and what helps.
pub fn read(path: &Path, reading: &Reading) -> Result<Read, DataError> {
    let found = found_at(path, reading)?;
    let unfit = |why| DataError::unfit(path, why);
    let Found {
        name,
        train,
        test,
        names,
        reals,
        prepared,
        mut notices,
    } = found;
    for heap in [Some(&train), test.as_ref()].into_iter().flatten() {
        if heap.size.pixels() == 0 {
            return Err(unfit(Unfit::Size(heap.size)));
        }
    }
    let has_test = test.is_some();
    if has_test && reading.hold_out.is_some() {
        return Err(unfit(Unfit::HeldOutAlready));
    }
    let counts = [train.len(), test.as_ref().map_or(0, Heap::len)];
    let labelled = Labelled {
        train: train.labels.as_deref(),
        test: test.as_ref().and_then(|test| test.labels.as_deref()),
        names: names.as_deref(),
    };
    let (classes, [train_labels, test_labels]) = labelled.classes(counts).map_err(unfit)?;
    let whole = |heap: Heap, labels| {
        let (size, pixels) = if prepared {
            (heap.size, heap.pixels)
        } else {
            as_wanted(heap.size, heap.pixels, reading)
        };
        expect_size(size)?;
        Ok(Split::of_size(size, pixels, labels))
    };
    let train = whole(train, train_labels).map_err(unfit)?;
    if train.is_empty() {
        return Err(unfit(Unfit::Nothing));
    }
    let (train, test) = match test {
        Some(test) => {
            let test = whole(test, test_labels).map_err(unfit)?;
            if train.size() != test.size() {
                let (train, test) = (train.size(), test.size());
                return Err(unfit(Unfit::Halves { train, test }));
            }
            if test.is_empty() {
                return Err(unfit(Unfit::Nothing));
            }
            if train.len() < test.len() {
                notices.push(format!(
                    "{name} has fewer images to train on ({}) than to hold out ({}); are the halves swapped?",
                    grouped(train.len() as u64),
                    grouped(test.len() as u64)
                ));
            }
            (train, test)
        }
        None if train.len() < 2 => return Err(unfit(Unfit::One)),
        None => divided(&train, reading.hold_out.unwrap_or(HELD_OUT)),
    };
    let digest = digest_of(&train, &test, &classes);
    let known = known::by_digest(&digest);
    let (name, classes) = known.map_or((name, classes), |(name, classes)| (name.into(), classes));
    let data = Dataset {
        name,
        classes,
        train,
        test,
        digest,
    };
    let said = said(&data, reals, (!has_test).then_some(reading));
    Ok(Read {
        data,
        said,
        notices,
    })
}

/// Images of no data set, all in one heap.
#[derive(Debug, Clone, PartialEq)]
pub struct Loose {
    /// What they are called.
    pub name: String,
    /// The images.
    pub split: Split,
    /// What their labels stand for, if they have any.
    pub classes: Classes,
    /// What may surprise, a line each.
    pub notices: Vec<String>,
}

/// The images at this path, none of them held out.
///
/// # Errors
///
/// What is wrong with them; also when they are in two halves.
pub fn loose(path: &Path, reading: &Reading) -> Result<Loose, DataError> {
    let found = found_at(path, reading)?;
    loosened(found, path, reading)
}

/// The images in the bytes of an array or a picture.
///
/// # Errors
///
/// What is wrong with them. It is told of `name`.
pub fn loose_bytes(bytes: &[u8], name: &str, reading: &Reading) -> Result<Loose, DataError> {
    let path = Path::new(name);
    loosened(of_bytes(bytes, path, name.into())?, path, reading)
}

fn loosened(found: Found, path: &Path, reading: &Reading) -> Result<Loose, DataError> {
    let unfit = |why| DataError::unfit(path, why);
    let Found {
        name,
        train,
        test,
        names,
        prepared,
        notices,
        ..
    } = found;
    if test.is_some() {
        return Err(unfit(Unfit::TwoHalves));
    }
    let labelled = Labelled {
        train: train.labels.as_deref(),
        test: None,
        names: names.as_deref(),
    };
    let (classes, [labels, _]) = labelled.classes([train.len(), 0]).map_err(unfit)?;
    let (size, pixels) = if prepared {
        (train.size, train.pixels)
    } else {
        as_wanted(train.size, train.pixels, reading)
    };
    expect_size(size).map_err(unfit)?;
    let split = Split::of_size(size, pixels, labels);
    if split.is_empty() {
        return Err(unfit(Unfit::Nothing));
    }
    Ok(Loose {
        name,
        split,
        classes,
        notices,
    })
}

pub(super) fn expect_size(size: ImageSize) -> Result<(), Unfit> {
    let fits = |side| (SMALLEST_SIDE..=LARGEST_SIDE).contains(&side);
    if fits(size.height) && fits(size.width) {
        Ok(())
    } else {
        Err(Unfit::Size(size))
    }
}

/// Pictures as they were wanted, if they are not yet.
fn as_wanted(size: ImageSize, pixels: Vec<u8>, reading: &Reading) -> (ImageSize, Vec<u8>) {
    let each = size.pixels();
    if reading.leaves_pictures() || each == 0 {
        return (size, pixels);
    }
    let pool = Pool::of_the_machine();
    let blocks: Vec<&[u8]> = pixels.chunks(each * BLOCK).collect();
    let prepared = pool.map(blocks.len(), |block| {
        let mut preparer = Preparer::new(size, reading);
        let pictures = blocks[block].chunks_exact(each);
        pictures
            .flat_map(|picture| preparer.picture(picture))
            .collect::<Vec<u8>>()
    });
    (Preparer::new(size, reading).size(), prepared.concat())
}

/// A heap as two halves.
fn divided(all: &Split, part: f64) -> (Split, Split) {
    let held = held_out(all.labels(), part);
    let half = |wanted: bool| {
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for image in (0..all.len()).filter(|&image| held[image] == wanted) {
            pixels.extend_from_slice(all.image(image));
            labels.push(all.label(image));
        }
        Split::of_size(all.size(), pixels, labels)
    };
    (half(false), half(true))
}

/// What was read, in a line.
fn said(data: &Dataset, reals: bool, held_out: Option<&Reading>) -> String {
    let Dataset {
        name,
        classes,
        train,
        test,
        ..
    } = data;
    let [least, most] = range_of(train.pixels());
    let range = if reals {
        format!(
            "pixels {:.2} to {:.2}",
            f32::from(least) / 255.0,
            f32::from(most) / 255.0
        )
    } else {
        format!("pixels {least} to {most}")
    };
    let split = match held_out {
        None => String::new(),
        Some(Reading {
            hold_out: Some(part),
            ..
        }) => format!(" ({part} of each class held out)"),
        Some(_) => " (a tenth of each class held out; --hold-out sets how much)".into(),
    };
    format!(
        "{name}: {} + {} images of {}{split}, {range}, {}",
        grouped(train.len() as u64),
        grouped(test.len() as u64),
        train.size(),
        told(classes)
    )
}

/// The classes in some words.
fn told(classes: &Classes) -> String {
    /// Letters that names may take.
    const ROOM: usize = 60;
    let names = classes.names();
    let count = classes.count();
    let words = match classes {
        Classes::Unlabelled => return "no labels".into(),
        Classes::Digits => return "the ten digits".into(),
        Classes::Numbered(_) => return format!("labels 0 to {}", count - 1),
        Classes::Named(_) if count == 1 => return format!("one class: {}", names[0]),
        Classes::Named(_) => names.join(", "),
    };
    if words.chars().count() <= ROOM {
        return format!("{count} classes: {words}");
    }
    format!("{count} classes: {} to {}", names[0], names[count - 1])
}

fn range_of(pixels: &[u8]) -> [u8; 2] {
    let ends = pixels.iter().fold([255, 0], |[least, most], &pixel| {
        [pixel.min(least), pixel.max(most)]
    });
    [ends[0].min(ends[1]), ends[1]]
}

fn found_at(path: &Path, reading: &Reading) -> Result<Found, DataError> {
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
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
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

fn of_bytes(bytes: &[u8], path: &Path, name: String) -> Result<Found, DataError> {
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

impl Found {
    pub(super) fn new(name: String, train: Heap, test: Option<Heap>) -> Self {
        Self {
            name,
            train,
            test,
            names: None,
            reals: false,
            prepared: false,
            notices: Vec::new(),
        }
    }
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
    let mut candidates = candidates(folder)?;
    let mut found = match (candidates.pop(), &candidates[..]) {
        (None, _) => return pictures::of_folder(folder, reading),
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
    Ok(found)
}

/// A path as it is seen from a folder.
fn within(folder: &Path, path: &Path) -> String {
    shown(path.strip_prefix(folder).unwrap_or(path))
}

/// What a folder may be, but for pictures: its own IDX files or arrays, or else those of the
/// folders that torchvision and Keras make in it.
fn candidates(folder: &Path) -> Result<Vec<Candidate>, DataError> {
    let mut all: Vec<Candidate> = idx_set::all(folder)?
        .into_iter()
        .map(Candidate::Set)
        .collect();
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
        all.push(Candidate::Arrays);
    }
    all.extend(archives.into_iter().map(Candidate::Archive));
    for below in folders {
        // Keras keeps the files in a folder of the data's name, torchvision in `raw` below it.
        let raw = if below.file_name().is_some_and(|name| name == "raw") {
            below.clone()
        } else {
            below.join("raw")
        };
        let ours = ["train-images-idx3-ubyte", "train-images-idx3-ubyte.gz"];
        if raw.is_dir() {
            all.extend(idx_set::all(&raw)?.into_iter().map(Candidate::Set));
        } else if ours.iter().any(|name| below.join(name).is_file()) {
            all.extend(idx_set::all(&below)?.into_iter().map(Candidate::Set));
        }
    }
    Ok(all)
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

#[cfg(test)]
mod tests;
