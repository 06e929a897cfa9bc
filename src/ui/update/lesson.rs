//! What keys do in a lesson, and where it has the film wait.

use super::{Request, answer, tape, turn_to};
use crate::{
    data::Labels,
    message::{Phase, When},
    ui::{app::App, keymap::Action, lesson::Lesson, views::View},
};

/// Begins one, or ends it.
pub(super) fn turn(app: &mut App) -> Vec<Request> {
    if app.shown_lesson().is_some() {
        app.lesson = None;
        return Vec::new();
    }
    app.lesson.get_or_insert_default();
    expect_room(app);
    turn_to(app, View::Train)
}

/// Says what a lesson needs where the screen has no room for it.
pub(super) fn expect_room(app: &mut App) {
    if app.lesson.is_some() && !app.has_room_for_a_lesson() {
        let ((width, height), (columns, rows)) = (app.screen, Lesson::SMALLEST);
        app.say(format!(
            "The lesson needs {columns}x{rows}; here are {width}x{height}. Until then this is Train."
        ));
    }
}

/// What a key does there, where that is something else than in Train.
pub(super) fn act(app: &mut App, action: Action) -> Option<Vec<Request>> {
    app.shown_lesson()?;
    let lesson = app.lesson.as_mut()?;
    match action {
        Action::NextView | Action::PreviousView => {
            lesson.scene = lesson.scene.other();
            Some(Vec::new())
        }
        Action::FullSpeed => {
            lesson.flow(app.seen.as_deref());
            let words = if lesson.flows {
                "The film plays without stops; f again, and it waits at each sentence."
            } else {
                "The film waits at each sentence, for Space."
            };
            Some(answer(app, words))
        }
        // What Esc leads out of first, it leads out of here too.
        Action::Back if app.when == When::Now && app.filter == Labels::ALL => {
            app.lesson = None;
            Some(Vec::new())
        }
        _ => None,
    }
}

/// Something new is seen: the film may have to wait here.
pub(super) fn hear(app: &mut App) -> Vec<Request> {
    let Some(seen) = app.seen.clone().filter(|_| app.shown_lesson().is_some()) else {
        return Vec::new();
    };
    let moves = moves(app);
    let stops = app
        .lesson
        .as_mut()
        .is_some_and(|lesson| lesson.stops_at(&seen, moves));
    if stops {
        tape::play_or_stop(app)
    } else {
        Vec::new()
    }
}

/// Whether the film goes on, as far as it has been told what to do.
fn moves(app: &App) -> bool {
    match app.when {
        When::Now => {
            let trains = app.plan.trains && app.failure.is_none();
            trains && app.coming_phase() == Phase::Training
        }
        When::PlayFrom(_) => true,
        When::At(_) => false,
    }
}
