//! Training follows Keras, step by step.
//!
//! `fixtures/parity/*.json` are runs of Keras 3 in float64 on MNIST: 200 steps of
//! 32 training images in their order, from weights that are computed here, with
//! the loss of each step, and in the end the codes of test images 0 to 15 and the
//! reconstruction of test image 0.

use std::{
    env, fs,
    path::Path,
    sync::{Arc, LazyLock},
};

use ae_tui::{
    data::{Dataset, PIXELS, batches, mnist},
    nn::{Adam, AdamConfig, Architecture, Autoencoder, Batch, Code, Maps, Training},
    pool::Pool,
    recipe::{Preset, Recipe},
    train::Trainer,
};
use ndarray::{Array2, ArrayView2, ArrayView3};
use serde::Deserialize;

/// How far a loss may be from Keras's, of its value. Keras's own float32 run
/// leaves its float64 run by 5.5e-6; sums in another order may do some times more.
const LOSS_TOLERANCE: f64 = 5e-5;

/// How far codes and reconstruction may be off, of the largest among them: 200
/// steps gather more than a loss shows, as a loss averages over all pixels.
const OUTPUT_TOLERANCE: f64 = 1e-4;

/// The same for the code of convolutions, which 200 steps leave below 0.03: derivatives
/// that nearly cancel decide where Adam goes, and the float32 run of JAX leaves its own
/// float64 run, which is Keras's to 2e-10, by 3.3e-3.
const CODE_MAPS_TOLERANCE: f64 = 1e-2;

/// MNIST as the program carries it.
static MNIST: LazyLock<Arc<Dataset>> =
    LazyLock::new(|| Arc::new(mnist::embedded().expect("the embedded images are readable")));

#[test]
fn the_article_preset_follows_keras() {
    follow("article", Preset::Article);
}

/// Here rounding decides at step 171 or 173, where products are rounded before they are added: five
/// of sixteen starts leave Keras by 5.5e-5 or 9.9e-5 in that loss (with AVX2 one, with AVX-512 none).
#[test]
fn the_deep_preset_follows_keras() {
    follow_from_one_of_many("deep", Preset::Deep);
}

/// The article's network on noisy images: the preset has another.
#[test]
fn denoising_follows_keras() {
    follow("denoising", Preset::Article);
}

#[test]
fn the_sparse_preset_follows_keras() {
    follow("sparse", Preset::Sparse);
}

#[test]
fn the_conv_preset_follows_keras() {
    follow("conv", Preset::Conv);
}

/// About step 135 of this run rounding decides whether one unit says something of one image: starts
/// that differ from the fixture's by less than a rounding stay within 2e-7 of Keras at every
/// step, or leave it by 7e-5 in a loss and 1.5e-4 in a code, the one as often as the other (eight
/// of sixteen). Of a step that is wrong none would stay.
#[test]
fn the_vae_preset_follows_keras() {
    follow_from_one_of_many("vae", Preset::Vae);
}

/// Each in a process of its own, as processors are asked once what they have.
#[cfg(all(target_arch = "x86_64", debug_assertions))]
#[test]
fn what_older_processors_compute_follows_keras() {
    for without in ["avx512", "avx512,avx2"] {
        let this = env::current_exe().expect("a test is a program");
        let tests = std::process::Command::new(this)
            .args(["keras", "these_are_the_instructions", "--skip", "older"])
            .env("AE_TUI_WITHOUT", without)
            .output()
            .expect("a program can be started twice");
        let said = String::from_utf8_lossy(&tests.stdout);
        assert!(tests.status.success(), "without {without}: {said}");
        assert!(said.contains("test result: ok. 7 passed"), "{said}");
    }
}

/// What was withheld is not used, wherever it was there to withhold.
#[test]
fn these_are_the_instructions() {
    let used = ae_tui::nn::instructions();
    let without = env::var("AE_TUI_WITHOUT").unwrap_or_default();
    assert!(
        !without.split(',').any(|withheld| withheld == used),
        "{used} in spite of {without}"
    );
}

fn follow(name: &str, preset: Preset) {
    if let Err(fault) = steps(name, preset, 0) {
        panic!("{name}: {fault}");
    }
}

