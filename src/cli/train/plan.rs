//! Arguments to a run, with everything refused that can be.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::{TrainArguments, misuse};
use crate::{
    cli::{images::DataSet, origin::Origin, tell},
    data::PIXELS,
    nn::Autoencoder,
    pace::Pace,
    pool::Pool,
    recipe::{Preset, Recipe},
    store::{
        StoreError, atomic,
        keeper::{Files, Recorder},
        metrics::{Metrics, MetricsLog, MetricsTarget, Older},
        weights::{self, Parent},
    },
    train::{Keeping, Setup, Start},
};

/// A run that can begin.
pub(super) struct Plan {
    pub(super) setup: Setup,
    /// Where it writes.
    pub(super) files: Files,
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
    /// Reads what is to be read and tries what is to be written; nothing that is there
    /// is changed.
    pub(super) fn of(arguments: &TrainArguments, pace: Pace) -> anyhow::Result<Self> {
        expect_files_that_go_together(arguments)?;
        let (recipe, init) = network(arguments)?;
        let data = DataSet::of(arguments.data.as_deref())?;
        let (init, warm) = match init {
            Some((net, origin)) => (Some(net), Some(WarmStart::of(&origin, &data)?)),
            None => (None, None),
        };
        if let Some(path) = &arguments.save {
            atomic::check_writable(path).context("--save")?;
        }
        let recorder = recorder(arguments)?;
        let recipe = data.for_run(recipe);
        Ok(Self {
            setup: Setup {
                data: data.source,
                start: init.map(|net| Start::of_weights(&recipe, net)),
                recipe,
                keeping: Keeping::default(),
                pace,
                pool: pool(arguments.threads),
            },
            files: Files {
                save: arguments.save.clone(),
                recorder,
                folder: ".".into(),
                parent: warm.as_ref().map(|warm| warm.parent.clone()),
                branch: None,
            },
            data_name: data.name,
            warm,
        })
    }
}

fn expect_files_that_go_together(arguments: &TrainArguments) -> anyhow::Result<()> {
    if arguments.metrics_every.is_some() && arguments.metrics.is_none() {
        return Err(misuse(
            &"--metrics-every tells how often, and nothing where to; add --metrics FILE",
        ));
    }
    if Older::from(arguments.older_log) != Older::Keep && arguments.metrics.is_none() {
        return Err(misuse(
            &"--append and --replace are about an older metrics file, and none is named; add --metrics FILE",
        ));
    }
    for (option, path) in [("--save", &arguments.save), ("--init", &arguments.init)] {
        if let (Some(path), Some(log)) = (path, &arguments.metrics)
            && real(path) == real(log)
        {
            return Err(misuse(&format!(
                "{option} and --metrics name the same file; give each its own"
            )));
        }
    }
    Ok(())
}

/// The file that a path leads to, or would, by whatever way.
fn real(path: &Path) -> PathBuf {
    let of_new = || {
        let folder = match path.parent()? {
            folder if folder.as_os_str().is_empty() => Path::new("."),
            folder => folder,
        };
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    let of_old = path.canonicalize().ok();
    of_old.or_else(of_new).unwrap_or_else(|| path.to_owned())
}

/// Who writes the metrics, if anybody is to.
fn recorder(arguments: &TrainArguments) -> anyhow::Result<Recorder> {
    let Some(name) = &arguments.metrics else {
        return Ok(Recorder::default());
    };
    let log = MetricsLog::create(Metrics {
        target: MetricsTarget::named(name),
        older: arguments.older_log.into(),
        every: arguments.metrics_every,
    });
    match log {
        // The cure is an option.
        Err(error @ StoreError::LogExists { .. }) => Err(misuse(&format!("--metrics: {error}"))),
        log => Ok(Recorder::new(log.context("--metrics")?)),
    }
}

/// The threads that compute; where there are fewer than were asked for, that is said.
fn pool(asked: Option<NonZeroUsize>) -> Pool {
    let pool = asked.map_or_else(Pool::of_the_machine, Pool::new);
    if let Some(asked) = asked.filter(|asked| asked.get() > pool.threads()) {
        tell(&format!(
            "warning: the system starts fewer threads; {} of {asked} compute",
            pool.threads()
        ));
    }
    pool
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
/// noise, trained as the command line says, with seed and images of the run before.
pub(super) fn following(
    before: &Recipe,
    preset: Preset,
    arguments: &TrainArguments,
) -> anyhow::Result<Recipe> {
    let recipe = trained_as_asked(Recipe::preset(preset), arguments)?;
    Ok(Recipe {
        seed: before.seed,
        image: before.image,
        classes: before.classes.clone(),
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
