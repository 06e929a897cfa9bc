//! Nothing shifts while a run goes on: what does not tell the moment stands in
//! the same cells at every moment.

use std::sync::Arc;

use ae_tui::{
    data::Dataset,
    message::{Failure, News, Observation, Phase},
    pace::Pace,
    recipe::Preset,
    ui::app::App,
};

use crate::{
    ASCII, PLAIN, SIZES, drawn,
    fixture::{app, diverged, hear, observation, training},
    rows,
    states::of_preset,
};

/// Two moments as different as a run has them.
fn early() -> Observation {
    let mut seen = observation(5, Phase::Training);
    seen.moment.images_per_second = 312.0;
    seen.moment.seconds_left = Some(4_321.0);
    seen
}

fn late() -> Observation {
    let mut seen = observation(18_000, Phase::Training);
    seen.moment.images_per_second = 1_400_000.0;
    seen.moment.pace = Pace::Film { speed: 0.125 };
    seen
}

/// Where a word stands: its row, and the column of its first character.
fn places(screen: &[String], word: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (row, line) in screen.iter().enumerate() {
        let starts = line.match_indices(word);
        found.extend(starts.map(|(byte, _)| (row, line[..byte].chars().count())));
    }
    found
}

/// Words that each screen has, whatever the moment.
const LASTING: [&str; 20] = [
    "ae-tui",
    "epoch ",
    "/10",
    "left",
    "original",
    "reconstruction",
    "difference",
    "latent space",
    "10,000",
    "loss ─",
    "steps ",
    "held-out",
    "now │",
    "-lost",
    "+added",
    "784 p",
    "▸110",
    "film",
    "s/epoch",
    "img/s",
];

#[test]
fn every_title_and_every_unit_stands_still_from_the_first_step_to_the_last() {
    for size in SIZES {
        let [first, last] = [early(), late()].map(|seen| rows(&drawn(&app(seen), PLAIN, size)));
        for word in LASTING {
            assert_eq!(
                places(&first, word),
                places(&last, word),
                "{word} at {size:?}"
            );
        }
        for word in ["epoch ", "784 p", "latent space", "held-out", "film"] {
            assert!(!places(&first, word).is_empty(), "no {word} at {size:?}");
        }
    }
}

#[test]
fn what_a_preset_adds_stands_still_too() {
    let added = [
        "noisy",
        "code 32 values",
        " in use",
        "loss+L1 ─",
        "loss+KL ─",
    ];
    let mut seen = Vec::new();
    for preset in Preset::ALL {
        for size in SIZES {
            let [first, last] = [early(), late()]
                .map(|moment| rows(&drawn(&of_preset(preset, moment), PLAIN, size)));
            for word in added.iter().chain(&LASTING) {
                let place = places(&first, word);
                assert_eq!(
                    place,
                    places(&last, word),
                    "{word} of {preset:?} at {size:?}"
                );
                seen.extend(place.first().map(|_| *word));
            }
        }
    }
    for word in added {
        assert!(seen.contains(&word), "no {word} anywhere");
    }
}

#[test]
fn the_axes_stand_still_whatever_their_numbers() {
    let with_range = |range| {
        let mut seen = late();
        Arc::make_mut(&mut seen.map).range = range;
        app(seen)
    };
    let axis = |app: &App, size| places(&rows(&drawn(app, PLAIN, size)), "└");
    for size in SIZES {
        // Codes behind a ReLU are never negative; others are from the first step on.
        for low in [0.0, -1.0] {
            let usual = axis(&with_range([[0.0, 1.0], [low, 1.0]]), size);
            for end in [0.15, 1.5, 45.0, 150.0, 800.0] {
                let other = with_range([[0.0, end], [low * end, end]]);
                assert_eq!(axis(&other, size), usual, "{low} {end} at {size:?}");
            }
        }
    }
}

#[test]
fn the_state_and_the_hints_begin_in_the_same_columns_in_every_phase() {
    let in_phase = |phase| app(observation(18_750, phase));
    for size in SIZES {
        let begin = |app: &App, words: &[&str]| -> Vec<_> {
            let screen = rows(&drawn(app, PLAIN, size));
            // Other rows speak of the latent space.
            let ends = [screen[0].clone(), screen[screen.len() - 1].clone()];
            let found = words.iter().flat_map(|word| places(&ends, word));
            found.collect()
        };
        let hints = [
            "←→ sample",
            "space ",
            "+ - pace",
            "s save",
            "? help",
            "q quit",
        ];
        let training = in_phase(Phase::Training);
        let sign = begin(&training, &["▶ training"]);
        let keys = begin(&training, &hints);
        assert_eq!(keys.len(), hints.len(), "{size:?}");
        for (phase, state) in [(Phase::Paused, "‖ paused"), (Phase::Finished, "● finished")] {
            let app = in_phase(phase);
            assert_eq!(begin(&app, &[state]), sign, "{state} at {size:?}");
            assert_eq!(begin(&app, &hints), keys, "{state} at {size:?}");
        }
        let mut failed = training;
        hear(&mut failed, News::Failed(diverged()));
        assert_eq!(begin(&failed, &["■ failed"]), sign, "failed at {size:?}");
    }
}

