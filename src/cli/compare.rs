//! `ae-tui compare`: networks beside one another, on the same images.
//!
//! Of recipes only what differs is told; what each comes to is measured anew, so that runs, files
//! of weights and files from elsewhere are held to one measure.

pub(super) mod both;
mod live;
pub(super) mod screen;
mod table;

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use ndarray::Array2;
use serde::Serialize;

use super::{
    End, FIRST_SAMPLE,
    appearance::Appearance,
    images::{DataArguments, DataSet},
    origin::Origin,
    output::{expect_ending, expect_not_read, print},
    progress::Progress,
    room::Memory,
    train::has_screen,
    values,
    weights::{Loaded, WeightsArguments},
};
use crate::{
    data::{Dataset, corrupt::Noise, mnist},
    figure::Sheet,
    lens::Lens,
    measure::{CalledOff, Effort, Features, Measures, Pca, Quality, Rivals, Stretch, Task},
    message::Row,
    pace::Pace,
    pool::Pool,
    recipe::{
        Recipe,
        differences::{self, Differing},
    },
    store::{
        atomic,
        folder::{self, Found, RunFile},
        weights::About,
    },
    words::shown,
};

pub(super) const LONG_ABOUT: &str = "\
Hold networks against one another: what differs of their recipes, and what each comes to.

  ae-tui compare digits digits-2                     two runs that were kept, on the screen
  ae-tui compare digits digits-2 --table             the table, as in a pipe or of more than two
  ae-tui compare article.safetensors vae.safetensors --json
  ae-tui compare digits vae.safetensors --out beside.png
  ae-tui compare --live article vae                  train two, and watch both

All are measured on the same held-out images, which go in without noise: cross-entropy and decibels \
of what comes back, beside as many principal components (PCA) as the code has values, and how often \
the 10 nearest codes of training images tell the right label. The picture has the ten images 110 to \
119 in its first row, and what each network makes of them in a row below.

On a terminal two are shown beside each other: maps, held-out curves as the logs of runs have them, \
recipes, measures and pictures; a or b opens one with all views. With --live two presets, or the \
recipes of run.toml files, are trained on the same images, one thread each, and wait for each other \
at every tick of the film; the images come in the same order where both have one seed. Nothing of \
that is kept.";

#[derive(Debug, Args)]
pub(super) struct CompareArguments {
    /// Folders of runs, or weights that ae-tui, `PyTorch` or Keras saved; with --live presets, or
    /// the recipes of run.toml files
    #[arg(required = true, num_args = 2.., value_name = "RUN|WEIGHTS")]
    networks: Vec<PathBuf>,
    #[command(flatten)]
    data: DataArguments,
    /// A picture of ten images and what comes back of them; ends in .png, and replaces the file
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    out: Option<PathBuf>,
    /// One JSON object in place of the table
    #[arg(long, help_heading = "Results")]
    json: bool,
    /// The table, on a terminal too
    #[arg(long, help_heading = "Results")]
    table: bool,
    /// Train two beside each other, and watch both
    #[arg(long, conflicts_with_all = ["out", "json", "table"], help_heading = "Training both")]
    live: bool,
    /// Passes over the training images [default: each recipe's own]
    #[arg(long, value_name = "N", value_parser = values::at_least_one::<u64>, requires = "live", allow_hyphen_values = true, help_heading = "Training both")]
    epochs: Option<u64>,
    /// film (the first steps slowly), full speed, or the seconds of an epoch [default: film]
    #[arg(long, value_name = "PACE", value_parser = values::pace, requires = "live", allow_hyphen_values = true, help_heading = "Training both")]
    pace: Option<Pace>,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    appearance: Appearance,
}

/// What is compared. Scripts rely on the names of the fields.
#[derive(Debug, Serialize)]
struct Report {
    data: String,
    /// Fields of the recipes that differ, with the value of each network's; `null` where it has
    /// none or does not say it.
    differences: Vec<Differing>,
    networks: Vec<Compared>,
}

/// One network, and what it comes to.
#[derive(Debug, Serialize)]
struct Compared {
    name: String,
    architecture: String,
    step: Option<u64>,
    /// Numbers that it learns.
    parameters: u64,
    /// Values of a code.
    code: usize,
    /// Of all held-out images.
    reconstruction: Quality,
    /// By as many principal components.
    pca: Quality,
    /// Where the images have labels.
    features: Option<Features>,
}

pub(super) fn run(arguments: &CompareArguments) -> anyhow::Result<End> {
    if arguments.live {
        return live::run(arguments);
    }
    if let Some(out) = &arguments.out {
        expect_ending("--out", out, "png")?;
        let images = arguments.data.data.as_deref();
        expect_not_read("--out", out, images)?;
        atomic::check_writable(out).context("--out")?;
    }
    let manner = arguments.appearance.manner()?;
    let data = data(arguments)?;
    let (mut networks, mut notices) = (Vec::new(), Vec::new());
    for path in &arguments.networks {
        let loaded = loaded(path, &data)?;
        loaded.expect_size(&data)?;
        notices.extend(loaded.origin.judged(&data)?);
        networks.push(loaded);
    }
    for words in &notices {
        super::tell(words);
    }
    data.tell();
    let name = data.name.clone();
    let data = (data.source)()?;
    let networks = if arguments.is_shown() {
        match <[Loaded; 2]>::try_from(networks) {
            Ok(two) => return screen::show(two, &data, &notices, manner, arguments),
            Err(networks) => networks,
        }
    } else {
        networks
    };
    let report = Report {
        data: name,
        differences: differences(&networks),
        networks: measured(&networks, &data),
    };
    if let Some(out) = &arguments.out {
        atomic::write(out, &beside(&networks, &data)?).context("--out")?;
    }
    let words = if arguments.json {
        serde_json::to_string_pretty(&report).context("--json")? + "\n"
    } else {
        table::of(&report)
    };
    print(words.as_bytes())?;
    Ok(End::Done)
}

