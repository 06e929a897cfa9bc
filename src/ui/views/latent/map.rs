//! The map with the cursor, the image that is nearest to it, and the path.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use super::{
    ground::{Ground, cursor_at},
    plane,
};
use crate::{
    data::Labels,
    measure::Verdict,
    message::{Map, Plane},
    ui::{
        pane,
        views::{Stage, behind},
        widget::{
            map::{Axes, Chosen, LatentMap, MapCells, MapStyle, Mark, Overlay},
            text::{self, Span},
        },
    },
    words::{grouped, noun},
};

/// Draws the pane, and the legend below it where it has a place.
pub(super) fn render(stage: &Stage, ground: &Ground, area: Rect, buf: &mut Buffer) {
    let &Stage {
        app, seen, theme, ..
    } = stage;
    let map = plane::map(seen);
    let plot = ground.plot;
    let size = (plot.width, plot.height);
    let line = map.plane == Plane::Line;
    if line {
        let images = map.points.len() as u64;
        let images = format!("{} {}", grouped(images), noun(images, "test image"));
        let says = [(images.as_str(), theme.dim())];
        text::title(
            buf,
            area,
            theme,
            "latent space: how many images have which code",
            &says,
        );
    } else if let Plane::Pair(pair) = map.plane {
        heading(stage, pair, area, buf);
    } else {
        pane::map::heading(app, seen, theme, area, buf);
    }
    let (axes, points) = if line {
        heaps(map, ground.axes, size.0, app)
    } else {
        (ground.axes, Vec::new())
    };
    let points = if line { &points } else { &map.points };
    let classes = app.classes();
    let shown = (app.filter, classes.count());
    let cells = MapCells::bin(points, &map.labels, shown, axes, size);
    let sample = Chosen {
        point: if line {
            [map.chosen[0], 0.0]
        } else {
            map.chosen
        },
        label: seen.row.sample().label,
    };
    let body = text::body(area);
    LatentMap {
        cells: &cells,
        chosen: in_sight(axes, sample.point).then_some(sample),
        prior: map.prior.filter(|_| axes.shown.is_none()),
        style: MapStyle::Density,
        classes: &classes,
        theme,
    }
    .render(body, buf);
    if let Plane::Pair(pair) = map.plane {
        axis_names(stage, pair, body, plot, buf);
    }
    marks(stage, &cells, sample.point, body, buf);
    if let Some(row) = ground.layout.legend {
        legend(stage, legend_in(row, ground), buf);
    }
}

/// Where the legend stands in its row: below the map's images.
pub(super) fn legend_in(row: Rect, ground: &Ground) -> Rect {
    let left = ground.plot.x.min(row.right());
    Rect {
        x: left,
        width: row.right() - left,
        ..row
    }
}

/// The longest names of the axes that fit.
fn heading(stage: &Stage, pair: [usize; 2], area: Rect, buf: &mut Buffer) {
    let &Stage {
        app, seen, theme, ..
    } = stage;
    let shape = app.plan.kind.code;
    let [across, up] = pair.map(|value| plane::name(shape, value));
    let names = [
        format!("latent space: {across} across, {up} up"),
        format!("{across} across, {up} up"),
        format!("{across}, {up}"),
    ];
    let map = plane::map(seen);
    let count = map.points.len() as u64;
    let images = grouped(count);
    let says: Vec<String> = if let Some(behind) = behind::at_step(Some(map.step), seen.seen.step) {
        vec![behind, String::new()]
    } else if app.filter == Labels::ALL {
        vec![
            format!("{images} {}", noun(count, "test image")),
            format!("{images} {}", noun(count, "image")),
            String::new(),
        ]
    } else {
        let [names, marks] = app.shown_names();
        vec![
            format!("only {names}"),
            format!("only {marks}"),
            String::new(),
        ]
    };
    let mut pairs = names
        .iter()
        .flat_map(|name| says.iter().map(move |says| (name.as_str(), says.as_str())));
    let fits =
        |(name, says): &(&str, &str)| text::width(name) + 3 + text::width(says) <= area.width;
    let (name, says) = pairs.find(fits).unwrap_or((&names[2], ""));
    text::title(buf, area, theme, name, &[(says, theme.dim())]);
}

