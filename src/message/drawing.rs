//! What is asked and answered of a picture that no data set has.

use std::sync::Arc;

use crate::lens::Sample;

/// What the view asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DrawAsk {
    /// The picture, a byte a pixel as images of the data have them; none while there is none.
    pub picture: Option<Arc<[u8]>>,
}

/// What it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawAnswer {
    /// The step whose weights answered.
    pub step: u64,
    /// The step of the held-out images' codes and losses that it is judged by, once there are any.
    pub real_at: Option<u64>,
    /// What the network makes of the picture, if there was one. The network is shown the picture
    /// itself, without the noise that its run has put on images.
    pub made: Option<Made>,
}

/// What a network makes of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// The picture, its reconstruction, code and loss; its number and label mean nothing.
    pub sample: Sample,
    /// Where its code lies on the map, once there is one.
    pub place: Option<[f32; 2]>,
    /// Share of held-out images that it redraws better, where their losses are known.
    pub worse_than: Option<f32>,
    /// What lies around its code, once the codes of the held-out images are known.
    pub around: Option<Around>,
}

/// The held-out images around a code.
#[derive(Debug, Clone, PartialEq)]
pub struct Around {
    /// The nearest one.
    pub nearest: Sample,
    /// How far its code is.
    pub gap: f32,
    /// Share of held-out images that are less far from their own nearest one.
    pub farther_than: Option<f32>,
    /// How many of the [`NEIGHBOURS`](Self::NEIGHBOURS) nearest have each label, the most
    /// frequent first.
    pub labels: Vec<(u8, usize)>,
}

impl Around {
    /// Neighbours whose labels are counted, or as many as there are.
    pub const NEIGHBOURS: usize = 100;
}
