//! Words on the screen: lines that end where their area ends, and the title
//! rule above each pane.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, text};

use crate::{
    data::{Classes, MOST_CLASSES},
    ui::theme::{Glyphs, Theme},
};

/// A run of words in one style.
pub(in crate::ui) type Span<'a> = (&'a str, Style);

/// Columns of a text.
pub(in crate::ui) fn width(words: &str) -> u16 {
    u16::try_from(text::Span::raw(words).width()).unwrap_or(u16::MAX)
}

/// Columns of spans side by side.
pub(in crate::ui) fn columns(spans: &[Span]) -> u16 {
    spans
        .iter()
        .fold(0, |sum, (words, _)| width(words).saturating_add(sum))
}

/// More of a name or a message than any screen can show.
const LONGEST: usize = 1024;

/// Words from outside, made fit to be drawn: nothing that moves the cursor,
/// changes the order of its neighbours or takes no place, and in ASCII nothing
/// else.
pub(in crate::ui) fn plain(words: &str, theme: Theme) -> String {
    let drawable = |character: char| match theme.glyphs {
        Glyphs::Blocks => {
            let mut bytes = [0; 4];
            !character.is_control() && width(character.encode_utf8(&mut bytes)) > 0
        }
        Glyphs::Ascii => matches!(character, ' '..='~'),
    };
    words
        .chars()
        .take(LONGEST)
        .map(|character| if drawable(character) { character } else { '?' })
        .collect()
}

/// What stands for a class in a single cell. A letter that is none of ASCII's is its number there.
pub(in crate::ui) fn mark(classes: &Classes, class: u8, theme: Theme) -> char {
    let mark = classes.mark(class);
    match (theme.glyphs, classes) {
        (Glyphs::Ascii, _) if mark.is_ascii() => mark,
        (Glyphs::Ascii, Classes::Unlabelled) => theme.symbols().few,
        (Glyphs::Ascii, _) => Classes::numbered(MOST_CLASSES).mark(class),
        (Glyphs::Blocks, _) => mark,
    }
}

/// An image by its number, and what it shows where that is known: `110: an 8`.
pub(in crate::ui) fn image(number: &str, classes: &Classes, class: u8) -> String {
    match classes {
        Classes::Unlabelled => number.into(),
        classes => format!("{number}: {}", classes.one(class)),
    }
}

/// A loss in five columns, whatever it is.
pub(in crate::ui) fn loss(loss: f32) -> String {
    let words = match loss.abs() {
        ..9.9995 => format!("{loss:.3}"),
        ..99.995 => format!("{loss:.2}"),
        ..999.95 => format!("{loss:.1}"),
        ..99_999.5 => format!("{loss:.0}"),
        _ => format!("{loss:.0e}"),
    };
    format!("{words:>5}")
}

/// Writes spans from the left edge of a row; what does not fit is cut.
/// Returns the column after the last character.
pub(in crate::ui) fn left(buf: &mut Buffer, area: Rect, spans: &[Span]) -> u16 {
    let mut x = area.x;
    if area.is_empty() {
        return x;
    }
    for (words, style) in spans {
        let room = usize::from(area.right().saturating_sub(x));
        x = buf.set_stringn(x, area.y, words, room, *style).0;
    }
    x
}

/// Writes spans up to the right edge of a row, whole or not at all.
/// Returns the column of the first character.
pub(in crate::ui) fn right(buf: &mut Buffer, area: Rect, spans: &[Span]) -> u16 {
    let columns = columns(spans);
    if area.is_empty() || columns > area.width {
        return area.right();
    }
    let start = area.right() - columns;
    left(
        buf,
        Rect {
            x: start,
            width: columns,
            ..area
        },
        spans,
    );
    start
}

/// The first row of a pane: its name, a rule, and what it has to say.
/// The right side gives way when both do not fit.
pub(in crate::ui) fn title(buf: &mut Buffer, area: Rect, theme: Theme, name: &str, says: &[Span]) {
    let row = Rect {
        height: area.height.min(1),
        ..area
    };
    if row.is_empty() {
        return;
    }
    let start = left(buf, row, &[(name, theme.title())]);
    let free = Rect {
        x: (start + 1).min(row.right()),
        width: row.right().saturating_sub(start + 1),
        ..row
    };
    let end = right(buf, free, says);
    rule(
        buf,
        theme,
        row,
        start + 1,
        if end == row.right() { end } else { end - 1 },
    );
}

/// A faint rule from one column up to another.
pub(in crate::ui) fn rule(buf: &mut Buffer, theme: Theme, row: Rect, from: u16, to: u16) {
    for x in from..to.min(row.right()) {
        buf[(x, row.y)]
            .set_char(theme.symbols().rule)
            .set_style(theme.faint());
    }
}

/// The pane without its title row.
pub(in crate::ui) fn body(area: Rect) -> Rect {
    Rect {
        y: area.y + area.height.min(1),
        height: area.height.saturating_sub(1),
        ..area
    }
}

/// Words in lines of at most so many columns.
pub(in crate::ui) fn wrapped(words: &str, columns: u16) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.into()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_has_five_columns() {
        for (value, words) in [
            (0.2, "0.200"),
            (12.345, "12.35"),
            (345.67, "345.7"),
            (3456.7, " 3457"),
            (1e30, " 1e30"),
            (f32::NAN, "  NaN"),
            (f32::INFINITY, "  inf"),
        ] {
            assert_eq!(loss(value), words);
        }
    }

    #[test]
    fn words_from_outside_lose_what_moves_the_cursor() {
        let theme = |glyphs| Theme {
            depth: crate::ui::theme::Depth::None,
            tone: crate::ui::theme::Tone::Dark,
            glyphs,
        };
        let wild = "a\u{1b}[2J\t\u{202e}é漢";
        assert_eq!(plain(wild, theme(Glyphs::Blocks)), "a?[2J??é漢");
        assert_eq!(plain(wild, theme(Glyphs::Ascii)), "a?[2J????");
        assert_eq!(width("é漢"), 3);
    }

    #[test]
    fn what_does_not_fit_on_the_right_is_left_out_whole() {
        let area = Rect::new(0, 0, 5, 1);
        let mut buf = Buffer::empty(area);
        assert_eq!(right(&mut buf, area, &[("123456", Style::new())]), 5);
        assert_eq!(buf, Buffer::with_lines(["     "]));
        assert_eq!(
            right(&mut buf, area, &[("1", Style::new()), ("23", Style::new())]),
            2
        );
        assert_eq!(buf, Buffer::with_lines(["  123"]));
    }
}
