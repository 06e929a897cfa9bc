//! What the answers of a lens become on the screen: ten samples, and the loss of each digit.

use crate::{
    data::{CLASSES, Dataset},
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

/// The mean of the losses of each digit's images; NaN for a digit without any.
pub(super) fn digit_losses(losses: &[f32], labels: &[u8]) -> [f32; CLASSES] {
    std::array::from_fn(|digit| {
        let of_digit = losses
            .iter()
            .zip(labels)
            .filter(|&(_, &label)| usize::from(label) == digit);
        let (sum, images) = of_digit.fold((0.0, 0u32), |(sum, n), (loss, _)| {
            (sum + f64::from(*loss), n + 1)
        });
        (sum / f64::from(images)) as f32
    })
}
