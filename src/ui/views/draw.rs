//! Draw: a picture of the viewer's own, or an image of the data spoilt, and what the network
//! makes of it.
//!
//! ```text
//!  draw here ────────── from 9: a 9, turned   reconstruction ─ loss 0.518   its place ──────
//!   a pixel is two columns wide, so that        28x14 cells, in green        the map
//!   the mouse can hit it
//!                                              how like a digit is this? ── 100 nearest codes
//!                                              nearest real ── 9,312: a 6   spoil it ─────────
//! ```

mod canvas;
mod layout;
mod likeness;
mod map;
mod panes;
mod paper;
mod place;
mod scales;
mod sliders;
mod spoiling;

use std::sync::Arc;

use ratatui::buffer::Buffer;

use super::Stage;
use crate::{
    message::{Ask, DrawAsk},
    ui::app::App,
};

pub(in crate::ui) use place::Place;
pub(super) use place::{act, point};

/// What it asks of the weights.
pub(super) fn asks(app: &App) -> Ask {
    let shown = place::shown(app);
    let byte = |&ink: &f32| (ink * 255.0).round() as u8;
    let picture = shown.map(|shown| shown.iter().map(byte).collect::<Arc<[u8]>>());
    Ask::Draw(DrawAsk { picture })
}

/// Draws the view.
pub(super) fn render(stage: &Stage, buf: &mut Buffer) {
    panes::render(stage, buf);
}
