//! The table of layers: what each says of the chosen sample, who is dead, and how weights
//! and gradients have grown.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use super::{layout::Table, words};
use crate::{
    lens::{LayerPlace, Norms},
    message::{Finding, InsideAnswer, LayerSeen, Phase},
    ui::{
        theme::{Depth, Theme},
        views::{Stage, behind},
        widget::{
            cells::{Cell, Cells},
            chart::{BarPaint, Bars, Scale},
            picture::Paint,
            text,
        },
    },
};

/// Cells of a layer.
const CELLS: u16 = 32;
/// A code of so few values is told by bars.
const BARS: usize = 2;
/// Columns of a bar that has a row for itself, and of one that shares it.
const BAR: u16 = 24;
const SHORT_BAR: u16 = 9;

/// The columns of the table.
struct Columns {
    name: u16,
    cells: u16,
    /// Where counts end, where they have columns of their own: of the active, and of the dead.
    counts: Option<[u16; 2]>,
    /// Where gradient and weight begin.
    norms: Option<[u16; 2]>,
}

/// Columns of a chart of norms.
const CHART: u16 = 14;
/// Of those of weights the first is left out, so that their numbers have room.
const WEIGHTS: u16 = 13;
const WIDE: Columns = Columns {
    name: 16,
    cells: 17,
    counts: None,
    norms: Some([51, 71]),
};
const NARROW: Columns = Columns {
    name: 10,
    cells: 11,
    counts: Some([51, 56]),
    norms: None,
};
const NARROWEST: Columns = Columns {
    name: 8,
    cells: 9,
    counts: None,
    norms: None,
};

/// Draws the table.
pub(super) fn render(
    stage: &Stage,
    answer: Option<&InsideAnswer>,
    at: &Table,
    wide: bool,
    buf: &mut Buffer,
) {
    let theme = stage.theme;
    let columns = match (wide, at.rows.width) {
        (true, _) => WIDE,
        (false, 56..) => NARROW,
        (false, _) => NARROWEST,
    };
    title(stage, answer, at, &columns, buf);
    let Some(answer) = answer else { return };
    let chosen = answer.sights[answer.unit.sight].layer;
    // The chosen layer is on the screen, however many there are.
    let shown = usize::from(at.rows.height / at.each.max(1));
    let first = (chosen + 1).saturating_sub(shown);
    for (number, seen) in answer.layers.iter().enumerate().skip(first) {
        let Some(place) = at.row(number - first) else {
            break;
        };
        let row = Row {
            seen,
            number,
            chosen: number == chosen,
            last: number + 1 == answer.layers.len(),
            place,
            columns: &columns,
            theme,
        };
        row.name(buf);
        row.units(answer, stage, at, buf);
        if let Some(norms) = columns.norms {
            row.norms(answer, norms, buf);
        }
    }
    notes(stage, answer, at, wide, buf);
}

fn title(
    stage: &Stage,
    answer: Option<&InsideAnswer>,
    at: &Table,
    columns: &Columns,
    buf: &mut Buffer,
) {
    let theme = stage.theme;
    let label = stage.seen.row.sample().label;
    let chosen = answer.map_or(stage.seen.row.chosen, |answer| answer.sample);
    let sample = words::sample(chosen, label, stage.app.classes());
    let whole = format!("what {sample}, does in each layer");
    let short = format!("what {sample}, does");
    let says = match columns {
        Columns { norms: Some(_), .. } => "weight",
        Columns {
            counts: Some(_), ..
        } => "active dead",
        _ => "",
    };
    let fits = text::width(&whole) + text::width(says) < at.title.width;
    let name = if fits { whole } else { short };
    text::title(buf, at.title, theme, &name, &[(says, theme.dim())]);
    if let Some([gradient, _]) = columns.norms {
        let behind = answer.and_then(|answer| behind::at_step(answer.norms_at, answer.step));
        let behind = behind.map(|behind| format!(" {behind}: gradient "));
        let end = at.title.x + gradient + CHART + 5;
        let starts = |words: &&str| {
            let start = end.saturating_sub(text::width(words));
            start > at.title.x + text::width(&name)
        };
        let words = behind.as_deref().filter(starts).unwrap_or(" gradient ");
        let start = end.saturating_sub(text::width(words));
        if starts(&words) && end < at.title.right() {
            let place = Rect {
                x: start,
                width: end - start + 1,
                ..at.title
            };
            text::left(buf, place, &[(words, theme.dim())]);
        }
    }
}

