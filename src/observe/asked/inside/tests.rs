//! Each answer against the lens, and who is dead when.

use std::sync::Arc;

use super::*;
use crate::{
    data::{Classes, Dataset, PIXELS, Split},
    lens::{Lens, Sample},
    message::{Finding, SampleId, SplitName},
    nn::{Autoencoder, Snapshot},
    observe::tape::Tape,
    pool::Pool,
    random::{Stream, generator},
    recipe::{Preset, Recipe},
};

/// Steps of an epoch of these images.
const EPOCH: u64 = 4;
/// Pieces, as many as there are.
const ALL: usize = usize::MAX;

fn data(recipe: &Recipe) -> Dataset {
    let split = |images: usize| {
        let pixels = (0..images * PIXELS).map(|n| (n * 37 % 256 * (n / PIXELS % 3) / 2) as u8);
        Split::new(
            pixels.collect(),
            (0..images).map(|n| (n % 10) as u8).collect(),
        )
    };
    Dataset {
        name: "made".into(),
        classes: Classes::numbered(10),
        train: split(EPOCH as usize * recipe.batch_size),
        test: split(40),
        digest: String::new(),
    }
}

/// A run that can be asked: its recipe, its images, and moments of it.
struct Asking {
    recipe: Recipe,
    data: Dataset,
    pool: Pool,
    tape: Tape,
    inside: Inside,
}

impl Asking {
    fn of(recipe: Recipe) -> Self {
        Self {
            data: data(&recipe),
            recipe,
            pool: Pool::of_the_machine(),
            tape: Tape::default(),
            inside: Inside::default(),
        }
    }

    fn net(&self) -> Autoencoder {
        let rng = &mut generator(1, Stream::Weights, 0);
        Autoencoder::glorot(&self.recipe.architecture(), rng)
    }

    fn sample(&self, net: &Autoencoder, index: usize) -> Sample {
        let lens = Lens::new(net, &self.recipe, &self.pool);
        lens.samples(&self.data.test, index..index + 1).remove(0)
    }

    /// Studies so many pieces of these weights, or [all](ALL), and answers.
    fn ask(&mut self, snapshot: &Snapshot, pieces: usize, ask: &InsideAsk) -> InsideAnswer {
        let sample = self.sample(&snapshot.net, 7);
        let lens = Lens::new(&snapshot.net, &self.recipe, &self.pool);
        let scope = Scope {
            snapshot,
            recipe: &self.recipe,
            lens: &lens,
            pool: &self.pool,
            data: &self.data,
            tape: &self.tape,
            chosen: SampleId {
                split: SplitName::Test,
                index: 7,
            },
            sample: &sample,
            survey: None,
            run: &self.recipe,
            measured: &[],
            cartographer: None,
        };
        for piece in 0..pieces {
            if self.inside.study(ask, &scope) {
                break;
            }
            assert!(piece < 1000, "it comes to an end");
        }
        self.inside.answer(ask, &scope)
    }
}

#[test]
fn each_number_is_the_lenss_for_every_preset() {
    for preset in Preset::ALL {
        let mut asking = Asking::of(Recipe::preset(preset));
        let snapshot = Snapshot {
            step: 9,
            net: asking.net(),
        };
        for sight in 0..3 {
            let ask = InsideAsk {
                sight,
                cursors: vec![Some(1); 9],
                alone: sight == 1,
                ..InsideAsk::default()
            };
            let pieces = if sight == 0 { ALL } else { 0 };
            let answer = asking.ask(&snapshot, pieces, &ask);
            let lens = Lens::new(&snapshot.net, &asking.recipe, &asking.pool);
            let says = lens.unit_answers(&asking.data.test, 7);
            let study = lens.unit_study(&asking.data.test, study::KEPT);
            for seen in &answer.layers[..answer.layers.len() - 1] {
                assert_eq!(seen.says, says[seen.layer.range()], "{}", preset.name());
            }
            let chosen = answer.sights[answer.unit.sight].layer;
            let layer = &answer.layers[chosen].layer;
            let record = &study.units[layer.range()][answer.unit.tile.unit];
            assert_eq!(answer.unit.silent, Some(record.silent));
            assert_eq!(
                answer.unit.tile.says,
                says[layer.first + answer.unit.tile.unit]
            );
            let best: Vec<(usize, f32)> = answer
                .unit
                .best
                .iter()
                .map(|fit| (fit.index, fit.says))
                .collect();
            assert_eq!(best, record.best[..best.len()]);
            let norms = lens.norms(&snapshot.net, &asking.data.test, 1000);
            assert_eq!(answer.norms_here.as_deref(), Some(&norms[..]));
            assert_eq!(norms.len(), answer.layers.len(), "{}", preset.name());
            for gallery in &answer.galleries {
                for tile in &gallery.tiles {
                    assert!(tile.picture.len() == tile.size.pixels() || tile.picture.is_empty());
                    assert!(tile.picture.iter().all(|value| value.abs() <= 1.0));
                }
            }
        }
    }
}

