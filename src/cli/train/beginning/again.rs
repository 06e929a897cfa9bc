//! `--config`: the run that a run.toml tells of, made again.

use std::path::Path;

use anyhow::Context;

use super::{Beginning, From, lengthened, set, weights_of};
use crate::{
    cli::{
        again::Config,
        images::DataSet,
        train::{TrainArguments, misuse},
    },
    state::State,
    store::{
        checkpoint,
        folder::{self, RunFile},
    },
    words::shown,
};

/// The run of a run.toml, with what was asked for instead.
pub(super) fn again(
    path: &Path,
    arguments: &TrainArguments,
    images: Option<&DataSet>,
) -> anyhow::Result<Beginning> {
    let file = RunFile::read(path).context("--config")?;
    let mut recipe = file.recipe.clone();
    if let Some(images) = images {
        // On other images it is another run of the same recipe.
        recipe.image = images.size;
    }
    arguments.layers.apply(&mut recipe)?;
    set(&mut recipe.l1, arguments.l1);
    set(&mut recipe.noise, arguments.noise);
    set(&mut recipe.batch_size, arguments.batch_size);
    set(&mut recipe.learning_rate, arguments.learning_rate);
    set(&mut recipe.seed, arguments.seed);
    set(&mut recipe.digits, arguments.digits);
    recipe.shuffle &= !arguments.no_shuffle;
    let recipe = lengthened(recipe, arguments)?;
    let config = Some(Config {
        path: path.to_owned(),
        recipe: file.recipe.clone(),
        from_weights: file.init.is_some(),
    });
    if let Some(path) = &arguments.init {
        let (net, origin) = weights_of(path, &recipe, arguments, images)?;
        let [found, wanted] = [net.architecture(), recipe.architecture()];
        if found != wanted {
            // What would ask for the file's network may not stand beside --config.
            return Err(misuse(&format!(
                "--init {}: its network is {found}, and that of --config {wanted}; name weights of that \
                 network, or leave out --config",
                shown(path)
            )));
        }
        let from = From::Weights(Box::new((net, origin)));
        return Ok(Beginning {
            recipe,
            from,
            config,
        });
    }
    let first = match &file.init {
        Some(init) => Some(Box::new(first_of(path, &init.name)?)),
        None => None,
    };
    if let Some(state) = &first
        && state.net.architecture() != recipe.architecture()
    {
        return Err(misuse(&format!(
            "{} began from weights of {}, and {} was asked for; leave out the options that say so",
            shown(path),
            state.net.architecture(),
            recipe.architecture()
        )));
    }
    let from = From::Again(Box::new(file), first);
    Ok(Beginning {
        recipe,
        from,
        config,
    })
}

/// The first state of a run that began from weights, which its folder keeps.
fn first_of(run_file: &Path, name: &str) -> anyhow::Result<State> {
    let place = folder::first_state_beside(run_file);
    let first = checkpoint::load(&place).map(|(state, _)| state);
    first.with_context(|| {
        format!("the run began from {name}; name that file with --init (its first state is gone)")
    })
}
