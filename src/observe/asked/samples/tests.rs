//! Orders, losses and strangers, held against the lens and against their plain forms.

use std::{num::NonZeroUsize, sync::Arc};

use super::*;
use crate::{
    data::{Classes, Dataset, Labels, PIXELS, Split},
    lens::Lens,
    message::{Losses, SampleId, Sort, Strange, Strangers},
    nn::Snapshot,
    observe::tape::Tape,
    pool::Pool,
    recipe::{Preset, Recipe},
    state::State,
};

/// Images of a few rows of ink, more of it in some than in others; labels in turn.
fn images(count: usize) -> Split {
    let pixel = |at: usize| {
        let (image, row) = (at / PIXELS, at % PIXELS / 28);
        u8::from(row > 4 && row < 6 + image * 7 % 19) * (image * 29 % 200 + 55) as u8
    };
    let pixels = (0..count * PIXELS).map(pixel).collect();
    Split::new(pixels, (0..count).map(|n| (n % 10) as u8).collect())
}

/// A run that is looked at, and the view's answers to whatever is asked.
struct Looked {
    data: Dataset,
    recipe: Recipe,
    snapshot: Snapshot,
    samples: Samples,
}

impl Looked {
    fn at(preset: Preset, data: Dataset) -> Self {
        let recipe = Recipe::preset(preset);
        let net = State::start(&recipe, None).net;
        Self {
            data,
            recipe,
            snapshot: Snapshot { step: 7, net },
            samples: Samples::default(),
        }
    }

    /// Studies, if that is asked, and answers.
    fn answer(&mut self, ask: &SamplesAsk, studies: bool) -> SamplesAnswer {
        let pool = Pool::new(NonZeroUsize::MIN);
        let lens = Lens::new(&self.snapshot.net, &self.recipe, &pool);
        let sample = &lens.samples(&self.data.test, 0..1)[0];
        let scope = Scope {
            snapshot: &self.snapshot,
            recipe: &self.recipe,
            lens: &lens,
            pool: &pool,
            data: &self.data,
            tape: &Tape::default(),
            chosen: SampleId {
                split: SplitName::Test,
                index: 0,
            },
            sample,
            survey: None,
            cartographer: None,
            run: &self.recipe,
            measured: &[],
        };
        let mut rounds = 0;
        while studies && !self.samples.study(ask, &scope) {
            rounds += 1;
            assert!(rounds < 100, "it comes to an end");
        }
        self.samples.answer(ask, &scope)
    }
}

fn data() -> Dataset {
    Dataset {
        name: "rows".into(),
        classes: Classes::numbered(10),
        train: images(60),
        test: images(50),
        digest: String::new(),
    }
}

fn ask(order: Order) -> SamplesAsk {
    SamplesAsk {
        split: SplitName::Test,
        sort: Sort {
            order,
            labels: Labels::ALL,
            beyond: None,
            turn: 0,
        },
        first: 0,
        count: 20,
        strangers: Strangers::Turned,
    }
}

fn losses_of(answer: &SamplesAnswer) -> &Losses {
    answer.losses.as_ref().unwrap()
}

#[test]
fn every_order_is_one_of_all_images_and_follows_what_it_says() {
    let mut looked = Looked::at(Preset::Article, data());
    for split in [SplitName::Test, SplitName::Train] {
        let third = SampleId { split, index: 3 };
        for order in [
            Order::Index,
            Order::Worst,
            Order::Best,
            Order::Digit,
            Order::Nearest(third),
        ] {
            let asked = SamplesAsk {
                split,
                ..ask(order)
            };
            let answer = looked.answer(&asked, true);
            if (split, order) == (SplitName::Test, Order::Nearest(third)) {
                // The codes of these come with the survey, of which there is none.
                assert!(answer.wall.waits);
                continue;
            }
            assert!(!answer.wall.waits, "{order:?}");
            let images = split.of(&looked.data);
            let losses = losses_of(&answer).by_image.clone();
            let wall = &answer.wall.order;
            let mut all = wall.clone();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..images.len() as u32), "{order:?}");
            let pool = Pool::new(NonZeroUsize::MIN);
            let lens = Lens::new(&looked.snapshot.net, &looked.recipe, &pool);
            let codes = lens.codes(images);
            let distance = |image: u32| {
                let code = &codes.row(image as usize) - &codes.row(3);
                code.dot(&code)
            };
            for pair in wall.windows(2) {
                let [a, b] = [pair[0], pair[1]];
                let [loss_a, loss_b] = [a, b].map(|image| losses[image as usize]);
                let [label_a, label_b] = [a, b].map(|image| images.label(image as usize));
                let follows = match order {
                    Order::Index => a < b,
                    Order::Worst => loss_a >= loss_b,
                    Order::Best => loss_a <= loss_b,
                    Order::Digit => (label_a, -loss_a) <= (label_b, -loss_b),
                    Order::Nearest(_) => distance(a) <= distance(b),
                };
                assert!(follows, "{order:?}: {a} {b}");
            }
        }
    }
}

#[test]
fn the_page_and_the_losses_are_the_lens_s() {
    for preset in [Preset::Article, Preset::Vae, Preset::Denoising] {
        let mut looked = Looked::at(preset, data());
        let asked = SamplesAsk {
            first: 10,
            ..ask(Order::Worst)
        };
        let answer = looked.answer(&asked, true);
        let pool = Pool::new(NonZeroUsize::MIN);
        let lens = Lens::new(&looked.snapshot.net, &looked.recipe, &pool);
        let losses = losses_of(&answer);
        assert_eq!(
            losses.by_image,
            lens.losses(&looked.data.test),
            "{preset:?}"
        );
        let all = lens.samples(&looked.data.test, 0..50);
        let shown = &answer.wall.order[10..30];
        let expected: Vec<Sample> = shown.iter().map(|&n| all[n as usize].clone()).collect();
        assert!(*answer.page == *expected, "{preset:?}");
        // Means of five images each.
        for (digit, mean) in losses.digits.iter().enumerate() {
            let of_digit = losses.by_image.iter().skip(digit).step_by(10);
            let sum: f64 = of_digit.map(|&loss| f64::from(loss)).sum();
            assert_eq!(*mean, (sum / 5.0) as f32);
        }
    }
}