/// A layer and its place.
struct Row<'a> {
    seen: &'a LayerSeen,
    number: usize,
    chosen: bool,
    last: bool,
    place: Rect,
    columns: &'a Columns,
    theme: Theme,
}

impl Row<'_> {
    /// A part of one of its rows.
    fn part(&self, row: u16, from: u16, width: u16) -> Rect {
        let from = from.min(self.place.width);
        Rect {
            x: self.place.x + from,
            y: self.place.y + row,
            width: width.min(self.place.width - from),
            height: u16::from(row < self.place.height),
        }
    }

    fn two_rows(&self) -> bool {
        self.place.height > 1
    }

    fn name(&self, buf: &mut Buffer) {
        let theme = self.theme;
        let layer = &self.seen.layer;
        let style = if self.chosen {
            theme.accent()
        } else {
            theme.text()
        };
        let wide = self.columns.norms.is_some();
        let short = self.columns.counts.is_none() && !(wide && self.two_rows());
        let area = self.part(0, 0, self.columns.name);
        let mut name = words::name(layer, short);
        if self.chosen && theme.depth == Depth::None {
            // Where colour cannot tell it.
            name = format!("{name} {}", theme.symbols().stands);
        }
        text::left(buf, area, &[(&name, style)]);
        if !wide {
            return;
        }
        if self.two_rows() {
            let sizes = words::sizes(layer);
            text::left(
                buf,
                self.part(1, 0, self.columns.name),
                &[(&sizes, theme.dim())],
            );
        } else {
            let says = match layer.map {
                Some(_) => words::sizes(layer),
                None if self.last => layer.units.to_string(),
                None => format!("{}/{}", active(self.seen), layer.units),
            };
            text::right(buf, area, &[(&says, theme.dim())]);
        }
    }

    fn units(&self, answer: &InsideAnswer, stage: &Stage, at: &Table, buf: &mut Buffer) {
        let (theme, layer) = (self.theme, &self.seen.layer);
        let cells = self.part(0, self.columns.cells, CELLS);
        if self.last {
            let amiss = answer.findings.iter().find(|finding| words::warns(finding));
            let here = at.notes.is_empty() && self.columns.norms.is_some();
            if let Some(finding) = amiss.filter(|_| here) {
                return warning(finding, answer, stage, cells, buf);
            }
            let words = match layer.map {
                Some(_) => "the picture".into(),
                None => format!("the picture: {} pixels", layer.units),
            };
            text::left(buf, cells, &[(&words, theme.dim())]);
            return;
        }
        if layer.place == LayerPlace::Code && layer.map.is_none() && layer.units <= BARS {
            return self.bars(buf);
        }
        self.cells(cells, buf);
        let dead = self.seen.dead_count();
        let active = active(self.seen);
        if let Some([active_at, dead_at]) = self.columns.counts {
            let words = format!("{active}/{}", layer.units);
            text::right(
                buf,
                self.part(0, 43, active_at - 43),
                &[(&words, theme.dim())],
            );
            if dead > 0 {
                let place = self.part(0, active_at + 1, dead_at - active_at - 1);
                text::right(buf, place, &[(&dead.to_string(), theme.warning())]);
            }
        }
        if self.two_rows() {
            let place = self.part(1, self.columns.cells, CELLS);
            let words = format!("{active} of {} active", layer.units);
            text::left(buf, place, &[(&words, theme.dim())]);
            if dead > 0 {
                let words = format!("{dead} dead");
                text::right(buf, place, &[(&words, theme.warning())]);
            }
        }
    }

    /// A cell a unit, as bright as what it says beside the loudest; of more units than cells
    /// the loudest of each group.
    fn cells(&self, area: Rect, buf: &mut Buffer) {
        let units = self.seen.says.len();
        let shown = units.min(usize::from(CELLS));
        let loudest = self
            .seen
            .says
            .iter()
            .copied()
            .filter(|says| says.is_finite());
        let most = loudest.fold(0.0_f32, |most, says| most.max(says.abs()));
        let scale = if most > 0.0 { most } else { 1.0 };
        let cell = |number: usize| {
            let group = number * units / shown..((number + 1) * units / shown).max(number + 1);
            let dead = self.seen.dead.get(group.clone()).unwrap_or_default();
            if !dead.is_empty() && dead.iter().all(|dead| *dead) {
                return Cell::Dead;
            }
            let says = self.seen.says.get(group).unwrap_or_default();
            let loudest = says
                .iter()
                .copied()
                .max_by(|a, b| a.abs().total_cmp(&b.abs()));
            Cell::Value(loudest.unwrap_or(0.0) / scale)
        };
        let cells: Vec<Cell> = (0..shown).map(cell).collect();
        let signed = self.seen.says.iter().any(|says| *says < 0.0);
        Cells {
            cells: &cells,
            width: CELLS / (shown.max(1) as u16),
            paint: if signed {
                Paint::Difference
            } else {
                Paint::Network
            },
            theme: self.theme,
        }
        .render(area, buf);
    }

    /// A bar for each of few code values, with the value.
    fn bars(&self, buf: &mut Buffer) {
        let says = &self.seen.says;
        let most = says.iter().fold(0.0_f32, |most, says| most.max(says.abs()));
        let scale = if most > 0.0 { most } else { 1.0 };
        for (number, &value) in (0_u16..).zip(says) {
            let words = format!("{value:.2}");
            let place = if self.two_rows() {
                self.part(number, self.columns.cells, CELLS)
            } else {
                self.part(0, self.columns.cells + number * (CELLS / 2 + 1), CELLS / 2)
            };
            let length = if self.two_rows() { BAR } else { SHORT_BAR };
            let filled = (value.abs() / scale * f32::from(length)).round() as u16;
            for (x, column) in (place.x..place.right()).zip(0..length) {
                if place.height == 0 {
                    break;
                }
                let style = match (column < filled, value < 0.0) {
                    (true, false) => self.theme.accent(),
                    (true, true) => self.theme.lost(),
                    (false, _) => self.theme.faint(),
                };
                let symbols = self.theme.symbols();
                let bar = if column < filled {
                    symbols.bar
                } else {
                    symbols.rule
                };
                buf[(x, place.y)].set_char(bar).set_style(style);
            }
            text::right(buf, place, &[(&words, self.theme.text())]);
        }
    }

    /// The charts of gradient and weight, each with its newest value.
    fn norms(&self, answer: &InsideAnswer, [gradient, weight]: [u16; 2], buf: &mut Buffer) {
        let of = |norms: &[Norms], part: Part| Some(part.of(norms.get(self.number)?));
        let parts = [
            (gradient, Part::Gradient, BarPaint::Area),
            (weight, Part::Weight, BarPaint::Dim),
        ];
        for (start, part, paint) in parts {
            let columns = match paint {
                BarPaint::Area => CHART,
                _ => WEIGHTS,
            };
            let skipped = answer.norms.len().saturating_sub(columns.into());
            let values: Vec<Option<f32>> = answer
                .norms
                .iter()
                .skip(skipped)
                .map(|norms| of(norms.as_deref()?, part))
                .collect();
            let known = values
                .iter()
                .flatten()
                .copied()
                .filter(|value| value.is_finite());
            let (low, high) = known.fold((f32::INFINITY, 0.0_f32), |(low, high), value| {
                (low.min(value), high.max(value))
            });
            let scale = match paint {
                BarPaint::Area => Scale::logarithmic(low * 0.8, high),
                _ => Scale::linear(0.0, high),
            };
            Bars {
                values: &values,
                scale,
                paint,
                theme: self.theme,
            }
            .render(self.part(0, start, columns), buf);
            let here = answer.norms_here.as_deref();
            if let Some(value) = here.and_then(|norms| of(norms, part)) {
                let style = self.theme.text();
                let place = match paint {
                    BarPaint::Area => self.part(0, start + CHART, 5),
                    _ => self.part(0, start + CHART, self.place.width),
                };
                text::right(buf, place, &[(&words::short(value), style)]);
            }
        }
    }
}

