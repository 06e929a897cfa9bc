//! Images in the order that was asked for, which stands until another is.

use std::sync::Arc;

use ndarray::{Array2, ArrayView1};

use super::super::Scope;
use crate::{
    data::Split,
    message::{Losses, Order, SamplesAsk, SplitName, Wall},
};

/// The last order, and the codes that some are made of.
#[derive(Default)]
pub(super) struct Walls {
    last: Option<(SplitName, Arc<Wall>)>,
    /// The codes of all images of a split that no survey has.
    codes: Option<(SplitName, u64, Array2<f32>)>,
    /// The first of them, while others are made.
    part: Option<(SplitName, u64, Vec<f32>)>,
}

impl Walls {
    /// Encodes some more images of a split, where no survey does. Whether all are done.
    pub(super) fn study(&mut self, split: SplitName, scope: &Scope) -> bool {
        let of = (split, scope.snapshot.step);
        let known = |(split, step, _): &(SplitName, u64, _)| (*split, *step) == of;
        if split == SplitName::Test || self.codes.as_ref().is_some_and(known) {
            return true;
        }
        let begun = self.part.take();
        let begun = begun.filter(|(split, step, _)| (*split, *step) == of);
        let mut codes = begun.map_or_else(Vec::new, |(.., codes)| codes);
        let images = split.of(scope.data);
        let latent = scope.recipe.architecture().latent();
        let piece = scope.lens.piece(images, codes.len() / latent);
        let all = piece.end == images.len();
        codes.extend(scope.lens.codes_of(images, piece));
        if all {
            let codes = Array2::from_shape_vec((images.len(), latent), codes);
            let codes = codes.expect("a code for each image");
            self.codes = Some((split, of.1, codes));
        } else {
            self.part = Some((split, of.1, codes));
        }
        all
    }

    /// The order that is asked for: the same as long as the same is asked for.
    pub(super) fn of(
        &mut self,
        ask: &SamplesAsk,
        losses: Option<&Losses>,
        scope: &Scope,
    ) -> Arc<Wall> {
        if let Some((split, wall)) = &self.last
            && (*split, wall.sort) == (ask.split, ask.sort)
            && !wall.waits
        {
            return Arc::clone(wall);
        }
        let wall = Arc::new(self.sorted(ask, losses, scope));
        self.last = Some((ask.split, Arc::clone(&wall)));
        wall
    }

    fn sorted(&self, ask: &SamplesAsk, losses: Option<&Losses>, scope: &Scope) -> Wall {
        let split = ask.split.of(scope.data);
        let sort = ask.sort;
        let mut order = chosen(split, ask, losses);
        let step = match (sort.order, losses, self.codes(ask.split, scope)) {
            (Order::Nearest(image), _, Some((step, codes)))
                if image.split == ask.split && image.index < codes.nrows() =>
            {
                let from = codes.row(image.index);
                by(&mut order, |image| distance(from, codes.row(image)));
                Some(step)
            }
            (Order::Worst, Some(losses), _) => {
                by(&mut order, |image| -losses.by_image[image]);
                Some(losses.step)
            }
            (Order::Best, Some(losses), _) => {
                by(&mut order, |image| losses.by_image[image]);
                Some(losses.step)
            }
            (Order::Digit, Some(losses), _) => {
                by(&mut order, |image| -losses.by_image[image]);
                order.sort_by_key(|&image| split.label(image as usize));
                Some(losses.step)
            }
            (Order::Index, Some(losses), _) => sort.beyond.map(|_| losses.step),
            _ => None,
        };
        let indexed = sort.order == Order::Index && (sort.beyond.is_none() || losses.is_some());
        Wall {
            sort,
            order,
            step,
            waits: step.is_none() && !indexed,
        }
    }

    fn codes<'a>(&'a self, split: SplitName, scope: &'a Scope) -> Option<(u64, &'a Array2<f32>)> {
        if split == SplitName::Test {
            let survey = scope.survey?;
            return Some((survey.step, &*survey.codes));
        }
        let (of, step, codes) = self.codes.as_ref()?;
        (*of == split).then_some((*step, codes))
    }
}

/// The images that are asked for, in the order of the data. Beyond a line there are none until
/// losses are known.
fn chosen(split: &Split, ask: &SamplesAsk, losses: Option<&Losses>) -> Vec<u32> {
    let beyond = |image: usize| match (ask.sort.beyond, losses) {
        (None, _) => true,
        (Some(line), Some(losses)) => losses.by_image[image] > line,
        (Some(_), None) => false,
    };
    let labelled = |image: usize| ask.sort.labels.contains(split.label(image));
    let images = (0..split.len()).filter(|&image| labelled(image) && beyond(image));
    images.map(|image| image as u32).collect()
}

/// Sorts images by a number, the least first; of equal ones the first in the data. The number of
/// each is asked for once: a distance in a long code is dear.
fn by(order: &mut [u32], mut number: impl FnMut(usize) -> f32) {
    let numbers = order.iter().map(|&image| number(image as usize));
    let mut numbered: Vec<(f32, u32)> = numbers.zip(order.iter().copied()).collect();
    numbered.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    for (place, (_, image)) in order.iter_mut().zip(numbered) {
        *place = image;
    }
}

fn distance(one: ArrayView1<f32>, other: ArrayView1<f32>) -> f32 {
    let squares = one
        .iter()
        .zip(other)
        .map(|(one, other)| (one - other).powi(2));
    squares.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_asked_for_once_and_of_equals_the_first_comes_first() {
        let mut order: Vec<u32> = (0..100).collect();
        let mut asked = 0;
        by(&mut order, |image| {
            asked += 1;
            (image % 10) as f32
        });
        assert_eq!(asked, 100);
        assert_eq!(order[..11], [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 1]);
    }
}
