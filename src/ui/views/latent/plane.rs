//! Which plane is walked on: the map's own, or one of two of the code's values, where all others
//! stay those of the chosen sample.
//!
//! What is wanted is remembered by the [place](super::place::Place); what is shown is what the last
//! answer has, which may be a moment behind.

use super::act::say;
use crate::{
    message::{LatentAnswer, Map, Observation, Plane},
    nn::CodeShape,
    ui::app::App,
};

/// Where an axis goes, as the places of a point's numbers are counted.
pub(super) const ACROSS: usize = 0;
pub(super) const UP: usize = 1;

const ALL_IS_SHOWN: &str = "the map shows all of this code";

/// The map that is shown.
pub(super) fn map(seen: &Observation) -> &Map {
    let answer = seen.answers.latent.as_ref();
    let pair = answer.and_then(|answer| answer.plane.as_deref());
    pair.unwrap_or(&seen.map)
}

/// The two values that are the axes of what is shown, if it is not the map's own plane.
pub(super) fn shown(seen: &Observation) -> Option<[usize; 2]> {
    match map(seen).plane {
        Plane::Pair(values) => Some(values),
        _ => None,
    }
}

/// The two values that are to be the axes, if the code has them.
pub(super) fn wanted(app: &App) -> Option<[usize; 2]> {
    app.places.latent.values.filter(|pair| has(app, *pair))
}

/// Whether what is shown is what is wanted.
pub(super) fn is_there(app: &App, seen: &Observation) -> bool {
    shown(seen) == wanted(app)
}

fn has(app: &App, pair: [usize; 2]) -> bool {
    let count = app.plan.kind.code.values();
    app.plan.kind.has_more_than_a_map() && pair.iter().all(|value| *value < count)
}

/// What a value is called.
pub(super) fn name(shape: CodeShape, value: usize) -> String {
    match shape {
        CodeShape::Values(_) => format!("value {}", value + 1),
        CodeShape::Maps { size, .. } => {
            let pixels = size.pixels().max(1);
            format!("map {} {}", value / pixels + 1, pixel(shape, value))
        }
    }
}

/// What it is called among those of its map, or of all.
pub(super) fn pixel(shape: CodeShape, value: usize) -> String {
    match shape {
        CodeShape::Values(_) => (value + 1).to_string(),
        CodeShape::Maps { size, .. } => {
            let (width, within) = (size.width.max(1), value % size.pixels().max(1));
            format!("{},{}", within / width + 1, within % width + 1)
        }
    }
}

/// From the map's own plane to that of two values, and back.
pub(super) fn turn(app: &mut App, seen: &Observation) {
    if !app.plan.kind.has_more_than_a_map() {
        return say(app, ALL_IS_SHOWN);
    }
    let pair = match wanted(app) {
        Some(_) => None,
        None => Some(pair_at_hand(app, seen)),
    };
    app.places.latent.turn_to(pair, None);
}

/// Makes a value an axis of the plane. One that was the other axis changes places with it.
pub(super) fn set_axis(app: &mut App, seen: &Observation, axis: usize, value: usize) {
    let mut pair = pair_at_hand(app, seen);
    if pair[1 - axis] == value {
        pair.swap(ACROSS, UP);
    }
    pair[axis] = value;
    span(app, seen, value, pair);
}

/// The value that is pointed at becomes the axis across, the one that was it the axis up.
pub(super) fn point_at(app: &mut App, seen: &Observation, value: usize) {
    match pair_at_hand(app, seen) {
        [across, up] if across == value => span(app, seen, value, [up, across]),
        [across, _] => span(app, seen, value, [value, across]),
    }
}

/// Turns to the plane of two values, one of which was asked for.
fn span(app: &mut App, seen: &Observation, asked: usize, pair: [usize; 2]) {
    let shape = app.plan.kind.code;
    if !app.plan.kind.has_more_than_a_map() {
        return say(app, ALL_IS_SHOWN);
    }
    let answer = seen.answers.latent.as_deref();
    let scale = answer.and_then(|answer| answer.scales.get(asked));
    if scale.is_some_and(|scale| scale.dead) {
        let words = format!("{} is dead: it is 0 for every image", name(shape, asked));
        return say(app, &words);
    }
    let at_hand = answer.filter(|_| is_there(app, seen));
    let moved = at_hand.and_then(|answer| place_on(&answer.cursor.code, pair));
    app.places.latent.turn_to(Some(pair), moved);
}

fn place_on(code: &[f32], pair: [usize; 2]) -> Option<[f32; 2]> {
    let at = [*code.get(pair[0])?, *code.get(pair[1])?];
    // What is no place cannot be told from itself.
    at.iter().all(|value| value.is_finite()).then_some(at)
}

/// The two values that are the axes, or were, or else those that reach farthest.
fn pair_at_hand(app: &App, seen: &Observation) -> [usize; 2] {
    let before = || app.places.latent.values_before;
    let known = wanted(app).or_else(|| before().filter(|pair| has(app, *pair)));
    known.unwrap_or_else(|| seen.answers.latent.as_deref().map_or([0, 1], farthest))
}

/// The two values that reach farthest, in their order; before that is known, those that the chosen
/// sample has most of.
fn farthest(answer: &LatentAnswer) -> [usize; 2] {
    let reaches: Vec<f32> = if answer.scales.is_empty() {
        answer.chosen.iter().map(|value| value.abs()).collect()
    } else {
        let scales = answer.scales.iter();
        scales.map(|scale| scale.high - scale.low).collect()
    };
    let mut order: Vec<usize> = (0..reaches.len()).collect();
    order.sort_by(|&one, &other| reaches[other].total_cmp(&reaches[one]));
    match order[..] {
        [one, other, ..] => [one.min(other), one.max(other)],
        _ => [0, 1],
    }
}
