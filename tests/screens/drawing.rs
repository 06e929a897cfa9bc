//! The Draw view: what stands on it, and that each number is the one that was answered.

use std::sync::Arc;

use ae_tui::{
    lens::Sample,
    message::{Around, DrawAnswer, Made, Observation, Phase},
    ui::{
        app::App,
        theme::Theme,
        update::{Message, update},
    },
};
use crossterm::event::{
    KeyCode::{self, Char},
    KeyEvent,
};

use crate::{
    ASCII, PLAIN, SIZES, drawn,
    fixture::{app, observation},
    rows,
};

/// What a network made of the chosen sample, and what is told of it.
fn answered(worse_than: f32, farther_than: f32) -> Observation {
    let seen = observation(6600, Phase::Paused);
    let image = seen.row.sample().clone();
    let nearest = Sample {
        index: 9312,
        label: 6,
        ..image.clone()
    };
    let made = Made {
        sample: Sample {
            loss: 0.518,
            code: vec![6.9, 2.7],
            ..image
        },
        place: Some([6.9, 2.7]),
        worse_than: Some(worse_than),
        around: Some(Around {
            nearest,
            gap: 0.21,
            farther_than: Some(farther_than),
            labels: vec![(6, 56), (2, 33), (0, 7), (3, 3), (9, 1)],
        }),
    };
    let mut seen = seen;
    seen.answers.draw = Some(Arc::new(DrawAnswer {
        step: 6600,
        real_at: Some(6600),
        made: Some(made),
    }));
    seen
}

fn looking(seen: Observation, keys: &[KeyCode]) -> App {
    let mut app = app(seen);
    for key in [Char('g'), Char('d')].iter().chain(keys) {
        update(&mut app, Message::Key(KeyEvent::from(*key)));
    }
    app
}

/// As it is entered.
pub(crate) fn entered() -> App {
    looking(answered(0.42, 0.14), &[])
}

/// Noisy, turned, and drawn on.
pub(crate) fn spoilt() -> App {
    let keys = "dllllliLjjjjHh".chars().map(Char);
    looking(answered(1.0, 0.14), &keys.collect::<Vec<_>>())
}

/// With nothing on it.
pub(crate) fn empty() -> App {
    looking(answered(1.0, 1.0), &[KeyCode::Backspace])
}

/// Before anything was answered.
pub(crate) fn waiting() -> App {
    looking(observation(0, Phase::Training), &[])
}

fn text(app: &App, theme: Theme, size: (u16, u16)) -> String {
    rows(&drawn(app, theme, size)).join("\n")
}

#[test]
fn each_number_is_the_one_that_was_answered() {
    let app = spoilt();
    let wide = text(&app, PLAIN, (120, 36));
    for words in [
        "loss 0.518",
        "6.9  2.7",
        "worse than all of them",
        "farther than 14 of 100",
        "56 of 100 are 6s",
        "9312: a 6",
        "your drawing, noisy and turned",
        "Not a digit to this network: it redraws real ones better.",
        "100 nearest codes",
    ] {
        assert!(wide.contains(words), "{words} is missing:\n{wide}");
    }
    let small = text(&app, PLAIN, (80, 24));
    for words in ["loss 0.518", "6.9  2.7", "nearest real 9312: a 6"] {
        assert!(small.contains(words), "{words} is missing:\n{small}");
    }
}

#[test]
fn of_nothing_no_verdict_is_given() {
    for size in SIZES {
        let screen = text(&empty(), PLAIN, size);
        assert!(
            screen.contains("this is what it makes of nothing"),
            "{screen}"
        );
        for words in ["worse", "farther", "Not a digit"] {
            assert!(!screen.contains(words), "{words} at {size:?}");
        }
    }
}

#[test]
fn before_the_first_answer_every_pane_stands_where_it_will() {
    for size in SIZES {
        let (before, after) = (text(&waiting(), ASCII, size), text(&entered(), ASCII, size));
        for title in ["draw here", "reconstruction", "how like a digit"] {
            let places = [&before, &after].map(|screen| screen.find(title));
            assert_eq!(places[0], places[1], "{title} at {size:?}");
        }
    }
}

#[test]
fn the_canvas_shows_what_is_drawn_two_cells_a_pixel() {
    let keys = "dlllllll".chars().map(Char).collect::<Vec<_>>();
    let app = looking(answered(0.42, 0.14), &keys);
    let screen = drawn(&app, PLAIN, (120, 36));
    let ink = |row: u16| {
        let cells = (1..57).map(|column| screen[(column, row)].symbol());
        cells.filter(|symbol| !symbol.trim().is_empty()).count()
    };
    // A stroke of eight pixels in the middle row, softer above and below; nothing at the edges.
    assert_eq!((2..10).map(ink).sum::<usize>(), 0);
    assert!((15..18).all(|row| ink(row) >= 2 * 8));
    // But for the pen, every second cell is like the one before.
    let pairs = (2..30).flat_map(|row| (0..28).map(move |x| (1 + 2 * x, row)));
    let unlike = pairs.filter(|&(x, y)| screen[(x, y)].symbol() != screen[(x + 1, y)].symbol());
    assert_eq!(unlike.count(), 1);
}

#[test]
fn images_of_an_earlier_step_that_judge_a_picture_say_of_which() {
    let mut seen = answered(0.42, 0.14);
    let mut told = (**seen.answers.draw.as_ref().unwrap()).clone();
    told.real_at = Some(6400);
    seen.answers.draw = Some(Arc::new(told));
    let keys = "dllllliLjjjjHh".chars().map(Char);
    let app = looking(seen, &keys.collect::<Vec<_>>());
    let screen = text(&app, PLAIN, (120, 36));
    assert!(screen.contains("at step 6,400"), "{screen}");
}
