//! Which sample is looked at.

use std::sync::Arc;

use ndarray_rand::rand::Rng;

use super::Request;
use crate::{
    data::Dataset,
    message::{Row, SampleId, SplitName},
    ui::{app::App, keymap::Action},
};

/// Whether what a key does is to go to another sample.
pub(in crate::ui) const fn browses(action: Action) -> bool {
    matches!(
        action,
        Action::Previous
            | Action::Next
            | Action::RowBack
            | Action::RowOn
            | Action::First
            | Action::Last
            | Action::Random
            | Action::NextOfDigit
            | Action::PreviousOfDigit
            | Action::OtherSplit
    )
}

/// Obeys a key that goes to another sample; others go nowhere.
pub(super) fn browse(app: &mut App, action: Action) -> Vec<Request> {
    match action {
        Action::Previous => step_by(app, -1),
        Action::Next => step_by(app, 1),
        Action::RowBack => step_by(app, -(Row::LENGTH as isize)),
        Action::RowOn => step_by(app, Row::LENGTH as isize),
        Action::First => go_to(app, 0),
        Action::Last => go_to(app, usize::MAX),
        Action::Random => {
            let chosen = app.split_len().map(|len| app.chance.random_range(0..len));
            chosen.map_or_else(Vec::new, |index| go_to(app, index))
        }
        Action::NextOfDigit => same_digit(app, Direction::On),
        Action::PreviousOfDigit => same_digit(app, Direction::Back),
        // Only the data says how far the other split goes.
        Action::OtherSplit if app.data.is_some() => {
            let data = app.data.as_ref();
            let unseen = data.is_some_and(|data| data.test.left_out().is_some());
            app.sample.split = match app.sample.split {
                SplitName::Test => SplitName::Train,
                SplitName::Train if unseen => SplitName::Unseen,
                SplitName::Train | SplitName::Unseen => SplitName::Test,
            };
            let index = app.sample.index;
            go_to(app, index)
        }
        _ => Vec::new(),
    }
}

fn step_by(app: &mut App, by: isize) -> Vec<Request> {
    let index = app.sample.index.saturating_add_signed(by);
    go_to(app, index)
}

/// Goes to the sample of that number, or to the last one there is.
pub(super) fn go_to(app: &mut App, index: usize) -> Vec<Request> {
    let Some(len) = app.split_len() else {
        return Vec::new();
    };
    app.sample.index = index.min(len - 1);
    Vec::new()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    On,
    Back,
}

fn same_digit(app: &mut App, direction: Direction) -> Vec<Request> {
    let found = app
        .data
        .as_ref()
        .and_then(|data| nearest_of_digit(data, app.sample, direction));
    found.map_or_else(Vec::new, |index| go_to(app, index))
}

/// The nearest sample of the same digit in a direction, round the end of the split.
fn nearest_of_digit(data: &Arc<Dataset>, from: SampleId, direction: Direction) -> Option<usize> {
    let split = from.split.of(data);
    let digit = split.label(from.index);
    let len = split.len();
    (1..len)
        .map(|distance| match direction {
            Direction::On => (from.index + distance) % len,
            Direction::Back => (from.index + len - distance) % len,
        })
        .find(|&index| split.label(index) == digit)
}
