//! The area under a curve, with its axis, lines to compare with, and points.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, widgets::Widget};

use super::{
    Scale,
    bars::{self, BarPaint, Bars, LABEL},
};
use crate::ui::{
    theme::{Depth, Theme},
    widget::{set_char, set_text},
};

/// A value to compare with, drawn where the area leaves room; nothing is drawn
/// of one beyond the scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reference<'a> {
    /// Where the line is.
    pub value: f32,
    /// What it is; written at its right end.
    pub label: &'a str,
}

/// A measured point, drawn over the area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Its column, from 0 at the left of the plot.
    pub column: u16,
    /// Its value.
    pub value: f32,
}

/// An area chart. Its first five columns are the axis.
#[derive(Debug, Clone, Copy)]
pub struct AreaChart<'a> {
    /// A value for each column of the plot.
    pub values: &'a [Option<f32>],
    /// Their heights; its ends are written on the axis.
    pub scale: Scale,
    /// Lines to compare with; the first comes first where two share a row.
    pub references: &'a [Reference<'a>],
    /// Measured points.
    pub points: &'a [Point],
    /// Columns where what is measured was changed.
    pub changes: &'a [u16],
    /// The column of the moment that is seen, if that is not the last: what comes
    /// after it steps back.
    pub seen: Option<u16>,
    /// The colours.
    pub theme: Theme,
}

impl AreaChart<'_> {
    /// Columns that a chart of this width has for values.
    pub fn columns(width: u16) -> u16 {
        width.saturating_sub(LABEL + 1)
    }

    /// Their place in a chart's.
    pub fn plot(area: Rect) -> Rect {
        bars::plot(area)
    }
}

impl Widget for AreaChart<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        // What is empty is so by choice: references look for it.
        let plot = bars::plot(area);
        for place in area.intersection(buf.area).positions() {
            set_char(buf, place, ' ', Style::new());
        }
        self.axis(area, buf);
        let (then, later) = self.halves();
        for (values, paint) in [(then, BarPaint::Area), (later, BarPaint::Later)] {
            Bars {
                values: &values,
                scale: self.scale,
                paint,
                theme: self.theme,
            }
            .render(plot, buf);
        }
        let mut names = Names::default();
        for reference in self.references {
            self.reference(*reference, plot, &mut names, buf);
        }
        for &column in self.changes {
            self.change(column, plot, &names, buf);
        }
        for point in self.points {
            self.point(*point, plot, buf);
        }
        if let Some(column) = self.seen {
            self.moment(column, plot, &names, buf);
        }
    }
}

/// Where the names of lines stand: what marks a column gives way to them.
#[derive(Default)]
struct Names {
    /// The rows that have a line, and the column that its name begins in.
    rows: Vec<(u16, u16)>,
}

impl Names {
    fn has_line(&self, row: u16) -> bool {
        self.rows.iter().any(|(of, _)| *of == row)
    }

    /// Whether a name stands there.
    fn holds(&self, column: u16, row: u16) -> bool {
        let mut rows = self.rows.iter();
        rows.any(|&(of, from)| of == row && column >= from)
    }
}

