//! Looks through the eyes of a network: what it makes of ten samples, and
//! where it puts every held-out image.

use std::sync::Arc;

use ndarray::{Array2, ArrayView2};

use super::{nice::GrowingRange, projection::Projection};
use crate::{
    data::{CLASSES, Dataset, Split},
    lens::{Lens, Sample},
    message::{Map, Row, SampleId},
    nn::Code,
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

/// Standard deviations of the distribution that Gaussian codes are held to for
/// which a map has room from the start: 99 of 100 draws lie within.
const PRIOR_REACH: f32 = 3.0;

/// The map and what it must remember from one picture to the next.
#[derive(Debug)]
pub(super) struct Cartographer {
    projection: Projection,
    ranges: [GrowingRange; 2],
    labels: Arc<[u8]>,
    code: Code,
}

impl Cartographer {
    pub(super) fn new(test: &Split, code: Code) -> Self {
        Self {
            projection: Projection::default(),
            ranges: [GrowingRange::new(); 2],
            labels: test.labels().into(),
            code,
        }
    }

    /// The map of these codes of the held-out images.
    pub(super) fn draw(
        &mut self,
        codes: ArrayView2<f32>,
        chosen: &Sample,
        digit_losses: Option<[f32; CLASSES]>,
    ) -> Map {
        self.projection.follow(codes);
        let labels = &self.labels;
        let points = self.projection.places(codes, |row| f32::from(labels[row]));
        for (axis, range) in self.ranges.iter_mut().enumerate() {
            range.include(&mut points.iter().map(|point| point[axis]).collect::<Vec<_>>());
            if self.code == Code::Gaussian && codes.ncols() == 2 {
                range.include(&mut [-PRIOR_REACH, PRIOR_REACH]);
            }
        }
        Map {
            plane: Projection::plane(codes.ncols()),
            chosen: self.place(chosen),
            prior: self.prior(codes.ncols()),
            range: self.ranges(codes.ncols()),
            digit_losses,
            labels: Arc::clone(&self.labels),
            points,
        }
    }

    /// A code of one value has the digits on its other axis.
    fn ranges(&self, latent: usize) -> [[f32; 2]; 2] {
        let [x, y] = self.ranges.map(GrowingRange::ends);
        let digits = [0.0, (CLASSES - 1) as f32];
        [x, if latent == 1 { digits } else { y }]
    }

    /// The axes are two code values or orthonormal directions among them, and so
    /// the standard normal distribution has its shape on any map.
    fn prior(&self, latent: usize) -> Option<[f32; 2]> {
        if self.code != Code::Gaussian || latent < 2 {
            return None;
        }
        let middle = Array2::zeros((1, latent));
        Some(self.projection.places(middle.view(), |_| 0.0)[0])
    }

    /// Where a sample lies on the map as it was last drawn.
    pub(super) fn place(&self, sample: &Sample) -> [f32; 2] {
        let code = ArrayView2::from_shape((1, sample.code.len()), &sample.code)
            .expect("one row holds the whole code");
        self.projection.places(code, |_| f32::from(sample.label))[0]
    }
}
