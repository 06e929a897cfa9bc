//! What every unit of a network says of images, and of which images it says most.
//!
//! A unit is a number that a layer hands on, or a map of a convolution, which says its mean
//! after the pooling. The layer that draws the image has none: it answers in pixels.

use std::ops::Range;

use ndarray::{Array2, ArrayView2};

use super::Lens;
use crate::{
    data::Split,
    image::ImageSize,
    nn::{Activation, Architecture, Autoencoder, Batch, Code, Evaluator, Layer, LayerShape, Maps},
};

/// Images that are answered at a time, so that the answers of wide layers need little memory.
const AT_A_TIME: usize = 64 * Evaluator::BATCH;

/// Blocks that units are counted in.
const BLOCKS: usize = 4;

/// A layer with units, or the last one, which draws the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitLayer {
    /// Where it stands.
    pub place: LayerPlace,
    /// Numbers, or maps, that go in.
    pub inputs: usize,
    /// Its units.
    pub units: usize,
    /// Rows and columns of a map that it hands on, where its units are maps.
    pub map: Option<ImageSize>,
    /// Whether a unit says zero of what it does not look for.
    pub rectified: bool,
    /// Where its units begin in a row of answers.
    pub first: usize,
}

/// Where a layer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayerPlace {
    /// The encoder's layer of this number, from 1, before the code.
    Encoder(usize),
    /// The one whose units are the code.
    Code,
    /// The decoder's layer of this number, from 1.
    Decoder(usize),
}

impl UnitLayer {
    /// The layers of such a network; the last draws the image.
    pub fn all(architecture: &Architecture) -> Vec<Self> {
        let (encoder, decoder) = (architecture.encoder(), architecture.decoder());
        let mut layers = side(&encoder);
        for (layer, number) in layers.iter_mut().zip(1..) {
            layer.place = LayerPlace::Encoder(number);
        }
        if let Some(code) = layers.last_mut() {
            code.place = LayerPlace::Code;
            code.units = architecture.code().length(code.units);
        }
        layers.extend(
            side(&decoder)
                .into_iter()
                .zip(1..)
                .map(|(layer, number)| Self {
                    place: LayerPlace::Decoder(number),
                    ..layer
                }),
        );
        let mut first = 0;
        for layer in &mut layers {
            layer.first = first;
            let gaussian = layer.place == LayerPlace::Code && architecture.code() == Code::Gaussian;
            first += if gaussian {
                2 * layer.units
            } else {
                layer.units
            };
        }
        layers
    }

    /// Its units in a row of answers.
    pub fn range(&self) -> Range<usize> {
        self.first..self.first + self.units
    }
}

/// The layers of an encoder or a decoder. A pooling belongs to the convolution before it.
fn side(shapes: &[LayerShape]) -> Vec<UnitLayer> {
    let mut layers: Vec<UnitLayer> = Vec::new();
    for shape in shapes {
        let layer = |inputs, units, activation, map: Option<Maps>| UnitLayer {
            place: LayerPlace::Code,
            inputs,
            units,
            map: map.map(size),
            rectified: activation == Activation::Relu,
            first: 0,
        };
        match *shape {
            LayerShape::Dense {
                inputs,
                units,
                activation,
            } => layers.push(layer(inputs, units, activation, None)),
            LayerShape::Convolution {
                from,
                channels,
                activation,
                ..
            } => layers.push(layer(from.channels, channels, activation, shape.maps())),
            LayerShape::MaxPool { .. } => {
                if let Some(before) = layers.last_mut() {
                    before.map = shape.maps().map(size);
                }
            }
            LayerShape::Upsample { .. } => {}
        }
    }
    layers
}

fn size(maps: Maps) -> ImageSize {
    ImageSize {
        height: maps.height,
        width: maps.width,
    }
}

/// What a convolution makes of one image, before its pooling.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageMaps {
    /// Rows and columns of each map.
    pub size: ImageSize,
    /// Map after map, row by row.
    pub values: Vec<f32>,
}

