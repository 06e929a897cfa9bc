//! Where the viewer looks, and the weights that are seen there.
//!
//! A moment of the past is the nearest on the [tape](super::tape) at once; once it has been
//! looked at for a while it is [made again](super::remake) to the step. A film that is played
//! where nothing is at hand has its moments made again on the way, and waits for them. It draws
//! nothing.

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

/// Where a film plays on through what has to be made again, moments come so many seconds of it
/// apart...
const APART: f64 = 0.1;
/// ...one ahead of what is seen, which is looked after as often.
const LOOK_AHEAD: Duration = Duration::from_millis(50);

/// The viewer's look at a run.
pub(super) struct Looking {
    data: Arc<Dataset>,
    pub(super) tape: Tape,
    gazing: Gazing,
    /// The weights that are looked at.
    seen: Option<Arc<Snapshot>>,
    /// Whether they are of the run no more.
    gone: bool,
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
            gone: false,
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

    /// The weights that are seen may be of the run no more: others of that step count.
    pub(super) fn forget(&mut self) {
        self.gone = true;
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
            Made::Moment(snapshot) => {
                // One that stands stays ordered: it is not made twice.
                if self.gazing.plays() && self.ordered == Some(snapshot.step) {
                    self.ordered = None;
                }
                self.tape.put_exact(snapshot);
            }
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
        let on_the_way = self.gap(film, newest, now).map(|_| LOOK_AHEAD);
        let remake = self.to_make(film, now).map(|_| self.gazing.rest(now));
        plays.into_iter().chain(on_the_way).chain(remake).min()
    }

    /// Finds the weights to look at: the newest, or the nearest at hand to what is asked for.
    pub(super) fn attend(&mut self, newest: &Arc<Snapshot>, film: &Film, now: Instant) -> Sight {
        let turned = self.gazing.catch_up(film, newest.step, now);
        if turned {
            self.call_off();
        }
        self.cross(film, newest.step, now);
        let past = self.gazing.past(film, now);
        let found = past.and_then(|step| self.at_hand(step));
        if found.is_none() {
            self.gazing.give_up();
        }
        let seen = found.unwrap_or_else(|| Arc::clone(newest));
        let before = self.seen.replace(Arc::clone(&seen));
        let gone = std::mem::take(&mut self.gone);
        Sight {
            moved: gone || before.is_none_or(|before| before.step != seen.step),
            seen,
            turned,
        }
    }

    /// Where the film plays through more than a moment of which nothing is at hand: the last step
    /// before that is, and the first behind it.
    fn gap(&self, film: &Film, newest: u64, now: Instant) -> Option<(u64, u64)> {
        let here = self
            .gazing
            .past(film, now)
            .filter(|_| self.gazing.plays())?;
        let seen = self.seen.as_ref().map(|seen| seen.step);
        // What is seen may have no room on the tape.
        let last = self.tape.at_or_before(film.later(here, APART));
        let last = last.max(seen.filter(|&seen| seen <= here))?;
        let next = self.tape.after(last).unwrap_or(u64::MAX).min(newest);
        film.is_gap(last, next).then_some((last, next))
    }

