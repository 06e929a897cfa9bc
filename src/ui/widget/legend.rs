//! Which colour is which digit.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, widgets::Widget};

use super::{digit_set::DigitSet, set_char};
use crate::ui::theme::{Depth, Theme};

/// The ten digits in their colours, in one line: `■ 0  ■ 1 ...`, or `0 1 2 ...`
/// where that is too wide. Digits that are not shown step back.
#[derive(Debug, Clone, Copy)]
pub struct Legend {
    /// The digits on the map.
    pub shown: DigitSet,
    /// The colours.
    pub theme: Theme,
}

impl Legend {
    /// Columns from one entry to the next, and of an entry, in the wide form.
    const WIDE: (u16, u16) = (5, 3);

    /// Columns of the wide form.
    pub const COLUMNS: u16 = 9 * Self::WIDE.0 + Self::WIDE.1;
}

impl Widget for Legend {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let is_wide = area.width >= Self::COLUMNS;
        // Ten digits and nine blanks; narrower still, the blanks go.
        let step = match area.width {
            _ if is_wide => Self::WIDE.0,
            19.. => 2,
            _ => 1,
        };
        for digit in 0..10 {
            let x = area.x + u16::from(digit) * step;
            let (swatch, place) = (x, if is_wide { x + 2 } else { x });
            if place >= area.right() {
                break;
            }
            let is_shown = self.shown.contains(digit);
            let color = self.theme.digit(digit);
            let (character, style) = match (is_shown, is_wide, self.theme.depth) {
                (false, _, Depth::None) => (self.theme.symbols().few, Style::new()),
                (_, _, Depth::None) => (figure(digit), Style::new()),
                (false, ..) => (figure(digit), self.theme.dim()),
                (true, true, _) => (figure(digit), self.theme.text()),
                (true, false, _) => (figure(digit), Style::new().fg(color)),
            };
            set_char(buf, (place, area.y), character, style);
            if is_wide && is_shown && self.theme.depth != Depth::None {
                let style = Style::new().fg(color);
                set_char(buf, (swatch, area.y), self.theme.symbols().swatch, style);
            }
        }
    }
}

fn figure(digit: u8) -> char {
    char::from(b'0' + digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Glyphs, Tone};

    fn line(shown: DigitSet, depth: Depth, glyphs: Glyphs, width: u16) -> String {
        let theme = Theme {
            depth,
            tone: Tone::Dark,
            glyphs,
        };
        let mut buf = Buffer::empty(Rect::new(0, 0, width, 1));
        Legend { shown, theme }.render(buf.area, &mut buf);
        buf.content()
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect()
    }

    #[test]
    fn a_wide_legend_has_a_square_of_each_colour() {
        let wide = |depth, glyphs| line(DigitSet::ALL, depth, glyphs, 48);
        assert_eq!(
            wide(Depth::True, Glyphs::Blocks),
            "■ 0  ■ 1  ■ 2  ■ 3  ■ 4  ■ 5  ■ 6  ■ 7  ■ 8  ■ 9"
        );
        assert_eq!(
            wide(Depth::Sixteen, Glyphs::Ascii),
            "# 0  # 1  # 2  # 3  # 4  # 5  # 6  # 7  # 8  # 9"
        );
        assert_eq!(
            wide(Depth::None, Glyphs::Blocks),
            "  0    1    2    3    4    5    6    7    8    9"
        );
    }

    #[test]
    fn a_narrow_legend_is_digits() {
        let narrow = |width| line(DigitSet::ALL, Depth::True, Glyphs::Blocks, width);
        assert_eq!(narrow(20), "0 1 2 3 4 5 6 7 8 9 ");
        assert_eq!(narrow(18), "0123456789        ");
        assert_eq!(narrow(4), "0123");
        assert_eq!(narrow(0), "");
    }

    #[test]
    fn digits_that_are_not_shown_step_back() {
        let shown: DigitSet = [4, 7, 9].into_iter().collect();
        assert_eq!(
            line(shown, Depth::True, Glyphs::Blocks, 48),
            "  0    1    2    3  ■ 4    5    6  ■ 7    8  ■ 9"
        );
        assert_eq!(
            line(shown, Depth::None, Glyphs::Blocks, 19),
            "· · · · 4 · · 7 · 9"
        );
        assert_eq!(
            line(shown, Depth::None, Glyphs::Ascii, 19),
            ". . . . 4 . . 7 . 9"
        );
    }
}
