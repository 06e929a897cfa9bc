//! Both axes around the plot, as they are drawn.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    Axes,
    ticks::{brief, horizontal_ticks, vertical_ticks},
};
use crate::ui::{
    theme::Theme,
    widget::{set_char, set_text},
};

/// Columns of the vertical axis's name, one letter under another, and a blank.
pub(super) const NAME: u16 = 2;

/// The part of a map's area that images stand on: without the axis and its
/// numbers at the left and the row below. Too small an area has no axes.
pub fn plot_area(area: Rect, axes: impl Into<Axes>) -> Rect {
    let axes = axes.into();
    let least = usize::from(axes.gutter) + usize::from(axes.range[1][0] < 0.0);
    // A part of an axis has the room of the whole.
    let whole = Axes {
        shown: None,
        ..axes
    };
    let numbers = whole
        .y()
        .into_iter()
        .flat_map(|axis| [brief(axis.low).len(), brief(axis.high).len()])
        .fold(least, usize::max) as u16;
    let gutter = numbers + 1 + if axes.named { NAME } else { 0 };
    if area.width < 2 * gutter + 1 || area.height < 4 {
        return area;
    }
    Rect {
        x: area.x + gutter,
        y: area.y,
        width: area.width - gutter,
        height: area.height - 1,
    }
}

/// Draws both axes around the plot.
pub(in crate::ui::widget::map) fn render(theme: Theme, area: Rect, axes: Axes, buf: &mut Buffer) {
    let plot = plot_area(area, axes);
    if plot == area {
        return;
    }
    let (symbols, line, words) = (theme.symbols(), theme.faint(), theme.dim());
    let x = plot.x - 1;
    for y in plot.top()..plot.bottom() {
        set_char(buf, (x, y), symbols.axis, line);
    }
    set_char(buf, (x, plot.bottom()), symbols.corner, line);
    for x in plot.left()..plot.right() {
        set_char(buf, (x, plot.bottom()), symbols.rule, line);
    }
    if let Some(axis) = axes.y() {
        for tick in vertical_ticks(axis, plot.height) {
            let y = plot.y + tick.start;
            let length = tick.words.len() as u16;
            if area.x + length > x {
                continue;
            }
            set_text(buf, (x - length, y), x, &tick.words, words);
            set_char(buf, (x, y), symbols.tick, line);
        }
    }
    if let Some(axis) = axes.x() {
        for tick in horizontal_ticks(axis, plot.width) {
            let place = (plot.x + tick.start, plot.bottom());
            set_text(buf, place, plot.right(), &tick.words, words);
        }
    }
}
