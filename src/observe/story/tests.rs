//! Each sentence at a moment at which it holds, and beside one at which it does not.

use super::*;
use crate::{
    lens::HeldOut,
    message::Epoch,
    recipe::{Change, Edit, Preset},
};

const MNIST: Baselines = Baselines {
    one_grey: 0.391,
    mean_image: 0.2625,
    copy: 0.058,
    ink: 0.131,
};

fn of_preset(preset: Preset) -> Story {
    Story::new(&Recipe::preset(preset), Classes::Digits)
}

fn story() -> Story {
    of_preset(Preset::Article)
}

fn of_classes() -> Story {
    Story::new(&Recipe::preset(Preset::Article), Classes::numbered(10))
}

fn epoch(number: u64, val_loss: f32, dead_units: Vec<usize>) -> Epoch {
    Epoch {
        number,
        step: number * 1875,
        train_loss: val_loss,
        held_out: HeldOut {
            loss: val_loss,
            reconstruction: val_loss,
        },
        seconds: 1.0,
        samples_per_second: 60_000.0,
        dead_units,
    }
}

fn words(story: &Story) -> &str {
    story.note().map_or("", |note| &note.words)
}

/// What is told first of a run at this loss.
fn told_at(loss: f32, baselines: Baselines) -> String {
    let mut story = story();
    // It has known nothing before.
    story.level(0, LN_2, baselines);
    story.level(1, loss, baselines);
    words(&story).into()
}

/// Territories of two classes in two places, or in one.
fn territories(apart: bool) -> Territories {
    let mut points = vec![[0.1, 0.1]; 5];
    points.extend([if apart { [0.9, 0.9] } else { [0.1, 0.1] }; 3]);
    let labels = [9, 9, 9, 9, 9, 4, 4, 4];
    let map = crate::message::Map {
        step: 0,
        plane: crate::message::Plane::Codes,
        points,
        labels: labels.into(),
        chosen: [0.0; 2],
        prior: None,
        range: [[0.0, 1.0]; 2],
        units: [0.0; 2],
        digit_losses: None,
    };
    Territories::of(&map).unwrap()
}

#[test]
fn each_chapter_is_told_when_it_is_measured_and_only_once() {
    let mut story = story();
    for (step, loss, start) in [
        (1, 0.693, "It knows nothing"),
        (20, 0.60, "First lesson: an image is mostly empty"),
        (30, 0.38, "Passed one grey"),
        (31, 0.40, "Passed one grey"),
        (80, 0.277, "Not yet better than the average image"),
        (200, 0.256, "Passed the average image; the code"),
        (201, 0.27, "Passed the average image"),
        (202, f32::NAN, "Passed the average image"),
    ] {
        story.level(step, loss, MNIST);
        assert!(
            words(&story).starts_with(start),
            "step {step}: {}",
            words(&story)
        );
    }
    assert_eq!(story.note().unwrap().step, 200);
}

#[test]
fn it_knows_nothing_only_as_long_as_half_grey_is_as_good() {
    for loss in [0.66, LN_2, 0.72] {
        let mut story = story();
        story.level(1, loss, MNIST);
        assert!(words(&story).starts_with("It knows nothing"), "{loss}");
    }
    for loss in [0.351, 0.5, 0.65] {
        assert!(!told_at(loss, MNIST).contains("knows nothing;"), "{loss}");
    }
    let mut story = story();
    story.level(1, LN_2, MNIST);
    story.level(2, 3.0, MNIST);
    assert!(words(&story).starts_with("Worse than knowing nothing"));
    story.level(3, 0.7, MNIST);
    assert!(words(&story).starts_with("It knows nothing"));
    // Where one grey is half grey, to be below it is to know something.
    let grey = Baselines {
        one_grey: 0.69,
        ..MNIST
    };
    assert!(told_at(0.68, grey).starts_with("Passed one grey"));
}