#[test]
fn an_order_stands_until_another_is_asked_for_or_the_same_again() {
    let mut looked = Looked::at(Preset::Article, data());
    let asked = ask(Order::Worst);
    let first = looked.answer(&asked, true).wall;
    assert_eq!(first.step, Some(7));
    let recipe = Recipe {
        seed: 5,
        ..looked.recipe.clone()
    };
    let net = State::start(&recipe, None).net;
    looked.snapshot = Snapshot { step: 9, net };
    let later = looked.answer(&asked, true);
    assert!(Arc::ptr_eq(&first, &later.wall), "places do not change");
    assert_eq!(losses_of(&later).step, 9);
    let mut again = asked;
    again.sort.turn += 1;
    let anew = looked.answer(&again, false).wall;
    assert_eq!(anew.step, Some(9));
    assert_ne!(anew.order, first.order);
}

#[test]
fn what_is_not_known_yet_is_waited_for_in_the_order_of_the_data() {
    let mut looked = Looked::at(Preset::Article, data());
    let asked = ask(Order::Worst);
    let answer = looked.answer(&asked, false);
    assert!(answer.wall.waits && answer.losses.is_none() && answer.strangers.is_none());
    assert!(answer.wall.order.iter().copied().eq(0..50));
    assert_eq!(answer.page.len(), 20, "pictures need no losses");
    assert!(!looked.answer(&asked, true).wall.waits);
}

#[test]
fn only_the_labels_and_losses_that_are_asked_for_are_on_the_wall() {
    let mut looked = Looked::at(Preset::Article, data());
    let mut asked = ask(Order::Worst);
    let all = looked.answer(&asked, true);
    let line = losses_of(&all).sorted[39];
    asked.sort.beyond = Some(line);
    assert_eq!(
        looked.answer(&asked, false).wall.order,
        all.wall.order[..10]
    );
    asked.sort.beyond = None;
    asked.sort.labels = [3, 7].into_iter().collect();
    let some = looked.answer(&asked, false).wall;
    assert_eq!(some.order.len(), 10);
    assert!(
        some.order
            .iter()
            .all(|image| [3, 7].contains(&(image % 10)))
    );
    asked.sort.labels = Labels::NONE;
    let none = looked.answer(&asked, false);
    assert!(none.wall.order.is_empty() && none.page.is_empty());
}

/// Every pair, as the area is defined.
fn plain_area(real: &[f32], strange: &[f32]) -> f64 {
    let pairs = strange
        .iter()
        .flat_map(|s| real.iter().map(move |r| (s, r)));
    let won = pairs.map(|(s, r)| f64::from(u8::from(s > r)) + 0.5 * f64::from(u8::from(s == r)));
    won.sum::<f64>() / (real.len() * strange.len()) as f64
}

#[test]
fn strangers_are_measured_as_the_images_that_they_are() {
    let some: Labels = "0-7".parse().unwrap();
    let whole = data();
    let mut looked = Looked::at(Preset::Article, whole.only(some).unwrap());
    for who in [
        Strangers::Turned,
        Strangers::UpsideDown,
        Strangers::Negative,
        Strangers::Noisy,
        Strangers::Unseen,
    ] {
        let asked = SamplesAsk {
            strangers: who,
            ..ask(Order::Index)
        };
        let answer = looked.answer(&asked, true);
        let strange: &Strange = answer.strangers.as_ref().unwrap();
        assert_eq!((strange.who, strange.step), (who, 7));
        let count = if who == Strangers::Unseen { 10 } else { 40 };
        assert_eq!(strange.sorted.len(), count, "{who:?}");
        let area = plain_area(&losses_of(&answer).sorted, &strange.sorted);
        // One division each.
        assert!((strange.auc.unwrap() - area).abs() < 1e-12, "{who:?}");
    }
    let pool = Pool::new(NonZeroUsize::MIN);
    let lens = Lens::new(&looked.snapshot.net, &looked.recipe, &pool);
    let unseen = whole.test.only(some.others(10));
    let mut expected = lens.losses(&unseen);
    expected.sort_unstable_by(f32::total_cmp);
    let asked = SamplesAsk {
        strangers: Strangers::Unseen,
        ..ask(Order::Index)
    };
    let answer = looked.answer(&asked, false);
    assert_eq!(answer.strangers.unwrap().sorted, expected);
}

#[test]
fn data_of_one_image_or_one_label_has_a_wall_too() {
    let one = || Split::new(vec![9; PIXELS], vec![3]);
    let data = Dataset {
        name: "one".into(),
        classes: Classes::numbered(10),
        train: one(),
        test: one(),
        digest: String::new(),
    };
    let mut looked = Looked::at(Preset::Article, data);
    for order in [Order::Worst, Order::Digit, Order::Index] {
        let answer = looked.answer(&ask(order), true);
        assert_eq!((&answer.wall.order[..], answer.page.len()), (&[0][..], 1));
        let losses = losses_of(&answer);
        assert!(losses.digits[3].is_finite() && losses.digits[4].is_nan());
    }
}
