//! Words on the screen: lines that end where their area ends, and the title
//! rule above each pane.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::ui::theme::Theme;

/// A run of words in one style.
pub(super) type Span<'a> = (&'a str, Style);

/// Columns of a text whose every character is one column wide.
pub(super) fn width(text: &str) -> u16 {
    text.chars().count() as u16
}

/// Writes spans from the left edge of a row; what does not fit is cut.
/// Returns the column after the last character.
pub(super) fn left(buf: &mut Buffer, area: Rect, spans: &[Span]) -> u16 {
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
pub(super) fn right(buf: &mut Buffer, area: Rect, spans: &[Span]) -> u16 {
    let columns = spans.iter().map(|(words, _)| width(words)).sum::<u16>();
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
pub(super) fn title(buf: &mut Buffer, area: Rect, theme: Theme, name: &str, says: &[Span]) {
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
pub(super) fn rule(buf: &mut Buffer, theme: Theme, row: Rect, from: u16, to: u16) {
    for x in from..to.min(row.right()) {
        buf[(x, row.y)]
            .set_char(theme.symbols().rule)
            .set_style(theme.faint());
    }
}

/// The pane without its title row.
pub(super) fn body(area: Rect) -> Rect {
    Rect {
        y: area.y + area.height.min(1),
        height: area.height.saturating_sub(1),
        ..area
    }
}

/// A number of steps or images, with its thousands set apart.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
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
