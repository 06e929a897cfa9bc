//! What each of several meanings of one row of the key table is called alone: the row's own
//! words tell them together.

use crate::{
    data::Classes,
    ui::keymap::{Action, Towards},
};

/// What showing a class is called.
pub(super) fn only(classes: &Classes, class: u8) -> String {
    match classes {
        Classes::Named(_) => format!("only {}, or it too", classes.one(class)),
        _ => format!("only {} {class}, or it too", classes.word()),
    }
}

/// Its name, where it shares a row.
pub(super) fn name(action: Action) -> Option<&'static str> {
    Some(match action {
        Action::Previous => "sample before",
        Action::Next => "sample after",
        Action::RowBack => "a row of samples back",
        Action::RowOn => "a row of samples on",
        Action::First => "first sample",
        Action::Last => "last sample",
        Action::NextOfDigit => "next sample of the same digit",
        Action::PreviousOfDigit => "previous sample of the same digit",
        Action::NextView => "next view",
        Action::PreviousView => "view before",
        Action::Cursor(Towards::Left) => "cursor left",
        Action::Cursor(Towards::Down) => "cursor down",
        Action::Cursor(Towards::Up) => "cursor up",
        Action::Cursor(Towards::Right) => "cursor right",
        Action::CursorFar(Towards::Left) => "cursor far left",
        Action::CursorFar(Towards::Down) => "cursor far down",
        Action::CursorFar(Towards::Up) => "cursor far up",
        Action::CursorFar(Towards::Right) => "cursor far right",
        Action::PinStart => "pin the path's start here",
        Action::PinEnd => "pin the path's end here",
        Action::AxisAcross => "the chosen value across the plane",
        Action::AxisUp => "the chosen value up the plane",
        Action::PageBack => "a page back",
        Action::PageOn => "a page on",
        Action::StepBack => "a kept moment back",
        Action::Step => "a kept moment on; now: train a step",
        Action::EpochBack => "an epoch back",
        Action::Epoch => "an epoch on; now: train an epoch",
        Action::Faster => "train twice as fast",
        Action::Slower => "train half as fast",
        Action::Digit(_) => "only that digit, or it too",
        _ => return None,
    })
}
