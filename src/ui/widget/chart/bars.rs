//! One bar a column, in eighths of a cell.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, widgets::Widget};

use super::Scale;
use crate::ui::{
    theme::{Depth, Theme},
    widget::{set_char, set_text},
};

/// What bars are painted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarPaint {
    /// As the body of a chart.
    Area,
    /// Quietly, beside one.
    Dim,
    /// As something that the network made.
    Network,
    /// As what comes after the moment that is seen.
    Later,
}

/// The value whose colour is the network's, as it is.
const NETWORK_SHADE: f32 = 0.75;

impl BarPaint {
    fn style(self, theme: Theme) -> Style {
        match self {
            Self::Area => theme.area(),
            Self::Dim | Self::Later => theme.dim(),
            Self::Network => Style::new().fg(theme.network(NETWORK_SHADE)),
        }
    }
}

/// Bars as high as their area, one a column from the left. Columns without a
/// value, or whose value is no number, stay empty; any other shows an eighth at
/// least.
#[derive(Debug, Clone, Copy)]
pub struct Bars<'a> {
    /// A value for each column.
    pub values: &'a [Option<f32>],
    /// Their heights.
    pub scale: Scale,
    /// Their colour.
    pub paint: BarPaint,
    /// The colours.
    pub theme: Theme,
}

impl Widget for Bars<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let style = self.paint.style(self.theme);
        for (x, value) in (area.left()..area.right()).zip(self.values) {
            let filled = value.and_then(|value| self.scale.eighths(value, area.height));
            let mut left = filled.unwrap_or(0);
            // Where colour cannot set it apart, it is hollow.
            let hollow = self.paint == BarPaint::Later && self.theme.depth == Depth::None;
            for y in (area.top()..area.bottom()).rev() {
                if left == 0 {
                    break;
                }
                let eighths = left.min(8);
                left -= eighths;
                if hollow && left > 0 {
                    continue;
                }
                let character = self.theme.symbols().eighths[eighths as usize - 1];
                set_char(buf, (x, y), character, style);
            }
        }
    }
}

/// Bars behind a word and the line of an axis, as the row `now │▂▅▇` under a chart.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<'a> {
    /// At most four characters.
    pub label: &'a str,
    /// The bars.
    pub bars: Bars<'a>,
}

impl Widget for Labelled<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let theme = self.bars.theme;
        let plot = plot(area);
        let axis = area.right().min(area.x.saturating_add(LABEL));
        if !area.is_empty() {
            set_text(buf, (area.x, area.y), axis, self.label, theme.dim());
        }
        for y in area.top()..area.bottom() {
            if axis < area.right() {
                set_char(buf, (axis, y), theme.symbols().axis, theme.faint());
            }
        }
        self.bars.render(plot, buf);
    }
}

/// Columns of the words beside an axis.
pub(super) const LABEL: u16 = 4;

/// An area without its words and axis.
pub(super) fn plot(area: Rect) -> Rect {
    let gutter = (LABEL + 1).min(area.width);
    Rect {
        x: area.x.saturating_add(gutter),
        width: area.width - gutter,
        ..area
    }
}
