//! The tour: ten chapters on the live program, each stopped at a measured moment.
//!
//! A chapter is a row of one table: when it stops, where it points, what it says, which key it asks
//! for and what it answers. Every number in it is measured by the program. What keys do to it is
//! `ui::update`'s to know, how it is drawn `ui::overlay`'s.

mod answers;
mod chapters;
mod holes;
mod stops;
mod texts;

pub(in crate::ui) use chapters::{CHAPTERS, Chapter};
pub(in crate::ui) use holes::hole;

use crate::message::{Observation, SampleId, TriedWidth};

use super::app::App;

/// Where the viewer is on the way.
#[derive(Debug, Clone, Default)]
pub struct Tour {
    /// The chapter, from 0.
    pub(in crate::ui) chapter: usize,
    pub(in crate::ui) leg: Leg,
    /// Where the chapters stopped that have been reached, from the first on.
    pub(in crate::ui) stops: Vec<u64>,
    /// What was seen when this chapter stopped.
    pub(in crate::ui) arrived: Option<Arrived>,
    /// The sample that is looked at when the film stops.
    pub(in crate::ui) looked_at: Option<SampleId>,
    /// Whether the key was pressed that it asks for.
    pub(in crate::ui) is_answered: bool,
    pub(in crate::ui) widths: Widths,
}

/// The same digits through codes of other widths.
#[derive(Debug, Clone, Default)]
pub(in crate::ui) enum Widths {
    /// Nobody trains them.
    #[default]
    Untried,
    /// As far as they are trained; others may come.
    Tried(Vec<TriedWidth>),
    /// Whoever trained them is gone, and none was done.
    Missed,
}

/// How far a chapter is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::ui) enum Leg {
    /// The film plays to its stop.
    #[default]
    Going,
    /// It stands there.
    There,
}

/// What was seen at a stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::ui) struct Arrived {
    pub(in crate::ui) step: u64,
    pub(in crate::ui) sample: SampleId,
    /// What held-out images cost.
    pub(in crate::ui) held_out: Option<f32>,
}

impl Arrived {
    /// At what is seen.
    pub(in crate::ui) fn at(seen: &Observation) -> Self {
        Self {
            step: seen.seen.step,
            sample: seen.row.chosen,
            held_out: seen.curve.held_out,
        }
    }
}

impl Tour {
    /// While other widths are tried beside the run.
    pub fn with_widths() -> Self {
        Self {
            widths: Widths::Tried(Vec::new()),
            ..Self::default()
        }
    }

    /// Its chapter.
    pub(in crate::ui) fn chapter(&self) -> &'static Chapter {
        &CHAPTERS[self.chapter.min(CHAPTERS.len() - 1)]
    }

    /// The step at which a chapter stops, once that is known; where the run has ended without,
    /// its end.
    pub(in crate::ui) fn stop_of(&self, chapter: usize, app: &App) -> Option<u64> {
        let seen = app.seen.as_deref()?;
        self.stops
            .get(chapter)
            .copied()
            .or_else(|| (CHAPTERS.get(chapter)?.stop)(seen))
    }
}

/// The mean loss of the last steps before what is seen.
pub(in crate::ui) fn last_steps(seen: &Observation) -> Option<f32> {
    let recent = &seen.curve.recent;
    let last = &recent[recent.len().saturating_sub(LAST_STEPS)..];
    (!last.is_empty()).then(|| last.iter().sum::<f32>() / last.len() as f32)
}

/// Steps whose mean says how good the network is.
const LAST_STEPS: usize = 20;
