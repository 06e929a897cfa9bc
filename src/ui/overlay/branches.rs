//! The list of branches: a new one here, then the runs, each with its film as a line.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::sheet::{self, Row, Words};
use crate::{
    message::Phase,
    ui::{
        app::{App, Overlay},
        pane::pictures::View,
        runs::{self, RunTold},
        settings,
        theme::Theme,
        widget::cut::Cut,
        widget::fine::Fine,
        widget::text,
    },
    words::grouped,
};

/// Rows of an entry where there is room for its picture, and where not.
const ROWS: u16 = 6;
const FEW_ROWS: u16 = 3;

/// Draws the list.
pub(in crate::ui) fn render(
    app: &App,
    at: usize,
    theme: Theme,
    [area, screen]: [Rect; 2],
    buf: &mut Buffer,
) {
    let area = sheet::clear(area, screen, buf);
    let says = [("each line is its film", theme.dim())];
    text::title(buf, area, theme, "branches", &says);
    let enter = enter(app, at, theme, area.width);
    let body = Rect {
        height: area.height.saturating_sub(1 + enter.len() as u16),
        ..text::body(area)
    };
    let runs = runs::all(app);
    let is_tall = body.height >= 3 * ROWS;
    let rows = if is_tall { ROWS } else { FEW_ROWS };
    let shown = usize::from(body.height / rows).max(1);
    // The first row stays; the others scroll so that the marked one is seen.
    let places = shown.saturating_sub(1);
    let first = at
        .saturating_sub(places)
        .min(runs.len().saturating_sub(places));
    let entries = std::iter::once(0).chain((first + 1..=runs.len()).take(places));
    for (place, entry) in (0u16..).zip(entries) {
        let place = Rect {
            y: body.y + place * rows,
            height: rows,
            ..body
        };
        let drawing = Entry {
            app,
            theme,
            chosen: entry == at,
            place,
        };
        match entry.checked_sub(1) {
            None => drawing.new_one(buf),
            Some(run) => drawing.run(&runs[run], buf),
        }
    }
    let below = Rect {
        y: area.bottom().saturating_sub(enter.len() as u16),
        height: enter.len() as u16,
        ..area
    };
    sheet::draw(enter, theme, below, buf);
}

fn enter(app: &App, at: usize, theme: Theme, width: u16) -> Vec<Row> {
    let says = vec![("before you press it".into(), theme.dim())];
    let asks = matches!(app.overlay, Overlay::ConfirmForget(_));
    let (title, words) = if asks {
        (
            Row::Title("forget?".into(), Vec::new()),
            runs::question(app, at),
        )
    } else {
        (Row::Title("enter".into(), says), runs::enter(app, at))
    };
    let mut rows = vec![title];
    rows.extend(sheet::paragraph(&words, theme.text(), width));
    rows
}

/// An entry and its place.
struct Entry<'a> {
    app: &'a App,
    theme: Theme,
    chosen: bool,
    place: Rect,
}

