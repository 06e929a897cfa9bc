//! Training follows Keras, step by step.
//!
//! `fixtures/parity/*.json` are runs of Keras 3 in float64 on MNIST: 200 steps of
//! 32 training images in their order, from weights that are computed here, with
//! the loss of each step, and in the end the codes of test images 0 to 15 and the
//! reconstruction of test image 0.

use std::{
    fs,
    path::Path,
    sync::{Arc, LazyLock},
};

use ae_tui::{
    config::{Preset, TrainConfig},
    data::{Dataset, PIXELS, batches, mnist},
    nn::{Activation, Architecture, Autoencoder},
    pool::Pool,
    train::Trainer,
};
use ndarray::Array2;
use serde::Deserialize;

/// How far a loss may be from Keras's, of its value. Keras's own float32 run
/// leaves its float64 run by 5.5e-6; sums in another order may do some times more.
const LOSS_TOLERANCE: f64 = 5e-5;

/// How far codes and reconstruction may be off, of the largest among them: 200
/// steps gather more than a loss shows, as a loss averages over all pixels.
const OUTPUT_TOLERANCE: f64 = 1e-4;

/// MNIST as the program carries it.
static MNIST: LazyLock<Arc<Dataset>> =
    LazyLock::new(|| Arc::new(mnist::embedded().expect("the embedded images are readable")));

#[test]
fn the_article_preset_follows_keras() {
    follow("article");
}

#[test]
fn the_deep_preset_follows_keras() {
    follow("deep");
}

/// Trains as the fixture says, and compares every number of it.
fn follow(name: &str) {
    let fixture = Fixture::read(name);
    let mut trainer = fixture.trainer();
    let losses: Vec<f64> = (0..fixture.steps)
        .map(|_| f64::from(trainer.step().expect("the loss stays finite")))
        .collect();
    assert_eq!(losses.len(), fixture.losses.len());
    for (step, (loss, expected)) in losses.iter().zip(&fixture.losses).enumerate() {
        let error = (loss / expected - 1.0).abs();
        assert!(
            error < LOSS_TOLERANCE,
            "{name}: the loss of step {step} is {loss}, Keras has {expected}: off by {error:e}"
        );
    }

    let net = trainer.net();
    let x = test_images(fixture.codes_test_0_16.len() as u32);
    let codes = net.encode(x.view());
    assert_near("codes", &codes, &fixture.codes_test_0_16.concat());
    let reconstruction = net.reconstruct(x.slice(ndarray::s![..1, ..]));
    assert_near(
        "reconstruction",
        &reconstruction,
        &fixture.reconstruction_test_0,
    );
}

fn assert_near(name: &str, actual: &Array2<f32>, expected: &[f64]) {
    assert_eq!(actual.len(), expected.len(), "{name}");
    let largest = expected.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
    for (index, (&actual, &expected)) in actual.iter().zip(expected).enumerate() {
        let error = (f64::from(actual) - expected).abs() / largest;
        assert!(
            error < OUTPUT_TOLERANCE,
            "{name}[{index}] is {actual}, Keras has {expected}: off by {error:e} of the largest"
        );
    }
}

/// A run of Keras.
#[derive(Debug, Deserialize)]
struct Fixture {
    seed: u64,
    batch_size: usize,
    steps: usize,
    /// Kernel `[in, out]` and bias `[out]`, layer by layer.
    weight_shapes: Vec<Vec<usize>>,
    losses: Vec<f64>,
    codes_test_0_16: Vec<Vec<f64>>,
    reconstruction_test_0: Vec<f64>,
}

impl Fixture {
    fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/parity")
            .join(name)
            .with_extension("json");
        let text = fs::read_to_string(&path).expect("the fixture is in the repository");
        serde_json::from_str(&text).expect("the fixture has these fields")
    }

    fn architecture(&self) -> Architecture {
        let kernels = self.weight_shapes.iter().filter(|shape| shape.len() == 2);
        let outputs: Vec<usize> = kernels.map(|shape| shape[1]).collect();
        Architecture {
            inputs: self.weight_shapes[0][0],
            encoder: outputs[..outputs.len() / 2].to_vec(),
            latent_activation: Activation::Relu,
        }
    }

    /// The real trainer, with the fixture's weights and order.
    fn trainer(&self) -> Trainer {
        let config = TrainConfig {
            encoder: self.architecture().encoder,
            batch_size: self.batch_size,
            shuffle: false,
            ..TrainConfig::preset(Preset::Article)
        };
        let pool = Pool::of_the_machine();
        Trainer::new(config, Arc::clone(&MNIST), Some(self.network()), pool)
    }

    /// The network before the first step.
    fn network(&self) -> Autoencoder {
        let mut net = Autoencoder::zeros(&self.architecture());
        for (tensor, (values, shape)) in net.parameters_mut().zip(&self.weight_shapes).enumerate() {
            assert_eq!(values.len(), shape.iter().product::<usize>());
            if let [inputs, outputs] = shape[..] {
                let limit = (6.0 / (inputs + outputs) as f64).sqrt();
                let uniforms = splitmix64(self.seed * 1000 + tensor as u64);
                for (value, uniform) in values.iter_mut().zip(uniforms) {
                    *value = ((2.0 * uniform - 1.0) * limit) as f32;
                }
            }
        }
        net
    }
}

/// The uniforms of splitmix64 (Steele, Lea and Flood 2014) from this seed.
fn splitmix64(seed: u64) -> impl Iterator<Item = f64> {
    (1_u64..).map(move |i| {
        let mut z = seed.wrapping_add(i.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        (z >> 11) as f64 / (1_u64 << 53) as f64
    })
}

/// The first held-out images, pixels from 0 to 1, an image a row.
fn test_images(count: u32) -> Array2<f32> {
    let indices: Vec<u32> = (0..count).collect();
    let mut x = Array2::zeros((indices.len(), PIXELS));
    batches::gather(&MNIST.test, &indices, x.view_mut());
    x
}
