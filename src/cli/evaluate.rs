//! `ae-tui evaluate`: what saved weights are good for, in numbers.

mod table;

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use super::{
    End,
    images::{ImageArguments, Images, of_one_half},
    origin::Origin,
    output::print,
    progress::Progress,
    weights::{Loaded, WeightsArguments},
};
use crate::{
    data::{Classes, Labels},
    lens::Lens,
    measure::{CalledOff, Effort, Measures, Pca, Rivals, Stretch, Task, auc},
    message::SplitName,
    nn::Autoencoder,
    pool::Pool,
    recipe::{Preset, Recipe},
};

pub(super) const LONG_ABOUT: &str = "\
Tell what saved weights are good for, in numbers, beside what needs no network.

  ae-tui evaluate digits.safetensors                     a table
  ae-tui evaluate digits.safetensors --json              one JSON object, for scripts
  ae-tui evaluate digits.safetensors --range 110..120    of ten images only

Reconstruction: cross-entropy, squared error and its decibels, beside one grey, the mean image and \
as many principal components (PCA) as the code has values; the images go in without noise, and a \
variational code is its means. Features: how often the 10 nearest of \
the training images, by their codes, vote for the right label, beside the nearest by PCA. \
Compression: the code's size, and the decibels it keeps. Denoising, for a network that was shown \
noise: what is left of it, beside a 3x3 median filter (edges repeat their own pixels). Sparsity: \
how much of the codes is zero. Anomalies, for a network that was trained on some digits only: how \
often an image of the others costs more than one of these, which is the area under the ROC curve.";

#[derive(Debug, Args)]
#[command(mut_arg("split", |split| of_one_half(split).help("The images trained on, or those held out")))]
pub(super) struct EvaluateArguments {
    #[command(flatten)]
    weights: WeightsArguments,
    #[command(flatten)]
    images: ImageArguments,
    /// One JSON object in place of the table
    #[arg(long)]
    json: bool,
}

/// Whose measures they are, and of what. Scripts rely on the names of the fields.
#[derive(Debug, Serialize)]
struct Report {
    weights: String,
    architecture: String,
    /// As far as the file says.
    preset: Option<&'static str>,
    step: Option<u64>,
    data: String,
    /// The digits that it was trained on, where those are not all; the images are of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    digits: Option<String>,
    /// `train` or `test`.
    split: &'static str,
    /// The first image and the one after the last.
    range: [usize; 2],
    /// What the labels stand for.
    #[serde(skip)]
    classes: Classes,
    /// Whether those are all there are.
    #[serde(skip)]
    whole: bool,
    #[serde(flatten)]
    measures: Measures,
    /// Digits that it was not trained on, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    unseen: Option<Unseen>,
}

/// How the loss tells images of digits that were never seen from those that the report is on.
#[derive(Debug, Serialize)]
struct Unseen {
    /// Which digits, as `--digits` names such.
    digits: String,
    /// How many images they are.
    images: usize,
    /// How often one of them costs more than one of the others, of all pairs.
    roc_area: f64,
}

pub(super) fn run(arguments: &EvaluateArguments) -> anyhow::Result<End> {
    let data = arguments.images.read()?;
    let weights = arguments.weights.load(&data)?;
    let digits = weights.recipe.digits;
    let chosen = arguments.images.of(data, &weights, None, digits)?;
    let images = &chosen.stretches[0];
    let Loaded {
        net,
        recipe,
        origin: Origin { about, .. },
    } = weights;
    let trained_on = images.split == SplitName::Train;
    let task = Task {
        train: &images.data.train,
        asked: Stretch {
            images: images.split(),
            range: images.range.clone(),
            trained_on,
        },
        noise: recipe.noise,
    };
    let pool = Pool::of_the_machine();
    let progress = Progress::of_parts(4);
    let tick = || -> Result<(), CalledOff> {
        progress.tick();
        Ok(())
    };
    let measure = || -> Result<Measures, CalledOff> {
        let effort = Effort::asking(&pool, &tick);
        progress.next_part("principal components");
        let values = net.architecture().latent();
        let pca = Pca::of(task.train, values, effort)?;
        progress.next_part("its rivals");
        let rivals = Rivals::measure(&task, &pca, values, effort)?;
        progress.next_part("the network");
        Measures::of(&net, &task, &rivals, effort)
    };
    let measures = measure().expect("nobody calls it off");
    progress.next_part("what it was not trained on");
    let unseen = unseen(&net, &recipe, images, &pool);
    drop(progress);
    let report = Report {
        weights: arguments.weights.weights.display().to_string(),
        architecture: net.architecture().to_string(),
        preset: about.preset().map(Preset::name),
        step: about.step,
        data: images.data.name.clone(),
        digits: images
            .data
            .test
            .left_out()
            .map(|_| recipe.digits.to_string()),
        classes: images.data.classes.clone(),
        split: if trained_on { "train" } else { "test" },
        range: [images.range.start, images.range.end],
        whole: images.range == (0..images.split().len()),
        measures,
        unseen,
    };
    let words = if arguments.json {
        let mut words = serde_json::to_string_pretty(&report).context("--json")?;
        words.push('\n');
        words
    } else {
        table::of(&report)
    };
    print(words.as_bytes())?;
    Ok(End::Done)
}

/// The images go in without noise, as for all that is said of reconstruction.
fn unseen(net: &Autoencoder, recipe: &Recipe, images: &Images, pool: &Pool) -> Option<Unseen> {
    let others = images.data.test.left_out()?;
    let lens = Lens::new(net, &recipe.without_noise(), pool);
    let sorted = |losses: &[f32]| {
        let mut losses = losses.to_vec();
        losses.sort_unstable_by(f32::total_cmp);
        losses
    };
    let known = sorted(&lens.losses(images.split())[images.range.clone()]);
    Some(Unseen {
        digits: others
            .labels()
            .iter()
            .copied()
            .collect::<Labels>()
            .to_string(),
        images: others.len(),
        roc_area: auc::of_sorted(&known, &sorted(&lens.losses(others)))?,
    })
}
