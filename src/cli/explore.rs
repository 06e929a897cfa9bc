//! `ae-tui explore`: saved weights in the dashboard, without a trainer.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::bail;
use clap::Args;

use super::{
    End, FIRST_SAMPLE,
    appearance::Appearance,
    images::DataSet,
    outcome, signals, tell,
    train::has_screen,
    weights::{Loaded, WeightsArguments},
};
use crate::{
    nn::Snapshot,
    observe::{self, Source, Tape},
    pace::Pace,
    pool::Pool,
    store::keeper::Files,
    ui::{
        self, Dashboard,
        app::{self, App, Kind, Status},
        runs::Runs,
    },
};

/// How soon the program ends after a signal.
const GRACE: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub(super) struct ExploreArguments {
    #[command(flatten)]
    weights: WeightsArguments,
    /// Folder of four IDX files named as MNIST's, raw or .gz [default: MNIST, inside the program]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    appearance: Appearance,
}

pub(super) fn run(arguments: &ExploreArguments) -> anyhow::Result<End> {
    let path = &arguments.weights.weights;
    let Loaded {
        net,
        recipe,
        origin,
    } = arguments.weights.load()?;
    let data = DataSet::of(arguments.data.as_deref())?;
    let notice = origin.judged(&data)?;
    let about = origin.about;
    if !has_screen() {
        bail!("explore needs a terminal on standard input and output");
    }
    if let Some(words) = &notice {
        tell(words);
    }
    let ending = signals::listen(GRACE)?;
    let signal = || ending.signal();
    let (theme, ground) = arguments.appearance.theme();
    let observer = observe::spawn(observe::Setup {
        source: Source::Saved {
            snapshot: Arc::new(Snapshot {
                step: about.step.unwrap_or(0),
                net,
            }),
            about: Box::new(about),
            data: data.source,
        },
        recipe: recipe.clone(),
        files: Files {
            folder: ".".into(),
            ..Files::default()
        },
        sample: FIRST_SAMPLE,
        tape: Tape::default(),
        pca: None,
        pool: Pool::of_the_machine(),
    })?;
    let name = path.file_name().unwrap_or(path.as_os_str());
    let mut app = App::new(app::Plan {
        title: name.to_string_lossy().into_owned(),
        kind: Kind::of(&recipe),
        recipe,
        sample: FIRST_SAMPLE,
        pace: Pace::Full,
        trains: false,
        result: None,
        presets: Vec::new(),
        runs: Runs::default(),
    });
    app.status = notice.map(Status::warning);
    let session = ui::Session {
        commands: None,
        looks: observer.looks(),
        events: observer.events(),
        signal: &signal,
    };
    let left = Dashboard::new(theme, ground).show(&session, &mut app);
    let outcome = observer.finish();
    let outcome = outcome::after_the_screen(left, outcome, &signal)?;
    outcome::conclude(&outcome, signal())
}
