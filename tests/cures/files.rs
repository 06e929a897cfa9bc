//! Files of weights: what is said of them wrongly is said as the refusal has it, and what is
//! packed or of other numbers is made one as it is told.

use std::{collections::HashMap, fs, io::Write as _};

use flate2::{Compression, write::GzEncoder};
use safetensors::{Dtype, SafeTensors, serialize, tensor::TensorView};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{Place, STEP, behind, between};

/// Networks of every kind, and a few words that say another.
const NETS: [(&str, &[&str]); 5] = [
    ("dense", &["--encoder", "8,3"]),
    (
        "linear",
        &["--encoder", "8,3", "--latent-activation", "linear"],
    ),
    ("vae", &["--preset", "vae"]),
    ("conv", &["--preset", "conv"]),
    ("maps", &["--preset", "conv", "--channels", "3,2"]),
];

fn saved(place: &Place, name: &str, options: &[&str]) -> String {
    let file = format!("{name}.safetensors");
    let save = ["--data", "few", "--save", &file];
    place.done(&[&STEP[..], &save, options].concat());
    file
}

#[test]
fn a_network_that_is_called_another_is_told_its_own_options() {
    let place = Place::with_images();
    let mut cures = 0;
    for (name, options) in NETS {
        let file = saved(&place, name, options);
        for (other, wrong) in NETS {
            if other == name {
                continue;
            }
            let encode = ["encode", &file, "--data", "few", "--out", "-"];
            let init = [&STEP[..], &["--data", "few", "--init", &file]].concat();
            for words in [&encode[..], &init] {
                // What is said of one may be true of another as well.
                let Err(told) = place.answer(&[words, wrong].concat()) else {
                    continue;
                };
                cures += 1;
                let cure: Vec<&str> = if let Some((_, options)) = told.split_once("; use ") {
                    options.split(' ').collect()
                } else {
                    assert!(told.ends_with("leave it out"), "{told}");
                    Vec::new()
                };
                place.done(&[words, &cure].concat());
            }
        }
    }
    assert!(cures > NETS.len() * (NETS.len() - 1), "only {cures}");
}

/// A preset may not stand beside a run.toml, and what says another network is one.
#[test]
fn weights_of_another_network_than_a_run_file_says_are_refused_with_what_can_be_said() {
    let place = Place::with_images();
    let run = ["--data", "few", "--encoder", "8,3", "--run", "kept"];
    place.done(&[&STEP[..], &run].concat());
    let config = ["--config", "kept/run.toml"];
    for (name, options) in NETS {
        let file = saved(&place, name, options);
        let init = [&STEP[..], &["--data", "few", "--init", &file]].concat();
        let again = [&init[..], &config].concat();
        if name == "dense" {
            place.done(&again);
            continue;
        }
        let told = place.refused(&again);
        let cures = "; name weights of that network, or leave out --config";
        assert!(told.ends_with(cures), "{told}");
        place.done(&init);
    }
}

#[test]
fn a_size_that_is_not_the_weights_own_is_left_out() {
    let place = Place::with_images();
    let file = saved(&place, "net", &[]);
    let export = ["export", &file, "--onnx", "net.onnx"];
    let told = place.refused(&[&export[..], &["--size", "14x56"]].concat());
    assert!(told.ends_with("leave out --size"), "{told}");
    place.done(&export);
}

#[test]
fn weights_that_are_packed_are_unpacked_as_it_is_told() {
    let place = Place::with_images();
    let file = saved(&place, "net", &[]);
    let bytes = fs::read(place.path(&file)).unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&bytes).unwrap();
    fs::write(place.path("packed"), packed.finish().unwrap()).unwrap();
    let encode = |file| ["encode", file, "--data", "few", "--out", "-"];
    let told = place.refused(&encode("packed"));
    let line = behind(&told, "unpack it: ").replace("FILE", "packed");
    let made = line.rsplit("> ").next().unwrap();
    place.typed(&line);
    assert_eq!(fs::read(place.path(made)).unwrap(), bytes);
    place.done(&encode(made));

    let mut archive = ZipWriter::new(fs::File::create(place.path("zipped")).unwrap());
    let options = SimpleFileOptions::default();
    archive.start_file("net.safetensors", options).unwrap();
    archive.write_all(&bytes).unwrap();
    archive.finish().unwrap();
    let told = place.refused(&encode("zipped"));
    let inside = "unpack it and name the .safetensors file that was in it";
    assert!(told.ends_with(inside), "{told}");
    place.done(&encode("net.safetensors"));
}

#[test]
fn tensors_of_other_numbers_are_taken_as_they_are_told_to_be_saved() {
    let place = Place::with_images();
    let file = saved(&place, "net", &[]);
    let bytes = fs::read(place.path(&file)).unwrap();
    let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
    let about: HashMap<String, String> = metadata.metadata().clone().unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let answer = |dtype: Dtype, spoilt: Option<f32>| {
        let tensors = tensors.tensors();
        let mut numbers: Vec<Vec<u8>> = tensors
            .iter()
            .map(|(_, tensor)| tensor.data().to_vec())
            .collect();
        if let Some(number) = spoilt {
            numbers[0][..4].copy_from_slice(&number.to_le_bytes());
        }
        let views = tensors
            .iter()
            .zip(&numbers)
            .map(|((name, tensor), numbers)| {
                let view = TensorView::new(dtype, tensor.shape().to_vec(), numbers).unwrap();
                (name.clone(), view)
            });
        let bytes = serialize(views, Some(about.clone())).unwrap();
        fs::write(place.path("other.safetensors"), bytes).unwrap();
        place.answer(&["encode", "other.safetensors", "--data", "few", "--out", "-"])
    };
    let told = answer(Dtype::I32, None).unwrap_err();
    assert!(told.ends_with("; save it as float32"), "{told}");
    let told = answer(Dtype::F32, Some(f32::NAN)).unwrap_err();
    assert!(told.ends_with("use an earlier save"), "{told}");
    answer(Dtype::F32, None).unwrap();
}

#[test]
fn what_resume_cannot_go_on_from_is_trained_from_as_it_is_told() {
    let place = Place::with_images();
    let file = saved(&place, "net", &[]);
    let resume = [&STEP[..], &["--data", "few", "--resume", &file]].concat();
    let told = place.refused(&resume);
    let (option, _) = behind(&told, "to start a run from these weights: ")
        .split_once(" in place of --resume")
        .unwrap();
    place.done(&[&STEP[..], &["--data", "few", option, &file]].concat());
}

/// Suggestions are typed into a shell, whatever a name is made of.
#[test]
fn what_is_suggested_for_a_name_alone_is_typed_as_it_stands() {
    let place = Place::with_images();
    let train = [&STEP[..], &["--data", "few"]].concat();
    place.done(&[&train[..], &["--save", "my net.safetensors"]].concat());
    place.done(&[&train[..], &["--run", "my run"]].concat());
    fs::rename(place.path("few"), place.path("it's few")).unwrap();
    let more = "--headless --max-steps 2";
    let told = place.refused(&["my net.safetensors"]);
    let init = between(&told, "to train on from them: ", ")");
    place.typed(&format!("ae-tui {init} {more} --data \"it's few\""));
    let told = place.refused(&["it's few"]);
    let data = behind(&told, "to train on images in it: ");
    place.typed(&format!("ae-tui {data} {more}"));
    let told = place.refused(&["my run"]);
    let resume = between(&told, "to go on with it: ", ")");
    place.typed(&format!("ae-tui {resume} {more} --data \"it's few\""));
}
