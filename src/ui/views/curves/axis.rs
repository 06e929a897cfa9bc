//! The axis across: which part of it is which step, whatever it counts in, and what is
//! written below it. Knows steps and columns, no losses.

use std::ops::RangeInclusive;

use crate::{pace::Film, words::grouped};

/// What the axis counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Across {
    /// Film time, as the tape: the first steps have the most room.
    #[default]
    Film,
    /// Steps.
    Steps,
    /// Epochs.
    Epochs,
}

impl Across {
    #[must_use]
    pub(super) const fn next(self) -> Self {
        match self {
            Self::Film => Self::Steps,
            Self::Steps => Self::Epochs,
            Self::Epochs => Self::Film,
        }
    }

    /// What it is called.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Film => "film time",
            Self::Steps => "steps",
            Self::Epochs => "epochs",
        }
    }
}

/// The whole run or a part of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    film: Film,
    across: Across,
    /// The whole, in seconds or steps, and the part that is seen.
    whole: f64,
    low: f64,
    high: f64,
}

impl Axis {
    /// So many halvings near, about this step.
    pub(super) fn of(film: Film, across: Across, zoom: u8, about: u64) -> Self {
        let mut axis = Self {
            film,
            across,
            whole: 0.0,
            low: 0.0,
            high: 0.0,
        };
        axis.whole = axis.units(film.steps()).max(f64::MIN_POSITIVE);
        let span = axis.whole / f64::from(1u32 << zoom.min(Self::NEAREST));
        // By half pages: what is looked at moves, and the axis rests.
        let page = span / 2.0;
        let start = ((axis.units(about) / page).round() - 1.0) * page;
        axis.low = start.clamp(0.0, axis.whole - span);
        axis.high = axis.low + span;
        axis
    }

    /// Halvings at most.
    pub(super) const NEAREST: u8 = 7;

    fn units(&self, step: u64) -> f64 {
        match self.across {
            Across::Film => self.film.time_of(step),
            Across::Steps | Across::Epochs => step as f64,
        }
    }

    fn step_of(&self, units: f64) -> u64 {
        match self.across {
            Across::Film => self.film.step_at(units),
            Across::Steps | Across::Epochs => units.max(0.0).round() as u64,
        }
    }

    /// Where a step is, from 0 at the left to 1 at the right; beyond, it is not seen.
    pub(super) fn part(&self, step: u64) -> f64 {
        (self.units(step) - self.low) / (self.high - self.low)
    }

    /// The step at a part of it.
    pub(super) fn step_at(&self, part: f64) -> u64 {
        let units = self.low + part * (self.high - self.low);
        self.step_of(units.clamp(0.0, self.whole))
    }

    /// The column of a step among so many, if it is seen.
    pub(super) fn column(&self, step: u64, columns: u16) -> Option<u16> {
        let part = self.part(step);
        let last = columns.checked_sub(1)?;
        // The end of the run is in the last column, and nothing else is beyond.
        (-1e-9..=1.0 + 1e-9)
            .contains(&part)
            .then(|| ((part * f64::from(columns)) as u16).min(last))
    }

    /// The steps that are seen.
    pub(super) fn steps(&self) -> RangeInclusive<u64> {
        self.step_at(0.0)..=self.step_at(1.0)
    }

    /// The steps within so much of the whole axis about one.
    pub(super) fn around(&self, step: u64, share: f64) -> RangeInclusive<u64> {
        let (at, half) = (self.units(step), share * self.whole / 2.0);
        let edge = |units: f64| self.step_of(units.clamp(0.0, self.whole));
        edge(at - half).min(step)..=edge(at + half).max(step)
    }

    /// The step so many parts of what is seen further on.
    pub(super) fn moved(&self, step: u64, parts: f64) -> u64 {
        let units = self.units(step) + parts * (self.high - self.low);
        self.step_of(units.clamp(0.0, self.whole))
    }

    /// What is written below: a word at its left, and numbers with the columns they begin in.
    pub(super) fn labels(&self, columns: u16) -> (&'static str, Vec<(u16, String)>) {
        let epoch = self.film.steps_per_epoch();
        let opens = self.across == Across::Film && *self.steps().start() < epoch;
        let word = if opens || self.across == Across::Steps {
            "step"
        } else {
            "epoch"
        };
        let mut candidates = Vec::new();
        match self.across {
            Across::Steps => {
                let stride = self.stride(columns, 1.0, 9.0);
                candidates.extend(self.multiples(stride).map(|step| (step, grouped(step))));
            }
            Across::Film | Across::Epochs => {
                let stride = self.stride(columns, epoch as f64, 4.0);
                let places = match stride / epoch as f64 {
                    whole if whole > 0.99 => 0,
                    tenths if tenths > 0.099 => 1,
                    _ => 2,
                };
                let name = |step: u64| format!("{:.places$}", step as f64 / epoch as f64);
                let ends = self
                    .multiples(stride)
                    .filter(|step| !opens || *step >= epoch);
                candidates.extend(ends.map(|step| (step, name(step))));
            }
        }
        if opens {
            let decades = (0..19).map(|power| 10u64.saturating_pow(power));
            let nice = decades.flat_map(|ten| [1, 2, 5].map(|by| ten.saturating_mul(by)));
            let within = nice.take_while(|step| step.saturating_mul(2) <= epoch);
            candidates.extend(within.map(|step| (step, grouped(step))));
        }
        (
            word,
            self.placed(candidates, columns, word.len() as u16 + 1),
        )
    }

