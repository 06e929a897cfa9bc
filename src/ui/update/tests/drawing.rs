//! The canvas: what keys and mouse draw on it, and that none of it is lost.

use super::*;
use crate::ui::{
    pointer::{Button, Pointer, Side},
    views::View,
};

/// Each image has a pixel of its own in the first row.
fn app_with_images() -> App {
    let mut app = App::new(plan());
    let mut pixels = vec![0; LEN * PIXELS];
    for image in 0..LEN {
        pixels[image * PIXELS + image] = 200;
    }
    let labels = vec![0; LEN];
    let test = Split::new(pixels, labels);
    let data = Dataset {
        test,
        ..(*data()).clone()
    };
    hear(&mut app, News::Loaded(Arc::new(data)));
    hear(&mut app, seen(5, Phase::Paused));
    types(&mut app, "gd");
    assert_eq!(app.view, View::Draw);
    app
}

/// The picture that the network is shown.
fn picture(app: &App) -> Vec<u8> {
    match (app.view.entry().asks)(app) {
        Ask::Draw(ask) => ask.picture.expect("a picture").to_vec(),
        other => panic!("{other:?}"),
    }
}

fn image(app: &App, index: usize) -> Vec<u8> {
    app.data.as_ref().unwrap().test.image(index).to_vec()
}

fn mouse(app: &mut App, button: Button, side: Side, (column, row): (u16, u16)) {
    let pointer = Pointer {
        button,
        side,
        column,
        row,
    };
    update(app, Message::Mouse(pointer, (120, 36)));
}

#[test]
fn it_begins_with_the_chosen_sample_byte_for_byte() {
    let mut app = app_with_images();
    assert_eq!(picture(&app), image(&app, 12));
    tap(&mut app, KeyCode::Right);
    assert_eq!(picture(&app), image(&app, 13));
}

#[test]
fn a_pen_that_is_up_draws_nothing_and_one_that_is_down_on_its_way() {
    let mut app = app_with_images();
    types(&mut app, "llj");
    assert_eq!(picture(&app), image(&app, 12));
    types(&mut app, "<d");
    // Two pixels right and one down of the middle; the finest pen inks one pixel.
    let at = |x: usize, y: usize| y * 28 + x;
    assert_eq!(picture(&app)[at(16, 15)], 255);
    types(&mut app, "ll");
    assert_eq!(picture(&app)[at(16, 15)..=at(18, 15)], [255; 3]);
    types(&mut app, "dll");
    assert_eq!(picture(&app)[at(19, 15)], 0);
    // The eraser takes away what it is drawn over.
    types(&mut app, "ehh");
    let left = &picture(&app)[at(16, 15)..=at(20, 15)];
    assert_eq!(left, [255, 255, 0, 0, 0]);
}

#[test]
fn strokes_are_taken_back_one_by_one_to_the_sample() {
    let mut app = app_with_images();
    let mut before = vec![picture(&app)];
    for stroke in ["dlld", "jjjdhhd", "ec"] {
        types(&mut app, stroke);
        before.push(picture(&app));
    }
    tap(&mut app, KeyCode::Backspace);
    assert_eq!(picture(&app), [0; PIXELS]);
    // Each of `d`, `e`, `c` and Backspace was a stroke.
    let mut seen = vec![picture(&app)];
    for _ in 0..10 {
        types(&mut app, "u");
        seen.push(picture(&app));
    }
    for picture in &before {
        assert!(seen.contains(picture));
    }
    assert_eq!(picture(&app), image(&app, 12));
}

#[test]
fn another_sample_puts_the_drawing_away_and_undo_brings_it_back() {
    let mut app = app_with_images();
    types(&mut app, "dlld");
    let drawn = picture(&app);
    tap(&mut app, KeyCode::Right);
    assert_eq!(picture(&app), image(&app, 13));
    types(&mut app, "u");
    assert_eq!(picture(&app), drawn);
    // And another view does not touch it.
    types(&mut app, "gt");
    types(&mut app, "gd");
    assert_eq!(picture(&app), drawn);
}

