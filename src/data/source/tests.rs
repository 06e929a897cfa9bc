//! Whatever `--data` names is found, and what is ambiguous or unfit is refused with a cure.

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::data::idx::Header;

/// The four IDX files of so many images of this size, with labels that go round.
fn put(folder: &Path, prefix: &str, counts: [u32; 2], size: [usize; 2], labels: &[u8]) {
    fs::create_dir_all(folder).unwrap();
    let [height, width] = size;
    let size = ImageSize { height, width };
    for (half, count) in ["train", "t10k"].into_iter().zip(counts) {
        let pixels = (0..count as usize * size.pixels()).map(|place| (place % 256) as u8);
        let images = [Header::of_images(count, size).bytes(), pixels.collect()].concat();
        let labels = labels.iter().cycle().take(count as usize).copied();
        let labels = [Header::of_labels(count).bytes(), labels.collect()].concat();
        fs::write(
            folder.join(format!("{prefix}{half}-images-idx3-ubyte")),
            images,
        )
        .unwrap();
        fs::write(
            folder.join(format!("{prefix}{half}-labels-idx1-ubyte")),
            labels,
        )
        .unwrap();
    }
}

fn read_as_it_is(path: &Path) -> Result<Read, DataError> {
    read(path, &Reading::default())
}

fn refused(path: &Path) -> String {
    let words = read_as_it_is(path).unwrap_err().to_string();
    assert!(!words.contains('\n'), "{words}");
    words
}

#[test]
fn idx_files_of_any_counts_sizes_and_classes_are_read() {
    for (counts, size, labels, said) in [
        (
            [50, 10],
            [32, 32],
            &[0, 25][..],
            "50 + 10 images of 32x32, pixels 0 to 255, labels 0 to 25",
        ),
        (
            [6, 6],
            [20, 28],
            &[0, 1],
            "6 + 6 images of 20x28, pixels 0 to 255, labels 0 to 1",
        ),
        (
            [3, 1],
            [8, 64],
            &[63],
            "3 + 1 images of 8x64, pixels 0 to 255, labels 0 to 63",
        ),
    ] {
        let folder = TempDir::new().unwrap();
        let place = folder.path().join("mine");
        put(&place, "", counts, size, labels);
        let read = read_as_it_is(&place).unwrap();
        assert_eq!(read.said, format!("mine: {said}"));
        assert_eq!(read.notices, [""; 0]);
        let data = read.data;
        assert_eq!(
            [data.train.len(), data.test.len()],
            counts.map(|count| count as usize)
        );
        assert_eq!([data.image_size().height, data.image_size().width], size);
        assert_eq!(
            data.train.image(1)[0] as usize,
            data.image_size().pixels() % 256
        );
        // The digest is that of the files, one after the other.
        let mut digest = sha2::Sha256::default();
        for name in [
            "train-images-idx3",
            "train-labels-idx1",
            "t10k-images-idx3",
            "t10k-labels-idx1",
        ] {
            let bytes = fs::read(place.join(format!("{name}-ubyte"))).unwrap();
            sha2::Digest::update(&mut digest, bytes);
        }
        assert_eq!(
            data.digest,
            crate::data::hex(&sha2::Digest::finalize(digest))
        );
        // A single file names its set.
        let one = read_as_it_is(&place.join("t10k-labels-idx1-ubyte")).unwrap();
        assert_eq!(one.data, data);
    }
}

#[test]
fn images_that_nothing_can_be_learnt_from_are_refused() {
    let words = |counts, size, labels: &[u8]| {
        let folder = TempDir::new().unwrap();
        put(folder.path(), "", counts, size, labels);
        refused(folder.path())
    };
    assert!(
        words([5, 5], [7, 28], &[0])
            .contains("its images are 7x28; sides of 8 to 64 pixels are taken: --resize 28")
    );
    assert!(words([5, 5], [28, 65], &[0]).contains("28x65"));
    assert!(words([0, 5], [28, 28], &[0]).contains("there are no images in it"));
    assert!(words([5, 0], [28, 28], &[0]).contains("there are no images in it"));
    let many: Vec<u8> = (0..=64).collect();
    assert!(words([65, 65], [8, 8], &many).contains("it has 65 classes; at most 64 are taken"));
    let fewer = words([5, 1], [0, 28], &[0]);
    assert!(fewer.contains("0x28"), "{fewer}");
}

