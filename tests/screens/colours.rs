//! What the colours say, at every depth and on both grounds.

use ae_tui::{
    message::News,
    ui::theme::{Depth, Glyphs, Theme, Tone},
};
use ratatui::{
    buffer::Buffer,
    style::{Color, Modifier},
};

use crate::{
    drawn,
    fixture::{diverged, hear, training},
    rows,
    states::{denoising, pressed},
};

const SIZE: (u16, u16) = (120, 36);

fn themes() -> impl Iterator<Item = Theme> {
    let depths = [Depth::Sixteen, Depth::Indexed, Depth::True];
    depths.into_iter().flat_map(|depth| {
        [Tone::Dark, Tone::Light].map(|tone| Theme {
            depth,
            tone,
            glyphs: Glyphs::Blocks,
        })
    })
}

/// The first cell of a word.
fn place(screen: &Buffer, word: &str) -> (u16, u16) {
    let found = (0..).zip(rows(screen)).find_map(|(y, row)| {
        let byte = row.find(word)?;
        Some((row[..byte].chars().count() as u16, y))
    });
    found.unwrap_or_else(|| panic!("no {word}"))
}

#[test]
fn keys_and_state_are_in_the_accent_colour_and_the_hints_step_back() {
    for theme in themes() {
        let screen = drawn(&training(), theme, SIZE);
        let accent = theme.accent().fg.unwrap();
        for word in ["q quit", "? help", "space pause", "▶ training", "1x film"] {
            assert_eq!(screen[place(&screen, word)].fg, accent, "{word}, {theme:?}");
        }
        for word in ["quit", "pause", "img/s"] {
            assert_eq!(
                Some(screen[place(&screen, word)].fg),
                theme.dim().fg,
                "{word}"
            );
        }
    }
}

#[test]
fn a_fault_is_in_the_warning_colour() {
    for theme in themes() {
        let mut app = training();
        hear(&mut app, News::NotSaved("disk full".into()));
        let screen = drawn(&app, theme, SIZE);
        assert_eq!(
            Some(screen[place(&screen, "disk full")].fg),
            theme.warning().fg
        );
        hear(&mut app, News::Failed(diverged()));
        let screen = drawn(&app, theme, SIZE);
        for word in ["■ failed", "the loss of step"] {
            assert_eq!(
                Some(screen[place(&screen, word)].fg),
                theme.warning().fg,
                "{word}"
            );
        }
    }
}

#[test]
fn originals_are_ink_and_reconstructions_the_networks_colour_on_the_same_paper() {
    for theme in themes() {
        let screen = drawn(&training(), theme, SIZE);
        let paper = theme.original(0.0);
        for (column, name) in [(1, "original"), (31, "reconstruction")] {
            let corner = &screen[(column, 2)];
            assert_eq!((corner.fg, corner.bg), (paper, paper), "{name}, {theme:?}");
        }
        let colours = |left: u16| {
            let cells = (2..16).flat_map(move |y| (left..left + 28).map(move |x| (x, y)));
            let mut colours: Vec<Color> = cells
                .flat_map(|at| [screen[at].fg, screen[at].bg])
                .collect();
            colours.retain(|colour| *colour != paper);
            colours
        };
        assert!(colours(1).contains(&theme.original(1.0)), "{theme:?}");
        let of = |shade: fn(Theme, f32) -> Color, steps: u16| -> Vec<Color> {
            (0..=steps)
                .map(|value| shade(theme, f32::from(value) / f32::from(steps)))
                .collect()
        };
        // An original's pixels are bytes; what the network makes lies between.
        let (originals, network) = (of(Theme::original, 255), of(Theme::network, 20_000));
        assert!(colours(1).iter().all(|colour| originals.contains(colour)));
        assert!(colours(31).iter().all(|colour| network.contains(colour)));
    }
}

#[test]
fn noise_is_ink_and_the_code_is_the_networks() {
    for theme in themes() {
        let screen = drawn(&denoising(), theme, SIZE);
        place(&screen, "noisy ─");
        let inks: Vec<Color> = (0..=255)
            .map(|value| theme.original(f32::from(value as u8) / 255.0))
            .collect();
        let mut seen = Vec::new();
        for at in (2..16).flat_map(|y| (1..29).map(move |x| (x, y))) {
            let cell = &screen[at];
            assert!(
                inks.contains(&cell.fg) && inks.contains(&cell.bg),
                "{theme:?}"
            );
            seen.push(cell.fg);
        }
        assert!(seen.contains(&theme.original(1.0)), "{theme:?}");
        let (x, y) = place(&screen, "code 32 values");
        let bar = &screen[(x + 3, y + 2)];
        assert_eq!(
            (bar.symbol(), bar.fg),
            ("█", theme.network(0.75)),
            "{theme:?}"
        );
    }
}

#[test]
fn the_map_has_each_digits_colour_and_nothing_of_digits_that_are_not_shown() {
    for theme in themes() {
        let colours = |keys: &str| {
            let screen = drawn(&pressed(keys), theme, SIZE);
            // The map without its axes and legend.
            let cells = (2..21).flat_map(|y| (65..119).map(move |x| (x, y)));
            cells.map(|at| screen[at].fg).collect::<Vec<_>>()
        };
        // The second style draws dots in the full colours.
        let all = colours("v");
        for digit in 0..10 {
            assert!(all.contains(&theme.class(digit)), "{digit}, {theme:?}");
        }
        let some = colours("v47");
        for digit in 0..10 {
            let shown = some.contains(&theme.class(digit));
            assert_eq!(shown, [4, 7].contains(&digit), "{digit}, {theme:?}");
        }
    }
}

#[test]
fn the_background_is_painted_under_pictures_and_chips_only() {
    for theme in themes() {
        let screen = drawn(&training(), theme, SIZE);
        for y in [17, 22, 23, 34, 35] {
            for x in 15..60 {
                let cell = &screen[(x, y)];
                let chart = cell.symbol() == theme.symbols().point.to_string();
                assert!(chart || cell.bg == Color::Reset, "{x},{y} {theme:?}");
            }
        }
        assert_ne!(screen[place(&screen, " Train ")].bg, Color::Reset);
    }
}

#[test]
fn without_colours_nothing_is_coloured_or_bold_but_the_words_remain() {
    let screen = drawn(&training(), crate::PLAIN, SIZE);
    for cell in screen.content() {
        assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
        assert!(!cell.modifier.contains(Modifier::REVERSED));
    }
    for word in ["[Train]", "▶ training", "[8]"] {
        place(&screen, word);
    }
}
