//! The tape: moments of a run that can be gone back to, within a budget.
//!
//! Two reels, one of snapshots and one of states, are filled from the trainer's reports
//! and reckon as its own do (see [`Keeping`]). Beside them lie the moments of the runs
//! before, as far as this one shares them, what was at hand from the start, and what was
//! made again. A plain value: it is handed from one observer to the next.

use std::{collections::VecDeque, sync::Arc};

use crate::{
    message::{self, Report},
    nn::Snapshot,
    pace::{Film, Reel},
    state::State,
    train::Keeping,
};

/// What is made again has one place for so many of those that a run keeps.
const MADE_AGAIN: usize = 8;

/// The moments of a run that are at hand.
#[derive(Debug, Clone)]
pub struct Tape {
    keeping: Keeping,
    live: Reels,
    /// What was kept of the runs before, up to where this one left them.
    before: Reels,
    /// States that were at hand before anything was told.
    given: Vec<Arc<State>>,
    /// Made again, oldest first.
    exact: VecDeque<Arc<Snapshot>>,
    filled: VecDeque<Arc<State>>,
    /// The steps of all of them.
    told: Arc<message::Tape>,
}

/// Of either sort as many as there are places for.
#[derive(Debug, Clone)]
struct Reels {
    frames: Option<Reel<Arc<Snapshot>>>,
    states: Option<Reel<Arc<State>>>,
}

impl Reels {
    fn new(keeping: Keeping) -> Self {
        Self {
            frames: (keeping.frames > 0).then(|| Reel::new(keeping.frames)),
            states: (keeping.states > 0).then(|| Reel::new(keeping.states)),
        }
    }

    fn put_frame(&mut self, tick: u64, frame: &Arc<Snapshot>) {
        if let Some(frames) = &mut self.frames {
            frames.put(frame.step, tick, Arc::clone(frame));
        }
    }

    fn put_state(&mut self, quarter: u64, state: &Arc<State>) {
        if let Some(states) = &mut self.states {
            states.put(state.step(), quarter, Arc::clone(state));
        }
    }

    fn cut(&mut self, step: u64) {
        if let Some(frames) = &mut self.frames {
            frames.cut(step);
        }
        if let Some(states) = &mut self.states {
            states.cut(step);
        }
    }

    /// Takes in what another has, as far as there is room.
    fn take(&mut self, other: &Self) {
        for (_, tick, frame) in other.frames.iter().flat_map(Reel::iter) {
            self.put_frame(tick, frame);
        }
        for (_, quarter, state) in other.states.iter().flat_map(Reel::iter) {
            self.put_state(quarter, state);
        }
    }

    fn steps(&self) -> impl Iterator<Item = u64> {
        let frames = self.frames.iter().flat_map(Reel::steps);
        frames.chain(self.states.iter().flat_map(Reel::steps))
    }
}

impl Default for Tape {
    /// Nothing is kept.
    fn default() -> Self {
        Self::new(Keeping::default())
    }
}

impl Tape {
    /// Empty, with places for so much.
    pub fn new(keeping: Keeping) -> Self {
        Self {
            keeping,
            live: Reels::new(keeping),
            before: Reels::new(keeping),
            given: Vec::new(),
            exact: VecDeque::new(),
            filled: VecDeque::new(),
            told: Arc::default(),
        }
    }

    /// The tape of a run that goes on from this one's step `at`, which shares all before it.
    #[must_use]
    pub fn branch(&self, at: u64, keeping: Keeping) -> Self {
        let mut next = Self::new(keeping);
        for reels in [&self.before, &self.live] {
            next.before.take(reels);
        }
        next.before.cut(at);
        let given = self.given.iter().filter(|state| state.step() <= at);
        next.given = given.cloned().collect();
        next.index();
        next
    }

    /// The last state at or before a step: what a branch from there begins with.
    pub fn state_before(&self, step: u64) -> Option<Arc<State>> {
        let of_reel = |reels: &Reels| {
            let states = reels.states.as_ref()?;
            Some(Arc::clone(states.at_or_before(step)?.1))
        };
        let loose = self.given.iter().chain(&self.filled);
        let loose = loose.filter(|state| state.step() <= step).cloned();
        let reels = [&self.live, &self.before].into_iter().filter_map(of_reel);
        reels.chain(loose).max_by_key(|state| state.step())
    }

    /// Bytes of what it holds: weights, and the moments of states.
    pub fn bytes(&self) -> u64 {
        let numbers = |net: &crate::nn::Autoencoder| -> u64 {
            net.parameters().map(|part| size_of_val(part) as u64).sum()
        };
        let reels = || [&self.live, &self.before].into_iter();
        let frames = reels().filter_map(|reels| reels.frames.as_ref());
        let frames = frames.flat_map(Reel::iter).map(|(_, _, frame)| frame);
        let states = reels().filter_map(|reels| reels.states.as_ref());
        let states = states.flat_map(Reel::iter).map(|(_, _, state)| state);
        let frames: u64 = frames
            .chain(&self.exact)
            .map(|frame| numbers(&frame.net))
            .sum();
        let states: u64 = states
            .chain(&self.given)
            .chain(&self.filled)
            .map(|state| 3 * numbers(&state.net))
            .sum();
        frames + states
    }

