//! The trainer and its thread, on a small data set: what is promised of runs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "training/pair.rs"]
mod pair;

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use ae_tui::{
    data::{Classes, Dataset, PIXELS, Split, corrupt::Noise},
    image::ImageSize,
    lens::Lens,
    message::{Command, Failure, Phase, Progress, Report},
    nn::Autoencoder,
    pace::Pace,
    pool::Pool,
    recipe::{Change, Edit, Preset, Recipe},
    train::{self, Handle, Keeping, Setup, Start, Trainer},
};
use crossbeam_channel::Receiver;

/// Longer than any of these runs takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

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

/// Images of 12 rows and 9 columns with one bar each, of three classes.
fn three_classes(images: usize) -> Split {
    let size = ImageSize {
        height: 12,
        width: 9,
    };
    let mut pixels = vec![0; images * size.pixels()];
    let labels: Vec<u8> = (0..images).map(|image| (image % 3) as u8).collect();
    for (image, &label) in labels.iter().enumerate() {
        let row = usize::from(label) * 4 + image / 3 % 2;
        let start = image * size.pixels() + row * size.width;
        pixels[start..][..size.width].fill(255);
    }
    Split::of_size(size, pixels, labels)
}

fn data() -> Arc<Dataset> {
    Arc::new(Dataset {
        name: "bars".into(),
        classes: Classes::numbered(3),
        train: bars(100),
        test: bars(20),
        digest: String::new(),
    })
}

/// 100 images in batches of 32: three whole steps and one of four images.
fn recipe(epochs: u64) -> Recipe {
    Recipe {
        epochs,
        ..Recipe::preset(Preset::Article)
    }
}

fn setup(recipe: Recipe, pace: Pace) -> Setup {
    Setup {
        recipe,
        data: Box::new(|| Ok(data())),
        start: None,
        keeping: Keeping::default(),
        pace,
        pool: Pool::new(NonZeroUsize::MIN),
    }
}

fn start(recipe: Recipe, pace: Pace) -> (Handle, Receiver<Progress>) {
    train::spawn(setup(recipe, pace)).unwrap()
}

fn next_report(events: &Receiver<Progress>) -> Report {
    loop {
        match events.recv_timeout(PATIENCE) {
            Ok(Progress::Report(report)) => return report,
            Ok(Progress::Loaded(_)) => {}
            other => panic!("a report was due, not {other:?}"),
        }
    }
}

/// Reports up to the first in this phase.
fn until(events: &Receiver<Progress>, phase: Phase) -> Vec<Report> {
    let mut reports = vec![next_report(events)];
    while reports.last().unwrap().phase != phase {
        reports.push(next_report(events));
    }
    reports
}

fn losses(reports: &[Report]) -> Vec<f32> {
    reports
        .iter()
        .flat_map(|report| report.losses.clone())
        .collect()
}

fn last_weights(reports: &[Report]) -> &Autoencoder {
    &reports.last().unwrap().snapshot.net
}

