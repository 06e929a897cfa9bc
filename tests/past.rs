//! Going back through a run that goes on: what is seen of a moment is what it was, and
//! nothing of what comes is changed by looking.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    num::NonZeroUsize,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use ae_tui::{
    data::{Classes, Dataset, PIXELS, Split, corrupt::Noise},
    lens::Lens,
    message::{
        Ask, Command, Curve, Failure, Gaze, Look, News, Observation, Phase, Progress, SampleId,
        Seen, SplitName, When,
    },
    nn::{Objective, Snapshot},
    observe::{self, Past, Source, Tape},
    pace::Pace,
    pool::Pool,
    recipe::{Change, Edit, Preset, Recipe},
    state::State,
    store::{
        keeper::{Files, Recorder},
        metrics::{Metrics, MetricsLog, MetricsTarget, Older},
        weights::{self, About},
    },
    train::{self, Keeping, Setup, Start, Trainer},
};

/// Longer than any of these runs takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Room for every second state or so, so that most steps have to be made again.
const SPARSE: Keeping = Keeping {
    frames: 8,
    states: 8,
    checkpoints: None,
};

/// Room for three states and some snapshots of a run of `article`, or its like before it.
const MEMORY: u64 = 8 << 20;

/// Images with one bright row each, at a place that depends on the label, some of them
/// brighter than others.
fn bars(images: usize) -> Split {
    let mut pixels = vec![0; images * PIXELS];
    let labels: Vec<u8> = (0..images).map(|image| (image * 7 % 10) as u8).collect();
    for (image, &label) in labels.iter().enumerate() {
        let row = usize::from(label) * 2 + 4;
        pixels[image * PIXELS + row * 28..][..28].fill(200 + (image % 50) as u8);
    }
    Split::new(pixels, labels)
}

fn data() -> Arc<Dataset> {
    Arc::new(Dataset {
        name: "bars".into(),
        classes: Classes::numbered(10),
        train: bars(60),
        test: bars(25),
        digest: "none".into(),
    })
}

/// Eight steps an epoch, the last of them with four images.
fn recipe(preset: Preset) -> Recipe {
    Recipe {
        epochs: 5,
        batch_size: 8,
        ..Recipe::preset(preset)
    }
}

fn setup(recipe: Recipe, keeping: Keeping) -> Setup {
    Setup {
        recipe,
        data: Box::new(|| Ok(data())),
        start: None,
        keeping,
        pace: Pace::Full,
        pool: Pool::new(NonZeroUsize::MIN),
    }
}

struct Watched {
    trainer: train::Handle,
    observer: observe::Handle,
    folder: tempfile::TempDir,
}

