use std::fs;

use ndarray_rand::rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tempfile::tempdir;

use super::*;
use crate::{
    data::corrupt::Noise,
    image::ImageSize,
    nn::{Activation, Network},
    recipe::{Change, Edit, Preset, Recipe},
};

mod elsewhere;
mod foreign;
mod hostile;
mod silent;

fn architecture(inputs: usize, encoder: &[usize]) -> Architecture {
    Architecture::dense(inputs, encoder.into(), Activation::Linear)
}

fn conv() -> Architecture {
    Architecture {
        image: ImageSize::MNIST,
        network: Network::convolutional(Vec::new()),
    }
}

fn conv_of(channels: &[usize]) -> Architecture {
    let network = Network::convolutional(channels.into());
    Architecture { network, ..conv() }
}

fn net_of(architecture: &Architecture) -> Autoencoder {
    let mut net = Autoencoder::glorot(architecture, &mut ChaCha8Rng::seed_from_u64(7));
    for (index, layer) in net.encoder.iter_mut().chain(&mut net.decoder).enumerate() {
        // Biases that differ, and values a careless writer would lose.
        let Some([kernel, bias]) = layer.parameters_mut() else {
            continue;
        };
        bias.fill(index as f32 + 0.1);
        kernel[0] = -0.0;
        bias[0] = f32::from_bits(1);
    }
    net
}

/// Much to say of a network.
fn about(net: &Autoencoder) -> About {
    let Architecture { image, network } = net.architecture();
    let dense = matches!(network, Network::Dense { .. });
    let edit = Edit {
        step: 1234,
        change: Change::LearningRate(0.004),
    };
    let recipe = Recipe {
        image,
        network,
        l1: if dense { 0.0001 } else { 0.0 },
        noise: Noise::SaltPepper(0.2),
        seed: u64::MAX,
        edits: vec![edit],
        ..Recipe::preset(Preset::Article)
    };
    About {
        recipe: Some(recipe),
        step: Some(18_750),
        steps_per_epoch: Some(1875),
        train_loss: Some(0.187_654_3),
        val_loss: Some(0.19),
        digest: Some("00ff".into()),
        data_name: Some("fashion".into()),
        parent: Some(Box::new(Parent {
            name: "before.safetensors".into(),
            sha256: "ff00".into(),
            step: Some(1875),
        })),
    }
}

/// A file of small layers.
fn small() -> Vec<u8> {
    let net = net_of(&architecture(6, &[4, 2]));
    to_bytes(&net, &about(&net)).unwrap()
}

/// The header and the data of a file.
fn parts(bytes: &[u8]) -> (Value, Vec<u8>) {
    let (length, rest) = bytes.split_first_chunk().unwrap();
    let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
    (serde_json::from_slice(header).unwrap(), data.to_vec())
}

/// The file of a header and data.
fn file(header: &Value, data: &[u8]) -> Vec<u8> {
    let header = header.to_string();
    let length = (header.len() as u64).to_le_bytes();
    [&length, header.as_bytes(), data].concat()
}

fn bits(net: &Autoencoder) -> Vec<u32> {
    net.parameters()
        .flatten()
        .map(|value| value.to_bits())
        .collect()
}

#[test]
fn what_is_saved_is_loaded_to_the_bit() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let variational = Architecture {
        image: ImageSize::MNIST,
        network: Network::Variational {
            encoder: vec![20, 2],
        },
    };
    for architecture in [
        architecture(784, &[32, 2]),
        architecture(784, &[512, 256, 128, 64, 32]),
        architecture(784, &[3]),
        variational,
        conv(),
    ] {
        let net = net_of(&architecture);
        save(&path, &net, &about(&net)).unwrap();
        let saved = load(&path, None).unwrap();
        assert_eq!(saved.net.architecture(), architecture);
        assert_eq!(bits(&saved.net), bits(&net));
        assert_eq!(saved.net, net);
        assert_eq!(saved.about, Some(about(&net)));
    }
}

/// As ae-tui wrote it before it wrote whole recipes.
#[test]
fn a_file_of_before_recipes_says_what_it_said() {
    let net = net_of(&architecture(784, &[32, 2]));
    let (mut header, data) = parts(&to_bytes(&net, &About::default()).unwrap());
    let old = |l1: Value| {
        json!({
            "format": 1,
            "architecture": {"inputs": 784, "encoder": [32, 2], "latent_activation": "linear"},
            "preset": "sparse", "l1": l1, "noise": "mask:10", "seed": 7, "step": 3750, "epoch": 2,
            "steps_per_epoch": 1875, "train_loss": 0.2, "val_loss": 0.19, "data": "00ff",
        })
    };
    let mut about_of = |description: Value| {
        header["__metadata__"]["ae_tui"] = Value::String(description.to_string());
        from_bytes(&file(&header, &data), None)
            .unwrap()
            .about
            .unwrap()
    };
    let about = about_of(old(json!(0.5)));
    let expected = Recipe {
        network: net.architecture().network,
        l1: 0.5,
        noise: Noise::Mask(10),
        seed: 7,
        ..Recipe::preset(Preset::Sparse)
    };
    assert_eq!(about.recipe, Some(expected));
    assert_eq!(about.stem(), "ae-tui-sparse-32,2-epoch02");
    // What makes no run is not believed.
    assert_eq!(about_of(old(json!(-1.0))).recipe, None);
}

