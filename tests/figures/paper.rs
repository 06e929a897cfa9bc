//! `ae-tui figures` from outside: what its files show is what `evaluate`, `reconstruct` and the log
//! say, and what cannot be drawn is said.

use std::{
    fs,
    io::Cursor,
    path::Path,
    process::{Command, Output, Stdio},
};

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
