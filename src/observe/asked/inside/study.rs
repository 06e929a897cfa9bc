//! What every unit says of all held-out images, and which have been silent for an epoch.

use std::sync::Arc;

use super::Scope;
use crate::{
    data::{Dataset, Split},
    lens::{Lens, UnitLayer, UnitRecord, UnitStudy},
    measure,
    nn::Snapshot,
    recipe::Recipe,
};

/// Of so many images that excite a unit most a mean is made.
pub(super) const KEPT: usize = 100;

/// Steps whose silent units are remembered.
const REMEMBERED: usize = 32;

/// What has been studied.
#[derive(Default)]
pub(super) struct Study {
    known: Option<(u64, UnitStudy)>,
    /// What the first images came to, while others are asked of: at which step, and how many
    /// images were to be kept.
    part: Option<((u64, usize), UnitStudy)>,
    /// Which numbers of a row of answers were zero for all images, at which steps.
    silent: Vec<(u64, Vec<bool>)>,
    /// Which of them have been for an epoch.
    dead: Vec<bool>,
    mean_image: Option<f32>,
}

impl Study {
    /// What these weights say of some more images. Whether all were known to begin with.
    pub(super) fn all_images(&mut self, scope: &Scope) -> bool {
        let step = scope.snapshot.step;
        if self.step() == Some(step) {
            return true;
        }
        if let Some(study) = self.ask_more(step, scope.lens, &scope.data.test, KEPT) {
            self.know(step, study, scope);
        }
        false
    }

    /// Goes on asking the weights of a step. What they say of all images, once that is known.
    fn ask_more(
        &mut self,
        step: u64,
        lens: &Lens,
        images: &Split,
        keep: usize,
    ) -> Option<UnitStudy> {
        let part = self.part.take().filter(|(of, _)| *of == (step, keep));
        let mut study = part.map_or_else(UnitStudy::default, |(_, study)| study);
        if lens.study_more(&mut study, images, keep) {
            return Some(study);
        }
        self.part = Some(((step, keep), study));
        None
    }

    fn know(&mut self, step: u64, study: UnitStudy, scope: &Scope) {
        let silent = silent(&study);
        self.known = Some((step, study));
        self.remember(step, silent);
        self.mean_image.get_or_insert_with(|| {
            measure::mean_image_loss(&scope.data.train, &scope.data.test) as f32
        });
        if self.earlier(scope).is_none() {
            self.bury(step, scope.data, scope.recipe);
        } else if let Some((_, silent)) = self.silent.last() {
            // Until the epoch before is known: whoever was dead at the moment before and is silent.
            let still = self.dead.iter_mut().zip(silent);
            still.for_each(|(dead, silent)| *dead &= *silent);
        }
    }

    /// Who was silent an epoch before, where that is not known and a moment of it is kept: of
    /// some more images. Whether nothing was left to be asked.
    pub(super) fn an_epoch_before(&mut self, scope: &Scope) -> bool {
        let Some(earlier) = self.earlier(scope) else {
            return true;
        };
        let recipe = scope.run.as_of(earlier.step);
        let lens = Lens::new(&earlier.net, &recipe, scope.pool);
        if let Some(study) = self.ask_more(earlier.step, &lens, &scope.data.test, 1) {
            self.remember(earlier.step, silent(&study));
            self.bury(scope.snapshot.step, scope.data, scope.recipe);
        }
        false
    }

    /// A kept moment an epoch before, where nothing is known of one.
    fn earlier(&self, scope: &Scope) -> Option<Arc<Snapshot>> {
        let epoch = scope.recipe.steps_per_epoch(scope.data.train.len());
        let step = self.step()?;
        let before = step.checked_sub(epoch)?;
        if self.before(step, epoch).is_some() {
            return None;
        }
        let kept = scope.tape.at_or_before(before)?;
        scope.tape.snapshot(kept)
    }

    /// Who was silent an epoch before a step, or somewhat more.
    fn before(&self, step: u64, epoch: u64) -> Option<&Vec<bool>> {
        let before = step.checked_sub(epoch)?;
        let known = self.silent.iter().filter(|(known, _)| *known <= before);
        known
            .max_by_key(|(known, _)| *known)
            .map(|(_, silent)| silent)
    }

    fn remember(&mut self, step: u64, silent: Vec<bool>) {
        self.silent.retain(|(known, _)| *known != step);
        if self.silent.len() == REMEMBERED {
            self.silent.remove(0);
        }
        self.silent.push((step, silent));
    }

    /// Dead is who is silent now and was so an epoch before. Where nothing is kept of then,
    /// whoever has trained for an epoch has had the time.
    fn bury(&mut self, step: u64, data: &Dataset, recipe: &Recipe) {
        let epoch = recipe.steps_per_epoch(data.train.len());
        let now = self.silent.iter().find(|(known, _)| *known == step);
        let Some((_, now)) = now.filter(|_| step >= epoch) else {
            self.dead.clear();
            return;
        };
        let before = self.before(step, epoch);
        let was = |number: usize| before.is_none_or(|before| before.get(number) == Some(&true));
        self.dead = now
            .iter()
            .enumerate()
            .map(|(number, silent)| *silent && was(number))
            .collect();
    }

    /// What was studied last.
    pub(super) fn known(&self) -> Option<&UnitStudy> {
        self.known.as_ref().map(|(_, study)| study)
    }

    /// The step that it was studied of.
    pub(super) fn step(&self) -> Option<u64> {
        self.known.as_ref().map(|(step, _)| *step)
    }

    /// What is known of one unit.
    pub(super) fn record(&self, layer: &UnitLayer, unit: usize) -> Option<&UnitRecord> {
        self.known()?.units.get(layer.range())?.get(unit)
    }

    /// Which units of a layer are dead; nobody is before that is known.
    pub(super) fn dead(&self, layer: &UnitLayer) -> Vec<bool> {
        let dead = |number: usize| layer.rectified && self.dead.get(number) == Some(&true);
        layer.range().map(dead).collect()
    }

    /// The cross-entropy of the mean image.
    pub(super) fn mean_image(&self) -> Option<f32> {
        self.mean_image
    }
}

fn silent(study: &UnitStudy) -> Vec<bool> {
    let units = study.units.iter();
    units.map(|unit| unit.silent == study.images).collect()
}
