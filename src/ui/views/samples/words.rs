//! What is said of the images, in as many words as there is room for.

use ratatui::buffer::Buffer;

use super::{
    layout::{Chosen, Layout},
    place,
};
use crate::{
    data::Labels,
    message::{Losses, Order, SamplesAnswer, SplitName, Strangers, Wall},
    ui::{app::App, theme::Glyphs, views::Stage, widget::text},
    words::grouped,
};

/// What the histogram teaches.
const LESSON: &str = "What it cannot redraw it has not seen.";

/// A loss in four columns at most: `.415`.
pub(super) fn short(loss: f32) -> String {
    match loss.abs() {
        ..0.9995 => format!("{loss:.3}").replacen("0.", ".", 1),
        ..9.995 => format!("{loss:.2}"),
        ..99.95 => format!("{loss:.1}"),
        ..9999.5 => format!("{loss:.0}"),
        _ => format!("{loss:.0e}"),
    }
}

/// A share in few columns: `11%`; of less than one in a hundred, its tenths.
pub(super) fn share(share: f64) -> String {
    match share * 100.0 {
        percent if percent.is_nan() => "-".into(),
        percent if percent > 0.0 && percent < 0.95 => format!("{percent:.1}%"),
        percent => format!("{percent:.0}%"),
    }
}

/// What the order is called. With `~` it has aged: the images cost something else by now.
pub(super) fn of_order(app: &App, answer: Option<&SamplesAnswer>) -> String {
    let name = match app.places.samples.order {
        Order::Index => "by index".into(),
        Order::Worst => "worst first".into(),
        Order::Best => "best first".into(),
        Order::Digit => format!("by {}, worst first", app.classes().word()),
        Order::Nearest(image) => format!("nearest to {}", image.index),
    };
    let wall = answer.map(|answer| &answer.wall);
    let name = match (wall, app.places.samples.line) {
        (Some(wall), _) if wall.waits => format!("{name}, soon"),
        (_, Some(line)) if app.places.samples.beyond => {
            format!("{name}, beyond {}", short(line))
        }
        _ => name,
    };
    let aged = answer.is_some_and(|answer| has_aged(&answer.wall, answer));
    if aged { format!("~{name}") } else { name }
}

fn has_aged(wall: &Wall, answer: &SamplesAnswer) -> bool {
    // The losses beside the pictures are of their step.
    wall.step.is_some_and(|sorted| sorted != answer.step)
}

/// Which images are on the page, the longest words first.
pub(super) fn of_page(app: &App, answer: &SamplesAnswer) -> Vec<String> {
    let all = answer.wall.order.len();
    if answer.page.is_empty() {
        return Vec::new();
    }
    // In the order of the data their numbers, from 0 on; in others their ranks, from 1.
    let sort = answer.wall.sort;
    let plain = sort.order == Order::Index && sort.labels == Labels::ALL && sort.beyond.is_none();
    let first = answer.first + usize::from(!plain);
    let last = first + answer.page.len() - 1;
    let [first, last, all] = [first, last, all].map(|number| grouped(number as u64));
    let short = format!("{first}-{last} of {all}");
    vec![format!("{short} {}", split(app)), short]
}

/// What the images of the split that is looked at are called.
fn split(app: &App) -> &'static str {
    match app.sample.split {
        SplitName::Train => "training images",
        SplitName::Test => "test images",
        SplitName::Unseen => "images never seen",
    }
}

/// Why there is no image on the wall.
pub(super) fn of_none(app: &App, wall: &Wall) -> String {
    match wall.sort.beyond {
        _ if wall.waits => "the losses are measured as soon as there is time".into(),
        Some(line) => format!("no image costs more than {}", short(line)),
        None if app.filter == Labels::ALL => "no image in this data".into(),
        None => app.classes().said("no image of that digit in this data"),
    }
}

/// What strangers are called.
pub(super) fn of_strangers(who: Strangers, glyphs: Glyphs) -> &'static str {
    match (who, glyphs) {
        (Strangers::Turned, Glyphs::Blocks) => "turned 90°",
        (Strangers::Turned, Glyphs::Ascii) => "turned 90",
        (Strangers::UpsideDown, _) => "upside down",
        (Strangers::Negative, _) => "negative",
        (Strangers::Noisy, _) => "noise",
        (Strangers::Unseen, _) => "never seen",
    }
}

/// The same, of a share of them.
pub(super) fn of_strangers_beyond(who: Strangers) -> &'static str {
    match who {
        Strangers::Turned => "turned",
        Strangers::UpsideDown => "inverted",
        Strangers::Negative => "negative",
        Strangers::Noisy => "noisy",
        Strangers::Unseen => "unseen",
    }
}

/// How many images cost more than this one, and how it stands among them: `8th worst`.
pub(super) fn rank(losses: &Losses, index: usize) -> Option<String> {
    let loss = *losses.by_image.get(index)?;
    let all = losses.sorted.len();
    let better = losses
        .sorted
        .partition_point(|other| other.total_cmp(&loss).is_lt());
    let not_worse = losses
        .sorted
        .partition_point(|other| other.total_cmp(&loss).is_le());
    let worse = all - not_worse;
    Some(if worse < better {
        nth(worse + 1, "worst")
    } else {
        nth(better + 1, "best")
    })
}

fn nth(place: usize, of: &str) -> String {
    let ending = match (place % 10, place % 100) {
        _ if place == 1 => return of.into(),
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{}{ending} {of}", grouped(place as u64))
}

/// The lines of words: below the histogram, or the narrator's.
pub(super) fn render(stage: &Stage, layout: &Layout, buf: &mut Buffer) {
    let theme = stage.theme;
    if let Some(area) = layout.words {
        let long = format!("{LESSON} < > move the line.");
        let words = if text::width(&long) <= area.width {
            &long
        } else {
            LESSON
        };
        text::left(buf, area, &[(words, theme.dim())]);
    }
    let Some(area) = layout.narrator else { return };
    if place::is_choosing(stage.app) {
        let words = format!(
            "strangers: {}",
            of_strangers(place::strangers(stage.app), theme.glyphs)
        );
        let end = text::left(buf, area, &[(&words, theme.text())]);
        let rest = ratatui::layout::Rect {
            x: end,
            width: area.right() - end,
            ..area
        };
        let keys = [("  j k", theme.accent()), (" choose", theme.dim())];
        text::left(buf, rest, &keys);
        return;
    }
    let rank = place::losses(stage.app)
        .filter(|_| matches!(layout.chosen, Chosen::Above(..)))
        .and_then(|losses| rank(losses, stage.app.sample.index));
    let lesson = match rank {
        Some(rank) => format!("{}: what it cannot redraw it has not seen.", capital(&rank)),
        None => LESSON.into(),
    };
    text::left(buf, area, &[(&lesson, theme.text())]);
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