#[test]
fn the_first_lesson_is_of_the_images_at_hand() {
    assert!(told_at(0.5, MNIST).ends_with("an image is mostly empty."));
    let inked = Baselines { ink: 0.87, ..MNIST };
    assert!(told_at(0.5, inked).ends_with("an image is mostly ink."));
    assert!(!told_at(0.38, MNIST).contains("lesson"));
}

#[test]
fn a_level_is_the_measured_one_of_that_data() {
    let fashion = Baselines {
        one_grey: 0.599,
        mean_image: 0.438,
        ..MNIST
    };
    assert!(told_at(0.59, fashion).starts_with("Passed one grey"));
    assert!(told_at(0.59, MNIST).starts_with("First lesson"));
    assert!(told_at(0.44, fashion).starts_with("Not yet better"));
    assert!(told_at(0.43, fashion).starts_with("Passed the average image"));
    assert!(told_at(0.43, MNIST).starts_with("First lesson"));
}

#[test]
fn a_run_that_begins_with_a_trained_network_passes_nothing() {
    let mut story = story();
    story.level(0, 0.2, MNIST);
    assert_eq!(words(&story), "It begins better than the average image.");
}

#[test]
fn a_dead_unit_is_called_out_until_it_lives() {
    let mut story = story();
    story.epoch_ended(&epoch(1, 0.24, vec![2]), None);
    assert!(story.note().unwrap().warning);
    assert_eq!(
        words(&story),
        "code 2 is dead: zero for every image; try another seed or `--latent-activation linear`"
    );
    story.phase(Phase::Finished, 1875, Some(0.24));
    assert!(story.note().unwrap().warning, "the end does not hide it");
    story.epoch_ended(&epoch(2, 0.22, vec![]), Some(&epoch(1, 0.24, vec![2])));
    assert_eq!(words(&story), "The warning is over.");
    assert!(!story.note().unwrap().warning);
}

#[test]
fn a_cure_is_one_that_the_network_has_not_taken_already() {
    let cure = |preset| cure_of_dead_units(&Recipe::preset(preset));
    assert!(cure(Preset::Article).contains("linear"));
    assert_eq!(cure(Preset::Map), "try another seed");
    assert_eq!(cure(Preset::Conv), "try another seed");
    assert!(cure(Preset::Sparse).contains("--l1"));
}

#[test]
fn unused_numbers_are_counted_over_all_images_and_follow_the_measure() {
    let mut story = story();
    story.codes_seen(0, 1, 16);
    assert!(story.note().is_none(), "before it draws anything");
    story.level(80, 0.277, MNIST);
    story.codes_seen(90, 6, 16);
    assert_eq!(
        words(&story),
        "Test images use 6 of its 16 numbers, so far."
    );
    story.codes_seen(95, 9, 16);
    assert!(words(&story).contains("use 9 of "), "{}", words(&story));
    // The screen says "6 in use" of one image: no word of this is of one image.
    story.codes_seen(100, 16, 16);
    assert_eq!(words(&story), "Test images now use all its 16 numbers.");
    story.codes_seen(110, 15, 16);
    assert!(words(&story).contains("use 15 of "), "{}", words(&story));
    story.level(200, 0.256, MNIST);
    story.codes_seen(210, 15, 16);
    assert!(words(&story).starts_with("Passed the average image"));
    // All in use from the start is no news.
    let mut all = of_classes();
    all.level(80, 0.2, MNIST);
    all.codes_seen(90, 16, 16);
    assert!(words(&all).starts_with("It begins"));
}

