//! A lesson: where the film waits, what is seen then, and how one leaves.

use super::*;
use crate::{
    message::{Note, Pane, Tape, Why},
    ui::lesson::{Lesson, Scene},
};

const ROOM: (u16, u16) = (100, 30);
/// What is seen after so many steps, with this sentence.
fn told(step: u64, words: (u64, &str), phase: Phase) -> News {
    told_after(u64::MAX, step, words, phase)
}

/// The same of a trainer that has obeyed so many commands.
fn told_after(obeyed: u64, step: u64, words: (u64, &str), phase: Phase) -> News {
    let mut seen = observation(obeyed, step, phase);
    // Ten steps in the first 0.8 s, 30 in 1.8 s, 100 in 3.4 s.
    seen.moment.film = Film::new(1875, 10);
    seen.curve = Arc::new(Curve {
        note: Some(note(words)),
        ..Curve::default()
    });
    News::Observed(Arc::new(seen))
}

fn note((step, words): (u64, &str)) -> Note {
    Note {
        step,
        words: words.into(),
        warning: false,
        why: Arc::new(Why {
            at: if [PLACE.1, LATER.1].contains(&words) {
                Pane::Map
            } else {
                Pane::Reconstruction
            },
            ..Why::default()
        }),
    }
}

/// A lesson before anything of its run is seen.
fn lesson() -> App {
    let mut app = App::new(plan());
    update(&mut app, Message::Screen(ROOM));
    hear(&mut app, News::Loaded(data()));
    app.lesson = Some(Lesson::default());
    app
}

/// Whether the trainer is told to wait when this is seen.
fn stops(app: &mut App, step: u64, words: (u64, &str)) -> bool {
    let asked = update(app, Message::News(told(step, words, Phase::Training)));
    asked.contains(&Request::Command(Command::Pause))
}

fn show(app: &mut App, news: News) {
    update(app, Message::News(news));
}

fn scene(app: &App) -> Scene {
    app.shown_lesson().expect("it is seen").scene
}

const NOTHING: (u64, &str) = (1, "It knows nothing.");
const FIRST: (u64, &str) = (20, "First lesson: an image is mostly empty.");
const PLACE: (u64, &str) = (340, "The 1s have found a place of their own.");
const LATER: (u64, &str) = (345, "Passed PCA-2.");

#[test]
fn the_film_waits_at_each_sentence_until_space_and_never_twice_in_a_second() {
    let mut app = lesson();
    assert!(stops(&mut app, 2, NOTHING));
    let unheard = told_after(0, 3, NOTHING, Phase::Training);
    assert_eq!(
        update(&mut app, Message::News(unheard)),
        [],
        "it has been told"
    );
    show(&mut app, seen_paused(4, NOTHING));
    assert!(app.shown_lesson().unwrap().waits());
    assert_eq!(taps(&mut app, ' '), [Request::Command(Command::Resume)]);
    assert!(!stops(&mut app, 12, NOTHING), "it has been read");
    assert!(!app.shown_lesson().unwrap().waits());
    // Less than a second of film after the last: it waits until there is one between them.
    assert!(!stops(&mut app, 14, (13, FIRST.1)));
    assert!(stops(&mut app, 21, (13, FIRST.1)));
    assert_eq!(scene(&app), Scene::Pictures);
    show(&mut app, seen_paused(21, (13, FIRST.1)));
    taps(&mut app, ' ');
    // Of two within a second the later is told.
    assert!(stops(&mut app, 350, LATER));
    assert_eq!(scene(&app), Scene::Map);
}

#[test]
fn what_is_told_while_it_waits_has_its_turn_after_it() {
    let mut app = lesson();
    assert!(stops(&mut app, 20, FIRST));
    show(&mut app, seen_paused(22, PLACE));
    let waits_at = |app: &App| app.shown_lesson().unwrap().waits_at().cloned();
    assert_eq!(waits_at(&app), Some(note(FIRST)));
    assert_eq!(scene(&app), Scene::Pictures);
    taps(&mut app, ' ');
    assert!(!stops(&mut app, 24, PLACE), "a second has not passed");
    assert!(stops(&mut app, 60, PLACE));
    assert_eq!(waits_at(&app), Some(note(PLACE)));
    assert_eq!(scene(&app), Scene::Map);
}

