//! Makes `assets/mnist.br` from the four original MNIST files:
//! `cargo run --release --example pack_mnist -- DIR`.
//!
//! The archive is one brotli stream of the raw IDX files, one after the other,
//! in the order of `FILES`. Each file's length follows from the format, so the
//! archive needs no table of its own. See `assets/README.md`.

use std::{error::Error, fs, io::Write, path::PathBuf};

const FILES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// The best brotli does: 9.09 MB, under the 10 MiB that a crate may weigh.
const QUALITY: u32 = 11;
const WINDOW: u32 = 24;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: pack_mnist DIR")?);
    let archive = PathBuf::from("assets/mnist.br");
    let mut packed =
        brotli::CompressorWriter::new(fs::File::create(&archive)?, 1 << 20, QUALITY, WINDOW);
    for file in FILES {
        packed.write_all(&fs::read(folder.join(file))?)?;
    }
    packed.flush()?;
    Ok(())
}
