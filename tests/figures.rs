//! Figures in the colours of the screen, of what the network really makes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use ae_tui::{
    config::{Preset, TrainConfig},
    data::{PIXELS, Split, corrupt::Noise},
    figure,
    message::Sample,
    nn::Autoencoder,
    random::{Stream, generator},
    ui::theme::{Depth, Glyphs, Theme, Tone},
};
use ndarray::ArrayView2;
use ratatui::style::Color;

#[test]
fn a_figure_has_the_colours_of_the_dark_theme() {
    let theme = Theme {
        depth: Depth::True,
        tone: Tone::Dark,
        glyphs: Glyphs::Blocks,
    };
    let color = |[red, green, blue]: [u8; 3]| Color::Rgb(red, green, blue);
    for value in (0..=255_u8).map(|pixel| f32::from(pixel) / 255.0) {
        assert_eq!(color(figure::original(value)), theme.original(value));
        assert_eq!(color(figure::network(value)), theme.network(value));
    }
}

/// A hundred and twenty images, so that they go through the network in several lots.
fn images() -> Split {
    let pixels = (0..120 * PIXELS).map(|n| (n * 37 % 256) as u8).collect();
    Split::new(pixels, (0..120).map(|n| n % 10).collect())
}

fn network(preset: Preset) -> Autoencoder {
    let architecture = TrainConfig::preset(preset).architecture(PIXELS);
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
    let split = images();
    let net = network(Preset::Article);
    let samples = figure::samples(&net, &split, Noise::None, 7..113);
    assert_eq!(samples.len(), 106);
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
    let split = images();
    let net = network(Preset::Denoising);
    let noise = Noise::Gaussian(0.5);
    let samples = figure::samples(&net, &split, noise, 48..56);
    for sample in &samples {
        let mut shown = sample.original.clone();
        noise.corrupt_held_out(sample.index, &mut shown);
        assert_eq!(sample.noisy.as_ref(), Some(&shown), "{}", sample.index);
        expect_made_of(&net, &shown, sample);
    }
    let again = figure::samples(&net, &split, noise, 50..51);
    assert_eq!(again[0].noisy, samples[2].noisy, "whatever the range");
}

#[test]
fn a_gaussian_code_is_drawn_at_its_means() {
    let split = images();
    let net = network(Preset::Vae);
    for sample in figure::samples(&net, &split, Noise::None, 0..3) {
        assert_eq!(sample.code.len(), 2);
        expect_made_of(&net, &sample.original, &sample);
    }
}
