//! The built program from outside, without a terminal: its words, its exit
//! codes, its files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Command, Output, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// The program, as a script would start it.
fn ae_tui(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ae-tui"));
    command
        .args(words)
        .stdin(Stdio::null())
        // MNIST is unpacked once for all the tests.
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .env_remove("NO_COLOR")
        .env_remove("AE_TUI_FAULT")
        .env("TERM", "xterm-256color");
    command
}

fn run(words: &[&str]) -> Output {
    ae_tui(words).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Runs to an end with this exit code and returns what standard error says.
fn refused(code: i32, words: &[&str]) -> String {
    let output = run(words);
    let told = text(&output.stderr).to_owned();
    assert_eq!(output.status.code(), Some(code), "{words:?}: {told}");
    assert!(told.starts_with("error: "), "{words:?}: {told}");
    assert!(!told.contains("panicked"), "{words:?}: {told}");
    assert_eq!(text(&output.stdout), "", "{words:?}");
    told
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

/// Weights of the default network after one step.
fn weights(folder: &TempDir, name: &str) -> String {
    let file = path(folder, name);
    let output = run(&["--max-steps", "1", "--save", &file]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    file
}

#[test]
fn help_shows_examples_presets_and_exit_codes() {
    let output = ae_tui(&["--help"]).env("COLUMNS", "100").output().unwrap();
    assert!(output.status.success());
    insta::assert_snapshot!(text(&output.stdout));
}

#[test]
fn help_of_each_command_is_an_answer_and_no_error() {
    for command in ["train", "explore", "data"] {
        let output = run(&[command, "--help"]);
        assert!(output.status.success(), "{command}");
        assert!(text(&output.stdout).contains("Usage: ae-tui"), "{command}");
    }
}

#[test]
fn a_wrong_value_is_refused_with_its_name_and_the_cure() {
    let cases: &[(&[&str], &[&str])] = &[
        (&["--preset", "vast"], &["'vast'", "article, map, deep"]),
        (&["--encoder", "0"], &["encoder 0", "at least 1 unit"]),
        (
            &["--preset", "conv", "--encoder", "32"],
            &["encoder 32: a convolutional network has no use"],
        ),
        (
            &["--preset", "conv", "--latent-activation", "relu"],
            &["latent activation relu: a convolutional network"],
        ),
        (
            &["--preset", "conv", "--l1", "0.1"],
            &["l1 0.1: a convolutional network"],
        ),
        (&["--encoder", "32,0"], &["encoder 32,0"]),
        (&["--encoder", ""], &["--encoder", "as in 32,2"]),
        (&["--encoder", "32,x"], &["'32,x'", "as in 32,2"]),
        (&["--encoder", "999999,3"], &["784-999999-3", "smaller"]),
        (
            &["--latent-activation", "tanh"],
            &["'tanh'", "relu, linear"],
        ),
        (&["--epochs", "0"], &["0 epochs", "1 to"]),
        (&["--epochs", "-1"], &["'-1'", "whole number"]),
        (
            &["--epochs", "99999999999"],
            &["99999999999 epochs", "1 to"],
        ),
        (&["--batch-size", "0"], &["batch size 0", "1 to"]),
        (&["--batch-size", "99999999999"], &["99999999999", "1 to"]),
        (&["--learning-rate", "0"], &["learning rate 0", "above 0"]),
        (
            &["--learning-rate", "-0.1"],
            &["learning rate -0.1", "above 0"],
        ),
        (
            &["--learning-rate", "NaN"],
            &["learning rate NaN", "above 0"],
        ),
        (
            &["--learning-rate", "inf"],
            &["learning rate inf", "above 0"],
        ),
        (&["--learning-rate", "fast"], &["'fast'", "as in 0.001"]),
        (&["--seed", "-1"], &["'-1'", "whole number"]),
        (&["--max-steps", "0"], &["0 steps", "at least 1"]),
        (&["--threads", "0"], &["'0'", "from 1 on"]),
        (&["--pace", "0"], &["'0'", "film, full"]),
        (&["--pace", "NaN"], &["'NaN'", "film, full"]),
        (&["--metrics-every", "0"], &["'0'", "from 1 on"]),
        (
            &["--metrics-every", "5"],
            &["--metrics-every", "add --metrics"],
        ),
        (
            &["--save", "a", "--metrics", "a"],
            &["--save and --metrics"],
        ),
        (&["--theme", "blue"], &["'blue'", "auto, dark, light"]),
        (&["--epoch", "3"], &["'--epoch'", "--epochs"]),
        (&["explore"], &["<WEIGHTS>"]),
    ];
    for (words, told) in cases {
        let error = refused(2, words);
        for part in *told {
            assert!(error.contains(part), "{words:?}: {part} is not in: {error}");
        }
    }
}

#[test]
fn a_wrong_file_is_refused_in_one_line_that_names_it() {
    let folder = TempDir::new().unwrap();
    let nowhere = path(&folder, "nowhere");
    let inside_nowhere = path(&folder, "nowhere/file");
    let itself = folder.path().to_str().unwrap();
    let noise = path(&folder, "noise");
    fs::write(&noise, "these are not weights").unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["--data", &nowhere], &nowhere),
        (&["--data", itself], itself),
        (&["--data", &noise], &noise),
        (&["--init", &nowhere], &nowhere),
        (&["--init", itself], itself),
        (&["--init", &noise], &noise),
        (&["--save", &inside_nowhere], &inside_nowhere),
        (&["--save", itself], itself),
        (&["--metrics", &inside_nowhere], &inside_nowhere),
        (&["--metrics", itself], itself),
        (&["explore", &nowhere], &nowhere),
        (&["explore", &noise], &noise),
    ];
    for (words, name) in cases {
        let error = refused(1, words);
        assert!(error.contains(name), "{words:?}: {error}");
        assert_eq!(error.lines().count(), 1, "{words:?}: {error}");
    }
}

#[test]
fn weights_cut_short_are_refused() {
    let folder = TempDir::new().unwrap();
    let file = weights(&folder, "whole.safetensors");
    let bytes = fs::read(&file).unwrap();
    let cut = path(&folder, "cut.safetensors");
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let error = refused(1, &["--init", &cut]);
    assert!(error.contains("cut.safetensors"), "{error}");
}

#[test]
fn a_run_that_is_refused_empties_no_metrics_file() {
    let folder = TempDir::new().unwrap();
    let log = path(&folder, "log.jsonl");
    fs::write(&log, "precious\n").unwrap();
    refused(1, &["--metrics", &log, "--save", &path(&folder, "no/file")]);
    assert_eq!(fs::read_to_string(&log).unwrap(), "precious\n");
}

#[test]
fn weights_bring_their_architecture_and_contradictions_are_refused() {
    let folder = TempDir::new().unwrap();
    let small = path(&folder, "small.safetensors");
    let output = run(&["--encoder", "8,3", "--max-steps", "1", "--save", &small]);
    assert!(output.status.success(), "{}", text(&output.stderr));

    let output = run(&["--init", &small, "--max-steps", "1"]);
    assert!(output.status.success());
    assert!(text(&output.stderr).contains("784-8-3-8-784"));

    let error = refused(2, &["--init", &small, "--encoder", "8,2"]);
    assert!(
        error.contains("784-8-3-8-784") && error.contains("784-8-2-8-784"),
        "{error}"
    );
    let error = refused(2, &["--init", &small, "--preset", "article"]);
    assert!(error.contains("784-32-2-32-784"), "{error}");
    refused(2, &["--init", &small, "--latent-activation", "linear"]);
}

#[test]
fn each_epoch_is_a_line_and_no_escape_goes_into_a_pipe() {
    let output = ae_tui(&["--epochs", "2", "--batch-size", "500", "--color", "always"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    for (line, start) in lines
        .iter()
        .zip(["epoch 1/2  train 0.", "epoch 2/2  train 0."])
    {
        assert!(line.starts_with(start), "{line}");
        assert!(line.ends_with(" images/s"), "{line}");
    }
    let told = text(&output.stderr);
    assert!(
        told.contains("article 784-32-2-32-784 on MNIST, seed 42"),
        "{told}"
    );
    assert!(told.contains("held-out loss 0."), "{told}");
    for stream in [&output.stdout, &output.stderr] {
        assert!(!stream.contains(&0x1b), "an escape in a pipe");
    }
}

#[test]
fn metrics_are_json_lines_with_the_promised_fields() {
    let folder = TempDir::new().unwrap();
    let log = path(&folder, "log.jsonl");
    let file = path(&folder, "a.safetensors");
    let words = [
        "--batch-size",
        "3000",
        "--epochs",
        "1",
        "--metrics-every",
        "10",
    ];
    let output = ae_tui(&words)
        .args(["--metrics", &log, "--save", &file])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let records = records(&fs::read_to_string(&log).unwrap());
    let events: Vec<&str> = records
        .iter()
        .map(|record| record["event"].as_str().unwrap())
        .collect();
    assert_eq!(events, ["start", "step", "step", "epoch", "end"]);
    assert_eq!(records[0]["seed"], 42);
    assert_eq!(records[0]["architecture"], "784-32-2-32-784");
    assert_eq!(records[1]["step"], 10);
    assert_eq!(records[1]["epoch"], 1);
    assert!(records[1]["loss"].as_f64().unwrap() > 0.0);
    for field in [
        "train_loss",
        "val_loss",
        "val_reconstruction",
        "seconds",
        "samples_per_second",
    ] {
        assert!(records[3][field].as_f64().unwrap() > 0.0, "{field}");
    }
    assert_eq!(records[3]["step"], 20);
    assert_eq!(records[4]["status"], "finished");
    assert_eq!(records[4]["saved"], file.as_str());
}

fn records(lines: &str) -> Vec<Value> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn metrics_on_standard_output_have_it_for_themselves() {
    let output = run(&["--batch-size", "3000", "--epochs", "1", "--metrics", "-"]);
    assert!(output.status.success());
    let records = records(text(&output.stdout));
    assert_eq!(records.len(), 3);
    assert_eq!(records[2]["saved"], Value::Null);
    assert!(text(&output.stderr).contains("epoch 1/1  train"));
}

#[test]
fn a_reader_that_leaves_ends_the_run_quietly_and_with_its_file() {
    for metrics in [&[][..], &["--metrics", "-"]] {
        let folder = TempDir::new().unwrap();
        let file = path(&folder, "a.safetensors");
        let mut child = ae_tui(&["--epochs", "1000", "--batch-size", "3000", "--save", &file])
            .args(metrics)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        lines.read_line(&mut String::new()).unwrap();
        drop(lines);
        let output = child.wait_with_output().unwrap();
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{told}");
        assert!(
            !told.contains("panicked") && !told.contains("error"),
            "{told}"
        );
        assert!(Path::new(&file).exists(), "{told}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error_and_the_weights_are_saved_all_the_same() {
    let folder = TempDir::new().unwrap();
    let file = path(&folder, "a.safetensors");
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let run = ["--epochs", "1", "--batch-size", "3000", "--save", &file];
    let output = ae_tui(&run).stdout(full()).output().unwrap();
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("error: cannot write to standard output: "),
        "{told}"
    );
    assert!(Path::new(&file).exists());

    fs::remove_file(&file).unwrap();
    let output = ae_tui(&run)
        .args(["--metrics", "/dev/full"])
        .output()
        .unwrap();
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("error: ") && told.contains("/dev/full"),
        "{told}"
    );
    assert!(text(&output.stdout).starts_with("epoch 1/1"), "{told}");
    assert!(Path::new(&file).exists());
}

#[test]
fn a_signal_ends_a_run_with_its_file_and_its_number() {
    for (signal, code) in [
        (Signal::TERM, 143),
        (Signal::INT, 130),
        (Signal::HUP, 129),
        (Signal::QUIT, 131),
    ] {
        let folder = TempDir::new().unwrap();
        let file = path(&folder, "a.safetensors");
        let log = path(&folder, "log.jsonl");
        let mut child = ae_tui(&["--epochs", "100000", "--batch-size", "3000"])
            .args(["--save", &file, "--metrics", &log])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        lines.read_line(&mut String::new()).unwrap();
        kill_process(Pid::from_child(&child), signal).unwrap();
        lines.read_to_end(&mut Vec::new()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
        let last = records(&fs::read_to_string(&log).unwrap()).pop().unwrap();
        assert_eq!(last["status"], "stopped");
        assert_eq!(last["saved"], file.as_str());
        // What was saved is whole: a run can start from it.
        let again = run(&["--init", &file, "--max-steps", "1"]);
        assert!(again.status.success(), "{}", text(&again.stderr));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_hang_up_that_nohup_ignores_does_not_end_a_run() {
    let folder = TempDir::new().unwrap();
    let file = path(&folder, "a.safetensors");
    let script = r#"trap "" HUP; exec "$0" --epochs 3 --batch-size 3000 --pace 0.5 --save "$1""#;
    let mut child = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_ae-tui"), &file])
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    lines.read_line(&mut String::new()).unwrap();
    kill_process(Pid::from_child(&child), Signal::HUP).unwrap();
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(rest.contains("epoch 3/3"), "{rest}");
}

#[test]
fn the_same_seed_gives_the_same_file_for_any_number_of_threads() {
    let folder = TempDir::new().unwrap();
    let train = |name: &str, more: &[&str]| {
        let file = path(&folder, name);
        let output = ae_tui(&["--max-steps", "20", "--save", &file])
            .args(more)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        fs::read(file).unwrap()
    };
    let one = train("one", &["--threads", "1"]);
    assert!(
        one == train("two", &["--threads", "3"]),
        "threads change the bits"
    );
    assert!(
        one != train("three", &["--seed", "43"]),
        "the seed changes nothing"
    );
}

#[test]
fn a_diverging_run_fails_in_a_line_and_leaves_finite_weights() {
    let folder = TempDir::new().unwrap();
    let file = path(&folder, "a.safetensors");
    let output = run(&[
        "--learning-rate",
        "1e30",
        "--latent-activation",
        "linear",
        "--save",
        &file,
    ]);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    let error = told
        .lines()
        .find(|line| line.starts_with("error: "))
        .unwrap();
    assert!(!told.contains("held-out loss NaN"), "{told}");
    assert!(
        error.contains("loss of step") && error.contains("--learning-rate"),
        "{error}"
    );
    // Loading refuses weights that are not finite.
    ae_tui::store::weights::load(Path::new(&file), None).unwrap();
}

#[test]
#[cfg(debug_assertions)]
fn a_trainer_that_dies_is_reported_once_and_its_weights_are_saved() {
    let folder = TempDir::new().unwrap();
    let file = path(&folder, "a.safetensors");
    let output = ae_tui(&["--save", &file])
        .env("AE_TUI_FAULT", "panic:trainer@5")
        .output()
        .unwrap();
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    let errors = told
        .lines()
        .filter(|line| line.contains("a fault was injected"))
        .count();
    assert_eq!(errors, 1, "{told}");
    assert!(Path::new(&file).exists());
}

#[test]
fn the_folder_of_the_data_is_printed_and_can_be_trained_on() {
    let output = run(&["data"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let folder = text(&output.stdout).trim_end().to_owned();
    assert!(Path::new(&folder).join("train-images-idx3-ubyte").exists());
    let files = TempDir::new().unwrap();
    let train = |name: &str, more: &[&str]| {
        let log = path(&files, name);
        let output = ae_tui(&[
            "--max-steps",
            "3",
            "--metrics",
            &log,
            "--metrics-every",
            "1",
        ])
        .args(more)
        .output()
        .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        let lines = fs::read_to_string(log).unwrap();
        lines.lines().skip(1).map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(train("a", &[]), train("b", &["--data", &folder]));
}
