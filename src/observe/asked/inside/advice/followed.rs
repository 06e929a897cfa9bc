//! Advice to train otherwise, followed: the fault comes of training as it was, and is gone after
//! what is advised.

use std::{num::NonZeroUsize, sync::Arc};

use super::*;
use crate::{
    data::{Classes, Dataset, PIXELS, Split},
    lens::{Lens, UnitLayer},
    measure::mean_image_loss,
    nn::Objective,
    pool::Pool,
    recipe::{Preset, Recipe},
    train::Trainer,
};

/// Images of one bar each, at a place that depends on the label.
fn bars(images: usize) -> Split {
    let mut pixels = vec![0; images * PIXELS];
    let labels: Vec<u8> = (0..images).map(|image| (image * 7 % 10) as u8).collect();
    for (image, &label) in labels.iter().enumerate() {
        let row = usize::from(label) * 2 + 4;
        pixels[image * PIXELS + row * 28..][..28].fill(200 + (image % 50) as u8);
    }
    Split::new(pixels, labels)
}

fn data() -> Arc<Dataset> {
    Arc::new(Dataset {
        name: "bars".into(),
        classes: Classes::numbered(10),
        train: bars(100),
        test: bars(20),
        digest: String::new(),
    })
}

fn recipe(preset: Preset, seed: u64, learning_rate: f64) -> Recipe {
    Recipe {
        learning_rate,
        seed,
        ..Recipe::preset(preset)
    }
}

/// A run that is looked at as the view does.
struct Run {
    recipe: Recipe,
    data: Arc<Dataset>,
    trainer: Trainer,
}

impl Run {
    fn of(recipe: Recipe) -> Self {
        let data = data();
        let pool = Pool::new(NonZeroUsize::MIN);
        Self {
            trainer: Trainer::new(recipe.clone(), Arc::clone(&data), None, pool),
            data,
            recipe,
        }
    }

    fn train(&mut self, steps: usize) -> &mut Self {
        (0..steps).for_each(|_| {
            self.trainer.step().expect("its losses are numbers");
        });
        self
    }

    fn knows_only_the_average(&self) -> bool {
        self.findings().contains(&Finding::OnlyAverage)
    }

    /// Its loss in parts of that of the mean image.
    fn beside_the_mean_image(&self) -> f64 {
        let mean = mean_image_loss(&self.data.train, &self.data.test);
        f64::from(self.trainer.validate().reconstruction) / mean
    }

    fn findings(&self) -> Vec<Finding> {
        let pool = Pool::new(NonZeroUsize::MIN);
        let net = self.trainer.state().net;
        let norms = Lens::new(&net, &self.recipe, &pool).norms(&net, &self.data.test, 20);
        let architecture = self.recipe.architecture();
        let layers = UnitLayer::all(&architecture);
        let seen = |layer: UnitLayer| LayerSeen {
            says: Vec::new(),
            dead: vec![false; layer.units],
            layer,
        };
        let layers: Vec<LayerSeen> = layers.into_iter().map(seen).collect();
        findings(&Facts {
            layers: &layers,
            study: None,
            norms: Some(&norms),
            epsilon: self.recipe.adam().epsilon as f32,
            pixel_weight: Objective::pixel_weight(architecture.code(), PIXELS),
            held_out: Some(self.trainer.validate().reconstruction),
            mean_image: Some(mean_image_loss(&self.data.train, &self.data.test) as f32),
        })
    }
}

/// An objective that counts divergence too is thrown so far by a step of this length that
/// gradients are 30 powers of ten beyond the weights. A tenth of the rate, as is advised, keeps
/// them a hundred times below the rule.
#[test]
fn a_tenth_of_the_rate_helps_against_a_pull_that_explodes() {
    let explodes = |run: &Run| {
        let found = run.findings();
        matches!(found.first(), Some(Finding::Exploding { .. }))
    };
    let mut recipe = recipe(Preset::Vae, 1, 1.0);
    recipe.set_encoder(vec![16, 2]).unwrap();
    let mut run = Run::of(recipe.clone());
    assert!(explodes(run.train(1)), "{:?}", run.findings());
    recipe.learning_rate /= 10.0;
    let mut slower = Run::of(recipe);
    for steps in [1, 1, 2, 4, 8, 16, 32] {
        assert!(!explodes(slower.train(steps)), "{:?}", slower.findings());
    }
}

/// Steps of a whole unit put every ReLU out of reach of every image: no pull is left, and not
/// for many layers.
#[test]
fn a_tenth_of_the_rate_helps_against_a_pull_that_vanishes_by_haste() {
    let vanishes = |run: &Run| {
        let found = run.findings();
        let vanishing = |finding: &Finding| matches!(finding, Finding::Vanishing { .. });
        found.iter().any(vanishing)
    };
    let mut hasty = Run::of(recipe(Preset::Article, 1, 1.0));
    assert!(vanishes(hasty.train(1)), "{:?}", hasty.findings());
    let mut slower = Run::of(recipe(Preset::Article, 1, 0.1));
    for steps in [1, 1, 2, 4, 8, 16, 32] {
        assert!(!vanishes(slower.train(steps)), "{:?}", slower.findings());
    }
}

/// Every network comes by the average on its way; this one leaves it.
#[test]
fn training_on_helps_against_knowing_only_the_average() {
    let mut run = Run::of(recipe(Preset::Article, 1, 0.01));
    // It stands there after some forty steps.
    let average = (0..200).any(|_| run.train(1).knows_only_the_average());
    assert!(average);
    run.train(60);
    assert!(!run.knows_only_the_average());
    assert!(run.beside_the_mean_image() < 0.95);
}

/// Whose code says nothing from the first step stays at the average, however long it trains.
#[test]
fn another_seed_helps_against_knowing_only_the_average() {
    let mut run = Run::of(recipe(Preset::Article, 10, 0.01));
    // Its last layer has learnt the average after some three hundred steps.
    let average = (0..15).any(|_| run.train(40).knows_only_the_average());
    assert!(average, "{}", run.beside_the_mean_image());
    run.train(80);
    assert!(run.knows_only_the_average());
    let mut other = Run::of(recipe(Preset::Article, 11, 0.01));
    other.train(160);
    assert!(!other.knows_only_the_average());
    assert!(other.beside_the_mean_image() < 0.95);
}
