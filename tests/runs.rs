//! Runs that are kept: killed at any moment they go on to the bit, their recipe makes them
//! again, and nothing that somebody has kept is lost by a slip.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    io::{BufRead as _, Read as _, Write as _},
    num::NonZeroU16,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use serde_json::Value;
use tempfile::TempDir;

/// Only ever reached by a failing test.
const DEADLINE: Duration = Duration::from_secs(120);
/// A small network, of whose code some units live and some may die.
const SMALL: [&str; 6] = ["--encoder", "6,3", "--batch-size", "64", "--l1", "0.001"];

/// The program, as a script would start it in this folder.
fn ae_tui(folder: &TempDir, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ae-tui"));
    command
        .args(words)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .env_remove("NO_COLOR")
        .env_remove("AE_TUI_FAULT")
        .env("TERM", "xterm-256color");
    command
}

/// Runs to an end with this exit code and returns what standard error says.
fn told(code: i32, folder: &TempDir, words: &[&str]) -> String {
    let output = ae_tui(folder, words).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{words:?}: {told}");
    assert!(!told.contains("panicked"), "{words:?}: {told}");
    told
}

/// Refused with one line that has all these parts.
fn refused(code: i32, folder: &TempDir, words: &[&str], parts: &[&str]) {
    let told = told(code, folder, words);
    assert_eq!(told.lines().count(), 1, "{words:?}: {told}");
    for part in parts {
        assert!(told.contains(part), "{words:?}: no {part:?} in {told}");
    }
}

/// The steps of the checkpoints that are there, in order.
fn checkpoints(run: &Path) -> Vec<u64> {
    let files = fs::read_dir(run.join("checkpoints"));
    let mut steps: Vec<u64> = files
        .into_iter()
        .flatten()
        .filter_map(|file| {
            let name = file.ok()?.file_name().into_string().ok()?;
            let step = name.strip_prefix("step-")?.strip_suffix(".safetensors")?;
            step.parse().ok()
        })
        .collect();
    steps.sort_unstable();
    steps
}

fn newest(run: &Path) -> u64 {
    checkpoints(run).pop().unwrap_or(0)
}

fn records(run: &Path) -> Vec<Value> {
    let log = fs::read_to_string(run.join("metrics.jsonl")).unwrap();
    let record = |line: &str| serde_json::from_str(line).unwrap();
    log.lines().map(record).collect()
}