#[test]
fn places_are_told_as_they_are_surveyed() {
    let told = |mut story: Story, survey: &[bool]| {
        story.level(1, 0.25, MNIST);
        story.epoch_ended(&epoch(1, 0.24, vec![]), None);
        story.epoch_ended(&epoch(2, 0.22, vec![]), Some(&epoch(1, 0.24, vec![])));
        for &apart in survey {
            story.surveyed(3750, &territories(apart));
        }
        words(&story).to_owned()
    };
    assert_eq!(
        told(story(), &[true]),
        "The 9s have found a place of their own."
    );
    assert_eq!(
        told(of_classes(), &[true]),
        "Class 9 has found a place of its own."
    );
    // Apart, nobody shares; together, the 4s live among the 9s; and apart again they do not.
    assert_eq!(told(story(), &[true, true]), told(story(), &[true]));
    assert_eq!(
        told(story(), &[false, false]),
        "4 and 9 share a place; see what becomes of a 4."
    );
    assert_eq!(
        told(of_classes(), &[false, false]),
        "Classes 4 and 9 share a place; see what becomes of class 4."
    );
    let names = [
        "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker",
    ];
    let clothes = || {
        let names = [&names[..], &["bag", "ankle boot"]].concat();
        Story::new(&Recipe::preset(Preset::Article), Classes::named(&names))
    };
    assert_eq!(
        told(clothes(), &[true]),
        "Ankle boot has found a place of its own."
    );
    assert_eq!(
        told(clothes(), &[false, false]),
        "Coat and ankle boot share a place; see what becomes of coat."
    );
    assert_eq!(told(story(), &[false, false, true]), "");
    let mut early = story();
    early.level(1, 0.3, MNIST);
    early.surveyed(1, &territories(true));
    assert!(
        !words(&early).contains("place"),
        "before the code says anything"
    );
}

#[test]
fn the_classical_rival_is_named_with_its_numbers() {
    for (components, counted) in [(1, "one number."), (2, "two numbers."), (32, "32 numbers.")] {
        let mut story = story();
        story.passed(1200, components);
        assert_eq!(
            words(&story),
            format!("Passed PCA-{components}, the classical way to keep {counted}")
        );
        assert_eq!(story.note().unwrap().step, 1200);
    }
    let mut story = story();
    story.phase(Phase::Finished, 10, Some(0.2));
    story.passed(5, 2);
    assert!(words(&story).starts_with("Done"), "the end has been told");
}

#[test]
fn pictures_that_are_worse_than_ignorance_are_a_warning_and_a_price_is_none() {
    let mut worse = story();
    worse.epoch_ended(&epoch(1, 2.15, vec![1, 2]), None);
    assert!(worse.note().unwrap().warning);
    assert_eq!(
        words(&worse),
        "Worse than knowing nothing; try a smaller --learning-rate."
    );
    let priced = |reconstruction| {
        let mut story = of_preset(Preset::Sparse);
        let epoch = Epoch {
            held_out: HeldOut {
                loss: 5.0,
                reconstruction,
            },
            ..epoch(1, 5.0, vec![])
        };
        story.epoch_ended(&epoch, None);
        words(&story).to_owned()
    };
    assert_eq!(priced(0.2), "Every image seen once: held-out+L1 5.000.");
    assert_eq!(
        priced(0.9),
        "Worse than knowing nothing; try a smaller --l1."
    );
    // A network that has learnt nothing yet is no worse than that.
    let mut slow = story();
    slow.epoch_ended(&epoch(1, 0.6935, vec![]), None);
    assert!(!slow.note().unwrap().warning);
}

#[test]
fn a_loss_is_named_with_what_is_in_it() {
    for (preset, name) in [
        (Preset::Article, "held-out 0.240"),
        (Preset::Sparse, "held-out+L1 0.240"),
        (Preset::Vae, "held-out+KL 0.240"),
    ] {
        let mut story = of_preset(preset);
        story.epoch_ended(&epoch(1, 0.24, vec![]), None);
        assert!(words(&story).contains(name), "{}", words(&story));
    }
}

