//! What comes from outside, given to what the program reads it with.
//!
//! Each function takes any bytes for one kind of file, or for what a terminal sends, and goes
//! the way of the program. None may panic; what is refused is refused in words that fit in a
//! line; what is taken is what it says it is, and is the same when it is written and read
//! again. The fuzzer's targets make bytes up; `tests/reliability` goes through those that are
//! kept in `corpus/`.

use std::{cell::RefCell, fmt::Display, fs, path::Path, time::Instant};

use ae_tui::{
    arrays,
    data::{
        DataError, Reading,
        source::{self, Loose},
    },
    image::ImageSize,
    store::{
        checkpoint,
        folder::{self, RunFile},
        follow::{RunFollower, ScalarFollower},
        metrics,
        weights::{self, Claim, Said, Saved},
    },
    ui::terminal::{self, Decoder, Sent},
};
use tempfile::TempDir;

/// More characters than any refusal has: the longest name of a file, a few values of the file
/// and the cure.
const LONGEST_REFUSAL: usize = 2_000;
/// A file is looked at so often before everything in it must have been told.
const LOOKS: usize = 100;

/// A target: any bytes, and what the program does with them.
pub type Target = (&'static str, fn(&[u8]));

/// All of them, by their names.
pub const TARGETS: [Target; 9] = [
    ("idx", idx),
    ("pictures", pictures),
    ("arrays", arrays),
    ("archive", archive),
    ("weights", weights),
    ("run_file", run_file),
    ("log", log),
    ("events", events),
    ("terminal", terminal),
];

/// One of the files of an IDX data set; the first byte says which, the others are whole. Or one
/// that stands alone.
pub fn idx(bytes: &[u8]) {
    let Some((&role, bytes)) = bytes.split_first() else {
        return;
    };
    let images = |count: u8| {
        let mut file = vec![0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 8, 0, 0, 0, 8];
        file.extend((0..count).flat_map(|image| [image; 64]));
        file
    };
    let labels = |count: u8| {
        let mut file = vec![0, 0, 8, 1, 0, 0, 0, count];
        file.extend((0..count).map(|label| label % 3));
        file
    };
    let role = usize::from(role) % 6;
    if role == 5 {
        return in_folder(&[("some-file", bytes)], |folder| {
            let file = folder.join("some-file");
            images_are_whole(source::loose(&file, &Reading::default()));
        });
    }
    let zipped = if role == 4 { ".gz" } else { "" };
    let names = [
        format!("train-images-idx3-ubyte{zipped}"),
        "train-labels-idx1-ubyte".into(),
        "t10k-images-idx3-ubyte".into(),
        "t10k-labels-idx1-ubyte".into(),
    ];
    let mut files = [images(6), labels(6), images(3), labels(3)];
    files[role % 4] = bytes.to_vec();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .zip(&files)
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    in_folder(&files, |folder| {
        match source::read(folder, &Reading::default()) {
            Ok(read) => {
                let data = read.data;
                for half in [&data.train, &data.test] {
                    assert_eq!(half.pixels().len(), half.len() * half.size().pixels());
                    let classes = data.classes.count();
                    assert!(
                        half.labels()
                            .iter()
                            .all(|&label| usize::from(label) < classes)
                    );
                }
            }
            Err(refusal) => is_a_line(&refusal),
        }
    });
}

/// A PNG or JPEG, alone and as one of a folder of pictures; the first byte says how it is read.
pub fn pictures(bytes: &[u8]) {
    let Some((&how, bytes)) = bytes.split_first() else {
        return;
    };
    let reading = Reading {
        resize: (how & 1 != 0).then_some(ImageSize {
            height: 9,
            width: 12,
        }),
        transpose: how & 2 != 0,
        invert: how & 4 != 0,
        hold_out: None,
    };
    images_are_whole(source::loose_bytes(bytes, "picture", &reading));
    // Threads are started for a folder, which is dear.
    if how & 0xf0 == 0xf0 {
        let files = [("a.png", bytes), ("b.jpg", bytes)];
        in_folder(&files, |folder| {
            images_are_whole(source::loose(folder, &reading));
        });
    }
}

/// A `.npy`, an `.npz` or a table of numbers, as images and as codes.
pub fn arrays(bytes: &[u8]) {
    match arrays::read(bytes, "code") {
        Ok(found) => {
            let sides: Option<usize> = found
                .shape
                .iter()
                .try_fold(1_usize, |all, side| all.checked_mul(*side));
            assert_eq!(
                sides,
                Some(found.numbers.reals().len()),
                "{:?}",
                found.shape
            );
        }
        Err(refusal) => is_a_line(&refusal),
    }
    images_are_whole(source::loose_bytes(bytes, "array", &Reading::default()));
    if let Err(refusal) = arrays::words(bytes) {
        is_a_line(&refusal);
    }
}

/// The members of an `.npz`, as they are when nothing is compressed: each is a length in two
/// bytes, and so many bytes. The archive around them is made here, for no fuzzer makes
/// checksums.
pub fn archive(bytes: &[u8]) {
    let names = [
        "code.npy",
        "x_train.npy",
        "y_train.npy",
        "arr_0.npy",
        "words.txt",
    ];
    let mut members = Vec::new();
    let mut rest = bytes;
    for name in names {
        let Some((length, behind)) = rest.split_first_chunk::<2>() else {
            break;
        };
        let length = usize::from(u16::from_le_bytes(*length)).min(behind.len());
        let (member, behind) = behind.split_at(length);
        members.push((name, member));
        rest = behind;
    }
    let file = zip_of(&members, rest);
    arrays(&file);
    weights(&file);
}

/// A file of weights, somebody's or ours, and the same as a checkpoint.
pub fn weights(bytes: &[u8]) {
    let claims = [
        None,
        Some(Claim {
            image: Some(ImageSize {
                height: 28,
                width: 28,
            }),
            said: Said::Encoder(vec![784, 8, 2]),
        }),
    ];
    for claim in claims {
        match weights::from_bytes(bytes, claim.as_ref()) {
            Ok(saved) => network_is_whole(&saved),
            Err(refusal) => is_a_line(&refusal),
        }
    }
    in_folder(&[("a.safetensors", bytes)], |folder| {
        let file = folder.join("a.safetensors");
        match checkpoint::load(&file) {
            Ok((state, about)) => {
                let again = folder.join("b.safetensors");
                checkpoint::save(&again, &state, &about).expect("what was read can be written");
                let (read, _) = checkpoint::load(&again).expect("what was written can be read");
                assert!(read == state, "a state changed");
            }
            Err(refusal) => is_a_line(&refusal),
        }
    });
}

/// A `run.toml`, alone and in its folder.
pub fn run_file(bytes: &[u8]) {
    in_folder(&[("run.toml", bytes)], |folder| {
        let path = folder.join("run.toml");
        match RunFile::read(&path) {
            Ok(file) => {
                file.write(&path).expect("what was read can be written");
                let again = RunFile::read(&path).expect("what was written can be read");
                assert_eq!(again, file);
            }
            Err(refusal) => is_a_line(&refusal),
        }
        if let Err(refusal) = folder::read(folder) {
            is_a_line(&refusal);
        }
    });
}

/// The log of a run, as it is read when the run goes on, and followed while it grows. The first
/// byte says how much of it is there at first.
pub fn log(bytes: &[u8]) {
    let Some((&part, bytes)) = bytes.split_first() else {
        return;
    };
    let there = bytes.len() * usize::from(part) / 255;
    let run = include_bytes!("run.toml");
    let files: [(&str, &[u8]); 2] = [("run.toml", run), ("metrics.jsonl", &bytes[..there])];
    in_folder(&files, |folder| {
        let path = folder.join("metrics.jsonl");
        let mut numbers = ScalarFollower::of_log(&path);
        let mut run = RunFollower::open(folder).expect("a run.toml of ours");
        for file in [&bytes[..there], bytes] {
            fs::write(&path, file).expect("the disk has room");
            all_told(|| {
                let numbers = numbers.poll();
                are_lines(&numbers.scalars.remarks);
                numbers.more
            });
            all_told(|| {
                let heard = run.poll();
                are_lines(&heard.remarks);
                heard.more
            });
        }
        if let Some((_, held_out)) = metrics::last_held_out(&path) {
            let _ = held_out.loss;
        }
        let told = metrics::Logged::read(&path, 10);
        assert!(told.losses.iter().all(|(step, _)| *step <= 10));
        if let Err(refusal) = metrics::cut(&path, 10) {
            is_a_line(&refusal);
        }
        // What was cut once has nothing more to cut.
        let once = fs::read(&path).expect("it is there");
        let _ = metrics::cut(&path, 10);
        assert_eq!(fs::read(&path).expect("it is there"), once);
    });
}

/// An event file that somebody writes, in two pieces; the first byte says how much of it is
/// there at first.
pub fn events(bytes: &[u8]) {
    let Some((&part, bytes)) = bytes.split_first() else {
        return;
    };
    let there = bytes.len() * usize::from(part) / 255;
    in_folder(&[("a.tfevents.1", &bytes[..there])], |folder| {
        let path = folder.join("a.tfevents.1");
        let mut follower = ScalarFollower::of_events(folder);
        for file in [&bytes[..there], bytes] {
            fs::write(&path, file).expect("the disk has room");
            all_told(|| {
                let numbers = follower.poll();
                are_lines(&numbers.scalars.remarks);
                numbers.more
            });
        }
    });
}

/// What a terminal sends, at once and in pieces; the first byte says how long those are.
pub fn terminal(bytes: &[u8]) {
    let Some((&length, bytes)) = bytes.split_first() else {
        return;
    };
    let now = Instant::now();
    let heard = |length: usize| {
        let mut decoder = Decoder::new(now);
        let mut sent = Vec::new();
        for piece in bytes.chunks(length.max(1)) {
            decoder.feed(piece, now, &mut sent);
        }
        (sent, decoder)
    };
    let (sent, mut decoder) = heard(bytes.len());
    assert_eq!(
        sent,
        heard(usize::from(length) + 1).0,
        "pieces tell something else"
    );
    for sent in &sent {
        if let Sent::Background(colour) = sent {
            let _ = terminal::tone(colour);
        }
    }
    // However it was broken off, a silence makes keys of keys again.
    let silence = decoder.deadline().unwrap_or(now);
    decoder.expire(silence, &mut Vec::new());
    let mut sent = Vec::new();
    decoder.feed(b"q", silence, &mut sent);
    let key = crossterm::event::KeyCode::Char('q').into();
    assert_eq!(sent, [Sent::Key(key)], "a key is lost");
}

/// Images that were taken are as many as their pixels and labels.
fn images_are_whole(read: Result<Loose, DataError>) {
    match read {
        Ok(loose) => {
            let split = loose.split;
            assert_eq!(split.pixels().len(), split.len() * split.size().pixels());
            let classes = loose.classes.count();
            assert!(
                split
                    .labels()
                    .iter()
                    .all(|&label| usize::from(label) < classes.max(1))
            );
            are_lines(&loose.notices);
        }
        Err(refusal) => is_a_line(&refusal),
    }
}

/// A network that was taken is the same when it is written and read again.
fn network_is_whole(saved: &Saved) {
    are_lines(&saved.remarks);
    let Some(about) = &saved.about else { return };
    // What was read may be more than is written.
    let Ok(bytes) = weights::to_bytes(&saved.net, about) else {
        return;
    };
    let again = weights::from_bytes(&bytes, None).expect("what was written can be read");
    assert!(again.net == saved.net, "a network changed");
}

/// What is refused or remarked is words, in one line, without a character that a terminal
/// obeys.
fn is_a_line(words: &dyn Display) {
    let words = words.to_string();
    assert!(!words.trim().is_empty(), "no words");
    assert!(!words.chars().any(char::is_control), "{words:?}");
    let length = words.chars().count();
    assert!(length <= LONGEST_REFUSAL, "{length} characters: {words}");
}

fn are_lines(remarks: &[impl Display]) {
    for words in remarks {
        is_a_line(words);
    }
}

/// Asks until there is no more; it must come to an end.
fn all_told(mut look: impl FnMut() -> bool) {
    let ended = (0..LOOKS).any(|_| !look());
    assert!(ended, "there is always more");
}

/// Gives a folder with these files, and empties it again.
fn in_folder(files: &[(&str, &[u8])], look: impl FnOnce(&Path)) {
    thread_local! {
        static FOLDER: RefCell<Option<TempDir>> = const { RefCell::new(None) };
    }
    FOLDER.with_borrow_mut(|kept| {
        let folder = kept.get_or_insert_with(|| TempDir::new().expect("a folder can be made"));
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).expect("the disk has room");
        }
        look(folder.path());
        for entry in fs::read_dir(folder.path()).expect("it is there").flatten() {
            let path = entry.path();
            let _ = if path.is_dir() {
                fs::remove_dir_all(path)
            } else {
                fs::remove_file(path)
            };
        }
    });
}

