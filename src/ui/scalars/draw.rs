//! Draws numbers by their names: a chart of those that are looked at, and the list.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::board::{Board, Entry};
use crate::{
    message::Course,
    ui::{
        theme::{Glyphs, Theme},
        widget::{
            chart::{Ink, Plot, Scale},
            text::{self, Span},
        },
    },
    words::grouped,
};

/// Columns of the list, where there is room beside the chart.
const LIST: u16 = 38;
/// From this width on there is.
const BESIDE: u16 = 90;
/// Rows of the list beneath the chart otherwise.
const BENEATH: u16 = 7;
/// Columns of the axis.
const AXIS: u16 = 9;
/// What stands in the place of the chart before there is one.
const NOTHING_YET: [&str; 2] = [
    "No number has come yet. A log without losses",
    "of steps has its first at the end of an epoch.",
];
/// Less is no screen.
const LEAST: (u16, u16) = (40, 12);

/// Draws the whole screen.
pub(super) fn render(board: &Board, theme: Theme, area: Rect, buf: &mut Buffer) {
    buf.set_style(area, theme.text());
    if area.width < LEAST.0 || area.height < LEAST.1 {
        text::left(
            buf,
            area,
            &[("a larger window, please; q leaves", theme.text())],
        );
        return;
    }
    let row = |y: u16| Rect::new(area.x + 1, y, area.width - 2, 1);
    header(board, theme, row(area.y), buf);
    let body = Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2);
    let (chart, list) = if area.width >= BESIDE {
        let width = body.width - LIST - 2;
        let list = Rect::new(body.x + width + 2, body.y, LIST, body.height);
        (Rect { width, ..body }, list)
    } else {
        let height = body.height - BENEATH;
        let list = Rect::new(body.x, body.y + height, body.width, BENEATH);
        (Rect { height, ..body }, list)
    };
    let entries = board.entries();
    match entries.get(board.chosen) {
        Some(entry) => self::chart(board, entry, theme, chart, buf),
        None => {
            for (row, words) in NOTHING_YET.into_iter().enumerate() {
                let row = Rect::new(chart.x, chart.y + row as u16, chart.width, 1);
                text::left(buf, row, &[(words, theme.dim())]);
            }
        }
    }
    self::list(board, &entries, theme, list, buf);
    keys(board, theme, row(area.bottom() - 1), buf);
}

fn header(board: &Board, theme: Theme, row: Rect, buf: &mut Buffer) {
    let (sign, plain, word) = board.writer.word();
    let sign = match theme.glyphs {
        Glyphs::Blocks => sign,
        Glyphs::Ascii => plain,
    };
    let state = format!("{sign} {word:<8}");
    let step = match board.series[..] {
        [] => String::new(),
        _ => format!("step {}", grouped(board.step())),
    };
    let last = board.writer.last_word().unwrap_or_default();
    let spans: [Span; 5] = [
        (&step, theme.text()),
        ("  ", theme.text()),
        (&last, theme.dim()),
        ("  ", theme.text()),
        (&state, theme.accent().bold()),
    ];
    let right = text::right(buf, row, &spans);
    let title = text::plain(&board.title, theme);
    let left = Rect {
        width: right.saturating_sub(row.x + 1),
        ..row
    };
    let spans: [Span; 4] = [
        ("ae-tui", theme.accent().bold()),
        ("  ", theme.text()),
        (" Curves ", theme.active_tab()),
        ("  ", theme.text()),
    ];
    let x = text::left(buf, left, &spans);
    let rest = Rect {
        x,
        width: left.right().saturating_sub(x),
        ..left
    };
    text::left(buf, rest, &[(&title, theme.text())]);
}

fn inks(theme: Theme) -> [Ink; 2] {
    let ink = |style: Style, ascii: char| Ink {
        style,
        ascii,
        bare: None,
    };
    [ink(theme.area(), '.'), ink(theme.accent(), 'o')]
}

/// The layer of a series: validation lies on top.
fn layer(board: &Board, place: usize) -> u8 {
    1 + u8::from(board.is_validation(place))
}

