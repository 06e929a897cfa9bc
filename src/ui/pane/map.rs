//! Where each held-out image lives in the latent space.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use crate::{
    message::{Map, Observation, Plane},
    ui::{
        app::App,
        theme::Theme,
        widget::text::{self, Span},
        widget::{
            digit_set::DigitSet,
            legend::Legend,
            map::{Axes, Chosen, LatentMap, MapCells, plot_area},
        },
    },
    words::grouped,
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
    let mut body = text::body(area);
    if area.height >= ROWS_WITH_LEGEND {
        body.height -= 1;
        let row = Rect {
            y: body.bottom(),
            height: 1,
            ..body
        };
        Legend {
            shown: app.digits,
            theme,
        }
        .render(row, buf);
    }
    let axes = Axes {
        digits: map.plane == Plane::Line,
        units: map.units,
        ..Axes::from(map.range)
    };
    let plot = plot_area(body, axes);
    let size = (plot.width, plot.height);
    let cells = MapCells::bin(&map.points, &map.labels, app.digits, axes, size);
    LatentMap {
        cells: &cells,
        chosen: Some(Chosen {
            point: map.chosen,
            label: seen.row.sample().label,
        }),
        prior: map.prior,
        style: app.map_style,
        theme,
    }
    .render(body, buf);
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
    let name = match (seen.map.plane, app.digits) {
        (_, DigitSet::ALL) if seen.map.prior.is_some() => {
            "latent space: 1, 2, 3 sigma circles".into()
        }
        (Plane::Principal(values), DigitSet::ALL) => {
            format!("latent space: 2 principal components of {values}")
        }
        (Plane::Line, DigitSet::ALL) => app.classes().said("latent space: code by digit"),
        (Plane::Codes, DigitSet::ALL) => app.classes().said("latent space: where each digit lives"),
        (_, some) => {
            let digits: Vec<String> = some.iter().map(|digit| digit.to_string()).collect();
            format!("latent space: only {}", digits.join(", "))
        }
    };
    let plain = match seen.map.plane {
        Plane::Principal(values) => format!("latent space: 2 PCs of {values}"),
        _ => "latent space".into(),
    };
    let names = [name.as_str(), plain.as_str(), "latent space"];
    let dead = dead_words(&seen.curve.dead_units);
    let (says, style) = if dead.is_empty() {
        let images = images(&seen.map);
        (
            vec![format!("{images} test images"), format!("{images} images")],
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
