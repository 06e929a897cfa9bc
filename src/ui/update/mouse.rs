//! What the mouse does: a click on a tab, a hold of the tape, or what the view makes of it.
//!
//! Whoever is pressed on has the mouse until the button goes up, wherever it is drawn.

use ratatui::layout::{Position, Rect};

use super::{Request, tape};
use crate::ui::{
    app::{App, Grip, Overlay},
    chrome::tabs,
    pointer::{Button, Pointer, Side},
    view,
};

/// The mouse did something, on a screen of so many columns and rows.
pub(super) fn point(app: &mut App, pointer: Pointer, screen: (u16, u16)) -> Vec<Request> {
    let frame = view::frame_of(app, Rect::new(0, 0, screen.0, screen.1));
    let (Some(frame), Overlay::None) = (frame, &app.overlay) else {
        app.grip = Grip::Nothing;
        return Vec::new();
    };
    let place = Position::new(pointer.column, pointer.row);
    let pressed = pointer.button == Button::Pressed;
    if pressed
        && pointer.side == Side::Left
        && let Some(view) = tabs::at(app, frame.header, place)
    {
        app.status = None;
        app.view = view;
        return Vec::new();
    }
    let Some(seen) = app.seen.clone() else {
        app.grip = Grip::Nothing;
        return Vec::new();
    };
    let track = view::track(app, &seen, screen);
    if pressed {
        let on_tape = track.filter(|track| track.is_at(pointer.column, pointer.row));
        app.grip = match (on_tape, pointer.side) {
            (Some(_), Side::Left) => Grip::Tape,
            _ => Grip::View,
        };
    }
    let grip = app.grip;
    if pointer.button == Button::Released {
        app.grip = Grip::Nothing;
    }
    match (grip, pointer.button, track) {
        (Grip::Tape, Button::Pressed | Button::Dragged, Some(track)) => {
            app.status = None;
            tape::point(app, &seen, &track, pointer.column)
        }
        (Grip::View, ..) | (_, Button::WheelUp | Button::WheelDown, _) => {
            (app.view.entry().point)(app, pointer, &frame)
        }
        _ => Vec::new(),
    }
}