#[test]
fn halves_of_two_sizes_are_made_one_by_resize() {
    let folder = TempDir::new().unwrap();
    put(folder.path(), "", [4, 2], [28, 28], &[0, 1]);
    let other = TempDir::new().unwrap();
    put(other.path(), "", [4, 2], [20, 20], &[0, 1]);
    let images = "t10k-images-idx3-ubyte";
    fs::copy(other.path().join(images), folder.path().join(images)).unwrap();
    let words = refused(folder.path());
    assert!(
        words.contains("training images are 28x28, and those to hold out are 20x20; --resize 28"),
        "{words}"
    );
    let reading = Reading {
        resize: Some(ImageSize::MNIST),
        ..Reading::default()
    };
    assert_eq!(
        read(folder.path(), &reading).unwrap().data.test.size(),
        ImageSize::MNIST
    );
}

#[test]
fn fewer_images_to_learn_than_to_hold_out_are_remarked_on() {
    let folder = TempDir::new().unwrap();
    put(folder.path(), "", [4, 20], [8, 8], &[0, 1]);
    let notices = read_as_it_is(folder.path()).unwrap().notices;
    assert!(
        notices[0].contains("(4) than to hold out (20); are the halves swapped?"),
        "{notices:?}"
    );
}

#[test]
fn torchvisions_and_kerass_folders_are_looked_into() {
    let root = TempDir::new().unwrap();
    put(
        &root.path().join("FashionMNIST/raw"),
        "",
        [4, 2],
        [8, 8],
        &[0, 1],
    );
    for path in ["", "FashionMNIST", "FashionMNIST/raw"] {
        let data = read_as_it_is(&root.path().join(path)).unwrap().data;
        assert_eq!(
            (&*data.name, data.train.len()),
            ("FashionMNIST", 4),
            "{path}"
        );
    }
    put(&root.path().join("KMNIST/raw"), "", [3, 2], [8, 8], &[0, 1]);
    let words = refused(root.path());
    assert!(
        words.contains("it holds FashionMNIST/raw, KMNIST/raw; name one of them, as "),
        "{words}"
    );
    let example = words.rsplit("as ").next().unwrap();
    assert_eq!(
        read_as_it_is(Path::new(example)).unwrap().data.name,
        "KMNIST"
    );
    let keras = TempDir::new().unwrap();
    put(
        &keras.path().join("fashion-mnist"),
        "",
        [4, 2],
        [8, 8],
        &[0, 1],
    );
    assert_eq!(
        read_as_it_is(keras.path()).unwrap().data.name,
        "fashion-mnist"
    );
}

#[test]
fn emnists_sets_have_letters_and_are_named_by_a_file() {
    let root = TempDir::new().unwrap();
    let raw = root.path().join("EMNIST/raw");
    let letters: Vec<u8> = (1..=26).collect();
    put(&raw, "emnist-letters-", [52, 26], [8, 9], &letters);
    let Read { data, notices, .. } = read_as_it_is(root.path()).unwrap();
    assert!(
        notices[0].ends_with("--transpose sets them upright"),
        "{notices:?}"
    );
    assert_eq!(data.classes.count(), 26);
    assert_eq!((&*data.name, data.train.label(1)), ("emnist-letters", 1));
    assert_eq!(
        (data.classes.one(1), data.classes.mark(25)),
        ("letter b".into(), 'z')
    );
    // Turned, the images are the columns of the file's.
    let turned = Reading {
        transpose: true,
        ..Reading::default()
    };
    let Read {
        data: turned,
        notices,
        ..
    } = read(root.path(), &turned).unwrap();
    assert!(notices.is_empty(), "{notices:?}");
    assert_eq!(turned.image_size().to_string(), "9x8");
    assert_eq!(turned.train.image(0)[..3], [0, 9, 18]);
    assert_ne!(turned.digest, data.digest);

    let balanced: Vec<u8> = (0..47).collect();
    put(&raw, "emnist-balanced-", [47, 47], [8, 9], &balanced);
    let words = refused(root.path());
    assert!(
        words.contains("emnist-balanced-train-images-idx3-ubyte"),
        "{words}"
    );
    let file = raw.join("emnist-balanced-train-images-idx3-ubyte");
    let data = read_as_it_is(&file).unwrap().data;
    assert_eq!(
        (data.classes.count(), data.classes.name(10)),
        (47, "A".into())
    );
}

