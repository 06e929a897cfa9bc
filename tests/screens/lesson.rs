//! A lesson, as a room sees it: two scenes, and what stands below them.

use ae_tui::{
    message::Phase,
    ui::{
        app::App,
        lesson::{Lesson, Scene},
        update::{Message, update},
    },
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::{
    PLAIN, drawn,
    fixture::{app, hear, observation},
    rows,
    snapshots::keep,
};
use ae_tui::message::News;

/// The smallest that has room, and where the whole image is shown.
const SMALL: (u16, u16) = (100, 30);
const WHOLE: (u16, u16) = (132, 38);

/// A lesson on such a screen, which waits at what was told.
fn waiting(size: (u16, u16)) -> App {
    let mut app = app(observation(6500, Phase::Training));
    update(&mut app, Message::Screen(size));
    app.lesson = Some(Lesson::default());
    let seen = |phase| News::Observed(std::sync::Arc::new(observation(6600, phase)));
    let asked = update(&mut app, Message::News(seen(Phase::Training)));
    assert!(!asked.is_empty(), "it has the trainer wait");
    hear(&mut app, seen(Phase::Paused));
    app
}

fn press(app: &mut App, code: KeyCode) {
    update(app, Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
}

#[test]
fn the_scenes_look_as_they_did() {
    for size in [SMALL, WHOLE] {
        let mut app = waiting(size);
        keep("lesson-map", &app, PLAIN, size);
        press(&mut app, KeyCode::Tab);
        keep("lesson", &app, PLAIN, size);
    }
}

#[test]
fn settings_lie_beside_what_is_seen_whole() {
    let mut app = waiting(SMALL);
    press(&mut app, KeyCode::Tab);
    press(&mut app, KeyCode::Char('p'));
    keep("lesson-settings", &app, PLAIN, SMALL);
}

#[test]
fn at_any_size_it_tells_the_sentence_and_the_way_on_and_leaves_nothing_cut() {
    for width in [100, 101, 131, 132, 220] {
        for height in [30, 37, 38, 70] {
            let size = (width, height);
            for scene in [Scene::Pictures, Scene::Map] {
                let mut app = waiting(size);
                app.lesson.as_mut().unwrap().scene = scene;
                let screen = rows(&drawn(&app, PLAIN, size)).join("\n");
                for words in [
                    "[lesson]",
                    "waits for space",
                    "4 and 9 share a place; see what becomes of a 4.",
                    "[space]",
                    "a perfect copy .058",
                    "now .199",
                    "esc all panes",
                ] {
                    assert!(screen.contains(words), "no {words} at {size:?}:\n{screen}");
                }
                let picture = match scene {
                    Scene::Pictures => "the code",
                    Scene::Map => "latent space",
                };
                assert!(screen.contains(picture), "{size:?}:\n{screen}");
            }
        }
    }
}

#[test]
fn on_a_screen_without_room_it_is_train() {
    for size in [(99, 30), (100, 29), (60, 20)] {
        let mut app = app(observation(6600, Phase::Paused));
        let train = rows(&drawn(&app, PLAIN, size));
        app.lesson = Some(Lesson::default());
        update(&mut app, Message::Screen(size));
        let mut screen = rows(&drawn(&app, PLAIN, size));
        assert!(screen.pop().is_some_and(|keys| keys.contains("100x30")));
        assert_eq!(screen, train[..train.len() - 1], "{size:?}");
    }
}

/// What a sentence means lies over as few rows of the pictures as it needs.
#[test]
fn a_sentence_is_explained_across_the_last_rows_of_the_pictures() {
    for (size, most) in [(SMALL, 8), (WHOLE, 7)] {
        let mut app = waiting(size);
        press(&mut app, KeyCode::Tab);
        let before = rows(&drawn(&app, PLAIN, size));
        press(&mut app, KeyCode::Char('w'));
        let after = rows(&drawn(&app, PLAIN, size));
        let changed = |row: &usize| before[*row] != after[*row];
        let all: Vec<usize> = (0..before.len() - 1).filter(changed).collect();
        let covered = all.last().unwrap() - all[0] + 1;
        assert!(covered <= most, "{size:?}: {covered} rows");
        let text = after.join("\n");
        for part in ["why? 10 of 10", "press 4 9 only these two", "look  "] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }
}