    /// The least nice number of steps, a multiple or a fraction of `unit`, that is so many
    /// columns long where the axis is even.
    fn stride(&self, columns: u16, unit: f64, room: f64) -> f64 {
        let (first, last) = (self.steps().start().to_owned(), *self.steps().end());
        // At its end even a film is.
        let middle = first + (last - first) / 2;
        let a_column =
            (last - middle) as f64 / (f64::from(columns) * (1.0 - self.part(middle))).max(1.0);
        let nice = |power: i32| [1.0, 2.0, 5.0].map(|by| by * 10f64.powi(power) * unit);
        let mut strides = (-2..18).flat_map(nice).filter(|stride| *stride >= 1.0);
        strides
            .find(|stride| {
                // Parts of epochs have a point and a figure more.
                let room = if *stride < unit { room + 2.0 } else { room };
                *stride >= room * a_column
            })
            .unwrap_or(f64::INFINITY)
    }

    fn multiples(&self, stride: f64) -> impl Iterator<Item = u64> {
        let seen = self.steps();
        let first = (*seen.start() as f64 / stride).ceil().max(1.0) as u64;
        (first..first + 400)
            .map(move |number| (number as f64 * stride).round() as u64)
            .take_while(move |step| stride.is_finite() && seen.contains(step))
    }

    /// As many as find room, in the order in which they came.
    fn placed(
        &self,
        candidates: Vec<(u64, String)>,
        columns: u16,
        free_from: u16,
    ) -> Vec<(u16, String)> {
        let mut placed: Vec<(u16, String)> = Vec::new();
        for (step, name) in candidates {
            let width = name.len() as u16;
            let Some(column) = self.column(step, columns) else {
                continue;
            };
            let start = column
                .saturating_sub(width / 2)
                .min(columns.saturating_sub(width));
            let touches = |(other, name): &(u16, String)| {
                start < other + name.len() as u16 + 1 && *other < start + width + 1
            };
            if start >= free_from && start + width <= columns && !placed.iter().any(touches) {
                placed.push((start, name));
            }
        }
        placed
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_part_is_that_of_its_own_step(
            epochs in 1u64..40, zoom in 0u8..9, about in 0f64..1.0, part in 0f64..1.0, kind in 0usize..3,
        ) {
            let film = Film::new(1875, epochs);
            let across = [Across::Film, Across::Steps, Across::Epochs][kind];
            let about = (about * film.steps() as f64) as u64;
            let axis = Axis::of(film, across, zoom, about);
            prop_assert!((-1e-9..=1.0 + 1e-9).contains(&axis.part(about)), "what it is about is seen");
            let step = axis.step_at(part);
            // Whole steps: the nearest, or the one before.
            let a_step = axis.part(step + 1) - axis.part(step);
            prop_assert!((axis.part(step) - part).abs() <= a_step + 1e-9);
            prop_assert!(axis.around(step, 0.01).contains(&step));
        }

        #[test]
        fn labels_stand_apart_and_none_is_cut(
            steps in 1u64..4000, epochs in 1u64..300, zoom in 0u8..8, columns in 1u16..200, kind in 0usize..3,
        ) {
            let film = Film::new(steps, epochs);
            let across = [Across::Film, Across::Steps, Across::Epochs][kind];
            let axis = Axis::of(film, across, zoom, film.steps() / 3);
            let (word, mut labels) = axis.labels(columns);
            labels.sort();
            let mut free = word.len() as u16 + 1;
            for (start, name) in labels {
                prop_assert!(start >= free && start + name.len() as u16 <= columns);
                free = start + name.len() as u16 + 1;
            }
        }
    }

    #[test]
    fn the_tutorials_film_has_steps_and_then_epochs() {
        let axis = Axis::of(Film::new(1875, 10), Across::Film, 0, 0);
        let (word, mut labels) = axis.labels(70);
        labels.sort();
        let names: Vec<&str> = labels.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(word, "step");
        assert!(names.ends_with(&["8", "9", "10"]), "{names:?}");
        assert!(
            names.contains(&"100") && names.contains(&"500"),
            "{names:?}"
        );
    }
}
