//! Codes go out to other programs and come back as pictures, through files and pipes, and are the
//! lens's to the bit.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use ae_tui::{
    arrays::{self, Numbers},
    data::{Dataset, mnist},
    lens::Lens,
    nn::Autoencoder,
    pool::Pool,
    recipe::{Preset, Recipe},
    store::weights::{self, About},
};
use ndarray::Array2;
use ndarray_npy::write_npy;
use tempfile::TempDir;

/// A network that nobody has trained, and the name of its file.
fn saved(folder: &TempDir, preset: Preset) -> (Recipe, Autoencoder) {
    let recipe = Recipe::preset(preset);
    let net = ae_tui::state::State::start(&recipe, None).net;
    let path = folder.path().join("net.safetensors");
    weights::save(&path, &net, &About::of(&recipe)).unwrap();
    (recipe, net)
}

fn ae_tui(folder: &Path, words: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ae-tui"))
        .args(words)
        .current_dir(folder)
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Who reads none of it closes it first.
    drop(child.stdin.take().unwrap().write_all(input));
    child.wait_with_output().unwrap()
}

/// What standard output has, of a command that succeeds.
fn done(folder: &Path, words: &[&str], input: &[u8]) -> Vec<u8> {
    let output = ae_tui(folder, words, input);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {told}");
    output.stdout
}

