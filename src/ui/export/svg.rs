//! A screen as letters and rectangles, which stay sharp at any size and can be searched.
//!
//! Letters are text in the reader's own monospaced font, each run stretched to its columns.
//! Blocks, lines and dots are the same geometry as in a picture, since fonts differ in them.

use std::fmt::Write;

use ratatui::{buffer::Buffer, style::Modifier};

use super::{cells, glyph};
use crate::{
    raster::{GLYPH, LINE, Rgb},
    ui::theme::Theme,
};

/// The whole file.
pub(super) fn of(screen: &Buffer, theme: Theme) -> String {
    let area = screen.area;
    let (width, height) = (
        usize::from(area.width) * GLYPH,
        usize::from(area.height) * LINE,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"ui-monospace, Menlo, DejaVu Sans Mono, monospace\" font-size=\"16\" \
         shape-rendering=\"crispEdges\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
        hex(cells::page(theme))
    );
    for row in 0..area.height {
        let mut run = Run::default();
        for column in 0..area.width {
            let cell = &screen[(area.x + column, area.y + row)];
            let [front, back] = cells::colours(cell, theme);
            let place = [usize::from(column) * GLYPH, usize::from(row) * LINE];
            if back != cells::page(theme) {
                rectangle(&mut svg, place, [GLYPH, LINE], back);
            }
            let character = cells::character(cell);
            if is_letter(character) {
                let bold = cell.modifier.contains(Modifier::BOLD);
                run.push(character, (front, bold), place, &mut svg);
            } else {
                run.end(&mut svg);
                shape(&mut svg, character, place, front);
            }
        }
        run.end(&mut svg);
    }
    svg + "</svg>\n"
}

/// Whether a font draws it, and not we.
fn is_letter(character: char) -> bool {
    crate::raster::letter(character, [0, 0]).is_some() || glyph::ink(character, [0, 0]).is_none()
}

/// Letters side by side in one style.
#[derive(Default)]
struct Run {
    text: String,
    style: Option<(Rgb, bool)>,
    start: [usize; 2],
}

impl Run {
    fn push(&mut self, character: char, style: (Rgb, bool), place: [usize; 2], svg: &mut String) {
        if self.style.is_some_and(|own| own != style) {
            self.end(svg);
        }
        if self.text.is_empty() {
            if character == ' ' {
                return;
            }
            self.style = Some(style);
            self.start = place;
        }
        self.text.push(character);
    }

    fn end(&mut self, svg: &mut String) {
        let text = std::mem::take(&mut self.text);
        let style = self.style.take();
        let text = text.trim_end();
        let (Some((color, bold)), false) = (style, text.is_empty()) else {
            return;
        };
        let [x, top] = self.start;
        let weight = if bold { " font-weight=\"bold\"" } else { "" };
        let _ = writeln!(
            svg,
            "<text x=\"{x}\" y=\"{}\" fill=\"{}\"{weight} textLength=\"{}\" \
             lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\">{}</text>",
            top + 15,
            hex(color),
            text.chars().count() * GLYPH,
            escaped(text)
        );
    }
}

/// A character of geometry: its pixels, row by row in as long rectangles as they make.
fn shape(svg: &mut String, character: char, [left, top]: [usize; 2], color: Rgb) {
    let ink = |x: usize, y: usize| glyph::ink(character, [x, y]).unwrap_or(0.0);
    if let Some(shade @ 0.01..0.99) = glyph::ink(character, [0, 0]) {
        let _ = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{GLYPH}\" height=\"{LINE}\" fill=\"{}\" opacity=\"{shade}\"/>",
            hex(color)
        );
        return;
    }
    let mut y = 0;
    while y < LINE {
        let row = |y: usize| (0..GLYPH).map(move |x| ink(x, y) > 0.0);
        // Rows that are alike are one rectangle.
        let alike = (y..LINE).take_while(|&other| row(other).eq(row(y))).count();
        let mut x = 0;
        while x < GLYPH {
            let wide = (x..GLYPH).take_while(|&x| ink(x, y) > 0.0).count();
            if wide > 0 {
                rectangle(svg, [left + x, top + y], [wide, alike], color);
            }
            x += wide.max(1);
        }
        y += alike;
    }
}

fn rectangle(svg: &mut String, [x, y]: [usize; 2], [width, height]: [usize; 2], color: Rgb) {
    let color = hex(color);
    let _ = writeln!(
        svg,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{color}\"/>"
    );
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
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
    fn words_are_text_in_their_columns_and_blocks_are_rectangles() {
        let mut screen = Buffer::empty(Rect::new(0, 0, 12, 2));
        screen.set_string(2, 1, "a < b", Style::new().fg(Color::Rgb(1, 2, 3)));
        screen.set_string(8, 1, "▀", Style::new().fg(Color::Rgb(9, 9, 9)));
        let svg = of(&screen, THEME);
        assert!(svg.contains("viewBox=\"0 0 120 40\""), "{svg}");
        assert!(
            svg.contains("x=\"20\" y=\"35\" fill=\"#010203\" textLength=\"50\""),
            "{svg}"
        );
        assert!(svg.contains(">a &lt; b</text>"));
        let block = "<rect x=\"80\" y=\"20\" width=\"10\" height=\"10\" fill=\"#090909\"/>";
        assert!(svg.contains(block), "{svg}");
        assert_eq!(svg.matches("<text").count(), 1);
        assert!(svg.ends_with("</svg>\n"));
    }
}
