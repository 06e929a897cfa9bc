//! Folders of PNG and JPEG pictures: a sub-folder is a class, and sub-folders `train` and
//! `test` (or `val`) are the halves.
//!
//! A picture that cannot be read among others that can is left out and told. Nothing else in
//! the folders is looked at.

mod decode;
mod listing;

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use decode::MOST_PIXELS;
pub(super) use decode::{decoded, grey, is_one};
use listing::{File, listed, names_of};

use super::{
    DataError, Reading, Unfit, name_of,
    prepare::Preparer,
    source::{Found, Heap, expect_room, expect_size},
};
use crate::{
    image::ImageSize,
    pool::Pool,
    words::{grouped, noun, shown},
};

/// Pictures that a thread reads at a time.
const BLOCK: usize = 64;
/// Pictures that cannot be read, told by name.
const TOLD: usize = 3;

/// The pictures in a folder.
pub(super) fn of_folder(folder: &Path, reading: &Reading) -> Result<Found, DataError> {
    let mut notices = Vec::new();
    let (train, test) = listed(folder, &mut notices)?;
    if train.is_empty() || test.as_ref().is_some_and(Vec::is_empty) {
        return Err(DataError::NoImages {
            folder: folder.to_owned(),
        });
    }
    let names = names_of(train.iter().chain(test.iter().flatten()));
    let pool = Pool::of_the_machine();
    let mut readers = Readers {
        folder,
        names: &names,
        reading,
        pool,
        first: None,
        skipped: Skipped::default(),
    };
    let train = readers.read(&train)?;
    let test = match test {
        Some(files) => Some(readers.read(&files)?),
        None => None,
    };
    notices.extend(readers.skipped.told());
    Ok(Found {
        names: Some(names).filter(|names| !names.is_empty()),
        notices,
        prepared: true,
        ..Found::new(name_of(folder), train, test)
    })
}

/// Pictures that could not be read.
#[derive(Default)]
struct Skipped {
    files: usize,
    named: Vec<String>,
    of: usize,
}

impl Skipped {
    fn add(&mut self, name: &str, why: &str) {
        self.files += 1;
        if self.named.len() < TOLD {
            self.named.push(format!("{name} ({why})"));
        }
    }

    fn told(&self) -> Option<String> {
        let more = match self.files - self.named.len() {
            0 => String::new(),
            more => format!(" and {} more", grouped(more as u64)),
        };
        (self.files > 0).then(|| {
            format!(
                "left out {} of {} {} that cannot be read: {}{more}",
                grouped(self.files as u64),
                grouped(self.of as u64),
                noun(self.of as u64, "picture"),
                self.named.join(", ")
            )
        })
    }
}

/// What became of a file.
enum Outcome {
    Picture(ImageSize, Vec<u8>),
    /// Of a size that is not wanted.
    Odd(ImageSize),
    Bad(String),
}

fn read_one(path: &Path, reading: &Reading, first: Option<ImageSize>) -> Outcome {
    let bytes = match fs::File::open(path).and_then(|file| {
        let mut bytes = Vec::new();
        file.take(MOST_PIXELS as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }) {
        Ok(bytes) => bytes,
        Err(cause) => return Outcome::Bad(cause.to_string()),
    };
    match decoded(&bytes) {
        Err(why) => Outcome::Bad(why),
        Ok((size, pixels)) => {
            let mut preparer = Preparer::new(size, reading);
            let prepared = preparer.size();
            match first {
                Some(first) if first != prepared => Outcome::Odd(prepared),
                _ if expect_size(prepared).is_err() => Outcome::Odd(prepared),
                _ => Outcome::Picture(prepared, preparer.picture(&pixels)),
            }
        }
    }
}

/// Reads pictures, all of one size.
struct Readers<'a> {
    folder: &'a Path,
    /// The classes in order.
    names: &'a [String],
    reading: &'a Reading,
    pool: Pool,
    /// The first picture that could be read, which says the size.
    first: Option<(PathBuf, ImageSize)>,
    skipped: Skipped,
}

impl Readers<'_> {
    /// The pictures of these files.
    fn read(&mut self, files: &[File]) -> Result<Heap, DataError> {
        self.skipped.of += files.len();
        let (first, size) = self.first(files)?;
        expect_room(files.len(), size).map_err(|why| DataError::unfit(self.folder, why))?;
        let blocks: Vec<&[File]> = files.chunks(BLOCK).collect();
        let outcomes = self.pool.map(blocks.len(), |block| {
            let files = blocks[block].iter();
            files
                .map(|file| read_one(&file.path, self.reading, Some(size)))
                .collect::<Vec<_>>()
        });
        let mut pixels = Vec::with_capacity(files.len() * size.pixels());
        let mut labels = Vec::new();
        for (File { path, class }, outcome) in files.iter().zip(outcomes.into_iter().flatten()) {
            match outcome {
                Outcome::Picture(_, picture) => {
                    pixels.extend(picture);
                    let place = |class: &String| self.names.iter().position(|name| name == class);
                    labels.extend(class.as_ref().and_then(place).map(|class| class as i64));
                }
                Outcome::Odd(odd) => {
                    return Err(DataError::unfit(
                        path,
                        Unfit::Sizes {
                            size: odd,
                            first: within(self.folder, &first),
                            first_size: size,
                        },
                    ));
                }
                Outcome::Bad(why) => self.skipped.add(&within(self.folder, path), &why),
            }
        }
        let labels = files
            .iter()
            .any(|file| file.class.is_some())
            .then_some(labels);
        Ok(Heap {
            size,
            pixels,
            labels,
        })
    }

    /// The first picture decides the size, before thousands of photographs are decoded in vain.
    fn first(&mut self, files: &[File]) -> Result<(PathBuf, ImageSize), DataError> {
        if let Some(first) = &self.first {
            return Ok(first.clone());
        }
        let mut why_not = None;
        for File { path, .. } in files {
            match read_one(path, self.reading, None) {
                Outcome::Picture(size, _) => {
                    return Ok(self.first.insert((path.clone(), size)).clone());
                }
                Outcome::Odd(size) => return Err(DataError::unfit(path, Unfit::Size(size))),
                Outcome::Bad(why) => {
                    let words = || format!("{} ({why})", within(self.folder, path));
                    why_not.get_or_insert_with(words);
                }
            }
        }
        let (files, first) = (files.len(), why_not.unwrap_or_default());
        Err(DataError::unfit(
            self.folder,
            Unfit::NoneReadable { files, first },
        ))
    }
}

fn within(folder: &Path, path: &Path) -> String {
    shown(path.strip_prefix(folder).unwrap_or(path))
}

#[cfg(test)]
mod tests;
