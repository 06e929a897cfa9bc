//! Arguments to a run, with everything refused that can be.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::{
    TrainArguments,
    beginning::{Before, Beginning, From},
    misuse,
};
use crate::{
    cli::{again::Config, images::DataSet, output::expect_not_read, tell},
    data::Labels,
    pace::Pace,
    pool::Pool,
    recipe::Recipe,
    store::{
        StoreError, atomic,
        folder::{RunFault, RunFolder},
        keeper::{Files, Recorder},
        metrics::{Metrics, MetricsLog, MetricsTarget, Older},
        weights,
    },
    train::{Checkpoints, Keeping, Setup, Start},
};

/// A run that can begin.
pub(super) struct Plan {
    pub(super) setup: Setup,
    /// Where it writes.
    pub(super) files: Files,
    /// What the images are called.
    pub(super) data_name: String,
    /// What its viewer is told before it begins.
    pub(super) greeting: Option<Greeting>,
    /// Where another run of the same recipe starts, if not from fresh weights.
    pub(super) again: Option<Box<Start>>,
    /// What its folder has of the steps before.
    pub(super) before: Before,
    /// The run.toml that says what it is, if one does.
    pub(super) config: Option<Config>,
}

/// What the viewer of a run is told before it begins.
#[derive(Clone)]
pub(super) struct Greeting {
    pub(super) words: String,
    /// Whether it may surprise.
    pub(super) warning: bool,
}

impl Plan {
    /// Reads what is to be read and tries what is to be written; nothing that is there
    /// is changed.
    pub(super) fn of(arguments: &TrainArguments, pace: Pace) -> anyhow::Result<Self> {
        expect_files_that_go_together(arguments)?;
        let named = arguments.data.named()?;
        let beginning = Beginning::of(arguments, named.as_ref())?;
        let data = named.map_or_else(|| beginning.own_images(), Ok)?;
        beginning.expect_images(&data)?;
        beginning.expect_labels(arguments, &data)?;
        data.tell_size();
        let digits = beginning.recipe.digits.of(data.classes.count());
        let data = data.only(beginning.recipe.digits);
        let data = data.map_err(|error| misuse(&format!("--digits {error}")))?;
        let greeting = Greeting::of(&beginning, &data)?;
        if let Some(path) = &arguments.save {
            atomic::check_writable(path).context("--save")?;
        }
        let recorder = recorder(arguments)?;
        let recipe = match beginning.resumed() {
            Some(_) => beginning.recipe.clone(),
            None => data.for_run(beginning.recipe.clone()),
        };
        // Images of another size may be too small for its noise, or fit no convolutions.
        recipe.check().map_err(|error| misuse(&error))?;
        weights::fits(&recipe.architecture()).map_err(|error| misuse(&error))?;
        if !arguments.is_headless() {
            arguments.memory.expect_room(&recipe)?;
        }
        let (start, again) = beginning.starts(&recipe);
        let (parent, resumed) = (beginning.parent(), beginning.resumed());
        let before = if arguments.is_headless() {
            Before::default()
        } else {
            beginning.before()
        };
        let config = beginning.config.clone();
        // Last, for it makes files.
        let run = folder(arguments, beginning, &recipe, start.as_deref(), &data)?;
        let keeping = Keeping {
            checkpoints: run.is_some().then_some(Checkpoints {
                every: arguments.checkpoint_every,
            }),
            ..Keeping::default()
        };
        Ok(Self {
            setup: Setup {
                data: data.source,
                start,
                recipe,
                keeping,
                pace,
                pool: pool(arguments.threads),
            },
            files: Files {
                save: arguments.save.clone(),
                recorder,
                folder: ".".into(),
                parent,
                run,
                resumed,
                branch: None,
            },
            data_name: match digits {
                Labels::ALL => data.name,
                some => format!("{}, {} {some}", data.name, data.classes.said("digits")),
            },
            greeting,
            again,
            before,
            config,
        })
    }
}

/// The folder that keeps the run, if one does.
fn folder(
    arguments: &TrainArguments,
    beginning: Beginning,
    recipe: &Recipe,
    start: Option<&Start>,
    data: &DataSet,
) -> anyhow::Result<Option<RunFolder>> {
    let steps = arguments.metrics_every;
    if let Some(path) = &arguments.run {
        let file = beginning.run_file(recipe, data);
        let run = RunFolder::create(path, file, start.map(|start| &start.state), steps);
        return run.map(Some).map_err(|error| match error {
            // The cure is an option.
            StoreError::NotRun {
                fault: RunFault::HoldsRun(_),
                ..
            } => misuse(&format!("--run: {error}")),
            error => anyhow::Error::from(error).context("--run"),
        });
    }
    if let From::Folder(lock, found) = beginning.from {
        let run = RunFolder::go_on(lock, &found, recipe, steps).context("--resume")?;
        return Ok(Some(run));
    }
    if arguments.checkpoint_every.is_some() {
        return Err(misuse(
            &"--checkpoint-every tells how often, and no folder keeps the run; add --run DIR",
        ));
    }
    Ok(None)
}

fn expect_files_that_go_together(arguments: &TrainArguments) -> anyhow::Result<()> {
    for (option, path) in [
        ("--save", &arguments.save),
        ("--metrics", &arguments.metrics),
    ] {
        if let Some(path) = path {
            expect_not_read(option, path, arguments.data.data.as_deref())?;
        }
    }
    let kept = arguments.run.is_some() || arguments.resume.is_some();
    let logged = arguments.metrics.is_some() || arguments.tensorboard.is_some() || kept;
    if arguments.metrics_every.is_some() && !logged {
        return Err(misuse(
            &"--metrics-every tells how often, and nothing where to; add --metrics FILE",
        ));
    }
    if arguments.checkpoint_every.is_some() && !kept {
        return Err(misuse(
            &"--checkpoint-every tells how often, and no folder keeps the run; add --run DIR",
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
    let recorder = match &arguments.metrics {
        Some(name) => Recorder::new(log(arguments, name)?),
        None => Recorder::default(),
    };
    match &arguments.tensorboard {
        Some(folder) => recorder
            .with_events(folder, arguments.metrics_every)
            .context("--tensorboard"),
        None => Ok(recorder),
    }
}

fn log(arguments: &TrainArguments, name: &Path) -> anyhow::Result<MetricsLog> {
    let log = MetricsLog::create(Metrics {
        target: MetricsTarget::named(name),
        older: arguments.older_log.into(),
        every: arguments.metrics_every,
    });
    match log {
        // The cure is an option.
        Err(error @ StoreError::LogExists { .. }) => Err(misuse(&format!("--metrics: {error}"))),
        log => log.context("--metrics"),
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

impl Greeting {
    /// Of a run on these images, if it may be on them: weights of others are refused until
    /// somebody names these.
    fn of(beginning: &Beginning, data: &DataSet) -> anyhow::Result<Option<Self>> {
        if let From::Weights(weights) = &beginning.from {
            let (_, origin) = &**weights;
            let surprise = origin.judged(data).context("--init")?;
            let surprises: Vec<String> = surprise.into_iter().chain(data.notices.clone()).collect();
            let warning = !surprises.is_empty();
            let words = [vec![origin.warm_start()], origin.remarks.clone(), surprises].concat();
            return Ok(Some(Self {
                words: words.join("; "),
                warning,
            }));
        }
        let own = beginning.notices();
        let warning = own.len() > 1 || !data.notices.is_empty();
        let notices = [own, data.notices.clone()].concat();
        Ok((!notices.is_empty()).then(|| Self {
            words: notices.join("; "),
            warning,
        }))
    }
}
