//! What a fuzzer made up once, through the same functions that it makes up more for.

use std::{fs, panic::catch_unwind, path::Path};

#[path = "../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "a library elsewhere")]
mod entries;

/// A kept input has no more bytes.
const LARGEST: u64 = 2048;
/// All of them together.
const ALL: u64 = 300_000;

#[test]
fn what_a_fuzzer_made_up_is_taken_or_refused_in_words() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut bytes = 0;
    for (name, target) in entries::TARGETS {
        let mut count = 0;
        for entry in fs::read_dir(corpus.join(name)).unwrap() {
            let path = entry.unwrap().path();
            let input = fs::read(&path).unwrap();
            let length = input.len() as u64;
            assert!(length <= LARGEST, "{} has {length} bytes", path.display());
            bytes += length;
            count += 1;
            let taken = catch_unwind(|| target(&input));
            assert!(
                taken.is_ok(),
                "{} is neither taken nor refused",
                path.display()
            );
        }
        assert!(count > 5, "{count} inputs for {name}");
    }
    assert!(bytes < ALL, "the corpus has {bytes} bytes");
}

#[test]
fn every_target_is_one_of_the_fuzzers() {
    let targets = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let mut files: Vec<String> = fs::read_dir(targets)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let mut targets = entries::TARGETS.map(|(name, _)| format!("{name}.rs"));
    targets.sort();
    assert_eq!(files, targets);
}
