//! What ae-tui's speed is made of. `cargo bench`; figures and what they are held
//! against are in `docs/PERFORMANCE.md`.
//!
//! The images are strokes of six pixels at random: like MNIST's they light 19 % of all pixels, and
//! any of 27 % of the fours that are visited together (of MNIST's 28 %).

use ae_tui::{
    data::{Classes, Dataset, PIXELS, Split},
    nn::Evaluator,
    pool::Pool,
    recipe::{Preset, Recipe},
    store::{
        checkpoint,
        weights::{self, About},
    },
    train::Trainer,
};
use divan::{Bencher, counter::ItemsCount};
use ndarray_rand::rand::{Rng, SeedableRng, rngs::StdRng};
use std::{num::NonZeroUsize, sync::Arc};

fn main() {
    divan::main();
}

fn images(count: usize) -> Split {
    let mut rng = StdRng::seed_from_u64(1);
    let mut pixels = vec![0; count * PIXELS];
    for image in pixels.chunks_exact_mut(PIXELS) {
        for _ in 0..27 {
            let start = rng.random_range(0..PIXELS - 6);
            image[start..start + 6].fill_with(|| rng.random_range(1..=255));
        }
    }
    Split::new(pixels, vec![0; count])
}

fn trainer(preset: Preset, threads: usize, count: usize) -> Trainer {
    let data = Dataset {
        name: "random".into(),
        classes: Classes::numbered(10),
        train: images(count),
        test: images(32),
        digest: String::new(),
    };
    Trainer::new(Recipe::preset(preset), Arc::new(data), None, pool(threads))
}

fn pool(threads: usize) -> Pool {
    Pool::new(NonZeroUsize::new(threads).expect("at least one thread"))
}

/// Images are few, so this leaves out what memory costs.
#[divan::bench(args = [1, 2])]
fn article_step(bencher: Bencher, threads: usize) {
    let mut trainer = trainer(Preset::Article, threads, 640);
    bencher.bench_local(|| trainer.step());
}

#[divan::bench(args = [1, 2])]
fn deep_step(bencher: Bencher, threads: usize) {
    let mut trainer = trainer(Preset::Deep, threads, 640);
    bencher.bench_local(|| trainer.step());
}

#[divan::bench(args = [1, 2])]
fn conv_step(bencher: Bencher, threads: usize) {
    let mut trainer = trainer(Preset::Conv, threads, 640);
    bencher.bench_local(|| trainer.step());
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn article_epoch(bencher: Bencher, threads: usize) {
    let mut trainer = trainer(Preset::Article, threads, 60_000);
    bencher
        .counter(ItemsCount::new(60_000_usize))
        .bench_local(|| (0..trainer.steps_per_epoch()).try_for_each(|_| trainer.step().map(drop)));
}

#[divan::bench(args = [1, 2], sample_count = 2)]
fn deep_epoch(bencher: Bencher, threads: usize) {
    let mut trainer = trainer(Preset::Deep, threads, 60_000);
    bencher
        .counter(ItemsCount::new(60_000_usize))
        .bench_local(|| (0..trainer.steps_per_epoch()).try_for_each(|_| trainer.step().map(drop)));
}

#[divan::bench(args = [1, 2], sample_count = 2)]
fn conv_epoch(bencher: Bencher, threads: usize) {
    let mut trainer = trainer(Preset::Conv, threads, 60_000);
    bencher
        .counter(ItemsCount::new(60_000_usize))
        .bench_local(|| (0..trainer.steps_per_epoch()).try_for_each(|_| trainer.step().map(drop)));
}

#[divan::bench(args = [1, 2])]
fn article_encodes_10_000_images(bencher: Bencher, threads: usize) {
    let net = trainer(Preset::Article, 1, 32).net();
    let (images, pool) = (images(10_000), pool(threads));
    bencher.bench_local(|| Evaluator::new(&net).codes(&pool, images.len(), |n| images.image(n)));
}

#[divan::bench(args = [1, 2])]
fn conv_encodes_10_000_images(bencher: Bencher, threads: usize) {
    let net = trainer(Preset::Conv, 1, 32).net();
    let (images, pool) = (images(10_000), pool(threads));
    bencher.bench_local(|| Evaluator::new(&net).codes(&pool, images.len(), |n| images.image(n)));
}

/// What the dashboard shows at every report.
#[divan::bench]
fn conv_reconstructs_ten_images(bencher: Bencher) {
    let net = trainer(Preset::Conv, 1, 32).net();
    let x = ndarray::Array2::from_elem((10, PIXELS), 0.5);
    bencher.bench_local(|| net.reconstruct(x.view()));
}

#[divan::bench]
fn article_saves(bencher: Bencher) {
    let net = trainer(Preset::Article, 1, 32).net();
    let folder = tempfile::tempdir().expect("a scratch folder");
    let file = folder.path().join("weights.safetensors");
    bencher.bench_local(|| {
        weights::save(&file, &net, &About::default()).expect("the scratch folder takes a file");
    });
}

/// What a checkpoint costs: the state on the trainer's thread, the file on another.
#[divan::bench]
fn deep_state(bencher: Bencher) {
    let mut trainer = trainer(Preset::Deep, 1, 32);
    trainer.step().expect("random images have a finite loss");
    bencher.bench_local(|| trainer.state());
}

#[divan::bench]
fn deep_checkpoint(bencher: Bencher) {
    let mut trainer = trainer(Preset::Deep, 1, 32);
    trainer.step().expect("random images have a finite loss");
    let state = trainer.state();
    let about = About {
        step: Some(1),
        ..About::of(trainer.recipe())
    };
    let folder = tempfile::tempdir().expect("a scratch folder");
    let file = folder.path().join("step-0000001.safetensors");
    bencher.bench_local(|| {
        checkpoint::save(&file, &state, &about).expect("the scratch folder takes a file");
    });
}

#[divan::bench]
fn article_loads(bencher: Bencher) {
    let net = trainer(Preset::Article, 1, 32).net();
    let folder = tempfile::tempdir().expect("a scratch folder");
    let file = folder.path().join("weights.safetensors");
    weights::save(&file, &net, &About::default()).expect("the scratch folder takes a file");
    bencher.bench_local(|| weights::load(&file, None).expect("the file was just saved"));
}
