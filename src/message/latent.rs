//! What is asked and answered of the latent space around a cursor.

use std::sync::Arc;

use super::Map;
use crate::measure::Verdict;

/// What the view asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LatentAsk {
    /// Two of the code's values that are to be the axes; none: the map's own.
    pub values: Option<[usize; 2]>,
    /// Where the cursor is, unless it walks.
    pub cursor: Spot,
    /// The ends of the path.
    pub ends: [Spot; 2],
    /// The cursor walks and has come so far along the path, from 0 to 1.
    pub along: Option<f32>,
    /// Pictures along the path.
    pub frames: usize,
    /// Places of the plane to be decoded, beside those.
    pub grid: Arc<[[f32; 2]]>,
    /// The labels that the nearest image may have; none: any.
    pub labels: Option<Arc<[u8]>>,
}

/// A place in the latent space, on the plane through a code.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spot {
    /// The code that the plane goes through.
    pub base: Base,
    /// Where on the axes; none: where that code is.
    pub at: Option<[f32; 2]>,
}

/// What a plane goes through.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Base {
    /// The chosen sample's code.
    #[default]
    Chosen,
    /// This one.
    Code(Arc<[f32]>),
}

/// What it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentAnswer {
    /// The step whose weights answered.
    pub step: u64,
    /// The step of the real codes that places are held against, once there are any.
    pub real_at: Option<u64>,
    /// Where each held-out image lives on the two values that were asked for.
    pub plane: Option<Arc<Map>>,
    /// What the network makes of the cursor's place.
    pub cursor: Here,
    /// The held-out image whose code is nearest, among those of the labels asked for.
    pub nearest: Option<Near>,
    /// The usual gap between a real code and its nearest other.
    pub usual: Option<f32>,
    /// What the network makes along the path, evenly in the code.
    pub path: Arc<[Here]>,
    /// The path's way over the map.
    pub line: Arc<[Dot]>,
    /// The pictures of the grid.
    pub grid: Arc<[Cell]>,
    /// The code of the chosen sample.
    pub chosen: Vec<f32>,
    /// How far each value of the code reaches.
    pub scales: Arc<[Scale]>,
    /// The part of the codes' variance that the plane holds, where it does not hold all.
    pub share: Option<f32>,
}

/// A picture of the grid, and whether data lives there.
pub type Cell = (Vec<f32>, Option<Verdict>);

/// A place and what the network makes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Here {
    /// Where on the axes.
    pub at: [f32; 2],
    /// The code.
    pub code: Vec<f32>,
    /// The picture, 0 to 1.
    pub picture: Vec<f32>,
    /// How far the nearest real code is, and what that means.
    pub gap: Option<Gap>,
}

/// How far the nearest real code is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// In plain units of the code.
    pub distance: f32,
    /// The share of real codes that are nearer to each other, and what follows from it; unknown
    /// until the data's own distances are.
    pub judged: Option<(f64, Verdict)>,
}

/// A place of the path on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dot {
    /// Where.
    pub at: [f32; 2],
    /// Whether data lives there.
    pub verdict: Option<Verdict>,
}

/// A real image near the cursor.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// Its number among the held-out images.
    pub index: usize,
    /// What it shows.
    pub label: u8,
    /// Its place on the axes.
    pub at: [f32; 2],
    /// Its pixels, 0 to 1.
    pub picture: Vec<f32>,
    /// How far its code is from the cursor's.
    pub distance: f32,
}

/// How far a value of the code reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// From zero, or from where all but the lowest images are.
    pub low: f32,
    /// To where all but the highest images are.
    pub high: f32,
    /// Where four fifths of the images lie.
    pub most: [f32; 2],
    /// Whether it is zero for every image.
    pub dead: bool,
}
