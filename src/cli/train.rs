//! `ae-tui train`: what is asked for, and who does it.

mod beginning;
mod beside;
mod dashboard;
mod next;
mod plan;
mod stays;

use std::{
    fmt::Display,
    io::{self, IsTerminal},
    num::{NonZeroU64, NonZeroUsize},
    path::PathBuf,
    time::Duration,
};

use anyhow::Context;
use clap::{Args, Parser};

use super::{
    End, Misuse,
    again::Sources,
    appearance::Appearance,
    images::{DataArguments, DataSet},
    in_one_line, outcome,
    room::Memory,
    signals, tell, values,
    weights::LayerArguments,
};
use crate::{
    data::{Labels, corrupt::Noise},
    headless,
    pace::Pace,
    pool::MOST_THREADS,
    recipe::{Preset, Recipe},
    store::metrics::{MetricsTarget, Older},
    train::{self, Keeping},
};
use plan::Plan;

pub(super) const LONG_ABOUT: &str = "\
Train an autoencoder and watch it learn.

  ae-tui train                                       watch the tutorial's network on MNIST
  ae-tui train --encoder 64,3 --pace 5               a code of three numbers, five seconds an epoch
  ae-tui train --save a.safetensors --metrics a.jsonl   leave files behind
  ae-tui train --run digits                          keep the whole run in a folder
  ae-tui train --resume digits --epochs 20           go on with it, to 20 epochs in all

Without a terminal on standard input and output, and with --metrics -, there is no dashboard: \
each epoch is a line on standard output.";

/// How soon the program ends after a signal: a person waits at the dashboard;
/// nobody waits for a batch of many seconds to be saved.
const GRACE_AT_THE_DASHBOARD: Duration = Duration::from_secs(2);
const GRACE_HEADLESS: Duration = Duration::from_secs(8);

/// What the dashboard opens with.
#[derive(Debug, Clone, Copy, Default)]
enum Opens {
    /// The run alone.
    #[default]
    Plain,
    /// The tour over it.
    Tour,
}

#[derive(Debug, Args)]
pub(super) struct TrainArguments {
    /// Sets all other options [default: article]
    #[arg(long, value_name = "NAME", value_parser = values::preset(), help_heading = "Network")]
    preset: Option<Preset>,
    #[command(flatten)]
    layers: LayerArguments,
    /// Price of the code's absolute values, so that it uses few of them [default: the preset's]
    #[arg(long, value_name = "PRICE", value_parser = values::rate, allow_hyphen_values = true, help_heading = "Network")]
    l1: Option<f64>,
    /// Noise on the images that go in: none, gaussian:0.5, salt-pepper:0.2 or mask:10 [default: the
    /// preset's]
    #[arg(long, value_name = "NOISE", value_parser = values::noise, allow_hyphen_values = true, help_heading = "Network")]
    noise: Option<Noise>,
    /// Start from these weights; they bring their architecture, l1 and noise
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    init: Option<PathBuf>,
    /// Make the run of this run.toml again; other options change it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["preset", "resume"], help_heading = "Network")]
    config: Option<PathBuf>,

