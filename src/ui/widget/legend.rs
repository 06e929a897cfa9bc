//! Which colour is which class.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, widgets::Widget};

use super::{set_char, text};
use crate::{
    data::{Classes, Labels},
    ui::theme::{Depth, Theme},
};

/// The classes in their colours, in one line: `■ 0  ■ 1 ...`, marks and names where there is room
/// for those, and `0 1 2 ...` where even that is too wide. Those that are not shown step back.
#[derive(Debug, Clone, Copy)]
pub struct Legend<'a> {
    /// The classes on the map.
    pub shown: Labels,
    /// What they are.
    pub classes: &'a Classes,
    /// The colours.
    pub theme: Theme,
}

/// How wide it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The mark and the name.
    Names,
    /// A square and the mark.
    Squares,
    /// The mark alone, in its colour.
    Marks {
        /// Columns from one to the next.
        step: u16,
    },
}

/// Columns of an entry, and from one to the next, with squares.
const WIDE: (u16, u16) = (3, 5);
/// Columns of a square with the blank behind it, and between names.
const SQUARE: u16 = 2;

/// The class at a column of a legend of this width.
pub fn class_at(classes: &Classes, column: u16, width: u16) -> Option<u8> {
    let places = places(classes, form(classes, width));
    let here = |(from, to): &(u16, u16)| (*from..*to).contains(&column);
    let found = places.iter().position(here).filter(|_| column < width);
    found.map(|class| class as u8)
}

fn form(classes: &Classes, width: u16) -> Form {
    let fits = |form: &Form| {
        let places = places(classes, *form);
        places.last().is_none_or(|(_, end)| *end <= width)
    };
    // Blanks between marks; narrower still, they go.
    let forms = [
        Form::Squares,
        Form::Marks { step: 2 },
        Form::Marks { step: 1 },
    ];
    let names = matches!(classes, Classes::Named(_)).then_some(Form::Names);
    let found = names.into_iter().chain(forms).find(fits);
    found.unwrap_or(Form::Marks { step: 1 })
}

/// Where each class begins and ends.
fn places(classes: &Classes, form: Form) -> Vec<(u16, u16)> {
    let mut x = 0;
    let place = |class: u8| {
        let (width, step) = match form {
            Form::Names => {
                let width = SQUARE + text::width(&classes.name(class));
                (width, width + SQUARE)
            }
            Form::Squares => WIDE,
            Form::Marks { step } => (1, step),
        };
        let from = x;
        x += step;
        (from, from + width)
    };
    all(classes).map(place).collect()
}

/// Without labels there is nothing to tell.
fn all(classes: &Classes) -> std::ops::Range<u8> {
    match classes {
        Classes::Unlabelled => 0..0,
        classes => 0..classes.count() as u8,
    }
}

impl Legend<'_> {
    /// Columns that it takes of so many.
    pub fn columns(&self, width: u16) -> u16 {
        let ends = places(self.classes, form(self.classes, width));
        ends.last().map_or(0, |(_, end)| *end).min(width)
    }
}

