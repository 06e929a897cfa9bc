//! Each sentence at a moment at which it holds, and beside one at which it does not.

use super::*;
use crate::{
    lens::HeldOut,
    message::Epoch,
    recipe::{Change, Edit, Preset},
};

const MNIST: Baselines = Baselines {
    one_grey: 0.391,
    mean_image: 0.2626,
    copy: 0.058,
    ink: 0.131,
    empty: 0.81,
    examined: 10_000,
};

fn of_preset(preset: Preset) -> Story {
    Story::new(&Recipe::preset(preset), Classes::Digits, 60_000)
}

fn story() -> Story {
    of_preset(Preset::Article)
}

fn of_classes() -> Story {
    Story::new(
        &Recipe::preset(Preset::Article),
        Classes::numbered(10),
        60_000,
    )
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

/// What the last sentence means.
fn why(story: &Story) -> &str {
    story.note().map_or("", |note| &note.why.paragraph)
}

/// What is told first of a run at this held-out loss.
fn told_at(loss: f32, baselines: Baselines) -> String {
    let mut story = story();
    // It has known nothing before.
    story.level(0, LN_2, baselines);
    story.examined(1, loss, baselines);
    words(&story).into()
}

/// An epoch ended, the last of these; what its last steps cost was the same.
fn ends(story: &mut Story, epochs: &[Epoch]) {
    let (last, before) = epochs.split_last().unwrap();
    story.epoch_ended(last, before, Some(last.held_out.loss), Some(MNIST));
}

/// A survey that counted nothing more.
fn survey(story: &mut Story, step: u64, territories: &Territories) {
    survey_with(story, step, territories, None, None);
}

fn survey_with(
    story: &mut Story,
    step: u64,
    territories: &Territories,
    classes: Option<&[f32]>,
    confusion: Option<Confusion>,
) {
    let surveyed = Surveyed {
        territories,
        classes,
        confusion: &|_, _| confusion,
    };
    story.surveyed(step, &surveyed);
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
    story.spread_seen(0, 0.01);
    for (step, loss, start) in [
        (1, LN_2, "It knows nothing; every pixel is half grey."),
        (20, 0.60, "First lesson: most pixels are empty."),
        (30, 0.38, "Better than one grey"),
        (31, 0.40, "Better than one grey"),
        (80, 0.277, "It draws the average, whatever it sees."),
        // The last steps scatter: it takes the held-out images to tell.
        (200, 0.256, "It draws the average"),
    ] {
        story.level(step, loss, MNIST);
        assert!(
            words(&story).starts_with(start),
            "{step}: {}",
            words(&story)
        );
    }
    for (step, loss, start) in [
        (210, 0.2624, "It draws the average"),
        (
            220,
            0.256,
            "Better than the average; the code says something.",
        ),
        (221, 0.27, "Better than the average"),
        (222, f32::NAN, "Better than the average"),
    ] {
        story.examined(step, loss, MNIST);
        assert!(
            words(&story).starts_with(start),
            "{step}: {}",
            words(&story)
        );
    }
    assert_eq!(story.note().unwrap().step, 220);
    let told: Vec<u64> = story.told().iter().map(|note| note.step).collect();
    assert_eq!(told, [1, 20, 30, 80, 220], "all of them are kept");
}

#[test]
fn paragraphs_name_what_was_measured() {
    let mut story = story();
    story.spread_seen(0, 0.05);
    story.level(1, LN_2, MNIST);
    assert!(why(&story).contains("The best single grey would cost .391."));
    story.level(20, 0.602, MNIST);
    assert!(
        why(&story).contains("81 of 100 pixels have no ink"),
        "{}",
        why(&story)
    );
    assert!(why(&story).contains("half grey, to .602."));
    story.level(80, 0.2774, MNIST);
    assert!(
        why(&story).contains(
            "the average of all 60,000. That costs .263, and the loss is near that: .277."
        )
    );
    story.examined(200, 0.2563, MNIST);
    assert!(why(&story).contains("cost .256 now"), "{}", why(&story));
    assert!(why(&story).contains("the two numbers in the middle"));
    ends(&mut story, &[epoch(1, 0.2197, vec![])]);
    let first = why(&story);
    assert!(
        first.contains("all 60,000 training images once, 32 at a step"),
        "{first}"
    );
    assert!(
        first.contains("the loss on 10,000 others, which it never trains on: .220"),
        "{first}"
    );
}

#[test]
fn where_it_is_not_measured_a_paragraph_says_less() {
    // Nothing is known of what is drawn, or it does differ from image to image.
    for spread in [None, Some(0.4)] {
        let mut story = story();
        if let Some(spread) = spread {
            story.spread_seen(0, spread);
        }
        story.level(20, 0.602, MNIST);
        assert!(!why(&story).contains("the same"), "{}", why(&story));
        story.level(80, 0.2774, MNIST);
        assert_eq!(words(&story), "Close to the average image, not yet better.");
        assert!(
            !why(&story).contains("comes out for every"),
            "{}",
            why(&story)
        );
    }
    // Last steps far from the held-out loss tell of images learned by heart, not of what is common.
    let mut story = story();
    story.epoch_ended(&epoch(1, 0.22, vec![]), &[], Some(0.19), Some(MNIST));
    assert!(!why(&story).contains("by heart"), "{}", why(&story));
    // A price in the steps' losses makes them another quantity.
    let mut priced = of_preset(Preset::Vae);
    ends(&mut priced, &[epoch(1, 0.24, vec![])]);
    assert!(!why(&priced).contains("last steps"), "{}", why(&priced));
    assert!(words(&priced).contains("held-out+KL .240"));
    // Nobody counted who is whose neighbour.
    let mut shared = story_with_epochs(2);
    survey(&mut shared, 3750, &territories(false));
    survey(&mut shared, 3751, &territories(false));
    assert!(
        !why(&shared).contains("nearest neighbour"),
        "{}",
        why(&shared)
    );
}

/// After so many epochs, better than the average, with both numbers in use.
fn story_with_epochs(count: u64) -> Story {
    told_with_epochs(story(), count)
}

fn told_with_epochs(mut story: Story, count: u64) -> Story {
    story.examined(1, 0.25, MNIST);
    story.codes_seen(1, [2, 2], 10_000);
    let epochs: Vec<Epoch> = (1..=count)
        .map(|n| epoch(n, 0.25 - 0.02 * n as f32, vec![]))
        .collect();
    (1..=epochs.len()).for_each(|upto| ends(&mut story, &epochs[..upto]));
    story
}

#[test]
fn it_knows_nothing_only_as_long_as_half_grey_is_as_good() {
    for loss in [0.66, LN_2, 0.72] {
        let mut story = story();
        story.level(1, loss, MNIST);
        assert!(words(&story).starts_with("It knows nothing"), "{loss}");
    }
    for loss in [0.351, 0.5, 0.65] {
        assert!(!told_at(loss, MNIST).contains("It knows nothing"), "{loss}");
    }
    let mut story = story();
    story.level(1, LN_2, MNIST);
    story.level(2, 3.0, MNIST);
    assert!(words(&story).starts_with("Worse than knowing nothing"));
    story.level(3, 0.7, MNIST);
    // By then its weights are random no more.
    assert_eq!(
        words(&story),
        "It knows nothing: half grey would cost as much."
    );
    assert!(!why(&story).contains("random"));
    // Where one grey is half grey, to be below it is to know something.
    let grey = Baselines {
        one_grey: 0.69,
        ..MNIST
    };
    assert!(told_at(0.68, grey).starts_with("Better than one grey"));
}

#[test]
fn the_first_lesson_is_of_the_images_at_hand() {
    let told = |ink, empty| {
        told_at(
            0.5,
            Baselines {
                ink,
                empty,
                ..MNIST
            },
        )
    };
    assert!(told(0.13, 0.81).ends_with("most pixels are empty."));
    assert!(told(0.3, 0.3).ends_with("less than half of an image is ink."));
    assert!(told(0.87, 0.1).ends_with("more than half of an image is ink."));
    assert!(!told_at(0.38, MNIST).contains("lesson"));
}

#[test]
fn a_level_is_the_measured_one_of_that_data() {
    let fashion = Baselines {
        one_grey: 0.599,
        mean_image: 0.438,
        ..MNIST
    };
    assert!(told_at(0.59, fashion).starts_with("Better than one grey"));
    assert!(told_at(0.59, MNIST).starts_with("First lesson"));
    assert!(told_at(0.44, fashion).starts_with("Close to the average"));
    assert!(told_at(0.43, fashion).starts_with("Better than the average"));
    assert!(told_at(0.43, MNIST).starts_with("First lesson"));
}

#[test]
fn a_run_that_begins_with_a_trained_network_passes_nothing() {
    let mut story = story();
    story.examined(0, 0.2, MNIST);
    assert_eq!(words(&story), "It begins better than the average image.");
}

#[test]
fn a_dead_unit_is_called_out_until_it_lives() {
    let mut story = story();
    let epochs = [epoch(1, 0.24, vec![2]), epoch(2, 0.22, vec![])];
    ends(&mut story, &epochs[..1]);
    assert!(story.note().unwrap().warning);
    assert_eq!(words(&story), "Code number 2 is dead: always 0.");
    assert!(why(&story).contains("zero for all 60,000 training images"));
    story.phase(Phase::Finished, 1875, Some(0.24), None, Some(MNIST));
    assert!(story.note().unwrap().warning, "the end does not hide it");
    ends(&mut story, &epochs);
    assert_eq!(words(&story), "The warning is over.");
    assert!(why(&story).contains(".220"), "{}", why(&story));
    assert!(!story.note().unwrap().warning);
    let mut many = of_preset(Preset::Sparse);
    ends(&mut many, &[epoch(1, 0.2, vec![1, 5, 9])]);
    assert_eq!(words(&many), "3 of 32 numbers are dead: zero for all.");
}

#[test]
fn a_cure_is_one_that_the_network_has_not_taken_already() {
    let cure = |preset| cure_of_dead_units(&Recipe::preset(preset));
    assert!(cure(Preset::Article).contains("linear"));
    assert_eq!(cure(Preset::Map), "try another seed");
    assert_eq!(cure(Preset::Conv), "try another seed");
    assert!(cure(Preset::Sparse).contains("--l1"));
    let told = |preset| {
        let mut story = of_preset(preset);
        ends(&mut story, &[epoch(1, 0.2, vec![1])]);
        why(&story).to_owned()
    };
    // On the screen only what its keys can do.
    for preset in [Preset::Article, Preset::Map] {
        assert!(told(preset).ends_with("Begin anew with another seed."));
    }
    assert!(told(Preset::Sparse).contains("a tenth of the price, .00001,"));
}

#[test]
fn unused_numbers_are_counted_over_all_images_and_follow_the_measure() {
    let mut story = story();
    story.codes_seen(0, [1, 16], 10_000);
    assert!(story.note().is_none(), "before it draws anything");
    story.level(80, 0.277, MNIST);
    story.codes_seen(90, [6, 16], 10_000);
    assert_eq!(words(&story), "It uses 6 of its 16 numbers so far.");
    story.codes_seen(95, [9, 16], 10_000);
    assert!(words(&story).contains("uses 9 of "), "{}", words(&story));
    story.codes_seen(100, [16, 16], 10_000);
    assert_eq!(words(&story), "Now it uses all 16 of its numbers.");
    story.codes_seen(110, [15, 16], 10_000);
    assert!(words(&story).contains("uses 15 of "), "{}", words(&story));
    // One after the other they are one sentence of what was told.
    assert_eq!(story.told().len(), 2);
    story.examined(200, 0.256, MNIST);
    story.codes_seen(210, [15, 16], 10_000);
    assert!(words(&story).starts_with("Better than the average"));
    // All in use from the start is no news.
    let mut all = of_classes();
    all.examined(80, 0.2, MNIST);
    all.codes_seen(90, [16, 16], 10_000);
    assert!(words(&all).starts_with("It begins"));
}

#[test]
fn a_line_opens_to_a_plane_where_there_was_a_line() {
    let opens = |before| {
        let mut story = story();
        story.level(80, 0.277, MNIST);
        story.codes_seen(90, [before, 2], 10_000);
        let line = why(&story).contains("on one line of the map");
        story.codes_seen(99, [2, 2], 10_000);
        assert_eq!(words(&story), "Now it uses both of its numbers.");
        (line, why(&story).contains("opens to a plane"))
    };
    assert_eq!(opens(1), (true, true));
    assert_eq!(opens(0), (false, false));
}

#[test]
fn places_are_told_as_they_are_surveyed() {
    let told = |story: Story, apart: &[bool]| {
        let mut story = told_with_epochs(story, 2);
        for &apart in apart {
            survey(&mut story, 3750, &territories(apart));
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
        "Classes 4 and 9 share a place; see class 4."
    );
    let names = [
        "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker",
    ];
    let clothes = || {
        let names = [&names[..], &["bag", "ankle boot"]].concat();
        let recipe = Recipe::preset(Preset::Article);
        Story::new(&recipe, Classes::named(&names), 60_000)
    };
    assert_eq!(
        told(clothes(), &[true]),
        "Ankle boot has found a place of its own."
    );
    assert_eq!(
        told(clothes(), &[false, false]),
        "Coat and ankle boot share a place; see coat."
    );
    assert_eq!(told(story(), &[false, false, true]), "");
    let mut early = story();
    early.level(1, 0.3, MNIST);
    survey(&mut early, 1, &territories(true));
    assert!(
        !words(&early).contains("place"),
        "before the code says anything"
    );
}

/// At full speed the map of the first weights may be known when an epoch is over.
#[test]
fn what_is_surveyed_late_is_judged_by_how_far_the_run_was_then() {
    let mut story = story();
    story.level(20, 0.5, MNIST);
    story.examined(1800, 0.25, MNIST);
    for late in [0, 1799] {
        survey(&mut story, late, &territories(true));
        story.codes_seen(0, [1, 2], 10_000);
    }
    assert!(words(&story).starts_with("Better than the average"));
    story.codes_seen(1800, [2, 2], 10_000);
    survey(&mut story, 1800, &territories(true));
    assert!(words(&story).contains("The 9s have found"));
}

#[test]
fn nobody_has_a_place_of_their_own_on_a_line() {
    let mut story = story_with_epochs(1);
    story.codes_seen(1900, [1, 2], 10_000);
    survey(&mut story, 1900, &territories(true));
    assert!(!words(&story).contains("place"), "{}", words(&story));
    story.codes_seen(1910, [2, 2], 10_000);
    survey(&mut story, 1910, &territories(true));
    assert!(
        words(&story).contains("The 9s have found"),
        "{}",
        words(&story)
    );
    assert!(
        why(&story).starts_with("100 of 100 nines lie where"),
        "{}",
        why(&story)
    );
}

#[test]
fn of_two_that_share_a_place_the_one_that_is_drawn_worse_is_looked_at() {
    let confusion = Confusion {
        images: 982,
        nearest: 230,
        example: 115,
        cost: 0.202,
        sharp: 0.832,
    };
    let told = |four, nine| {
        let mut story = story_with_epochs(2);
        let mut losses = [0.1; 10];
        (losses[4], losses[9]) = (four, nine);
        for _ in 0..2 {
            let (territories, losses) = (territories(false), Some(&losses[..]));
            survey_with(&mut story, 3750, &territories, losses, Some(confusion));
        }
        (words(&story).to_owned(), why(&story).to_owned())
    };
    let (words, why) = told(0.21, 0.18);
    assert_eq!(words, "4 and 9 share a place; see what becomes of a 4.");
    assert!(
        why.contains(
            "Of 982 fours, 230 have a nine as their nearest neighbour. There it draws a blur of both, \
             which costs .202; a sharp nine in place of a four would cost .832."
        ),
        "{why}"
    );
    let (words, why) = told(0.18, 0.21);
    assert_eq!(words, "4 and 9 share a place; see what becomes of a 9.");
    assert!(why.contains("nines, 230 have a four"), "{why}");
}

#[test]
fn the_classical_rival_is_named_with_its_numbers() {
    for (count, counted) in [
        (1, "one fixed picture, more or less."),
        (2, "a mix of two fixed pictures."),
        (32, "a mix of 32 fixed pictures."),
    ] {
        let mut story = story();
        story.passed(
            1200,
            Components {
                count,
                loss: 0.2304,
            },
        );
        assert_eq!(words(&story), format!("Better than PCA-{count}, {counted}"));
        assert!(why(&story).contains("At its best that costs .230;"));
        assert_eq!(story.note().unwrap().step, 1200);
    }
    let mut story = story();
    story.phase(Phase::Finished, 10, Some(0.2), None, None);
    story.passed(
        5,
        Components {
            count: 2,
            loss: 0.23,
        },
    );
    assert!(words(&story).starts_with("Done"), "the end has been told");
}

#[test]
fn pictures_that_are_worse_than_ignorance_are_a_warning_and_a_price_is_none() {
    let mut worse = story();
    ends(&mut worse, &[epoch(1, 2.15, vec![1, 2])]);
    assert!(worse.note().unwrap().warning);
    assert_eq!(
        words(&worse),
        "Worse than knowing nothing: take a smaller rate."
    );
    assert!(why(&worse).contains("cost 2.150") && why(&worse).contains("a smaller rate, .0001,"));
    let priced = |reconstruction| {
        let mut story = of_preset(Preset::Sparse);
        let epoch = Epoch {
            held_out: HeldOut {
                loss: 5.0,
                reconstruction,
            },
            ..epoch(1, 5.0, vec![])
        };
        ends(&mut story, &[epoch]);
        words(&story).to_owned()
    };
    assert_eq!(priced(0.2), "Every image seen once: held-out+L1 5.000.");
    assert_eq!(
        priced(0.9),
        "Worse than knowing nothing: take a smaller price."
    );
    // A network that has learnt nothing yet is no worse than that.
    let mut slow = story();
    ends(&mut slow, &[epoch(1, 0.6935, vec![])]);
    assert!(!slow.note().unwrap().warning);
}

#[test]
fn who_is_stuck_at_the_average_is_told_and_what_to_do() {
    let stuck = |loss: f32, recipe: &Recipe| {
        let mut story = Story::new(recipe, Classes::Digits, 60_000);
        ends(&mut story, &[epoch(1, loss, vec![1, 2])]);
        let note = story.note().unwrap().clone();
        (note.words, note.why.paragraph.clone())
    };
    let fast = Recipe {
        learning_rate: 0.1,
        ..Recipe::preset(Preset::Article)
    };
    let (words, why) = stuck(0.2637, &fast);
    assert_eq!(words, "Stuck: after an epoch it still draws the average.");
    assert!(
        why.contains("still cost .264") && why.contains("a smaller rate, .001, and another seed."),
        "{why}"
    );
    let (_, why) = stuck(0.2637, &Recipe::preset(Preset::Article));
    assert!(
        !why.contains("rate"),
        "the tutorial's is no high one: {why}"
    );
    let (_, why) = stuck(0.2637, &Recipe::preset(Preset::Sparse));
    assert!(why.contains("price"), "{why}");
    // Better or worse by more it has other troubles.
    for loss in [0.255, 0.27] {
        assert!(
            stuck(loss, &fast).0.contains("2 of 2 numbers are dead"),
            "{loss}"
        );
    }
    // Four steps are an epoch of few images, and tell nothing.
    let mut early = story();
    let short = Epoch {
        step: 4,
        ..epoch(1, 0.263, vec![])
    };
    ends(&mut early, &[short]);
    assert!(!early.note().unwrap().warning);
}

#[test]
fn one_picture_for_all_is_called_out_until_there_are_others() {
    let mut story = story();
    story.spread_seen(100, 0.001);
    assert!(
        story.note().is_none(),
        "at first it always draws one picture"
    );
    let epochs = [
        epoch(1, 0.31, vec![]),
        epoch(2, 0.30, vec![]),
        epoch(3, 0.29, vec![]),
    ];
    // Of the first steps it may be known only when the first epoch is over.
    let mut late = story.clone();
    ends(&mut late, &epochs[..1]);
    assert!(!late.note().unwrap().warning);
    story.spread_seen(1800, 0.001);
    ends(&mut story, &epochs[..1]);
    assert_eq!(
        words(&story),
        "All codes are alike: it draws one picture for all."
    );
    assert!(
        why(&story).contains("only 0.1 hundredths"),
        "{}",
        why(&story)
    );
    ends(&mut story, &epochs[..2]);
    assert!(story.note().unwrap().warning, "it still does");
    story.spread_seen(4000, 0.2);
    ends(&mut story, &epochs);
    assert_eq!(words(&story), "The warning is over.");
}

#[test]
fn who_learns_by_heart_is_told_after_three_epochs_and_which_was_best() {
    let of = |number, train_loss, val_loss| Epoch {
        train_loss,
        ..epoch(number, val_loss, vec![])
    };
    let mut epochs = vec![of(1, 0.20, 0.170), of(2, 0.19, 0.167)];
    for (number, train, held_out) in [(3, 0.188, 0.168), (4, 0.186, 0.1685)] {
        epochs.push(of(number, train, held_out));
    }
    let mut story = story();
    (1..=epochs.len()).for_each(|upto| ends(&mut story, &epochs[..upto]));
    assert!(
        !story.note().is_some_and(|note| note.warning),
        "two may be chance"
    );
    epochs.push(of(5, 0.184, 0.169));
    ends(&mut story, &epochs);
    assert_eq!(
        words(&story),
        "Held-out rises, training falls: learning by heart."
    );
    assert!(why(&story).contains(".167 to .169") && why(&story).contains("The best epoch was 2:"));
}

#[test]
fn what_stays_grey_though_it_learns_needs_longer_steps() {
    let grey = |losses: [f32; 2]| {
        let mut story = story();
        story.level(1, LN_2, MNIST);
        for (step, loss) in [500, 1000].into_iter().zip(losses) {
            story.level(step, loss, MNIST);
        }
        story.note().unwrap().clone()
    };
    let told = grey([0.6, 0.5]);
    assert_eq!(told.words, "Still grey: the steps are too short.");
    assert!(
        told.why
            .paragraph
            .contains("After 1,000 steps the loss is .500")
    );
    assert!(told.why.paragraph.contains("ten times the rate, .01:"));
    // What was changed then has its own steps to show that it helps.
    let mut mended = story();
    let edits = vec![Edit {
        step: 1000,
        change: Change::LearningRate(0.01),
    }];
    let recipe = Recipe {
        edits,
        ..Recipe::preset(Preset::Article)
    };
    for (step, loss) in [(1, LN_2), (500, 0.6), (1000, 0.5)] {
        mended.level(step, loss, MNIST);
    }
    mended.changed(&recipe, 1000);
    for (step, loss, warns) in [(1010, 0.49, false), (1500, 0.48, false), (2000, 0.47, true)] {
        mended.level(step, loss, MNIST);
        assert_eq!(mended.note().unwrap().warning, warns, "{step}");
    }
    // What does not fall, or is better than one grey, has no such fault.
    assert!(!grey([0.6, 0.61]).warning && !grey([0.6, 0.38]).warning);
    // Nor has what is worse than half grey: longer steps would be no cure.
    assert!(!grey([2.2, 2.1]).warning);
}

#[test]
fn where_both_losses_rise_the_rate_is_too_high() {
    let both = |train_loss, held_out| {
        let after = Epoch {
            train_loss,
            ..epoch(2, held_out, vec![])
        };
        let mut story = story();
        let epochs = [epoch(1, 0.2, vec![]), after];
        ends(&mut story, &epochs[..1]);
        ends(&mut story, &epochs);
        story.note().unwrap().clone()
    };
    let told = both(0.205, 0.207);
    assert_eq!(told.words, "Both losses rose: the rate is too high.");
    assert!(told.why.paragraph.contains("from .200 to .207") && told.warning);
    assert!(!both(0.203, 0.207).warning && !both(0.205, 0.203).warning);
}

#[test]
fn a_loss_is_named_with_what_is_in_it() {
    for (preset, name) in [
        (Preset::Article, "held-out .240"),
        (Preset::Sparse, "held-out+L1 .240"),
        (Preset::Vae, "held-out+KL .240"),
    ] {
        let mut story = of_preset(preset);
        ends(&mut story, &[epoch(1, 0.24, vec![])]);
        assert!(words(&story).contains(name), "{}", words(&story));
    }
}

#[test]
fn polish_is_measured_between_epochs() {
    let mut story = story();
    let losses = [0.222, 0.212, 0.2114, 0.2155];
    let epochs: Vec<Epoch> = (1..)
        .zip(losses)
        .map(|(n, loss)| epoch(n, loss, vec![]))
        .collect();
    ends(&mut story, &epochs[..2]);
    assert!(story.note().is_none());
    ends(&mut story, &epochs[..3]);
    let before = story.note().cloned();
    ends(&mut story, &epochs);
    assert_eq!(story.note().cloned(), before, "worse is no polish");
    assert_eq!(words(&story), "From here on small gains: .212 to .211.");
}

#[test]
fn the_end_is_told_again_after_training_on() {
    let mut story = story_with_epochs(2);
    let components = Components {
        count: 2,
        loss: 0.2304,
    };
    story.phase(
        Phase::Finished,
        10,
        Some(0.2),
        Some(components),
        Some(MNIST),
    );
    assert_eq!(words(&story), "Done at .200: ] trains on, s saves.");
    let why = why(&story);
    assert!(
        why.starts_with("All 2 epochs are done. Held-out: .200."),
        "{why}"
    );
    assert!(
        why.contains("the average costs .263, PCA-2, a mix of two fixed pictures, .230, and a perfect copy .058"),
        "{why}"
    );
    // A held-out loss that comes late changes nothing.
    story.examined(10, 0.2, MNIST);
    assert!(words(&story).starts_with("Done at .200:"));
    story.phase(Phase::Training, 11, None, None, None);
    story.phase(Phase::Finished, 20, Some(0.19), None, None);
    assert!(words(&story).starts_with("Done at .190:"));
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
    let losses = [0.21, 0.209, 0.2, 0.1999];
    let epochs: Vec<Epoch> = (1..)
        .zip(losses)
        .map(|(n, loss)| epoch(n, loss, vec![]))
        .collect();
    ends(&mut story, &epochs[..1]);
    ends(&mut story, &epochs[..2]);
    assert!(words(&story).starts_with("From here on small gains"));
    story.changed(&recipe, 3999);
    assert!(words(&story).starts_with("From here on small gains"));
    story.changed(&recipe, 4000);
    assert_eq!(words(&story), "Changed: rate .001 > .004, from step 4,001.");
    story.changed(&recipe, 4100);
    assert_eq!(story.note().unwrap().step, 4000, "once");
    ends(&mut story, &epochs[..3]);
    let came_to = "After the change: held-out .209 to .200.";
    assert_eq!(words(&story), came_to);
    ends(&mut story, &epochs);
    assert_eq!(words(&story), came_to, "it was polish before");
    assert_eq!(story.note_at(4500).unwrap().step, 4000);
    // A fault gives way to what may mend it, and is told again where it does not.
    let mut story = self::story();
    let epochs = [1, 2, 3].map(|number| epoch(number, 1.0, vec![]));
    ends(&mut story, &epochs[..1]);
    ends(&mut story, &epochs[..2]);
    assert!(story.note().unwrap().warning);
    story.changed(&recipe, 4000);
    assert!(words(&story).starts_with("Changed"));
    ends(&mut story, &epochs);
    assert!(story.note().unwrap().warning);
}
