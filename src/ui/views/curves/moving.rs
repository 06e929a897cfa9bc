//! What keys and the mouse do to the ruler and the axes.

use super::{Axis, Layout, NO_HISTORY, Place, Scale, axis, ruler, series::SMOOTHINGS};
use crate::{
    message::{Observation, Phase},
    ui::{
        app::{App, Grip},
        frame::Frame,
        keymap::{Action, Towards},
        pointer::{Button, Pointer, Side},
        update::{Request, tape},
    },
};

/// The ruler's way of a key, in parts of the axis that is seen: at 120 columns one column.
const A_COLUMN: f64 = 1.0 / 70.0;

/// What a key does there, where that is something of its own.
pub(in crate::ui::views) fn act(app: &mut App, action: Action) -> Option<Vec<Request>> {
    if is_of_lines(action) && !app.scene().history {
        return Some(answer(app, NO_HISTORY));
    }
    let (price, labelled) = (app.plan.kind.price, app.scene().classes > 0);
    let place = &mut app.places.curves;
    match action {
        Action::Cursor(towards) => move_ruler(app, towards, 1.0),
        Action::CursorFar(towards) => move_ruler(app, towards, 10.0),
        Action::Style => {
            let next = place.scale.next(price);
            place.scale = match next {
                Scale::Digits if !labelled => next.next(price),
                next => next,
            };
        }
        Action::Order => {
            place.across = place.across.next();
            let words = format!("across: {}", place.across.name());
            return Some(answer(app, words));
        }
        Action::Less => return Some(smooth(app, -1)),
        Action::More => return Some(smooth(app, 1)),
        Action::ZoomIn if place.zoom == Axis::NEAREST => {
            return Some(answer(app, "This is as near as it gets."));
        }
        Action::ZoomOut if place.zoom == 0 => {
            return Some(answer(app, "The whole run is on the axis."));
        }
        Action::ZoomIn => zoom(place, 1),
        Action::ZoomOut => zoom(place, -1),
        Action::Take => return Some(go_there(app)),
        Action::Back if place.zoom > 0 => place.zoom = 0,
        Action::Back if place.ruler.is_some() => place.ruler = None,
        _ => return None,
    }
    Some(Vec::new())
}

/// Whether a key is about the lines, and so has nothing to do where there are none.
const fn is_of_lines(action: Action) -> bool {
    matches!(
        action,
        Action::Cursor(_)
            | Action::CursorFar(_)
            | Action::Style
            | Action::Order
            | Action::Less
            | Action::More
            | Action::ZoomIn
            | Action::ZoomOut
            | Action::Take
    )
}

/// Says what nothing else on the screen does.
fn answer(app: &mut App, words: impl Into<String>) -> Vec<Request> {
    app.say(words);
    Vec::new()
}

fn smooth(app: &mut App, by: isize) -> Vec<Request> {
    let place = &mut app.places.curves;
    let last = SMOOTHINGS.len() - 1;
    place.smoothing = place.smoothing.saturating_add_signed(by).min(last);
    let percent = 100.0 * SMOOTHINGS[place.smoothing];
    answer(
        app,
        format!("smoothed: each point a mean over {percent}% of the axis"),
    )
}

fn zoom(place: &mut Place, by: i8) {
    place.zoom = place.zoom.saturating_add_signed(by).min(Axis::NEAREST);
}

/// Looks at the moment at the ruler, in every view.
fn go_there(app: &mut App) -> Vec<Request> {
    let Some(seen) = app.seen.clone() else {
        return Vec::new();
    };
    let Some(step) = app.places.curves.ruler else {
        return answer(app, "The ruler stands at the moment that is seen.");
    };
    tape::go_to(app, &seen, step)
}

fn move_ruler(app: &mut App, towards: Towards, columns: f64) {
    let on = match towards {
        Towards::Left => false,
        Towards::Right => true,
        Towards::Up | Towards::Down => return,
    };
    let Some(seen) = app.seen.clone() else { return };
    let place = &mut app.places.curves;
    let here = ruler(place, &seen);
    let way = if on { columns } else { -columns };
    let there = axis(place, &seen).moved(here, way * A_COLUMN);
    put(place, &seen, here, there);
}

/// The ruler to the recorded step nearest to one, or at least to the next one on the way.
fn put(place: &mut Place, seen: &Observation, here: u64, there: u64) {
    let course = &seen.curve.course;
    let on = there > here;
    let nearest = course.nearest(there).map(|(step, _)| step);
    let moved = nearest.filter(|step| if on { *step > here } else { *step < here });
    let found = moved.or_else(|| course.beside(here, on).map(|(step, _)| step));
    // Beyond the last it is at now again, and goes on with it.
    let is_now = seen.seen.past.is_none() && seen.moment.phase != Phase::Exploring;
    let at_end = on && found.is_none_or(|step| step >= seen.moment.step);
    place.ruler = match found {
        _ if at_end && is_now => None,
        Some(step) => Some(step),
        None => place.ruler,
    };
}

/// What the mouse does there: the ruler goes where it points, and the wheel brings it nearer.
pub(in crate::ui::views) fn point(app: &mut App, pointer: Pointer, frame: &Frame) -> Vec<Request> {
    let Some(seen) = app.seen.clone().filter(|seen| seen.has_history()) else {
        return Vec::new();
    };
    let at = Layout::of(frame);
    let along = at.plot.x..at.plot.right();
    let rows = at.plot.y..if at.ribbons {
        at.digits.bottom()
    } else {
        at.across().bottom()
    };
    let is_within = along.contains(&pointer.column) && rows.contains(&pointer.row);
    let place = &mut app.places.curves;
    let part = |column: u16| {
        let column = column.clamp(at.plot.x, at.plot.right() - 1) - at.plot.x;
        (f64::from(column) + 0.5) / f64::from(at.plot.width)
    };
    match (pointer.button, pointer.side) {
        (Button::Pressed, Side::Left) => {
            // Whoever presses beside the plot has hold of nothing.
            if !is_within {
                app.grip = Grip::Nothing;
                return Vec::new();
            }
            app.status = None;
            let there = axis(place, &seen).step_at(part(pointer.column));
            set(place, &seen, there);
        }
        (Button::Dragged, Side::Left) => {
            let there = axis(place, &seen).step_at(part(pointer.column));
            set(place, &seen, there);
        }
        (Button::WheelUp, _) if is_within => zoom(place, 1),
        (Button::WheelDown, _) if is_within => zoom(place, -1),
        _ => {}
    }
    Vec::new()
}

/// The ruler to the recorded step nearest to this one.
fn set(place: &mut Place, seen: &Observation, there: u64) {
    if let Some((step, _)) = seen.curve.course.nearest(there) {
        place.ruler = Some(step);
    }
}
