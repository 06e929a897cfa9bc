//! Curves.

use ratatui::buffer::Buffer;

use super::Stage;
use crate::{
    message::{Ask, CurvesAsk},
    ui::{app::App, frame::Frame, keymap::Action, pointer::Pointer, update::Request},
};

/// What it remembers while another view is looked at.
#[derive(Debug, Clone, Default)]
pub struct Place {}

/// What it asks of the weights.
pub(super) fn asks(_app: &App) -> Ask {
    Ask::Curves(CurvesAsk::default())
}

/// What a key does there, where that is something of its own.
pub(super) fn act(_app: &mut App, _action: Action) -> Option<Vec<Request>> {
    None
}

/// What the mouse does there.
pub(super) fn point(_app: &mut App, _pointer: Pointer, _frame: &Frame) -> Vec<Request> {
    Vec::new()
}

/// Draws the view.
pub(super) fn render(_stage: &Stage, _buf: &mut Buffer) {}
