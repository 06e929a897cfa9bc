//! Moments of a run, made by hand: real digits, and everything else by
//! arithmetic that is the same on every machine, so that no screen depends on a
//! trained network.

use std::sync::Arc;

use ae_tui::{
    data::{Classes, Dataset, PIXELS, Split, mnist},
    lens::{HeldOut, Sample},
    measure::{
        Compression, Denoising, DigitQuality, Features, Fidelity, Measures, Quality,
        Reconstruction, Reconstructions, Sparsity,
    },
    message::{
        About, Answers, Appraisal, Cause, Components, Course, Curve, Epoch, Failure, Map, Measured,
        Milestone, Moment, News, Note, Observation, Pane, Phase, Plane, Press, Row, SampleId, Seen,
        SplitName, Tape, Why,
    },
    pace::{Film, Pace},
    recipe::{Preset, Recipe},
    ui::{
        app::{App, Kind, Plan},
        runs::Runs,
        update::{Message, update},
    },
};

/// Steps of an epoch of the tutorial's run, and its epochs.
pub(crate) const STEPS_PER_EPOCH: u64 = 1875;
const EPOCHS: u64 = 10;

/// MNIST's test images 110 to 119, the first of them the 8 of the design.
const IMAGES: &[u8] = include_bytes!("../fixtures/digits/test-110-to-119.idx3-ubyte");
const IDX_HEADER: usize = 16;
const LABELS: [u8; 10] = [8, 7, 3, 9, 7, 4, 4, 4, 9, 2];
const FIRST: usize = 110;

/// The plan of the tutorial's run.
pub(crate) fn plan() -> Plan {
    Plan {
        title: "article".into(),
        kind: Kind::of(&Recipe::preset(Preset::Article)),
        recipe: Recipe::preset(Preset::Article),
        sample: SampleId {
            split: SplitName::Test,
            index: FIRST,
        },
        pace: Pace::FILM,
        trains: true,
        result: None,
        kept: false,
        presets: Preset::ALL.map(Recipe::preset).into(),
        runs: Runs::default(),
    }
}

/// A screen on which that moment has arrived, as it would: by messages.
pub(crate) fn app(seen: Observation) -> App {
    let mut app = App::new(plan());
    app.sample = seen.row.chosen;
    hear(&mut app, News::Loaded(data()));
    hear(&mut app, News::Observed(Arc::new(seen)));
    app
}

/// The screen in the middle of epoch 4.
pub(crate) fn training() -> App {
    app(observation(6600, Phase::Training))
}

pub(crate) fn hear(app: &mut App, event: News) {
    update(app, Message::News(event));
}

/// A few images under MNIST's name: the screen asks the data for names, labels
/// and numbers only.
pub(crate) fn data() -> Arc<Dataset> {
    let split = || Split::new(vec![0; 200 * PIXELS], (0..200).map(|i| i % 10).collect());
    Arc::new(Dataset {
        name: "MNIST".into(),
        classes: Classes::Digits,
        train: split(),
        test: split(),
        digest: mnist::DIGEST.into(),
    })
}

pub(crate) fn diverged() -> Failure {
    Failure::Diverged {
        step: 6601,
        loss: f32::NAN,
        cause: Cause::Steps(0.1),
    }
}

/// The tutorial's run after so many steps.
pub(crate) fn observation(step: u64, phase: Phase) -> Observation {
    let film = Film::new(STEPS_PER_EPOCH, EPOCHS);
    let moves = phase == Phase::Training;
    Observation {
        recipe: Arc::new(Recipe::preset(Preset::Article)),
        seen: Seen::now(step),
        heard: u64::MAX,
        tape: Arc::default(),
        moment: Moment {
            step,
            phase,
            obeyed: 0,
            pace: Pace::FILM,
            film,
            images_per_epoch: 60_000,
            images_per_second: if moves { 40_000.0 } else { 0.0 },
            seconds_left: moves.then(|| film.duration() - film.time_of(step)),
        },
        curve: Arc::new(curve(&film, step)),
        row: Arc::new(row(step)),
        map: Arc::new(map(step)),
        answers: Answers::default(),
        owes: false,
        appraisal: Appraisal {
            rivals: None,
            measured: Some((step, Arc::new(measures(f64::from(loss_at(step)))))),
            under_way: false,
        },
    }
}

