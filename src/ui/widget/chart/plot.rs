//! Points and lines in braille: two by four dots in every cell.
//!
//! What is drawn later lies on top: in a cell it takes the place of what lay below, so that
//! a line keeps its colour and its shape. Without braille, or without colours, a layer has
//! a character of its own.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::Scale;
use crate::ui::{
    theme::{Depth, Glyphs, Theme},
    widget::set_char,
};

/// How a layer is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ink {
    /// Its colour.
    pub style: Style,
    /// Its character where there is no braille.
    pub ascii: char,
    /// Its character where there are no colours; without, its dots.
    pub bare: Option<char>,
}

/// A drawing of so many cells, its rows counted from the top.
#[derive(Debug, Clone)]
pub struct Plot {
    columns: u16,
    rows: u16,
    /// Of each cell what lies on top, and its dots.
    cells: Vec<(u8, u8)>,
}

/// The bits of a cell's dots, by column and row.
const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
/// The character without any dot.
const BLANK: u32 = 0x2800;

impl Plot {
    /// So many dots outside, lines need not be told from others.
    pub const FAR: f64 = 60_000.0;

    /// Nothing yet.
    pub fn new(columns: u16, rows: u16) -> Self {
        let cells = usize::from(columns) * usize::from(rows);
        Self {
            columns,
            rows,
            cells: vec![(0, 0); cells],
        }
    }

    /// Dots from left to right, and from top to bottom.
    pub fn dots(&self) -> [i32; 2] {
        [2 * i32::from(self.columns), 4 * i32::from(self.rows)]
    }

    /// The row of dots of a value; of one beyond the scale, beyond the drawing.
    pub fn height(&self, scale: Scale, value: f32) -> Option<i32> {
        let dots = self.dots()[1];
        if value > scale.high {
            return Some(-1);
        }
        if value < scale.low {
            return Some(dots);
        }
        let up = (scale.height(value)? * (dots - 1) as f32).round() as i32;
        Some(dots - 1 - up)
    }

    /// A dot of a layer; the layers count from 1, and higher ones lie on top.
    pub fn dot(&mut self, layer: u8, x: i32, y: i32) {
        let [width, height] = self.dots();
        if !(0..width).contains(&x) || !(0..height).contains(&y) {
            return;
        }
        let place = usize::from(self.columns) * (y as usize / 4) + x as usize / 2;
        let (top, dots) = &mut self.cells[place];
        if *top > layer {
            return;
        }
        if *top < layer {
            (*top, *dots) = (layer, 0);
        }
        *dots |= BITS[x as usize % 2][y as usize % 4];
    }

    /// A line of a layer through these dots.
    pub fn line(&mut self, layer: u8, through: impl IntoIterator<Item = (i32, i32)>) {
        let mut before: Option<(i32, i32)> = None;
        for (x, y) in through {
            let (from_x, from_y) = before.unwrap_or((x, y));
            before = Some((x, y));
            self.stroke(layer, [from_x, from_y], [x, y]);
        }
    }

    /// The part outside is left out.
    fn stroke(&mut self, layer: u8, from: [i32; 2], to: [i32; 2]) {
        let [width, height] = self.dots();
        let is_outside = |part: usize, end: i32| {
            (from[part] < 0 && to[part] < 0) || (from[part] >= end && to[part] >= end)
        };
        if is_outside(0, width) || is_outside(1, height) {
            return;
        }
        let near = |dot: [i32; 2]| dot.map(|part| part.clamp(-Self::FAR as i32, Self::FAR as i32));
        let (from, to) = (near(from), near(to));
        let length = (to[0] - from[0]).abs().max((to[1] - from[1]).abs());
        for part in 0..=length {
            let along = |from: i32, to: i32| {
                let part = f64::from(part) / f64::from(length.max(1));
                from + (f64::from(to - from) * part).round() as i32
            };
            self.dot(layer, along(from[0], to[0]), along(from[1], to[1]));
        }
    }

    /// Whether nothing is drawn in a cell.
    pub fn is_empty(&self, column: u16, row: u16) -> bool {
        let place = usize::from(self.columns) * usize::from(row) + usize::from(column);
        self.cells.get(place).is_none_or(|(_, dots)| *dots == 0)
    }

