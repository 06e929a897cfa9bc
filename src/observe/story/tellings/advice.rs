//! What goes wrong, what it means, and what to do about it.

use super::{RATE, Telling, at, loss, paragraph, press};
use crate::{
    message::{Pane, Press, Why},
    observe::{baselines::Baselines, story::ground::Ground},
    recipe::Price,
    words::{briefly, grouped},
};

/// What training and held-out losses came to, an epoch and one before it.
#[derive(Debug, Clone, Copy)]
pub(in crate::observe::story) struct Course {
    pub(in crate::observe::story) from: f32,
    pub(in crate::observe::story) to: f32,
}

/// A rate above this is the first to suspect. That of the presets, .001, harms none of them; at
/// .01 `deep` lost six of its 32 numbers in two epochs.
const FAST: f64 = 0.003;

fn settings(line: &str) -> Vec<Press> {
    vec![press("p", format!("settings: {line}, then Enter"))]
}

/// What a run that begins anew may take: the seed is another too, for the rate alone would hold
/// from the next step.
fn slower(ground: &Ground) -> String {
    let rate = if is_fast(ground) {
        ground.usual
    } else {
        ground.rate / 10.0
    };
    format!(
        "Begin anew: in the settings take a smaller rate, {}, and another seed.",
        briefly(rounded(rate))
    )
}

/// The same with a price on the code.
fn cheaper(ground: &Ground) -> String {
    format!(
        "Begin anew: in the settings take a tenth of the price, {}, and another seed.",
        briefly(rounded(ground.l1 / 10.0))
    )
}

/// Where that is chosen.
fn anew() -> Vec<Press> {
    vec![press("p", "settings: rate and seed, then Enter")]
}

/// Where another seed is chosen, and nothing else.
fn another_seed() -> Vec<Press> {
    vec![press("R ↓ enter", "begin anew with another seed")]
}

/// Whether steps may be so long that they do harm.
fn is_fast(ground: &Ground) -> bool {
    ground.rate > FAST
}

/// Without what division leaves in the last digits.
fn rounded(rate: f64) -> f64 {
    format!("{rate:.3e}").parse().unwrap_or(rate)
}

fn has_l1(ground: &Ground) -> bool {
    ground.price == Price::L1.sign()
}

/// Held-out pictures cost more than half grey does; `priced` where the code's price outweighs
/// them.
pub(in crate::observe::story) fn worse(held_out: f32, priced: bool, ground: &Ground) -> Telling {
    let cost = loss(held_out);
    let first = format!("Half grey everywhere would cost .693; held-out pictures cost {cost}.");
    if priced && has_l1(ground) {
        let price = "The price of the code is more than what the pictures cost, so the code is made \
                     small whatever becomes of them. In the settings take a tenth of the price: \
                     with Enter it holds from the next step.";
        return Telling::new(
            "Worse than knowing nothing: take a smaller price.",
            Why {
                paragraph: paragraph([&first, price]),
                press: settings("price"),
                ..at(Pane::Loss, "the curve")
            },
        );
    }
    let leaps = "Each step is so long that it jumps past the better weights and lands on worse \
                 ones. These will hardly recover.";
    Telling::new(
        "Worse than knowing nothing: take a smaller rate.",
        Why {
            paragraph: paragraph([&first, leaps, &slower(ground)]),
            press: anew(),
            ..at(Pane::Loss, "the curve")
        },
    )
}

/// These numbers of the code, from 1 on, were zero for every image of an epoch.
pub(in crate::observe::story) fn dead(units: &[usize], ground: &Ground) -> Telling {
    let images = grouped(ground.images);
    let (words, first) = match units {
        [unit] => (
            format!("Code number {unit} is dead: always 0."),
            format!(
                "For a whole epoch number {unit} of the code was zero for all {images} training \
                 images."
            ),
        ),
        units => {
            let (count, all) = (units.len(), ground.width);
            (
                format!("{count} of {all} numbers are dead: zero for all."),
                format!(
                    "For a whole epoch {count} of the code's {all} numbers were zero for all \
                     {images} training images."
                ),
            )
        }
    };
    let passes = "What is zero passes nothing on and learns nothing, so it will hardly wake: the \
                  code is narrower than it could be.";
    // A code with a price is meant to have zeros; without one they come from what is cut off.
    let (cure, keys) = if ground.l1 > 0.0 {
        (cheaper(ground), settings("price and seed"))
    } else if is_fast(ground) {
        (slower(ground), anew())
    } else {
        ("Begin anew with another seed.".into(), another_seed())
    };
    Telling::new(
        words,
        Why {
            paragraph: paragraph([&first, passes, &cure]),
            press: keys,
            ..at(Pane::Map, "the map")
        },
    )
}

