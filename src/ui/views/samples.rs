//! Samples: a wall of all images over what the network makes of them, in the order of their
//! losses, and those losses beside what pictures cost that are none of the data's.

mod act;
mod chosen;
mod digits;
mod histogram;
mod layout;
mod place;
mod wall;
mod words;

use ratatui::buffer::Buffer;

use super::Stage;
use crate::{message::Ask, ui::app::App};
pub(super) use act::{act, point, settle};
use layout::Layout;
pub(super) use place::Place;

/// What it asks of the weights.
pub(super) fn asks(app: &App) -> Ask {
    Ask::Samples(place::asks(app))
}

/// Draws the view.
pub(super) fn render(stage: &Stage, buf: &mut Buffer) {
    let layout = Layout::of(&stage.frame);
    wall::render(stage, &layout.wall, buf);
    histogram::render(stage, &layout, buf);
    if let Some(area) = layout.digits {
        digits::render(stage, area, buf);
    }
    chosen::render(stage, layout.chosen, buf);
    words::render(stage, &layout, buf);
}
