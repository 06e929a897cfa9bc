//! How much each digit is learned: as ribbons along the axis, which brighten, or as bars at
//! the ruler. Eight heights of a bar show nothing after the first epoch; shades do.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{Scene, series};
use crate::{
    data::CLASSES,
    ui::{
        theme::{Depth, Glyphs},
        views::behind,
        widget::text,
    },
    words::pointed,
};

/// The shade of a digit that is not learned at all, so that its ribbon is seen.
const LEAST: f32 = 0.14;

/// Draws the pane.
pub(super) fn render(scene: &Scene, buf: &mut Buffer) {
    title(scene, buf);
    for digit in 0..CLASSES as u8 {
        if scene.at.ribbons {
            ribbon(scene, digit, buf);
        } else {
            bar(scene, digit, buf);
        }
    }
}

fn title(scene: &Scene, buf: &mut Buffer) {
    let (theme, area) = (scene.stage.theme, scene.at.digits);
    let classes = scene.stage.app.classes();
    let forms = [
        (
            "each digit, held out: how much it has learned",
            "mean image 0%, copy 100%   loss",
        ),
        ("each digit: how much it has learned", "copy 100%"),
        ("each digit: learned", "copy 100%"),
    ];
    // How many columns they leave free at least; the name of numbers that are behind is shorter.
    let choose = |forms: [(&str, &str); 3], free: u16| {
        let fits = |(name, says): &(&str, &str)| {
            text::width(name) + text::width(says) + free <= area.width
        };
        let (name, says) = forms.into_iter().find(fits).unwrap_or(forms[2]);
        (classes.said(name), says.to_string())
    };
    let (name, says) = match behind::at_step(step_of_losses(scene), scene.ruler) {
        None => choose(forms, 4),
        Some(behind) => {
            let long = format!("mean image 0%, copy 100%  {behind}   loss");
            let short = format!("copy 100%  {behind}");
            let learned = "each digit: learned";
            let forms = [
                ("each digit, held out: learned", &*long),
                (learned, &short),
                (learned, &behind),
            ];
            choose(forms, 2)
        }
    };
    text::title(buf, area, theme, &name, &[(&says, theme.dim())]);
}

/// The losses of the digits at a step, as they were measured last; of single weights, theirs.
fn losses_at(scene: &Scene, step: u64) -> Option<[f32; CLASSES]> {
    let seen = scene.stage.seen;
    if !seen.has_history() || (scene.place.ruler.is_none() && seen.seen.past.is_some()) {
        return seen.map.digit_losses;
    }
    series::digits_at(&scene.measured, step).or(seen
        .map
        .digit_losses
        .filter(|_| scene.place.ruler.is_none()))
}

/// The step that the losses at the ruler are of.
fn step_of_losses(scene: &Scene) -> Option<u64> {
    let seen = scene.stage.seen;
    if !seen.has_history() || (scene.place.ruler.is_none() && seen.seen.past.is_some()) {
        return seen.map.digit_losses.map(|_| seen.map.step);
    }
    series::with_digits_at(&scene.measured, scene.ruler).map(|measured| measured.step)
}

fn learned(scene: &Scene, digit: u8, step: u64) -> Option<(f32, f32)> {
    let digit = usize::from(digit);
    let loss = losses_at(scene, step)?[digit];
    let learned = scene.answer?.scale.learned(digit, loss)?;
    Some((learned, loss))
}

/// A whole number of hundredths, of fixed width.
fn percent(learned: Option<(f32, f32)>) -> String {
    match learned {
        None => "    -".into(),
        Some((..0.0, _)) => "  <0%".into(),
        Some((learned, _)) => format!("{:>4.0}%", (learned * 100.0).min(100.0)),
    }
}

fn style_of(scene: &Scene, digit: u8) -> Style {
    if scene.stage.app.digits.contains(digit) {
        Style::new().fg(scene.stage.theme.digit(digit))
    } else {
        scene.stage.theme.faint()
    }
}

fn row_of(area: Rect, place: u16) -> Rect {
    Rect {
        y: area.y + 1 + place,
        height: 1,
        ..area
    }
}

