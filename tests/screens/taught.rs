//! What teaches: a sentence of the narrator explained, and the tour. Neither covers what it speaks
//! of, every other key works beside them, and each number is one of the run.

use std::sync::Arc;

use ae_tui::{
    data::Labels,
    message::{
        About, Command, Components, Confusion, Look, Measured, News, Note, Observation, Phase,
        Seen, Shared, TriedWidth, When, Why,
    },
    ui::{
        app::{App, Overlay},
        theme::{Depth, Glyphs},
        update::{Message, Request, update},
        views::View,
    },
};
use crossterm::event::{KeyCode, KeyEvent};

use crate::{
    ASCII, PLAIN, drawn,
    fixture::{app, hear, kept, observation, past},
    rows, theme,
};

const SMALLEST: (u16, u16) = (60, 20);
const SMALL: (u16, u16) = (80, 24);
const WHOLE: (u16, u16) = (120, 36);

fn press(app: &mut App, code: KeyCode) -> Vec<Request> {
    update(app, Message::Key(KeyEvent::from(code)))
}

fn types(app: &mut App, letters: &str) -> Vec<Request> {
    let keys = letters.chars().map(KeyCode::Char);
    keys.flat_map(|key| press(app, key)).collect()
}

fn words(app: &App, size: (u16, u16)) -> String {
    let lines = rows(&drawn(app, PLAIN, size));
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    lines
        .join(" ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The tour's card, as it is read on a whole screen.
fn card(app: &App) -> String {
    let rows = rows(&drawn(app, PLAIN, WHOLE));
    let left = rows[23..34]
        .iter()
        .map(|row| row.chars().take(60).collect());
    let left: Vec<String> = left.collect();
    left.join(" ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The run in its fourth epoch, its sentence explained.
fn explained() -> App {
    let mut app = app(kept(observation(6600, Phase::Training)));
    app.look();
    types(&mut app, "w");
    app
}

#[test]
fn a_sentence_is_explained_at_every_size() {
    let app = explained();
    for size in [WHOLE, SMALL, SMALLEST] {
        let screen = words(&app, size);
        for part in [
            "4 and 9 share a place; see what becomes of a 4.",
            "Of 982 fours, 230 have a nine",
            "I cannot tell which.",
            "press 4 9 only these two n the next of this digit",
        ] {
            // The panes beside it have words in the same rows.
            let found = part.split(' ').all(|word| screen.contains(word));
            assert!(found, "{size:?}: {part}\n{screen}");
        }
    }
    let whole = rows(&drawn(&app, PLAIN, WHOLE));
    let at = |row: usize, words: &str| assert!(whole[row].contains(words), "{row}: {}", whole[row]);
    at(23, "why?");
    at(23, "told so far");
    at(24, "0.1 s It knows nothing; every pixel is half grey.");
    at(25, "The same strokes get the same two numbers.");
    assert!(
        whole
            .iter()
            .any(|row| row.contains("look  their two colours"))
    );
    let small = rows(&drawn(&app, PLAIN, SMALL)).join("\n");
    assert!(small.contains("why? 10 of 10"), "{small}");
    // No letter of it is beyond ASCII where the font may have no others.
    assert!(rows(&drawn(&app, ASCII, WHOLE)).join("").is_ascii());
}

#[test]
fn what_was_told_is_walked_and_gone_to() {
    let mut app = explained();
    let marked = |app: &App| {
        let rows = rows(&drawn(app, PLAIN, SMALL));
        let title = rows
            .iter()
            .find_map(|row| row.split("why? ").nth(1).map(str::to_owned));
        title
            .unwrap_or_default()
            .split(' ')
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(marked(&app), "10");
    press(&mut app, KeyCode::Up);
    assert_eq!(marked(&app), "9");
    assert!(words(&app, SMALL).contains("Every image seen once: held-out .220."));
    (0..20).for_each(|_| _ = press(&mut app, KeyCode::Up));
    assert_eq!(marked(&app), "1");
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Down);
    let gaze = press(&mut app, KeyCode::Enter);
    let [Request::Look(Look::Gaze(gaze))] = &gaze[..] else {
        panic!("{gaze:?}")
    };
    // The third was told at step 60.
    assert_eq!(gaze.when, When::At(60));
    assert_eq!(app.overlay, Overlay::Why(Some(2)));
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.overlay, Overlay::None);
    // In the past it is the sentence of that moment that is asked for.
    let then = Seen {
        step: 1300,
        past: Some(1300),
        plays: false,
    };
    let mut seen = past(6600, Phase::Training, then);
    let told = Arc::clone(&seen.curve.told);
    Arc::make_mut(&mut seen.curve).note = told.get(7).cloned();
    hear(&mut app, News::Observed(Arc::new(seen)));
    types(&mut app, "w");
    assert_eq!(marked(&app), "8");
}

#[test]
fn every_other_key_works_while_it_is_explained() {
    let mut app = explained();
    types(&mut app, "49");
    assert_eq!(app.filter, Labels::NONE.with(4).with(9));
    assert!(matches!(app.overlay, Overlay::Why(None)), "it stays");
    let before = app.sample;
    press(&mut app, KeyCode::Right);
    assert_ne!(app.sample, before);
    assert_eq!(types(&mut app, " "), [Request::Command(Command::Pause)]);
    types(&mut app, "p");
    assert!(matches!(app.overlay, Overlay::Settings(_)));
    press(&mut app, KeyCode::Esc);
    // In Latent w walks, and W asks.
    app.view = View::Latent;
    types(&mut app, "w");
    assert_eq!(app.overlay, Overlay::None);
    types(&mut app, "W");
    assert_eq!(app.overlay, Overlay::Why(None));
    types(&mut app, "W");
    assert_eq!(app.overlay, Overlay::None);
    // Before anything is told it says so.
    let mut silent = observation(0, Phase::Training);
    Arc::make_mut(&mut silent.curve).told = Arc::new([]);
    let mut app = self::app(silent);
    types(&mut app, "w");
    assert_eq!(app.overlay, Overlay::None);
    assert!(words(&app, WHOLE).contains("Nothing has been told yet."));
}

/// What is seen of the tour's run: as it is told to do.
fn stage(step: u64, phase: Phase) -> Observation {
    let mut seen = kept(observation(step, phase));
    seen.moment.obeyed = u64::MAX;
    let curve = Arc::make_mut(&mut seen.curve);
    let about = |note: &Note| {
        let about = match note.step {
            60 => About::Average,
            710 => About::OwnPlace(1),
            3750.. => About::SharedPlace(Shared {
                classes: [4, 9],
                looked_at: 4,
                confusion: Some(Confusion {
                    images: 982,
                    nearest: 230,
                    example: 115,
                    cost: 0.202,
                    sharp: 0.832,
                }),
            }),
            _ => About::Else,
        };
        Note {
            why: Arc::new(Why {
                about,
                ..(*note.why).clone()
            }),
            ..note.clone()
        }
    };
    curve.told = curve.told.iter().map(about).collect();
    curve.components = Some(Components {
        count: 2,
        loss: 0.230,
    });
    seen
}

fn show(app: &mut App, seen: Observation) -> Vec<Request> {
    update(app, Message::News(News::Observed(Arc::new(seen))))
}

/// What a stranger reads who takes the tour, for trying it on one: the card of each chapter, and
/// what it answers where a key was pressed.
#[test]
fn the_texts_of_the_tour_are_kept_as_they_are_read() {
    let mut app = begun();
    app.screen = SMALL;
    let mut read = Vec::new();
    let mut card = |app: &App| {
        let rows = rows(&drawn(app, PLAIN, SMALL));
        let top = rows.iter().position(|row| row.contains("tour ")).unwrap();
        let first = rows[top]
            .chars()
            .position(|letter| letter == 't')
            .unwrap_or(0)
            .min(23);
        let lines = rows[top..(top + 7).min(22)].iter();
        let lines = lines.map(|row| {
            row.chars()
                .skip(first)
                .collect::<String>()
                .trim_end()
                .to_owned()
        });
        read.push(lines.collect::<Vec<_>>().join("\n"));
    };
    let moved = |step, phase, index| {
        let mut seen = stage(step, phase);
        Arc::make_mut(&mut seen.row).chosen.index = index;
        seen
    };
    card(&app);
    press(&mut app, KeyCode::Right);
    show(&mut app, moved(0, Phase::Paused, 111));
    card(&app);
    for (step, key) in [
        (1, KeyCode::Right),
        (40, KeyCode::Char(',')),
        (61, KeyCode::Char('.')),
        (1230, KeyCode::Right),
    ] {
        on_to(&mut app, step);
        card(&app);
        press(&mut app, key);
        let then = if key == KeyCode::Char('.') {
            step + 1
        } else {
            step
        };
        show(&mut app, moved(then, Phase::Paused, 112));
        if key != KeyCode::Char(',') {
            card(&app);
        }
    }
    types(&mut app, " ");
    show(&mut app, stage(1875, Phase::Paused));
    card(&app);
    types(&mut app, "1");
    card(&app);
    types(&mut app, " ");
    show(&mut app, stage(3750, Phase::Paused));
    card(&app);
    types(&mut app, "49");
    card(&app);
    types(&mut app, " ");
    show(&mut app, stage(18_750, Phase::Finished));
    card(&app);
    types(&mut app, " ");
    for (width, held_out, told) in [
        (1, 0.232, 0.36),
        (2, 0.202, 0.54),
        (3, 0.182, 0.74),
        (16, 0.116, 0.92),
    ] {
        let pictures = Vec::new();
        let tried = TriedWidth {
            width,
            held_out,
            told,
            first: 110,
            pictures,
        };
        hear(&mut app, News::Tried(tried));
    }
    card(&app);
    types(&mut app, "p");
    press(&mut app, KeyCode::Esc);
    card(&app);
    types(&mut app, " ");
    card(&app);
    types(&mut app, "p");
    press(&mut app, KeyCode::Esc);
    card(&app);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("tour-texts-80x24", read.join("\n\n"));
    });
}

/// The tour before the first step.
fn begun() -> App {
    let mut app = app(observation(0, Phase::Paused));
    app.seen = None;
    app.screen = WHOLE;
    app.take_the_tour();
    show(&mut app, stage(0, Phase::Paused));
    show(&mut app, stage(0, Phase::Paused));
    app
}

/// Goes on, until the run has come to this step and waits.
fn on_to(app: &mut App, step: u64) {
    types(app, " ");
    let asked = show(app, stage(step, Phase::Training));
    assert_eq!(asked, [Request::Command(Command::Pause)], "at step {step}");
    show(app, stage(step, Phase::Paused));
    show(app, stage(step, Phase::Paused));
}

#[test]
fn the_tour_stops_where_something_was_measured_and_goes_on_by_space() {
    let mut app = begun();
    let screen = card(&app);
    assert!(screen.contains("tour 1 of 10: what it sees"), "{screen}");
    assert!(screen.contains("28 by 28 pixels, 784 numbers"), "{screen}");
    // It does not go on by itself.
    assert_eq!(show(&mut app, stage(0, Phase::Paused)), []);
    assert_eq!(types(&mut app, " "), [Request::Command(Command::Resume)]);
    let mut chapters = vec![
        (1, "tour 2 of 10"),
        (40, "tour 3 of 10"),
        (61, "tour 4 of 10"),
    ];
    chapters.push((1230, "tour 5 of 10"));
    let mut app = begun();
    for (step, title) in chapters {
        on_to(&mut app, step);
        let screen = card(&app);
        assert!(screen.contains(title), "{step}: {screen}");
        // The film waits there.
        assert_eq!(show(&mut app, stage(step, Phase::Paused)), []);
    }
    // By whole epochs to the first at whose end a digit has a place.
    assert_eq!(types(&mut app, " "), [Request::Command(Command::Epochs(1))]);
    show(&mut app, stage(1875, Phase::Paused));
    assert!(card(&app).contains("tour 6 of 10: the map"));
    types(&mut app, " ");
    show(&mut app, stage(3750, Phase::Paused));
    let screen = card(&app);
    assert!(
        screen.contains("A four and a nine of similar strokes"),
        "{screen}"
    );
    assert_eq!(app.sample.index, 115, "the image that it speaks of");
    types(&mut app, "49");
    let screen = card(&app);
    assert!(
        screen.contains("Of 982 fours, 230 have a nine as their nearest"),
        "{screen}"
    );
    assert_eq!(
        types(&mut app, " ").last(),
        Some(&Request::Command(Command::Resume))
    );
    show(&mut app, stage(18_750, Phase::Finished));
    assert_eq!(app.view, View::Latent);
    types(&mut app, " ");
    assert!(card(&app).contains("tour 9 of 10: the bottleneck"));
    types(&mut app, " ");
    assert!(card(&app).contains("tour 10 of 10: good for, and kinds"));
    types(&mut app, " ");
    assert!(app.tour.is_none(), "that was all");
}

#[test]
fn a_moment_that_never_comes_is_the_end() {
    let mut app = begun();
    on_to(&mut app, 1);
    types(&mut app, " ");
    let mut seen = stage(18_750, Phase::Finished);
    Arc::make_mut(&mut seen.curve).milestones.clear();
    show(&mut app, seen);
    assert!(card(&app).contains("tour 3 of 10: what a loss is"));
}

#[test]
fn back_leads_to_the_stops_before_and_esc_stays() {
    let mut app = begun();
    on_to(&mut app, 1);
    on_to(&mut app, 40);
    on_to(&mut app, 61);
    press(&mut app, KeyCode::Backspace);
    assert_eq!(app.when, When::At(40));
    assert!(card(&app).contains("tour 3 of 10"));
    // On again: the film plays up to where the next one stopped.
    let then = |step, plays| Observation {
        seen: Seen {
            step,
            past: Some(step),
            plays,
        },
        ..stage(61, Phase::Paused)
    };
    show(&mut app, then(40, false));
    types(&mut app, " ");
    assert_eq!(app.when, When::PlayFrom(40));
    show(&mut app, then(50, true));
    assert!(card(&app).contains("The film plays to the next stop."));
    show(&mut app, stage(61, Phase::Paused));
    assert!(card(&app).contains("tour 4 of 10"));
    press(&mut app, KeyCode::Esc);
    assert!(app.tour.is_none());
    assert!(words(&app, WHOLE).contains("F1 leads back to the tour."));
    assert_eq!(app.when, When::Now);
    press(&mut app, KeyCode::F(1));
    assert!(card(&app).contains("tour 4 of 10"));
}

#[test]
fn what_was_pressed_is_answered_by_what_it_did() {
    let mut app = begun();
    press(&mut app, KeyCode::Right);
    let mut seen = stage(0, Phase::Paused);
    Arc::make_mut(&mut seen.row).chosen.index = 111;
    show(&mut app, seen);
    let screen = card(&app);
    assert!(
        screen.contains("one of 200 that it never trains on"),
        "{screen}"
    );
    on_to(&mut app, 1);
    on_to(&mut app, 40);
    on_to(&mut app, 61);
    assert!(!card(&app).contains("are an epoch, once"));
    assert_eq!(types(&mut app, "."), [Request::Command(Command::Steps(1))]);
    let mut seen = stage(62, Phase::Paused);
    let measured = |step, loss| Measured {
        step,
        loss,
        reconstruction: loss,
        digits: None,
    };
    Arc::make_mut(&mut seen.curve).measured =
        Arc::new([measured(61, 0.2851), measured(62, 0.2847)]);
    show(&mut app, seen);
    let screen = card(&app);
    assert!(
        screen.contains("One step: held-out .2851 to .2847."),
        "{screen}"
    );
    assert!(screen.contains("1,875 steps make an epoch"), "{screen}");
}

#[test]
fn other_keys_work_and_the_card_waits() {
    let mut app = begun();
    types(&mut app, "p");
    assert!(matches!(app.overlay, Overlay::Settings(_)));
    // What lies over it has its own Esc.
    press(&mut app, KeyCode::Esc);
    assert!(app.tour.is_some() && app.overlay == Overlay::None);
    types(&mut app, "gs");
    assert_eq!(app.view, View::Samples);
    assert!(card(&app).contains("tour 1 of 10"));
    types(&mut app, "q");
    assert!(app.exit.is_some() || app.overlay == Overlay::ConfirmQuit);
}

#[test]
fn what_is_pointed_at_keeps_its_colours_and_the_rest_steps_back() {
    let mut app = begun();
    let lit = |app: &App, depth| drawn(app, theme(depth, Glyphs::Blocks), WHOLE);
    let with = lit(&app, Depth::True);
    let sixteen = lit(&app, Depth::Sixteen);
    let none = rows(&lit(&app, Depth::None));
    let tour = app.tour.take();
    let without = lit(&app, Depth::True);
    app.tour = tour;
    // The original, at the left; the loss pane and the map.
    assert_eq!(with[(10, 5)], without[(10, 5)]);
    assert_ne!(with[(40, 5)].bg, without[(40, 5)].bg);
    assert_ne!(with[(90, 1)].fg, without[(90, 1)].fg);
    // Tape and keys stand as they stood.
    assert_eq!(with[(40, 34)].fg, without[(40, 34)].fg);
    assert_eq!(sixteen[(62, 1)].fg, ratatui::style::Color::Indexed(8));
    assert!(
        none[1].starts_with('\u{25b8}') || none[1].starts_with('>'),
        "{}",
        none[1]
    );
}

#[test]
fn the_tour_fits_at_80x24_and_says_so_below() {
    let mut app = begun();
    app.screen = SMALL;
    let screen = words(&app, SMALL);
    assert!(
        screen.contains("tour 1 of 10") && screen.contains("which digit is which."),
        "{screen}"
    );
    let screen = words(&app, (79, 24));
    assert!(screen.contains("The tour needs 80x24"), "{screen}");
}

/// On to the chapter of the bottleneck.
fn to_the_bottleneck(app: &mut App) {
    for step in [1, 40, 61, 1230] {
        on_to(app, step);
    }
    for (step, phase) in [
        (1875, Phase::Paused),
        (3750, Phase::Paused),
        (18_750, Phase::Finished),
    ] {
        types(app, " ");
        show(app, stage(step, phase));
    }
    types(app, " ");
}

fn tried(width: usize, held_out: f32, told: f32) -> TriedWidth {
    TriedWidth {
        width,
        held_out,
        told,
        first: 110,
        pictures: vec![vec![0.5; 784]; 10],
    }
}

#[test]
fn other_widths_stand_beside_each_other_as_they_come() {
    let mut app = begun();
    to_the_bottleneck(&mut app);
    assert!(words(&app, WHOLE).contains("They come here when they are done."));
    for (width, held_out, told) in [(1, 0.232, 0.36), (16, 0.116, 0.92)] {
        hear(&mut app, News::Tried(tried(width, held_out, told)));
    }
    for size in [WHOLE, SMALL] {
        let screen = words(&app, size);
        for part in ["1 number", "16 numbers", "loss .116", "36 and 92 of 100"] {
            assert!(screen.contains(part), "{part}: {screen}");
        }
    }
}

#[test]
fn widths_that_nobody_trains_any_more_are_promised_no_more() {
    let gone = || News::TriedNoMore("3 will not be done".into());
    let mut app = begun();
    to_the_bottleneck(&mut app);
    hear(&mut app, gone());
    let screen = words(&app, WHOLE);
    assert!(screen.contains("could not be."), "{screen}");
    assert!(!screen.contains("They come here"), "{screen}");
    // What is done is still shown.
    let mut app = begun();
    to_the_bottleneck(&mut app);
    hear(&mut app, News::Tried(tried(1, 0.232, 0.36)));
    hear(&mut app, gone());
    assert!(words(&app, WHOLE).contains("1 number"));
}

/// Each of the ten questions is answered by a text that a learner reads, where `docs/QUESTIONS.md`
/// says so. The texts themselves are kept by the tests that write these two files.
#[test]
fn the_ten_questions_are_answered_where_it_says_that_they_are() {
    const QUESTIONS: &str = include_str!("../../docs/QUESTIONS.md");
    const TOUR: &str = include_str!("snapshots/tour-texts-80x24.snap");
    const NARRATOR: &str = include_str!("snapshots/narrator-texts.snap");
    let plain = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
    // A chapter's cards, or a sentence with its paragraph.
    let told = |place: &str| -> String {
        if let Some(chapter) = place.strip_prefix("tour ") {
            let title = format!(" {chapter} of 10:");
            let cards = TOUR.split("\ntour").filter(|card| card.starts_with(&title));
            return plain(&cards.collect::<Vec<_>>().join(" "));
        }
        let sentence = place.strip_prefix("narrator: ").expect(place);
        let mut paragraphs = NARRATOR.split("\n\n");
        let found = paragraphs.find(|text| text.trim_start().starts_with(sentence));
        plain(found.unwrap_or_default())
    };
    let mut answered = 0;
    for question in 1..=10 {
        let from = QUESTIONS.split(&format!("\n{question}. **")).nth(1);
        let next = format!("\n{}. **", question + 1);
        let text = from.expect("ten questions").split(&next).next().unwrap();
        let quotes: Vec<&str> = text.split("> ").skip(1).collect();
        assert!(!quotes.is_empty(), "question {question} has no answer");
        for quote in quotes {
            let quote = quote.split("\n\n").next().unwrap().trim();
            let (words, place) = quote.rsplit_once(" (").expect(quote);
            let told = told(place.trim_end_matches(')'));
            assert!(told.contains(&plain(words)), "{question}: {words}\n{told}");
            answered += 1;
        }
    }
    assert!(answered >= 10);
    assert_eq!(QUESTIONS.matches("\n11. ").count(), 0);
}

#[test]
fn where_there_is_no_tour_it_says_why_and_what_to_type() {
    let mut app = app(observation(6600, Phase::Training));
    app.screen = SMALL;
    app.plan.recipe.set_encoder(vec![32, 16]).unwrap();
    press(&mut app, KeyCode::F(1));
    assert!(app.tour.is_none());
    let screen = words(&app, SMALL);
    let why = "The tour needs digits and two numbers in the code: quit, type ae-tui tour.";
    assert!(screen.contains(why), "{screen}");
}

/// At any stop that was gone back from, what a moment cost is that of the moment.
#[test]
fn an_earlier_moment_is_answered_with_what_its_own_map_was_measured_at() {
    let mut app = begun();
    on_to(&mut app, 1);
    on_to(&mut app, 40);
    types(&mut app, ",");
    let then = Seen {
        step: 33,
        past: Some(33),
        plays: false,
    };
    // Before its map is there nothing is claimed of it.
    for (of, is_told) in [(40, false), (33, true)] {
        let mut seen = stage(40, Phase::Paused);
        seen.seen = then;
        Arc::make_mut(&mut seen.map).step = of;
        Arc::make_mut(&mut seen.curve).held_out = Some(0.497);
        show(&mut app, seen);
        let told = card(&app).contains("At step 33 held-out images cost .497: a worse picture");
        assert_eq!(told, is_told, "{}", card(&app));
    }
}
