//! The Samples view: what keys and mouse do on the wall, by messages alone; how it looks; and
//! that its numbers are the lens's.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod counted;

use std::sync::Arc;

use ae_tui::{
    data::Labels,
    lens::Sample,
    message::{
        Ask, Losses, News, Observation, Order, Phase, SampleId, SamplesAnswer, SamplesAsk, Seen,
        SplitName, Strange, Strangers, Wall, count_beyond,
    },
    ui::{
        app::App,
        pointer::{Button, Pointer, Side},
        theme::{Depth, Glyphs},
        update::{Message, update},
    },
};
use crossterm::event::{KeyCode, KeyEvent};

use crate::{
    ASCII, PLAIN, SIZES, drawn,
    fixture::{app, data, hear, observation},
    rows, theme,
};

const WHOLE: (u16, u16) = (120, 36);
const SMALL: (u16, u16) = (80, 24);
const SMALLEST: (u16, u16) = (60, 20);

fn keys(app: &mut App, keys: &str) {
    for key in keys.chars() {
        let key = match key {
            '\n' => KeyCode::Enter,
            '\u{1b}' => KeyCode::Esc,
            other => KeyCode::Char(other),
        };
        press(app, key);
    }
}

fn press(app: &mut App, key: KeyCode) {
    update(app, Message::Key(KeyEvent::from(key)));
    answer(app, &SHAPES[0]);
}

fn window(app: &mut App, size: (u16, u16)) {
    update(app, Message::Screen(size));
    answer(app, &SHAPES[0]);
}

/// What the losses are made of.
struct Shape {
    step: u64,
    /// The loss of an image, by its number and how many there are.
    loss: fn(usize) -> f32,
    strange: fn(usize) -> f32,
}

const SHAPES: [Shape; 3] = [
    Shape {
        step: 6600,
        // A heap with a tail, in an order that is none.
        loss: |n| 0.12 + 0.1 * spread(n) + 0.2 * spread(n).powi(4),
        strange: |n| 0.24 + 0.2 * spread(3 * n + 1),
    },
    Shape {
        step: 0,
        loss: |_| f32::NAN,
        strange: |n| {
            if n.is_multiple_of(2) {
                f32::INFINITY
            } else {
                -1.0
            }
        },
    },
    Shape {
        step: 6600,
        loss: |_| 0.0,
        strange: |_| 1e30,
    },
];

/// From 0 to 1, and all of it.
fn spread(n: usize) -> f32 {
    (n * 73 % 200) as f32 / 200.0
}

fn losses_of(shape: &Shape, count: usize) -> Losses {
    let by_image: Vec<f32> = (0..count).map(shape.loss).collect();
    let mut sorted = by_image.clone();
    sorted.sort_unstable_by(f32::total_cmp);
    let of_digit = |digit| {
        let own: Vec<f32> = by_image.iter().copied().skip(digit).step_by(10).collect();
        own.iter().sum::<f32>() / own.len() as f32
    };
    let digits = (0..10).map(of_digit).collect();
    Losses {
        step: shape.step,
        by_image,
        sorted,
        digits,
        range: [0.03, 0.5],
    }
}

/// What an observer would answer, of images that the fixture has.
fn answer_to(ask: &SamplesAsk, seen: &Observation, shape: &Shape) -> SamplesAnswer {
    let data = data();
    let split = ask.split.of(&data);
    let losses = losses_of(shape, split.len());
    let beyond = |n: usize| ask.sort.beyond.is_none_or(|line| losses.by_image[n] > line);
    let images = (0..split.len()).filter(|&n| ask.sort.labels.contains(split.label(n)));
    let mut order: Vec<u32> = images.filter(|&n| beyond(n)).map(|n| n as u32).collect();
    let loss = |n: u32| losses.by_image[n as usize];
    match ask.sort.order {
        Order::Worst => order.sort_by(|&a, &b| loss(b).total_cmp(&loss(a))),
        Order::Best => order.sort_by(|&a, &b| loss(a).total_cmp(&loss(b))),
        _ => {}
    }
    let last = order.len().min(ask.first + ask.count);
    let shown = order.get(ask.first..last).unwrap_or_default();
    let picture = |&n: &u32| Sample {
        index: n as usize,
        loss: loss(n),
        ..seen.row.samples[n as usize % 10].clone()
    };
    let mut sorted: Vec<f32> = (0..split.len()).map(shape.strange).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    SamplesAnswer {
        step: shape.step,
        split: ask.split,
        first: ask.first,
        page: shown.iter().map(picture).collect(),
        wall: Arc::new(Wall {
            sort: ask.sort,
            order,
            step: follows_losses(ask.sort.order).then_some(shape.step),
            waits: false,
        }),
        real: Some(Arc::new(losses_of(shape, split.len()))),
        losses: Some(Arc::new(losses)),
        strangers: Some(Arc::new(Strange {
            who: ask.strangers,
            step: shape.step,
            sorted,
            auc: Some(0.75),
        })),
    }
}

