//! What is said of a pair: the narrator's sentence, and the measures of both as words.

use super::pair::{Pair, name};
use crate::{
    measure::decibels,
    message::{Measured, Observation},
    pace::Film,
    recipe::{
        Change, Recipe,
        differences::{Difference, Known},
    },
    ui::{views::behind::at_step, widget::text},
    words::{grouped, number_word, pointed},
};

/// Losses nearer to each other than this are called even.
const EVEN: f32 = 0.0005;

/// A measure: its names, the longest first, and the word for each.
pub(super) type Row = (Vec<String>, [String; 2]);

/// What both have in common while they are seen.
pub(super) fn common(pair: &Pair) -> String {
    if !pair.live {
        return "the same images".into();
    }
    let mut words = vec!["same images"];
    if in_one_order(pair.sides.each_ref().map(|app| &app.plan.recipe)) {
        words.push("same order");
    }
    if let Some([one, other]) = pair.seen() {
        let films = [one, other].map(|seen| seen.moment.film.steps_per_epoch());
        if films[0] == films[1] && one.seen.step == other.seen.step {
            words.push("same step");
        }
    }
    words.join(", ")
}

/// Whether runs of these have the images in one order.
pub(in crate::ui) fn in_one_order([one, other]: [&Recipe; 2]) -> bool {
    // Of the changes on the way only that of the seed is one of the order.
    let order = |recipe: &Recipe| {
        let seeds = recipe.edits.iter().filter_map(|edit| match edit.change {
            Change::Seed(seed) => Some((edit.step, seed)),
            _ => None,
        });
        let seeds: Vec<_> = [(0, recipe.seed)].into_iter().chain(seeds).collect();
        recipe.shuffle.then_some(seeds)
    };
    order(one) == order(other)
}

/// The held-out losses of both.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HeldOut {
    /// Where they are known.
    pub(super) losses: [Option<f32>; 2],
    /// Of which moment they are, where that is before the one that is seen.
    pub(super) behind: Option<String>,
}

/// The held-out loss of both, of the pictures alone: as it was measured of the weights that are
/// seen; on the way, what both had come to at the last moment up to which both are known.
pub(super) fn held_out([one, other]: [&Observation; 2], live: bool) -> HeldOut {
    let now = |losses| HeldOut {
        losses,
        behind: None,
    };
    let exact = [one, other].map(|seen| {
        let (step, measures) = seen.appraisal.measured.as_ref()?;
        let loss = measures.reconstruction.network.all.cross_entropy;
        (*step == seen.seen.step).then_some(loss as f32)
    });
    if !live || exact.iter().all(Option::is_some) {
        return now(exact);
    }
    let [a, b] = [one, other].map(|seen| up_to(&seen.curve.measured, seen.seen.step));
    let (Some(last), Some(other_last)) = (a.last(), b.last()) else {
        return now([None, None]);
    };
    // What both are known to have come to, though it was measured of either at other steps.
    let films = [one, other].map(|seen| seen.moment.film);
    let times = [
        films[0].time_of(last.step),
        films[1].time_of(other_last.step),
    ];
    let time = times[0].min(times[1]);
    let steps = if times[0] <= times[1] {
        [last.step, one.seen.step]
    } else {
        [other_last.step, other.seen.step]
    };
    let behind = if films[0].steps_per_epoch() == films[1].steps_per_epoch() {
        at_step(Some(steps[0]), steps[1])
    } else {
        // Their steps are not the same ones.
        (steps[0] != steps[1]).then(|| "a moment ago".into())
    };
    HeldOut {
        losses: [along(a, &films[0], time), along(b, &films[1], time)],
        behind,
    }
}

