//! The latent space around a cursor: what the network makes of places, and how far they are from
//! the nearest real code.
//!
//! Places are decoded with the weights that are looked at; where real codes are, the last map
//! of all held-out images says. A cursor that moves alone has the path and the grid as they were.

mod pair;
mod plane;

use std::sync::Arc;

use ndarray::Array2;

use super::{
    Scope,
    neighbourhood::{Neighbourhood, Yardstick},
};
use crate::{
    measure::{Gaps, Verdict},
    message::{Base, Cell, Dot, Gap, Here, LatentAnswer, LatentAsk, Map, Near, SplitName, Spot},
};
use pair::Pair;
use plane::Plane;

/// Places of a path that are held against real codes, for its way over the map. In a long code
/// each is dear.
const LINE: usize = 96;
const LINE_OF_MANY: usize = 24;
/// A code of so many values shows all of itself on the map.
const FEW_VALUES: usize = 2;

/// What was answered last, for a cursor that moves alone.
#[derive(Default)]
pub(super) struct Latent {
    path: Option<(PathKey, Path)>,
    grid: Option<(GridKey, Arc<[Cell]>)>,
    /// The map of the two values that were last asked for.
    pair: Option<Pair>,
}

/// Places along a path, and its way over the map.
type Path = (Arc<[Here]>, Arc<[Dot]>);

/// Which weights, and what their places are held against.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Moment {
    step: u64,
    yardstick: Yardstick,
}

/// What a path hangs on: its ends, and whether they are real images.
#[derive(PartialEq)]
struct PathKey {
    moment: Moment,
    /// The two values that the plane is of, if it is not the map's.
    values: Option<[usize; 2]>,
    ends: [Vec<f32>; 2],
    real: [bool; 2],
    frames: usize,
}

/// What a grid hangs on.
#[derive(PartialEq)]
struct GridKey {
    moment: Moment,
    codes: Vec<Vec<f32>>,
}

impl Latent {
    /// The answer to it.
    pub(super) fn answer(
        &mut self,
        ask: &LatentAsk,
        around: &mut Neighbourhood,
        scope: &Scope,
    ) -> LatentAnswer {
        let moment = Moment {
            step: scope.snapshot.step,
            yardstick: around.attend(scope),
        };
        let around = &*around;
        let values = ask.values.filter(|values| {
            let is_one = |value: &usize| *value < scope.sample.code.len();
            values.iter().all(is_one) && values[0] != values[1]
        });
        let plane = Plane::of(values, scope);
        let map = values.and_then(|values| Pair::map(&mut self.pair, values, scope));
        let ends = [0, 1].map(|end: usize| plane.code(&ask.ends[end]));
        let code = match ask.along {
            Some(part) => between(&ends[0], &ends[1], part),
            None => plane.code(&ask.cursor),
        };
        let is_real = match ask.along {
            Some(_) => false,
            None => is_the_chosen(&ask.cursor),
        };
        let picture = decode(std::slice::from_ref(&code), scope).remove(0);
        let mut cursor = Here {
            at: plane.place(&code),
            gap: gap_of(&code, is_real, around),
            picture,
            code,
        };
        if let (None, Some(at)) = (ask.along, ask.cursor.at) {
            // Where it was put, though the code may have been cut at zero.
            cursor.at = at;
        }
        let key = PathKey {
            moment,
            values,
            real: [0, 1].map(|end: usize| is_the_chosen(&ask.ends[end])),
            ends,
            frames: ask.frames,
        };
        let (path, line) = self.path(key, &plane, around, scope);
        let studied = around.studied();
        LatentAnswer {
            step: scope.snapshot.step,
            real_at: scope.survey.map(|survey| survey.step),
            nearest: nearest(&cursor.code, is_real, ask, map.as_deref(), around, scope),
            usual: studied
                .gaps
                .as_ref()
                .filter(|_| moment.yardstick.judges)
                .and_then(Gaps::usual),
            scales: Arc::clone(&studied.scales),
            share: match values {
                Some(values) => studied.share_of(values),
                None => studied.share,
            },
            plane: map,
            chosen: scope.sample.code.clone(),
            grid: self.grid(ask, moment, &plane, around, scope),
            cursor,
            path,
            line,
        }
    }

