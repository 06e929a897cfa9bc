//! `ae-tui encode`: images to codes, for other programs to work with.

use std::ops::Range;

use anyhow::Context;
use clap::Args;
use ndarray::{Array2, Axis, concatenate, s};

use super::{
    End,
    images::{AnyImages, Images},
    output::OutputArguments,
    progress::Progress,
    weights::{Loaded, WeightsArguments},
};
use crate::{
    arrays::{Column, Table},
    lens::Lens,
    pool::Pool,
};

pub(super) const LONG_ABOUT: &str = "\
Write the codes that a network has for images, with the images' numbers and labels.

  ae-tui encode digits.safetensors --out codes.npz
  ae-tui encode digits.safetensors --split train --range 0..1000 --out codes.csv
  ae-tui encode digits.safetensors --split both --out all.npz
  ae-tui encode digits.safetensors --out - | head
  ae-tui encode digits.safetensors --images mine.npy --out codes.npz

In Python: z = numpy.load(\"codes.npz\"); z[\"code\"], z[\"label\"], z[\"index\"]. An .npy file has \
the codes alone. Of both splits the training images come first, and the numbers go on with the \
test images. Images go in without noise; a variational code is its means, and one of maps goes \
channel by channel, row by row.";

#[derive(Debug, Args)]
pub(super) struct EncodeArguments {
    #[command(flatten)]
    weights: WeightsArguments,
    #[command(flatten)]
    images: AnyImages,
    #[command(flatten)]
    output: OutputArguments,
}

pub(super) fn run(arguments: &EncodeArguments) -> anyhow::Result<End> {
    let read = arguments.images.files(&arguments.weights.weights);
    let output = arguments.output.open(&read)?;
    let data = arguments.images.read()?;
    let weights = arguments.weights.load(&data)?;
    let images = arguments.images.of(data, &weights, None)?;
    let Loaded { net, recipe, .. } = weights;
    let pool = Pool::of_the_machine();
    let lens = Lens::new(&net, &recipe.without_noise(), &pool);
    let progress = Progress::counting("image", images.len());
    let mut codes = Vec::new();
    for stretch in &images.stretches {
        codes.push(codes_of(&lens, stretch, &progress)?);
    }
    drop(progress);
    let codes: Vec<_> = codes.iter().map(|codes| codes.view()).collect();
    let codes = concatenate(Axis(0), &codes).context("stretches have codes of one length")?;
    let mut columns = images.columns();
    columns.push(("code", Column::Reals(codes.view().into_dyn())));
    output.write(&Table { columns })?;
    Ok(End::Done)
}

/// The codes of the images alone, in pieces.
fn codes_of(lens: &Lens, images: &Images, progress: &Progress) -> anyhow::Result<Array2<f32>> {
    let Range { start, end } = images.range;
    let whole = lens.with_companions(images.split(), &images.range);
    let mut pieces = Vec::new();
    let mut done = whole.start;
    while done < whole.end {
        let piece = lens.piece(images.split(), done);
        let piece = done..piece.end.min(whole.end);
        let own = done.max(start)..piece.end.min(end);
        done = piece.end;
        pieces.push(lens.codes_of(images.split(), piece));
        progress.add(own.len());
    }
    let pieces: Vec<_> = pieces.iter().map(|piece| piece.view()).collect();
    let codes = concatenate(Axis(0), &pieces).context("pieces have codes of one length")?;
    Ok(codes.slice_move(s![start - whole.start..end - whole.start, ..]))
}
