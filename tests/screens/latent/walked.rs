//! The view between a real observer and a screen: what is walked to is what the plain network and
//! the plain distances say.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{num::NonZeroUsize, sync::Arc};

use ae_tui::{
    lens::Lens,
    message::{Ask, Observation, Plane},
    nn::{Activation, Network},
    pool::Pool,
    recipe::{Preset, Recipe},
    ui::update::Message,
};
use ndarray::{Array2, ArrayView2};

use super::WHOLE;
use crate::{PLAIN, drawn, observed::Observed, rows};

/// A screen before weights that nobody trains, in the view.
fn walked(recipe: Recipe) -> Observed {
    let mut walked = Observed::of(recipe);
    walked.keys("gl");
    walked
}

/// What is seen once everything that was asked has been answered and judged.
fn settled(walked: &mut Observed) -> Arc<Observation> {
    walked.until(|app, seen| {
        let (Ask::Latent(asks), Some(answer)) = (&app.told.ask, &seen.answers.latent) else {
            return false;
        };
        let judged = answer.cursor.gap.is_some_and(|gap| gap.judged.is_some());
        let fits = answer.path.len() == asks.frames && answer.grid.len() == asks.grid.len();
        let plane = answer.plane.as_ref().map(|map| map.plane);
        judged && fits && plane == asks.values.map(Plane::Pair)
    })
}

fn distance(a: &[f32], b: &[f32]) -> f64 {
    let square = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).powi(2);
    a.iter().zip(b).map(square).sum::<f64>().sqrt()
}

/// The nearest code to a place, but for one.
fn nearest(codes: &Array2<f32>, place: &[f32], but: Option<usize>) -> (usize, f64) {
    let all = codes.rows().into_iter().enumerate();
    let others = all.filter(|(number, _)| Some(*number) != but);
    let distances =
        others.map(|(number, code)| (number, distance(code.as_slice().unwrap(), place)));
    distances.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap()
}

#[test]
fn every_number_of_the_view_is_the_lenss() {
    for preset in [Preset::Article, Preset::Deep, Preset::Vae, Preset::Conv] {
        let mut walked = walked(Recipe::preset(preset));
        walked.keys("LKK");
        let seen = settled(&mut walked);
        let answer = seen.answers.latent.clone().unwrap();
        let pool = Pool::new(NonZeroUsize::MIN);
        let lens = Lens::new(&walked.net, &walked.recipe, &pool);
        let codes = lens.codes(&walked.data.test);
        let whose = walked.recipe.architecture().code();

        // The pictures are the plain network's.
        let mut places = vec![&answer.cursor];
        places.extend(&*answer.path);
        for here in places {
            let code = ArrayView2::from_shape((1, here.code.len()), &here.code).unwrap();
            for (made, plain) in here.picture.iter().zip(&walked.net.decode(code)) {
                // Sums of hundreds of terms in another order.
                assert!((made - plain).abs() < 1e-5, "{preset:?}: {made} {plain}");
            }
            let (_, gap) = nearest(&codes, &here.code, None);
            let told = f64::from(here.gap.unwrap().distance);
            assert!(
                (told - gap).abs() <= 1e-4 * gap.max(1e-3),
                "{whose:?}: {told} {gap}"
            );
        }
        // Ends and middle of the path.
        let ends = [
            &answer.path[0].code,
            &answer.path[answer.path.len() - 1].code,
        ];
        assert_eq!(ends[0], &answer.chosen);
        assert_eq!(ends[1], &answer.cursor.code);

        // The nearest image is it, and the usual gap is the data's own.
        let (index, gap) = nearest(&codes, &answer.cursor.code, None);
        let near = answer.nearest.clone().unwrap();
        assert_eq!(
            (near.index, near.label),
            (index, walked.data.test.label(index))
        );
        let mut own: Vec<f64> = (0..codes.nrows())
            .map(|number| nearest(&codes, codes.row(number).as_slice().unwrap(), Some(number)).1)
            .collect();
        own.sort_by(f64::total_cmp);
        let usual = own[own.len() / 2];
        assert!((f64::from(answer.usual.unwrap()) - usual).abs() <= 1e-4 * usual.max(1e-3));
        let narrower = own.iter().filter(|own| **own < gap).count() as f64 / own.len() as f64;
        let (told, _) = answer.cursor.gap.unwrap().judged.unwrap();
        assert!((told - narrower).abs() < 1e-9, "{told} {narrower}");

        // And they stand on the screen.
        let screen = rows(&drawn(&walked.app, PLAIN, WHOLE)).join("\n");
        let written = |value: f32| format!("{value:.2}");
        let [x, y] = answer.cursor.at;
        assert!(screen.contains(&format!("{index}: ")), "{screen}");
        assert!(
            screen.contains(&format!("{:>10}{:>10}", written(x), written(y))),
            "{screen}"
        );
        for frame in &*answer.path {
            let distance = frame.gap.unwrap().distance;
            if distance == 0.0 || distance >= 0.01 {
                assert!(screen.contains(&written(distance)), "{distance}: {screen}");
            }
        }
        if codes.ncols() > 2 {
            for value in answer.cursor.code.iter().take(16) {
                assert!(screen.contains(&written(*value)), "{value}: {screen}");
            }
        }
    }
}

