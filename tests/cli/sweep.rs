//! A grid of runs from outside: each is the run that somebody could start by hand, an end goes
//! on, and what fails takes nothing with it.

use std::{
    ffi::OsStr,
    fs,
    path::Path,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use super::{ae_tui, path, refused, run, text};

/// Longer than anything that is waited for takes, on a loaded machine.
const DEADLINE: Duration = Duration::from_secs(120);

/// What a sweep that ended well says as JSON.
fn swept(words: &[&str]) -> Value {
    let output = run(&[&["sweep", "--json"], words].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn runs_of_a_grid_are_those_that_one_could_start_by_hand() {
    let folder = TempDir::new().unwrap();
    let out = path(&folder, "grid");
    let grid = [
        "--encoder",
        "8,1/8,2",
        "--seed",
        "3-4",
        "--max-steps",
        "6",
        "--out",
        &out,
    ];
    let report = swept(&grid);
    let points = report["points"].as_array().unwrap();
    assert_eq!(report["options"], serde_json::json!(["encoder"]));
    assert_eq!(points.len(), 2);
    for (point, values) in points.iter().zip([1, 2]) {
        assert_eq!(point["code"], values);
        assert_eq!(point["values"][0], format!("8,{values}"));
        for (kept, seed) in point["runs"].as_array().unwrap().iter().zip([3, 4]) {
            assert_eq!((&kept["seed"], &kept["step"]), (&seed.into(), &6.into()));
            let alone = path(&folder, "alone.safetensors");
            let encoder = format!("8,{values}");
            let by_hand = run(&[
                "--headless",
                "--encoder",
                &encoder,
                "--seed",
                &seed.to_string(),
                "--max-steps",
                "6",
                "--save",
                &alone,
            ]);
            assert!(by_hand.status.success());
            let kept = Path::new(kept["folder"].as_str().unwrap());
            let kept = kept.join("checkpoints/step-0000006.safetensors");
            assert_eq!(tensors(&kept), tensors(Path::new(&alone)));
        }
        // Of few steps a network is worse than components, and those are the rival.
        assert!(point["mean"].as_f64() > point["pca"].as_f64());
        assert!(point["least"].as_f64() <= point["most"].as_f64());
    }

    // It is drawn: a dot for each run and each point, and PCA's beside them, where the axes say.
    let files = report["figure"].as_array().unwrap();
    let [svg, png] = [0, 1].map(|place| files[place].as_str().unwrap());
    assert_eq!(svg, format!("{out}/code-length.svg"));
    assert!(fs::read(png).unwrap().starts_with(b"\x89PNG"));
    let svg = fs::read_to_string(svg).unwrap();
    for words in ["8,n", "PCA, as many components", "n, the values of a code"] {
        assert!(svg.contains(&format!("aria-label=\"{words}\"")), "{words}");
    }
    let up = heights(&svg, "1.5");
    let values: Vec<f64> = ["mean", "pca"]
        .iter()
        .flat_map(|field| points.iter().map(|point| point[*field].as_f64().unwrap()))
        .collect();
    assert_eq!((up.len(), heights(&svg, "0.9").len()), (4, 4));
    let scale = (up[2] - up[0]) / (values[2] - values[0]);
    assert!(scale < 0.0, "more is higher");
    for (up, value) in up.iter().zip(&values) {
        // Places are written to a thousandth of a point.
        let expected = scale.mul_add(value - values[0], heights(&svg, "1.5")[0]);
        assert!((up - expected).abs() < 0.01, "{up} {expected}");
    }

    // Once more: nothing is left to do, and the table is the same.
    let again = run(&[&["sweep"][..], &grid].concat());
    assert!(
        text(&again.stderr).contains("4 of them done"),
        "{}",
        text(&again.stderr)
    );
    let rows: Vec<&str> = text(&again.stdout).lines().collect();
    assert!(rows[2].starts_with("encoder  values"), "{rows:?}");
    assert!(rows[3].starts_with("8,1           1"), "{rows:?}");
    assert_eq!(rows.len(), 5);
    assert_eq!(swept(&grid), report);

    // More steps of the same runs go on; another run in their folders is refused.
    let longer = [&grid[..5], &["9", "--out", &out]].concat();
    assert_eq!(swept(&longer)["points"][1]["runs"][1]["step"], 9);
    let other = [&grid[..], &["--batch-size", "16"]].concat();
    let told = refused(2, &[&["sweep"], &other[..]].concat());
    assert!(
        told.contains("another run") && told.contains("--out"),
        "{told}"
    );
}

/// Whoever listens to a run may die, as they begin or later: the run ends, and the sweep with it.
#[test]
#[cfg(debug_assertions)]
fn a_run_that_is_heard_no_more_is_told_and_gone_on_with() {
    let folder = TempDir::new().unwrap();
    for (number, death) in ["run", "run@3", "run's words"].into_iter().enumerate() {
        let out = path(&folder, &number.to_string());
        let words = [
            "sweep",
            "--encoder",
            "8,1/8,2",
            "--max-steps",
            "2000",
            "--out",
            &out,
        ];
        let mut sweep = ae_tui(&words);
        let output = sweep
            .env("AE_TUI_FAULT", format!("panic:thread:{death}"))
            .output()
            .unwrap();
        let told = text(&output.stderr);
        if death == "run's words" {
            // They would have been heard had it failed.
            assert!(output.status.success(), "{told}");
        } else {
            assert_eq!(output.status.code(), Some(1), "{told}");
            assert!(
                told.contains("of 2,000 it was heard no more; the same command"),
                "{told}"
            );
        }
        let again = run(&words);
        assert!(again.status.success(), "{}", text(&again.stderr));
    }
}

/// How far down the discs of a radius are, in an SVG.
fn heights(svg: &str, radius: &str) -> Vec<f64> {
    let discs = svg.lines().filter(|line| line.starts_with("<circle"));
    let discs = discs.filter(|line| line.contains(&format!("r=\"{radius}\"")));
    let height = |line: &str| {
        let (_, rest) = line.split_once("cy=\"").unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    discs.map(height).collect()
}

/// The weights in a file, without what is said of them.
fn tensors(file: &Path) -> Vec<(String, Vec<u8>)> {
    let bytes = fs::read(file).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let mut tensors: Vec<(String, Vec<u8>)> = tensors
        .tensors()
        .into_iter()
        .filter(|(name, _)| !name.starts_with("adam"))
        .map(|(name, tensor)| (name, tensor.data().to_vec()))
        .collect();
    tensors.sort();
    tensors
}

#[test]
fn a_run_that_fails_is_told_and_takes_no_other_with_it() {
    let folder = TempDir::new().unwrap();
    let out = path(&folder, "grid");
    let words = [
        "sweep",
        "--learning-rate",
        "0.001/1e30",
        "--latent-activation",
        "linear",
        "--max-steps",
        "40",
        "--out",
        &out,
    ];
    let output = run(&words);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert!(
        told.contains("error: ") && told.contains("learning-rate-1e30"),
        "{told}"
    );
    let row = text(&output.stdout)
        .lines()
        .find(|line| line.starts_with("0.001 "));
    assert!(row.unwrap().contains("0."), "{}", text(&output.stdout));
}

/// Waits until a run of a sweep has kept a state after its first. Which, nobody knows: older
/// ones give way to newer, and a disk that is slow is told of the newest only.
fn wait_for_checkpoint(sweep: &mut Child, run: &Path) -> Result<(), &'static str> {
    let start = Instant::now();
    let first = OsStr::new("step-0000000.safetensors");
    let is_later = |file: &fs::DirEntry| {
        let name = file.file_name();
        name != first && Path::new(&name).extension() == Some(OsStr::new("safetensors"))
    };
    let is_there = || {
        let files = fs::read_dir(run.join("checkpoints"));
        files
            .into_iter()
            .flatten()
            .flatten()
            .any(|file| is_later(&file))
    };
    while !is_there() {
        if start.elapsed() > DEADLINE {
            return Err("no checkpoint");
        }
        if sweep.try_wait().unwrap().is_some() {
            return Err("it ended");
        }
        thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

#[test]
fn a_sweep_that_is_ended_saves_what_it_has_and_goes_on() {
    let folder = TempDir::new().unwrap();
    let out = path(&folder, "grid");
    let words = [
        "sweep",
        "--seed",
        "1-3",
        // More than end while this waits for a slow machine.
        "--epochs",
        "1000",
        "--checkpoint-every",
        "50",
        "--jobs",
        "1",
        "--out",
        &out,
    ];
    let mut sweep = ae_tui(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let is_there = wait_for_checkpoint(&mut sweep, &Path::new(&out).join("seed-1"));
    let id = Pid::from_raw(i32::try_from(sweep.id()).unwrap()).unwrap();
    kill_process(id, Signal::TERM).unwrap();
    let ended = sweep.wait_with_output().unwrap();
    // Only now, when no sweep is left to go on without us.
    assert_eq!(is_there, Ok(()), "{}", text(&ended.stderr));
    assert_eq!(
        ended.status.code(),
        Some(128 + 15),
        "{}",
        text(&ended.stderr)
    );
    assert!(text(&ended.stderr).contains("the same command goes on"));
    assert!(!Path::new(&out).join("seed-3").exists());
    // One that was killed before it began has left a folder.
    fs::create_dir_all(Path::new(&out).join("seed-3/checkpoints")).unwrap();
    // Fewer steps will do here: what was done goes on to them, and the others begin.
    let report = swept(&["--seed", "1-3", "--max-steps", "60", "--out", &out]);
    let runs = report["points"][0]["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 3);
    assert!(
        runs.iter().all(|run| run["step"].as_u64() >= Some(60)),
        "{runs:?}"
    );
}

#[test]
fn a_grid_may_be_of_channels() {
    let folder = TempDir::new().unwrap();
    let out = path(&folder, "grid");
    let of_channels = [
        "--preset",
        "conv",
        "--channels",
        "2,1/3",
        "--max-steps",
        "1",
    ];
    let report = swept(&[&of_channels[..], &["--out", &out]].concat());
    assert_eq!(report["options"], serde_json::json!(["channels"]));
    let points = report["points"].as_array().unwrap();
    // A map of seven pixels a side, and three of fourteen.
    for (point, (channels, code)) in points.iter().zip([("2,1", 49), ("3", 588)]) {
        assert_eq!(
            (&point["values"][0], &point["code"]),
            (&channels.into(), &code.into())
        );
    }
}

#[test]
fn a_grid_that_cannot_be_is_refused_before_a_run_begins() {
    let folder = TempDir::new().unwrap();
    let out = path(&folder, "grid");
    for (words, cure) in [
        (&["--epochs", "1"][..], "--encoder 32,1/32,2"),
        (&["--encoder", "32,2"], "name alternatives"),
        (&["--encoder", "32,2/32,x"], "sizes separated by commas"),
        (&["--encoder", "32,2/32,2"], "once will do"),
        (&["--channels", "8,4/8"], "take --preset conv"),
        (&["--preset", "article/vast"], "article, map"),
        (&["--preset", "map/vae", "--l1", "0.1"], "l1"),
        (&["--seed", "3-1"], "1..4"),
        (&["--seed", "1..1"], "1..4"),
        (&["--seed", "a"], "1/5/9"),
        (
            &["--seed", "0-99999999"],
            "100,000,000 seeds are too many; name 10000",
        ),
        (
            &["--seed", "1-9999", "--encoder", "1/2"],
            "10000 runs at most",
        ),
        (&["--seed", "1-2", "--data", "/nowhere"], "/nowhere"),
    ] {
        let code = if words.contains(&"--data") { 1 } else { 2 };
        let told = refused(code, &[&["sweep", "--out", &out], words].concat());
        assert!(told.contains(cure), "{words:?}: {told}");
    }
    assert!(!Path::new(&out).exists());
}
