//! What the mouse does in the view: it puts the cursor, draws it along, pans a part of the map,
//! moves sliders, and zooms with its wheel.

use ratatui::layout::{Position, Rect};

use super::{
    act::{put, set, zoom_about},
    ground::Ground,
    map::legend_in,
    place::{Hold, Size, Zoom},
    plane, sliders,
};
use crate::{
    message::Observation,
    ui::{
        app::App,
        frame::Frame,
        pane,
        pointer::{Button, Pointer, Side},
        update::{Request, classes},
        widget::map::Axes,
    },
};

/// What the mouse does there.
pub(in crate::ui::views) fn point(app: &mut App, pointer: Pointer, frame: &Frame) -> Vec<Request> {
    let Some(seen) = app.seen.clone() else {
        return Vec::new();
    };
    let ground = Ground::of(app, &seen, frame);
    let spot = Position::new(pointer.column, pointer.row);
    match pointer.button {
        Button::Pressed => {
            app.status = None;
            press(app, &seen, &ground, frame, spot, pointer.side);
        }
        Button::Dragged => drag(app, &seen, &ground, frame, spot),
        Button::Released => app.places.latent.hold = Hold::Nothing,
        Button::WheelUp | Button::WheelDown if !plane::is_there(app, &seen) => {}
        Button::WheelUp => turn(app, &ground, spot, true),
        Button::WheelDown => turn(app, &ground, spot, false),
    }
    Vec::new()
}

fn press(
    app: &mut App,
    seen: &Observation,
    ground: &Ground,
    frame: &Frame,
    spot: Position,
    side: Side,
) {
    app.places.latent.hold = Hold::Nothing;
    let legend = ground.layout.legend.map(|row| legend_in(row, ground));
    if let Some(class) = legend.and_then(|row| pane::map::pointed_in(app, row, spot)) {
        classes::choose(app, class, true);
        return;
    }
    if let Some(value) = sliders::named_at(app, frame, spot) {
        app.places.latent.value = value;
        plane::point_at(app, seen, value);
        return;
    }
    if let Some(value) = sliders::at(app, frame, spot) {
        app.places.latent.value = value;
        app.places.latent.hold = Hold::Slider(value);
        drag(app, seen, ground, frame, spot);
        return;
    }
    // Until its axes are there, a place of the plane is one of another.
    let Some(parts) = parts(ground, spot).filter(|_| plane::is_there(app, seen)) else {
        return;
    };
    let zoomed = app.places.latent.zoom.is_some() && ground.grid.is_none();
    let pans = zoomed && side == Side::Left;
    if side == Side::Left || zoomed {
        put(app, seen, ground, parts);
    }
    app.places.latent.hold = match ground.axes.point(parts) {
        Some(held) if pans => Hold::Map(held),
        _ => Hold::Cursor,
    };
}

fn drag(app: &mut App, seen: &Observation, ground: &Ground, frame: &Frame, spot: Position) {
    match app.places.latent.hold {
        Hold::Nothing => {}
        Hold::Cursor | Hold::Map(_) if !plane::is_there(app, seen) => {}
        Hold::Cursor => {
            if let Some(parts) = parts(ground, within(ground, spot)) {
                put(app, seen, ground, parts);
            }
        }
        Hold::Map(held) => pan(app, ground, held, spot),
        Hold::Slider(value) => {
            let part = sliders::part(app, frame, spot);
            let answer = seen.answers.latent.as_deref();
            if let (Some(part), Some(answer)) = (part, answer)
                && let Some(scale) = answer.scales.get(value)
            {
                set(
                    app,
                    answer,
                    value,
                    scale.low + part * (scale.high - scale.low),
                );
            }
        }
    }
}

/// The nearest place of the map, or of the pictures.
fn within(ground: &Ground, spot: Position) -> Position {
    let area = ground.grid.map_or(ground.plot, |grid| grid.area);
    Position {
        x: spot.x.clamp(area.x, area.right().max(area.x + 1) - 1),
        y: spot.y.clamp(area.y, area.bottom().max(area.y + 1) - 1),
    }
}

/// How far along the axes a cell stands: its middle, or that of its picture.
fn parts(ground: &Ground, spot: Position) -> Option<[f32; 2]> {
    if let Some(grid) = ground.grid {
        if !grid.area.contains(spot) {
            return None;
        }
        let column = (spot.x - grid.area.x) / grid.side;
        let row = (2 * (spot.y - grid.area.y)) / grid.side;
        return Some(grid.part(column.min(grid.columns - 1), row.min(grid.rows - 1)));
    }
    ground.layout.map?;
    let plot = ground.plot;
    let middle = |place: u16, count: u16| (f32::from(place) + 0.5) / f32::from(count);
    plot.contains(spot).then(|| {
        [
            middle(spot.x - plot.x, plot.width),
            1.0 - middle(spot.y - plot.y, plot.height),
        ]
    })
}

/// Moves what is shown of the map, so that the point that is held is under the mouse.
fn pan(app: &mut App, ground: &Ground, held: [f32; 2], spot: Position) {
    let Some(zoom) = &mut app.places.latent.zoom else {
        return;
    };
    let whole = Axes {
        shown: None,
        ..ground.axes
    };
    let (Some(parts), Some(along)) = (parts(ground, within(ground, spot)), whole.parts(held))
    else {
        return;
    };
    let size = 1.0 / Zoom::factor(zoom.times);
    let middle = [0, 1].map(|axis: usize| {
        (along[axis] + (0.5 - parts[axis]) * size).clamp(size / 2.0, 1.0 - size / 2.0)
    });
    if let Some(middle) = whole.point(middle) {
        zoom.middle = middle;
    }
}

fn turn(app: &mut App, ground: &Ground, spot: Position, nearer: bool) {
    if !ground
        .layout
        .map
        .is_some_and(|map: Rect| map.contains(spot))
    {
        return;
    }
    if let Some(size) = &mut app.places.latent.manifold {
        *size = if nearer { Size::Large } else { Size::Small };
        return;
    }
    let about = parts(ground, within(ground, spot)).and_then(|parts| ground.axes.point(parts));
    if let Some(about) = about {
        zoom_about(app, ground, about, nearer);
    }
}
