//! The observer between a real trainer and a screen: what it shows, what it
//! saves, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    num::NonZeroUsize,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use ae_tui::{
    data::{Classes, Dataset, PIXELS, Split, corrupt::Noise},
    measure::{Effort, Measures, Pca, Rivals, Stretch, Task},
    message::{
        Ask, Command, Failure, Gaze, Hearsay, Look, News, Observation, Phase, Picture, Plane,
        Progress, SampleId, SplitName, When,
    },
    nn::{Autoencoder, Snapshot},
    observe::{self, Past, Source, Tape},
    pace::Pace,
    pool::Pool,
    random::{Stream, generator},
    recipe::{Preset, Recipe},
    store::{
        keeper::{Files, Recorder},
        metrics::{Metrics, MetricsLog, MetricsTarget, Older},
        weights,
    },
    train::{self, Keeping},
};

/// Longer than any of these runs takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Images with one bright row each, at a place that depends on the label.
fn bars(images: usize) -> Split {
    let mut pixels = vec![0; images * PIXELS];
    let labels: Vec<u8> = (0..images).map(|image| (image % 10) as u8).collect();
    for (image, &label) in labels.iter().enumerate() {
        let row = usize::from(label) * 2 + 4;
        pixels[image * PIXELS + row * 28..][..28].fill(255);
    }
    Split::new(pixels, labels)
}

fn data() -> Arc<Dataset> {
    Arc::new(Dataset {
        name: "bars".into(),
        classes: Classes::numbered(10),
        train: bars(96),
        test: bars(25),
        digest: "none".into(),
    })
}

fn recipe() -> Recipe {
    Recipe {
        epochs: 2,
        ..Recipe::preset(Preset::Article)
    }
}

fn first_test_image() -> SampleId {
    SampleId {
        split: SplitName::Test,
        index: 0,
    }
}

/// A run that is watched, and where it leaves its files.
struct Watched {
    trainer: train::Handle,
    observer: observe::Handle,
    folder: tempfile::TempDir,
}

fn now(sample: SampleId) -> Gaze {
    Gaze {
        when: When::Now,
        sample,
        ask: Ask::Nothing,
    }
}

fn watch(recipe: Recipe, init: Option<Autoencoder>) -> Watched {
    let folder = tempfile::tempdir().unwrap();
    let (trainer, events) = train::spawn(train::Setup {
        recipe: recipe.clone(),
        data: Box::new(|| Ok(data())),
        start: init.map(|net| train::Start::of_weights(&recipe, net)),
        keeping: Keeping::default(),
        pace: Pace::Full,
        pool: Pool::of_the_machine(),
    })
    .unwrap();
    let log = MetricsLog::create(Metrics {
        target: MetricsTarget::File(folder.path().join("metrics.jsonl")),
        older: Older::Keep,
        every: None,
    });
    let observer = observe::spawn(observe::Setup {
        source: Source::Trainer(events),
        recipe,
        files: Files {
            save: Some(folder.path().join("last.safetensors")),
            recorder: Recorder::new(log.unwrap()),
            folder: folder.path().into(),
            parent: None,
            ..Files::default()
        },
        sample: first_test_image(),
        tape: Tape::default(),
        past: Past::default(),
        pca: None,
        measures: true,
        pool: Pool::of_the_machine(),
    })
    .unwrap();
    Watched {
        trainer,
        observer,
        folder,
    }
}

/// The first event of which `wanted` makes something.
fn wait_for<T>(observer: &observe::Handle, mut wanted: impl FnMut(News) -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let event = observer.events().recv_deadline(deadline).unwrap();
        if let Some(found) = wanted(event) {
            return found;
        }
    }
}

fn wait_until(
    observer: &observe::Handle,
    wanted: impl Fn(&Observation) -> bool,
) -> Arc<Observation> {
    wait_for(observer, |event| match event {
        News::Observed(seen) if wanted(&seen) => Some(seen),
        _ => None,
    })
}

