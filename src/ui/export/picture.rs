//! A screen as pixels: a cell is ten by twenty of them, so half blocks are square.

use ratatui::{buffer::Buffer, style::Modifier};

use super::{cells, glyph};
use crate::{
    raster::{GLYPH, LINE, Raster, Rgb},
    ui::theme::Theme,
};

/// The screen, without a margin.
pub(super) fn of(screen: &Buffer, theme: Theme) -> Raster {
    let area = screen.area;
    let size = [
        usize::from(area.width) * GLYPH,
        usize::from(area.height) * LINE,
    ];
    let mut raster = Raster::new(size, cells::page(theme));
    for row in 0..area.height {
        for column in 0..area.width {
            draw(screen, theme, [column, row], &mut raster);
        }
    }
    raster
}

/// One cell.
pub(super) fn draw(screen: &Buffer, theme: Theme, [column, row]: [u16; 2], raster: &mut Raster) {
    let cell = &screen[(screen.area.x + column, screen.area.y + row)];
    let [front, back] = cells::colours(cell, theme);
    let character = cells::character(cell);
    let bold = cell.modifier.contains(Modifier::BOLD) && character.is_alphanumeric();
    let corner = [usize::from(column) * GLYPH, usize::from(row) * LINE];
    for y in 0..LINE {
        for x in 0..GLYPH {
            let ink = |x: usize| glyph::ink(character, [x, y]).unwrap_or_else(|| unknown(x, y));
            // The font has one weight: bold is drawn twice, a pixel apart.
            let before = if bold && x > 0 { ink(x - 1) } else { 0.0 };
            let color = mix(back, front, ink(x).max(before));
            raster.set([corner[0] + x, corner[1] + y], color);
        }
    }
}

/// An empty box.
fn unknown(x: usize, y: usize) -> f32 {
    let framed = (2..GLYPH - 2).contains(&x) && (4..LINE - 4).contains(&y);
    let inside = (3..GLYPH - 3).contains(&x) && (5..LINE - 5).contains(&y);
    if framed && !inside { 1.0 } else { 0.0 }
}

fn mix(back: Rgb, front: Rgb, part: f32) -> Rgb {
    std::array::from_fn(|channel| {
        let [back, front] = [back, front].map(|colour| f32::from(colour[channel]));
        (back + part * (front - back)).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use ratatui::{
        layout::Rect,
        style::{Color, Style},
    };

    use super::*;
    use crate::ui::theme::{Depth, Glyphs, Tone};

    const THEME: Theme = Theme {
        depth: Depth::True,
        tone: Tone::Dark,
        glyphs: Glyphs::Blocks,
    };

    #[test]
    fn each_cell_has_its_own_letter_and_colours_in_its_own_place() {
        let mut screen = Buffer::empty(Rect::new(0, 0, 3, 2));
        let red = Style::new()
            .fg(Color::Rgb(200, 0, 0))
            .bg(Color::Rgb(0, 0, 90));
        screen.set_string(1, 1, "▀", red);
        screen.set_string(2, 0, "漢", Style::new());
        screen.set_string(0, 0, "A", Style::new().add_modifier(Modifier::REVERSED));
        let raster = of(&screen, THEME);
        assert_eq!(raster.width(), 30);
        assert_eq!(raster.pixels().len(), 30 * 40);
        for y in 20..40 {
            for x in 10..20 {
                let wanted = if y < 30 { [200, 0, 0] } else { [0, 0, 90] };
                assert_eq!(raster.at([x, y]), wanted, "{x},{y}");
            }
        }
        // Blank cells are the page, also beside coloured ones.
        assert!((20..40).all(|y| raster.at([9, y]) == cells::page(THEME)));
        // A letter that is turned round stands on the colour of text.
        assert_eq!(raster.at([0, 0]), [0xd7, 0xda, 0xe0]);
        assert!((0..20).any(|y| raster.at([5, y]) == cells::page(THEME)));
    }
}