fn ribbon(scene: &Scene, digit: u8, buf: &mut Buffer) {
    let (theme, at) = (scene.stage.theme, scene.at);
    let row = row_of(at.digits, u16::from(digit));
    let style = style_of(scene, digit);
    let name = Rect {
        x: row.x + 2,
        width: 1,
        ..row
    };
    text::left(buf, name, &[(&digit.to_string(), style)]);
    let read = learned(scene, digit, scene.ruler);
    if scene.stage.seen.has_history() {
        course(scene, digit, row, buf);
    } else {
        // Of weights alone one moment is known.
        let line = Rect {
            x: at.plot.x,
            width: at.plot.width,
            ..row
        };
        share(scene, read, style, line, buf);
    }
    let loss = read.map_or_else(|| "    -".into(), |(_, loss)| text::loss(loss));
    let loss = format!("  {:>4}", pointed(loss.trim()));
    let says = [(&*percent(read), style), (&loss, theme.text())];
    let says = says.map(|(words, style)| (words, style));
    text::right(buf, row, &says);
}

/// How a digit was learned along the axis, and the ruler.
fn course(scene: &Scene, digit: u8, row: Rect, buf: &mut Buffer) {
    let (theme, at) = (scene.stage.theme, scene.at);
    let measured = &scene.measured;
    let known = |known: &&crate::message::Measured| known.digits.is_some();
    let first = measured.iter().find(known).map(|known| known.step);
    let last = measured.iter().rfind(known).map(|known| known.step);
    if let (Some(first), Some(last)) = (first, last) {
        for column in 0..at.plot.width {
            let edge = |column: u16| {
                scene
                    .axis
                    .step_at(f64::from(column) / f64::from(at.plot.width))
            };
            let (from, to) = (edge(column), edge(column + 1));
            if to < first || from > last {
                continue;
            }
            let Some((share, _)) = learned_then(scene, digit, to) else {
                continue;
            };
            let (character, style) = shade(scene, digit, share);
            let place = (at.plot.x + column, row.y);
            buf[place].reset();
            buf[place].set_char(character).set_style(style);
        }
    }
    if let Some(column) = scene.axis.column(scene.ruler, at.plot.width) {
        let place = (at.plot.x + column, row.y);
        buf[place].reset();
        buf[place]
            .set_char(theme.symbols().axis)
            .set_style(theme.text());
    }
}

/// Along the ribbon only what was measured counts.
fn learned_then(scene: &Scene, digit: u8, step: u64) -> Option<(f32, f32)> {
    let digit = usize::from(digit);
    let loss = series::digits_at(&scene.measured, step)?[digit];
    Some((scene.answer?.scale.learned(digit, loss)?, loss))
}

fn shade(scene: &Scene, digit: u8, share: f32) -> (char, Style) {
    let theme = scene.stage.theme;
    let share = share.clamp(0.0, 1.0);
    let ramp = match theme.glyphs {
        Glyphs::Blocks => ['·', '░', '▒', '▓', '█'],
        Glyphs::Ascii => ['.', ':', '+', '*', '#'],
    };
    if !scene.stage.app.digits.contains(digit) {
        return (ramp[0], theme.faint());
    }
    if theme.depth == Depth::True && theme.glyphs == Glyphs::Blocks {
        let strength = LEAST + (1.0 - LEAST) * share.powf(0.8);
        let color = theme.digit_shade(digit, strength);
        return (theme.symbols().eighths[5], Style::new().fg(color));
    }
    // Few shades: the characters tell. Nobody gets to all of a digit.
    let place = (share * 6.0) as usize;
    (ramp[place.min(4)], Style::new().fg(theme.digit(digit)))
}

fn bar(scene: &Scene, digit: u8, buf: &mut Buffer) {
    let area = scene.at.digits;
    let width = area.width.saturating_sub(2) / 2;
    let column = u16::from(digit / 5);
    let row = Rect {
        x: area.x + column * (width + 2),
        width,
        ..row_of(area, u16::from(digit % 5))
    };
    let style = style_of(scene, digit);
    let read = learned(scene, digit, scene.ruler);
    text::left(buf, row, &[(&digit.to_string(), style)]);
    text::right(buf, row, &[(&percent(read), style)]);
    let line = Rect {
        x: row.x + 2,
        width: row.width.saturating_sub(2 + 6),
        ..row
    };
    share(scene, read, style, line, buf);
}

/// A bar as long as what is learned.
fn share(scene: &Scene, read: Option<(f32, f32)>, style: Style, line: Rect, buf: &mut Buffer) {
    let theme = scene.stage.theme;
    let share = read.map_or(0.0, |(share, _)| share.clamp(0.0, 1.0));
    let full = (share * f32::from(line.width)).round() as u16;
    for x in 0..line.width {
        let (symbol, style) = if x < full {
            (theme.symbols().played, style)
        } else {
            (theme.symbols().few, theme.faint())
        };
        buf[(line.x + x, line.y)].set_char(symbol).set_style(style);
    }
}
