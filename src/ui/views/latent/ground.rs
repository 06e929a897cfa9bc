//! What the cursor stands on: the places of the panes, the map's axes as they are shown, and the
//! grid of pictures. Keys, mouse, questions and drawing all take it from here.

use ratatui::layout::Rect;

use super::{
    layout::Layout,
    place::{Size, Zoom},
    plane,
};
use crate::{
    image::ImageSize,
    message::{Base, Map, Observation, Plane},
    ui::{
        app::App,
        frame::Frame,
        widget::{
            map::{Axes, plot_area},
            text,
        },
    },
};

/// Columns for numbers beside the map: a cursor's value is longer than a range's end.
const NUMBERS: u16 = 4;
/// Rows below the plane in pictures: the values of its columns, and words with a blank row over
/// them where there are rows for those.
const BELOW_GRID: u16 = 1;
const WORDS_BELOW_GRID: u16 = 3;
const ROWS_WITH_WORDS: u16 = 30;
/// Pixels on a side of a small picture that can be made out, and of one of which some have room.
const SMALLEST: u16 = 7;
const LARGEST: u16 = 12;

/// All of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground {
    pub(super) layout: Layout,
    pub(super) axes: Axes,
    /// Where the map's images stand, if there is a map.
    pub(super) plot: Rect,
    pub(super) grid: Option<Grid>,
}

/// The plane as pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    /// Where the pictures stand.
    pub(super) area: Rect,
    /// Pixels on a side of each.
    pub(super) side: u16,
    pub(super) size: Size,
    /// Pictures across and down.
    pub(super) columns: u16,
    pub(super) rows: u16,
    /// Whether they follow one another along a single value.
    pub(super) line: bool,
}

impl Ground {
    pub(super) fn of(app: &App, seen: &Observation, frame: &Frame) -> Self {
        let place = &app.places.latent;
        let layout = Layout::of(frame, app.plan.kind.code, place);
        let map = plane::map(seen);
        // What part is shown is of the plane that is wanted.
        let axes = axes(map, place.zoom.filter(|_| plane::is_there(app, seen)));
        let body = text::body(layout.map.unwrap_or_default());
        let grid = place.manifold.filter(|_| layout.map.is_some());
        Self {
            layout,
            plot: plot_area(body, axes),
            grid: grid.and_then(|size| Grid::within(body, size, app.image(), map.plane)),
            axes,
        }
    }

    /// Columns and rows that a step of the cursor is one of.
    pub(super) fn steps(&self) -> [u16; 2] {
        match self.grid {
            Some(grid) if grid.line => [grid.columns * grid.rows, 1],
            Some(grid) => [grid.columns, grid.rows],
            None => [self.plot.width, self.plot.height],
        }
    }
}

/// Where on the map the cursor is.
pub(super) fn cursor_at(app: &App, seen: &Observation) -> [f32; 2] {
    let place = &app.places.latent;
    let answered = seen.answers.latent.as_ref();
    if (place.walks() || !plane::is_there(app, seen))
        && let Some(answer) = answered
    {
        return answer.cursor.at;
    }
    let spot = place.cursor(plane::map(seen));
    match (spot.at, spot.base) {
        (Some(at), _) => at,
        (None, Base::Chosen) => plane::map(seen).chosen,
        (None, Base::Code(_)) => {
            answered.map_or(plane::map(seen).chosen, |answer| answer.cursor.at)
        }
    }
}

impl Grid {
    fn within(body: Rect, size: Size, image: ImageSize, plane: Plane) -> Option<Self> {
        let side = match size {
            Size::Small => side(image),
            Size::Large => 2 * side(image),
        };
        let below = if body.height >= ROWS_WITH_WORDS {
            BELOW_GRID + WORDS_BELOW_GRID
        } else {
            BELOW_GRID
        };
        let area = Rect {
            x: body.x + NUMBERS.min(body.width),
            width: body.width.saturating_sub(NUMBERS),
            height: body.height.saturating_sub(below),
            ..body
        };
        let (columns, rows) = (area.width / side, 2 * area.height / side);
        (columns > 0 && rows > 0).then_some(Self {
            area: Rect {
                width: columns * side,
                height: (rows * side).div_ceil(2),
                ..area
            },
            side,
            size,
            columns,
            rows,
            line: plane == Plane::Line,
        })
    }

    /// The middle of a picture's part of the axes.
    pub(super) fn part(&self, column: u16, row: u16) -> [f32; 2] {
        let middle = |place: u16, count: u16| (f32::from(place) + 0.5) / f32::from(count);
        if self.line {
            let count = self.columns * self.rows;
            return [middle(row * self.columns + column, count), 0.0];
        }
        [middle(column, self.columns), 1.0 - middle(row, self.rows)]
    }

    /// The places of all pictures, row by row from the top.
    pub(super) fn places(&self, axes: Axes) -> Vec<[f32; 2]> {
        let rows = 0..self.rows;
        let parts = rows.flat_map(|row| (0..self.columns).map(move |column| (column, row)));
        let places = parts.map(|(column, row)| axes.point(self.part(column, row)));
        places.collect::<Option<_>>().unwrap_or_default()
    }

    /// The column and row of the picture that a point belongs to.
    pub(super) fn cell_of(&self, point: [f32; 2], axes: Axes) -> Option<(u16, u16)> {
        let [x, y] = axes.parts(point)?;
        if x.is_nan() || y.is_nan() {
            return None;
        }
        let place = |part: f32, count: u16| ((part * f32::from(count)) as u16).min(count - 1);
        if self.line {
            let number = place(x, self.columns * self.rows);
            return Some((number % self.columns, number / self.columns));
        }
        Some((place(x, self.columns), self.rows - 1 - place(y, self.rows)))
    }
}

/// Pixels on a side of a small picture: a quarter of the image's, within bounds; a small image
/// has all of its own.
fn side(image: ImageSize) -> u16 {
    let larger = image.height.max(image.width).min(usize::from(u16::MAX)) as u16;
    if larger < 2 * SMALLEST {
        larger.max(1)
    } else {
        (larger / 4).clamp(SMALLEST, LARGEST)
    }
}

/// The axes of a map, of which a part may be shown.
fn axes(map: &Map, zoom: Option<Zoom>) -> Axes {
    let line = map.plane == Plane::Line;
    let mut axes = Axes {
        units: map.units,
        gutter: NUMBERS,
        ..Axes::from(map.range)
    };
    if line {
        axes.range[1] = [0.0, 1.0];
    }
    let Some(zoom) = zoom else { return axes };
    let half = 0.5 / Zoom::factor(zoom.times);
    let shown = axes.parts(zoom.middle).and_then(|middle| {
        let middle = middle.map(|part| part.clamp(half, 1.0 - half));
        let low = axes.point(middle.map(|part| part - half))?;
        let high = axes.point(middle.map(|part| part + half))?;
        Some([[low[0], high[0]], [low[1], high[1]]])
    });
    axes.shown = shown.map(|[x, y]| [x, if line { axes.range[1] } else { y }]);
    axes
}
