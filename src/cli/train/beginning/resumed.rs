//! `--resume`: the run of a folder or of a checkpoint, which stays what it is.

use std::path::Path;

use anyhow::Context;

use super::{Beginning, From, Left, lengthened};
use crate::{
    cli::{
        train::{TrainArguments, misuse},
        values::{Channels, Encoder},
    },
    recipe::Recipe,
    store::{
        checkpoint,
        folder::{self, RunFolder},
    },
    words::shown,
};

/// The run of a folder, or of a checkpoint.
pub(super) fn resumed(path: &Path, arguments: &TrainArguments) -> anyhow::Result<Beginning> {
    let elsewhere = arguments.run.is_some();
    let (recipe, from) = if path.is_dir() && !elsewhere {
        let (lock, found) = RunFolder::reopen(path).context("--resume")?;
        let recipe = found.file.recipe.clone();
        (recipe, From::Folder(lock, Box::new(found)))
    } else if path.is_dir() {
        let found = folder::read(path).context("--resume")?;
        let notices = found.notices.clone();
        let (file, newest) = found.looked_at()?;
        let left = Left {
            path: path.to_owned(),
            state: newest.state,
            about: newest.about,
            images: file.images.clone(),
            notices,
        };
        (file.recipe, From::State(Box::new(left)))
    } else {
        of_checkpoint(path, elsewhere)?
    };
    expect_the_same_run(&recipe, arguments)?;
    let recipe = lengthened(recipe, arguments)?;
    Ok(Beginning {
        recipe,
        from,
        config: None,
    })
}

/// The run of a file: that of its folder, where it is the last of one.
fn of_checkpoint(path: &Path, elsewhere: bool) -> anyhow::Result<(Recipe, From)> {
    let (state, about) = checkpoint::load(path).context("--resume")?;
    let step = state.step();
    if let (Some(folder), false) = (folder::run_of(path), elsewhere) {
        let (lock, found) = RunFolder::reopen(&folder).context("--resume")?;
        found.expect_newest(step).context("--resume")?;
        return Ok((
            found.file.recipe.clone(),
            From::Folder(lock, Box::new(found)),
        ));
    }
    let Some(recipe) = about.recipe.clone() else {
        return Err(misuse(&format!(
            "{} does not say what its run is; to start a run from its weights: --init",
            shown(path)
        )));
    };
    let left = Left {
        path: path.to_owned(),
        state,
        about,
        images: folder::run_of(path)
            .and_then(|folder| folder::read(&folder).ok())
            .and_then(|found| found.file.images.clone()),
        notices: Vec::new(),
    };
    Ok((recipe, From::State(Box::new(left))))
}

/// Refuses options that a run that goes on has no choice in.
fn expect_the_same_run(recipe: &Recipe, arguments: &TrainArguments) -> anyhow::Result<()> {
    let mut others = Vec::new();
    let mut other = |option: &str, value: Option<String>, own: String| {
        others.extend(
            value
                .filter(|value| *value != own)
                .map(|value| format!("{option} {value}")),
        );
    };
    let sizes = |sizes: &[usize]| {
        let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
        sizes.join(",")
    };
    let network = &recipe.network;
    other(
        "--preset",
        arguments.preset.map(|preset| preset.name().into()),
        recipe.preset.name().into(),
    );
    other(
        "--encoder",
        arguments
            .layers
            .encoder
            .as_ref()
            .map(|Encoder(encoder)| sizes(encoder)),
        sizes(network.encoder_sizes().unwrap_or_default()),
    );
    other(
        "--channels",
        arguments
            .layers
            .channels
            .as_ref()
            .map(|Channels(channels)| sizes(channels)),
        sizes(network.channels().unwrap_or_default()),
    );
    other(
        "--latent-activation",
        arguments
            .layers
            .latent_activation
            .map(|activation| activation.name().into()),
        network
            .latent_activation()
            .map_or_else(String::new, |own| own.name().into()),
    );
    let number = |number: f64| format!("{number:?}");
    other("--l1", arguments.l1.map(number), number(recipe.l1));
    other(
        "--noise",
        arguments.noise.map(|noise| noise.to_string()),
        recipe.noise.to_string(),
    );
    other(
        "--batch-size",
        arguments.batch_size.map(|size| size.to_string()),
        recipe.batch_size.to_string(),
    );
    other(
        "--learning-rate",
        arguments.learning_rate.map(number),
        number(recipe.learning_rate),
    );
    other(
        "--seed",
        arguments.seed.map(|seed| seed.to_string()),
        recipe.seed.to_string(),
    );
    if arguments.no_shuffle && recipe.shuffle {
        others.push("--no-shuffle".into());
    }
    if let Some(init) = &arguments.init {
        others.push(format!("--init {}", shown(init)));
    }
    if others.is_empty() {
        return Ok(());
    }
    Err(stays_what_it_is(&others.join(", ")))
}

/// The same of `--digits`, where it is known how many classes the images have.
pub(super) fn expect_the_same_labels(
    recipe: &Recipe,
    arguments: &TrainArguments,
    classes: usize,
) -> anyhow::Result<()> {
    match arguments.digits {
        Some(digits) if digits.of(classes) != recipe.digits.of(classes) => {
            Err(stays_what_it_is(&format!("--digits {digits}")))
        }
        _ => Ok(()),
    }
}

fn stays_what_it_is(options: &str) -> anyhow::Error {
    misuse(&format!(
        "{options}: a run that goes on stays what it is; leave it out, or begin another run without \
         --resume"
    ))
}
