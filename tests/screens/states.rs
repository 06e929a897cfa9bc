//! Every state the screen can be in, by name.

use std::{path::PathBuf, sync::Arc};

use ae_tui::{
    data::corrupt::Noise,
    image::ImageSize,
    message::{
        Failure, News, Note, Observation, Phase, Plane, Row, SampleId, Seen, SplitName, Tape, When,
    },
    nn::CodeShape,
    recipe::{Change, Edit, Preset, Recipe},
    ui::{
        app::{App, Kind, Overlay, Plan},
        runs::{Lineage, RunTold, Runs},
        update::{Message, update},
    },
};
use crossterm::event::{
    KeyCode::{self, Char, Down, End, Home, Right},
    KeyEvent, KeyModifiers,
};

use crate::drawing;
use crate::fixture::{
    app, data, denoising_measures, diverged, hear, kept, observation, past, plan, training,
};

/// A state, and how the screen gets there.
pub(crate) type State = (&'static str, fn() -> App);

/// All states but the pages of the help, whose number depends on the size.
pub(crate) const STATES: &[State] = &[
    ("loading", || App::new(plan())),
    ("loaded", || {
        let mut app = App::new(plan());
        hear(&mut app, News::Loaded(data()));
        app
    }),
    ("training", training),
    ("paused", || app(observation(6600, Phase::Paused))),
    ("finished", || app(observation(18_750, Phase::Finished))),
    ("failed", || failed(diverged())),
    ("failed-looked-around", || {
        let mut app = failed(diverged());
        press(&mut app, KeyCode::Esc);
        app
    }),
    ("dead", || {
        failed(Failure::Died("index out of bounds: the len is 2".into()))
    }),
    ("no-data", || {
        let mut app = App::new(plan());
        let words = "train-images-idx3-ubyte: not the images of MNIST";
        hear(&mut app, News::Failed(Failure::NoData(words.into())));
        app
    }),
    ("exploring", exploring),
    ("draw", drawing::entered),
    ("draw-spoilt", drawing::spoilt),
    ("draw-empty", drawing::empty),
    ("draw-waiting", drawing::waiting),
    ("quit", || pressed("q")),
    ("typing-a-sample", || pressed("g42")),
    ("typing-a-run", || pressed(":2e")),
    ("saved", || {
        let mut app = training();
        let path = PathBuf::from("article-6600.safetensors");
        hear(&mut app, News::Saved { path, step: 1 });
        app
    }),
    ("not-saved", || {
        let mut app = training();
        let words = "article-6600.safetensors: no space left on device; free some and press s";
        hear(&mut app, News::NotSaved(words.into()));
        app
    }),
    ("saving-elsewhere", || {
        let mut app = training();
        let why = "cannot write ./ae-tui-article-step0006600.safetensors: Permission denied; name a folder you may write to";
        hear(
            &mut app,
            News::NoPlace {
                asked: None,
                why: why.into(),
            },
        );
        for key in "~/weights".chars() {
            press(&mut app, KeyCode::Char(key));
        }
        app
    }),
    ("three-digits", || pressed("479")),
    ("dots", || {
        let mut app = pressed("v");
        app.status = None;
        app
    }),
    ("measures", || pressed("m")),
    ("measures-of-noise", || {
        measured(|seen| {
            seen.appraisal.measured = Some((6000, Arc::new(denoising_measures())));
            seen.appraisal.under_way = true;
        })
    }),
    ("measures-to-come", || {
        measured(|seen| {
            seen.appraisal.measured = None;
            seen.appraisal.under_way = true;
        })
    }),
    ("measures-at-full-speed", || {
        measured(|seen| {
            seen.moment.pace = ae_tui::pace::Pace::Full;
            seen.appraisal.measured = None;
            seen.appraisal.under_way = true;
        })
    }),
    ("dead-unit", || changed(dead_unit)),
    ("code-of-32", code_of_32),
    ("code-of-maps", code_of_maps),
    ("denoising", denoising),
    ("denoising-clean-on-top", || {
        let mut app = denoising();
        press(&mut app, KeyCode::Char('i'));
        app
    }),
    ("vae", || {
        let mut app = changed(vae);
        app.plan = plan_of(Preset::Vae);
        app
    }),
    ("branches", branches),
    ("branch-to-forget", || {
        let mut app = branches();
        press(&mut app, Down);
        press(&mut app, Down);
        press(&mut app, KeyCode::Backspace);
        app
    }),
    ("quit-with-others", || {
        let mut app = branches();
        press(&mut app, KeyCode::Esc);
        for run in &mut app.plan.runs.others {
            run.unsaved = run.step;
        }
        press(&mut app, Char('q'));
        app
    }),
    ("beside", || pressed("C")),
    ("beside-a-run", || {
        let mut app = branches();
        press(&mut app, KeyCode::Esc);
        press(&mut app, Char('C'));
        press(&mut app, End);
        app
    }),
    ("branches-of-one", || pressed("B")),
    ("branch-to-come", || {
        let mut app = pressed("B");
        press(&mut app, KeyCode::Enter);
        app
    }),
    ("branch", || {
        let mut app = branches();
        press(&mut app, KeyCode::Esc);
        app
    }),
    ("settings", || with_keys(&[Right])),
    ("settings-as-they-are", || pressed("p")),
    ("settings-live", || {
        with_keys(&[Home, Right, Right, Right, Down, Right, Down, Right])
    }),
    ("settings-refused", || with_keys(&[Home, Char('0')])),
    ("settings-of-a-long-network", || {
        with_keys(&[End, Right, Right])
    }),
    ("settings-far-away", || {
        with_keys(&[
            Char('9'),
            Char('9'),
            Char('9'),
            Down,
            Char('7'),
            Down,
            Char('1'),
        ])
    }),
    ("settings-finished", || {
        let mut app = app(observation(18_750, Phase::Finished));
        press(&mut app, Char('p'));
        press(&mut app, Home);
        press(&mut app, Right);
        app
    }),
    ("settings-of-conv", || {
        let mut app = code_of_maps();
        app.plan = plan_of(Preset::Conv);
        press(&mut app, Char('p'));
        app
    }),
    ("restart", || pressed("Rj")),
    ("restart-unsaved", || {
        let mut app = pressed("R");
        press(&mut app, KeyCode::Enter);
        app
    }),
    ("restart-over-a-result", || {
        let mut app = training();
        app.plan.result = Some("a.safetensors".into());
        press(&mut app, KeyCode::Char('R'));
        press(&mut app, KeyCode::Enter);
        app
    }),
    ("code-of-1", || changed(code_of_one)),
    ("training-images", || changed(training_images)),
    ("last-short-row", || changed(last_short_row)),
    ("past", || gone_back(Phase::Training, standing(4312))),
    ("past-playing", || {
        let plays = true;
        gone_back(
            Phase::Training,
            Seen {
                plays,
                ..standing(4312)
            },
        )
    }),
    ("past-being-made", || {
        let past = Some(4312);
        gone_back(
            Phase::Training,
            Seen {
                past,
                ..standing(4287)
            },
        )
    }),
    ("past-paused", || gone_back(Phase::Paused, standing(4312))),
    ("past-finished", || {
        let seen = past(18_750, Phase::Finished, standing(4312));
        looking(seen)
    }),
    ("past-failed", || {
        let mut app = gone_back(Phase::Training, standing(4312));
        hear(&mut app, News::Failed(diverged()));
        press(&mut app, KeyCode::Esc);
        app
    }),
    ("past-first-steps", || {
        gone_back(Phase::Training, standing(40))
    }),
    ("past-start", || gone_back(Phase::Training, standing(0))),
    ("past-of-a-kept-run", || {
        let mut app = looking(past(18_750, Phase::Exploring, standing(4312)));
        app.plan.trains = false;
        app
    }),
    ("past-measures", || {
        let mut app = gone_back(Phase::Training, standing(4312));
        press(&mut app, KeyCode::Char('m'));
        app
    }),
    ("changed-on-the-way", || {
        looking(with_changes(kept(observation(10_400, Phase::Training))))
    }),
    ("past-changed-on-the-way", || {
        looking(with_changes(past(10_400, Phase::Training, standing(4312))))
    }),
    ("full-speed", || {
        changed(|seen| {
            seen.moment.pace = ae_tui::pace::Pace::Full;
            seen.moment.images_per_second = 412_000.0;
        })
    }),
];

/// A run whose trainer has stopped.
pub(crate) fn failed(failure: Failure) -> App {
    let mut app = training();
    hear(&mut app, News::Failed(failure));
    app
}

/// Saved weights, looked at.
pub(crate) fn exploring() -> App {
    let mut seen = observation(18_750, Phase::Exploring);
    let curve = Arc::make_mut(&mut seen.curve);
    (curve.ticks, curve.recent, curve.epochs) = Default::default();
    (curve.train_loss, curve.note) = Default::default();
    curve.milestones.clear();
    let mut app = app(seen);
    app.plan.title = "article-18750.safetensors".into();
    app.plan.trains = false;
    app
}

/// That moment of the past, as it was.
pub(crate) fn standing(step: u64) -> Seen {
    Seen {
        step,
        past: Some(step),
        plays: false,
    }
}

/// The run in its sixth epoch, while that moment is seen.
pub(crate) fn gone_back(phase: Phase, seen: Seen) -> App {
    looking(past(10_400, phase, seen))
}

/// A screen whose viewer asked for what is seen.
pub(crate) fn looking(seen: Observation) -> App {
    let when = match seen.seen.past {
        None => When::Now,
        Some(step) if seen.seen.plays => When::PlayFrom(step),
        Some(step) => When::At(step),
    };
    let mut app = app(seen);
    app.when = when;
    app
}

/// Two changes of the run, one before the moment that is gone back to and one after.
fn with_changes(mut seen: Observation) -> Observation {
    let recipe = Arc::make_mut(&mut seen.recipe);
    recipe.edits = [(3000, 0.004), (8000, 0.002)]
        .map(|(step, rate)| Edit {
            step,
            change: Change::LearningRate(rate),
        })
        .into();
    seen
}

/// The run in training, seen with a difference.
pub(crate) fn changed(change: impl FnOnce(&mut Observation)) -> App {
    let mut seen = observation(6600, Phase::Training);
    change(&mut seen);
    app(seen)
}

/// The measures of the run in training, seen with a difference.
fn measured(change: impl FnOnce(&mut Observation)) -> App {
    let mut app = changed(change);
    press(&mut app, KeyCode::Char('m'));
    app
}

/// The run in training after these characters were typed.
pub(crate) fn pressed(keys: &str) -> App {
    let mut app = training();
    for key in keys.chars() {
        press(&mut app, KeyCode::Char(key));
    }
    app
}

/// The runs of a screen: the shown one is the second of three.
fn branches() -> App {
    let mut app = training();
    let told = |number, parent, differs: &str, step| {
        let seen = observation(step, Phase::Finished);
        RunTold {
            lineage: Lineage {
                number,
                parent,
                differs: differs.into(),
            },
            recipe: "article 784-32-2-32-784, rate .001".into(),
            plan: Recipe::preset(Preset::Article),
            step,
            phase: seen.moment.phase,
            film: seen.moment.film,
            curve: seen.curve,
            row: Some(seen.row),
            tape: Arc::new(Tape {
                steps: (0..=step / 1875).map(|epoch| epoch * 1875).collect(),
            }),
            unsaved: 0,
        }
    };
    app.plan.runs = Runs {
        own: Lineage {
            number: 2,
            parent: Some((1, 4312)),
            differs: "rate .001 > .004".into(),
        },
        others: vec![
            told(1, None, "", 18_750),
            told(3, Some((1, 0)), "numbers 2 > 3", 9375),
        ],
        forgotten: Vec::new(),
    };
    press(&mut app, Char('B'));
    press(&mut app, Down);
    app
}

/// The settings of the run in training after these keys.
fn with_keys(keys: &[KeyCode]) -> App {
    let mut app = pressed("p");
    for key in keys {
        press(&mut app, *key);
    }
    app
}

/// The first page of the help, or a later one.
pub(crate) fn help(page: usize) -> App {
    let mut app = training();
    app.overlay = Overlay::Help(page);
    app
}

fn press(app: &mut App, key: KeyCode) {
    update(app, Message::Key(KeyEvent::new(key, KeyModifiers::NONE)));
}

/// A code of few values other than zero, none of them alike.
fn sparse_code(values: usize) -> Vec<f32> {
    let value = |place: usize| {
        if place % 3 == 1 {
            0.0
        } else {
            ((place * 7) % 11) as f32
        }
    };
    (0..values).map(value).collect()
}

fn with_codes(seen: &mut Observation, code: &[f32]) {
    for sample in &mut Arc::make_mut(&mut seen.row).samples {
        sample.code = code.to_vec();
    }
    if code.len() > 2 {
        Arc::make_mut(&mut seen.map).plane = Plane::Principal(code.len());
    }
}

fn code_of_32() -> App {
    of_preset(Preset::Sparse, observation(6600, Phase::Training))
}

/// As a convolution's code: eight maps of 4x4.
fn code_of_maps() -> App {
    let mut app = changed(|seen| with_codes(seen, &sparse_code(128)));
    app.plan.kind.code = CodeShape::Maps {
        count: 8,
        size: ImageSize::of_pixels(16),
    };
    app
}

/// A run that is shown noise: every fifth pixel, in a pattern.
pub(crate) fn denoising() -> App {
    of_preset(Preset::Denoising, observation(6600, Phase::Training))
}

fn with_noise(seen: &mut Observation) {
    for sample in &mut Arc::make_mut(&mut seen.row).samples {
        let noise = |(place, &pixel): (usize, &f32)| {
            let flips = (place * 7 + sample.index).is_multiple_of(5);
            if flips { 1.0 - pixel } else { pixel }
        };
        sample.noisy = Some(sample.original.iter().enumerate().map(noise).collect());
    }
}

/// A moment of a run of that preset.
pub(crate) fn of_preset(preset: Preset, mut seen: Observation) -> App {
    let recipe = Recipe::preset(preset);
    with_codes(&mut seen, &sparse_code(recipe.architecture().latent()));
    if recipe.noise != Noise::None {
        with_noise(&mut seen);
    }
    let mut app = app(seen);
    app.plan = plan_of(preset);
    app
}

fn plan_of(preset: Preset) -> Plan {
    let recipe = Recipe::preset(preset);
    Plan {
        title: preset.name().into(),
        kind: Kind::of(&recipe),
        recipe,
        ..plan()
    }
}

/// Codes on both sides of zero, with the prior's circles under them.
fn vae(seen: &mut Observation) {
    let map = Arc::make_mut(&mut seen.map);
    let moved = |[x, y]: [f32; 2]| [x / 6.0 - 2.0, y / 6.0 - 2.0];
    map.points
        .iter_mut()
        .for_each(|point| *point = moved(*point));
    map.chosen = moved(map.chosen);
    map.range = [[-3.0, 4.5], [-4.5, 4.5]];
    map.prior = Some([0.0, 0.0]);
}

fn dead_unit(seen: &mut Observation) {
    let curve = Arc::make_mut(&mut seen.curve);
    curve.dead_units = vec![2];
    curve.note = Some(Note {
        step: 1875,
        words: "Code number 2 is dead: always 0.".into(),
        warning: true,
        why: Arc::default(),
    });
    let map = Arc::make_mut(&mut seen.map);
    map.points.iter_mut().for_each(|point| point[1] = 0.0);
    map.chosen[1] = 0.0;
    map.range[1] = [0.0, 1.0];
}

fn code_of_one(seen: &mut Observation) {
    let map = Arc::make_mut(&mut seen.map);
    map.plane = Plane::Line;
    for (point, &label) in map.points.iter_mut().zip(map.labels.iter()) {
        point[1] = f32::from(label);
    }
    map.chosen[1] = 8.0;
    map.range[1] = [0.0, 9.0];
}

fn training_images(seen: &mut Observation) {
    Arc::make_mut(&mut seen.row).chosen.split = SplitName::Train;
}

fn last_short_row(seen: &mut Observation) {
    let row: &mut Row = Arc::make_mut(&mut seen.row);
    row.samples.truncate(4);
    row.chosen = SampleId {
        index: 113,
        ..row.chosen
    };
}
