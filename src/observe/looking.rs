//! Where the viewer looks, and the weights that are seen there.
//!
//! A moment of the past is the nearest on the [tape](super::tape) at once; once it has been
//! looked at for a while it is [made again](super::remake) to the step. It draws nothing.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, never};

use super::{
    gazing::Gazing,
    remake::{Made, Order, Remaker},
    tape::Tape,
};
use crate::{
    data::Dataset,
    message::{Ask, Gaze, SampleId, Seen},
    nn::Snapshot,
    pace::Film,
    recipe::Recipe,
    state::State,
};

/// The viewer's look at a run.
pub(super) struct Looking {
    data: Arc<Dataset>,
    pub(super) tape: Tape,
    gazing: Gazing,
    /// The weights that are looked at.
    seen: Option<Arc<Snapshot>>,
    remaking: Remaking,
    /// The step that is being made again.
    ordered: Option<u64>,
}

/// Who makes moments again.
enum Remaking {
    /// Nobody yet: none was wanted.
    Nobody,
    By(Remaker),
    /// It cannot be done; the nearest moments have to do.
    Impossible,
}

/// What is to be seen.
pub(super) struct Sight {
    pub(super) seen: Arc<Snapshot>,
    /// Whether it is other weights than before.
    pub(super) moved: bool,
    /// Whether the viewer has come to another moment of the run, as by a gaze.
    pub(super) turned: bool,
}

impl Looking {
    pub(super) fn now(data: Arc<Dataset>, tape: Tape, sample: SampleId, now: Instant) -> Self {
        Self {
            data,
            tape,
            gazing: Gazing::now(sample, now),
            seen: None,
            remaking: Remaking::Nobody,
            ordered: None,
        }
    }

    pub(super) fn sample(&self) -> SampleId {
        self.gazing.sample()
    }

    /// What the view asks, and the number of it.
    pub(super) fn ask(&self) -> (&Ask, u64) {
        self.gazing.ask()
    }

    pub(super) fn is_past(&self) -> bool {
        self.gazing.is_past()
    }

    pub(super) fn seen(&self) -> Option<&Arc<Snapshot>> {
        self.seen.as_ref()
    }

    /// What is made again.
    pub(super) fn made(&self) -> Receiver<Made> {
        match &self.remaking {
            Remaking::By(remaker) => remaker.made().clone(),
            Remaking::Nobody | Remaking::Impossible => never(),
        }
    }

    /// Nothing will be made again any more by this one.
    pub(super) fn no_more_made(&mut self) {
        self.remaking = Remaking::Impossible;
        self.ordered = None;
    }

    /// A moment was made again, or a state on the way.
    pub(super) fn was_made(&mut self, made: Made) {
        match made {
            Made::Passed(state) => self.tape.put_filled(state),
            Made::Moment(snapshot) => self.tape.put_exact(snapshot),
        }
    }

    /// The viewer looks elsewhere; the run has come to step `newest`. Whether it is another
    /// moment.
    pub(super) fn look(&mut self, gaze: Gaze, newest: u64, now: Instant) -> bool {
        let turned = self.gazing.turn(gaze, newest, now);
        if turned {
            self.call_off();
        }
        turned
    }

    fn call_off(&mut self) {
        self.ordered = None;
        if let Remaking::By(remaker) = &self.remaking {
            remaker.call_off();
        }
    }

    /// How long until there is something else to be seen, or to be made.
    pub(super) fn wait(&self, film: &Film, newest: u64, now: Instant) -> Option<Duration> {
        let seen = self.seen.as_ref()?.step;
        let next = self.tape.after(seen).unwrap_or(u64::MAX).min(newest);
        let plays = self.gazing.until(next, film, now);
        let remake = self.to_make(film, now).map(|_| self.gazing.rest(now));
        plays.into_iter().chain(remake).min()
    }

    /// Finds the weights to look at: the newest, or the nearest at hand to what is asked for.
    pub(super) fn attend(&mut self, newest: &Arc<Snapshot>, film: &Film, now: Instant) -> Sight {
        let turned = self.gazing.catch_up(film, newest.step, now);
        if turned {
            self.call_off();
        }
        let past = self.gazing.past(film, now);
        let found = past.and_then(|step| self.at_hand(step));
        if found.is_none() {
            self.gazing.give_up();
        }
        let seen = found.unwrap_or_else(|| Arc::clone(newest));
        let before = self.seen.replace(Arc::clone(&seen));
        Sight {
            moved: before.is_none_or(|before| before.step != seen.step),
            seen,
            turned,
        }
    }

