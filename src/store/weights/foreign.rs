//! What a file is that is no weights file of ours, by its first bytes.
//!
//! Asked only once a file has failed to be one: the length that a safetensors
//! file begins with can be any bytes. Each kind is named with the command, or
//! the line of Python, that makes weights for this program of it.

use std::fmt;

/// All weights of a Keras model, as `get_weights` has them.
macro_rules! keras_line {
    () => {
        r#"import keras, numpy; numpy.savez("net.npz", *keras.models.load_model(FILE).get_weights())"#
    };
}

/// As many bytes of a file as tell what it is; members of an archive that begin
/// in them are known by name.
pub(super) const HEAD: usize = 64 << 10;

/// A kind of file that weights are often looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// No byte at all.
    Empty,
    /// What `torch.save` writes.
    TorchArchive,
    /// What it wrote before, and still does when asked to.
    TorchPickle,
    /// Some other Python object.
    Pickle,
    /// What Keras writes to names that end in `.keras`.
    KerasArchive,
    /// What Keras writes to names that end in `.h5`.
    Hdf5,
    /// Arrays of `NumPy`, with names.
    Npz,
    /// One of them, without.
    Npy,
    /// A graph of ONNX.
    Onnx,
    /// A picture.
    Picture,
    /// An object of JSON, or a list.
    Json,
    /// A zip archive of anything else.
    Zip,
    /// Anything compressed.
    Gzip,
    /// What stands in a repository for a file that was not fetched.
    LfsPointer,
    /// A server's answer, saved under the file's name.
    WebPage,
}

impl Foreign {
    /// What begins with these bytes, if it is known.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let head = &bytes[..bytes.len().min(HEAD)];
        // Where a header of safetensors begins, what is before it is its length, which
        // may look like anything.
        if head.get(8) == Some(&b'{') {
            return None;
        }
        let begins = |magic: &[u8]| head.starts_with(magic);
        Some(if head.is_empty() {
            Self::Empty
        } else if begins(b"PK\x03\x04") {
            of_zip(head)
        } else if begins(b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") {
            // The second protocol of pickle, and PyTorch's number.
            Self::TorchPickle
        } else if matches!(head, [0x80, 2..=5, ..]) {
            Self::Pickle
        } else if begins(b"\x89HDF\r\n\x1a\n") {
            Self::Hdf5
        } else if begins(b"\x93NUMPY") {
            Self::Npy
        } else if begins(b"\x89PNG") || begins(b"\xff\xd8\xff") || begins(b"GIF8") {
            Self::Picture
        } else if matches!(head, [0x08, 3..=20, 0x12 | 0x1a | 0x3a | 0x42, ..]) {
            // The version of the format, and what may follow that.
            Self::Onnx
        } else if is_json(head) {
            Self::Json
        } else if begins(b"\x1f\x8b") {
            Self::Gzip
        } else if begins(b"version https://git-lfs") {
            Self::LfsPointer
        } else if is_web_page(head) {
            Self::WebPage
        } else {
            return None;
        })
    }
}

/// Whether these are the bytes of a zip archive.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Which archive it is by the names of its first members.
fn of_zip(head: &[u8]) -> Foreign {
    let names: Vec<&[u8]> = zip_names(head).collect();
    let has = |end: &[u8]| names.iter().any(|name| name.ends_with(end));
    if has(b"/data.pkl") {
        Foreign::TorchArchive
    } else if has(b"model.weights.h5") || (has(b"recipe.json") && has(b"metadata.json")) {
        Foreign::KerasArchive
    } else if has(b".npy") {
        Foreign::Npz
    } else {
        Foreign::Zip
    }
}