/// What a line through what was measured is at a moment of the film.
fn along(measured: &[Measured], film: &Film, time: f64) -> Option<f32> {
    let after = measured
        .iter()
        .position(|known| film.time_of(known.step) >= time)?;
    let next = &measured[after];
    let Some(before) = after.checked_sub(1).map(|place| &measured[place]) else {
        return Some(next.reconstruction);
    };
    let (from, to) = (film.time_of(before.step), film.time_of(next.step));
    let part = ((time - from) / (to - from)) as f32;
    Some(before.reconstruction + part * (next.reconstruction - before.reconstruction))
}

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn up_to(measured: &[Measured], step: u64) -> &[Measured] {
    &measured[..measured.partition_point(|known| known.step <= step)]
}

/// What the narrator says, the longest first.
pub(super) fn narrated(pair: &Pair, seen: [&Observation; 2]) -> Vec<String> {
    // Like weights are no lesson yet, though they come out alike.
    if pair.live && seen.iter().all(|seen| seen.seen.step == 0) {
        return vec!["Neither has taken a step yet.".into()];
    }
    sentences(&held_out(seen, pair.live), &pair.differences, pair.known)
}

fn sentences(held_out: &HeldOut, differences: &[Difference], known: Known) -> Vec<String> {
    let [Some(a), Some(b)] = held_out.losses else {
        return vec!["Their held-out losses are being measured.".into()];
    };
    if !(a - b).is_finite() {
        return vec!["One of them gives no numbers any more.".into()];
    }
    if (a - b).abs() < EVEN {
        let nothing = differences.is_empty() && known == Known::Recipes;
        let words = if nothing {
            "They are even: nothing differs."
        } else {
            "They are even."
        };
        return vec![words.into()];
    }
    let lower = match &held_out.behind {
        Some(behind) => format!("{}, {behind},", name(usize::from(b < a))),
        None => name(usize::from(b < a)).to_owned(),
    };
    // As the losses beside it are told, to the thousandth.
    let thousandths = |loss: f32| (f64::from(loss) * 1000.0).round() as i64;
    let apart = (thousandths(a) - thousandths(b)).abs().max(1);
    let apart = pointed(&format!("{:.3}", apart as f64 / 1000.0));
    let short = format!("{lower} is {apart} lower.");
    let more = match (differences, known) {
        (_, Known::Networks) => {
            let words = "How they were trained is not known of both.";
            return vec![format!("{short} {words}"), short];
        }
        ([], Known::Recipes) => return vec![format!("{short} No recipe differs."), short],
        ([only], Known::Recipes) => {
            return vec![
                format!("{lower} is {apart} lower, by {} alone.", only.what),
                short,
            ];
        }
        (many, Known::Recipes) => {
            let count = number_word(many.len() as u64);
            let (first, rest) = count.split_at(1);
            format!("{}{rest} things differ", first.to_uppercase())
        }
    };
    vec![
        format!("{short} {more}: change one to know which does it."),
        format!("{short} {more}."),
        short,
    ]
}

