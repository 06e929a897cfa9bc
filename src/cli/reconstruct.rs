//! `ae-tui reconstruct`: what a network makes of images, as a picture or as numbers.

use std::path::Path;

use anyhow::Context;
use clap::Args;
use ndarray::{Array1, Array3};

use super::{
    End, FIRST_SAMPLE,
    images::{AnyImages, Chosen},
    origin::Origin,
    output::{Output, OutputArguments, Product, expect_few},
    progress::Progress,
    weights::{Loaded, WeightsArguments},
};
use crate::{
    arrays::{Column, Table},
    data::corrupt::Noise,
    figure::Figure,
    lens::{Lens, Sample},
    message::Row,
    pool::Pool,
    store::{atomic, weights::About},
    words::counted,
};

pub(super) const LONG_ABOUT: &str = "\
Draw images over what a network makes of them, with their labels, as a PNG picture; or write \
what it makes of them as numbers.

  ae-tui reconstruct digits.safetensors --out figure.png
  ae-tui reconstruct digits.safetensors --out sixty.png --split train --range 0..60
  ae-tui reconstruct digits.safetensors --out back.npz

An .npz or .csv file has the images' numbers, labels and losses beside what came back, 0 to 1, as \
image [n, height, width]; an .npy file the images alone. In a picture white is real, green was made \
by the network. Under each pair stands its loss, the cross-entropy per pixel. A network that learnt \
with noise is shown the images with noise here too: they stand between. Ten images stand beside \
each other, more below.";

#[derive(Debug, Args)]
#[command(mut_arg("range", |range| range.help(
    "Images A up to but not B, counted from 0 [default: 110..120 in a picture, all in numbers]"
)))]
pub(super) struct ReconstructArguments {
    #[command(flatten)]
    weights: WeightsArguments,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    images: AnyImages,
}

pub(super) fn run(arguments: &ReconstructArguments) -> anyhow::Result<End> {
    let read = arguments.images.files(&arguments.weights.weights);
    let product = arguments.output.product(&read)?;
    let data = arguments.images.read()?;
    let weights = arguments.weights.load(&data)?;
    let first = FIRST_SAMPLE.index;
    let otherwise = match product {
        Product::Picture(_) => Some(first..first + Row::LENGTH),
        Product::Numbers(_) => None,
    };
    let images = arguments.images.of(data, &weights, otherwise)?;
    match product {
        Product::Picture(path) => draw(&path, &weights, &images)?,
        Product::Numbers(output) => write(&output, &weights, &images)?,
    }
    Ok(End::Done)
}

fn draw(path: &Path, weights: &Loaded, chosen: &Chosen) -> anyhow::Result<()> {
    let Loaded {
        net,
        recipe,
        origin: Origin { about, .. },
    } = weights;
    expect_few(chosen.len(), "as in --range 0..1000")?;
    let pool = Pool::of_the_machine();
    let lens = Lens::new(net, recipe, &pool);
    let mut samples = Vec::new();
    for images in &chosen.stretches {
        let own = lens.samples(images.split(), images.range.clone());
        samples.extend(own.into_iter().map(|sample| Sample {
            index: images.before + sample.index,
            ..sample
        }));
    }
    let architecture = net.architecture().to_string();
    let figure = Figure {
        title: &of_network(about, &architecture),
        subtitle: &of_images(chosen, &samples),
        noise: &match recipe.noise {
            Noise::None => String::new(),
            noise => noise.to_string(),
        },
        size: chosen.data().image_size(),
        classes: &chosen.data().classes,
        samples: &samples,
    };
    atomic::write(path, &figure.png()).context("--out")
}

fn write(output: &Output, weights: &Loaded, chosen: &Chosen) -> anyhow::Result<()> {
    let pool = Pool::of_the_machine();
    let lens = Lens::new(&weights.net, &weights.recipe, &pool);
    let count = chosen.len();
    let progress = Progress::counting("image", count);
    let (mut losses, mut pixels) = (Vec::with_capacity(count), Vec::new());
    for images in &chosen.stretches {
        let mut done = images.range.start;
        while done < images.range.end {
            let piece = lens.piece(images.split(), done);
            let piece = done..piece.end.min(images.range.end);
            done = piece.end;
            for sample in lens.samples(images.split(), piece) {
                losses.push(sample.loss);
                pixels.extend(sample.reconstruction);
            }
            progress.is_at(losses.len());
        }
    }
    let size = chosen.data().image_size();
    let losses = Array1::from_vec(losses);
    let pixels = Array3::from_shape_vec((count, size.height, size.width), pixels);
    let pixels = pixels.context("the images have other sides than the network's")?;
    let mut columns = chosen.columns();
    columns.push(("loss", Column::Reals(losses.view().into_dyn())));
    columns.push(("image", Column::Reals(pixels.view().into_dyn())));
    output.write(&Table { columns })
}

/// Which network, and how far it has come as far as it is known.
fn of_network(about: &About, architecture: &str) -> String {
    let name = about.preset().map(|preset| format!("{} ", preset.name()));
    let name = name.unwrap_or_default();
    let after = |n: u64, what: &str| format!(" after {}", counted(n, what));
    let moment = match (about.step, about.steps_per_epoch, about.epochs_done()) {
        (Some(step), Some(epoch), Some(epochs)) if step % epoch == 0 => after(epochs, "epoch"),
        (Some(step), ..) => after(step, "step"),
        _ => String::new(),
    };
    format!("{name}{architecture}{moment}")
}

/// Which images, and what they cost in the mean.
fn of_images(images: &Chosen, samples: &[Sample]) -> String {
    let losses = samples.iter().map(|sample| f64::from(sample.loss));
    let loss = losses.sum::<f64>() / samples.len() as f64;
    let which = match samples {
        [only] => format!("image {}", only.index),
        [first, .., last] => format!("images {} to {}", first.index, last.index),
        [] => "no images".into(),
    };
    let (name, half) = (&images.data().name, images.half);
    format!("{name}, {half}{which}: mean loss {loss:.4}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Preset, Recipe};

    #[test]
    fn a_network_is_told_with_its_moment() {
        let mut about = About {
            recipe: Some(Recipe::preset(Preset::Article)),
            step: Some(20),
            steps_per_epoch: Some(10),
            ..About::default()
        };
        let words = |about: &About| of_network(about, "784-2-784");
        assert_eq!(words(&about), "article 784-2-784 after 2 epochs");
        about.step = Some(10);
        assert_eq!(words(&about), "article 784-2-784 after 1 epoch");
        about.step = Some(1234);
        assert_eq!(words(&about), "article 784-2-784 after 1234 steps");
        assert_eq!(words(&About::default()), "784-2-784");
    }
}
