//! The views, in one table: a name, a letter, how it is drawn, and what its keys and the
//! mouse do there.
//!
//! A view draws within the frame that it is given, and knows no other view.
//! What it remembers stays while another is looked at.

pub(super) mod behind;
mod curves;
mod draw;
mod inside;
mod latent;
mod samples;
mod train;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    app::{App, Overlay},
    frame::Frame,
    keymap::Action,
    pointer::Pointer,
    theme::Theme,
    update::Request,
    widget::fine::Fine,
};
use crate::message::{Ask, Observation, Pane};

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum View {
    /// The network at work.
    #[default]
    Train,
    /// The course of the run.
    Curves,
    /// The latent space, walked through.
    Latent,
    /// All images by their losses.
    Samples,
    /// What the layers do.
    Inside,
    /// A picture of the viewer's own.
    Draw,
}

/// What each view remembers while another is looked at.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Of [`View::Curves`].
    pub curves: curves::Place,
    /// Of [`View::Latent`].
    pub latent: latent::Place,
    /// Of [`View::Samples`].
    pub samples: samples::Place,
    /// Of [`View::Inside`].
    pub inside: inside::Place,
    /// Of [`View::Draw`].
    pub(in crate::ui) draw: draw::Place,
}

/// A row of the table.
pub(in crate::ui) struct Entry {
    pub(in crate::ui) view: View,
    /// What its tab says.
    pub(in crate::ui) name: &'static str,
    /// What `g` and this letter lead to.
    pub(in crate::ui) letter: char,
    /// What is seen there, for whoever looks for it by its name.
    pub(in crate::ui) about: &'static str,
    pub(in crate::ui) render: fn(&Stage, &mut Buffer),
    /// What it asks of the weights.
    pub(in crate::ui) asks: fn(&App) -> Ask,
    /// What a key does there, where that is something of its own.
    pub(in crate::ui) act: fn(&mut App, Action) -> Option<Vec<Request>>,
    /// What the mouse does within the view.
    pub(in crate::ui) point: fn(&mut App, Pointer, &Frame) -> Vec<Request>,
}

/// The table, in the order of the tabs.
pub(in crate::ui) const TABLE: &[Entry] = &[
    Entry {
        view: View::Train,
        name: "Train",
        letter: 't',
        about: "samples, loss and map while it learns",
        render: train::render,
        asks: |_| Ask::Nothing,
        act: |_, _| None,
        point: train::point,
    },
    Entry {
        view: View::Curves,
        name: "Curves",
        letter: 'c',
        about: "the losses of the run, read step by step",
        render: curves::render,
        asks: curves::asks,
        act: curves::act,
        point: curves::point,
    },
    Entry {
        view: View::Latent,
        name: "Latent",
        letter: 'l',
        about: "the plane of codes, walked and decoded",
        render: latent::render,
        asks: latent::asks,
        act: latent::act,
        point: latent::point,
    },
    Entry {
        view: View::Samples,
        name: "Samples",
        letter: 's',
        about: "all images by their losses",
        render: samples::render,
        asks: samples::asks,
        act: samples::act,
        point: samples::point,
    },
    Entry {
        view: View::Inside,
        name: "Inside",
        letter: 'i',
        about: "what each unit looks for and paints",
        render: inside::render,
        asks: inside::asks,
        act: inside::act,
        point: inside::point,
    },
    Entry {
        view: View::Draw,
        name: "Draw",
        letter: 'd',
        about: "a digit of your own, redrawn",
        render: draw::render,
        asks: draw::asks,
        act: draw::act,
        point: draw::point,
    },
];

impl View {
    /// Its row.
    pub(in crate::ui) fn entry(self) -> &'static Entry {
        let row = TABLE.iter().find(|entry| entry.view == self);
        row.expect("every view has a row: the tests see to it")
    }

    /// The one of this name, as its tab has it but for capitals.
    pub fn named(name: &str) -> Option<Self> {
        let row = TABLE
            .iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(name));
        row.map(|entry| entry.view)
    }

    /// Their names, in the order of the tabs.
    pub fn names() -> impl Iterator<Item = String> {
        TABLE.iter().map(|entry| entry.name.to_lowercase())
    }

    /// The one that `g` and this letter lead to.
    pub(in crate::ui) fn of_letter(letter: char) -> Option<Self> {
        let row = TABLE.iter().find(|entry| entry.letter == letter);
        row.map(|entry| entry.view)
    }

    /// The one so many tabs on, round the end.
    pub(in crate::ui) fn beside(self, tabs: isize) -> Self {
        let here = TABLE.iter().position(|entry| entry.view == self);
        let count = TABLE.len() as isize;
        let there = (here.unwrap_or(0) as isize + tabs).rem_euclid(count);
        TABLE[there as usize].view
    }
}

/// The places that a view has: the plane is seen whole beside what teaches, as it has its axes at
/// its lower edge.
pub(in crate::ui) fn frame(app: &App, frame: Frame) -> Frame {
    let teaches = app.tour.is_some() || matches!(app.overlay, Overlay::Why(_));
    if teaches && app.view == View::Latent {
        frame.beside_teaching()
    } else {
        frame
    }
}

/// Where a pane of the view that is looked at stands, if it has that.
pub(in crate::ui) fn pane(app: &App, frame: &Frame, pane: Pane) -> Option<Rect> {
    match app.view {
        View::Train => train::pane(app, frame, pane),
        View::Latent => latent::pane(app, frame, pane),
        View::Curves | View::Samples | View::Inside | View::Draw => None,
    }
}

/// Whether something in the view that is looked at moves by itself.
pub(in crate::ui) fn beats(app: &App) -> bool {
    app.view == View::Latent && latent::beats(app)
}

/// Moves it on by a thirtieth of a second.
pub(in crate::ui) fn beat(app: &mut App) {
    if beats(app) {
        latent::beat(app);
    }
}

/// What was pressed before its answer had come is done once it has.
pub(in crate::ui) fn settle(app: &mut App) {
    samples::settle(app);
}

/// What a view is drawn from, and where.
pub(in crate::ui) struct Stage<'a> {
    pub(in crate::ui) app: &'a App,
    pub(in crate::ui) seen: &'a Observation,
    pub(in crate::ui) theme: Theme,
    pub(in crate::ui) frame: Frame,
    /// Where pictures with all their pixels are declared.
    pub(in crate::ui) fine: &'a Fine,
}
