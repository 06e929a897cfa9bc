//! Two runs that are trained beside each other and watched on one dashboard, whoever asked for
//! them: the command line, or the viewer of a run. Nothing of them is kept.

use std::{
    io::{self, Write as _},
    num::NonZeroUsize,
    sync::Arc,
};

use super::screen::{app_of, side};
use crate::{
    cli::room::Memory,
    data::Dataset,
    measure::Pca,
    message::{Progress, SampleId},
    observe::{self, Handle, Outcome, Past, Source, Tape},
    pace::Pace,
    pool::Pool,
    recipe::{
        Recipe,
        differences::{self, Known},
    },
    store::keeper::Files,
    train::{self, Keeping, Setup, Start},
    ui::{
        Dashboard,
        app::Exit,
        compare::{PairSession, pair::Pair},
        runs::Runs,
    },
};

/// A recipe, and what it is called.
pub(in crate::cli) struct Named {
    pub(in crate::cli) title: String,
    pub(in crate::cli) recipe: Recipe,
    /// Its first weights, if they are not fresh.
    pub(in crate::cli) start: Option<Box<Start>>,
}

/// What is trained, and how.
pub(in crate::cli) struct Both {
    pub(in crate::cli) named: [Named; 2],
    pub(in crate::cli) images: Arc<Dataset>,
    pub(in crate::cli) pace: Pace,
    pub(in crate::cli) memory: Memory,
    /// The sample that is looked at first.
    pub(in crate::cli) sample: SampleId,
    /// The principal components of the images, where they are known.
    pub(in crate::cli) pca: Option<Arc<Pca>>,
    /// The run that was left for these, and the others of the screen.
    pub(in crate::cli) left: Option<Runs>,
}

/// What they came to.
pub(in crate::cli) struct Seen {
    /// How the screen was left.
    pub(in crate::cli) left: io::Result<Exit>,
    pub(in crate::cli) ended: [Outcome; 2],
    pub(in crate::cli) titles: [String; 2],
    /// The sample that was looked at last.
    pub(in crate::cli) sample: SampleId,
}

impl Both {
    /// Trains both until the viewer leaves them, and brings both to their ends in order.
    pub(in crate::cli) fn show(
        self,
        dashboard: &mut Dashboard,
        signal: &dyn Fn() -> Option<i32>,
    ) -> anyhow::Result<Seen> {
        let Self {
            named,
            images,
            pace,
            memory,
            sample,
            pca,
            left,
        } = self;
        let titles = named.each_ref().map(|named| named.title.clone());
        let recipes = named.each_ref().map(|named| named.recipe.clone());
        let sides = [0, 1].map(|side| {
            let mut app = app_of(titles[side].clone(), recipes[side].clone());
            app.plan.trains = true;
            // Nothing of it is kept, and nobody is asked whether to leave a lesson.
            app.plan.kept = true;
            (app.plan.pace, app.pace) = (pace, pace);
            (app.plan.sample, app.sample, app.told.sample) = (sample, sample, sample);
            if let Some(runs) = &left {
                app.plan.runs.others.clone_from(&runs.others);
            }
            app
        });
        let differences = differences::in_words(recipes.each_ref(), Known::Recipes);
        let mut pair = Pair::new(sides, differences, Known::Recipes, true);
        pair.left = left.map(|runs| runs.own);
        let keeping = memory.keeping_of_two(recipes.each_ref());
        let setups = named.map(|Named { recipe, start, .. }| {
            let images = Arc::clone(&images);
            Setup {
                recipe,
                data: Box::new(move || Ok(images)),
                start,
                keeping,
                pace,
                pool: Pool::new(NonZeroUsize::MIN),
            }
        });
        let (trainers, [first, second]) = train::spawn_pair(setups)?;
        let pool = Pool::of_the_machine();
        let watch = Watch {
            pool,
            keeping,
            sample,
            pca,
        };
        let [one, other] = &recipes;
        let one = watch.observed(first, one)?;
        let other = watch.observed(second, other)?;
        let session = PairSession {
            commands: Some(trainers.commands()),
            sides: [&one, &other].map(side),
            signal,
        };
        let left = dashboard.show_pair(&session, &mut pair);
        // However the screen was left, both runs are brought to their ends.
        trainers.stop();
        let ended = [one.finish(), other.finish()];
        Ok(Seen {
            left,
            ended,
            titles,
            sample: pair.sides[0].sample,
        })
    }
}

/// How either is looked at.
struct Watch {
    pool: Pool,
    keeping: Keeping,
    sample: SampleId,
    pca: Option<Arc<Pca>>,
}

impl Watch {
    fn observed(
        &self,
        events: crossbeam_channel::Receiver<Progress>,
        recipe: &Recipe,
    ) -> anyhow::Result<Handle> {
        Ok(observe::spawn(observe::Setup {
            source: Source::Trainer(events),
            recipe: recipe.clone(),
            files: Files::default(),
            sample: self.sample,
            tape: Tape::new(self.keeping),
            past: Past::default(),
            pca: self.pca.clone(),
            measures: true,
            pool: self.pool.clone(),
        })?)
    }
}

/// What both came to, a line each.
pub(in crate::cli) fn say_farewell(titles: &[String; 2], ended: &[Outcome; 2]) -> io::Result<()> {
    let mut out = io::stdout();
    for (side, (title, outcome)) in ["A", "B"].into_iter().zip(titles.iter().zip(ended)) {
        if let Some(result) = outcome.result() {
            writeln!(out, "{side} {title}: {result}")?;
        }
    }
    out.flush()
}
