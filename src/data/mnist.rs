//! MNIST inside the program, or any four files of its shape in a folder.
//! `assets/README.md` says whose it is.
//!
//! The `mnist` crate parses the raw files. It panics on most bad input and
//! believes some, so it sees only files that were checked before.

use std::{any::Any, panic, path::Path};

use mnist::{Mnist, MnistBuilder};
use sha2::{Digest, Sha256};

use super::{
    CLASSES, Classes, DataError, Dataset, Split, digest_of,
    folder::{self, Found, Packing, Wanted},
    hex,
    idx::{Contents, Kind},
    unpack::{self, Places},
};
use crate::words::printable;

pub use unpack::Stay;

/// Images to learn from.
const TRAIN: u32 = 60_000;
/// Images held out.
const TEST: u32 = 10_000;
/// Characters of a data set's name: of a folder's, which systems allow 255 bytes.
const LONGEST_NAME: usize = 255;

/// One of MNIST's four files.
#[derive(Debug, Clone, Copy)]
pub(super) struct File {
    pub(super) name: &'static str,
    pub(super) contents: Contents,
    pub(super) sha256: &'static str,
}

/// The four files in the order of the archive.
pub(super) const FILES: [File; 4] = [
    File {
        name: "train-images-idx3-ubyte",
        contents: contents(Kind::Images, TRAIN),
        sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    },
    File {
        name: "train-labels-idx1-ubyte",
        contents: contents(Kind::Labels, TRAIN),
        sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    },
    File {
        name: "t10k-images-idx3-ubyte",
        contents: contents(Kind::Images, TEST),
        sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    },
    File {
        name: "t10k-labels-idx1-ubyte",
        contents: contents(Kind::Labels, TEST),
        sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
];

/// What the data inside the program is called.
pub const NAME: &str = "MNIST";

/// SHA-256 of its four files one after the other, as in [`Dataset::digest`].
pub const DIGEST: &str = "b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a";

const fn contents(kind: Kind, count: u32) -> Contents {
    Contents { kind, count }
}

/// The MNIST inside the program.
///
/// The first run unpacks it into the user's cache, or for a moment into a
/// temporary folder if there is no cache that can be written. Every run checks
/// the SHA-256 of what it reads, and unpacks anew what is damaged.
///
/// # Errors
///
/// [`DataError::NotUnpacked`] if no place takes the files,
/// [`DataError::DamagedArchive`] if the program file is damaged, and
/// [`DataError::Changed`] if somebody changes the files at this very moment.
pub fn embedded() -> Result<Dataset, DataError> {
    embedded_at(&Places::of_user())
}

/// Makes sure that the embedded MNIST is unpacked, and says where.
///
/// Without a cache that can be written this is a folder of the user's among the
/// temporary files, the same every time, which stays until they are cleared away.
///
/// # Errors
///
/// As for [`embedded`].
pub fn unpacked_dir() -> Result<Stay, DataError> {
    unpack::unpack_to_stay(&Places::of_user())
}

/// The data of a folder with four files named and shaped as MNIST's.
///
/// Each may be raw or gzip, and named `train-images-idx3-ubyte` or
/// `train-images.idx3-ubyte`, with or without `.gz`. Nothing is written there.
///
/// # Errors
///
/// One that names the first file that is missing or not what it should be.
pub fn from_dir(dir: &Path) -> Result<Dataset, DataError> {
    let files = folder::find(dir, wanted())?;
    let (splits, digest) = if let Some((folder, names)) = raw_names(dir, &files) {
        let checked = check(dir, &files)?;
        let splits = through_crate(folder, names)?;
        if digest_of(&splits) != checked {
            return Err(changed(dir, "two readings differ"));
        }
        (splits, checked)
    } else {
        let splits = own_reader(dir, &files)?;
        let digest = digest_of(&splits);
        (splits, digest)
    };
    let (train, test) = splits;
    // Under whatever name its folder goes.
    let name = if digest == DIGEST {
        NAME.to_owned()
    } else {
        name_of(dir)
    };
    let classes = if digest == DIGEST {
        Classes::Digits
    } else {
        Classes::numbered(CLASSES)
    };
    Ok(Dataset {
        name,
        classes,
        train,
        test,
        digest,
    })
}

fn embedded_at(places: &Places) -> Result<Dataset, DataError> {
    let unpacked = unpack::unpack(places)?;
    let files = folder::find(unpacked.folder(), wanted())?;
    let (train, test) = match raw_names(unpacked.folder(), &files) {
        Some((folder, names)) => through_crate(folder, names)?,
        None => own_reader(unpacked.folder(), &files)?,
    };
    Ok(Dataset {
        name: NAME.to_owned(),
        classes: Classes::Digits,
        train,
        test,
        digest: DIGEST.to_owned(),
    })
}

fn wanted() -> [Wanted; 4] {
    FILES.map(|File { name, contents, .. }| Wanted { name, contents })
}

/// What the `mnist` crate has to be told, if it can read these files at all: it
/// takes raw files only, and paths only as text.
fn raw_names<'a>(dir: &'a Path, files: &'a [Found; 4]) -> Option<(&'a str, [&'a str; 4])> {
    let mut names = [""; 4];
    for (name, file) in names.iter_mut().zip(files) {
        if file.packing == Packing::Gzip {
            return None;
        }
        *name = file.path.file_name()?.to_str()?;
    }
    Some((dir.to_str()?, names))
}

/// Checks each file, holding one at a time, and returns the digest of them all.
fn check(dir: &Path, files: &[Found; 4]) -> Result<String, DataError> {
    let mut digest = Sha256::new();
    for file in files {
        let payload = file
            .read()
            .map_err(|refused| folder::explained(dir, files, refused))?;
        digest.update(file.contents.header());
        digest.update(payload);
    }
    Ok(hex(&digest.finalize()))
}

fn own_reader(dir: &Path, files: &[Found; 4]) -> Result<(Split, Split), DataError> {
    let [a, b, c, d] = folder::read(dir, files)?;
    Ok((Split::new(a, b), Split::new(c, d)))
}

/// Parses checked raw files with the `mnist` crate, whose only way to report an
/// error is a panic.
fn through_crate(folder: &str, names: [&str; 4]) -> Result<(Split, Split), DataError> {
    let [train_images, train_labels, test_images, test_labels] = names;
    let Mnist {
        mut trn_img,
        mut trn_lbl,
        tst_img,
        tst_lbl,
        ..
    } = panic::catch_unwind(|| {
        MnistBuilder::new()
            .base_path(folder)
            .training_images_filename(train_images)
            .training_labels_filename(train_labels)
            .test_images_filename(test_images)
            .test_labels_filename(test_labels)
            .training_set_length(TRAIN)
            .test_set_length(TEST)
            .finalize()
    })
    .map_err(|panic| changed(Path::new(folder), words_of(&*panic)))?;
    // The crate reads all images into one vector and then cuts off the test images.
    trn_img.shrink_to_fit();
    trn_lbl.shrink_to_fit();
    Ok((Split::new(trn_img, trn_lbl), Split::new(tst_img, tst_lbl)))
}

fn changed(folder: &Path, reason: &str) -> DataError {
    DataError::Changed {
        folder: folder.to_owned(),
        reason: printable(reason, 1024),
    }
}

fn words_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no reason given")
}