/// Names of the members that begin in these bytes.
fn zip_names(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    const MEMBER: &[u8; 4] = b"PK\x03\x04";
    /// Bytes of a member's header before its name, and the place of the name's length.
    const FIXED: usize = 30;
    const LENGTH: usize = 26;
    head.windows(MEMBER.len())
        .enumerate()
        .filter(|(_, window)| window == MEMBER)
        .filter_map(move |(at, _)| {
            let header = head[at..].get(..FIXED)?;
            let length = u16::from_le_bytes([header[LENGTH], header[LENGTH + 1]]);
            head[at + FIXED..].get(..usize::from(length))
        })
}

/// Whether it begins as an object or a list of JSON does.
fn is_json(head: &[u8]) -> bool {
    let mut words = head.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (words.next(), words.next()) {
        (Some(b'{'), Some(b'"' | b'}')) => true,
        (Some(b'['), Some(next)) => next.is_ascii_digit() || b"{[\"-]".contains(next),
        _ => false,
    }
}

fn is_web_page(head: &[u8]) -> bool {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let start = start.trim_ascii_start().to_ascii_lowercase();
    [&b"<!doctype"[..], b"<html", b"<head", b"<?xml"]
        .iter()
        .any(|tag| start.starts_with(tag))
}

impl fmt::Display for Foreign {
    /// What it is; then what makes weights of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "it is empty; copy or save it again",
            Self::TorchArchive => concat!(
                "it is PyTorch's own archive; of a state_dict this line of Python makes weights for ae-tui: ",
                "import torch, safetensors.torch; ",
                r#"safetensors.torch.save_file(torch.load(FILE, map_location="cpu", weights_only=True), "weights.safetensors")"#
            ),
            Self::TorchPickle => concat!(
                "it is a pickle of PyTorch; of a state_dict this line of Python makes weights for ae-tui: ",
                "import torch, safetensors.torch; ",
                r#"safetensors.torch.save_file(torch.load(FILE, map_location="cpu", weights_only=True), "weights.safetensors")"#
            ),
            Self::Pickle => concat!(
                "it is a pickle, a Python object; where that is a dict of NumPy arrays, and you trust it, ",
                "this line of Python makes weights for ae-tui: import pickle, safetensors.numpy; ",
                r#"safetensors.numpy.save_file(pickle.load(open(FILE, "rb")), "weights.safetensors")"#
            ),
            Self::KerasArchive => concat!(
                "it is Keras's archive; this line of Python makes weights for ae-tui, net.npz: ",
                keras_line!()
            ),
            Self::Hdf5 => concat!(
                "it is an HDF5 file, as Keras writes; this line of Python makes weights for ae-tui, net.npz ",
                "(of a file of weights alone, make the model first and use its load_weights): ",
                keras_line!()
            ),
            Self::Npz => concat!(
                "it is NumPy's archive of arrays, and larger than any weights of ae-tui's; write those of one network: ",
                r#"numpy.savez("net.npz", *net.get_weights())"#
            ),
            Self::Npy => concat!(
                "it is one NumPy array, and a network has several; this line of Python writes all those of a Keras model: ",
                r#"numpy.savez("net.npz", *net.get_weights())"#
            ),
            Self::Onnx => concat!(
                "it is an ONNX graph; this line of Python makes weights for ae-tui of its tensors: ",
                "import onnx, onnx.numpy_helper as h, safetensors.numpy; ",
                r#"safetensors.numpy.save_file({t.name: h.to_array(t).copy() for t in onnx.load(FILE).graph.initializer}, "weights.safetensors")"#
            ),
            Self::Picture => "it is a picture; name the weights that drew it",
            Self::Json => {
                "it is JSON, as metrics and recipes are; name a .safetensors file, or a run's folder with explore"
            }
            Self::Zip => "it is a zip archive; unpack it and name the .safetensors file that was in it",
            Self::Gzip => {
                "it is packed with gzip; unpack it: gunzip -c < FILE > weights.safetensors"
            }
            Self::LfsPointer => {
                "it is a pointer of Git LFS, not the file itself; fetch that with: git lfs pull"
            }
            Self::WebPage => {
                "it is a web page; fetch the file itself, from the link that downloads it"
            }
        })
    }
}