/// The tutorial's run after so many steps, while an earlier moment of it is seen.
pub(crate) fn past(step: u64, phase: Phase, seen: Seen) -> Observation {
    let (now, then) = (observation(step, phase), observation(seen.step, phase));
    let curve = Curve {
        recent: then.curve.recent.clone(),
        train_loss: then.curve.train_loss,
        held_out: then.curve.held_out,
        // Told some seconds of film before, as most are.
        note: then.curve.note.clone().map(|note| Note {
            step: note.step.min(1200),
            ..note
        }),
        dead_units: then.curve.dead_units.clone(),
        ..(*now.curve).clone()
    };
    Observation {
        seen,
        curve: Arc::new(curve),
        row: then.row,
        map: then.map,
        appraisal: then.appraisal,
        ..kept(now)
    }
}

/// The same moment while all of the film before it is kept.
pub(crate) fn kept(seen: Observation) -> Observation {
    let film = seen.moment.film;
    let steps = (0..=seen.moment.step).filter(|step| film.tick(*step).is_some());
    Observation {
        tape: Arc::new(Tape {
            steps: steps.collect(),
        }),
        ..seen
    }
}

/// Measures of a network of this loss.
fn measures(loss: f64) -> Measures {
    let quality = |cross_entropy: f64, images| Quality {
        images,
        cross_entropy,
        fidelity: Fidelity::of(cross_entropy * cross_entropy),
    };
    let reconstruction = |loss: f64| Reconstruction {
        all: quality(loss, 10_000),
        digits: (0..10)
            .map(|digit| DigitQuality {
                digit,
                quality: quality(loss * (0.8 + 0.04 * f64::from(digit)), 1000),
            })
            .collect(),
    };
    let (network, pca) = (reconstruction(loss), reconstruction(0.23));
    Measures {
        features: Some(Features {
            neighbours: 10,
            known: 60_000,
            asked: 10_000,
            network: 0.625,
            pca: 0.443,
        }),
        compression: Compression {
            values: 2,
            bytes: 8,
            image_values: PIXELS,
            image_bytes: PIXELS,
            psnr: network.all.fidelity.psnr,
            pca_psnr: pca.all.fidelity.psnr,
        },
        reconstruction: Reconstructions {
            network,
            one_grey: reconstruction(0.391),
            mean_image: reconstruction(0.263),
            pca,
        },
        denoising: None,
        sparsity: Sparsity {
            zeros: 0.03,
            dead_units: Vec::new(),
        },
    }
}

/// The same of a network that takes noise off, whose code is 32 values long.
pub(crate) fn denoising_measures() -> Measures {
    let mut measures = measures(0.15);
    let of = |mse| Quality {
        images: 10_000,
        cross_entropy: 0.2,
        fidelity: Fidelity::of(mse),
    };
    measures.denoising = Some(Denoising {
        noise: "gaussian:0.5".into(),
        noisy: of(0.116),
        network: of(0.022),
        median: of(0.038),
    });
    (measures.compression.values, measures.compression.bytes) = (32, 128);
    measures.features = measures.features.map(|features| Features {
        pca: 0.975,
        ..features
    });
    measures.sparsity.dead_units = vec![4, 20];
    measures
}

/// The loss after so many steps: from knowing nothing to the tutorial's end.
pub(crate) fn loss_at(step: u64) -> f32 {
    let steps = step as f32;
    0.195 + 0.498 / (1.0 + steps / 60.0)
}

