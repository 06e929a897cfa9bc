//! What the program believes of files that others wrote, or that it wrote of other
//! images: refused with a cure, and each cure followed to its end.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

use ae_tui::{
    image::ImageSize,
    nn::Autoencoder,
    recipe::{Preset, Recipe},
    store::weights::{self, About},
};
use ndarray_npy::WriteNpyExt;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The program, as a script would start it.
fn ae_tui(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ae-tui"));
    command
        .args(words)
        .stdin(Stdio::null())
        // MNIST is unpacked once for all the tests.
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
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

/// Runs to a good end and returns what standard error says.
fn done(words: &[&str]) -> String {
    let output = run(words);
    let told = text(&output.stderr).to_owned();
    assert!(output.status.success(), "{words:?}: {told}");
    told
}

/// Runs to an end with this exit code and returns the one line of its error.
fn refused(code: i32, words: &[&str]) -> String {
    let output = run(words);
    let told = text(&output.stderr).to_owned();
    assert_eq!(output.status.code(), Some(code), "{words:?}: {told}");
    assert!(told.starts_with("error: "), "{words:?}: {told}");
    assert_eq!(told.lines().count(), 1, "{words:?}: {told}");
    assert_eq!(text(&output.stdout), "", "{words:?}");
    told
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

/// A data set of MNIST's shape called `stripes`, with images that are none of MNIST's.
fn stripes(parent: &TempDir) -> String {
    static FILES: OnceLock<[(&str, Vec<u8>); 4]> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        let images = |count: u32| {
            let header = [0x0803, count, 28, 28].map(u32::to_be_bytes).concat();
            let pixels = (0..count as usize * 784).map(|at| ((at / 784 + at % 28) % 7 * 40) as u8);
            header.into_iter().chain(pixels).collect()
        };
        let labels = |count: u32| {
            let header = [0x0801, count].map(u32::to_be_bytes).concat();
            header
                .into_iter()
                .chain((0..count).map(|at| (at % 10) as u8))
                .collect()
        };
        [
            ("train-images-idx3-ubyte", images(60_000)),
            ("train-labels-idx1-ubyte", labels(60_000)),
            ("t10k-images-idx3-ubyte", images(10_000)),
            ("t10k-labels-idx1-ubyte", labels(10_000)),
        ]
    });
    let folder = parent.path().join("stripes");
    fs::create_dir(&folder).unwrap();
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

/// The header and the data of a weights file.
fn parts(file: &str) -> (Value, Vec<u8>) {
    let bytes = fs::read(file).unwrap();
    let (length, rest) = bytes.split_first_chunk().unwrap();
    let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
    (serde_json::from_slice(header).unwrap(), data.to_vec())
}

/// What a weights file says of itself.
fn described(file: &str) -> Value {
    let (header, _) = parts(file);
    serde_json::from_str(header["__metadata__"]["ae_tui"].as_str().unwrap()).unwrap()
}

/// Fresh weights of this preset and encoder, as `PyTorch` would have written them.
fn silent(folder: &TempDir, name: &str, preset: Preset, encoder: Option<&[usize]>) -> String {
    let mut recipe = Recipe::preset(preset);
    if let Some(encoder) = encoder {
        recipe.set_encoder(encoder.into()).unwrap();
    }
    silent_of(folder, name, &recipe)
}

/// Fresh weights of this recipe's network.
fn silent_of(folder: &TempDir, name: &str, recipe: &Recipe) -> String {
    let net = Autoencoder::zeros(&recipe.architecture());
    let file = path(folder, name);
    weights::save(Path::new(&file), &net, &About::default()).unwrap();
    let (mut header, data) = parts(&file);
    header["__metadata__"] = json!({"format": "pt"});
    let header = header.to_string();
    let length = (header.len() as u64).to_le_bytes();
    fs::write(&file, [&length, header.as_bytes(), &data].concat()).unwrap();
    file
}

#[test]
fn weights_are_used_on_other_images_only_where_somebody_says_so() {
    let folder = TempDir::new().unwrap();
    let data = stripes(&folder);
    let (file, picture, next) = (
        path(&folder, "a.safetensors"),
        path(&folder, "a.png"),
        path(&folder, "next.safetensors"),
    );
    done(&["--data", &data, "--max-steps", "1", "--save", &file]);
    assert_eq!(described(&file)["data_name"], "stripes");
    // Nobody knows what its labels stand for.
    assert_eq!(described(&file).get("classes"), None);
    assert!(
        described(&file).get("parent").is_none(),
        "a fresh start has none"
    );

    let evaluate = ["evaluate", &file, "--range", "0..5"];
    let reconstruct = ["reconstruct", &file, "--out", &picture];
    let init = ["--init", &file, "--max-steps", "1", "--save", &next];
    let mnist = run(&["data"]);
    let mnist = text(&mnist.stdout).trim_end();
    for words in [&evaluate[..], &reconstruct, &["explore", &file], &init] {
        let told = refused(1, words);
        let reason = "trained on other images (stripes), not on MNIST";
        assert!(
            told.contains(reason) && told.contains("a.safetensors"),
            "{told}"
        );
        assert!(told.contains("name their folder with --data DIR"), "{told}");
        assert!(told.contains(r#"--data "$(ae-tui data)""#), "{told}");
    }
    assert!(!Path::new(&picture).exists() && !Path::new(&next).exists());
    // The one cure is silent, the other says what it does.
    for words in [&reconstruct[..], &init] {
        let told = done(&[words, &["--data", &data]].concat());
        assert!(!told.contains("stripes), and"), "{told}");
    }
    for words in [&reconstruct[..], &init] {
        let told = done(&[words, &["--data", mnist]].concat());
        let said = "a.safetensors was trained on other images (stripes), and is used on MNIST";
        assert!(told.contains(said), "{told}");
    }

    // Weights of MNIST know it under any name, and its folder from another's.
    let digits = path(&folder, "digits.safetensors");
    done(&["--max-steps", "1", "--save", &digits]);
    assert_eq!(described(&digits)["data_name"], "MNIST");
    assert_eq!(described(&digits)["classes"][9], "9");
    let draw = ["reconstruct", &digits, "--out", &picture];
    assert_eq!(done(&draw), "");
    let read = "MNIST: 60,000 + 10,000 images of 28x28, pixels 0 to 255, the ten digits\n";
    assert_eq!(done(&[&draw[..], &["--data", mnist]].concat()), read);
    let told = done(&[&draw[..], &["--data", &data]].concat());
    let said = "trained on other images (MNIST), and is used on stripes";
    assert!(told.contains(said), "{told}");
}

#[test]
fn a_warm_start_says_so_and_its_file_names_its_parent() {
    let folder = TempDir::new().unwrap();
    let (first, second) = (
        path(&folder, "first.safetensors"),
        path(&folder, "second.safetensors"),
    );
    done(&["--max-steps", "2", "--save", &first]);
    let told = done(&["--init", &first, "--max-steps", "1", "--save", &second]);
    assert!(
        told.contains("warm start from first.safetensors (article, step 2)\n"),
        "{told}"
    );
    let parent = &described(&second)["parent"];
    let digest = weights::load(Path::new(&first), None).unwrap().digest;
    let expected = json!({"name": "first.safetensors", "sha256": digest, "step": 2});
    assert_eq!(*parent, expected);
    // Of a file that says nothing, there is only its name to tell.
    let plain = silent(&folder, "plain.safetensors", Preset::Article, None);
    let words = [
        "--init",
        &plain,
        "--latent-activation",
        "relu",
        "--max-steps",
        "1",
    ];
    let told = done(&[&words[..], &["--save", &second]].concat());
    assert!(
        told.contains("warm start from plain.safetensors\n"),
        "{told}"
    );
    assert!(described(&second)["parent"].get("step").is_none());
}

#[test]
fn every_cure_of_a_silent_file_loads_where_it_was_offered() {
    let folder = TempDir::new().unwrap();
    let (picture, codes) = (path(&folder, "a.png"), path(&folder, "codes.csv"));
    fs::write(&codes, "1,2\n").unwrap();
    // Zeros draw the same grey either way.
    let file = silent(&folder, "silent.safetensors", Preset::Map, None);
    let evaluate = ["evaluate", &file, "--range", "9999..10001"];
    let reconstruct = ["reconstruct", &file, "--out", &picture];
    let encode = ["encode", &file, "--range", "0..2", "--out", "-"];
    let decode = ["decode", &file, &codes, "--out", &picture];
    let explore = ["explore", &file];
    let init = ["--init", &file, "--max-steps", "1"];
    for words in [
        &evaluate[..],
        &reconstruct,
        &encode,
        &decode,
        &explore,
        &init,
    ] {
        let told = refused(1, words);
        assert!(!told.contains("asked for"), "nobody asked: {told}");
        assert!(
            told.contains("trying does not tell: as relu: 0.693 on 500 images, 0.693 as linear"),
            "{told}"
        );
        let (_, cures) = told.split_once(": add ").unwrap();
        let cures: Vec<Vec<&str>> = cures.split(", or ").map(options_of).collect();
        assert_eq!(cures.len(), 2, "{told}");
        for cure in cures {
            let words = [words, &cure].concat();
            match words[0] {
                // Measuring takes long, and comes after the weights and the images.
                "evaluate" => assert!(refused(2, &words).contains("numbered 0..10000")),
                // It lacks its terminal, and nothing else.
                "explore" => assert!(refused(1, &words).contains("needs a terminal")),
                _ => drop(done(&words)),
            }
        }
    }
}

#[test]
fn what_shapes_tell_nobody_has_to_say() {
    let folder = TempDir::new().unwrap();
    let picture = path(&folder, "a.png");
    for (preset, encoder) in [(Preset::Vae, Some(&[20, 3][..])), (Preset::Conv, None)] {
        let file = silent(&folder, "silent.safetensors", preset, encoder);
        let told = done(&["reconstruct", &file, "--out", &picture]);
        let means_first = "encoder.2 is read as the code's means, then its log-variances";
        assert_eq!(told.contains(means_first), preset == Preset::Vae, "{told}");
        done(&["--init", &file, "--max-steps", "1"]);
    }
}

#[test]
fn the_size_of_images_that_are_not_at_hand_is_told_by_the_pixels_or_asked_for() {
    let folder = TempDir::new().unwrap();
    let image = |height, width| ImageSize { height, width };
    let (codes, array, graph) = (
        path(&folder, "codes.csv"),
        path(&folder, "a.npy"),
        path(&folder, "a.onnx"),
    );
    fs::write(&codes, "1,2\n").unwrap();
    let mut recipe = Recipe::preset(Preset::Article);
    recipe.image = image(16, 16);
    let dense = silent_of(&folder, "dense.safetensors", &recipe);
    let relu = ["--latent-activation", "relu"];
    let decode = [&["decode", &dense, &codes, "--out", &array][..], &relu].concat();
    let export = [&["export", &dense, "--onnx", &graph][..], &relu].concat();
    for (size, sides) in [
        (&[][..], "(1, 16, 16)"),
        (&["--size", "8x32"], "(1, 8, 32)"),
    ] {
        done(&[&decode[..], size].concat());
        let header = fs::read(&array).unwrap();
        assert!(String::from_utf8_lossy(&header).contains(sides), "{sides}");
        done(&[&export[..], size].concat());
    }
    let told = refused(1, &[&decode[..], &["--size", "28"]].concat());
    assert!(told.contains("takes 256 pixels an image"), "{told}");

    // Of convolutions no tensor tells.
    let mut recipe = Recipe::preset(Preset::Conv);
    recipe.image = image(32, 32);
    let conv = silent_of(&folder, "conv.safetensors", &recipe);
    let export = ["export", &conv, "--onnx", &graph];
    let told = refused(1, &export);
    assert!(told.contains("add --size 28"), "{told}");
    for side in ["28", "32"] {
        done(&[&export[..], &["--size", side]].concat());
        let graph = fs::read(&graph).unwrap();
        let about = String::from_utf8_lossy(&graph);
        let inputs = format!("\"inputs\":{}", side.parse::<usize>().unwrap().pow(2));
        assert!(about.contains(&inputs), "{side}");
    }
    // Who says it is not left alone where the file says something else.
    let named = path(&folder, "named.safetensors");
    done(&["--max-steps", "1", "--save", &named]);
    let told = refused(1, &["export", &named, "--onnx", &graph, "--size", "14x56"]);
    assert!(
        told.contains("images of 28x28, not of 14x56; leave out --size"),
        "{told}"
    );
}

/// A network that has learnt something, without a word of it.
fn learnt(folder: &TempDir, options: &[&str]) -> String {
    let file = path(folder, "learnt.safetensors");
    let words = ["--headless", "--max-steps", "600", "--save", &file];
    done(&[options, &words].concat());
    let (mut header, data) = parts(&file);
    header["__metadata__"] = json!({"format": "pt"});
    let header = header.to_string();
    let length = (header.len() as u64).to_le_bytes();
    fs::write(&file, [&length, header.as_bytes(), &data].concat()).unwrap();
    file
}

#[test]
fn what_follows_a_code_is_taken_from_what_images_show_and_told() {
    let folder = TempDir::new().unwrap();
    let (picture, codes) = (path(&folder, "a.png"), path(&folder, "codes.csv"));
    fs::write(&codes, "1,2,3,4,5,6,7,8\n").unwrap();
    let file = learnt(
        &folder,
        &["--encoder", "32,8", "--latent-activation", "linear"],
    );
    let reconstruct = ["reconstruct", &file, "--out", &picture];
    let decode = ["decode", &file, &codes, "--out", &picture];
    let init = ["--init", &file, "--max-steps", "1", "--headless"];
    for words in [&reconstruct[..], &decode, &init] {
        let told = done(words);
        let (_, losses) = told
            .split_once("read as linear: ")
            .unwrap_or_else(|| panic!("{told}"));
        let (linear, rest) = losses.split_once(" on 500 images, ").unwrap();
        let (relu, _) = rest.split_once(" as relu").unwrap();
        let [linear, relu]: [f64; 2] = [linear, relu].map(|loss| loss.parse().unwrap());
        assert!(linear < 0.24 && relu > 1.05 * linear, "{told}");
    }
    // Who says it is not contradicted.
    let said = [&reconstruct[..], &["--latent-activation", "relu"]].concat();
    assert_eq!(done(&said), "");
    // Of other images nothing is known: stripes are no digits.
    let stripes = stripes(&folder);
    let told = refused(1, &[&reconstruct[..], &["--data", &stripes]].concat());
    assert!(told.contains("trying does not tell"), "{told}");
}

#[test]
fn networks_are_compared_on_the_images_that_one_of_them_remembers() {
    let folder = TempDir::new().unwrap();
    let [data, first, second, file, picture] =
        ["x.npy", "first", "second", "a.safetensors", "a.png"].map(|name| path(&folder, name));
    let image = |(number, row, column)| ((number * 7 + row * 3 + column) % 250) as u8;
    let images = ndarray::Array3::from_shape_fn((30, 8, 8), image);
    images.write_npy(fs::File::create(&data).unwrap()).unwrap();
    let own = [
        "--data",
        &data,
        "--max-steps",
        "2",
        "--checkpoint-every",
        "1",
        "--run",
    ];
    done(&[&own[..], &[&first, "--save", &file]].concat());
    done(&[&own[..], &[&second, "--seed", "2"]].concat());
    // The one has forgotten its images, as runs of before did, and the other's newest state is cut.
    let run = Path::new(&first).join("run.toml");
    let words = fs::read_to_string(&run).unwrap();
    let (before, images_and_rest) = words.split_once("[images]").unwrap();
    let (_, rest) = images_and_rest.split_once("\n[").unwrap();
    fs::write(&run, format!("{before}[{rest}")).unwrap();
    let newest = Path::new(&second).join("checkpoints/step-0000002.safetensors");
    fs::write(newest, "cut").unwrap();
    let told = done(&["compare", &first, &second]);
    assert!(
        told.contains("second: ") && told.contains("step-0000002"),
        "{told}"
    );

    // Images of a heap are of no half.
    let reconstruct = [
        "reconstruct",
        &file,
        "--out",
        &picture,
        "--images",
        &data,
        "--range",
    ];
    done(&[&reconstruct[..], &["0..30"]].concat());
    let told = refused(2, &[&reconstruct[..], &["0..31"]].concat());
    assert!(
        told.contains("0..31: the images are numbered 0..30"),
        "{told}"
    );
    // They have changed since, and are called the same.
    (images / 2)
        .write_npy(fs::File::create(&data).unwrap())
        .unwrap();
    let told = refused(1, &["explore", &second]);
    assert!(
        told.contains("called x too (they have changed since"),
        "{told}"
    );
}

/// The options at the start of a sentence.
fn options_of(words: &str) -> Vec<&str> {
    words
        .split_whitespace()
        .take_while(|word| !["if", "or"].contains(word))
        .collect()
}

#[test]
fn data_of_another_shape_is_learnt_and_told() {
    let folder = TempDir::new().unwrap();
    for (name, magic, sides, count) in [
        (
            "train-images-idx3-ubyte",
            0x0803_u32,
            &[32_u32, 24][..],
            50_u32,
        ),
        ("train-labels-idx1-ubyte", 0x0801, &[], 50),
        ("t10k-images-idx3-ubyte", 0x0803, &[32, 24], 10),
        ("t10k-labels-idx1-ubyte", 0x0801, &[], 10),
    ] {
        let words = [&[magic, count], sides].concat();
        let header = words.iter().flat_map(|word| word.to_be_bytes());
        let length = count * sides.iter().product::<u32>();
        let payload = (0..length).map(|at| (at % 26) as u8);
        fs::write(
            folder.path().join(name),
            header.chain(payload).collect::<Vec<u8>>(),
        )
        .unwrap();
    }
    let data = folder.path().to_str().unwrap();
    let weights = path(&folder, "a.safetensors");
    let told = done(&["--data", data, "--max-steps", "3", "--save", &weights]);
    let said = "50 + 10 images of 32x24, pixels 0 to 25, labels 0 to 25";
    assert!(told.contains(said), "{told}");
    // Each preset takes the size, convolutions too.
    for preset in ["map", "deep", "sparse", "denoising", "conv", "vae"] {
        done(&["--data", data, "--max-steps", "2", "--preset", preset]);
    }
    // All its labels are all there are, also of a run that goes on.
    let kept = path(&folder, "kept");
    done(&["--data", data, "--max-steps", "1", "--run", &kept]);
    let resume = ["--resume", &kept, "--max-steps", "2", "--digits"];
    let told = refused(2, &[&resume[..], &["0-3"]].concat());
    assert!(
        told.contains("--digits 0-3: a run that goes on stays what it is"),
        "{told}"
    );
    done(&[&resume[..], &["0-25"]].concat());
    let told = refused(1, &["evaluate", &weights, "--data", data, "--resize", "28"]);
    assert!(told.contains("--resize 32x24 makes them so"), "{told}");
    let cured = ["evaluate", &weights, "--data", data, "--resize", "32x24"];
    assert!(done(&cured).contains(said));
    let odd = [
        "--data",
        data,
        "--resize",
        "31",
        "--preset",
        "conv",
        "--headless",
    ];
    assert!(refused(2, &odd).contains("--resize 28 makes them so"));
    let cured = ["--resize", "28", "--preset", "conv", "--max-steps", "1"];
    done(&[&["--data", data][..], &cured].concat());
    let small = [
        "--data",
        data,
        "--resize",
        "8",
        "--noise",
        "mask:9",
        "--headless",
    ];
    assert!(refused(2, &small).contains("mask:9"));
    let unnamed = refused(2, &["--resize", "20", "--headless"]);
    assert!(
        unnamed.contains("--resize 20 tells how images are read"),
        "{unnamed}"
    );
}

#[test]
fn a_word_in_the_wrong_place_gets_the_command_that_was_meant() {
    let folder = TempDir::new().unwrap();
    // That one is a command.
    let help = run(&["help"]);
    assert!(help.status.success());
    assert_eq!(text(&help.stdout), text(&run(&["--help"]).stdout));
    let file = path(&folder, "a.safetensors");
    done(&["--max-steps", "1", "--save", &file]);
    let told = refused(2, &[&file]);
    let suggested = format!("ae-tui explore {file} (to train on from them: --init {file})");
    assert!(told.contains(&suggested), "{told}");
    assert!(refused(1, &["explore", &file]).contains("needs a terminal"));
}

#[test]
#[cfg(target_os = "linux")]
fn an_answer_that_could_not_be_written_is_a_failure() {
    for words in [
        &["--help"][..],
        &["-h"],
        &["--version"],
        &["train", "--help"],
        &["data", "-h"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = ae_tui(words).stdout(full).output().unwrap();
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{words:?}: {told}");
        assert!(
            told.starts_with("error: cannot write to standard output: "),
            "{words:?}: {told}"
        );
        assert!(run(words).status.success(), "{words:?}");
    }
}