/// A zip archive of uncompressed members, and its comment.
fn zip_of(members: &[(&str, &[u8])], comment: &[u8]) -> Vec<u8> {
    let (mut file, mut list) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let place = file.len() as u32;
        let (sum, length) = (
            crc32(bytes).to_le_bytes(),
            (bytes.len() as u32).to_le_bytes(),
        );
        let name_length = (name.len() as u16).to_le_bytes();
        // Version, flags, method, time, date; checksum, both sizes, lengths of name and extra.
        let about = [
            &[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0][..],
            &sum,
            &length,
            &length,
            &name_length,
            &[0, 0],
        ]
        .concat();
        file.extend([b"PK\x03\x04", &about[..], name.as_bytes(), bytes].concat());
        list.extend(
            [
                b"PK\x01\x02\x14\x00",
                &about[..],
                // Lengths of the comment, disk, attributes.
                &[0; 10],
                &place.to_le_bytes(),
                name.as_bytes(),
            ]
            .concat(),
        );
    }
    let count = (members.len() as u16).to_le_bytes();
    let comment = &comment[..comment.len().min(usize::from(u16::MAX))];
    let end = [
        b"PK\x05\x06\0\0\0\0",
        &count[..],
        &count,
        &(list.len() as u32).to_le_bytes(),
        &(file.len() as u32).to_le_bytes(),
        &(comment.len() as u16).to_le_bytes(),
        comment,
    ]
    .concat();
    [file, list, end].concat()
}

/// The checksum of zip archives.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| (sum >> 1) ^ (0xedb8_8320 * (sum & 1));
    let next = |sum: u32, &byte: &u8| (0..8).fold(sum ^ u32::from(byte), step);
    !bytes.iter().fold(u32::MAX, next)
}
