//! `ae-tui encode`: images to codes, for other programs to work with.

use clap::Args;
use ndarray::s;

use super::{
    End,
    images::ImageArguments,
    output::OutputArguments,
    weights::{Loaded, WeightsArguments},
};
use crate::{
    data::Labels,
    lens::Lens,
    pool::Pool,
    store::arrays::{Column, Table},
};

pub(super) const LONG_ABOUT: &str = "\
Write the codes that a network has for images, with the images' numbers and labels.

  ae-tui encode digits.safetensors --out codes.npz
  ae-tui encode digits.safetensors --split train --range 0..1000 --out codes.csv
  ae-tui encode digits.safetensors --out - | head

In Python: z = numpy.load(\"codes.npz\"); z[\"code\"], z[\"label\"], z[\"index\"]. An .npy file has \
the codes alone. Images go in without noise; a variational code is its means, and one of maps goes \
channel by channel, row by row.";

#[derive(Debug, Args)]
pub(super) struct EncodeArguments {
    #[command(flatten)]
    weights: WeightsArguments,
    #[command(flatten)]
    images: ImageArguments,
    #[command(flatten)]
    output: OutputArguments,
}

pub(super) fn run(arguments: &EncodeArguments) -> anyhow::Result<End> {
    let output = arguments.output.open()?;
    let weights = arguments.weights.load(arguments.images.folder())?;
    let images = arguments.images.load(&weights, None, Labels::ALL)?;
    let Loaded { net, recipe, .. } = weights;
    let pool = Pool::of_the_machine();
    let codes = Lens::new(&net, &recipe, &pool).codes(images.split());
    let codes = codes.slice(s![images.range.clone(), ..]);
    output.write(&Table {
        columns: vec![
            ("index", Column::Whole(images.numbers())),
            ("label", Column::Small(images.labels())),
            ("code", Column::Reals(codes.into_dyn())),
        ],
    })?;
    Ok(End::Done)
}
