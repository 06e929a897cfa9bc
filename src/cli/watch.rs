//! `ae-tui watch`: what somebody else trains, as it comes. Nothing of theirs is written.

use std::{path::PathBuf, thread::sleep, time::Duration};

use anyhow::anyhow;
use clap::Args;

use super::{
    End, FIRST_SAMPLE, appearance::Appearance, images::DataSet, outcome, room::Memory, signals,
    tell, train::has_screen,
};
use crate::{
    follow, headless,
    message::{self, Writer},
    observe::{self, Past, Source, Tape},
    pace::Pace,
    pool::Pool,
    store::{
        StoreError,
        folder::{self, RunFault},
        follow::RunFollower,
        keeper::Files,
        weights::{self, About},
    },
    train::DataSource,
    ui::{
        self, Dashboard,
        app::{App, Kind, Plan},
        runs::Runs,
    },
    words::shown,
};

pub(super) const LONG_ABOUT: &str = "\
Watch what somebody else trains, as it comes: nothing of theirs is changed.

  ae-tui watch runs/a                    a run's folder, live or after the fact, with every view
  ae-tui watch runs/a | tee log          in a pipe: a line for each epoch, until the run ends

A folder that is not there yet is waited for.";

/// How soon the program ends after a signal.
const GRACE: Duration = Duration::from_secs(2);
/// How often it is looked whether there is something to watch.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// A run.toml that is half written is whole after so many looks.
const LOOKS: usize = 20;

#[derive(Debug, Args)]
pub(super) struct WatchArguments {
    /// Folder of a run that somebody writes
    what: PathBuf,
    /// Folder of four IDX files named as MNIST's, raw or .gz [default: MNIST, inside the program]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Pass the log's records through, one JSON object a line; no dashboard
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    appearance: Appearance,
}

pub(super) fn run(arguments: &WatchArguments) -> anyhow::Result<End> {
    let manner = arguments.appearance.manner()?;
    let ending = signals::listen(GRACE)?;
    let signal = || ending.signal();
    let Some(run) = wait_for(arguments, &signal)? else {
        return Ok(signal().map_or(End::Done, End::Signal));
    };
    if arguments.json || !has_screen() {
        let form = if arguments.json {
            headless::Form::Records
        } else {
            headless::Form::Epochs
        };
        return concluded(headless::follow(run, form, &signal)?, signal());
    }
    let data = images(arguments, &run)?;
    watch(arguments, run, data, manner, &signal)
}

/// The run, as soon as there is one; none, where a signal came before.
fn wait_for(
    arguments: &WatchArguments,
    signal: &dyn Fn() -> Option<i32>,
) -> anyhow::Result<Option<RunFollower>> {
    let path = &arguments.what;
    let (mut told, mut refused) = (false, 0);
    loop {
        if folder::run_file_in(path).exists() {
            match RunFollower::open(path) {
                Ok(run) => return Ok(Some(run)),
                // It may be being written.
                Err(StoreError::NotRun {
                    fault: RunFault::Words { .. },
                    ..
                }) if refused < LOOKS => refused += 1,
                Err(fault) => return Err(fault.into()),
            }
        }
        if !told {
            told = true;
            tell(&format!(
                "waiting for {}; Ctrl-C leaves",
                shown(&folder::run_file_in(path))
            ));
        }
        if signal().is_some() {
            return Ok(None);
        }
        sleep(LOOK_AGAIN);
    }
}

/// The images that the run is on.
fn images(arguments: &WatchArguments, run: &RunFollower) -> anyhow::Result<DataSource> {
    let file = run.file();
    let data = DataSet::of(arguments.data.as_deref())?;
    let about = About {
        digest: Some(file.digest.clone()),
        data_name: Some(file.data.clone()),
        ..About::default()
    };
    weights::expect_data(run.path(), &about, &data.name, &data.digest)?;
    Ok(data.only(file.recipe.digits)?.source)
}

fn watch(
    arguments: &WatchArguments,
    run: RunFollower,
    data: DataSource,
    manner: ui::Manner,
    signal: &dyn Fn() -> Option<i32>,
) -> anyhow::Result<End> {
    let recipe = run.file().recipe.clone();
    arguments.memory.expect_room(&recipe)?;
    let mut app = App::new(Plan {
        title: arguments.what.file_name().map_or_else(
            || arguments.what.to_string_lossy().into_owned(),
            |name| name.to_string_lossy().into_owned(),
        ),
        kind: Kind::of(&recipe),
        recipe: recipe.clone(),
        sample: FIRST_SAMPLE,
        pace: Pace::Full,
        trains: false,
        result: None,
        kept: false,
        presets: Vec::new(),
        runs: Runs::default(),
    });
    app.writer = Some(Writer::Writes(0));
    let (mut follower, events) = follow::spawn(run, data)?;
    let observer = observe::spawn(observe::Setup {
        source: Source::Told(events),
        recipe: recipe.clone(),
        files: Files {
            folder: ".".into(),
            ..Files::default()
        },
        sample: FIRST_SAMPLE,
        tape: Tape::new(arguments.memory.keeping(&recipe)),
        past: Past::default(),
        pca: None,
        measures: true,
        pool: Pool::of_the_machine(),
    })?;
    let session = ui::Session {
        commands: None,
        looks: observer.looks(),
        events: observer.events(),
        signal,
    };
    let left = Dashboard::new(manner).show(&session, &mut app);
    follower.stop();
    let outcome = outcome::after_the_screen(left, observer.finish(), None, signal)?;
    outcome::conclude(&outcome, signal())
}

/// The end of a run that was followed in lines.
fn concluded(writer: Option<Writer>, signal: Option<i32>) -> anyhow::Result<End> {
    match (writer, signal) {
        (_, Some(number)) => Ok(End::Signal(number)),
        (Some(Writer::Ended(message::End::Failed)), None) => {
            Err(anyhow!("the run that was watched failed, by its own word"))
        }
        (Some(writer), None) => match writer.obituary() {
            Some(words) => Err(anyhow!("{words}")),
            None => Ok(End::Done),
        },
        (None, None) => Ok(End::Done),
    }
}
