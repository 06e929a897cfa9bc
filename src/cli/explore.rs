//! `ae-tui explore`: saved weights in the dashboard, without a trainer, or a run that was kept,
//! with all its moments: what is not on disk a quiet trainer makes again. Nothing of it is written.

use std::{num::NonZeroUsize, path::PathBuf, sync::Arc, time::Duration};

use anyhow::bail;
use clap::Args;
use crossbeam_channel::Receiver;

use super::{
    End, FIRST_SAMPLE,
    appearance::Appearance,
    images::{DataArguments, DataSet},
    outcome,
    room::Memory,
    signals, tell,
    train::has_screen,
    weights::{Loaded, WeightsArguments},
};
use crate::{
    data::Dataset,
    message::Progress,
    nn::Snapshot,
    observe::{self, Past, Source, Tape},
    pace::Pace,
    pool::Pool,
    recipe::Recipe,
    state::State,
    store::{
        folder::{self, Newest, RunFile},
        keeper::Files,
        weights::{self, About},
    },
    train::{self, DataSource, Keeping, Setup, Start},
    ui::{
        self, Dashboard,
        app::{self, App, Kind, Status},
        lesson::Lesson,
        runs::Runs,
    },
};

/// How soon the program ends after a signal.
const GRACE: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub(super) struct ExploreArguments {
    #[command(flatten)]
    weights: WeightsArguments,
    #[command(flatten)]
    data: DataArguments,
    /// Large pictures for a whole room; a kept run's film waits at each sentence until Space
    #[arg(long)]
    lesson: bool,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    appearance: Appearance,
}

pub(super) fn run(arguments: &ExploreArguments) -> anyhow::Result<End> {
    let manner = arguments.appearance.manner()?;
    let Explored {
        recipe,
        weights,
        data,
        kept,
        notice,
    } = explored(&arguments.weights, &arguments.data)?;
    if !has_screen() {
        bail!("explore needs a terminal on standard input and output");
    }
    if kept.is_some() {
        arguments.memory.expect_room(&recipe)?;
    }
    if let Some(notice) = &notice {
        tell(&notice.words);
    }
    let ending = signals::listen(GRACE)?;
    let signal = || ending.signal();
    let keeping = arguments.memory.keeping(&recipe);
    let (trainer, source) = match kept {
        None => (None, weights.alone(data)),
        Some(states) => {
            let data = data()?;
            let again = again(&recipe, &states, &data, keeping);
            let (trainer, replay) = train::spawn(again)?;
            (Some(trainer), weights.with_past(replay, states, data))
        }
    };
    let observer = observe::spawn(observe::Setup {
        source,
        recipe: recipe.clone(),
        files: Files::default(),
        sample: FIRST_SAMPLE,
        tape: Tape::new(keeping),
        past: Past::default(),
        pca: None,
        measures: true,
        pool: Pool::of_the_machine(),
    })?;
    let path = &arguments.weights.weights;
    let name = path.file_name().unwrap_or(path.as_os_str());
    let title = name.to_string_lossy().into_owned();
    let mut app = App::new(looked_at(title, recipe));
    app.status = notice;
    app.lesson = arguments.lesson.then(Lesson::default);
    let session = ui::Session {
        commands: None,
        looks: observer.looks(),
        events: observer.events(),
        aside: ui::NOTHING_ASIDE,
        signal: &signal,
    };
    let left = Dashboard::new(manner).show(&session, &mut app);
    if let Some(trainer) = &trainer {
        trainer.stop();
    }
    let outcome = observer.finish();
    drop(trainer);
    let outcome = outcome::after_the_screen(left, outcome, None, &signal)?;
    outcome::conclude(&outcome, signal())
}

/// What the screen knows of it before it is seen.
pub(super) fn looked_at(title: String, recipe: Recipe) -> app::Plan {
    app::Plan {
        title,
        kind: Kind::of(&recipe),
        recipe,
        sample: FIRST_SAMPLE,
        pace: Pace::Full,
        trains: false,
        result: None,
        kept: false,
        presets: Vec::new(),
        runs: Runs::default(),
    }
}

