//! Film time: when each step of a run is shown.
//!
//! The best part of a run is its first two hundred steps: noise becomes the
//! average digit. At an even pace nobody sees it. So film time starts at ten
//! steps a second, doubles that rate every 1.25 seconds, and cruises once an
//! epoch takes 1.5 seconds, or as much faster as it must to end within 30.
//!
//! This is arithmetic on step numbers only: the same run has the same film at
//! any pace, which is why the tape and the loss curve use it as their axis.

/// Steps a second at the start.
const OPENING_RATE: f64 = 10.0;
/// Seconds in which the rate doubles.
const DOUBLING: f64 = 1.25;
/// Seconds an epoch takes once the film cruises.
const CRUISING_EPOCH: f64 = 1.5;
/// Seconds of film in which a viewer who plays it, or goes on by a moment, expects to see another.
const LONGEST_STILL: f64 = 1.0;
/// No film of less than a hundred million steps is longer than this, in seconds.
const LONGEST: f64 = 30.0;

/// The correspondence of steps and seconds for a run of a given length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Film {
    steps_per_epoch: u64,
    epochs: u64,
    /// Steps a second after the opening.
    cruise: f64,
}

impl Film {
    /// Ticks of a second of film time: moments of which one is like the next to the eye.
    pub const TICKS_PER_SECOND: f64 = 20.0;

    /// The film of a run of `epochs` epochs.
    pub fn new(steps_per_epoch: u64, epochs: u64) -> Self {
        let natural = (steps_per_epoch as f64 / CRUISING_EPOCH).max(OPENING_RATE);
        let mut film = Self {
            steps_per_epoch,
            epochs,
            cruise: natural,
        };
        // Each round makes the film shorter; a faster cruise also has a longer
        // opening, so one division does not land exactly.
        // Of hundreds of millions of steps the opening alone takes longer.
        while film.duration() > LONGEST && film.cruise < film.steps() as f64 {
            film.cruise *= 1.02;
        }
        film
    }