#[test]
fn filters_and_atoms_are_the_weights_in_their_own_measure() {
    let mut asking = Asking::of(Recipe::preset(Preset::Article));
    let snapshot = Snapshot {
        step: 0,
        net: asking.net(),
    };
    let answer = asking.ask(&snapshot, 0, &InsideAsk::default());
    let first = snapshot.net.encoder[0].dense().unwrap();
    let last = snapshot.net.decoder.last().unwrap().dense().unwrap();
    for (gallery, weights) in answer.galleries.iter().zip([first.w.t(), last.w.view()]) {
        let tile = gallery.tile(5).unwrap();
        let row = weights.row(5);
        let mut sizes: Vec<f32> = row.iter().map(|w| w.abs()).collect();
        sizes.sort_by(f32::total_cmp);
        // 99.5% of 783.
        let scale = sizes[779];
        for (pixel, weight) in tile.picture.iter().zip(row) {
            assert_eq!(*pixel, (weight / scale).clamp(-1.0, 1.0));
        }
    }
}

/// A network whose first units say nothing, and the others something of every image.
fn with_silent(mut net: Autoencoder, units: usize) -> Autoencoder {
    let first = net.encoder[0].dense_mut().unwrap();
    first.b.fill(1e3);
    first.b.slice_mut(ndarray::s![..units]).fill(-1e6);
    net
}

#[test]
fn who_is_silent_is_dead_after_an_epoch_of_it() {
    let mut asking = Asking::of(Recipe::preset(Preset::Article));
    let net = asking.net();
    let moment = |step, silent| Snapshot {
        step,
        net: with_silent(net.clone(), silent),
    };
    let ask = InsideAsk::default();
    let dead = |answer: &InsideAnswer| answer.layers[0].dead_count();
    // Nobody has had the time.
    assert_eq!(dead(&asking.ask(&moment(1, 3), ALL, &ask)), 0);
    // An epoch later: those who were silent then, too.
    let answer = asking.ask(&moment(1 + EPOCH, 5), ALL, &ask);
    assert_eq!(dead(&answer), 3);
    // Places are kept until the order is asked for again; then the dead are left out.
    assert_eq!(answer.galleries[0].order.len(), 32);
    assert!(answer.galleries[0].tile(0).unwrap().dead);
    let again = InsideAsk {
        ordered: 1,
        ..ask.clone()
    };
    let answer = asking.ask(&moment(1 + EPOCH, 5), 0, &again);
    assert_eq!(answer.galleries[0].order[..2], [3, 4]);
    // Who speaks again lives.
    assert_eq!(dead(&asking.ask(&moment(1 + 2 * EPOCH, 1), ALL, &ask)), 1);
}

#[test]
fn a_file_without_history_has_had_its_time_once_it_was_trained_for_an_epoch() {
    for (step, expected) in [(EPOCH - 1, 0), (EPOCH, 4)] {
        let mut asking = Asking::of(Recipe::preset(Preset::Article));
        let net = with_silent(asking.net(), 4);
        let answer = asking.ask(&Snapshot { step, net }, ALL, &InsideAsk::default());
        assert_eq!(answer.layers[0].dead_count(), expected);
        assert!(answer.norms.is_empty(), "it has no history");
        let unit = answer.unit;
        assert_eq!(unit.tile.unit, expected, "the first that lives");
    }
}