    /// The film waits at the edge of a gap for what is made again there; where nothing can be, it
    /// goes on behind it.
    fn cross(&mut self, film: &Film, newest: u64, now: Instant) {
        let Some((last, next)) = self.gap(film, newest, now) else {
            return;
        };
        let here = self.gazing.past(film, now);
        let impossible = matches!(self.remaking, Remaking::Impossible);
        let edge = film.later(last, APART);
        if impossible || self.tape.state_before(edge).is_none() {
            self.gazing.play_from(next, now);
        } else if here > Some(edge) {
            self.gazing.play_from(edge, now);
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
            if self.gazing.plays() {
                (found..=step).contains(&seen.step)
            } else {
                seen.step.abs_diff(step) <= found.abs_diff(step)
            }
        };
        let seen = self.seen.as_ref().filter(nearer).cloned();
        let seen = seen.filter(|_| !self.gone);
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

    /// The next step to make again for a film that is played, and what to make it from.
    fn to_play(&self, film: &Film, newest: u64, now: Instant) -> Option<(u64, Arc<State>)> {
        let impossible = matches!(self.remaking, Remaking::Impossible);
        let (last, next) = self.gap(film, newest, now)?;
        let here = self.gazing.past(film, now)?;
        if impossible || self.ordered.is_some() || last > here {
            return None;
        }
        let to = film.later(last, APART).min(next);
        Some((to, self.tape.state_before(to)?))
    }

    /// Once a moment has been looked at for a while, it is made again to the step; where the film
    /// is played through more than is at hand, what comes next is.
    pub(super) fn make_again(
        &mut self,
        recipe: &Arc<Recipe>,
        film: &Film,
        newest: u64,
        now: Instant,
    ) {
        let stands = self.gazing.rest(now).is_zero();
        let to_see = self.to_make(film, now).filter(|_| stands);
        let Some((to, from)) = to_see.or_else(|| self.to_play(film, newest, now)) else {
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
        let is_made = !self.gazing.plays() && self.ordered == Some(asked);
        let comes = is_made || self.to_make(film, now).is_some();
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
        data::{Classes, PIXELS, Split},
        message::{SplitName, When},
        recipe::Preset,
        train::Keeping,
    };

    #[test]
    fn what_cannot_be_made_again_is_not_promised() {
        let (data, sample) = (grey(), SAMPLE);
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
        looking.make_again(&recipe, &film, newest.step, later);
        assert!(looking.made().recv().is_err(), "it has died");
        looking.no_more_made();
        looking.attend(&newest, &film, later);
        assert_eq!(looking.seen_of(0, &film, later).past, Some(0));
        // Nor is it tried again and again.
        assert_eq!(looking.wait(&film, newest.step, later), None);
    }

    fn grey() -> Arc<Dataset> {
        let images = || Split::new(vec![7; 4 * PIXELS], vec![0; 4]);
        Arc::new(Dataset {
            name: "grey".into(),
            classes: Classes::numbered(10),
            train: images(),
            test: images(),
            digest: String::new(),
        })
    }

    const SAMPLE: SampleId = SampleId {
        split: SplitName::Test,
        index: 0,
    };
    /// The step that a run was gone on with from.
    const RESUMED: u64 = 300;

    /// A film of four steps an epoch that is played from its start, of which only the first state
    /// and that of a late step are at hand; the run has come a step further.
    fn played(now: Instant) -> (Looking, Arc<Snapshot>, Arc<Recipe>, Film) {
        let recipe = Recipe {
            batch_size: 1,
            ..Recipe::preset(Preset::Article)
        };
        let first = State::start(&recipe, None);
        let mut late = first.clone();
        late.adam.t = RESUMED;
        let newest = Arc::new(Snapshot {
            step: RESUMED + 1,
            net: first.net.clone(),
        });
        // As little room as there can be.
        let tape = Tape::new(Keeping {
            frames: 1,
            states: 2,
            checkpoints: None,
        });
        let mut looking = Looking::now(grey(), tape, SAMPLE, now);
        looking.tape.give(vec![Arc::new(first), Arc::new(late)]);
        let when = When::PlayFrom(0);
        let sample = SAMPLE;
        looking.look(
            Gaze {
                when,
                sample,
                ask: Ask::Nothing,
            },
            newest.step,
            now,
        );
        (looking, newest, Arc::new(recipe), Film::new(4, 100))
    }

    #[test]
    fn a_film_of_which_nothing_is_at_hand_is_made_again_as_it_plays() {
        let start = Instant::now();
        let (mut looking, newest, recipe, film) = played(start);
        let mut seen = vec![0];
        let mut now = start;
        // Three seconds, looked at as often as the observer would.
        for _ in 0..60 {
            let sight = looking.attend(&newest, &film, now);
            seen.push(sight.seen.step);
            looking.make_again(&recipe, &film, newest.step, now);
            assert!(looking.wait(&film, newest.step, now).unwrap() <= LOOK_AHEAD);
            assert!(looking.seen_of(sight.seen.step, &film, now).plays);
            while looking.ordered.is_some() {
                let made = looking.made().recv().unwrap();
                looking.was_made(made);
            }
            now += LOOK_AHEAD;
        }
        assert!(seen.is_sorted(), "{seen:?}");
        let far = seen
            .windows(2)
            .find(|pair| pair[1] > film.later(pair[0], 3.0 * APART));
        assert_eq!(far, None, "{seen:?}");
        // As far as it was made ahead, less what a moment takes.
        let last = *seen.last().unwrap();
        let expected = film.step_at(3.0 - 3.0 * APART);
        assert!(last >= expected, "{last}, {expected}");
        // Nothing comes for a minute: the film waits, and goes on from there.
        looking.attend(&newest, &film, now);
        looking.make_again(&recipe, &film, newest.step, now);
        for _ in 0..60 {
            now += Duration::from_secs(1);
            let sight = looking.attend(&newest, &film, now);
            assert!(sight.seen.step <= film.later(last, 3.0 * APART));
        }
    }

    #[test]
    fn a_film_that_cannot_be_made_again_goes_on_behind_what_is_missing() {
        let start = Instant::now();
        let (mut looking, newest, _, film) = played(start);
        looking.attend(&newest, &film, start);
        looking.no_more_made();
        looking.attend(&newest, &film, start + LOOK_AHEAD);
        let sight = looking.attend(&newest, &film, start + 2 * LOOK_AHEAD);
        assert_eq!(sight.seen.step, RESUMED);
    }
}