#[test]
fn a_recipe_of_another_network_than_its_tensors_is_refused() {
    let net = net_of(&architecture(6, &[4, 2]));
    let lies = About {
        recipe: about(&net_of(&architecture(6, &[3]))).recipe,
        ..about(&net)
    };
    let bytes = to_bytes(&net, &lies).unwrap();
    let said = from_bytes(&bytes, None).unwrap_err().to_string();
    assert!(said.contains("its recipe is of another network"), "{said}");
}

#[test]
fn what_is_not_known_stays_unknown() {
    let net = net_of(&architecture(6, &[2]));
    let bytes = to_bytes(&net, &About::default()).unwrap();
    let saved = from_bytes(&bytes, None).unwrap();
    assert_eq!(saved.about, Some(About::default()));
    let diverged = About {
        train_loss: Some(f32::NAN),
        val_loss: Some(f32::INFINITY),
        ..About::default()
    };
    let bytes = to_bytes(&net, &diverged).unwrap();
    let saved = from_bytes(&bytes, None).unwrap();
    assert_eq!(saved.about, Some(About::default()));
}

#[test]
fn the_bytes_are_what_pytorch_expects() {
    let net = net_of(&architecture(6, &[4, 2]));
    let (header, data) = parts(&to_bytes(&net, &about(&net)).unwrap());
    let header = header.as_object().unwrap();
    let mut shapes: Vec<_> = header
        .iter()
        .filter(|(name, _)| *name != "__metadata__")
        .map(|(name, tensor)| {
            assert_eq!(tensor["dtype"], "F32", "{name}");
            (name.as_str(), tensor["shape"].to_string())
        })
        .collect();
    shapes.sort();
    let expected = [
        ("decoder.0.bias", "[4]"),
        ("decoder.0.weight", "[4,2]"),
        ("decoder.2.bias", "[6]"),
        ("decoder.2.weight", "[6,4]"),
        ("encoder.0.bias", "[4]"),
        ("encoder.0.weight", "[4,6]"),
        ("encoder.2.bias", "[2]"),
        ("encoder.2.weight", "[2,4]"),
    ];
    assert_eq!(shapes, expected.map(|(name, shape)| (name, shape.into())));

    // Row `o` of PyTorch's kernel is what unit `o` weighs its inputs with.
    let begin = header["encoder.0.weight"]["data_offsets"][0]
        .as_u64()
        .unwrap() as usize;
    let kernel = net.encoder[0].dense().unwrap();
    for (unit, input) in [(0, 0), (0, 5), (1, 0), (3, 4)] {
        let at = begin + 4 * (unit * 6 + input);
        let stored = f32::from_le_bytes(data[at..at + 4].try_into().unwrap());
        assert_eq!(stored.to_bits(), kernel.w[[input, unit]].to_bits());
    }

    let metadata = header["__metadata__"].as_object().unwrap();
    assert_eq!(metadata.len(), 1);
    let description: Value = serde_json::from_str(metadata["ae_tui"].as_str().unwrap()).unwrap();
    let expected = json!({
        "format": 1,
        "architecture": {"inputs": 6, "kind": "dense", "encoder": [4, 2], "latent_activation": "linear"},
        "preset": "article",
        "image": [1, 6],
        "classes": ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        "network": "dense",
        "encoder": [4, 2],
        "latent_activation": "linear",
        "l1": 0.0001,
        "noise": "salt-pepper:0.2",
        "optimiser": "adam",
        "learning_rate": 0.001,
        "batch_size": 32,
        "shuffle": true,
        "seed": u64::MAX.to_string(),
        "epochs": 10,
        "edits": [{"step": 1234, "learning_rate": 0.004}],
        "step": 18_750,
        "epoch": 10,
        "steps_per_epoch": 1875,
        "train_loss": 0.187_654_3,
        "val_loss": 0.19,
        "data": "00ff",
        "data_name": "fashion",
        "parent": {"name": "before.safetensors", "sha256": "ff00", "step": 1875},
    });
    assert_eq!(description.to_string(), expected.to_string());
}

