//! Folders of PNG and JPEG pictures: a sub-folder is a class, and sub-folders `train` and
//! `test` (or `val`) are the halves.
//!
//! A picture that cannot be read among others that can is left out and told. Nothing else in
//! the folders is looked at.

use std::{
    cmp::Ordering,
    collections::BTreeSet,
    fs,
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

use zune_jpeg::{
    JpegDecoder,
    zune_core::{colorspace::ColorSpace, options::DecoderOptions},
};

use super::{
    DataError, Reading, Unfit, name_of,
    prepare::Preparer,
    source::{Found, Heap, expect_size},
};
use crate::{
    arrays::MAX_BYTES,
    image::ImageSize,
    pool::Pool,
    words::{grouped, noun, printable, shown},
};

/// The longest side of a picture that is decoded.
const MOST_SIDE: usize = 16_384;
/// The most pixels of one, and the most bytes of its file.
const MOST_PIXELS: usize = 64 << 20;
/// Folders within folders of a class that are looked into.
const DEEPEST: usize = 8;
/// Pictures that a thread reads at a time.
const BLOCK: usize = 64;
/// Pictures that cannot be read, told by name.
const TOLD: usize = 3;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xff\xd8\xff";

/// Whether these bytes begin as a picture does.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(PNG) || bytes.starts_with(JPEG)
}

/// A picture in greys.
///
/// # Errors
///
/// Why it cannot be decoded, in words.
pub(super) fn decoded(bytes: &[u8]) -> Result<(ImageSize, Vec<u8>), String> {
    if bytes.starts_with(PNG) {
        png_decoded(bytes).map_err(|error| printable(&error.to_string(), 100))?
    } else if bytes.starts_with(JPEG) {
        jpeg_decoded(bytes)
    } else {
        Err("its first bytes are those of no picture".into())
    }
}

fn expect_bounded(width: usize, height: usize) -> Result<ImageSize, String> {
    let size = ImageSize { height, width };
    if width > MOST_SIDE || height > MOST_SIDE || size.pixels() > MOST_PIXELS {
        return Err(format!("{size} is too large"));
    }
    Ok(size)
}

type Decoded = Result<(ImageSize, Vec<u8>), String>;

fn png_decoded(bytes: &[u8]) -> Result<Decoded, png::DecodingError> {
    let limits = png::Limits {
        bytes: 4 * MOST_PIXELS,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let (width, height) = reader.info().size();
    let size = match expect_bounded(width as usize, height as usize) {
        Ok(size) => size,
        Err(why) => return Ok(Err(why)),
    };
    let Some(length) = reader.output_buffer_size() else {
        return Ok(Err(format!("{size} is too large")));
    };
    let mut pixels = vec![0; length];
    let info = reader.next_frame(&mut pixels)?;
    pixels.truncate(info.buffer_size());
    let pixels = match info.color_type {
        png::ColorType::Grayscale | png::ColorType::Indexed => pixels,
        png::ColorType::GrayscaleAlpha => pixels
            .as_chunks()
            .0
            .iter()
            .map(|&[grey, solid]| on_white(grey, solid))
            .collect(),
        png::ColorType::Rgb => pixels
            .as_chunks()
            .0
            .iter()
            .map(|&colour| grey(colour))
            .collect(),
        png::ColorType::Rgba => {
            let colours = pixels.as_chunks().0.iter();
            colours
                .map(|&[red, green, blue, solid]| on_white(grey([red, green, blue]), solid))
                .collect()
        }
    };
    Ok(Ok((size, pixels)))
}

/// What shines through is paper.
fn on_white(grey: u8, solid: u8) -> u8 {
    let [grey, solid] = [grey, solid].map(u32::from);
    ((grey * solid + 255 * (255 - solid) + 127) / 255) as u8
}

/// A colour as the eye weighs it (Rec. 601).
pub(super) fn grey(colour: [u8; 3]) -> u8 {
    let [red, green, blue] = colour.map(u32::from);
    ((299 * red + 587 * green + 114 * blue + 500) / 1000) as u8
}

fn jpeg_decoded(bytes: &[u8]) -> Decoded {
    let words = |error: &dyn std::fmt::Display| printable(&error.to_string(), 100);
    let options = DecoderOptions::new_safe()
        .set_max_width(MOST_SIDE)
        .set_max_height(MOST_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| words(&error))?;
    let (width, height) = decoder.dimensions().ok_or("it does not say its size")?;
    let size = expect_bounded(width, height)?;
    let pixels = decoder.decode().map_err(|error| words(&error))?;
    if pixels.len() != size.pixels() {
        return Err("its colours are of no kind that is read".into());
    }
    Ok((size, pixels))
}

/// A picture's file, and the folder that is its class, where there are such.
struct File {
    path: PathBuf,
    class: Option<String>,
}

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
        let (images, most) = (files.len(), MAX_BYTES);
        if (images as u64).saturating_mul(size.pixels() as u64) > most {
            let most = most >> 20;
            return Err(DataError::unfit(
                self.folder,
                Unfit::Many { images, size, most },
            ));
        }
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

/// The classes of pictures, in the order of their names.
fn names_of<'a>(files: impl Iterator<Item = &'a File>) -> Vec<String> {
    let names: BTreeSet<&String> = files.filter_map(|file| file.class.as_ref()).collect();
    let mut names: Vec<String> = names.into_iter().cloned().collect();
    names.sort_by(|a, b| naturally(a, b));
    names
}

