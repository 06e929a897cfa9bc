//! What the images of each class cost on average, as bars: of more classes than there is room for
//! those that cost most.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{act, place, words};
use crate::{
    data::Classes,
    ui::{
        theme::Depth,
        views::{Stage, behind},
        widget::text::{self, Span},
    },
};

/// Bars that there is room for.
const MOST: usize = 10;
/// Columns from one bar to the next, and of a bar.
const PITCH: u16 = 3;
const BAR: u16 = 2;

/// Draws the bars, or while strangers are chosen, their names.
pub(super) fn render(stage: &Stage, area: Rect, buf: &mut Buffer) {
    if place::is_choosing(stage.app) {
        return strangers(stage, area, buf);
    }
    let (theme, classes) = (stage.theme, stage.app.classes());
    if classes == Classes::Unlabelled {
        return;
    }
    let names = if classes.count() > MOST {
        ["the dearest digits", "dearest"]
    } else {
        ["loss of each digit", "each digit"]
    };
    let names = names.map(|name| classes.said(name));
    let losses = place::losses(stage.app);
    let step = losses.map(|losses| losses.step);
    let behind = behind::at_step(step, stage.seen.seen.step);
    let names = [&*names[0], &*names[1]];
    behind::title(buf, area, theme, names, "in 1/100", behind.as_deref());
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
    for (place, (class, loss)) in (0..).zip(chosen(stage, &losses.digits)) {
        let x = area.x + place * PITCH;
        let shown = stage.app.filter.contains(class);
        let style = if shown {
            theme.text().fg(theme.class(class))
        } else {
            theme.faint()
        };
        let label = text::mark(&classes, class, theme).to_string();
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

/// The classes whose bars are drawn: all, or of many those that are shown and cost most.
fn chosen(stage: &Stage, losses: &[f32]) -> Vec<(u8, f32)> {
    let all = (0u8..).zip(losses.iter().copied());
    if losses.len() <= MOST {
        return all.collect();
    }
    let known = |(class, loss): &(u8, f32)| stage.app.filter.contains(*class) && loss.is_finite();
    let mut dearest: Vec<(u8, f32)> = all.filter(known).collect();
    dearest.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    dearest.truncate(MOST);
    dearest
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
