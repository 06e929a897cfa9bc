//! What keys and mouse do.

use ratatui::layout::Position;

use super::{
    histogram,
    layout::{Layout, Wall},
    place::{self, Hold, Step, layout},
};
use crate::{
    message::{Order, Strangers},
    ui::{
        app::App,
        frame::Frame,
        keymap::Action,
        pointer::{Button, Pointer, Side},
        update::Request,
        views::View,
    },
};

/// More steps than a held key takes in a second, in which an order comes.
const MOST_OWED: usize = 64;

/// What a key does there, where that is something of its own.
pub(in crate::ui::views) fn act(app: &mut App, action: Action) -> Option<Vec<Request>> {
    let rows = layout(app).map_or(1, |layout| layout.wall.columns as isize);
    let pairs = layout(app).map_or(1, |layout| layout.wall.pairs() as isize);
    let strangers = place::is_choosing(app);
    match action {
        Action::RowBack if strangers => choose(app, -1),
        Action::RowOn if strangers => choose(app, 1),
        Action::Back | Action::Take | Action::Values if strangers => {
            app.places.samples.hold = Hold::Wall;
        }
        Action::Values => app.places.samples.hold = Hold::Strangers,
        Action::Previous => return step(app, Step::On(-1)),
        Action::Next => return step(app, Step::On(1)),
        Action::RowBack => return step(app, Step::On(-rows)),
        Action::RowOn => return step(app, Step::On(rows)),
        Action::First => return step(app, Step::To(0)),
        Action::Last => return step(app, Step::To(usize::MAX)),
        Action::PageBack => turn(app, -pairs),
        Action::PageOn => turn(app, pairs),
        Action::Order => next_order(app),
        Action::Less => move_line(app, -1),
        Action::More => move_line(app, 1),
        Action::Style => app.places.samples.difference ^= true,
        Action::Take => set_beyond(app, !app.places.samples.beyond),
        Action::Back if app.places.samples.beyond => set_beyond(app, false),
        Action::Digit(_) => {
            // Other images: the wall is seen from its beginning.
            to_the_top(app);
            return None;
        }
        Action::Back => {
            // All images again: the wall is seen where the chosen one is.
            app.places.samples.followed = None;
            return None;
        }
        _ => return None,
    }
    Some(Vec::new())
}

/// What the mouse does there.
pub(in crate::ui::views) fn point(app: &mut App, pointer: Pointer, frame: &Frame) -> Vec<Request> {
    let layout = Layout::of(frame);
    let at = Position::new(pointer.column, pointer.row);
    let rows = layout.wall.columns as isize;
    let plot = histogram::plot(layout.histogram);
    match (pointer.button, pointer.side) {
        (Button::WheelUp, _) => turn(app, -rows),
        (Button::WheelDown, _) => turn(app, rows),
        (Button::Pressed, Side::Left) if plot.contains(at) => {
            app.places.samples.hold = Hold::Line;
            draw_line(app, pointer.column.saturating_sub(plot.x));
        }
        (Button::Dragged, Side::Left) if app.places.samples.hold == Hold::Line => {
            let column = pointer.column.clamp(plot.x, plot.right());
            draw_line(app, column - plot.x);
        }
        (Button::Released, _) if app.places.samples.hold == Hold::Line => {
            app.places.samples.hold = Hold::Wall;
        }
        (Button::Pressed, Side::Left) => click(app, &layout.wall, at),
        _ => {}
    }
    Vec::new()
}

fn click(app: &mut App, wall: &Wall, at: Position) {
    let Some(pair) = wall.at(at) else { return };
    // What is seen may be the page before.
    let seen = place::answer(app).and_then(|answer| answer.page.get(pair));
    if let Some(index) = seen.map(|sample| sample.index) {
        let top = place::top(app);
        app.sample.index = index;
        app.places.samples.top = top;
        app.places.samples.followed = Some(app.sample);
    }
}

/// Takes a step through the order that was asked for; before that has come, it is owed.
fn step(app: &mut App, step: Step) -> Option<Vec<Request>> {
    if place::awaits_order(app) {
        let owed = &mut app.places.samples.owed;
        if owed.len() < MOST_OWED {
            owed.push(step);
        }
        return Some(Vec::new());
    }
    match step {
        Step::On(by) => walk(app, by),
        Step::To(rank) => go_to(app, rank),
    }
}