    /// Passes over the training images [default: 10]
    #[arg(long, value_name = "N", value_parser = values::count::<u64>, allow_hyphen_values = true, help_heading = "Training")]
    epochs: Option<u64>,
    /// Images a step [default: 32]
    #[arg(long, value_name = "N", value_parser = values::count::<usize>, allow_hyphen_values = true, help_heading = "Training")]
    batch_size: Option<usize>,
    /// Step length of Adam [default: 0.001]
    #[arg(long, value_name = "RATE", value_parser = values::rate, allow_hyphen_values = true, help_heading = "Training")]
    learning_rate: Option<f64>,
    /// Names the random numbers: the same seed gives the same weights [default: 32]
    #[arg(long, value_name = "N", value_parser = values::seed, allow_hyphen_values = true, help_heading = "Training")]
    seed: Option<u64>,
    /// Take the images in the same order every epoch
    #[arg(long, help_heading = "Training")]
    no_shuffle: bool,
    /// Stop after so many steps, wherever that is
    #[arg(long, value_name = "N", value_parser = values::count::<u64>, allow_hyphen_values = true, help_heading = "Training")]
    max_steps: Option<u64>,
    /// Train on these digits only, as 0-8 or 0-3,7: the others are strangers, which the Samples
    /// view and evaluate hold it against [default: all]
    #[arg(
        long,
        value_name = "SET",
        allow_hyphen_values = true,
        help_heading = "Training"
    )]
    digits: Option<Labels>,
    /// Threads that compute; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads, allow_hyphen_values = true, help_heading = "Training")]
    threads: Option<NonZeroUsize>,

    #[command(flatten)]
    data: DataArguments,

    /// Keep the run in this new folder: recipe, metrics and checkpoints to go on from
    #[arg(long, value_name = "DIR", help_heading = "Results")]
    run: Option<PathBuf>,
    /// Go on with the run of this folder or checkpoint, as if it had never stopped; --epochs N
    /// means N in all
    #[arg(long, value_name = "DIR|FILE", help_heading = "Results")]
    resume: Option<PathBuf>,
    /// Write a checkpoint every N steps too [default: at the end of every epoch]
    #[arg(long, value_name = "N", value_parser = values::at_least_one::<NonZeroU64>, allow_hyphen_values = true, help_heading = "Results")]
    checkpoint_every: Option<NonZeroU64>,
    /// Save the weights here however the run ends; over an older file once an epoch is done
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    save: Option<PathBuf>,
    /// Write metrics as JSON lines; - is standard output, without dashboard
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    metrics: Option<PathBuf>,
    #[command(flatten)]
    older_log: OlderLog,
    /// Write event files for TensorBoard into this folder: losses, and pictures once an epoch
    #[arg(long, value_name = "DIR", help_heading = "Results")]
    tensorboard: Option<PathBuf>,
    /// Write the loss of every Nth step too [default: epochs only]
    #[arg(long, value_name = "N", value_parser = values::at_least_one::<NonZeroU64>, allow_hyphen_values = true, help_heading = "Results")]
    metrics_every: Option<NonZeroU64>,

    /// No dashboard: a line for each epoch
    #[arg(long, help_heading = "Watching")]
    headless: bool,
    /// film (the first steps slowly), full speed, or the seconds of an epoch [default: film to
    /// watch; full with --headless, --save, --metrics, --tensorboard, --run or
    /// --resume]
    #[arg(long, value_name = "PACE", value_parser = values::pace, allow_hyphen_values = true, help_heading = "Watching")]
    pace: Option<Pace>,
    /// Large pictures for a whole room, and a film that waits at each sentence until Space
    #[arg(long, conflicts_with = "headless", help_heading = "Watching")]
    lesson: bool,
    #[command(flatten)]
    memory: Memory,

    #[command(flatten)]
    appearance: Appearance,

    /// What the dashboard opens with.
    #[arg(skip)]
    opens: Opens,
}

/// What becomes of a metrics file that is there.
#[derive(Debug, Clone, Copy, Args)]
struct OlderLog {
    /// Write after the records that are in the metrics file already
    #[arg(long, conflicts_with = "replace", help_heading = "Results")]
    append: bool,
    /// Empty the metrics file first, if there is one
    #[arg(long, help_heading = "Results")]
    replace: bool,
}

impl From<OlderLog> for Older {
    fn from(asked: OlderLog) -> Self {
        match (asked.append, asked.replace) {
            (true, _) => Self::Append,
            (_, true) => Self::Replace,
            (false, false) => Self::Keep,
        }
    }
}

impl TrainArguments {
    fn is_headless(&self) -> bool {
        self.headless || self.metrics_to_stdout() || !has_screen()
    }

    /// The files that the run comes from, as they were named.
    fn sources(&self) -> Sources {
        Sources {
            data: self.data.read_from(),
            init: self.init.clone(),
            ..Sources::default()
        }
    }

