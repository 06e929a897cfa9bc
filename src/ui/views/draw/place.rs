//! What the view remembers, and what keys and mouse do to it.
//!
//! The canvas shows the chosen sample until something is drawn; another sample puts the drawing
//! away, and undoing brings it back. What spoils the picture never touches the drawing.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{self, Canvas, Pen, Tool},
    layout::Layout,
    sliders::Slider,
};
use crate::{
    data::spoil::Spoil,
    message::SampleId,
    ui::{
        app::App,
        frame::Frame,
        keymap::{Action, Towards},
        pointer::{Button, Pointer, Side},
        update::Request,
    },
};

/// Strokes that can be taken back.
const UNDONE: usize = 64;
/// Pixels of a big step.
const FAR: usize = 5;

/// What it remembers while another view is looked at.
#[derive(Debug, Clone, Default)]
pub(in crate::ui) struct Place {
    /// What was drawn, on which sample.
    drawing: Option<Drawing>,
    /// Drawings before the last strokes; none where the sample alone was shown.
    before: Vec<Option<Canvas>>,
    /// Where the pen is; in the middle until it has been moved.
    at: Option<canvas::Place>,
    pub(super) pen: Pen,
    pub(super) tool: Tool,
    /// Whether the pen draws where it is moved.
    pub(super) down: bool,
    pub(super) spoil: Spoil,
    /// The slider that has the cursor's keys.
    pub(super) slider: Option<Slider>,
    /// Where the mouse draws from, and with what, while its button is down.
    mouse: Option<Hold>,
}

#[derive(Debug, Clone)]
struct Drawing {
    on: SampleId,
    canvas: Canvas,
}

/// What the mouse has taken hold of.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Hold {
    Stroke(Tool, canvas::Place),
    Slider(Slider),
}

/// The canvas: the drawing, or else the chosen sample as the data has it.
pub(super) fn canvas(app: &App) -> Option<Canvas> {
    let drawing = app.places.draw.drawing.as_ref();
    if let Some(drawing) = drawing.filter(|drawing| drawing.on == app.sample) {
        return Some(drawing.canvas.clone());
    }
    let split = app.sample.split.of(app.data.as_ref()?);
    let index = app.sample.index.min(split.len().checked_sub(1)?);
    Some(Canvas::of(split.size(), split.image(index)))
}

/// What the network is shown: the canvas, spoilt.
pub(super) fn shown(app: &App) -> Option<Vec<f32>> {
    let canvas = canvas(app)?;
    Some(app.places.draw.spoil.of(canvas.pixels(), canvas.size()))
}

/// Whether something was drawn on the chosen sample.
pub(super) fn is_drawn(app: &App) -> bool {
    let drawing = app.places.draw.drawing.as_ref();
    drawing.is_some_and(|drawing| drawing.on == app.sample)
}

impl Place {
    /// Where the pen is on a canvas of this size.
    pub(super) fn pen_at(&self, canvas: &Canvas) -> canvas::Place {
        let size = canvas.size();
        let [x, y] = self.at.unwrap_or([size.width / 2, size.height / 2]);
        [x.min(size.width - 1), y.min(size.height - 1)]
    }
}

/// What a key does there, where that is something of its own.
pub(in crate::ui::views) fn act(app: &mut App, action: Action) -> Option<Vec<Request>> {
    let canvas = canvas(app)?;
    let place = &mut app.places.draw;
    match (action, place.slider) {
        (Action::Cursor(towards), Some(slider)) => slide(place, slider, towards, 1),
        (Action::CursorFar(towards), Some(slider)) => {
            slide(place, slider, towards, slider.quarter());
        }
        (Action::Cursor(towards), None) => go(app, &canvas, towards, 1),
        (Action::CursorFar(towards), None) => go(app, &canvas, towards, FAR),
        (Action::Values, slider) => {
            place.slider = slider.map_or(Some(Slider::Noise), |_| None);
        }
        (Action::Back, Some(_)) => place.slider = None,
        (Action::Back, None) if !place.spoil.is_nothing() => place.spoil = Spoil::default(),
        (Action::Pen, _) => {
            place.down = !(place.down && place.tool == Tool::Pen);
            place.tool = Tool::Pen;
            dab(app, &canvas);
        }
        (Action::Eraser, _) => {
            place.down = !(place.down && place.tool == Tool::Eraser);
            place.tool = Tool::Eraser;
            dab(app, &canvas);
        }
        (Action::Less, _) => place.pen = place.pen.broader(-1),
        (Action::More, _) => place.pen = place.pen.broader(1),
        (Action::Undo, _) => undo(app),
        (Action::Clear, _) => keep(app, Canvas::empty(canvas.size())),
        (Action::Centre, _) => keep(app, canvas.centred()),
        _ => return None,
    }
    Some(Vec::new())
}

fn slide(place: &mut Place, slider: Slider, towards: Towards, steps: i32) {
    match towards {
        Towards::Left => slider.slide(&mut place.spoil, -steps),
        Towards::Right => slider.slide(&mut place.spoil, steps),
        Towards::Up => place.slider = Some(slider.beside(-1)),
        Towards::Down => place.slider = Some(slider.beside(1)),
    }
}