/// The folder's own name, also where the path ends in `.` or `..`.
fn name_of(dir: &Path) -> String {
    let whole = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let name = dir.file_name().or(whole.file_name());
    let name = name.unwrap_or(dir.as_os_str());
    printable(&name.to_string_lossy(), LONGEST_NAME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::{fs, io::Write};
    use tempfile::TempDir;

    fn places(root: &Path) -> Places {
        Places {
            cache: Some(root.join("cache")),
            temporary: root.to_owned(),
        }
    }

    fn entries(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn the_embedded_data_is_mnist_however_it_is_read() {
        let root = TempDir::new().unwrap();
        let mnist = embedded_at(&places(root.path())).unwrap();
        assert_eq!(mnist.name, "MNIST");
        assert_eq!((mnist.train.len(), mnist.test.len()), (60_000, 10_000));
        // The first labels of both splits are well known.
        assert_eq!(mnist.train.labels()[..10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
        assert_eq!(mnist.test.labels()[..10], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
        assert_eq!(mnist.digest, DIGEST);

        // Our own reader and the crate see the same, raw or packed, under any name.
        let Stay::Cached(folder) = unpack::unpack_to_stay(&places(root.path())).unwrap() else {
            panic!("the cache can be written");
        };
        let files = folder::find(&folder, wanted()).unwrap();
        let splits = own_reader(&folder, &files).unwrap();
        assert!((&splits.0, &splits.1) == (&mnist.train, &mnist.test));
        assert_eq!(digest_of(&splits), DIGEST);

        let other = root.path().join("my digits\n");
        fs::create_dir(&other).unwrap();
        for file in FILES {
            let dotted = file.name.replace("-idx", ".idx");
            fs::copy(folder.join(file.name), other.join(dotted)).unwrap();
        }
        let renamed = from_dir(&other).unwrap();
        assert_eq!(renamed.name, NAME, "known by its digest");
        assert!((&renamed.train, &renamed.test) == (&mnist.train, &mnist.test));
        assert_eq!(renamed.digest, DIGEST);

        for file in FILES {
            let raw = other.join(file.name.replace("-idx", ".idx"));
            let packed = fs::File::create(other.join(format!("{}.gz", file.name))).unwrap();
            let mut packed = GzEncoder::new(packed, Compression::fast());
            packed.write_all(&fs::read(&raw).unwrap()).unwrap();
            packed.finish().unwrap();
            fs::remove_file(raw).unwrap();
        }
        assert!(from_dir(&other).unwrap() == renamed);
        assert_eq!(
            entries(&other),
            4,
            "nothing is written into a user's folder"
        );
    }

    #[test]
    fn data_without_a_cache_leaves_nothing_behind() {
        let root = TempDir::new().unwrap();
        let homeless = Places {
            cache: None,
            temporary: root.path().to_owned(),
        };
        assert_eq!(embedded_at(&homeless).unwrap().test.len(), 10_000);
        assert_eq!(entries(root.path()), 0);
    }

    /// The strict check keeps such files from the crate, so this asks it directly.
    #[test]
    fn a_panic_of_the_crate_becomes_an_error() {
        let root = TempDir::new().unwrap();
        let folder = root.path().to_str().unwrap();
        let error = through_crate(folder, FILES.map(|file| file.name)).unwrap_err();
        let words = error.to_string();
        assert!(words.starts_with(folder), "{words}");
        assert!(words.contains("Unable to find path to images"), "{words}");
    }

    #[test]
    fn a_folder_of_the_wrong_files_is_refused_by_name() {
        let root = TempDir::new().unwrap();
        let words = from_dir(root.path()).unwrap_err().to_string();
        assert!(words.contains("train-images-idx3-ubyte"), "{words}");
        for file in FILES {
            fs::write(
                root.path().join(file.name),
                contents(Kind::Images, 600).header(),
            )
            .unwrap();
        }
        let words = from_dir(root.path()).unwrap_err().to_string();
        // By its header it has 600 images, and there is none.
        assert!(
            words.contains("train-images-idx3-ubyte: expected 470416 bytes, found 16"),
            "{words}"
        );
    }

    #[test]
    fn a_folder_is_named_even_where_its_path_is_not() {
        assert_eq!(name_of(Path::new("a/b")), "b");
        assert_eq!(name_of(Path::new("a/b/")), "b");
        let here = std::env::current_dir().unwrap();
        assert_eq!(name_of(Path::new(".")), name_of(&here));
    }
}