/// As [`follow`], from the fixture's start or from one that a rounding would make of it.
fn follow_from_one_of_many(name: &str, preset: Preset) {
    const STARTS: u64 = 8;
    let faults: Vec<String> = (0..STARTS)
        .map_while(|start| steps(name, preset, start).err())
        .collect();
    assert!(
        faults.len() < STARTS as usize,
        "{name}: none stays: {faults:#?}"
    );
}

/// Trains as the fixture says, and compares every number of it. Any start but 0 has every weight
/// changed by a rounding at most.
fn steps(name: &str, preset: Preset, start: u64) -> Result<(), String> {
    let fixture = Fixture::read(name);
    let recipe = Recipe::preset(preset);
    let rounding = f64::from(f32::EPSILON) * start.min(1) as f64;
    let nudges = splitmix64(start);
    let mut start = fixture.network(&recipe.architecture());
    for (weight, nudge) in start.parameters_mut().flatten().zip(nudges) {
        *weight = (f64::from(*weight) * (1.0 + rounding * (nudge - 0.5))) as f32;
    }
    let pool = Pool::of_the_machine();
    let adam = AdamConfig::default();
    let size = fixture.batch_size;
    let fresh = (&start, &Adam::new(&start));
    let mut training = Training::new(fresh, recipe.objective(), adam, size, pool.clone());
    let mut batch = Batch::new(PIXELS, size);
    assert_eq!(fixture.losses.len(), fixture.steps);
    for (step, expected) in fixture.losses.iter().enumerate() {
        batch.fill(&pool, size, |n| Some(MNIST.train.image(step * size + n)));
        let normals = normals(fixture.seed * 1000 + 500 + step as u64);
        match name {
            "denoising" => {
                let normals: Vec<f64> = normals.take(size * PIXELS).collect();
                batch.corrupt(&pool, |n, pixels| {
                    for (pixel, normal) in pixels.iter_mut().zip(&normals[n * PIXELS..]) {
                        *pixel = (f64::from(*pixel) + 0.5 * normal).clamp(0.0, 1.0) as f32;
                    }
                });
            }
            "vae" => {
                let mut normals = normals;
                let latent = start.architecture().latent();
                batch.draw_epsilon(latent, |_, epsilon| {
                    epsilon.fill_with(|| normals.next().expect("there is no last") as f32);
                });
            }
            _ => {}
        }
        let loss = training.step(&batch);
        let error = (loss / expected - 1.0).abs();
        if error.is_nan() || error >= LOSS_TOLERANCE {
            return Err(format!(
                "the loss of step {step} is {loss}, Keras has {expected}: off by {error:e}"
            ));
        }
    }

    let net = training.net();
    let x = test_images(fixture.codes_test_0_16.len() as u32);
    let codes = net.encode(x.view());
    let mut expected = fixture.codes_test_0_16.concat();
    let mut tolerance = OUTPUT_TOLERANCE;
    if let Some(maps) = start.architecture().code_maps() {
        let by_place = expected.chunks_exact(maps.numbers());
        expected = by_place
            .flat_map(|code| channels_first(code, maps))
            .collect();
        tolerance = CODE_MAPS_TOLERANCE;
    }
    near("codes", &codes, &expected, tolerance)?;
    let reconstruction = net.reconstruct(x.slice(ndarray::s![..1, ..]));
    near(
        "reconstruction",
        &reconstruction,
        &fixture.reconstruction_test_0,
        OUTPUT_TOLERANCE,
    )
}

/// The trainer's own step is the one that is compared with Keras.
#[test]
fn the_trainer_takes_the_same_steps() {
    let fixture = Fixture::read("article");
    let recipe = Recipe {
        shuffle: false,
        ..Recipe::preset(Preset::Article)
    };
    let start = fixture.network(&recipe.architecture());
    let pool = Pool::of_the_machine();
    let mut trainer = Trainer::new(recipe, Arc::clone(&MNIST), Some(start), pool);
    for expected in &fixture.losses {
        let loss = f64::from(trainer.step().expect("the loss stays finite"));
        assert!((loss / expected - 1.0).abs() < LOSS_TOLERANCE);
    }
}

