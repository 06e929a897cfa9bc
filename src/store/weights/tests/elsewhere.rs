//! Files as others write them: other names, other floats, other orders, arrays of Keras.

use std::io::{Cursor, Write as _};

use ndarray::{Array2, ArrayViewD};
use ndarray_npy::WriteNpyExt;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::*;

/// A tensor of 32-bit floats: its name, its sides and its numbers.
type Tensor = (String, Vec<usize>, Vec<f32>);

/// Those of a network, in its own names.
fn tensors(net: &Autoencoder) -> Vec<Tensor> {
    let bytes = to_bytes(net, &About::default()).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut tensors: Vec<Tensor> = file
        .tensors()
        .into_iter()
        .map(|(name, view)| {
            let (numbers, _) = view.data().as_chunks();
            let numbers = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes));
            (name, view.shape().to_vec(), numbers.collect())
        })
        .collect();
    // The encoder first.
    tensors.sort_by_key(|(name, ..)| (name.starts_with('d'), name.clone()));
    tensors
}

/// A file of such tensors without a word of their network.
fn plain(tensors: &[Tensor]) -> Vec<u8> {
    let (mut header, mut data) = (json!({"__metadata__": {"format": "pt"}}), Vec::new());
    for (name, shape, numbers) in tensors {
        let begin = data.len();
        data.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        header[name] = json!({"dtype": "F32", "shape": shape, "data_offsets": [begin, data.len()]});
    }
    file(&header, &data)
}

fn renamed(tensors: &[Tensor], layers: &[(&str, &str)]) -> Vec<Tensor> {
    let mut tensors = tensors.to_vec();
    for (name, ..) in &mut tensors {
        let (layer, part) = name.rsplit_once('.').unwrap();
        let (_, new) = layers.iter().find(|(old, _)| *old == layer).unwrap();
        *name = format!("{new}.{part}");
    }
    tensors
}

fn linear() -> Claim {
    Claim {
        image: Some(ImageSize::of_pixels(9)),
        said: Said::LatentActivation(Activation::Linear),
    }
}

fn four_layers() -> Autoencoder {
    net_of(&architecture(9, &[6, 2]))
}

fn found(tensors: &[Tensor]) -> Result<Saved, Fault> {
    from_bytes(&plain(tensors), Some(&linear()))
}

#[test]
fn layers_are_found_under_the_names_that_others_give_them() {
    let net = four_layers();
    let own = tensors(&net);
    let layers = ["encoder.0", "encoder.2", "decoder.0", "decoder.2"];
    for (names, remark) in [
        (["encoder.0", "encoder.3", "decoder.1", "decoder.7"], ""),
        (["fc1", "fc2", "fc3", "fc10"], ""),
        (["hidden", "code", "back", "image"], ""),
        (["enc1", "enc2", "dec1", "dec2"], ""),
        (
            ["net.0", "net.2", "net.4", "net.6"],
            "net. is taken off all names",
        ),
        (
            [
                "module.encoder.0",
                "module.encoder.2",
                "module.decoder.0",
                "module.decoder.2",
            ],
            "module. is taken off all names",
        ),
        (
            [
                "encoder.module.0",
                "encoder.module.2",
                "decoder.module.0",
                "decoder.module.2",
            ],
            "",
        ),
    ] {
        let pairs: Vec<_> = layers.into_iter().zip(names).collect();
        let saved = found(&renamed(&own, &pairs)).unwrap();
        assert_eq!(saved.net, net, "{names:?}");
        assert_eq!(saved.remarks.join("; "), remark);
    }
}

#[test]
fn convolutions_are_of_the_images_that_are_at_hand() {
    let image = ImageSize {
        height: 12,
        width: 20,
    };
    let net = net_of(&Architecture { image, ..conv() });
    let claim = |image| Claim {
        image: Some(image),
        said: Said::Nothing,
    };
    let bytes = plain(&tensors(&net));
    let saved = from_bytes(&bytes, Some(&claim(image))).unwrap();
    assert_eq!(saved.net, net);
    // Nobody guesses the size.
    let said = from_bytes(&bytes, None).unwrap_err();
    assert!(matches!(said, Fault::NoSize), "{said}");
    // Of such, none come back as they went in.
    let odd = ImageSize::of_pixels(35);
    let said = from_bytes(&bytes, Some(&claim(odd))).unwrap_err();
    assert!(matches!(said, Fault::OtherImages { .. }), "{said}");
}

#[test]
fn what_belongs_to_no_layer_is_left_and_told() {
    let net = four_layers();
    let mut own = tensors(&net);
    own.push(("step".into(), vec![], vec![7.0]));
    own.push(("head.weight".into(), vec![5, 2], vec![0.0; 10]));
    own.push(("head.bias".into(), vec![5], vec![0.0; 5]));
    let saved = found(&own).unwrap();
    assert_eq!(saved.net, net);
    assert_eq!(saved.remarks, ["of no layer, and left: step, head"]);
    // What may stand on the way is not left out of it.
    let mut own = tensors(&net);
    own.push(("between.weight".into(), vec![2, 2], vec![0.0; 4]));
    let words = found(&own).unwrap_err().to_string();
    assert!(
        words.contains("between is in neither half, and may stand between any two"),
        "{words}"
    );
    // A layer without a bias has none.
    let mut own = tensors(&net);
    own.retain(|(name, ..)| name != "encoder.2.bias");
    let saved = found(&own).unwrap();
    assert_eq!(saved.remarks, ["without a bias, read as 0: encoder.2"]);
    assert_eq!(saved.net.encoder[1].parameters().unwrap()[1], [0.0, 0.0]);
}