fn curve(film: &Film, step: u64) -> Curve {
    let mut dice = Dice(7);
    let ticks = (film.time_of(step) * Film::TICKS_PER_SECOND) as usize;
    let epochs = (1..=step / STEPS_PER_EPOCH).map(|number| Epoch {
        number,
        step: number * STEPS_PER_EPOCH,
        train_loss: loss_at(number * STEPS_PER_EPOCH - STEPS_PER_EPOCH / 2),
        held_out: HeldOut {
            loss: loss_at(number * STEPS_PER_EPOCH),
            reconstruction: loss_at(number * STEPS_PER_EPOCH),
        },
        seconds: 1.5,
        samples_per_second: 40_000.0,
        dead_units: Vec::new(),
    });
    let milestones = [
        (40, "below one grey"),
        (330, "below the average"),
        (1200, "below PCA-2"),
    ];
    Curve {
        ticks: (0..ticks)
            .map(|tick| {
                let step = film.step_at(tick as f64 / Film::TICKS_PER_SECOND);
                Some(loss_at(step))
            })
            .collect(),
        recent: (0..step.min(256))
            .map(|back| loss_at(step - back) + 0.02 * dice.roll())
            .collect(),
        course: course(step),
        measured: measured(film, step),
        epochs: epochs.collect(),
        // Before the first step nothing was trained on.
        train_loss: (step > 0).then(|| loss_at(step) + 0.001),
        held_out: Some(loss_at(step)),
        mean_image: Some(0.263),
        one_grey: Some(0.391),
        copy: Some(0.058),
        components: (step >= 300).then_some(Components {
            count: 2,
            loss: 0.230,
        }),
        milestones: milestones
            .into_iter()
            .filter(|(at, _)| *at <= step)
            .map(|(step, name)| Milestone {
                step,
                name: name.into(),
            })
            .collect(),
        note: Some(Note {
            step,
            ..shared_place()
        }),
        told: told(step),
        dead_units: Vec::new(),
    }
}

/// What the narrator has told of the tutorial's run after so many steps.
fn told(step: u64) -> Arc<[Note]> {
    let earlier = [
        (1, "It knows nothing; every pixel is half grey."),
        (20, "First lesson: most pixels are empty."),
        (60, "It draws the average, whatever it sees."),
        (62, "It uses 1 of its 2 numbers so far."),
        (480, "Better than the average; the code says something."),
        (700, "Now it uses both of its numbers."),
        (710, "The 1s have found a place of their own."),
        (1200, "Better than PCA-2, the classical two numbers."),
        (1875, "Every image seen once: held-out .220."),
    ];
    let note = |(at, words): (u64, &str)| Note {
        step: at,
        words: words.into(),
        ..shared_place()
    };
    let last = Note {
        step: step.max(3750),
        ..shared_place()
    };
    let all = earlier.map(note).into_iter().chain([last]);
    all.filter(|note| note.step <= step).collect()
}

/// The narrator's best sentence, and what it means.
pub(crate) fn shared_place() -> Note {
    let press = |keys: &str, words: &str| Press {
        keys: keys.into(),
        words: words.into(),
    };
    Note {
        step: 3750,
        words: "4 and 9 share a place; see what becomes of a 4.".into(),
        warning: false,
        why: Arc::new(Why {
            about: About::Else,
            paragraph: "The same strokes get the same two numbers. Of 982 fours, 230 have a nine \
                        as the nearest code. There it draws a blur of both: that costs .202, a \
                        sharp nine in place of a four .832. A blur is its way to say: one of \
                        these, I cannot tell which."
                .into(),
            look: "their two colours on the map; the green picture",
            at: Pane::Map,
            press: vec![
                press("4 9", "only these two"),
                press("n", "the next of this digit"),
            ],
        }),
    }
}

