//! What the layers do: answered from the weights and the chosen sample, and from what has
//! been studied of all held-out images.
//!
//! The study goes in pieces, so that keys are heard between them: what every unit says of all
//! images, the same an epoch before, where a moment of it is kept, and then the norms of a few
//! moments at a time.

mod advice;
mod film;
pub(in crate::observe) mod pictures;
mod study;

use std::sync::Arc;

use super::Scope;
use crate::{
    lens::{ImageMaps, UnitLayer},
    message::{
        Finding, Fit, Gallery, InsideAnswer, InsideAsk, LayerSeen, SampleId, Sight, Tile, UnitMap,
        UnitOrder, UnitSeen,
    },
    nn::Objective,
};
use film::NormsOfFilm;
use pictures::Painter;
use study::Study;

/// Tiles at either side of the chosen one: as many as two galleries show at most.
const AROUND: usize = 96;
/// The images that excite the chosen unit most.
const BEST: usize = 16;

/// What has been studied for them.
#[derive(Default)]
pub(super) struct Inside {
    study: Study,
    film: NormsOfFilm,
    painter: Painter,
    orders: Vec<(Sight, Asked, Arc<[usize]>)>,
}

/// What an order hangs on: until it is another, units keep their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    order: UnitOrder,
    ordered: u64,
    /// By what they say: of which sample.
    sample: Option<SampleId>,
    /// Whether it was known then who is dead.
    studied: bool,
}

impl Inside {
    /// Studies a piece of it. Whether that was the last.
    pub(super) fn study(&mut self, _ask: &InsideAsk, scope: &Scope) -> bool {
        self.study.all_images(scope) && self.study.an_epoch_before(scope) && self.film.go_on(scope)
    }

    /// The answer to it.
    pub(super) fn answer(&mut self, ask: &InsideAsk, scope: &Scope) -> InsideAnswer {
        let layers = self.layers(scope);
        let sights = Sight::all(layers.iter().map(|seen| &seen.layer));
        let chosen = ask.sight.min(sights.len() - 1);
        let shown = if ask.alone {
            vec![chosen]
        } else {
            Sight::first_and_last(&sights, &layers).into()
        };
        let sample = scope.sample;
        let maps = ImageMaps::all(
            &scope.snapshot.net,
            sample.noisy.as_ref().unwrap_or(&sample.original),
        );
        let mut gallery = |sight: usize| {
            let cursor = ask.cursors.get(sight).copied().flatten();
            let seen = &layers[sights[sight].layer];
            let order = self.order(sights[sight], seen, ask, scope);
            let unit = cursor.unwrap_or_else(|| order.first().copied().unwrap_or(0));
            let at = order.iter().position(|other| *other == unit);
            let at = at.unwrap_or(0);
            let first = at.saturating_sub(AROUND);
            let around = &order[first..order.len().min(at + AROUND)];
            let mut tile = |unit| self.tile(sights[sight], seen, unit, &maps, scope);
            let tiles = around.iter().map(|unit| tile(*unit)).collect();
            let gallery = Gallery {
                sight,
                order: Arc::clone(&order),
                at,
                first,
                tiles,
            };
            (gallery, unit.min(seen.layer.units.saturating_sub(1)))
        };
        let (of_chosen, unit) = gallery(chosen);
        let galleries = shown.into_iter().map(|sight| {
            if sight == chosen {
                of_chosen.clone()
            } else {
                gallery(sight).0
            }
        });
        let galleries = galleries.collect();
        let seen = &layers[sights[chosen].layer];
        let tile = self.tile(sights[chosen], seen, unit, &maps, scope);
        let unit = self.unit(chosen, seen, tile, scope);
        let (norms_at, norms_here) = self.film.of_step(scope.snapshot.step).unzip();
        // What was measured of another moment judges nothing of this one.
        let judges = |step: Option<u64>| step.is_some_and(|step| scope.is_of_now(step));
        let studied = self.study.known().filter(|_| judges(self.study.step()));
        let facts = advice::Facts {
            layers: &layers,
            study: studied,
            norms: norms_here.as_deref().filter(|_| judges(norms_at)),
            held_out: mean_cost(scope),
            mean_image: self.study.mean_image(),
            epsilon: scope.recipe.adam().epsilon as f32,
            pixel_weight: Objective::pixel_weight(
                scope.recipe.architecture().code(),
                scope.recipe.image.pixels(),
            ),
        };
        let mut findings = advice::findings(&facts);
        findings.retain(|finding| studied.is_some() || !matches!(finding, Finding::Dead { .. }));
        InsideAnswer {
            step: scope.snapshot.step,
            sample: scope.chosen,
            norms: self.film.columns(scope),
            norms_here,
            norms_at,
            studied_at: self.study.step(),
            studied: self.study.known().map(|known| known.images),
            findings,
            unit,
            galleries,
            sights,
            layers,
        }
    }