/// What a chart is of.
#[derive(Clone, Copy)]
enum Part {
    Gradient,
    Weight,
}

impl Part {
    fn of(self, norms: &Norms) -> f32 {
        match self {
            Self::Gradient => norms.gradient,
            Self::Weight => norms.weight,
        }
    }
}

/// Units that say something of the sample.
fn active(seen: &LayerSeen) -> usize {
    seen.says.iter().filter(|says| **says != 0.0).count()
}

/// The longest form of an advice that there is room for.
pub(super) fn warning(
    finding: &Finding,
    answer: &InsideAnswer,
    stage: &Stage,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = stage.theme;
    let forms = words::advice(finding, &answer.layers, &stage.seen.recipe);
    let sign = if words::warns(finding) { "! " } else { "" };
    let style = if words::warns(finding) {
        theme.warning()
    } else {
        theme.text()
    };
    let room = area.width.saturating_sub(text::width(sign));
    let form = forms
        .iter()
        .find(|form| text::width(form) <= room || fits_in_lines(form, room, area.height));
    let Some(form) = form else { return };
    for (number, (line, row)) in text::wrapped(form, room)
        .iter()
        .zip(area.rows())
        .enumerate()
    {
        let sign = if number == 0 || sign.is_empty() {
            sign
        } else {
            "  "
        };
        text::left(buf, row, &[(sign, style), (line, style)]);
    }
}