    /// The path and its way over the map.
    fn path(&mut self, key: PathKey, plane: &Plane, around: &Neighbourhood, scope: &Scope) -> Path {
        if let Some((known, path)) = &self.path
            && *known == key
        {
            return path.clone();
        }
        let [a, b] = &key.ends;
        let codes: Vec<Vec<f32>> = evenly(a, b, key.frames).collect();
        let mut gaps = around.gaps(&codes, scope);
        // An end that is an image is no gap's width from one, whenever the map was drawn.
        if let [first, .., last] = &mut gaps[..] {
            for (gap, real) in [first, last].into_iter().zip(key.real) {
                *gap = if real { Some(NO_GAP) } else { *gap };
            }
        }
        let pictures = decode(&codes, scope).into_iter();
        let heres = codes.into_iter().zip(pictures).zip(gaps);
        let path: Arc<[Here]> = heres
            .map(|((code, picture), gap)| Here {
                at: plane.place(&code),
                picture,
                gap,
                code,
            })
            .collect();
        let places = if a.len() > FEW_VALUES {
            LINE_OF_MANY
        } else {
            LINE
        };
        let codes: Vec<Vec<f32>> = evenly(a, b, places).collect();
        let gaps = around.gaps(&codes, scope);
        let line: Arc<[Dot]> = codes
            .iter()
            .zip(gaps)
            .map(|(code, gap)| Dot {
                at: plane.place(code),
                verdict: verdict_of(gap),
            })
            .collect();
        let (_, path) = self.path.insert((key, (path, line)));
        path.clone()
    }

    /// The plane as pictures.
    fn grid(
        &mut self,
        ask: &LatentAsk,
        moment: Moment,
        plane: &Plane,
        around: &Neighbourhood,
        scope: &Scope,
    ) -> Arc<[Cell]> {
        let codes = ask.grid.iter().map(|&at| {
            let base = ask.cursor.base.clone();
            plane.code(&Spot { base, at: Some(at) })
        });
        let codes = codes.collect();
        let key = GridKey { moment, codes };
        if let Some((known, grid)) = &self.grid
            && *known == key
        {
            return Arc::clone(grid);
        }
        let pictures = decode(&key.codes, scope).into_iter();
        let gaps = around.gaps(&key.codes, scope).into_iter();
        let grid: Arc<[Cell]> = pictures.zip(gaps.map(verdict_of)).collect();
        self.grid = Some((key, Arc::clone(&grid)));
        grid
    }
}

/// An image is where it is.
const NO_GAP: Gap = Gap {
    distance: 0.0,
    judged: Some((0.0, Verdict::Among)),
};

/// Whether a place is the chosen image's own.
fn is_the_chosen(spot: &Spot) -> bool {
    (&spot.base, spot.at) == (&Base::Chosen, None)
}

fn gap_of(code: &[f32], is_real: bool, around: &Neighbourhood) -> Option<Gap> {
    if is_real {
        return Some(NO_GAP);
    }
    around.gap(code)
}

fn verdict_of(gap: Option<Gap>) -> Option<Verdict> {
    Some(gap?.judged?.1)
}

/// The real image that is nearest, among those that are asked for: the chosen one to itself.
fn nearest(
    code: &[f32],
    is_real: bool,
    ask: &LatentAsk,
    map: Option<&Map>,
    around: &Neighbourhood,
    scope: &Scope,
) -> Option<Near> {
    let (test, survey) = (&scope.data.test, scope.survey?);
    let counts = |number: usize| {
        let labels = ask.labels.as_ref();
        labels.is_none_or(|labels| labels.contains(&test.label(number)))
    };
    let own = scope.chosen.index;
    let itself = is_real && scope.chosen.split == SplitName::Test && counts(own);
    let (index, distance) = if itself {
        (own, 0.0)
    } else {
        around.nearby()?.nearest(code, counts)?
    };
    Some(Near {
        index,
        label: test.label(index),
        at: map.unwrap_or(&survey.map).points.get(index).copied()?,
        picture: test.pixels_of(index),
        distance,
    })
}

/// The pictures of codes.
fn decode(codes: &[Vec<f32>], scope: &Scope) -> Vec<Vec<f32>> {
    if codes.is_empty() {
        return Vec::new();
    }
    let latent = codes.first().map_or(0, Vec::len);
    let codes = Array2::from_shape_vec((codes.len(), latent), codes.concat())
        .expect("all codes are of one length");
    let pictures = scope.lens.decode(codes.view());
    pictures
        .rows()
        .into_iter()
        .map(|row| row.to_vec())
        .collect()
}

/// The code a part of the way from one to another; at either end exactly that one.
fn between(a: &[f32], b: &[f32], part: f32) -> Vec<f32> {
    let mixed = |(a, b): (&f32, &f32)| a * (1.0 - part) + b * part;
    a.iter().zip(b).map(mixed).collect()
}

/// So many codes from one to another, both ends among them.
fn evenly<'a>(a: &'a [f32], b: &'a [f32], count: usize) -> impl Iterator<Item = Vec<f32>> + 'a {
    let last = count.saturating_sub(1).max(1) as f32;
    (0..count).map(move |place| between(a, b, place as f32 / last))
}

#[cfg(test)]
mod tests;
