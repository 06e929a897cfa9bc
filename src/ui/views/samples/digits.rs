//! What the images of each digit cost on average, as ten bars.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{act, place, words};
use crate::ui::{
    theme::Depth,
    views::{Stage, behind},
    widget::text::{self, Span},
};

/// Columns from one bar to the next, and of a bar.
const PITCH: u16 = 3;
const BAR: u16 = 2;

/// Draws the bars, or while strangers are chosen, their names.
pub(super) fn render(stage: &Stage, area: Rect, buf: &mut Buffer) {
    if place::is_choosing(stage.app) {
        return strangers(stage, area, buf);
    }
    let theme = stage.theme;
    let names = ["loss of each digit", "each digit"].map(|name| stage.app.classes().said(name));
    let losses = place::losses(stage.app);
    let step = losses.map(|losses| losses.step);
    let behind = behind::at_step(step, stage.seen.seen.step);
    let names = [&*names[0], &*names[1]];
    behind::title(buf, area, theme, names, "22 is .22", behind.as_deref());
    let body = text::body(area);
    let Some(losses) = losses else {
        return;
    };
    let bars = Rect {
        height: body.height.saturating_sub(2),
        ..body
    };
    let finite = losses
        .digits
        .iter()
        .copied()
        .filter(|loss| loss.is_finite());
    let worst = finite.fold(f32::MIN_POSITIVE, f32::max);
    for (digit, loss) in (0u8..).zip(losses.digits) {
        let x = area.x + u16::from(digit) * PITCH;
        let shown = stage.app.digits.contains(digit);
        let style = if shown {
            theme.text().fg(theme.digit(digit))
        } else {
            theme.faint()
        };
        let label = digit.to_string();
        let number = hundredths(loss);
        let row = |y: u16| Rect::new(x, y, BAR, 1).intersection(area);
        let name = if shown { theme.text() } else { theme.dim() };
        text::left(buf, row(bars.bottom()), &[(&label, name)]);
        text::left(buf, row(bars.bottom() + 1), &[(&number, theme.dim())]);
        if !loss.is_finite() || theme.depth == Depth::None && !shown {
            continue;
        }
        let eighths = (loss / worst * f32::from(bars.height) * 8.0).round() as u16;
        for (number, y) in (0u16..).zip((bars.y..bars.bottom()).rev()) {
            let part = usize::from(eighths.saturating_sub(number * 8).min(8));
            if let Some(place) = part.checked_sub(1) {
                for x in x..x + BAR {
                    let bar = theme.symbols().eighths[place];
                    buf[(x, y)].set_char(bar).set_style(style);
                }
            }
        }
    }
}

/// A loss in hundredths, in two columns; of one that has no room there its whole part.
fn hundredths(loss: f32) -> String {
    if !loss.is_finite() {
        return " -".into();
    }
    let hundredths = (loss * 100.0).round();
    if hundredths < 100.0 {
        return format!("{hundredths:02}");
    }
    let whole = loss.round();
    if whole < 10.0 {
        return format!("{whole}.");
    }
    "9+".into()
}

/// Who the real images can be held against.
fn strangers(stage: &Stage, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let keys = [("j k", theme.accent()), (" choose", theme.dim())];
    text::title(buf, area, theme, "strangers", &keys);
    let here = place::strangers(stage.app);
    let mark = format!("{} ", theme.symbols().chosen);
    for (who, row) in act::strangers(stage.app)
        .into_iter()
        .zip(text::body(area).rows())
    {
        let name = words::of_strangers(who, theme.glyphs);
        let spans: [Span; 2] = if who == here {
            [(&mark, theme.accent()), (name, theme.accent().bold())]
        } else {
            [("  ", theme.text()), (name, theme.text())]
        };
        text::left(buf, row, &spans);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_of_any_size_is_told_in_two_columns() {
        for (loss, words) in [
            (0.0, "00"),
            (0.224, "22"),
            (0.994, "99"),
            (0.996, "1."),
            (3.114, "3."),
            (9.6, "9+"),
            (1e9, "9+"),
            (f32::NAN, " -"),
        ] {
            assert_eq!(hundredths(loss), words, "{loss}");
        }
    }
}
