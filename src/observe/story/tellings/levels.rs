//! Where the loss stands: against half grey, one grey, the average, and the classical rival.

use super::{RATE, Telling, at, counted_in_words, hundredths, loss, mix, paragraph, press, so};
use crate::{
    message::{About, Components, Pane, Why},
    observe::{baselines::Baselines, story::ground::Ground},
    words::grouped,
};

/// What a loss is next to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::observe::story) enum Level {
    /// Above half grey.
    Worse,
    /// Half grey.
    Blank,
    /// Below half grey.
    Brightness,
    /// Below one grey.
    NotAlike,
    /// About the average.
    Average,
    /// Below it.
    Better,
}

/// What a loss that has come there means; `alike` where what is drawn was measured to be much the
/// same for every image, `begins` where nothing was told before.
pub(in crate::observe::story) fn level(
    level: Level,
    of: f32,
    [begins, alike]: [bool; 2],
    baselines: Baselines,
    ground: &Ground,
) -> Telling {
    let [cost, grey, average] = [of, baselines.one_grey, baselines.mean_image].map(loss);
    let still_alike = "What it draws is still much the same for every image: look at another one \
                       and compare.";
    let still_alike = so(alike, still_alike);
    match level {
        Level::Worse => Telling::new(
            "Worse than knowing nothing: half grey costs .693.",
            Why {
                paragraph: format!(
                    "The loss says how far the green picture is from the white one, pixel by \
                     pixel; less is better. Somebody who knows nothing would draw half grey \
                     everywhere, and that costs .693. This is {cost}: it draws wrong pixels \
                     with great certainty. If it stays so until the epoch ends, once through all images, \
                     you will be warned."
                ),
                press: vec![press(".", "one step on"), press("p", RATE)],
                ..at(Pane::Loss, "the curve of the loss")
            },
        ),
        Level::Blank => {
            let first = "Its weights, the numbers that it learns, are random. So every pixel comes \
                         out near half grey, which costs about .693.";
            let again = format!("Its loss is {cost}; half grey everywhere would cost .693.");
            let first = if begins { first } else { &again };
            let words = if begins {
                "It knows nothing; every pixel is half grey."
            } else {
                "It knows nothing: half grey would cost as much."
            };
            let rest = format!(
                "The loss says how far the green picture is from the white one, pixel by pixel; \
                 less is better. The best single grey would cost {grey}."
            );
            Telling::new(
                words,
                Why {
                    paragraph: paragraph([first, &rest]),
                    press: vec![press(".", "one step on")],
                    ..at(Pane::Reconstruction, "the flat green picture")
                },
            )
        }
        Level::Brightness => brightness(&cost, begins, &still_alike, baselines),
        Level::NotAlike => {
            let first = format!(
                "The best single grey for all pixels costs {grey}; the loss is {cost}. So it no \
                 longer gives all pixels the same grey: it has found that some places have ink \
                 more often than others."
            );
            Telling::new(
                "Better than one grey; pixels are not all alike.",
                Why {
                    paragraph: paragraph([&first, &still_alike]),
                    press: vec![press("→", "another image")],
                    ..at(Pane::Strip, "the green pictures")
                },
            )
        }
        Level::Average => {
            let images = grouped(ground.images);
            let first = format!(
                "At first the code says nothing of the image, and who draws one unseen does best \
                 with the average of all {images}. That costs {average}, and the loss is near \
                 that: {cost}."
            );
            let same = so(alike, "Nearly the same picture comes out for every image.");
            let rest = "To do better it must bring something of the image through the narrow \
                        middle, the code.";
            let words = if alike {
                "It draws the average, whatever it sees."
            } else {
                "Close to the average image, not yet better."
            };
            Telling::new(
                words,
                Why {
                    about: About::Average,
                    paragraph: paragraph([&first, &same, rest]),
                    press: vec![press("→", "another image")],
                    ..at(Pane::Strip, "the green pictures")
                },
            )
        }
        Level::Better => better(&cost, &average, begins, ground),
    }
}

fn brightness(cost: &str, begins: bool, still_alike: &str, baselines: Baselines) -> Telling {
    let empty = baselines.empty;
    let (words, share, quickest) = if empty > 0.5 {
        let share = format!(
            "In these images {} of 100 pixels have no ink.",
            hundredths(empty)
        );
        let words = "First lesson: most pixels are empty.";
        (words, share, "Taking ink away everywhere")
    } else {
        let ink = hundredths(baselines.ink);
        let share = format!("On average {ink} hundredths of an image are ink.");
        if baselines.ink < 0.5 {
            let words = "First lesson: less than half of an image is ink.";
            (words, share, "Taking ink away everywhere")
        } else {
            let words = "First lesson: more than half of an image is ink.";
            (words, share, "Adding ink everywhere")
        }
    };
    let down = if begins {
        format!("The loss is {cost}; half grey would cost .693.")
    } else {
        format!("The loss has come from .693, half grey, to {cost}.")
    };
    let quickest = format!("{quickest} is the quickest gain, so it comes first.");
    Telling::new(
        words,
        Why {
            paragraph: paragraph([&share, &quickest, &down, still_alike]),
            press: vec![press("→", "another image")],
            ..at(Pane::Strip, "the green pictures")
        },
    )
}

fn better(cost: &str, average: &str, begins: bool, ground: &Ground) -> Telling {
    let middle = format!(
        "All that gets through is the code, the {} in the middle, so {} mean something.",
        ground.numbers(),
        if ground.width == 1 {
            "it has begun to"
        } else {
            "they have begun to"
        }
    );
    let first = format!(
        "Of all single pictures the average is the cheapest: {average}. Images it never trains on \
         cost {cost} now, so what it draws must depend on what it sees."
    );
    let words = if begins {
        "It begins better than the average image."
    } else {
        "Better than the average; the code says something."
    };
    let mut keys = vec![press("→", "another image")];
    if ground.has_labels() && ground.classes.count() > 1 {
        keys.push(press("n", ground.classes.said("another of the same digit")));
    }
    Telling::new(
        words,
        Why {
            paragraph: paragraph([&first, &middle]),
            press: keys,
            ..at(Pane::Reconstruction, "the green picture, image by image")
        },
    )
}

/// It became better than so many principal components.
pub(in crate::observe::story) fn passed(components: Components) -> Telling {
    let count = components.count as u64;
    let [numbers, mix] = [counted_in_words(count, "number"), mix(count)];
    let each = if count == 1 { "it says" } else { "each says" };
    Telling::new(
        format!("Better than PCA-{count}, {mix}."),
        Why {
            paragraph: format!(
                "PCA is the classical way to keep {numbers} of an image: {each} how much of one \
                 fixed picture to add to the average. At its best that costs {}; this network now \
                 costs less. What a number of its code does may differ from place to place: walk \
                 over the map and see what is drawn there.",
                loss(components.loss)
            ),
            press: vec![
                press("g l", "the map, large;"),
                press("h j k l", "walk there"),
            ],
            ..at(Pane::Map, "the map")
        },
    )
}
