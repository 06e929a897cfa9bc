//! The table of layers: what each says of the chosen sample, who is dead, and how weights
//! and gradients have grown.

mod norms;
mod notes;
mod row;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{layout::Table, words};
use crate::{
    message::InsideAnswer,
    ui::{
        views::{Stage, behind},
        widget::text,
    },
};
use row::Row;

pub(super) use notes::warning;

/// Cells of a layer in the usual table.
const CELLS: u16 = 32;

/// The columns of the table.
struct Columns {
    name: u16,
    cells: u16,
    /// Columns that the cells have.
    room: u16,
    /// Where counts end, where they have columns of their own: of the active, and of the dead.
    counts: Option<[u16; 2]>,
    /// Where gradient and weight begin, and where the number of the weight ends.
    norms: Option<[u16; 3]>,
}

/// Columns of a chart of norms.
const CHART: u16 = 14;
/// Of those of weights the first is left out, so that their numbers have room.
const WEIGHTS: u16 = 13;
const WIDE: Columns = Columns {
    name: 16,
    cells: 17,
    room: CELLS,
    counts: None,
    norms: Some([51, 71, 88]),
};
const NARROW: Columns = Columns {
    name: 10,
    cells: 11,
    room: CELLS,
    counts: Some([51, 56]),
    norms: None,
};
const NARROWEST: Columns = Columns {
    name: 8,
    cells: 9,
    room: CELLS,
    counts: None,
    norms: None,
};

impl Columns {
    /// Of a table of so many columns: what a wide one has beyond the usual goes to the cells, as
    /// often as all of them get a column more.
    fn of(wide: bool, width: u16) -> Self {
        match (wide, width) {
            (true, _) => {
                let [gradient, weight, end] = WIDE.norms.unwrap_or_default();
                let more = width.saturating_sub(end) / CELLS * CELLS;
                Self {
                    room: CELLS + more,
                    norms: Some([gradient + more, weight + more, end + more]),
                    ..WIDE
                }
            }
            (false, 56..) => NARROW,
            (false, _) => NARROWEST,
        }
    }
}

/// Draws the table.
pub(super) fn render(
    stage: &Stage,
    answer: Option<&InsideAnswer>,
    at: &Table,
    wide: bool,
    buf: &mut Buffer,
) {
    let theme = stage.theme;
    let columns = Columns::of(wide, at.rows.width);
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
        if let Some(places) = columns.norms {
            norms::render(&row, answer, stage.seen, places, buf);
        }
    }
    if let Some([gradient, ..]) = columns.norms.filter(|_| answer.norms_here.is_none()) {
        let place = at.row(0).unwrap_or_default();
        let from = gradient.min(place.width);
        let place = Rect {
            x: place.x + from,
            width: place.width - from,
            height: place.height.min(1),
            ..place
        };
        text::left(buf, place, &[("being measured", theme.dim())]);
    }
    notes::render(stage, answer, at, &columns, buf);
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
    let sample = words::sample(chosen, label, &stage.app.classes());
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
    let whole = at.title;
    // The last word stands over the numbers that it names.
    let end = columns
        .norms
        .map_or(whole.width, |[.., end]| end.min(whole.width));
    let named = Rect {
        width: end,
        ..whole
    };
    text::title(buf, named, theme, &name, &[(says, theme.dim())]);
    text::rule(buf, theme, whole, whole.x + end + 1, whole.right());
    if let Some([gradient, ..]) = columns.norms {
        let behind = answer.and_then(|answer| behind::at_step(answer.norms_at, answer.step));
        let behind = behind.map(|behind| format!(" {behind}: gradient "));
        let end = whole.x + gradient + CHART + 5;
        let starts = |words: &&str| {
            let start = end.saturating_sub(text::width(words));
            start > whole.x + text::width(&name)
        };
        let words = behind.as_deref().filter(starts).unwrap_or(" gradient ");
        let start = end.saturating_sub(text::width(words));
        if starts(&words) && end < whole.right() {
            let place = Rect {
                x: start,
                width: end - start + 1,
                ..whole
            };
            text::left(buf, place, &[(words, theme.dim())]);
        }
    }
}
