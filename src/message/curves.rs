//! The course of a run: the loss of its steps and what was measured of it on the way; and
//! what is asked and answered at a ruler.
//!
//! A [`Course`] is told thirty times a second, so what it holds is shared, not copied.

use std::sync::Arc;

use super::SampleId;
use crate::lens::Sample;

/// What the view asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CurvesAsk {
    /// The step at the ruler, where that is another than the moment that is seen.
    pub step: Option<u64>,
    /// How many moments were told as measured for it: whoever knows these asks for more.
    pub known: usize,
}

/// What it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct CurvesAnswer {
    /// The step whose weights were seen.
    pub step: u64,
    /// The step that was asked for.
    pub asked: u64,
    /// The chosen sample as the weights nearest to the ruler draw it.
    pub drawn: Drawn,
    /// Between what the loss of each digit lies.
    pub scale: DigitScale,
    /// What kept moments came to that were measured for the view, in order.
    pub measured: Arc<[Measured]>,
}

/// A sample as some moment of the run drew it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The step of its weights.
    pub step: u64,
    /// Which sample it is.
    pub id: SampleId,
    /// What they make of it.
    pub sample: Arc<Sample>,
}

/// Between what the loss of each digit's held-out images lies; NaN for a digit without any.
#[derive(Debug, Clone, PartialEq)]
pub struct DigitScale {
    /// What the mean training image costs.
    pub mean_image: Arc<[f32]>,
    /// What a perfect copy costs.
    pub copy: Arc<[f32]>,
}

impl DigitScale {
    /// How much of a digit is learned at this loss: 0 for who answers the mean image, 1 for
    /// who copies; less than 0 for who does worse. Nothing of a digit without images.
    pub fn learned(&self, digit: usize, loss: f32) -> Option<f32> {
        let (mean, copy) = (*self.mean_image.get(digit)?, *self.copy.get(digit)?);
        let learned = (mean - loss) / (mean - copy);
        learned.is_finite().then_some(learned)
    }
}

/// What held-out images cost after a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The step.
    pub step: u64,
    /// The objective's part of a pixel, with the code's price in it.
    pub loss: f32,
    /// Cross-entropy per pixel alone.
    pub reconstruction: f32,
    /// The same of each digit, where there was time for it; NaN for a digit without images.
    pub digits: Option<Arc<[f32]>>,
}

impl Measured {
    /// The price of the code: what the objective counts beside the pictures.
    pub fn price(&self) -> f32 {
        self.loss - self.reconstruction
    }
}

/// Losses of steps, each before its update.
///
/// The first [`EXACT`](Self::EXACT) steps are all kept. Of those after them one in every
/// stretch of steps is, the first that was told; the stretches double whenever there are more
/// than [`MOST`](Self::MOST), so that the memory is bounded, and whatever the steps that
/// somebody tells. A loss that is kept is exact.
#[derive(Debug, Clone)]
pub struct Course {
    /// Full pieces, which are shared with those that were told before.
    full: Vec<Arc<[(u64, f32)]>>,
    open: Vec<(u64, f32)>,
    /// Of the steps beyond the first, one in so many is kept.
    stride: u64,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            full: Vec::new(),
            open: Vec::new(),
            stride: 1,
        }
    }
}

impl Course {
    /// Losses that are kept at most: half a megabyte, and all of the tutorial's run.
    pub const MOST: usize = 1 << 15;
    /// The first steps, in which everything happens.
    pub const EXACT: u64 = 1 << 13;
    /// Losses of a piece: what is copied each time that it is told.
    const PIECE: usize = 1 << 9;

    /// Takes in the loss of a step. One that is not after those before is known already.
    pub fn push(&mut self, step: u64, loss: f32) {
        let last = self.last().map(|(last, _)| last);
        if last.is_some_and(|last| step <= last) || !self.keeps(step, last) {
            return;
        }
        self.open.push((step, loss));
        if self.open.len() == Self::PIECE {
            self.full.push(std::mem::take(&mut self.open).into());
        }
        while self.len() > Self::MOST {
            self.stride = self.stride.saturating_mul(2);
            self.refill(|_| true);
        }
    }

