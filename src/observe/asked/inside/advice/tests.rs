//! Each rule at both sides of its condition, and each advice followed.

use ndarray_rand::rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::{
    data::{PIXELS, Split},
    lens::{Lens, UnitLayer},
    nn::{Activation, Architecture, Autoencoder},
    pool::Pool,
    recipe::{Preset, Recipe},
};

const EPSILON: f32 = 1e-7;

fn images() -> Split {
    let pixels = (0..64 * PIXELS).map(|n| (n * 37 % 256 * (n / PIXELS % 4) / 3) as u8);
    Split::new(pixels.collect(), vec![0; 64])
}

fn layers(architecture: &Architecture) -> Vec<LayerSeen> {
    let seen = |layer: UnitLayer| LayerSeen {
        says: Vec::new(),
        dead: vec![false; layer.units],
        layer,
    };
    let mut layers: Vec<LayerSeen> = UnitLayer::all(architecture).into_iter().map(seen).collect();
    layers.last_mut().unwrap().dead.clear();
    layers
}

fn nothing(layers: &[LayerSeen]) -> Facts<'_> {
    Facts {
        layers,
        study: None,
        norms: None,
        epsilon: EPSILON,
        pixel_weight: 1.0,
        held_out: None,
        mean_image: None,
    }
}

fn article() -> Vec<LayerSeen> {
    layers(&Recipe::preset(Preset::Article).architecture())
}

fn norms(pairs: [[f32; 2]; 3]) -> Vec<Norms> {
    let norms = |[weight, gradient]: [f32; 2]| Norms {
        weight,
        gradient,
        weights: 100,
    };
    pairs.into_iter().map(norms).collect()
}

#[test]
fn of_nothing_nothing_is_said() {
    assert_eq!(findings(&nothing(&article())), []);
}

#[test]
fn a_pull_beyond_ten_times_the_weights_explodes() {
    let layers = article();
    for (gradient, weight, expected) in [(9.9, 1.0, None), (10.1, 1.0, Some(1))] {
        let norms = norms([[1.0, 1.0], [1.0, gradient], [1.0, 1.0]]);
        let facts = Facts {
            norms: Some(&norms),
            pixel_weight: weight,
            ..nothing(&layers)
        };
        let expected = expected.map(|layer| Finding::Exploding { layer });
        assert_eq!(findings(&facts), Vec::from_iter(expected));
        // The same, counted for 784 pixels.
        let many = Facts {
            pixel_weight: 784.0,
            ..facts
        };
        assert_eq!(findings(&many), []);
    }
}

#[test]
fn a_pull_that_adam_no_longer_feels_vanishes() {
    let layers = article();
    // Of a hundred weights the norm is ten times the pull at one.
    for (gradient, vanishes) in [(1.1e-6, false), (0.9e-6, true)] {
        let norms = norms([[1.0, 1.0], [2.0, gradient], [1.0, 1.0]]);
        let facts = Facts {
            norms: Some(&norms),
            ..nothing(&layers)
        };
        let expected = vanishes.then_some(Finding::Vanishing { layer: 1 });
        assert_eq!(findings(&facts), Vec::from_iter(expected));
    }
}

#[test]
fn fewer_layers_help_against_a_pull_that_vanishes() {
    let (split, pool) = (images(), Pool::of_the_machine());
    let found = |encoder: Vec<usize>| {
        let recipe = Recipe {
            network: crate::nn::Network::Dense {
                encoder,
                latent_activation: Activation::Relu,
            },
            ..Recipe::preset(Preset::Article)
        };
        let architecture = recipe.architecture();
        let net = Autoencoder::glorot(&architecture, &mut ChaCha8Rng::seed_from_u64(1));
        let norms = Lens::new(&net, &recipe, &pool).norms(&net, &split, 64);
        let layers = layers(&architecture);
        let facts = Facts {
            norms: Some(&norms),
            ..nothing(&layers)
        };
        findings(&facts)
    };
    let many = found([vec![32; 20], vec![2]].concat());
    assert!(matches!(many[..], [Finding::Vanishing { .. }]), "{many:?}");
    assert_eq!(found(vec![32, 2]), []);
}

