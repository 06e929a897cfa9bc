//! What no tensor tells of a network, found by trying: each reading of a file has to draw some
//! images, and the one that it was trained with draws them better.
//!
//! Where that is not clear nothing is taken for granted, and somebody has to say it.

use std::path::Path;

use anyhow::anyhow;

use super::images::DataSet;
use crate::{
    data::{Dataset, Split},
    measure::mean_image_loss,
    nn::{Autoencoder, Cost, Evaluator, Objective},
    pool::Pool,
    store::weights::{self, Claim, Saved},
    words::counted,
};

/// As many images tell it, and so many at least.
const IMAGES: usize = 500;
const FEWEST: usize = 100;

/// How many times the loss of the reading that is taken any other has to have.
///
/// Measured on these 500 test images with 10 networks of two to 32 values, of two seeds each, after
/// 1 to 5,625 steps: the reading that was wrong drew better by 2.6 % at most, of codes with a ReLU,
/// whose training hardly depended on it. This is twice as far, and linear codes that have learnt
/// anything are beyond it by far: 12 % and more after an epoch.
const MARGIN: f64 = 1.05;

/// Reads weights; where the file leaves several readings, the images of `data` decide, or MNIST.
pub(super) fn load(path: &Path, claim: &Claim, data: Option<&DataSet>) -> anyhow::Result<Saved> {
    let found = weights::find(path, Some(claim))?;
    let readings = &found.readings.all;
    if readings.len() == 1 {
        return Ok(weights::settled(path, found)?);
    }
    let data = match data {
        Some(data) => data.images()?,
        None => DataSet::inside().images()?,
    };
    let Some(trial) = Trial::of(readings.iter().map(|reading| &reading.net), &data) else {
        return Ok(weights::settled(path, found)?);
    };
    let name = |number: usize| &*readings[number].name;
    if let Some(best) = trial.best() {
        let told = format!("read {}", trial.told(best, name));
        let mut saved = found.read_as(best);
        saved.remarks.push(told);
        return Ok(saved);
    }
    let told = trial.told(0, name);
    let settled = weights::settled(path, found);
    settled.map_err(|refusal| anyhow!("{refusal}; trying does not tell: {told}"))
}

/// What the readings of a file made of images.
#[derive(Debug)]
struct Trial {
    /// The mean cross-entropy of each.
    losses: Vec<f64>,
    /// That of the images' own mean, whatever the image.
    mean_image: f64,
    images: usize,
}

impl Trial {
    /// `None` where there are too few images, or they are not what the networks take.
    fn of<'a>(nets: impl Iterator<Item = &'a Autoencoder>, data: &Dataset) -> Option<Self> {
        let images = few(&data.test)?;
        let pool = Pool::of_the_machine();
        let loss = |net: &Autoencoder| {
            if net.image.pixels() != images.size().pixels() {
                return None;
            }
            let costs = Evaluator::new(net).costs(
                &pool,
                images.len(),
                |number| images.image(number),
                Objective::default(),
                |_, _| {},
            );
            Some(f64::from(Cost::mean(&costs).reconstruction))
        };
        Some(Self {
            losses: nets.map(loss).collect::<Option<_>>()?,
            mean_image: mean_image_loss(&images, &images),
            images: images.len(),
        })
    }

    /// The reading that is clearly better than the others, of a network that has learnt
    /// something.
    fn best(&self) -> Option<usize> {
        let numbers = 0..self.losses.len();
        let best = numbers.min_by(|a, b| self.losses[*a].total_cmp(&self.losses[*b]))?;
        let loss = self.losses[best];
        let clear = |(number, other): (usize, &f64)| number == best || *other >= MARGIN * loss;
        let is_clear = self.losses.iter().enumerate().all(clear);
        (is_clear && loss < self.mean_image).then_some(best)
    }

    /// `as linear: 0.189 on 500 images, 0.250 as relu`.
    fn told<'a>(&self, first: usize, name: impl Fn(usize) -> &'a str) -> String {
        let mut words = format!(
            "as {}: {:.3} on {}",
            name(first),
            self.losses[first],
            counted(self.images as u64, "image")
        );
        for (number, loss) in self.losses.iter().enumerate() {
            if number != first {
                words = format!("{words}, {loss:.3} as {}", name(number));
            }
        }
        words
    }
}

/// The first images of a split.
fn few(images: &Split) -> Option<Split> {
    let count = images.len().min(IMAGES);
    let pixels = images.pixels()[..count * images.size().pixels()].to_vec();
    let labels = images.labels()[..count].to_vec();
    (count >= FEWEST).then(|| Split::of_size(images.size(), pixels, labels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_taken_where_it_is_clearly_better_and_the_network_has_learnt() {
        let best = |losses: &[f64]| {
            let trial = Trial {
                losses: losses.to_vec(),
                mean_image: 0.25,
                images: 500,
            };
            trial.best()
        };
        assert_eq!(best(&[0.25, 0.189]), Some(1));
        assert_eq!(best(&[0.189, 0.25]), Some(0));
        assert_eq!(best(&[0.1, 0.104]), None);
        assert_eq!(best(&[0.1, 0.1]), None);
        assert_eq!(best(&[0.26, 0.5]), None);
        assert_eq!(best(&[f64::NAN, 0.2]), None);
    }

    #[test]
    fn what_was_tried_is_told_with_what_was_taken_first() {
        let trial = Trial {
            losses: vec![0.2501, 0.1888],
            mean_image: 0.25,
            images: 500,
        };
        let told = trial.told(1, |number| ["relu", "linear"][number]);
        assert_eq!(told, "as linear: 0.189 on 500 images, 0.250 as relu");
    }
}
