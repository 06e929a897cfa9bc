//! `ae-tui sweep`: a grid of runs, side by side on the machine's cores, and what they tell.
//!
//! Each run is one that anybody could start by hand, in a process of its own that keeps it in a
//! folder; so one that fails takes no other with it, and a sweep that was ended goes on where it
//! was. This module knows arguments, folders and processes, and nothing of how a run is computed.

mod crew;
mod figure;
mod grid;
mod place;
mod table;

use std::{num::NonZeroUsize, path::PathBuf, sync::Arc, thread, time::Duration};

use anyhow::{Context, anyhow};
use clap::Args;

use super::{End, Misuse, output::print, progress::Progress, signals, tell, values};
use crate::{
    data::{Dataset, corrupt::Noise},
    measure::{CalledOff, Effort, Pca, Rivals, Stretch, Task},
    pool::Pool,
    store::check_folder,
    words::{counted, grouped, shown},
};
use grid::Grid;
use place::Place;

pub(super) const LONG_ABOUT: &str = "\
Train a grid of networks, several at a time, and tell what each comes to.

  ae-tui sweep --encoder 32,1/32,2/32,4/32,8 --seed 1-3     how many numbers does a code need?
  ae-tui sweep --preset article/map --epochs 5              two presets
  ae-tui sweep --learning-rate 0.0003/0.001/0.003 --out rates

Alternatives stand between strokes, and every combination is trained. Each run has a folder in \
the sweep's, as --run makes one: explore it, or go on with it. The same command goes on with a \
sweep that was ended. At the end stands a table: the held-out loss over the seeds, beside as many \
principal components (PCA) as the code has values. Where codes differ in length it is drawn too, in the \
sweep's folder as code-length.svg and .png.";

/// How soon the program ends after a signal: the runs save what they have, and are waited for.
const GRACE: Duration = Duration::from_secs(12);

#[derive(Debug, Args)]
pub(super) struct SweepArguments {
    #[command(flatten)]
    grid: grid::GridArguments,
    #[command(flatten)]
    all: grid::SharedArguments,
    /// The folder of the runs' folders; a sweep that is there goes on
    #[arg(
        long,
        value_name = "DIR",
        default_value = "sweep",
        help_heading = "Results"
    )]
    out: PathBuf,
    /// Runs at a time [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = values::at_least_one::<NonZeroUsize>, help_heading = "Results")]
    jobs: Option<NonZeroUsize>,
    /// One JSON object in place of the table
    #[arg(long, help_heading = "Results")]
    json: bool,
}

pub(super) fn run(arguments: &SweepArguments) -> anyhow::Result<End> {
    let grid = Grid::of(&arguments.grid, &arguments.all)?;
    check_folder(&arguments.out).context("--out")?;
    let data = arguments.all.data.read()?;
    data.tell();
    let mut places = Vec::new();
    for point in grid.points() {
        places.push(Place::of(point, &arguments.out, &data)?);
    }
    let name = data.name.clone();
    let data = (data.only(places[0].recipe.digits)?.source)()?;
    for place in &mut places {
        place.find(data.train.len())?;
    }
    let jobs = arguments.jobs.unwrap_or_else(cores).get();
    announce(&grid, &places, jobs, arguments);
    let ending = signals::listen(GRACE)?;
    let signal = || ending.signal();
    let failures = crew::work(&places, threads(jobs), jobs, &signal)?;
    if let Some(number) = signal() {
        tell("ended; the same command goes on with it");
        return Ok(End::Signal(number));
    }
    let mut report = table::Report::of(&name, &grid, &places, &components(&places, &data))?;
    // One that cannot be written takes the table with it as little as a run does.
    let drawn = figure::draw(&mut report, &arguments.out);
    let words = if arguments.json {
        report.json()?
    } else {
        report.words()
    };
    print(words.as_bytes())?;
    drawn.context("its figure")?;
    match failures.as_slice() {
        [] => Ok(End::Done),
        [only] => Err(anyhow!("{only}")),
        [first, ..] => Err(anyhow!(
            "{} failed, the first: {first}",
            counted(failures.len() as u64, "run")
        )),
    }
}

/// What is about to be done, before it takes its time.
fn announce(grid: &Grid, places: &[Place], jobs: usize, arguments: &SweepArguments) {
    let done = places.iter().filter(|place| place.left() == 0).count();
    let steps: u64 = places.iter().map(Place::left).sum();
    let runs = counted(places.len() as u64, "run");
    let mut parts = vec![format!("{runs} ({grid}) in {}", shown(&arguments.out))];
    if done > 0 {
        parts.push(format!("{done} of them done"));
    }
    if steps > 0 {
        let at_once = counted(jobs.min(places.len() - done) as u64, "run");
        parts.push(format!("{} steps, {at_once} at a time", grouped(steps)));
    }
    tell(&parts.join("; "));
}

fn cores() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Threads of each of so many runs at a time.
fn threads(jobs: usize) -> usize {
    (cores().get() / jobs).max(1)
}

/// What as many principal components as each network's code has values lose of the held-out
/// images.
fn components(places: &[Place], data: &Arc<Dataset>) -> Vec<(usize, f64)> {
    let mut lengths: Vec<usize> = places.iter().map(Place::values).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let longest = lengths.last().copied().unwrap_or(0);
    let task = Task {
        train: &data.train,
        asked: Stretch::held_out(&data.test),
        noise: Noise::None,
    };
    let pool = Pool::of_the_machine();
    let progress = Progress::of_parts(1);
    progress.next_part("principal components");
    let tick = || -> Result<(), CalledOff> {
        progress.tick();
        Ok(())
    };
    let effort = Effort::asking(&pool, &tick);
    let measure = || -> Result<Vec<(usize, f64)>, CalledOff> {
        let pca = Pca::of(task.train, longest, effort)?;
        let loss = |&values: &usize| {
            let lost = Rivals::components(&task, &pca, values, effort)?;
            Ok((values, lost.all.cross_entropy))
        };
        lengths.iter().map(loss).collect()
    };
    measure().expect("nobody calls it off")
}

/// A wrong value of an option of the sweep.
fn misuse(words: String) -> anyhow::Error {
    Misuse(words).into()
}