fn step_of(path: &Path) -> Option<u64> {
    weights::load(path, None).unwrap().about.unwrap().step
}

#[test]
fn what_a_denoising_network_is_shown_is_what_the_map_shows() {
    let mut recipe = recipe();
    recipe.noise = Noise::Gaussian(0.5);
    let run = watch(recipe, None);
    let seen = wait_until(&run.observer, |seen| {
        seen.moment.phase == Phase::Finished && seen.map.step == seen.seen.step
    });
    let sample = seen.row.sample();
    assert!(
        sample
            .noisy
            .as_ref()
            .is_some_and(|noisy| *noisy != sample.original)
    );
    // As in the test below: two ways of summing, one place.
    for (chosen, point) in seen.map.chosen.iter().zip(seen.map.points[0]) {
        assert!(
            (chosen - point).abs() <= 1e-5 * point.abs(),
            "{chosen} {point}"
        );
    }
}

#[test]
fn a_finished_run_is_seen_whole_with_map_row_and_curve() {
    let run = watch(recipe(), None);
    let seen = wait_until(&run.observer, |seen| {
        seen.moment.phase == Phase::Finished && seen.map.digit_losses.is_some()
    });
    assert_eq!(seen.moment.step, 6);
    assert_eq!(seen.curve.epochs.len(), 2);
    assert_eq!(seen.curve.recent.len(), 6);
    assert_eq!(seen.map.points.len(), 25);
    assert_eq!(seen.map.plane, Plane::Codes);
    assert_eq!(seen.row.samples.len(), 10);
    // The chosen sample is the map's first image: both say where it lives, the one by
    // the plain network and the other by the kernels, which sum in another order.
    for (chosen, point) in seen.map.chosen.iter().zip(seen.map.points[0]) {
        assert!(
            (chosen - point).abs() <= 1e-5 * point.abs(),
            "{chosen} {point}"
        );
    }
    let digits = seen.map.digit_losses.clone().unwrap();
    let mean = digits.iter().sum::<f32>() / 10.0;
    // Two or three images a digit: their means lie near the mean of all.
    assert!((mean - seen.curve.held_out.unwrap()).abs() < 0.1);
}

#[test]
fn another_sample_is_shown_without_a_step_being_taken() {
    let run = watch(recipe(), None);
    wait_until(&run.observer, |seen| seen.moment.phase == Phase::Finished);
    let wanted = SampleId {
        split: SplitName::Train,
        index: 95,
    };
    run.observer.looks().send(Look::Gaze(now(wanted))).unwrap();
    let seen = wait_until(&run.observer, |seen| seen.row.chosen == wanted);
    // The last row of 96 images has six.
    assert_eq!(seen.row.samples.len(), 6);
    assert_eq!(seen.row.sample().index, 95);
    assert_eq!(seen.moment.step, 6);
}