/// The pictures of a folder: to learn from, and held out where its sub-folders say so.
fn listed(
    folder: &Path,
    notices: &mut Vec<String>,
) -> Result<(Vec<File>, Option<Vec<File>>), DataError> {
    let (_, folders) = entries(folder)?;
    let named = |wanted: &[&str]| {
        folders.iter().find(|path| {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            wanted
                .iter()
                .any(|wanted| name.eq_ignore_ascii_case(wanted))
        })
    };
    let test = named(&["test", "testing"]).or_else(|| named(&["val", "valid", "validation"]));
    match named(&["train", "training"]).zip(test) {
        Some((train, test)) => Ok((classed(train, notices)?, Some(classed(test, notices)?))),
        None => Ok((classed(folder, notices)?, None)),
    }
}

/// The pictures in a folder; where sub-folders have some, those are the classes.
fn classed(folder: &Path, notices: &mut Vec<String>) -> Result<Vec<File>, DataError> {
    let (pictures, folders) = entries(folder)?;
    let mut all = Vec::new();
    for below in folders {
        let mut found = Vec::new();
        gather(&below, DEEPEST, &mut found)?;
        let class = name_of(&below);
        all.extend(found.into_iter().map(|path| File {
            path,
            class: Some(class.clone()),
        }));
    }
    if all.is_empty() {
        return Ok(pictures
            .into_iter()
            .map(|path| File { path, class: None })
            .collect());
    }
    if !pictures.is_empty() {
        notices.push(format!(
            "left out {} {} of no class, beside the folders of the classes",
            grouped(pictures.len() as u64),
            noun(pictures.len() as u64, "picture")
        ));
    }
    Ok(all)
}

/// All pictures of a folder and of those in it.
fn gather(folder: &Path, deeper: usize, found: &mut Vec<PathBuf>) -> Result<(), DataError> {
    let (pictures, folders) = entries(folder)?;
    found.extend(pictures);
    if deeper > 0 {
        folders
            .iter()
            .try_for_each(|below| gather(below, deeper - 1, found))?;
    }
    Ok(())
}

/// The pictures and the folders in a folder by their names, but for hidden ones, in the order
/// that a person would put them in.
fn entries(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), DataError> {
    let unreadable = |cause| DataError::Unreadable {
        file: folder.to_owned(),
        cause,
    };
    let (mut pictures, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "__MACOSX" {
            continue;
        }
        let path = entry.path();
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default();
        let is_picture = ["png", "jpg", "jpeg"]
            .iter()
            .any(|one| ending.eq_ignore_ascii_case(one));
        let kind = entry.file_type().map_err(unreadable)?;
        // A link is what it leads to.
        let leads_to = |is: fn(&Path) -> bool| kind.is_symlink() && is(&path);
        if kind.is_dir() || leads_to(Path::is_dir) {
            folders.push((name, path));
        } else if is_picture && (kind.is_file() || leads_to(Path::is_file)) {
            pictures.push((name, path));
        }
    }
    let sorted = |mut all: Vec<(String, PathBuf)>| -> Vec<PathBuf> {
        all.sort_by(|(a, _), (b, _)| naturally(a, b));
        all.into_iter().map(|(_, path)| path).collect()
    };
    Ok((sorted(pictures), sorted(folders)))
}

/// `2` before `10`, and `a` before `b`.
fn naturally(a: &str, b: &str) -> Ordering {
    let pieces = |text: &str| -> Vec<(u128, String)> {
        let pieces = text
            .as_bytes()
            .chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
        let piece = |piece: &[u8]| {
            let piece = String::from_utf8_lossy(piece).into_owned();
            // Figures come before letters, as in any table of characters.
            (piece.parse().unwrap_or(u128::MAX), piece)
        };
        pieces.map(piece).collect()
    };
    pieces(a).cmp(&pieces(b)).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests;