impl Entry<'_> {
    /// The moment looked at.
    fn new_one(&self, buf: &mut Buffer) {
        let Some(seen) = &self.app.seen else { return };
        let step = settings::looked_at(self.app);
        let told = seen
            .curve
            .held_out
            .map_or_else(String::new, |loss| format!("held-out {}   ", short(loss)));
        let theme = self.theme;
        let epoch = seen.moment.film.steps_per_epoch();
        let epochs = step as f64 / epoch as f64;
        let where_it_is = format!("epoch {epochs:.1}, step {}", grouped(step));
        let facts = vec![
            (told, theme.text()),
            ("the moment you look at".into(), theme.dim()),
        ];
        let film = &seen.moment.film;
        let part = |step| film.time_of(step) / film.duration();
        self.draw(
            "a new one, here",
            vec![(where_it_is, theme.dim())],
            facts,
            [part(step), part(step), 1.0],
            Some(&seen.row),
            buf,
        );
    }

    fn run(&self, run: &RunTold, buf: &mut Buffer) {
        let theme = self.theme;
        let (differs, style) = if run.lineage.differs.is_empty() {
            (run.recipe.clone(), theme.dim())
        } else {
            (run.lineage.differs.clone(), theme.to_come())
        };
        let own = run.lineage.number == self.app.plan.runs.own.number;
        let state = match run.phase {
            Phase::Finished => "finished",
            Phase::Training if own => "training",
            Phase::Paused if own => "paused",
            _ => "stopped",
        };
        let epoch = run.step.div_ceil(run.film.steps_per_epoch());
        let held_out = run
            .curve
            .held_out
            .map_or_else(String::new, |loss| format!("held-out {}   ", short(loss)));
        let facts = vec![
            (held_out, theme.text()),
            (format!("epoch {epoch}   {state}"), theme.dim()),
        ];
        let part = |step| (run.film.time_of(step) / run.film.duration()).clamp(0.0, 1.0);
        let left = run.lineage.parent.map_or(0, |(_, step)| step);
        let differs = vec![(text::plain(&differs, theme), style)];
        let ends = [part(left), part(run.step), part(run.step)];
        let name = run.lineage.name();
        self.draw(&name, differs, facts, ends, run.row.as_deref(), buf);
    }

    /// `[left, played, planned]`: where it left another, how far it came, and how far it is to come.
    fn draw(
        &self,
        name: &str,
        what: Words,
        facts: Words,
        [left, played, planned]: [f64; 3],
        row: Option<&crate::message::Row>,
        buf: &mut Buffer,
    ) {
        let theme = self.theme;
        let thumb = Cut::Thumb.columns();
        let has_picture = self.place.height >= ROWS;
        let width = self.place.width - if has_picture { thumb + 2 } else { 0 };
        let style: Style = if self.chosen {
            theme.accent().bold()
        } else {
            theme.text()
        };
        let mark = if self.chosen {
            theme.symbols().chosen
        } else {
            ' '
        };
        let heading = (format!("{mark} {name}"), style);
        let indent = || ("  ".to_owned(), theme.text());
        let mut rows = if has_picture {
            vec![
                vec![heading],
                [vec![indent()], what].concat(),
                [vec![indent()], facts].concat(),
            ]
        } else {
            vec![
                [vec![heading, indent()], what].concat(),
                [vec![indent()], facts].concat(),
            ]
        };
        rows.push(self.film([left, played, planned], width));
        let place = Rect {
            width,
            ..self.place
        };
        for (place, words) in place.rows().zip(rows) {
            let spans: Vec<_> = words
                .iter()
                .map(|(words, style)| (words.as_str(), *style))
                .collect();
            text::left(buf, place, &spans);
        }
        let index = self.app.sample;
        let sample = row
            .filter(|row| row.chosen.split == index.split)
            .and_then(|row| {
                row.samples
                    .iter()
                    .find(|sample| sample.index == index.index)
            });
        if let Some(sample) = sample.filter(|_| has_picture) {
            let area = Rect {
                x: self.place.right() - thumb,
                width: thumb,
                height: Cut::Thumb.rows(),
                ..self.place
            };
            let fine = Fine::unwanted();
            let view = View::of(sample, self.app.image(), Cut::Thumb, &fine);
            view.draw_reconstruction(theme, area, buf);
        }
    }

    /// The film of a run as a line: the shared past, where it left it, and its own.
    fn film(&self, [left, played, planned]: [f64; 3], width: u16) -> Words {
        let (theme, symbols) = (self.theme, self.theme.symbols());
        let columns = width.saturating_sub(3);
        let column = |part: f64| (part * f64::from(columns.saturating_sub(1))).round() as u16;
        let [left_at, played, planned] = [left, played, planned].map(column);
        let mut words = vec![("  ".to_owned(), theme.text())];
        for x in 0..columns {
            let (symbol, style) = if x == left_at && left > 0.0 {
                (symbols.branch, theme.to_come())
            } else if x < left_at {
                (symbols.played, theme.dim())
            } else if x <= played {
                (symbols.played, theme.text())
            } else if x <= planned {
                (symbols.dashed, theme.accent())
            } else {
                (symbols.unplayed, theme.faint())
            };
            words.push((symbol.to_string(), style));
        }
        words
    }
}

fn short(loss: f32) -> String {
    text::loss(loss).trim_start_matches([' ', '0']).to_owned()
}