fn asked(app: &App) -> &SamplesAsk {
    match &app.told.ask {
        Ask::Samples(ask) => ask,
        other => panic!("{other:?}"),
    }
}

/// The observer answers what it was told last, until that is answered.
fn answer(app: &mut App, shape: &Shape) {
    while let (Some(seen), Ask::Samples(ask)) = (app.seen.clone(), app.told.ask.clone()) {
        let mut seen = (*seen).clone();
        let row = Arc::make_mut(&mut seen.row);
        row.chosen = app.sample;
        let first = app.sample.index - app.sample.index % 10;
        for (index, sample) in (first..).zip(&mut row.samples) {
            (sample.index, sample.loss) = (index, (shape.loss)(index));
        }
        let answer = answer_to(&ask, &seen, shape);
        seen.answers.samples = Some(Arc::new(answer));
        hear(app, News::Observed(Arc::new(seen)));
        if asked(app) == &ask {
            break;
        }
    }
}

/// The view in a window of that size, with everything known.
fn view(size: (u16, u16)) -> App {
    let mut app = app(observation(6600, Phase::Training));
    window(&mut app, size);
    keys(&mut app, "gs");
    app
}

fn point(app: &mut App, button: Button, (column, row): (u16, u16), size: (u16, u16)) {
    let pointer = Pointer {
        button,
        side: Side::Left,
        column,
        row,
    };
    update(app, Message::Mouse(pointer, size));
    answer(app, &SHAPES[0]);
}

fn text(app: &App, size: (u16, u16)) -> String {
    rows(&drawn(app, PLAIN, size)).join("\n")
}

/// The order of the wall as it was asked for last.
fn order(app: &App) -> Vec<u32> {
    let answers = &app.seen.as_ref().unwrap().answers;
    answers.samples.as_ref().unwrap().wall.order.clone()
}

fn rank(app: &App) -> usize {
    let place = order(app)
        .iter()
        .position(|&n| n as usize == app.sample.index);
    place.unwrap()
}

/// Whether an order follows from what the images cost.
const fn follows_losses(order: Order) -> bool {
    matches!(order, Order::Worst | Order::Best | Order::Digit)
}

#[test]
fn the_page_has_the_chosen_image_and_arrows_walk_the_wall_in_its_order() {
    let mut app = view(WHOLE);
    assert_eq!((asked(&app).first, asked(&app).count), (100, 20));
    // Nothing is to be left: the page stays, and comes back with all images.
    for with_all in ["\u{1b}", "3\u{1b}"] {
        keys(&mut app, with_all);
        assert_eq!(asked(&app).first, 100);
    }
    keys(&mut app, "o");
    assert_eq!(
        (asked(&app).sort.order, asked(&app).first),
        (Order::Worst, 0)
    );
    // The chosen one is elsewhere: an arrow takes the first that is seen.
    press(&mut app, KeyCode::Right);
    assert_eq!(rank(&app), 0);
    press(&mut app, KeyCode::Right);
    press(&mut app, KeyCode::Down);
    assert_eq!(rank(&app), 11);
    press(&mut app, KeyCode::Down);
    assert_eq!((rank(&app), asked(&app).first), (21, 20));
    press(&mut app, KeyCode::Up);
    press(&mut app, KeyCode::Left);
    assert_eq!((rank(&app), asked(&app).first), (10, 0));
    press(&mut app, KeyCode::End);
    assert_eq!((rank(&app), asked(&app).first), (199, 180));
    press(&mut app, KeyCode::Right);
    assert_eq!(rank(&app), 199);
    press(&mut app, KeyCode::Home);
    assert_eq!((rank(&app), asked(&app).first), (0, 0));
    // In a narrow window a row has five.
    window(&mut app, SMALL);
    press(&mut app, KeyCode::Down);
    assert_eq!(
        (rank(&app), asked(&app).first, asked(&app).count),
        (5, 5, 5)
    );
}

