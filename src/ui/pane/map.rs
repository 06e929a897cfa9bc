//! Where each held-out image lives in the latent space.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    widgets::Widget,
};

use crate::{
    data::{Classes, Labels},
    message::{Map, Observation, Plane},
    ui::{
        app::App,
        theme::Theme,
        widget::text::{self, Span},
        widget::{
            legend::{Legend, class_at},
            map::{Axes, Chosen, LatentMap, MapCells, plot_area},
        },
    },
    words::{grouped, noun},
};

/// From this many rows on a legend stands below the map.
const ROWS_WITH_LEGEND: u16 = 19;

/// Draws the map, its axes and its title.
pub(in crate::ui) fn render(
    app: &App,
    seen: &Observation,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let map = &seen.map;
    heading(app, seen, theme, area, buf);
    let classes = app.classes();
    let body = Rect {
        height: legend_row(area).map_or(area.bottom(), |row| row.y) - area.y,
        ..area
    };
    let body = text::body(body);
    if let Some(row) = legend_row(area) {
        legend_of(app, &classes, theme).render(row, buf);
    }
    let axes = Axes {
        digits: map.plane == Plane::Line,
        units: map.units,
        named: matches!(map.plane, Plane::Line | Plane::Codes),
        ..Axes::from(map.range)
    };
    let plot = plot_area(body, axes);
    let size = (plot.width, plot.height);
    let shown = (app.filter, classes.count());
    let cells = MapCells::bin(&map.points, &map.labels, shown, axes, size);
    LatentMap {
        cells: &cells,
        chosen: Some(Chosen {
            point: map.chosen,
            label: seen.row.sample().label,
        }),
        prior: map.prior,
        style: app.map_style,
        classes: &classes,
        theme,
    }
    .render(body, buf);
}

/// The row of the legend below a map that is high enough for one.
fn legend_row(area: Rect) -> Option<Rect> {
    (area.height >= ROWS_WITH_LEGEND).then(|| Rect {
        y: area.bottom() - 1,
        height: 1,
        ..area
    })
}

/// Which colour is which class, and which of them are shown.
pub(in crate::ui) fn legend_of<'a>(app: &App, classes: &'a Classes, theme: Theme) -> Legend<'a> {
    Legend {
        shown: app.filter,
        classes,
        theme,
    }
}

/// The class whose entry in the legend of a map stands at a place of the screen.
pub(in crate::ui) fn pointed(app: &App, area: Rect, place: Position) -> Option<u8> {
    pointed_in(app, legend_row(area)?, place)
}

/// The same in a row that is known.
pub(in crate::ui) fn pointed_in(app: &App, row: Rect, place: Position) -> Option<u8> {
    let column = place.x.checked_sub(row.x)?;
    let hit = row.contains(place);
    class_at(&app.classes(), column, row.width).filter(|_| hit)
}

/// The longest of several wordings that fit, on both sides of the rule.
pub(in crate::ui) fn heading(
    app: &App,
    seen: &Observation,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let fits = |left: &str, right: &str| text::width(left) + 3 + text::width(right) <= area.width;
    let ([chosen, marks], classes) = (app.shown_names(), app.classes());
    let name = match (seen.map.plane, app.filter) {
        (_, Labels::ALL) if seen.map.prior.is_some() => {
            "latent space: 1, 2, 3 sigma circles".into()
        }
        (Plane::Principal(values), Labels::ALL) => {
            format!("latent space: 2 principal components of {values}")
        }
        (_, Labels::ALL) if classes == Classes::Unlabelled => {
            "latent space: where each image lives".into()
        }
        (Plane::Line, Labels::ALL) => classes.said("latent space: code by digit"),
        (Plane::Codes, Labels::ALL) => classes.said("latent space: where each digit lives"),
        _ => format!("latent space: only {chosen}"),
    };
    let plain = match seen.map.plane {
        Plane::Principal(values) => format!("latent space: 2 PCs of {values}"),
        _ if app.filter != Labels::ALL => format!("latent space: only {marks}"),
        _ => "latent space".into(),
    };
    let names = [name.as_str(), plain.as_str(), "latent space"];
    let dead = dead_words(&seen.curve.dead_units);
    let (says, style) = if dead.is_empty() {
        let images = images(&seen.map);
        let count = seen.map.points.len() as u64;
        (
            {
                let [long, short] = ["test image", "image"].map(|what| noun(count, what));
                vec![format!("{images} {long}"), format!("{images} {short}")]
            },
            theme.dim(),
        )
    } else {
        (dead, theme.warning())
    };
    let pairs = says
        .iter()
        .flat_map(|says| names.iter().map(move |name| (*name, says.as_str())));
    // A warning keeps its words; otherwise the name does.
    let chosen = if style == theme.warning() {
        pairs.clone().find(|(name, says)| fits(name, says))
    } else {
        names
            .iter()
            .flat_map(|name| says.iter().map(move |says| (*name, says.as_str())))
            .find(|(name, says)| fits(name, says))
    };
    let (name, says) = chosen.unwrap_or(("latent space", ""));
    let says: [Span; 1] = [(says, style)];
    text::title(buf, area, theme, name, &says);
}

fn images(map: &Map) -> String {
    grouped(map.points.len() as u64)
}

/// That code units are dead and what helps, at three lengths; nothing if they live.
fn dead_words(units: &[usize]) -> Vec<String> {
    let who = match units {
        [] => return Vec::new(),
        [unit] => format!("code {unit} is dead"),
        units => format!("{} codes are dead", units.len()),
    };
    vec![format!("{who}: try another seed"), who]
}
