//! When a chapter stops: conditions on what was measured, never steps.

use crate::message::{About, Observation, Phase};

/// Before the first step, or the earliest moment that is kept.
pub(super) fn start(seen: &Observation) -> u64 {
    let first = seen.tape.steps.first();
    first.copied().unwrap_or(0).min(seen.moment.step)
}

/// After the first step.
pub(super) fn first_step(seen: &Observation) -> Option<u64> {
    (seen.moment.step > 0).then_some(1)
}

/// Below one grey.
pub(super) fn below_one_grey(seen: &Observation) -> Option<u64> {
    milestone(seen, "below one grey")
}

/// Near the average.
pub(super) fn near_the_average(seen: &Observation) -> Option<u64> {
    told(seen, |about| matches!(about, About::Average))
        .or_else(|| milestone(seen, "below the average"))
}

/// Below the principal components.
pub(super) fn below_the_rival(seen: &Observation) -> Option<u64> {
    milestone(seen, "below PCA-")
}

/// The first end of an epoch at which a class has a place of its own.
pub(super) fn a_place(seen: &Observation) -> Option<u64> {
    let placed = told(seen, |about| matches!(about, About::OwnPlace(_)))?;
    let mut epochs = seen.curve.epochs.iter();
    epochs
        .find(|epoch| epoch.step >= placed)
        .map(|epoch| epoch.step)
}

/// Two classes share a place.
pub(super) fn a_shared_place(seen: &Observation) -> Option<u64> {
    told(seen, |about| matches!(about, About::SharedPlace(_)))
}

/// The end.
pub(super) fn end(seen: &Observation) -> Option<u64> {
    (seen.moment.phase == Phase::Finished).then_some(seen.moment.step)
}

fn milestone(seen: &Observation, name: &str) -> Option<u64> {
    let mut all = seen.curve.milestones.iter();
    all.find(|milestone| milestone.name.starts_with(name))
        .map(|milestone| milestone.step)
}

/// The step of the first sentence about that.
fn told(seen: &Observation, about: impl Fn(About) -> bool) -> Option<u64> {
    let mut all = seen.curve.told.iter();
    all.find(|note| about(note.why.about)).map(|note| note.step)
}
