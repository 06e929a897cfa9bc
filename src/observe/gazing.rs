//! Which moment the viewer looks at, and how it moves on by itself.
//!
//! A gaze names a moment once; what becomes of it follows from the clock, which is
//! handed in: a step stands where it is, a film plays on at its own pace until it has
//! caught up with the run, and what is now stays now. It knows steps alone.

use std::time::{Duration, Instant};

use crate::{
    message::{Ask, Gaze, SampleId, When},
    pace::Film,
};

/// So long a moment is looked at before it is worth making again to the step: whoever
/// drags along the tape looks at each for less.
const REST: Duration = Duration::from_millis(60);

/// The viewer's gaze, as time goes by.
#[derive(Debug, Clone)]
pub(super) struct Gazing {
    gaze: Gaze,
    /// How many times the view has asked something else.
    asked: u64,
    mode: Mode,
    since: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Now,
    Stands(u64),
    Plays(u64),
}

impl Gazing {
    /// At what is now.
    pub(super) fn now(sample: SampleId, since: Instant) -> Self {
        let when = When::Now;
        Self {
            gaze: Gaze {
                when,
                sample,
                ask: Ask::Nothing,
            },
            asked: 0,
            mode: Mode::Now,
            since,
        }
    }

    pub(super) fn sample(&self) -> SampleId {
        self.gaze.sample
    }

    /// What the view asks, and the number of it: another has another number.
    pub(super) fn ask(&self) -> (&Ask, u64) {
        (&self.gaze.ask, self.asked)
    }

    /// Another gaze; the run has come to step `newest`. Whether the moment is another. The same
    /// moment, told again with another sample, goes on as it did.
    pub(super) fn turn(&mut self, gaze: Gaze, newest: u64, now: Instant) -> bool {
        let turned = self.gaze.when != gaze.when;
        self.asked += u64::from(self.gaze.ask != gaze.ask);
        self.gaze = gaze;
        if turned {
            self.since = now;
            self.mode = match self.gaze.when {
                When::At(step) if step < newest => Mode::Stands(step),
                When::PlayFrom(step) if step < newest => Mode::Plays(step),
                _ => Mode::Now,
            };
        }
        turned
    }

    /// A film that has caught up with the run is now. Whether it just did.
    pub(super) fn catch_up(&mut self, film: &Film, newest: u64, now: Instant) -> bool {
        let caught_up = self.plays() && self.past(film, now).is_some_and(|step| step >= newest);
        if caught_up {
            self.mode = Mode::Now;
        }
        caught_up
    }

    /// The film plays on from this step instead: it waits for what is to be seen there, or leaves
    /// out what is not.
    pub(super) fn play_from(&mut self, step: u64, now: Instant) {
        self.mode = Mode::Plays(step);
        self.since = now;
    }

    /// There is nothing else to be seen.
    pub(super) fn give_up(&mut self) {
        self.mode = Mode::Now;
    }

    /// The step that is looked for, where it is not the newest.
    pub(super) fn past(&self, film: &Film, now: Instant) -> Option<u64> {
        match self.mode {
            Mode::Now => None,
            Mode::Stands(step) => Some(step),
            Mode::Plays(from) => {
                let played = now.saturating_duration_since(self.since).as_secs_f64();
                Some(film.step_at(film.time_of(from) + played).max(from))
            }
        }
    }

    pub(super) fn is_past(&self) -> bool {
        self.mode != Mode::Now
    }

    pub(super) fn plays(&self) -> bool {
        matches!(self.mode, Mode::Plays(_))
    }

    /// How long until a moment that stands is worth making again.
    pub(super) fn rest(&self, now: Instant) -> Duration {
        (self.since + REST).saturating_duration_since(now)
    }

    /// How long until the film comes to this step.
    pub(super) fn until(&self, step: u64, film: &Film, now: Instant) -> Option<Duration> {
        let Mode::Plays(from) = self.mode else {
            return None;
        };
        let played = film.time_of(step) - film.time_of(from);
        let due = self.since + Duration::try_from_secs_f64(played).ok()?;
        Some(due.saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::SplitName;

    fn gaze(when: When, index: usize) -> Gaze {
        let split = SplitName::Test;
        let sample = SampleId { split, index };
        Gaze {
            when,
            sample,
            ask: Ask::Nothing,
        }
    }

    #[test]
    fn a_step_that_stands_is_the_same_at_any_time_and_one_beyond_the_newest_is_now() {
        let (start, film) = (Instant::now(), Film::new(100, 10));
        let mut gazing = Gazing::now(gaze(When::Now, 0).sample, start);
        assert_eq!(gazing.past(&film, start), None);
        assert!(gazing.turn(gaze(When::At(300), 0), 500, start));
        let later = start + Duration::from_secs(99);
        assert!(!gazing.catch_up(&film, 301, later));
        assert_eq!(gazing.past(&film, later), Some(300));
        assert_eq!(gazing.rest(start), REST);
        assert_eq!(gazing.rest(later), Duration::ZERO);
        for step in [500, 501] {
            gazing.turn(gaze(When::At(step), 0), 500, later);
            assert_eq!(gazing.past(&film, later), None);
            // The run goes on; what was the newest stays the newest.
            assert!(!gazing.turn(gaze(When::At(step), 7), 900, later));
            assert_eq!(
                (gazing.past(&film, later), gazing.sample().index),
                (None, 7)
            );
        }
    }

    #[test]
    fn a_film_plays_at_its_pace_until_it_is_now() {
        let (start, film) = (Instant::now(), Film::new(100, 10));
        let mut gazing = Gazing::now(gaze(When::Now, 0).sample, start);
        gazing.turn(gaze(When::PlayFrom(20), 0), 500, start);
        assert_eq!(gazing.past(&film, start), Some(20));
        let due = gazing.until(120, &film, start).unwrap();
        assert_eq!(due.as_secs_f64(), {
            let seconds = film.time_of(120) - film.time_of(20);
            Duration::from_secs_f64(seconds).as_secs_f64()
        });
        // Another sample on the way does not wind it back.
        let half_way = start + due / 2;
        assert!(!gazing.turn(gaze(When::PlayFrom(20), 3), 500, half_way));
        let step = gazing.past(&film, start + due).unwrap();
        assert!((119..=120).contains(&step), "{step}");
        assert!(gazing.plays() && !gazing.catch_up(&film, 500, start + due));
        let end = start + gazing.until(500, &film, start).unwrap() + Duration::from_millis(1);
        assert!(gazing.catch_up(&film, 500, end) && !gazing.is_past());
        assert!(!gazing.catch_up(&film, 500, end));
    }
}
