//! Norms of lots are those of all images at once.

use super::*;
use crate::{
    data::PIXELS,
    pool::Pool,
    recipe::{Preset, Recipe},
};

#[test]
fn norms_of_lots_are_those_of_one_batch_of_every_sort_of_network() {
    let images = LOT + 60;
    let pixels = (0..images * PIXELS).map(|n| (n * 37 % 256) as u8).collect();
    let split = Split::new(pixels, vec![0; images]);
    let pool = Pool::of_the_machine();
    for preset in [
        Preset::Article,
        Preset::Denoising,
        Preset::Vae,
        Preset::Conv,
    ] {
        let recipe = Recipe::preset(preset);
        let rng = &mut generator(1, Stream::Weights, 0);
        let net = Autoencoder::glorot(&recipe.architecture(), rng);
        let lens = Lens::new(&net, &recipe, &pool);
        let norms = lens.norms(&net, &split, images);
        let whole = lens.gradient(&net, &split, 0..images);
        for (kind, of) in [("weight", &net), ("gradient", &whole)] {
            for (layer, kernel) in kernels(of).enumerate() {
                let squares = kernel.iter().map(|&w| f64::from(w) * f64::from(w));
                let expected = squares.sum::<f64>().sqrt();
                let actual = match kind {
                    "weight" => norms[layer].weight,
                    _ => norms[layer].gradient,
                };
                // Sums over images in another order.
                let near = (f64::from(actual) - expected).abs() < 1e-4 * expected;
                assert!(
                    near,
                    "{} {kind} {layer}: {actual}, {expected}",
                    preset.name()
                );
            }
        }
    }
}

#[test]
fn fewer_images_than_asked_for_are_all_of_them() {
    let split = Split::new(vec![200; 3 * PIXELS], vec![0; 3]);
    let (recipe, pool) = (Recipe::preset(Preset::Article), Pool::of_the_machine());
    let rng = &mut generator(1, Stream::Weights, 0);
    let net = Autoencoder::glorot(&recipe.architecture(), rng);
    let lens = Lens::new(&net, &recipe, &pool);
    assert_eq!(lens.norms(&net, &split, 1000), lens.norms(&net, &split, 3));
}