#[test]
fn steps_that_are_asked_for_before_their_order_has_come_are_taken_in_it() {
    let mut app = view(WHOLE);
    let chosen = app.sample;
    let unanswered = |app: &mut App, key| {
        update(app, Message::Key(KeyEvent::from(key)));
    };
    for key in [KeyCode::Char('o'), KeyCode::Right, KeyCode::Right] {
        unanswered(&mut app, key);
    }
    unanswered(&mut app, KeyCode::Down);
    assert_eq!(app.sample, chosen, "nobody knows yet where that is");
    answer(&mut app, &SHAPES[0]);
    assert_eq!(asked(&app).sort.order, Order::Worst);
    assert_eq!(rank(&app), 11);
    unanswered(&mut app, KeyCode::Char('o'));
    unanswered(&mut app, KeyCode::End);
    answer(&mut app, &SHAPES[0]);
    assert_eq!((asked(&app).sort.order, rank(&app)), (Order::Best, 199));
    // Whoever leaves the view takes none.
    unanswered(&mut app, KeyCode::Char('o'));
    unanswered(&mut app, KeyCode::Home);
    let chosen = app.sample;
    for key in "gtgs".chars() {
        unanswered(&mut app, KeyCode::Char(key));
    }
    answer(&mut app, &SHAPES[0]);
    assert_eq!(app.sample, chosen);
}

#[test]
fn losses_that_are_behind_what_is_looked_at_say_of_which_step_they_are() {
    let mut app = view(WHOLE);
    assert!(!text(&app, WHOLE).contains("at step"));
    let earlier = Shape {
        step: 6400,
        ..SHAPES[0]
    };
    answer(&mut app, &earlier);
    for (size, times) in [(WHOLE, 2), (SMALL, 1)] {
        let screen = text(&app, size);
        assert!(screen.matches("at step 6,400").count() >= times, "{screen}");
    }
}

#[test]
fn pages_turn_and_the_chosen_image_stays_until_an_arrow_takes_one_of_theirs() {
    let mut app = view(WHOLE);
    let chosen = app.sample;
    press(&mut app, KeyCode::PageDown);
    assert_eq!((asked(&app).first, app.sample), (120, chosen));
    for _ in 0..9 {
        press(&mut app, KeyCode::PageDown);
    }
    assert_eq!(asked(&app).first, 180, "the last page is full");
    press(&mut app, KeyCode::PageUp);
    press(&mut app, KeyCode::Left);
    assert_eq!((asked(&app).first, app.sample.index), (160, 160));
    // Whoever goes to an image elsewhere sees it on the wall.
    keys(&mut app, "g7\n");
    assert_eq!((asked(&app).first, app.sample.index), (0, 7));
    keys(&mut app, "gtgs");
    assert_eq!((asked(&app).first, app.sample.index), (0, 7));
}

#[test]
fn the_order_is_chosen_in_turn_and_each_choice_is_another() {
    let mut app = view(WHOLE);
    let mut orders = Vec::new();
    for turn in 0..5 {
        let sort = asked(&app).sort;
        assert_eq!(sort.turn, turn);
        orders.push(sort.order);
        keys(&mut app, "o");
    }
    let all = [
        Order::Index,
        Order::Worst,
        Order::Best,
        Order::Digit,
        Order::Nearest(app.sample),
    ];
    assert_eq!(orders, all);
    assert_eq!(asked(&app).sort.order, Order::Index);
}