fn refused(folder: &Path, words: &[&str], input: &[u8], part: &str) {
    let output = ae_tui(folder, words, input);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{words:?}");
    assert!(told.contains(part), "{words:?}: no {part:?} in {told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}

fn array(bytes: &[u8], name: &str) -> (Vec<usize>, Numbers) {
    let found = arrays::read(bytes, name).unwrap();
    (found.shape, found.numbers)
}

fn data() -> Dataset {
    mnist::embedded().unwrap()
}

#[test]
fn codes_are_the_lenss_in_every_form_and_decode_to_what_it_decodes_to() {
    let pool = Pool::of_the_machine();
    // Of one that was shown noise too: the images go in as they are.
    for preset in [
        Preset::Article,
        Preset::Conv,
        Preset::Vae,
        Preset::Denoising,
    ] {
        let folder = TempDir::new().unwrap();
        let (recipe, net) = saved(&folder, preset);
        let lens = Lens::new(&net, &recipe.without_noise(), &pool);
        let codes = lens.codes(&data().test);
        // Neither end is that of a lot of images.
        let codes = codes.slice(ndarray::s![110..525, ..]).to_owned();
        let flat: Vec<f32> = codes.iter().copied().collect();
        let values = codes.ncols();
        let encode = ["encode", "net.safetensors", "--range", "110..525", "--out"];
        for (name, to) in [("c.npz", "i.npz"), ("c.npy", "i.npy"), ("c.csv", "i.npz")] {
            done(folder.path(), &[&encode[..], &[name]].concat(), b"");
            let bytes = fs::read(folder.path().join(name)).unwrap();
            let expected = (vec![415, values], Numbers::Reals(flat.clone()));
            assert_eq!(array(&bytes, "code"), expected, "{name}");
            let decode = ["decode", "net.safetensors", name, "--out", to];
            done(folder.path(), &decode, b"");
            let bytes = fs::read(folder.path().join(to)).unwrap();
            let images: Vec<f32> = lens.decode(codes.view()).into_iter().collect();
            let expected = (vec![415, 28, 28], Numbers::Reals(images));
            assert_eq!(array(&bytes, "image"), expected, "{name}");
        }
        let bytes = fs::read(folder.path().join("c.npz")).unwrap();
        let labels = data().test.labels()[110..525].to_vec();
        assert_eq!(array(&bytes, "label"), (vec![415], Numbers::Bytes(labels)));
        let numbers = (110..525).collect();
        assert_eq!(array(&bytes, "index"), (vec![415], Numbers::Whole(numbers)));
    }
}

#[test]
fn both_splits_in_one_go_are_what_each_is_alone_one_after_the_other() {
    let folder = TempDir::new().unwrap();
    saved(&folder, Preset::Denoising);
    // A training half whose last lot of images is not full.
    let image = |(n, y, x)| ((n * 31 + y * 7 + x * 3) % 251) as u8;
    let own = folder.path().join("x");
    fs::create_dir(&own).unwrap();
    for (name, count) in [("train", 37), ("test", 21)] {
        let images = ndarray::Array3::from_shape_fn((count, 28, 28), image);
        let labels = ndarray::Array1::from_shape_fn(count, |n| (n % 3) as u8);
        write_npy(own.join(format!("x_{name}.npy")), &images).unwrap();
        write_npy(own.join(format!("y_{name}.npy")), &labels).unwrap();
    }
    let named = |command: &str, words: &[&str], field: &str| {
        let always = [
            command,
            "net.safetensors",
            "--data",
            "x",
            "--out",
            "-",
            "--form",
            "npz",
        ];
        let bytes = done(folder.path(), &[&always[..], words].concat(), b"");
        let (shape, numbers) = array(&bytes, field);
        (shape, numbers.reals())
    };
    let range = ["--range", "30..45"];
    for (command, fields) in [
        ("encode", &["code", "label"][..]),
        ("reconstruct", &["image", "loss", "label"]),
    ] {
        for field in fields {
            let [train, test] =
                ["train", "test"].map(|half| named(command, &["--split", half], field));
            let both = named(command, &["--split", "both"], field);
            assert_eq!(both.0[0], 58, "{command} {field}");
            assert_eq!(both.1, [train.1, test.1].concat(), "{command} {field}");
            let part = named(command, &[&range[..], &["--split", "both"]].concat(), field);
            let row = both.1.len() / 58;
            assert_eq!(part.1, both.1[30 * row..45 * row], "{command} {field}");
        }
        let (_, numbers) = named(
            command,
            &[&range[..], &["--split", "both"]].concat(),
            "index",
        );
        assert!(numbers.into_iter().eq((30..45).map(|number| number as f32)));
    }
    let encode = ["encode", "net.safetensors", "--data", "x", "--out", "c.npz"];
    let all = [&encode[..], &["--split", "both", "--range", "0..59"]].concat();
    let output = ae_tui(folder.path(), &all, b"");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("the images are numbered 0..58"), "{told}");
    assert_eq!(output.status.code(), Some(2));
    let picture = [
        "reconstruct",
        "net.safetensors",
        "--data",
        "x",
        "--out",
        "p.png",
    ];
    done(
        folder.path(),
        &[&picture[..], &["--split", "both", "--range", "30..45"]].concat(),
        b"",
    );
    // Measures are of one half.
    let evaluate = ["evaluate", "net.safetensors", "--split", "both"];
    let output = ae_tui(folder.path(), &evaluate, b"");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn codes_go_through_pipes_and_come_back_as_a_picture() {
    let folder = TempDir::new().unwrap();
    let (recipe, net) = saved(&folder, Preset::Article);
    let encode = [
        "encode",
        "net.safetensors",
        "--range",
        "0..13",
        "--out",
        "-",
    ];
    let lines = done(folder.path(), &encode, b"");
    let words = String::from_utf8(lines.clone()).unwrap();
    assert!(
        words.starts_with("index,label,code_0,code_1\n0,7,"),
        "{words}"
    );
    assert_eq!(words.lines().count(), 14);
    let decode = ["decode", "net.safetensors", "-", "--out"];
    let piped = done(
        folder.path(),
        &[&decode[..], &["-", "--form", "npz"]].concat(),
        &lines,
    );
    let (shape, _) = array(&piped, "image");
    assert_eq!(shape, [13, 28, 28]);
    done(
        folder.path(),
        &[&decode[..], &["sheet.png"]].concat(),
        &lines,
    );
    let sheet = fs::read(folder.path().join("sheet.png")).unwrap();
    let reader = png::Decoder::new(std::io::Cursor::new(sheet))
        .read_info()
        .unwrap();
    // Ten beside each other, three below, each of 28 pixels of four, eight between.
    assert_eq!(reader.info().size(), (10 * 120 + 8, 2 * 120 + 8));
    // What somebody types is one code.
    let typed = done(
        folder.path(),
        &[&decode[..], &["-"]].concat(),
        b"12.5,3.1\n",
    );
    let codes = Array2::from_shape_vec((1, 2), vec![12.5, 3.1]).unwrap();
    let pool = Pool::of_the_machine();
    let image = Lens::new(&net, &recipe, &pool).decode(codes.view());
    let image: Vec<f32> = image.into_iter().collect();
    assert_eq!(array(&typed, ""), (vec![1, 784], Numbers::Reals(image)));
}

#[test]
fn what_comes_back_is_written_as_numbers_beside_what_it_costs() {
    let pool = Pool::of_the_machine();
    for preset in [Preset::Conv, Preset::Vae] {
        let folder = TempDir::new().unwrap();
        let (recipe, net) = saved(&folder, preset);
        let lens = Lens::new(&net, &recipe, &pool);
        let samples = lens.samples(&data().test, 110..175);
        let words = ["reconstruct", "net.safetensors", "--range", "110..175"];
        done(
            folder.path(),
            &[&words[..], &["--out", "back.npz"]].concat(),
            b"",
        );
        let bytes = fs::read(folder.path().join("back.npz")).unwrap();
        let images = samples.iter().flat_map(|sample| &sample.reconstruction);
        let images = (vec![65, 28, 28], Numbers::Reals(images.copied().collect()));
        assert_eq!(array(&bytes, "image"), images);
        let losses = samples.iter().map(|sample| sample.loss).collect();
        assert_eq!(array(&bytes, "loss"), (vec![65], Numbers::Reals(losses)));
        let lines = done(folder.path(), &[&words[..], &["--out", "-"]].concat(), b"");
        let lines = String::from_utf8(lines).unwrap();
        assert!(
            lines.starts_with("index,label,loss,image_0,image_1,"),
            "{lines}"
        );
        assert_eq!(lines.lines().count(), 66);
    }
}

#[test]
fn what_is_no_code_is_refused_with_a_cure() {
    let folder = TempDir::new().unwrap();
    saved(&folder, Preset::Article);
    let decode = ["decode", "net.safetensors", "-", "--out", "x.npz"];
    for (input, part) in [
        (&b"1,2,3\n"[..], "[n, 2] is needed"),
        (b"1,x\n2,3\n4,oh\n", "line 3: \"oh\" is no number"),
        (b"NaN,1\n", "no finite number; leave it out"),
        (b"", "there are no numbers in it"),
        (b"\x93NUMPY\x01\x00", "cut short"),
    ] {
        refused(folder.path(), &decode, input, part);
    }
    assert!(!folder.path().join("x.npz").exists());
    let encode = ["encode", "net.safetensors", "--out"];
    let without = "ends in .npz, .npy or .csv, or say --form";
    refused(
        folder.path(),
        &[&encode[..], &["codes"]].concat(),
        b"",
        without,
    );
    let many = ["decode", "net.safetensors", "-", "--out", "many.png"];
    let lines = "1,2\n".repeat(1001);
    refused(folder.path(), &many, lines.as_bytes(), "at most 1000");
}

/// A few pictures of one's own, without labels, as an `.npy` array of these sides.
fn pictures(sides: &[usize]) -> Vec<u8> {
    use ndarray_npy::WriteNpyExt;
    let count = sides.iter().product::<usize>();
    let values = (0..count).map(|place| (place * 31 % 256) as u8).collect();
    let array = ndarray::ArrayD::from_shape_vec(sides, values).unwrap();
    let mut bytes = Vec::new();
    array.write_npy(&mut bytes).unwrap();
    bytes
}

#[test]
fn images_of_ones_own_are_encoded_and_drawn_without_labels_or_halves() {
    let folder = TempDir::new().unwrap();
    saved(&folder, Preset::Deep);
    let bytes = pictures(&[7, 28, 28]);
    fs::write(folder.path().join("mine.npy"), &bytes).unwrap();
    let words = ["encode", "net.safetensors", "--out", "-", "--images"];
    let of_file = done(folder.path(), &[&words[..], &["mine.npy"]].concat(), b"");
    let of_pipe = done(folder.path(), &[&words[..], &["-"]].concat(), &bytes);
    assert_eq!(of_file, of_pipe);
    let text = String::from_utf8(of_file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 8);
    assert!(
        lines[0].starts_with("index,code") && !text.contains("label"),
        "{}",
        lines[0]
    );
    // As many pictures, one PNG of them, and its own code again.
    let draw = ["reconstruct", "net.safetensors", "--out", "seven.png"];
    done(
        folder.path(),
        &[&draw[..], &["--images", "mine.npy"]].concat(),
        b"",
    );
    let one = [&words[..], &["seven.png", "--resize", "28"]].concat();
    let one = done(folder.path(), &one, b"");
    assert_eq!(String::from_utf8(one).unwrap().lines().count(), 2);

    fs::write(folder.path().join("small.npy"), pictures(&[7, 20, 20])).unwrap();
    let small = [&words[..], &["small.npy"]].concat();
    let cure = "its network is for images of 28x28, and those of small are 20x20; --resize 28x28";
    refused(folder.path(), &small, b"", cure);
    done(
        folder.path(),
        &[&small[..], &["--resize", "28x28"]].concat(),
        b"",
    );
    let both = [&words[..], &["mine.npy", "--split", "train"]].concat();
    refused(folder.path(), &both, b"", "--split");
    refused(
        folder.path(),
        &[&words[..], &["-"]].concat(),
        b"",
        "standard input: it holds no images",
    );
}

#[test]
fn weights_are_exported_for_others_and_those_of_keras_come_back() {
    let folder = TempDir::new().unwrap();
    let (recipe, net) = saved(&folder, Preset::Conv);
    let export = ["export", "net.safetensors"];
    let both = ["--keras", "net.npz", "--onnx", "net.onnx"];
    done(folder.path(), &[&export[..], &both].concat(), b"");
    let saved = weights::load(&folder.path().join("net.npz"), None).unwrap();
    assert_eq!(saved.net, net);
    assert_eq!(saved.about, Some(About::of(&recipe)));
    let graph = fs::read(folder.path().join("net.onnx")).unwrap();
    assert!(graph.windows(15).any(|words| words == b"reconstructions"));
    // Exported again, it is the same file.
    let again = ["export", "net.npz", "--onnx", "again.onnx"];
    done(folder.path(), &again, b"");
    assert_eq!(fs::read(folder.path().join("again.onnx")).unwrap(), graph);
    // A slip replaces no weights.
    for (option, ending) in [("--keras", ".npz"), ("--onnx", ".onnx")] {
        let words = [&export[..], &[option, "net.safetensors"]].concat();
        refused(folder.path(), &words, b"", &format!("ends in {ending}"));
    }
    refused(folder.path(), &export, b"", "--onnx <FILE>");
}

/// The first digits of MNIST's two halves, as IDX files in the folder `some`.
fn some_digits(folder: &Path, counts: [usize; 2]) {
    let some = folder.join("some");
    fs::create_dir(&some).unwrap();
    let data = data();
    for (split, half, count) in [
        (&data.train, "train", counts[0]),
        (&data.test, "t10k", counts[1]),
    ] {
        let header = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect();
        let mut images: Vec<u8> = header(&[0x803, count as u32, 28, 28]);
        images.extend(&split.pixels()[..count * 784]);
        let mut labels: Vec<u8> = header(&[0x801, count as u32]);
        labels.extend(&split.labels()[..count]);
        fs::write(some.join(format!("{half}-images-idx3-ubyte")), images).unwrap();
        fs::write(some.join(format!("{half}-labels-idx1-ubyte")), labels).unwrap();
    }
}

#[test]
fn networks_are_held_against_one_another_on_the_same_images() {
    let folder = TempDir::new().unwrap();
    let (article, net) = saved(&folder, Preset::Article);
    fs::rename(
        folder.path().join("net.safetensors"),
        folder.path().join("a.safetensors"),
    )
    .unwrap();
    let (vae, _) = saved(&folder, Preset::Vae);
    some_digits(folder.path(), [300, 60]);
    let words = [
        "compare",
        "a.safetensors",
        "net.safetensors",
        "--data",
        "some",
    ];
    let json = done(folder.path(), &[&words[..], &["--json"]].concat(), b"");
    let report: serde_json::Value = serde_json::from_slice(&json).unwrap();
    // Only what differs is told, and of each its own.
    let differences = report["differences"].as_array().unwrap();
    let of = |field: &str| {
        differences
            .iter()
            .find(|difference| difference["field"] == field)
    };
    assert_eq!(
        of("preset").unwrap()["values"],
        serde_json::json!(["article", "vae"])
    );
    assert_eq!(of("batch_size"), None);
    assert_eq!(of("seed"), None);
    // The measures are those of `evaluate`.
    for (number, name) in ["a.safetensors", "net.safetensors"].iter().enumerate() {
        let alone = done(
            folder.path(),
            &["evaluate", name, "--json", "--data", "some"],
            b"",
        );
        let alone: serde_json::Value = serde_json::from_slice(&alone).unwrap();
        let own = &report["networks"][number];
        for field in ["cross_entropy", "mse", "psnr"] {
            let alone = &alone["reconstruction"];
            assert_eq!(own["reconstruction"][field], alone["network"][field]);
            assert_eq!(own["pca"][field], alone["pca"][field]);
        }
        assert_eq!(own["features"], alone["features"]);
    }
    let table = done(
        folder.path(),
        &[&words[..], &["--out", "beside.png"]].concat(),
        b"",
    );
    let table = String::from_utf8(table).unwrap();
    let row = |title: &str| table.lines().find(|line| line.starts_with(title)).unwrap();
    assert!(
        row("preset").ends_with("vae") && row("preset").contains("article"),
        "{table}"
    );
    assert!(
        row("layers").contains(&net.architecture().to_string()),
        "{table}"
    );
    assert!(
        row("layers").contains(&vae.architecture().to_string()),
        "{table}"
    );
    assert_ne!(article.architecture(), vae.architecture());
    // Three rows of ten: the images, and what each makes of them.
    let picture = fs::read(folder.path().join("beside.png")).unwrap();
    let reader = png::Decoder::new(std::io::Cursor::new(picture)).read_info();
    assert_eq!(reader.unwrap().info().size(), (10 * 120 + 8, 3 * 120 + 8));

    refused(
        folder.path(),
        &["compare", "a.safetensors"],
        b"",
        "<RUN|WEIGHTS>",
    );
    let picture = [&words[..], &["--out", "a.safetensors"]].concat();
    refused(folder.path(), &picture, b"", "ends in .png");
}

#[test]
fn what_cannot_be_compared_is_refused_in_words() {
    let folder = TempDir::new().unwrap();
    for (preset, name) in [(Preset::Vae, "a"), (Preset::Article, "net")] {
        saved(&folder, preset);
        let file = folder.path().join(format!("{name}.safetensors"));
        fs::rename(folder.path().join("net.safetensors"), file).unwrap();
    }
    some_digits(folder.path(), [300, 60]);
    let refuse = |words: &[&str], why: &str| {
        let words = [&["compare"], words].concat();
        refused(folder.path(), &words, b"", why);
    };
    refuse(&["a.safetensors", "b.safetensors"], "b.safetensors");
    // Images of another size, both of which are named.
    fs::write(folder.path().join("small.npy"), pictures(&[20, 8, 8])).unwrap();
    let small = ["a.safetensors", "net.safetensors", "--data", "small.npy"];
    refuse(&small, "images of 28x28, and those of small are 8x8");
    // What is trained beside each other is two recipes from their seeds.
    refuse(
        &["--live", "article", "a.txt"],
        "a.txt: --live trains presets (article, map",
    );
    refuse(
        &["--live", "article", "vae", "map"],
        "two beside each other, not 3",
    );
    refuse(&["--live", "article", "vae", "--json"], "--json");
    refuse(&["article", "vae", "--epochs", "3"], "--live");
    refuse(
        &["--live", "article", "vae", "--memory", "1"],
        "fits into half of so many bytes",
    );
    refuse(
        &["--live", "article", "conv", "--data", "small.npy"],
        "--live needs a terminal",
    );
    let run = ["--max-steps", "1", "--data", "some", "--headless", "--run"];
    done(
        folder.path(),
        &[&run[..], &["warm", "--init", "a.safetensors"]].concat(),
        b"",
    );
    refuse(
        &["--live", "article", "warm"],
        "began from the weights a.safetensors",
    );
    done(
        folder.path(),
        &[&run[..], &["threes", "--digits", "3"]].concat(),
        b"",
    );
    refuse(
        &["--live", "threes", "article", "--data", "some"],
        "on the same images",
    );
}

#[test]
fn what_is_read_is_never_written_over() {
    let folder = TempDir::new().unwrap();
    saved(&folder, Preset::Deep);
    let there = |name: &str| folder.path().join(name);
    fs::write(there("mine.npy"), pictures(&[7, 28, 28])).unwrap();
    some_digits(folder.path(), [40, 10]);
    std::os::unix::fs::symlink("mine.npy", there("link.npy")).unwrap();
    let export = ["export", "net.safetensors", "--keras", "net.npz"];
    done(folder.path(), &export, b"");
    let files = || {
        ["mine.npy", "some/train-images-idx3-ubyte", "net.npz"]
            .map(|name| fs::read(there(name)).unwrap())
    };
    let before = files();
    for words in [
        &[
            "encode", "net.npz", "--images", "mine.npy", "--out", "mine.npy",
        ][..],
        &[
            "encode", "net.npz", "--images", "mine.npy", "--out", "link.npy",
        ],
        &[
            "encode",
            "net.npz",
            "--data",
            "some",
            "--form",
            "npy",
            "--out",
            "some/train-images-idx3-ubyte",
        ],
        &[
            "encode",
            "net.npz",
            "--images",
            "mine.npy",
            "--out",
            "./net.npz",
        ],
        &[
            "reconstruct",
            "net.npz",
            "--images",
            "mine.npy",
            "--out",
            "mine.npy",
        ],
        &["decode", "net.npz", "mine.npy", "--out", "mine.npy"],
        &["decode", "net.npz", "mine.npy", "--out", "net.npz"],
        &["export", "net.npz", "--keras", "net.npz"],
        &[
            "train",
            "--headless",
            "--data",
            "mine.npy",
            "--save",
            "mine.npy",
        ],
        &[
            "train",
            "--headless",
            "--data",
            "some",
            "--save",
            "some/train-images-idx3-ubyte",
        ],
    ] {
        refused(
            folder.path(),
            words,
            b"",
            "it is read too, and would be lost; name another file",
        );
    }
    assert_eq!(files(), before);
    // The cure is one, and weights beside images are no images.
    let other = [
        "encode",
        "net.npz",
        "--images",
        "mine.npy",
        "--out",
        "codes.npy",
    ];
    done(folder.path(), &other, b"");
    fs::write(there("some/net.safetensors"), b"older").unwrap();
    let beside = ["train", "--headless", "--data", "some", "--epochs", "1"];
    let save = ["--encoder", "2", "--save", "some/net.safetensors"];
    done(folder.path(), &[&beside[..], &save].concat(), b"");
}