fn chart(board: &Board, entry: &Entry, theme: Theme, area: Rect, buf: &mut Buffer) {
    let says: Vec<(String, Style)> = entry
        .series
        .iter()
        .filter_map(|&place| {
            let series = &board.series[place];
            let (_, last) = series.course.last()?;
            let style = inks(theme)[usize::from(layer(board, place)) - 1].style;
            let name = text::plain(&series.tag, theme);
            Some((format!("{name} {}  ", number(last)), style))
        })
        .collect();
    let spans: Vec<Span> = says
        .iter()
        .map(|(words, style)| (&**words, *style))
        .collect();
    text::title(buf, area, theme, &text::plain(&entry.name, theme), &spans);
    let place = Rect::new(
        area.x + AXIS,
        area.y + 1,
        area.width.saturating_sub(AXIS),
        area.height.saturating_sub(2),
    );
    let courses = || {
        entry
            .series
            .iter()
            .map(|&place| &board.series[place].course)
    };
    let values = || {
        courses()
            .flat_map(Course::iter)
            .filter(|(_, value)| value.is_finite())
    };
    let (low, high) = values().fold(
        (f32::INFINITY, f32::NEG_INFINITY),
        |(low, high), (_, value)| (low.min(value), high.max(value)),
    );
    let first = values().map(|(step, _)| step).min();
    let (Some(first), Some(last)) = (first, values().map(|(step, _)| step).max()) else {
        text::left(buf, place, &[("It has never been a number.", theme.dim())]);
        return;
    };
    let scale = Scale::logarithmic(low, high);
    let mut plot = Plot::new(place.width, place.height);
    for &series in &entry.series {
        let line = line(&board.series[series].course, (first, last), scale, &plot);
        plot.line(layer(board, series), line);
    }
    plot.render(&inks(theme), theme, place, buf);
    axes(theme, area, place, [low, high], [first, last], buf);
}

/// The means of what falls into each column of dots, from left to right.
fn line(course: &Course, (first, last): (u64, u64), scale: Scale, plot: &Plot) -> Vec<(i32, i32)> {
    let [width, _] = plot.dots();
    let span = (last - first).max(1) as f64;
    let column = |step: u64| ((step - first) as f64 / span * f64::from(width - 1)).round() as i32;
    let mut columns: Vec<(i32, f64, u32)> = Vec::new();
    for (step, value) in course.iter().filter(|(_, value)| value.is_finite()) {
        let x = column(step);
        match columns.last_mut() {
            Some((at, sum, count)) if *at == x => {
                *sum += f64::from(value);
                *count += 1;
            }
            _ => columns.push((x, f64::from(value), 1)),
        }
    }
    let dot = |(x, sum, count): (i32, f64, u32)| {
        let mean = (sum / f64::from(count)) as f32;
        Some((x, plot.height(scale, mean)?))
    };
    columns.into_iter().filter_map(dot).collect()
}

fn axes(
    theme: Theme,
    area: Rect,
    plot: Rect,
    [low, high]: [f32; 2],
    [first, last]: [u64; 2],
    buf: &mut Buffer,
) {
    let label = |y: u16, value: f32, buf: &mut Buffer| {
        let row = Rect::new(area.x, y, AXIS - 1, 1);
        text::right(buf, row, &[(&number(value), theme.dim())]);
    };
    for y in plot.top()..plot.bottom() {
        let place = Rect::new(plot.x - 1, y, 1, 1);
        let axis = theme.symbols().axis.to_string();
        text::left(buf, place, &[(&axis, theme.faint())]);
    }
    label(plot.y, high, buf);
    label(plot.bottom().saturating_sub(1), low, buf);
    let row = Rect::new(plot.x, plot.bottom(), plot.width, 1);
    text::left(buf, row, &[(&grouped(first), theme.dim())]);
    if last > first {
        text::right(
            buf,
            row,
            &[(&format!("step {}", grouped(last)), theme.dim())],
        );
    }
}

