//! Where the viewer is on the wall, and how the keys walk it.
//!
//! The order comes from the observer with the answer. The page follows the chosen image
//! wherever that is chosen, until pages are turned.

use super::layout::Layout;
use crate::{
    message::{Losses, Order, SampleId, SamplesAnswer, SamplesAsk, Sort, Strange, Strangers, Wall},
    ui::{app::App, frame::Frame},
};

/// The share of real images that lies beyond the line as it stands at first.
const FALSE_ALARMS: f64 = 0.01;

/// What the view remembers while another is looked at.
#[derive(Debug, Clone)]
pub struct Place {
    /// What comes first.
    pub(super) order: Order,
    /// How many times that was chosen.
    pub(super) turn: u64,
    /// The place in the order where the page begins.
    pub(super) top: usize,
    /// The chosen image that it begins there for.
    pub(super) followed: Option<SampleId>,
    /// What the real images are held against, once that was chosen.
    pub(super) strangers: Option<Strangers>,
    /// What keys or mouse have hold of.
    pub(super) hold: Hold,
    /// Steps that were asked for before the order that they are to follow had come.
    pub(super) owed: Vec<Step>,
    /// Where the line stands, once it was moved.
    pub(super) line: Option<f32>,
    /// Whether only what lies beyond it is on the wall.
    pub(super) beyond: bool,
    /// Whether the wall shows differences.
    pub(super) difference: bool,
}

/// A step through the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// So many places on.
    On(isize),
    /// To this place.
    To(usize),
}

/// What keys or mouse have hold of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// Nothing but the wall.
    Wall,
    /// The list of strangers.
    Strangers,
    /// The line, by the mouse.
    Line,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            order: Order::Index,
            turn: 0,
            top: 0,
            followed: None,
            strangers: None,
            hold: Hold::Wall,
            owed: Vec::new(),
            line: None,
            beyond: false,
            difference: false,
        }
    }
}

/// What the real images are held against: digits that were never seen, where there are any.
pub(super) fn strangers(app: &App) -> Strangers {
    let usual = if has_unseen(app) {
        Strangers::Unseen
    } else {
        Strangers::Turned
    };
    let chosen = app.places.samples.strangers;
    let there = |who: &Strangers| *who != Strangers::Unseen || has_unseen(app);
    chosen.filter(there).unwrap_or(usual)
}

/// Whether there are digits that it was not trained on.
pub(super) fn has_unseen(app: &App) -> bool {
    let data = app.data.as_ref();
    data.is_some_and(|data| data.test.left_out().is_some())
}

/// Whether the keys choose strangers.
pub(super) fn is_choosing(app: &App) -> bool {
    app.places.samples.hold == Hold::Strangers
}

/// The layout on the screen as it is known.
pub(super) fn layout(app: &App) -> Option<Layout> {
    Frame::of_size(app.screen).map(|frame| Layout::of(&frame))
}

/// The last answer, where it is of the images that are looked at.
pub(super) fn answer(app: &App) -> Option<&SamplesAnswer> {
    let answer = app.seen.as_ref()?.answers.samples.as_deref()?;
    (answer.split == app.sample.split).then_some(answer)
}

/// What the images cost, as far as is known.
pub(super) fn losses(app: &App) -> Option<&Losses> {
    of_then(app, answer(app)?.losses.as_deref()?)
}

/// Losses of another moment say nothing of one that is past.
fn of_then<'a>(app: &App, losses: &'a Losses) -> Option<&'a Losses> {
    let past = app.seen.as_ref()?.seen.past.is_some();
    (!past || losses.step == answer(app)?.step).then_some(losses)
}

/// What those cost that strangers are held against.
pub(super) fn real(app: &App) -> Option<&Losses> {
    of_then(app, answer(app)?.real.as_deref()?)
}

/// What the chosen strangers cost. Those of another moment say nothing of one that is past.
pub(super) fn strange(app: &App) -> Option<&Strange> {
    let strange = answer(app)?.strangers.as_deref()?;
    let step = real(app)?.step;
    let past = app.seen.as_ref()?.seen.past.is_some();
    let of_then = !past || strange.step == step;
    (strange.who == strangers(app) && of_then).then_some(strange)
}

/// Where the line stands.
pub(super) fn line(app: &App) -> Option<f32> {
    let line = app.places.samples.line.or_else(|| first_line(real(app)?));
    line.filter(|line| line.is_finite())
}

/// Where it stands at first: so many of the real images lie beyond it.
fn first_line(losses: &Losses) -> Option<f32> {
    let allowed = (losses.sorted.len() as f64 * FALSE_ALARMS) as usize;
    let place = losses.sorted.len().checked_sub(1 + allowed)?;
    Some(losses.sorted[place])
}

/// The order that is asked for.
pub(super) fn sort(app: &App) -> Sort {
    let place = &app.places.samples;
    let order = match place.order {
        // Images of other halves are not near to it.
        Order::Nearest(image) if image.split != app.sample.split => Order::Index,
        order => order,
    };
    Sort {
        order,
        labels: app.filter,
        beyond: place.line.filter(|_| place.beyond),
        turn: place.turn,
    }
}

/// The wall as it was answered, in the order that is asked for.
pub(super) fn wall(app: &App) -> Option<&Wall> {
    let wall = &answer(app)?.wall;
    (wall.sort == sort(app)).then_some(wall)
}

/// Whether an order was asked for that is yet to come.
pub(super) fn awaits_order(app: &App) -> bool {
    let answers = app.seen.as_ref().map(|seen| &seen.answers);
    answers.is_some_and(|answers| answers.samples.is_some()) && wall(app).is_none()
}

/// The place in the order of the chosen image, if it is in it.
pub(super) fn rank(app: &App) -> Option<usize> {
    let chosen = app.sample.index as u32;
    wall(app)?.order.iter().position(|&image| image == chosen)
}

/// Where the page begins.
pub(super) fn top(app: &App) -> usize {
    let Some(layout) = layout(app) else { return 0 };
    let (pairs, columns) = (layout.wall.pairs(), usize::from(layout.wall.columns));
    let place = &app.places.samples;
    let last = wall(app).map_or(place.top, |wall| wall.order.len().saturating_sub(1));
    // Other windows have other rows, and other orders other ends.
    let top = place.top.min(last);
    let top = top - top % columns;
    let follows = place.followed != Some(app.sample);
    match rank(app).filter(|_| follows) {
        Some(rank) if !(top..top + pairs).contains(&rank) => rank - rank % pairs,
        _ => top,
    }
}

/// What the view asks.
pub(super) fn asks(app: &App) -> SamplesAsk {
    SamplesAsk {
        split: app.sample.split,
        sort: sort(app),
        first: top(app),
        count: layout(app).map_or(0, |layout| layout.wall.pairs()),
        strangers: strangers(app),
    }
}
