//! The run from its first step to its last, in film time.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::track::Track;
use crate::{
    message::{Moment, Observation, Phase},
    pace::Pace,
    ui::{
        app::App,
        past::Past,
        theme::Theme,
        widget::text::{self, Span},
    },
};

/// Draws the tape. When it gets short it loses the rates, then the pace.
pub(in crate::ui) fn render(
    app: &App,
    seen: &Observation,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let Some(track) = track(seen, area) else {
        return;
    };
    let (row, past) = (row(area), Past::of(seen));
    let symbols = theme.symbols();
    let (sign, style) = match &past {
        Some(past) => (past.sign(theme), theme.text()),
        None if app.moves() => (symbols.play, theme.accent()),
        None => (' ', theme.accent()),
    };
    text::left(buf, row, &[(&sign.to_string(), style)]);
    match &past {
        Some(past) => says_then(past, theme, row, buf),
        None => says_now(app, seen, theme, row, buf),
    }
    Drawing {
        seen,
        past,
        left: app.plan.runs.own.parent.map(|(_, step)| step),
        track,
        theme,
    }
    .render(buf);
}

/// How far behind it is.
fn says_then(past: &Past, theme: Theme, row: Rect, buf: &mut Buffer) {
    let behind = behind(past.behind(), row.width);
    text::right(buf, row, &[(&behind, theme.text())]);
}

/// How fast it goes, or which of several runs it is.
fn says_now(app: &App, seen: &Observation, theme: Theme, row: Rect, buf: &mut Buffer) {
    let mut words = words(seen, row.width);
    if let (Some(which), Some(rate)) = (which(app), words.get_mut(2)) {
        *rate = which;
    }
    if let (Some(_), Some(pace)) = (app.writer, words.first_mut()) {
        // How fast somebody else goes, nobody here has asked for.
        *pace = " ".repeat(pace.len());
    }
    let spans: Vec<Span> = words
        .iter()
        .zip([theme.accent(), theme.dim(), theme.dim()])
        .flat_map(|(words, style)| [("  ", theme.dim()), (words.as_str(), style)])
        .rev()
        .collect();
    // The last is the gap before the first.
    text::right(buf, row, &spans[..spans.len() - 1]);
}

/// Which of several runs it is, as wide as the rate that gives way to it.
fn which(app: &App) -> Option<String> {
    let runs = &app.plan.runs;
    let number = format!("{}/{}", runs.own.name(), runs.count());
    // Of a pair neither is one of those that follow each other.
    (runs.count() > 1 && !app.paired).then(|| format!("{number:>10}"))
}

/// On a row of its own the tape keeps the screen's margin.
fn row(area: Rect) -> Rect {
    let margin = u16::from(area.x == 0);
    Rect {
        x: area.x + margin,
        width: area.width.saturating_sub(2 * margin),
        ..area
    }
}

/// The place of its line, which is the same whatever the words beside it say. Single
/// weights have none.
pub(in crate::ui) fn track(seen: &Observation, area: Rect) -> Option<Track> {
    if seen.moment.phase == Phase::Exploring && seen.tape.steps.is_empty() {
        return None;
    }
    let row = row(area);
    let words = words(seen, row.width);
    let columns: u16 = words.iter().map(|words| text::width(words) + 2).sum();
    let line = Rect {
        x: row.x + 2,
        width: row.width.saturating_sub(2 + columns),
        ..row
    };
    Track::new(line, seen.moment.film)
}

/// The pace, and as there is room the rates, from the right. Their widths are fixed.
fn words(seen: &Observation, width: u16) -> Vec<String> {
    let mut words = vec![
        pace(seen.moment.pace),
        seconds_an_epoch(seen),
        rate(&seen.moment),
    ];
    words.truncate(match width {
        IN_FULL.. => 3,
        50.. => 2,
        _ => 1,
    });
    words
}

/// From this width on there is room for all words.
const IN_FULL: u16 = 100;

/// Never wider than the narrowest of the words at now: `5.6 s behind`, ` -5.6 s`.
fn behind(seconds: f64, width: u16) -> String {
    if width >= IN_FULL {
        format!("{seconds:.1} s behind")
    } else {
        format!("-{seconds:.1} s")
    }
}