impl ImageMaps {
    /// Those of every convolution of this network, for an image as it is shown; of the code,
    /// what is left after the pooling. None of dense layers.
    ///
    /// # Panics
    ///
    /// When the image has another number of pixels than the network has inputs.
    pub fn all(net: &Autoencoder, shown: &[f32]) -> Vec<Self> {
        if net.layers().all(|layer| layer.convolution().is_none()) {
            return Vec::new();
        }
        let row = ArrayView2::from_shape((1, shown.len()), shown).expect("one row");
        let mut here = row.to_owned();
        let mut maps: Vec<Self> = Vec::new();
        for (index, layer) in net.layers().enumerate() {
            let shape = layer.shape();
            let y = layer.forward(here.view());
            if let Some(of) = shape.maps() {
                let made = Self {
                    size: size(of),
                    values: y.iter().copied().collect(),
                };
                match layer {
                    Layer::Convolution(_) => maps.push(made),
                    Layer::MaxPool(_) if index + 1 == net.encoder.len() => {
                        maps.pop();
                        maps.push(made);
                    }
                    _ => {}
                }
            }
            here = y;
        }
        maps
    }

    /// The map of this number, if there is one.
    pub fn map(&self, number: usize) -> Option<&[f32]> {
        let places = self.size.pixels();
        self.values.get(number * places..(number + 1) * places)
    }
}

/// What one unit says of many images.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitRecord {
    /// Images of which it says zero.
    pub silent: usize,
    /// The sum of what it says, and of its squares.
    pub sum: f64,
    /// The sum of the squares.
    pub squares: f64,
    /// The images of which it says most, by their numbers, with what it says; the first
    /// is the one it says most of.
    pub best: Vec<(usize, f32)>,
    /// What does not say more than this is none of the best.
    least: f32,
}

impl UnitRecord {
    fn new() -> Self {
        Self {
            silent: 0,
            sum: 0.0,
            squares: 0.0,
            best: Vec::new(),
            least: f32::NEG_INFINITY,
        }
    }

    fn add(&mut self, image: usize, says: f32, keep: usize) {
        self.silent += usize::from(says == 0.0);
        self.sum += f64::from(says);
        self.squares += f64::from(says) * f64::from(says);
        // Images come in order: of two that excite it as much, the earlier stays.
        if says > self.least && says != 0.0 {
            self.best.push((image, says));
            if self.best.len() >= 2 * keep {
                self.prune(keep);
                self.least = self.best[keep - 1].1;
            }
        }
    }

    fn prune(&mut self, keep: usize) {
        self.best
            .sort_by(|(a, one), (b, other)| other.total_cmp(one).then(a.cmp(b)));
        self.best.truncate(keep);
    }
}

/// What every unit says of many images.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UnitStudy {
    /// How many images.
    pub images: usize,
    /// For each number of a row of answers.
    pub units: Vec<UnitRecord>,
}

impl Lens<'_> {
    /// What every unit says of one image, layer after layer (see [`UnitLayer::range`]); a
    /// Gaussian code says its means, and behind them what each of its values costs.
    ///
    /// # Panics
    ///
    /// When the image is not there.
    pub fn unit_answers(&self, split: &Split, index: usize) -> Vec<f32> {
        let start = index / Evaluator::BATCH * Evaluator::BATCH;
        let end = split.len().min(start + Evaluator::BATCH);
        self.units(split, start..end).row(index - start).to_vec()
    }

    /// What every unit says of all images, and of which `keep` images it says most.
    pub fn unit_study(&self, split: &Split, keep: usize) -> UnitStudy {
        let mut study = UnitStudy::default();
        while !self.study_more(&mut study, split, keep) {}
        study
    }

    /// Asks what every unit says of some more images, as many as are answered at a time. Whether
    /// all have been asked of; before, the best are not sorted yet.
    pub fn study_more(&self, study: &mut UnitStudy, split: &Split, keep: usize) -> bool {
        let (first, keep) = (study.images, keep.max(1));
        let last = split.len().min(first + AT_A_TIME);
        let answers = self.units(split, first..last);
        let units = &mut study.units;
        units.resize_with(answers.ncols(), UnitRecord::new);
        let block = units.len().div_ceil(BLOCKS).max(1);
        let mut blocks: Vec<&mut [UnitRecord]> = units.chunks_mut(block).collect();
        self.pool.for_each(&mut blocks, |number, records| {
            for (row, image) in answers.rows().into_iter().zip(first..) {
                let says = row.iter().skip(number * block);
                for (record, &says) in records.iter_mut().zip(says) {
                    record.add(image, says, keep);
                }
            }
        });
        study.images = last;
        if last < split.len() {
            return false;
        }
        for unit in &mut study.units {
            unit.prune(keep);
        }
        true
    }

    fn units(&self, split: &Split, range: Range<usize>) -> Array2<f32> {
        let image = |n| split.image(range.start + n);
        let corrupt = |batch: &mut Batch, first| self.corrupt(batch, range.start + first);
        self.net.units(self.pool, range.len(), image, corrupt)
    }
}

#[cfg(test)]
mod tests;