fn list(board: &Board, entries: &[Entry], theme: Theme, area: Rect, buf: &mut Buffer) {
    let count = format!("{}", board.series.len());
    text::title(buf, area, theme, "numbers", &[(&count, theme.dim())]);
    let rows = usize::from(area.height.saturating_sub(1)).max(1);
    let from = (board.chosen + 1).saturating_sub(rows);
    for (line, (place, entry)) in entries.iter().enumerate().skip(from).take(rows).enumerate() {
        let row = Rect::new(area.x, area.y + 1 + line as u16, area.width, 1);
        let last = entry
            .series
            .last()
            .and_then(|&place| board.series[place].course.last());
        let value = last.map_or_else(String::new, |(_, value)| number(value));
        let is_chosen = place == board.chosen;
        let style = if is_chosen {
            theme.accent().bold()
        } else {
            theme.text()
        };
        let sign = if is_chosen {
            theme.symbols().chosen
        } else {
            ' '
        };
        let end = text::right(buf, row, &[(&value, theme.dim())]);
        let name = format!("{sign}{}", text::plain(&entry.name, theme));
        let free = Rect {
            width: end.saturating_sub(row.x + 1),
            ..row
        };
        text::left(buf, free, &[(&name, style)]);
    }
}

fn keys(board: &Board, theme: Theme, row: Rect, buf: &mut Buffer) {
    let status = board.status.as_ref();
    let status = status.map(|(words, warns)| (words, *warns));
    if let Some((words, warns)) = status.or_else(|| Some((board.reason.as_ref()?, true))) {
        let style = if warns { theme.warning() } else { theme.text() };
        text::left(buf, row, &[(&text::plain(words, theme), style)]);
        return;
    }
    let arrows = match theme.glyphs {
        Glyphs::Blocks => "↑↓",
        Glyphs::Ascii => "up down",
    };
    let more = if board.left_out {
        "  more names than there is room for were left out"
    } else {
        ""
    };
    let spans: [Span; 5] = [
        (arrows, theme.accent().bold()),
        (" choose  ", theme.dim()),
        ("q", theme.accent().bold()),
        (" quit", theme.dim()),
        (more, theme.dim()),
    ];
    text::left(buf, row, &spans);
}

/// Four digits or so.
fn number(value: f32) -> String {
    match value.abs() {
        _ if !value.is_finite() => "no number".into(),
        0.0 => "0".into(),
        0.001..1.0 => format!("{value:.4}"),
        1.0..100.0 => format!("{value:.3}"),
        100.0..1e6 => format!("{value:.1}"),
        _ => format!("{value:.2e}"),
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Cell;

    use super::*;
    use crate::{
        message::{Scalar, Scalars},
        ui::theme::{Depth, Tone},
    };

    fn drawn(board: &Board, (width, height): (u16, u16)) -> String {
        let theme = Theme {
            depth: Depth::None,
            tone: Tone::Dark,
            glyphs: Glyphs::Blocks,
        };
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        render(board, theme, buf.area, &mut buf);
        let rows = buf.content().chunks(usize::from(width));
        let row = |row: &[Cell]| row.iter().map(Cell::symbol).collect();
        rows.map(row).collect::<Vec<String>>().join("\n")
    }

    #[test]
    fn every_size_and_every_value_is_drawn() {
        let mut board = Board::new("runs/a".into());
        let words = drawn(&board, (60, 20));
        assert!(
            words.contains("end of an epoch") && !words.contains("step 0"),
            "{words}"
        );
        for size in [(1, 1), (40, 12), (100, 30), (300, 80)] {
            drawn(&board, size);
        }
        let scalar = |tag: &str, step, value| Scalar {
            tag: tag.into(),
            step,
            value,
        };
        board.hear(Scalars {
            scalars: vec![
                scalar("loss/train", 1, 0.5),
                scalar("loss/train", 20, 0.25),
                scalar("loss/validation", 20, 0.3),
                scalar("broken", 3, f32::NAN),
                scalar("still", 3, 7.0),
                scalar("wild", 0, f32::MIN),
                scalar("wild", u64::MAX, f32::MAX),
            ],
            ..Scalars::default()
        });
        let words = drawn(&board, (100, 30));
        for expected in [
            "loss/train 0.2500",
            "loss/validation 0.3000",
            "step 20",
            "broken",
        ] {
            assert!(words.contains(expected), "{expected}\n{words}");
        }
        for chosen in 0..board.entries().len() {
            board.chosen = chosen;
            for size in [(1, 1), (40, 12), (89, 13), (100, 30), (300, 80)] {
                drawn(&board, size);
            }
        }
    }
}