#[test]
fn a_run_reports_every_loss_and_every_epoch_in_order() {
    let (_handle, events) = start(recipe(3), Pace::Full);
    let reports = until(&events, Phase::Finished);
    let mut expected = 1;
    for report in &reports {
        assert_eq!(report.first_step, expected);
        expected += report.losses.len() as u64;
    }
    assert_eq!(expected - 1, 3 * 4);
    let epochs: Vec<_> = reports.iter().flat_map(|report| &report.epochs).collect();
    assert_eq!(
        epochs.iter().map(|epoch| epoch.number).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(
        epochs.iter().map(|epoch| epoch.step).collect::<Vec<_>>(),
        [4, 8, 12]
    );
    assert!(
        epochs[2].held_out.loss < epochs[0].held_out.loss,
        "it learns"
    );
}

#[test]
fn a_reader_who_is_late_loses_no_loss() {
    let (_handle, events) = start(recipe(200), Pace::Full);
    // The reader takes nothing until a report is waiting and the trainer goes
    // on gathering behind it.
    let mut reports = Vec::new();
    while reports.is_empty()
        || reports
            .last()
            .is_some_and(|last: &Report| last.phase == Phase::Training)
    {
        while !events.is_full() {
            std::thread::yield_now();
        }
        reports.push(next_report(&events));
    }
    assert_eq!(losses(&reports).len(), 800);
}

#[test]
fn the_same_run_has_the_same_bits_paused_stepped_or_paced() {
    let (_handle, events) = start(recipe(2), Pace::Full);
    let straight = until(&events, Phase::Finished);

    let (handle, events) = start(recipe(2), Pace::Even { seconds: 0.2 });
    let ask = |command| handle.commands().send(command).unwrap();
    ask(Command::Pause);
    let mut stepped = until(&events, Phase::Paused);
    ask(Command::Steps(2));
    stepped.extend(until(&events, Phase::Training));
    stepped.extend(until(&events, Phase::Paused));
    ask(Command::Pace(Pace::Full));
    ask(Command::Resume);
    stepped.extend(until(&events, Phase::Finished));

    assert_eq!(losses(&straight), losses(&stepped));
    assert_eq!(last_weights(&straight), last_weights(&stepped));
}

#[test]
fn an_epoch_more_can_be_trained_after_the_last() {
    let (handle, events) = start(recipe(1), Pace::Full);
    until(&events, Phase::Finished);
    handle.commands().send(Command::Resume).unwrap();
    let more = until(&events, Phase::Finished);
    assert_eq!(losses(&more).len(), 4);
    assert_eq!(more.last().unwrap().film.epochs(), 2);
    handle.commands().send(Command::Steps(1)).unwrap();
    let one = until(&events, Phase::Paused);
    assert_eq!(losses(&one).len(), 1);
    handle.commands().send(Command::Epochs(1)).unwrap();
    let rest = until(&events, Phase::Finished);
    assert_eq!(losses(&rest).len(), 3, "to the end of the epoch begun");
}

#[test]
fn max_steps_ends_a_run_within_an_epoch() {
    let recipe = Recipe {
        max_steps: Some(6),
        ..recipe(10)
    };
    let (_handle, events) = start(recipe, Pace::Full);
    let reports = until(&events, Phase::Finished);
    assert_eq!(losses(&reports).len(), 6);
    assert_eq!(reports.last().unwrap().snapshot.step, 6);
}

#[test]
fn stopping_tells_the_last_state_and_closes_the_channel() {
    let (handle, events) = start(recipe(1_000_000), Pace::Full);
    next_report(&events);
    handle.stop();
    let last = events.iter().filter_map(|event| match event {
        Progress::Report(report) => Some(report),
        _ => None,
    });
    assert_eq!(last.last().unwrap().phase, Phase::Paused);
}

#[test]
fn a_trainer_nobody_reads_ends_with_its_handle() {
    let (handle, events) = start(recipe(1_000_000), Pace::Full);
    next_report(&events);
    drop(events);
    // Hangs if the trainer waits for a reader that has left.
    drop(handle);
}

#[test]
fn a_loss_that_is_no_number_stops_before_the_update_and_keeps_finite_weights() {
    let mut init = Autoencoder::zeros(&recipe(1).architecture());
    let [_, bias] = init.decoder.last_mut().unwrap().parameters_mut().unwrap();
    bias[0] = f32::NAN;
    let (_handle, events) = train::spawn(Setup {
        recipe: recipe(1),
        data: Box::new(|| Ok(data())),
        start: Some(Start::of_weights(&recipe(1), init)),
        keeping: Keeping::default(),
        pace: Pace::Full,
        pool: Pool::new(NonZeroUsize::MIN),
    })
    .unwrap();
    let failure = events.iter().find_map(|event| match event {
        Progress::Failed(failure) => Some(failure),
        _ => None,
    });
    let Some(Failure::Diverged { step: 1, .. }) = failure else {
        panic!("the first step diverges, not {failure:?}")
    };
}

#[test]
fn a_rate_far_too_high_never_leaves_weights_that_are_no_numbers() {
    let recipe = Recipe {
        learning_rate: 1e37,
        ..recipe(50)
    };
    let (_handle, events) = start(recipe, Pace::Full);
    let mut failed = false;
    for event in &events {
        match event {
            Progress::Report(report) => {
                assert!(report.snapshot.net.is_finite());
                if report.phase == Phase::Finished {
                    break;
                }
            }
            Progress::Failed(Failure::Diverged { loss, .. }) => {
                assert!(!loss.is_finite());
                failed = true;
            }
            _ => {}
        }
    }
    assert!(failed, "such a rate diverges");
}

#[test]
fn the_held_out_loss_has_the_same_bits_for_any_number_of_threads() {
    let data = Arc::new(Dataset {
        test: bars(1234),
        ..Arc::into_inner(data()).unwrap()
    });
    let loss = |threads| {
        let pool = Pool::new(NonZeroUsize::new(threads).unwrap());
        let trainer = Trainer::new(recipe(1), Arc::clone(&data), None, pool);
        trainer.validate().loss.to_bits()
    };
    assert_eq!(loss(1), loss(2));
    assert_eq!(loss(1), loss(7));
}

#[test]
fn the_weights_have_the_same_bits_for_any_number_of_threads() {
    let presets = Preset::ALL.map(Recipe::preset);
    let mut wide = recipe(1);
    wide.set_encoder(vec![100, 70, 20]).unwrap();
    for like in presets.into_iter().chain([wide]) {
        let weights = |threads| {
            let recipe = Recipe {
                batch_size: recipe(1).batch_size,
                ..like.clone()
            };
            let pool = Pool::new(NonZeroUsize::new(threads).unwrap());
            let mut trainer = Trainer::new(recipe, data(), None, pool);
            // The last batch of an epoch is short; some steps are in the second epoch.
            let losses: Vec<_> = (0..7).map(|_| trainer.step().unwrap().to_bits()).collect();
            let net = trainer.net();
            let weights = net.parameters().flatten().map(|weight| weight.to_bits());
            (losses, weights.collect::<Vec<_>>())
        };
        let alone = weights(1);
        for threads in [2, 3, 8] {
            assert!(
                weights(threads) == alone,
                "{threads} threads differ from one: {}",
                like.preset.name()
            );
        }
    }
}

/// Twenty points, at epochs' ends and within, of five epochs; every kind that keeps
/// something else: dense layers in shards, convolutions, noise, draws.
#[test]
fn a_resumed_run_is_to_the_bit_the_one_that_never_stopped() {
    for preset in [
        Preset::Article,
        Preset::Conv,
        Preset::Denoising,
        Preset::Vae,
    ] {
        let recipe = Recipe::preset(preset);
        let (data, pool) = (data(), Pool::new(NonZeroUsize::MIN));
        let mut trainer = Trainer::new(recipe.clone(), data.clone(), None, pool.clone());
        let mut states = vec![trainer.state()];
        for _ in 0..20 {
            trainer.step().unwrap();
            states.push(trainer.state());
        }
        assert_eq!(states[7].step(), 7);
        for (step, state) in states[..20].iter().enumerate() {
            let (recipe, data) = (recipe.clone(), data.clone());
            let mut resumed = Trainer::resume(recipe, data, state.clone(), pool.clone());
            // What each state becomes is what the next point starts from; an epoch and a
            // step of it shows what a resumed trainer keeps from step to step.
            for (later, expected) in (step..).zip(&states[step..]).take(6) {
                assert!(
                    resumed.state() == *expected,
                    "{} from {step} at {later}",
                    preset.name()
                );
                resumed.step().unwrap();
            }
        }
    }
}

/// A change within an epoch: the steps up to it are those of the run without it, those
/// after it are a run's that goes on from there with the changed recipe.
#[test]
fn an_edit_holds_from_the_next_step_on_and_a_resumed_run_knows_it() {
    let plain = Recipe {
        l1: 0.001,
        ..Recipe::preset(Preset::Sparse)
    };
    let changes = [
        Change::LearningRate(0.02),
        Change::L1(0.1),
        Change::Noise(Noise::Gaussian(0.3)),
        Change::Seed(7),
    ];
    for change in changes {
        let edited = Recipe {
            edits: vec![Edit { step: 6, change }],
            ..plain.clone()
        };
        let (data, pool) = (data(), Pool::new(NonZeroUsize::MIN));
        let begin =
            |recipe: &Recipe| Trainer::new(recipe.clone(), data.clone(), None, pool.clone());
        let (mut trainer, mut without) = (begin(&edited), begin(&plain));
        for _ in 0..6 {
            assert_eq!(trainer.step().unwrap(), without.step().unwrap());
        }
        let there = trainer.state();
        assert!(there == without.state(), "{change:?} held too soon");
        let other = edited.as_of(6);
        let changed = Recipe {
            edits: vec![],
            ..other
        };
        let on_from_there = |recipe: &Recipe| {
            Trainer::resume(recipe.clone(), data.clone(), there.clone(), pool.clone())
        };
        let mut same = [trainer, on_from_there(&edited), on_from_there(&changed)];
        for _ in 0..4 {
            let [a, b, c] = same.each_mut().map(|trainer| trainer.step().unwrap());
            assert_eq!((a, a), (b, c));
            without.step().unwrap();
        }
        let [a, b, c] = same.map(|trainer| trainer.state());
        assert!(a == b && b == c, "{change:?}");
        assert!(a.net != without.net(), "{change:?} changes something");
    }
}

#[test]
fn images_of_another_size_with_three_classes_are_learnt_and_measured() {
    let data = Arc::new(Dataset {
        name: "bars".into(),
        classes: Classes::numbered(3),
        train: three_classes(96),
        test: three_classes(24),
        digest: String::new(),
    });
    assert_eq!(
        (data.image_size().to_string(), data.classes.count()),
        ("12x9".into(), 3)
    );
    let pool = Pool::new(NonZeroUsize::MIN);
    for (preset, noise) in [
        (Preset::Deep, Noise::None),
        (Preset::Article, Noise::Mask(3)),
        (Preset::Vae, Noise::Gaussian(0.1)),
    ] {
        let recipe = Recipe {
            image: data.image_size(),
            noise,
            learning_rate: 0.01,
            ..Recipe::preset(preset)
        };
        recipe.check().unwrap();
        let mut trainer = Trainer::new(recipe.clone(), data.clone(), None, pool.clone());
        let before = trainer.validate();
        for _ in 0..60 {
            trainer.step().unwrap();
        }
        let after = trainer.validate();
        assert!(
            after.reconstruction < 0.9 * before.reconstruction,
            "{}: {before:?}, {after:?}",
            preset.name()
        );
        let net = trainer.net();
        let lens = Lens::new(&net, &recipe, &pool);
        let sample = &lens.samples(&data.test, 23..24)[0];
        assert_eq!((sample.label, sample.reconstruction.len()), (2, 108));
        assert_eq!(lens.codes(&data.test).nrows(), 24);
    }
}

#[test]
fn epochs_differ_in_order_and_seeds_in_everything() {
    let run = |seed, shuffle| {
        let recipe = Recipe {
            seed,
            shuffle,
            ..recipe(2)
        };
        let (_handle, events) = start(recipe, Pace::Full);
        losses(&until(&events, Phase::Finished))
    };
    assert_eq!(run(1, true), run(1, true));
    assert_ne!(run(1, true), run(2, true));
    assert_ne!(run(1, true), run(1, false));
}

/// The losses of two epochs in the images' own order, with weights that stand still.
fn losses_of_two_epochs(preset: Preset, batch_size: usize) -> [Vec<f32>; 2] {
    let recipe = Recipe {
        batch_size,
        shuffle: false,
        // Too little to change any weight but a bias of zero, and then no loss.
        learning_rate: 1e-30,
        ..Recipe::preset(preset)
    };
    let mut trainer = Trainer::new(recipe, data(), None, Pool::new(NonZeroUsize::MIN));
    let steps = trainer.steps_per_epoch();
    [(); 2].map(|()| (0..steps).map(|_| trainer.step().unwrap()).collect())
}

/// Noise and the draws of a Gaussian code are numbered by the images before in the run.
#[test]
fn chance_is_another_each_epoch_and_the_same_however_batches_are_cut() {
    let [first, second] = losses_of_two_epochs(Preset::Article, 1);
    assert_eq!(first, second, "nothing else tells the epochs apart");
    for preset in [Preset::Denoising, Preset::Vae] {
        let alone = losses_of_two_epochs(preset, 1);
        for (first, second) in alone[0].iter().zip(&alone[1]) {
            assert_ne!(first, second, "{}", preset.name());
        }
        // 100 images: fourteen batches of seven and one of two.
        let together = losses_of_two_epochs(preset, 7);
        for (alone, together) in alone.iter().zip(&together) {
            for (alone, together) in alone.chunks(7).zip(together) {
                let mean = alone.iter().sum::<f32>() / alone.len() as f32;
                // Sums of up to 784 terms a layer, in another order for another batch.
                let off = (mean / together - 1.0).abs();
                assert!(off < 1e-5, "{}: {mean}, not {together}", preset.name());
            }
        }
    }
}

#[test]
fn a_dead_code_unit_is_named_after_a_whole_epoch() {
    let mut init = Autoencoder::glorot(
        &recipe(1).architecture(),
        &mut ae_tui::random::generator(1, ae_tui::random::Stream::Weights, 0),
    );
    let code = init.encoder.last_mut().unwrap().dense_mut().unwrap();
    // No image lifts the second unit above zero, so no gradient reaches it.
    code.w.column_mut(1).fill(0.0);
    code.b[1] = -1.0;
    let (_handle, events) = train::spawn(Setup {
        recipe: recipe(1),
        data: Box::new(|| Ok(data())),
        start: Some(Start::of_weights(&recipe(1), init)),
        keeping: Keeping::default(),
        pace: Pace::Full,
        pool: Pool::new(NonZeroUsize::MIN),
    })
    .unwrap();
    let reports = until(&events, Phase::Finished);
    let epoch = reports
        .iter()
        .flat_map(|report| &report.epochs)
        .next()
        .unwrap();
    assert!(epoch.dead_units.contains(&2), "{:?}", epoch.dead_units);
}

#[test]
fn a_run_that_is_to_go_on_and_has_not_is_finished_again_by_a_pause() {
    let (handle, events) = start(recipe(1), Pace::Full);
    let ask = |command| handle.commands().send(command).unwrap();
    let end = until(&events, Phase::Finished).last().unwrap().end;
    // So slow that no step is taken between the two.
    ask(Command::Pace(Pace::Even { seconds: 1e6 }));
    ask(Command::Epochs(1));
    let further = until(&events, Phase::Training);
    assert_eq!(further.last().unwrap().end, 2 * end);
    ask(Command::Pause);
    let last = until(&events, Phase::Finished).pop().unwrap();
    assert_eq!((last.end, last.steps_done(), last.obeyed), (end, end, 3));
    // After a step it is paused, and goes on to the new end.
    ask(Command::Steps(1));
    ask(Command::Pace(Pace::Full));
    let last = until(&events, Phase::Paused).pop().unwrap();
    assert_eq!((last.end, last.steps_done()), (2 * end, end + 1));
}
