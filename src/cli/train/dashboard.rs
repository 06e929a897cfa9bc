//! Runs with a dashboard: trainer, observer and screen, joined, for one run and
//! for those that the viewer lets follow on the same screen.
//!
//! Each run is brought to its end in order before the next begins: its log gets
//! its end, and `--save FILE` its weights, which those of the next run replace
//! in their turn. The images are read once, and their principal components found once.

use std::{io, path::Path, sync::Arc};

use super::{
    Plan, TrainArguments,
    plan::{self, WarmStart},
};
use crate::{
    cli::{FIRST_SAMPLE, outcome},
    measure::Pca,
    message::SampleId,
    observe::{self, Outcome, Source, Tape},
    pace::Pace,
    pool::NoThread,
    recipe::{Preset, Recipe},
    store::keeper::Files,
    train::{self, Setup},
    ui::{
        Dashboard, Ground, Session,
        app::{self, App, Exit, Kind, Status},
        theme::Theme,
    },
};

/// Trains until the user leaves, a signal comes, or the terminal goes.
pub(super) fn watch(
    plan: Plan,
    arguments: &TrainArguments,
    (theme, ground): (Theme, Ground),
    signal: &dyn Fn() -> Option<i32>,
) -> anyhow::Result<Outcome> {
    let Plan {
        mut setup,
        files: Files {
            save, mut recorder, ..
        },
        mut warm,
        ..
    } = plan;
    let (mut recipe, mut start, pool) = (
        setup.recipe.clone(),
        setup.start.clone(),
        setup.pool.clone(),
    );
    let result = save.as_deref();
    let mut dashboard = Dashboard::new(theme, ground);
    let plan = shown(&recipe, FIRST_SAMPLE, setup.pace, result, arguments)?;
    let mut app = App::new(plan);
    app.status = warm.as_ref().map(greeting);
    let mut before = Outcome::default();
    let mut pca = None;
    loop {
        let files = Files {
            save: save.clone(),
            recorder,
            folder: ".".into(),
            parent: warm.as_ref().map(|warm| warm.parent.clone()),
        };
        let (left, ended) = watch_one(setup, files, pca, &mut dashboard, &mut app, signal)?;
        let mut ended = ended.after(before);
        let Ok(Exit::Anew(next)) = left else {
            return outcome::after_the_screen(left, ended, signal);
        };
        outcome::leave_behind(&ended);
        recorder = std::mem::take(&mut ended.kept.recorder);
        pca = ended.pca.take();
        before = ended;
        // A network of the same make starts where this one did.
        if next.preset != recipe.preset || next.architecture() != recipe.architecture() {
            (start, warm) = (None, None);
        }
        recipe = *next;
        let images = app.data.clone().expect("a run that is seen has its images");
        let plan = shown(&recipe, app.sample, app.pace, result, arguments)?;
        app = app.anew(plan);
        app.status = warm.as_ref().map(greeting);
        setup = Setup {
            recipe: recipe.clone(),
            data: Box::new(move || Ok(images)),
            start: start.clone(),
            keeping: arguments.keeping(&recipe),
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

/// The first words of a run that starts from weights of a file.
fn greeting(warm: &WarmStart) -> Status {
    Status {
        words: warm.words.clone(),
        warning: warm.warning,
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
    let following = |preset| plan::following(recipe, preset, arguments);
    Ok(app::Plan {
        presets: Preset::ALL
            .into_iter()
            .map(following)
            .collect::<Result<_, _>>()?,
        title: recipe.preset.name().into(),
        kind: Kind::of(&recipe.held_at(0)),
        recipe: recipe.clone(),
        sample,
        pace,
        trains: true,
        result: result.map(Path::to_owned),
    })
}