#[test]
fn convolutions_are_where_pytorch_expects_them() {
    let net = net_of(&conv());
    let (header, data) = parts(&to_bytes(&net, &About::default()).unwrap());
    let tensors = header.as_object().unwrap().iter();
    let mut shapes: Vec<_> = tensors
        .filter(|(name, _)| name.ends_with("weight"))
        .map(|(name, tensor)| (name.as_str(), tensor["shape"].to_string()))
        .collect();
    shapes.sort();
    // An `nn.Sequential` of convolution, ReLU and pooling or up-sampling, three times;
    // the last layer draws the image.
    let expected = [
        ("decoder.0.weight", "[8,8,3,3]"),
        ("decoder.3.weight", "[8,8,3,3]"),
        ("decoder.6.weight", "[16,8,3,3]"),
        ("decoder.9.weight", "[1,16,3,3]"),
        ("encoder.0.weight", "[16,1,3,3]"),
        ("encoder.3.weight", "[8,16,3,3]"),
        ("encoder.6.weight", "[8,8,3,3]"),
    ];
    assert_eq!(shapes, expected.map(|(name, shape)| (name, shape.into())));

    let begin = header["encoder.3.weight"]["data_offsets"][0]
        .as_u64()
        .unwrap() as usize;
    let kernel = &net.encoder[2].convolution().unwrap().w;
    for (out, from, row, column) in [(0, 0, 0, 0), (0, 0, 1, 2), (0, 15, 2, 0), (7, 3, 0, 1)] {
        let at = begin + 4 * (((out * 16 + from) * 3 + row) * 3 + column);
        let stored = f32::from_le_bytes(data[at..at + 4].try_into().unwrap());
        assert_eq!(stored.to_bits(), kernel[[out, from, row, column]].to_bits());
    }

    let metadata = header["__metadata__"]["ae_tui"].as_str().unwrap();
    let description: Value = serde_json::from_str(metadata).unwrap();
    let expected = json!({"inputs": 784, "kind": "convolutional"});
    assert_eq!(description["architecture"], expected);
}

#[test]
fn equal_networks_give_equal_files() {
    assert_eq!(small(), small());
}

#[test]
fn a_file_is_named_after_its_moment() {
    let net = net_of(&architecture(6, &[2]));
    let at = |step, steps_per_epoch| About {
        recipe: Some(Recipe::preset(Preset::Deep)),
        step,
        steps_per_epoch,
        ..About::default()
    };
    let of_data = |name: &str| About {
        data_name: Some(name.into()),
        ..about(&net)
    };
    for (about, stem) in [
        (about(&net), "fashion-ae-tui-article-2-epoch10"),
        (at(Some(1875), Some(1875)), "ae-tui-deep-epoch01"),
        (at(Some(187_500), Some(1875)), "ae-tui-deep-epoch100"),
        (at(Some(1874), Some(1875)), "ae-tui-deep-step0001874"),
        (at(Some(12_345_678), Some(7)), "ae-tui-deep-step12345678"),
        (at(Some(0), Some(1875)), "ae-tui-deep-epoch00"),
        (at(Some(1875), None), "ae-tui-deep-step0001875"),
        (at(None, None), "ae-tui-deep"),
        (About::default(), "ae-tui"),
        (of_data("MNIST"), "ae-tui-article-2-epoch10"),
        (of_data("My faces"), "my-faces-ae-tui-article-2-epoch10"),
        (of_data("../.."), "data-ae-tui-article-2-epoch10"),
    ] {
        assert_eq!(about.stem(), stem);
    }
}

#[test]
fn a_second_save_of_a_moment_replaces_nothing() {
    let folder = tempdir().unwrap();
    let net = net_of(&architecture(6, &[2]));
    for name in ["epoch10", "epoch10-2", "epoch10-3"] {
        let path = save_new(folder.path(), &net, &about(&net)).unwrap();
        let name = format!("fashion-ae-tui-article-2-{name}.safetensors");
        assert_eq!(path, folder.path().join(name));
        assert_eq!(load(&path, None).unwrap().net, net);
    }
}

#[test]
fn weights_that_are_not_finite_are_never_written() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let good = net_of(&architecture(6, &[2]));
    save(&path, &good, &about(&good)).unwrap();
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut bad = good.clone();
        bad.decoder[0].parameters_mut().unwrap()[1][3] = value;
        let refused = save(&path, &bad, &about(&bad)).unwrap_err();
        assert!(matches!(refused, StoreError::NotFinite), "{refused}");
        save_new(folder.path(), &bad, &about(&bad)).unwrap_err();
    }
    assert_eq!(load(&path, None).unwrap().net, good);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn a_network_too_large_to_be_read_back_is_refused_before_it_is_made() {
    fits(&architecture(784, &[512, 256, 128, 64, 32])).unwrap();
    for encoder in [&[100_000][..], &[usize::MAX, usize::MAX - 1]] {
        let refused = fits(&architecture(784, encoder)).unwrap_err().to_string();
        assert!(refused.contains("use smaller layers"), "{refused}");
    }
}

