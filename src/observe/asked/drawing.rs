//! What the network makes of a picture of the viewer's own, and how usual that is.

use super::{Scope, neighbourhood::Neighbourhood};
use crate::{
    data::{Split, corrupt::Noise},
    lens::{Lens, Sample},
    message::{Around, DrawAnswer, DrawAsk, Made},
    nn::Cost,
    recipe::Recipe,
};

/// What is kept between strokes.
#[derive(Default)]
pub(super) struct Drawing {
    /// The last nearest image, which few strokes change.
    nearest: Option<(u64, Sample)>,
}

impl Drawing {
    /// The answer to it.
    pub(super) fn answer(
        &mut self,
        ask: &DrawAsk,
        around: &mut Neighbourhood,
        scope: &Scope,
    ) -> DrawAnswer {
        around.attend(scope);
        let pixels = scope.recipe.image.pixels();
        let picture = ask.picture.as_ref();
        let picture = picture.filter(|picture| picture.len() == pixels);
        DrawAnswer {
            step: scope.snapshot.step,
            real_at: scope.survey.map(|survey| survey.step),
            made: picture.map(|picture| self.made_of(picture, around, scope)),
        }
    }

    fn made_of(&mut self, picture: &[u8], around: &Neighbourhood, scope: &Scope) -> Made {
        let clean = Recipe {
            noise: Noise::None,
            ..scope.recipe.clone()
        };
        let lens = Lens::new(&scope.snapshot.net, &clean, scope.pool);
        let alone = Split::of_size(clean.image, picture.to_vec(), vec![0]);
        let sample = lens.samples(&alone, 0..1).remove(0);
        // What all images came to judges what the same weights make of the picture. That of a
        // later moment says nothing of one that was gone back to.
        let survey = scope
            .survey
            .filter(|survey| survey.step <= scope.snapshot.step);
        let then = survey.and_then(|survey| {
            if survey.step == scope.snapshot.step {
                return Some(sample.clone());
            }
            let net = &survey.snapshot.as_ref()?.net;
            let lens = Lens::new(net, &clean, scope.pool);
            Some(lens.samples(&alone, 0..1).remove(0))
        });
        let costs = survey.and_then(|survey| survey.costs.as_deref());
        let loss = then.as_ref().map(|then| then.loss);
        Made {
            place: scope.place(&sample),
            worse_than: loss
                .zip(costs)
                .and_then(|(loss, costs)| worse_than(loss, costs)),
            around: then.and_then(|then| self.around(&then, around, scope)),
            sample,
        }
    }

    fn around(&mut self, sample: &Sample, around: &Neighbourhood, scope: &Scope) -> Option<Around> {
        let nearest = around.nearby()?;
        let nearest = nearest.nearest_few(&sample.code, Around::NEIGHBOURS);
        let &(index, gap) = nearest.first()?;
        let step = scope.snapshot.step;
        let known = self.nearest.take();
        let known = known.filter(|(of, nearest)| (*of, nearest.index) == (step, index));
        let (_, image) = self.nearest.insert(known.unwrap_or_else(|| {
            let images = scope.lens.samples(&scope.data.test, index..index + 1);
            let image = images.into_iter().next().expect("one was asked for");
            (step, image)
        }));
        Some(Around {
            nearest: image.clone(),
            gap,
            farther_than: around.narrower(gap),
            labels: counted(
                nearest
                    .iter()
                    .map(|&(index, _)| scope.data.test.label(index)),
            ),
        })
    }
}

/// The share of images that cost less.
fn worse_than(loss: f32, costs: &[Cost]) -> Option<f32> {
    let less = costs.iter().filter(|cost| cost.reconstruction < loss);
    (!costs.is_empty()).then(|| less.count() as f32 / costs.len() as f32)
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
    use super::*;

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
