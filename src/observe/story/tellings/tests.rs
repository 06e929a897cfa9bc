//! Every sentence there is, for each kind of network and of data: it fits where it is shown, and
//! what it means is short.

use super::*;
use crate::{
    data::Classes,
    lens::HeldOut,
    message::{Components, Confusion, Epoch, Shared},
    observe::{baselines::Baselines, story::ground::Ground},
    recipe::{Preset, Recipe},
};

/// Words of the longest paragraph.
const WORDS: usize = 60;

const MNIST: Baselines = Baselines {
    one_grey: 0.391,
    mean_image: 0.2627,
    copy: 0.058,
    ink: 0.131,
    empty: 0.81,
    examined: 10_000,
};

fn grounds() -> Vec<Ground> {
    let long = "a class with a name that is longer than any line of the smallest screen";
    let clothes = ["T-shirt/top", "trouser", long, "dress", "coat", "sandal"];
    let data = [
        Classes::Digits,
        Classes::numbered(64),
        Classes::named(&clothes),
        Classes::Unlabelled,
    ];
    let of = |preset| {
        let recipe = Recipe::preset(preset);
        data.clone()
            .map(|classes| Ground::of(&recipe, classes, 10_000_000))
    };
    Preset::ALL.into_iter().flat_map(of).collect()
}

/// All that may be told of a run.
fn told_of(ground: &Ground) -> Vec<Telling> {
    let levels = [
        (Level::Worse, 1.204),
        (Level::Blank, std::f32::consts::LN_2),
        (Level::Brightness, 0.604),
        (Level::NotAlike, 0.352),
        (Level::Average, 0.2774),
        (Level::Better, 0.2604),
    ];
    let inks = [(0.131, 0.81), (0.3, 0.2), (0.9, 0.1)].map(|(ink, empty)| Baselines {
        ink,
        empty,
        ..MNIST
    });
    let ways = [[false, true], [false, false], [true, false], [true, true]];
    let mut all = Vec::new();
    for baselines in inks {
        for how in ways {
            all.extend(levels.map(|(of, loss)| level(of, loss, how, baselines, ground)));
        }
    }
    let components = Components {
        count: ground.width,
        loss: 0.2304,
    };
    all.push(passed(components));
    for live in [0, 1, ground.width - 1, ground.width] {
        let kept = Kept {
            live,
            all: ground.width,
            before: Some(1),
            images: 10_000,
        };
        all.push(in_use(kept, ground));
    }
    let confusion = Confusion {
        images: 10_000,
        nearest: 2_300,
        example: 115,
        cost: 0.202,
        sharp: 0.832,
    };
    for (classes, looked_at) in [([4, 5], 4), ([2, 4], 2), ([0, 2], 0)] {
        for confusion in [Some(confusion), None] {
            let shared = Shared {
                classes,
                looked_at,
                confusion,
            };
            all.push(shared_place(shared, ground));
        }
        all.push(own_place(classes[1].into(), 0.8, ground));
    }
    let epoch = Epoch {
        number: 100,
        step: 187_500,
        train_loss: 0.2,
        held_out: HeldOut {
            loss: 0.202,
            reconstruction: 0.202,
        },
        seconds: 1.0,
        samples_per_second: 1.0,
        dead_units: Vec::new(),
    };
    let course = Course {
        from: 0.202,
        to: 0.207,
    };
    all.extend([
        first_epoch(0.22, Some(0.224), Some(MNIST), ground),
        polish(0.21, 0.208, ground),
        done(10, Some(0.202), Some(components), Some(MNIST), ground),
        after_change(Some(0.2), 0.21, ground),
        after_change(None, 0.21, ground),
        over(&epoch),
        worse(12.345, false, ground),
        worse(12.345, true, ground),
        dead(&[2], ground),
        dead(&[2, 31, 32], ground),
        stuck(0.264, MNIST, ground),
        alike(0.004, ground),
        learns_by_heart(3, course, 100, ground),
        grey(1_000, 0.404, MNIST, ground),
        overshoots(course, ground),
    ]);
    all
}

/// Every sentence of every kind of run.
pub(crate) fn every() -> Vec<Why> {
    let all = grounds();
    let all = all.iter().flat_map(told_of);
    all.map(|telling| (*telling.why).clone()).collect()
}

#[test]
fn every_sentence_fits_the_smallest_screen_and_every_paragraph_is_short() {
    for ground in grounds() {
        for Telling { words, why } in told_of(&ground) {
            let letters = words.chars().count();
            assert!((1..=LONGEST).contains(&letters), "{letters}: {words}");
            let name = ["a class with", "looks alike"]
                .iter()
                .any(|name| why.paragraph.contains(name));
            let count = why.paragraph.split_whitespace().count();
            // A name from outside may be a sentence of its own.
            assert!(count <= WORDS || name, "{count}: {}", why.paragraph);
            assert!(!why.paragraph.contains("  ") && why.paragraph.ends_with('.'));
            assert!(!why.look.is_empty() && !why.press.is_empty(), "{words}");
        }
    }
}

#[test]
fn data_without_labels_is_told_of_no_digit() {
    for ground in grounds() {
        if ground.classes == Classes::Digits {
            continue;
        }
        for Telling { words, why } in told_of(&ground) {
            assert!(
                !words.contains("digit") && !why.paragraph.contains("digit"),
                "{words}"
            );
        }
    }
}

/// What a stranger reads who asks why, for trying it on one.
#[test]
fn the_narrators_texts_are_kept_as_they_are_read() {
    let recipe = Recipe::preset(Preset::Article);
    let ground = Ground::of(&recipe, Classes::Digits, 60_000);
    let (mut read, mut known) = (Vec::new(), Vec::new());
    for Telling { words, why } in told_of(&ground) {
        if known.contains(&words) {
            continue;
        }
        let keys: Vec<String> = why
            .press
            .iter()
            .map(|press| format!("{} {}", press.keys, press.words))
            .collect();
        let text = format!(
            "{words}\n{}\nlook  {}\npress {}",
            why.paragraph,
            why.look,
            keys.join("   ")
        );
        read.push(text);
        known.push(words);
    }
    insta::with_settings!({
        omit_expression => true,
        prepend_module_to_snapshot => false,
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/tests/screens/snapshots"),
    }, {
        insta::assert_snapshot!("narrator-texts", read.join("\n\n"));
    });
}
