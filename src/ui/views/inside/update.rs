//! What keys and mouse do in the view: they move a cursor among units and choose a layer.

use ratatui::layout::{Position, Rect};

use super::{answer, gallery, layout, layout::Tiles};
use crate::{
    message::{Gallery, InsideAnswer, SampleId, SplitName, UnitOrder},
    ui::{
        app::App,
        frame::Frame,
        keymap::{Action, Towards},
        pointer::{Button, Pointer, Side},
        update::Request,
        widget::text,
    },
};

/// Units of a row, and of a page, of the usual screen.
const USUAL: Strides = Strides { row: 8, page: 16 };
/// Images that suit a unit.
const BEST: usize = 16;

/// What a key does there, where that is something of its own.
pub(in crate::ui::views) fn act(app: &mut App, action: Action) -> Option<Vec<Request>> {
    let Strides { row, page } = strides(app);
    match action {
        Action::Cursor(Towards::Left) => move_by(app, -1),
        Action::Cursor(Towards::Right) => move_by(app, 1),
        Action::Cursor(Towards::Up) => move_by(app, -row),
        Action::Cursor(Towards::Down) => move_by(app, row),
        Action::CursorFar(Towards::Left) | Action::PageBack => move_by(app, -page),
        Action::CursorFar(Towards::Right) | Action::PageOn => move_by(app, page),
        Action::CursorFar(Towards::Up) => choose_sight(app, -1),
        Action::CursorFar(Towards::Down) => choose_sight(app, 1),
        Action::Style => app.places.inside.alone ^= true,
        Action::Order => {
            let place = &mut app.places.inside;
            place.ordered += 1;
            place.order = match place.order {
                UnitOrder::Index => UnitOrder::Answer,
                UnitOrder::Answer => UnitOrder::Index,
            };
        }
        Action::ZoomIn => {
            let place = &mut app.places.inside;
            place.nearer = (place.nearer + 1).min(BEST - 1);
        }
        Action::ZoomOut => {
            let place = &mut app.places.inside;
            place.nearer = place.nearer.saturating_sub(1);
        }
        Action::Take => take(app, app.places.inside.nearer),
        _ => return None,
    }
    Some(Vec::new())
}

/// How many units lie between one and the one below it, and between two pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Strides {
    row: isize,
    page: isize,
}

/// Those of the gallery of the chosen sight, as it stands on this screen.
fn strides(app: &App) -> Strides {
    let (width, height) = app.screen;
    let answer = app.seen.as_ref().and_then(|seen| answer(app, seen));
    let frame = Frame::of(Rect::new(0, 0, width, height));
    let (Some(answer), Some(frame)) = (answer, frame) else {
        return USUAL;
    };
    let places = layout(app, &frame).galleries;
    // One gallery goes on in the next place; of two the chosen one may have the only place.
    let places = if places.len().min(answer.galleries.len()) == 1 {
        &places[..]
    } else {
        let chosen = app.places.inside.sight;
        let of_chosen = |gallery: &Gallery| gallery.sight == chosen;
        let place = answer.galleries.iter().position(of_chosen).unwrap_or(0);
        let place = place.min(places.len().saturating_sub(1));
        places.get(place..=place).unwrap_or_default()
    };
    let Some(first) = places.first() else {
        return USUAL;
    };
    Strides {
        row: first.columns as isize,
        page: places.iter().map(Tiles::count).sum::<usize>() as isize,
    }
}

/// Goes so many places on in the order of the chosen sight's units.
fn move_by(app: &mut App, by: isize) {
    let Some(answer) = app.seen.as_ref().and_then(|seen| answer(app, seen)) else {
        return;
    };
    let sight = app.places.inside.sight.min(answer.sights.len() - 1);
    let cursor = app.places.inside.cursors.get(sight).copied().flatten();
    let units = answer.layers[answer.sights[sight].layer].layer.units;
    let gallery = answer
        .galleries
        .iter()
        .find(|gallery| gallery.sight == sight);
    let next = match gallery {
        Some(gallery) if !gallery.order.is_empty() => {
            let at = cursor.and_then(|unit| gallery.order.iter().position(|other| *other == unit));
            let at = at.unwrap_or(gallery.at).saturating_add_signed(by);
            gallery.order[at.min(gallery.order.len() - 1)]
        }
        // A sight that no gallery shows goes by the numbers.
        _ => {
            let at = cursor.unwrap_or(answer.unit.tile.unit);
            at.saturating_add_signed(by).min(units.saturating_sub(1))
        }
    };
    set_cursor(app, sight, next);
}