/// After an epoch pictures cost what the average does.
pub(in crate::observe::story) fn stuck(
    held_out: f32,
    baselines: Baselines,
    ground: &Ground,
) -> Telling {
    let [cost, average] = [held_out, baselines.mean_image].map(loss);
    let first = format!(
        "One picture for all costs {average}; after a whole epoch held-out pictures still cost \
         {cost}. So the code says nothing of the image."
    );
    let (cure, keys) = match ground.price {
        sign if sign == Price::L1.sign() => (
            format!(
                "The price of the code may be too high: saying nothing is the cheapest then. {}",
                cheaper(ground)
            ),
            settings("price and seed"),
        ),
        sign if sign == Price::Divergence.sign() => (
            "To this kind a code that says something has a price, KL, and here it costs more than it \
             brings. Wait an epoch; if it stays, begin anew with another seed or a smaller rate."
                .to_owned(),
            anew(),
        ),
        _ if is_fast(ground) => (
            format!("Steps this long may have killed its numbers. {}", slower(ground)),
            anew(),
        ),
        _ => (
            "Wait an epoch; if it stays, begin anew with another seed.".to_owned(),
            another_seed(),
        ),
    };
    Telling::new(
        "Stuck: after an epoch it still draws the average.",
        Why {
            paragraph: paragraph([&first, &cure]),
            press: keys,
            ..at(Pane::Strip, "the ten green pictures")
        },
    )
}

/// After an epoch what is drawn varies by so small a share of what the originals do.
pub(in crate::observe::story) fn alike(spread: f32, ground: &Ground) -> Telling {
    let first = format!(
        "White pictures differ from image to image; green ones differ only {:.1} hundredths as \
         much. So nothing gets through the middle.",
        spread * 100.0
    );
    let (cure, keys) = if has_l1(ground) {
        (
            format!(
                "The price of the code can do this: saying nothing is the cheapest then. {}",
                cheaper(ground)
            ),
            settings("price and seed"),
        )
    } else if is_fast(ground) {
        (
            format!("A rate that is too high can do this. {}", slower(ground)),
            anew(),
        )
    } else {
        (
            "Wait an epoch; if it stays, begin anew with another seed.".to_owned(),
            another_seed(),
        )
    };
    Telling::new(
        "All codes are alike: it draws one picture for all.",
        Why {
            paragraph: paragraph([&first, &cure]),
            press: keys,
            ..at(Pane::Strip, "the ten green pictures")
        },
    )
}

/// Training falls and held-out rises, for so many epochs; the best ended as this number.
pub(in crate::observe::story) fn learns_by_heart(
    epochs: usize,
    held_out: Course,
    best: u64,
    ground: &Ground,
) -> Telling {
    let [from, to] = [held_out.from, held_out.to].map(loss);
    Telling::new(
        "Held-out rises, training falls: learning by heart.",
        Why {
            paragraph: format!(
                "For {epochs} epochs the loss fell on the images it trains on and rose on those it \
                 does not, {from} to {to}. What it learns now is true of those {} alone. The best \
                 epoch was {best}: go back to its end, and in the settings put noise on the \
                 images; Enter then begins a branch there.",
                grouped(ground.images)
            ),
            press: vec![
                press("[", "an epoch back"),
                press("p", "settings: noise, then Enter"),
            ],
            ..at(Pane::Loss, "the two losses; larger in Curves, g c")
        },
    )
}

/// After so many steps the loss is still above one grey.
pub(in crate::observe::story) fn grey(
    steps: u64,
    cost: f32,
    baselines: Baselines,
    ground: &Ground,
) -> Telling {
    Telling::new(
        "Still grey: the steps are too short.",
        Why {
            paragraph: format!(
                "After {} steps the loss is {}, and the best single grey costs {}. It does fall, \
                 but slowly. In the settings take ten times the rate, {}: with Enter it holds from \
                 the next step, and nothing that was learned is lost.",
                grouped(steps),
                loss(cost),
                loss(baselines.one_grey),
                briefly(rounded(ground.rate * 10.0))
            ),
            press: vec![press("p", RATE)],
            ..at(Pane::Loss, "the gentle slope of the curve")
        },
    )
}

/// Both losses rose by a good part in an epoch.
pub(in crate::observe::story) fn overshoots(held_out: Course, ground: &Ground) -> Telling {
    let [from, to] = [held_out.from, held_out.to].map(loss);
    Telling::new(
        "Both losses rose: the rate is too high.",
        Why {
            paragraph: format!(
                "In this epoch both losses rose, held-out from {from} to {to}. Steps this long jump \
                 past what they aim at. In the settings take half the rate, {}: with Enter it \
                 holds from the next step. Go an epoch back first, and it begins a branch there.",
                briefly(rounded(ground.rate / 2.0))
            ),
            press: vec![press("p", RATE), press("[", "an epoch back")],
            ..at(Pane::Loss, "the curve")
        },
    )
}
