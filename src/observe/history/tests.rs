//! What a history makes of reports: the curve, milestones, and what it knows of any step.

use super::*;
use std::sync::Arc;

use crate::{
    message::Phase,
    nn::{Activation, Architecture, Autoencoder, Snapshot},
    pace::Pace,
    recipe::{Change, Edit, Preset},
};

const BASELINES: Baselines = Baselines {
    one_grey: 0.391,
    mean_image: 0.2625,
    copy: 0.058,
    ink: 0.131,
    empty: 0.81,
    examined: 10_000,
};

fn report(film: Film, first_step: u64, losses: Vec<f32>) -> Report {
    let architecture = Architecture::dense(4, vec![2], Activation::Relu);
    Report {
        first_step,
        losses,
        epochs: Vec::new(),
        train_loss: 0.3,
        phase: Phase::Training,
        obeyed: 0,
        pace: Pace::Full,
        film,
        end: film.steps(),
        snapshot: Arc::new(Snapshot {
            step: first_step,
            net: Autoencoder::zeros(&architecture),
        }),
        recipe: Arc::new(Recipe::preset(Preset::Article)),
        frames: Vec::new(),
        states: Vec::new(),
        checkpoints: Vec::new(),
    }
}

/// A loss that falls from 0.69 towards 0.2, as the tutorial's does.
fn falling(steps: u64) -> Vec<f32> {
    (1..=steps)
        .map(|step| 0.2 + 0.49 * (-(step as f32) / 60.0).exp())
        .collect()
}

fn history_of(chunks: &[usize], film: Film) -> History {
    let mut history = History::new(&Recipe::preset(Preset::Article), Classes::Digits, 60_000);
    history.set_baselines(BASELINES);
    let losses = falling(chunks.iter().sum::<usize>() as u64);
    let mut done = 0;
    for &chunk in chunks {
        history.absorb(&report(
            film,
            done as u64 + 1,
            losses[done..done + chunk].to_vec(),
        ));
        done += chunk;
    }
    history
}

#[test]
fn milestones_and_curve_do_not_depend_on_how_reports_were_cut() {
    let film = Film::new(500, 2);
    let whole = history_of(&[1000], film).curve();
    let pieces = history_of(&[1, 2, 97, 400, 500], film).curve();
    assert_eq!(whole.milestones, pieces.milestones);
    assert_eq!(whole.ticks, pieces.ticks);
    let names: Vec<_> = whole
        .milestones
        .iter()
        .map(|milestone| &*milestone.name)
        .collect();
    assert_eq!(names, ["below one grey", "below the average"]);
}

#[test]
fn a_longer_film_moves_the_past_to_its_new_place() {
    let (short, long) = (Film::new(1875, 10), Film::new(1875, 200));
    let mut history = history_of(&[18_750], short);
    history.absorb(&report(long, 18_751, vec![0.2; 10]));
    let ticks = history.curve().ticks.len();
    let now = long.time_of(18_760) * Film::TICKS_PER_SECOND;
    assert_eq!(ticks, now as usize + 1, "the curve ends where the run is");
    let first = history.curve().ticks.iter().flatten().next().copied();
    assert!(
        first.is_some_and(|loss| loss > 0.6),
        "and begins where it began"
    );
}

#[test]
fn the_narrator_hears_of_a_held_out_loss_before_the_smoothed_one_falls() {
    let words = |history: &History| history.curve().note.clone().unwrap().words;
    let mut history = history_of(&[1], Film::new(10, 2));
    assert!(words(&history).starts_with("It knows nothing"));
    let reconstruction = 0.351;
    history.set_held_out(
        1,
        HeldOut {
            loss: reconstruction,
            reconstruction,
        },
    );
    assert!(words(&history).starts_with("Better than one grey"));
}

#[test]
fn a_price_is_not_taken_for_ignorance() {
    let mut recipe = Recipe::preset(Preset::Sparse);
    recipe.l1 = 0.1;
    let mut history = History::new(&recipe, Classes::Digits, 60_000);
    history.set_baselines(BASELINES);
    // The loss is ln 2, of which 0.47 is price.
    history.absorb(&Report {
        recipe: Arc::new(recipe),
        ..report(Film::new(10, 2), 1, vec![0.69; 3])
    });
    assert_eq!(history.curve().note, None);
    let held_out = HeldOut {
        loss: 0.69,
        reconstruction: 0.22,
    };
    history.set_held_out(3, held_out);
    let note = history.curve().note.clone().unwrap();
    assert!(
        note.words.contains("better than the average image"),
        "{}",
        note.words
    );
}

