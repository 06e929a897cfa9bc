//! What all images of a split cost, as it was last known.

use std::sync::Arc;

use super::super::Scope;
use crate::{
    message::{Losses, SplitName},
    nn::Cost,
    observe::view,
};

/// Where the axis of a histogram begins: hardly an image costs less.
const LOWEST: f32 = 0.03;
/// Its end is a multiple of this.
const STEP: f32 = 0.1;

/// The losses of each split that were known last, and where their axis has come to.
#[derive(Default)]
pub(super) struct Known {
    splits: Vec<(SplitName, Arc<Losses>)>,
    /// The first of a split's, while others are measured.
    part: Option<(SplitName, u64, Vec<f32>)>,
    axis: Axis,
}

impl Known {
    /// Measures some more images of a split, where nothing else has measured their pictures.
    /// Whether all are done.
    pub(super) fn study(&mut self, split: SplitName, scope: &Scope) -> bool {
        self.hear(scope);
        let step = scope.snapshot.step;
        let surveyed = |split| split == SplitName::Test && surveyed(scope).is_some();
        let known = |split| self.find(split).is_some_and(|known| known.step == step);
        let splits = [split, SplitName::Test].into_iter();
        let mut lacking = splits.filter(|&split| !surveyed(split) && !known(split));
        let Some(split) = lacking.next() else {
            return true;
        };
        let begun = self.part.take();
        let begun = begun.filter(|(of, at, _)| (*of, *at) == (split, step));
        let mut losses = begun.map_or_else(Vec::new, |(.., losses)| losses);
        let images = split.of(scope.data);
        let piece = scope.lens.piece(images, losses.len());
        losses.extend(scope.lens.losses_of(images, piece));
        if losses.len() == images.len() {
            self.know(split, step, losses, scope);
        } else {
            self.part = Some((split, step, losses));
        }
        // Whether that was all is seen next time.
        false
    }

    /// Those of a split.
    pub(super) fn of(&mut self, split: SplitName, scope: &Scope) -> Option<Arc<Losses>> {
        self.hear(scope);
        self.find(split).cloned()
    }

    fn find(&self, split: SplitName) -> Option<&Arc<Losses>> {
        let found = self.splits.iter().find(|(known, _)| *known == split);
        found.map(|(_, losses)| losses)
    }

    /// What the survey says.
    fn hear(&mut self, scope: &Scope) {
        let known = self.find(SplitName::Test).map(|known| known.step);
        if let Some((step, costs)) = surveyed(scope)
            && known != Some(step)
        {
            let losses = costs.iter().map(|cost| cost.reconstruction).collect();
            self.know(SplitName::Test, step, losses, scope);
        }
    }

    fn know(&mut self, split: SplitName, step: u64, by_image: Vec<f32>, scope: &Scope) {
        let mut sorted = by_image.clone();
        sorted.sort_unstable_by(f32::total_cmp);
        let images = split.of(scope.data);
        let epoch = scope.recipe.steps_per_epoch(scope.data.train.len());
        if split == SplitName::Test {
            self.axis.meet(step, epoch, &sorted);
        }
        let losses = Losses {
            step,
            digits: view::class_losses(&by_image, images.labels(), scope.data.classes.count()),
            range: self.axis.range(&sorted),
            sorted,
            by_image,
        };
        self.splits.retain(|(known, _)| *known != split);
        self.splits.push((split, Arc::new(losses)));
    }
}

/// What the survey says of the pictures, where it measured them and did not draw from the codes.
fn surveyed<'a>(scope: &'a Scope) -> Option<(u64, &'a [Cost])> {
    let survey = scope.survey.filter(|_| !scope.lens.draws())?;
    Some((survey.step, survey.costs.as_deref()?))
}

/// Where the axis ends: at the worst held-out image once an epoch is done, from then on always;
/// before, at the worst there is.
#[derive(Default)]
struct Axis {
    fixed: Option<f32>,
}

impl Axis {
    fn meet(&mut self, step: u64, epoch: u64, sorted: &[f32]) {
        if step >= epoch && self.fixed.is_none() {
            self.fixed = Some(end_of(sorted));
        }
    }

    fn range(&self, sorted: &[f32]) -> [f32; 2] {
        [LOWEST, self.fixed.unwrap_or_else(|| end_of(sorted))]
    }
}

/// The greatest number among sorted losses, up to a nice one.
fn end_of(sorted: &[f32]) -> f32 {
    let worst = sorted.iter().rev().find(|loss| loss.is_finite());
    let worst = worst.copied().unwrap_or_default();
    // Beyond a million steps of the axis nobody reads it.
    ((worst / STEP).ceil() * STEP).clamp(STEP, 1e6 * STEP)
}
