//! What a cursor that moves alone leaves as it was, ends that are images, and a study whose
//! map is another by the time that it ends.

use std::num::NonZeroUsize;

use super::*;
use crate::{
    data::{Classes, Dataset, PIXELS, Split},
    lens::{Lens, Sample},
    message::{Map, SampleId},
    nn::Snapshot,
    observe::{cartographer::Cartographer, cartographer::Drawing, survey::Survey, tape::Tape},
    pool::Pool,
    recipe::{Preset, Recipe},
    state::State,
};

const CHOSEN: usize = 3;

/// A run that is looked at, with a map of it.
struct Looked {
    recipe: Recipe,
    data: Dataset,
    snapshot: Snapshot,
    survey: Survey,
    sample: Sample,
    pool: Pool,
    latent: Latent,
    around: Neighbourhood,
}

impl Looked {
    /// At step 9, with a map of step 9.
    fn at(preset: Preset, images: usize) -> Self {
        let pixel = |at: usize| (at * 31 % 251 * (at / PIXELS % 7) / 7) as u8;
        let split = || {
            let pixels = (0..images * PIXELS).map(pixel).collect();
            Split::new(pixels, (0..images).map(|n| (n % 10) as u8).collect())
        };
        let data = Dataset {
            name: "made".into(),
            classes: Classes::numbered(10),
            train: split(),
            test: split(),
            digest: String::new(),
        };
        let recipe = Recipe::preset(preset);
        let snapshot = snapshot(&recipe, 9, 1);
        let pool = Pool::new(NonZeroUsize::MIN);
        let (survey, sample) = surveyed(&recipe, &data, &snapshot, &pool);
        Self {
            recipe,
            data,
            snapshot,
            survey,
            sample,
            pool,
            latent: Latent::default(),
            around: Neighbourhood::default(),
        }
    }

    /// Training has gone on to other weights; the map is the one before.
    fn goes_on_to(&mut self, step: u64) {
        self.snapshot = snapshot(&self.recipe, step, 2);
        let (_, sample) = surveyed(&self.recipe, &self.data, &self.snapshot, &self.pool);
        self.sample = sample;
    }

    fn with<T>(&mut self, what: impl FnOnce(&mut Latent, &mut Neighbourhood, &Scope) -> T) -> T {
        let lens = Lens::new(&self.snapshot.net, &self.recipe, &self.pool);
        let scope = Scope {
            snapshot: &self.snapshot,
            recipe: &self.recipe,
            run: &self.recipe,
            lens: &lens,
            pool: &self.pool,
            data: &self.data,
            tape: &Tape::default(),
            measured: &[],
            chosen: SampleId {
                split: SplitName::Test,
                index: CHOSEN,
            },
            sample: &self.sample,
            survey: Some(&self.survey),
            cartographer: None,
        };
        what(&mut self.latent, &mut self.around, &scope)
    }

    fn answer(&mut self, ask: &LatentAsk) -> LatentAnswer {
        self.with(|latent, around, scope| latent.answer(ask, around, scope))
    }

    /// Studies so many pieces; whether those were the last.
    fn study(&mut self, pieces: usize) -> bool {
        (0..pieces).any(|_| self.with(|_, around, scope| around.study(scope)))
    }
}

fn snapshot(recipe: &Recipe, step: u64, seed: u64) -> Snapshot {
    let recipe = Recipe {
        seed,
        ..recipe.clone()
    };
    let net = State::start(&recipe, None).net;
    Snapshot { step, net }
}

/// What all images come to, and the chosen one.
fn surveyed(recipe: &Recipe, data: &Dataset, of: &Snapshot, pool: &Pool) -> (Survey, Sample) {
    let lens = Lens::new(&of.net, recipe, pool);
    let sample = lens.samples(&data.test, CHOSEN..CHOSEN + 1).remove(0);
    let codes = lens.codes(&data.test);
    let mut cartographer = Cartographer::new(&data.test, recipe.architecture().code());
    let map: Map = cartographer.draw(of.step, codes.view(), &sample, Drawing::Live);
    let projection = cartographer.projection_at(of.step).unwrap();
    let survey = Survey {
        snapshot: None,
        past: false,
        step: of.step,
        map: Arc::new(map),
        codes: Arc::new(codes),
        projection,
        costs: None,
        held_out: None,
    };
    (survey, sample)
}

