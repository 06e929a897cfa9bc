//! The built program's words: advice that can be followed, numbers with their names, and
//! no character that a terminal would obey.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "words/guide.rs"]
mod guide;

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

fn ae_tui(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ae-tui"))
        .args(words)
        .stdin(Stdio::null())
        // MNIST is unpacked once for all the tests.
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .env_remove("AE_TUI_FAULT")
        .output()
        .unwrap()
}

/// What a run that has to end with this exit code says on standard error.
fn told(code: i32, words: &[&str]) -> String {
    let output = ae_tui(words);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{words:?}: {told}");
    told
}

/// Follows the advice at the end of an error, for as many steps as a start takes.
fn follow(run: &[&str], option: &str) -> f64 {
    let error = told(1, run);
    let advised = error.trim_end().rsplit_once(&format!("try {option} "));
    let (_, value) = advised.unwrap_or_else(|| panic!("no advice of {option}: {error}"));
    let place = run.iter().position(|word| *word == option).unwrap();
    let mut better = run.to_vec();
    better[place + 1] = value;
    better.extend(["--max-steps", "60"]);
    let told = told(0, &better);
    assert!(told.contains("after 60 steps"), "{told}");
    value.parse().unwrap()
}

#[test]
fn who_follows_the_advice_after_a_divergence_trains() {
    for rate in ["1e37", "3e38"] {
        let run = ["--latent-activation", "linear", "--learning-rate", rate];
        let advised = follow(&run, "--learning-rate");
        assert!(advised > 0.0 && advised < 0.1, "{advised}");
    }
    // Of one layer the loss leaves the numbers first, of more the weights do.
    for (preset, price) in [("sparse", "1e38"), ("article", "1e20"), ("article", "1e38")] {
        let run = ["--preset", preset, "--l1", price];
        assert!(follow(&run, "--l1") < 1.0);
        let blame = told(1, &run);
        assert!(
            blame.contains("the price of the code is too high"),
            "{preset} {price}: {blame}"
        );
        assert!(!blame.contains("the steps are too long"), "{blame}");
    }
}

#[test]
fn what_float32_cannot_hold_is_refused() {
    for option in ["--learning-rate", "--l1"] {
        for value in ["1e-50", "1e39", "1e300"] {
            let error = told(2, &[option, value, "--max-steps", "1"]);
            assert!(
                error.contains(value) && error.contains("float32"),
                "{error}"
            );
        }
    }
    for value in ["gaussian:1e-50", "gaussian:1e39"] {
        let error = told(2, &["--noise", value, "--max-steps", "1"]);
        assert!(
            error.contains(value) && error.contains("float32"),
            "{error}"
        );
    }
}

#[test]
fn a_seed_is_told_its_bounds() {
    for seed in ["-1", "18446744073709551616"] {
        let error = told(2, &["--seed", seed]);
        assert!(error.contains("from 0 to 18446744073709551615"), "{error}");
    }
}

#[test]
fn no_path_or_value_reaches_the_terminal_as_it_is() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let wild = path("a\u{1b}[31m\n\u{202e}b");
    let picture = format!("{wild}.jpg");
    let saved = told(0, &["--max-steps", "1", "--save", &wild]);
    let line = saved.lines().find(|line| line.starts_with("saved "));
    assert!(line.unwrap().ends_with("a[31mb"), "{saved}");
    assert!(saved.contains("after 1 step\n"), "{saved}");
    let refusals = [
        told(1, &["--data", &wild]),
        told(
            1,
            &[
                "--save",
                folder.path().to_str().unwrap(),
                "--init",
                &path("\u{1b}"),
            ],
        ),
        told(1, &["explore", &path("\u{1b}c")]),
        told(2, &["reconstruct", &wild, "--out", &picture]),
        told(2, &["evaluate", &wild, "--encoder", "32,3"]),
        told(2, &["--encoder", "\u{1b}[31m"]),
        told(2, &["--metrics", &wild, "\u{1b}[31m"]),
    ];
    for words in refusals.iter().chain([&saved]) {
        let obeyed = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!words.contains(obeyed), "{words:?}");
        if words.starts_with("error") {
            assert_eq!(words.lines().count(), 1, "{words:?}");
        }
    }
}

#[test]
fn two_losses_of_a_run_have_two_names_and_their_units() {
    let run = [
        "--preset",
        "vae",
        "--encoder",
        "8,2",
        "--batch-size",
        "1000",
        "--epochs",
        "1",
    ];
    let output = ae_tui(&run);
    let (lines, last) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    let epoch = lines.lines().next().unwrap();
    for name in ["train+KL ", "held-out+KL ", " nats/image"] {
        assert!(epoch.contains(name), "no {name} in {epoch}");
    }
    assert!(last.contains("nats/pixel after 60 steps, "), "{last}");
    // What the epoch's line called held-out+KL is found again under that name.
    let number = epoch.split("held-out+KL ").nth(1).unwrap();
    let number = number.split_whitespace().next().unwrap();
    assert!(
        last.contains(&format!("{number} nats/image with KL")),
        "{last}"
    );
}

/// MNIST with one label changed: other data, by its digest.
fn other_data(folder: &TempDir) -> String {
    let output = ae_tui(&["data"]);
    let mnist = String::from_utf8(output.stdout).unwrap();
    let copy = folder.path().join("clothes");
    fs::create_dir(&copy).unwrap();
    for file in fs::read_dir(Path::new(mnist.trim_end())).unwrap() {
        let file = file.unwrap();
        let mut bytes = fs::read(file.path()).unwrap();
        if file.file_name() == "t10k-labels-idx1-ubyte" {
            *bytes.last_mut().unwrap() ^= 1;
        }
        fs::write(copy.join(file.file_name()), bytes).unwrap();
    }
    copy.to_str().unwrap().to_owned()
}

#[test]
fn evaluate_tells_no_digits_of_other_data() {
    let folder = TempDir::new().unwrap();
    let data = other_data(&folder);
    let weights = folder.path().join("a.safetensors");
    let weights = weights.to_str().unwrap();
    told(0, &["--max-steps", "1", "--save", weights]);
    let output = ae_tui(&["evaluate", weights, "--range", "0..20", "--data", &data]);
    assert!(output.status.success());
    let table = String::from_utf8(output.stdout).unwrap();
    for words in ["PSNR by class", "the class told by"] {
        assert!(table.contains(words), "{table}");
    }
    assert!(!table.contains("digit"), "{table}");
}
