//! Units as pictures: weights to and from the image, or the images that suit a unit.

use std::collections::HashMap;

use super::{Scope, study::Study};
use crate::{
    data::Split,
    image::ImageSize,
    lens::UnitLayer,
    message::{Sight, UnitLook},
    nn::{Autoencoder, Convolution, Layer},
};

/// A picture has its full colours where it is larger than this share of itself.
const QUANTILE: f64 = 0.995;

/// Paints units, and remembers what was dear to paint.
#[derive(Default)]
pub(super) struct Painter {
    /// The mean of all held-out images.
    mean: Vec<f32>,
    /// The step of the study that the images which suit units are of.
    step: Option<u64>,
    fits: HashMap<usize, Vec<f32>>,
}

impl Painter {
    /// Rows, columns and pixels of a unit's picture, -1 to 1.
    pub(super) fn picture(
        &mut self,
        sight: Sight,
        layer: &UnitLayer,
        unit: usize,
        scope: &Scope,
        study: &Study,
    ) -> (ImageSize, Vec<f32>) {
        let net = &scope.snapshot.net;
        match sight.look {
            UnitLook::Filter => weights(net, true, unit),
            UnitLook::Atom => weights(net, false, unit),
            UnitLook::Fits => (net.image, self.fits(layer, unit, scope, study)),
        }
    }

    /// The mean of the images that a unit says most of, less the mean of all.
    fn fits(&mut self, layer: &UnitLayer, unit: usize, scope: &Scope, study: &Study) -> Vec<f32> {
        if self.step != study.step() {
            self.step = study.step();
            self.fits.clear();
        }
        let best = study.record(layer, unit).map_or(&[][..], |unit| &unit.best);
        if best.is_empty() {
            return Vec::new();
        }
        let test = &scope.data.test;
        if self.mean.is_empty() {
            self.mean = mean(test, 0..test.len());
        }
        let all = &self.mean;
        let paint = || {
            let images: Vec<usize> = best.iter().map(|(image, _)| *image).collect();
            let mut picture = mean(test, images.into_iter());
            picture
                .iter_mut()
                .zip(all)
                .for_each(|(here, all)| *here -= all);
            scaled(picture)
        };
        let known = self.fits.entry(layer.first + unit);
        known.or_insert_with(paint).clone()
    }
}

/// The weights of a unit from the image, or to it: of a dense layer a weight a pixel, of a
/// convolution its kernel.
pub(crate) fn weights(net: &Autoencoder, from_image: bool, unit: usize) -> (ImageSize, Vec<f32>) {
    let layer = if from_image {
        net.encoder.first()
    } else {
        net.decoder.last()
    };
    match layer {
        Some(Layer::Dense(dense)) if from_image && unit < dense.w.ncols() => {
            (net.image, scaled(dense.w.column(unit).to_vec()))
        }
        Some(Layer::Dense(dense)) if !from_image && unit < dense.w.nrows() => {
            (net.image, scaled(dense.w.row(unit).to_vec()))
        }
        Some(Layer::Convolution(convolution)) => kernel(convolution, from_image, unit),
        _ => (net.image, Vec::new()),
    }
}

/// The kernel of a map from the one map of the image, or to it.
fn kernel(convolution: &Convolution, from_image: bool, unit: usize) -> (ImageSize, Vec<f32>) {
    let (outs, ins, height, width) = convolution.w.dim();
    let [out, input] = if from_image { [unit, 0] } else { [0, unit] };
    let size = ImageSize { height, width };
    if out >= outs || input >= ins {
        return (size, Vec::new());
    }
    let kernel = convolution.w.slice(ndarray::s![out, input, .., ..]);
    (size, scaled(kernel.iter().copied().collect()))
}

/// Between -1 and 1, by a size that few are beyond.
fn scaled(mut picture: Vec<f32>) -> Vec<f32> {
    let mut sizes: Vec<f32> = picture.iter().map(|value| value.abs()).collect();
    let last = sizes.len().saturating_sub(1);
    let place = (last as f64 * QUANTILE).round() as usize;
    let Some((_, scale, _)) =
        (!sizes.is_empty()).then(|| sizes.select_nth_unstable_by(place, f32::total_cmp))
    else {
        return picture;
    };
    let scale = if *scale > 0.0 { *scale } else { 1.0 };
    for value in &mut picture {
        *value = (*value / scale).clamp(-1.0, 1.0);
    }
    picture
}

/// The mean of some images.
fn mean(split: &Split, images: impl ExactSizeIterator<Item = usize>) -> Vec<f32> {
    let count = images.len().max(1);
    let mut sums = vec![0_u32; split.size().pixels()];
    for image in images {
        let bytes = split.image(image).iter();
        sums.iter_mut()
            .zip(bytes)
            .for_each(|(sum, byte)| *sum += u32::from(*byte));
    }
    let whole = 255.0 * count as f32;
    sums.into_iter().map(|sum| sum as f32 / whole).collect()
}
