//! Runs with a dashboard: trainer, observer and screen, joined, for one run and
//! for those that the viewer lets follow on the same screen.
//!
//! Each run is brought to its end in order before the next begins: its log gets
//! its end, and `--save FILE` its weights, which those of the next run replace
//! in their turn. The images are read once, and their principal components found once.

use std::{io, path::Path, sync::Arc};

use super::{Plan, TrainArguments, beginning, plan::Greeting};
use crate::{
    cli::{FIRST_SAMPLE, outcome},
    measure::Pca,
    message::SampleId,
    observe::{self, Outcome, Source, Tape},
    pace::Pace,
    pool::NoThread,
    recipe::Recipe,
    store::{
        folder::{RunFile, RunFolder},
        keeper::Files,
    },
    train::{self, Setup},
    ui::{
        Dashboard, Manner, Session,
        app::{self, App, Exit, Kind, Restart, Status},
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
        again: mut start,
        ..
    } = plan;
    let (mut recipe, pool) = (setup.recipe.clone(), setup.pool.clone());
    let (save, mut parent) = (files.save.clone(), files.parent.clone());
    let checkpoints = setup.keeping.checkpoints;
    let kept = files.run.as_ref().map(|run| run.path().to_owned());
    let result = save.as_deref();
    let mut sources = arguments.sources();
    let mut dashboard = Dashboard::new(manner);
    let mut app = App::new(shown(
        &recipe,
        FIRST_SAMPLE,
        setup.pace,
        result,
        kept.is_some(),
    ));
    app.status = greeting.map(status);
    let mut before = Outcome::default();
    let mut pca = None;
    loop {
        let (left, ended) = watch_one(setup, files, pca, &mut dashboard, &mut app, signal)?;
        let mut ended = ended.after(before);
        let Ok(Exit::Restart(next)) = left else {
            return outcome::after_the_screen(left, ended, Some(&sources), signal);
        };
        outcome::leave_behind(&ended);
        let recorder = std::mem::take(&mut ended.kept.recorder);
        pca = ended.pca.take();
        // The next run shares no moment with it, and needs the room.
        ended.tape = Tape::default();
        before = ended;
        match next {
            Restart::Seed(seed) => recipe.seed = seed,
            Restart::Preset(preset) => {
                recipe = beginning::following(&recipe, preset, arguments)?;
                (start, parent, sources.init) = (None, None, None);
            }
        }
        let images = app.data.clone().expect("a run that is seen has its images");
        let plan = shown(&recipe, app.sample, app.pace, result, false);
        app = app.anew(plan);
        files = Files {
            save: save.clone(),
            recorder,
            folder: ".".into(),
            parent: parent.clone(),
            run: kept.as_ref().and_then(|path| {
                let path = RunFolder::beside(path);
                let file = RunFile {
                    init: parent.clone(),
                    ..RunFile::new(&recipe, &images.name, &images.digest)
                };
                let first = start.as_ref().map(|start| &start.state);
                let run = RunFolder::create(&path, file, first, arguments.metrics_every);
                run.map_err(|error| app.status = Some(Status::warning(error.to_string())))
                    .ok()
            }),
            resumed: None,
        };
        app.plan.kept = files.run.is_some();
        let checkpoints = checkpoints.filter(|_| files.run.is_some());
        setup = Setup {
            recipe: recipe.clone(),
            data: Box::new(move || Ok(images)),
            start: start.clone(),
            keeping: arguments.keeping(&recipe, checkpoints),
            pace: app.pace,
            pool: pool.clone(),
        };
    }
}

/// One run from its first step until the screen leaves it, and its end in order.
fn watch_one(
    setup: Setup,
    files: Files,
    pca: Option<Arc<Pca>>,
    dashboard: &mut Dashboard,
    app: &mut App,
    signal: &dyn Fn() -> Option<i32>,
) -> Result<(io::Result<Exit>, Outcome), NoThread> {
    let (recipe, pool) = (setup.recipe.clone(), setup.pool.clone());
    let tape = Tape::new(setup.keeping);
    let (trainer, events) = train::spawn(setup)?;
    let observer = observe::spawn(observe::Setup {
        source: Source::Trainer(events),
        recipe,
        files,
        sample: app.sample,
        tape,
        pca,
        pool,
    })?;
    let session = Session {
        commands: Some(trainer.commands()),
        looks: observer.looks(),
        events: observer.events(),
        signal,
    };
    let left = dashboard.show(&session, app);
    // However the screen was left, the run is brought to its end.
    trainer.stop();
    Ok((left, observer.finish()))
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
    kept: bool,
) -> app::Plan {
    app::Plan {
        title: recipe.preset.name().into(),
        kind: Kind::of(recipe),
        recipe: recipe.clone(),
        sample,
        pace,
        trains: true,
        result: result.map(Path::to_owned),
        kept,
    }
}
