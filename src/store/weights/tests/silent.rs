//! Files as `PyTorch` writes them: without a word of their network.

use super::*;
use crate::data::PIXELS;
use crate::image::ImageSize;

/// The file of a network, without our words.
fn plain(architecture: &Architecture) -> Vec<u8> {
    let net = net_of(architecture);
    let (mut header, data) = parts(&to_bytes(&net, &about(&net)).unwrap());
    header["__metadata__"] = json!({"format": "pt"});
    file(&header, &data)
}

fn dense(encoder: &[usize], activation: Activation) -> Architecture {
    Architecture::dense(PIXELS, encoder.into(), activation)
}

fn vae(encoder: &[usize]) -> Architecture {
    Architecture {
        image: ImageSize::MNIST,
        network: Network::Variational {
            encoder: encoder.into(),
        },
    }
}

fn claim(said: Said) -> Claim {
    Claim {
        image: Some(ImageSize::MNIST),
        said,
    }
}

fn refused(bytes: &[u8], said: Said) -> String {
    from_bytes(bytes, Some(&claim(said)))
        .unwrap_err()
        .to_string()
}

#[test]
fn nothing_is_believed_of_a_code_that_no_tensor_tells() {
    let relu = "--latent-activation relu if a ReLU follows its code layer";
    let linear = "--latent-activation linear if nothing does";
    for encoder in [&[32, 2][..], &[256, 64, 2], &[3]] {
        let bytes = plain(&dense(encoder, Activation::Linear));
        for said in [Said::Nothing, Said::Encoder(encoder.into())] {
            let words = refused(&bytes, said);
            let found = dense(encoder, Activation::Relu);
            assert!(
                words.contains(&format!("are those of {found}: add")),
                "{words}"
            );
            assert!(words.contains(relu) && words.contains(linear), "{words}");
            assert!(!words.contains("asked for"), "nobody asked: {words}");
            assert!(
                !words.contains("code, "),
                "nothing says what code it is: {words}"
            );
        }
        // Both cures load, each as what it says.
        for activation in Activation::ALL {
            let said = claim(Said::LatentActivation(activation));
            let saved = from_bytes(&bytes, Some(&said)).unwrap();
            assert_eq!(saved.about, None);
            assert_eq!(saved.net.architecture(), dense(encoder, activation));
        }
    }
}

#[test]
fn variational_and_convolutional_files_are_told_by_their_shapes() {
    for (architecture, cure) in [
        (vae(&[512, 2]), "say --preset vae"),
        (vae(&[20, 3]), "say --preset vae --encoder 20,3"),
        (conv(), "say --preset conv"),
        (conv_of(&[3, 3]), "say --preset conv --channels 3,3"),
        (conv_of(&[1]), "say --preset conv --channels 1"),
        (
            conv_of(&[5, 1, 3, 9]),
            "say --preset conv --channels 5,1,3,9",
        ),
    ] {
        let bytes = plain(&architecture);
        for said in [Said::Nothing, Said::Network(architecture.network.clone())] {
            let saved = from_bytes(&bytes, Some(&claim(said))).unwrap();
            assert_eq!(saved.net, net_of(&architecture));
        }
        for said in [
            Said::LatentActivation(Activation::Relu),
            Said::Encoder(vec![7]),
            Said::Network(dense(&[512, 2], Activation::Relu).network),
        ] {
            let words = refused(&bytes, said);
            assert!(
                words.contains("was asked for") && words.ends_with(cure),
                "{words}"
            );
        }
    }
}

#[test]
fn what_was_said_and_is_not_so_is_named_beside_what_is() {
    let bytes = plain(&dense(&[32, 2], Activation::Relu));
    for (said, wanted) in [
        (Said::Encoder(vec![32, 3]), "--encoder 32,3 was asked for"),
        (
            Said::Network(dense(&[256, 64, 2], Activation::Linear).network),
            "784-256-64-2-64-256-784 with a linear code was asked for",
        ),
        (
            Said::Network(vae(&[32, 2]).network),
            "with a Gaussian code was asked for",
        ),
        (
            Said::Network(Network::convolutional(Vec::new())),
            "28x28 conv 16-8-8-8-8-16-1 was asked for",
        ),
    ] {
        let words = refused(&bytes, said);
        assert!(words.contains("those of 784-32-2-32-784, and"), "{words}");
        assert!(words.contains(wanted), "{words}");
        assert!(words.contains("say --latent-activation relu if"), "{words}");
    }
}

#[test]
fn no_cure_is_offered_that_would_not_load() {
    let good = plain(&dense(&[32, 2], Activation::Relu));
    let (header, data) = parts(&good);
    let refused_with = |change: &dyn Fn(&mut Value, &mut Vec<u8>)| {
        let (mut header, mut data) = (header.clone(), data.clone());
        change(&mut header, &mut data);
        refused(&file(&header, &data), Said::Nothing)
    };
    // Other numbers than float32, and numbers that are none.
    let integers = refused_with(&|header, _| header["encoder.0.bias"]["dtype"] = json!("I32"));
    assert!(
        integers.contains("encoder.0.bias is I32; save it as float32"),
        "{integers}"
    );
    let not_finite = refused_with(&|_, data| data[..4].copy_from_slice(&f32::NAN.to_le_bytes()));
    assert!(not_finite.contains("not finite"), "{not_finite}");
    // Images of another size.
    let small = Architecture::dense(64, vec![4, 2], Activation::Relu);
    let words = refused(&plain(&small), Said::Nothing);
    assert!(
        words.contains("takes 64 pixels an image, and those that were named have 784"),
        "{words}"
    );
    // A decoder that mirrors nothing, names that are not ours, and a layer too many.
    let rename = |header: &mut Value, from: &str, to: &str| {
        let tensor = header.as_object_mut().unwrap().remove(from).unwrap();
        header[to] = tensor;
    };
    for (words, part) in [
        (
            refused_with(&|header, _| header["decoder.0.weight"]["shape"] = json!([2, 32])),
            "its layer decoder.0 has a kernel of [2, 32] and a bias of [32]",
        ),
        (
            refused_with(&|header, _| rename(header, "encoder.0.weight", "fc1.weight")),
            "its tensor encoder.0.bias has no weight beside it",
        ),
        (
            refused_with(&|header, _| rename(header, "decoder.2.bias", "decoder.3.bias")),
            "its tensor decoder.3.bias has no weight beside it",
        ),
    ] {
        assert!(words.contains("make none that ae-tui has"), "{words}");
        assert!(words.contains(part), "{words}");
        assert!(!words.contains("add --"), "{words}");
    }
    // Somebody named the network: then it is held against that one.
    let (mut header, data) = parts(&good);
    rename(&mut header, "decoder.2.bias", "decoder.3.bias");
    let named = Said::Network(dense(&[32, 2], Activation::Relu).network);
    let words = refused(&file(&header, &data), named);
    assert!(
        words.ends_with("which 784-32-2-32-784 needs; name weights of that network"),
        "{words}"
    );
}