/// The measures of both, the weightiest first.
pub(super) fn measures(pair: &Pair, [one, other]: [&Observation; 2]) -> Vec<Row> {
    let seen = [one, other];
    let loss = |loss: f32| pointed(text::loss(loss).trim());
    let row = one.row.sample();
    let sample = text::image(&row.index.to_string(), &pair.sides[0].classes(), row.label);
    let latest = seen.map(|seen| seen.appraisal.measured.as_ref());
    // Of the weights that are seen, or of none.
    let measured = [0, 1].map(|side| {
        let of_these = latest[side].filter(|(step, _)| *step == seen[side].seen.step);
        of_these.map(|(_, known)| known)
    });
    let none = || "-".to_owned();
    let share = |share: f64| format!("{:.1}%", 100.0 * share);
    let held_out = held_out(seen, pair.live);
    let names = match &held_out.behind {
        Some(behind) => named(&[&format!("held-out {behind}"), "held-out, before", "before"]),
        None => named(&["held-out"]),
    };
    let mut rows = vec![
        (
            names,
            held_out.losses.map(|known| known.map_or_else(none, loss)),
        ),
        (vec![sample], seen.map(|seen| loss(seen.row.sample().loss))),
    ];
    let features = measured.map(|known| known.and_then(|known| known.features));
    let labelled = one
        .map
        .labels
        .iter()
        .any(|label| *label != one.map.labels[0]);
    if labelled {
        let title = named(&["told by its 10 nearest", "told by 10 nearest", "10 nearest"]);
        let words = features.map(|known| known.map_or_else(none, |known| share(known.network)));
        rows.push((title, words));
    }
    let of = |words: &dyn Fn(&crate::measure::Measures) -> String| {
        measured.map(|known| known.map_or_else(none, |known| words(known)))
    };
    rows.extend([
        (
            named(&["PSNR, dB"]),
            of(&|known| decibels(known.reconstruction.network.all.fidelity.psnr, 2)),
        ),
        (
            named(&["PCA, as many numbers", "PCA, as many"]),
            // It is the same at every step.
            latest.map(|known| {
                known.map_or_else(none, |(_, known)| {
                    loss(known.reconstruction.pca.all.cross_entropy as f32)
                })
            }),
        ),
        (
            named(&["numbers it learns"]),
            [0, 1].map(|side| {
                let architecture = pair.sides[side].plan.recipe.architecture();
                grouped(architecture.parameter_count() as u64)
            }),
        ),
        (named(&["step"]), seen.map(|seen| grouped(seen.seen.step))),
    ]);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differing(whats: &[&'static str]) -> Vec<Difference> {
        let difference = |&what| Difference {
            what,
            words: [String::new(), String::new()],
        };
        whats.iter().map(difference).collect()
    }

    #[test]
    fn on_the_way_losses_are_those_of_one_moment() {
        let film = Film::new(100, 10);
        let known = |step, reconstruction| Measured {
            step,
            loss: 9.0,
            reconstruction,
            digits: None,
        };
        let course = [known(0, 0.7), known(100, 0.3), known(300, 0.2)];
        let at = |step| along(&course, &film, film.time_of(step));
        assert_eq!([at(0), at(100), at(300)], [Some(0.7), Some(0.3), Some(0.2)]);
        // On its cruise the film is even.
        let between = at(200).unwrap();
        assert!((between - 0.25).abs() < 1e-2, "{between}");
        assert_eq!(at(301), None);
        assert_eq!(along(&[], &film, 0.0), None);
    }

    #[test]
    fn the_narrator_says_who_is_lower_and_by_what() {
        let say = |a, b, whats: &[&'static str], known| {
            let held_out = HeldOut {
                losses: [a, b],
                behind: None,
            };
            sentences(&held_out, &differing(whats), known).swap_remove(0)
        };
        let three = ["layers", "code", "objective"];
        assert_eq!(
            say(Some(0.2061), Some(0.1923), &three, Known::Recipes),
            "B is .014 lower. Three things differ: change one to know which does it."
        );
        assert_eq!(
            say(Some(0.1), Some(0.25), &["layers"], Known::Recipes),
            "A is .150 lower, by layers alone."
        );
        assert_eq!(
            say(Some(0.2), Some(0.2004), &["seed"], Known::Recipes),
            "They are even."
        );
        assert_eq!(
            say(Some(0.2), Some(0.2), &[], Known::Recipes),
            "They are even: nothing differs."
        );
        assert_eq!(
            say(Some(0.2), Some(0.3), &[], Known::Networks),
            "A is .100 lower. How they were trained is not known of both."
        );
        assert_eq!(
            say(None, Some(0.3), &three, Known::Recipes),
            "Their held-out losses are being measured."
        );
        // As far apart as the losses that are written beside it: .206 and .192.
        assert!(say(Some(0.20644), Some(0.19151), &three, Known::Recipes).contains(".014 lower"));
        assert!(say(Some(0.20649), Some(0.2059), &three, Known::Recipes).contains(".001 lower"));
        assert!(say(Some(f32::NAN), Some(0.2), &three, Known::Recipes).contains("no numbers"));
    }
}
