//! The way through the middle, as it narrows to the code and widens again.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::super::bottleneck::Bottleneck;
use crate::ui::widget::text;

/// Columns of the lines that stand for the layers, from the image to the code.
const LINES: [u16; 3] = [14, 10, 6];

pub(super) fn render(through: Bottleneck, area: Rect, buf: &mut Buffer) {
    let theme = through.theme;
    let line = |width: &u16| {
        let line = theme.symbols().rule.to_string();
        (line.repeat(usize::from(*width)), theme.faint())
    };
    let gap = || (String::new(), Style::new());
    let head = theme.symbols().seen.to_string();
    let mut rows = vec![
        (through.pixels_in_words(), theme.title()),
        (head.clone(), theme.dim()),
    ];
    rows.extend(LINES.iter().map(line));
    rows.extend([gap(), ("the code".into(), theme.dim())]);
    rows.extend(through.stacked());
    rows.push(gap());
    rows.extend(LINES.iter().rev().map(line));
    rows.extend([
        (head, theme.dim()),
        (through.pixels_in_words(), theme.accent()),
    ]);
    let top = area.y + area.height.saturating_sub(rows.len() as u16) / 2;
    for (y, (words, style)) in (top..area.bottom()).zip(&rows) {
        let width = text::width(words).min(area.width);
        let row = Rect {
            x: area.x + (area.width - width) / 2,
            y,
            width,
            height: 1,
        };
        text::left(buf, row, &[(words, *style)]);
    }
}
