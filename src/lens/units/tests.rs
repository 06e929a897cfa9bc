//! What units say is what the plain layers say, whoever asks and beside whatever.

use std::num::NonZeroUsize;

use super::*;
use crate::{
    data::PIXELS,
    pool::Pool,
    random::{Stream, generator},
    recipe::{Preset, Recipe},
};

fn images(count: usize) -> Split {
    let pixel = |n: usize| {
        let black = n / PIXELS / 32 % 2 == 1 && !n.is_multiple_of(5);
        u8::from(!black) * (n * 37 % 256) as u8
    };
    let pixels = (0..count * PIXELS).map(pixel).collect();
    Split::new(pixels, (0..count).map(|n| (n % 10) as u8).collect())
}

fn network(recipe: &Recipe) -> Autoencoder {
    let architecture = recipe.architecture();
    Autoencoder::glorot(&architecture, &mut generator(1, Stream::Weights, 0))
}

/// What each layer's units say, by the layers one after the other.
fn plainly(net: &Autoencoder, shown: &[f32]) -> Vec<f32> {
    let mut here = ArrayView2::from_shape((1, shown.len()), shown)
        .unwrap()
        .to_owned();
    let mut rows: Vec<Vec<f32>> = Vec::new();
    for (index, layer) in net.layers().enumerate() {
        let mut y = layer.forward(here.view());
        let mut says = y.row(0).to_vec();
        if index + 1 == net.encoder.len() && net.code == Code::Gaussian {
            let latent = says.len() / 2;
            y = y.slice(ndarray::s![.., ..latent]).to_owned();
            for value in 0..latent {
                let (mean, log_variance) = (says[value], says[latent + value]);
                says[latent + value] =
                    0.5 * (mean * mean + log_variance.exp() - 1.0 - log_variance);
            }
        }
        if let Some(maps) = layer.shape().maps() {
            let means = says.chunks(maps.height * maps.width);
            says = means
                .map(|map| map.iter().sum::<f32>() / map.len() as f32)
                .collect();
        }
        match layer {
            Layer::MaxPool(_) => *rows.last_mut().unwrap() = says,
            Layer::Upsample(_) => {}
            _ => rows.push(says),
        }
        here = y;
    }
    rows.pop();
    rows.concat()
}

#[test]
fn every_unit_says_what_the_plain_layers_say_of_every_preset() {
    let (split, pool) = (images(70), Pool::of_the_machine());
    for preset in Preset::ALL {
        let recipe = Recipe::preset(preset);
        let net = network(&recipe);
        let lens = Lens::new(&net, &recipe, &pool);
        for sample in lens.samples(&split, 33..36) {
            let says = lens.unit_answers(&split, sample.index);
            let shown = sample.noisy.as_ref().unwrap_or(&sample.original);
            let expected = plainly(&net, shown);
            assert_eq!(says.len(), expected.len(), "{}", preset.name());
            for (number, (says, expected)) in says.iter().zip(&expected).enumerate() {
                // Sums of up to 784 terms, some layers after another, in another order.
                let near = (says - expected).abs() <= 1e-4 * expected.abs().max(1.0);
                assert!(near, "{}: {number}: {says}, not {expected}", preset.name());
            }
            let layers = UnitLayer::all(&recipe.architecture());
            let code = layers.iter().find(|layer| layer.place == LayerPlace::Code);
            let code = code.unwrap();
            if code.map.is_none() {
                assert_eq!(says[code.range()], sample.code, "{}", preset.name());
            }
            let last = &layers[layers.len() - 2];
            assert_eq!(last.range().end, says.len(), "{}", preset.name());
        }
    }
}

#[test]
fn what_a_gaussian_code_costs_is_the_price_of_its_values() {
    let (split, pool) = (images(40), Pool::of_the_machine());
    let recipe = Recipe::preset(Preset::Vae);
    let net = network(&recipe);
    let lens = Lens::new(&net, &recipe, &pool);
    let layers = UnitLayer::all(&recipe.architecture());
    let code = &layers[1];
    let says = lens.unit_answers(&split, 7);
    let costs = &says[code.range().end..layers[2].first];
    assert_eq!(costs.len(), code.units);
    let price = lens.costs(&split)[7].price;
    // Two terms in f32.
    assert!((costs.iter().sum::<f32>() - price).abs() < 1e-5 * price.max(1.0));
}

#[test]
fn a_study_counts_what_each_image_is_asked_alone_and_threads_change_nothing() {
    let split = images(AT_A_TIME + 90);
    let recipe = Recipe::preset(Preset::Article);
    let net = network(&recipe);
    let of_threads = |threads| {
        let pool = Pool::new(NonZeroUsize::new(threads).unwrap());
        Lens::new(&net, &recipe, &pool).unit_study(&split, 5)
    };
    let study = of_threads(3);
    assert_eq!(study, of_threads(1));
    let pool = Pool::new(NonZeroUsize::MIN);
    let lens = Lens::new(&net, &recipe, &pool);
    let rows: Vec<Vec<f32>> = (0..split.len())
        .map(|index| lens.unit_answers(&split, index))
        .collect();
    for (unit, record) in study.units.iter().enumerate() {
        let silent = rows.iter().filter(|row| row[unit] == 0.0).count();
        assert_eq!(record.silent, silent, "{unit}");
        let mut best: Vec<(usize, f32)> = rows.iter().map(|row| row[unit]).enumerate().collect();
        best.retain(|(_, says)| *says != 0.0);
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        best.truncate(5);
        assert_eq!(record.best, best, "{unit}");
    }
}

#[test]
fn a_silent_unit_has_no_image_and_numbers_that_are_none_are_no_best() {
    let mut record = UnitRecord::new();
    for (image, says) in [0.0, f32::NAN, 2.0, 0.0, 2.0, 3.0].into_iter().enumerate() {
        record.add(image, says, 2);
    }
    record.prune(2);
    assert_eq!(
        (record.silent, &record.best[..]),
        (2, &[(5, 3.0), (2, 2.0)][..])
    );
}

#[test]
fn maps_of_an_image_are_those_whose_means_the_units_say() {
    let (split, pool) = (images(3), Pool::of_the_machine());
    let recipe = Recipe::preset(Preset::Conv);
    let net = network(&recipe);
    let lens = Lens::new(&net, &recipe, &pool);
    let sample = &lens.samples(&split, 1..2)[0];
    let maps = ImageMaps::all(&net, &sample.original);
    let layers = UnitLayer::all(&recipe.architecture());
    assert_eq!(maps.len(), layers.len());
    assert_eq!(maps[0].size, ImageSize::MNIST, "before the pooling");
    let says = lens.unit_answers(&split, 1);
    // The code's, and the decoder's, are handed on as they are.
    for (layer, maps) in layers.iter().zip(&maps).skip(2).take(4) {
        assert_eq!(layer.map, Some(maps.size));
        for (unit, says) in says[layer.range()].iter().enumerate() {
            let map = maps.map(unit).unwrap();
            let mean = map.iter().sum::<f32>() / map.len() as f32;
            assert!((mean - says).abs() < 1e-5, "{:?} {unit}", layer.place);
        }
    }
    let row = maps[2].values.clone();
    assert!(
        row.iter()
            .zip(&sample.code)
            .all(|(a, b)| (a - b).abs() < 1e-5)
    );
    assert_eq!(maps[0].map(16), None);
    for preset in [Preset::Deep, Preset::Vae] {
        let net = network(&Recipe::preset(preset));
        assert!(ImageMaps::all(&net, &sample.original).is_empty());
    }
}