    /// The weights nearest to a step of the past; while it plays, not those of later ones.
    fn at_hand(&self, step: u64) -> Option<Arc<Snapshot>> {
        let nearest = || self.tape.nearest(step);
        let found = if self.gazing.plays() {
            self.tape.at_or_before(step).or_else(nearest)
        } else {
            nearest()
        }?;
        // What is seen may be nearer than what the tape has still room for.
        let nearer = |seen: &&Arc<Snapshot>| {
            seen.step == found
                || !self.gazing.plays() && seen.step.abs_diff(step) <= found.abs_diff(step)
        };
        let seen = self.seen.as_ref().filter(nearer).cloned();
        seen.or_else(|| self.tape.snapshot(found))
    }

    /// The step to make again, and what to make it from.
    fn to_make(&self, film: &Film, now: Instant) -> Option<(u64, Arc<State>)> {
        let asked = self.gazing.past(film, now)?;
        let done = self.seen.as_ref().is_some_and(|seen| seen.step == asked);
        let impossible = matches!(self.remaking, Remaking::Impossible);
        if done || impossible || self.gazing.plays() || self.ordered == Some(asked) {
            return None;
        }
        Some((asked, self.tape.state_before(asked)?))
    }

    /// Once a moment has been looked at for a while, it is made again to the step.
    pub(super) fn make_again(&mut self, recipe: &Arc<Recipe>, film: &Film, now: Instant) {
        if !self.gazing.rest(now).is_zero() {
            return;
        }
        let Some((to, from)) = self.to_make(film, now) else {
            return;
        };
        if matches!(self.remaking, Remaking::Nobody) {
            let remaker = Remaker::begin(Arc::clone(&self.data));
            self.remaking = remaker.map_or(Remaking::Impossible, Remaking::By);
        }
        if let Remaking::By(remaker) = &self.remaking {
            let recipe = Arc::clone(recipe);
            remaker.order(Order { recipe, from, to });
            self.ordered = Some(to);
        }
    }

    /// Of which moment it is. One that cannot be made again is not told as asked for.
    pub(super) fn seen_of(&self, step: u64, film: &Film, now: Instant) -> Seen {
        let Some(asked) = self.gazing.past(film, now) else {
            return Seen::now(step);
        };
        let comes = self.ordered == Some(asked) || self.to_make(film, now).is_some();
        Seen {
            step,
            past: Some(if comes { asked } else { step }),
            plays: self.gazing.plays(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data::{PIXELS, Split},
        message::{SplitName, When},
        recipe::Preset,
        train::Keeping,
    };

    #[test]
    fn what_cannot_be_made_again_is_not_promised() {
        let images = || Split::new(vec![7; 4 * PIXELS], vec![0; 4]);
        let data = Arc::new(Dataset {
            name: "grey".into(),
            train: images(),
            test: images(),
            digest: String::new(),
        });
        let sample = SampleId {
            split: SplitName::Test,
            index: 0,
        };
        let start = Instant::now();
        let keeping = Keeping {
            frames: 1,
            states: 1,
            checkpoints: None,
        };
        let mut looking = Looking::now(data, Tape::new(keeping), sample, start);
        // Whoever takes steps from this state in a run of that recipe dies.
        let state = State::start(&Recipe::preset(Preset::Deep), None);
        let newest = Arc::new(Snapshot {
            step: 9,
            net: state.net.clone(),
        });
        looking.tape.give(vec![Arc::new(state)]);
        let recipe = Arc::new(Recipe::preset(Preset::Article));
        let (film, later) = (Film::new(4, 9), start + Duration::from_secs(1));
        let when = When::At(5);
        let ask = Ask::Nothing;
        looking.look(Gaze { when, sample, ask }, newest.step, start);
        looking.attend(&newest, &film, later);
        assert_eq!(looking.seen_of(0, &film, later).past, Some(5));
        looking.make_again(&recipe, &film, later);
        assert!(looking.made().recv().is_err(), "it has died");
        looking.no_more_made();
        looking.attend(&newest, &film, later);
        assert_eq!(looking.seen_of(0, &film, later).past, Some(0));
        // Nor is it tried again and again.
        assert_eq!(looking.wait(&film, newest.step, later), None);
    }
}
