//! Runs with a dashboard: trainer, observer and screen, joined, for one run and
//! for those that the viewer lets follow on the same screen.
//!
//! Each run is brought to its end in order before the next begins: its log gets
//! its end, and `--save FILE` its weights, which those of the next run replace
//! in their turn. The images are read once, and their principal components found once.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Opens, Plan, TrainArguments,
    beginning::{self, Before},
    beside,
    next::{Next, branching},
    plan::Greeting,
    stays::{Beginning, Stay, Stays},
};
use crate::{
    cli::{
        FIRST_SAMPLE,
        again::{Config, Sources},
        outcome,
    },
    data::Dataset,
    measure::Pca,
    message::{Command, Look, News, Phase, SampleId, When},
    observe::{self, Outcome, Past, Source, Tape},
    pace::Pace,
    pool::{NoThread, Pool},
    recipe::{Preset, Recipe},
    store::{
        StoreError,
        folder::{self, RunFile, RunFolder},
        keeper::Files,
        metrics::BranchRecord,
    },
    train::{self, DataSource, Keeping, Setup, Widths},
    ui::{
        Dashboard, Manner, Session,
        app::{self, App, Exit, Kind, Status},
        lesson::Lesson,
        runs::{RunTold, Runs},
    },
};

/// Trains until the user leaves, a signal comes, or the terminal goes.
pub(super) fn watch(
    plan: Plan,
    arguments: &TrainArguments,
    manner: Manner,
    signal: &dyn Fn() -> Option<i32>,
) -> anyhow::Result<Outcome> {
    let Plan {
        mut setup,
        mut files,
        greeting,
        again,
        before,
        config,
        ..
    } = plan;
    let (pool, checkpoints) = (setup.pool.clone(), setup.keeping.checkpoints);
    let save = files.save.clone();
    let result = save.as_deref();
    let kept = files.run.as_ref().map(|run| run.path().to_owned());
    let mut dashboard = Dashboard::new(manner);
    let mut beginning = Beginning {
        recipe: setup.recipe.clone(),
        start: again,
        parent: files.parent.clone(),
    };
    let plan = shown(&setup.recipe, FIRST_SAMPLE, setup.pace, result, arguments)?;
    let mut app = first_screen(plan, kept.is_some(), greeting);
    let widths = match arguments.opens {
        Opens::Tour => Some(begin_tour(&mut app, &mut setup)?),
        Opens::Plain => None,
    };
    app.lesson = arguments.lesson.then(Lesson::default);
    let beside = (&widths, signal);
    let mut stays = Stays::default();
    let mut known = Known::of(before, setup.keeping);
    let mut last = Outcome::default();
    loop {
        let folder = files.run.as_ref().map(|run| run.path().to_owned());
        let (left, ended) = watch_one(setup, files, known, &mut dashboard, &mut app, beside)?;
        let mut ended = ended.after(last);
        let next = match Next::of(left) {
            Ok(next) => next,
            Err(left) => {
                let sources = sources(arguments, &beginning, config);
                return outcome::after_the_screen(left, ended, Some(&sources), signal);
            }
        };
        outcome::leave_behind(&ended);
        let recorder = std::mem::take(&mut ended.kept.recorder);
        let own = app.plan.runs.own.clone();
        stays.forget(&app.plan.runs.forgotten);
        stays.leave(stay_of(&app, &beginning, &mut ended, folder.clone()));
        let pca = ended.pca.take();
        last = ended;
        let before = beside::Before {
            app: &mut app,
            beginning: &beginning,
            stays: &stays,
            pca: pca.clone(),
        };
        let next = match beside::seen(next, before, arguments, &mut dashboard, signal)? {
            Ok(next) => next,
            Err(left) => {
                let sources = sources(arguments, &beginning, config);
                return left.conclude(last, &sources, signal);
            }
        };
        let number = app.plan.runs.next_number();
        let follows = next.follow(&mut stays, &beginning, &own, number, arguments);
        stays.fit(arguments.memory.of_others());
        beginning = follows.beginning;
        let (tape, past) = (follows.tape, follows.past);
        known = Known { tape, past, pca };
        let images = app.data.clone().expect("a run that is seen has its images");
        let branch = branching(&follows.lineage);
        let recipe = beginning.recipe.clone();
        let plan = app::Plan {
            runs: stays.told(follows.lineage, &app.plan.runs),
            ..shown(&recipe, app.sample, app.pace, result, arguments)?
        };
        app = screen_of(app, plan, follows.waits, follows.when);
        app.saved_step = follows.saved;
        let resumed = follows.folder.as_ref().map(|(_, step)| *step);
        let left = folder.map(|folder| (folder, branch));
        let own = follows.folder.as_ref().map(|(own, _)| own.as_path());
        let run = kept.as_deref().map(|first| match own {
            Some(own) => folder_again(own, &recipe, arguments),
            None => folder_beside(first, &beginning, left, &images, arguments),
        });
        let run = keeps(&mut app, run);
        files = Files {
            save: save.clone(),
            recorder,
            folder: ".".into(),
            parent: beginning.parent.clone(),
            run,
            resumed,
            branch,
        };
        let keeping = Keeping {
            checkpoints: checkpoints.filter(|_| files.run.is_some()),
            ..arguments.memory.keeping(&recipe)
        };
        let way = (app.pace, pool.clone());
        setup = set_up(recipe, images, follows.start, keeping, way);
    }
}

