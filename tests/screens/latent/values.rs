//! The plane of two of a code's values: which they are, and where the cursor is on it.

use std::sync::Arc;

use ae_tui::{
    message::{Base, LatentAsk, News, Spot},
    nn::CodeShape,
    ui::{
        app::App,
        pointer::{Button, Pointer, Side},
        update::{Message, update},
    },
};
use crossterm::event::KeyCode;

use super::{
    MAPS, WHOLE, after, answer, asked, asks, at, latent, tap, training, types, with_codes,
};
use crate::{PLAIN, drawn, fixture::hear, rows};

/// A run with a code of so many values, in the view.
fn wide(values: usize) -> App {
    latent(with_codes(CodeShape::Values(values)), WHOLE)
}

/// Has what is asked now answered.
fn settled(mut app: App) -> App {
    let ask = asks(&app);
    answer(&mut app, &ask);
    app
}

fn title(app: &App) -> String {
    let screen = rows(&drawn(app, PLAIN, WHOLE));
    let row = screen.into_iter().find(|row| row.contains("latent space"));
    row.unwrap_or_default()
}

#[test]
fn o_turns_to_the_two_values_that_reach_farthest_and_back() {
    let mut app = wide(32);
    // All reach alike, but for two of them.
    let mut seen = (**app.seen.as_ref().unwrap()).clone();
    let mut told = (**seen.answers.latent.as_ref().unwrap()).clone();
    let mut scales = told.scales.to_vec();
    scales[17].high = 40.0;
    scales[9].low = -20.0;
    told.scales = scales.into();
    seen.answers.latent = Some(Arc::new(told));
    hear(&mut app, News::Observed(Arc::new(seen)));
    assert_eq!(types(&mut app, "o").unwrap().values, Some([9, 17]));
    let app = settled(app);
    assert!(title(&app).contains("latent space: value 10 across, value 18 up"));
    let mut app = after(app, "o");
    assert_eq!(asks(&app).values, None);
    assert!(title(&app).contains("2 PCs of 32"), "{}", title(&app));
    // The two are remembered.
    assert_eq!(types(&mut app, "o").unwrap().values, Some([9, 17]));
}

#[test]
fn until_its_axes_are_there_no_key_means_a_place_of_another_plane() {
    let mut app = wide(32);
    types(&mut app, "o");
    let asked = asks(&app);
    types(&mut app, "lljzH");
    assert_eq!(asks(&app), asked);
    let mut app = settled(app);
    types(&mut app, "l");
    let moved = asks(&app);
    assert_eq!(moved.values, asked.values);
    assert_ne!(moved.cursor, asked.cursor);
}

#[test]
fn before_reaches_are_known_the_chosen_samples_largest_values_are_the_axes() {
    let mut app = wide(32);
    let mut seen = (**app.seen.as_ref().unwrap()).clone();
    let mut told = (**seen.answers.latent.as_ref().unwrap()).clone();
    told.scales = Arc::from([]);
    (told.chosen[21], told.chosen[4]) = (50.0, -60.0);
    seen.answers.latent = Some(Arc::new(told));
    hear(&mut app, News::Observed(Arc::new(seen)));
    assert_eq!(types(&mut app, "o").unwrap().values, Some([4, 21]));
}

#[test]
fn keys_make_the_chosen_value_an_axis_and_two_axes_are_never_one() {
    let mut app = wide(32);
    assert_eq!(types(&mut app, "ijje").unwrap().values, Some([2, 1]));
    assert_eq!(types(&mut app, "jjjju").unwrap().values, Some([2, 6]));
    // The one across goes up, and that one across.
    assert_eq!(types(&mut app, "e").unwrap().values, Some([6, 2]));
    // One that is zero for every image spans nothing.
    types(&mut app, "kkke");
    assert_eq!(asks(&app).values, Some([6, 2]));
    let said = app.status.clone().unwrap().words;
    assert_eq!(said, "value 4 is dead: it is 0 for every image");
    // Of maps a value is a pixel.
    let mut app = latent(with_codes(MAPS), WHOLE);
    types(&mut app, "iJJje");
    assert_eq!(asks(&app).values, Some([17, 1]));
    let app = settled(app);
    let screen = rows(&drawn(&app, PLAIN, WHOLE)).join("\n");
    assert!(
        screen.contains("map 2 1,2 across, map 1 1,2 up"),
        "{screen}"
    );
}

