//! `ae-tui figures` from outside: what its files show is what `evaluate`, `reconstruct` and the log
//! say, and what cannot be drawn is said.

use std::{
    fs,
    io::{Cursor, Write as _},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use ndarray::Array3;
use ndarray_npy::WriteNpyExt as _;
use serde_json::Value;
use tempfile::TempDir;

fn ae_tui(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ae-tui"))
        .args(words)
        .current_dir(folder)
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What both outputs have, of a command that succeeds.
fn done(folder: &Path, words: &[&str]) -> [String; 2] {
    let Output {
        status,
        stdout,
        stderr,
    } = ae_tui(folder, words);
    let [said, told] = [stdout, stderr].map(|words| String::from_utf8(words).unwrap());
    assert!(status.success(), "{words:?}: {told}");
    [said, told]
}

fn json(folder: &Path, words: &[&str]) -> Value {
    serde_json::from_str(&done(folder, words)[0]).unwrap()
}

fn refused(folder: &Path, words: &[&str], parts: &[&str]) {
    let output = ae_tui(folder, words);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        matches!(output.status.code(), Some(1 | 2)),
        "{words:?}: {told}"
    );
    for part in parts {
        assert!(told.contains(part), "{words:?}: no {part:?} in {told}");
    }
    assert!(
        output.stdout.is_empty() && !told.contains("panicked"),
        "{told}"
    );
}

/// A grey picture of 20x28 for an image of a class.
fn picture(path: &Path, class: usize, image: usize) {
    let pixel = |place: usize| ((place * (class + 3) / 7 + image * 29) % 256) as u8;
    let pixels: Vec<u8> = (0..20 * 28).map(pixel).collect();
    let file = fs::File::create(path).unwrap();
    let mut encoder = png::Encoder::new(file, 28, 20);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
}

const CLASSES: usize = 20;
const HELD_OUT: usize = 3;

/// Twenty classes with names, a letter among them that the font does not have.
fn things(folder: &Path) {
    for class in 0..CLASSES {
        let name = match class {
            7 => "\u{732b}".to_owned(),
            _ => format!("thing <{class:02}>"),
        };
        let own = folder.join("My things").join(name);
        fs::create_dir_all(&own).unwrap();
        for image in 0..2 * HELD_OUT {
            picture(&own.join(format!("{image}.png")), class, image);
        }
    }
}

/// Trains on them, and keeps the run.
fn kept(folder: &Path) {
    things(folder);
    let words = "--headless --hold-out 0.5 --encoder 16,3 --epochs 2 --run run --data";
    let words: Vec<&str> = words.split(' ').chain(["My things"]).collect();
    done(folder, &words);
}

/// The words of an SVG that is XML: every tag is closed, in order, and nothing is loose.
fn words_of(svg: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut words = Vec::new();
    let mut rest = svg;
    while let Some((text, tag)) = rest.split_once('<') {
        assert!(!text.contains('>') && (open.is_empty() || !text.contains("& ")));
        let (tag, after) = tag.split_once('>').unwrap();
        rest = after;
        if tag.starts_with("!--") {
            assert!(tag.ends_with("--"), "{tag}");
        } else if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else {
            assert!(tag.matches('"').count() % 2 == 0, "{tag}");
            let (name, rest) = tag.split_once(' ').unwrap_or((tag, ""));
            if let Some((_, label)) = rest.split_once("aria-label=\"") {
                let label = label.split('"').next().unwrap();
                let label = label.replace("&lt;", "<").replace("&gt;", ">");
                words.push(label.replace("&amp;", "&"));
            }
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
    words
}

/// The size of a PNG that is whole, with as many pixels to the inch as it says.
fn size_of(png: &[u8]) -> (u32, u32) {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!(pixels[..3], [255; 3], "a white page");
    assert!(pixels.iter().any(|byte| *byte < 128), "with ink on it");
    let info = reader.info();
    let metre = info.pixel_dims.unwrap().xppu;
    assert_eq!((f64::from(metre) * 0.0254).round(), 432.0);
    info.size()
}

/// The words of a figure, whose files are what they should be.
fn figure(folder: &Path, name: &str) -> Vec<String> {
    let svg = fs::read_to_string(folder.join(format!("{name}.svg"))).unwrap();
    let (width, height) = size_of(&fs::read(folder.join(format!("{name}.png"))).unwrap());
    // 3 1/2 inches.
    assert_eq!(width, 7 * 432 / 2, "{name}");
    let high = svg
        .split_once("height=\"")
        .unwrap()
        .1
        .split_once("pt\"")
        .unwrap()
        .0;
    let high: f64 = high.parse().unwrap();
    // Both are as high, but for half a pixel.
    assert!((high * 6.0 - f64::from(height)).abs() <= 0.51, "{name}");
    words_of(&svg)
}

fn has(words: &[String], wanted: &str) -> bool {
    words.iter().any(|words| words == wanted)
}

#[test]
fn figures_show_the_programs_own_numbers_of_ones_own_images() {
    let folder = TempDir::new().unwrap();
    let here = folder.path();
    kept(here);
    let report = json(
        here,
        &["figures", "run", "--out", "paper/figures", "--json"],
    );
    assert_eq!(report["data"], "My things");
    let figures = report["figures"].as_array().unwrap();
    let names: Vec<&str> = figures
        .iter()
        .map(|own| own["figure"].as_str().unwrap())
        .collect();
    let all = [
        "first-four",
        "before-and-after",
        "loss",
        "map",
        "manifold",
        "filters",
        "class-losses",
    ];
    assert_eq!(names, all);
    assert_eq!(report["left_out"], serde_json::json!([]));
    let drawn = here.join("paper/figures");
    // There is no image 110 among 60: the first ten will do.
    let [first, before, loss, map, manifold, filters, classes] =
        all.map(|name| figure(&drawn, &format!("my-things-{name}")));
    assert_eq!(figures[2]["svg"], "paper/figures/my-things-loss.svg");

    // Each class costs what evaluate says, under its name, or its number where it cannot be drawn.
    let newest = "run/checkpoints/step-0000004.safetensors";
    let data = ["--data", "My things", "--hold-out", "0.5"];
    let told = json(here, &[&["evaluate", newest, "--json"], &data[..]].concat());
    let network = &told["reconstruction"]["network"];
    let digits = network["digits"].as_array().unwrap();
    assert_eq!(digits.len(), CLASSES);
    for class in digits {
        let cost = format!("{:.4}", class["cross_entropy"].as_f64().unwrap());
        assert!(has(&classes, &cost), "{cost} {classes:?}");
    }
    let mean = format!("mean {:.4}", network["cross_entropy"].as_f64().unwrap());
    assert!(has(&classes, &mean), "{mean} {classes:?}");
    assert!(has(&classes, "thing <03>") && classes.iter().any(|words| words.len() <= 2));

    // Losses under the pictures are reconstruct's, and those over epochs the log's.
    let back = [
        &["reconstruct", newest, "--range", "10..13", "--out", "-"],
        &data[..],
    ]
    .concat();
    let [table, _] = done(here, &back);
    done(
        here,
        &["figures", "run", "--out", "three", "--range", "10..13"],
    );
    let three = figure(&here.join("three"), "my-things-before-and-after");
    for line in table.lines().skip(1) {
        let cost: f32 = line.split(',').nth(2).unwrap().parse().unwrap();
        assert!(has(&three, &format!("{cost:.3}")), "{cost} {three:?}");
    }
    let log = fs::read_to_string(here.join("run/metrics.jsonl")).unwrap();
    let records = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let epochs: Vec<Value> = records
        .filter(|record| record["event"] == "epoch")
        .collect();
    assert_eq!(epochs.len(), 2);
    for (name, field) in [("training", "train_loss"), ("held-out", "val_loss")] {
        let last = format!("{name} ({:.4})", epochs[1][field].as_f64().unwrap());
        assert!(has(&loss, &last), "{last} {loss:?}");
    }

    // A dot for each code, the classes by their names; the axes say what they are.
    let svg = fs::read_to_string(drawn.join("my-things-map.svg")).unwrap();
    assert_eq!(svg.matches("<circle").count(), CLASSES * HELD_OUT + CLASSES);
    let axis = "principal component 1 of 3 code values";
    assert!(has(&map, axis) && has(&manifold, axis), "{map:?}");
    for words in [&before, &loss, &map, &manifold, &filters, &classes] {
        assert!(
            words[0].starts_with("article 16,3 after 2 epochs on My things"),
            "{words:?}"
        );
    }
    assert_eq!(first[0], "My things: the first four training images");

    assert!(
        before[0].ends_with("on My things: test images 0 to 9"),
        "{before:?}"
    );

    // Once more they are replaced; with nothing else beside them.
    done(here, &["figures", "run", "--out", "paper/figures"]);
    assert_eq!(fs::read_dir(&drawn).unwrap().count(), 14);
}

/// All files of a folder but its figures, and what they hold.
fn others(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(others(&path));
        } else if !path
            .extension()
            .is_some_and(|own| own == "svg" || own == "png")
        {
            let bytes = fs::read(&path).unwrap();
            files.push((path, bytes));
        }
    }
    files.sort();
    files
}

#[test]
fn figures_within_their_run_are_drawn_again_and_the_run_stays_as_it_is() {
    let folder = TempDir::new().unwrap();
    let here = folder.path();
    kept(here);
    let before = others(&here.join("run"));
    assert!(before.len() > 3, "{before:?}");
    let draw = ["figures", "run", "--out", "run/figures"];
    let [first, second] = [(); 2].map(|()| done(here, &draw)[0].clone());
    assert_eq!((first.lines().count(), &first), (14, &second));
    // Older ones in the run's folder itself are figures too; what is there by hand is none.
    for drawn in fs::read_dir(here.join("run/figures")).unwrap() {
        let drawn = drawn.unwrap();
        fs::copy(drawn.path(), here.join("run").join(drawn.file_name())).unwrap();
    }
    let draw = ["figures", "run", "--out", "run"];
    done(here, &draw);
    assert_eq!(others(&here.join("run")), before);
    let map = here.join("run/my-things-map.svg");
    fs::write(&map, "<svg>by hand</svg>").unwrap();
    refused(here, &draw, &["run/my-things-map.svg is there"]);
    assert_eq!(fs::read_to_string(&map).unwrap(), "<svg>by hand</svg>");
}

#[test]
fn losses_end_at_the_weights_that_are_drawn_though_the_run_goes_on_meanwhile() {
    let folder = TempDir::new().unwrap();
    let here = folder.path();
    kept(here);
    let newest = here.join("run/checkpoints/step-0000004.safetensors");
    let later = here.join("later");
    fs::rename(&newest, &later).unwrap();
    let mut images = Cursor::new(Vec::new());
    let pixels = Array3::from_shape_fn((200, 20, 28), |(n, y, x)| (n * 31 + y * 9 + x) as u8);
    pixels.write_npy(&mut images).unwrap();
    let images = images.into_inner();
    // More than a pipe holds: once they are taken, the run has been read.
    let (first, last) = images.split_at(100_000);
    let mut draws = Command::new(env!("CARGO_BIN_EXE_ae-tui"))
        .args(["figures", "run", "--out", "out", "--images", "-"])
        .current_dir(here)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = draws.stdin.take().unwrap();
    input.write_all(first).unwrap();
    fs::rename(&later, &newest).unwrap();
    input.write_all(last).unwrap();
    drop(input);
    let output = draws.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let loss = figure(&here.join("out"), "standard-input-loss");
    let log = fs::read_to_string(here.join("run/metrics.jsonl")).unwrap();
    let records = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let epochs: Vec<Value> = records.filter(|own| own["event"] == "epoch").collect();
    let [one, two] = [0, 1].map(|epoch| epochs[epoch]["val_loss"].as_f64().unwrap());
    assert_ne!(format!("{one:.4}"), format!("{two:.4}"));
    let words = "article 16,3 after 1 epoch on standard input";
    assert!(loss[0].starts_with(words), "{loss:?}");
    assert!(has(&loss, &format!("held-out ({one:.4})")), "{loss:?}");
}

#[test]
fn losses_that_are_no_numbers_have_no_line() {
    let folder = TempDir::new().unwrap();
    let here = folder.path();
    kept(here);
    // Beyond what 32 bits have: it diverged.
    let path = here.join("run/metrics.jsonl");
    let log = fs::read_to_string(&path).unwrap();
    let diverged = |line: &str| {
        let mut record: Value = serde_json::from_str(line).unwrap();
        if record["event"] == "epoch" {
            record["val_loss"] = 1e39.into();
        }
        record.to_string() + "\n"
    };
    fs::write(&path, log.lines().map(diverged).collect::<String>()).unwrap();
    done(here, &["figures", "run", "--out", "out"]);
    let loss = figure(&here.join("out"), "my-things-loss");
    let begins = |words: &str| loss.iter().any(|own| own.starts_with(words));
    assert!(begins("training (") && !begins("held-out"), "{loss:?}");
}

#[test]
fn what_cannot_be_drawn_is_left_out_and_said() {
    let folder = TempDir::new().unwrap();
    let here = folder.path();
    kept(here);
    // Its log is gone, or tells of nothing.
    fs::remove_file(here.join("run/metrics.jsonl")).unwrap();
    let [said, told] = done(here, &["figures", "run", "--out", "out"]);
    assert_eq!(said.lines().count(), 12);
    assert!(said.starts_with("out/my-things-first-four.svg\nout/my-things-first-four.png\n"));
    assert!(
        told.contains("left out: loss: the run's log tells of no epoch"),
        "{told}"
    );

    // Weights have no log, a heap no labels, and maps no plane.
    let recipe = ae_tui::recipe::Recipe::preset(ae_tui::recipe::Preset::Conv);
    let net = ae_tui::state::State::start(&recipe, None).net;
    let about = ae_tui::store::weights::About::of(&recipe);
    ae_tui::store::weights::save(&here.join("conv.safetensors"), &net, &about).unwrap();
    let heap = "My things/thing <03>";
    let words = [
        "figures",
        "conv.safetensors",
        "--out",
        "conv",
        "--images",
        heap,
        "--resize",
        "28",
    ];
    let report = json(here, &[&words[..], &["--json"]].concat());
    let left_out = report["left_out"].as_array().unwrap();
    let reasons: Vec<[&str; 2]> = left_out
        .iter()
        .map(|own| [&own["figure"], &own["why"]].map(|words| words.as_str().unwrap()))
        .collect();
    assert_eq!(
        reasons,
        [
            [
                "loss",
                "weights tell no epochs; the folder of a run does, which --run keeps"
            ],
            [
                "manifold",
                "a code of maps has no plane whose places are codes"
            ],
            ["class-losses", "the images have no labels"],
        ]
    );
    let map = figure(&here.join("conv"), "thing-03-map");
    assert!(map[0].contains("codes of 6 images"), "{map:?}");
    // Sixteen kernels of nine weights, in their places.
    let svg = fs::read_to_string(here.join("conv/thing-03-filters.svg")).unwrap();
    assert_eq!(svg.matches("<image").count(), 16);
}

#[test]
fn a_place_that_figures_cannot_go_to_is_refused_and_nothing_is_lost() {
    let folder = TempDir::new().unwrap();
    let here = folder.path();
    kept(here);
    fs::write(here.join("notes"), "mine").unwrap();
    fs::create_dir(here.join("others")).unwrap();
    fs::write(here.join("others/my-things-map.svg"), "<svg>by hand</svg>").unwrap();
    fs::create_dir(here.join("empty")).unwrap();
    let draw = |network: &'static str, out: &'static str| ["figures", network, "--out", out];
    for (words, parts) in [
        (
            &draw("run", "notes")[..],
            &["--out notes", "no folder; name one"][..],
        ),
        (&draw("run", "notes/below"), &["--out notes/below"]),
        (
            &draw("run", "others"),
            &["others/my-things-map.svg is there", "move it away"],
        ),
        (
            &draw("run", "My things/figures"),
            &["the images are read there", "name another folder"],
        ),
        (&draw("empty", "out"), &["empty", "no run"]),
        (
            &draw("run/checkpoints/step-0000004.safetensors", "out"),
            &["--data"],
        ),
        (
            &["figures", "run", "--out", "out", "--range", "0..61"],
            &["numbered 0..60"],
        ),
        (&["figures", "run"], &["--out"]),
        (
            &["figures", "run", "--out", "out", "--preset", "map"],
            &["leave out --preset"],
        ),
    ] {
        refused(here, words, parts);
    }
    assert_eq!(fs::read_to_string(here.join("notes")).unwrap(), "mine");
    let by_hand = fs::read_to_string(here.join("others/my-things-map.svg")).unwrap();
    assert_eq!(by_hand, "<svg>by hand</svg>");
    assert_eq!(fs::read_dir(here.join("others")).unwrap().count(), 1);
    assert!(!here.join("My things/figures").exists());
}