fn set_cursor(app: &mut App, sight: usize, unit: usize) {
    let place = &mut app.places.inside;
    if place.cursors.len() <= sight {
        place.cursors.resize(sight + 1, None);
    }
    place.sight = sight;
    place.cursors[sight] = Some(unit);
    place.nearer = 0;
}

/// Chooses the layer above or below in the table.
fn choose_sight(app: &mut App, by: isize) {
    let Some(sights) = app
        .seen
        .as_ref()
        .and_then(|seen| answer(app, seen))
        .map(|answer| answer.sights.len())
    else {
        return;
    };
    let place = &mut app.places.inside;
    place.sight = place.sight.saturating_add_signed(by).min(sights - 1);
    place.nearer = 0;
}

/// An image that suits the unit becomes the chosen sample.
fn take(app: &mut App, number: usize) {
    let Some(answer) = app.seen.as_ref().and_then(|seen| answer(app, seen)) else {
        return;
    };
    let Some(fit) = answer.unit.best.get(number) else {
        return;
    };
    let (split, index) = (SplitName::Test, fit.index);
    app.sample = SampleId { split, index };
}

/// What the mouse does there: chooses a unit, a layer, or an image that suits the unit; the
/// wheel turns pages.
pub(in crate::ui::views) fn point(app: &mut App, pointer: Pointer, frame: &Frame) -> Vec<Request> {
    match pointer.button {
        Button::Pressed if pointer.side == Side::Left => press(app, pointer, frame),
        Button::WheelUp => move_by(app, -strides(app).row),
        Button::WheelDown => move_by(app, strides(app).row),
        _ => {}
    }
    Vec::new()
}

/// What lies under the mouse.
enum Under {
    Unit { sight: usize, unit: usize },
    Layer(usize),
    Image(usize),
}

fn press(app: &mut App, pointer: Pointer, frame: &Frame) {
    let Some(answer) = app.seen.as_ref().and_then(|seen| answer(app, seen)) else {
        return;
    };
    match under(app, answer, pointer, frame) {
        Some(Under::Unit { sight, unit }) => set_cursor(app, sight, unit),
        Some(Under::Layer(layer)) => {
            let sight = answer.sights.iter().position(|sight| sight.layer == layer);
            if let Some(sight) = sight {
                app.places.inside.sight = sight;
                app.places.inside.nearer = 0;
            }
        }
        Some(Under::Image(number)) => take(app, number),
        None => {}
    }
}

fn under(app: &App, answer: &InsideAnswer, pointer: Pointer, frame: &Frame) -> Option<Under> {
    let at = layout(app, frame);
    let place = Position::new(pointer.column, pointer.row);
    for (number, tiles) in at.galleries.iter().enumerate() {
        if !tiles.area.contains(place) {
            continue;
        }
        let page = gallery::page(answer, number, &at)?;
        let here = (0..tiles.count())
            .find(|tile| tiles.place(*tile).is_some_and(|area| area.contains(place)))?;
        let unit = *page.gallery.order.get(page.first + here)?;
        let sight = page.gallery.sight;
        return Some(Under::Unit { sight, unit });
    }
    if at.table.rows.contains(place) {
        let row = (place.y - at.table.rows.y) / at.table.each.max(1);
        let shown = usize::from(at.table.rows.height / at.table.each.max(1));
        let chosen = answer.sights[answer.unit.sight].layer;
        return Some(Under::Layer(
            usize::from(row) + (chosen + 1).saturating_sub(shown),
        ));
    }
    let fits = text::body(at.fits);
    if fits.contains(place) {
        let nearer = app.places.inside.nearer;
        if !at.wide {
            return Some(Under::Image(
                nearer.min(answer.unit.best.len().saturating_sub(1)),
            ));
        }
        let side = if nearer > 0 { 4 } else { 2 };
        let column = usize::from((place.x - fits.x) * side / fits.width.max(1));
        let row = usize::from((place.y - fits.y) * side / fits.height.max(1));
        return Some(Under::Image(row * usize::from(side) + column));
    }
    None
}
