//! Answers at the ruler: the chosen sample as the nearest moment that is kept draws it, and
//! what the losses of the digits lie between.

use std::sync::Arc;

use super::Scope;
use crate::{
    data::Dataset,
    lens::{Lens, Sample},
    measure,
    message::{CurvesAnswer, CurvesAsk, DigitScale, Drawn, SampleId},
    observe::recent::Recent,
};

/// Samples that are remembered, for a ruler that goes back and forth: half a megabyte.
const DRAWN: usize = 64;

/// What has been worked out for them.
pub(super) struct Curves {
    drawn: Recent<(u64, SampleId), Arc<Sample>>,
    /// Of the data, once they were asked for.
    scale: Option<DigitScale>,
}

impl Default for Curves {
    fn default() -> Self {
        Self {
            drawn: Recent::new(DRAWN),
            scale: None,
        }
    }
}

impl Curves {
    /// What has to be studied for this, if anything has.
    pub(super) fn study_of(_ask: &CurvesAsk) -> Option<u32> {
        None
    }

    /// Studies all images for it.
    pub(super) fn study(&mut self, _ask: &CurvesAsk, _scope: &Scope) {}

    /// The answer to it.
    pub(super) fn answer(&mut self, ask: &CurvesAsk, scope: &Scope) -> CurvesAnswer {
        let seen = scope.snapshot.step;
        let asked = ask.step.unwrap_or(seen);
        CurvesAnswer {
            step: seen,
            asked,
            drawn: self.drawn_at(asked, scope),
            scale: *self.scale.get_or_insert_with(|| scale(scope.data)),
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
    DigitScale {
        mean_image: measure::mean_image_losses(&data.train, &data.test).map(|loss| loss as f32),
        copy: measure::copy_losses(&data.test).map(|loss| loss as f32),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::{
        data::{PIXELS, Split, corrupt::Noise},
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
            chosen,
            sample,
            survey: None,
        };
        let mut curves = Curves::default();
        let mut at = |step| curves.answer(&CurvesAsk { step }, &scope).drawn;
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
