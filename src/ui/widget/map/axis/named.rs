//! What stands at the axes of one place on the map: its values, and which number of the code each
//! axis is.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    Axes,
    drawn::{NAME, plot_area},
    ticks::horizontal_ticks,
};
use crate::ui::{
    theme::Theme,
    widget::{set_char, set_text},
};

/// What the numbers of a code are called, the second also where an axis is short.
const FIRST: &str = "first";
const SECOND: [&str; 2] = ["second", "2nd"];

/// A place's values beside the axes of a map in this area; numbers that they would touch give way.
/// The vertical axis may be one that has none.
pub(in crate::ui::widget::map) fn values(
    theme: Theme,
    axes: Axes,
    (point, (x, y)): ([f32; 2], (u16, u16)),
    two_axes: bool,
    area: Rect,
    buf: &mut Buffer,
) {
    let plot = plot_area(area, axes);
    if plot == area {
        return;
    }
    let (axis, style) = (plot.x - 1, theme.accent());
    if two_axes {
        let first = area.x + if axes.named { NAME } else { 0 };
        let words = number(point[1], axes.range[1], usize::from(axis - first));
        for column in first..axis {
            set_char(buf, (column, y), ' ', Style::new());
        }
        let start = axis - (words.len() as u16).min(axis - first);
        set_text(buf, (start, y), axis, &words, style);
        if axes.named {
            set_char(buf, (axis, y), theme.symbols().tick, style);
        }
    }
    let words = number(point[0], axes.range[0], 6);
    let length = words.len() as u16;
    let start = x.saturating_sub(length / 2).max(plot.x);
    let start = start.min(plot.right().saturating_sub(length).max(plot.x));
    let row = plot.bottom();
    if !buf.area.contains((start, row).into()) {
        return;
    }
    let mut first = start.saturating_sub(1).max(plot.x);
    while first > plot.x && !is_rule(theme, buf, (first, row)) {
        first -= 1;
    }
    let mut end = (start + length + 1).min(plot.right());
    while end < plot.right() && !is_rule(theme, buf, (end, row)) {
        end += 1;
    }
    for column in first..end {
        set_char(buf, (column, row), theme.symbols().rule, theme.faint());
    }
    set_text(buf, (start, row), plot.right(), &words, style);
}

/// The names of the axes of a map in this area, where nothing else stands: that of the horizontal
/// one in its widest gap between numbers.
pub(in crate::ui::widget::map) fn names(theme: Theme, axes: Axes, area: Rect, buf: &mut Buffer) {
    let plot = plot_area(area, axes);
    if plot == area || !axes.named {
        return;
    }
    let words = theme.dim();
    if !axes.digits
        && let Some(name) = SECOND.iter().find(|name| name.len() <= plot.height.into())
    {
        let top = plot.y + (plot.height - name.len() as u16) / 2;
        for (y, letter) in (top..).zip(name.chars()) {
            set_char(buf, (area.x, y), letter, words);
        }
    }
    let row = plot.bottom();
    let length = FIRST.len() as u16;
    let free = |start: u16| {
        let around = start.saturating_sub(1)..start + length + 1;
        around.into_iter().all(|x| is_rule(theme, buf, (x, row)))
    };
    let place = gaps(axes, plot)
        .into_iter()
        .filter(|(from, to)| to - from > length + 1)
        .map(|(from, to)| from + (to - from - length) / 2)
        .find(|start| free(*start));
    if let Some(start) = place {
        set_char(buf, (start - 1, row), ' ', words);
        set_text(buf, (start, row), plot.right(), FIRST, words);
        set_char(buf, (start + length, row), ' ', words);
    }
}