#[test]
fn a_price_that_comes_and_goes_on_the_way_is_known_by_its_steps() {
    let changes = [(40, 0.1), (60, 0.0)];
    let edits = changes.map(|(step, price)| Edit {
        step,
        change: Change::L1(price),
    });
    let film = Film::new(1000, 2);
    let pca = Components {
        count: 2,
        loss: 0.23,
    };
    let told = |edits: &[Edit], paid: f32| {
        let mut recipe = Recipe::preset(Preset::Article);
        let mut history = History::new(&recipe, Classes::Digits, 60_000);
        history.set_baselines(BASELINES);
        history.set_components(pca);
        recipe.edits = edits.into();
        let recipe = Arc::new(recipe);
        let mut notes = Vec::new();
        // Pictures of 0.22, and for twenty steps a price beside them.
        for step in 1..=200 {
            let price = if (41..=60).contains(&step) { paid } else { 0.0 };
            history.absorb(&Report {
                recipe: Arc::clone(&recipe),
                ..report(film, step, vec![0.22 + price])
            });
            notes.extend(history.curve().note.clone());
        }
        notes.dedup();
        let milestones = history.curve().milestones.clone();
        let passed = milestones
            .into_iter()
            .find(|milestone| milestone.name.contains("PCA"));
        (notes, passed.map(|milestone| milestone.step))
    };
    // What is paid is no ignorance.
    let (notes, _) = told(&edits, 0.47);
    assert!(
        notes
            .iter()
            .all(|note| !note.words.contains("knows nothing")),
        "{notes:?}"
    );
    // A hundred with a price in it tells nothing of the pictures; the next does.
    assert_eq!(told(&edits, 0.02).1, Some(200));
    // What is not said to be a price is a loss of the pictures.
    assert_eq!(told(&[], 0.02).1, Some(100));
}

#[test]
fn weights_that_nobody_trains_have_no_story() {
    let mut history = History::new(&Recipe::preset(Preset::Article), Classes::Digits, 60_000);
    history.set_baselines(BASELINES);
    let held_out = HeldOut {
        loss: 0.2,
        reconstruction: 0.2,
    };
    history.set_held_out(18_750, held_out);
    assert_eq!(history.curve().note, None);
}

#[test]
fn an_objective_of_whole_images_is_told_by_the_pixel() {
    let mut history = History::new(&Recipe::preset(Preset::Vae), Classes::Digits, 60_000);
    history.absorb(&report(Film::new(10, 2), 1, vec![784.0 * 0.5; 3]));
    let curve = history.curve();
    assert_eq!(curve.recent, [0.5; 3]);
    assert_eq!(curve.train_loss, Some(0.3 * 784.0_f32.recip()));
}

#[test]
fn a_held_out_loss_belongs_to_its_step() {
    let mut history = history_of(&[10], Film::new(10, 2));
    let held_out = |loss| HeldOut {
        loss,
        reconstruction: loss,
    };
    history.set_held_out(10, held_out(0.25));
    history.set_held_out(5, held_out(0.5));
    assert_eq!(history.held_out_of(10), Some(held_out(0.25)));
    assert_eq!(history.held_out_of(11), None);
}

/// A run of two epochs, whose held-out losses are near those of its steps.
fn with_epochs(steps: u64) -> History {
    let film = Film::new(500, 2);
    let mut history = history_of(&[], film);
    history.set_components(Components {
        count: 2,
        loss: 0.21,
    });
    history.absorb(&part(film, 0, steps));
    history
}

/// A report of the steps after one up to another.
fn part(film: Film, after: u64, to: u64) -> Report {
    let losses = falling(to)[after as usize..].to_vec();
    let ended = [500, 1000].into_iter();
    let epochs = ended.filter(|step| (after + 1..=to).contains(step));
    Report {
        epochs: epochs.map(epoch).collect(),
        ..report(film, after + 1, losses)
    }
}

fn epoch(step: u64) -> Epoch {
    let loss = 0.205 - step as f32 * 1e-6;
    Epoch {
        number: step / 500,
        step,
        train_loss: 0.3,
        held_out: HeldOut {
            loss,
            reconstruction: loss,
        },
        seconds: 1.0,
        samples_per_second: 1.0,
        dead_units: Vec::new(),
    }
}

fn assert_alike(one: &History, other: &History) {
    // In the order of their steps: a report of many tells of them in another.
    assert_eq!(one.story.note_at(u64::MAX), other.story.note_at(u64::MAX));
    let [one, other] = [one.curve(), other.curve()];
    assert_eq!(one.milestones, other.milestones);
    assert_eq!(one.recent, other.recent);
    assert_eq!(one.epochs, other.epochs);
    assert_eq!(one.held_out, other.held_out);
    assert!(one.course.iter().eq(other.course.iter()));
    assert_eq!(one.measured, other.measured);
    assert_eq!(one.ticks.len(), other.ticks.len());
    for (one, other) in one.ticks.iter().zip(&other.ticks) {
        // Added up in another order.
        let [one, other] = [one, other].map(|tick| tick.unwrap_or(0.0));
        assert!((one - other).abs() < 1e-6, "{one} {other}");
    }
}

#[test]
fn what_was_seen_up_to_a_step_is_as_if_no_other_had_followed() {
    let film = Film::new(500, 2);
    let whole = with_epochs(1000);
    assert_eq!(whole.curve().milestones.len(), 3);
    for step in [0, 1, 60, 137, 400, 499, 500, 501, 640, 999, 1000] {
        let mut cut = whole.clone();
        cut.cut(step);
        let then = with_epochs(step);
        assert_eq!(cut.step(), step);
        assert_eq!(cut.train_loss, then.losses.of_epoch(step));
        assert_alike(&cut, &then);
        // It goes on from there as it did.
        cut.absorb(&part(film, step, 1000));
        assert_alike(&cut, &whole);
    }
}