#[test]
fn a_file_with_an_architecture_needs_no_options() {
    let other = architecture(784, &[32, 2]);
    let saved = from_bytes(&small(), Some(&Claim::of(&other))).unwrap();
    let found = saved.net.architecture();
    assert_eq!(found, architecture(6, &[4, 2]));

    let path = Path::new("start.safetensors");
    expect_architecture(path, &found, &found).unwrap();
    let said = expect_architecture(path, &found, &other)
        .unwrap_err()
        .to_string();
    assert_eq!(
        said,
        "cannot use start.safetensors: it holds a network of 6-4-2-4-6 with a linear code, \
         and 784-32-2-32-784 with a linear code was asked for; \
         use --encoder 4,2 --latent-activation linear"
    );
    let relu = Architecture::dense(6, vec![4, 2], Activation::Relu);
    expect_architecture(path, &found, &relu).unwrap_err();

    let said = expect_architecture(path, &conv_of(&[5, 3]), &conv()).unwrap_err();
    let said = said.to_string();
    assert!(said.ends_with("use --preset conv --channels 5,3"), "{said}");

    let encoder = vec![4, 2];
    let vae = Architecture {
        image: ImageSize::of_pixels(6),
        network: Network::Variational { encoder },
    };
    let said = expect_architecture(path, &vae, &found).unwrap_err();
    let said = said.to_string();
    assert!(
        said.contains("a Gaussian code, and") && said.contains("use --preset vae --encoder 4,2"),
        "{said}"
    );
}

#[test]
fn a_network_for_other_images_is_refused() {
    let (path, found) = (Path::new("start.safetensors"), architecture(6, &[2]));
    expect_pixels(path, &found, 6).unwrap();
    let said = expect_pixels(path, &found, 784).unwrap_err().to_string();
    assert!(
        said.contains("takes 6 pixels an image, and those that were named have 784"),
        "{said}"
    );
}

#[test]
fn weights_of_other_images_are_refused_with_their_name() {
    let path = Path::new("a.safetensors");
    let expect = |about: &About| expect_data_or_purpose(path, about, "MNIST", "00aa");
    expect(&About::default()).unwrap();
    let digest = |digest: &str| Some(digest.to_owned());
    let other = about(&net_of(&architecture(6, &[2])));
    let same = About {
        digest: digest("00aa"),
        ..other.clone()
    };
    expect(&same).unwrap();
    let said = expect(&other).unwrap_err().to_string();
    assert_eq!(
        said,
        "cannot use a.safetensors: its weights were trained on other images (fashion), not on MNIST; \
         name their folder with --data DIR; to use MNIST on purpose, its folder in the same way"
    );
    // The program's own folder is offered where it holds the images.
    let said = expect_data_or_purpose(path, &other, "MNIST", mnist::DIGEST).unwrap_err();
    let cure = "to use MNIST on purpose, its folder: --data \"$(ae-tui data)\"";
    assert!(said.to_string().ends_with(cure), "{said}");
    // A run is of its images alone.
    let said = expect_data(path, &other, "MNIST", mnist::DIGEST).unwrap_err();
    assert!(said.to_string().ends_with("--data DIR"), "{said}");
    // Of one name, they are told apart by what can make them others.
    let said = expect_data(path, &other, "fashion", "00aa").unwrap_err();
    let others = "on other images that were called fashion too (they have changed since, or were read \
                  with another --resize, --invert, --transpose or --hold-out), not on fashion";
    assert!(said.to_string().contains(others), "{said}");
    // Files of before names were written.
    let nameless = About {
        digest: digest("00ff"),
        ..About::default()
    };
    let said = expect(&nameless).unwrap_err().to_string();
    assert!(
        said.contains("trained on other images, not on MNIST"),
        "{said}"
    );
}

#[test]
fn a_file_is_known_by_the_digest_of_its_bytes() {
    let bytes = small();
    let digest = |bytes: &[u8]| from_bytes(bytes, None).unwrap().digest;
    assert_eq!(digest(&bytes), hex(&Sha256::digest(&bytes)));
    assert_eq!(digest(&bytes).len(), 64);
}

#[test]
fn a_checkpoint_is_loaded_as_weights() {
    let (mut header, mut data) = parts(&small());
    for name in ["adam.m.encoder.0.weight", "adam.v.encoder.0.weight"] {
        let tensor =
            json!({"dtype": "F32", "shape": [4, 6], "data_offsets": [data.len(), data.len() + 96]});
        header[name] = tensor;
        data.extend([0xff; 96]);
    }
    let saved = from_bytes(&file(&header, &data), None).unwrap();
    assert_eq!(saved.net, net_of(&architecture(6, &[4, 2])));
}
