//! What keys do in the view.

use ndarray_rand::rand_distr::{Distribution, StandardNormal};

use super::{
    ground::{Ground, cursor_at},
    place::{Size, Zoom},
    plane,
};
use crate::{
    message::{Base, LatentAnswer, Observation, Plane, SampleId, SplitName, Spot},
    nn::Code,
    ui::{
        app::{App, Status},
        frame::Frame,
        keymap::{Action, Towards},
        update::Request,
        widget::map::Axes,
    },
};

/// Places that a big step is worth.
const FAR: i32 = 5;
/// A step of a slider, as a part of its reach, and a big one.
const SLIDE: f32 = 1.0 / 40.0;
const SLIDE_FAR: f32 = 0.25;
/// Sliders passed by a big step.
const SLIDERS_FAR: isize = 8;

/// What a key does there, where that is something of its own.
pub(in crate::ui::views) fn act(app: &mut App, action: Action) -> Option<Vec<Request>> {
    let seen = app.seen.clone()?;
    let frame = Frame::of_size(app.screen)?;
    if moves_over_the_plane(app, action) && !plane::is_there(app, &seen) {
        // Its axes are on their way; those of the plane before are not its.
        return Some(Vec::new());
    }
    match action {
        Action::Cursor(towards) if app.places.latent.holds_values => {
            slide(app, &seen, towards, 1, SLIDE);
        }
        Action::CursorFar(towards) if app.places.latent.holds_values => {
            slide(app, &seen, towards, SLIDERS_FAR, SLIDE_FAR);
        }
        Action::Cursor(towards) => step(app, &seen, &frame, towards, 1),
        Action::CursorFar(towards) => step(app, &seen, &frame, towards, FAR),
        Action::Take => take(app, &seen),
        Action::PinStart => pin(app, &seen, 0),
        Action::PinEnd => pin(app, &seen, 1),
        Action::Centre => centre(app, &seen),
        Action::Walk => walk(app, &seen),
        Action::Prior => draw_from_prior(app),
        Action::Style => {
            let place = &mut app.places.latent;
            place.holds_values = false;
            place.manifold = match place.manifold {
                None => Some(Size::Small),
                Some(_) => None,
            };
        }
        Action::ZoomIn => zoom(app, &seen, &frame, true),
        Action::ZoomOut => zoom(app, &seen, &frame, false),
        Action::Values => hand_over(app),
        Action::Order => plane::turn(app, &seen),
        Action::AxisAcross => set_axis(app, &seen, plane::ACROSS),
        Action::AxisUp => set_axis(app, &seen, plane::UP),
        Action::PageBack => turn_page(app, &frame, -1),
        Action::PageOn => turn_page(app, &frame, 1),
        Action::Back => return back(app).then(Vec::new),
        _ => return None,
    }
    Some(Vec::new())
}

/// Whether a key means a place of the plane that is shown.
fn moves_over_the_plane(app: &App, action: Action) -> bool {
    match action {
        Action::Cursor(_) | Action::CursorFar(_) => !app.places.latent.holds_values,
        Action::ZoomIn | Action::ZoomOut => true,
        _ => false,
    }
}

pub(super) fn say(app: &mut App, words: &str) {
    app.status = Some(Status {
        words: words.into(),
        warning: false,
    });
}

/// Moves the cursor by places of the map, or by pictures of the plane.
fn step(app: &mut App, seen: &Observation, frame: &Frame, towards: Towards, places: i32) {
    let ground = Ground::of(app, seen, frame);
    let Some(parts) = ground.axes.parts(cursor_at(app, seen)) else {
        return;
    };
    let counts = ground.steps();
    let line = ground.grid.is_some_and(|grid| grid.line);
    let by = match towards {
        Towards::Left => [-places, 0],
        Towards::Right => [places, 0],
        // Rows of pictures that follow one another along a single value.
        Towards::Up if line => [-places * columns(&ground), 0],
        Towards::Down if line => [places * columns(&ground), 0],
        Towards::Down => [0, -places],
        Towards::Up => [0, places],
    };
    let moved = [0, 1].map(|axis: usize| {
        let (count, part) = (f32::from(counts[axis].max(1)), parts[axis]);
        let part = if part.is_nan() { 0.5 } else { part };
        if by[axis] == 0 {
            return part;
        }
        let place = (part * count).floor().min(count - 1.0) + by[axis] as f32;
        // Beyond a part of the map there is more of it.
        let place = match ground.axes.shown {
            Some(_) => place,
            None => place.clamp(0.0, count - 1.0),
        };
        (place + 0.5) / count
    });
    put(app, seen, &ground, moved);
}

