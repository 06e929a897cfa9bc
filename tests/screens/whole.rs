//! What every screen has, whatever its state and size: its chrome in its place, its frames
//! closed, its help complete, and a key line that is true.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use ae_tui::ui::{
    app::{App, Overlay},
    beside, runs,
    settings::{Line, words},
    update::{Message, update},
    views::View,
};
use crossterm::event::{KeyCode, KeyEvent};

use crate::{
    ASCII, PLAIN, SIZES, drawn, rows,
    states::{STATES, help, pressed},
};

/// Every state at every promised size, as text.
fn screens() -> impl Iterator<Item = (String, App, Vec<String>)> {
    STATES.iter().flat_map(|(name, state)| {
        SIZES.into_iter().map(move |size| {
            let app = state();
            let screen = rows(&drawn(&app, PLAIN, size));
            (format!("{name} at {size:?}"), app, screen)
        })
    })
}

/// Where a character stands, by row and column.
fn all(screen: &[String], wanted: char) -> Vec<(usize, usize)> {
    let in_row = |(row, text): (usize, &String)| {
        let cells = text.chars().enumerate();
        let here = cells.filter(move |(_, cell)| *cell == wanted);
        here.map(move |(column, _)| (row, column))
            .collect::<Vec<_>>()
    };
    screen.iter().enumerate().flat_map(in_row).collect()
}

fn cell(screen: &[String], (row, column): (usize, usize)) -> char {
    screen[row].chars().nth(column).unwrap()
}

#[test]
fn the_name_stands_first_and_the_keys_stand_last() {
    for (whose, app, screen) in screens() {
        // The measures take the smallest screen whole.
        if app.overlay != Overlay::None {
            continue;
        }
        assert!(screen[0].starts_with(" ae-tui "), "{whose}: {}", screen[0]);
        let last = screen.last().unwrap();
        assert!(!last.trim().is_empty(), "{whose} has no key line");
        assert!(last.ends_with(' '), "{whose} runs to the edge: {last}");
    }
}

/// A frame has four corners and unbroken sides, all of them on the screen.
#[test]
fn every_frame_is_closed() {
    let mut frames = 0;
    for (whose, app, screen) in screens() {
        let corners = all(&screen, '╭');
        for &(top, left) in &corners {
            let right = (left..screen[top].chars().count())
                .find(|&column| cell(&screen, (top, column)) == '╮');
            let right = right.unwrap();
            let bottom = (top..screen.len()).find(|&row| cell(&screen, (row, left)) == '╰');
            let bottom = bottom.unwrap();
            assert_eq!(cell(&screen, (bottom, right)), '╯', "{whose}");
            for row in top + 1..bottom {
                let sides = [left, right].map(|column| cell(&screen, (row, column)));
                assert_eq!(
                    sides,
                    ['│'; 2],
                    "{whose}, row {row}:\n{}",
                    screen.join("\n")
                );
            }
            frames += 1;
        }
        assert_eq!(corners.len(), all(&screen, '╯').len(), "{whose}");
        let covered = !matches!(app.overlay, Overlay::None | Overlay::Failure);
        assert!(
            covered || corners.len() <= 1,
            "{whose} has frames nobody asked for"
        );
    }
    assert!(frames > 40, "{frames} frames are too few to mean anything");
}

/// The panes of a run are there whenever it is seen at work and nothing covers it.
#[test]
fn every_pane_has_its_title() {
    for (whose, app, screen) in screens() {
        if app.seen.is_none() || app.view != View::Train || app.overlay != Overlay::None {
            continue;
        }
        let text = screen.join("\n");
        for title in ["latent space", "loss"] {
            assert!(text.contains(title), "{whose} lacks {title}:\n{text}");
        }
        // Side by side the pictures have their names, one over the other the pixels of one.
        let pictures = ["original", " pixels", " px", "noisy"];
        assert!(
            pictures.iter().any(|title| text.contains(title)),
            "{whose} lacks a picture's title:\n{text}"
        );
    }
}

