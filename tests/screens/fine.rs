//! Pictures with all their pixels: they change no cell, stand where the cells show the same, and
//! have every pixel.

use ae_tui::{
    measure::Verdict,
    ui::{
        app::App,
        theme::{Depth, Glyphs, Theme},
        view,
        widget::fine::FinePicture,
    },
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Color,
};

use crate::{
    SIZES, drawing, drawn,
    fixture::training,
    latent,
    states::{STATES, help},
    theme,
};

const WHOLE: (u16, u16) = (120, 36);
const COLOURS: Theme = theme(Depth::True, Glyphs::Blocks);

fn pictures(app: &App, (width, height): (u16, u16)) -> Vec<FinePicture> {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    let pictures = view::render_fine(app, COLOURS, area, &mut buf);
    assert_eq!(buf, drawn(app, COLOURS, (width, height)));
    pictures
}

fn at(pictures: &[FinePicture], column: u16, row: u16) -> &FinePicture {
    let place = Position::new(column, row);
    let found = pictures
        .iter()
        .find(|picture| picture.area.as_position() == place);
    found.unwrap_or_else(|| panic!("no picture at {place}"))
}

fn color(picture: &FinePicture, [x, y]: [usize; 2]) -> [u8; 3] {
    let place = y * picture.bitmap.size()[0] + x;
    picture.bitmap.colors()[usize::from(picture.bitmap.pixels()[place])]
}

/// That two colours are one, but for a level of a picture: less than two of 255, and rounding.
fn assert_alike(drawn: [u8; 3], wanted: Color) {
    let Color::Rgb(red, green, blue) = wanted else {
        panic!("{wanted} is no full colour");
    };
    for (drawn, wanted) in drawn.into_iter().zip([red, green, blue]) {
        assert!(drawn.abs_diff(wanted) <= 2, "{drawn} {wanted}");
    }
}

#[test]
fn in_any_state_and_size_they_are_on_the_screen_and_none_lies_on_another() {
    for (name, state) in STATES {
        let app = state();
        for (width, height) in SIZES
            .into_iter()
            .chain([(0, 0), (7, 3), (61, 21), (119, 37)])
        {
            let screen = Rect::new(0, 0, width, height);
            let pictures = pictures(&app, (width, height));
            for (number, picture) in pictures.iter().enumerate() {
                let area = picture.area;
                assert_eq!(area.intersection(screen), area, "{name} {width}x{height}");
                for other in &pictures[..number] {
                    assert!(!area.intersects(other.area), "{name} {width}x{height}");
                }
            }
        }
    }
}

#[test]
fn train_has_all_28x28_pixels_of_what_the_network_made() {
    let app = training();
    let pictures = pictures(&app, WHOLE);
    // Original, reconstruction, difference, and ten over ten.
    assert_eq!(pictures.len(), 23);
    let seen = app.seen.as_ref().unwrap();
    let sample = seen.row.sample();
    let made = at(&pictures, 31, 2);
    assert_eq!(made.bitmap.size(), [28, 28]);
    for (place, value) in sample.reconstruction.iter().enumerate() {
        let drawn = color(made, [place % 28, place / 28]);
        assert_alike(drawn, COLOURS.network(*value));
    }
    // A thumb has the 20x20 pixels around the ink, of which its cells show means.
    let thumb = at(&pictures, 1, 24);
    assert_eq!((thumb.area.width, thumb.bitmap.size()), (10, [20, 20]));
}

#[test]
fn what_a_sheet_covers_is_none() {
    let behind = pictures(&help(0), WHOLE);
    let without = pictures(&training(), WHOLE);
    assert!(!behind.is_empty() && behind.len() < without.len());
    assert!(behind.iter().all(|picture| {
        // The help's frame stands in its middle.
        !picture.area.intersects(Rect::new(31, 1, 58, 33))
    }));
}

#[test]
fn the_manifold_is_one_picture_of_28x28_pixels_a_place_with_the_cursors_corners() {
    let app = latent::manifold(WHOLE);
    let pictures = pictures(&app, WHOLE);
    let answer = app.seen.as_ref().unwrap().answers.latent.clone().unwrap();
    let largest = pictures.iter().max_by_key(|picture| picture.area.area());
    let manifold = largest.unwrap();
    let columns = manifold.bitmap.size()[0] / 28;
    let mut corners = 0;
    for (number, (picture, verdict)) in answer.grid.iter().enumerate() {
        let strength = match verdict {
            Some(Verdict::Void) => 0.25,
            _ => 1.0,
        };
        let [left, top] = [number % columns * 28, number / columns * 28];
        let ink = COLOURS.original(1.0);
        let corner = color(manifold, [left, top]);
        if Color::from(corner) == ink {
            corners += 1;
        } else {
            assert_alike(corner, COLOURS.network(strength * picture[0]));
        }
        for (place, value) in picture.iter().enumerate() {
            let [x, y] = [place % 28, place / 28];
            // Within the corners.
            if (1..27).contains(&x) && (1..27).contains(&y) {
                let drawn = color(manifold, [left + x, top + y]);
                assert_alike(drawn, COLOURS.network(strength * value));
            }
        }
    }
    assert_eq!(corners, 1);
}

#[test]
fn the_canvas_has_its_pixels_and_the_pens_in_its_colour() {
    let app = drawing::entered();
    for size in [(80, 24), WHOLE] {
        let pictures = pictures(&app, size);
        let canvas = at(&pictures, 1, 2);
        assert_eq!(canvas.bitmap.size(), [28, 28]);
        let cells = drawn(&app, COLOURS, size);
        let mut pens = 0;
        for place in 0..784 {
            let [x, y] = [place % 28, place / 28];
            let drawn = color(canvas, [x, y]);
            // Half a cell a pixel, or two cells.
            let large = size == WHOLE;
            let [column, row] = if large { [2 * x, y] } else { [x, y / 2] };
            let cell = &cells[(1 + column as u16, 2 + row as u16)];
            if large && cell.symbol() == "[" {
                pens += 1;
                assert!(Color::from(drawn) != cell.bg, "{x},{y}");
            } else if large || y % 2 == 1 {
                assert_alike(drawn, cell.bg);
            } else {
                assert_alike(drawn, cell.fg);
            }
        }
        assert_eq!(pens, u16::from(size == WHOLE));
    }
}