#[test]
fn the_norms_of_the_film_are_those_of_its_kept_moments() {
    let recipe = Recipe {
        epochs: 3,
        ..Recipe::preset(Preset::Article)
    };
    let mut asking = Asking::of(recipe);
    let net = asking.net();
    let keeping = crate::train::Keeping {
        frames: 64,
        states: 0,
        checkpoints: None,
    };
    asking.tape = Tape::new(keeping);
    let moment = |step: u64| {
        let mut net = net.clone();
        let [kernel, _] = net.encoder[0].parameters_mut().unwrap();
        for w in kernel {
            *w *= 1.0 + step as f32;
        }
        Arc::new(Snapshot { step, net })
    };
    for step in [0, 4, 8] {
        asking.tape.put_exact(moment(step));
    }
    let ask = InsideAsk::default();
    // All images, an epoch before, the film.
    let answer = asking.ask(&moment(8), ALL, &ask);
    let known: Vec<f32> = answer
        .norms
        .iter()
        .flatten()
        .map(|norms| norms[0].weight)
        .collect();
    let lens_of = |step| {
        let snapshot = moment(step);
        let lens = Lens::new(&snapshot.net, &asking.recipe, &asking.pool);
        lens.norms(&snapshot.net, &asking.data.test, 1000)[0].weight
    };
    let expected: Vec<f32> = [0, 4, 8].into_iter().map(lens_of).collect();
    assert_eq!((answer.norms.len(), known), (14, expected));
    // Of the past what came later is not shown.
    let answer = asking.ask(&moment(4), ALL, &ask);
    assert_eq!(answer.norms.iter().flatten().count(), 2);
}

#[test]
fn by_answer_the_loudest_comes_first() {
    let mut asking = Asking::of(Recipe::preset(Preset::Deep));
    let snapshot = Snapshot {
        step: 0,
        net: asking.net(),
    };
    let ask = InsideAsk {
        order: UnitOrder::Answer,
        ..InsideAsk::default()
    };
    let answer = asking.ask(&snapshot, 0, &ask);
    let gallery = &answer.galleries[0];
    assert_eq!(gallery.order.len(), 512);
    let says = |unit: usize| answer.layers[0].says[unit];
    assert!(
        gallery
            .order
            .windows(2)
            .all(|pair| says(pair[0]) >= says(pair[1]))
    );
    assert_eq!(answer.unit.tile.unit, gallery.order[0]);
}

/// A study that another moment interrupts is no study of that one.
#[test]
fn a_study_that_was_left_tells_nothing_of_another_moment() {
    let mut asking = Asking::of(Recipe::preset(Preset::Article));
    let first = Snapshot {
        step: 9,
        net: asking.net(),
    };
    let mut net = asking.net();
    net.parameters_mut()
        .for_each(|numbers| numbers.iter_mut().for_each(|number| *number = -*number));
    let second = Snapshot { step: 4, net };
    let ask = InsideAsk {
        cursors: [Some(3)].into(),
        ..InsideAsk::default()
    };
    asking.ask(&first, 1, &ask);
    let after = asking.ask(&second, ALL, &ask);
    let mut fresh = Asking::of(Recipe::preset(Preset::Article));
    let fresh = fresh.ask(&second, ALL, &ask);
    assert_eq!(after.unit, fresh.unit);
}

#[test]
fn what_was_measured_at_another_moment_says_at_which_and_judges_nothing() {
    let mut asking = Asking::of(Recipe::preset(Preset::Article));
    let mut net = asking.net();
    net.parameters_mut().for_each(|numbers| numbers.fill(0.0));
    let moment = |step| Snapshot {
        step,
        net: net.clone(),
    };
    let ask = InsideAsk::default();
    let collapsed = |answer: &InsideAnswer| answer.findings.contains(&Finding::Collapsed);
    let answer = asking.ask(&moment(900), ALL, &ask);
    assert_eq!((answer.norms_at, answer.studied_at), (Some(900), Some(900)));
    assert!(collapsed(&answer));
    // A little later it still does; long after, or before, it does not.
    let answer = asking.ask(&moment(910), 0, &ask);
    assert_eq!((answer.norms_at, answer.studied_at), (Some(900), Some(900)));
    assert!(collapsed(&answer));
    let answer = asking.ask(&moment(2000), 0, &ask);
    assert_eq!((answer.norms_at, answer.studied_at), (Some(900), Some(900)));
    assert!(answer.findings.is_empty(), "{:?}", answer.findings);
    let answer = asking.ask(&moment(800), 0, &ask);
    assert_eq!((answer.norms_at, answer.studied_at), (None, Some(900)));
    assert!(answer.findings.is_empty(), "{:?}", answer.findings);
}