/// A cursor at a place, or walking, with a path and a grid.
fn ask(at: [f32; 2], along: Option<f32>) -> LatentAsk {
    let spot = |at| Spot {
        base: Base::Chosen,
        at: Some(at),
    };
    LatentAsk {
        values: None,
        cursor: spot(at),
        ends: [Spot::default(), spot([1.0, 2.0])],
        along,
        frames: 5,
        grid: [[0.0, 0.0], [1.0, 0.5], [2.0, 1.0]].into(),
        labels: None,
    }
}

#[test]
fn a_cursor_that_moves_alone_leaves_path_and_grid_as_they_were() {
    for preset in [Preset::Article, Preset::Deep] {
        let mut looked = Looked::at(preset, 60);
        let first = looked.answer(&ask([0.5, 0.5], None));
        assert!(first.path.len() == 5 && first.grid.len() == 3);
        let mut seen = vec![first.cursor.code.clone()];
        for beat in 0..4 {
            let next = looked.answer(&ask([0.5, 0.5], Some(beat as f32 / 4.0)));
            assert!(Arc::ptr_eq(&first.path, &next.path), "{preset:?}");
            assert!(Arc::ptr_eq(&first.line, &next.line), "{preset:?}");
            assert!(Arc::ptr_eq(&first.grid, &next.grid), "{preset:?}");
            assert!(!seen.contains(&next.cursor.code), "it walks");
            seen.push(next.cursor.code);
        }
        // Once gaps are judged, other weights are looked at, or an end is elsewhere, all is new.
        assert!(looked.study(9));
        let judged = looked.answer(&ask([0.5, 0.5], None));
        assert!(!Arc::ptr_eq(&first.grid, &judged.grid));
        assert!(judged.grid.iter().all(|(_, verdict)| verdict.is_some()));
        let mut elsewhere = ask([0.5, 0.5], None);
        elsewhere.ends[1] = Spot::default();
        let moved = looked.answer(&elsewhere);
        assert!(!Arc::ptr_eq(&judged.path, &moved.path));
        assert!(Arc::ptr_eq(&judged.grid, &moved.grid));
        looked.goes_on_to(10);
        let later = looked.answer(&ask([0.5, 0.5], None));
        assert!(!Arc::ptr_eq(&judged.grid, &later.grid));
        assert_ne!(judged.path[0].picture, later.path[0].picture);
    }
}

#[test]
fn an_end_that_is_an_image_has_no_gap_whenever_the_map_was_drawn() {
    let mut looked = Looked::at(Preset::Deep, 60);
    looked.goes_on_to(10);
    let answer = looked.answer(&ask([0.5, 0.5], None));
    assert_eq!((answer.step, answer.real_at), (10, Some(9)));
    let gap = answer.path[0].gap.unwrap();
    assert_eq!((gap.distance, gap.judged), (0.0, NO_GAP.judged));
    assert_eq!(answer.path[0].code, looked.sample.code);
    // Another place is as far as it is from the codes that are known, of step 9.
    let own = looked.around.gap(&looked.sample.code).unwrap();
    assert!(own.distance > 0.0, "the codes have changed");
    assert!(answer.path[4].gap.unwrap().distance > 0.0);
    // So is the cursor on it, and the image nearest to it is itself.
    let on_it = LatentAsk {
        cursor: Spot::default(),
        ..ask([0.0, 0.0], None)
    };
    let answer = looked.answer(&on_it);
    assert_eq!(answer.cursor.gap, Some(NO_GAP));
    let near = answer.nearest.unwrap();
    assert_eq!((near.index, near.distance), (CHOSEN, 0.0));
}

#[test]
fn a_study_goes_in_pieces_and_all_are_of_the_codes_that_it_began_with() {
    let mut looked = Looked::at(Preset::Deep, 120);
    looked.around.begin();
    assert!(!looked.study(1), "some of them in one go");
    let before = looked.survey.clone();
    // Another map is drawn meanwhile.
    looked.goes_on_to(10);
    let (later, _) = surveyed(&looked.recipe, &looked.data, &looked.snapshot, &looked.pool);
    looked.survey = later;
    assert!(looked.study(100), "it comes to an end");
    let studied = looked.around.studied();
    let codes = before.codes.view();
    let expected = Gaps::of(codes, &crate::measure::Nearby::of(codes), &looked.pool);
    assert_eq!(studied.step, Some(9));
    assert_eq!(studied.gaps, Some(expected));
}
