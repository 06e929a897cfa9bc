//! Figures have the colours of the screen, and those for a paper the numbers of the program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "figures/paper.rs"]
mod paper;

use ae_tui::{
    figure,
    ui::theme::{Depth, Glyphs, Theme, Tone},
};
use ratatui::style::Color;

#[test]
fn a_figure_has_the_colours_of_the_dark_theme() {
    let theme = Theme {
        depth: Depth::True,
        tone: Tone::Dark,
        glyphs: Glyphs::Blocks,
    };
    let color = |[red, green, blue]: [u8; 3]| Color::Rgb(red, green, blue);
    for value in (0..=255_u8).map(|pixel| f32::from(pixel) / 255.0) {
        assert_eq!(color(figure::original(value)), theme.original(value));
        assert_eq!(color(figure::network(value)), theme.network(value));
    }
}

#[test]
fn a_papers_figures_have_the_colours_of_the_light_theme() {
    let theme = Theme {
        depth: Depth::True,
        tone: Tone::Light,
        glyphs: Glyphs::Blocks,
    };
    let color = |[red, green, blue]: [u8; 3]| Color::Rgb(red, green, blue);
    for (weight, signed) in [(1.0, theme.difference(1.0)), (-1.0, theme.difference(-1.0))] {
        assert_eq!(color(figure::paper::weight(weight)), signed);
    }
    assert_eq!(color(figure::paper::HELD_OUT), theme.network(0.75));
    for class in 0..64 {
        assert_eq!(
            color(ae_tui::ui::theme::class_on_paper(class)),
            theme.class(class)
        );
    }
}
