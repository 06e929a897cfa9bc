//! `ae-tui decode`: codes to the images that a network makes of them.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};
use clap::Args;
use ndarray::Array2;

use super::{
    End,
    output::{OutputArguments, Product, expect_few, is_standard},
    weights::{Loaded, SizeArgument, WeightsArguments},
};
use crate::{
    arrays::{self, Column, Found, Table},
    figure::Sheet,
    lens::Lens,
    pool::Pool,
    store::atomic,
    words::{counted, shown},
};

pub(super) const LONG_ABOUT: &str = "\
Draw what a network makes of codes, whoever made them.

  ae-tui decode digits.safetensors codes.npz --out images.npz
  echo 12.5,3.1 | ae-tui decode digits.safetensors - --out eight.png

Codes are an .npy array, the array \"code\" of an .npz archive (or its only one), or lines of \
numbers with commas between: as many in a line as the code has. Images are written as they come \
back, 0 to 1, as image [n, height, width]; a .png shows up to 1,000 of them.";

#[derive(Debug, Args)]
pub(super) struct DecodeArguments {
    #[command(flatten)]
    weights: WeightsArguments,
    /// The codes: an .npz, .npy or .csv file; - is standard input
    codes: PathBuf,
    #[command(flatten)]
    size: SizeArgument,
    #[command(flatten)]
    output: OutputArguments,
}

pub(super) fn run(arguments: &DecodeArguments) -> anyhow::Result<End> {
    let product = arguments
        .output
        .product(&[&arguments.weights.weights, &arguments.codes])?;
    let Loaded { net, recipe, .. } = arguments.weights.load_alone(arguments.size)?;
    let codes = codes(&arguments.codes, net.architecture().latent())?;
    let pool = Pool::of_the_machine();
    let images = Lens::new(&net, &recipe, &pool).decode(codes.view());
    let size = recipe.image;
    match product {
        Product::Numbers(output) => {
            let images = images
                .into_shape_with_order((codes.nrows(), size.height, size.width))
                .context("the images have other sides than the network's")?;
            let image = Column::Reals(images.view().into_dyn());
            output.write(&Table {
                columns: vec![("image", image)],
            })?;
        }
        Product::Picture(path) => {
            expect_few(images.nrows(), "or an .npz file")?;
            let sheet = Sheet {
                images: images.view(),
                width: size.width,
                real: 0,
            };
            atomic::write(&path, &sheet.png()).context("--out")?;
        }
    }
    Ok(End::Done)
}

/// The codes in a file, or on standard input, each of so many values.
fn codes(path: &Path, values: usize) -> anyhow::Result<Array2<f32>> {
    let name = if is_standard(path) {
        "standard input".to_owned()
    } else {
        shown(path)
    };
    let bytes = bytes(path).with_context(|| format!("cannot read {name}"))?;
    let Found { shape, numbers } =
        arrays::read(&bytes, "code").map_err(|fault| anyhow!("{name}: {fault}"))?;
    let numbers = numbers.reals();
    let rows = match shape[..] {
        // One code.
        [all] if all == values => 1,
        // Values of one number each.
        [all] if values == 1 => all,
        [rows, ..] if shape[1..].iter().product::<usize>() == values => rows,
        _ => {
            let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
            return Err(anyhow!(
                "{name}: an array of [{}] holds no codes of {}; [n, {values}] is needed",
                sides.join(", "),
                counted(values as u64, "value"),
            ));
        }
    };
    if let Some(place) = numbers.iter().position(|value| !value.is_finite()) {
        return Err(anyhow!(
            "{name}: code {} has a value that is no finite number; leave it out",
            place / values
        ));
    }
    if rows == 0 {
        return Err(anyhow!("{name}: there are no codes in it"));
    }
    Array2::from_shape_vec((rows, values), numbers).context("a row of values for each code")
}

/// The bytes of a file or of standard input, no more than an array may have.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    if is_standard(path) {
        arrays::bytes_of(io::stdin())
    } else {
        arrays::bytes_of(File::open(path)?)
    }
}