/// The names of the axes, beside them: where the one below has room between its numbers.
fn axis_names(stage: &Stage, pair: [usize; 2], body: Rect, plot: Rect, buf: &mut Buffer) {
    if plot == body {
        return;
    }
    let (theme, shape) = (stage.theme, stage.app.plan.kind.code);
    let [across, up] = pair.map(|value| plane::name(shape, value));
    let (rule, row) = (theme.symbols().rule, plot.bottom());
    let length = text::width(&across) + 2;
    // A bit of the line on either side sets it apart from numbers.
    let is_free = |x: &u16| {
        let mut cells = (*x - 1..=x + length).map(|x| buf.cell((x, row)));
        cells.all(|cell| cell.is_some_and(|cell| cell.symbol().starts_with(rule)))
    };
    let last = plot.right().saturating_sub(length + 1);
    if let Some(x) = (plot.x + 1..=last).rev().find(is_free) {
        let place = Rect {
            x,
            y: row,
            width: length,
            height: 1,
        };
        text::left(buf, place, &[(&format!(" {across} "), theme.dim())]);
    }
    let place = Rect {
        width: plot.width.min(text::width(&up) + 1),
        height: 1,
        ..plot
    };
    text::left(buf, place, &[(&format!("{up} "), theme.dim())]);
}

fn in_sight(axes: Axes, point: [f32; 2]) -> bool {
    let within = |parts: [f32; 2]| parts.iter().all(|part| (0.0..=1.0).contains(part));
    axes.shown.is_none() || axes.parts(point).is_some_and(within)
}

fn marks(stage: &Stage, cells: &MapCells, chosen: [f32; 2], body: Rect, buf: &mut Buffer) {
    let &Stage {
        app, seen, theme, ..
    } = stage;
    let answer = seen.answers.latent.as_ref();
    let line = plane::map(seen).plane == Plane::Line;
    let flat = |[x, y]: [f32; 2]| [x, if line { 0.0 } else { y }];
    let is_void = |verdict: Option<Verdict>| verdict == Some(Verdict::Void);
    let dots: Vec<Mark> = answer.map_or_else(Vec::new, |answer| {
        let dots = answer.line.iter();
        dots.map(|dot| Mark {
            point: flat(dot.at),
            void: is_void(dot.verdict),
        })
        .collect()
    });
    let judged = answer.and_then(|answer| answer.cursor.gap?.judged);
    Overlay {
        cells,
        chosen,
        cursor: Some(Mark {
            point: flat(cursor_at(app, seen)),
            void: is_void(judged.map(|(_, verdict)| verdict)),
        }),
        nearest: answer
            .and_then(|answer| answer.nearest.as_ref())
            .map(|near| flat(near.at)),
        line: &dots,
        two_axes: !line,
        theme,
    }
    .render(body, buf);
}

/// The images of a code of one value, heaped up by columns: each at its value and at its place in
/// the heap, where classes lie in their order.
fn heaps(map: &Map, axes: Axes, columns: u16, app: &crate::ui::app::App) -> (Axes, Vec<[f32; 2]>) {
    let columns = usize::from(columns.max(1));
    let column = |point: &[f32; 2]| {
        let [part, _] = axes.parts([point[0], 0.0])?;
        let place = (part.clamp(0.0, 1.0) * columns as f32) as usize;
        part.is_finite().then_some(place.min(columns - 1))
    };
    let shown = |label: &u8| app.filter.contains(*label);
    let mut order: Vec<usize> = (0..map.points.len().min(map.labels.len())).collect();
    order.sort_by_key(|&image| map.labels[image]);
    let mut heights = vec![0.0_f32; columns];
    let mut points = vec![[f32::NAN; 2]; map.points.len()];
    for image in order {
        if let Some(column) = column(&map.points[image]).filter(|_| shown(&map.labels[image])) {
            points[image] = [map.points[image][0], heights[column]];
            heights[column] += 1.0;
        }
    }
    let highest = heights
        .iter()
        .fold(1.0_f32, |most, height| most.max(*height));
    let mut axes = Axes {
        digits: true,
        ..axes
    };
    axes.range[1] = [0.0, highest];
    if let Some(shown) = &mut axes.shown {
        shown[1] = axes.range[1];
    }
    (axes, points)
}

/// The classes' colours, and what the marks mean.
fn legend(stage: &Stage, row: Rect, buf: &mut Buffer) {
    let &Stage { app, theme, .. } = stage;
    let classes = app.classes();
    let says = pane::map::legend_of(app, &classes, theme);
    says.render(row, buf);
    let symbols = theme.symbols();
    let label = stage.seen.row.sample().label;
    let (cross, ring) = (symbols.cross.to_string(), symbols.ring.to_string());
    let chosen = format!("[{}]", text::mark(&classes, label, theme));
    let spans: [Span; 6] = [
        (&cross, theme.accent()),
        (" cursor  ", theme.dim()),
        (&ring, theme.text()),
        (" nearest  ", theme.dim()),
        (&chosen, theme.selection()),
        (" chosen", theme.dim()),
    ];
    let taken = match says.columns(row.width) {
        0 => 0,
        columns => columns + 2,
    };
    let rest = Rect {
        x: row.x + taken.min(row.width),
        width: row.width.saturating_sub(taken),
        ..row
    };
    text::right(buf, rest, &spans);
}
