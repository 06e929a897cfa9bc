//! A curve of another run behind the one that is drawn: grey, and only where neither its area nor a word is.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use super::{Scale, bars};
use crate::ui::{theme::Theme, widget::set_char};

/// The curve, to be drawn over a finished [`AreaChart`](super::AreaChart) of the same place.
#[derive(Debug, Clone, Copy)]
pub struct Ghost<'a> {
    /// A value for each column of the plot.
    pub values: &'a [Option<f32>],
    /// Their heights.
    pub scale: Scale,
    /// The colours.
    pub theme: Theme,
}

impl Widget for Ghost<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let plot = bars::plot(area);
        for (column, value) in (0..plot.width).zip(self.values) {
            let Some(value) = value.filter(|value| self.scale.contains(*value)) else {
                continue;
            };
            let Some(row) = self.scale.row(value, plot.height) else {
                continue;
            };
            let place = (plot.x + column, plot.y + row);
            let touches_words = [column.checked_sub(1), Some(column + 1)]
                .into_iter()
                .flatten()
                .filter(|&near| near < plot.width)
                .any(|near| is_word(buf[(plot.x + near, place.1)].symbol()));
            let symbols = self.theme.symbols();
            let under = buf[place].symbol();
            let is_free = under == " " || under.chars().eq([symbols.dashed]);
            if is_free && !touches_words {
                set_char(buf, place, symbols.point, self.theme.dim());
            }
        }
    }
}

fn is_word(symbol: &str) -> bool {
    symbol
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || character == '.')
}
