//! The built program from outside, without a terminal: its words, its exit
//! codes, its files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Command, Output, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

#[path = "cli/schema.rs"]
mod schema;
#[path = "cli/sweep.rs"]
mod sweep;

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
    for command in commands().iter().filter(|command| *command != "help") {
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
        (&["--digits", ""], &["--digits", "0-8 or 0-3,7"]),
        (&["--digits", "8-0"], &["'8-0'", "0-8 or 0-3,7"]),
        (&["--digits", "64"], &["'64'", "0-8 or 0-3,7"]),
        (
            &["--digits", "8-11"],
            &["--digits 10,11", "MNIST has no image", "some of 0-9"],
        ),
        (&["--max-steps", "0"], &["0 steps", "at least 1"]),
        (&["--threads", "0"], &["'0'", "from 1 to 256"]),
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
fn channels_that_make_no_network_are_refused_with_the_cure() {
    let cases: &[(&[&str], &[&str])] = &[
        (
            &["--channels", "8,4"],
            &["channels 8,4: a dense network has none", "--preset conv"],
        ),
        (
            &["--preset", "vae", "--channels", "8"],
            &["channels 8: a variational network has none"],
        ),
        (
            &["--preset", "conv", "--channels", "8,0"],
            &["channels 8,0", "at least 1 map"],
        ),
        (
            &["--preset", "conv", "--channels", "8,8,8,8,8"],
            &["channels 8,8,8,8,8", "1 to 4 convolutions"],
        ),
        (
            &["--preset", "conv", "--channels", "1025"],
            &["channels 1025", "at most 1024"],
        ),
        (
            &["--preset", "conv", "--channels", "1024,1024"],
            &["channels 1024,1024", "MiB of memory", "smaller batch"],
        ),
        (
            &["--preset", "conv", "--channels", "8,x"],
            &["'8,x'", "as in 16,8,8"],
        ),
        (
            &["--preset", "conv", "--channels", "8", "--encoder", "8"],
            &["encoder 8: a convolutional network has no use"],
        ),
    ];
    for (words, told) in cases {
        let error = refused(2, words);
        for part in *told {
            assert!(error.contains(part), "{words:?}: {part} is not in: {error}");
        }
    }
}

/// What standard error says of a short run with pictures shown so, in tmux or not, and its code.
fn with_graphics(how: &str, within_tmux: bool) -> (String, Option<i32>) {
    let mut command = ae_tui(&["--headless", "--max-steps", "1", "--graphics", how]);
    for name in ["TMUX", "STY", "ZELLIJ"] {
        command.env_remove(name);
    }
    if within_tmux {
        command.env("TMUX", "/tmp/tmux-0/default,1,0");
    }
    let output = command.output().unwrap();
    (text(&output.stderr).to_owned(), output.status.code())
}

#[test]
#[cfg(feature = "graphics")]
fn pictures_that_do_not_pass_tmux_are_refused_with_the_cure() {
    for how in ["kitty", "iterm2"] {
        let (told, code) = with_graphics(how, true);
        let start = format!("error: --graphics {how}: such pictures pass neither tmux nor screen");
        assert!(told.starts_with(&start) && code == Some(2), "{told}");
        assert!(told.contains("outside of them, or with --graphics auto"));
        assert_eq!(with_graphics(how, false).1, Some(0));
    }
    for how in ["auto", "sixel", "blocks"] {
        assert_eq!(with_graphics(how, true).1, Some(0), "{how}");
    }
}

#[test]
#[cfg(not(feature = "graphics"))]
fn pictures_that_were_not_built_are_refused_with_the_cure() {
    for how in ["auto", "kitty", "iterm2", "sixel"] {
        let (told, code) = with_graphics(how, false);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.starts_with(&format!("error: --graphics {how}: ")));
        assert!(told.contains("cargo build --release --features graphics"));
    }
    assert_eq!(with_graphics("blocks", true).1, Some(0));
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
fn convolutions_of_other_channels_are_trained_kept_and_read_without_a_word() {
    let folder = TempDir::new().unwrap();
    let run_folder = path(&folder, "kept");
    let own = path(&folder, "own.safetensors");
    let wanted = ["--preset", "conv", "--channels", "3,2", "--max-steps", "2"];
    let output = run(&[&wanted[..], &["--save", &own, "--run", &run_folder]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("28x28 conv 3-2-2-3-1"));
    let toml = fs::read_to_string(folder.path().join("kept/run.toml")).unwrap();
    assert!(
        toml.contains("channels = [\n    3,\n    2,\n]") || toml.contains("channels = [3, 2]"),
        "{toml}"
    );
    let log = fs::read_to_string(folder.path().join("kept/metrics.jsonl")).unwrap();
    assert!(
        log.contains(r#""network":"convolutional","channels":[3,2]"#),
        "{log}"
    );

    // Every command reads them, also as arrays without a word of their network.
    let codes = path(&folder, "codes.csv");
    let arrays = path(&folder, "own.npz");
    assert!(run(&["export", &own, "--keras", &arrays]).status.success());
    for file in [&own, &arrays] {
        let words = ["encode", file, "--range", "0..2", "--out", &codes];
        let output = run(&words);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let table = fs::read_to_string(&codes).unwrap();
        // Two maps of seven pixels a side, beside the label.
        let columns = table.lines().next().unwrap().split(',').count();
        assert!((98..=100).contains(&columns), "{columns}");
    }
    // Others are refused, and the cure is one.
    let draw = ["reconstruct", &own, "--out", &path(&folder, "a.png")];
    for others in [&["--channels", "2,3"][..], &["--preset", "conv"]] {
        let error = refused(2, &[&draw[..], others].concat());
        assert!(
            error.contains("use --preset conv --channels 3,2"),
            "{error}"
        );
    }
    let cured = [&draw[..], &["--preset", "conv", "--channels", "3,2"]].concat();
    assert!(run(&cured).status.success());
    assert!(
        run(&[&draw[..], &["--channels", "3,2"]].concat())
            .status
            .success()
    );
    // A run goes on with what it has, and starts from weights that bring theirs.
    let error = refused(2, &["--resume", &run_folder, "--channels", "2,3"]);
    assert!(error.contains("--channels 2,3"), "{error}");
    let output = run(&["--init", &own, "--max-steps", "1"]);
    assert!(text(&output.stderr).contains("conv 3-2-2-3-1"));
}

#[test]
fn what_is_said_of_weights_that_are_looked_at_has_to_be_true() {
    let folder = TempDir::new().unwrap();
    let small = path(&folder, "small.safetensors");
    let picture = path(&folder, "small.png");
    let output = run(&["--encoder", "8,3", "--max-steps", "1", "--save", &small]);
    assert!(output.status.success(), "{}", text(&output.stderr));

    let draw = ["reconstruct", &small, "--out", &picture];
    for command in [&["evaluate", &small][..], &draw, &["explore", &small]] {
        for (options, wanted) in [
            (
                &["--preset", "deep", "--encoder", "5,4"][..],
                "784-5-4-5-784",
            ),
            (&["--preset", "article"], "784-32-2-32-784"),
            (&["--encoder", "8,2"], "784-8-2-8-784"),
            (&["--latent-activation", "linear"], "a linear code"),
            (&["--preset", "conv"], "28x28 conv"),
        ] {
            let words = [command, options].concat();
            let error = refused(2, &words);
            for part in ["small.safetensors", "784-8-3-8-784", wanted] {
                assert!(error.contains(part), "{words:?}: {error}");
            }
        }
    }
    for options in [
        &[][..],
        &["--encoder", "8,3"],
        &["--latent-activation", "relu"],
    ] {
        let output = run(&[&draw[..], options].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
    }

    let article = weights(&folder, "article.safetensors");
    let output = run(&[
        "reconstruct",
        &article,
        "--out",
        &picture,
        "--preset",
        "article",
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
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
        told.contains("article 784-32-2-32-784 on MNIST, seed 32"),
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
    assert_eq!(records[0]["seed"], 32);
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
    // By whatever name: the lines for people would land between the records.
    for name in ["-", "/dev/stdout", "/dev/fd/1"] {
        let output = run(&["--batch-size", "3000", "--epochs", "1", "--metrics", name]);
        assert!(output.status.success());
        let records = records(text(&output.stdout));
        assert_eq!(records.len(), 3, "{name}");
        assert_eq!(records[2]["saved"], Value::Null);
        assert!(text(&output.stderr).contains("epoch 1/1  train"), "{name}");
    }
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
        let mut records = records(&fs::read_to_string(log).unwrap());
        for record in &mut records {
            record.as_object_mut().unwrap().remove("time");
        }
        records.split_off(1)
    };
    assert_eq!(train("a", &[]), train("b", &["--data", &folder]));
}

#[test]
fn measures_are_a_table_for_people_and_an_object_for_scripts() {
    let folder = TempDir::new().unwrap();
    let file = weights(&folder, "a.safetensors");

    let output = run(&["evaluate", &file, "--range", "110..210"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    let table = text(&output.stdout);
    for words in [
        "784-32-2-32-784, article, step 1",
        "on test images 110 to 209 of MNIST",
        "PCA, 2 components",
        "one grey",
        "features: the digit told by the 10 nearest of 60000 training images",
        "8 of an image's 784 bytes",
        "sparsity:",
    ] {
        assert!(table.contains(words), "{words}: {table}");
    }
    assert!(!table.contains('\u{1b}') && !table.contains("denoising"));

    let words = [
        "evaluate", &file, "--json", "--split", "train", "--range", "0..50",
    ];
    let output = run(&words);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let measures: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(measures["architecture"], "784-32-2-32-784");
    assert_eq!(measures["preset"], "article");
    assert_eq!(measures["data"], "MNIST");
    assert_eq!(measures["split"], "train");
    assert_eq!(measures["range"], serde_json::json!([0, 50]));
    for whose in ["network", "pca", "mean_image", "one_grey"] {
        let its = &measures["reconstruction"][whose];
        assert_eq!(its["images"], 50, "{whose}");
        for number in ["cross_entropy", "mse", "psnr"] {
            assert!(its[number].as_f64().unwrap() > 0.0, "{whose} {number}");
        }
        assert!(its["digits"][0]["psnr"].is_number() && its["digits"][0]["digit"] == 0);
    }
    let features = &measures["features"];
    assert_eq!(
        (&features["known"], &features["asked"]),
        (&60_000.into(), &50.into())
    );
    assert!(features["network"].is_number() && features["pca"].is_number());
    let compression = &measures["compression"];
    assert_eq!(
        (&compression["values"], &compression["bytes"]),
        (&2.into(), &8.into())
    );
    assert_eq!(compression["image_bytes"], 784);
    assert!(measures["denoising"].is_null());
    assert!(measures["sparsity"]["zeros"].is_number());
    assert!(measures["sparsity"]["dead_units"].is_array());
}

#[test]
fn a_network_that_was_shown_noise_is_measured_on_it() {
    let folder = TempDir::new().unwrap();
    let file = path(&folder, "noisy.safetensors");
    let words = ["--max-steps", "1", "--noise", "mask:10", "--save", &file];
    assert!(run(&words).status.success());
    let output = run(&["evaluate", &file, "--json", "--range", "5..25"]);
    let measures: Value = serde_json::from_slice(&output.stdout).unwrap();
    let denoising = &measures["denoising"];
    assert_eq!(denoising["noise"], "mask:10");
    for whose in ["noisy", "network", "median"] {
        assert!(denoising[whose]["psnr"].as_f64().unwrap() > 0.0, "{whose}");
    }
}

#[test]
fn an_evaluation_that_cannot_be_is_refused_with_the_reason() {
    let folder = TempDir::new().unwrap();
    let file = weights(&folder, "a.safetensors");
    assert!(refused(2, &["evaluate"]).contains("<WEIGHTS>"));
    let told = refused(1, &["evaluate", &path(&folder, "none.safetensors")]);
    assert!(told.contains("none.safetensors"), "{told}");
    let wrong = path(&folder, "wrong.safetensors");
    fs::write(&wrong, "no weights").unwrap();
    assert!(refused(1, &["evaluate", &wrong]).contains("wrong.safetensors"));
    for (words, reasons) in [
        (["--range", "9990..10001"], ["9990..10001", "0..10000"]),
        (["--range", "5..5"], ["'5..5'", "5..6"]),
        (["--range", "9..3"], ["'9..3'", "3..9"]),
        (["--range", "-3..9"], ["'-3..9'", "110..120"]),
        (["--range", "ten"], ["'ten'", "110..120"]),
        (["--split", "both"], ["'both'", "train, test"]),
        (["--encoder", "0"], ["encoder 0", "at least 1 unit"]),
    ] {
        let told = refused(2, &[&["evaluate", file.as_str()][..], &words[..]].concat());
        for reason in reasons {
            assert!(told.contains(reason), "{words:?}: {told}");
        }
    }
    let told = refused(1, &["evaluate", &file, "--data", &path(&folder, "nowhere")]);
    assert!(told.contains("nowhere"), "{told}");
}

/// The pixels of a PNG, row by row, and its width.
fn decoded(file: &str) -> (usize, Vec<[u8; 3]>) {
    let decoder = png::Decoder::new(BufReader::new(File::open(file).unwrap()));
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    (info.width as usize, bytes.as_chunks().0.to_vec())
}

/// An image of a picture file: the colour of each of its 784 pixels, every one
/// a square of four by four.
fn image_at(file: &str, left: usize, top: usize) -> Vec<[u8; 3]> {
    let (width, pixels) = decoded(file);
    let at = |x: usize, y: usize| pixels[y * width + x];
    let mut image = Vec::new();
    for (row, column) in (0..28).flat_map(|row| (0..28).map(move |column| (row, column))) {
        let [x, y] = [left + 4 * column, top + 4 * row];
        for (dx, dy) in (0..16).map(|place| (place % 4, place / 4)) {
            assert_eq!(at(x + dx, y + dy), at(x, y), "a pixel is one square");
        }
        image.push(at(x, y));
    }
    image
}

/// The test images 110 to 119 as MNIST has them, and the colours of real ones.
fn real(image: usize) -> Vec<[u8; 3]> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/digits/test-110-to-119.idx3-ubyte");
    let bytes = fs::read(file).unwrap();
    let pixels = &bytes[bytes.len() - 10 * 784..][(image - 110) * 784..][..784];
    let white = |pixel: &u8| {
        // From #0c0e12 to white.
        [12, 14, 18].map(|dark: u8| {
            let range = f32::from(255 - dark);
            (f32::from(dark) + range * (f32::from(*pixel) / 255.0)).round() as u8
        })
    };
    pixels.iter().map(white).collect()
}

#[test]
fn a_picture_shows_the_very_images_over_what_the_network_made() {
    let folder = TempDir::new().unwrap();
    let file = weights(&folder, "a.safetensors");
    let picture = path(&folder, "figure.png");
    fs::write(&picture, "an older picture").unwrap();
    let output = run(&["reconstruct", &file, "--out", &picture]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "");
    let (width, pixels) = decoded(&picture);
    assert_eq!((width, pixels.len() / width), (1396, 398));
    for column in 0..10 {
        let upper = image_at(&picture, 180 + 120 * column, 116);
        assert_eq!(upper, real(110 + column), "image {}", 110 + column);
        let lower = image_at(&picture, 180 + 120 * column, 236);
        let green = |[red, green, blue]: &[u8; 3]| green > red && green > blue;
        // After one step every pixel is some grey, so green through and through.
        assert!(lower.iter().all(green), "image {}", 110 + column);
    }
}

#[test]
fn a_picture_is_of_the_images_and_with_the_noise_that_were_named() {
    let folder = TempDir::new().unwrap();
    let file = path(&folder, "noisy.safetensors");
    let noise = ["--noise", "mask:28", "--max-steps", "1", "--save", &file];
    assert!(run(&noise).status.success());
    let picture = path(&folder, "figure.PNG");
    let words = [
        "reconstruct",
        &file,
        "--out",
        &picture,
        "--range",
        "117..119",
    ];
    let output = run(&words);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(image_at(&picture, 180, 116), real(117));
    assert_eq!(image_at(&picture, 300, 116), real(118));
    // A mask as large as the picture leaves nothing.
    assert_eq!(image_at(&picture, 180, 236), [[12, 14, 18]; 784]);

    let training = ["--split", "train", "--range", "59999..60000"];
    let output = ae_tui(&["reconstruct", &file, "--out", &picture])
        .args(training)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_ne!(image_at(&picture, 180, 116), real(117));
}

#[test]
fn a_picture_that_cannot_be_is_refused_and_leaves_what_was_there() {
    let folder = TempDir::new().unwrap();
    let file = weights(&folder, "a.safetensors");
    let nowhere = path(&folder, "nowhere.safetensors");
    let picture = path(&folder, "figure.png");
    let inside_nowhere = path(&folder, "nowhere/figure.png");
    fs::write(&picture, "precious").unwrap();
    let cases: &[(i32, &[&str], &[&str])] = &[
        (2, &[&file], &["--out"]),
        (2, &["--out", &picture], &["<WEIGHTS>"]),
        (2, &[&file, "--out", &file], &["a.safetensors", ".png"]),
        (2, &[&file, "--out", "figure"], &["figure", ".png"]),
        (2, &[&file, "--out", "figure.jpg"], &["figure.jpg", ".png"]),
        (1, &[&file, "--out", &inside_nowhere], &["no folder"]),
        (1, &[&nowhere, "--out", &picture], &["nowhere.safetensors"]),
        (
            1,
            &[&file, "--out", &picture, "--data", &nowhere],
            &["nowhere.safetensors", "no such file or folder"],
        ),
        (
            2,
            &[&file, "--out", &picture, "--range", "9..3"],
            &["'9..3'", "backwards"],
        ),
        (
            2,
            &[&file, "--out", &picture, "--range", "9995..10005"],
            &["9995..10005", "0..10000"],
        ),
        (
            2,
            &[&file, "--out", &picture, "--range", "0..1001"],
            &["1001 images", "at most 1000"],
        ),
        (
            2,
            &[&file, "--out", &picture, "--split", "middle"],
            &["'middle'", "train, test, both"],
        ),
    ];
    for (code, words, told) in cases {
        let error = refused(*code, &[&["reconstruct"], *words].concat());
        for part in *told {
            assert!(error.contains(part), "{words:?}: {part} is not in: {error}");
        }
    }
    assert_eq!(fs::read_to_string(&picture).unwrap(), "precious");
    assert!(
        fs::read(&file).unwrap().len() > 200_000,
        "the weights are there"
    );
}

#[test]
fn some_digits_are_trained_on_and_the_others_are_told_apart() {
    let folder = TempDir::new().unwrap();
    let [file, log, kept] = ["a.safetensors", "a.jsonl", "kept"].map(|name| path(&folder, name));
    let short = [
        "--digits",
        "0-3,7",
        "--max-steps",
        "30",
        "--batch-size",
        "500",
    ];
    let whole = [
        &short[..],
        &["--metrics", &log, "--run", &kept, "--save", &file],
    ]
    .concat();
    let output = run(&whole);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("MNIST, digits 0-3,7"));
    let told = records(&fs::read_to_string(&log).unwrap());
    assert_eq!(told[0]["digits"], "0-3,7");
    assert!(
        fs::read_to_string(path(&folder, "kept/run.toml"))
            .unwrap()
            .contains("0-3,7")
    );

    // The same again, from what was written of it.
    let again = path(&folder, "again.safetensors");
    let config = path(&folder, "kept/run.toml");
    let output = run(&["--config", &config, "--save", &again]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(fs::read(&file).unwrap(), fs::read(&again).unwrap());
    let told = refused(2, &["--resume", &kept, "--digits", "0-8"]);
    assert!(told.contains("--digits 0-8"), "{told}");

    // Of MNIST's test images there are 980, 1135, 1032, 1010 and 1028 of these.
    let told = refused(2, &["evaluate", &file, "--range", "0..5186"]);
    assert!(told.contains("numbered 0..5185"), "{told}");
    let output = run(&["evaluate", &file, "--range", "0..300", "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&report["digits"], &report["data"]),
        (&"0-3,7".into(), &"MNIST".into())
    );
    let unseen = &report["unseen"];
    assert_eq!(
        (&unseen["digits"], &unseen["images"]),
        (&"4-6,8,9".into(), &4815.into())
    );
    let area = unseen["roc_area"].as_f64().unwrap();
    assert!(area > 0.0 && area < 1.0, "{area}");
    let output = run(&["evaluate", &file, "--range", "0..300"]);
    let table = text(&output.stdout);
    for words in [
        "test images 0 to 299 of MNIST, digits 0-3,7",
        "4815 test images of digits 4-6,8,9",
        &format!("{area:.4}"),
    ] {
        assert!(table.contains(words), "{words}\n{table}");
    }
}

/// The commands that help lists.
fn commands() -> Vec<String> {
    let help = run(&["--help"]);
    let lines = text(&help.stdout).lines();
    let listed = lines
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    let name = |line: &str| line.split_whitespace().next().map(str::to_owned);
    let commands: Vec<String> = listed.filter_map(name).collect();
    assert!(commands.len() > 8, "{commands:?}");
    commands
}

#[test]
fn shells_complete_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]);
        assert!(script.status.success());
        for command in commands() {
            assert!(
                text(&script.stdout).contains(&command),
                "{shell}: {command}"
            );
        }
    }
    let bash = Command::new("bash")
        .args(["-c", "source /dev/stdin && complete -p ae-tui"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut bash = bash.unwrap();
    let script = run(&["completions", "bash"]).stdout;
    bash.stdin.take().unwrap().write_all(&script).unwrap();
    let known = bash.wait_with_output().unwrap();
    assert!(text(&known.stdout).contains("_ae__tui"), "{known:?}");
}

#[test]
fn every_command_has_a_page_in_the_manual() {
    let folder = TempDir::new().unwrap();
    let pages = path(&folder, "man1");
    assert!(run(&["man", &pages]).status.success());
    for command in commands().iter().filter(|command| *command != "help") {
        let page = fs::read_to_string(format!("{pages}/ae-tui-{command}.1")).unwrap();
        assert!(
            page.starts_with(".ie") && page.contains(".SH SYNOPSIS"),
            "{page}"
        );
    }
    let printed = run(&["man"]);
    let page = fs::read(format!("{pages}/ae-tui.1")).unwrap();
    assert_eq!(printed.stdout, page);
}

#[test]
fn a_folder_that_cannot_be_is_refused_before_the_work() {
    let folder = TempDir::new().unwrap();
    let (taken, deep) = (path(&folder, "taken"), path(&folder, "a/b/c"));
    fs::write(&taken, "x").unwrap();
    let told = refused(1, &["man", &deep]);
    assert!(
        told.contains("there is no folder") && told.contains("a/b;"),
        "{told}"
    );
    assert!(!folder.path().join("a").exists());
    let grid = [
        "sweep",
        "--encoder",
        "4,1/4,2",
        "--max-steps",
        "1",
        "--out",
        &taken,
    ];
    let train = ["train", "--headless", "--max-steps", "1"];
    for words in [
        &["man", &taken][..],
        &grid,
        &[&train[..], &["--tensorboard", &taken]].concat(),
        &[&train[..], &["--run", &taken]].concat(),
    ] {
        let told = refused(1, words);
        assert!(
            told.contains("taken: it is no folder; name one"),
            "{words:?}: {told}"
        );
    }
    let made = path(&folder, "pages");
    for _ in 0..2 {
        assert!(run(&["man", &made]).status.success());
    }
}

#[test]
fn images_without_labels_are_held_out_and_refuse_to_be_chosen_from_in_words_that_fit() {
    let folder = TempDir::new().unwrap();
    let data = path(&folder, "x.npy");
    let image = |(number, row, column)| ((number * 7 + row * 3 + column) % 250) as u8;
    ndarray_npy::write_npy(&data, &ndarray::Array3::from_shape_fn((30, 8, 8), image)).unwrap();
    let words = ["train", "--headless", "--max-steps", "1", "--data", &data];
    let told = run(&words);
    let told = text(&told.stderr);
    assert!(told.contains("(a tenth held out;"), "{told}");
    let told = run(&[&words[..], &["--digits", "0"]].concat());
    assert_eq!(told.status.code(), Some(2));
    let told = text(&told.stderr);
    assert!(
        told.contains("--digits 0: x has no labels to choose by"),
        "{told}"
    );
    let out = path(&folder, "grid");
    let grid = [
        "sweep", "--seed", "1-2", "--digits", "0", "--data", &data, "--out", &out,
    ];
    let told = run(&grid);
    assert!(
        text(&told.stderr).contains("no labels to choose by"),
        "{}",
        text(&told.stderr)
    );
}

#[test]
fn a_mistyped_command_a_file_and_a_folder_are_told_what_was_meant() {
    let folder = TempDir::new().unwrap();
    let kept = path(&folder, "kept");
    assert!(
        run(&["--headless", "--max-steps", "2", "--run", &kept])
            .status
            .success()
    );
    let here = path(&folder, "");
    for (words, cure) in [
        ("evalute", "'evaluate'"),
        ("net.safetensors", "ae-tui explore net.safetensors "),
        ("net.npz", "ae-tui explore net.npz "),
        (&*kept, &*format!("ae-tui explore {kept} ")),
        (&*here, &*format!("--data {here}")),
    ] {
        let told = refused(2, &[words]);
        assert!(told.contains(cure), "{told}");
    }
    // What is offered for a run does it.
    let resumed = run(&["--resume", &kept, "--headless", "--max-steps", "4"]);
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
}

#[test]
fn help_is_also_a_command() {
    let asked = run(&["help", "evaluate"]);
    assert!(asked.status.success());
    assert_eq!(asked.stdout, run(&["evaluate", "--help"]).stdout);
}
