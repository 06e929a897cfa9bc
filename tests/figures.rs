//! Figures have the colours of the screen.

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
