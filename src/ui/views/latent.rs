//! Latent: a cursor is walked through the latent space, and what the network makes of its place is
//! seen beside the real image that is nearest to it.
//!
//! ```text
//!  decoded here ─ among the data  latent space: where each digit lives ──────────────────
//!     what the cursor's place       every test image, the cursor, and the path to it
//!     becomes
//!  nearest real ───── 749: a 1
//!     the image nearest to it     path: the chosen 8 to the cursor ──────────────────────
//!  code, gap, usual gap             what the network makes along it, and the gap to real codes
//! ```
//!
//! A code of many values has a list of sliders beside the map, which is then the plane through
//! the cursor's code: of two principal components, or of two of its values (`o`). `v` decodes the
//! plane into a grid of pictures.

mod act;
mod ground;
mod layout;
mod manifold;
mod map;
mod path;
mod pictures;
mod place;
mod plane;
mod point;
mod sliders;
mod words;

use ratatui::{buffer::Buffer, layout::Rect};

use super::Stage;
use crate::{
    data::Labels,
    message::{Ask, LatentAsk, Pane},
    ui::{app::App, frame::Frame},
};

pub(super) use act::act;
pub(super) use place::Place;
pub(super) use point::point;

use ground::Ground;

/// What it asks of the weights.
pub(super) fn asks(app: &App) -> Ask {
    let (Some(frame), Some(seen)) = (Frame::of_size(app.screen), &app.seen) else {
        return Ask::Nothing;
    };
    let place = &app.places.latent;
    let ground = Ground::of(app, seen, &frame);
    let cursor = place.cursor(plane::map(seen));
    let [start, end] = &place.pins;
    // The places of pictures follow from axes that have to be known.
    let grid = ground.grid.filter(|_| plane::is_there(app, seen));
    Ask::Latent(LatentAsk {
        values: plane::wanted(app),
        ends: [
            start.clone().unwrap_or_default(),
            end.clone().unwrap_or_else(|| cursor.clone()),
        ],
        cursor,
        along: place.along(),
        frames: ground.layout.path.map_or(0, |path| path.frames),
        grid: grid
            .map_or_else(Vec::new, |grid| grid.places(ground.axes))
            .into(),
        labels: (app.filter != Labels::ALL).then(|| app.shown().collect()),
    })
}

/// A thirtieth of a second has passed.
pub(super) fn beat(app: &mut App) {
    app.places.latent.beat();
}

/// Whether something moves there by itself.
pub(super) fn beats(app: &App) -> bool {
    app.places.latent.walks()
}

/// Where a pane stands, if it is there: what a place decodes to stands for the reconstruction,
/// the nearest image for an original, what is told of the place for the code.
pub(super) fn pane(app: &App, frame: &Frame, pane: Pane) -> Option<Rect> {
    let seen = app.seen.as_deref()?;
    let layout = Ground::of(app, seen, frame).layout;
    match pane {
        Pane::Reconstruction => Some(layout.decoded),
        Pane::Original => Some(layout.nearest),
        Pane::Code => Some(layout.facts),
        Pane::Map => layout.map,
        Pane::Strip => layout.path.map(|path| path.area),
        Pane::Loss => None,
    }
}

/// Draws the view.
pub(super) fn render(stage: &Stage, buf: &mut Buffer) {
    let ground = Ground::of(stage.app, stage.seen, &stage.frame);
    let layout = ground.layout;
    pictures::decoded(stage, layout.cut, layout.decoded, buf);
    pictures::nearest(stage, layout.nearest_cut, layout.nearest, buf);
    pictures::facts(stage, layout.facts, buf);
    if let Some(area) = layout.sliders {
        sliders::render(stage, area, buf);
    }
    if let Some(area) = layout.map {
        if ground.grid.is_some() {
            manifold::render(stage, &ground, area, buf);
        } else {
            map::render(stage, &ground, area, buf);
        }
    }
    if let Some(path) = layout.path {
        path::render(stage, path, buf);
    }
    if let Some(area) = layout.narrator {
        words::narrator(stage, area, buf);
    }
}