fn watch(recipe: Recipe, keeping: Keeping) -> Watched {
    let folder = tempfile::tempdir().unwrap();
    let (trainer, events) = train::spawn(setup(recipe.clone(), keeping)).unwrap();
    let log = MetricsLog::create(Metrics {
        target: MetricsTarget::File(folder.path().join("metrics.jsonl")),
        older: Older::Keep,
        every: NonZeroUsize::new(1).map(|every| (every.get() as u64).try_into().unwrap()),
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
        sample: sample(0),
        tape: Tape::new(keeping),
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

fn sample(index: usize) -> SampleId {
    let split = SplitName::Test;
    SampleId { split, index }
}

fn look(observer: &observe::Handle, when: When) {
    let sample = sample(0);
    let gaze = Look::Gaze(Gaze {
        when,
        sample,
        ask: Ask::Nothing,
    });
    observer.looks().send(gaze).unwrap();
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

fn finished(observer: &observe::Handle) -> Arc<Observation> {
    wait_until(observer, |seen| seen.moment.phase == Phase::Finished)
}

/// The run of a recipe after so many steps each, and what their epochs had cost by then.
fn moments<const N: usize>(recipe: &Recipe, steps: [u64; N]) -> Vec<(Snapshot, f32)> {
    let mut trainer = Trainer::new(recipe.clone(), data(), None, Pool::new(NonZeroUsize::MIN));
    let mut moment = |step| {
        while trainer.steps_done() < step {
            trainer.step().unwrap();
        }
        let net = trainer.net();
        (Snapshot { step, net }, trainer.epoch_sum().train_loss)
    };
    steps.map(&mut moment).into()
}

fn as_it_was(recipe: &Recipe, step: u64) -> (Snapshot, f32) {
    moments(recipe, [step]).remove(0)
}

/// Asks for a step and waits until it is seen itself, with this held-out loss.
fn go_to(observer: &observe::Handle, step: u64, held_out: f32) -> Arc<Observation> {
    look(observer, When::At(step));
    let exact = Seen {
        step,
        past: Some(step),
        plays: false,
    };
    // The map follows the row, and with it the loss.
    wait_until(observer, |seen| {
        seen.seen == exact && seen.curve.held_out == Some(held_out)
    })
}

fn save(run: &Watched) -> (PathBuf, u64) {
    run.observer.looks().send(Look::Save).unwrap();
    wait_for(&run.observer, |event| match event {
        News::Saved { path, step } => Some((path, step)),
        News::NotSaved(words) => panic!("{words}"),
        _ => None,
    })
}

/// With an edit in the middle of the third epoch: 8 steps each.
fn edited(preset: Preset) -> Recipe {
    let change = match preset {
        Preset::Denoising => Change::Noise(Noise::Mask(6)),
        Preset::Conv => Change::Seed(7),
        _ => Change::LearningRate(0.01),
    };
    Recipe {
        edits: vec![Edit { step: 19, change }],
        ..recipe(preset)
    }
}

#[test]
fn a_step_that_is_gone_back_to_is_what_it_was_to_the_bit() {
    for preset in [
        Preset::Article,
        Preset::Conv,
        Preset::Denoising,
        Preset::Vae,
    ] {
        let recipe = edited(preset);
        let run = watch(recipe.clone(), SPARSE);
        finished(&run.observer);
        let mut all = moments(&recipe, [8, 19, 21, 37]);
        // Once more, after others.
        all.push(all[0].clone());
        // Within epochs and at their ends, on either side of the edit, back and on.
        for (then, train_loss) in all.into_iter().rev() {
            let step = then.step;
            let now = recipe.as_of(step);
            let pool = Pool::new(NonZeroUsize::MIN);
            let lens = Lens::new(&then.net, &now, &pool);
            let test = &data().test;
            let held_out = lens.held_out(test);
            let code = recipe.architecture().code();
            let per_pixel = Objective::pixel_weight(code, PIXELS).recip() as f32;
            let seen = go_to(&run.observer, step, held_out.loss * per_pixel);
            assert_eq!(
                seen.row.samples,
                lens.samples(test, 0..10),
                "{preset:?} {step}"
            );
            assert_eq!(seen.curve.train_loss, Some(train_loss * per_pixel));
            assert_eq!(seen.curve.recent.len() as u64, step);
            assert_eq!(
                seen.curve.epochs.len(),
                5,
                "the curve is that of the whole run"
            );
            let (path, saved) = save(&run);
            assert_eq!(saved, step);
            let saved = weights::load(&path, None).unwrap();
            assert!(saved.net == then.net, "{preset:?} {step}");
            let about = saved.about.unwrap();
            assert_eq!(about.step, Some(step));
            assert_eq!(about.train_loss, Some(train_loss));
            assert_eq!(about.val_loss, Some(held_out.loss));
        }
    }
}

#[test]
fn the_nearest_moment_at_hand_is_shown_at_once() {
    let run = watch(recipe(Preset::Article), SPARSE);
    let last = finished(&run.observer);
    assert_eq!(last.seen, Seen::now(40));
    let at_hand = &last.tape.steps;
    assert!(at_hand.contains(&0) && at_hand.len() < 20, "{at_hand:?}");
    let missing = (1..40).find(|step| !at_hand.contains(step)).unwrap();
    let nearest = at_hand
        .iter()
        .min_by_key(|step| step.abs_diff(missing))
        .unwrap();
    look(&run.observer, When::At(missing));
    let next = wait_until(&run.observer, |seen| seen.seen.past.is_some());
    let expected = Seen {
        step: *nearest,
        past: Some(missing),
        plays: false,
    };
    assert_eq!(next.seen, expected);
    let exact = wait_until(&run.observer, |seen| seen.seen.step == missing);
    assert_eq!(exact.seen.past, Some(missing));
    assert!(exact.tape.steps.contains(&missing), "and stays at hand");
    // Beyond the end, and by name, it is now.
    for when in [When::At(41), When::At(5), When::Now] {
        look(&run.observer, when);
        let past = (when == When::At(5)).then_some(5);
        let seen = wait_until(&run.observer, |seen| seen.seen.past == past);
        assert_eq!(seen.moment.step, 40);
    }
}

#[test]
fn the_film_plays_from_there_until_it_is_now() {
    let run = watch(
        recipe(Preset::Article),
        Keeping {
            frames: 100,
            ..SPARSE
        },
    );
    finished(&run.observer);
    look(&run.observer, When::PlayFrom(25));
    let mut steps = Vec::new();
    wait_until(&run.observer, |seen| seen.seen.plays);
    let deadline = Instant::now() + PATIENCE;
    loop {
        let News::Observed(seen) = run.observer.events().recv_deadline(deadline).unwrap() else {
            continue;
        };
        if seen.seen.past.is_none() {
            assert_eq!(seen.seen, Seen::now(40));
            break;
        }
        assert!(seen.seen.plays && seen.seen.past == Some(seen.seen.step));
        assert!(seen.tape.steps.contains(&seen.seen.step));
        steps.push(seen.seen.step);
    }
    assert!(
        steps.iter().all(|step| (25..40).contains(step)),
        "{steps:?}"
    );
    assert!(steps.is_sorted(), "{steps:?}");
}

/// What of an observation follows from steps alone. (A map's range follows from the maps
/// that there was time to draw, and a mark on the tape from the held-out losses that there was
/// time to measure.)
fn of_steps(seen: &Observation) -> impl PartialEq + use<> {
    let curve = &seen.curve;
    // What a sentence means names the components where they were known when it was told.
    let note = curve.note.clone();
    let told = note.map(|note| (note.step, note.words, note.warning));
    let epochs = curve.epochs.iter();
    let epochs: Vec<_> = epochs
        .map(|epoch| (epoch.step, epoch.train_loss, epoch.held_out))
        .collect();
    (
        (curve.ticks.clone(), curve.recent.clone(), epochs),
        told,
        (curve.train_loss, curve.held_out),
        (seen.map.points.clone(), seen.map.digit_losses.clone()),
        seen.row.samples.clone(),
    )
}

/// Waits for the end and for all that is drawn of it.
fn settled(observer: &observe::Handle, recipe: &Recipe) -> Arc<Observation> {
    let last = as_it_was(recipe, 480).0;
    let pool = Pool::new(NonZeroUsize::MIN);
    let codes = Lens::new(&last.net, recipe, &pool).codes(&data().test);
    let codes: Vec<[f32; 2]> = codes
        .rows()
        .into_iter()
        .map(|code| [code[0], code[1]])
        .collect();
    wait_until(observer, |seen| {
        seen.seen == Seen::now(480)
            && seen.moment.phase == Phase::Finished
            && seen.map.points == codes
            && seen.map.digit_losses.is_some()
            && seen.curve.components.is_some()
    })
}

/// Looks here and there while it trains, and some steps beyond the end.
fn scrub(run: &Watched) {
    for gaze in 0..60 {
        let step = gaze * 7919 % 600;
        let when = match gaze % 3 {
            0 => When::At(step),
            1 => When::PlayFrom(step),
            _ => When::Now,
        };
        look(&run.observer, when);
        if gaze % 5 == 0 {
            wait_until(&run.observer, |_| true);
        }
    }
    look(&run.observer, When::Now);
}

#[test]
fn nothing_of_the_run_is_changed_by_looking_back() {
    let recipe = Recipe {
        epochs: 60,
        noise: Noise::Gaussian(0.3),
        ..recipe(Preset::Article)
    };
    let end = |run: Watched| {
        let seen = settled(&run.observer, &recipe);
        run.trainer.stop();
        let log = fs::read_to_string(run.folder.path().join("metrics.jsonl")).unwrap();
        let steps = log
            .lines()
            .filter(|line| line.contains(r#""event":"step""#));
        let steps: Vec<String> = steps.map(str::to_owned).collect();
        let outcome = run.observer.finish();
        let net = weights::load(&outcome.kept.saved.unwrap(), None)
            .unwrap()
            .net;
        (of_steps(&seen), steps, net, outcome.tape.bytes())
    };
    let parameters = recipe.architecture().parameter_count() as u64;
    let scrubbed = watch(recipe.clone(), Keeping::within(MEMORY, parameters));
    scrub(&scrubbed);
    let scrubbed = end(scrubbed);
    assert!(scrubbed.3 > MEMORY / 3 && scrubbed.3 <= MEMORY);
    let watched = end(watch(recipe.clone(), Keeping::default()));
    assert!(scrubbed.0 == watched.0);
    assert_eq!(scrubbed.1.len(), 480);
    assert!(scrubbed.1 == watched.1 && scrubbed.2 == watched.2);
    assert!(scrubbed.2 == as_it_was(&recipe, 480).0.net);
}

#[test]
fn a_run_without_memory_for_a_moment_has_no_past() {
    let run = watch(recipe(Preset::Article), Keeping::default());
    let seen = finished(&run.observer);
    assert!(seen.tape.steps.is_empty());
    for when in [When::At(7), When::PlayFrom(7)] {
        look(&run.observer, when);
        let seen = wait_until(&run.observer, |_| true);
        assert_eq!(seen.seen, Seen::now(40));
    }
}

/// The steps are the run's own; what it is, is told with the change.
#[test]
fn a_change_on_the_way_is_seen_in_what_is_shown_from_its_step_on() {
    let recipe = recipe(Preset::Article);
    let run = watch(
        recipe,
        Keeping {
            frames: 100,
            ..SPARSE
        },
    );
    let seen = finished(&run.observer);
    assert!(seen.row.samples[0].noisy.is_none());
    let noise = Change::Noise(Noise::Mask(6));
    run.trainer.commands().send(Command::Change(noise)).unwrap();
    let seen = wait_until(&run.observer, |seen| seen.row.samples[0].noisy.is_some());
    assert_eq!(seen.seen, Seen::now(40));
    assert_eq!(seen.recipe.edits.len(), 1);
    look(&run.observer, When::At(39));
    let before = wait_until(&run.observer, |seen| seen.seen.step == 39);
    assert!(before.row.samples[0].noisy.is_none());
}

/// A run that was kept, and is made again by a trainer of its own.
#[test]
fn a_kept_run_has_its_whole_past() {
    let recipe = edited(Preset::Article);
    let mut trainer = Trainer::new(recipe.clone(), data(), None, Pool::new(NonZeroUsize::MIN));
    let mut states = Vec::new();
    while trainer.steps_done() < 40 {
        trainer.step().unwrap();
        if trainer.steps_done().is_multiple_of(16) || trainer.steps_done() == 40 {
            states.push(Arc::new(trainer.state()));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    // Slow enough that it has not begun when the rest is seen.
    let (replays, replay) = train::spawn(Setup {
        pace: Pace::Even { seconds: 9.0 },
        ..setup(recipe.clone(), SPARSE)
    })
    .unwrap();
    let observer = observe::spawn(observe::Setup {
        source: Source::Kept {
            replay,
            snapshot: Arc::new(Snapshot {
                step: 40,
                net: trainer.net(),
            }),
            about: Box::new(About::of(&recipe)),
            states,
            data: Box::new(|| Ok(data())),
        },
        recipe: recipe.clone(),
        files: Files {
            folder: folder.path().into(),
            ..Files::default()
        },
        sample: sample(0),
        tape: Tape::new(SPARSE),
        past: Past::default(),
        pca: None,
        measures: true,
        pool: Pool::of_the_machine(),
    })
    .unwrap();
    let seen = wait_until(&observer, |seen| seen.moment.phase == Phase::Exploring);
    assert_eq!((seen.seen, seen.moment.step), (Seen::now(40), 40));
    assert!(seen.tape.steps.ends_with(&[16, 32, 40]), "{:?}", seen.tape);
    let pool = Pool::new(NonZeroUsize::MIN);
    let held_out = |snapshot: &Snapshot| {
        let recipe = recipe.as_of(snapshot.step);
        Lens::new(&snapshot.net, &recipe, &pool)
            .held_out(&data().test)
            .loss
    };
    let soon = go_to(&observer, 35, held_out(&as_it_was(&recipe, 35).0));
    assert_eq!(soon.curve.train_loss, None, "not known yet");
    replays.commands().send(Command::Pace(Pace::Full)).unwrap();
    let seen = wait_until(&observer, |seen| seen.curve.epochs.len() == 5);
    assert_eq!(
        (seen.moment.step, seen.moment.phase),
        (40, Phase::Exploring)
    );
    let (then, train_loss) = as_it_was(&recipe, 13);
    let seen = go_to(&observer, 13, held_out(&then));
    assert_eq!(seen.curve.train_loss, Some(train_loss));
    let lens = Lens::new(&then.net, &recipe, &pool);
    assert_eq!(seen.row.samples, lens.samples(&data().test, 0..10));
    replays.stop();
    observer.finish();
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing is written"
    );
}

/// Whoever waits for its past has to know that none will come.
#[test]
fn a_kept_run_that_cannot_be_made_again_says_so() {
    let recipe = edited(Preset::Article);
    let start = State::start(&recipe, None);
    let (progress, replay) = crossbeam_channel::bounded(1);
    let observer = observe::spawn(observe::Setup {
        source: Source::Kept {
            replay,
            snapshot: Arc::new(Snapshot {
                step: 40,
                net: start.net.clone(),
            }),
            about: Box::new(About::of(&recipe)),
            states: vec![Arc::new(start)],
            data: Box::new(|| Ok(data())),
        },
        recipe,
        files: Files::default(),
        sample: sample(0),
        tape: Tape::new(SPARSE),
        past: Past::default(),
        pca: None,
        measures: false,
        pool: Pool::of_the_machine(),
    })
    .unwrap();
    let failure = Failure::NoData("gone".into());
    progress.send(Progress::Failed(failure.clone())).unwrap();
    let heard = loop {
        let news = observer.events().recv_timeout(PATIENCE).unwrap();
        if let News::Failed(heard) = news {
            break heard;
        }
    };
    assert_eq!(heard, failure);
    observer.finish();
}

/// A branch without an edit comes to what the run came to, and its curve is the run's from
/// the first step on.
#[test]
fn a_branch_has_the_curve_of_the_run_it_left() {
    let recipe = edited(Preset::Article);
    let run = watch(recipe.clone(), SPARSE);
    let whole = finished(&run.observer).curve.clone();
    run.trainer.stop();
    let ended = run.observer.finish();
    let at = 21;
    let from = ended.tape.state_before(at).unwrap();
    let (trainer, events) = train::spawn(Setup {
        start: Some(Box::new(Start {
            state: (*from).clone(),
            at,
        })),
        ..setup(recipe.clone(), SPARSE)
    })
    .unwrap();
    let observer = observe::spawn(observe::Setup {
        source: Source::Trainer(events),
        recipe,
        files: Files::default(),
        sample: sample(0),
        tape: ended.tape.branch(at, SPARSE),
        past: ended.past.up_to(at),
        pca: ended.pca,
        measures: true,
        pool: Pool::of_the_machine(),
    })
    .unwrap();
    let seen = finished(&observer);
    let branch = &seen.curve;
    assert_eq!(branch.recent, whole.recent);
    assert_eq!(branch.ticks.len(), whole.ticks.len());
    assert_eq!(branch.milestones.first(), whole.milestones.first());
    let came_to = |curve: &Curve| -> Vec<_> {
        let epochs = curve.epochs.iter();
        epochs
            .map(|epoch| (epoch.step, epoch.train_loss, epoch.held_out))
            .collect()
    };
    assert_eq!(came_to(branch), came_to(&whole));
    trainer.stop();
    observer.finish();
}
