//! The runs of a sweep: every combination of the alternatives that were named.

use std::{ffi::OsString, fmt, num::NonZeroU64};

use clap::Args;

use super::misuse;
use crate::{
    cli::{images::DataArguments, values},
    words::grouped,
};

/// What runs may differ in.
#[derive(Debug, Args)]
#[command(next_help_heading = "Grid: alternatives between strokes, as in 32,1/32,2")]
pub(super) struct GridArguments {
    /// Sets all other options [default: article]
    #[arg(long, value_name = "NAME/...")]
    preset: Option<String>,
    /// Units of each encoder layer; the last is the code
    #[arg(long, value_name = "SIZES/...")]
    encoder: Option<String>,
    /// Maps after each of the encoder's convolutions; the last are the code
    #[arg(long, value_name = "MAPS/...")]
    channels: Option<String>,
    /// What follows the code layer
    #[arg(long, value_name = "NAME/...")]
    latent_activation: Option<String>,
    /// Price of the code's absolute values
    #[arg(long, value_name = "PRICE/...")]
    l1: Option<String>,
    /// Noise on the images that go in
    #[arg(long, value_name = "NOISE/...")]
    noise: Option<String>,
    /// Images a step
    #[arg(long, value_name = "N/...")]
    batch_size: Option<String>,
    /// Step length of Adam
    #[arg(long, value_name = "RATE/...")]
    learning_rate: Option<String>,
    /// Names the random numbers; 1-3 and 1..4 are three seeds
    #[arg(long, value_name = "SEEDS")]
    seed: Option<String>,
}

/// What is the same for all.
#[derive(Debug, Args)]
#[command(next_help_heading = "All runs")]
pub(super) struct SharedArguments {
    /// Passes over the training images [default: 10]
    #[arg(long, value_name = "N", value_parser = values::count::<u64>, allow_hyphen_values = true)]
    epochs: Option<u64>,
    /// Stop after so many steps
    #[arg(long, value_name = "N", value_parser = values::count::<u64>, allow_hyphen_values = true)]
    max_steps: Option<u64>,
    /// Write a checkpoint every N steps too, to go on from [default: at the end of every epoch]
    #[arg(long, value_name = "N", value_parser = values::at_least_one::<NonZeroU64>, allow_hyphen_values = true)]
    checkpoint_every: Option<NonZeroU64>,
    /// Train on these labels only, as 0-8 or 0-3,7
    #[arg(long, value_name = "SET", allow_hyphen_values = true)]
    digits: Option<String>,
    #[command(flatten)]
    pub(super) data: DataArguments,
}

impl SharedArguments {
    /// The options as a run takes them.
    fn words(&self) -> Vec<String> {
        let named = [
            ("--epochs", self.epochs.map(|epochs| epochs.to_string())),
            ("--max-steps", self.max_steps.map(|steps| steps.to_string())),
            (
                "--checkpoint-every",
                self.checkpoint_every.map(|every| every.to_string()),
            ),
            ("--digits", self.digits.clone()),
        ];
        let named = named
            .into_iter()
            .filter_map(|(name, value)| Some([name.to_owned(), value?]));
        named.flatten().collect()
    }
}

/// The name of the option that runs of one point differ in.
pub(super) const SEED: &str = "seed";
/// The most runs of a sweep: beyond that it is a slip of the hand.
const MOST_RUNS: usize = 10_000;

/// An option and its alternatives.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Axis {
    option: &'static str,
    alternatives: Vec<String>,
}

/// Options with alternatives, in the order of the command line's help.
#[derive(Debug)]
pub(super) struct Grid {
    axes: Vec<Axis>,
    shared: Vec<String>,
    data: Vec<OsString>,
}

/// One run: a value of each option that was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Point {
    /// The options that have alternatives, and the one that this run has.
    pub(super) varied: Vec<(&'static str, String)>,
    /// All that the run is asked for, as `ae-tui train` takes it.
    pub(super) words: Vec<String>,
    /// Images of one's own, as it takes them.
    pub(super) data: Vec<OsString>,
}