/// The run as it came to the last of these states, from the first of them on.
pub(super) fn again(
    recipe: &Recipe,
    states: &[Arc<State>],
    data: &Arc<Dataset>,
    keeping: Keeping,
) -> Setup {
    let step = |state: Option<&Arc<State>>| state.map_or(0, |state| state.step());
    let (first, last) = (step(states.first()), step(states.last()));
    let start = states.first().map(|state| Start {
        state: State::clone(state),
        at: first,
    });
    // It may have been trained on beyond its end.
    let steps_per_epoch = recipe.steps_per_epoch(data.train.len());
    let recipe = Recipe {
        epochs: recipe.epochs.max(last.div_ceil(steps_per_epoch)),
        max_steps: Some(last),
        ..recipe.clone()
    };
    let data = Arc::clone(data);
    Setup {
        recipe,
        data: Box::new(move || Ok(data)),
        start: start.map(Box::new),
        keeping,
        pace: Pace::Full,
        pool: Pool::new(NonZeroUsize::MIN),
    }
}

/// What is looked at, and what there is to tell of it.
pub(super) struct Explored {
    pub(super) recipe: Recipe,
    pub(super) weights: Weights,
    pub(super) data: DataSource,
    /// The states of the run that was kept, if it is one: the first and those on disk.
    pub(super) kept: Option<Vec<Arc<State>>>,
    pub(super) notice: Option<Status>,
}

/// The weights that are seen first.
pub(super) struct Weights {
    snapshot: Arc<Snapshot>,
    about: Box<About>,
}

impl Weights {
    fn alone(self, data: DataSource) -> Source {
        let Self { snapshot, about } = self;
        Source::Saved {
            snapshot,
            about,
            data,
        }
    }

    pub(super) fn with_past(
        self,
        replay: Receiver<Progress>,
        states: Vec<Arc<State>>,
        data: Arc<Dataset>,
    ) -> Source {
        let Self { snapshot, about } = self;
        Source::Kept {
            replay,
            snapshot,
            about,
            states,
            data: Box::new(move || Ok(data)),
        }
    }
}

pub(super) fn explored(
    weights: &WeightsArguments,
    data: &DataArguments,
) -> anyhow::Result<Explored> {
    if weights.weights.is_dir() {
        let kept = Kept::read(weights)?;
        let data = match data.named()? {
            Some(data) => data,
            None => DataSet::of_run(&kept.file.digest, kept.file.images.as_ref())?,
        };
        kept.expect_images(&data)?;
        data.tell();
        let data = data.only(kept.file.recipe.digits)?;
        return Ok(kept.explored(data));
    }
    let data = data.read()?;
    let loaded = weights.read(&data)?;
    let surprise = loaded.origin.judged(&data)?;
    loaded.expect_size(&data)?;
    data.tell();
    let Loaded {
        net,
        recipe,
        origin,
    } = loaded;
    let warning = surprise.is_some();
    let words: Vec<String> = origin.remarked().into_iter().chain(surprise).collect();
    let words = words.join("; ");
    let notice = (!words.is_empty()).then_some(Status { words, warning });
    let data = match origin.about.other_images(&data.name, &data.digest) {
        // Their labels stand for something else.
        Some(_) => data,
        None => data.only(recipe.digits)?,
    };
    let about = Box::new(origin.about);
    let step = about.step.unwrap_or(0);
    let snapshot = Arc::new(Snapshot { step, net });
    Ok(Explored {
        recipe,
        weights: Weights { snapshot, about },
        data: data.source,
        kept: None,
        notice,
    })
}

/// A run that was kept: what it is, its newest state, and all that are at hand.
struct Kept {
    path: PathBuf,
    file: RunFile,
    newest: Newest,
    states: Vec<Arc<State>>,
    notices: Vec<String>,
}

impl Kept {
    fn read(weights: &WeightsArguments) -> anyhow::Result<Self> {
        weights.expect_nothing_said_of_a_run()?;
        let path = weights.weights.clone();
        let found = folder::read(&path)?;
        let mut notices = found.notices.clone();
        if found.is_being_written() {
            notices.push(format!(
                "another ae-tui is writing this run; it is seen as it is now, at step {}",
                found.step()
            ));
        }
        let mut states = found.states();
        // Whoever writes it may have come further meanwhile.
        states.retain(|state| state.step() <= found.step());
        let (file, newest) = found.looked_at()?;
        Ok(Self {
            path,
            file,
            newest,
            states,
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

    fn explored(self, data: DataSet) -> Explored {
        let words = || Status::warning(self.notices.join("; "));
        let notice = (!self.notices.is_empty()).then(words);
        let Newest { state, about } = self.newest;
        Explored {
            recipe: self.file.recipe,
            weights: Weights {
                snapshot: Arc::new(Snapshot {
                    step: state.step(),
                    net: state.net,
                }),
                about: Box::new(about),
            },
            data: data.source,
            kept: Some(self.states),
            notice,
        }
    }
}
