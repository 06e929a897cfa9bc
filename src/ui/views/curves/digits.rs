//! How much each class is learned: as ribbons along the axis, which brighten, or as bars at
//! the ruler. Eight heights of a bar show nothing after the first epoch; shades do.
//! Where there are more classes than rows, the chosen ones have them if they fit, and else all of
//! them stand in several columns.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{Scene, series};
use crate::{
    data::Classes,
    ui::{
        theme::{Depth, Glyphs},
        views::behind,
        widget::text,
    },
    words::pointed,
};

/// The shade of a class that is not learned at all, so that its ribbon is seen.
const LEAST: f32 = 0.14;

/// Columns between two columns of bars.
const GUTTER: u16 = 2;
/// Columns of a share, and of one that has no room for its sign.
const SHARE: u16 = 5;
const SHORT_SHARE: u16 = 2;
/// Columns of a mark, its share in short and a blank.
const LEAST_PITCH: u16 = 1 + SHORT_SHARE + 1;

/// Draws the pane. Of images without labels there are no classes, and its place stays free.
pub(super) fn render(scene: &Scene, buf: &mut Buffer) {
    let app = scene.stage.app;
    let classes = app.classes();
    if classes == Classes::Unlabelled {
        return;
    }
    let rows = scene.at.digits.height.saturating_sub(1).max(1);
    let all: Vec<u8> = (0..classes.count() as u8).collect();
    let chosen: Vec<u8> = app.shown().collect();
    let lists = [&all, &chosen];
    let ribbons = lists
        .into_iter()
        .find(|shown| shown.len() <= rows.into())
        .filter(|_| scene.at.ribbons);
    title(scene, &classes, ribbons.is_some(), buf);
    if let Some(shown) = ribbons {
        for (place, &class) in (0..).zip(shown) {
            ribbon(scene, &classes, class, place, buf);
        }
        return;
    }
    let across = |shown: &Vec<u8>| (shown.len() as u16).div_ceil(rows).max(2);
    let pitch = |shown: &Vec<u8>| (scene.at.digits.width + GUTTER) / across(shown);
    let shown = lists.into_iter().find(|shown| pitch(shown) >= LEAST_PITCH);
    let shown = shown.unwrap_or(&chosen);
    for (place, &class) in (0..).zip(shown) {
        bar(scene, &classes, class, (place, rows, pitch(shown)), buf);
    }
}

/// What the numbers are; ribbons end in a loss each.
fn title(scene: &Scene, classes: &Classes, ribbons: bool, buf: &mut Buffer) {
    let (theme, area) = (scene.stage.theme, scene.at.digits);
    let loss = if ribbons { "   loss" } else { "" };
    let both = format!("average 0%, copy 100%{loss}");
    let forms = [
        ("each digit, held out: how much it has learned", &*both),
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
            let long = format!("average 0%, copy 100%  {behind}{loss}");
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

/// The losses of the classes at a step, as they were measured last; of single weights, theirs.
fn losses_at<'a>(scene: &'a Scene, step: u64) -> Option<&'a [f32]> {
    let seen = scene.stage.seen;
    let of_map = seen.map.digit_losses.as_deref();
    if !seen.has_history() || (scene.place.ruler.is_none() && seen.seen.past.is_some()) {
        return of_map;
    }
    let measured = series::digits_at(&scene.measured, step).map(|losses| &losses[..]);
    measured.or(of_map.filter(|_| scene.place.ruler.is_none()))
}

/// The step that the losses at the ruler are of.
fn step_of_losses(scene: &Scene) -> Option<u64> {
    let seen = scene.stage.seen;
    if !seen.has_history() || (scene.place.ruler.is_none() && seen.seen.past.is_some()) {
        return seen.map.digit_losses.as_ref().map(|_| seen.map.step);
    }
    series::with_digits_at(&scene.measured, scene.ruler).map(|measured| measured.step)
}

