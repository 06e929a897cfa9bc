//! A layer's row of the table: its name, what its units say, and who of them is dead.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use super::{Columns, notes, words};
use crate::{
    lens::LayerPlace,
    message::{InsideAnswer, LayerSeen},
    ui::{
        theme::{Depth, Theme},
        views::{Stage, inside::layout::Table},
        widget::{
            cells::{Cell, Cells},
            picture::Paint,
            text,
        },
    },
};

/// A code of so few values is told by bars.
const BARS: usize = 2;
/// Columns of the value beside a bar that has a row for itself, and beside one that shares it.
const VALUE: u16 = 8;
const SHORT_VALUE: u16 = 7;

/// A layer and its place.
pub(super) struct Row<'a> {
    pub(super) seen: &'a LayerSeen,
    /// Which of the layers it is.
    pub(super) number: usize,
    pub(super) chosen: bool,
    pub(super) last: bool,
    pub(super) place: Rect,
    pub(super) columns: &'a Columns,
    pub(super) theme: Theme,
}

impl Row<'_> {
    /// A part of one of its rows.
    pub(super) fn part(&self, row: u16, from: u16, width: u16) -> Rect {
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

    pub(super) fn name(&self, buf: &mut Buffer) {
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

    pub(super) fn units(&self, answer: &InsideAnswer, stage: &Stage, at: &Table, buf: &mut Buffer) {
        let (theme, layer) = (self.theme, &self.seen.layer);
        let cells = self.part(0, self.columns.cells, self.columns.room);
        if self.last {
            let amiss = answer.findings.iter().find(|finding| words::warns(finding));
            let here = at.notes.is_empty() && self.columns.norms.is_some();
            if let Some(finding) = amiss.filter(|_| here) {
                return notes::warning(finding, answer, stage, cells, buf);
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
            let place = self.part(0, active_at + 1, dead_at - active_at - 1);
            let style = if dead > 0 {
                theme.warning()
            } else {
                theme.dim()
            };
            // Of another moment than was studied nobody knows.
            let count = if self.seen.dead.is_empty() {
                "-".into()
            } else {
                dead.to_string()
            };
            text::right(buf, place, &[(&count, style)]);
        }
        if self.two_rows() {
            let place = self.part(1, self.columns.cells, self.columns.room);
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
        let shown = units.min(usize::from(self.columns.room));
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
            width: self.columns.room / (shown.max(1) as u16),
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
            let room = self.columns.room;
            let place = if self.two_rows() {
                self.part(number, self.columns.cells, room)
            } else {
                self.part(0, self.columns.cells + number * (room / 2 + 1), room / 2)
            };
            let length =
                place
                    .width
                    .saturating_sub(if self.two_rows() { VALUE } else { SHORT_VALUE });
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
}

/// Units that say something of the sample.
fn active(seen: &LayerSeen) -> usize {
    seen.says.iter().filter(|says| **says != 0.0).count()
}