/// A dense network with a code of so many values.
fn dense(values: usize) -> Recipe {
    let mut recipe = Recipe::preset(Preset::Article);
    recipe.network = Network::Dense {
        encoder: vec![24, values],
        latent_activation: Activation::Linear,
    };
    recipe
}

#[test]
fn on_the_plane_of_two_values_every_number_is_the_lenss() {
    let deep_vae = || {
        let mut recipe = Recipe::preset(Preset::Vae);
        if let Network::Variational { encoder, .. } = &mut recipe.network {
            *encoder = vec![24, 16];
        }
        recipe
    };
    let recipes = [
        (dense(3), "value 2", "value 3"),
        (deep_vae(), "value 2", "value 3"),
        (dense(128), "value 2", "value 3"),
        (Recipe::preset(Preset::Conv), "map 1 1,2", "map 1 1,3"),
    ];
    for (recipe, across, up) in recipes {
        let mut walked = walked(recipe);
        settled(&mut walked);
        // The second value across, the third up, and the cursor off the chosen sample.
        walked.keys("ijejuhi");
        settled(&mut walked);
        walked.keys("cLKK");
        let seen = settled(&mut walked);
        let answer = seen.answers.latent.clone().unwrap();
        let map = answer.plane.clone().unwrap();
        assert_eq!(map.plane, Plane::Pair([1, 2]));

        // The images are where their two values are.
        let pool = Pool::new(NonZeroUsize::MIN);
        let lens = Lens::new(&walked.net, &walked.recipe, &pool);
        let codes = lens.codes(&walked.data.test);
        for (point, code) in map.points.iter().zip(codes.rows()) {
            assert_eq!(*point, [code[1], code[2]]);
        }
        assert_eq!(map.chosen, map.points[11]);
        assert_eq!(answer.chosen, codes.row(11).to_vec());

        // All values but the two are the chosen sample's; those are where the cursor is.
        let Ask::Latent(ask) = walked.app.told.ask.clone() else {
            panic!("the view asks")
        };
        let at = ask.cursor.at.unwrap();
        for (value, here) in answer.cursor.code.iter().enumerate() {
            let expected = match value {
                1 | 2 => at[value - 1],
                _ => answer.chosen[value],
            };
            let cut = expected.max(0.0);
            assert!(
                *here == expected || *here == cut,
                "{value}: {here} {expected}"
            );
        }
        let code = ArrayView2::from_shape((1, codes.ncols()), &answer.cursor.code).unwrap();
        for (made, plain) in answer.cursor.picture.iter().zip(&walked.net.decode(code)) {
            // Sums of hundreds of terms in another order.
            assert!((made - plain).abs() < 1e-5, "{made} {plain}");
        }
        let (index, gap) = nearest(&codes, &answer.cursor.code, None);
        let near = answer.nearest.clone().unwrap();
        assert_eq!((near.index, near.at), (index, map.points[index]));
        assert!((f64::from(near.distance) - gap).abs() <= 1e-4 * gap.max(1e-3));
        let variance = |value: usize| f64::from(codes.column(value).var(0.0));
        let all: f64 = (0..codes.ncols()).map(variance).sum();
        let share = (variance(1) + variance(2)) / all;
        assert!((f64::from(answer.share.unwrap()) - share).abs() < 1e-4);

        // And they stand on the screen.
        let screen = rows(&drawn(&walked.app, PLAIN, WHOLE)).join("\n");
        let written = |value: f32| format!("{value:.2}");
        for words in [
            format!("{across} across, {up} up"),
            format!("{index}: "),
            format!("{:>10}{:>10}", written(at[0]), written(at[1])),
            format!("hold {:.0}% of the variance", 100.0 * share),
        ] {
            assert!(screen.contains(&words), "{words}: {screen}");
        }
        for frame in answer.path.iter() {
            let distance = frame.gap.unwrap().distance;
            if distance == 0.0 || distance >= 0.01 {
                assert!(screen.contains(&written(distance)), "{distance}: {screen}");
            }
        }
    }
}

#[test]
fn a_walk_and_the_plane_are_answered_as_places_are() {
    let mut walked = walked(Recipe::preset(Preset::Vae));
    settled(&mut walked);
    walked.keys("v");
    let seen = settled(&mut walked);
    let answer = seen.answers.latent.clone().unwrap();
    let Ask::Latent(ask) = walked.app.told.ask.clone() else {
        panic!("the view asks")
    };
    assert_eq!(answer.grid.len(), 96);
    let places = Array2::from_shape_fn((96, 2), |(place, axis)| ask.grid[place][axis]);
    let plain = walked.net.decode(places.view());
    for ((picture, _), plain) in answer.grid.iter().zip(plain.rows()) {
        // As above.
        assert!(picture.iter().zip(plain).all(|(a, b)| (a - b).abs() < 1e-5));
    }
    walked.keys("vLLw");
    for _ in 0..30 {
        walked.tell(Message::Beat);
    }
    let seen = settled(&mut walked);
    let answer = seen.answers.latent.clone().unwrap();
    let Ask::Latent(ask) = walked.app.told.ask.clone() else {
        panic!("the view asks")
    };
    let part = ask.along.unwrap();
    let [a, b] = [&answer.path[0].code, &answer.path[6].code];
    for ((here, a), b) in answer.cursor.code.iter().zip(a).zip(b) {
        assert!((here - (a + part * (b - a))).abs() < 1e-5);
    }
}