fn fits_in_lines(words: &str, room: u16, rows: u16) -> bool {
    rows > 1 && text::wrapped(words, room).len() <= usize::from(rows)
}

/// What the table means, or what is amiss.
fn notes(stage: &Stage, answer: &InsideAnswer, at: &Table, wide: bool, buf: &mut Buffer) {
    let theme = stage.theme;
    if at.notes.is_empty() {
        return;
    }
    let dead_from = WIDE.norms.map_or(0, |[gradient, _]| gradient);
    let left = Rect {
        width: if wide {
            dead_from.saturating_sub(1).min(at.notes.width)
        } else {
            at.notes.width
        },
        ..at.notes
    };
    if let Some(finding) = answer.findings.first() {
        warning(finding, answer, stage, left, buf);
    } else {
        meaning(answer, wide, theme, left, buf);
    }
    if !wide {
        return;
    }
    let right = Rect {
        x: at.notes.x + dead_from.min(at.notes.width),
        width: at.notes.width.saturating_sub(dead_from),
        ..at.notes
    };
    let mut rows = right.rows();
    if answer.norms.is_empty() && stage.seen.moment.phase == Phase::Exploring {
        if let Some(row) = rows.next() {
            let words = "This file has no history: train to";
            text::left(buf, row, &[(words, theme.dim())]);
        }
        if let Some(row) = rows.next() {
            text::left(buf, row, &[("see one.", theme.dim())]);
        }
        return;
    }
    let sign = format!("{} ", theme.symbols().dead);
    let chosen = &answer.layers[answer.sights[answer.unit.sight].layer];
    let named = if chosen.dead_count() > 0 {
        Some(chosen)
    } else {
        answer.layers.iter().find(|seen| seen.dead_count() > 0)
    };
    let Some(named) = named else { return };
    if let Some(row) = rows.next() {
        let words = [
            (&*sign, theme.warning()),
            ("dead", theme.warning()),
            (": zero for every image", theme.dim()),
        ];
        text::left(buf, row, &words);
    }
    if let Some(row) = rows.next() {
        let name = words::name(&named.layer, true);
        let room = row.width.saturating_sub(text::width(&name) + 3);
        let numbers = words::numbers(named, room);
        let words = [
            (&*sign, theme.warning()),
            (&*name, theme.dim()),
            (&*numbers, theme.dim()),
        ];
        text::left(buf, row, &words);
    }
}

/// What the table and the tiles mean.
fn meaning(answer: &InsideAnswer, wide: bool, theme: Theme, area: Rect, buf: &mut Buffer) {
    let lines: &[&str] = match (wide, answer.layers[0].layer.map) {
        (false, None) => &["Brighter: it says more. Green: what it says."],
        (false, Some(_)) => &["A cell is a map: brighter, it answers more."],
        (true, None) => &[
            "Norms over the film; gradient on a log scale.",
            "Green on a tile: its answer to this image.",
        ],
        (true, Some(_)) => &[
            "A cell is a map: brighter, more of it answers.",
            "Norms over the film; gradient on a log scale.",
        ],
    };
    for (row, line) in area.rows().zip(lines) {
        if text::width(line) <= row.width {
            text::left(buf, row, &[(line, theme.dim())]);
        }
    }
}