    /// Draws it; `inks` are those of the layers from the first on.
    pub fn render(&self, inks: &[Ink], theme: Theme, area: Rect, buf: &mut Buffer) {
        let rows = self.cells.chunks(usize::from(self.columns).max(1));
        for (y, row) in (area.top()..area.bottom()).zip(rows) {
            for (x, (layer, dots)) in (area.left()..area.right()).zip(row) {
                let ink = usize::from(*layer).checked_sub(1);
                let Some(ink) = ink.and_then(|layer| inks.get(layer)) else {
                    continue;
                };
                let braille = || char::from_u32(BLANK + u32::from(*dots)).unwrap_or(' ');
                let character = match (theme.glyphs, theme.depth) {
                    (Glyphs::Ascii, _) => ink.ascii,
                    (Glyphs::Blocks, Depth::None) => ink.bare.unwrap_or_else(braille),
                    (Glyphs::Blocks, _) => braille(),
                };
                set_char(buf, (x, y), character, ink.style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Cell;

    use super::*;
    use crate::ui::theme::Tone;

    const INKS: [Ink; 2] = [
        Ink {
            style: Style::new(),
            ascii: '.',
            bare: None,
        },
        Ink {
            style: Style::new(),
            ascii: 'o',
            bare: Some('•'),
        },
    ];

    fn drawn(plot: &Plot, depth: Depth, glyphs: Glyphs) -> Vec<String> {
        let theme = Theme {
            depth,
            tone: Tone::Dark,
            glyphs,
        };
        let mut buf = Buffer::empty(Rect::new(0, 0, plot.columns, plot.rows));
        plot.render(&INKS, theme, buf.area, &mut buf);
        let cells: Vec<&str> = buf.content().iter().map(Cell::symbol).collect();
        let rows = cells.chunks(usize::from(plot.columns));
        rows.map(<[&str]>::concat).collect()
    }

    #[test]
    fn every_dot_of_a_cell_is_its_own_and_those_beyond_are_none() {
        let mut seen = Vec::new();
        for (x, y) in (0..2).flat_map(|x| (0..4).map(move |y| (x, y))) {
            let mut plot = Plot::new(1, 1);
            plot.dot(1, x, y);
            seen.push(drawn(&plot, Depth::True, Glyphs::Blocks).concat());
        }
        assert_eq!(seen.concat(), "⠁⠂⠄⡀⠈⠐⠠⢀");
        let mut plot = Plot::new(1, 1);
        for (x, y) in [(-1, 0), (0, -1), (2, 0), (0, 4), (i32::MAX, i32::MIN)] {
            plot.dot(1, x, y);
        }
        assert!(plot.is_empty(0, 0));
    }

    #[test]
    fn a_line_has_no_gaps_and_a_steep_one_fills_its_columns() {
        let mut plot = Plot::new(2, 1);
        plot.line(1, [(0, 3), (1, 0), (3, 0)]);
        assert_eq!(drawn(&plot, Depth::True, Glyphs::Blocks), ["⡜⠉"]);
        let mut beyond = Plot::new(2, 1);
        beyond.line(1, [(0, -9), (3, -1)]);
        beyond.line(1, [(-5, 0), (-1, 3)]);
        beyond.line(1, [(i32::MIN, i32::MIN), (i32::MAX, -1)]);
        assert!(beyond.is_empty(0, 0) && beyond.is_empty(1, 0));
    }

    #[test]
    fn what_lies_on_top_takes_the_cell() {
        let mut plot = Plot::new(2, 1);
        plot.dot(2, 0, 0);
        plot.dot(1, 1, 3);
        plot.dot(1, 2, 3);
        assert_eq!(drawn(&plot, Depth::True, Glyphs::Blocks), ["⠁⡀"]);
        assert_eq!(drawn(&plot, Depth::None, Glyphs::Blocks), ["•⡀"]);
        assert_eq!(drawn(&plot, Depth::True, Glyphs::Ascii), ["o."]);
    }

    #[test]
    fn a_value_beyond_the_scale_is_beyond_the_drawing() {
        let (plot, scale) = (Plot::new(1, 2), Scale::linear(0.0, 7.0));
        let rows = [0.0, 3.0, 7.0, 7.1, -0.1].map(|value| plot.height(scale, value));
        assert_eq!(rows, [Some(7), Some(4), Some(0), Some(-1), Some(8)]);
        assert_eq!(plot.height(scale, f32::NAN), None);
        assert_eq!(plot.height(scale, f32::INFINITY), Some(-1));
    }
}
