//! What is asked and answered of all images by their losses.

use std::sync::Arc;

use super::{SampleId, SplitName};
use crate::{data::Labels, lens::Sample};

/// What the view asks.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplesAsk {
    /// Whose images.
    pub split: SplitName,
    /// Which of them, and in which order.
    pub sort: Sort,
    /// Pictures are wanted from this place in the order on.
    pub first: usize,
    /// So many of them.
    pub count: usize,
    /// What the real images are held against.
    pub strangers: Strangers,
}

/// An order of images. It is fixed when it is asked for first: another `turn` fixes it anew.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sort {
    /// What comes first.
    pub order: Order,
    /// Images of these labels only.
    pub labels: Labels,
    /// Images only that cost more than this.
    pub beyond: Option<f32>,
    /// How many times an order was chosen.
    pub turn: u64,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As they stand in the data.
    Index,
    /// What costs most.
    Worst,
    /// What costs least.
    Best,
    /// By digit, the worst of each first.
    Digit,
    /// What lies nearest in the code to the image of this number.
    Nearest(SampleId),
}

/// Pictures that are none of the data's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strangers {
    /// The held-out images, turned by 90 degrees.
    Turned,
    /// The same, upside down.
    UpsideDown,
    /// The same, black for white.
    Negative,
    /// The same, with noise on them.
    Noisy,
    /// Images of digits that it was not trained on.
    Unseen,
}

/// What it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplesAnswer {
    /// The step whose weights the pictures are of.
    pub step: u64,
    /// Whose images.
    pub split: SplitName,
    /// The images in their order.
    pub wall: Arc<Wall>,
    /// The place in it of the first picture.
    pub first: usize,
    /// The pictures.
    pub page: Arc<[Sample]>,
    /// What all images of the split cost, once it is known.
    pub losses: Option<Arc<Losses>>,
    /// The same of those that strangers are held against: of the split, or of the held-out
    /// images where the split is of strangers.
    pub real: Option<Arc<Losses>>,
    /// What the strangers cost, once it is known.
    pub strangers: Option<Arc<Strange>>,
}

/// Images in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Wall {
    /// As it was asked for.
    pub sort: Sort,
    /// Their numbers.
    pub order: Vec<u32>,
    /// The step of what they were sorted by; none where that does not change with the weights.
    pub step: Option<u64>,
    /// Whether what they are to be sorted by is yet to come.
    pub waits: bool,
}

/// What all images of a split cost: the mean cross-entropy of their pixels, of codes without
/// draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Losses {
    /// The step of the weights.
    pub step: u64,
    /// Of each image, in the order of the data.
    pub by_image: Vec<f32>,
    /// From the least to the greatest.
    pub sorted: Vec<f32>,
    /// The mean of each class; no number for one without images.
    pub digits: Arc<[f32]>,
    /// What a histogram's axis goes from and to. It changes no more once an epoch is done.
    pub range: [f32; 2],
}

/// What strangers cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Strange {
    /// Who they are.
    pub who: Strangers,
    /// The step of the weights.
    pub step: u64,
    /// From the least to the greatest.
    pub sorted: Vec<f32>,
    /// How often one of them costs more than one of the real images, of all pairs.
    pub auc: Option<f64>,
}

/// The share of sorted losses that lie beyond a line; of none, no number.
pub fn share_beyond(sorted: &[f32], line: f32) -> f64 {
    count_beyond(sorted, line) as f64 / sorted.len() as f64
}

/// How many of sorted losses lie beyond a line.
pub fn count_beyond(sorted: &[f32], line: f32) -> usize {
    sorted.len() - sorted.partition_point(|loss| *loss <= line)
}