#[test]
fn polish_is_measured_between_epochs() {
    let mut story = story();
    story.epoch_ended(&epoch(2, 0.212, vec![]), Some(&epoch(1, 0.222, vec![])));
    assert!(story.note().is_none());
    story.epoch_ended(&epoch(3, 0.2114, vec![]), Some(&epoch(2, 0.212, vec![])));
    let before = story.note().cloned();
    story.epoch_ended(&epoch(4, 0.245, vec![]), Some(&epoch(3, 0.2114, vec![])));
    assert_eq!(story.note().cloned(), before, "worse is no polish");
    assert_eq!(
        words(&story),
        "Polish: held-out 0.212 to 0.211, this epoch."
    );
}

#[test]
fn the_end_is_told_again_after_training_on() {
    let mut story = story();
    story.phase(Phase::Finished, 10, Some(0.2));
    assert!(words(&story).starts_with("Done at 0.200:"));
    // A held-out loss that comes late changes nothing.
    story.level(10, 0.2, MNIST);
    assert!(words(&story).starts_with("Done at 0.200:"));
    story.phase(Phase::Training, 11, None);
    story.phase(Phase::Finished, 20, Some(0.19));
    assert!(words(&story).starts_with("Done at 0.190:"));
}

/// Beside the legend at 120x36 there is room for this much after the sign; what follows
/// a semicolon, or else a comma, gives way there.
const ROOM: usize = 42;

#[test]
fn where_room_is_short_a_sentence_still_says_what_was_measured() {
    let brief = |story: &Story| {
        let whole = words(story);
        let cut = whole.split_once("; ").or_else(|| whole.split_once(", "));
        let kept = cut.map_or(whole, |(kept, _)| kept);
        assert!(kept.len() < ROOM, "{kept}");
        kept.to_owned()
    };
    let mut story = story();
    story.level(80, 0.277, MNIST);
    story.codes_seen(90, 1, 2);
    assert_eq!(brief(&story), "Test images use 1 of its 2 numbers");
    story.codes_seen(91, 127, 128);
    assert_eq!(brief(&story), "Test images use 127 of its 128 numbers");
    story.codes_seen(92, 128, 128);
    assert_eq!(brief(&story), "Test images now use all its 128 numbers.");
}

#[test]
fn a_change_is_told_and_then_what_the_first_epoch_since_came_to() {
    let edits = vec![Edit {
        step: 4000,
        change: Change::LearningRate(0.004),
    }];
    let recipe = Recipe {
        edits,
        ..Recipe::preset(Preset::Article)
    };
    let mut story = story();
    let epochs = [0.21, 0.209, 0.2, 0.1999].map(|loss| (loss, Vec::new()));
    let [one, two, three, four] = [0, 1, 2, 3].map(|at| {
        let (loss, dead) = epochs[at].clone();
        epoch(at as u64 + 1, loss, dead)
    });
    story.epoch_ended(&one, None);
    story.epoch_ended(&two, Some(&one));
    assert!(words(&story).starts_with("Polish"));
    story.changed(&recipe, 3999);
    assert!(words(&story).starts_with("Polish"));
    story.changed(&recipe, 4000);
    assert_eq!(words(&story), "Changed: rate .001 > .004, from step 4,001.");
    story.changed(&recipe, 4100);
    assert_eq!(story.note().unwrap().step, 4000, "once");
    story.epoch_ended(&three, Some(&two));
    let came_to = "After the change: held-out 0.209 to 0.200, this epoch.";
    assert_eq!(words(&story), came_to);
    story.epoch_ended(&four, Some(&three));
    assert_eq!(words(&story), came_to, "it was polish before");
    assert_eq!(story.note_at(4500).unwrap().step, 4000);
    // A fault gives way to what may mend it, and is told again where it does not.
    let mut story = self::story();
    story.epoch_ended(&epoch(1, 1.0, vec![]), None);
    story.epoch_ended(&epoch(2, 1.0, vec![]), Some(&one));
    assert!(story.note().unwrap().warning);
    story.changed(&recipe, 4000);
    assert!(words(&story).starts_with("Changed"));
    story.epoch_ended(&epoch(3, 1.0, vec![]), Some(&two));
    assert!(story.note().unwrap().warning);
}
