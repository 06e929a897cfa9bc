//! The latent space around a cursor: what the network makes of places, and how far they are from
//! the nearest real code.
//!
//! Places are decoded with the weights that are looked at; where real codes are, the last map
//! of all held-out images says.

mod pair;
mod plane;
mod scales;

use std::sync::Arc;

use ndarray::Array2;

use super::Scope;
use crate::{
    measure::{Gaps, Nearby},
    message::{Dot, Gap, Here, LatentAnswer, LatentAsk, Map, Near, Scale, Spot},
};
use pair::Pair;
use plane::Plane;

/// Places of a path that are held against real codes, for its way over the map. In a long code
/// each is dear.
const LINE: usize = 96;
const LINE_OF_MANY: usize = 24;
/// A code of so many values shows all of itself on the map.
const FEW_VALUES: usize = 2;

/// What has been studied for them.
#[derive(Default)]
pub(super) struct Latent {
    real: Option<Real>,
    studied: Studied,
    /// The map of the two values that were last asked for.
    pair: Option<Pair>,
    /// Whether that judges the codes that are looked at.
    judges: bool,
}

/// The real codes, ready to be searched.
struct Real {
    codes: Arc<Array2<f32>>,
    nearby: Nearby,
}

/// What all real codes have come to.
#[derive(Default)]
struct Studied {
    /// The step of the codes.
    step: u64,
    gaps: Option<Gaps>,
    scales: Arc<[Scale]>,
    /// The part of the variance that the map's own plane holds, and that of each value.
    share: Option<f32>,
    shares: Vec<f32>,
}

impl Latent {
    /// Studies all images for it.
    pub(super) fn study(&mut self, scope: &Scope) {
        let Some(survey) = scope.survey else { return };
        let codes = survey.codes.view();
        self.studied = Studied {
            step: survey.step,
            gaps: Some(Gaps::of(
                codes,
                &self.real(&survey.codes).nearby,
                scope.pool,
            )),
            scales: scales::of(codes).into(),
            share: survey.projection.share(codes),
            shares: scales::shares(codes),
        };
    }

    fn real(&mut self, codes: &Arc<Array2<f32>>) -> &Real {
        let kept = self.real.take();
        let kept = kept.filter(|real| Arc::ptr_eq(&real.codes, codes));
        self.real.insert(kept.unwrap_or_else(|| Real {
            codes: Arc::clone(codes),
            nearby: Nearby::of(codes.view()),
        }))
    }

    /// The answer to it.
    pub(super) fn answer(&mut self, ask: &LatentAsk, scope: &Scope) -> LatentAnswer {
        if let Some(survey) = scope.survey {
            self.real(&survey.codes);
            self.judges = self.studied.step <= survey.step && scope.is_of_now(self.studied.step);
        }
        let values = ask.values.filter(|values| {
            let is_one = |value: &usize| *value < scope.sample.code.len();
            values.iter().all(is_one) && values[0] != values[1]
        });
        let plane = Plane::of(values, scope);
        let map = values.and_then(|values| Pair::map(&mut self.pair, values, scope));
        let [a, b] = [0, 1].map(|end: usize| plane.code(&ask.ends[end]));
        let cursor = match ask.along {
            Some(part) => between(&a, &b, part),
            None => plane.code(&ask.cursor),
        };
        let path = evenly(&a, &b, ask.frames);
        let grid = ask.grid.iter().map(|&at| {
            let base = ask.cursor.base.clone();
            plane.code(&Spot { base, at: Some(at) })
        });
        let codes: Vec<Vec<f32>> = std::iter::once(cursor).chain(path).chain(grid).collect();
        let mut pictures = decode(&codes, scope).into_iter();
        let mut heres = codes.into_iter().map(|code| Here {
            at: plane.place(&code),
            picture: pictures.next().unwrap_or_default(),
            gap: self.gap(&code),
            code,
        });
        let mut cursor = heres.next().expect("the cursor is somewhere");
        let path: Vec<Here> = heres.by_ref().take(ask.frames).collect();
        let grid = heres.map(|here| {
            let judged = here.gap.and_then(|gap| gap.judged);
            (here.picture, judged.map(|(_, verdict)| verdict))
        });
        let grid = grid.collect();
        if let (None, Some(at)) = (ask.along, ask.cursor.at) {
            // Where it was put, though the code may have been cut at zero.
            cursor.at = at;
        }
        LatentAnswer {
            step: scope.snapshot.step,
            nearest: self.nearest(&cursor.code, ask, map.as_deref(), scope),
            usual: self.studied.gaps.as_ref().and_then(Gaps::usual),
            line: self.line(&a, &b, &plane),
            scales: Arc::clone(&self.studied.scales),
            share: match values {
                Some(values) => self.share_of(values),
                None => self.studied.share,
            },
            plane: map,
            chosen: scope.sample.code.clone(),
            cursor,
            path,
            grid,
        }
    }

    /// How far a place is from the data. What was studied of a later moment does not judge it.
    fn gap(&self, code: &[f32]) -> Option<Gap> {
        let (_, distance) = self.real.as_ref()?.nearby.nearest(code, |_| true)?;
        let gaps = self.studied.gaps.as_ref().filter(|_| self.judges);
        let judged = gaps.and_then(|gaps| {
            let narrower = gaps.narrower(distance)?;
            Some((narrower, gaps.verdict(distance)?))
        });
        Some(Gap { distance, judged })
    }

    fn share_of(&self, values: [usize; 2]) -> Option<f32> {
        let shares = values.map(|value| self.studied.shares.get(value).copied());
        Some(shares[0]? + shares[1]?)
    }

    fn nearest(
        &self,
        code: &[f32],
        ask: &LatentAsk,
        map: Option<&Map>,
        scope: &Scope,
    ) -> Option<Near> {
        let (test, survey) = (&scope.data.test, scope.survey?);
        let counts = |number: usize| {
            let labels = ask.labels.as_ref();
            labels.is_none_or(|labels| labels.contains(&test.label(number)))
        };
        let (index, distance) = self.real.as_ref()?.nearby.nearest(code, counts)?;
        let pixels = test.image(index).iter();
        Some(Near {
            index,
            label: test.label(index),
            at: map.unwrap_or(&survey.map).points.get(index).copied()?,
            picture: pixels.map(|&byte| f32::from(byte) / 255.0).collect(),
            distance,
        })
    }

    fn line(&self, a: &[f32], b: &[f32], plane: &Plane) -> Vec<Dot> {
        let places = if a.len() > FEW_VALUES {
            LINE_OF_MANY
        } else {
            LINE
        };
        let dot = |code: Vec<f32>| Dot {
            at: plane.place(&code),
            verdict: self.gap(&code).and_then(|gap| Some(gap.judged?.1)),
        };
        evenly(a, b, places).map(dot).collect()
    }
}

/// The pictures of codes.
fn decode(codes: &[Vec<f32>], scope: &Scope) -> Vec<Vec<f32>> {
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
