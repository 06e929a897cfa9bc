//! The charts of norms beside a layer: how its gradient and its weights have grown over the
//! film, and what they are now.

use ratatui::{buffer::Buffer, widgets::Widget};

use super::{CHART, WEIGHTS, row::Row, words};
use crate::{
    lens::Norms,
    message::{InsideAnswer, Observation},
    ui::widget::{
        chart::{BarPaint, Bars, Scale},
        text,
    },
};

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

/// Draws both charts of a layer, each with its newest value.
pub(super) fn render(
    row: &Row,
    answer: &InsideAnswer,
    seen: &Observation,
    [gradient, weight, end]: [u16; 3],
    buf: &mut Buffer,
) {
    let of = |norms: &[Norms], part: Part| Some(part.of(norms.get(row.number)?));
    let parts = [
        (gradient, Part::Gradient, BarPaint::Area),
        (weight, Part::Weight, BarPaint::Dim),
    ];
    let film = film(answer, seen);
    for (start, part, paint) in parts {
        let columns = match paint {
            BarPaint::Area => CHART,
            _ => WEIGHTS,
        };
        let skipped = film.len().saturating_sub(columns.into());
        let values: Vec<Option<f32>> = film
            .iter()
            .skip(skipped)
            .map(|norms| of((*norms)?, part))
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
            theme: row.theme,
        }
        .render(row.part(0, start, columns), buf);
        let here = answer.norms_here.as_deref();
        if let Some(value) = here.and_then(|norms| of(norms, part)) {
            let place = match paint {
                BarPaint::Area => row.part(0, start + CHART, 5),
                _ => row.part(0, start + CHART, end - start - CHART),
            };
            text::right(buf, place, &[(&words::short(value), row.theme.text())]);
        }
    }
}

/// The norms of each column of the film, as far as they are known. Until those of moments before
/// are, which takes its time, those of this one stand in its column.
fn film<'a>(answer: &'a InsideAnswer, seen: &Observation) -> Vec<Option<&'a [Norms]>> {
    let mut film: Vec<Option<&[Norms]>> = answer.norms.iter().map(Option::as_deref).collect();
    let length = seen.moment.film.duration();
    let part = seen.moment.film.time_of(answer.step) / length * film.len() as f64;
    let last = film.len().saturating_sub(1);
    if let Some(column) = film.get_mut((part as usize).min(last)) {
        *column = column.or(answer.norms_here.as_deref());
    }
    film
}