    /// What a screen is told of it.
    pub(super) fn told(&self) -> Arc<message::Tape> {
        Arc::clone(&self.told)
    }

    /// States that lie at hand from the start, in the order of their steps: the first, and
    /// of the others the last, as far as there are places for any.
    pub fn give(&mut self, mut states: Vec<Arc<State>>) {
        let beyond = states.len().saturating_sub(self.keeping.states);
        let first = usize::from(self.keeping.states > 0);
        states.drain(first.min(states.len())..(first + beyond).min(states.len()));
        self.given = states;
        self.index();
    }

    /// Keeps what a report brings.
    pub(super) fn absorb(&mut self, report: &Report) {
        if report.frames.is_empty() && report.states.is_empty() {
            return;
        }
        for (tick, frame) in &report.frames {
            self.live.put_frame(*tick, frame);
        }
        for (quarter, state) in &report.states {
            self.live.put_state(*quarter, state);
        }
        self.index();
    }

    /// A moment that somebody else wrote down.
    pub(super) fn put_told(&mut self, film: &Film, snapshot: &Arc<Snapshot>) {
        self.live.put_frame(film.tick_of(snapshot.step), snapshot);
        self.index();
    }

    /// Forgets what came after this step: the run has gone back to it.
    pub(super) fn cut(&mut self, step: u64) {
        self.live.cut(step);
        self.before.cut(step);
        self.given.retain(|state| state.step() <= step);
        self.filled.retain(|state| state.step() <= step);
        self.exact.retain(|snapshot| snapshot.step <= step);
        self.index();
    }

    /// A moment that was made again.
    pub(super) fn put_exact(&mut self, snapshot: Arc<Snapshot>) {
        let places = (self.keeping.frames / MADE_AGAIN).max(1);
        if self.exact.len() == places {
            self.exact.pop_front();
        }
        self.exact.push_back(snapshot);
        self.index();
    }

    /// A state that was passed on the way.
    pub(super) fn put_filled(&mut self, state: Arc<State>) {
        let places = self.keeping.states / MADE_AGAIN;
        if places == 0 || self.has_state(state.step()) {
            return;
        }
        if self.filled.len() == places {
            self.filled.pop_front();
        }
        self.filled.push_back(state);
        self.index();
    }

    fn has_state(&self, step: u64) -> bool {
        let before = self.state_before(step);
        before.is_some_and(|state| state.step() == step)
    }

    fn index(&mut self) {
        let reels = self.live.steps().chain(self.before.steps());
        let states = self.given.iter().chain(&self.filled);
        let exact = self.exact.iter().map(|snapshot| snapshot.step);
        let mut steps: Vec<u64> = reels
            .chain(states.map(|state| state.step()))
            .chain(exact)
            .collect();
        steps.sort_unstable();
        steps.dedup();
        self.told = Arc::new(message::Tape { steps });
    }

    /// The step at hand that is nearest to this one; of two as near, the earlier.
    pub(super) fn nearest(&self, step: u64) -> Option<u64> {
        let before = self.at_or_before(step);
        match (before, self.after(step)) {
            (Some(before), Some(after)) if after - step < step - before => Some(after),
            (None, after) => after,
            (before, _) => before,
        }
    }

    /// The last step at hand that is not after this one.
    pub(super) fn at_or_before(&self, step: u64) -> Option<u64> {
        let steps = &self.told.steps;
        let place = steps.partition_point(|&kept| kept <= step);
        steps.get(place.checked_sub(1)?).copied()
    }

    /// The first step at hand after this one.
    pub(super) fn after(&self, step: u64) -> Option<u64> {
        let steps = &self.told.steps;
        steps
            .get(steps.partition_point(|&kept| kept <= step))
            .copied()
    }

    /// The weights of a step that is at hand.
    pub(super) fn snapshot(&self, step: u64) -> Option<Arc<Snapshot>> {
        let of_reel = |reels: &Reels| {
            let (found, frame) = reels.frames.as_ref()?.at_or_before(step)?;
            (found == step).then(|| Arc::clone(frame))
        };
        let exact = self.exact.iter().find(|snapshot| snapshot.step == step);
        let frames = [&self.live, &self.before].into_iter().find_map(of_reel);
        frames.or_else(|| exact.cloned()).or_else(|| {
            let state = self.state_before(step)?;
            let net = || state.net.clone();
            (state.step() == step).then(|| Arc::new(Snapshot { step, net: net() }))
        })
    }

    /// Whether a run's passing this step begins another quarter of an epoch.
    pub(super) fn begins_quarter(step: u64, film: &Film) -> bool {
        step == 0 || film.quarter_of(step) != film.quarter_of(step - 1)
    }
}

#[cfg(test)]
mod tests;
