//! Arguments to a run, with everything refused that can be.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context;

use super::{TrainArguments, misuse};
use crate::{
    cli::tell,
    config::{Preset, TrainConfig},
    data::{Dataset, PIXELS, mnist},
    nn::Autoencoder,
    observe::Recorder,
    pace::Pace,
    pool::Pool,
    store::{
        StoreError, atomic,
        metrics::{Metrics, MetricsLog, MetricsTarget, Older},
        weights,
    },
    train::{DataSource, Setup},
};

/// A run that can begin.
pub(super) struct Plan {
    pub(super) setup: Setup,
    pub(super) save: Option<PathBuf>,
    pub(super) recorder: Recorder,
    /// What the images are called.
    pub(super) data_name: String,
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
        let (config, init) = network(arguments)?;
        let (data_name, data) = images(arguments.data.as_deref())?;
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
                config,
                data,
                init,
                pace,
                pool,
            },
            save: arguments.save.clone(),
            recorder,
            data_name,
        })
    }
}

/// The configuration, and the weights to start from.
fn network(arguments: &TrainArguments) -> anyhow::Result<(TrainConfig, Option<Autoencoder>)> {
    let preset = arguments.preset.unwrap_or(Preset::Article);
    let asked = overridden(TrainConfig::preset(preset), arguments)?;
    weights::fits(&asked.architecture(PIXELS)).map_err(|error| misuse(&error))?;
    let Some(path) = &arguments.init else {
        return Ok((asked, None));
    };
    let saved = weights::load(path, Some(&asked.architecture(PIXELS))).context("--init")?;
    let about = saved.about.unwrap_or_default();
    let found = saved.net.architecture();
    weights::expect_pixels(path, &found, PIXELS)?;
    // What was said of the network has to be true of the file's, and the file says the rest.
    let config = if arguments.preset.is_some() {
        asked
    } else {
        let mut config = TrainConfig::preset(about.preset.unwrap_or(preset));
        about.amend(&mut config);
        config.seed = TrainConfig::preset(preset).seed;
        config.network = found.network.clone();
        overridden(config, arguments)?
    };
    weights::expect_architecture(path, &found, &config.architecture(PIXELS))
        .map_err(|error| misuse(&error))?;
    Ok((config, Some(saved.net)))
}

/// The configuration with all that was asked for instead of its own.
fn overridden(mut config: TrainConfig, arguments: &TrainArguments) -> anyhow::Result<TrainConfig> {
    arguments.layers.apply(&mut config)?;
    set(&mut config.l1, arguments.l1);
    set(&mut config.noise, arguments.noise);
    trained_as_asked(config, arguments)
}

/// The run that follows on the same screen: the preset's network, price and
/// noise, trained as the command line says, with the seed of the run before.
pub(super) fn following(
    before: &TrainConfig,
    preset: Preset,
    arguments: &TrainArguments,
) -> anyhow::Result<TrainConfig> {
    let config = trained_as_asked(TrainConfig::preset(preset), arguments)?;
    Ok(TrainConfig {
        seed: before.seed,
        ..config
    })
}

/// The configuration with what was asked for of its training.
fn trained_as_asked(
    mut config: TrainConfig,
    arguments: &TrainArguments,
) -> anyhow::Result<TrainConfig> {
    set(&mut config.epochs, arguments.epochs);
    set(&mut config.batch_size, arguments.batch_size);
    set(&mut config.learning_rate, arguments.learning_rate);
    set(&mut config.seed, arguments.seed);
    config.shuffle = !arguments.no_shuffle;
    config.max_steps = arguments.max_steps;
    config.check().map_err(|error| misuse(&error))?;
    Ok(config)
}

fn set<T>(field: &mut T, asked: Option<T>) {
    if let Some(value) = asked {
        *field = value;
    }
}

/// The name of the images, and who brings them: those of a folder are read
/// here, for they may be refused; the program's own are unpacked while the
/// screen is up.
pub(in crate::cli) fn images(
    folder: Option<&std::path::Path>,
) -> anyhow::Result<(String, DataSource)> {
    let Some(folder) = folder else {
        return Ok(("MNIST".into(), Box::new(|| mnist::embedded().map(Arc::new))));
    };
    let data: Arc<Dataset> = Arc::new(mnist::from_dir(folder)?);
    Ok((data.name.clone(), Box::new(move || Ok(data))))
}