#[test]
fn what_is_not_understood_is_refused_with_what_it_is() {
    let net = four_layers();
    let with = |name: &str, shape: &[usize]| {
        let mut own = tensors(&net);
        let count = shape.iter().product();
        own.push((name.into(), shape.to_vec(), vec![0.0; count]));
        found(&own).unwrap_err().to_string()
    };
    for (name, shape, words) in [
        ("encoder.1.weight", &[6][..], "is of a normalisation"),
        ("encoder.1.running_mean", &[6], "is of a normalisation"),
        ("scale.bias", &[6], "scale.bias has no weight beside it"),
        ("lstm.weight", &[1, 2, 3], "kernels have two sides or four"),
        (
            "encoder.4.weight",
            &[3, 7],
            "are no encoder with a decoder that mirrors it",
        ),
        (
            "encoder.4.weight",
            &[4, 4, 3, 3],
            "encoder.4 is a convolution, and others are dense",
        ),
    ] {
        let said = with(name, shape);
        assert!(said.contains(words), "{name}: {said}");
    }
    // Layers that fit in any order have to be told apart by somebody.
    let square = tensors(&net_of(&architecture(9, &[6, 6, 6])));
    let names = [
        ("encoder.0", "a"),
        ("encoder.2", "b"),
        ("encoder.4", "c"),
        ("decoder.0", "d"),
        ("decoder.2", "e"),
        ("decoder.4", "f"),
    ];
    let said = found(&renamed(&square, &names)).unwrap_err().to_string();
    assert!(said.contains("fit together in several ways"), "{said}");
    assert!(
        said.contains(r#"layers = ["a", "b", "c", "d", "e", "f"]"#),
        "{said}"
    );
    // Convolutions of others.
    let mut maps = tensors(&net_of(&conv()));
    for (name, shape, _) in &mut maps {
        if name == "encoder.0.weight" {
            *shape = vec![4, 4, 3, 3];
        }
    }
    let said = from_bytes(&plain(&maps), None).unwrap_err().to_string();
    assert!(said.contains("do not go together"), "{said}");
}

fn variational() -> Autoencoder {
    net_of(&Architecture {
        image: ImageSize::of_pixels(9),
        network: Network::Variational {
            encoder: vec![6, 2],
        },
    })
}

/// The tensors of a variational network, with a layer for means and one for log-variances.
fn with_heads(names: [&str; 2]) -> Vec<Tensor> {
    let mut own = tensors(&variational());
    let at = |own: &[Tensor], name: &str| own.iter().position(|(own, ..)| own == name).unwrap();
    let place = at(&own, "encoder.2.weight");
    let (_, _, kernel) = own.remove(place);
    let place = at(&own, "encoder.2.bias");
    let (_, _, bias) = own.remove(place);
    for (half, name) in names.into_iter().enumerate() {
        let kernel = kernel[half * 12..][..12].to_vec();
        own.push((format!("{name}.weight"), vec![2, 6], kernel));
        own.push((
            format!("{name}.bias"),
            vec![2],
            bias[half * 2..][..2].to_vec(),
        ));
    }
    own
}

#[test]
fn layers_of_means_and_of_log_variances_are_one_of_ours() {
    let net = variational();
    let silent = |tensors: &[Tensor]| from_bytes(&plain(tensors), None);
    for names in [
        ["encoder.fc_mu", "encoder.fc_logvar"],
        ["z_mean", "z_log_var"],
        ["fc_mu", "fc_var"],
        ["encoder.mean", "encoder.log_sigma2"],
    ] {
        let saved = silent(&with_heads(names)).unwrap();
        assert_eq!(saved.net, net, "{names:?}");
    }
    let said = silent(&with_heads(["fc_mu", "fc_std"]))
        .unwrap_err()
        .to_string();
    assert!(said.contains("fc_std seems to give a deviation"), "{said}");
    // Without such names it is one or the other.
    let readings = super::super::found(&plain(&with_heads(["fc21", "fc22"])), None).unwrap();
    let readings = readings.readings.all;
    let names: Vec<&str> = readings.iter().map(|reading| &*reading.name).collect();
    assert_eq!(names, ["fc21 for the means", "fc22 for the means"]);
    assert_eq!(readings[0].net, net);
    assert_ne!(readings[1].net, net);
    let said = silent(&with_heads(["fc21", "fc22"]))
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("mu to the name of the one of fc21 and fc22"),
        "{said}"
    );
}

