//! What weights are often looked for in, and is none of ours.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

use super::*;

/// A zip archive of members that are stored as they are, as far as its directory.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, content) in members {
        bytes.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
        bytes.extend((content.len() as u32).to_le_bytes());
        bytes.extend((content.len() as u32).to_le_bytes());
        bytes.extend((name.len() as u16).to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(name.as_bytes());
        bytes.extend(*content);
    }
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// One of each kind, by the bytes that its writers write, and a word of its cure.
fn kinds() -> Vec<(Foreign, Vec<u8>, &'static str)> {
    let array = b"\x93NUMPY\x01\0v\0{'descr': '<f4'";
    vec![
        (Foreign::Empty, vec![], "save it again"),
        (
            Foreign::TorchArchive,
            zip(&[
                ("net/data.pkl", b"\x80\x02ccollections\nOrderedDict\n"),
                ("net/byteorder", b"little"),
                ("net/data/0", &[0; 64]),
            ]),
            "torch.load(FILE",
        ),
        (
            Foreign::TorchPickle,
            b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.".into(),
            "torch.load(FILE",
        ),
        (
            Foreign::Pickle,
            b"\x80\x04\x95\x0b\0\0\0\0\0\0\0}\x94".into(),
            "pickle.load",
        ),
        (
            Foreign::KerasArchive,
            zip(&[
                ("metadata.json", b"{\"keras_version\": \"3.0\"}"),
                ("recipe.json", b"{}"),
                ("model.weights.h5", b"\x89HDF\r\n\x1a\n"),
            ]),
            "keras.models.load_model(FILE)",
        ),
        (
            Foreign::Hdf5,
            b"\x89HDF\r\n\x1a\n\0\0\0\0".into(),
            "keras.models.load_model(FILE)",
        ),
        (Foreign::Npy, array.into(), "net.get_weights()"),
        (
            Foreign::Onnx,
            b"\x08\x08\x12\x07pytorch\x1a\x052.9.0".into(),
            "onnx.load(FILE)",
        ),
        (
            Foreign::Picture,
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".into(),
            "drew it",
        ),
        (
            Foreign::Picture,
            b"\xff\xd8\xff\xe0\0\x10JFIF".into(),
            "drew it",
        ),
        (
            Foreign::Json,
            b"{\"type\":\"start\",\"recipe\":{}}\n".into(),
            "name a .safetensors",
        ),
        (Foreign::Json, b" [\n  1, 2]".into(), "name a .safetensors"),
        (Foreign::Zip, zip(&[("readme.txt", b"hello")]), "unpack it"),
        (Foreign::Gzip, gzip(&small()), "gunzip"),
        (
            Foreign::LfsPointer,
            b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n".into(),
            "git lfs pull",
        ),
        (
            Foreign::WebPage,
            b"\n<!DOCTYPE html><html><title>404".into(),
            "fetch the file itself",
        ),
        (
            Foreign::WebPage,
            b"<html lang=en>".into(),
            "fetch the file itself",
        ),
    ]
}

#[test]
fn each_kind_is_named_for_what_it_is_with_what_makes_weights_of_it() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("weights");
    for (kind, bytes, cure) in kinds() {
        fs::write(&path, &bytes).unwrap();
        let said = load(&path, None).unwrap_err().to_string();
        assert!(said.ends_with(&format!("{kind}")), "{kind:?}: {said}");
        assert!(said.contains(cure), "{kind:?}: {said}");
        assert_eq!(said.lines().count(), 1);
        assert!(!said.contains("safetensors file ("), "{said}");
    }
}

#[test]
fn a_large_file_of_another_kind_is_named_too() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("weights");
    for (kind, bytes, _) in kinds() {
        if kind == Foreign::Empty {
            continue;
        }
        fs::write(&path, &bytes).unwrap();
        let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(MAX_BYTES + 1).unwrap();
        let said = load(&path, None).unwrap_err().to_string();
        assert!(said.ends_with(&format!("{kind}")), "{kind:?}: {said}");
    }
}

#[test]
fn a_header_whose_length_looks_like_another_file_stays_one() {
    // The lengths begin as a pickle of protocol 5 does, and as gzip does.
    for length in [0x0580_usize, 0x8b1f] {
        let (mut header, data) = parts(&small());
        let more = length - header.to_string().len() - r#","x":"""#.len();
        header["__metadata__"]["x"] = json!("x".repeat(more));
        let bytes = file(&header, &data);
        assert_eq!(bytes[..8], (length as u64).to_le_bytes());
        from_bytes(&bytes, None).unwrap();
        // Not all of it came, and it is a weights file all the same.
        for end in [9, length, length + 8, bytes.len() - 1] {
            let refused = from_bytes(&bytes[..end], None).unwrap_err();
            assert!(
                matches!(refused, Fault::NotSafetensors(_)),
                "{end}: {refused}"
            );
        }
    }
}

#[test]
fn what_gunzip_makes_of_packed_weights_is_weights() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("FILE");
    fs::write(&path, gzip(&small())).unwrap();
    let said = load(&path, None).unwrap_err().to_string();
    let (_, command) = said.split_once("unpack it: ").unwrap();
    let done = std::process::Command::new("sh")
        .args(["-c", command])
        .current_dir(folder.path())
        .status()
        .unwrap();
    assert!(done.success(), "{command}");
    load(&folder.path().join("weights.safetensors"), None).unwrap();
}
