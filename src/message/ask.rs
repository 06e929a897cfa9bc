//! What views ask of the weights that are looked at, beside the row and the map that all of
//! them have, and what is answered.

use std::sync::Arc;

use super::{
    curves::{CurvesAnswer, CurvesAsk},
    drawing::{DrawAnswer, DrawAsk},
    inside::{InsideAnswer, InsideAsk},
    latent::{LatentAnswer, LatentAsk},
    samples::{SamplesAnswer, SamplesAsk},
};

/// What a view asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Ask {
    /// Row and map are enough.
    #[default]
    Nothing,
    /// The latent space around a cursor.
    Latent(LatentAsk),
    /// All images by their losses.
    Samples(SamplesAsk),
    /// What the layers do.
    Inside(InsideAsk),
    /// The course of the run, at a ruler.
    Curves(CurvesAsk),
    /// What the network makes of a picture that no data set has.
    Draw(DrawAsk),
}

/// The latest answers; one that has not been asked for lately may be of another moment.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// To [`Ask::Latent`].
    pub latent: Option<Arc<LatentAnswer>>,
    /// To [`Ask::Samples`].
    pub samples: Option<Arc<SamplesAnswer>>,
    /// To [`Ask::Inside`].
    pub inside: Option<Arc<InsideAnswer>>,
    /// To [`Ask::Curves`].
    pub curves: Option<Arc<CurvesAnswer>>,
    /// To [`Ask::Draw`].
    pub draw: Option<Arc<DrawAnswer>>,
}
