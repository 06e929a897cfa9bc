//! What keys and news do to the tour: it goes on, back and away, and the film stops where a
//! chapter does. Every other key does what it always does.

use crossterm::event::{KeyCode, KeyEvent};

use super::{Request, answer, command, keymap::Action};
use crate::{
    data::{Classes, Labels},
    message::{Command, Observation, Phase, SampleId, SplitName, TriedWidth, When},
    ui::{
        app::{App, Overlay, Status},
        tour::{Arrived, CHAPTERS, Chapter, Leg, Widths, hole},
        views::View,
    },
};

/// The smallest screen that has room for it.
pub(in crate::ui) const ROOM: (u16, u16) = (80, 24);

/// Why it cannot be taken of this run, and how it is.
const ELSEWHERE: &str =
    "The tour needs digits and two numbers in the code: quit, type ae-tui tour.";

/// A stop that the run has passed by so many seconds of film, or that the viewer has been at, is
/// gone back to; one that it has just come to is where it stands.
const JUST_NOW: f64 = 0.6;

/// Begins the tour of this run, or goes on where it was left.
pub(super) fn begin(app: &mut App) -> Vec<Request> {
    if (app.screen.0 < ROOM.0 || app.screen.1 < ROOM.1) && app.screen != (0, 0) {
        return answer(app, "The tour needs a screen of 80x24 or more.");
    }
    let latent = app.plan.recipe.architecture().latent();
    if app.classes() != Classes::Digits || latent != 2 {
        return answer(app, ELSEWHERE);
    }
    let left = app.tour_left.take();
    app.tour = Some(left.unwrap_or_default());
    set_off(app, app.tour.as_ref().map_or(0, |tour| tour.chapter))
}

/// A key of the tour's own, where nothing lies over it. None: it is not one.
pub(super) fn press(app: &mut App, key: KeyEvent) -> Option<Vec<Request>> {
    let tour = app.tour.as_ref()?;
    if !matches!(app.overlay, Overlay::None | Overlay::Why(_)) {
        return None;
    }
    let (chapter, leg) = (tour.chapter, tour.leg);
    match key.code {
        KeyCode::Char(' ') => {
            app.status = None;
            app.overlay = Overlay::None;
            Some(match leg {
                Leg::Going => answer(app, "The film plays to the next stop; Esc leaves the tour."),
                Leg::There if chapter + 1 == CHAPTERS.len() => leave(app),
                Leg::There => set_off(app, chapter + 1),
            })
        }
        KeyCode::Backspace if app.view != View::Draw => {
            app.status = None;
            app.overlay = Overlay::None;
            Some(set_off(app, chapter.saturating_sub(1)))
        }
        KeyCode::Esc if app.overlay == Overlay::None => {
            app.status = None;
            Some(leave(app))
        }
        _ => None,
    }
}

/// Leaves it, and stays at what is seen.
fn leave(app: &mut App) -> Vec<Request> {
    app.tour_left = app.tour.take();
    answer(app, "You stay here; F1 leads back to the tour.")
}

/// To the stop of a chapter.
fn set_off(app: &mut App, chapter: usize) -> Vec<Request> {
    let Some(tour) = &mut app.tour else {
        return Vec::new();
    };
    tour.chapter = chapter.min(CHAPTERS.len() - 1);
    tour.leg = Leg::Going;
    tour.arrived = None;
    tour.is_answered = false;
    app.filter = Labels::ALL;
    app.view = View::Train;
    let Some(seen) = app.seen.clone() else {
        return Vec::new();
    };
    let here = app.asked_step().unwrap_or(seen.moment.step);
    let known = app
        .tour
        .as_ref()
        .and_then(|tour| tour.stop_of(tour.chapter, app));
    match known {
        // It lies ahead on the tape: the film plays up to it.
        Some(step) if step > here && app.when != When::Now => {
            app.when = When::PlayFrom(here);
            Vec::new()
        }
        Some(step) => arrive(app, &seen, step),
        None => {
            app.when = When::Now;
            follow(app)
        }
    }
}