#[test]
fn what_is_seen_is_saved_and_what_was_last_is_left_behind() {
    let run = watch(recipe(), None);
    wait_until(&run.observer, |seen| seen.moment.phase == Phase::Finished);
    run.observer.looks().send(Look::Save).unwrap();
    // They tell whose images they are of.
    let own = |name: &str| {
        run.folder
            .path()
            .join(format!("bars-ae-tui-article-{name}"))
    };
    let by_key = own("epoch02.safetensors");
    wait_for(&run.observer, |event| match event {
        News::Saved { path, .. } => (path == by_key).then_some(()),
        News::NotSaved(words) => panic!("{words}"),
        _ => None,
    });
    assert_eq!(step_of(&by_key), Some(6));
    let picture = Picture {
        view: "samples".into(),
        extension: "svg",
        bytes: b"seen".to_vec(),
    };
    let looks = run.observer.looks();
    looks.send(Look::Export(picture)).unwrap();
    let exported = wait_for(&run.observer, |event| match event {
        News::Exported(path) => Some(path),
        News::NotExported(words) => panic!("{words}"),
        _ => None,
    });
    assert_eq!(exported, own("epoch02-samples.svg"));

    run.trainer.commands().send(Command::Steps(1)).unwrap();
    wait_until(&run.observer, |seen| {
        seen.moment.phase == Phase::Paused && seen.moment.step == 7
    });
    run.trainer.stop();
    let outcome = run.observer.finish();
    assert_eq!(outcome.step, 7);
    let last = run.folder.path().join("last.safetensors");
    assert_eq!(outcome.kept.saved.as_ref(), Some(&last));
    assert_eq!(
        step_of(&last),
        Some(7),
        "the step after the end is saved too"
    );

    let metrics = fs::read_to_string(run.folder.path().join("metrics.jsonl")).unwrap();
    let events: Vec<String> = metrics
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["event"].to_string())
        .collect();
    assert_eq!(
        events,
        [r#""start""#, r#""epoch""#, r#""epoch""#, r#""end""#]
    );
}

#[test]
fn a_run_that_fails_is_told_and_its_last_finite_weights_are_saved() {
    let recipe = Recipe {
        learning_rate: 1e37,
        epochs: 50,
        ..recipe()
    };
    let run = watch(recipe, None);
    let failure = wait_for(&run.observer, |event| match event {
        News::Failed(failure) => Some(failure),
        _ => None,
    });
    assert!(matches!(failure, Failure::Diverged { .. }));
    run.trainer.stop();
    let outcome = run.observer.finish();
    assert!(outcome.failure.is_some());
    let last = run.folder.path().join("last.safetensors");
    assert!(weights::load(&last, None).unwrap().net.is_finite());
}

#[test]
fn a_code_of_more_values_is_shown_by_its_principal_components() {
    let mut recipe = recipe();
    recipe.set_encoder(vec![16, 5]).unwrap();
    let run = watch(recipe, None);
    let seen = wait_until(&run.observer, |seen| seen.moment.phase == Phase::Finished);
    assert_eq!(seen.map.plane, Plane::Principal(5));
    assert_eq!(seen.row.sample().code.len(), 5);
}

#[test]
fn the_axes_are_what_the_codes_are() {
    let seen = |recipe| {
        let run = watch(recipe, None);
        wait_until(&run.observer, |seen| seen.moment.phase == Phase::Finished)
    };
    let vae = Recipe {
        epochs: 2,
        ..Recipe::preset(Preset::Vae)
    };
    // Its codes are held to the standard normal distribution, whose middle is 0.
    let map = Arc::clone(&seen(vae.clone()).map);
    assert_eq!(map.prior, Some([0.0, 0.0]));
    let whole = |[low, high]: [f32; 2]| low <= -3.0 && high >= 3.0;
    assert!(map.range.into_iter().all(whole), "{:?}", map.range);
    assert_eq!(seen(recipe()).map.prior, None);
    let mut single = recipe();
    single.set_encoder(vec![16, 1]).unwrap();
    let map = Arc::clone(&seen(single).map);
    assert_eq!((map.plane, map.range[1]), (Plane::Line, [0.0, 9.0]));
    // Principal axes begin at the mean of the codes, and the middle is elsewhere.
    let mut more = vae;
    more.set_encoder(vec![16, 5]).unwrap();
    let map = Arc::clone(&seen(more).map);
    let [x, y] = map.prior.unwrap();
    assert!(x.is_finite() && y.is_finite() && [x, y] != [0.0, 0.0]);
}

