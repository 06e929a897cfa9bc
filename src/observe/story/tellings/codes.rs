//! What the codes of all held-out images are like: how many numbers are in use, and which classes
//! have a place of their own.

use super::{Telling, at, capital, first_that_fits, hundredths, loss, paragraph, press, so};
use crate::{
    data::Classes,
    message::{About, Confusion, Pane, Press, Shared, Why},
    observe::story::ground::Ground,
    words::{grouped, number_word},
};

/// How many numbers of the code are other than zero for some of so many images.
#[derive(Debug, Clone, Copy)]
pub(in crate::observe::story) struct Kept {
    pub(in crate::observe::story) live: usize,
    pub(in crate::observe::story) all: usize,
    /// Those that were before, where it was told.
    pub(in crate::observe::story) before: Option<usize>,
    pub(in crate::observe::story) images: usize,
}

/// So many numbers of the code are in use.
pub(in crate::observe::story) fn in_use(kept: Kept, ground: &Ground) -> Telling {
    let Kept {
        live,
        all,
        before,
        images,
    } = kept;
    let images = grouped(images as u64);
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    if live == all {
        let words = match all {
            1 => "Now it uses its one number.".into(),
            2 => "Now it uses both of its numbers.".into(),
            all => format!("Now it uses all {all} of its numbers."),
        };
        let each =
            format!("Every number of the code is now other than zero for some of {images} images.");
        let opens = so(
            all == 2 && before == Some(1),
            "The line on the map opens to a plane.",
        );
        let rest = "Images that had to share a code can move apart, and so the loss can fall \
                    further.";
        return Telling::new(
            words,
            Why {
                paragraph: paragraph([&each, &opens, rest]),
                press: vec![press(",", "before it"), press(".", "after it")],
                ..at(Pane::Map, "the map")
            },
        );
    }
    let some = if live == 0 {
        "none".into()
    } else {
        live.to_string()
    };
    let silent = all - live;
    let silent_ones = match silent {
        1 => "but 1 of them is".into(),
        _ if live == 0 => "and each is".into(),
        silent => format!("but {silent} of them are"),
    };
    let first = format!(
        "The code has {}, {silent_ones} zero for every one of {images} images{}.",
        ground.numbers(),
        if ground.cuts {
            ": what would be negative is set to zero"
        } else {
            ""
        }
    );
    let first = if all == 1 {
        format!("Its one number is zero for every one of {images} images.")
    } else {
        first
    };
    let alike = match (live, all) {
        (0, _) => "So every image has the same code, and the same picture comes back.",
        (1, 2) => "So all images lie on one line of the map.",
        _ => "",
    };
    let rest = "Often such a number wakes by itself; if it sleeps for an epoch, once through all images, \
                you will be warned.";
    Telling::new(
        format!("It uses {some} of its {all} number{} so far.", plural(all)),
        Why {
            paragraph: paragraph([&first, alike, rest]),
            press: vec![press(".", "one step on")],
            ..at(Pane::Map, "the map")
        },
    )
}

/// A class has a place of its own: so large a share of it.
pub(in crate::observe::story) fn own_place(class: usize, share: f32, ground: &Ground) -> Telling {
    let (label, share) = (class as u8, hundredths(share));
    let one = ground.classes.one(label);
    let (words, first, nobody) = match &ground.classes {
        Classes::Digits => (
            format!("The {class}s have found a place of their own."),
            format!(
                "{share} of 100 {digits} lie where {digits} are the most frequent digit.",
                digits = plural(digit(class))
            ),
            format!(
                "Nobody told the network what {one} is: the digits only colour the map, for you."
            ),
        ),
        _ => (
            first_that_fits([
                format!("{} has found a place of its own.", capital(&one)),
                format!("Class {class} has found a place of its own."),
            ]),
            format!("{share} of 100 images of {one} lie where that is the most frequent class."),
            "Nobody told the network of any class: labels only colour the map, for you.".into(),
        ),
    };
    let rest = "Similar strokes can be drawn from similar numbers, so they come to lie side by side. \
                That region is their territory.";
    let rest = if ground.classes == Classes::Digits {
        rest.to_owned()
    } else {
        rest.replace("Similar strokes", "Images that look alike")
    };
    Telling::new(
        words,
        Why {
            about: About::OwnPlace(label),
            paragraph: paragraph([&first, &nobody, &rest]),
            press: only(&[class], ground),
            ..at(Pane::Map, "the map and its marks")
        },
    )
}

