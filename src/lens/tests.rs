//! What a lens shows is what the plain network says, and the same whoever asks.

use std::num::NonZeroUsize;

use ndarray::{ArrayView2, s};

use super::*;
use crate::{data::PIXELS, recipe::Preset};

/// Three hundred images, so that they go through the network in several lots; every
/// other thirty-two of them are mostly black, which is added up in another way.
fn images() -> Split {
    let pixel = |n: usize| {
        let black = n / PIXELS / 32 % 2 == 1 && !n.is_multiple_of(5);
        u8::from(!black) * (n * 37 % 256) as u8
    };
    let pixels = (0..300 * PIXELS).map(pixel).collect();
    Split::new(pixels, (0..300).map(|n| (n % 10) as u8).collect())
}

fn network(recipe: &Recipe) -> Autoencoder {
    let architecture = recipe.architecture();
    Autoencoder::glorot(&architecture, &mut generator(1, Stream::Weights, 0))
}

/// Holds what a sample says was made of `shown` against the network, asked anew.
fn expect_made_of(net: &Autoencoder, shown: &[f32], sample: &Sample) {
    let alone = net.reconstruct(ArrayView2::from_shape((1, PIXELS), shown).unwrap());
    let differences = sample.reconstruction.iter().zip(&alone);
    let worst = differences.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    // Sums of up to 784 terms, in another order when an image is alone.
    assert!(worst < 1e-5, "image {}: {worst}", sample.index);
    let cross_entropy = |(x, y): (&f32, &f32)| {
        let (x, y) = (f64::from(*x), f64::from(*y));
        -x * y.ln() - (1.0 - x) * (1.0 - y).ln()
    };
    let terms = sample.original.iter().zip(&alone).map(cross_entropy);
    let loss = terms.sum::<f64>() / PIXELS as f64;
    // Outputs to 1e-5 of themselves, and their logarithms likewise.
    assert!((f64::from(sample.loss) - loss).abs() < 1e-4);
}

#[test]
fn every_image_of_a_range_comes_with_its_own_label_loss_and_reconstruction() {
    let (split, pool) = (images(), Pool::of_the_machine());
    let recipe = Recipe::preset(Preset::Article);
    let net = network(&recipe);
    let samples = Lens::new(&net, &recipe, &pool).samples(&split, 7..273);
    assert_eq!(samples.len(), 266);
    for (sample, index) in samples.iter().zip(7..) {
        assert_eq!((sample.index, sample.label), (index, split.label(index)));
        let pixels = split.image(index).iter();
        let original: Vec<f32> = pixels.map(|&pixel| f32::from(pixel) / 255.0).collect();
        assert_eq!(sample.original, original);
        assert_eq!(sample.noisy, None);
        expect_made_of(&net, &original, sample);
    }
}

#[test]
fn a_network_is_shown_the_noise_each_image_is_always_measured_with() {
    let (split, pool) = (images(), Pool::of_the_machine());
    let recipe = Recipe::preset(Preset::Denoising);
    let net = network(&recipe);
    let lens = Lens::new(&net, &recipe, &pool);
    let samples = lens.samples(&split, 48..56);
    for sample in &samples {
        let mut shown = sample.original.clone();
        let size = recipe.image;
        recipe
            .noise
            .corrupt_held_out(sample.index, size, &mut shown);
        assert_eq!(sample.noisy.as_ref(), Some(&shown), "{}", sample.index);
        expect_made_of(&net, &shown, sample);
    }
}

#[test]
fn a_gaussian_code_is_drawn_at_its_means() {
    let (split, pool) = (images(), Pool::of_the_machine());
    let recipe = Recipe::preset(Preset::Vae);
    let net = network(&recipe);
    for sample in Lens::new(&net, &recipe, &pool).samples(&split, 0..3) {
        assert_eq!(sample.code.len(), 2);
        expect_made_of(&net, &sample.original, &sample);
    }
}

