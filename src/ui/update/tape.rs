//! Which moment of the run is looked at: the tape as a player.
//!
//! Keys count from the moment that was asked for, not from what has been seen of it, so
//! that quick ones add up. At now, those that go on speak to the trainer.

use super::{Request, answer, command};
use crate::{
    message::{Command, Observation, Phase, When},
    pace::Film,
    ui::{app::App, chrome::Track},
};

/// How far a key goes.
///
/// Where the next moment that is kept is far, one is made again that is as near as those of a
/// film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stride {
    /// To the next moment that is kept.
    Moment,
    /// To the next end of an epoch.
    Epoch,
    /// As far as there is anything.
    All,
}

/// Seconds of film from a moment to the next one, where none is kept.
const A_TICK: f64 = 1.0 / Film::TICKS_PER_SECOND;

/// Goes back, if anything earlier is kept.
pub(super) fn back(app: &mut App, stride: Stride) -> Vec<Request> {
    let earlier = app.seen.as_ref().and_then(|seen| {
        let here = app.asked_step().unwrap_or(seen.moment.step);
        earlier(seen, here, stride)
    });
    match earlier {
        Some(step) => ask(app, When::At(step)),
        None => nothing_kept(app),
    }
}

/// There is nothing to go back to, and why.
fn nothing_kept(app: &mut App) -> Vec<Request> {
    if app.seen.is_none() && app.failure.is_none() {
        return answer(app, "Not yet: there is nothing to see so far.");
    }
    let is_out_of_room = app.plan.trains
        && app
            .seen
            .as_ref()
            .is_some_and(|seen| seen.tape.steps.is_empty());
    let words = if is_out_of_room {
        "No earlier moment is kept: --memory SIZE has no room for one."
    } else {
        "No earlier moment is kept."
    };
    answer(app, words)
}

fn earlier(seen: &Observation, here: u64, stride: Stride) -> Option<u64> {
    let steps = &seen.tape.steps;
    let first = *steps.first().filter(|first| **first < here)?;
    let film = &seen.moment.film;
    Some(match stride {
        Stride::Moment => match steps[steps.partition_point(|step| *step < here) - 1] {
            kept if film.is_gap(kept, here) => film.earlier(here, A_TICK),
            kept => kept,
        },
        Stride::Epoch => {
            let epoch = film.steps_per_epoch().max(1);
            first.max((here - 1) / epoch * epoch)
        }
        Stride::All => first,
    })
}

/// Goes on towards now; there, has the trainer go on as far.
pub(super) fn on(app: &mut App, stride: Stride) -> Vec<Request> {
    let Some(here) = app.asked_step() else {
        return match stride {
            Stride::Moment => {
                let trains = app.coming_phase() == Phase::Training;
                let requests = command(app, Command::Steps(1));
                if trains && !requests.is_empty() {
                    app.say("A step, and then it waits: space trains on.");
                }
                requests
            }
            Stride::Epoch => command(app, Command::Epochs(1)),
            Stride::All => Vec::new(),
        };
    };
    let later = app.seen.as_ref().and_then(|seen| later(seen, here, stride));
    ask(app, later.map_or(When::Now, When::At))
}

/// The moment of that stride, if it comes before now.
fn later(seen: &Observation, here: u64, stride: Stride) -> Option<u64> {
    let (film, now) = (&seen.moment.film, seen.moment.step);
    let step = match stride {
        Stride::Moment => {
            let steps = &seen.tape.steps;
            let kept = steps.get(steps.partition_point(|step| *step <= here));
            match kept.copied().unwrap_or(now) {
                kept if film.is_gap(here, kept) => film.later(here, A_TICK),
                kept => kept,
            }
        }
        Stride::Epoch => {
            let epoch = film.steps_per_epoch().max(1);
            (here / epoch).checked_add(1)?.checked_mul(epoch)?
        }
        Stride::All => return None,
    };
    (step < now).then_some(step)
}

/// Plays from where the viewer stands, or stops there; at now, the trainer does.
pub(super) fn play_or_stop(app: &mut App) -> Vec<Request> {
    match (app.when, app.asked_step()) {
        (When::At(step), _) => ask(app, When::PlayFrom(step)),
        (When::PlayFrom(from), here) => ask(app, When::At(here.unwrap_or(from))),
        (When::Now, _) => match app.coming_phase() {
            Phase::Training => command(app, Command::Pause),
            Phase::Finished => {
                let requests = command(app, Command::Epochs(1));
                if !requests.is_empty() {
                    app.say("An epoch more.");
                }
                requests
            }
            Phase::Paused | Phase::Exploring => command(app, Command::Resume),
        },
    }
}

/// Looks at that moment.
pub(super) fn ask(app: &mut App, when: When) -> Vec<Request> {
    app.when = when;
    Vec::new()
}

/// What is seen may have come to now: by playing, or because nothing else is at hand. What
/// was seen before the viewer's wish was heard is of now too, and says nothing.
pub(super) fn follow(app: &mut App, new: &Observation) {
    if new.heard >= app.gazed && new.seen.past.is_none() {
        app.when = When::Now;
        app.told.when = When::Now;
    }
}

/// The mouse points at a column of the tape.
pub(super) fn point(app: &mut App, seen: &Observation, track: &Track, column: u16) -> Vec<Request> {
    let now = seen.moment.step;
    let wanted = track.step_at(column);
    if column >= track.column(now) {
        return ask(app, When::Now);
    }
    go_to(app, seen, wanted)
}

/// Looks at a step, or at the first that is kept.
pub(in crate::ui) fn go_to(app: &mut App, seen: &Observation, step: u64) -> Vec<Request> {
    let now = seen.moment.step;
    match seen.tape.steps.first() {
        _ if step >= now => ask(app, When::Now),
        Some(&first) if first < now => ask(app, When::At(step.max(first))),
        _ => nothing_kept(app),
    }
}
