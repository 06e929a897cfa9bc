//! MNIST inside the program. `assets/README.md` says whose it is.
//!
//! The `mnist` crate parses the raw files when they have been unpacked. It panics on most bad
//! input and believes some, so it sees only files that were checked before; and it takes each
//! image's room twice and labels one by one, so later runs keep what they have read while they
//! checked it.

use std::{any::Any, panic, path::Path};

use mnist::{Mnist, MnistBuilder};

use super::{
    Classes, DataError, Dataset, Split,
    idx::Header,
    idx_set,
    unpack::{self, Places, Unpacked},
};
use crate::{image::ImageSize, words::printable};

pub use unpack::Stay;

/// Images to learn from.
const TRAIN: u32 = 60_000;
/// Images held out.
const TEST: u32 = 10_000;

/// One of MNIST's four files.
#[derive(Debug, Clone, Copy)]
pub(super) struct File {
    pub(super) name: &'static str,
    pub(super) header: Header,
    pub(super) sha256: &'static str,
    pub(super) crc32c: u32,
}

/// The four files in the order of the archive.
pub(super) const FILES: [File; 4] = [
    File {
        name: "train-images-idx3-ubyte",
        header: images(TRAIN),
        sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        crc32c: 0xf09c_5efc,
    },
    File {
        name: "train-labels-idx1-ubyte",
        header: Header::of_labels(TRAIN),
        sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        crc32c: 0x469b_0e4e,
    },
    File {
        name: "t10k-images-idx3-ubyte",
        header: images(TEST),
        sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        crc32c: 0x355b_09ab,
    },
    File {
        name: "t10k-labels-idx1-ubyte",
        header: Header::of_labels(TEST),
        sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        crc32c: 0x402a_70e0,
    },
];

/// What the data inside the program is called.
pub const NAME: &str = "MNIST";

/// SHA-256 of its four files one after the other, as in [`Dataset::digest`].
pub const DIGEST: &str = "b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a";

const fn images(count: u32) -> Header {
    Header::of_images(count, ImageSize::MNIST)
}

/// The MNIST inside the program.
///
/// The first run unpacks it into the user's cache, or for a moment into a
/// temporary folder if there is no cache that can be written, and checks its SHA-256.
/// Every later run checks the CRC-32C of what it reads, and unpacks anew what is damaged.
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

fn embedded_at(places: &Places) -> Result<Dataset, DataError> {
    let (train, test) = match unpack::unpack(places)? {
        Unpacked::Before([train, train_labels, test, test_labels]) => (
            Split::new(train, train_labels),
            Split::new(test, test_labels),
        ),
        Unpacked::Lasting(folder) => parsed(&folder)?,
        Unpacked::Temporary(scratch) => parsed(&scratch.0)?,
    };
    Ok(Dataset {
        name: NAME.to_owned(),
        classes: Classes::Digits,
        train,
        test,
        digest: DIGEST.to_owned(),
    })
}

/// Parses what was just unpacked and checked.
fn parsed(folder: &Path) -> Result<(Split, Split), DataError> {
    match folder.to_str() {
        Some(folder) => through_crate(folder, FILES.map(|file| file.name)),
        // The crate takes paths only as text.
        None => own_reader(folder),
    }
}

fn own_reader(folder: &Path) -> Result<(Split, Split), DataError> {
    let damaged = || changed(folder, "they are not MNIST's");
    let set = idx_set::all(folder)?.pop().ok_or_else(damaged)?.set?;
    let (train, test) = set.read()?;
    let split =
        |half: idx_set::Labelled| Split::of_size(half.header.size(), half.pixels, half.labels);
    Ok((split(train), split(test.ok_or_else(damaged)?)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Reading, source};
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

        let again = unpack::unpack(&places(root.path())).unwrap();
        assert!(matches!(again, Unpacked::Before(_)), "the cache is filled");
        assert!(embedded_at(&places(root.path())).unwrap() == mnist);

        // Our own reader and the crate see the same, raw or packed, under any name.
        let Stay::Cached(folder) = unpack::unpack_to_stay(&places(root.path())).unwrap() else {
            panic!("the cache can be written");
        };
        let from_dir = |folder: &Path| source::read(folder, &Reading::default()).unwrap();
        let read = from_dir(&folder);
        assert!(read.data == mnist);
        assert_eq!(
            read.said,
            "MNIST: 60,000 + 10,000 images of 28x28, pixels 0 to 255, the ten digits"
        );
        assert!(read.notices.is_empty());
        let (train, test) = own_reader(&folder).unwrap();
        assert!((&train, &test) == (&mnist.train, &mnist.test));

        let other = root.path().join("my digits\n");
        fs::create_dir(&other).unwrap();
        for file in FILES {
            let dotted = file.name.replace("-idx", ".idx");
            fs::copy(folder.join(file.name), other.join(dotted)).unwrap();
        }
        let renamed = from_dir(&other).data;
        assert_eq!(renamed.name, NAME, "known by its digest");
        assert!(renamed == mnist);

        for file in FILES {
            let raw = other.join(file.name.replace("-idx", ".idx"));
            let packed = fs::File::create(other.join(format!("{}.gz", file.name))).unwrap();
            let mut packed = GzEncoder::new(packed, Compression::fast());
            packed.write_all(&fs::read(&raw).unwrap()).unwrap();
            packed.finish().unwrap();
            fs::remove_file(raw).unwrap();
        }
        assert!(from_dir(&other).data == renamed);
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
}
