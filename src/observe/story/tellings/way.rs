//! How far the run has come: its epochs, its changes, its end.

use super::{BRANCHES, Telling, at, loss, mix, paragraph, press, so};
use crate::{
    data::Classes,
    message::{Epoch, Pane, Why},
    observe::{baselines::Baselines, story::ground::Ground},
    recipe::Price,
    words::grouped,
};

/// Losses that differ by less than so large a share of themselves are about the same.
const ABOUT: f32 = 0.03;

/// The first epoch ended; `last_steps` is what its last steps cost in training.
pub(in crate::observe::story) fn first_epoch(
    held_out: f32,
    last_steps: Option<f32>,
    baselines: Option<Baselines>,
    ground: &Ground,
) -> Telling {
    let seen = format!(
        "It has seen all {} training images once, {} at a step; that is an epoch.",
        grouped(ground.images),
        grouped(ground.batch)
    );
    let others = baselines.map_or_else(
        || "others".into(),
        |baselines| format!("{} others", grouped(baselines.examined as u64)),
    );
    let cost = loss(held_out);
    // With a price in it a step's loss is another quantity.
    let last_steps = last_steps.filter(|_| ground.price == Price::None.sign());
    let beside = match last_steps {
        Some(steps) => format!(
            "Held-out is the loss on {others}, which it never trains on: {cost}. On training \
             images its last steps cost {}.",
            loss(steps)
        ),
        None => {
            format!("Held-out is the loss on {others}, which it never trains on: {cost}.")
        }
    };
    let learned = match ground.classes {
        Classes::Digits => "So it learned what digits look like, not these images by heart.",
        _ => "So it learned what such images look like, not these by heart.",
    };
    let near = |steps: f32| (held_out - steps).abs() < ABOUT * steps;
    let learned = so(last_steps.is_some_and(near), learned);
    Telling::new(
        format!("Every image seen once: held-out{} {cost}.", ground.price),
        Why {
            paragraph: paragraph([&seen, &beside, &learned]),
            press: vec![press("t", "the training images, and back")],
            ..at(Pane::Loss, "held-out beside the last steps")
        },
    )
}

/// An epoch lowered the held-out loss by little.
pub(in crate::observe::story) fn polish(from: f32, to: f32, ground: &Ground) -> Telling {
    let [from, to] = [from, to].map(loss);
    Telling::new(
        format!("From here on small gains: {from} to {to}."),
        Why {
            paragraph: format!(
                "This epoch lowered the held-out loss{} by less than one part in a hundred, from \
                 {from} to {to}. More steps help little now. What {} cannot say of an image stays \
                 lost; with more numbers in the code more would come through.",
                ground.price,
                ground.numbers()
            ),
            press: vec![press("p", "settings: numbers in the code, then Enter")],
            ..at(Pane::Loss, "the flat end of the curve")
        },
    )
}

/// All epochs are done.
pub(in crate::observe::story) fn done(
    epochs: u64,
    held_out: Option<f32>,
    components: Option<crate::message::Components>,
    baselines: Option<Baselines>,
    ground: &Ground,
) -> Telling {
    let cost = held_out.map_or_else(String::new, |held_out| format!(" at {}", loss(held_out)));
    let all = if epochs == 1 {
        "The one epoch is done.".into()
    } else {
        so(epochs > 0, format!("All {epochs} epochs are done."))
    };
    let held_out = held_out.map_or_else(String::new, |held_out| {
        format!("Held-out{}: {}.", ground.price, loss(held_out))
    });
    let beside = baselines.map_or_else(String::new, |baselines| {
        let pca = components.map_or_else(String::new, |components| {
            let count = components.count as u64;
            format!(", PCA-{count}, {}, {}", mix(count), loss(components.loss))
        });
        format!(
            "For pictures alone the average costs {}{pca}, and a perfect copy {}: grey pixels \
             cost something even when they are right.",
            loss(baselines.mean_image),
            loss(baselines.copy)
        )
    });
    let rest = "The tape plays it again; s writes the weights to a file.";
    Telling::new(
        format!("Done{cost}: ] trains on, s saves."),
        Why {
            paragraph: paragraph([&all, &held_out, &beside, rest]),
            press: vec![press("{", "to its start,"), press("space", "play it again")],
            ..at(Pane::Strip, "the ten images and what it makes of them")
        },
    )
}

/// The recipe was changed on the way, as these words tell.
pub(in crate::observe::story) fn changed(words: String) -> Telling {
    Telling::new(
        words,
        Why {
            paragraph:
                "From the next step on the changed settings hold. What was learned stays; the \
                        curve and the tape have a mark here. What comes of it is told when the \
                        next epoch ends."
                    .into(),
            press: vec![press("p", "the settings"), press("B", BRANCHES)],
            ..at(Pane::Loss, "the mark on the curve")
        },
    )
}

/// The first epoch since a change ended.
pub(in crate::observe::story) fn after_change(
    before: Option<f32>,
    after: f32,
    ground: &Ground,
) -> Telling {
    let to = loss(after);
    let from = before.map_or_else(String::new, |before| format!("{} to ", loss(before)));
    let same = match before {
        Some(before) if after < before => "The held-out loss went down.",
        Some(before) if after > before => "The held-out loss went up.",
        Some(_) => "The held-out loss stayed where it was.",
        None => "The loss is now counted differently: old and new do not compare.",
    };
    Telling::new(
        format!("After the change: held-out{} {from}{to}.", ground.price),
        Why {
            paragraph: paragraph([
                "This is the first end of an epoch since the settings were changed.",
                same,
                "One epoch tells little: watch whether the curve goes on so.",
            ]),
            press: vec![press("g c", "the curves"), press("B", BRANCHES)],
            ..at(Pane::Loss, "the curve behind the mark")
        },
    )
}

/// What was warned of is so no more.
pub(in crate::observe::story) fn over(epoch: &Epoch) -> Telling {
    Telling::new(
        "The warning is over.",
        Why {
            paragraph: format!(
                "The end of each epoch checks again what was warned of, and this time all was well: every \
                 number of the code was other than zero for some image, and held-out \
                 pictures cost {}. The curve still shows what went wrong before.",
                loss(epoch.held_out.reconstruction)
            ),
            press: vec![press("[", "an epoch back")],
            ..at(Pane::Loss, "the curve")
        },
    )
}