/// An archive of arrays without names, as `numpy.savez` writes it.
fn archive<'a>(
    arrays: impl IntoIterator<Item = ArrayViewD<'a, f32>>,
    method: CompressionMethod,
) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (number, array) in arrays.into_iter().enumerate() {
        archive
            .start_file(format!("arr_{number}.npy"), options)
            .unwrap();
        let mut bytes = Vec::new();
        array.write_npy(&mut bytes).unwrap();
        archive.write_all(&bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn arrays_of_keras_go_there_and_back_to_the_bit() {
    let presets = Preset::ALL.map(|preset| Recipe::preset(preset).architecture());
    let of_maps = [&[3][..], &[1, 3], &[3, 3, 3], &[5, 17, 2, 1]].map(conv_of);
    for architecture in presets.into_iter().chain(of_maps) {
        let net = net_of(&architecture);
        let bytes = to_keras(&net, &about(&net)).unwrap();
        let saved = from_bytes(&bytes, None).unwrap();
        assert_eq!(bits(&saved.net), bits(&net), "{architecture}");
        assert_eq!(saved.net, net);
        assert_eq!(saved.about, Some(about(&net)));
        // NumPy passes over what it says of itself.
        let read = arrays::archive(&bytes, MAX_BYTES).unwrap().arrays;
        let views = read
            .iter()
            .map(|(_, array)| ArrayViewD::from_shape(array.shape.clone(), &array.numbers).unwrap());
        let silent = archive(views, CompressionMethod::Deflated);
        let claim = Claim::of(&net.architecture());
        let saved = from_bytes(&silent, Some(&claim)).unwrap();
        assert_eq!(saved.net, net, "{architecture}");
        assert_eq!(saved.about, None);
    }
}

#[test]
fn convolutions_that_do_not_mirror_are_none_of_ours() {
    let net = net_of(&conv_of(&[3, 2]));
    let change = |number: usize, channels: usize| {
        let mut tensors = tensors(&net);
        let (_, shape, numbers) = &mut tensors[2 * number + 1];
        shape[0] = channels;
        numbers.resize(shape.iter().product(), 0.5);
        let (_, shape, numbers) = &mut tensors[2 * number];
        shape[0] = channels;
        numbers.resize(channels, 0.5);
        from_bytes(&plain(&tensors), None).unwrap_err().to_string()
    };
    for words in [change(0, 4), change(1, 3), change(3, 2), change(4, 2)] {
        assert!(words.contains("its convolutions make 1 to"), "{words}");
    }
    // Five poolings leave nothing of an image.
    let five = conv_of(&[1; 5]);
    let words = from_bytes(&plain(&tensors(&net_of(&five))), None).unwrap_err();
    assert!(words.to_string().contains("one to 4 of them"), "{words}");
}

#[test]
fn archives_that_hold_no_network_are_refused_in_bounded_memory() {
    let refused = |bytes: &[u8]| from_bytes(bytes, None).unwrap_err().to_string();
    // 400 MB of zeros in some hundred kilobytes.
    let zeros = Array2::zeros((1000, 10_000));
    let views = (0..10).map(|_| zeros.view().into_dyn());
    let bomb = archive(views, CompressionMethod::Deflated);
    assert!(bomb.len() < 1 << 20);
    assert!(refused(&bomb).contains("unpacks to more than 192 MiB"));
    let whole = to_keras(&four_layers(), &About::default()).unwrap();
    assert!(refused(&whole[..whole.len() / 2]).contains("no archive of arrays"));
    let mut strange = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    strange.start_file("arr_0.npy", options).unwrap();
    let mut bytes = Vec::new();
    Array2::<f32>::zeros((2, 2)).write_npy(&mut bytes).unwrap();
    strange.write_all(&bytes).unwrap();
    strange.start_file("readme.txt", options).unwrap();
    let strange = strange.finish().unwrap().into_inner();
    assert!(refused(&strange).contains("readme.txt is in it, which is no array"));
    // Four vectors in turn are a normalisation's.
    let four = ndarray::Array1::<f32>::zeros(6);
    let views = (0..4).map(|_| four.view().into_dyn());
    assert!(refused(&archive(views, CompressionMethod::Stored)).contains("normalisation"));
}

#[test]
fn a_file_of_ours_may_have_been_made_smaller() {
    let net = four_layers();
    let (mut header, _) = parts(&to_bytes(&net, &about(&net)).unwrap());
    let mut data = Vec::new();
    for (name, _, numbers) in tensors(&net) {
        let begin = data.len();
        data.extend(
            numbers
                .iter()
                .flat_map(|number| half::f16::from_f32(*number).to_le_bytes()),
        );
        header[&name]["dtype"] = json!("F16");
        header[&name]["data_offsets"] = json!([begin, data.len()]);
    }
    let saved = from_bytes(&file(&header, &data), None).unwrap();
    assert_eq!(saved.remarks, ["its numbers are float16, read as float32"]);
    assert_eq!(saved.about, Some(about(&net)));
    let own = net
        .parameters()
        .flatten()
        .zip(saved.net.parameters().flatten());
    for (exact, read) in own {
        assert_eq!(
            half::f16::from_f32(*exact).to_f32().to_bits(),
            read.to_bits()
        );
    }
}
