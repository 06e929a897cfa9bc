//! All measures of a network, each beside its rivals' of the same kind.
//!
//! The names of the fields are those of `evaluate --json`, and scripts rely on them.

use serde::Serialize;

use super::{
    CalledOff, Effort, NEIGHBOURS, Quality, Reconstruction, Rivals, Sparsity, Stretch, Task,
    reconstruction::Answers,
};
use crate::{
    data::corrupt::Noise,
    nn::{Autoencoder, Batch, Evaluator},
};

/// Bytes of a code value: a float32.
const VALUE_BYTES: usize = 4;

/// What a network is good for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measures {
    /// How well images come back.
    pub reconstruction: Reconstructions,
    /// How well codes tell the classes apart; `null` where all images are of one, or have no labels.
    pub features: Option<Features>,
    /// What the codes save, and what that costs.
    pub compression: Compression,
    /// How much noise is taken off; `null` for a network that is shown none.
    pub denoising: Option<Denoising>,
    /// How little of the code is used.
    pub sparsity: Sparsity,
}

/// How well images come back from their codes, and without any network. The images
/// go in as they are, without the noise that training may have put on them, and of a
/// code that is a distribution the mean is taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reconstructions {
    /// By the network.
    pub network: Reconstruction,
    /// One grey everywhere, the mean of all training images' pixels.
    pub one_grey: Reconstruction,
    /// The mean training image, whatever the image.
    pub mean_image: Reconstruction,
    /// As many principal components of the training images as the code has values;
    /// from 784 on they are the image itself.
    pub pca: Reconstruction,
}

/// Share of images, 0 to 1, whose class is told by a vote among the nearest training
/// images.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Features {
    /// How many vote.
    pub neighbours: usize,
    /// Training images.
    pub known: usize,
    /// Images whose class was asked.
    pub asked: usize,
    /// Nearest by the network's codes.
    pub network: f64,
    /// Nearest by principal components, as many as the code has values.
    pub pca: f64,
}

/// A code's size beside an image's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Compression {
    /// Values of a code.
    pub values: usize,
    /// Its bytes, a float32 each.
    pub bytes: usize,
    /// Pixels of an image.
    pub image_values: usize,
    /// Its bytes, one each.
    pub image_bytes: usize,
    /// Decibels of what comes back from the code.
    pub psnr: f64,
    /// Decibels of what comes back from as many principal components.
    pub pca_psnr: f64,
}

/// Noise on the images, and what is left of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Denoising {
    /// The noise, as `--noise` names it.
    pub noise: String,
    /// The noisy images themselves, held against the clean ones.
    pub noisy: Quality,
    /// After the network.
    pub network: Quality,
    /// After a median filter of 3 by 3 pixels; edges go on with their own pixels.
    pub median: Quality,
}

impl Measures {
    /// Holds a network against its rivals, who were measured for the same task and
    /// codes of the same length.
    ///
    /// # Errors
    ///
    /// When it was called off.
    pub fn of(
        net: &Autoencoder,
        task: &Task,
        rivals: &Rivals,
        effort: Effort,
    ) -> Result<Self, CalledOff> {
        let evaluator = Evaluator::new(net);
        let codes = task.asked.codes(&evaluator, effort)?;
        let network = reconstruction(&evaluator, &task.asked, effort)?;
        let known = Stretch::whole(task.train).codes(&evaluator, effort)?;
        let values = codes.ncols();
        let pixels = task.asked.images.size().pixels();
        Ok(Self {
            features: task
                .told_by(known.view(), codes.view(), effort)?
                .zip(rivals.pca_features)
                .map(|(network, pca)| Features {
                    neighbours: NEIGHBOURS,
                    known: task.train.len(),
                    asked: task.asked.range.len(),
                    network,
                    pca,
                }),
            compression: Compression {
                values,
                bytes: values * VALUE_BYTES,
                image_values: pixels,
                image_bytes: pixels,
                psnr: network.all.fidelity.psnr,
                pca_psnr: rivals.pca.all.fidelity.psnr,
            },
            denoising: denoising(&evaluator, task, rivals, effort)?,
            sparsity: Sparsity::of(codes.view()),
            reconstruction: Reconstructions {
                network,
                one_grey: rivals.one_grey.clone(),
                mean_image: rivals.mean_image.clone(),
                pca: rivals.pca.clone(),
            },
        })
    }
}

impl Reconstruction {
    /// What a network makes of images, the same that its [`Measures`] tell.
    ///
    /// # Errors
    ///
    /// When it was called off.
    pub fn of_network(
        net: &Autoencoder,
        asked: &Stretch,
        effort: Effort,
    ) -> Result<Self, CalledOff> {
        reconstruction(&Evaluator::new(net), asked, effort)
    }
}

/// The images go in as they are.
fn reconstruction(
    net: &Evaluator,
    asked: &Stretch,
    effort: Effort,
) -> Result<Reconstruction, CalledOff> {
    Reconstruction::measure(asked, effort, |first, x| {
        let image = |n| asked.images.image(first + n);
        let as_it_is = |_: &mut Batch, _| {};
        Answers::Logits(net.logits(effort.pool(), x.nrows(), image, as_it_is))
    })
}

fn denoising(
    net: &Evaluator,
    task: &Task,
    rivals: &Rivals,
    effort: Effort,
) -> Result<Option<Denoising>, CalledOff> {
    let (Some(noisy), true) = (rivals.noisy, task.noise != Noise::None) else {
        return Ok(None);
    };
    let network = Reconstruction::measure(&task.asked, effort, |first, x| {
        let image = |n| task.asked.images.image(first + n);
        let corrupt = |batch: &mut Batch, start: usize| {
            batch.corrupt(effort.pool(), |n, pixels| {
                let size = task.asked.images.size();
                task.noise.corrupt_held_out(first + start + n, size, pixels);
            });
        };
        Answers::Logits(net.logits(effort.pool(), x.nrows(), image, corrupt))
    })?;
    Ok(Some(Denoising {
        noise: task.noise.to_string(),
        noisy: noisy.input,
        network: network.all,
        median: noisy.median,
    }))
}