    /// Steps of one epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        self.steps_per_epoch
    }

    /// Epochs of the run.
    pub fn epochs(&self) -> u64 {
        self.epochs
    }

    /// Steps of the whole run.
    pub fn steps(&self) -> u64 {
        self.steps_per_epoch.saturating_mul(self.epochs)
    }

    /// Seconds of the whole film.
    pub fn duration(&self) -> f64 {
        self.time_of(self.steps())
    }

    /// Steps a second at film time `seconds`.
    pub fn rate(&self, seconds: f64) -> f64 {
        (OPENING_RATE * (seconds / DOUBLING).exp2()).min(self.cruise)
    }

    /// The film time at which `step` steps are done.
    pub fn time_of(&self, step: u64) -> f64 {
        let (opening_time, opening_steps) = self.opening();
        let step = step as f64;
        if step <= opening_steps {
            DOUBLING * (step / Self::opening_scale()).ln_1p() / std::f64::consts::LN_2
        } else {
            opening_time + (step - opening_steps) / self.cruise
        }
    }

    /// The steps done at film time `seconds`, counted in whole steps.
    pub fn step_at(&self, seconds: f64) -> u64 {
        let (opening_time, opening_steps) = self.opening();
        let seconds = seconds.max(0.0);
        let steps = if seconds <= opening_time {
            Self::opening_scale() * ((seconds / DOUBLING).exp2() - 1.0)
        } else {
            opening_steps + (seconds - opening_time) * self.cruise
        };
        // A step counts when its time has come, whatever the last bits say.
        (steps + 1e-6).floor() as u64
    }

    /// The tick of the film in which so many steps are done.
    pub fn tick_of(&self, step: u64) -> u64 {
        (self.time_of(step) * Self::TICKS_PER_SECOND) as u64
    }

    /// The tick that this step is the first of, when it is one.
    pub fn tick(&self, step: u64) -> Option<u64> {
        let before = step.checked_sub(1).map(|before| self.tick_of(before));
        Some(self.tick_of(step)).filter(|&here| before != Some(here))
    }

    /// Whether so much lies between two moments that somebody who comes from the one misses those
    /// between.
    pub fn is_gap(&self, from: u64, to: u64) -> bool {
        self.time_of(to) - self.time_of(from) > LONGEST_STILL
    }

    /// The step so many seconds of film later; the next one at least.
    pub fn later(&self, step: u64, seconds: f64) -> u64 {
        let later = self.step_at(self.time_of(step) + seconds);
        later.max(step.saturating_add(1))
    }

    /// The step so many seconds of film earlier; the one before at least, if there is one.
    pub fn earlier(&self, step: u64, seconds: f64) -> u64 {
        let earlier = self.step_at(self.time_of(step) - seconds);
        earlier.min(step.saturating_sub(1))
    }

    /// Quarters of epochs that are done after so many steps.
    pub fn quarter_of(&self, step: u64) -> u64 {
        step.saturating_mul(4) / self.steps_per_epoch
    }

    /// When the cruise begins, and the steps done by then.
    fn opening(&self) -> (f64, f64) {
        let doublings = (self.cruise / OPENING_RATE).log2();
        (
            DOUBLING * doublings,
            Self::opening_scale() * (doublings.exp2() - 1.0),
        )
    }

    /// The integral of `OPENING_RATE * 2^(t / DOUBLING)` is this times `2^(t / DOUBLING) - 1`.
    fn opening_scale() -> f64 {
        OPENING_RATE * DOUBLING / std::f64::consts::LN_2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_moment_later_or_earlier_is_another_step() {
        let film = Film::new(1875, 10);
        assert_eq!((film.later(0, 0.05), film.earlier(1, 0.05)), (1, 0));
        assert_eq!(film.earlier(0, 9.0), 0);
        // At the cruise, 1875 steps in a second and a half.
        assert_eq!(
            (film.later(9000, 0.1), film.earlier(9000, 0.1)),
            (9125, 8875)
        );
        assert!(film.is_gap(0, 1875) && !film.is_gap(0, 10));
        assert!(!film.is_gap(9000, 9000 + 1250) && film.is_gap(9000, 9000 + 1251));
    }

    #[test]
    fn the_tutorials_run_plays_in_22_seconds() {
        let film = Film::new(1875, 10);
        // The moments a newcomer is promised, to the tenth of a second.
        for (step, seconds) in [
            (10, 0.8),
            (30, 1.8),
            (100, 3.4),
            (200, 4.5),
            (500, 6.1),
            (1200, 7.6),
            (1875, 8.4),
            (3750, 9.9),
            (7500, 12.9),
            (18_750, 21.9),
        ] {
            let time = film.time_of(step);
            assert!((time - seconds).abs() < 0.06, "step {step} at {time}");
        }
    }

    #[test]
    fn a_tick_has_one_step_at_most_and_the_first_steps_one_each() {
        let film = Film::new(1875, 10);
        let ticks: Vec<(u64, u64)> = (0..=film.steps())
            .filter_map(|step| Some((step, film.tick(step)?)))
            .collect();
        assert!(ticks[..15].iter().map(|&(step, _)| step).eq(0..15));
        assert!(ticks.windows(2).all(|pair| pair[0].1 < pair[1].1));
        // A step every tick while it cruises, fewer in the slow opening.
        let most = (film.duration() * Film::TICKS_PER_SECOND) as usize;
        assert!(
            (most * 3 / 4..=most + 1).contains(&ticks.len()),
            "{}",
            ticks.len()
        );
    }

    #[test]
    fn a_long_run_still_ends_within_half_a_minute() {
        let film = Film::new(1875, 500);
        assert!(film.duration() <= LONGEST);
        assert!(film.duration() > LONGEST * 0.9);
    }

    #[test]
    fn a_run_without_an_end_in_sight_has_a_film_too() {
        for epochs in [1_000_000, 99_999_999, u64::MAX] {
            let film = Film::new(1875, epochs);
            // The doublings from ten steps a second to 2^64 take 76 seconds.
            assert!(film.duration() > 0.0 && film.duration() < 80.0);
        }
    }

    #[test]
    fn a_run_of_few_steps_has_a_film_too() {
        let film = Film::new(1, 1);
        assert!(film.duration() > 0.0);
        assert_eq!(film.step_at(film.duration()), 1);
    }

    proptest! {
        #[test]
        fn steps_and_seconds_are_inverse(steps_per_epoch in 1u64..5000, epochs in 1u64..100, part in 0.0f64..1.0) {
            let film = Film::new(steps_per_epoch, epochs);
            let step = (part * film.steps() as f64) as u64;
            prop_assert_eq!(film.step_at(film.time_of(step)), step);
        }
    }
}