/// Looks whether the chapter's stop has come; has the run go on to it where it has not.
pub(super) fn follow(app: &mut App) -> Vec<Request> {
    let Some(seen) = app.seen.clone() else {
        return Vec::new();
    };
    let Some(tour) = &app.tour else {
        return Vec::new();
    };
    if tour.leg == Leg::There {
        settle(app, &seen);
        return Vec::new();
    }
    let by_epochs = tour.chapter().by_epochs;
    let heard = seen.moment.obeyed >= app.commanded;
    match tour.stop_of(tour.chapter, app) {
        // The film is on its way there.
        Some(step) if seen.seen.plays && seen.seen.step < step => Vec::new(),
        Some(step) => arrive(app, &seen, step),
        None if seen.moment.phase == Phase::Finished && heard && !seen.owes => {
            arrive(app, &seen, seen.moment.step)
        }
        None if seen.moment.phase == Phase::Paused && heard && !(by_epochs && seen.owes) => {
            let go_on = if by_epochs && seen.moment.step < seen.moment.film.steps() {
                Command::Epochs(1)
            } else {
                Command::Resume
            };
            command(app, go_on)
        }
        None => Vec::new(),
    }
}

/// The film stops.
fn arrive(app: &mut App, seen: &Observation, step: u64) -> Vec<Request> {
    let film = &seen.moment.film;
    let passed = film.time_of(seen.moment.step) - film.time_of(step);
    let was_there = app
        .tour
        .as_ref()
        .is_some_and(|tour| tour.chapter < tour.stops.len());
    let is_now = app.when == When::Now && passed < JUST_NOW && !was_there;
    app.when = if is_now || step >= seen.moment.step {
        When::Now
    } else {
        When::At(step)
    };
    let Some(tour) = &mut app.tour else {
        return Vec::new();
    };
    let (chapter, place) = (tour.chapter(), tour.chapter);
    if tour.stops.len() == place {
        tour.stops.push(step);
    }
    tour.leg = Leg::There;
    tour.arrived = None;
    app.view = chapter.view;
    if let Some(example) = example(chapter, seen) {
        app.sample = example;
    }
    tour.looked_at = Some(app.sample);
    if app.view == View::Latent
        && let Some(place) = hole(&seen.map)
    {
        app.places.latent.point_at(place);
    }
    match app.coming_phase() {
        Phase::Training => command(app, Command::Pause),
        _ => Vec::new(),
    }
}

/// The image that a chapter speaks of.
fn example(chapter: &Chapter, seen: &Observation) -> Option<SampleId> {
    Some(SampleId {
        split: SplitName::Test,
        index: (chapter.example)(seen)?,
    })
}

/// Once the stop is seen, what is seen there is what a key changes.
fn settle(app: &mut App, seen: &Observation) {
    let stands = match app.when {
        When::Now => seen.seen.past.is_none() && seen.moment.phase != Phase::Training,
        When::At(step) => seen.seen.past.is_some() && seen.seen.step == step,
        When::PlayFrom(_) => false,
    };
    let heard = seen.heard >= app.gazed && seen.moment.obeyed >= app.commanded;
    let Some(tour) = &mut app.tour else { return };
    if tour.arrived.is_none() && stands && heard {
        let mut arrived = Arrived::at(seen);
        // A key may have been quicker than what is seen.
        if let Some(looked_at) = tour.looked_at.filter(|&sample| sample != app.sample) {
            arrived.sample = looked_at;
        }
        if let Some(stop) = tour.stops.get_mut(tour.chapter) {
            *stop = arrived.step;
        }
        tour.arrived = Some(arrived);
    }
    // What it cost may be measured after it is seen.
    if let Some(arrived) = &mut tour.arrived
        && arrived.step == seen.seen.step
        && arrived.held_out.is_none()
    {
        arrived.held_out = seen.curve.held_out;
    }
}

/// A key did this: it may be what the chapter asks for.
pub(super) fn pressed(app: &mut App, action: Option<Action>) {
    let Some(tour) = &mut app.tour else { return };
    let takes = tour.chapter().takes;
    if tour.leg == Leg::There && action.is_some_and(takes) {
        tour.is_answered = true;
    }
}

/// A short run of another width is done.
pub(super) fn tried(app: &mut App, tried: TriedWidth) {
    if let Some(tour) = app.tour.as_mut().or(app.tour_left.as_mut()) {
        let mut widths = match std::mem::take(&mut tour.widths) {
            Widths::Tried(widths) => widths,
            Widths::Untried | Widths::Missed => Vec::new(),
        };
        widths.push(tried);
        widths.sort_by_key(|tried| tried.width);
        tour.widths = Widths::Tried(widths);
    }
}

/// None follows. Those that are done stay.
pub(super) fn tried_no_more(app: &mut App, words: String) {
    if let Some(tour) = app.tour.as_mut().or(app.tour_left.as_mut())
        && matches!(&tour.widths, Widths::Tried(widths) if widths.is_empty())
    {
        tour.widths = Widths::Missed;
    }
    app.status = Some(Status::warning(words));
}
