//! The rivals of a network: what needs no training, on the same images, with as many
//! numbers for each.

use ndarray::{Array2, ArrayView2};

use super::{
    CalledOff, Effort, Known, Pca, Quality, Reconstruction, Stretch,
    baseline::{mean_image, one_grey},
    median::median_filtered,
    neighbours::vote,
    reconstruction::Answers,
};
use crate::data::{Split, corrupt::Noise};

/// What is measured: which images, against which others, and how they are shown.
#[derive(Debug, Clone)]
pub struct Task<'a> {
    /// The images that rivals are made from and neighbours are looked for among.
    pub train: &'a Split,
    /// The images that are measured on; at least one.
    pub asked: Stretch<'a>,
    /// What happens to them on their way into the network.
    pub noise: Noise,
}

/// What the rivals come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Rivals {
    /// The mean pixel of the training images, everywhere.
    pub one_grey: Reconstruction,
    /// The mean training image.
    pub mean_image: Reconstruction,
    /// As many principal components as the code has values.
    pub pca: Reconstruction,
    /// Share of the images whose class their places along the components tell, where there is more
    /// than one class.
    pub pca_features: Option<f64>,
    /// Where there is noise.
    pub noisy: Option<Noisy>,
}

/// What noise does to the images, and what a filter takes off it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Noisy {
    /// The noisy images as they are.
    pub input: Quality,
    /// After the median filter.
    pub median: Quality,
}

impl Rivals {
    /// Measures them, for codes of so many values.
    ///
    /// # Errors
    ///
    /// When it was called off.
    pub fn measure(
        task: &Task,
        pca: &Pca,
        values: usize,
        effort: Effort,
    ) -> Result<Self, CalledOff> {
        let components = Self::components(task, pca, values, effort)?;
        Self::beside(components, task, pca, values, effort)
    }

    /// What `values` principal components make of the images: the rival that is wanted
    /// first, and quickly measured.
    ///
    /// # Errors
    ///
    /// When it was called off.
    pub fn components(
        task: &Task,
        pca: &Pca,
        values: usize,
        effort: Effort,
    ) -> Result<Reconstruction, CalledOff> {
        Reconstruction::measure(&task.asked, effort, |_, x| {
            Answers::Pixels(if values >= pca.most() {
                // All of them are another way to write the image down.
                x.to_owned()
            } else {
                pca.decode(pca.encode(x, values).view())
            })
        })
    }

    /// Measures all others beside the [`components`](Self::components).
    ///
    /// # Errors
    ///
    /// When it was called off.
    pub fn beside(
        components: Reconstruction,
        task: &Task,
        pca: &Pca,
        values: usize,
        effort: Effort,
    ) -> Result<Self, CalledOff> {
        let always = |image: &[f64]| {
            let image: Vec<f32> = image.iter().map(|&pixel| pixel as f32).collect();
            Reconstruction::measure(&task.asked, effort, |_, x| {
                let answer = |(_, pixel)| image[pixel];
                Answers::Pixels(Array2::from_shape_fn(x.dim(), answer))
            })
        };
        let values = values.min(pca.most());
        Ok(Self {
            one_grey: always(&vec![one_grey(task.train); task.train.size().pixels()])?,
            mean_image: always(&mean_image(task.train))?,
            pca: components,
            pca_features: {
                let known = pca.codes(&Stretch::whole(task.train), values, effort)?;
                let asked = pca.codes(&task.asked, values, effort)?;
                task.told_by(known.view(), asked.view(), effort)?
            },
            noisy: match task.noise {
                Noise::None => None,
                _ => Some(Noisy::measure(task, effort)?),
            },
        })
    }
}

impl Noisy {
    fn measure(task: &Task, effort: Effort) -> Result<Self, CalledOff> {
        let size = task.asked.images.size();
        let quality = |answer: &(dyn Fn(Vec<f32>) -> Vec<f32> + Sync)| {
            let noisy = Reconstruction::measure(&task.asked, effort, |first, x| {
                let mut noisy = task.noise.corrupt_held_out_rows(first, size, x);
                for mut row in noisy.rows_mut() {
                    let answer = answer(row.to_vec());
                    row.iter_mut().zip(answer).for_each(|(pixel, y)| *pixel = y);
                }
                Answers::Pixels(noisy)
            })?;
            Ok(noisy.all)
        };
        Ok(Self {
            input: quality(&|noisy| noisy)?,
            median: quality(&|noisy| median_filtered(size, &noisy))?,
        })
    }
}

impl Task<'_> {
    /// Share of the images whose class is told by a vote among their neighbours; nothing is told
    /// where all that are known are of one class, or have no labels.
    pub(super) fn told_by(
        &self,
        known: ArrayView2<f32>,
        asked: ArrayView2<f32>,
        effort: Effort,
    ) -> Result<Option<f64>, CalledOff> {
        let labels = self.train.labels();
        if labels.iter().all(|label| *label == labels[0]) {
            return Ok(None);
        }
        let known = Known {
            codes: known,
            labels,
        };
        let own = self.asked.trained_on.then_some(self.asked.range.start);
        let voted = vote(known, asked, own, effort)?;
        let labels = self.asked.labels();
        let right = voted
            .iter()
            .zip(labels)
            .filter(|(voted, label)| **voted == Some(**label));
        Ok(Some(right.count() as f64 / labels.len() as f64))
    }
}
