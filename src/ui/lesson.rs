//! A lesson: the film for a whole room, which waits at each sentence of the narrator until Space.
//!
//! It is a layout of Train with the fewest panes: two pictures or the map, and the sentence. What
//! it shows, and when the film waits, is decided here; it may not know how any of it is drawn.

use super::frame;
use crate::message::{Note, Observation, Pane};

/// Seconds of film from one stop to the next, at least: what is told sooner waits.
const APART: f64 = 1.0;

/// What stands beside the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scene {
    /// The image, its code, and what is made of it.
    #[default]
    Pictures,
    /// The latent space.
    Map,
}

impl Scene {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Pictures => Self::Map,
            Self::Map => Self::Pictures,
        }
    }

    /// The one that has what a sentence is about.
    fn of(note: &Note) -> Self {
        match note.why.at {
            Pane::Map => Self::Map,
            Pane::Original | Pane::Reconstruction | Pane::Code | Pane::Loss | Pane::Strip => {
                Self::Pictures
            }
        }
    }
}

/// A lesson that is given.
#[derive(Debug, Clone, Default)]
pub struct Lesson {
    /// What is seen.
    pub scene: Scene,
    /// Whether the film plays without stops.
    pub flows: bool,
    /// Whether it stopped, and waits for the viewer.
    waits: bool,
    /// The sentence at which it last stood.
    met: Option<Note>,
    /// The step at which it last stood, or would have; none before the first.
    stood: Option<u64>,
}

impl Lesson {
    /// The smallest screen that has room for it.
    pub const SMALLEST: (u16, u16) = frame::LESSON;

    /// One whose film plays without stops.
    pub fn flowing() -> Self {
        Self {
            flows: true,
            ..Self::default()
        }
    }

    /// Whether the film waits for Space.
    pub fn waits(&self) -> bool {
        self.waits
    }

    /// The sentence that it waits at. What is told meanwhile has its turn after it.
    pub(in crate::ui) fn waits_at(&self) -> Option<&Note> {
        self.met.as_ref().filter(|_| self.waits)
    }

    /// Takes in what is seen while the film moves or stands. Whether it is to stop here: something
    /// was told since it last stood, and not too soon.
    pub(in crate::ui) fn stops_at(&mut self, seen: &Observation, moves: bool) -> bool {
        let step = seen.seen.step;
        let note = seen.curve.note.as_ref();
        if !moves {
            self.stand(seen);
            return false;
        }
        self.waits = false;
        let time = |step| seen.moment.film.time_of(step);
        // Where the film goes on from an earlier moment nothing has been told before.
        let soon = |stood| (0.0..APART).contains(&(time(step) - time(stood)));
        let new = note.filter(|note| self.met.as_ref() != Some(*note));
        let Some(note) = new.filter(|_| !self.stood.is_some_and(soon)) else {
            return false;
        };
        self.scene = Scene::of(note);
        self.met = Some(note.clone());
        self.stood = Some(step);
        self.waits = !self.flows;
        self.waits
    }

    /// The film stands: where it stopped by itself, or where the viewer has gone.
    fn stand(&mut self, seen: &Observation) {
        let is_now = seen.seen.past.is_none();
        let step = seen.seen.step;
        if !(self.waits && (is_now || self.stood == Some(step))) {
            self.waits = false;
            self.met.clone_from(&seen.curve.note);
        }
        self.stood = Some(step);
    }

    /// Stops no more at what is told, or again at what is told from now on.
    pub(in crate::ui) fn flow(&mut self, seen: Option<&Observation>) {
        self.flows = !self.flows;
        if let Some(seen) = seen {
            self.met.clone_from(&seen.curve.note);
        }
    }

    /// The lesson as another run begins.
    #[must_use]
    pub(in crate::ui) fn anew(self) -> Self {
        Self {
            waits: false,
            met: None,
            stood: None,
            ..self
        }
    }
}