#[test]
fn every_pace_ends_in_the_same_column_and_leaves_the_tape_its_length() {
    let mut paces = vec![Pace::Full, Pace::Even { seconds: 0.7 }];
    let mut pace = Pace::FILM;
    for _ in 0..12 {
        paces.push(pace);
        pace = pace.faster();
    }
    pace = Pace::FILM;
    for _ in 0..12 {
        pace = pace.slower();
        paces.push(pace);
    }
    for size in SIZES {
        let tape = |pace| {
            let mut seen = late();
            seen.moment.pace = pace;
            let screen = rows(&drawn(&app(seen), PLAIN, size));
            screen[usize::from(size.1) - 2].clone()
        };
        let number = |line: &str| places(&[line.to_owned()], "10 ");
        let expected = number(&tape(Pace::FILM));
        for &pace in &paces {
            let line = tape(pace);
            assert_eq!(number(&line), expected, "{pace:?} at {size:?}: {line}");
            assert!(!line.ends_with("  "), "{pace:?} at {size:?}: {line}");
        }
    }
}

#[test]
fn a_large_loss_takes_no_more_columns_than_a_small_one() {
    for size in SIZES {
        let with = |loss: f32| {
            let mut seen = late();
            let curve = Arc::make_mut(&mut seen.curve);
            (curve.train_loss, curve.held_out) = (Some(loss), Some(loss));
            curve.recent = vec![loss; curve.recent.len() + 1];
            Arc::make_mut(&mut seen.row).samples[0].loss = loss;
            rows(&drawn(&app(seen), PLAIN, size))
        };
        let small = with(0.2);
        for loss in [12.345, 3456.7, 1e30, f32::NAN, f32::INFINITY] {
            let large = with(loss);
            for word in ["steps ", "held-out", "now │", "img/s"] {
                assert_eq!(
                    places(&large, word),
                    places(&small, word),
                    "{loss} at {size:?}"
                );
            }
        }
    }
}

#[test]
fn a_stopped_run_neither_counts_down_nor_plays() {
    for failure in [diverged(), Failure::Died("gone".into())] {
        let mut app = app(late());
        hear(&mut app, News::Failed(failure));
        for size in SIZES {
            let text = rows(&drawn(&app, ASCII, size)).join("\n");
            assert!(!text.contains(" left "), "{size:?}\n{text}");
            assert!(!text.contains("> ="), "{size:?}\n{text}");
        }
    }
}

#[test]
fn the_steps_are_counted_over_the_curve_at_now_and_in_the_past() {
    for (size, words) in [((120, 36), "step 6,600"), ((80, 24), "step 6,600")] {
        let screen = rows(&drawn(&training(), PLAIN, size)).join("\n");
        assert!(screen.contains(words), "{size:?}:\n{screen}");
    }
}

#[test]
fn the_header_tells_runs_of_other_sizes_and_images_apart() {
    let mut app = training();
    app.plan.recipe.set_encoder(vec![128, 16]).unwrap();
    let known = app.data.as_ref().unwrap();
    app.data = Some(Arc::new(Dataset {
        name: "Fashion-MNIST".into(),
        classes: known.classes.clone(),
        train: known.train.clone(),
        test: known.test.clone(),
        digest: String::new(),
    }));
    let header = |width| rows(&drawn(&app, PLAIN, (width, 36))).swap_remove(0);
    let wide = header(160);
    assert!(
        wide.contains("article 784-128-16-128-784 Fashion-MNIST"),
        "{wide}"
    );
    let narrower = header(120);
    assert!(narrower.contains("article 128,16"), "{narrower}");
}

#[test]
fn the_keys_of_map_and_measures_are_offered_while_it_trains() {
    let keys = rows(&drawn(&training(), PLAIN, (120, 36))).pop().unwrap();
    for key in ["v map", "m measures", "space pause", "? help", "q quit"] {
        assert!(keys.contains(key), "{key}: {keys}");
    }
}