#[test]
fn saved_weights_are_seen_without_a_trainer() {
    let recipe = recipe();
    let rng = &mut generator(1, Stream::Weights, 0);
    let snapshot = Snapshot {
        step: 123,
        net: Autoencoder::glorot(&recipe.architecture(), rng),
    };
    let observer = observe::spawn(observe::Setup {
        source: Source::Saved {
            snapshot: Arc::new(snapshot),
            about: Box::default(),
            data: Box::new(|| Ok(data())),
        },
        recipe,
        files: Files {
            folder: ".".into(),
            ..Files::default()
        },
        sample: first_test_image(),
        tape: Tape::default(),
        past: Past::default(),
        pca: None,
        measures: true,
        pool: Pool::of_the_machine(),
    })
    .unwrap();
    let seen = wait_until(&observer, |seen| seen.moment.step == 123);
    assert_eq!(seen.moment.phase, Phase::Exploring);
    assert!(seen.curve.held_out.is_some());
    assert_eq!(observer.finish().step, 123);
}

#[test]
fn a_screen_that_takes_nothing_does_not_hold_the_run_up() {
    let run = watch(
        Recipe {
            epochs: 200,
            ..recipe()
        },
        None,
    );
    // Nobody receives: the run must still come to its end.
    let last = run.folder.path().join("last.safetensors");
    let deadline = Instant::now() + PATIENCE;
    while !last.exists() {
        assert!(
            Instant::now() < deadline,
            "the run goes on without a screen"
        );
        std::thread::yield_now();
    }
    run.trainer.stop();
    assert_eq!(run.observer.finish().step, 600);
}

#[test]
fn a_watched_run_has_the_bits_of_one_that_is_not() {
    let run = watch(recipe(), None);
    // Somebody browses all the while.
    for index in 0..25 {
        let sample = SampleId {
            split: SplitName::Test,
            index,
        };
        run.observer.looks().send(Look::Gaze(now(sample))).unwrap();
    }
    wait_until(&run.observer, |seen| seen.moment.phase == Phase::Finished);
    run.trainer.stop();
    let last = run.observer.finish().kept.saved.unwrap();
    let watched = weights::load(&last, None).unwrap().net;

    let mut alone = train::Trainer::new(recipe(), data(), None, Pool::new(NonZeroUsize::MIN));
    for _ in 0..6 {
        alone.step().unwrap();
    }
    assert_eq!(watched, alone.net());
}

#[test]
fn the_last_network_is_measured_beside_its_rivals_in_the_background() {
    let run = watch(recipe(), None);
    let seen = wait_until(&run.observer, |seen| {
        let measured = seen.appraisal.measured.as_ref();
        measured.is_some_and(|(step, _)| *step == 6)
    });
    assert!(!seen.appraisal.under_way);
    let (_, measures) = seen.appraisal.measured.as_ref().unwrap();
    let components = seen.curve.components.unwrap();
    assert_eq!(components.count, 2);

    run.trainer.stop();
    let outcome = run.observer.finish();
    assert!(outcome.pca.is_some(), "a run that follows need not find it");
    let last = outcome.kept.saved.unwrap();
    let net = weights::load(&last, None).unwrap().net;
    let (data, pool) = (data(), Pool::of_the_machine());
    let effort = Effort::full(&pool);
    let task = Task {
        train: &data.train,
        asked: Stretch::held_out(&data.test),
        noise: Noise::None,
    };
    let pca = Pca::of(&data.train, 2, effort).unwrap();
    let rivals = Rivals::measure(&task, &pca, 2, effort).unwrap();
    assert_eq!(components.loss, rivals.pca.all.cross_entropy as f32);
    assert_eq!(
        **measures,
        Measures::of(&net, &task, &rivals, effort).unwrap()
    );
}

