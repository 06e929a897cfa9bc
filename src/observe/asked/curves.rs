//! Answers at the ruler: the chosen sample as the nearest moment that is kept draws it, and
//! what the losses of the digits lie between; and kept moments, measured one by one.

use std::{collections::BTreeMap, sync::Arc};

use super::Scope;
use crate::{
    data::Dataset,
    lens::{Lens, Sample},
    measure,
    message::{CurvesAnswer, CurvesAsk, DigitScale, Drawn, Measured, SampleId},
    nn::{Cost, Objective},
    observe::{recent::Recent, view},
    pace::Film,
};

/// Samples that are remembered, for a ruler that goes back and forth: half a megabyte.
const DRAWN: usize = 64;
/// So near in seconds of film, a moment tells nothing that the other does not: at most some
/// hundred are measured of a film of half a minute.
const NEAR: f64 = 0.25;

/// What has been worked out for them.
pub(super) struct Curves {
    drawn: Recent<(u64, SampleId), Arc<Sample>>,
    /// Of the data, once they were asked for.
    scale: Option<DigitScale>,
    /// Kept moments that were measured, by their steps.
    measured: BTreeMap<u64, Measured>,
    told: Arc<[Measured]>,
    /// The moment that is being measured, and what its first images cost.
    part: Option<(u64, Vec<Cost>)>,
}

impl Default for Curves {
    fn default() -> Self {
        Self {
            drawn: Recent::new(DRAWN),
            scale: None,
            measured: BTreeMap::new(),
            told: Arc::default(),
            part: None,
        }
    }
}

impl Curves {
    /// What has to be studied for this: one moment more than the screen knows.
    pub(super) fn study_of(ask: &CurvesAsk) -> Option<u32> {
        u32::try_from(ask.known).ok()
    }

    /// A study begins.
    pub(super) fn begin(&mut self) {
        self.part = None;
    }

    /// Measures some more images at the kept moment that is farthest from all that are measured:
    /// of a run that left no time for it as it went, or that is made again, the digits come to be
    /// known from coarse to fine. Whether all are done; with no moment far enough, they are.
    pub(super) fn study(&mut self, scope: &Scope) -> bool {
        let begun = self.part.take();
        let begun = begun.or_else(|| Some((self.farthest(scope)?, Vec::new())));
        let Some((step, mut costs)) = begun else {
            return true;
        };
        // It may have gone from the tape meanwhile.
        let Some(snapshot) = scope.tape.snapshot(step) else {
            return true;
        };
        let recipe = scope.run.as_of(step);
        let lens = Lens::new(&snapshot.net, &recipe, scope.pool);
        let images = &scope.data.test;
        costs.extend(lens.costs_of(images, lens.piece(images, costs.len())));
        if costs.len() < images.len() {
            self.part = Some((step, costs));
            return false;
        }
        let held_out = lens.mean(&costs);
        let losses: Vec<f32> = costs.iter().map(|cost| cost.reconstruction).collect();
        let pixels = Objective::pixel_weight(recipe.architecture().code(), recipe.image.pixels());
        let measured = Measured {
            step,
            loss: held_out.loss / pixels as f32,
            reconstruction: held_out.reconstruction,
            digits: Some(view::class_losses(
                &losses,
                images.labels(),
                scope.data.classes.count(),
            )),
        };
        self.measured.insert(step, measured);
        self.told = self.measured.values().cloned().collect();
        true
    }

    /// The step of the kept moment that is farthest, in film time, from what is measured of
    /// each digit.
    fn farthest(&self, scope: &Scope) -> Option<u64> {
        let images = scope.data.train.len();
        let film = Film::new(scope.run.steps_per_epoch(images), scope.run.epochs);
        let of_run = scope.measured.iter().filter(|known| known.digits.is_some());
        let known = of_run
            .map(|known| known.step)
            .chain(self.measured.keys().copied());
        let mut known: Vec<f64> = known.map(|step| film.time_of(step)).collect();
        known.sort_by(f64::total_cmp);
        let distance = |step: u64| {
            let time = film.time_of(step);
            let after = known.partition_point(|known| *known < time);
            let near = known[after.saturating_sub(1)..].iter().take(2);
            near.map(|known| (known - time).abs())
                .fold(f64::INFINITY, f64::min)
        };
        let kept = scope.tape.told();
        let far = kept.steps.iter().map(|&step| (distance(step), step));
        let far = far.filter(|(distance, _)| *distance > NEAR);
        far.max_by(|one, other| one.0.total_cmp(&other.0))
            .map(|(_, step)| step)
    }

