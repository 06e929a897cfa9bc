//! Arguments to a run, with everything refused that can be.

use std::path::PathBuf;

use anyhow::Context;

use super::{TrainArguments, misuse};
use crate::{
    cli::{images::DataSet, origin::Origin, tell},
    data::PIXELS,
    nn::Autoencoder,
    observe::Recorder,
    pace::Pace,
    pool::Pool,
    recipe::{Preset, Recipe},
    store::{
        StoreError, atomic,
        metrics::{Metrics, MetricsLog, MetricsTarget, Older},
        weights::{self, Parent},
    },
    train::Setup,
};

/// A run that can begin.
pub(super) struct Plan {
    pub(super) setup: Setup,
    pub(super) save: Option<PathBuf>,
    pub(super) recorder: Recorder,
    /// What the images are called.
    pub(super) data_name: String,
    /// The weights it starts from, if they are not fresh.
    pub(super) warm: Option<WarmStart>,
}

/// A start from weights of a file.
#[derive(Clone)]
pub(super) struct WarmStart {
    /// What the files of the run say of it.
    pub(super) parent: Parent,
    /// What its viewer is told.
    pub(super) words: String,
    /// Whether it may surprise.
    pub(super) warning: bool,
}

impl Plan {
    /// Reads what is to be read and tries what is to be written, and changes nothing.
    pub(super) fn of(arguments: &TrainArguments, pace: Pace) -> anyhow::Result<Self> {
        if arguments.metrics_every.is_some() && arguments.metrics.is_none() {
            return Err(misuse(
                &"--metrics-every tells how often, and nothing where to; add --metrics FILE",
            ));
        }
        let older = Older::from(arguments.older_log);
        if older != Older::Keep && arguments.metrics.is_none() {
            return Err(misuse(
                &"--append and --replace tell what becomes of an old log, and there is none; add --metrics FILE",
            ));
        }
        if arguments.save.is_some() && arguments.save == arguments.metrics {
            return Err(misuse(
                &"--save and --metrics name the same file; give each its own",
            ));
        }
        let (recipe, init) = network(arguments)?;
        let data = DataSet::of(arguments.data.as_deref())?;
        let (init, warm) = match init {
            Some((net, origin)) => (Some(net), Some(WarmStart::of(&origin, &data)?)),
            None => (None, None),
        };
        if let Some(path) = &arguments.save {
            atomic::check_writable(path).context("--save")?;
        }
        let recorder = match &arguments.metrics {
            Some(name) => {
                let log = MetricsLog::create(Metrics {
                    target: MetricsTarget::named(name),
                    older,
                    every: arguments.metrics_every,
                });
                Recorder::new(match log {
                    Err(error @ StoreError::LogExists { .. }) => {
                        return Err(misuse(&format!("--metrics: {error}")));
                    }
                    log => log.context("--metrics")?,
                })
            }
            None => Recorder::default(),
        };
        let pool = arguments
            .threads
            .map_or_else(Pool::of_the_machine, Pool::new);
        if let Some(asked) = arguments
            .threads
            .filter(|asked| asked.get() > pool.threads())
        {
            tell(&format!(
                "warning: the system starts fewer threads; {} of {asked} compute",
                pool.threads()
            ));
        }
        Ok(Self {
            setup: Setup {
                recipe,
                data: data.source,
                init,
                pace,
                pool,
            },
            save: arguments.save.clone(),
            recorder,
            data_name: data.name,
            warm,
        })
    }
}

impl WarmStart {
    /// On these images, if the weights are of them or somebody named them.
    fn of(origin: &Origin, data: &DataSet) -> anyhow::Result<Self> {
        let surprise = origin.judged(data).context("--init")?;
        let words = [Some(origin.warm_start()), surprise.clone()];
        Ok(Self {
            parent: origin.as_parent(),
            words: words.into_iter().flatten().collect::<Vec<_>>().join("; "),
            warning: surprise.is_some(),
        })
    }
}

/// The recipe, and the weights to start from.
fn network(arguments: &TrainArguments) -> anyhow::Result<(Recipe, Option<(Autoencoder, Origin)>)> {
    let preset = arguments.preset.unwrap_or(Preset::Article);
    let asked = overridden(Recipe::preset(preset), arguments)?;
    weights::fits(&asked.architecture()).map_err(|error| misuse(&error))?;
    let Some(path) = &arguments.init else {
        return Ok((asked, None));
    };
    let claim = arguments.layers.claim(arguments.preset, &asked.network);
    let saved = weights::load(path, Some(&claim)).context("--init")?;
    let about = saved.about.unwrap_or_default();
    let found = saved.net.architecture();
    weights::expect_pixels(path, &found, PIXELS)?;
    // What was said of the network has to be true of the file's, and the file says the rest.
    let recipe = if arguments.preset.is_some() {
        asked
    } else {
        let mut recipe = Recipe::preset(about.preset().unwrap_or(preset));
        about.amend(&mut recipe);
        recipe.seed = Recipe::preset(preset).seed;
        recipe.network = found.network.clone();
        overridden(recipe, arguments)?
    };
    weights::expect_architecture(path, &found, &recipe.architecture())
        .map_err(|error| misuse(&error))?;
    let origin = Origin {
        path: path.clone(),
        digest: saved.digest,
        about,
    };
    Ok((recipe, Some((saved.net, origin))))
}

/// The recipe with all that was asked for instead of its own.
fn overridden(mut recipe: Recipe, arguments: &TrainArguments) -> anyhow::Result<Recipe> {
    arguments.layers.apply(&mut recipe)?;
    set(&mut recipe.l1, arguments.l1);
    set(&mut recipe.noise, arguments.noise);
    trained_as_asked(recipe, arguments)
}

/// The run that follows on the same screen: the preset's network, price and
/// noise, trained as the command line says, with the seed of the run before.
pub(super) fn following(
    before: &Recipe,
    preset: Preset,
    arguments: &TrainArguments,
) -> anyhow::Result<Recipe> {
    let recipe = trained_as_asked(Recipe::preset(preset), arguments)?;
    Ok(Recipe {
        seed: before.seed,
        ..recipe
    })
}

/// The recipe with what was asked for of its training.
fn trained_as_asked(mut recipe: Recipe, arguments: &TrainArguments) -> anyhow::Result<Recipe> {
    set(&mut recipe.epochs, arguments.epochs);
    set(&mut recipe.batch_size, arguments.batch_size);
    set(&mut recipe.learning_rate, arguments.learning_rate);
    set(&mut recipe.seed, arguments.seed);
    recipe.shuffle = !arguments.no_shuffle;
    recipe.max_steps = arguments.max_steps;
    recipe.check().map_err(|error| misuse(&error))?;
    Ok(recipe)
}

fn set<T>(field: &mut T, asked: Option<T>) {
    if let Some(value) = asked {
        *field = value;
    }
}
