//! What is known of a pair of runs: a screen's state for each, and what is shown of both
//! together. No ratatui types, no channels.
//!
//! Each of the two is told by an observer of its own, whenever that has drawn something. What is
//! shown is always of one step and one sample of both: what came of either is kept until the
//! other has come as far.

use std::{collections::VecDeque, sync::Arc};

use crate::{
    message::{Look, News, Observation, Phase, When},
    recipe::differences::{Difference, Known},
    ui::{
        app::{App, Overlay, Status},
        runs::Lineage,
        update::{Message, Request, update},
        views::View,
    },
};

/// What is remembered of either until the other has come as far.
const REMEMBERED: usize = 32;

/// How the screen of a pair closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairExit {
    /// The user left.
    Quit,
    /// A signal of this number arrived.
    Signal(i32),
    /// Only this side is to be seen, with all views.
    Only(usize),
    /// Back to the run of this number, which was left for the pair.
    Back(usize),
}

/// Two runs beside each other.
#[derive(Debug)]
pub struct Pair {
    /// The state of a screen for each: what it is, what is looked at, what was answered.
    pub sides: [App; 2],
    /// In what they differ.
    pub differences: Vec<Difference>,
    /// How much is known of that.
    pub known: Known,
    /// Whether both are being trained.
    pub live: bool,
    /// The run that was left for it, where one was.
    pub left: Option<Lineage>,
    /// Whether the help lies over it.
    pub(super) help: bool,
    /// Whether the next `q` leaves, though something is in no file: it was said.
    pub(super) warned: bool,
    /// Whether and how the screen is to close.
    pub exit: Option<PairExit>,
    /// What is seen of both.
    shown: Option<[Arc<Observation>; 2]>,
    /// What has come of each, oldest first.
    heard: [VecDeque<Arc<Observation>>; 2],
    /// The view that each was left in when it was seen alone.
    views: [View; 2],
}

impl Pair {
    /// Nothing is seen yet.
    pub fn new(sides: [App; 2], differences: Vec<Difference>, known: Known, live: bool) -> Self {
        Self {
            sides,
            differences,
            known,
            live,
            left: None,
            help: false,
            warned: false,
            exit: None,
            shown: None,
            heard: [VecDeque::new(), VecDeque::new()],
            views: [View::default(); 2],
        }
    }

    /// What is seen of both, once there is something.
    pub fn seen(&self) -> Option<&[Arc<Observation>; 2]> {
        self.shown.as_ref()
    }

    /// The side that keys speak to first: the one whose past is played, and otherwise the one that
    /// still trains, where one has ended.
    pub(super) fn leader(&self) -> usize {
        let plays = |app: &App| matches!(app.when, When::PlayFrom(_));
        if let Some(side) = self.sides.iter().position(plays) {
            return side;
        }
        let moves = |app: &App| {
            let trains = matches!(app.phase(), Some(Phase::Training | Phase::Paused));
            app.failure.is_none() && trains
        };
        self.sides.iter().position(moves).unwrap_or(0)
    }

    /// What there is to say in the line of hints.
    pub(super) fn status(&self) -> Option<&Status> {
        let leader = &self.sides[self.leader()];
        let others = self.sides.iter().filter_map(|app| app.status.as_ref());
        leader.status.as_ref().or_else(|| others.into_iter().next())
    }

    /// What an observer said of its side, and what is to be told of that in turn.
    pub fn hear(&mut self, side: usize, news: News) -> Vec<(usize, Request)> {
        let seen = match &news {
            News::Observed(seen) => Some(Arc::clone(seen)),
            _ => None,
        };
        let failed = matches!(news, News::Failed(_));
        let app = &mut self.sides[side];
        let played = matches!(app.when, When::PlayFrom(_));
        if let News::Loaded(data) = &news {
            // Of few images the last is seen, and keys go on from there.
            let last = app.sample.split.of(data).len().saturating_sub(1);
            app.sample.index = app.sample.index.min(last);
        }
        let requests = update(app, Message::News(news));
        // Sheets and questions are those of a run that is seen alone.
        app.overlay = Overlay::None;
        if failed && let Some(failure) = &app.failure {
            let words = format!("{} stopped: {failure}", name(side));
            app.status = Some(Status::warning(words));
        }
        if failed {
            // What came of it last is all there will be.
            self.settle();
        }
        if let Some(seen) = seen {
            let heard = &mut self.heard[side];
            heard.push_back(seen);
            if heard.len() > REMEMBERED {
                heard.pop_front();
            }
            self.settle();
        }
        let own = requests.into_iter().map(|request| (side, request));
        let mut requests: Vec<_> = own.collect();
        if played {
            // Step by step the other goes where the film has come to, and back to now.
            requests.extend(self.follow(side));
        }
        requests
    }

