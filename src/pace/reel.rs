//! Which moments of a run are kept, when not all can be.
//!
//! Moments have *marks*, whole numbers that grow with the run: twentieths of a second
//! of film time, or parts of an epoch. A reel takes those that its stride divides. When it is full
//! every second one goes and the stride doubles, so that a run of any length is kept
//! evenly. Which ones are left depends on marks alone, never on when they came or
//! how fast: the same run keeps the same moments at any pace. It holds no clock and
//! does not know what it holds.

use std::collections::BTreeMap;

/// Some of a run's moments, by their steps.
#[derive(Debug, Clone)]
pub struct Reel<T> {
    /// More than this are never held.
    most: usize,
    /// Marks from one that is kept to the next.
    stride: u64,
    kept: BTreeMap<u64, Kept<T>>,
}

#[derive(Debug, Clone)]
struct Kept<T> {
    mark: u64,
    what: T,
}

impl<T> Reel<T> {
    /// An empty reel for up to `most` moments; one at least.
    pub fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            stride: 1,
            kept: BTreeMap::new(),
        }
    }

    /// Whether a moment of this mark is kept, as far as is known now.
    pub fn wants(&self, mark: u64) -> bool {
        mark.is_multiple_of(self.stride)
    }

    /// Keeps a moment, if its mark is wanted.
    pub fn put(&mut self, step: u64, mark: u64, what: T) {
        if !self.wants(mark) {
            return;
        }
        self.kept.insert(step, Kept { mark, what });
        while self.kept.len() > self.most {
            self.stride = self.stride.saturating_mul(2);
            let stride = self.stride;
            self.kept.retain(|_, kept| kept.mark.is_multiple_of(stride));
        }
    }

    /// The last moment at or before this step.
    pub fn at_or_before(&self, step: u64) -> Option<(u64, &T)> {
        let (step, kept) = self.kept.range(..=step).next_back()?;
        Some((*step, &kept.what))
    }

    /// The first moment after this step.
    pub fn after(&self, step: u64) -> Option<(u64, &T)> {
        let (step, kept) = self.kept.range(step.checked_add(1)?..).next()?;
        Some((*step, &kept.what))
    }

    /// The moment nearest to this step; of two as near, the earlier.
    pub fn nearest(&self, step: u64) -> Option<(u64, &T)> {
        match (self.at_or_before(step), self.after(step)) {
            (Some(before), Some(after)) if after.0 - step < step - before.0 => Some(after),
            (Some(before), _) => Some(before),
            (None, after) => after,
        }
    }

    /// The steps that are kept, in order.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = u64> {
        self.kept.keys().copied()
    }

    /// All that is kept: step, mark and moment, in order.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64, &T)> {
        let kept = self.kept.iter();
        kept.map(|(&step, kept)| (step, kept.mark, &kept.what))
    }

    /// Forgets what came after this step, as when a run goes on from there.
    pub fn cut(&mut self, step: u64) {
        if let Some(next) = step.checked_add(1) {
            self.kept.split_off(&next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn steps(reel: &Reel<u64>) -> Vec<u64> {
        reel.steps().collect()
    }

    #[test]
    fn a_full_reel_keeps_every_second_moment() {
        let mut reel = Reel::new(4);
        for step in 0..5 {
            reel.put(10 * step, step, step);
        }
        assert_eq!(steps(&reel), [0, 20, 40]);
        assert!(!reel.wants(5) && reel.wants(6));
        reel.put(50, 5, 5);
        assert_eq!(steps(&reel), [0, 20, 40]);
    }

    #[test]
    fn a_moment_that_is_not_kept_has_neighbours() {
        let mut reel = Reel::new(10);
        assert_eq!(reel.nearest(3), None);
        for step in [10, 20, 40] {
            reel.put(step, step, step);
        }
        let nearest = |step| reel.nearest(step).map(|(step, _)| step);
        assert_eq!(
            [0, 14, 15, 16, 31, 99].map(nearest),
            [10, 10, 10, 20, 40, 40].map(Some)
        );
        assert_eq!(reel.at_or_before(9), None);
        assert_eq!(reel.at_or_before(39), Some((20, &20)));
        assert_eq!(reel.after(20), Some((40, &40)));
        assert_eq!(reel.after(u64::MAX), None);
    }

    #[test]
    fn what_came_later_is_cut_off() {
        let mut reel = Reel::new(10);
        for step in [10, 20, 40] {
            reel.put(step, step, step);
        }
        reel.cut(20);
        assert_eq!(steps(&reel), [10, 20]);
        reel.cut(u64::MAX);
        assert_eq!(steps(&reel), [10, 20]);
    }

    proptest! {
        /// However long the run, the room is kept to and no gap is more than twice another.
        #[test]
        fn moments_are_kept_evenly_within_the_room(most in 2_usize..50, marks in 1_u64..500) {
            let mut reel = Reel::new(most);
            for mark in 0..marks {
                reel.put(mark, mark, mark);
                prop_assert!(reel.kept.len() <= most);
            }
            let kept = steps(&reel);
            let stride = reel.stride;
            prop_assert!(kept.iter().enumerate().all(|(n, step)| *step == n as u64 * stride));
            prop_assert!(stride == 1 || kept.len() * 2 >= most, "no more are dropped than must be");
        }
    }
}
