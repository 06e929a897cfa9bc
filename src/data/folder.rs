//! Four IDX files in a folder somebody else made: found by name, then read and
//! checked whole. Nothing is ever written there.

use std::{
    fs::{self, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use flate2::bufread::MultiGzDecoder;

use super::{
    DataError,
    idx::{self, Contents, Flaw},
    survey,
};
use crate::words::shown;

/// One of the four files as it should be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Its original name.
    pub(super) name: &'static str,
    /// What it holds.
    pub(super) contents: Contents,
}

/// How the bytes are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Raw,
    Gzip,
}

/// One of the four files as it is.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) packing: Packing,
    pub(super) contents: Contents,
}

/// Looks up one file for each that is wanted.
pub(super) fn find(folder: &Path, wanted: [Wanted; 4]) -> Result<[Found; 4], DataError> {
    if !folder.is_dir() {
        return Err(DataError::NotAFolder {
            folder: folder.to_owned(),
        });
    }
    let [a, b, c, d] = wanted;
    Ok([
        find_one(folder, a)?,
        find_one(folder, b)?,
        find_one(folder, c)?,
        find_one(folder, d)?,
    ])
}

fn find_one(folder: &Path, Wanted { name, contents }: Wanted) -> Result<Found, DataError> {
    // `train-images.idx3-ubyte` is as common as the original name.
    let dotted = name.replace("-idx", ".idx");
    let candidates = [
        name.to_owned(),
        dotted.clone(),
        format!("{name}.gz"),
        format!("{dotted}.gz"),
    ];
    let mut not_a_file = None;
    for path in candidates.map(|name| folder.join(name)) {
        match fs::metadata(&path) {
            Ok(about) if about.is_file() => {
                let packing = packing_of(&path).map_err(|cause| DataError::Unreadable {
                    file: path.clone(),
                    cause,
                })?;
                return Ok(Found {
                    path,
                    packing,
                    contents,
                });
            }
            // A folder may have the one name and hold nothing of ours, while
            // the file has the other. A pipe is never opened: it could block.
            Ok(_) => not_a_file = not_a_file.or(Some(path)),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => return Err(DataError::Unreadable { file: path, cause }),
        }
    }
    Err(match not_a_file {
        Some(file) => DataError::NotAFile { file },
        None => DataError::Missing {
            folder: folder.to_owned(),
            name,
        },
    })
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

/// Reads and checks all four files; where one is refused, for the reason that the
/// four give together.
pub(super) fn read(folder: &Path, files: &[Found; 4]) -> Result<[Vec<u8>; 4], DataError> {
    let [a, b, c, d] = files;
    let all = || Ok([a.read()?, b.read()?, c.read()?, d.read()?]);
    all().map_err(|refused| explained(folder, files, refused))
}

/// A file that is not of the shape that is wanted may yet be a whole one.
pub(super) fn explained(folder: &Path, files: &[Found; 4], refused: DataError) -> DataError {
    match refused {
        DataError::Refused {
            flaw: Flaw::Count { .. } | Flaw::Size { .. } | Flaw::Label { .. },
            ..
        } => survey::explain(folder, files, refused),
        refused => refused,
    }
}

impl Found {
    /// Its name in the folder.
    pub(super) fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        shown(Path::new(name))
    }

    /// Its bytes, unpacked.
    pub(super) fn open(&self) -> Result<Box<dyn Read>, DataError> {
        let file = BufReader::new(File::open(&self.path).map_err(|cause| self.unreadable(cause))?);
        Ok(match self.packing {
            Packing::Raw => Box::new(file),
            Packing::Gzip => Box::new(MultiGzDecoder::new(file)),
        })
    }

    /// Why its bytes end before the file does.
    pub(super) fn broken(&self, cause: io::Error) -> DataError {
        match self.packing {
            Packing::Raw => self.unreadable(cause),
            Packing::Gzip => DataError::BrokenGzip {
                file: self.path.clone(),
                cause,
            },
        }
    }

    /// Reads and checks the whole file; returns its pixels or labels.
    ///
    /// Takes no more memory than the file should have, whatever it has.
    pub(super) fn read(&self) -> Result<Vec<u8>, DataError> {
        // One byte more than wanted shows that a file is too long, and lets a
        // gzip stream reach its checksum.
        let limit = self.contents.file_len() as u64 + 1;
        let mut bytes = Vec::with_capacity(self.contents.file_len() + 1);
        self.open()?
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(|cause| self.broken(cause))?;
        idx::parse(&bytes, self.contents).map_err(|flaw| DataError::Refused {
            file: self.path.clone(),
            flaw,
        })?;
        bytes.drain(..self.contents.header_len());
        Ok(bytes)
    }

    fn unreadable(&self, cause: io::Error) -> DataError {
        DataError::Unreadable {
            file: self.path.clone(),
            cause,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::idx::Kind;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    use tempfile::TempDir;

    /// MNIST in small: the same names and format, fewer images.
    const SMALL: [Wanted; 4] = [
        small("train-images-idx3-ubyte", Kind::Images, 6),
        small("train-labels-idx1-ubyte", Kind::Labels, 6),
        small("t10k-images-idx3-ubyte", Kind::Images, 2),
        small("t10k-labels-idx1-ubyte", Kind::Labels, 2),
    ];

    const fn small(name: &'static str, kind: Kind, count: u32) -> Wanted {
        let contents = Contents { kind, count };
        Wanted { name, contents }
    }

    fn whole(contents: Contents) -> Vec<u8> {
        let mut bytes = contents.header();
        bytes.resize(contents.file_len(), 4);
        bytes
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn good_folder() -> TempDir {
        let folder = TempDir::new().unwrap();
        for Wanted { name, contents } in SMALL {
            fs::write(folder.path().join(name), whole(contents)).unwrap();
        }
        folder
    }

    fn read(folder: &Path) -> Result<Vec<Vec<u8>>, DataError> {
        super::read(folder, &find(folder, SMALL)?).map(Vec::from)
    }

    fn payloads() -> Vec<Vec<u8>> {
        SMALL
            .iter()
            .map(|wanted| whole(wanted.contents).split_off(wanted.contents.header_len()))
            .collect()
    }

    #[test]
    fn raw_files_are_read_under_both_their_names() {
        let folder = good_folder();
        assert_eq!(read(folder.path()).unwrap(), payloads());
        for Wanted { name, .. } in SMALL {
            let dotted = name.replace("-idx", ".idx");
            fs::rename(folder.path().join(name), folder.path().join(dotted)).unwrap();
            assert_eq!(read(folder.path()).unwrap(), payloads());
        }
        assert!(folder.path().join("t10k-labels.idx1-ubyte").exists());
    }

    #[test]
    fn packed_files_are_read_whether_or_not_their_name_says_so() {
        for ending in [".gz", ""] {
            let folder = good_folder();
            for Wanted { name, contents } in SMALL {
                fs::remove_file(folder.path().join(name)).unwrap();
                let name = format!("{name}{ending}");
                fs::write(folder.path().join(name), gzip(&whole(contents))).unwrap();
                // From the second on, raw and packed files are mixed.
                assert_eq!(read(folder.path()).unwrap(), payloads());
            }
        }
    }

    #[test]
    fn a_raw_file_is_read_even_if_its_name_says_gz() {
        let folder = good_folder();
        let raw = folder.path().join(SMALL[0].name);
        fs::rename(&raw, raw.with_extension("gz")).unwrap();
        assert_eq!(read(folder.path()).unwrap(), payloads());
    }

    #[test]
    fn a_folder_with_the_name_of_a_file_does_not_hide_the_file() {
        let folder = good_folder();
        let name = folder.path().join(SMALL[0].name);
        fs::rename(&name, folder.path().join("train-images.idx3-ubyte")).unwrap();
        fs::create_dir(&name).unwrap();
        assert_eq!(read(folder.path()).unwrap(), payloads());
    }

    /// Every way to spoil the bytes of a file that is known to happen.
    fn corruptions(wanted: Wanted) -> Vec<(String, Vec<u8>)> {
        let good = whole(wanted.contents);
        let header = wanted.contents.header_len();
        let mut spoilt = Vec::new();
        for byte in 0..header {
            for step in [1, 255] {
                let mut bytes = good.clone();
                bytes[byte] = bytes[byte].wrapping_add(step);
                spoilt.push((format!("header byte {byte} off by {step}"), bytes));
            }
        }
        for cut in [0, 1, 2, 3, 4, 7, 8, 11, 15, 16, good.len() - 1] {
            // Eight bytes are a whole header of labels, but never a whole file.
            if cut < good.len() {
                spoilt.push((format!("cut at {cut}"), good[..cut].to_vec()));
            }
        }
        for extra in [1, 784] {
            let long = [good.clone(), vec![0; extra]].concat();
            spoilt.push((format!("{extra} bytes too many, packed"), gzip(&long)));
            spoilt.push((format!("{extra} bytes too many"), long));
        }
        for other in SMALL {
            if other.name != wanted.name {
                spoilt.push((
                    format!("{} in its place", other.name),
                    whole(other.contents),
                ));
            }
        }
        spoilt.push(("a web page".into(), b"<html>404</html>".to_vec()));
        spoilt.push(("all zero".into(), vec![0; good.len()]));
        spoilt.push(("packed twice".into(), gzip(&gzip(&good))));
        spoilt.push(("a bomb".into(), gzip(&vec![0; 1 << 24])));
        let packed = gzip(&good);
        for cut in [
            2,
            9,
            10,
            packed.len() / 2,
            packed.len() - 8,
            packed.len() - 1,
        ] {
            spoilt.push((format!("gzip cut at {cut}"), packed[..cut].to_vec()));
        }
        // The last eight bytes of gzip are its checksum and length.
        for from_end in 1..=8 {
            let mut bytes = packed.clone();
            let at = bytes.len() - from_end;
            bytes[at] ^= 1;
            spoilt.push((format!("gzip checksum byte {from_end}"), bytes));
        }
        spoilt.push(("bytes after gzip".into(), [packed, vec![7; 9]].concat()));
        spoilt
    }

    #[test]
    fn a_spoilt_file_is_refused_in_one_line_that_names_it() {
        let folder = good_folder();
        for wanted in SMALL {
            let path = folder.path().join(wanted.name);
            for (what, bytes) in corruptions(wanted) {
                fs::write(&path, &bytes).unwrap();
                let Err(error) = read(folder.path()) else {
                    panic!("{what} was accepted as {}", wanted.name);
                };
                let words = error.to_string();
                assert!(words.contains(wanted.name), "{what}: {words}");
                assert!(words.contains([';', '?']), "no cure in {words}");
                assert!(!words.contains(char::is_control), "{what}: {words}");
            }
            fs::write(&path, whole(wanted.contents)).unwrap();
        }
        assert_eq!(read(folder.path()).unwrap(), payloads());
    }

    /// A folder of whole files that go together, of other images than are wanted.
    fn other_folder(train: u32, test: u32, sides: [u32; 2], labels: &[u8]) -> TempDir {
        let folder = TempDir::new().unwrap();
        for (number, Wanted { name, contents }) in SMALL.into_iter().enumerate() {
            let count = if number < 2 { train } else { test };
            let mut bytes = Contents { count, ..contents }.header();
            match contents.kind {
                Kind::Images => {
                    bytes.truncate(8);
                    bytes.extend(sides.iter().flat_map(|side| side.to_be_bytes()));
                    bytes.resize(16 + (count * sides[0] * sides[1]) as usize, 7);
                }
                Kind::Labels => {
                    bytes.extend(labels.iter().cycle().take(count as usize));
                }
            }
            let (name, bytes) = match number {
                // Packed files are looked through as raw ones are.
                0 => (format!("{name}.gz"), gzip(&bytes)),
                _ => (name.to_owned(), bytes),
            };
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        folder
    }

    #[test]
    fn whole_files_of_other_data_are_called_other_and_not_damaged() {
        let taken = "takes only 6 + 2 images of 28x28 with labels 0 to 9 today";
        for (train, test, sides, labels, found) in [
            (
                5_000,
                10,
                [28, 28],
                &[0, 25][..],
                "5,000 + 10 images of 28x28 with labels 0 to 25",
            ),
            (
                6,
                2,
                [32, 32],
                &[1, 9],
                "6 + 2 images of 32x32 with labels 1 to 9",
            ),
            (
                6,
                2,
                [28, 28],
                &[3, 10],
                "6 + 2 images of 28x28 with labels 3 to 10",
            ),
            (
                6,
                2,
                [28, 28],
                &[255],
                "6 + 2 images of 28x28 with labels 255 to 255",
            ),
            (
                6,
                6,
                [20, 28],
                &[0, 1],
                "6 + 6 images of 20x28 with labels 0 to 1",
            ),
            (
                0,
                2,
                [28, 28],
                &[4],
                "0 + 2 images of 28x28 with labels 4 to 4",
            ),
            (
                7,
                0,
                [28, 28],
                &[4],
                "7 + 0 images of 28x28 with labels 4 to 4",
            ),
            (
                0,
                0,
                [28, 28],
                &[4],
                "0 + 0 images of 28x28; these files are whole",
            ),
        ] {
            let folder = other_folder(train, test, sides, labels);
            let error = read(folder.path()).unwrap_err();
            assert!(matches!(error, DataError::OtherData { .. }), "{error}");
            let words = error.to_string();
            assert!(words.contains(found) && words.ends_with(taken), "{words}");
            for wrong in ["swapped", "again", "damaged", "cut"] {
                assert!(!words.contains(wrong), "{words}");
            }
        }
    }

    #[test]
    fn other_data_that_is_damaged_or_of_two_sets_is_named_as_such() {
        let spoilt = |name: &str, change: &dyn Fn(&mut Vec<u8>)| {
            let folder = other_folder(50, 10, [32, 32], &[0, 25]);
            let path = folder.path().join(name);
            let mut bytes = fs::read(&path).unwrap();
            change(&mut bytes);
            fs::write(&path, bytes).unwrap();
            let words = read(folder.path()).unwrap_err().to_string();
            assert!(words.contains(name), "{words}");
            words
        };
        let cut = spoilt(SMALL[2].name, &|bytes| bytes.truncate(5_000));
        assert!(
            cut.contains("expected 10256 bytes, found 5000; the file was cut short"),
            "{cut}"
        );
        let long = spoilt(SMALL[3].name, &|bytes| bytes.push(1));
        assert!(long.contains("expected 18 bytes, found more"), "{long}");
        let packed = spoilt("train-images-idx3-ubyte.gz", &|bytes| bytes.truncate(100));
        assert!(packed.contains("broken gzip"), "{packed}");
        let page = spoilt(SMALL[3].name, &|bytes| *bytes = b"<html>404".to_vec());
        assert!(page.contains("web page"), "{page}");
        let fewer = spoilt(SMALL[1].name, &|bytes| {
            bytes[7] -= 1;
            bytes.pop();
        });
        assert!(
            fewer.contains("found 50 images, and 49 labels in"),
            "{fewer}"
        );
        assert!(
            fewer.ends_with("put the four files of one data set there"),
            "{fewer}"
        );

        let folder = other_folder(50, 10, [32, 32], &[0, 25]);
        let small = other_folder(50, 10, [28, 28], &[0, 25]);
        fs::copy(
            small.path().join(SMALL[2].name),
            folder.path().join(SMALL[2].name),
        )
        .unwrap();
        let words = read(folder.path()).unwrap_err().to_string();
        assert!(
            words.contains("found images of 28x28, and of 32x32 in train-images"),
            "{words}"
        );

        // A promise that no memory could hold is only counted.
        let huge = spoilt(SMALL[2].name, &|bytes| bytes[4..16].fill(0xff));
        assert!(huge.contains("the file was cut short"), "{huge}");
    }

    #[test]
    fn swapped_files_are_refused_as_swapped() {
        for (a, b, words) in [
            (0, 2, "train and the t10k"),
            (1, 3, "train and the t10k"),
            (0, 1, "images and the labels"),
            (2, 3, "images and the labels"),
        ] {
            let folder = good_folder();
            fs::write(folder.path().join(SMALL[a].name), whole(SMALL[b].contents)).unwrap();
            fs::write(folder.path().join(SMALL[b].name), whole(SMALL[a].contents)).unwrap();
            let error = read(folder.path()).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        let folder = good_folder();
        for (a, b) in [(0, 2), (1, 3), (2, 0), (3, 1)] {
            fs::write(folder.path().join(SMALL[a].name), whole(SMALL[b].contents)).unwrap();
        }
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("found 2 images, and 6 in t10k"), "{error}");
        assert!(
            error.contains("train and the t10k files swapped?"),
            "{error}"
        );
    }

    #[test]
    fn a_label_too_few_is_no_swap() {
        let folder = good_folder();
        let five = Contents {
            kind: Kind::Labels,
            count: 5,
        };
        fs::write(folder.path().join(SMALL[1].name), whole(five)).unwrap();
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("found 6 images, and 5 labels"), "{error}");
        assert!(!error.contains("swapped"), "{error}");
    }

    #[test]
    fn what_is_no_regular_file_is_refused_and_never_waited_for() {
        for Wanted { name, .. } in SMALL {
            let folder = good_folder();
            let path = folder.path().join(name);

            fs::remove_file(&path).unwrap();
            let error = read(folder.path()).unwrap_err();
            assert!(matches!(error, DataError::Missing { .. }));
            assert!(error.to_string().contains(name));

            fs::create_dir(&path).unwrap();
            let error = read(folder.path()).unwrap_err();
            assert!(matches!(&error, DataError::NotAFile { file } if *file == path));

            fs::remove_dir(&path).unwrap();
            let made = std::process::Command::new("mkfifo").arg(&path).status();
            assert!(made.unwrap().success());
            let error = read(folder.path()).unwrap_err();
            assert!(matches!(&error, DataError::NotAFile { file } if *file == path));

            fs::remove_file(&path).unwrap();
            std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
            let error = read(folder.path()).unwrap_err();
            assert!(matches!(&error, DataError::NotAFile { file } if *file == path));
        }
    }

    #[test]
    fn a_path_that_is_no_folder_is_refused() {
        let folder = good_folder();
        for path in [
            folder.path().join("nowhere"),
            folder.path().join(SMALL[0].name),
        ] {
            let error = read(&path).unwrap_err();
            assert!(matches!(error, DataError::NotAFolder { folder } if folder == path));
        }
    }
}
