//! The run that is shown and another one, trained beside each other on the same dashboard: what
//! `C` begins, and `B` leads back from.

use std::{io, sync::Arc};

use super::{
    TrainArguments,
    next::Next,
    stays::{Beginning, Stays},
};
use crate::{
    cli::{
        again::Sources,
        compare::{
            both::{Both, Named, say_farewell},
            screen::concluded,
        },
        outcome,
    },
    measure::Pca,
    observe::Outcome,
    ui::{
        Dashboard,
        app::{self, App, Exit},
    },
};

/// How both were left for the shell.
pub(super) struct Left {
    screen: io::Result<Exit>,
    /// Whether both came to good ends.
    ended: anyhow::Result<()>,
}

impl Left {
    /// The last words, of the run that was left before, and the exit code of either.
    pub(super) fn conclude(
        self,
        before: Outcome,
        sources: &Sources,
        signal: &dyn Fn() -> Option<i32>,
    ) -> anyhow::Result<Outcome> {
        let before = outcome::after_the_screen(self.screen, before, Some(sources), signal)?;
        self.ended.map(|()| before)
    }
}

/// The run that was left, and the others of the screen.
pub(super) struct Before<'a> {
    pub(super) app: &'a mut App,
    pub(super) beginning: &'a Beginning,
    pub(super) stays: &'a Stays,
    pub(super) pca: Option<Arc<Pca>>,
}

/// Where another is put beside the run, shows both from their first steps until the viewer leaves
/// them: for the run that they lead back to, or for the shell.
///
/// # Errors
///
/// When threads cannot be had.
pub(super) fn seen(
    next: Next,
    before: Before,
    arguments: &TrainArguments,
    dashboard: &mut Dashboard,
    signal: &dyn Fn() -> Option<i32>,
) -> anyhow::Result<Result<Next, Left>> {
    let beside = match next {
        Next::Beside(beside) => beside,
        next => return Ok(Ok(next)),
    };
    let Before {
        app,
        beginning,
        stays,
        pca,
    } = before;
    let own = app.plan.runs.own.number;
    // As it was left, with what was changed on the way.
    let beginning = stays.of(own).map_or(beginning, |stay| &stay.beginning);
    let first = named(beginning.recipe.called(), beginning);
    let second = match beside {
        app::Beside::Preset(recipe) => {
            let other = beginning.anew(recipe);
            named(other.recipe.called(), &other)
        }
        app::Beside::Run(number) => {
            let stay = stays
                .of(number)
                .expect("the list names runs that were left");
            named(stay.told.lineage.name(), &stay.beginning)
        }
    };
    let mut runs = stays.told(app.plan.runs.own.clone(), &app.plan.runs);
    if arguments.save.is_some() {
        // The end of the run that was left has written them, and nothing of a pair replaces them.
        let left = runs.others.iter_mut().find(|run| run.lineage.number == own);
        if let Some(left) = left {
            left.unsaved = 0;
        }
    }
    let both = Both {
        named: [first, second],
        images: app.data.clone().expect("a run that is seen has its images"),
        pace: app.pace,
        memory: arguments.memory,
        sample: app.sample,
        pca,
        left: Some(runs),
    };
    let seen = both.show(dashboard, signal)?;
    app.sample = seen.sample;
    let screen = match Next::of(seen.left) {
        Ok(next) => {
            seen.ended.iter().for_each(outcome::leave_behind);
            return Ok(Ok(next));
        }
        Err(screen) => screen,
    };
    if signal().is_none() && screen.is_ok() {
        // Done is done, whether anybody hears of it or not.
        let _ = say_farewell(&seen.titles, &seen.ended);
    }
    let titles = seen.titles.each_ref().map(String::as_str);
    let ended = concluded(titles, &seen.ended, None).map(|_| ());
    Ok(Err(Left { screen, ended }))
}

fn named(title: String, beginning: &Beginning) -> Named {
    Named {
        title,
        recipe: beginning.recipe.clone(),
        start: beginning.start.clone(),
    }
}
