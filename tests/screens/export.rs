//! The screen as files: the very cells that were drawn, in every state.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{collections::BTreeSet, io::Cursor, sync::Arc};

use ae_tui::{
    message::{Phase, Seen},
    recipe::{Change, Edit},
    ui::{
        export::{self, Format},
        theme::{Depth, Glyphs, Theme, Tone},
    },
};
use ratatui::{
    buffer::{Buffer, Cell},
    style::Color,
};

use crate::{ASCII, PLAIN, SIZES, drawn, fixture::past, states::STATES, theme};

const CELL: [usize; 2] = [10, 20];
const COLOURS: Theme = theme(Depth::True, Glyphs::Blocks);

/// Columns of pixels, and the pixels.
fn decoded(png: &[u8]) -> (usize, Vec<[u8; 3]>) {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let pixels = pixels.as_chunks().0.to_vec();
    (info.width as usize, pixels)
}

fn rgb(color: Color, otherwise: [u8; 3]) -> [u8; 3] {
    match color {
        Color::Rgb(red, green, blue) => [red, green, blue],
        _ => otherwise,
    }
}

/// Every cell: blank ones are their ground, half blocks their two colours to the pixel, and all
/// others have both of theirs.
fn expect_cells(screen: &Buffer, png: &[u8]) {
    let (width, pixels) = decoded(png);
    let area = screen.area;
    assert_eq!(width, usize::from(area.width) * CELL[0]);
    assert_eq!(pixels.len(), width * usize::from(area.height) * CELL[1]);
    // What a cell has that has no colours of its own.
    let page = [0x16, 0x19, 0x1f];
    let text = [0xd7, 0xda, 0xe0];
    for position in area.positions() {
        let cell: &Cell = &screen[position];
        let [front, back] = [rgb(cell.fg, text), rgb(cell.bg, page)];
        let corner = [position.x, position.y].map(usize::from);
        let of_cell = (0..CELL[1]).flat_map(|y| (0..CELL[0]).map(move |x| (x, y)));
        let at = |(x, y): (usize, usize)| {
            pixels[(corner[1] * CELL[1] + y) * width + corner[0] * CELL[0] + x]
        };
        let all: BTreeSet<[u8; 3]> = of_cell.clone().map(at).collect();
        match cell.symbol() {
            " " => assert_eq!(all, BTreeSet::from([back]), "{position}"),
            "▀" => {
                for place in of_cell {
                    let wanted = if place.1 < CELL[1] / 2 { front } else { back };
                    assert_eq!(at(place), wanted, "{position}");
                }
            }
            symbol => assert!(all.contains(&front), "{symbol} at {position}: {all:?}"),
        }
    }
}

#[test]
fn a_picture_has_every_cell_of_the_screen_as_it_was_drawn() {
    for (_, state) in STATES.iter().step_by(5) {
        let screen = drawn(&state(), COLOURS, (80, 24));
        let png = Format::Png.bytes(&screen, COLOURS);
        expect_cells(&screen, &png);
    }
}

#[test]
fn no_character_of_any_screen_is_unknown() {
    let light = Theme {
        tone: Tone::Light,
        ..COLOURS
    };
    for (name, state) in STATES {
        for size in SIZES {
            for theme in [PLAIN, ASCII, COLOURS, light] {
                let screen = drawn(&state(), theme, size);
                for cell in screen.content() {
                    let character = cell.symbol().chars().next().unwrap_or(' ');
                    // What comes from outside may be of any script.
                    let known = export::draws(character) || name.contains("hostile");
                    assert!(known, "{character:?} in {name}");
                }
            }
        }
    }
}

#[test]
fn a_drawing_has_every_word_of_the_screen() {
    let screen = drawn(&crate::states::pressed(""), COLOURS, (120, 36));
    let svg = String::from_utf8(Format::Svg.bytes(&screen, COLOURS)).unwrap();
    for words in ["ae-tui", "original", "reconstruction", "average"] {
        assert!(svg.contains(words), "{words}");
    }
    assert!(svg.starts_with("<svg xmlns") && svg.ends_with("</svg>\n"));
}

#[test]
fn a_moment_of_a_film_knows_nothing_of_what_follows() {
    let then = Seen {
        step: 1200,
        past: Some(1200),
        plays: false,
    };
    let mut seen = past(6600, Phase::Training, then);
    let edit = |step| Edit {
        step,
        change: Change::LearningRate(0.004),
    };
    let mut recipe = (*seen.recipe).clone();
    recipe.edits = vec![edit(900), edit(3000)];
    seen.recipe = Arc::new(recipe);
    let was = export::as_it_was(&seen);
    assert_eq!((was.seen, was.moment.step), (Seen::now(1200), 1200));
    assert_eq!(was.recipe.edits, [edit(900)]);
    assert!(was.curve.epochs.iter().all(|epoch| epoch.step <= 1200));
    assert!(was.curve.milestones.iter().all(|one| one.step <= 1200));
    assert!(was.curve.ticks.len() < seen.curve.ticks.len());
    assert!(was.tape.steps.iter().all(|step| *step <= 1200));
}