    /// Shows the newest of both that belong together.
    fn settle(&mut self) {
        let [left, right] = &self.heard;
        let newest = left.iter().enumerate().rev().find_map(|(place, one)| {
            let other = right.iter().rposition(|other| self.go_together(one, other));
            other.map(|other| (place, other))
        });
        let Some((one, other)) = newest else { return };
        let [left, right] = &mut self.heard;
        left.drain(..one);
        right.drain(..other);
        if let (Some(one), Some(other)) = (left.front(), right.front()) {
            self.shown = Some([Arc::clone(one), Arc::clone(other)]);
        }
    }

    /// Whether two observations are of one sample and one step, or of its film time where the
    /// runs have other steps. A run that is at its end stands while the other goes on.
    fn go_together(&self, one: &Observation, other: &Observation) -> bool {
        if one.row.chosen != other.row.chosen {
            return false;
        }
        if !self.live {
            return true;
        }
        let [a, b] = [one, other].map(|seen| (seen.seen.step, &seen.moment.film));
        // A step or an epoch of each need not be of one film time, where they have other steps.
        let rests = |seen: &Observation| {
            let now = seen.seen.past.is_none() && seen.seen.step == seen.moment.step;
            now && seen.moment.phase == Phase::Paused
        };
        let same = if a.1.steps_per_epoch() == b.1.steps_per_epoch() {
            a.0 == b.0
        } else {
            a.1.tick_of(a.0) == b.1.tick_of(b.0) || (rests(one) && rests(other))
        };
        let stands = |side: usize, own: &Observation, other: &Observation| {
            let failed = self.sides[side].failure.is_some();
            let ended = own.moment.phase == Phase::Finished || failed;
            // Where one failed its last weights that are numbers are seen, of a step before.
            let is_last = failed || own.seen.step == own.moment.step;
            let last = own.seen.past.is_none() && is_last;
            let beyond = own.moment.film.time_of(own.seen.step)
                <= other.moment.film.time_of(other.seen.step);
            ended && last && beyond
        };
        same || stands(0, one, other) || stands(1, other, one)
    }

    /// The keys went to one side; the other looks where that does.
    pub(super) fn follow(&mut self, leader: usize) -> Vec<(usize, Request)> {
        let [a, b] = &mut self.sides;
        let (own, other) = if leader == 0 { (&*a, b) } else { (&*b, a) };
        other.sample = own.sample;
        other.filter = own.filter;
        other.map_style = own.map_style;
        (other.pace, other.unhurried) = (own.pace, own.unhurried);
        // Whoever trains both obeys for both: what was asked of one was asked of the other.
        (other.commanded, other.coming) = (own.commanded, own.coming);
        other.when = match own.when {
            When::Now => When::Now,
            When::At(step) => When::At(same_moment(own, other, step)),
            // Two films would be at one step only now and then.
            When::PlayFrom(from) => {
                let step = own.asked_step().unwrap_or(from);
                When::At(same_moment(own, other, step))
            }
        };
        let look = other.look().map(Look::Gaze).map(Request::Look);
        look.into_iter().map(|look| (1 - leader, look)).collect()
    }

    /// One side is to be seen alone: the state of its screen, in the view that it was left in.
    pub fn alone(&mut self, side: usize) -> &mut App {
        let app = &mut self.sides[side];
        app.view = self.views[side];
        app.exit = None;
        app.status = None;
        app
    }

    /// It was: the other looks where the viewer went there.
    pub fn together(&mut self, side: usize) -> Vec<(usize, Request)> {
        let app = &mut self.sides[side];
        self.views[side] = app.view;
        app.view = View::default();
        app.exit = None;
        app.overlay = Overlay::None;
        self.exit = None;
        // What came meanwhile was taken by the screen of the one.
        if let Some(seen) = &app.seen {
            self.heard[side].push_back(Arc::clone(seen));
        }
        let own = app.look().map(Look::Gaze).map(Request::Look);
        let own: Vec<_> = own.into_iter().map(|look| (side, look)).collect();
        own.into_iter().chain(self.follow(side)).collect()
    }
}

/// What a side is called.
pub const fn name(side: usize) -> &'static str {
    if side == 0 { "A" } else { "B" }
}

/// The step of another run at the same moment of the film, as far as that has come.
fn same_moment(own: &App, other: &App, step: u64) -> u64 {
    let (Some(own), Some(other)) = (&own.seen, &other.seen) else {
        return step;
    };
    let [own, other] = [own, other].map(|seen| &seen.moment);
    let at = if own.film.steps_per_epoch() == other.film.steps_per_epoch() {
        step
    } else {
        other.film.step_at(own.film.time_of(step))
    };
    at.min(other.step)
}
