//! The run from its first step to its last, in film time.

use ratatui::{buffer::Buffer, layout::Rect};

use super::text::{self, Span};
use crate::{
    message::{Moment, Observation, Phase},
    pace::Pace,
    ui::{app::App, theme::Theme},
};

/// Draws the tape. When it gets short it loses the rates, then the pace.
pub(super) fn render(app: &App, seen: &Observation, theme: Theme, area: Rect, buf: &mut Buffer) {
    let moment = &seen.moment;
    if moment.phase == Phase::Exploring {
        return;
    }
    let symbols = theme.symbols();
    // On a row of its own the tape keeps the screen's margin.
    let margin = u16::from(area.x == 0);
    let row = Rect {
        x: area.x + margin,
        width: area.width.saturating_sub(2 * margin),
        ..area
    };
    let sign = if app.moves() { symbols.play } else { ' ' };
    text::left(buf, row, &[(&sign.to_string(), theme.accent())]);

    let (rate, epoch, pace) = (rate(moment), seconds_an_epoch(seen), pace(moment.pace));
    let rate = which(app).unwrap_or(rate);
    let gap: Span = ("  ", theme.dim());
    let says: [&[Span]; 3] = [
        &[
            (&rate, theme.dim()),
            gap,
            (&epoch, theme.dim()),
            gap,
            (&pace, theme.accent()),
        ],
        &[(&epoch, theme.dim()), gap, (&pace, theme.accent())],
        &[(&pace, theme.accent())],
    ];
    let wanted = match row.width {
        100.. => says[0],
        50.. => says[1],
        _ => says[2],
    };
    let end = text::right(buf, row, wanted);
    let track = Rect {
        x: row.x + 2,
        width: end.saturating_sub(row.x + 4),
        ..row
    };
    draw_track(app, seen, theme, track, buf);
}

/// Which of several runs it is, as wide as what gives way to it.
fn which(app: &App) -> Option<String> {
    let runs = &app.plan.runs;
    let number = format!("{}/{}", runs.own.name(), runs.count());
    (runs.count() > 1).then(|| format!("{number:>10}"))
}

fn draw_track(app: &App, seen: &Observation, theme: Theme, track: Rect, buf: &mut Buffer) {
    let film = &seen.moment.film;
    let (symbols, duration) = (theme.symbols(), film.duration());
    if track.is_empty() || duration <= 0.0 {
        return;
    }
    let last = track.width - 1;
    let column = |step: u64| {
        let part = (film.time_of(step) / duration).clamp(0.0, 1.0);
        track.x + (part * f64::from(last)).round() as u16
    };
    let now = column(seen.moment.step);
    let last_column = track.right() - 1;
    for x in track.left()..track.right() {
        let (symbol, style) = if x <= now {
            (symbols.played, theme.accent())
        } else {
            (symbols.unplayed, theme.faint())
        };
        buf[(x, track.y)].set_char(symbol).set_style(style);
    }
    let numbers = Numbers {
        epochs: film.epochs(),
        last_start: track
            .right()
            .saturating_sub(text::width(&film.epochs().to_string())),
    };
    let mut free_from = track.x;
    for epoch in numbers.candidates() {
        let number = epoch.to_string();
        let end = column(epoch.saturating_mul(film.steps_per_epoch()))
            .max(track.x + text::width(&number) - 1);
        let start = end + 1 - text::width(&number);
        if start < free_from || numbers.hides(epoch, end) {
            continue;
        }
        let style = if end <= now {
            theme.text()
        } else {
            theme.dim()
        };
        let place = Rect {
            x: start,
            width: end + 1 - start,
            ..track
        };
        text::left(buf, place, &[(&number, style)]);
        free_from = end + 2;
    }
    for milestone in &seen.curve.milestones {
        buf[(column(milestone.step), track.y)]
            .set_char(symbols.milestone)
            .set_style(theme.text());
    }
    // To the left of where it left another lies what both have.
    if let Some((_, left)) = app.plan.runs.own.parent.filter(|(_, step)| *step > 0) {
        buf[(column(left), track.y)]
            .set_char(symbols.branch)
            .set_style(theme.to_come());
    }
    // At the end the last epoch's number says the same.
    if seen.moment.phase != Phase::Finished || now < last_column {
        buf[(now, track.y)]
            .set_char(symbols.now)
            .set_style(theme.text());
    }
}

/// The numbers of the epochs at their ends; the last always stays, and those
/// that would touch it give way.
struct Numbers {
    epochs: u64,
    last_start: u16,
}

impl Numbers {
    /// Epochs worth a number: all, or of very many the round ones and the last.
    fn candidates(&self) -> impl Iterator<Item = u64> + use<> {
        let stride = 10u64.pow((self.epochs.max(1).ilog10()).saturating_sub(2));
        let (round, last) = (self.epochs / stride, self.epochs);
        let ends_apart = last > round * stride;
        (1..=round)
            .map(move |number| number * stride)
            .chain(ends_apart.then_some(last))
    }

    fn hides(&self, epoch: u64, end: u16) -> bool {
        epoch < self.epochs && end + 1 >= self.last_start
    }
}

/// Fixed width: ` 40k img/s`.
fn rate(moment: &Moment) -> String {
    let rate = moment.images_per_second;
    if rate <= 0.0 {
        " ".repeat(10)
    } else if rate >= 9_950_000.0 {
        format!("{:>3.0}M img/s", (rate / 1e6).min(999.0))
    } else if rate >= 999_500.0 {
        format!("{:>3.1}M img/s", rate / 1e6)
    } else if rate >= 999.5 {
        format!("{:>3.0}k img/s", rate / 1e3)
    } else {
        format!("{rate:>4.0} img/s")
    }
}

/// In the film's opening an epoch would take minutes, which says nothing of the
/// machine and is not going to happen.
const SLOW_OPENING: f64 = 20.0;

/// Fixed width: ` 1.5 s/epoch`.
fn seconds_an_epoch(seen: &Observation) -> String {
    let rate = seen.moment.images_per_second;
    if rate <= 0.0 {
        return " ".repeat(12);
    }
    let images = seen.moment.images_per_epoch as f64;
    let seconds = images / rate;
    let film = matches!(seen.moment.pace, Pace::Film { .. });
    if film && seconds > SLOW_OPENING {
        "   - s/epoch".into()
    } else if seconds < 99.95 {
        format!("{seconds:>4.1} s/epoch")
    } else {
        format!("{:>4.0} s/epoch", seconds.min(9999.0))
    }
}

/// Fixed width: `    1x film`, `1/1024 film`, ` 2.0 s even`.
fn pace(pace: Pace) -> String {
    let words = match pace {
        Pace::Film { speed } if speed >= 1.0 => format!("{speed:.0}x film"),
        Pace::Film { speed } => format!("1/{:.0} film", 1.0 / speed),
        Pace::Even { seconds } if seconds >= 9999.5 => {
            format!("{:.0}k s even", seconds / 1000.0)
        }
        Pace::Even { seconds } if seconds >= 9.95 => format!("{seconds:.0} s even"),
        Pace::Even { seconds } => format!("{seconds:.1} s even"),
        Pace::Full => "full pace".into(),
    };
    format!("{words:>11}")
}