/// The columns between the numbers below a plot, from the widest gap to the narrowest.
fn gaps(axes: Axes, plot: Rect) -> Vec<(u16, u16)> {
    let Some(axis) = axes.x() else {
        return Vec::new();
    };
    let mut taken: Vec<(u16, u16)> = horizontal_ticks(axis, plot.width)
        .into_iter()
        .map(|tick| (tick.start, tick.start + tick.words.len() as u16))
        .collect();
    taken.sort_unstable();
    taken.push((plot.width, plot.width));
    let mut end = 0;
    let mut gaps = Vec::new();
    for (start, next) in taken {
        if start > end {
            gaps.push((plot.x + end, plot.x + start));
        }
        end = end.max(next);
    }
    gaps.sort_by_key(|(from, to)| std::cmp::Reverse(to - from));
    gaps
}

/// Whether a place of an axis has no number.
fn is_rule(theme: Theme, buf: &Buffer, place: (u16, u16)) -> bool {
    let color = theme.faint().fg.unwrap_or_default();
    buf.cell(place)
        .is_none_or(|cell| cell.symbol().starts_with(theme.symbols().rule) && cell.fg == color)
}

/// A value with a decimal or two, as its axis is long, in so many columns at most.
fn number(value: f32, range: [f32; 2], columns: usize) -> String {
    let reach = range[0].abs().max(range[1].abs());
    let decimals = if reach >= 10.0 { 1 } else { 2 };
    let forms = (0..=decimals)
        .rev()
        .map(|decimals| format!("{value:.decimals$}"));
    let fits = |words: &String| words.len() <= columns;
    forms
        .into_iter()
        .find(fits)
        .unwrap_or_else(|| format!("{value:.0e}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Depth, Glyphs, Tone};
    use crate::ui::widget::map::axis::render;

    fn lines(area: Rect, axes: Axes, point: [f32; 2]) -> Vec<String> {
        let theme = Theme {
            depth: Depth::True,
            tone: Tone::Dark,
            glyphs: Glyphs::Blocks,
        };
        let mut buf = Buffer::empty(area);
        let plot = plot_area(area, axes);
        render(theme, area, axes, &mut buf);
        let [x, y] = axes.parts(point).unwrap();
        let column = plot.x + (x * f32::from(plot.width - 1)) as u16;
        let row = plot.y + ((1.0 - y) * f32::from(plot.height - 1)) as u16;
        values(
            theme,
            axes,
            (point, (column, row)),
            !axes.digits,
            area,
            &mut buf,
        );
        names(theme, axes, area, &mut buf);
        let row = |y| (0..area.width).map(|x| buf[(x, y)].symbol()).collect();
        (0..area.height).map(row).collect()
    }

    #[test]
    fn names_and_values_stand_apart_wherever_the_point_is() {
        let area = Rect::new(0, 0, 58, 21);
        let two_sides = [[-4.5, 4.5], [-4.5, 4.5]];
        for range in [
            [[0.0, 45.0], [0.0, 35.0]],
            [[0.0, 0.4], [0.0, 0.9]],
            two_sides,
        ] {
            let axes = Axes {
                named: true,
                ..Axes::from(range)
            };
            for place in 0..=40 {
                let part = f32::from(place as u8) / 40.0;
                let lines = lines(area, axes, axes.point([part, part]).unwrap());
                let below = &lines[20];
                assert!(below.contains(" first "), "{below}");
                let column: String = lines.iter().map(|line| &line[..1]).collect();
                assert_eq!(column.trim(), "second");
                // Between the name and the numbers.
                assert!(
                    lines.iter().all(|line| line[1..].starts_with(' ')),
                    "{lines:#?}"
                );
            }
        }
    }

    #[test]
    fn a_short_axis_has_a_short_name_and_one_that_counts_has_none() {
        let named = |digits| Axes {
            named: true,
            digits,
            ..Axes::from([[0.0, 45.0], [0.0, 9.0]])
        };
        let column =
            |lines: Vec<String>| -> String { lines.iter().map(|line| &line[..1]).collect() };
        let low = lines(Rect::new(0, 0, 40, 5), named(false), [1.0, 1.0]);
        assert_eq!(column(low).trim(), "2nd");
        let counting = lines(Rect::new(0, 0, 40, 11), named(true), [1.0, 1.0]);
        assert!(counting[10].contains(" first "), "{counting:#?}");
        assert_eq!(column(counting).trim(), "");
    }
}