    fn layers(&self, scope: &Scope) -> Vec<LayerSeen> {
        let all = UnitLayer::all(&scope.recipe.architecture());
        let says = scope
            .lens
            .unit_answers(scope.chosen.split.of(scope.data), scope.chosen.index);
        let last = all.len() - 1;
        // Who was dead at another moment need not be now.
        let of_now = self.study.step().is_some_and(|step| scope.is_of_now(step));
        let seen = |(number, layer): (usize, UnitLayer)| {
            if number == last {
                return LayerSeen {
                    layer,
                    says: Vec::new(),
                    dead: Vec::new(),
                };
            }
            LayerSeen {
                says: says[layer.range()].to_vec(),
                dead: if of_now {
                    self.study.dead(&layer)
                } else {
                    Vec::new()
                },
                layer,
            }
        };
        all.into_iter().enumerate().map(seen).collect()
    }

    /// The units of a sight in the order that was asked for last: live ones only.
    fn order(
        &mut self,
        sight: Sight,
        seen: &LayerSeen,
        ask: &InsideAsk,
        scope: &Scope,
    ) -> Arc<[usize]> {
        let asked = Asked {
            order: ask.order,
            ordered: ask.ordered,
            sample: (ask.order == UnitOrder::Answer).then_some(scope.chosen),
            studied: self.study.known().is_some(),
        };
        let known = self.orders.iter().find(|(of, _, _)| *of == sight);
        if let Some((_, before, order)) = known
            && *before == asked
            && order.iter().all(|unit| *unit < seen.layer.units)
        {
            return Arc::clone(order);
        }
        let live = |unit: &usize| !seen.dead.get(*unit).copied().unwrap_or(false);
        let mut units: Vec<usize> = (0..seen.layer.units).filter(live).collect();
        if ask.order == UnitOrder::Answer {
            units.sort_by(|a, b| seen.says[*b].total_cmp(&seen.says[*a]).then(a.cmp(b)));
        }
        let order: Arc<[usize]> = units.into();
        self.orders.retain(|(of, _, _)| *of != sight);
        self.orders.push((sight, asked, Arc::clone(&order)));
        order
    }

    fn tile(
        &mut self,
        sight: Sight,
        seen: &LayerSeen,
        unit: usize,
        maps: &[ImageMaps],
        scope: &Scope,
    ) -> Tile {
        let (size, picture) = self
            .painter
            .picture(sight, &seen.layer, unit, scope, &self.study);
        let map = maps.get(sight.layer).and_then(|maps| {
            let most = maps.values.iter().copied().fold(0.0, f32::max);
            let scale = if most > 0.0 { most } else { 1.0 };
            let values = maps.map(unit)?.iter().map(|value| value / scale).collect();
            Some(UnitMap {
                size: maps.size,
                values,
            })
        });
        Tile {
            unit,
            size,
            picture,
            map,
            says: seen.says.get(unit).copied().unwrap_or(0.0),
            dead: seen.dead.get(unit).copied().unwrap_or(false),
        }
    }

    fn unit(&self, sight: usize, seen: &LayerSeen, tile: Tile, scope: &Scope) -> UnitSeen {
        let record = self.study.record(&seen.layer, tile.unit);
        let best = record.map_or(&[][..], |record| &record.best);
        let test = &scope.data.test;
        let fit = |&(index, says): &(usize, f32)| Fit {
            index,
            label: test.label(index),
            says,
            pixels: test.pixels_of(index),
        };
        UnitSeen {
            sight,
            silent: record.map(|record| record.silent),
            best: best.iter().take(BEST).map(fit).collect(),
            tile,
        }
    }
}

/// What the held-out images cost on average at this moment, if that is known.
fn mean_cost(scope: &Scope) -> Option<f32> {
    let survey = scope.survey.filter(|survey| scope.is_of_now(survey.step))?;
    let costs = survey.costs.as_ref()?;
    Some(scope.lens.mean(costs).reconstruction)
}

#[cfg(test)]
mod tests;