    /// The answer to it.
    pub(super) fn answer(&mut self, ask: &CurvesAsk, scope: &Scope) -> CurvesAnswer {
        let seen = scope.snapshot.step;
        let asked = ask.step.unwrap_or(seen);
        CurvesAnswer {
            step: seen,
            asked,
            drawn: self.drawn_at(asked, scope),
            scale: self.scale.get_or_insert_with(|| scale(scope.data)).clone(),
            measured: Arc::clone(&self.told),
        }
    }

    fn drawn_at(&mut self, asked: u64, scope: &Scope) -> Drawn {
        let (seen, id) = (scope.snapshot.step, scope.chosen);
        let kept = scope.tape.nearest(asked);
        let nearer = kept.filter(|kept| kept.abs_diff(asked) < seen.abs_diff(asked));
        let found = nearer.and_then(|step| Some((step, self.sample_of(step, scope)?)));
        let (step, sample) = found.unwrap_or_else(|| (seen, Arc::new(scope.sample.clone())));
        Drawn { step, id, sample }
    }

    fn sample_of(&mut self, step: u64, scope: &Scope) -> Option<Arc<Sample>> {
        let key = (step, scope.chosen);
        if let Some(known) = self.drawn.get(&key) {
            return Some(known);
        }
        let snapshot = scope.tape.snapshot(step)?;
        let lens = Lens::new(&snapshot.net, &scope.run.as_of(step), scope.pool);
        let (split, index) = (scope.chosen.split.of(scope.data), scope.chosen.index);
        let sample = Arc::new(lens.samples(split, index..index + 1).pop()?);
        self.drawn.put(key, Arc::clone(&sample));
        Some(sample)
    }
}

fn scale(data: &Dataset) -> DigitScale {
    let classes = data.classes.count();
    let told = |losses: Vec<f64>| losses.into_iter().map(|loss| loss as f32).collect();
    DigitScale {
        mean_image: told(measure::mean_image_losses(&data.train, &data.test, classes)),
        copy: told(measure::copy_losses(&data.test, classes)),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::{
        data::{Classes, PIXELS, Split, corrupt::Noise},
        message::SplitName,
        nn::Snapshot,
        observe::Tape,
        pool::Pool,
        recipe::{Change, Edit, Preset, Recipe},
        state::State,
        train::Keeping,
    };

    #[test]
    fn the_nearest_moment_draws_the_sample_as_the_run_was_then() {
        let pixels = (0..20 * PIXELS).map(|place| (place % 251) as u8).collect();
        let images = Split::new(pixels, vec![3; 20]);
        let data = Dataset {
            name: "ramps".into(),
            classes: Classes::numbered(10),
            train: images.clone(),
            test: images,
            digest: String::new(),
        };
        // The noise that it began with is gone by the moment that is seen.
        let noise = Noise::Gaussian(0.5);
        let run = Recipe {
            edits: vec![Edit {
                step: 5,
                change: Change::Noise(Noise::None),
            }],
            noise,
            ..Recipe::preset(Preset::Article)
        };
        let start = State::start(&run, None);
        let other = Recipe {
            seed: 7,
            ..run.clone()
        };
        let snapshot = Snapshot {
            step: 9,
            net: State::start(&other, None).net,
        };
        let mut tape = Tape::new(Keeping {
            frames: 2,
            states: 2,
            checkpoints: None,
        });
        tape.give(vec![Arc::new(start.clone())]);
        let pool = Pool::new(NonZeroUsize::MIN);
        let recipe = run.as_of(9);
        let lens = Lens::new(&snapshot.net, &recipe, &pool);
        let chosen = SampleId {
            split: SplitName::Test,
            index: 4,
        };
        let sample = &lens.samples(&data.test, 4..5)[0];
        let scope = Scope {
            snapshot: &snapshot,
            recipe: &recipe,
            run: &run,
            lens: &lens,
            pool: &pool,
            data: &data,
            tape: &tape,
            measured: &[],
            chosen,
            sample,
            survey: None,
            cartographer: None,
        };
        let mut curves = Curves::default();
        let ask = |step| CurvesAsk { step, known: 0 };
        let mut at = |step| curves.answer(&ask(step), &scope).drawn;
        assert_eq!((at(None).step, &*at(None).sample), (9, sample));
        assert_eq!((at(Some(6)).step, &*at(Some(6)).sample), (9, sample));
        let early = at(Some(3));
        let then = Lens::new(&start.net, &run.as_of(0), &pool);
        let expected = &then.samples(&data.test, 4..5)[0];
        assert_eq!((early.step, &*early.sample), (0, expected));
        assert!(early.sample.noisy.is_some());
        assert!(
            Arc::ptr_eq(&early.sample, &at(Some(1)).sample),
            "drawn once"
        );
    }
}