#[test]
fn a_loss_within_a_hundredth_of_the_mean_images_is_the_average() {
    let layers = article();
    for (held_out, is) in [
        (0.2675, true),
        (0.2625, true),
        (0.2678, false),
        (0.2622, false),
    ] {
        let facts = Facts {
            held_out: Some(held_out),
            mean_image: Some(0.265),
            ..nothing(&layers)
        };
        assert_eq!(
            findings(&facts).contains(&Finding::OnlyAverage),
            is,
            "{held_out}"
        );
    }
}

/// A network whose ReLU code is silent, and the same with a linear one.
#[test]
fn a_linear_code_helps_against_one_that_is_the_same_for_all() {
    let (split, pool) = (images(), Pool::of_the_machine());
    let collapses = |latent_activation| {
        let mut recipe = Recipe::preset(Preset::Article);
        recipe.set_latent_activation(latent_activation).unwrap();
        let architecture = recipe.architecture();
        let mut net = Autoencoder::glorot(&architecture, &mut ChaCha8Rng::seed_from_u64(1));
        let code = net.encoder.last_mut().unwrap();
        code.parameters_mut().unwrap()[1].fill(-20.0);
        let study = Lens::new(&net, &recipe, &pool).unit_study(&split, 1);
        let layers = layers(&architecture);
        let facts = Facts {
            study: Some(&study),
            ..nothing(&layers)
        };
        findings(&facts).contains(&Finding::Collapsed)
    };
    assert!(collapses(Activation::Relu));
    assert!(!collapses(Activation::Linear));
}

#[test]
fn a_quarter_of_a_layer_is_many_dead() {
    for (dead, said) in [(7, false), (8, true)] {
        let mut layers = article();
        layers[0].dead[3..3 + dead].fill(true);
        let expected = Finding::Dead {
            layer: 0,
            units: (3..3 + dead).collect(),
            of: 32,
        };
        let expected = said.then_some(expected);
        assert_eq!(findings(&nothing(&layers)), Vec::from_iter(expected));
    }
}

/// So many units would do as much: without the dead ones the pictures are the same.
#[test]
fn a_network_without_its_dead_units_makes_the_same_pictures() {
    let (split, pool) = (images(), Pool::of_the_machine());
    let recipe = Recipe::preset(Preset::Article);
    let mut net = Autoencoder::glorot(&recipe.architecture(), &mut ChaCha8Rng::seed_from_u64(1));
    let first = net.encoder[0].dense_mut().unwrap();
    first.b.slice_mut(ndarray::s![20..]).fill(-1e6);
    let mut smaller = recipe.clone();
    smaller.set_encoder(vec![20, 2]).unwrap();
    let mut less = Autoencoder::zeros(&smaller.architecture());
    for (to, from) in less.layers_mut().zip(net.layers()) {
        let (to, from) = (to.dense_mut().unwrap(), from.dense().unwrap());
        let (rows, columns) = to.w.dim();
        to.w.assign(&from.w.slice(ndarray::s![..rows, ..columns]));
        to.b.assign(&from.b.slice(ndarray::s![..columns]));
    }
    // The decoder's own twelve are alive, and stay.
    let code = |net, recipe| Lens::new(net, recipe, &pool).codes(&split);
    let (one, other) = (code(&net, &recipe), code(&less, &smaller));
    // Sums of the same terms and of zeros.
    assert!(
        one.iter()
            .zip(&other)
            .all(|(a, b)| (a - b).abs() <= 1e-6 * a.abs().max(1.0))
    );
}

#[test]
fn a_code_value_is_in_use_when_it_costs_a_hundredth_of_a_nat() {
    let recipe = Recipe::preset(Preset::Vae);
    let (split, pool) = (images(), Pool::of_the_machine());
    let net = Autoencoder::glorot(&recipe.architecture(), &mut ChaCha8Rng::seed_from_u64(1));
    let layers = layers(&recipe.architecture());
    let mut study = Lens::new(&net, &recipe, &pool).unit_study(&split, 1);
    for (cost, used) in [(0.009, 1), (0.011, 2)] {
        let costs = layers[1].layer.range().end..layers[2].layer.first;
        for (unit, cost) in study.units[costs].iter_mut().zip([1.0, cost]) {
            unit.sum = cost * study.images as f64;
        }
        let facts = Facts {
            study: Some(&study),
            ..nothing(&layers)
        };
        let found = findings(&facts);
        let is = matches!(&found[..], [Finding::InUse { used: is, costs }] if *is == used && costs.len() == 2);
        assert!(is, "{found:?}");
    }
}
