//! What goes wrong, what it means, and what to do about it.

use super::{Telling, at, loss, paragraph, press};
use crate::{
    message::{Pane, Press, Why},
    observe::{history::Baselines, story::ground::Ground},
    recipe::Price,
    words::{briefly, grouped},
};

/// What training and held-out losses came to, an epoch and one before it.
#[derive(Debug, Clone, Copy)]
pub(in crate::observe::story) struct Course {
    pub(in crate::observe::story) from: f32,
    pub(in crate::observe::story) to: f32,
}

fn settings(line: &str) -> Vec<Press> {
    vec![press("p", format!("settings: {line}"))]
}

/// What an anew begun run may take.
fn tenth(ground: &Ground) -> String {
    format!(
        "Begin anew with a tenth of the rate, {}.",
        briefly(rounded(ground.rate / 10.0))
    )
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
        let price = "The code's price outweighs the pictures, so it is made small whatever becomes \
                     of them. A tenth of the price holds from the next step; weights that went \
                     astray may need a new beginning.";
        return Telling::new(
            "Worse than knowing nothing: take a smaller price.",
            Why {
                paragraph: paragraph([&first, price]),
                press: settings("price"),
                ..at(Pane::Loss, "the curve")
            },
        );
    }
    let leaps = "Each step leaps over the better weights and lands somewhere worse. These will \
                 hardly recover.";
    Telling::new(
        "Worse than knowing nothing: take a smaller rate.",
        Why {
            paragraph: paragraph([&first, leaps, &tenth(ground)]),
            press: settings("rate"),
            ..at(Pane::Loss, "the curve")
        },
    )
}

/// These numbers of the code, from 1 on, were zero for every image of an epoch.
pub(in crate::observe::story) fn dead(units: &[usize], ground: &Ground) -> Telling {
    let images = grouped(ground.images);
    let (words, first) = match units {
        [unit] => (
            format!("Number {unit} is dead: zero for every image."),
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
                  code is narrower than it says.";
    // A code with a price is meant to have zeros; without one they come from what is cut off.
    let (cure, keys) = if ground.l1 > 0.0 {
        ("Try a smaller price, or another seed.", settings("price"))
    } else if ground.cuts {
        (
            "Try another seed, or a linear code (--latent-activation linear).",
            vec![press("R", "a new seed")],
        )
    } else {
        ("Try another seed.", vec![press("R", "a new seed")])
    };
    Telling::new(
        words,
        Why {
            paragraph: paragraph([&first, passes, cure]),
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
            "Its price is the first to suspect: it pays to say nothing. Try a tenth of it."
                .to_owned(),
            settings("price"),
        ),
        sign if sign == Price::Divergence.sign() => (
            "A code that says something costs divergence, and here that is dearer than what it \
             gains. Wait an epoch; if it stays, begin anew with another seed or a smaller rate."
                .to_owned(),
            settings("rate, seed"),
        ),
        _ if ground.rate > 0.003 => (
            format!("Steps this long may have killed it. {}", tenth(ground)),
            settings("rate"),
        ),
        _ => (
            "Wait an epoch; if it stays, begin anew with another seed.".to_owned(),
            vec![press("R", "a new seed")],
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
        "The green pictures differ from one another by {:.1} hundredths of what the white ones \
         do. So nothing gets through the middle.",
        spread * 100.0
    );
    let (cure, keys) = if ground.price == Price::None.sign() {
        (
            format!("A rate that is too high can do this. {}", tenth(ground)),
            settings("rate"),
        )
    } else {
        (
            "The price of the code can do this: it pays to say nothing. A tenth of it holds from \
             the next step, or begin anew."
                .to_owned(),
            settings("price"),
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
                "For {epochs} epochs the loss fell on images it trains on and rose on those it \
                 does not, {from} to {to}. It is learning what only those {} have. The best epoch \
                 was {best}. Go back there and branch with noise on the input, or begin anew with \
                 fewer numbers.",
                grouped(ground.images)
            ),
            press: vec![press("g c", "where the lines part"), press("B", "branch")],
            ..at(Pane::Loss, "the two losses")
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
                "After {} steps the loss is {}, no better than one well chosen grey, {}. It does \
                 fall, but too slowly to see. Ten times the rate, {}, holds from the next step; \
                 nothing is lost.",
                grouped(steps),
                loss(cost),
                loss(baselines.one_grey),
                briefly(rounded(ground.rate * 10.0))
            ),
            press: settings("rate"),
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
                "In this epoch both losses rose, held-out from {from} to {to}. Steps this long \
                 overshoot what they aim at. Half the rate, {}, holds from the next step; the \
                 epoch before can be gone back to.",
                briefly(rounded(ground.rate / 2.0))
            ),
            press: vec![press("p", "settings: rate"), press("[", "an epoch back")],
            ..at(Pane::Loss, "the curve")
        },
    )
}