    /// Takes in the loss of a step that may be known: what was told of it counts no more, nor
    /// what was of later ones.
    pub fn tell_again(&mut self, step: u64, loss: f32) {
        if self.last().is_none_or(|(last, _)| last < step) {
            return self.push(step, loss);
        }
        self.cut(step);
        let piece = self.full.last_mut().map(Arc::make_mut);
        let of_piece = piece.and_then(|piece| piece.last_mut());
        match self.open.last_mut().or(of_piece) {
            Some(last) if last.0 == step => last.1 = loss,
            _ => self.push(step, loss),
        }
    }

    /// Whether a step is kept that comes after this one, which is.
    fn keeps(&self, step: u64, last: Option<u64>) -> bool {
        let stretch = |step: u64| step / self.stride;
        step <= Self::EXACT || last.is_none_or(|last| stretch(step) != stretch(last))
    }

    /// Keeps those that are wanted, and that it keeps at all.
    fn refill(&mut self, wanted: impl Fn(u64) -> bool) {
        let mut kept: Vec<(u64, f32)> = Vec::with_capacity(self.len());
        for (step, loss) in self.iter().filter(|(step, _)| wanted(*step)) {
            if self.keeps(step, kept.last().map(|(last, _)| *last)) {
                kept.push((step, loss));
            }
        }
        let pieces = kept.chunks_exact(Self::PIECE);
        self.open = pieces.remainder().to_vec();
        self.full = pieces.map(Arc::from).collect();
    }