/// Two classes, the lower first, share a place; `looked_at` is the one that is drawn worse.
pub(in crate::observe::story) fn shared_place(shared: Shared, ground: &Ground) -> Telling {
    let [lower, higher] = shared.classes.map(usize::from);
    let looked_at = usize::from(shared.looked_at);
    let one = |class: usize| ground.classes.one(class as u8);
    let words = match &ground.classes {
        Classes::Digits => {
            format!(
                "{lower} and {higher} share a place; see what becomes of {}.",
                one(looked_at)
            )
        }
        Classes::Numbered(_) => {
            format!("Classes {lower} and {higher} share a place; see class {looked_at}.")
        }
        _ => first_that_fits([
            format!(
                "{} and {} share a place; see {}.",
                capital(&one(lower)),
                one(higher),
                one(looked_at)
            ),
            format!(
                "{} and {} share a place.",
                capital(&one(lower)),
                one(higher)
            ),
            format!("Classes {lower} and {higher} share a place; see class {looked_at}."),
        ]),
    };
    let other = if looked_at == lower { higher } else { lower };
    let alike = match &ground.classes {
        Classes::Digits => format!("Similar strokes get nearly the same {}.", ground.numbers()),
        _ => format!(
            "Images that look alike get nearly the same {}.",
            ground.numbers()
        ),
    };
    let measured = shared.confusion.map_or_else(String::new, |confusion| {
        counted(confusion, [looked_at, other], ground)
    });
    let blur = so(
        !measured.is_empty(),
        "The blur says: it is one of these, and I cannot tell which.",
    );
    let mut keys = only(&[lower, higher], ground);
    if let Some(confusion) = shared.confusion {
        let such = match &ground.classes {
            Classes::Digits => format!("such {}", one(looked_at)),
            _ => "such an image".into(),
        };
        keys.push(press(&format!("g {} enter", confusion.example), such));
    }
    Telling::new(
        words,
        Why {
            about: About::SharedPlace(shared),
            paragraph: paragraph([&alike, &measured, &blur]),
            press: keys,
            ..at(Pane::Map, "their two colours on the map; the green picture")
        },
    )
}

/// What was counted of one class among another.
fn counted(confusion: Confusion, [class, other]: [usize; 2], ground: &Ground) -> String {
    let (images, nearest) = (
        grouped(confusion.images as u64),
        grouped(confusion.nearest as u64),
    );
    let (of, near, sharp) = match &ground.classes {
        Classes::Digits => {
            let [class, other] = [class, other].map(digit);
            (
                format!("Of {images} {}", plural(class)),
                format!("a {other}"),
                format!("a sharp {other} in place of a {class}"),
            )
        }
        classes => {
            let [class, other] = [class, other].map(|class| classes.one(class as u8));
            (
                format!("Of {images} images of {class}"),
                format!("one of {other}"),
                "that sharp image in its place".into(),
            )
        }
    };
    let dearer = so(
        confusion.cost < confusion.sharp,
        format!(
            "There it draws a blur of both, which costs {}; {sharp} would cost {}.",
            loss(confusion.cost),
            loss(confusion.sharp)
        ),
    );
    let near = format!("{of}, {nearest} have {near} as their nearest neighbour.")
        .replace("a eight", "an eight");
    paragraph([&near, &dearer.replace("a eight", "an eight")])
}

/// A digit in letters.
fn digit(digit: usize) -> &'static str {
    const WORDS: [&str; 10] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    WORDS.get(digit).copied().unwrap_or("digit")
}

fn plural(digit: &str) -> String {
    if digit == "six" {
        "sixes".into()
    } else {
        format!("{digit}s")
    }
}

/// The keys that leave these classes alone; of more than ten classes none has one.
fn only(classes: &[usize], ground: &Ground) -> Vec<Press> {
    if ground.classes.count() > 10 {
        return vec![press("#", "a class by its name")];
    }
    let keys: Vec<String> = classes.iter().map(ToString::to_string).collect();
    let words = match classes.len() {
        1 => "only these".to_owned(),
        count => format!("only these {}", number_word(count as u64)),
    };
    vec![press(&keys.join(" "), words)]
}
