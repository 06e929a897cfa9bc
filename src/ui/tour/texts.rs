//! What the chapters say.

use super::{Widths, last_steps};
use crate::{
    message::{About, Observation, Shared, TriedWidth},
    ui::app::App,
    words::{grouped, number_word, pointed},
};

/// A loss, without its zero.
pub(super) fn loss(value: f32) -> String {
    pointed(&format!("{value:.3}"))
}

pub(super) fn known(value: Option<f32>) -> String {
    value.map_or_else(|| "...".into(), loss)
}

fn images(app: &App) -> [u64; 2] {
    let count = |of: Option<usize>| of.unwrap_or(0) as u64;
    let data = app.data.as_ref();
    [
        count(data.map(|data| data.train.len())),
        count(data.map(|data| data.test.len())),
    ]
}

pub(super) fn sees(app: &App, _: &Observation) -> String {
    let size = app.image();
    format!(
        "A handwritten digit: {} by {} pixels, {} numbers, each from no ink to full ink. White is \
         the real image, green is what the network makes of it. It will train on {} of these, and \
         nobody tells it which digit is which.",
        size.width,
        size.height,
        size.pixels(),
        grouped(images(app)[0])
    )
}

pub(super) fn makes(app: &App, seen: &Observation) -> String {
    let pixels = app.image().pixels();
    let numbers = number_word(seen.row.sample().code.len() as u64);
    format!(
        "An autoencoder repeats what it sees through a narrow middle, the bottleneck. {pixels} \
         pixels go in, {numbers} numbers remain: the code. From these alone it draws {pixels} \
         pixels: the reconstruction. It has learned nothing yet."
    )
}

pub(super) fn loss_scale(seen: &Observation) -> String {
    let curve = &seen.curve;
    format!(
        "Half grey costs .693; one well chosen grey {}; one picture for all, their average, {}; a \
         perfect copy {}, not 0: a grey pixel costs a little even when right.",
        known(curve.one_grey),
        known(curve.mean_image),
        known(curve.copy)
    )
}

pub(super) fn costs(_: &App, seen: &Observation) -> String {
    format!(
        "The loss says how far green is from white, averaged over the pixels; less is better. {}",
        loss_scale(seen)
    )
}

pub(super) fn learns(app: &App, seen: &Observation) -> String {
    let recipe = &app.plan.recipe;
    let weights = u64::try_from(recipe.architecture().parameter_count()).unwrap_or(u64::MAX);
    let so_far = match (last_steps(seen), seen.curve.mean_image) {
        (Some(now), Some(mean)) if now < mean * 1.1 => {
            "By now it draws little but the average: the code says nothing yet, and of single \
             pictures that is the cheapest."
        }
        _ => "",
    };
    format!(
        "A step: it takes {} images, compares green with white, and changes its weights, {} \
         numbers, a little, so that the loss falls. Training is that, again and again. {so_far}",
        recipe.batch_size,
        grouped(weights)
    )
    .trim_end()
    .into()
}

pub(super) fn numbers(_: &App, seen: &Observation) -> String {
    format!(
        "Now {} steps are done. To draw, it gets only the two numbers of an image's code. They are a place on the map: the first says how far right, the second how far up. So \
         every image has a place.",
        grouped(seen.seen.step)
    )
}

pub(super) fn map(app: &App, _: &Observation) -> String {
    format!(
        "Each of {} images at the place of its code, coloured by its digit. Nobody told the network \
         the digits, and yet many gather in a territory: similar strokes get similar numbers. The \
         marks 0 to 9 stand where that digit is at home.",
        grouped(images(app)[1])
    )
}

/// The key of a digit that there is: the ones, where there are any.
pub(super) fn of_one_digit(seen: &Observation) -> (String, &'static str) {
    let labels = &seen.map.labels;
    let least = labels.iter().min().copied().unwrap_or(1);
    if labels.is_empty() || labels.contains(&1) {
        ("1".into(), "only the ones")
    } else {
        (least.to_string(), "only this digit")
    }
}

