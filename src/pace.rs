//! How fast a run is shown: vocabulary that the command line, the trainer and
//! the screen share, and which moments of it are kept. It holds no clock; it only says
//! what a clock would mean.

mod film;
mod reel;

pub use film::Film;
pub use reel::Reel;

/// The speed of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// Film time, played at `speed` times its own rate.
    Film {
        /// 1.0 is the film as it is meant.
        speed: f64,
    },
    /// An even pace of so many seconds an epoch.
    Even {
        /// Seconds of one epoch.
        seconds: f64,
    },
    /// As fast as the machine goes.
    Full,
}

impl Pace {
    /// The film as it is meant.
    pub const FILM: Self = Self::Film { speed: 1.0 };

    /// Twice as fast.
    #[must_use]
    pub fn faster(self) -> Self {
        self.times(2.0)
    }

    /// Half as fast. Full speed has no half: the film takes over.
    #[must_use]
    pub fn slower(self) -> Self {
        match self {
            Self::Full => Self::FILM,
            _ => self.times(0.5),
        }
    }

    fn times(self, factor: f64) -> Self {
        // Far beyond what any eye or machine can tell apart, and still finite.
        let bound = |value: f64| value.clamp(1.0 / 1024.0, 1024.0);
        match self {
            Self::Film { speed } => Self::Film {
                speed: bound(speed * factor),
            },
            Self::Even { seconds } => Self::Even {
                seconds: bound(seconds / factor),
            },
            Self::Full => Self::Full,
        }
    }

    /// Steps a second that are asked for after `step` steps; `None` when as many
    /// as possible are.
    pub fn rate(self, film: &Film, step: u64) -> Option<f64> {
        match self {
            Self::Film { speed } => Some(film.rate(film.time_of(step)) * speed),
            Self::Even { seconds } => Some(film.steps_per_epoch() as f64 / seconds),
            Self::Full => None,
        }
    }

    /// The moment at which `step` steps are due, in seconds since the start of
    /// the run; `None` when nothing is waited for.
    pub fn due(self, film: &Film, step: u64) -> Option<f64> {
        match self {
            Self::Film { speed } => Some(film.time_of(step) / speed),
            Self::Even { seconds } => Some(step as f64 / film.steps_per_epoch() as f64 * seconds),
            Self::Full => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faster_and_slower_undo_each_other() {
        assert_eq!(Pace::FILM.faster().slower(), Pace::FILM);
        let even = Pace::Even { seconds: 2.0 };
        assert_eq!(even.faster(), Pace::Even { seconds: 1.0 });
        assert_eq!(even.slower().faster(), even);
    }

    #[test]
    fn full_speed_is_the_fastest_and_slows_to_the_film() {
        assert_eq!(Pace::Full.faster(), Pace::Full);
        assert_eq!(Pace::Full.slower(), Pace::FILM);
        assert_eq!(Pace::Full.due(&Film::new(10, 1), 5), None);
    }

    #[test]
    fn an_even_pace_spreads_the_steps_evenly() {
        let film = Film::new(100, 2);
        let even = Pace::Even { seconds: 2.0 };
        assert_eq!(even.due(&film, 150), Some(3.0));
        assert_eq!(even.rate(&film, 150), Some(50.0));
    }
}