#[test]
fn a_part_is_held_out_where_there_is_no_held_out_half() {
    let folder = TempDir::new().unwrap();
    put(folder.path(), "", [100, 1], [8, 8], &[0, 1]);
    for half in ["images-idx3", "labels-idx1"] {
        fs::remove_file(folder.path().join(format!("t10k-{half}-ubyte"))).unwrap();
    }
    let tenth = read_as_it_is(folder.path()).unwrap();
    assert_eq!((tenth.data.train.len(), tenth.data.test.len()), (90, 10));
    assert!(
        tenth
            .said
            .contains("(a tenth of each class held out; --hold-out sets how much)")
    );
    let quarter = Reading {
        hold_out: Some(0.25),
        ..Reading::default()
    };
    let quarter = read(folder.path(), &quarter).unwrap();
    assert_eq!(
        (quarter.data.train.len(), quarter.data.test.len()),
        (74, 26)
    );
    assert!(
        quarter.said.contains("(0.25 of each class held out)"),
        "{}",
        quarter.said
    );
    let ones = quarter
        .data
        .test
        .labels()
        .iter()
        .filter(|&&label| label == 1);
    assert_eq!(ones.count(), 13);
}

#[test]
fn nothing_and_what_is_no_file_are_told() {
    let folder = TempDir::new().unwrap();
    let nowhere = folder.path().join("nowhere");
    assert!(refused(&nowhere).ends_with("nowhere: no such file or folder; check the name"));
    assert!(refused(folder.path()).contains("found no images in it"));
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    assert!(refused(&pipe).contains("not a regular file"));
    let text = folder.path().join("a.csv");
    fs::write(&text, "1,2\n").unwrap();
    assert!(refused(&text).contains("it holds no images"));
}

#[test]
fn a_heap_keeps_all_its_images_and_has_no_halves() {
    let folder = TempDir::new().unwrap();
    put(folder.path(), "", [4, 2], [8, 8], &[0, 1]);
    let two = loose(folder.path(), &Reading::default())
        .unwrap_err()
        .to_string();
    assert!(
        two.contains("name it with --data, and --split tells which"),
        "{two}"
    );
    // A file of images under another name is those images alone.
    let alone = folder.path().join("some.idx");
    fs::copy(folder.path().join("train-images-idx3-ubyte"), &alone).unwrap();
    let heap = loose(&alone, &Reading::default()).unwrap();
    assert_eq!((heap.split.len(), heap.classes), (4, Classes::Unlabelled));
    let bytes = fs::read(&alone).unwrap();
    let words = loose_bytes(&bytes[..9], "standard input", &Reading::default()).unwrap_err();
    assert!(
        words
            .to_string()
            .starts_with("standard input: it holds no images"),
        "{words}"
    );
}

#[test]
fn images_are_not_made_larger_than_memory_holds() {
    let reading = Reading {
        resize: Some(ImageSize {
            height: 64,
            width: 64,
        }),
        ..Reading::default()
    };
    let images = (MAX_BYTES >> 12) as usize + 1;
    let heap = Heap {
        size: ImageSize {
            height: 1,
            width: 1,
        },
        pixels: vec![0; images],
        labels: None,
    };
    let many = Unfit::Many {
        images,
        size: ImageSize {
            height: 64,
            width: 64,
        },
        most: MAX_BYTES >> 20,
    };
    assert_eq!(as_wanted(heap, &reading), Err(many));
}

#[test]
fn a_set_that_is_not_whole_spoils_no_other_beside_it() {
    let folder = TempDir::new().unwrap();
    put(folder.path(), "", [4, 2], [8, 8], &[0, 1]);
    let stray = folder.path().join("emnist-letters-train-images-idx3-ubyte");
    fs::copy(folder.path().join("t10k-images-idx3-ubyte"), &stray).unwrap();
    let missing = "found no emnist-letters-train-labels-idx1-ubyte";
    let [whole, named] = ["", "train-images-idx3-ubyte"].map(|name| folder.path().join(name));
    let read = read_as_it_is(&whole).unwrap();
    assert_eq!(read.data, read_as_it_is(&named).unwrap().data);
    assert!(read.notices[0].contains(missing), "{:?}", read.notices);
    // Who names it hears what is missing, and so does who has nothing else.
    assert!(refused(&stray).contains(missing));
    let alone = TempDir::new().unwrap();
    fs::copy(&stray, alone.path().join(stray.file_name().unwrap())).unwrap();
    assert!(refused(alone.path()).contains(missing));
}
