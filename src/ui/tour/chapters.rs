//! The chapters, in one table.

use super::{Tour, answers, stops, texts};
use crate::{
    message::{Observation, Pane},
    ui::{
        app::App,
        keymap::{Action, Towards},
        views::View,
    },
};

/// A chapter.
pub(in crate::ui) struct Chapter {
    pub(in crate::ui) title: &'static str,
    /// The step at which it stops, once that is known.
    pub(in crate::ui) stop: fn(&Observation) -> Option<u64>,
    /// Whether the run is to go on by whole epochs to get there.
    pub(in crate::ui) by_epochs: bool,
    /// Where it is seen.
    pub(in crate::ui) view: View,
    /// The number of the test image that it speaks of, if it does of one.
    pub(in crate::ui) example: fn(&Observation) -> Option<usize>,
    /// What it points at.
    pub(in crate::ui) panes: &'static [Pane],
    pub(in crate::ui) text: fn(&App, &Observation) -> String,
    /// The keys that it asks for, and what they are for.
    pub(in crate::ui) asks: fn(&Observation) -> (String, &'static str),
    /// Whether this is what it asks for.
    pub(in crate::ui) takes: fn(Action) -> bool,
    /// What came of it; none while nothing has.
    pub(in crate::ui) answer: fn(&App, &Tour, &Observation) -> Option<String>,
}

const ANOTHER: fn(&Observation) -> (String, &'static str) = |_| ("→".into(), "another image");

const BROWSES: fn(Action) -> bool = |action| {
    matches!(
        action,
        Action::Next | Action::Previous | Action::RowOn | Action::RowBack | Action::Random
    )
};

const NONE: fn(&Observation) -> Option<usize> = |_| None;

const SETTINGS: fn(Action) -> bool = |action| action == Action::Settings;

/// The table.
pub(in crate::ui) const CHAPTERS: &[Chapter] = &[
    Chapter {
        title: "What it sees",
        stop: |seen| Some(stops::start(seen)),
        by_epochs: false,
        view: View::Train,
        example: NONE,
        panes: &[Pane::Original],
        text: texts::sees,
        asks: ANOTHER,
        takes: BROWSES,
        answer: answers::sees,
    },
    Chapter {
        title: "What it makes of it",
        stop: stops::first_step,
        by_epochs: false,
        view: View::Train,
        example: NONE,
        panes: &[Pane::Original, Pane::Reconstruction, Pane::Code],
        text: texts::makes,
        asks: ANOTHER,
        takes: BROWSES,
        answer: answers::makes,
    },
    Chapter {
        title: "What a loss is",
        stop: stops::below_one_grey,
        by_epochs: false,
        view: View::Train,
        example: NONE,
        panes: &[Pane::Reconstruction, Pane::Loss],
        text: texts::costs,
        asks: |_| (",".into(), "hold it: earlier moments"),
        takes: |action| matches!(action, Action::StepBack | Action::EpochBack | Action::Start),
        answer: answers::costs,
    },
    Chapter {
        title: "How it learns",
        stop: stops::near_the_average,
        by_epochs: false,
        view: View::Train,
        example: NONE,
        panes: &[Pane::Reconstruction, Pane::Loss],
        text: texts::learns,
        asks: |_| (".".into(), "one step"),
        takes: |action| action == Action::Step,
        answer: answers::learns,
    },
    Chapter {
        title: "The two numbers",
        stop: stops::below_the_rival,
        by_epochs: false,
        view: View::Train,
        example: NONE,
        panes: &[Pane::Original, Pane::Reconstruction, Pane::Code, Pane::Map],
        text: texts::numbers,
        asks: ANOTHER,
        takes: BROWSES,
        answer: answers::numbers,
    },
    Chapter {
        title: "The map",
        stop: stops::a_place,
        by_epochs: true,
        view: View::Train,
        example: NONE,
        panes: &[Pane::Map],
        text: texts::map,
        asks: texts::of_one_digit,
        takes: |action| matches!(action, Action::Digit(_)),
        answer: answers::map,
    },
    Chapter {
        title: "Two in one place",
        stop: stops::a_shared_place,
        by_epochs: true,
        view: View::Train,
        example: |seen| Some(texts::of_shared(seen)?.confusion?.example),
        panes: &[Pane::Original, Pane::Reconstruction, Pane::Code, Pane::Map],
        text: texts::shared,
        asks: answers::shared_keys,
        takes: |action| matches!(action, Action::Digit(_)),
        answer: answers::shared,
    },
    Chapter {
        title: "Between digits",
        stop: stops::end,
        by_epochs: false,
        view: View::Latent,
        example: NONE,
        panes: &[
            Pane::Reconstruction,
            Pane::Original,
            Pane::Code,
            Pane::Map,
            Pane::Strip,
        ],
        text: texts::between,
        asks: |_| ("h j k l".into(), "walk to other places"),
        takes: |action| {
            matches!(
                action,
                Action::Cursor(Towards::Left | Towards::Right | Towards::Up | Towards::Down)
                    | Action::CursorFar(_)
            )
        },
        answer: answers::between,
    },
    Chapter {
        title: "The bottleneck",
        stop: stops::end,
        by_epochs: false,
        view: View::Train,
        example: NONE,
        panes: &[],
        text: texts::bottleneck,
        asks: |_| ("p".into(), "where the width is chosen"),
        takes: SETTINGS,
        answer: answers::bottleneck,
    },
    Chapter {
        title: "Good for, and kinds",
        stop: stops::end,
        by_epochs: false,
        view: View::Train,
        example: NONE,
        panes: &[Pane::Original, Pane::Reconstruction, Pane::Code, Pane::Map],
        text: texts::kinds,
        asks: |_| ("p".into(), "the kinds, as presets"),
        takes: SETTINGS,
        answer: answers::kinds,
    },
];