/// Takes the steps that are owed once their order has come, if it is still looked at.
pub(in crate::ui::views) fn settle(app: &mut App) {
    let leaves = app.view != View::Samples;
    if app.places.samples.owed.is_empty() || place::awaits_order(app) && !leaves {
        return;
    }
    for owed in std::mem::take(&mut app.places.samples.owed) {
        if !leaves {
            step(app, owed);
        }
    }
}

/// Goes to the image so many places on in the order; where the chosen one is not on the page,
/// to the first that is.
fn walk(app: &mut App, by: isize) -> Option<Vec<Request>> {
    let pairs = layout(app)?.wall.pairs();
    let top = place::top(app);
    let rank = place::rank(app).filter(|rank| (top..top + pairs).contains(rank));
    let rank = rank.map_or(top, |rank| rank.saturating_add_signed(by));
    go_to(app, rank)
}

/// Goes to the image at a place in the order, or to the last there is; before there is any
/// order, nowhere.
fn go_to(app: &mut App, rank: usize) -> Option<Vec<Request>> {
    let pairs = layout(app)?.wall.pairs();
    let wall = place::wall(app)?;
    if let Some(last) = wall.order.len().checked_sub(1) {
        let rank = rank.min(last);
        let index = wall.order[rank] as usize;
        let top = place::top(app);
        app.sample.index = index;
        let there = (top..top + pairs).contains(&rank);
        app.places.samples.top = if there { top } else { rank - rank % pairs };
        app.places.samples.followed = Some(app.sample);
    }
    Some(Vec::new())
}

/// Turns the wall on by so many places; the chosen image stays.
fn turn(app: &mut App, by: isize) {
    let Some(layout) = layout(app) else { return };
    let (pairs, columns) = (layout.wall.pairs(), usize::from(layout.wall.columns));
    let all = place::wall(app).map_or(0, |wall| wall.order.len());
    // The last page is as full as it can be.
    let last = all.saturating_sub(pairs).next_multiple_of(columns);
    let top = place::top(app);
    app.places.samples.top = top.saturating_add_signed(by).min(last.max(top.min(last)));
    app.places.samples.followed = Some(app.sample);
}

fn to_the_top(app: &mut App) {
    app.places.samples.top = 0;
    app.places.samples.followed = Some(app.sample);
}

fn next_order(app: &mut App) {
    let labelled = app.scene().classes > 0;
    let place = &mut app.places.samples;
    place.order = match place.order {
        Order::Index => Order::Worst,
        Order::Worst => Order::Best,
        Order::Best if labelled => Order::Digit,
        Order::Best | Order::Digit => Order::Nearest(app.sample),
        Order::Nearest(_) => Order::Index,
    };
    place.turn += 1;
    to_the_top(app);
}

fn choose(app: &mut App, by: isize) {
    let (all, now) = (strangers(app), place::strangers(app));
    let place = &mut app.places.samples;
    let here = all.iter().position(|who| *who == now);
    let there = here.unwrap_or(0).saturating_add_signed(by);
    place.strangers = Some(all[there.min(all.len() - 1)]);
}

/// The strangers that there are.
pub(super) fn strangers(app: &App) -> Vec<Strangers> {
    let mut all = vec![
        Strangers::Turned,
        Strangers::UpsideDown,
        Strangers::Negative,
        Strangers::Noisy,
    ];
    if place::has_unseen(app) {
        all.insert(0, Strangers::Unseen);
    }
    all
}

/// Only what lies beyond the line, as it stands now, or all.
fn set_beyond(app: &mut App, beyond: bool) {
    if beyond {
        let line = place::line(app);
        app.places.samples.line = line;
    }
    app.places.samples.beyond = beyond;
    app.places.samples.turn += 1;
    to_the_top(app);
}

fn move_line(app: &mut App, by: i16) {
    let (Some(layout), Some(losses), Some(line)) =
        (layout(app), place::real(app), place::line(app))
    else {
        return;
    };
    let bins = histogram::plot(layout.histogram).width;
    let edge = histogram::Bins::of(losses.range, bins).edge_beside(line, by);
    set_line(app, edge);
}

/// The line at the left edge of a column of the histogram.
fn draw_line(app: &mut App, column: u16) {
    let (Some(layout), Some(losses)) = (layout(app), place::real(app)) else {
        return;
    };
    let bins = histogram::plot(layout.histogram).width;
    let edge = histogram::Bins::of(losses.range, bins).edge(column);
    set_line(app, edge);
}

fn set_line(app: &mut App, line: f32) {
    app.places.samples.line = Some(line);
    if app.places.samples.beyond {
        to_the_top(app);
    }
}