/// A run on images that are there.
fn set_up(
    recipe: Recipe,
    images: Arc<Dataset>,
    start: Option<Box<train::Start>>,
    keeping: Keeping,
    (pace, pool): (Pace, Pool),
) -> Setup {
    Setup {
        data: Box::new(move || Ok(images)),
        start,
        keeping,
        pace,
        pool,
        recipe,
    }
}

/// The tour lies over the run, and other widths are tried beside it.
fn begin_tour(app: &mut App, setup: &mut Setup) -> Result<Widths, NoThread> {
    app.take_the_tour();
    let unread: DataSource = Box::new(|| unreachable!("the trainer asks for its images later"));
    let data = std::mem::replace(&mut setup.data, unread);
    let (widths, data) = Widths::beside(&setup.recipe, data)?;
    setup.data = data;
    Ok(widths)
}

/// What is known of a run before it begins.
struct Known {
    tape: Tape,
    past: Past,
    /// The principal components of its images.
    pca: Option<Arc<Pca>>,
}

impl Known {
    /// Of the first run on this screen.
    fn of(before: Before, keeping: Keeping) -> Self {
        let mut tape = Tape::new(keeping);
        tape.give(before.states);
        Self {
            tape,
            past: Past::logged(before.logged),
            pca: None,
        }
    }
}

/// One run from its first step until the screen leaves it, and its end in order.
fn watch_one(
    setup: Setup,
    files: Files,
    known: Known,
    dashboard: &mut Dashboard,
    app: &mut App,
    (widths, signal): (&Option<Widths>, &dyn Fn() -> Option<i32>),
) -> Result<(io::Result<Exit>, Outcome), NoThread> {
    let (recipe, pool) = (setup.recipe.clone(), setup.pool.clone());
    let (trainer, events) = train::spawn(setup)?;
    let observer = observe::spawn(observe::Setup {
        source: Source::Trainer(events),
        recipe,
        files,
        sample: app.sample,
        tape: known.tape,
        past: known.past,
        pca: known.pca,
        measures: true,
        pool,
    })?;
    if app.coming == Phase::Paused {
        // Before its first step: it is there, and nothing is trained yet.
        let _ = trainer.commands().send(Command::Pause);
    }
    if let Some(gaze) = app.look() {
        let _ = observer.looks().send(Look::Gaze(gaze));
    }
    let session = Session {
        commands: Some(trainer.commands()),
        looks: observer.looks(),
        events: observer.events(),
        aside: &|| match widths.as_ref()?.next()? {
            Ok(tried) => Some(News::Tried(tried)),
            Err(no_more) => Some(News::TriedNoMore(no_more.to_string())),
        },
        signal,
    };
    let left = dashboard.show(&session, app);
    // However the screen was left, the run is brought to its end.
    trainer.stop();
    Ok((left, observer.finish()))
}

/// The screen of the first run.
fn first_screen(plan: app::Plan, kept: bool, greeting: Option<Greeting>) -> App {
    let mut app = App::new(app::Plan { kept, ..plan });
    app.status = greeting.map(status);
    app
}