fn columns(ground: &Ground) -> i32 {
    ground.grid.map_or(1, |grid| grid.columns.into())
}

/// Puts the cursor so far along the axes that are shown, but on the map; what is shown follows.
pub(super) fn put(app: &mut App, seen: &Observation, ground: &Ground, parts: [f32; 2]) {
    let whole = Axes {
        shown: None,
        ..ground.axes
    };
    let along = ground.axes.point(parts).and_then(|at| whole.parts(at));
    let Some(along) = along.map(|along| along.map(|part| part.clamp(0.0, 1.0))) else {
        return;
    };
    let Some(mut at) = whole.point(along) else {
        return;
    };
    if plane::map(seen).plane == Plane::Line {
        at[1] = 0.0;
    }
    let place = &mut app.places.latent;
    place.put_at(at);
    let out = ground
        .axes
        .parts(at)
        .is_some_and(|parts| parts.iter().any(|part| !(-0.001..=1.001).contains(part)));
    if let (Some(zoom), true) = (&mut place.zoom, out) {
        zoom.middle = at;
    }
}

/// The answer that is at hand.
fn answer(seen: &Observation) -> Option<&LatentAnswer> {
    seen.answers.latent.as_deref()
}

fn take(app: &mut App, seen: &Observation) {
    let nearest = answer(seen).and_then(|answer| answer.nearest.as_ref());
    match nearest {
        Some(near) => {
            app.sample = SampleId {
                split: SplitName::Test,
                index: near.index,
            };
        }
        None => say(app, "no image is near"),
    }
}

/// Pins an end of the path where the cursor is, to that code.
fn pin(app: &mut App, seen: &Observation, end: usize) {
    let Some(answer) = answer(seen) else { return };
    let cursor = app.places.latent.cursor(plane::map(seen));
    let place = &mut app.places.latent;
    // A place of a plane that moves with the chosen sample is kept as the code that it is.
    let code = answer.cursor.code.clone();
    // What is no place cannot be gone back to, nor be told from itself.
    if !code.iter().all(|value| value.is_finite()) {
        return;
    }
    let stays = code.len() <= 2 && cursor.at.is_some() && !place.walks();
    place.pins[end] = Some(if stays {
        cursor
    } else {
        Spot {
            base: Base::Code(code.into()),
            at: None,
        }
    });
}

fn centre(app: &mut App, seen: &Observation) {
    let place = &mut app.places.latent;
    place.stop();
    place.put = Some(Spot::default());
    if let Some(zoom) = &mut place.zoom {
        zoom.middle = plane::map(seen).chosen;
    }
}

fn walk(app: &mut App, seen: &Observation) {
    if answer(seen).is_some() {
        app.places.latent.walk_or_stop();
    }
}

/// Puts the cursor on a draw from the distribution that a variational code is held to.
fn draw_from_prior(app: &mut App) {
    let architecture = app.held().architecture();
    if architecture.code() != Code::Gaussian {
        return say(app, "only a vae learns codes that can be drawn by chance");
    }
    let chance = &mut app.chance;
    let values = (0..architecture.latent()).map(|_| StandardNormal.sample(chance));
    let code: Vec<f32> = values.collect();
    match code[..] {
        [x, y] => {
            app.places.latent.put = None;
            app.places.latent.put_at([x, y]);
        }
        _ => app.places.latent.put_on(code),
    }
}

fn zoom(app: &mut App, seen: &Observation, frame: &Frame, nearer: bool) {
    if let Some(size) = &mut app.places.latent.manifold {
        *size = if nearer { Size::Large } else { Size::Small };
        return;
    }
    let ground = Ground::of(app, seen, frame);
    let about = cursor_at(app, seen);
    zoom_about(app, &ground, about, nearer);
}

