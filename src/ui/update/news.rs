//! What the observer says, taken into the screen's state.

use std::{path::PathBuf, sync::Arc};

use super::{tape, tour};
use crate::{
    message::{News, Observation, When, Writer},
    ui::app::{App, Kind, Overlay, Status},
    words::{grouped, shown},
};

/// Takes it in.
pub(super) fn hear(app: &mut App, news: News) {
    match news {
        News::Loaded(data) => app.data = Some(data),
        News::Observed(seen) => observe(app, seen),
        News::Failed(failure) => {
            app.failure = Some(failure);
            app.overlay = Overlay::Failure;
        }
        News::Saved { path, step } => {
            if app.plan.result.as_ref() != Some(&path) {
                // An earlier moment that is saved later makes the later one no less saved.
                app.saved_step = app.saved_step.max(Some(step));
            }
            let what = match app.when {
                When::Now => String::new(),
                When::At(_) | When::PlayFrom(_) => format!("step {} as ", grouped(step)),
            };
            app.say(format!("saved {what}{}", shown(&path)));
        }
        News::Tried(tried) => tour::tried(app, tried),
        News::TriedNoMore(words) => tour::tried_no_more(app, words),
        News::Writer(writer) => hear_of_writer(app, writer),
        News::Exported(path) => {
            app.say(format!("this screen is in {}", shown(&path)));
        }
        News::NotExported(words) | News::Remark(words) => app.status = Some(Status::warning(words)),
        News::NotSaved(words) => {
            // The end may not be able to write them either: ask before leaving.
            app.plan.result = None;
            app.plan.kept = false;
            app.status = Some(Status::warning(words));
        }
        News::NoPlace { asked, why } => ask_for_a_name(app, asked, why),
    }
}

/// What the run is comes back from the trainer, once it has heard what was changed.
fn observe(app: &mut App, seen: Arc<Observation>) {
    tape::follow(app, &seen);
    let obeyed = seen.moment.obeyed >= app.commanded;
    let goes_on = app.plan.trains || app.writer.is_some();
    if obeyed && goes_on && *seen.recipe != app.plan.recipe {
        app.plan.recipe = (*seen.recipe).clone();
    }
    app.seen = Some(seen);
    follow_recipe(app);
}

/// That one seems dead is said when it turns out.
fn hear_of_writer(app: &mut App, writer: Writer) {
    let said = app.writer.and_then(Writer::obituary);
    app.writer = Some(writer);
    let is_said =
        said.is_some() && app.status.as_ref().map(|status| &status.words) == said.as_ref();
    match writer.obituary() {
        // Its seconds count on, until something else is said.
        Some(words) if said.is_none() || is_said => app.status = Some(Status::warning(words)),
        // It lives after all.
        None if said.is_some() => app.status = None,
        _ => {}
    }
}

/// What there is to see follows from what holds.
pub(super) fn follow_recipe(app: &mut App) {
    app.plan.kind = Kind::of(&app.held());
}

/// A name is asked for, unless something else is being answered already.
fn ask_for_a_name(app: &mut App, asked: Option<PathBuf>, why: String) {
    match app.overlay {
        Overlay::None | Overlay::Help(_) | Overlay::Measures | Overlay::Failure => {
            let typed = asked.map(|path| path.display().to_string());
            app.overlay = Overlay::Naming {
                why,
                typed: typed.unwrap_or_default(),
            };
        }
        _ => app.status = Some(Status::warning(why)),
    }
}