/// The line and all that stands on it.
struct Drawing<'a> {
    seen: &'a Observation,
    past: Option<Past<'a>>,
    /// The step after which it left another run, if it did.
    left: Option<u64>,
    track: Track,
    theme: Theme,
}

impl Drawing<'_> {
    fn render(&self, buf: &mut Buffer) {
        self.line(buf);
        self.epochs(buf);
        self.marks(buf);
        let (symbols, theme) = (self.theme.symbols(), self.theme);
        let now = self.track.column(self.seen.moment.step);
        match &self.past {
            Some(past) => {
                if !self.is_at_the_end() {
                    self.mark(now, symbols.now, theme.accent(), buf);
                }
                let seen = self.track.column(past.step());
                self.mark(seen, symbols.seen, theme.text(), buf);
            }
            None if self.is_at_the_end() => {}
            None => self.mark(now, symbols.now, theme.text(), buf),
        }
    }

    /// Whether the last epoch's number says where the run is.
    fn is_at_the_end(&self) -> bool {
        let now = self.track.column(self.seen.moment.step);
        self.seen.moment.phase == Phase::Finished && now + 1 >= self.track.line().right()
    }

    /// What is shown, what is known beyond it, and what is to come.
    fn line(&self, buf: &mut Buffer) {
        let (symbols, theme) = (self.theme.symbols(), self.theme);
        let now = self.track.column(self.seen.moment.step);
        let shown = self.past.map_or(now, |past| self.track.column(past.step()));
        let shown_style = match self.past {
            Some(_) => theme.text(),
            None => theme.accent(),
        };
        let kept = &self.seen.tape.steps;
        for x in self.track.line().left()..self.track.line().right() {
            let (symbol, style) = if x <= shown {
                let bare = !kept.is_empty() && self.track.is_bare(x, kept);
                let symbol = if bare {
                    symbols.unplayed
                } else {
                    symbols.played
                };
                (symbol, shown_style)
            } else if x <= now {
                (symbols.later, theme.dim())
            } else {
                (symbols.unplayed, theme.faint())
            };
            self.mark(x, symbol, style, buf);
        }
    }

    /// The numbers of the epochs, where they end.
    fn epochs(&self, buf: &mut Buffer) {
        let (film, line) = (&self.seen.moment.film, self.track.line());
        let numbers = Numbers {
            epochs: film.epochs(),
            last_start: line
                .right()
                .saturating_sub(text::width(&film.epochs().to_string())),
        };
        let step = self.past.map_or(self.seen.moment.step, |past| past.step());
        let shown = self.track.column(step);
        let mut free_from = line.x;
        for epoch in numbers.candidates() {
            let number = epoch.to_string();
            let end = self
                .track
                .column(epoch.saturating_mul(film.steps_per_epoch()))
                .max(line.x + text::width(&number) - 1);
            let start = end + 1 - text::width(&number);
            if start < free_from || numbers.hides(epoch, end) {
                continue;
            }
            let is_now = epoch == film.epochs() && self.is_at_the_end();
            let style = if self.past.is_some() && is_now {
                self.theme.accent()
            } else if end <= shown {
                self.theme.text()
            } else {
                self.theme.dim()
            };
            let place = Rect {
                x: start,
                width: end + 1 - start,
                ..line
            };
            text::left(buf, place, &[(&number, style)]);
            free_from = end + 2;
        }
    }

    /// What was reached, and what was changed.
    fn marks(&self, buf: &mut Buffer) {
        let (symbols, theme) = (self.theme.symbols(), self.theme);
        for milestone in &self.seen.curve.milestones {
            let column = self.track.column(milestone.step);
            self.mark(column, symbols.milestone, theme.text(), buf);
        }
        // To the left of where it left another lies what both have.
        if let Some(left) = self.left.filter(|step| *step > 0) {
            self.mark(
                self.track.column(left),
                symbols.branch,
                theme.to_come(),
                buf,
            );
        }
        for edit in &self.seen.recipe.edits {
            let column = self.track.column(edit.step);
            self.mark(column, symbols.edit, theme.changed(), buf);
        }
    }

    fn mark(&self, column: u16, symbol: char, style: Style, buf: &mut Buffer) {
        buf[(column, self.track.line().y)]
            .set_char(symbol)
            .set_style(style);
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
