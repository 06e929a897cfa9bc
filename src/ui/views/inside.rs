//! Inside: what each layer does with the chosen sample, and what a unit looks for.
//!
//! Every number and every picture is the observer's; here they find their places.

mod gallery;
mod layout;
mod table;
mod unit;
mod update;
mod words;

use ratatui::buffer::Buffer;

use super::Stage;
use crate::{
    lens::UnitLayer,
    message::{Ask, InsideAnswer, InsideAsk, Observation, Sight, UnitOrder},
    ui::{app::App, frame::Frame},
};
use layout::{Layout, Shown};

pub(super) use update::{act, point};

/// What it remembers while another view is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The chosen sight.
    sight: usize,
    /// The unit chosen in each.
    cursors: Vec<Option<usize>>,
    /// Whether the galleries belong to the chosen sight.
    alone: bool,
    order: UnitOrder,
    /// How often an order was asked for.
    ordered: u64,
    /// How far into the images that suit the unit.
    nearer: usize,
}

/// What it asks of the weights.
pub(super) fn asks(app: &App) -> Ask {
    let place = &app.places.inside;
    Ask::Inside(InsideAsk {
        sight: place.sight,
        cursors: place.cursors.clone(),
        alone: place.alone,
        order: place.order,
        ordered: place.ordered,
    })
}

/// Draws the view.
pub(super) fn render(stage: &Stage, buf: &mut Buffer) {
    let at = layout(stage.app, &stage.frame);
    let answer = answer(stage.app, stage.seen);
    table::render(stage, answer, &at.table, at.wide, buf);
    for (number, tiles) in at.galleries.iter().enumerate() {
        gallery::render(stage, answer, number, tiles, &at, buf);
    }
    unit::render(stage, answer, &at, buf);
}

/// Where everything stands.
fn layout(app: &App, frame: &Frame) -> Layout {
    let architecture = app.plan.recipe.architecture();
    let layers = UnitLayer::all(&architecture);
    let sights = Sight::all(layers.iter());
    let place = &app.places.inside;
    let chosen = sights[place.sight.min(sights.len() - 1)];
    let shown = Shown::of(&architecture, place.alone.then_some(chosen));
    Layout::of(frame, shown)
}

/// The answer, as far as it is of this network.
fn answer<'a>(app: &App, seen: &'a Observation) -> Option<&'a InsideAnswer> {
    let answer = seen.answers.inside.as_deref()?;
    let layers = UnitLayer::all(&app.plan.recipe.architecture());
    let same = layers.len() == answer.layers.len()
        && layers
            .iter()
            .zip(&answer.layers)
            .all(|(layer, seen)| *layer == seen.layer);
    same.then_some(answer)
}