/// The losses of the steps, each a little beside the curve.
fn course(step: u64) -> Course {
    let (mut dice, mut course) = (Dice(3), Course::default());
    for step in 1..=step {
        course.push(step, loss_at(step) * (1.0 + 0.12 * dice.roll()));
    }
    course
}

/// What was measured at every second of film, and of each digit.
fn measured(film: &Film, step: u64) -> Arc<[Measured]> {
    let seconds = (0..=film.time_of(step) as u64).map(|second| film.step_at(second as f64));
    let measure = |step| Measured {
        step,
        loss: loss_at(step) + 0.002,
        reconstruction: loss_at(step) + 0.002,
        digits: Some({
            let losses = (0..10).map(|digit| loss_at(step) * (0.7 + 0.06 * digit as f32));
            losses.collect()
        }),
    };
    seconds.map(measure).collect()
}

fn row(step: u64) -> Row {
    let samples = LABELS.iter().enumerate().map(|(place, &label)| {
        let bytes = &IMAGES[IDX_HEADER + place * PIXELS..][..PIXELS];
        let original: Vec<f32> = bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect();
        Sample {
            index: FIRST + place,
            label,
            reconstruction: blurred(&original),
            original,
            noisy: None,
            code: CENTRES[usize::from(label)].to_vec(),
            loss: loss_at(step) + 0.003 * place as f32,
        }
    });
    Row {
        chosen: SampleId {
            split: SplitName::Test,
            index: FIRST,
        },
        samples: samples.collect(),
    }
}

/// What a picture looks like through a narrow code: softer and paler.
fn blurred(picture: &[f32]) -> Vec<f32> {
    let at = |x: isize, y: isize| {
        let inside = (0..28).contains(&x) && (0..28).contains(&y);
        if inside {
            picture[(y * 28 + x) as usize]
        } else {
            0.0
        }
    };
    let mean = |x, y| {
        let near = (-1..=1).flat_map(|down| (-1..=1).map(move |right| (right, down)));
        near.map(|(right, down)| at(x + right, y + down))
            .sum::<f32>()
            / 9.0
    };
    (0..PIXELS as isize)
        .map(|pixel| 0.85 * mean(pixel % 28, pixel / 28))
        .collect()
}

/// Where each digit lives, as in the tutorial's run.
const CENTRES: [[f32; 2]; 10] = [
    [26.0, 2.0],
    [7.0, 24.0],
    [2.5, 1.5],
    [5.5, 4.5],
    [15.0, 8.0],
    [1.0, 5.0],
    [9.0, 2.5],
    [30.0, 22.0],
    [2.0, 7.5],
    [17.0, 13.0],
];

fn map(step: u64) -> Map {
    let mut dice = Dice(1);
    // Early on, all digits stand in one place.
    let apart = 1.0 - loss_at(step) / 0.7;
    let labels: Vec<u8> = (0..10_000).map(|image: u32| (image % 10) as u8).collect();
    let points = labels
        .iter()
        .map(|&label| {
            CENTRES[usize::from(label)].map(|centre| {
                let spread = (dice.roll() + dice.roll()) * (0.7 * centre + 2.0);
                ((centre + spread) * apart).max(0.0)
            })
        })
        .collect();
    Map {
        step,
        plane: Plane::Codes,
        points,
        labels: labels.into(),
        chosen: CENTRES[8].map(|value| value * apart),
        prior: None,
        range: if step < 100 {
            [[0.0, 1.5], [0.0, 1.0]]
        } else {
            [[0.0, 45.0], [0.0, 45.0]]
        },
        units: [0.0; 2],
        digit_losses: Some({
            let losses = (0..10).map(|digit| loss_at(step) + 0.01 * digit as f32);
            losses.collect()
        }),
    }
}

/// A linear congruential generator: the fixture needs no better chance, only
/// the same one everywhere.
struct Dice(u32);

impl Dice {
    /// From -0.5 to 0.5.
    fn roll(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as f32 / 16_777_216.0 - 0.5
    }
}
