//! Files are found under all their names, and every way to spoil one is refused.

use super::*;
use crate::image::ImageSize;
use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use tempfile::TempDir;

/// MNIST in small: the same names and format, fewer images.
const SMALL: [(&str, Header); 4] = [
    (
        "train-images-idx3-ubyte",
        Header::of_images(6, ImageSize::MNIST),
    ),
    ("train-labels-idx1-ubyte", Header::of_labels(6)),
    (
        "t10k-images-idx3-ubyte",
        Header::of_images(2, ImageSize::MNIST),
    ),
    ("t10k-labels-idx1-ubyte", Header::of_labels(2)),
];

fn whole(header: Header) -> Vec<u8> {
    let mut bytes = header.bytes();
    bytes.resize(header.file_len() as usize, 4);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn good_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, header) in SMALL {
        fs::write(folder.path().join(name), whole(header)).unwrap();
    }
    folder
}

fn read(folder: &Path) -> Result<Vec<Vec<u8>>, DataError> {
    let set = all(folder)?
        .pop()
        .expect("a file is named as MNIST's")
        .set?;
    let (train, test) = set.read()?;
    let halves = [Some(train), test].into_iter().flatten();
    Ok(halves.flat_map(|half| [half.pixels, half.labels]).collect())
}

fn payloads() -> Vec<Vec<u8>> {
    let payload = |(_, header): (&str, Header)| whole(header).split_off(header.kind.header_len());
    SMALL.into_iter().map(payload).collect()
}

#[test]
fn raw_files_are_read_under_both_their_names() {
    let folder = good_folder();
    assert_eq!(read(folder.path()).unwrap(), payloads());
    for (name, _) in SMALL {
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
        for (name, header) in SMALL {
            fs::remove_file(folder.path().join(name)).unwrap();
            let name = format!("{name}{ending}");
            fs::write(folder.path().join(name), gzip(&whole(header))).unwrap();
            // From the second on, raw and packed files are mixed.
            assert_eq!(read(folder.path()).unwrap(), payloads());
        }
    }
}

#[test]
fn a_raw_file_is_read_even_if_its_name_says_gz() {
    let folder = good_folder();
    let raw = folder.path().join(SMALL[0].0);
    fs::rename(&raw, folder.path().join(format!("{}.gz", SMALL[0].0))).unwrap();
    assert_eq!(read(folder.path()).unwrap(), payloads());
}

#[test]
fn a_folder_with_the_name_of_a_file_does_not_hide_the_file() {
    let folder = good_folder();
    let name = folder.path().join(SMALL[0].0);
    fs::rename(&name, folder.path().join("train-images.idx3-ubyte")).unwrap();
    fs::create_dir(&name).unwrap();
    assert_eq!(read(folder.path()).unwrap(), payloads());
}

/// Every way to spoil the bytes of a file that is known to happen.
fn corruptions((name, wanted): (&str, Header)) -> Vec<(String, Vec<u8>)> {
    let good = whole(wanted);
    let header = wanted.kind.header_len();
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
    for (other, its) in SMALL {
        if other != name && its.kind != wanted.kind {
            spoilt.push((format!("{other} in its place"), whole(its)));
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
        let path = folder.path().join(wanted.0);
        for (what, bytes) in corruptions(wanted) {
            fs::write(&path, &bytes).unwrap();
            let Err(error) = read(folder.path()) else {
                panic!("{what} was accepted as {}", wanted.0);
            };
            let words = error.to_string();
            assert!(words.contains(wanted.0), "{what}: {words}");
            assert!(words.contains([';', '?']), "no cure in {words}");
            assert!(!words.contains(char::is_control), "{what}: {words}");
        }
        fs::write(&path, whole(wanted.1)).unwrap();
    }
    assert_eq!(read(folder.path()).unwrap(), payloads());
}

#[test]
fn a_promise_that_no_memory_could_hold_is_not_believed() {
    for bytes in [
        vec![0xff; 12],
        vec![0, 1, 0, 0, 0, 0, 255, 255, 0, 0, 255, 255],
    ] {
        for packed in [false, true] {
            let folder = good_folder();
            let path = folder.path().join(SMALL[2].0);
            let mut spoilt = whole(SMALL[2].1);
            spoilt[4..16].copy_from_slice(&bytes);
            let spoilt = if packed { gzip(&spoilt) } else { spoilt };
            fs::write(&path, spoilt).unwrap();
            let words = read(folder.path()).unwrap_err().to_string();
            assert!(
                words.contains(SMALL[2].0) && words.contains("more than 1024 MiB"),
                "{words}"
            );
        }
    }
}

#[test]
fn several_data_sets_of_one_folder_are_told_apart_by_what_is_before_their_names() {
    let folder = good_folder();
    for (name, header) in SMALL {
        let name = name.replace("t10k", "test");
        fs::write(
            folder.path().join(format!("emnist-letters-{name}.gz")),
            gzip(&whole(header)),
        )
        .unwrap();
    }
    let sets = all(folder.path()).unwrap();
    let prefixes: Vec<&str> = sets.iter().map(|set| &*set.prefix).collect();
    assert_eq!(prefixes, ["", "emnist-letters"]);
    let named = folder
        .path()
        .join("emnist-letters-test-labels-idx1-ubyte.gz");
    assert_eq!(of_file(&named).unwrap().unwrap().prefix, "emnist-letters");
    assert!(of_file(Path::new("other.gz")).unwrap().is_none());
    fs::remove_file(&named).unwrap();
    // It is missed by whoever asks for that set, and by nobody else.
    let beside = folder
        .path()
        .join("emnist-letters-train-images-idx3-ubyte.gz");
    let words = of_file(&beside).unwrap_err().to_string();
    let other = of_file(&folder.path().join(SMALL[0].0)).unwrap().unwrap();
    assert!(other.read().is_ok());
    assert!(
        words.contains("no emnist-letters-test-labels-idx1-ubyte in it"),
        "{words}"
    );
}

#[test]
fn a_set_may_have_no_held_out_half() {
    let folder = good_folder();
    for (name, _) in &SMALL[2..] {
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    assert_eq!(read(folder.path()).unwrap(), payloads()[..2]);
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
        fs::write(folder.path().join(SMALL[a].0), whole(SMALL[b].1)).unwrap();
        fs::write(folder.path().join(SMALL[b].0), whole(SMALL[a].1)).unwrap();
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn a_label_too_few_is_no_swap() {
    let folder = good_folder();
    fs::write(folder.path().join(SMALL[1].0), whole(Header::of_labels(5))).unwrap();
    let error = read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("found 6 images, and 5 labels"), "{error}");
    assert!(!error.contains("swapped"), "{error}");
}

#[test]
fn what_is_no_regular_file_is_refused_and_never_waited_for() {
    for (name, _) in SMALL {
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