#[test]
fn f_plays_without_stops_and_stops_again_at_what_is_told_from_then_on() {
    let mut app = lesson();
    show(&mut app, told(1, NOTHING, Phase::Training));
    taps(&mut app, 'f');
    assert_eq!(app.pace, Pace::FILM, "the pace is left alone");
    assert!(!stops(&mut app, 20, FIRST) && !stops(&mut app, 345, PLACE));
    assert_eq!(scene(&app), Scene::Map, "the scene follows all the same");
    taps(&mut app, 'f');
    assert!(!stops(&mut app, 600, PLACE));
    assert!(stops(&mut app, 700, (690, LATER.1)));
}

#[test]
fn tab_shows_the_other_scene_and_esc_all_panes() {
    let mut app = lesson();
    show(&mut app, told(1, NOTHING, Phase::Paused));
    tap(&mut app, KeyCode::Tab);
    assert_eq!((scene(&app), app.view), (Scene::Map, View::Train));
    // Out of the choice of a class first, as everywhere.
    types(&mut app, "1");
    tap(&mut app, KeyCode::Esc);
    assert!(app.shown_lesson().is_some() && app.filter == Labels::ALL);
    tap(&mut app, KeyCode::Esc);
    assert!(app.lesson.is_none());
    tap(&mut app, KeyCode::F(5));
    assert!(app.shown_lesson().is_some());
    tap(&mut app, KeyCode::F(5));
    assert!(app.lesson.is_none());
}

#[test]
fn where_there_is_no_room_it_says_what_it_needs_and_train_is_seen_and_nothing_waits() {
    let mut app = lesson();
    update(&mut app, Message::Screen((80, 24)));
    let said = app.status.clone().expect("it says so").words;
    assert!(said.contains("100x30") && said.contains("80x24"), "{said}");
    assert!(said.len() < 80, "{said}");
    assert!(app.shown_lesson().is_none());
    assert!(!stops(&mut app, 20, FIRST));
    tap(&mut app, KeyCode::Tab);
    assert_eq!(app.view, View::Curves, "Tab goes round the views");
    // The cure: as much room as was named.
    app.view = View::Train;
    update(&mut app, Message::Screen(Lesson::SMALLEST));
    assert!(app.shown_lesson().is_some() && stops(&mut app, 60, PLACE));
}

#[test]
fn a_film_of_the_past_waits_too_and_somebody_elses_training_never() {
    let mut app = lesson();
    show(&mut app, told(700, LATER, Phase::Paused));
    let past = |step, words, plays| {
        let News::Observed(seen) = told(700, words, Phase::Paused) else {
            unreachable!("an observation")
        };
        let mut seen = Arc::unwrap_or_clone(seen);
        seen.tape = Arc::new(Tape {
            steps: vec![0, 10, 20, 340, 700],
        });
        seen.seen = Seen {
            step,
            past: Some(step),
            plays,
        };
        News::Observed(Arc::new(seen))
    };
    app.when = When::PlayFrom(0);
    app.look();
    update(&mut app, Message::News(past(0, NOTHING, true)));
    assert_eq!(app.when, When::At(0), "it waits at the first sentence");
    update(&mut app, Message::News(past(0, NOTHING, false)));
    taps(&mut app, ' ');
    update(&mut app, Message::News(past(10, NOTHING, true)));
    assert_eq!(app.when, When::PlayFrom(0));
    update(&mut app, Message::News(past(20, FIRST, true)));
    assert_eq!(app.when, When::At(20));

    let mut watched = lesson();
    watched.plan.trains = false;
    assert!(!stops(&mut watched, 20, FIRST));
    assert!(watched.status.is_none(), "and nothing is said of it");
}

fn seen_paused(step: u64, words: (u64, &str)) -> News {
    told(step, words, Phase::Paused)
}

/// A key, and what is asked of the trainer.
fn taps(app: &mut App, key: char) -> Vec<Request> {
    let key = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
    update(app, Message::Key(key))
}
