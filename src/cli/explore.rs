//! `ae-tui explore`: saved weights, or those of a run that was kept, in the dashboard, without a
//! trainer.

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
    nn::{Autoencoder, Snapshot},
    observe::{self, Source, Tape},
    pace::Pace,
    pool::Pool,
    recipe::Recipe,
    store::{
        folder::{self, Newest, RunFile},
        keeper::Files,
        weights::{self, About},
    },
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
    let Explored {
        net,
        recipe,
        about,
        data,
        notice,
    } = explored(arguments)?;
    if !has_screen() {
        bail!("explore needs a terminal on standard input and output");
    }
    if let Some(words) = &notice {
        tell(words);
    }
    let ending = signals::listen(GRACE)?;
    let signal = || ending.signal();
    let manner = arguments.appearance.manner();
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
        kept: false,
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
    let left = Dashboard::new(manner).show(&session, &mut app);
    let outcome = observer.finish();
    let outcome = outcome::after_the_screen(left, outcome, None, &signal)?;
    outcome::conclude(&outcome, signal())
}

/// What is looked at, and what there is to tell of it.
struct Explored {
    net: Autoencoder,
    recipe: Recipe,
    about: About,
    data: DataSet,
    notice: Option<String>,
}

fn explored(arguments: &ExploreArguments) -> anyhow::Result<Explored> {
    let named = || DataSet::of(arguments.data.as_deref());
    if arguments.weights.weights.is_dir() {
        let kept = Kept::read(arguments)?;
        let data = named()?;
        kept.expect_images(&data)?;
        return Ok(kept.newest(data));
    }
    let Loaded {
        net,
        recipe,
        origin,
    } = arguments.weights.load()?;
    let data = named()?;
    let notice = origin.judged(&data)?;
    Ok(Explored {
        net,
        recipe,
        about: origin.about,
        data,
        notice,
    })
}

/// A run that was kept: what it is, its newest state, and which others there are.
struct Kept {
    path: PathBuf,
    file: RunFile,
    newest: Newest,
    notices: Vec<String>,
}

impl Kept {
    fn read(arguments: &ExploreArguments) -> anyhow::Result<Self> {
        arguments.weights.expect_nothing_said_of_a_run()?;
        let path = arguments.weights.weights.clone();
        let found = folder::read(&path)?;
        let notices = found.notices.clone();
        let (file, newest) = found.looked_at()?;
        Ok(Self {
            path,
            file,
            newest,
            notices,
        })
    }

    /// A run is looked at on the images that it is of.
    fn expect_images(&self, data: &DataSet) -> anyhow::Result<()> {
        let about = About {
            digest: Some(self.file.digest.clone()),
            data_name: Some(self.file.data.clone()),
            ..About::default()
        };
        Ok(weights::expect_data(
            &self.path,
            &about,
            &data.name,
            &data.digest,
        )?)
    }

    fn newest(self, data: DataSet) -> Explored {
        let notice = (!self.notices.is_empty()).then(|| self.notices.join("; "));
        Explored {
            net: self.newest.state.net,
            recipe: self.file.recipe,
            about: self.newest.about,
            data,
            notice,
        }
    }
}
