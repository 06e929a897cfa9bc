//! The map without its axes: where the code of the picture lies, and where the sample's does.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use crate::{
    message::{Made, Plane},
    ui::{
        theme::{Depth, Theme},
        views::Stage,
        widget::{
            map::{Axes, Bare, Chosen, LatentMap, MapCells},
            text,
        },
    },
};

/// The map without its axes: where the code of the picture lies, and where the sample's does.
pub(super) fn render(stage: &Stage, made: Option<&Made>, area: Rect, buf: &mut Buffer) {
    let &Stage {
        app, seen, theme, ..
    } = stage;
    let values = made.map(|made| &made.sample.code[..]);
    let says = match (seen.map.plane, values) {
        (Plane::Codes, Some([x, y])) => format!("{x:.1}  {y:.1}"),
        (Plane::Line, Some([value])) => format!("{value:.1}"),
        _ => String::new(),
    };
    text::title(buf, area, theme, "its place", &[(&says, theme.accent())]);
    let body = text::body(area);
    let axes = Axes {
        digits: seen.map.plane == Plane::Line,
        units: seen.map.units,
        ..Axes::from(seen.map.range)
    };
    let size = (body.width, body.height);
    let classes = app.classes();
    let shown = (app.filter, classes.count());
    let cells = MapCells::bin(&seen.map.points, &seen.map.labels, shown, axes, size);
    let chosen = Chosen {
        point: seen.map.chosen,
        label: seen.row.sample().label,
    };
    Bare(LatentMap {
        cells: &cells,
        chosen: Some(chosen),
        prior: None,
        style: app.map_style,
        classes: &classes,
        theme,
    })
    .render(body, buf);
    if let Some((column, row)) = made.and_then(|made| cells.cell_of(made.place?)) {
        let x = body.x + column;
        if seen.map.plane == Plane::Line {
            // Rows are classes there, and whose row it is in nobody knows.
            let line = body.rows().map(|row| (x, row.y, theme.symbols().axis));
            line.for_each(|arm| put(arm, theme, body, buf));
        } else {
            cross((x, body.y + row), theme, body, buf);
        }
    }
}

/// A cross; its arms give way to the mark of the chosen sample.
fn cross((x, y): (u16, u16), theme: Theme, area: Rect, buf: &mut Buffer) {
    let symbols = theme.symbols();
    let arms = [
        (x.wrapping_sub(2), y, symbols.rule),
        (x.wrapping_sub(1), y, symbols.rule),
        (x + 1, y, symbols.rule),
        (x + 2, y, symbols.rule),
        (x, y.wrapping_sub(1), symbols.axis),
        (x, y + 1, symbols.axis),
        (x, y, symbols.cross),
    ];
    for arm in arms {
        put(arm, theme, area, buf);
    }
}

/// A part of it, where the mark of the chosen sample is not.
fn put((x, y, symbol): (u16, u16, char), theme: Theme, area: Rect, buf: &mut Buffer) {
    if !area.contains((x, y).into()) {
        return;
    }
    let cell = &mut buf[(x, y)];
    let marked = match theme.depth {
        Depth::None => matches!(cell.symbol(), "[" | "]"),
        _ => cell.style().bg == theme.selection().bg,
    };
    if !marked {
        cell.reset();
        cell.set_char(symbol).set_style(theme.accent());
    }
}
