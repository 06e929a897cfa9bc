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
    stays::{Beginning, Stay, Stays},
};
use crate::{
    cli::{FIRST_SAMPLE, outcome},
    measure::Pca,
    message::{Command, Phase, SampleId},
    observe::{self, Outcome, Source, Tape},
    pace::Pace,
    pool::NoThread,
    recipe::{Preset, Recipe},
    store::{keeper::Files, metrics::BranchRecord},
    train::{self, Setup, Start},
    ui::{
        Dashboard, Ground, Session,
        app::{self, App, Branch, Exit, Kind, Status},
        runs::{Lineage, RunTold, Runs},
        settings,
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
        warm,
        ..
    } = plan;
    let pool = setup.pool.clone();
    let result = save.as_deref();
    let mut dashboard = Dashboard::new(theme, ground);
    let mut beginning = Beginning {
        recipe: setup.recipe.clone(),
        start: setup.start.clone(),
        warm,
    };
    let plan = shown(
        &beginning.recipe,
        FIRST_SAMPLE,
        setup.pace,
        result,
        arguments,
    )?;
    let mut app = App::new(plan);
    app.status = beginning.warm.as_ref().map(greeting);
    let (mut stays, mut tape) = (Stays::default(), Tape::new(setup.keeping));
    let mut before = Outcome::default();
    let (mut pca, mut branch) = (None, None);
    loop {
        let files = Files {
            save: save.clone(),
            recorder,
            folder: ".".into(),
            parent: beginning.warm.as_ref().map(|warm| warm.parent.clone()),
            branch,
        };
        let (left, ended) = watch_one(setup, files, tape, pca, &mut dashboard, &mut app, signal)?;
        let mut ended = ended.after(before);
        let next = match left {
            Ok(Exit::Anew(recipe)) => Next::Anew(*recipe),
            Ok(Exit::Branch(branch)) => Next::Branch(*branch),
            Ok(Exit::Visit(number)) => Next::Visit(number),
            left => return outcome::after_the_screen(left, ended, signal),
        };
        outcome::leave_behind(&ended);
        recorder = std::mem::take(&mut ended.kept.recorder);
        pca = ended.pca.take();
        let own = app.plan.runs.own.clone();
        if let Some(told) = RunTold::of(&app) {
            let recipe = ended.recipe.take();
            let stay = Stay {
                told: RunTold {
                    step: ended.step,
                    ..told
                },
                beginning: Beginning {
                    recipe: recipe.map_or(beginning.recipe.clone(), |recipe| (*recipe).clone()),
                    ..beginning.clone()
                },
                tape: std::mem::take(&mut ended.tape),
            };
            stays.leave(stay, arguments.memory_of_others());
        }
        before = ended;
        let follows = next.follow(
            &mut stays,
            &beginning,
            &own,
            app.plan.runs.next_number(),
            arguments,
        );
        beginning = follows.beginning;
        tape = follows.tape;
        branch = branching(&follows.lineage);
        let images = app.data.clone().expect("a run that is seen has its images");
        let recipe = beginning.recipe.clone();
        let plan = app::Plan {
            runs: stays.told(follows.lineage),
            ..shown(&recipe, app.sample, app.pace, result, arguments)?
        };
        app = app.anew(plan);
        if follows.waits {
            app.wait_at_first();
        }
        app.status = beginning.warm.as_ref().map(greeting);
        setup = Setup {
            data: Box::new(move || Ok(images)),
            start: follows.start,
            keeping: arguments.keeping(&recipe),
            pace: app.pace,
            pool: pool.clone(),
            recipe,
        };
    }
}

/// What the viewer left a run for.
enum Next {
    Anew(Recipe),
    Branch(Branch),
    Visit(usize),
}

/// The run that follows.
struct Follows {
    beginning: Beginning,
    lineage: Lineage,
    /// Where it goes on from.
    start: Option<Box<Start>>,
    /// The moments that are at hand.
    tape: Tape,
    /// Whether it waits to be trained on.
    waits: bool,
}

