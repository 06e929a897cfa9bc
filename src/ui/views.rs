//! The views, in one table: a name, a letter, how it is drawn, and what its keys and the
//! mouse do there.
//!
//! A view draws within the [frame](super::frame) that it is given, and knows no other view.
//! What it remembers stays while another is looked at.

mod train;

use ratatui::buffer::Buffer;

use super::{
    app::App, frame::Frame, keymap::Action, pointer::Pointer, theme::Theme, update::Request,
};
use crate::message::Observation;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum View {
    /// The network at work.
    #[default]
    Train,
}

/// A row of the table.
pub(in crate::ui) struct Entry {
    pub(in crate::ui) view: View,
    /// What its tab says.
    pub(in crate::ui) name: &'static str,
    /// What `g` and this letter lead to.
    pub(in crate::ui) letter: char,
    pub(in crate::ui) render: fn(&Stage, &mut Buffer),
    /// What a key does there, where that is something of its own.
    pub(in crate::ui) act: fn(&mut App, Action) -> Option<Vec<Request>>,
    /// What the mouse does within the view.
    pub(in crate::ui) point: fn(&mut App, Pointer, &Frame) -> Vec<Request>,
}

/// The table, in the order of the tabs.
pub(in crate::ui) const TABLE: &[Entry] = &[Entry {
    view: View::Train,
    name: "Train",
    letter: 't',
    render: train::render,
    act: |_, _| None,
    point: |_, _, _| Vec::new(),
}];

impl View {
    /// Its row.
    pub(in crate::ui) fn entry(self) -> &'static Entry {
        let row = TABLE.iter().find(|entry| entry.view == self);
        row.expect("every view has a row: the tests see to it")
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

/// What a view is drawn from, and where.
pub(in crate::ui) struct Stage<'a> {
    pub(in crate::ui) app: &'a App,
    pub(in crate::ui) seen: &'a Observation,
    pub(in crate::ui) theme: Theme,
    pub(in crate::ui) frame: Frame,
}
