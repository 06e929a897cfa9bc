//! Keeps a run to its pace, and never makes up for lost time.
//!
//! The clock compares real time since an anchor with the time the pace asks
//! for. A run that falls behind (because it was paused, or is slower by
//! itself) moves the anchor instead of hurrying after it.

use std::time::{Duration, Instant};

use crate::pace::{Film, Pace};

/// A lag beyond this is forgiven at once.
const PATIENCE: Duration = Duration::from_millis(50);

/// Says when the next step may be taken.
#[derive(Debug)]
pub(super) struct Clock {
    pace: Pace,
    /// A real moment, and the moment of the film that belongs to it.
    anchor: Option<(Instant, f64)>,
}

impl Clock {
    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, anchor: None }
    }

    pub(super) fn pace(&self) -> Pace {
        self.pace
    }

    pub(super) fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
        self.restart();
    }

    /// Time begins anew with the next step, after a pause.
    pub(super) fn restart(&mut self) {
        self.anchor = None;
    }

    /// How long to wait before step number `step` (from 1) is taken.
    pub(super) fn wait(&mut self, film: &Film, step: u64, now: Instant) -> Option<Duration> {
        let due = self.pace.due(film, step)?;
        let (real, shown) = *self.anchor.get_or_insert_with(|| {
            let shown = self.pace.due(film, step - 1).unwrap_or(due);
            (now, shown)
        });
        let at = real + Duration::from_secs_f64((due - shown).max(0.0));
        if now.saturating_duration_since(at) > PATIENCE {
            self.anchor = Some((now, due));
        }
        (at > now).then(|| at - now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILM_STEPS: u64 = 100;

    fn even() -> Clock {
        // 100 steps in 10 seconds: one each 100 ms.
        Clock::new(Pace::Even { seconds: 10.0 })
    }

    #[test]
    fn each_step_waits_for_its_moment() {
        let (film, start) = (Film::new(FILM_STEPS, 1), Instant::now());
        let mut clock = even();
        // Nanoseconds are lost between f64 and Duration.
        let near = |wait: Option<Duration>, millis: u64| {
            wait.is_some_and(|wait| wait.abs_diff(Duration::from_millis(millis)).as_micros() < 1)
        };
        assert!(near(clock.wait(&film, 1, start), 100));
        let later = start + Duration::from_millis(70);
        assert!(near(clock.wait(&film, 1, later), 30));
        assert!(near(clock.wait(&film, 2, later), 130));
    }

    #[test]
    fn lost_time_is_not_made_up() {
        let (film, start) = (Film::new(FILM_STEPS, 1), Instant::now());
        let mut clock = even();
        clock.wait(&film, 1, start);
        let late = start + Duration::from_secs(5);
        assert_eq!(clock.wait(&film, 1, late), None);
        assert!(
            clock
                .wait(&film, 2, late)
                .is_some_and(|wait| wait.as_millis() >= 99)
        );
    }

    #[test]
    fn full_speed_waits_for_nothing() {
        let film = Film::new(FILM_STEPS, 1);
        assert_eq!(Clock::new(Pace::Full).wait(&film, 1, Instant::now()), None);
    }
}