/// Among thousands for a map, among ten for a row, or alone.
#[test]
fn an_image_has_one_code_and_one_picture_wherever_it_is_asked_for() {
    let (split, pool) = (images(), Pool::of_the_machine());
    for preset in Preset::ALL {
        let recipe = Recipe::preset(preset);
        let net = network(&recipe);
        let lens = Lens::new(&net, &recipe, &pool);
        let codes = lens.codes(&split);
        let all = lens.samples(&split, 0..300);
        for sample in &all {
            assert_eq!(codes.row(sample.index).to_vec(), sample.code);
        }
        for range in [0..10, 31..33, 60..70, 99..100, 290..300] {
            assert_eq!(lens.samples(&split, range.clone()), all[range]);
        }
        // Singly, from all over, the last and short lot among them.
        let singly = [299, 3, 150, 3, 151, 31, 32, 64, 288];
        let expected: Vec<Sample> = singly.map(|index| all[index].clone()).into();
        assert_eq!(lens.samples_of(&split, &singly), expected);
    }
}

/// The loss that images are sorted by is that of the picture beside it, and where nothing is
/// drawn it is what they cost.
#[test]
fn the_losses_of_all_images_are_those_of_their_pictures() {
    let (split, pool) = (images(), Pool::of_the_machine());
    for preset in Preset::ALL {
        let recipe = Recipe::preset(preset);
        let net = network(&recipe);
        let lens = Lens::new(&net, &recipe, &pool);
        let losses = lens.losses(&split);
        for sample in lens.samples(&split, 0..300) {
            // The same sum of 784 terms, in another order.
            let difference = (losses[sample.index] / sample.loss - 1.0).abs();
            assert!(
                difference < 1e-5,
                "{preset:?} {}: {difference}",
                sample.index
            );
        }
        let costs = lens.costs(&split);
        let costs: Vec<f32> = costs.iter().map(|cost| cost.reconstruction).collect();
        assert_eq!(costs == losses, !lens.draws(), "{preset:?}");
    }
}

/// So that whoever waits for something else need not wait for all images.
#[test]
fn pieces_have_the_bits_of_the_whole() {
    // More than a piece, and no whole number of lots.
    let pixels = (0..1111 * PIXELS).map(|n| (n * 37 % 251) as u8).collect();
    let split = Split::new(pixels, vec![0; 1111]);
    let pool = Pool::new(NonZeroUsize::MIN);
    for preset in [Preset::Article, Preset::Denoising, Preset::Vae] {
        let recipe = Recipe::preset(preset);
        let net = network(&recipe);
        let lens = Lens::new(&net, &recipe, &pool);
        let (mut codes, mut costs, mut losses) = (Vec::new(), Vec::new(), Vec::new());
        let mut pieces = 0;
        while losses.len() < split.len() {
            let piece = lens.piece(&split, losses.len());
            codes.extend(lens.codes_of(&split, piece.clone()));
            costs.extend(lens.costs_of(&split, piece.clone()));
            losses.extend(lens.losses_of(&split, piece));
            pieces += 1;
        }
        assert_eq!(pieces, 2);
        assert!(lens.piece(&split, split.len()).is_empty());
        assert_eq!(codes, lens.codes(&split).into_iter().collect::<Vec<_>>());
        assert_eq!(costs, lens.costs(&split));
        assert_eq!(losses, lens.losses(&split));
    }
}

#[test]
fn a_place_of_the_latent_space_is_decoded_as_the_plain_network_does() {
    let (split, pool) = (images(), Pool::of_the_machine());
    for preset in Preset::ALL {
        let recipe = Recipe::preset(preset);
        let net = network(&recipe);
        let lens = Lens::new(&net, &recipe, &pool);
        // Off the data, and as many as fill neither a batch nor a group of sixteen.
        let codes = &lens.codes(&split).slice(s![..41, ..]) * 1.3 + 0.1;
        let (fast, plain) = (lens.decode(codes.view()), net.decode(codes.view()));
        assert_eq!(fast.dim(), (41, PIXELS));
        for (fast, plain) in fast.iter().zip(&plain) {
            // Sums of up to 512 terms in another order, through a slope of at most a quarter.
            assert!((fast - plain).abs() < 1e-5, "{preset:?}: {fast} {plain}");
        }
        // A picture is the same whatever is decoded beside it.
        let alone = lens.decode(codes.slice(s![7..8, ..]));
        assert_eq!(alone.row(0), fast.row(7), "{preset:?}");
    }
}