impl Grid {
    pub(super) fn of(named: &GridArguments, shared: &SharedArguments) -> anyhow::Result<Self> {
        let options = [
            ("preset", &named.preset),
            ("encoder", &named.encoder),
            ("channels", &named.channels),
            ("latent-activation", &named.latent_activation),
            ("l1", &named.l1),
            ("noise", &named.noise),
            ("batch-size", &named.batch_size),
            ("learning-rate", &named.learning_rate),
            (SEED, &named.seed),
        ];
        let mut axes = Vec::new();
        for (option, words) in options {
            if let Some(words) = words {
                axes.push(Axis::of(option, words)?);
            }
        }
        let grid = Self {
            axes,
            shared: shared.words(),
            data: shared.data.words(),
        };
        match grid.varied().count() {
            0 => Err(misuse(
                "there is nothing to compare; name alternatives, as in --encoder 32,1/32,2 or --seed 1-3"
                    .into(),
            )),
            _ if grid.runs() > MOST_RUNS => Err(misuse(format!(
                "{} are too many; name fewer alternatives, {MOST_RUNS} runs at most",
                grid.runs()
            ))),
            _ => Ok(grid),
        }
    }

    /// The options that have alternatives.
    fn varied(&self) -> impl Iterator<Item = &Axis> {
        self.axes.iter().filter(|axis| axis.alternatives.len() > 1)
    }

    fn runs(&self) -> usize {
        let counts = self.axes.iter().map(|axis| axis.alternatives.len());
        counts.fold(1, usize::saturating_mul)
    }

    /// The options that points of the table differ in.
    pub(super) fn columns(&self) -> Vec<&'static str> {
        let options = self.varied().map(|axis| axis.option);
        options.filter(|option| *option != SEED).collect()
    }

    /// All combinations; the last option changes first.
    pub(super) fn points(&self) -> Vec<Point> {
        let empty = Point {
            varied: Vec::new(),
            words: self.shared.clone(),
            data: self.data.clone(),
        };
        self.axes.iter().fold(vec![empty], |points, axis| {
            let with = |point: &Point, value: &String| {
                let mut point = point.clone();
                if axis.alternatives.len() > 1 {
                    point.varied.push((axis.option, value.clone()));
                }
                point.words.push(format!("--{}={value}", axis.option));
                point
            };
            let of_point = |point: &Point| {
                let values = axis.alternatives.iter();
                values.map(|value| with(point, value)).collect::<Vec<_>>()
            };
            points.iter().flat_map(of_point).collect()
        })
    }
}

impl fmt::Display for Grid {
    /// `4 encoders x seeds 1, 2, 3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, axis) in self.varied().enumerate() {
            let times = if place > 0 { " x " } else { "" };
            write!(f, "{times}{} {}", axis.option, axis.alternatives.join("/"))?;
        }
        Ok(())
    }
}

impl Axis {
    fn of(option: &'static str, words: &str) -> anyhow::Result<Self> {
        let mut alternatives: Vec<String> = Vec::new();
        for words in words.split('/').map(str::trim) {
            let these = if option == SEED {
                seeds(words)?
            } else {
                vec![words.to_owned()]
            };
            for value in these {
                if alternatives.contains(&value) {
                    return Err(misuse(format!(
                        "--{option}: {value} stands there twice; once will do"
                    )));
                }
                alternatives.push(value);
            }
        }
        Ok(Self {
            option,
            alternatives,
        })
    }
}

/// One seed, `1-3` with both ends, or `1..4` without the last, as `--range` has it.
fn seeds(words: &str) -> anyhow::Result<Vec<String>> {
    let refused = || {
        misuse(format!(
            "--seed {words}: seeds are needed, as in 7, 1-3, 1..4 (which are the same three) or 1/5/9"
        ))
    };
    let number = |words: &str| words.trim().parse::<u64>().map_err(|_| refused());
    let range = if let Some((first, end)) = words.split_once("..") {
        number(first)?..number(end)?
    } else if let Some((first, last)) = words.split_once('-') {
        number(first)?..number(last)?.saturating_add(1)
    } else {
        return Ok(vec![number(words)?.to_string()]);
    };
    if range.is_empty() {
        return Err(refused());
    }
    let count = range.end - range.start;
    if count > MOST_RUNS as u64 {
        return Err(misuse(format!(
            "--seed {words}: {} seeds are too many; name {MOST_RUNS} at most",
            grouped(count)
        )));
    }
    Ok(range.map(|seed| seed.to_string()).collect())
}
