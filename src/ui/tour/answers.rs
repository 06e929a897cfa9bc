//! What comes of the key that a chapter asks for.

use super::{
    Tour,
    texts::{a_digit, digit, digits, loss, of_shared},
};
use crate::{
    data::Labels,
    message::Observation,
    observe,
    ui::app::App,
    words::{grouped, pointed},
};

/// Whether another image is seen than at the stop.
fn moved(tour: &Tour, seen: &Observation) -> bool {
    tour.arrived
        .is_some_and(|arrived| arrived.sample != seen.row.chosen)
}

/// What held-out images cost after exactly so many steps, where that was measured.
fn held_out_of(seen: &Observation, step: u64) -> Option<f32> {
    let mut all = seen.curve.measured.iter();
    let measured = all.find(|measured| measured.step == step);
    measured.map(|measured| measured.loss)
}

/// What held-out images cost at what is seen. Where its map is that of a moment gone back to, so is
/// the loss that stands beside it.
fn held_out_here(seen: &Observation) -> Option<f32> {
    let step = seen.seen.step;
    let beside = seen.curve.held_out.filter(|_| seen.map.step == step);
    held_out_of(seen, step).or(beside)
}

pub(super) fn sees(app: &App, tour: &Tour, seen: &Observation) -> Option<String> {
    let one = a_digit(seen.row.sample().label).replacen('a', "A", 1);
    let held_out = app.data.as_ref().map_or(0, |data| data.test.len());
    moved(tour, seen).then(|| {
        format!(
            "{one}, one of {} that it never trains on, so it cannot know them by heart. Their loss \
             is called held-out.",
            grouped(held_out as u64)
        )
    })
}

pub(super) fn makes(_: &App, tour: &Tour, seen: &Observation) -> Option<String> {
    moved(tour, seen).then(|| {
        "Another image, other numbers, nearly the same grey: nothing in it has learned to use them."
            .into()
    })
}

pub(super) fn costs(_: &App, tour: &Tour, seen: &Observation) -> Option<String> {
    let arrived = tour.arrived?;
    let here = held_out_here(seen)?;
    (seen.seen.step < arrived.step && here > arrived.held_out?).then(|| {
        format!(
            "At step {} held-out images cost {}: a worse picture, a higher loss. , and . walk along \
             the tape whenever you like.",
            grouped(seen.seen.step),
            loss(here)
        )
    })
}

pub(super) fn learns(_: &App, tour: &Tour, seen: &Observation) -> Option<String> {
    let arrived = tour.arrived?;
    let steps = seen
        .seen
        .step
        .checked_sub(arrived.step)
        .filter(|steps| *steps > 0)?;
    let fine = |value: f32| pointed(&format!("{value:.4}"));
    let from_to = match (
        held_out_of(seen, arrived.step),
        held_out_of(seen, seen.seen.step),
    ) {
        (Some(from), Some(to)) => format!(": held-out {} to {}", fine(from), fine(to)),
        _ => String::new(),
    };
    let count = if steps == 1 {
        "One step".into()
    } else {
        format!("{} steps", grouped(steps))
    };
    Some(format!(
        "{count}{from_to}. You hardly see it. {} steps make an epoch: each image used once.",
        grouped(seen.moment.film.steps_per_epoch())
    ))
}

pub(super) fn numbers(_: &App, tour: &Tour, seen: &Observation) -> Option<String> {
    let code = &seen.row.sample().code;
    let [first, second] = code[..] else {
        return None;
    };
    moved(tour, seen).then(|| {
        format!(
            "The mark moved to {first:.1}, {second:.1}: other numbers, another place, another \
             picture."
        )
    })
}

pub(super) fn map(app: &App, _: &Tour, seen: &Observation) -> Option<String> {
    let shown: Vec<u8> = app.filter.iter().collect();
    let [class] = shown[..] else { return None };
    let share = observe::share_at_home(&seen.map, class)?;
    Some(format!(
        "{:.0} of 100 {ones} lie where {ones} are most frequent. {class} again shows all.",
        share * 100.0,
        ones = digits(class)
    ))
}

pub(super) fn shared_keys(seen: &Observation) -> (String, &'static str) {
    of_shared(seen).map_or_else(
        || ("4".into(), "only the fours"),
        |shared| {
            let [lower, higher] = shared.classes;
            (format!("{lower} {higher}"), "only these two")
        },
    )
}

pub(super) fn shared(app: &App, _: &Tour, seen: &Observation) -> Option<String> {
    let shared = of_shared(seen)?;
    let two = |which: u8| shared.classes.contains(&which);
    let both = app.filter != Labels::ALL && app.filter.iter().filter(|&one| two(one)).count() == 2;
    let confusion = shared.confusion.filter(|_| both)?;
    let looked_at = shared.looked_at;
    let other = shared.classes.into_iter().find(|&one| one != looked_at)?;
    let dearer = if confusion.cost < confusion.sharp {
        format!(
            " A blur of both costs {} there; a sharp {} in place of the {} would cost {}.",
            loss(confusion.cost),
            digit(other),
            digit(looked_at),
            loss(confusion.sharp)
        )
    } else {
        String::new()
    };
    Some(format!(
        "Of {} {}, {} have {} as their nearest neighbour on the map.{dearer}",
        grouped(confusion.images as u64),
        digits(looked_at),
        grouped(confusion.nearest as u64),
        a_digit(other)
    ))
}

pub(super) fn between(_: &App, tour: &Tour, seen: &Observation) -> Option<String> {
    let gap = seen.answers.latent.as_ref()?.cursor.gap?;
    let far = tour.is_answered.then_some(gap.distance)?;
    let judged = match gap.judged?.1 {
        crate::measure::Verdict::Void => "no data here",
        crate::measure::Verdict::Edge => "the edge of the data",
        crate::measure::Verdict::Among => "among real codes",
    };
    Some(format!(
        "{judged}: {far:.2} to the nearest code. It draws something wherever you go; only the \
         distance tells you whether to believe it."
    ))
}

pub(super) fn bottleneck(_: &App, tour: &Tour, _: &Observation) -> Option<String> {
    tour.is_answered.then(|| {
        "There you choose how many numbers the code has, and read what Enter would do before you \
         press it. Esc leaves all as it is."
            .into()
    })
}

pub(super) fn kinds(_: &App, tour: &Tour, _: &Observation) -> Option<String> {
    tour.is_answered.then(|| {
        "The presets there are the kinds: choose one, and Enter trains it. That was all; every key \
         that you met works everywhere."
            .into()
    })
}