/// Zooms so that a point stays where it is on the screen.
pub(super) fn zoom_about(app: &mut App, ground: &Ground, about: [f32; 2], nearer: bool) {
    let place = &mut app.places.latent;
    let times = place.zoom.map_or(0, |zoom| zoom.times);
    let wanted = if nearer {
        (times + 1).min(Zoom::MOST)
    } else {
        times.saturating_sub(1)
    };
    if wanted == 0 {
        place.zoom = None;
        return;
    }
    let whole = Axes {
        shown: None,
        ..ground.axes
    };
    let (Some(on_screen), Some(along)) = (ground.axes.parts(about), whole.parts(about)) else {
        return;
    };
    let size = 1.0 / Zoom::factor(wanted);
    let middle = [0, 1].map(|axis: usize| {
        let on_screen = on_screen[axis].clamp(0.0, 1.0);
        let middle = along[axis].clamp(0.0, 1.0) + (0.5 - on_screen) * size;
        middle.clamp(size / 2.0, 1.0 - size / 2.0)
    });
    place.zoom = whole.point(middle).map(|middle| Zoom {
        middle,
        times: wanted,
    });
}

fn hand_over(app: &mut App) {
    if app.plan.kind.has_more_than_a_map() {
        let place = &mut app.places.latent;
        place.holds_values = !place.holds_values;
    } else {
        say(
            app,
            "the map shows all of this code: h j k l move through it",
        );
    }
}

/// Makes the chosen value an axis of the plane.
fn set_axis(app: &mut App, seen: &Observation, axis: usize) {
    let last = app.plan.kind.code.values().saturating_sub(1);
    plane::set_axis(app, seen, axis, app.places.latent.value.min(last));
}

/// Chooses another value, or changes the chosen one.
fn slide(app: &mut App, seen: &Observation, towards: Towards, values: isize, part: f32) {
    let Some(answer) = answer(seen) else { return };
    let count = answer.cursor.code.len();
    let value = app.places.latent.value.min(count.saturating_sub(1));
    match towards {
        Towards::Up => choose(app, count, value as isize - values),
        Towards::Down => choose(app, count, value as isize + values),
        Towards::Left => change(app, answer, value, -part),
        Towards::Right => change(app, answer, value, part),
    }
}

fn choose(app: &mut App, count: usize, value: isize) {
    let last = count.saturating_sub(1) as isize;
    app.places.latent.value = value.clamp(0, last) as usize;
}

/// Moves a value by a part of its reach; it stays within it.
fn change(app: &mut App, answer: &LatentAnswer, value: usize, part: f32) {
    let Some(scale) = answer.scales.get(value) else {
        return;
    };
    let now = answer.cursor.code[value];
    set(app, answer, value, now + part * (scale.high - scale.low));
}

/// Sets a value of the cursor's code.
pub(super) fn set(app: &mut App, answer: &LatentAnswer, value: usize, to: f32) {
    let Some(scale) = answer.scales.get(value) else {
        return;
    };
    let mut code = answer.cursor.code.clone();
    let wanted = to.clamp(scale.low, scale.high);
    if let Some(value) = code.get_mut(value)
        && wanted.is_finite()
    {
        *value = wanted;
        if !code.iter().all(|value| value.is_finite()) {
            return;
        }
        app.places.latent.value = app.places.latent.value.min(code.len() - 1);
        app.places.latent.put_on(code);
    }
}

/// A page of sliders on or back.
fn turn_page(app: &mut App, frame: &Frame, pages: isize) {
    let page = super::sliders::page(app, frame) as isize;
    let value = app.places.latent.value as isize;
    choose(app, app.plan.kind.code.values(), value + pages * page);
}

/// One level back. Whether there was one.
fn back(app: &mut App) -> bool {
    let place = &mut app.places.latent;
    if place.stop() {
        return true;
    }
    if place.holds_values {
        place.holds_values = false;
        return true;
    }
    if place.pins.iter().any(Option::is_some) {
        place.pins = [None, None];
        return true;
    }
    place.zoom.take().is_some()
}
