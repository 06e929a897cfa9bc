//! The loss of every step, as far back as there is reason to: what the last steps cost
//! at any moment, and what its epoch had come to.

use std::collections::VecDeque;

use crate::message::Report;

/// Steps kept one by one: four megabytes, and some hundreds of the tutorial's epochs.
const MOST: usize = 1 << 20;
/// Steps that are shown one by one: more than the widest row of the screen.
const SHOWN: usize = 400;

/// Losses by their steps.
#[derive(Debug, Clone)]
pub(super) struct Losses {
    /// The step of the first of them.
    first: u64,
    all: VecDeque<f32>,
    batch: usize,
    images_per_epoch: usize,
}

impl Losses {
    /// None yet; of epochs of so many images, so many a step.
    pub(super) fn new(batch: usize, images_per_epoch: usize) -> Self {
        Self {
            first: 1,
            all: VecDeque::new(),
            batch,
            images_per_epoch,
        }
    }

    pub(super) fn absorb(&mut self, report: &Report) {
        self.extend(report.first_step, &report.losses);
    }

    /// Those from that step on; what does not reach up to it is forgotten.
    pub(super) fn extend(&mut self, first_step: u64, losses: &[f32]) {
        if self.first + self.all.len() as u64 != first_step {
            self.all.clear();
        }
        if self.all.is_empty() {
            self.first = first_step;
        }
        self.all.extend(losses);
        let beyond = self.all.len().saturating_sub(MOST);
        self.all.drain(..beyond);
        self.first += beyond as u64;
    }

    /// Forgets those of later steps.
    pub(super) fn cut(&mut self, step: u64) {
        let known = (step + 1).saturating_sub(self.first);
        self.all
            .truncate(usize::try_from(known).unwrap_or(usize::MAX));
    }

    /// Those after one step up to another, each with its step, as far as they are known.
    pub(super) fn between(&self, after: u64, to: u64) -> impl Iterator<Item = (u64, f32)> {
        let all = (self.first..).zip(self.all.iter().copied());
        let skipped = (after + 1).saturating_sub(self.first);
        let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
        all.skip(skipped).take_while(move |(step, _)| *step <= to)
    }

    /// Those of the last steps up to this one, oldest first, as far as they are known.
    pub(super) fn up_to(
        &self,
        step: u64,
    ) -> impl ExactSizeIterator<Item = f32> + DoubleEndedIterator {
        let end = self.place_after(step).unwrap_or(0);
        self.all.range(end.saturating_sub(SHOWN)..end).copied()
    }

    /// Where the losses after this step begin, if its own and all before are known.
    fn place_after(&self, step: u64) -> Option<usize> {
        let place = (step + 1).saturating_sub(self.first);
        usize::try_from(place)
            .ok()
            .filter(|place| *place <= self.all.len())
    }

    /// The mean over the images of the epoch that this step belongs to, up to it, added up
    /// as the trainer does; if all of its steps are known.
    pub(super) fn of_epoch(&self, step: u64) -> Option<f32> {
        let steps = self.images_per_epoch.div_ceil(self.batch) as u64;
        let begin = step.checked_sub(1)? / steps * steps;
        if begin + 1 < self.first {
            return None;
        }
        let range = self.place_after(begin)?..self.place_after(step)?;
        let (mut sum, mut images) = (0.0, 0);
        for &loss in self.all.range(range) {
            let batch = self.batch.min(self.images_per_epoch - images);
            sum += f64::from(loss) * batch as f64;
            images += batch;
        }
        Some((sum / images as f64) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten steps of three images, the fourth of an epoch of one, told from after `first` on.
    fn told_from(first: u64) -> Losses {
        let mut losses = Losses::new(3, 10);
        losses.first = first + 1;
        losses.all = (first + 1..=10).map(|step| step as f32).collect();
        losses
    }

    #[test]
    fn the_last_steps_are_those_up_to_the_moment() {
        let losses = told_from(0);
        let up_to = |step| losses.up_to(step).collect::<Vec<_>>();
        assert_eq!(up_to(3), [1.0, 2.0, 3.0]);
        assert!(up_to(0).is_empty());
        assert!(up_to(11).is_empty(), "of a moment that is not known");
        assert_eq!(told_from(5).up_to(7).collect::<Vec<_>>(), [6.0, 7.0]);
        assert_eq!(told_from(5).up_to(3).len(), 0);
    }

    #[test]
    fn an_epoch_so_far_is_the_mean_over_its_images() {
        let losses = told_from(0);
        assert_eq!(losses.of_epoch(0), None);
        assert_eq!(losses.of_epoch(2), Some(1.5));
        // The last batch is one image.
        assert_eq!(losses.of_epoch(4), Some((3.0 * 6.0 + 4.0) / 10.0));
        assert_eq!(losses.of_epoch(5), Some(5.0));
        assert_eq!(losses.of_epoch(11), None);
        let late = told_from(5);
        assert_eq!((late.of_epoch(7), late.of_epoch(9)), (None, Some(9.0)));
    }
}