    fn metrics_to_stdout(&self) -> bool {
        let target = self.metrics.as_deref().map(MetricsTarget::named);
        target == Some(MetricsTarget::Stdout)
    }

    fn pace(&self, headless: bool) -> Pace {
        let files = [
            &self.save,
            &self.metrics,
            &self.run,
            &self.resume,
            &self.tensorboard,
        ];
        let somebody_works = headless || files.iter().any(|file| file.is_some());
        self.pace.unwrap_or(if somebody_works {
            Pace::Full
        } else {
            Pace::FILM
        })
    }
}

/// The recipe that arguments without files ask for, on these images or MNIST.
pub(super) fn recipe_of(
    arguments: &TrainArguments,
    images: Option<&DataSet>,
) -> anyhow::Result<Recipe> {
    Ok(beginning::Beginning::of(arguments, images)?.recipe)
}

/// The recipe that options of a run without files, each a word, ask for on these images.
pub(super) fn recipe_named(options: &[String], images: &DataSet) -> anyhow::Result<Recipe> {
    let words = ["train"]
        .into_iter()
        .chain(options.iter().map(String::as_str));
    let asked = Alone::try_parse_from(words).map_err(|refusal| {
        let words = in_one_line(&refusal.to_string());
        misuse(&words.trim_start_matches("error: "))
    })?;
    recipe_of(&asked.train, Some(images))
}

/// The options of a run, apart from the program's.
#[derive(Debug, Parser)]
struct Alone {
    #[command(flatten)]
    train: TrainArguments,
}

/// Whether there is a terminal that a dashboard can be drawn on.
pub(super) fn has_screen() -> bool {
    let named = std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb");
    named && io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// The tutorial's run, with the tour over it.
pub(super) fn tour(appearance: Appearance) -> anyhow::Result<End> {
    let tutorial = Alone::try_parse_from(["train"])?.train;
    run(&TrainArguments {
        opens: Opens::Tour,
        appearance,
        ..tutorial
    })
}

pub(super) fn run(arguments: &TrainArguments) -> anyhow::Result<End> {
    let manner = arguments.appearance.manner()?;
    let headless = arguments.is_headless();
    let grace = if headless {
        GRACE_HEADLESS
    } else {
        GRACE_AT_THE_DASHBOARD
    };
    let mut plan = Plan::of(arguments, arguments.pace(headless))?;
    if !headless {
        plan.setup.keeping = Keeping {
            checkpoints: plan.setup.keeping.checkpoints,
            ..arguments.memory.keeping(&plan.setup.recipe)
        };
    }
    if let Some(greeting) = &plan.greeting {
        tell(&greeting.words);
    }
    let ending = signals::listen(grace)?;
    let signal = || ending.signal();
    let outcome = if headless {
        let lines = if arguments.metrics_to_stdout() {
            headless::Lines::Stderr
        } else {
            headless::Lines::Stdout
        };
        let run = headless::Run {
            recipe: plan.setup.recipe.clone(),
            pool: plan.setup.pool.clone(),
            files: plan.files,
            lines,
            data: plan.data_name,
            signal: &signal,
        };
        let (trainer, events) = train::spawn(plan.setup)?;
        headless::watch(run, &trainer, &events).context("cannot write to standard output")?
    } else {
        dashboard::watch(plan, arguments, manner, &signal)?
    };
    if headless {
        for line in outcome::kept(&outcome, &arguments.sources()) {
            tell(&line);
        }
    }
    outcome::conclude(&outcome, signal())
}

/// A number of threads that a pool can have.
fn threads(words: &str) -> Result<NonZeroUsize, String> {
    match words.parse::<NonZeroUsize>() {
        Ok(threads) if threads.get() <= MOST_THREADS => Ok(threads),
        _ => Err(format!("a whole number from 1 to {MOST_THREADS} is needed")),
    }
}

/// A wrong combination or value.
fn misuse(words: &dyn Display) -> anyhow::Error {
    Misuse(words.to_string()).into()
}