impl Next {
    /// `own` is the run that was left, which `stays` holds if it was seen; `number` is the next
    /// that is free.
    fn follow(
        self,
        stays: &mut Stays,
        before: &Beginning,
        own: &Lineage,
        number: usize,
        arguments: &TrainArguments,
    ) -> Follows {
        let from = |step, differs| Lineage {
            number,
            parent: Some((own.number, step)),
            differs,
        };
        let nothing = Tape::default();
        match self {
            Self::Branch(Branch {
                step,
                recipe,
                differs,
            }) => {
                let tape = stays.of(own.number).map_or(&nothing, |stay| &stay.tape);
                let beginning = Beginning {
                    recipe,
                    ..before.clone()
                };
                Follows {
                    start: Some(beginning.start_at(step, tape)),
                    tape: tape.branch(step, arguments.keeping(&beginning.recipe)),
                    lineage: from(step, differs),
                    waits: false,
                    beginning,
                }
            }
            Self::Visit(number) if stays.of(number).is_some() => {
                let Stay {
                    told,
                    beginning,
                    tape,
                } = stays.take(number).expect("it was just found");
                Follows {
                    start: Some(beginning.start_at(told.step, &tape)),
                    tape: tape.branch(told.step, arguments.keeping(&beginning.recipe)),
                    lineage: told.lineage,
                    waits: true,
                    beginning,
                }
            }
            // The list names only runs that were left.
            Self::Visit(_) => {
                Self::Anew(before.recipe.clone()).follow(stays, before, own, number, arguments)
            }
            Self::Anew(recipe) => {
                let differs = differences(&before.recipe, &recipe);
                let beginning = before.anew(recipe);
                Follows {
                    start: beginning.start.clone(),
                    tape: Tape::new(arguments.keeping(&beginning.recipe)),
                    lineage: from(0, differs),
                    waits: false,
                    beginning,
                }
            }
        }
    }
}

/// What is another in the second recipe, in a few words.
fn differences(one: &Recipe, other: &Recipe) -> String {
    let mut words = Vec::new();
    if one.preset != other.preset {
        return format!("{} > {}", one.preset.name(), other.preset.name());
    }
    if one.network != other.network {
        let [one, other] = [one, other].map(|recipe| recipe.architecture().latent());
        words.push(format!("numbers {one} > {other}"));
    }
    if one.batch_size != other.batch_size {
        words.push(format!("batch {} > {}", one.batch_size, other.batch_size));
    }
    let mut alike = other.clone();
    alike.network.clone_from(&one.network);
    alike.batch_size = one.batch_size;
    if let Some(changes) = one.changes_to(&alike).filter(|changes| !changes.is_empty()) {
        words.push(settings::words::changes(one, &changes));
    }
    words.join(", ")
}

/// What the files of a run say of where it left another. One from the first step is a run of
/// its own.
fn branching(lineage: &Lineage) -> Option<BranchRecord> {
    let (of, step) = lineage.parent.filter(|(_, step)| *step > 0)?;
    Some(BranchRecord {
        number: lineage.number,
        of,
        step,
    })
}

/// One run from its first step until the screen leaves it, and its end in order.
fn watch_one(
    setup: Setup,
    files: Files,
    tape: Tape,
    pca: Option<Arc<Pca>>,
    dashboard: &mut Dashboard,
    app: &mut App,
    signal: &dyn Fn() -> Option<i32>,
) -> Result<(io::Result<Exit>, Outcome), NoThread> {
    let (recipe, pool) = (setup.recipe.clone(), setup.pool.clone());
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
    if app.coming == Phase::Paused {
        // Before its first step: it is there, and nothing is trained yet.
        let _ = trainer.commands().send(Command::Pause);
    }
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
        runs: Runs::default(),
    })
}