impl AreaChart<'_> {
    /// The values up to the moment that is seen, and those after it, each in its columns.
    fn halves(&self) -> (Vec<Option<f32>>, Vec<Option<f32>>) {
        let is_then = |column: usize| self.seen.is_none_or(|seen| column <= usize::from(seen));
        let half = |wanted: bool| {
            let values = self.values.iter().enumerate();
            values
                .map(|(column, value)| value.filter(|_| is_then(column) == wanted))
                .collect()
        };
        (half(true), half(false))
    }

    /// A line down to the area.
    fn change(&self, column: u16, plot: Rect, names: &Names, buf: &mut Buffer) {
        if column >= plot.width {
            return;
        }
        let filled = self.filled(column, plot.height).div_ceil(8);
        let rows = u32::from(plot.height).saturating_sub(filled) as u16;
        for y in (plot.y..plot.y + rows).filter(|y| !names.holds(column, y - plot.y)) {
            let place = (plot.x + column, y);
            set_char(
                buf,
                place,
                self.theme.symbols().edited,
                self.theme.changed(),
            );
        }
    }

    /// A pointer on a stem that goes through everything but names.
    fn moment(&self, column: u16, plot: Rect, names: &Names, buf: &mut Buffer) {
        if column >= plot.width {
            return;
        }
        let (symbols, filled) = (self.theme.symbols(), self.filled(column, plot.height));
        let mut free = (plot.top()..plot.bottom())
            .filter(|y| !names.holds(column, y - plot.y))
            .peekable();
        let top = free.peek().copied();
        for y in free {
            let symbol = if Some(y) == top {
                symbols.seen
            } else {
                symbols.axis
            };
            let mut style = self.theme.text();
            if filled >= 8 * u32::from(plot.bottom() - y) {
                style.bg = self.theme.area().fg;
            }
            set_char(buf, (plot.x + column, y), symbol, style);
        }
    }

    fn axis(&self, area: Rect, buf: &mut Buffer) {
        let axis = area.x.saturating_add(LABEL);
        if area.is_empty() || axis >= area.right() {
            return;
        }
        for y in area.top()..area.bottom() {
            set_char(
                buf,
                (axis, y),
                self.theme.symbols().axis,
                self.theme.faint(),
            );
        }
        let mut write = |value, y| {
            let words = format!("{:>4}", short(value));
            set_text(buf, (area.x, y), axis, &words, self.theme.dim());
        };
        write(self.scale.high, area.top());
        if area.height > 1 {
            write(self.scale.low, area.bottom() - 1);
        }
    }

    fn reference(&self, reference: Reference, plot: Rect, names: &mut Names, buf: &mut Buffer) {
        let Some(row) = self.scale.row(reference.value, plot.height) else {
            return;
        };
        if names.has_line(row) || !self.scale.contains(reference.value) {
            return;
        }
        let below = 8 * u32::from(plot.height - 1 - row);
        let is_empty = |column: u16| self.filled(column, plot.height) <= below;
        let y = plot.y + row;
        let label = format!(" {}", reference.label);
        let length = label.chars().count() as u16;
        let words_from = plot
            .width
            .checked_sub(length)
            .filter(|&from| (from..plot.width).all(is_empty))
            .unwrap_or(plot.width);
        names.rows.push((row, words_from));
        for column in (0..words_from).filter(|&column| is_empty(column)) {
            let place = (plot.x + column, y);
            set_char(buf, place, self.theme.symbols().dashed, self.theme.dim());
        }
        if words_from < plot.width {
            let place = (plot.x + words_from, y);
            set_text(buf, place, plot.right(), &label, self.theme.dim());
        }
    }

    /// Eighths of rows that the area fills in a column.
    fn filled(&self, column: u16, rows: u16) -> u32 {
        let value = self.values.get(usize::from(column)).copied().flatten();
        value
            .and_then(|value| self.scale.eighths(value, rows))
            .unwrap_or(0)
    }

    fn point(&self, point: Point, plot: Rect, buf: &mut Buffer) {
        let Some(row) = self.scale.row(point.value, plot.height) else {
            return;
        };
        if point.column >= plot.width {
            return;
        }
        let place = (plot.x + point.column, plot.y + row);
        let symbols = self.theme.symbols();
        if self.theme.depth == Depth::None {
            return set_char(buf, place, symbols.point, self.theme.text());
        }
        // A cap whose upper edge is the value: a dot would punch a hole into
        // the area's own edge, which is never far.
        let below = 8 * u32::from(plot.height - 1 - row);
        let value = self.scale.eighths(point.value, plot.height).unwrap_or(0);
        let height = value.saturating_sub(below).clamp(1, 8);
        let is_later = self.seen.is_some_and(|seen| point.column > seen);
        if is_later {
            // The later part is grey throughout; its points are in it.
            return;
        }
        let mut style = self.theme.text();
        if self.filled(point.column, plot.height) >= below + 8 {
            style.bg = self.theme.area().fg;
        }
        set_char(buf, place, symbols.eighths[height as usize - 1], style);
    }
}

/// A number in four characters.
fn short(value: f32) -> String {
    let two = format!("{value:.2}");
    match two.len() {
        ..=4 => two,
        5 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