#[test]
fn what_is_heard_of_a_run_fills_curve_and_tape_and_nothing_is_made_again() {
    let recipe = recipe();
    let net = |seed| {
        let rng = &mut generator(seed, Stream::Weights, 0);
        Autoencoder::glorot(&recipe.architecture(), rng)
    };
    let snapshot = |step| {
        let net = net(step);
        Arc::new(Snapshot { step, net })
    };
    let (events, told) = crossbeam_channel::unbounded();
    let observer = observe::spawn(observe::Setup {
        source: Source::Told(told),
        recipe: recipe.clone(),
        files: Files::default(),
        sample: first_test_image(),
        tape: Tape::new(Keeping {
            frames: 100,
            states: 10,
            checkpoints: None,
        }),
        past: Past::default(),
        pca: None,
        measures: false,
        pool: Pool::of_the_machine(),
    })
    .unwrap();
    let hearsay = |losses: &[(u64, f32)]| Hearsay {
        back_to: None,
        losses: losses.to_vec(),
        epochs: Vec::new(),
        snapshots: Vec::new(),
        recipe: Arc::new(recipe.clone()),
        ended: false,
    };
    let tell = |hearsay| events.send(Progress::Heard(hearsay)).unwrap();
    let wait_for = |wanted: &dyn Fn(&Observation) -> bool| loop {
        if let News::Observed(seen) = observer.events().recv_timeout(PATIENCE).unwrap()
            && wanted(&seen)
        {
            return seen;
        }
    };
    let losses = |seen: &Observation| seen.curve.course.iter().collect::<Vec<_>>();
    events.send(Progress::Loaded(data())).unwrap();
    // Of every other step, in any order of the weights, as a stranger's log has them.
    tell(Hearsay {
        snapshots: vec![snapshot(3), snapshot(0)],
        ..hearsay(&[(1, 0.5), (3, 0.4)])
    });
    let seen = wait_for(&|seen| seen.tape.steps == [0, 3]);
    assert_eq!((seen.seen.step, seen.moment.step), (3, 3));
    assert_eq!(losses(&seen), [(1, 0.5), (3, 0.4)]);
    assert_eq!(seen.moment.phase, Phase::Training);
    // A step that nobody wrote down is not made again: the nearest is seen, and its step said.
    let gaze = |when| Gaze {
        when,
        ..now(first_test_image())
    };
    observer
        .looks()
        .send(Look::Gaze(gaze(When::At(1))))
        .unwrap();
    let seen = wait_for(&|seen| seen.heard == 1);
    assert_eq!((seen.seen.step, seen.seen.past), (0, Some(0)));
    observer.looks().send(Look::Gaze(gaze(When::Now))).unwrap();
    // The log begins anew, and what was told of it before is gone.
    tell(Hearsay {
        back_to: Some(0),
        ..hearsay(&[(1, 0.6)])
    });
    let seen = wait_for(&|seen| losses(seen) == [(1, 0.6)]);
    assert_eq!(seen.tape.steps, [0], "nor are its pictures kept");
    // Weights of an earlier step than were told before it are the newest now.
    tell(Hearsay {
        snapshots: vec![snapshot(2)],
        ..hearsay(&[(2, 0.55)])
    });
    let seen = wait_for(&|seen| seen.seen.step == 2 && seen.tape.steps == [0, 2]);
    let before = seen.row.clone();
    // And other weights of the same step take their place.
    tell(Hearsay {
        snapshots: vec![Arc::new(Snapshot {
            step: 2,
            net: net(99),
        })],
        ..hearsay(&[])
    });
    let pictures = |row: &ae_tui::message::Row| format!("{row:?}");
    wait_for(&|seen| seen.seen.step == 2 && pictures(&seen.row) != pictures(&before));
    // It goes on beyond what it was to be.
    tell(Hearsay {
        snapshots: vec![snapshot(30)],
        ended: true,
        ..hearsay(&[(30, 0.3)])
    });
    let seen = wait_for(&|seen| seen.moment.phase == Phase::Finished);
    assert_eq!((seen.moment.film.epochs(), seen.seen.step), (10, 30));
    drop(events);
    let outcome = observer.finish();
    assert_eq!(outcome.step, 30);
    assert!(outcome.kept.ran.is_none() && outcome.kept.saved.is_none());
}
