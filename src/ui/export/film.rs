//! A run as a film of screens: which moments it has, and how each looked when it was now.

use std::sync::Arc;

use crate::{
    message::{Appraisal, Curve, Moment, Observation, Phase, Seen, Tape},
    pace::{Film, Pace},
    recipe::Recipe,
};

/// Seconds that the last screen stands.
const LAST_STANDS: f64 = 3.0;

/// A moment of the film.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shot {
    /// The step that is seen.
    pub step: u64,
    /// How many seconds.
    pub seconds: f64,
}

/// The moments of a run of so many steps that are at hand, so many a second of film time: of
/// those between two shots the nearest.
pub fn shots(film: &Film, steps: u64, kept: &[u64], a_second: u32) -> Vec<Shot> {
    let duration = film.time_of(steps);
    let seconds = 1.0 / f64::from(a_second);
    let count = (duration / seconds).ceil() as u64;
    let mut shots: Vec<Shot> = Vec::new();
    for number in 0..=count {
        let step = film.step_at((number as f64 * seconds).min(duration));
        let after = kept.partition_point(|kept| *kept < step);
        let near = kept[after.saturating_sub(1)..].iter().take(2);
        let step = near
            .min_by_key(|kept| kept.abs_diff(step))
            .copied()
            .unwrap_or(step);
        let step = if number == count { steps } else { step };
        match shots.last_mut() {
            Some(last) if last.step == step => last.seconds += seconds,
            _ => shots.push(Shot { step, seconds }),
        }
    }
    if let Some(last) = shots.last_mut() {
        last.seconds += LAST_STANDS;
    }
    shots
}

/// A moment that was gone back to, as it was when it was now: nothing is known of what follows.
pub fn as_it_was(seen: &Observation) -> Observation {
    let step = seen.seen.step;
    let film = seen.moment.film;
    let ended = step >= seen.moment.step;
    let curve = &seen.curve;
    let ticks = curve.ticks.len().min(film.tick_of(step) as usize + 1);
    Observation {
        moment: Moment {
            step,
            phase: if ended {
                Phase::Finished
            } else {
                Phase::Training
            },
            pace: Pace::FILM,
            seconds_left: (!ended).then(|| film.duration() - film.time_of(step)),
            ..seen.moment.clone()
        },
        seen: Seen::now(step),
        tape: Arc::new(Tape {
            steps: up_to(&seen.tape.steps, step, |step| *step),
        }),
        curve: Arc::new(Curve {
            ticks: curve.ticks[..ticks].to_vec(),
            epochs: up_to(&curve.epochs, step, |epoch| epoch.step),
            milestones: up_to(&curve.milestones, step, |milestone| milestone.step),
            ..(**curve).clone()
        }),
        recipe: Arc::new(Recipe {
            edits: up_to(&seen.recipe.edits, step, |edit| edit.step),
            ..(*seen.recipe).clone()
        }),
        appraisal: Appraisal::default(),
        ..seen.clone()
    }
}

fn up_to<T: Clone>(all: &[T], step: u64, step_of: impl Fn(&T) -> u64) -> Vec<T> {
    let before = all.iter().filter(|one| step_of(one) <= step);
    before.cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shots_are_of_moments_at_hand_in_order_and_last_as_long_as_the_film() {
        let film = Film::new(1875, 3);
        let kept: Vec<u64> = (0..=5625).step_by(25).collect();
        let shots = shots(&film, 5625, &kept, 10);
        assert_eq!(shots.first().map(|shot| shot.step), Some(0));
        assert_eq!(shots.last().map(|shot| shot.step), Some(5625));
        assert!(shots.is_sorted_by_key(|shot| shot.step));
        assert!(shots.iter().all(|shot| kept.contains(&shot.step)));
        let seconds: f64 = shots.iter().map(|shot| shot.seconds).sum();
        // Rounded up to a tenth of a second, and the first shot begins at none.
        let whole = film.duration() + LAST_STANDS;
        assert!((whole..whole + 0.21).contains(&seconds), "{seconds}");
    }

    #[test]
    fn a_run_without_kept_moments_is_shot_at_its_steps() {
        let film = Film::new(10, 2);
        let shots = shots(&film, 20, &[], 5);
        assert_eq!(shots.first().map(|shot| shot.step), Some(0));
        assert_eq!(shots.last().map(|shot| shot.step), Some(20));
    }
}
