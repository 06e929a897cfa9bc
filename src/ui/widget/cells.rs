//! A row of cells, each as bright as a value: many small numbers at a glance.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use super::{
    picture::{self, Paint},
    set_char,
};
use crate::ui::theme::{Depth, Theme};

/// What one cell shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// A value, 0 to 1, or -1 to 1 where the paint is of differences.
    Value(f32),
    /// Something that never has another value than zero.
    Dead,
}

/// Cells from the left, each so many columns wide; of wider ones the last column stays empty.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    /// What they show.
    pub cells: &'a [Cell],
    /// Columns of each.
    pub width: u16,
    /// What the values mean.
    pub paint: Paint,
    /// The colours.
    pub theme: Theme,
}

impl Widget for Cells<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let width = self.width.max(1);
        let filled = width.max(2) - 1;
        for (cell, left) in self
            .cells
            .iter()
            .zip((area.left()..area.right()).step_by(width.into()))
        {
            for x in left..area.right().min(left + filled) {
                match *cell {
                    Cell::Dead if x == left => {
                        let sign = self.theme.symbols().dead;
                        set_char(buf, (x, area.y), sign, self.theme.warning());
                    }
                    Cell::Dead => set_char(buf, (x, area.y), ' ', self.theme.text()),
                    Cell::Value(value) => self.fill((x, area.y), value, buf),
                }
            }
        }
    }
}

impl Cells<'_> {
    fn fill(self, place: (u16, u16), value: f32, buf: &mut Buffer) {
        let style = self.theme.text();
        if self.theme.depth == Depth::None {
            let glyph = picture::glyph(self.paint, [value; 2], self.theme.glyphs);
            set_char(buf, place, glyph, style);
        } else {
            let color = picture::color(self.paint, value, self.theme);
            set_char(buf, place, ' ', style.bg(color));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Glyphs, Tone};

    fn drawn(cells: &[Cell], width: u16, depth: Depth) -> Buffer {
        let area = Rect::new(0, 0, 8, 1);
        let mut buf = Buffer::empty(area);
        let (glyphs, tone) = (Glyphs::Blocks, Tone::Dark);
        Cells {
            cells,
            width,
            paint: Paint::Network,
            theme: Theme {
                depth,
                tone,
                glyphs,
            },
        }
        .render(area, &mut buf);
        buf
    }

    fn words(buf: &Buffer) -> String {
        buf.content()
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect()
    }

    #[test]
    fn a_cell_is_as_bright_as_its_value_and_a_dead_one_says_so() {
        let cells = [
            Cell::Value(0.0),
            Cell::Value(1.0),
            Cell::Dead,
            Cell::Value(0.4),
        ];
        assert_eq!(words(&drawn(&cells, 1, Depth::None)), " █×▒    ");
        // Of wider ones the last column stays empty, and what has no place is left out.
        assert_eq!(words(&drawn(&cells, 3, Depth::None)), "   ██ × ");
        let buf = drawn(&cells, 1, Depth::True);
        assert_eq!(words(&buf), "  ×     ");
        assert_ne!(buf[(0, 0)].bg, buf[(1, 0)].bg);
    }
}
