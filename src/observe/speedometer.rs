//! How fast a run goes by the clock on the wall, and how long it has yet to go. It is
//! handed the clock.

use std::{collections::VecDeque, time::Instant};

use crate::{
    message::{Phase, Report},
    pace::{Film, Pace},
};

/// Below this share of its pace a trainer is as fast as it can be. The measured
/// rate is up to a second old, in which the film's own may almost double.
pub(super) const LAGGING: f64 = 0.4;

/// Readings of which the middle one tells how long the run has yet to go. Each is of half a
/// second, so that a burst of work of two seconds passes unseen, as a view makes that is dear to
/// open, and what lasts longer is told.
const USUAL: usize = 9;

/// Steps a second, by the clock on the wall.
#[derive(Debug)]
pub(super) struct Speedometer {
    since: Instant,
    step: u64,
    /// As it was read last.
    pub(super) rate: f64,
    /// The last of them, while training went on: each with its share of the pace, of which a
    /// film's changes from step to step.
    recent: VecDeque<Reading>,
}

/// A rate that was read.
#[derive(Debug, Clone, Copy)]
struct Reading {
    rate: f64,
    /// Of the pace that was asked for; none at full speed.
    share: Option<f64>,
}

impl Speedometer {
    /// Nothing measured yet.
    pub(super) fn at(step: u64, now: Instant) -> Self {
        Self {
            since: now,
            step,
            rate: 0.0,
            recent: VecDeque::new(),
        }
    }

    /// The rate over the last half second or so.
    pub(super) fn read(&mut self, report: &Report, step: u64, now: Instant) -> f64 {
        let asked = report.pace.rate(&report.film, step);
        self.read_at(step, report.phase == Phase::Training, asked, now)
    }

    fn read_at(&mut self, step: u64, training: bool, asked: Option<f64>, now: Instant) -> f64 {
        let elapsed = now.saturating_duration_since(self.since).as_secs_f64();
        if !training {
            *self = Self::at(step, now);
        } else if elapsed > 2.0 {
            // The whole process stood still.
            (self.since, self.step, self.rate) = (now, step, 0.0);
        } else if elapsed >= 0.5 || (self.rate == 0.0 && elapsed > 0.1) {
            let rate = step.saturating_sub(self.step) as f64 / elapsed;
            let share = asked.map(|asked| rate / asked);
            (self.since, self.step, self.rate) = (now, step, rate);
            self.recent.push_back(Reading { rate, share });
            if self.recent.len() > USUAL {
                self.recent.pop_front();
            }
        }
        self.rate
    }

    /// Seconds to the end of the run: by the film while it sets the pace; by the usual rate when
    /// there is no pace, or the machine cannot keep up with it.
    pub(super) fn seconds_left(&self, report: &Report, step: u64) -> Option<f64> {
        if report.phase != Phase::Training {
            return None;
        }
        self.left_at(report.pace, &report.film, step, report.end)
    }

    fn left_at(&self, pace: Pace, film: &Film, step: u64, end: u64) -> Option<f64> {
        let rate = middle(self.recent.iter().map(|reading| reading.rate));
        let share = middle(self.recent.iter().filter_map(|reading| reading.share));
        let lags = share.is_some_and(|share| share > 0.0 && share < LAGGING);
        match pace.due(film, end).zip(pace.due(film, step)) {
            Some((end, now)) if !lags => Some((end - now).max(0.0)),
            _ => {
                let rate = rate.filter(|rate| *rate > 0.0)?;
                Some(end.saturating_sub(step) as f64 / rate)
            }
        }
    }
}

/// The middle one of them.
fn middle(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A run at a steady pace of a hundred steps a second, and a clock that is turned by hand.
    struct Run {
        speedometer: Speedometer,
        pace: Pace,
        film: Film,
        now: Instant,
        step: u64,
    }

    impl Run {
        fn at(pace: Pace) -> Self {
            let now = Instant::now();
            Self {
                speedometer: Speedometer::at(0, now),
                pace,
                film: Film::new(100, 100),
                now,
                step: 0,
            }
        }

        /// So many readings at so many steps a second, and what is said after each.
        fn read(&mut self, readings: usize, rate: u64) -> Vec<f64> {
            let half = Duration::from_millis(500);
            let mut read = || {
                self.now += half;
                self.step += rate / 2;
                let asked = self.pace.rate(&self.film, self.step);
                self.speedometer.read_at(self.step, true, asked, self.now);
                let end = self.film.steps();
                let left = self
                    .speedometer
                    .left_at(self.pace, &self.film, self.step, end);
                left.expect("there is a rate")
            };
            (0..readings).map(|_| read()).collect()
        }
    }

    /// What a view costs that is opened: two seconds with a tenth of the rate.
    #[test]
    fn a_burst_of_work_changes_little_of_the_time_left_and_what_lasts_is_told() {
        for pace in [Pace::Full, Pace::Even { seconds: 1.0 }] {
            let mut run = Run::at(pace);
            let before = *run.read(12, 100).last().unwrap();
            let burst = run.read(4, 10);
            // Two seconds of 94, and the steps of them that were not taken.
            let most = before + 2.0;
            for left in &burst {
                assert!(
                    (before - 2.0..=most).contains(left),
                    "{pace:?}: {burst:?} after {before}"
                );
            }
            // What lasts is told within a second more, and is the rate's own.
            let lasting = run.read(2, 10);
            let own = (run.film.steps() - run.step) as f64 / 10.0;
            assert!(
                (lasting[1] - own).abs() < 1e-6,
                "{pace:?}: {lasting:?}, not {own}"
            );
            // And the same when it is over.
            let over = *run.read(6, 100).last().unwrap();
            assert!(over < before, "{pace:?}: {over}");
        }
    }

    #[test]
    fn a_pause_forgets_what_was_read_and_a_standstill_does_not() {
        let mut run = Run::at(Pace::Full);
        run.read(9, 100);
        run.now += Duration::from_secs(60);
        run.speedometer.read_at(run.step, true, None, run.now);
        assert!((run.read(1, 10)[0] - 95.45).abs() < 1e-6);
        run.speedometer.read_at(run.step, false, None, run.now);
        let left = run.read(1, 10)[0];
        let own = (run.film.steps() - run.step) as f64 / 10.0;
        assert!((left - own).abs() < 1e-6, "{left}, not {own}");
    }
}
