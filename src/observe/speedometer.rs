//! How fast a run goes by the clock on the wall, and how long it has yet to go. It is
//! handed the clock.

use std::time::Instant;

use crate::message::{Phase, Report};

/// Below this share of its pace a trainer is as fast as it can be. The measured
/// rate is up to a second old, in which the film's own may almost double.
pub(super) const LAGGING: f64 = 0.4;

/// Steps a second, by the clock on the wall.
#[derive(Debug)]
pub(super) struct Speedometer {
    since: Instant,
    step: u64,
    pub(super) rate: f64,
}

impl Speedometer {
    /// Nothing measured yet.
    pub(super) fn at(step: u64, now: Instant) -> Self {
        Self {
            since: now,
            step,
            rate: 0.0,
        }
    }

    /// The rate over the last half second or so.
    pub(super) fn read(&mut self, step: u64, training: bool, now: Instant) -> f64 {
        let elapsed = now.saturating_duration_since(self.since).as_secs_f64();
        // A long silence was a pause, or the whole process stood still.
        let rate = if !training || elapsed > 2.0 {
            0.0
        } else if elapsed >= 0.5 || (self.rate == 0.0 && elapsed > 0.1) {
            step.saturating_sub(self.step) as f64 / elapsed
        } else {
            return self.rate;
        };
        *self = Self {
            since: now,
            step,
            rate,
        };
        rate
    }
}

/// Seconds to the end of the run: by the film while it sets the pace; by the measured rate when there is no
/// pace, or the machine cannot keep up with it.
pub(super) fn seconds_left(report: &Report, step: u64, steps_per_second: f64) -> Option<f64> {
    if report.phase != Phase::Training {
        return None;
    }
    let measured =
        (steps_per_second > 0.0).then(|| report.end.saturating_sub(step) as f64 / steps_per_second);
    let asked = report.pace.rate(&report.film, step);
    if asked.is_none_or(|asked| steps_per_second > 0.0 && steps_per_second < LAGGING * asked) {
        return measured;
    }
    let due = |step| report.pace.due(&report.film, step);
    Some((due(report.end)? - due(step)?).max(0.0))
}
