//! `ae-tui reconstruct`: images over what a network makes of them, as a picture.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Args;

use super::{
    End, FIRST_SAMPLE, Misuse,
    images::{ImageArguments, Images},
    origin::Origin,
    weights::{Loaded, WeightsArguments},
};
use crate::{
    data::{Labels, corrupt::Noise},
    figure::{self, Figure},
    lens::{Lens, Sample},
    message::{Row, SplitName},
    pool::Pool,
    store::{atomic, weights::About},
    words::{counted, shown},
};

pub(super) const LONG_ABOUT: &str = "\
Draw images over what a network makes of them, with their labels, as a PNG picture.

  ae-tui reconstruct digits.safetensors --out figure.png
  ae-tui reconstruct digits.safetensors --out sixty.png --split train --range 0..60

White is real, green was made by the network. Under each pair stands its loss, the cross-entropy \
per pixel. A network that learnt with noise is shown the images with noise here too: they stand \
between. Ten images stand beside each other, more below.";

#[derive(Debug, Args)]
#[command(mut_arg("range", |range| range.help(
    "Images A up to but not B, counted from 0 [default: 110..120]"
)))]
pub(super) struct ReconstructArguments {
    #[command(flatten)]
    weights: WeightsArguments,
    /// The picture, a file that ends in .png; replaces the file
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    out: PathBuf,
    #[command(flatten)]
    images: ImageArguments,
}

pub(super) fn run(arguments: &ReconstructArguments) -> anyhow::Result<End> {
    let out = &arguments.out;
    expect_png(out)?;
    atomic::check_writable(out).context("--out")?;
    let weights = arguments.weights.load(arguments.images.folder())?;
    let first = FIRST_SAMPLE.index;
    let images = arguments
        .images
        .load(&weights, Some(first..first + Row::LENGTH), Labels::ALL)?;
    let Loaded {
        net,
        recipe,
        origin: Origin { about, .. },
    } = weights;
    expect_few(images.range.len())?;
    let pool = Pool::of_the_machine();
    let lens = Lens::new(&net, &recipe, &pool);
    let samples = lens.samples(images.split(), images.range.clone());
    let architecture = net.architecture().to_string();
    let figure = Figure {
        title: &of_network(&about, &architecture),
        subtitle: &of_images(&images, &samples),
        noise: &match recipe.noise {
            Noise::None => String::new(),
            noise => noise.to_string(),
        },
        samples: &samples,
    };
    atomic::write(out, &figure.png()).context("--out")?;
    Ok(End::Done)
}

/// A picture under another kind of name would be taken for something else, and
/// a slip would replace weights.
fn expect_png(path: &Path) -> anyhow::Result<()> {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    if ending.eq_ignore_ascii_case("png") {
        return Ok(());
    }
    let words = format!(
        "--out {}: the picture is a PNG; name a file that ends in .png",
        shown(path)
    );
    Err(Misuse(words).into())
}

fn expect_few(images: usize) -> anyhow::Result<()> {
    let most = figure::MAX_IMAGES;
    if images <= most {
        return Ok(());
    }
    let words = format!(
        "{images} images are too many for one picture; name at most {most}, as in --range 0..{most}"
    );
    Err(Misuse(words).into())
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
fn of_images(images: &Images, samples: &[Sample]) -> String {
    let split = match images.split {
        SplitName::Train => "training",
        SplitName::Test | SplitName::Unseen => "test",
    };
    let losses = samples.iter().map(|sample| f64::from(sample.loss));
    let loss = losses.sum::<f64>() / samples.len() as f64;
    let which = match samples {
        [only] => format!("image {}", only.index),
        [first, .., last] => format!("images {} to {}", first.index, last.index),
        [] => "no images".into(),
    };
    format!("{}, {split} {which}: mean loss {loss:.4}", images.data.name)
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

    #[test]
    fn a_name_that_does_not_end_in_png_is_refused() {
        for right in ["a.png", "folder.jpg/b.PNG", "a.b.png"] {
            assert!(expect_png(Path::new(right)).is_ok(), "{right}");
        }
        for wrong in ["a", "a.jpg", "digits.safetensors", "png", ".png"] {
            assert!(expect_png(Path::new(wrong)).is_err(), "{wrong}");
        }
    }
}
