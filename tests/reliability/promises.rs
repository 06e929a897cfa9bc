//! The promises name their tests.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const PROMISES: &str = include_str!("../../docs/RELIABILITY.md");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The names of the functions that are tests in a file's text.
fn tests_in(text: &str) -> impl Iterator<Item = &str> {
    text.split("#[test]").skip(1).filter_map(|behind| {
        let (_, name) = behind.split_once("fn ")?;
        let (name, _) = name.split_once('(')?;
        Some(name)
    })
}

/// What stands in backquotes and is written as only tests are: words with underscores, three at
/// least.
fn named(text: &str) -> BTreeSet<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .filter(|words| {
            let plain = |letter: char| {
                letter.is_ascii_lowercase() || letter == '_' || letter.is_ascii_digit()
            };
            words.chars().all(plain) && words.matches('_').count() >= 3
        })
        .collect()
}

#[test]
fn every_test_that_a_promise_names_exists_by_that_name() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    sources(&root().join("tests"), &mut files);
    let texts: Vec<String> = files
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let tests: BTreeSet<&str> = texts.iter().flat_map(|text| tests_in(text)).collect();
    let named = named(PROMISES);
    assert!(named.len() > 50, "only {} tests are named", named.len());
    let missing: Vec<_> = named.difference(&tests).collect();
    assert!(
        missing.is_empty(),
        "there are no tests of these names: {missing:#?}"
    );
}

#[test]
fn every_file_that_a_promise_names_exists() {
    let quoted = PROMISES.split('`').skip(1).step_by(2);
    let files: Vec<&str> = quoted
        .filter(|words| {
            ["src/", "tests/", "fuzz/", "docs/", ".ci/"]
                .iter()
                .any(|folder| words.starts_with(folder))
        })
        .collect();
    assert!(files.len() >= 5, "only {} files are named", files.len());
    for file in files {
        assert!(root().join(file).exists(), "there is no {file}");
    }
}