/// What is known of the two that share a place.
pub(super) fn of_shared(seen: &Observation) -> Option<Shared> {
    seen.curve
        .told
        .iter()
        .find_map(|note| match note.why.about {
            About::SharedPlace(shared) => Some(shared),
            _ => None,
        })
}

/// A digit in letters.
pub(super) fn digit(digit: u8) -> &'static str {
    const WORDS: [&str; 10] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    WORDS.get(usize::from(digit)).copied().unwrap_or("digit")
}

/// With its article.
pub(super) fn a_digit(which: u8) -> String {
    let article = if which == 8 { "an" } else { "a" };
    format!("{article} {}", digit(which))
}

/// Several of it.
pub(super) fn digits(which: u8) -> String {
    match which {
        6 => "sixes".into(),
        which => format!("{}s", digit(which)),
    }
}

pub(super) fn shared(_: &App, seen: &Observation) -> String {
    let Some(shared) = of_shared(seen) else {
        return "Two numbers are few: digits of similar strokes could get nearly the same two. In \
                this run none of them shares its place with another for long."
            .into();
    };
    let [lower, higher] = shared.classes.map(a_digit);
    let sample = seen.row.sample();
    format!(
        "Two numbers are few. {} and {higher} of similar strokes get nearly the same two: their \
         colours mix on the map, and there it draws a blur of both. Green: what it draws for image \
         {}, {}.",
        lower.replacen('a', "A", 1),
        grouped(sample.index as u64),
        a_digit(sample.label)
    )
}

pub(super) fn between(_: &App, _: &Observation) -> String {
    "Every place of the map can be drawn, also between digits, as the path shows. A hole is a \
     place with no code near it: of 1,000 codes, 999 have a nearer neighbour. The picture does not \
     tell you; the words \"no data\" do."
        .into()
}

/// Those that have been trained, in words: `1, 2 and 3`.
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

pub(super) fn bottleneck(app: &App, _: &Observation) -> String {
    let widths = app.tour.as_ref().map(|tour| &tour.widths);
    let widths = match widths {
        None | Some(Widths::Untried) => {
            return "The narrower the middle, the less of an image gets through: with one number \
                    even less than with two. A wider one gives sharper pictures, but only two \
                    numbers make a map. ae-tui tour trains four widths beside the run and shows \
                    them here."
                .into();
        }
        Some(Widths::Missed) => {
            return "The narrower the middle, the less of an image gets through: with one number \
                    even less than with two. A wider one gives sharper pictures, but only two \
                    numbers make a map. Four widths were to be trained beside this run, and \
                    could not be."
                .into();
        }
        Some(Widths::Tried(widths)) if widths.is_empty() => {
            return "The same digits through narrower and wider middles: four short runs are being \
                    trained beside this one, of 1, 2, 3 and 16 numbers. They come here when they \
                    are done."
                .into();
        }
        Some(Widths::Tried(widths)) => widths,
    };
    let of =
        |what: &dyn Fn(&TriedWidth) -> String| listed(&widths.iter().map(what).collect::<Vec<_>>());
    format!(
        "The same digits through {} numbers; loss {}. Guessed from the nearest codes' digits, {} \
         of 100 are right. A wider middle, sharper pictures; but only two numbers make a map.",
        of(&|one| one.width.to_string()),
        of(&|one| loss(one.held_out)),
        of(&|one| format!("{:.0}", one.told * 100.0))
    )
}

pub(super) fn kinds(app: &App, seen: &Observation) -> String {
    let bytes = seen.row.sample().code.len() * size_of::<f32>();
    format!(
        "Good for: keeping {bytes} bytes, not {}; naming digits by their neighbours; finding strange \
         images by their loss. Kinds: deep has more layers; sparse uses few numbers at a time; denoising \
         cleans spoilt images; conv finds strokes anywhere; vae draws sensibly between digits.",
        app.image().pixels()
    )
}