    /// Forgets those of later steps.
    pub fn cut(&mut self, step: u64) {
        if self.last().is_some_and(|(last, _)| last > step) {
            self.refill(|kept| kept <= step);
        }
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.full.len() * Self::PIECE + self.open.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Each step and its loss, in order.
    pub fn iter(&self) -> impl Iterator<Item = (u64, f32)> {
        let full = self.full.iter().flat_map(|piece| piece.iter());
        full.chain(&self.open).copied()
    }

    /// The last of them.
    pub fn last(&self) -> Option<(u64, f32)> {
        let full = || self.full.last().and_then(|piece| piece.last());
        self.open.last().or_else(full).copied()
    }

    /// The one at this place of all.
    fn get(&self, place: usize) -> Option<(u64, f32)> {
        match self.full.get(place / Self::PIECE) {
            Some(piece) => piece.get(place % Self::PIECE).copied(),
            None => self
                .open
                .get(place - self.full.len() * Self::PIECE)
                .copied(),
        }
    }

    /// How many are of steps before this one.
    fn before(&self, step: u64) -> usize {
        let is_before =
            |piece: &Arc<[(u64, f32)]>| piece.last().is_some_and(|(last, _)| *last < step);
        let pieces = self.full.partition_point(is_before);
        let piece = self.full.get(pieces).map_or(&self.open[..], |piece| piece);
        pieces * Self::PIECE + piece.partition_point(|(kept, _)| *kept < step)
    }

    /// The one nearest to a step; of two as near, the earlier.
    pub fn nearest(&self, step: u64) -> Option<(u64, f32)> {
        let place = self.before(step);
        let after = self.get(place);
        let before = place.checked_sub(1).and_then(|place| self.get(place));
        match (before, after) {
            (Some(before), Some(after)) if after.0 - step < step - before.0 => Some(after),
            (None, after) => after,
            (before, _) => before,
        }
    }

    /// The next one after a step, or the last before it.
    pub fn beside(&self, step: u64, on: bool) -> Option<(u64, f32)> {
        if on {
            self.get(self.before(step.saturating_add(1)))
        } else {
            self.get(self.before(step).checked_sub(1)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(steps: u64) -> Course {
        let mut course = Course::default();
        for step in 1..=steps {
            course.push(step, step as f32);
        }
        course
    }

    #[test]
    fn every_step_of_the_tutorials_run_is_kept() {
        let course = course(18_750);
        assert_eq!(course.len(), 18_750);
        assert!(course.iter().map(|(step, _)| step).eq(1..=18_750));
    }

    #[test]
    fn a_long_run_is_thinned_within_its_bounds_and_what_is_kept_is_exact() {
        let course = course(300_000);
        assert!(course.len() <= Course::MOST && course.len() > Course::MOST / 2);
        assert!(course.iter().all(|(step, loss)| loss == step as f32));
        let steps: Vec<u64> = course.iter().map(|(step, _)| step).collect();
        assert!(steps.is_sorted_by(|one, next| one < next));
        assert!(
            steps[..Course::EXACT as usize]
                .iter()
                .copied()
                .eq(1..=Course::EXACT)
        );
        let last = course.last().unwrap().0;
        assert!(300_000 - last < course.stride, "{last}");
    }

    #[test]
    fn whatever_the_steps_are_that_are_told_the_curve_goes_to_its_end() {
        for (first, apart) in [(1, 10), (49, 50), (3, 2), (1, 1 << 40)] {
            let mut course = Course::default();
            let steps = || (0..100_000).map(|place| first + apart * place);
            for step in steps() {
                course.push(step, step as f32);
            }
            let kept: Vec<u64> = course.iter().map(|(step, _)| step).collect();
            assert!(kept.len() <= Course::MOST && kept.len() > Course::MOST / 3);
            let gap = |pair: &[u64]| pair[1] - pair[0];
            let widest = kept.windows(2).map(gap).max().unwrap();
            let last = steps().next_back().unwrap();
            assert!(widest <= 8 * apart, "{apart}: {widest}");
            assert!(last - kept.last().unwrap() <= 8 * apart, "{apart}");
        }
    }

    #[test]
    fn what_is_cut_is_as_it_was_then() {
        for (steps, cut) in [(1000, 700), (40_000, 9_000), (40_000, 0), (700, 700)] {
            let mut later = course(steps);
            later.cut(cut);
            assert!(later.last().is_none_or(|(last, _)| last <= cut));
            later.push(cut + 1, 0.5);
            assert!(later.len() > usize::try_from(cut.min(Course::EXACT)).unwrap());
        }
    }

    #[test]
    fn a_step_that_is_known_is_not_told_twice() {
        let mut course = course(600);
        course.push(600, 0.0);
        course.push(5, 0.0);
        assert_eq!((course.len(), course.last()), (600, Some((600, 600.0))));
    }

    #[test]
    fn a_step_that_is_told_again_is_what_it_was_told_last() {
        for steps in [1, 512, 600] {
            let mut again = course(steps);
            let whole = again.full.first().map(Arc::as_ptr);
            again.tell_again(steps, 0.5);
            again.tell_again(steps, 0.25);
            let expected = (1..steps).map(|step| (step, step as f32));
            assert!(again.iter().eq(expected.chain([(steps, 0.25)])), "{steps}");
            assert_eq!(
                again.full.first().map(Arc::as_ptr),
                whole,
                "nothing is refilled"
            );
            again.tell_again(1, 7.0);
            assert!(again.iter().eq([(1, 7.0)]));
        }
    }

    #[test]
    fn the_nearest_and_the_ones_beside_are_found_across_pieces() {
        let mut course = Course::default();
        for step in (10..20_000).step_by(10) {
            course.push(step, 0.0);
        }
        let steps: Vec<u64> = course.iter().map(|(step, _)| step).collect();
        for step in (0..20_100).step_by(7) {
            let nearest = steps
                .iter()
                .copied()
                .min_by_key(|kept| (kept.abs_diff(step), *kept));
            assert_eq!(course.nearest(step).map(|(step, _)| step), nearest);
            let after = steps.iter().copied().find(|kept| *kept > step);
            assert_eq!(course.beside(step, true).map(|(step, _)| step), after);
            let before = steps.iter().copied().rfind(|kept| *kept < step);
            assert_eq!(course.beside(step, false).map(|(step, _)| step), before);
        }
        assert_eq!(Course::default().nearest(3), None);
    }

    #[test]
    fn telling_it_again_shares_what_is_full() {
        let course = course(5000);
        let told = course.clone();
        assert!(
            course
                .full
                .iter()
                .zip(&told.full)
                .all(|(one, other)| Arc::ptr_eq(one, other))
        );
        assert!(told.open.len() < Course::PIECE);
    }

    #[test]
    fn a_digit_is_learned_between_the_mean_image_and_a_copy() {
        let scale = DigitScale {
            mean_image: [0.3, 0.3, 0.3, 0.3, f32::NAN].into(),
            copy: [0.1; 10].into(),
        };
        let learned = scale.learned(0, 0.2).unwrap();
        assert!((learned - 0.5).abs() < 1e-6, "{learned}");
        assert_eq!(
            (scale.learned(0, 0.3), scale.learned(4, 0.2)),
            (Some(0.0), None)
        );
        assert_eq!(scale.learned(1, f32::NAN), None);
    }
}