#[test]
fn digits_are_filtered_and_the_wall_is_seen_from_its_beginning() {
    let mut app = view(WHOLE);
    keys(&mut app, "37");
    let labels: Vec<u8> = asked(&app).sort.labels.iter().collect();
    assert_eq!((labels, asked(&app).first), (vec![3, 7], 0));
    assert!(order(&app).iter().all(|n| [3, 7].contains(&(n % 10))));
    press(&mut app, KeyCode::Right);
    assert_eq!(app.sample.index, 3);
    keys(&mut app, "\u{1b}");
    assert_eq!(asked(&app).sort.labels, Labels::ALL);
}

#[test]
fn the_line_moves_by_keys_and_mouse_and_the_wall_shows_what_lies_beyond() {
    let mut app = view(WHOLE);
    let losses = losses_of(&SHAPES[0], 200);
    keys(&mut app, "\n");
    // One in a hundred at first.
    assert_eq!(order(&app).len(), 2);
    keys(&mut app, "<<");
    let line = asked(&app).sort.beyond.unwrap();
    let bin = (0.5 - 0.03) / 53.0;
    let place = (line - 0.03) / bin;
    // On an edge, up to the last bits of the division.
    assert!((place - place.round()).abs() < 1e-3, "{place}");
    assert_eq!(order(&app).len(), count_beyond(&losses.sorted, line));
    keys(&mut app, ">");
    let next = asked(&app).sort.beyond.unwrap();
    assert!((next - line - bin).abs() < 1e-5, "{line} to {next}");
    // The histogram's first bin is column 4; a drag that leaves stays at its ends.
    point(&mut app, Button::Pressed, (4 + 20, 28), WHOLE);
    let line = asked(&app).sort.beyond.unwrap();
    assert!((line - 0.03 - 20.0 * bin).abs() < 1e-5, "{line}");
    point(&mut app, Button::Dragged, (119, 2), WHOLE);
    let end = asked(&app).sort.beyond;
    assert!((end.unwrap() - 0.5).abs() < 1e-6, "{end:?}");
    assert!(order(&app).is_empty());
    assert!(text(&app, WHOLE).contains("no image costs more than .500"));
    point(&mut app, Button::Released, (119, 2), WHOLE);
    point(&mut app, Button::Dragged, (20, 28), WHOLE);
    assert_eq!(asked(&app).sort.beyond, end, "nobody holds it");
    keys(&mut app, "\u{1b}");
    assert_eq!(asked(&app).sort.beyond, None);
    assert_eq!(order(&app).len(), 200);
}

#[test]
fn the_wheel_turns_rows_and_a_click_chooses() {
    let mut app = view(WHOLE);
    point(&mut app, Button::WheelDown, (30, 10), WHOLE);
    assert_eq!((asked(&app).first, app.sample.index), (110, 110));
    point(&mut app, Button::WheelUp, (30, 10), WHOLE);
    point(&mut app, Button::WheelUp, (30, 10), WHOLE);
    assert_eq!((asked(&app).first, app.sample.index), (90, 110));
    // The fourteenth pair.
    point(&mut app, Button::Pressed, (37, 15), WHOLE);
    assert_eq!((asked(&app).first, app.sample.index), (90, 103));
    // Between two pairs, below the wall, and off the screen.
    for outside in [(47, 15), (100, 33), (500, 500)] {
        point(&mut app, Button::Pressed, outside, WHOLE);
        assert_eq!(app.sample.index, 103);
    }
}

#[test]
fn strangers_are_chosen_from_a_list_that_esc_closes() {
    let mut app = view(WHOLE);
    assert_eq!(asked(&app).strangers, Strangers::Turned);
    keys(&mut app, "jj");
    let walked = app.sample;
    keys(&mut app, "i");
    assert!(text(&app, WHOLE).contains("▸ turned 90°"));
    keys(&mut app, "jj");
    assert_eq!(
        (asked(&app).strangers, app.sample),
        (Strangers::Negative, walked)
    );
    keys(&mut app, "jjjj");
    assert_eq!(asked(&app).strangers, Strangers::Noisy);
    assert!(text(&app, WHOLE).contains("▸ noise"));
    keys(&mut app, "\u{1b}j");
    assert_ne!(app.sample, walked);
    assert!(text(&app, WHOLE).contains("loss of each digit"));
}