impl CompareArguments {
    /// Whether the networks are seen on a screen, where there are two.
    fn is_shown(&self) -> bool {
        let wants_words = self.table || self.json || self.out.is_some();
        has_screen() && !wants_words
    }
}

/// The images that were named, or those of the first run that remembers its own.
fn data(arguments: &CompareArguments) -> anyhow::Result<DataSet> {
    if let Some(named) = arguments.data.named()? {
        return Ok(named);
    }
    for run in arguments.networks.iter().filter(|path| path.is_dir()) {
        let RunFile { digest, images, .. } = folder::read(run)?.file;
        if digest == mnist::DIGEST || images.is_some() {
            return DataSet::of_run(&digest, images.as_ref());
        }
    }
    Ok(DataSet::inside())
}

/// A run as it is now, or a file of weights of which nothing more is said.
pub(super) fn loaded(path: &Path, data: &DataSet) -> anyhow::Result<Loaded> {
    if !path.is_dir() {
        return WeightsArguments::of(path).load(data);
    }
    loaded_of_run(folder::read(path)?)
}

/// A run as it was found.
pub(super) fn loaded_of_run(found: Found) -> anyhow::Result<Loaded> {
    let path = found.path.clone();
    for notice in &found.notices {
        super::tell(&format!("{}: {notice}", shown(&path)));
    }
    let (file, newest) = found.looked_at()?;
    Ok(Loaded {
        net: newest.state.net,
        recipe: file.recipe.clone(),
        origin: Origin {
            path,
            digest: String::new(),
            about: About {
                recipe: Some(file.recipe),
                digest: Some(file.digest),
                data_name: Some(file.data),
                ..newest.about
            },
            remarks: Vec::new(),
        },
    })
}

/// What the recipes say, of those that are known.
fn differences(networks: &[Loaded]) -> Vec<Differing> {
    let said = |loaded: &'_ Loaded| loaded.origin.about.recipe.clone();
    let recipes: Vec<Option<Recipe>> = networks.iter().map(said).collect();
    let recipes: Vec<Option<&Recipe>> = recipes.iter().map(Option::as_ref).collect();
    differences::fields(&recipes)
}

/// What each comes to. Rivals of codes of one length are measured once.
fn measured(networks: &[Loaded], data: &Dataset) -> Vec<Compared> {
    let pool = Pool::of_the_machine();
    let progress = Progress::counting("network", networks.len());
    let tick = || -> Result<(), CalledOff> {
        progress.tick();
        Ok(())
    };
    let effort = Effort::asking(&pool, &tick);
    let task = Task {
        train: &data.train,
        asked: Stretch::held_out(&data.test),
        noise: Noise::None,
    };
    let measure = || -> Result<Vec<Compared>, CalledOff> {
        let codes = networks
            .iter()
            .map(|loaded| loaded.net.architecture().latent());
        let pca = Pca::of(task.train, codes.max().unwrap_or(0), effort)?;
        let mut rivals: Vec<(usize, Rivals)> = Vec::new();
        let mut compared = Vec::new();
        for loaded in networks {
            let code = loaded.net.architecture().latent();
            if !rivals.iter().any(|(length, _)| *length == code) {
                rivals.push((code, Rivals::measure(&task, &pca, code, effort)?));
            }
            let known = rivals.iter().find(|(length, _)| *length == code);
            let (_, rivals) = known.expect("just measured");
            let measures = Measures::of(&loaded.net, &task, rivals, effort)?;
            compared.push(Compared::of(loaded, &measures));
            progress.is_at(compared.len());
        }
        Ok(compared)
    };
    measure().expect("nobody calls it off")
}

impl Compared {
    fn of(loaded: &Loaded, measures: &Measures) -> Self {
        let architecture = loaded.net.architecture();
        Self {
            name: shown(&loaded.origin.path),
            architecture: architecture.to_string(),
            step: loaded.origin.about.step,
            parameters: u64::try_from(architecture.parameter_count()).unwrap_or(u64::MAX),
            code: architecture.latent(),
            reconstruction: measures.reconstruction.network.all,
            pca: measures.reconstruction.pca.all,
            features: measures.features,
        }
    }
}

/// Ten held-out images, and below them what each network makes of them.
fn beside(networks: &[Loaded], data: &Dataset) -> anyhow::Result<Vec<u8>> {
    let images = &data.test;
    let first = FIRST_SAMPLE
        .index
        .min(images.len().saturating_sub(Row::LENGTH));
    let range = first..images.len().min(first + Row::LENGTH);
    let pool = Pool::of_the_machine();
    let mut pixels: Vec<f32> = range
        .clone()
        .flat_map(|number| images.pixels_of(number))
        .collect();
    for loaded in networks {
        let lens = Lens::new(&loaded.net, &loaded.recipe.without_noise(), &pool);
        for sample in lens.samples(images, range.clone()) {
            pixels.extend(sample.reconstruction);
        }
    }
    let count = range.len() * (1 + networks.len());
    let images = Array2::from_shape_vec((count, images.size().pixels()), pixels);
    let sheet = Sheet {
        images: images.context("all images have as many pixels")?.view(),
        width: data.image_size().width,
        real: range.len(),
    }
    .png();
    Ok(sheet)
}
