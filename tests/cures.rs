//! Messages that refuse and say what helps are taken at their word: what they name is read out
//! of the message itself and followed, and the number in one is the last that is taken.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use ndarray::{Array1, Array3};
use ndarray_npy::write_npy;
use tempfile::TempDir;

#[path = "cures/arrays.rs"]
mod arrays;
#[path = "cures/bounds.rs"]
mod bounds;
#[path = "cures/files.rs"]
mod files;
#[path = "cures/images.rs"]
mod images;
#[path = "cures/options.rs"]
mod options;
#[path = "cures/runs.rs"]
mod runs;

/// One step, without a screen: what shows that something is taken.
const STEP: [&str; 3] = ["--headless", "--max-steps", "1"];

/// A folder in which the program is run.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// One with `few`, twenty images of 28x28 of ten classes and as many held out, and
    /// `heap.npy`, thirty without labels or halves.
    fn with_images() -> Self {
        let place = Self::new();
        let few = place.path("few");
        fs::create_dir(&few).unwrap();
        let labels = Array1::from_shape_fn(20, |image| (image % 10) as u8);
        for half in ["train", "test"] {
            write_npy(few.join(format!("x_{half}.npy")), &squares(20, 28)).unwrap();
            write_npy(few.join(format!("y_{half}.npy")), &labels).unwrap();
        }
        write_npy(place.path("heap.npy"), &squares(30, 28)).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn output(&self, command: &mut Command) -> Output {
        let programs = Path::new(env!("CARGO_BIN_EXE_ae-tui")).parent().unwrap();
        let others = env::var_os("PATH").unwrap();
        let path = [programs.to_owned()]
            .into_iter()
            .chain(env::split_paths(&others));
        command
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .env("PATH", env::join_paths(path).unwrap())
            // MNIST is unpacked once for all the tests.
            .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
            .env("TERM", "xterm-256color")
            .env_remove("AE_TUI_FAULT")
            .env_remove("COLUMNS")
            .output()
            .unwrap()
    }

    fn run(&self, words: &[&str]) -> Output {
        self.output(Command::new(env!("CARGO_BIN_EXE_ae-tui")).args(words))
    }

    /// What standard error says of a run that comes to a good end, or the line that says why it
    /// is refused.
    fn answer(&self, words: &[&str]) -> Result<String, String> {
        let output = self.run(words);
        let told = String::from_utf8(output.stderr).unwrap();
        if output.status.success() {
            return Ok(told);
        }
        let refused = matches!(output.status.code(), Some(1 | 2));
        let mut lines = told.lines();
        let line = lines.find_map(|line| line.strip_prefix("error: "));
        match line {
            Some(line) if refused && !told.contains("panicked") => Err(line.to_owned()),
            _ => panic!("{words:?}: {told}"),
        }
    }

    #[track_caller]
    fn done(&self, words: &[&str]) -> String {
        let answer = self.answer(words);
        answer.unwrap_or_else(|told| panic!("{words:?}: {told}"))
    }

    #[track_caller]
    fn refused(&self, words: &[&str]) -> String {
        match self.answer(words) {
            Ok(told) => panic!("{words:?} was not refused: {told}"),
            Err(told) => told,
        }
    }

    /// A line that somebody types into a shell, as it stands in a message.
    fn typed(&self, line: &str) -> String {
        let output = self.output(Command::new("sh").args(["-c", line]));
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{line}: {told}");
        told
    }
}

/// So many images of this side, each different from the next.
fn squares(count: usize, side: usize) -> Array3<u8> {
    Array3::from_shape_fn((count, side, side), |(image, row, column)| {
        u8::from((row + column) % 10 == image % 10) * 255
    })
}

/// What stands behind these words in a message.
fn behind<'a>(told: &'a str, words: &str) -> &'a str {
    let found = told.split_once(words);
    found
        .unwrap_or_else(|| panic!("no {words:?} in {told}"))
        .1
        .trim_end_matches("; see --help")
}

/// What stands between these words and the next ones.
fn between<'a>(told: &'a str, from: &str, to: &str) -> &'a str {
    let rest = behind(told, from);
    rest.split_once(to)
        .unwrap_or_else(|| panic!("no {to:?} in {rest}"))
        .0
}

/// The number that a text begins with.
fn number(text: &str) -> u64 {
    let end = text.find(|letter: char| !letter.is_ascii_digit());
    text[..end.unwrap_or(text.len())]
        .parse()
        .unwrap_or_else(|_| panic!("no number begins {text:?}"))
}

/// What a refusal gives behind "as in": the words that have a number in them.
fn examples(told: &str) -> Vec<&str> {
    behind(told, "as in ")
        .split(", ")
        .flat_map(|words| words.split(" or "))
        .filter_map(|words| words.split_whitespace().next())
        .filter(|word| word.contains(|letter: char| letter.is_ascii_digit()))
        .collect()
}
