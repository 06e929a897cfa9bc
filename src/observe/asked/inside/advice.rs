//! What is amiss with a network, from measured facts alone. The rules stand here; the words
//! for them are the screen's.

use crate::{
    lens::{LayerPlace, Norms, UnitRecord, UnitStudy},
    message::{Finding, LayerSeen},
};

/// Of a layer's units so many have to be dead before it is worth a word: a quarter.
const MANY_DEAD: usize = 4;
/// A layer is pulled at by so many times its own weights.
const EXPLODING: f32 = 10.0;
/// So near to the loss of the mean image nothing else is drawn.
const AVERAGE: f32 = 0.01;
/// Code values that differ from image to image by less than this part of themselves are the same.
const SAME: f64 = 1e-3;
/// A value of a Gaussian code whose part of KL (see [`Code`](crate::nn::Code)) is less than so
/// many nats says nothing of an image. Burda, Grosse and Salakhutdinov (2016, appendix C) call a
/// value active when the variance of its means is above 0.01; half of that variance is a part of KL.
const SAYS_NOTHING: f32 = 0.01;

/// What was measured.
pub(super) struct Facts<'a> {
    pub(super) layers: &'a [LayerSeen],
    pub(super) study: Option<&'a UnitStudy>,
    pub(super) norms: Option<&'a [Norms]>,
    /// What Adam adds to the root of a derivative's mean square: weights that are pulled at by less
    /// than this take shorter and shorter steps (Kingma and Ba 2015, algorithm 1).
    pub(super) epsilon: f32,
    /// The objective counts every pixel's loss as often.
    pub(super) pixel_weight: f64,
    /// The cross-entropy of the held-out images, and that of the mean image.
    pub(super) held_out: Option<f32>,
    pub(super) mean_image: Option<f32>,
}

/// What is amiss, the gravest first.
pub(super) fn findings(facts: &Facts) -> Vec<Finding> {
    let collapsed = collapsed(facts).then_some(Finding::Collapsed);
    let average = only_average(facts).then_some(Finding::OnlyAverage);
    let all = exploding(facts).into_iter();
    let all = all.chain(collapsed).chain(average).chain(vanishing(facts));
    all.chain(dead(facts)).chain(in_use(facts)).collect()
}

fn exploding(facts: &Facts) -> Option<Finding> {
    let layer = facts.norms?.iter().position(|norms| {
        f64::from(norms.gradient) > facts.pixel_weight * f64::from(EXPLODING * norms.weight)
    })?;
    Some(Finding::Exploding { layer })
}

fn vanishing(facts: &Facts) -> Option<Finding> {
    let mut norms = facts.norms?.iter();
    let layer = norms.position(|norms| norms.pull() < facts.epsilon)?;
    Some(Finding::Vanishing { layer })
}

fn only_average(facts: &Facts) -> bool {
    match (facts.held_out, facts.mean_image) {
        (Some(held_out), Some(mean)) => (held_out / mean - 1.0).abs() < AVERAGE,
        _ => false,
    }
}

/// Whether every value of the code is the same for all images.
fn collapsed(facts: &Facts) -> bool {
    let code = facts
        .layers
        .iter()
        .find(|seen| seen.layer.place == LayerPlace::Code);
    let (Some(study), Some(code)) = (facts.study, code) else {
        return false;
    };
    let units = study.units.get(code.layer.range()).unwrap_or_default();
    let images = study.images as f64;
    study.images > 1
        && !units.is_empty()
        && units.iter().all(|unit| {
            let (mean, square) = (unit.sum / images, unit.squares / images);
            (square - mean * mean).max(0.0) <= SAME * SAME * square
        })
}

fn dead(facts: &Facts) -> Option<Finding> {
    let (layer, seen) = facts
        .layers
        .iter()
        .enumerate()
        .filter(|(_, seen)| seen.dead_count() * MANY_DEAD >= seen.dead.len().max(1))
        .max_by_key(|(_, seen)| seen.dead_count())?;
    let units = (0..seen.dead.len()).filter(|unit| seen.dead[*unit]);
    Some(Finding::Dead {
        layer,
        units: units.collect(),
        of: seen.dead.len(),
    })
}

/// How many values of a Gaussian code cost anything. What they cost stands behind the means,
/// so that the next layer begins later than the code's values end.
fn in_use(facts: &Facts) -> Option<Finding> {
    let study = facts.study?;
    let pair = facts
        .layers
        .windows(2)
        .find(|pair| pair[0].layer.range().end < pair[1].layer.first)?;
    let costs = pair[0].layer.range().end..pair[1].layer.first;
    let mean = |unit: &UnitRecord| (unit.sum / study.images as f64) as f32;
    let costs: Vec<f32> = study.units.get(costs)?.iter().map(mean).collect();
    Some(Finding::InUse {
        used: costs.iter().filter(|cost| **cost > SAYS_NOTHING).count(),
        costs,
    })
}

#[cfg(test)]
mod followed;
#[cfg(test)]
mod tests;