#[test]
fn a_click_on_a_values_name_makes_it_the_axis_across() {
    let click = |app: &mut App, row: u16| {
        let pointer = Pointer {
            button: Button::Pressed,
            side: Side::Left,
            column: 33,
            row,
        };
        asked(&update(app, Message::Mouse(pointer, WHOLE)))
    };
    let mut app = wide(32);
    // The first row of the list is below its title.
    assert_eq!(click(&mut app, 2 + 6).unwrap().values, Some([6, 0]));
    assert_eq!(click(&mut app, 2 + 10).unwrap().values, Some([10, 6]));
    // Once more: the two change places.
    assert_eq!(click(&mut app, 2 + 10).unwrap().values, Some([6, 10]));
    assert_eq!(asks(&app).cursor.base, Base::Chosen, "no slider was moved");
}

#[test]
fn each_plane_has_its_own_cursor_and_sliders_are_on_both() {
    let mut app = wide(32);
    let on_components = at(types(&mut app, "LLK"));
    let app = &mut settled(app);
    types(app, "o");
    assert_eq!(settled_ask(app).values, Some([0, 1]));
    let on_values = at(types(app, "HJ"));
    assert_ne!(on_values, on_components);
    let back = types(app, "o").unwrap();
    assert_eq!((back.values, back.cursor.at), (None, Some(on_components)));
    assert_eq!(at(types(app, "o")), on_values);
    // A code that sliders have set is what both planes go through.
    settled_ask(app);
    types(app, "il");
    let Base::Code(code) = settled_ask(app).cursor.base else {
        panic!("a slider was moved")
    };
    let other = types(app, "o").unwrap();
    let through = Spot {
        base: Base::Code(code),
        at: None,
    };
    assert_eq!(other.cursor, through);
}

/// Has what is asked now answered, and tells what is asked then.
fn settled_ask(app: &mut App) -> LatentAsk {
    let ask = asks(app);
    answer(app, &ask);
    asks(app)
}

#[test]
fn another_value_on_one_axis_leaves_the_cursor_where_it_is_on_the_other() {
    let mut app = wide(32);
    types(&mut app, "o");
    settled_ask(&mut app);
    types(&mut app, "LLK");
    let before = settled_ask(&mut app);
    let seen = app.seen.clone().unwrap();
    let code = seen.answers.latent.as_ref().unwrap().cursor.code.clone();
    types(&mut app, "ijju");
    let after = asks(&app);
    assert_eq!(after.values, Some([0, 2]));
    let [x, y] = after.cursor.at.unwrap();
    assert_eq!(x.to_bits(), before.cursor.at.unwrap()[0].to_bits());
    assert_eq!(y.to_bits(), code[2].to_bits());
}

#[test]
fn pictures_are_asked_for_once_their_axes_are_known() {
    let mut app = wide(32);
    let first = types(&mut app, "vo").unwrap();
    assert!(first.values.is_some() && first.grid.is_empty());
    let then = settled_ask(&mut app);
    // Beside the list of values there is less room.
    assert_eq!(then.grid.len(), 7 * 8);
    answer(&mut app, &then);
    let screen = rows(&drawn(&app, PLAIN, WHOLE)).join("\n");
    assert!(
        screen.contains("decoded: value 1 across, value 2 up"),
        "{screen}"
    );
}

#[test]
fn a_code_that_the_map_shows_has_no_other_plane() {
    for keys in ["o", "e", "u"] {
        let mut app = latent(training(), WHOLE);
        assert_eq!(types(&mut app, keys), None);
        assert_eq!(
            app.status.as_ref().unwrap().words,
            "the map shows all of this code"
        );
    }
}

#[test]
fn values_that_the_next_runs_code_has_not_are_no_axes() {
    let mut app = wide(128);
    types(&mut app, "i");
    for _ in 0..40 {
        tap(&mut app, KeyCode::Char('j'));
    }
    assert_eq!(types(&mut app, "e").unwrap().values, Some([40, 1]));
    let place = app.places.clone();
    let mut app = wide(5);
    app.places = place;
    types(&mut app, "j");
    assert_eq!(asks(&app).values, None);
    // Two others are at hand.
    assert_eq!(types(&mut app, "o").unwrap().values, Some([0, 1]));
}
