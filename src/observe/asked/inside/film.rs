//! The norms of weights and gradients at moments of the film, a few at a time.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use super::Scope;
use crate::{
    lens::{Lens, Norms},
    nn::Snapshot,
    pace::Film,
};

/// Columns of film time.
const COLUMNS: usize = 14;
/// Images that the gradient is taken on: always the same.
const IMAGES: usize = 1000;
/// A piece of work takes as long, or one moment, where that takes longer.
const PIECE: Duration = Duration::from_millis(40);

/// The norms that are known, by their steps.
#[derive(Default)]
pub(super) struct NormsOfFilm {
    known: BTreeMap<u64, Arc<[Norms]>>,
}

impl NormsOfFilm {
    /// Looks at some more moments of the tape. Whether those were the last.
    pub(super) fn go_on(&mut self, scope: &Scope) -> bool {
        let start = Instant::now();
        let here = scope.snapshot.step;
        let columns: Vec<u64> = steps(scope).into_iter().flatten().collect();
        self.known
            .retain(|step, _| *step == here || columns.contains(step));
        for step in std::iter::once(here).chain(columns) {
            if self.known.contains_key(&step) {
                continue;
            }
            if start.elapsed() > PIECE {
                return false;
            }
            let net = |snapshot: &Snapshot| {
                let recipe = scope.run.as_of(snapshot.step);
                let lens = Lens::new(&snapshot.net, &recipe, scope.pool);
                lens.norms(&snapshot.net, &scope.data.test, IMAGES)
            };
            let norms = if step == here {
                Some(net(scope.snapshot))
            } else {
                scope.tape.snapshot(step).as_deref().map(net)
            };
            self.known.extend(norms.map(|norms| (step, norms.into())));
        }
        true
    }

    /// Those of a step, or of the last before it that are known, and of which that is.
    pub(super) fn of_step(&self, step: u64) -> Option<(u64, Arc<[Norms]>)> {
        let (at, last) = self.known.range(..=step).next_back()?;
        Some((*at, Arc::clone(last)))
    }

    /// Those of each column of the film, as far as they are known; none without a film.
    pub(super) fn columns(&self, scope: &Scope) -> Vec<Option<Arc<[Norms]>>> {
        if scope.tape.told().steps.len() < 2 {
            return Vec::new();
        }
        let columns = steps(scope).into_iter();
        columns
            .map(|step| self.known.get(&step?).cloned())
            .collect()
    }
}

/// The last kept step of each column, up to the moment that is looked at.
fn steps(scope: &Scope) -> Vec<Option<u64>> {
    let per_epoch = scope.recipe.steps_per_epoch(scope.data.train.len());
    let film = Film::new(per_epoch, scope.recipe.epochs);
    let told = scope.tape.told();
    let here = scope.snapshot.step;
    let last = told.steps.last().copied().unwrap_or(0).max(here);
    let length = film.duration().max(film.time_of(last));
    let column = |step: u64| {
        let part = film.time_of(step) / length * COLUMNS as f64;
        (part as usize).min(COLUMNS - 1)
    };
    let mut steps = vec![None; COLUMNS];
    for &step in told.steps.iter().filter(|step| **step <= here) {
        steps[column(step)] = Some(step);
    }
    steps
}