/// As many pages as the first one says, each different, the last the end.
#[test]
fn the_help_has_as_many_pages_as_it_says() {
    for (theme, size) in SIZES
        .into_iter()
        .flat_map(|size| [(PLAIN, size), (ASCII, size)])
    {
        let page = |number| rows(&drawn(&help(number), theme, size)).join("\n");
        let first = page(0);
        let of = first.split("page 1 of ").nth(1);
        let of = of.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        let pages: usize = of.unwrap_or(1);
        for number in 0..pages {
            let here = page(number);
            let says = format!("page {} of {pages}", number + 1);
            assert!(pages == 1 || here.contains(&says), "{size:?}\n{here}");
        }
        for key in ["space", "quit", "save"] {
            let somewhere = (0..pages).any(|number| page(number).contains(key));
            assert!(somewhere, "no page at {size:?} tells of {key}");
        }
    }
}

/// `? help` and `q quit` do what they say wherever the key line shows them.
#[test]
fn the_way_out_and_the_help_are_true_where_they_are_shown() {
    let mut tried = 0;
    for (whose, mut app, screen) in screens() {
        let keys = screen.last().unwrap();
        let press = |app: &mut App, key| {
            update(app, Message::Key(KeyEvent::from(KeyCode::Char(key))));
        };
        if app.overlay == Overlay::None && keys.contains("? help") {
            press(&mut app, '?');
            assert!(matches!(app.overlay, Overlay::Help(_)), "{whose}");
            update(&mut app, Message::Key(KeyEvent::from(KeyCode::Esc)));
            tried += 1;
        }
        if app.overlay == Overlay::None && keys.contains("q quit") {
            press(&mut app, 'q');
            let asks = app.overlay == Overlay::ConfirmQuit;
            assert!(asks || app.exit.is_some(), "{whose}");
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried} tries are too few to mean anything");
}

/// A sheet says all that Enter will do, however small the screen.
#[test]
fn what_enter_does_is_never_cut_off() {
    let mut sheets = 0;
    for (whose, app, screen) in screens() {
        let says = match &app.overlay {
            Overlay::Settings(sheet) => words::enter(sheet, &sheet.intent(&app), &app),
            Overlay::Branches(at) => runs::enter(&app, *at),
            Overlay::Beside(at) => beside::enter(&app, &beside::choices(&app)[*at]),
            _ => continue,
        };
        // The sheet lies at the right of its own titles.
        let titled = |row: &&String| row.contains("enter ─");
        let from = screen.iter().position(|row| titled(&row)).unwrap();
        let left = screen[from].chars().collect::<Vec<_>>();
        let left = (0..left.len())
            .find(|&at| left[at..].starts_with(&['e', 'n', 't', 'e', 'r', ' ', '─']));
        let told: Vec<String> = screen[from + 1..screen.len() - 2]
            .iter()
            .map(|row| row.chars().skip(left.unwrap()).collect::<String>())
            .collect();
        let told = told.join(" ");
        let told: Vec<&str> = told.split_whitespace().collect();
        let says: Vec<&str> = says.split_whitespace().collect();
        assert!(told.starts_with(&says), "{whose}:\n{}", screen.join("\n"));
        let settings = matches!(app.overlay, Overlay::Settings(_));
        for line in Line::ALL.into_iter().filter(|_| settings) {
            let name = words::name(line);
            assert!(
                screen.iter().any(|row| row.contains(name)),
                "{whose} lacks {name}"
            );
        }
        sheets += 1;
    }
    assert!(sheets > 30, "{sheets} sheets are too few to mean anything");
}

/// What is asked, and the keys that answer it.
#[test]
fn a_question_stays_whole_in_a_window_too_small_for_the_run() {
    let restarting = STATES.iter().find(|(name, _)| *name == "restart-unsaved");
    let (_, restarting) = restarting.unwrap();
    for (app, answer) in [(pressed("q"), "q quits"), (restarting(), "R restarts")] {
        let text = rows(&drawn(&app, PLAIN, (54, 18))).join(" ");
        for words in ["ae-tui needs 60x20, this is 54x18.", "in no file", answer] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
}