#[test]
fn a_log_of_every_step_tells_what_was_seen() {
    let film = Film::new(500, 2);
    let logged = Logged {
        step: 640,
        losses: (1..).zip(falling(640)).collect(),
        epochs: vec![epoch(500)],
    };
    let mut history = with_epochs(0);
    history.read(&logged, &Recipe::preset(Preset::Article), film);
    assert_alike(&history, &with_epochs(640));
    history.absorb(&part(film, 640, 1000));
    assert_alike(&history, &with_epochs(1000));
}

#[test]
fn a_log_of_epochs_tells_of_them_and_by_when_something_was_passed() {
    let film = Film::new(500, 2);
    let every_tenth = (1..).zip(falling(640)).filter(|(step, _)| step % 10 == 0);
    for losses in [Vec::new(), every_tenth.collect()] {
        let mut history = with_epochs(0);
        history.read(
            &Logged {
                step: 640,
                losses: losses.clone(),
                epochs: vec![epoch(500)],
            },
            &Recipe::preset(Preset::Article),
            film,
        );
        let curve = history.curve();
        let steps: Vec<_> = curve
            .milestones
            .iter()
            .map(|reached| reached.step)
            .collect();
        assert_eq!(steps, [500; 3]);
        assert_eq!(curve.epochs, [epoch(500)]);
        assert_eq!(curve.held_out, Some(epoch(500).held_out.loss));
        let known = curve.ticks.iter().flatten().count();
        assert_eq!(known > 20, !losses.is_empty(), "{known}");
        // What follows is no milestone any more, and stands behind it.
        history.absorb(&part(film, 640, 1000));
        let curve = history.curve();
        assert_eq!((curve.milestones.len(), curve.epochs.len()), (3, 2));
        let last_known = usize::from(!losses.is_empty());
        assert_eq!(curve.recent.len(), 360 + last_known);
    }
}

#[test]
fn what_is_changed_is_told_at_its_step_and_not_over_what_came_later() {
    let film = Film::new(500, 2);
    let change = Change::LearningRate(0.004);
    let edits = vec![Edit { step: 700, change }];
    let recipe = Arc::new(Recipe {
        edits,
        ..Recipe::preset(Preset::Article)
    });
    // An epoch that ended before it, and one that did after, told with it or not.
    for parts in [&[650, 700, 900, 1000][..], &[1000], &[900, 1000]] {
        let mut history = with_epochs(600);
        let mut after = 600;
        for &to in parts {
            let recipe = Arc::clone(&recipe);
            history.absorb(&Report {
                recipe,
                ..part(film, after, to)
            });
            after = to;
        }
        let told = |step| {
            let curve = history.curve_at(step, None);
            curve
                .note
                .clone()
                .map_or_else(String::new, |note| note.words)
        };
        let changed = "Changed: rate .001 > .004, from step 701.";
        assert_eq!([told(700), told(999)], [changed, changed], "{parts:?}");
        assert!(!told(699).starts_with("Changed"), "{parts:?}");
        assert!(told(1000).starts_with("After the change"), "{}", told(1000));
    }
}

#[test]
fn what_is_measured_is_kept_with_its_parts_and_digits_and_cut_with_its_step() {
    let film = Film::new(500, 2);
    let mut history = History::new(&Recipe::preset(Preset::Vae), Classes::Digits, 60_000);
    history.set_baselines(BASELINES);
    history.absorb(&report(film, 1, falling(20)));
    let held_out = |loss| HeldOut {
        loss,
        reconstruction: 0.25,
    };
    history.set_held_out(20, held_out(784.0 * 0.28125));
    // One that took its time is of a step before, and is kept all the same.
    history.set_held_out(10, held_out(784.0 * 0.5));
    history.set_digits(10, [0.125; 10].into());
    history.set_digits(11, [9.0; 10].into());
    let curve = history.curve();
    let at = |place: usize| curve.measured[place].clone();
    assert_eq!((at(0).step, at(1).step, curve.measured.len()), (10, 20, 2));
    assert_eq!(
        (at(0).digits, at(1).digits),
        (Some([0.125; 10].into()), None)
    );
    // A pixel's part of the objective; f32 rounds in the last places.
    assert!((at(1).price() - 0.03125).abs() < 1e-6, "{}", at(1).price());
    assert_eq!(curve.held_out, Some(at(1).loss), "the newest stands");
    // Measured again, it still knows its digits.
    history.set_held_out(10, held_out(784.0));
    assert!(history.curve().measured[0].digits.is_some());
    assert!(Arc::ptr_eq(
        &history.curve().measured,
        &history.curve().measured
    ));
    history.cut(15);
    let cut = history.curve();
    assert_eq!((cut.measured.len(), cut.course.len()), (1, 15));
}
