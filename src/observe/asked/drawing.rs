//! What the network makes of a picture of the viewer's own, and how usual that is.

use ndarray::Array2;

use super::Scope;
use crate::{
    data::{Split, corrupt::Noise},
    lens::{Lens, Sample},
    measure::{Gaps, Nearby},
    message::{Around, DrawAnswer, DrawAsk, Made},
    nn::Cost,
    recipe::Recipe,
};

/// What is kept between strokes.
#[derive(Default)]
pub(super) struct Drawing {
    /// The last nearest image, which few strokes change.
    nearest: Option<(u64, Sample)>,
    /// How far the codes of images are from one another.
    gaps: Option<(u64, Gaps)>,
}

impl Drawing {
    /// How far the codes of all images are from one another.
    pub(super) fn study(&mut self, scope: &Scope) {
        let Some(survey) = scope.survey else { return };
        let codes = survey.codes.view();
        let gaps = Gaps::of(codes, &Nearby::of(codes), scope.pool);
        self.gaps = Some((survey.step, gaps));
    }

    /// The answer to it.
    pub(super) fn answer(&mut self, ask: &DrawAsk, scope: &Scope) -> DrawAnswer {
        let pixels = scope.recipe.image.pixels();
        let picture = ask.picture.as_ref();
        let picture = picture.filter(|picture| picture.len() == pixels);
        DrawAnswer {
            step: scope.snapshot.step,
            made: picture.map(|picture| self.made_of(picture, scope)),
        }
    }

    fn made_of(&mut self, picture: &[u8], scope: &Scope) -> Made {
        let clean = Recipe {
            noise: Noise::None,
            ..scope.recipe.clone()
        };
        let lens = Lens::new(&scope.snapshot.net, &clean, scope.pool);
        let alone = Split::of_size(clean.image, picture.to_vec(), vec![0]);
        let sample = lens.samples(&alone, 0..1).remove(0);
        let survey = scope.survey.filter(|survey| scope.is_of_now(survey.step));
        let costs = survey.and_then(|survey| survey.costs.as_deref());
        Made {
            place: (scope.place)(&sample),
            worse_than: costs.and_then(|costs| worse_than(sample.loss, costs)),
            around: self.around(&sample, scope),
            sample,
        }
    }

    fn around(&mut self, sample: &Sample, scope: &Scope) -> Option<Around> {
        let survey = scope.survey.filter(|survey| scope.is_of_now(survey.step))?;
        let nearest = nearest(&sample.code, &survey.codes, Around::NEIGHBOURS);
        let &(gap, index) = nearest.first()?;
        let known = self.nearest.take();
        let known =
            known.filter(|(step, nearest)| (*step, nearest.index) == (scope.snapshot.step, index));
        let (_, image) = self.nearest.insert(known.unwrap_or_else(|| {
            let images = scope.lens.samples(&scope.data.test, index..index + 1);
            (
                scope.snapshot.step,
                images.into_iter().next().expect("one was asked for"),
            )
        }));
        Some(Around {
            nearest: image.clone(),
            gap,
            farther_than: self.farther_than(gap, survey.step),
            labels: counted(
                nearest
                    .iter()
                    .map(|&(_, index)| scope.data.test.label(index)),
            ),
        })
    }
}

impl Drawing {
    /// The share of images that are nearer to another than so far. What was studied of a later
    /// moment does not judge one before.
    fn farther_than(&self, gap: f32, step: u64) -> Option<f32> {
        let (studied, gaps) = self.gaps.as_ref()?;
        let narrower = gaps.narrower(gap).filter(|_| *studied <= step)?;
        Some(narrower as f32)
    }
}

/// The share of images that cost less.
fn worse_than(loss: f32, costs: &[Cost]) -> Option<f32> {
    let less = costs.iter().filter(|cost| cost.reconstruction < loss);
    (!costs.is_empty()).then(|| less.count() as f32 / costs.len() as f32)
}

/// The nearest codes to one, with their distances: the nearest first, and of two that are
/// equally far the first.
fn nearest(code: &[f32], codes: &Array2<f32>, count: usize) -> Vec<(f32, usize)> {
    let squares = |row: ndarray::ArrayView1<f32>| {
        let apart = row
            .iter()
            .zip(code)
            .map(|(one, other)| (one - other).powi(2));
        apart.sum::<f32>()
    };
    let mut all: Vec<(f32, usize)> = codes.rows().into_iter().map(squares).zip(0..).collect();
    let order = |one: &(f32, usize), other: &(f32, usize)| {
        one.0.total_cmp(&other.0).then(one.1.cmp(&other.1))
    };
    let count = count.min(all.len());
    if count > 0 {
        all.select_nth_unstable_by(count - 1, order);
    }
    all.truncate(count);
    all.sort_unstable_by(order);
    all.into_iter()
        .map(|(square, index)| (square.sqrt(), index))
        .collect()
}

/// Each label and how often it comes, the most frequent first.
fn counted(labels: impl Iterator<Item = u8>) -> Vec<(u8, usize)> {
    let mut counts = [0; 256];
    for label in labels {
        counts[usize::from(label)] += 1;
    }
    let mut counted: Vec<(u8, usize)> = (0..=u8::MAX)
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .collect();
    counted.sort_by_key(|&(label, count)| (std::cmp::Reverse(count), label));
    counted
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn the_nearest_come_first_and_no_more_than_there_are() {
        let codes = array![[0.0, 0.0], [3.0, 4.0], [1.0, 0.0], [0.0, 1.0]];
        let found = nearest(&[0.0, 0.0], &codes, 3);
        assert_eq!(found, [(0.0, 0), (1.0, 2), (1.0, 3)]);
        assert_eq!(nearest(&[0.0, 0.0], &codes, 100).len(), 4);
        assert_eq!(nearest(&[0.0, 0.0], &Array2::zeros((0, 2)), 5), []);
    }

    #[test]
    fn labels_are_counted_the_most_frequent_first() {
        let labels = [7, 1, 7, 3, 1, 7];
        assert_eq!(counted(labels.into_iter()), [(7, 3), (1, 2), (3, 1)]);
    }

    #[test]
    fn a_loss_is_ranked_among_those_of_images() {
        let costs: Vec<Cost> = [0.1, 0.2, 0.3, 0.4]
            .map(|reconstruction| Cost {
                reconstruction,
                ..Cost::default()
            })
            .into();
        assert_eq!(worse_than(0.3, &costs), Some(0.5));
        assert_eq!(worse_than(9.0, &costs), Some(1.0));
        assert_eq!(worse_than(0.3, &[]), None);
    }
}
