//! What the answers of a lens become on the screen: ten samples, and the loss of each class.

use std::sync::Arc;

use crate::{
    data::Dataset,
    lens::Lens,
    message::{Row, SampleId},
};

/// The chosen sample among its ten.
pub(super) fn row(lens: &Lens, data: &Dataset, chosen: SampleId) -> Row {
    let split = chosen.split.of(data);
    let chosen = SampleId {
        index: chosen.index.min(split.len() - 1),
        ..chosen
    };
    let first = chosen.index - chosen.index % Row::LENGTH;
    let last = (first + Row::LENGTH).min(split.len());
    Row {
        chosen,
        samples: lens.samples(split, first..last),
    }
}

/// The mean of the losses of each class's images; NaN for one without any.
pub(super) fn class_losses(losses: &[f32], labels: &[u8], classes: usize) -> Arc<[f32]> {
    let mut sums = vec![(0.0, 0u32); classes];
    for (loss, &label) in losses.iter().zip(labels) {
        if let Some((sum, images)) = sums.get_mut(usize::from(label)) {
            *sum += f64::from(*loss);
            *images += 1;
        }
    }
    let means = sums
        .into_iter()
        .map(|(sum, images)| sum / f64::from(images));
    means.map(|mean| mean as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_the_mean_of_its_own_and_none_without_images() {
        let means = class_losses(&[1.0, 2.0, 4.0, 9.0], &[46, 0, 46, 63], 47);
        assert_eq!((means.len(), means[0], means[46]), (47, 2.0, 2.5));
        assert!(means[1..46].iter().all(|mean| mean.is_nan()));
    }
}