#[test]
fn an_order_that_the_losses_have_left_behind_says_so() {
    let mut app = view(WHOLE);
    keys(&mut app, "o");
    assert!(
        text(&app, WHOLE).contains("\nworst first") || text(&app, WHOLE).contains(" worst first")
    );
    let mut seen = (**app.seen.as_ref().unwrap()).clone();
    let before = seen.answers.samples.as_ref().unwrap();
    let later = SamplesAnswer {
        step: 7000,
        ..(**before).clone()
    };
    seen.answers.samples = Some(Arc::new(later));
    hear(&mut app, News::Observed(Arc::new(seen)));
    assert!(text(&app, WHOLE).contains("~worst first"));
}

#[test]
fn strangers_of_another_moment_are_not_held_against_one_that_is_past() {
    let mut app = view(WHOLE);
    assert!(text(&app, WHOLE).contains("of turned"));
    let mut seen = (**app.seen.as_ref().unwrap()).clone();
    seen.seen = Seen {
        step: 100,
        past: Some(100),
        plays: false,
    };
    let mut losses = losses_of(&SHAPES[0], 200);
    losses.step = 100;
    let answer = SamplesAnswer {
        step: 100,
        real: Some(Arc::new(losses)),
        ..(**seen.answers.samples.as_ref().unwrap()).clone()
    };
    seen.answers.samples = Some(Arc::new(answer));
    hear(&mut app, News::Observed(Arc::new(seen)));
    let text = text(&app, WHOLE);
    assert!(text.contains("of real") && !text.contains("of turned"));
}

#[test]
fn losses_of_another_moment_are_not_those_of_one_that_is_past() {
    let mut app = view(WHOLE);
    assert!(text(&app, WHOLE).contains("of real"));
    let mut seen = (**app.seen.as_ref().unwrap()).clone();
    seen.seen = Seen {
        step: 100,
        past: Some(100),
        plays: false,
    };
    let answer = SamplesAnswer {
        step: 100,
        ..(**seen.answers.samples.as_ref().unwrap()).clone()
    };
    seen.answers.samples = Some(Arc::new(answer));
    hear(&mut app, News::Observed(Arc::new(seen)));
    assert!(!text(&app, WHOLE).contains("of real"));
}

/// Every state of the view, for the sweeps.
fn states() -> Vec<App> {
    let mut all = Vec::new();
    let mut unanswered = app(observation(6600, Phase::Training));
    update(
        &mut unanswered,
        Message::Key(KeyEvent::from(KeyCode::Char('g'))),
    );
    update(
        &mut unanswered,
        Message::Key(KeyEvent::from(KeyCode::Char('s'))),
    );
    all.push(unanswered);
    for pressed in ["", "o", "o\n", "i", "iv", "oo3", "t", "tooo"] {
        let mut app = view(WHOLE);
        keys(&mut app, pressed);
        all.push(app);
    }
    for shape in &SHAPES[1..] {
        let mut app = view(WHOLE);
        answer(&mut app, shape);
        all.push(app);
    }
    // An answer that lacks all that takes its time.
    let mut app = view(WHOLE);
    let mut seen = (**app.seen.as_ref().unwrap()).clone();
    let answer = SamplesAnswer {
        losses: None,
        real: None,
        strangers: None,
        ..(**seen.answers.samples.as_ref().unwrap()).clone()
    };
    seen.answers.samples = Some(Arc::new(answer));
    hear(&mut app, News::Observed(Arc::new(seen)));
    all.push(app);
    all
}

#[test]
fn no_size_of_a_window_makes_the_view_fail() {
    let states = states();
    for width in (0..=130).step_by(3).chain((131..=220).step_by(9)) {
        for height in 0..=70 {
            let turn = usize::from(width + height);
            for app in states.iter().skip(turn % 4).step_by(4) {
                drawn(app, PLAIN, (width, height));
            }
        }
    }
    for app in &states {
        for size in SIZES {
            for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True] {
                for glyphs in [Glyphs::Blocks, Glyphs::Ascii] {
                    drawn(app, theme(depth, glyphs), size);
                }
            }
            let ascii = rows(&drawn(app, ASCII, size)).join("");
            let strange = ascii.chars().find(|letter| !letter.is_ascii());
            assert_eq!(strange, None, "{size:?}");
        }
    }
}

