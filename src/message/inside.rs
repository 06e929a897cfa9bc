//! What is asked and answered of what the layers do.

use std::sync::Arc;

use super::SampleId;
use crate::{
    image::ImageSize,
    lens::{LayerPlace, Norms, UnitLayer},
};

/// What the view asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InsideAsk {
    /// The sight that is chosen, by its number among [`InsideAnswer::sights`].
    pub sight: usize,
    /// The unit that is chosen in each of them; none: the first.
    pub cursors: Vec<Option<usize>>,
    /// Whether the chosen sight is all that is shown.
    pub alone: bool,
    /// In which order units stand.
    pub order: UnitOrder,
    /// How often an order was asked for. Until the next time units keep their places.
    pub ordered: u64,
}

/// In which order units stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum UnitOrder {
    /// By their numbers.
    #[default]
    Index,
    /// By what they say of the chosen sample, most first.
    Answer,
}

/// The units of a layer, seen as pictures of one sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sight {
    /// The number of the layer in the table.
    pub layer: usize,
    /// What a picture is.
    pub look: UnitLook,
}

/// What the picture of a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitLook {
    /// Its weights from the image: the ink it looks for.
    Filter,
    /// Its weights to the image: the ink it paints.
    Atom,
    /// The mean of the images that it says most of, less the mean of all.
    Fits,
}

impl Sight {
    /// What can be chosen of a network's layers, the last of which is the picture: the first by
    /// what its units look for, the last before the picture by what they paint, and those
    /// between by the images that suit them.
    pub fn all<'a>(layers: impl ExactSizeIterator<Item = &'a UnitLayer>) -> Vec<Self> {
        let last = layers.len().saturating_sub(2);
        let look = |layer| match layer {
            0 => UnitLook::Filter,
            _ if layer == last => UnitLook::Atom,
            _ => UnitLook::Fits,
        };
        let between = (0..=last).map(|layer| Self {
            layer,
            look: look(layer),
        });
        let atoms = (last == 0).then_some(Self {
            layer: 0,
            look: UnitLook::Atom,
        });
        between.chain(atoms).collect()
    }

    /// Those that galleries show where none is chosen alone: the first, and the last; of
    /// convolutions the code in its place, whose maps are what is left of an image.
    pub fn first_and_last(sights: &[Self], layers: &[LayerSeen]) -> [usize; 2] {
        let is_code = |sight: &Self| {
            let layer = &layers[sight.layer].layer;
            layer.map.is_some() && layer.place == LayerPlace::Code
        };
        let last = sights.len() - 1;
        [0, sights.iter().position(is_code).unwrap_or(last)]
    }
}

/// What it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct InsideAnswer {
    /// The step whose weights answered.
    pub step: u64,
    /// The sample that the layers are shown.
    pub sample: SampleId,
    /// The table: a row a layer, the last of them the picture.
    pub layers: Vec<LayerSeen>,
    /// What can be chosen.
    pub sights: Vec<Sight>,
    /// The first sight and the last, or the chosen one alone.
    pub galleries: Vec<Gallery>,
    /// The chosen unit.
    pub unit: UnitSeen,
    /// Held-out images that were studied; none before there was time for it.
    pub studied: Option<usize>,
    /// The step whose weights were: who is dead, what excites a unit.
    pub studied_at: Option<u64>,
    /// For each column of film time the norms of each layer, where a moment was kept and there was
    /// time to look at it; empty where nothing of the run is kept.
    pub norms: Vec<Option<Arc<[Norms]>>>,
    /// The norms at this step, or the last before it that are known.
    pub norms_here: Option<Arc<[Norms]>>,
    /// The step that those are of.
    pub norms_at: Option<u64>,
    /// What is amiss, the gravest first.
    pub findings: Vec<Finding>,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerSeen {
    /// What it is.
    pub layer: UnitLayer,
    /// What each unit says of the sample; none of the picture's.
    pub says: Vec<f32>,
    /// Whether each of them has been silent for all images for an epoch.
    pub dead: Vec<bool>,
}

impl LayerSeen {
    /// How many units are dead, as far as is known.
    pub fn dead_count(&self) -> usize {
        self.dead.iter().filter(|dead| **dead).count()
    }
}

/// Units of a sight, as pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Gallery {
    /// Which.
    pub sight: usize,
    /// All of its units that stand there, in order.
    pub order: Arc<[usize]>,
    /// The place of the chosen one in it.
    pub at: usize,
    /// The place of the first tile in it: as many follow as any screen shows.
    pub first: usize,
    /// The tiles around the chosen one.
    pub tiles: Vec<Tile>,
}

impl Gallery {
    /// The tile of a place in the order, if it is at hand.
    pub fn tile(&self, place: usize) -> Option<&Tile> {
        self.tiles.get(place.checked_sub(self.first)?)
    }
}

/// A unit as a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// Its number, from 0.
    pub unit: usize,
    /// Rows and columns of the picture.
    pub size: ImageSize,
    /// The picture, -1 to 1; none before there was time for it.
    pub picture: Vec<f32>,
    /// The map that it makes of the sample, 0 to 1 for all of the layer, where it makes one.
    pub map: Option<UnitMap>,
    /// What it says of the sample.
    pub says: f32,
    /// Whether it is dead.
    pub dead: bool,
}

/// A map of a convolution.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitMap {
    /// Rows and columns.
    pub size: ImageSize,
    /// Its values, row by row.
    pub values: Vec<f32>,
}

/// The chosen unit.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitSeen {
    /// The sight it is chosen in.
    pub sight: usize,
    /// It.
    pub tile: Tile,
    /// Images of which it says zero, once they are counted.
    pub silent: Option<usize>,
    /// The images that it says most of.
    pub best: Vec<Fit>,
}

/// An image that excites a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Its number among the held-out images.
    pub index: usize,
    /// Its label.
    pub label: u8,
    /// What the unit says of it.
    pub says: f32,
    /// Its pixels, 0 to 1.
    pub pixels: Vec<f32>,
}

/// Something amiss, from measured facts.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// The pull at a layer is far beyond its weights.
    Exploding {
        /// Its number in the table.
        layer: usize,
    },
    /// All images come back as their average.
    OnlyAverage,
    /// The code says the same of all images.
    Collapsed,
    /// The pull at the weights of a layer is so weak that they hardly move.
    Vanishing {
        /// Its number in the table.
        layer: usize,
    },
    /// Of this layer many units are dead.
    Dead {
        /// Its number in the table.
        layer: usize,
        /// Their numbers.
        units: Vec<usize>,
        /// Of how many.
        of: usize,
    },
    /// Of a Gaussian code so many values say something.
    InUse {
        /// So many.
        used: usize,
        /// What each costs, in nats an image: its part of KL.
        costs: Vec<f32>,
    },
}