impl Widget for Legend<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let form = form(self.classes, area.width);
        let is_wide = !matches!(form, Form::Marks { .. });
        for (class, (from, to)) in all(self.classes).zip(places(self.classes, form)) {
            let from = area.x.saturating_add(from);
            let x = if is_wide { from + SQUARE } else { from };
            if x >= area.right() {
                break;
            }
            let is_shown = self.shown.contains(class);
            let color = self.theme.class(class);
            let style = match (is_shown, is_wide, self.theme.depth) {
                (_, _, Depth::None) => Style::new(),
                (false, ..) => self.theme.dim(),
                (true, true, _) => self.theme.text(),
                (true, false, _) => Style::new().fg(color),
            };
            let hidden = !is_shown && self.theme.depth == Depth::None;
            if form == Form::Names && !hidden {
                let name = self.classes.name(class);
                let place = Rect {
                    x,
                    width: area.right().min(area.x + to).saturating_sub(x),
                    ..area
                };
                text::left(buf, place, &[(&name, style)]);
            } else {
                let mark = if hidden {
                    self.theme.symbols().few
                } else {
                    text::mark(self.classes, class, self.theme)
                };
                set_char(buf, (x, area.y), mark, style);
            }
            let sign = match (form, self.theme.depth) {
                // A name does not say what stands on the map.
                (Form::Names, _) => Some(text::mark(self.classes, class, self.theme)),
                (Form::Squares, Depth::None) | (Form::Marks { .. }, _) => None,
                (Form::Squares, _) => Some(self.theme.symbols().swatch),
            };
            if let Some(sign) = sign.filter(|_| is_shown) {
                let style = match self.theme.depth {
                    Depth::None => Style::new(),
                    _ => Style::new().fg(color),
                };
                set_char(buf, (from, area.y), sign, style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Glyphs, Tone};

    fn line_of(
        classes: &Classes,
        shown: Labels,
        depth: Depth,
        glyphs: Glyphs,
        width: u16,
    ) -> String {
        let theme = Theme {
            depth,
            tone: Tone::Dark,
            glyphs,
        };
        let mut buf = Buffer::empty(Rect::new(0, 0, width, 1));
        let legend = Legend {
            shown,
            classes,
            theme,
        };
        legend.render(buf.area, &mut buf);
        buf.content()
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect()
    }

    fn line(shown: Labels, depth: Depth, glyphs: Glyphs, width: u16) -> String {
        line_of(&Classes::Digits, shown, depth, glyphs, width)
    }

    #[test]
    fn a_wide_legend_has_a_square_of_each_colour() {
        let wide = |depth, glyphs| line(Labels::ALL, depth, glyphs, 48);
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
        let narrow = |width| line(Labels::ALL, Depth::True, Glyphs::Blocks, width);
        assert_eq!(narrow(20), "0 1 2 3 4 5 6 7 8 9 ");
        assert_eq!(narrow(18), "0123456789        ");
        assert_eq!(narrow(4), "0123");
        assert_eq!(narrow(0), "");
    }

    #[test]
    fn digits_that_are_not_shown_step_back() {
        let shown: Labels = [4, 7, 9].into_iter().collect();
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

    #[test]
    fn classes_have_their_names_where_there_is_room_and_their_marks_where_not() {
        let clothes = Classes::named(&["shirt", "bag", "boot"]);
        let of = |classes: &Classes, width| {
            line_of(classes, Labels::ALL, Depth::True, Glyphs::Blocks, width)
        };
        assert_eq!(of(&clothes, 24), "0 shirt  1 bag  2 boot  ");
        assert_eq!(of(&clothes, 21), "■ 0  ■ 1  ■ 2        ");
        assert_eq!(
            of(&Classes::numbered(26), 30),
            "0123456789abcdefghijklmnop    "
        );
        assert_eq!(of(&Classes::numbered(64), 12), "0123456789ab");
        assert_eq!(of(&Classes::Unlabelled, 5), "     ");
    }

    #[test]
    fn each_place_is_that_of_the_class_that_stands_there() {
        let clothes = Classes::named(&["shirt", "bag", "boot"]);
        let legend = |classes| Legend {
            shown: Labels::ALL,
            classes,
            theme: Theme {
                depth: Depth::True,
                tone: Tone::Dark,
                glyphs: Glyphs::Blocks,
            },
        };
        let at = |column, width| class_at(&clothes, column, width);
        assert_eq!(
            [0, 6, 7, 9, 21].map(|x| at(x, 24)),
            [Some(0), Some(0), None, Some(1), Some(2)]
        );
        assert_eq!(
            [0, 4, 5, 20].map(|x| at(x, 21)),
            [Some(0), None, Some(1), None]
        );
        assert_eq!(legend(&clothes).columns(24), 22);
        let many = Classes::numbered(64);
        assert_eq!(
            [0, 11, 12].map(|x| class_at(&many, x, 12)),
            [Some(0), Some(11), None]
        );
        assert_eq!(legend(&Classes::Unlabelled).columns(99), 0);
    }
}
