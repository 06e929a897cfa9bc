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
    idx::{self, Contents},
};

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

impl Found {
    /// Reads and checks the whole file; returns its pixels or labels.
    ///
    /// Takes no more memory than the file should have, whatever it has.
    pub(super) fn read(&self) -> Result<Vec<u8>, DataError> {
        // One byte more than wanted shows that a file is too long, and lets a
        // gzip stream reach its checksum.
        let limit = self.contents.file_len() as u64 + 1;
        let mut bytes = Vec::with_capacity(self.contents.file_len() + 1);
        let file = File::open(&self.path).map_err(|cause| self.unreadable(cause))?;
        match self.packing {
            Packing::Raw => file
                .take(limit)
                .read_to_end(&mut bytes)
                .map_err(|cause| self.unreadable(cause))?,
            Packing::Gzip => MultiGzDecoder::new(BufReader::new(file))
                .take(limit)
                .read_to_end(&mut bytes)
                .map_err(|cause| DataError::BrokenGzip {
                    file: self.path.clone(),
                    cause,
                })?,
        };
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
        find(folder, SMALL)?.iter().map(Found::read).collect()
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
        if wanted.contents.kind == Kind::Labels {
            for label in [10, 255] {
                let mut bytes = good.clone();
                bytes[header + 1] = label;
                spoilt.push((format!("label {label}"), bytes));
            }
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
