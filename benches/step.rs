//! Milliseconds of one epoch of training steps, batches included.
//!
//! ```text
//! cargo bench --bench step
//! ```
//!
//! The images are random, 19 % of their pixels not zero, like MNIST's.

#![expect(clippy::print_stdout, reason = "the figures are what a bench is for")]

use ae_tui::nn::{Activation, Adam, AdamConfig, Architecture, Autoencoder, Gradients, Trace, loss};
use ndarray::Array2;
use ndarray_rand::rand::{Rng, SeedableRng, rngs::StdRng};
use std::time::Instant;

const PIXELS: usize = 784;
const IMAGES: usize = 60_000;
const BATCH: usize = 32;

fn main() {
    let mut rng = StdRng::seed_from_u64(1);
    let images: Vec<u8> = (0..IMAGES * PIXELS)
        .map(|_| {
            if rng.random_bool(0.19) {
                rng.random_range(1..=255)
            } else {
                0
            }
        })
        .collect();
    for (name, encoder, epochs) in [
        ("article", vec![32, 2], 5),
        ("deep", vec![512, 256, 128, 64, 32], 2),
    ] {
        let architecture = Architecture {
            inputs: PIXELS,
            encoder,
            latent_activation: Activation::Relu,
        };
        let times = epoch_times(&architecture, &images, epochs);
        let times: Vec<String> = times.iter().map(|ms| format!("{ms:.0}")).collect();
        println!("{name} {architecture}: {} ms an epoch", times.join(", "));
    }
}

/// Milliseconds of each epoch.
fn epoch_times(architecture: &Architecture, images: &[u8], epochs: usize) -> Vec<f64> {
    let mut net = Autoencoder::glorot(architecture, &mut StdRng::seed_from_u64(2));
    let mut adam = Adam::new(&net);
    let mut gradients = Gradients::zeros(architecture);
    let mut trace = Trace::new(architecture, BATCH);
    let mut x = Array2::zeros((BATCH, PIXELS));
    let config = AdamConfig::default();
    let mut epoch = || {
        let start = Instant::now();
        for batch in images.chunks_exact(BATCH * PIXELS) {
            for (x, &pixel) in x.iter_mut().zip(batch) {
                *x = f32::from(pixel) / 255.0;
            }
            net.forward(x.view(), &mut trace);
            let (logits, dlogits) = trace.logits_and_gradient();
            let loss = loss::output_loss_and_gradient(logits, x.view(), dlogits);
            assert!(loss.is_finite(), "the loss is {loss}");
            net.backward(x.view(), &mut trace, &mut gradients);
            adam.step(&config, &mut net, &gradients);
        }
        start.elapsed().as_secs_f64() * 1000.0
    };
    (0..epochs).map(|_| epoch()).collect()
}