/// The pen goes some pixels, and draws on its way if it is down.
fn go(app: &mut App, canvas: &Canvas, towards: Towards, pixels: usize) {
    let from = app.places.draw.pen_at(canvas);
    let size = canvas.size();
    let [x, y] = from;
    let to = match towards {
        Towards::Left => [x.saturating_sub(pixels), y],
        Towards::Right => [(x + pixels).min(size.width - 1), y],
        Towards::Up => [x, y.saturating_sub(pixels)],
        Towards::Down => [x, (y + pixels).min(size.height - 1)],
    };
    app.places.draw.at = Some(to);
    if app.places.draw.down {
        let (tool, pen) = (app.places.draw.tool, app.places.draw.pen);
        let mut drawn = canvas.clone();
        drawn.stroke(tool, pen, [from, to]);
        // One stroke from putting the pen down to lifting it.
        replace(app, drawn);
    }
}

/// A pen that is put down leaves ink where it is.
fn dab(app: &mut App, canvas: &Canvas) {
    let place = &app.places.draw;
    if !place.down {
        return;
    }
    let (tool, pen, at) = (place.tool, place.pen, place.pen_at(canvas));
    let mut drawn = canvas.clone();
    drawn.stroke(tool, pen, [at, at]);
    keep(app, drawn);
}

/// The drawing becomes this, and what it was can be brought back.
fn keep(app: &mut App, canvas: Canvas) {
    let sample = app.sample;
    let place = &mut app.places.draw;
    if place.before.len() == UNDONE {
        place.before.remove(0);
    }
    let was = place.drawing.take();
    place
        .before
        .push(was.filter(|was| was.on == sample).map(|was| was.canvas));
    replace(app, canvas);
}

fn replace(app: &mut App, canvas: Canvas) {
    let on = app.sample;
    app.places.draw.drawing = Some(Drawing { on, canvas });
}

/// Back to before the last stroke; a drawing that another sample took the place of comes back.
fn undo(app: &mut App) {
    let sample = app.sample;
    let place = &mut app.places.draw;
    match &mut place.drawing {
        Some(drawing) if drawing.on != sample => drawing.on = sample,
        drawing => {
            if let Some(before) = place.before.pop() {
                *drawing = before.map(|canvas| Drawing { on: sample, canvas });
            }
        }
    }
    place.down = false;
}

/// What the mouse does there: its left button draws, its right one erases, the wheel changes the
/// pen, and sliders are drawn along.
pub(in crate::ui::views) fn point(app: &mut App, pointer: Pointer, frame: &Frame) -> Vec<Request> {
    let Some(canvas) = canvas(app) else {
        return Vec::new();
    };
    let layout = Layout::of(frame);
    let position = Position::new(pointer.column, pointer.row);
    match pointer.button {
        Button::WheelUp => app.places.draw.pen = app.places.draw.pen.broader(1),
        Button::WheelDown => app.places.draw.pen = app.places.draw.pen.broader(-1),
        Button::Pressed => press(app, &canvas, &layout, position, pointer.side),
        Button::Dragged => draw_along(app, &canvas, &layout, position),
        Button::Released => app.places.draw.mouse = None,
    }
    Vec::new()
}

fn press(app: &mut App, canvas: &Canvas, layout: &Layout, position: Position, side: Side) {
    app.places.draw.mouse = None;
    if let Some(at) = layout.pixel_at(canvas, position) {
        let tool = match side {
            Side::Left => app.places.draw.tool,
            Side::Right => Tool::Eraser,
        };
        let mut drawn = canvas.clone();
        drawn.stroke(tool, app.places.draw.pen, [at, at]);
        keep(app, drawn);
        app.places.draw.at = Some(at);
        app.places.draw.mouse = Some(Hold::Stroke(tool, at));
    } else if let Some((slider, track)) = layout.slider_at(position) {
        let place = &mut app.places.draw;
        slider.set_along(&mut place.spoil, along(track, position.x));
        place.slider = Some(slider);
        place.mouse = Some(Hold::Slider(slider));
    }
}

fn draw_along(app: &mut App, canvas: &Canvas, layout: &Layout, position: Position) {
    match app.places.draw.mouse {
        Some(Hold::Stroke(tool, from)) => {
            let to = layout.nearest_pixel(canvas, position, from);
            let mut drawn = canvas.clone();
            drawn.stroke(tool, app.places.draw.pen, [from, to]);
            replace(app, drawn);
            app.places.draw.at = Some(to);
            app.places.draw.mouse = Some(Hold::Stroke(tool, to));
        }
        Some(Hold::Slider(slider)) => {
            if let Some(track) = layout.track_of(slider) {
                slider.set_along(&mut app.places.draw.spoil, along(track, position.x));
            }
        }
        None => {}
    }
}

/// How far along a track a column is, from 0 to 1.
fn along(track: Rect, column: u16) -> f32 {
    let last = f32::from(track.width.saturating_sub(1)).max(1.0);
    (f32::from(column.saturating_sub(track.x)) / last).clamp(0.0, 1.0)
}