fn near(name: &str, actual: &Array2<f32>, expected: &[f64], tolerance: f64) -> Result<(), String> {
    assert_eq!(actual.len(), expected.len(), "{name}");
    let largest = expected.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
    for (index, (&actual, &expected)) in actual.iter().zip(expected).enumerate() {
        let error = (f64::from(actual) - expected).abs() / largest;
        if error.is_nan() || error >= tolerance {
            return Err(format!(
                "{name}[{index}] is {actual}, Keras has {expected}: off by {error:e} of the largest"
            ));
        }
    }
    Ok(())
}

/// A run of Keras.
#[derive(Debug, Deserialize)]
struct Fixture {
    seed: u64,
    batch_size: usize,
    steps: usize,
    /// Kernel `[in, out]` or `[height, width, in, out]` and bias `[out]`, layer by layer.
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

    /// The network before the first step.
    fn network(&self, architecture: &Architecture) -> Autoencoder {
        let mut tensors: Vec<Vec<f32>> = (0..self.weight_shapes.len())
            .map(|tensor| self.tensor(tensor))
            .collect();
        if architecture.code() == Code::Gaussian {
            // Means and log-variances are two layers in Keras and side by side in ours.
            let variances = tensors.drain(4..6).collect::<Vec<_>>();
            for (means, variances) in tensors[2..4].iter_mut().zip(variances) {
                *means = side_by_side(means, &variances, architecture.latent());
            }
        }
        let mut net = Autoencoder::zeros(architecture);
        assert_eq!(net.parameters().count(), tensors.len());
        for (values, tensor) in net.parameters_mut().zip(tensors) {
            values.copy_from_slice(&tensor);
        }
        net
    }

    /// The values of one of `weight_shapes`: a kernel, or a bias, which is zero.
    fn tensor(&self, index: usize) -> Vec<f32> {
        let shape = &self.weight_shapes[index];
        let count = shape.iter().product();
        let (places, inputs, outputs) = match shape[..] {
            [inputs, outputs] => (1, inputs, outputs),
            [height, width, inputs, outputs] => (height * width, inputs, outputs),
            _ => return vec![0.0; count],
        };
        let limit = (6.0 / (places * (inputs + outputs)) as f64).sqrt();
        let uniforms = splitmix64(self.seed * 1000 + index as u64);
        let values = uniforms.map(|uniform| ((2.0 * uniform - 1.0) * limit) as f32);
        let values: Vec<f32> = values.take(count).collect();
        let kernel = ArrayView3::from_shape((places, inputs, outputs), &values);
        match places {
            1 => values,
            // Ours are [out, in, height, width].
            _ => kernel
                .expect("a number each")
                .reversed_axes()
                .iter()
                .copied()
                .collect(),
        }
    }
}

/// A code of Keras, `[height, width, channel]`, as ours: `[channel, height, width]`.
fn channels_first(code: &[f64], maps: Maps) -> Vec<f64> {
    let by_place = ArrayView2::from_shape((maps.places(), maps.channels), code);
    by_place
        .expect("a number each")
        .t()
        .iter()
        .copied()
        .collect()
}

/// Two matrices of so many columns as one.
fn side_by_side(left: &[f32], right: &[f32], columns: usize) -> Vec<f32> {
    let rows = left.chunks_exact(columns).zip(right.chunks_exact(columns));
    rows.flat_map(|(left, right)| [left, right].concat())
        .collect()
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

/// The normal numbers that the uniforms of this seed become, two by two (Box and Muller 1958).
fn normals(seed: u64) -> impl Iterator<Item = f64> {
    let mut uniforms = splitmix64(seed);
    std::iter::from_fn(move || {
        let (u0, u1) = (uniforms.next()?, uniforms.next()?);
        Some((-2.0 * (1.0 - u0).ln()).sqrt() * (std::f64::consts::TAU * u1).cos())
    })
}

/// The first held-out images, pixels from 0 to 1, an image a row.
fn test_images(count: u32) -> Array2<f32> {
    let indices: Vec<u32> = (0..count).collect();
    let mut x = Array2::zeros((indices.len(), PIXELS));
    batches::gather(&MNIST.test, &indices, x.view_mut());
    x
}
