//! `ae-tui data`: where the unpacked MNIST files are.

use std::io::{self, ErrorKind, Write};

use anyhow::Context;

use super::{End, tell};
use crate::data::mnist::{self, Stay};

pub(super) const LONG_ABOUT: &str = "\
Print the folder of the unpacked MNIST files, and unpack them first if need be: \
cd \"$(ae-tui data)\"

The folder holds the four original IDX files, uncompressed. `--data` of the other commands \
reads such a folder: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and \
t10k-labels-idx1-ubyte, each as it is or with .gz. What else it reads the README says under \
\"Your own images\".";

pub(super) fn run() -> anyhow::Result<End> {
    let folder = match mnist::unpacked_dir()? {
        Stay::Cached(folder) => folder,
        Stay::Temporary(folder) => {
            tell(
                "the cache cannot be written, so these 55 MB stay among the temporary files \
                 until you remove them; XDG_CACHE_HOME may name another place for the cache",
            );
            folder
        }
    };
    let mut words = folder.into_os_string().into_encoded_bytes();
    words.push(b'\n');
    match io::stdout().write_all(&words) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(End::Done),
    }
}