/// The screen of the run that follows, at the moment of it that is to be seen.
fn screen_of(before: App, plan: app::Plan, waits: bool, when: When) -> App {
    let mut app = before.anew(plan);
    if waits {
        app.wait_at_first();
    }
    app.when = when;
    app
}

/// The folder of a run, if there is one and it can be written; the viewer is told.
fn keeps(app: &mut App, run: Option<Result<RunFolder, StoreError>>) -> Option<RunFolder> {
    let run = match run? {
        Ok(run) => Some(run),
        Err(error) => {
            app.status = Some(Status::warning(error.to_string()));
            None
        }
    };
    app.plan.kept = run.is_some();
    run
}

/// The run that was left, as far as it was seen.
fn stay_of(
    app: &App,
    beginning: &Beginning,
    ended: &mut Outcome,
    folder: Option<PathBuf>,
) -> Option<Stay> {
    let told = RunTold::of(app)?.gone_on_to(ended.step, app.plan.kept);
    let recipe = ended.recipe.take();
    Some(Stay {
        told,
        beginning: Beginning {
            recipe: recipe.map_or(beginning.recipe.clone(), |recipe| (*recipe).clone()),
            ..beginning.clone()
        },
        tape: std::mem::take(&mut ended.tape),
        past: std::mem::take(&mut ended.past),
        folder,
    })
}

/// The folder of a run that one comes back to.
fn folder_again(
    path: &Path,
    recipe: &Recipe,
    arguments: &TrainArguments,
) -> Result<RunFolder, StoreError> {
    let (lock, found) = RunFolder::reopen(path)?;
    RunFolder::go_on(lock, &found, recipe, arguments.metrics_every)
}

/// The folder of a run that follows one which a folder keeps; `left` is that of the run
/// before, and where it was left.
fn folder_beside(
    first: &Path,
    beginning: &Beginning,
    left: Option<(PathBuf, Option<BranchRecord>)>,
    images: &Dataset,
    arguments: &TrainArguments,
) -> Result<RunFolder, StoreError> {
    let parent = left.and_then(|(folder, branch)| {
        Some(folder::Branch {
            folder: folder.display().to_string(),
            step: branch?.step,
        })
    });
    let file = RunFile {
        init: beginning.parent.clone(),
        parent,
        // All runs of a screen are on the images of the first.
        images: RunFile::of_folder(first).ok().and_then(|file| file.images),
        ..RunFile::new(&beginning.recipe, &images.name, &images.digest)
    };
    let state = beginning.start.as_ref().map(|start| &start.state);
    let path = RunFolder::beside(first);
    RunFolder::create(&path, file, state, arguments.metrics_every)
}

/// What the command that makes this run again has to name.
fn sources(arguments: &TrainArguments, beginning: &Beginning, config: Option<Config>) -> Sources {
    let sources = arguments.sources();
    let parent = beginning.parent.as_ref();
    let init = sources.init.filter(|_| parent.is_some());
    // A run.toml whose run began from weights says nothing of one that does not.
    let config = config.filter(|config| parent.is_some() || !config.from_weights);
    let names_weights = init.is_some() || config.as_ref().is_some_and(|config| config.from_weights);
    let unnamed = parent.filter(|_| !names_weights);
    Sources {
        init,
        config,
        unnamed: unnamed.map(|parent| parent.name.clone()),
        ..sources
    }
}

/// The first words of a run that did not begin here.
fn status(greeting: Greeting) -> Status {
    Status {
        words: greeting.words,
        warning: greeting.warning,
    }
}

/// What the screen knows of a run before it begins.
fn shown(
    recipe: &Recipe,
    sample: SampleId,
    pace: Pace,
    result: Option<&Path>,
    arguments: &TrainArguments,
) -> anyhow::Result<app::Plan> {
    let following = |preset| beginning::following(recipe, preset, arguments);
    Ok(app::Plan {
        presets: Preset::ALL
            .into_iter()
            .filter(|preset| preset.network().takes(recipe.image))
            .map(following)
            .collect::<Result<_, _>>()?,
        title: recipe.preset.name().into(),
        kind: Kind::of(&recipe.held_at(0)),
        recipe: recipe.clone(),
        sample,
        pace,
        trains: true,
        result: result.map(Path::to_owned),
        kept: false,
        runs: Runs::default(),
    })
}