fn learned(scene: &Scene, class: u8, step: u64) -> Option<(f32, f32)> {
    let class = usize::from(class);
    let loss = *losses_at(scene, step)?.get(class)?;
    let learned = scene.answer?.scale.learned(class, loss)?;
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

fn style_of(scene: &Scene, class: u8) -> Style {
    if scene.stage.app.filter.contains(class) {
        Style::new().fg(scene.stage.theme.class(class))
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

fn ribbon(scene: &Scene, classes: &Classes, class: u8, place: u16, buf: &mut Buffer) {
    let (theme, at) = (scene.stage.theme, scene.at);
    let row = row_of(at.digits, place);
    let style = style_of(scene, class);
    // The axis begins where a name ends.
    let room = at.plot.x.saturating_sub(row.x + 1);
    let longest = (0..classes.count() as u8).map(|class| text::width(&classes.name(class)));
    let is_named = matches!(classes, Classes::Named(_)) && longest.max() <= Some(room);
    let name = Rect {
        x: if is_named { row.x } else { row.x + 2 },
        width: if is_named { room } else { 1 },
        ..row
    };
    let words = if is_named {
        classes.name(class).into_owned()
    } else {
        text::mark(classes, class, scene.stage.theme).to_string()
    };
    text::left(buf, name, &[(&words, style)]);
    let read = learned(scene, class, scene.ruler);
    if scene.stage.seen.has_history() {
        course(scene, class, row, buf);
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

/// How a class was learned along the axis, and the ruler.
fn course(scene: &Scene, class: u8, row: Rect, buf: &mut Buffer) {
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
            let Some((share, _)) = learned_then(scene, class, to) else {
                continue;
            };
            let (character, style) = shade(scene, class, share);
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
fn learned_then(scene: &Scene, class: u8, step: u64) -> Option<(f32, f32)> {
    let class = usize::from(class);
    let loss = *series::digits_at(&scene.measured, step)?.get(class)?;
    Some((scene.answer?.scale.learned(class, loss)?, loss))
}

fn shade(scene: &Scene, class: u8, share: f32) -> (char, Style) {
    let theme = scene.stage.theme;
    let share = share.clamp(0.0, 1.0);
    let ramp = match theme.glyphs {
        Glyphs::Blocks => ['·', '░', '▒', '▓', '█'],
        Glyphs::Ascii => ['.', ':', '+', '*', '#'],
    };
    if !scene.stage.app.filter.contains(class) {
        return (ramp[0], theme.faint());
    }
    if theme.depth == Depth::True && theme.glyphs == Glyphs::Blocks {
        let strength = LEAST + (1.0 - LEAST) * share.powf(0.8);
        let color = theme.class_shade(class, strength);
        return (theme.symbols().eighths[5], Style::new().fg(color));
    }
    // Few shades: the characters tell. Nobody gets to all of one.
    let place = (share * 6.0) as usize;
    (ramp[place.min(4)], Style::new().fg(theme.class(class)))
}

/// A class in a column of several, so many rows each.
fn bar(
    scene: &Scene,
    classes: &Classes,
    class: u8,
    (place, rows, pitch): (u16, u16, u16),
    buf: &mut Buffer,
) {
    let area = scene.at.digits;
    let narrow = pitch < 1 + SHARE + GUTTER;
    let row = Rect {
        x: area.x + place / rows * pitch,
        width: pitch.saturating_sub(if narrow { 1 } else { GUTTER }),
        ..row_of(area, place % rows)
    };
    if row.right() > area.right() {
        return;
    }
    let style = style_of(scene, class);
    let read = learned(scene, class, scene.ruler);
    text::left(
        buf,
        row,
        &[(
            &text::mark(classes, class, scene.stage.theme).to_string(),
            style,
        )],
    );
    let share_of = percent(read);
    let says = if narrow {
        share_of.trim_end_matches('%').trim_start()
    } else {
        &share_of
    };
    if row.width > if narrow { SHORT_SHARE } else { SHARE } {
        text::right(buf, row, &[(says, style)]);
    }
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