#[test]
fn keys_and_clicks_in_any_state_leave_a_sample_that_exists() {
    for mut app in states() {
        for (column, row) in [(0, 0), (5, 5), (40, 30), (119, 35), (900, 900)] {
            for button in [
                Button::Pressed,
                Button::Dragged,
                Button::Released,
                Button::WheelDown,
            ] {
                point(&mut app, button, (column, row), WHOLE);
            }
        }
        for key in "hjkl<>oivnNrc\n\u{1b}".chars() {
            keys(&mut app, &key.to_string());
            assert!(app.sample.index < 200);
        }
    }
}

#[test]
fn other_data_and_a_filter_without_images_are_told_calmly() {
    let mut app = view(SMALL);
    let mut seen = (**app.seen.as_ref().unwrap()).clone();
    let before = seen.answers.samples.as_ref().unwrap();
    let none = SamplesAnswer {
        wall: Arc::new(Wall {
            order: Vec::new(),
            ..(*before.wall).clone()
        }),
        page: Arc::new([]),
        ..(**before).clone()
    };
    seen.answers.samples = Some(Arc::new(none));
    hear(&mut app, News::Observed(Arc::new(seen)));
    assert!(text(&app, SMALL).contains("no image in this data"));
    for key in [KeyCode::Right, KeyCode::PageDown, KeyCode::End] {
        update(&mut app, Message::Key(KeyEvent::from(key)));
        assert_eq!(app.sample.index, 110);
    }
    app.filter = [3].into_iter().collect();
    assert!(text(&app, SMALL).contains("no image of that digit in this data"));
}

fn keep(name: &str, app: &App, size: (u16, u16)) {
    let screen = drawn(app, PLAIN, size);
    let lines = rows(&screen);
    let lines: Vec<&str> = lines.iter().map(|row| row.trim_end()).collect();
    let name = format!("{name}-{}x{}", size.0, size.1);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, lines.join("\n"));
    });
}

#[test]
fn the_view_looks_as_it_did() {
    for size in [WHOLE, SMALL, SMALLEST] {
        let mut app = view(size);
        keys(&mut app, "o");
        for _ in 0..4 {
            press(&mut app, KeyCode::Right);
        }
        keep("samples-worst", &app, size);
    }
    let mut app = view(WHOLE);
    keys(&mut app, "<<<<\niv");
    keep("samples-beyond-the-line", &app, WHOLE);
}

#[test]
fn the_numbers_beside_the_line_are_counted() {
    let mut app = view(WHOLE);
    keys(&mut app, "<<<<<<<<\n");
    let line = asked(&app).sort.beyond.unwrap();
    let losses = losses_of(&SHAPES[0], 200);
    let mut strange: Vec<f32> = (0..200).map(SHAPES[0].strange).collect();
    strange.sort_unstable_by(f32::total_cmp);
    let percent = |sorted: &[f32]| {
        let beyond = sorted.iter().filter(|&&loss| loss > line).count();
        format!("{:.0}%", beyond as f64 / 2.0)
    };
    let beyond = losses.by_image.iter().filter(|&&loss| loss > line).count();
    let text = text(&app, WHOLE);
    for words in [
        format!("{} of real", percent(&losses.sorted)),
        format!("{} of turned", percent(&strange)),
        format!("{beyond} images"),
        format!("1-{} of {beyond} test images", beyond.min(20)),
        format!("threshold {line:.3}").replace("0.", "."),
        "all 200 losses".into(),
        "ROC area 0.750".into(),
    ] {
        assert!(text.contains(&words), "{words}\n{text}");
    }
    let chosen = losses.by_image[app.sample.index];
    let worse = losses
        .by_image
        .iter()
        .filter(|&&loss| loss > chosen)
        .count();
    let better = losses
        .by_image
        .iter()
        .filter(|&&loss| loss < chosen)
        .count();
    let words = if worse < better {
        "worst of 200"
    } else {
        "best of 200"
    };
    assert!(text.contains(&format!("{}", worse.min(better) + 1)) && text.contains(words));
    let id = SampleId {
        split: SplitName::Test,
        index: 110,
    };
    assert_eq!(app.sample, id);
}