/// Waits until a run has written a checkpoint after this step.
fn wait_for_checkpoint(child: &mut Child, run: &Path, after: u64) {
    let start = Instant::now();
    while newest(run) <= after {
        assert!(start.elapsed() < DEADLINE, "no checkpoint after {after}");
        assert!(child.try_wait().unwrap().is_none(), "it ended");
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_run_that_is_killed_thirty_times_comes_out_as_one_that_never_was() {
    // Five hundred where everything is asked for, in some minutes.
    let all = std::env::var_os("AE_TUI_TEST_ALL").is_some();
    let kills = if all { 500 } else { 30 };
    let folder = TempDir::new().unwrap();
    let run = folder.path().join("kept");
    let every = ["--checkpoint-every", "7", "--metrics-every", "5"];
    let mut moments = ChaCha8Rng::seed_from_u64(30);
    for kill in 0..kills {
        let before = newest(&run);
        let begin: &[&str] = if kill == 0 {
            &["--epochs", "1000", "--run", "kept"]
        } else {
            &["--resume", "kept"]
        };
        let network: &[&str] = if kill == 0 { &SMALL } else { &[] };
        let words = [begin, network, &every].concat();
        let mut child = ae_tui(&folder, &words).spawn().unwrap();
        wait_for_checkpoint(&mut child, &run, before);
        thread::sleep(Duration::from_micros(u64::from(
            moments.next_u32() % 20_000,
        )));
        assert!(child.try_wait().unwrap().is_none(), "it was to be killed");
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let end = (newest(&run) + 20).to_string();
    let limit = ["--max-steps", end.as_str()];
    let epochs = ["--epochs", "1000", "--save"];
    let go_on = [
        &["--resume", "kept"],
        &limit[..],
        &every,
        &epochs,
        &["a.safetensors"],
    ];
    told(0, &folder, &go_on.concat());
    let whole = [&SMALL[..], &limit, &epochs, &["b.safetensors"]];
    told(0, &folder, &whole.concat());
    let [a, b] = ["a", "b"].map(|name| {
        let file = folder.path().join(format!("{name}.safetensors"));
        fs::read(file).unwrap()
    });
    assert!(a == b, "killed at {kills} moments, and not the same");

    // The log tells each step once, in order, whatever was killed between.
    let records = records(&run);
    let of = |event: &str| {
        let records = records.iter().filter(|record| record["event"] == event);
        records
            .map(|record| record["step"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    let last = end.parse::<u64>().unwrap();
    let expected: Vec<u64> = (1..=last / 5).map(|fifth| fifth * 5).collect();
    assert_eq!(of("step"), expected);
    assert!(of("resume").is_sorted() && of("resume").len() <= kills);
    assert_eq!(of("end"), [last]);
    assert!(newest(&run) == last && checkpoints(&run).len() <= 4);
}

/// A finished run of a few steps in `kept`, whose last weights are in `kept.safetensors`.
fn finished(more: &[&str]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let files = [
        "--run",
        "kept",
        "--save",
        "kept.safetensors",
        "--max-steps",
        "12",
    ];
    told(0, &folder, &[&SMALL[..], &files, more].concat());
    let run = folder.path().join("kept");
    (folder, run)
}

#[test]
fn the_run_file_of_a_finished_run_makes_identical_weights() {
    let (folder, run) = finished(&["--seed", "18446744073709551615", "--checkpoint-every", "5"]);
    let text = fs::read_to_string(run.join("run.toml")).unwrap();
    assert!(text.contains("seed = \"18446744073709551615\""), "{text}");
    assert_eq!(checkpoints(&run), [5, 10, 12]);
    told(
        0,
        &folder,
        &["--config", "kept/run.toml", "--save", "again.safetensors"],
    );
    let [first, again] = ["kept", "again"].map(|name| {
        let file = folder.path().join(format!("{name}.safetensors"));
        fs::read(file).unwrap()
    });
    assert!(first == again);

    // Whatever loads weights loads a checkpoint, which is of the same weights.
    let file = run.join("checkpoints/step-0000012.safetensors");
    let load = |path: &Path| ae_tui::store::weights::load(path, None).unwrap();
    let (checkpoint, saved) = (load(&file), load(&folder.path().join("kept.safetensors")));
    assert!(checkpoint.net == saved.net);
    // Its warm start can be made again too, from the state that no seed gives.
    let init = ["--init", "kept.safetensors", "--max-steps", "9", "--run"];
    told(
        0,
        &folder,
        &[&init[..], &["warm", "--save", "warm.safetensors"]].concat(),
    );
    assert_eq!(checkpoints(&folder.path().join("warm")), [0, 9]);
    fs::rename(
        folder.path().join("kept.safetensors"),
        folder.path().join("gone"),
    )
    .unwrap();
    told(
        0,
        &folder,
        &["--config", "warm/run.toml", "--save", "warm2.safetensors"],
    );
    let load = |name: &str| load(&folder.path().join(name));
    assert!(load("warm.safetensors").net == load("warm2.safetensors").net);
    fs::remove_file(
        folder
            .path()
            .join("warm/checkpoints/step-0000000.safetensors"),
    )
    .unwrap();
    let lost = ["--config", "warm/run.toml", "--save", "warm3.safetensors"];
    refused(1, &folder, &lost, &["kept.safetensors", "--init"]);
    // Its cure is followed.
    told(0, &folder, &[&lost[..], &["--init", "gone"]].concat());
    assert!(load("warm.safetensors").net == load("warm3.safetensors").net);
}

#[test]
fn a_finished_run_says_so_and_goes_on_as_it_says() {
    let (folder, run) = finished(&[]);
    let before = fs::read(run.join("run.toml")).unwrap();
    let said = told(0, &folder, &["--resume", "kept"]);
    assert!(
        said.contains("the run of kept is finished, 12 steps"),
        "{said}"
    );
    assert_eq!(fs::read(run.join("run.toml")).unwrap(), before);
    assert_eq!(newest(&run), 12);
    let said = told(0, &folder, &["--resume", "kept", "--max-steps", "20"]);
    assert!(said.contains("going on with kept from step 12"), "{said}");
    assert_eq!(newest(&run), 20);
    // From a checkpoint too, where it is; from an older one in another folder.
    let older = "kept/checkpoints/step-0000012.safetensors";
    refused(
        1,
        &folder,
        &["--resume", older],
        &["later checkpoints", "add --run DIR"],
    );
    let branch = ["--resume", older, "--max-steps", "20", "--run", "branch"];
    told(0, &folder, &branch);
    let net = |run: &str| {
        let file = format!("{run}/checkpoints/step-0000020.safetensors");
        ae_tui::store::weights::load(&folder.path().join(file), None)
            .unwrap()
            .net
    };
    assert!(net("branch") == net("kept"));
    let text = fs::read_to_string(folder.path().join("branch/run.toml")).unwrap();
    assert!(
        text.contains("[parent]") && text.contains("step = 12"),
        "{text}"
    );
    told(
        0,
        &folder,
        &[
            "--resume",
            "kept/checkpoints/step-0000020.safetensors",
            "--max-steps",
            "21",
        ],
    );
    assert_eq!(newest(&run), 21);
    // What the last lines advise trains on, here no further than a step.
    let said = told(0, &folder, &["--resume", "kept"]);
    let (_, advice) = said.split_once("to go on: ae-tui train ").unwrap();
    let advice: Vec<&str> = advice.lines().next().unwrap().split(' ').collect();
    assert!(advice.contains(&"--epochs"), "{said}");
    told(0, &folder, &[&advice[..], &["--max-steps", "22"]].concat());
    assert_eq!(newest(&run), 22);
}

#[test]
fn what_would_be_another_run_is_refused_by_name_and_nothing_is_lost() {
    let (folder, run) = finished(&[]);
    let files = || {
        let read = |name: &str| fs::read(run.join(name)).unwrap();
        (read("run.toml"), read("metrics.jsonl"), checkpoints(&run))
    };
    let before = files();
    let resume = |words: &[&str], parts: &[&str]| {
        refused(2, &folder, &[&["--resume", "kept"], words].concat(), parts);
    };
    for (words, part) in [
        (&["--preset", "deep"][..], "--preset deep"),
        (&["--encoder", "32,2"], "--encoder 32,2"),
        (
            &["--latent-activation", "linear"],
            "--latent-activation linear",
        ),
        (&["--l1", "0.5"], "--l1 0.5"),
        (&["--noise", "mask:3"], "--noise mask:3"),
        (&["--batch-size", "32"], "--batch-size 32"),
        (
            &["--learning-rate", "0.1", "--seed", "7"],
            "--learning-rate 0.1, --seed 7",
        ),
        (&["--no-shuffle"], "--no-shuffle"),
        (&["--init", "kept.safetensors"], "--init kept.safetensors"),
        (&["--config", "kept/run.toml"], "--config"),
        (&["--epochs", "0"], "0 epochs"),
    ] {
        resume(words, &[part]);
    }
    // What is said again is no change.
    told(
        0,
        &folder,
        &[
            "--resume",
            "kept",
            "--seed",
            "32",
            "--threads",
            "1",
            "--pace",
            "full",
        ],
    );
    refused(
        1,
        &folder,
        &["--resume", "kept.safetensors"],
        &["--init in place of --resume"],
    );
    refused(
        1,
        &folder,
        &["--resume", "nowhere"],
        &["nowhere", "check the name"],
    );
    refused(1, &folder, &["--resume", "."], &["--run made"]);
    refused(
        2,
        &folder,
        &["--run", "kept"],
        &["--resume kept", "another folder"],
    );
    refused(
        1,
        &folder,
        &["--run", "."],
        &["no run of ae-tui", "a new folder"],
    );
    refused(
        1,
        &folder,
        &["--run", "kept.safetensors/run"],
        &["kept.safetensors/run"],
    );
    refused(
        1,
        &folder,
        &["--run", "kept.safetensors"],
        &["it is no folder"],
    );
    refused(2, &folder, &["--checkpoint-every", "5"], &["add --run DIR"]);
    let (toml, log, steps) = files();
    assert_eq!((toml, steps), (before.0, before.2));
    assert!(log.starts_with(&before.1));
}

#[test]
fn a_folder_that_is_not_as_it_was_left_goes_on_as_far_as_it_can_and_says_so() {
    let (folder, run) = finished(&["--checkpoint-every", "5"]);
    let text = fs::read_to_string(run.join("run.toml")).unwrap();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        fs::write(run.join("run.toml"), text.replace(from, to)).unwrap();
    };
    let resume = ["--resume", "kept"];
    for (from, to, parts) in [
        (
            "format = 1",
            "format = 99",
            &["format version is 99", "newer"][..],
        ),
        ("epochs = 10", "epochs = ", &["run.toml", "line 21"]),
        (
            "digest = \"",
            "digest = \"0",
            &["kept", "other images", "--data DIR"],
        ),
        (
            "encoder = [6, 3]",
            "encoder = [6, 4]",
            &["784-6-3-6-784", "784-6-4-6-784"],
        ),
        ("seed = 32", "seed = 43", &["seed is 43", "with 32"]),
        (
            "max_steps = 12",
            "max_steps = 12\n[[recipe.edits]]\nstep = 3\nl1 = -1.0",
            &["l1 -1.0"],
        ),
    ] {
        with(from, to);
        refused(1, &folder, &resume, parts);
    }
    let version = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    with(&version, "version = \"0.0.9\"");
    let said = told(0, &folder, &resume);
    assert_eq!(
        said.matches("may differ in the last bits").count(),
        1,
        "{said}"
    );

    // A torn checkpoint costs the steps behind the one before.
    fs::write(run.join("run.toml"), &text).unwrap();
    let last = run.join("checkpoints/step-0000012.safetensors");
    let whole = fs::read(&last).unwrap();
    fs::write(&last, &whole[..whole.len() / 2]).unwrap();
    let said = told(0, &folder, &resume);
    for part in ["step-0000012", "cut short", "passed over", "from step 10"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let net = |path: &Path| ae_tui::store::weights::load(path, None).unwrap().net;
    let saved = net(&folder.path().join("kept.safetensors"));
    assert!(net(&last) == saved);
    // Without any it begins again, and comes to the same.
    fs::remove_dir_all(run.join("checkpoints")).unwrap();
    told(0, &folder, &resume);
    assert!(net(&last) == saved);
}

#[test]
fn a_run_whose_checkpoints_are_all_torn_keeps_what_is_left_and_is_made_again_elsewhere() {
    let (folder, run) = finished(&["--checkpoint-every", "5", "--metrics-every", "1"]);
    for step in checkpoints(&run) {
        let file = run.join(format!("checkpoints/step-{step:07}.safetensors"));
        let whole = fs::read(&file).unwrap();
        fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    }
    let left = || ["metrics.jsonl", "run.toml"].map(|name| fs::read(run.join(name)).unwrap());
    let before = left();
    let resume = ["--resume", "kept", "--epochs", "2"];
    let parts = ["kept", "step-0000012", "nothing was changed", "--run NEW"];
    refused(1, &folder, &resume, &parts);
    refused(1, &folder, &["explore", "kept"], &parts);
    assert_eq!(left(), before);
    // Its cure is followed.
    let said = told(1, &folder, &[&resume[..], &["--run", "new"]].concat());
    let (_, cure) = said.split_once("ae-tui train ").unwrap();
    let cure: Vec<&str> = cure.trim_end().split(' ').collect();
    let more = ["--save", "new.safetensors", "--metrics-every", "1"];
    told(0, &folder, &[&cure[..], &more].concat());
    let net = |name: &str| {
        ae_tui::store::weights::load(&folder.path().join(name), None)
            .unwrap()
            .net
    };
    assert!(net("new.safetensors") == net("kept.safetensors"));
    let new = folder.path().join("NEW");
    let steps = |run: &Path| -> Vec<Value> {
        let steps = records(run).into_iter();
        steps.filter(|record| record["event"] == "step").collect()
    };
    assert_eq!((newest(&new), steps(&new)), (12, steps(&run)));
    assert_eq!(left(), before);
}

#[test]
fn a_folder_that_is_written_is_nobody_elses() {
    let folder = TempDir::new().unwrap();
    let run = folder.path().join("kept");
    let slow = [
        "--run",
        "kept",
        "--checkpoint-every",
        "1",
        "--pace",
        "86400",
    ];
    let mut child = ae_tui(&folder, &[&SMALL[..], &slow].concat())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while !run.join("run.toml").exists() {
        assert!(start.elapsed() < DEADLINE, "no run.toml");
        thread::sleep(Duration::from_millis(2));
    }
    refused(
        1,
        &folder,
        &["--resume", "kept"],
        &["another ae-tui is writing"],
    );
    child.kill().unwrap();
    child.wait().unwrap();
    // Killed before its first checkpoint: its first state comes from the seed.
    told(0, &folder, &["--resume", "kept", "--max-steps", "3"]);
    assert_eq!(newest(&run), 3);
}

/// What a terminal shows at the end of an asciicast.
fn played(cast: &str) -> String {
    let mut lines = cast.lines();
    let header: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    let side = |name: &str| {
        NonZeroU16::try_from(u16::try_from(header[name].as_u64().unwrap()).unwrap()).unwrap()
    };
    let mut screen = vt100::Parser::new(side("height"), side("width"), 0);
    for line in lines {
        let event: Value = serde_json::from_str(line).unwrap();
        screen.process(event[2].as_str().unwrap().as_bytes());
    }
    screen.screen().contents()
}

#[test]
fn a_kept_run_is_filmed_in_any_view_and_its_length_is_told() {
    let (folder, _) = finished(&[]);
    let film = |words: &[&str]| {
        told(
            0,
            &folder,
            &[&["film", "kept", "--fps", "2"], words].concat(),
        )
    };
    for (view, sights) in [
        ("train", ["reconstruction", "latent space"]),
        ("curves", ["ruler", "each digit"]),
        ("samples", ["by index", "losses"]),
    ] {
        film(&["--view", view, "--size", "120x36", "--out", "film.cast"]);
        let cast = fs::read_to_string(folder.path().join("film.cast")).unwrap();
        let screen = played(&cast);
        for sight in sights {
            assert!(screen.contains(sight), "{view}: no {sight:?} in\n{screen}");
        }
        assert!(screen.contains("1x film"), "{screen}");
    }
    let plain = film(&["--view", "latent", "--out", "film.gif"]);
    let decoded = film(&["--view", "latent", "--press", "v", "--out", "decoded.gif"]);
    let bytes = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert_ne!(bytes("film.gif"), bytes("decoded.gif"));
    for (told, name) in [(plain, "film.gif"), (decoded, "decoded.gif")] {
        let file = bytes(name);
        let mut frames = gif::DecodeOptions::new().read_info(&file[..]).unwrap();
        let mut hundredths = 0;
        while let Some(frame) = frames.next_frame_info().unwrap() {
            hundredths += u32::from(frame.delay);
        }
        let seconds = format!("{name}: {:.1} seconds", f64::from(hundredths) / 100.0);
        assert!(told.contains(&seconds), "{seconds:?} is not in {told}");
    }
    let names = "train, curves, latent, samples, inside, draw";
    refused(
        2,
        &folder,
        &["film", "kept", "--view", "map", "--out", "film.gif"],
        &[names],
    );
}

/// Sixty pictures of two classes as IDX files, in this folder.
fn clothes(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (half, count) in [("train", 40_u32), ("t10k", 20)] {
        let images = [0x0803, count, 9, 12].map(u32::to_be_bytes).concat();
        let pixels = (0..count * 9 * 12).map(|place| (place * 37 % 256) as u8);
        let pixels = [images, pixels.collect()].concat();
        let labels = [0x0801, count].map(u32::to_be_bytes).concat();
        let labels = [labels, (0..count).map(|n| (n % 2) as u8).collect()].concat();
        fs::write(folder.join(format!("{half}-images-idx3-ubyte")), pixels).unwrap();
        fs::write(folder.join(format!("{half}-labels-idx1-ubyte")), labels).unwrap();
    }
    fs::write(folder.join("classes.txt"), "trouser\nbag\n").unwrap();
}

#[test]
fn a_run_remembers_where_its_images_are_and_how_they_were_read() {
    let folder = TempDir::new().unwrap();
    let run = folder.path().join("kept");
    clothes(&folder.path().join("clothes"));
    let begun = [
        &["--data", "clothes", "--resize", "10x8", "--invert"][..],
        &["--run", "kept", "--epochs", "1", "--headless"],
    ];
    let said = told(0, &folder, &begun.concat());
    assert!(
        said.contains("clothes: 40 + 20 images of 10x8, pixels 14 to 241, 2 classes: trouser, bag"),
        "{said}"
    );
    let again = "--data clothes --invert --resize 10x8";
    assert!(said.contains(again), "{said}");
    let text = fs::read_to_string(run.join("run.toml")).unwrap();
    let file: toml::Table = text.parse().unwrap();
    let recipe = file["recipe"].as_table().unwrap();
    assert_eq!(recipe["image"], toml::Value::from(vec![10, 8]));
    assert_eq!(recipe["classes"], toml::Value::from(vec!["trouser", "bag"]));
    let place = folder.path().canonicalize().unwrap().join("clothes");
    assert_eq!(file["images"]["path"].as_str(), place.to_str());

    // Nobody names them, and they are found.
    let gone_on = ["--resume", "kept", "--epochs", "2", "--headless"];
    assert!(told(0, &folder, &gone_on).contains("images of 10x8"));
    assert_eq!(newest(&run), 4);
    let made_again = ["--config", "kept/run.toml", "--run", "again", "--headless"];
    told(0, &folder, &made_again);
    let weights = |run: &str| {
        let newest = Path::new(run).join("checkpoints/step-0000004.safetensors");
        let saved = ae_tui::store::weights::load(&folder.path().join(newest), None);
        saved.unwrap().net
    };
    assert_eq!(weights("kept"), weights("again"));
    // Read in another way they are others, and it says so.
    let other = [
        "--resume",
        "kept",
        "--data",
        "clothes",
        "--epochs",
        "3",
        "--headless",
    ];
    refused(2, &folder, &other, &["kept", "called clothes too"]);
    // What is gone is named, with what helps.
    fs::rename(folder.path().join("clothes"), folder.path().join("moved")).unwrap();
    let gone = ["--resume", "kept", "--epochs", "3", "--headless"];
    refused(
        1,
        &folder,
        &gone,
        &["clothes", "if they were moved, name them with --data"],
    );
    let moved = [
        &gone[..],
        &["--data", "moved", "--resize", "10x8", "--invert"],
    ]
    .concat();
    told(0, &folder, &moved);
    assert_eq!(newest(&run), 6);
}

#[test]
fn a_run_of_somebody_else_is_watched_in_lines_until_it_ends() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    // It begins before there is anything, and half of run.toml comes first.
    let mut watching = ae_tui(&folder, &["watch", "a", "--json"]).spawn().unwrap();
    let mut words = std::io::BufReader::new(watching.stderr.take().unwrap());
    let mut said = String::new();
    std::io::BufRead::read_line(&mut words, &mut said).unwrap();
    assert!(said.contains("waiting for a;"), "{said}");
    fs::create_dir(path("a")).unwrap();
    fs::write(path("a/run.toml"), "format = 1\nvers").unwrap();
    fs::remove_dir_all(path("a")).unwrap();
    let train = [&SMALL[..], &["--max-steps", "40", "--metrics-every", "10"]].concat();
    told(
        0,
        &folder,
        &[&train[..], &["--headless", "--run", "a"]].concat(),
    );
    let output = watching.wait_with_output().unwrap();
    std::io::Read::read_to_string(&mut words, &mut said).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(output.stdout, fs::read(path("a/metrics.jsonl")).unwrap());
    // After the fact, and as numbers of a file, it is the same.
    for words in [
        &["watch", "a", "--json"][..],
        &["watch", "a/metrics.jsonl", "--json"],
    ] {
        let again = ae_tui(&folder, words).output().unwrap();
        assert_eq!(
            (again.status.code(), &again.stdout),
            (Some(0), &output.stdout),
            "{words:?}"
        );
    }
    // A log without an end, and nobody at the lock: its writer is dead, and that fails.
    let log = fs::read_to_string(path("a/metrics.jsonl")).unwrap();
    let end = log.rfind("{\"event\":\"end\"").unwrap();
    fs::write(path("a/metrics.jsonl"), &log[..end]).unwrap();
    // Nobody was seen to hold the lock, so that a silence of ten minutes has to tell.
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(3600);
    let checkpoints = fs::read_dir(path("a/checkpoints")).unwrap();
    let written = checkpoints.map(|entry| entry.unwrap().path());
    for file in written.chain([path("a/metrics.jsonl")]) {
        let file = fs::File::options().append(true).open(file).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    let said = told(1, &folder, &["watch", "a"]);
    assert!(
        said.contains("the writer seems dead: nobody holds"),
        "{said}"
    );
    // Of a newer version nothing is guessed, and of no log of any kind.
    let newer = fs::read_to_string(path("a/run.toml")).unwrap();
    fs::write(
        path("a/run.toml"),
        newer.replace("format = 1", "format = 2"),
    )
    .unwrap();
    refused(
        1,
        &folder,
        &["watch", "a"],
        &["a/run.toml", "format version is 2", "newer ae-tui"],
    );
    // What nobody gave is not told to be read otherwise, whatever there is to watch.
    refused(
        2,
        &folder,
        &["watch", "a", "--invert"],
        &["--invert", "--data PATH"],
    );
    fs::write(path("poem"), "roses are red").unwrap();
    refused(
        2,
        &folder,
        &["watch", "poem"],
        &["poem", "neither a log of JSON lines", "a run's folder"],
    );
}

#[test]
fn a_pipe_by_its_name_is_a_line_and_what_is_no_record_is_not_passed_on() {
    let folder = TempDir::new().unwrap();
    let log = "{\"step\":1,\"loss\":0.5}\nwords\n{\"event\":\"end\",\"status\":\"finished\"}\n";
    fs::write(folder.path().join("log"), log).unwrap();
    let piped = format!(
        "cat log | '{}' watch /dev/fd/3 --json 3<&0 </dev/null",
        env!("CARGO_BIN_EXE_ae-tui")
    );
    let output = Command::new("sh")
        .args(["-c", &piped])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let records = String::from_utf8(output.stdout).unwrap();
    assert_eq!(records, log.replace("words\n", ""));
}

#[test]
fn a_line_that_tells_no_end_ends_well_where_it_is_closed_after_a_whole_record() {
    let folder = TempDir::new().unwrap();
    let ours = "{\"event\":\"start\",\"seed\":1}\n";
    for (log, code, part) in [
        ("{\"step\":1,\"loss\":0.5}\n", 0, ""),
        (
            "{\"step\":1,\"loss\":0.5}\n{\"step\":",
            1,
            "its line was closed",
        ),
        // Of ours there would be an end.
        (ours, 1, "its line was closed"),
    ] {
        let mut watching = ae_tui(&folder, &["watch", "-"]);
        let mut watching = watching.stdin(Stdio::piped()).spawn().unwrap();
        let mut line = watching.stdin.take().unwrap();
        line.write_all(log.as_bytes()).unwrap();
        let mut words = std::io::BufReader::new(watching.stderr.take().unwrap());
        let mut told = String::new();
        if log == ours {
            // Nothing is told before an epoch is, and that is said while it lasts.
            words.read_line(&mut told).unwrap();
            assert!(told.contains("waiting for a first number"), "{told}");
        }
        drop(line);
        words.read_to_string(&mut told).unwrap();
        assert_eq!(watching.wait().unwrap().code(), Some(code), "{log}: {told}");
        assert!(told.contains(part), "{log}: {told}");
    }
}

#[test]
fn a_run_has_event_files_that_are_watched_by_their_names() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let train = [
        "--encoder",
        "3",
        "--headless",
        "--epochs",
        "1",
        "--batch-size",
        "2000",
    ];
    let files = ["--tensorboard", "board", "--metrics", "log"];
    told(0, &folder, &[&train[..], &files].concat());
    let mut watching = ae_tui(&folder, &["watch", "board"]).spawn().unwrap();
    let mut out = std::io::BufReader::new(watching.stdout.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    watching.kill().unwrap();
    watching.wait().unwrap();
    let log = fs::read_to_string(path("log")).unwrap();
    let epoch = log
        .lines()
        .find(|line| line.contains("\"epoch\","))
        .unwrap();
    let epoch: Value = serde_json::from_str(epoch).unwrap();
    let loss = |field: &str| epoch[field].as_f64().unwrap() as f32;
    assert!(line.starts_with("step 30  "), "{line}");
    for part in [
        format!("loss/train {}", loss("train_loss")),
        format!("loss/validation {}", loss("val_loss")),
    ] {
        assert!(line.contains(&part), "no {part} in {line}");
    }
}