#[test]
fn what_spoils_a_picture_is_undone_by_esc_and_keeps_the_drawing() {
    let mut app = app_with_images();
    types(&mut app, "dlld");
    let drawn = picture(&app);
    types(&mut app, "il");
    assert_ne!(picture(&app), drawn, "noise");
    types(&mut app, "hjjL");
    assert_ne!(picture(&app), drawn, "moved to the right");
    // Once for the keys, once for the sliders.
    tap(&mut app, KeyCode::Esc);
    assert_ne!(picture(&app), drawn);
    tap(&mut app, KeyCode::Esc);
    assert_eq!(picture(&app), drawn);
    assert_eq!(app.filter, Labels::ALL);
}

#[test]
fn the_mouse_draws_erases_and_moves_sliders() {
    let mut app = app_with_images();
    let at = |x: u16, y: u16| (1 + 2 * x, 2 + y);
    mouse(&mut app, Button::Pressed, Side::Left, at(5, 10));
    mouse(&mut app, Button::Dragged, Side::Left, at(9, 10));
    // Beside the canvas it goes on along the edge.
    mouse(&mut app, Button::Dragged, Side::Left, (119, 12));
    mouse(&mut app, Button::Released, Side::Left, (119, 12));
    let row = picture(&app)[10 * 28..11 * 28].to_vec();
    assert!(row[5..].iter().all(|&ink| ink == 255), "{row:?}");
    mouse(&mut app, Button::Pressed, Side::Right, at(7, 10));
    mouse(&mut app, Button::Released, Side::Right, at(7, 10));
    assert_eq!(picture(&app)[10 * 28 + 7], 0);
    // Nothing is held any more.
    let drawn = picture(&app);
    mouse(&mut app, Button::Dragged, Side::Left, at(20, 20));
    assert_eq!(picture(&app), drawn);
    types(&mut app, "u");
    assert_eq!(picture(&app)[10 * 28 + 7], 255, "the eraser's stroke alone");
    let drawn = picture(&app);
    // The line of the blur, at its far end.
    mouse(&mut app, Button::Pressed, Side::Left, (111, 28));
    mouse(&mut app, Button::Released, Side::Left, (111, 28));
    assert_ne!(picture(&app), drawn);
    tap(&mut app, KeyCode::Esc);
    tap(&mut app, KeyCode::Esc);
    assert_eq!(picture(&app), drawn);
}

#[test]
fn on_half_blocks_a_cell_is_two_pixels_and_the_mouse_draws_there_too() {
    let mut app = app_with_images();
    let size = (80, 24);
    let point = |app: &mut App, button, (column, row)| {
        let side = Side::Left;
        let pointer = Pointer {
            button,
            side,
            column,
            row,
        };
        update(app, Message::Mouse(pointer, size));
    };
    update(&mut app, Message::Screen(size));
    types(&mut app, "<");
    // Down a column, and up another one.
    point(&mut app, Button::Pressed, (6, 4));
    point(&mut app, Button::Dragged, (6, 8));
    point(&mut app, Button::Released, (6, 8));
    let inked = |app: &App, x: usize| -> Vec<usize> {
        let picture = picture(app);
        (0..28).filter(|y| picture[y * 28 + x] == 255).collect()
    };
    assert_eq!(inked(&app, 5), (4..=12).collect::<Vec<_>>());
    point(&mut app, Button::Pressed, (11, 8));
    point(&mut app, Button::Dragged, (11, 4));
    // A drag that leaves stays on the canvas.
    point(&mut app, Button::Dragged, (11, 0));
    point(&mut app, Button::Released, (11, 0));
    assert_eq!(inked(&app, 10), (1..=12).collect::<Vec<_>>());
    let drawn = picture(&app);
    point(&mut app, Button::Pressed, (45, 8));
    assert_eq!(
        picture(&app),
        drawn,
        "beside it there is nothing to draw on"
    );
}
