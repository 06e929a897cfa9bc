//! What is kept, what is forgotten, and what comes to its end whatever comes due meanwhile.

use std::num::NonZeroUsize;

use super::*;
use crate::{
    data::{Classes, Labels, PIXELS, Split},
    image::ImageSize,
    message::{Order, SamplesAsk, Sort, SplitName, Strangers},
    nn::{Activation, Network},
    recipe::Preset,
    state::State,
};

/// A run that is looked at, with so many training images.
struct Looked {
    scene: Scene,
    recipe: Recipe,
    snapshot: Arc<Snapshot>,
    pool: Pool,
    ask: Ask,
}

impl Looked {
    fn at(training_images: usize, ask: Ask) -> Self {
        let images = |count: usize| {
            let labels = (0..count).map(|image| (image % 10) as u8).collect();
            Split::new(vec![7; count * PIXELS], labels)
        };
        let data = Arc::new(Dataset {
            name: "grey".into(),
            classes: Classes::numbered(10),
            train: images(training_images),
            test: images(20),
            digest: String::new(),
        });
        let recipe = Recipe::preset(Preset::Article);
        let net = State::start(&recipe, None).net;
        Self {
            scene: Scene::new(data, &recipe, Instant::now()),
            recipe,
            snapshot: Arc::new(Snapshot { step: 0, net }),
            pool: Pool::new(NonZeroUsize::MIN),
            ask,
        }
    }

    /// The same weights, as those of that step.
    fn goes_on_to(&mut self, step: u64) {
        let net = self.snapshot.net.clone();
        self.snapshot = Arc::new(Snapshot { step, net });
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            step: self.snapshot.step,
            sample: SampleId {
                split: SplitName::Test,
                index: 0,
            },
            busy: false,
            past: false,
            ask: (self.ask != Ask::Nothing).then_some(1),
            study: Asked::study_of(&self.ask),
        }
    }

    fn draw(&mut self, now: Instant) -> Drawn {
        let (wanted, tape) = (self.wanted(), Tape::default());
        let view = View {
            ask: &self.ask,
            tape: &tape,
            run: &self.recipe,
            measured: &[],
        };
        self.scene
            .draw(&self.snapshot, &self.recipe, wanted, view, &self.pool, now)
    }
}

#[test]
fn what_weights_cost_before_a_change_is_forgotten_with_it() {
    let mut looked = Looked::at(20, Ask::Nothing);
    looked.draw(Instant::now());
    assert!(looked.scene.held_out_of(0).is_some());
    looked.scene.forget();
    assert!(looked.scene.held_out_of(0).is_none());
    let seen = looked.scene.seen();
    assert!(seen.is_some(), "it is seen until there is another");
}

#[test]
fn the_mark_on_the_map_is_where_the_row_says_that_the_code_is() {
    let mut looked = Looked::at(20, Ask::Nothing);
    let now = Instant::now();
    looked.draw(now);
    // Other weights, of a moment at which the map still rests and the row does not.
    let recipe = Recipe {
        seed: 7,
        ..looked.recipe.clone()
    };
    let net = State::start(&recipe, None).net;
    looked.snapshot = Arc::new(Snapshot { step: 5, net });
    looked.draw(now);
    let (row, map) = looked.scene.seen().unwrap();
    assert_eq!(map.step, 0, "the map rests");
    let before = map.points[row.chosen.index];
    assert_ne!(row.sample().code, before, "its code is another now");
    assert_eq!(row.sample().code, map.chosen);
}

/// The losses of all training images, as Samples asks for them.
fn training_losses() -> Ask {
    Ask::Samples(SamplesAsk {
        split: SplitName::Train,
        sort: Sort {
            order: Order::Worst,
            labels: Labels::ALL,
            beyond: None,
            turn: 0,
        },
        first: 0,
        count: 4,
        strangers: Strangers::Turned,
    })
}

#[test]
fn a_long_study_comes_to_its_end_though_a_map_is_due_at_every_piece_and_maps_go_on() {
    let mut looked = Looked::at(4000, training_losses());
    let mut now = Instant::now();
    let (mut maps, mut studied) = (Vec::new(), None);
    for step in 1..20 {
        looked.goes_on_to(step);
        // So long that whatever rests is due again; and time for two pieces.
        now += Duration::from_secs(60);
        for _ in 0..3 {
            looked.draw(now);
        }
        let (_, map) = looked.scene.seen().unwrap();
        maps.push(map.step);
        let answer = looked.scene.answers().samples.unwrap();
        studied = studied.or(answer.losses.as_ref().map(|losses| losses.step));
    }
    assert!(studied.is_some(), "they never come");
    assert!(maps.into_iter().eq(1..20), "a map of each step");
}

#[test]
fn maps_with_long_codes_are_kept_within_their_bytes() {
    // 5,000 codes of 256 values are five megabytes; the images are small, so that it is quick.
    let size = ImageSize {
        height: 2,
        width: 2,
    };
    let images = |count: usize| Split::of_size(size, vec![7; 4 * count], vec![0; count]);
    let data = Arc::new(Dataset {
        name: "small".into(),
        classes: Classes::numbered(10),
        train: images(20),
        test: images(5000),
        digest: String::new(),
    });
    let recipe = Recipe {
        image: size,
        network: Network::Dense {
            encoder: vec![256],
            latent_activation: Activation::Relu,
        },
        ..Recipe::preset(Preset::Article)
    };
    let net = State::start(&recipe, None).net;
    let now = Instant::now();
    let mut looked = Looked {
        scene: Scene::new(data, &recipe, now),
        snapshot: Arc::new(Snapshot { step: 0, net }),
        pool: Pool::of_the_machine(),
        ask: Ask::Nothing,
        recipe,
    };
    for step in 1..5 {
        looked.goes_on_to(step);
        for _ in 0..10 {
            looked.draw(now + Duration::from_secs(60 * step));
        }
        let (_, map) = looked.scene.seen().unwrap();
        assert_eq!(map.step, step);
    }
    let kept = looked.scene.surveys.bytes();
    let one = 5000 * 256 * size_of::<f32>();
    assert!((one..=BYTES_OF_MAPS).contains(&kept), "{kept}");
    assert!(looked.scene.surveys.get(&4).is_some());
    assert!(looked.scene.surveys.get(&1).is_none());
}
