//! How far the held-out loss has come, on a line from one grey to a perfect copy.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    message::Curve,
    ui::{theme::Theme, widget::text},
    words::pointed,
};

/// A place on the line, and what stands below it.
struct Mark {
    column: u16,
    words: String,
    passed: bool,
}

pub(super) fn render(curve: &Curve, theme: Theme, area: Rect, buf: &mut Buffer) {
    let (Some(worst), Some(best)) = (curve.one_grey, curve.copy) else {
        return;
    };
    if area.width < 2 || area.height < 2 || worst.is_nan() || best.is_nan() || worst <= best {
        return;
    }
    let last = area.width - 1;
    let column = |loss: f32| {
        let part = ((worst - loss) / (worst - best)).clamp(0.0, 1.0);
        area.x + (part * f32::from(last)).round() as u16
    };
    let now = curve.held_out.filter(|now| !now.is_nan());
    let mark = |name: &str, loss: f32| Mark {
        column: column(loss),
        words: format!("{name} {}", pointed(&format!("{loss:.3}"))),
        passed: now.is_some_and(|now| now < loss),
    };
    let average = curve.mean_image.map(|loss| mark("average", loss));
    let components = curve.components.map(|known| {
        let name = format!("PCA-{}", known.count);
        mark(&name, known.loss)
    });
    let now = now.map(|now| mark("now", now));
    let symbols = theme.symbols();
    for x in area.left()..area.right() {
        let passed = now.as_ref().is_some_and(|now| x < now.column);
        let (symbol, style) = if passed {
            (symbols.played, theme.accent())
        } else {
            (symbols.rule, theme.faint())
        };
        buf[(x, area.y)].set_char(symbol).set_style(style);
    }
    // The most wanted first: what would touch another is left out.
    let ends = [mark("one grey", worst), mark("a perfect copy", best)];
    let below = [now.as_ref(), Some(&ends[1]), Some(&ends[0])];
    let below = below
        .into_iter()
        .chain([average.as_ref(), components.as_ref()]);
    let mut taken: Vec<(u16, u16)> = Vec::new();
    for (mark, is_now) in below
        .flatten()
        .zip(std::iter::once(now.is_some()).chain(std::iter::repeat(false)))
    {
        if !is_now {
            let style = if mark.passed {
                theme.accent()
            } else {
                theme.faint()
            };
            let place = (mark.column, area.y);
            if now.as_ref().is_none_or(|now| now.column != mark.column) {
                buf[place].set_char(symbols.cross).set_style(style);
            }
        }
        let width = text::width(&mark.words);
        let start = mark.column.saturating_sub(width / 2).max(area.x);
        let start = start.min(area.right().saturating_sub(width));
        let end = start + width;
        if taken
            .iter()
            .any(|&(from, to)| start < to + 2 && from < end + 2)
        {
            continue;
        }
        taken.push((start, end));
        let style = if is_now { theme.accent() } else { theme.dim() };
        let row = Rect::new(start, area.y + 1, width, 1);
        text::left(buf, row, &[(&mark.words, style)]);
    }
    if let Some(now) = now {
        buf[(now.column, area.y)]
            .set_char(symbols.now)
            .set_style(theme.accent());
    }
}
