//! What the observer tells: everything the screen draws, ready to draw.

use std::{borrow::Cow, sync::Arc};

use super::{Answers, Course, Epoch, Measured, Note, Phase, SampleId};
use crate::{
    lens::Sample,
    measure::{Measures, Rivals},
    pace::{Film, Pace},
    recipe::Recipe,
};

/// One moment of a run, as it is seen.
#[derive(Debug, Clone)]
pub struct Observation {
    /// Where the run stands.
    pub moment: Moment,
    /// What the run is, with what was changed on the way.
    pub recipe: Arc<Recipe>,
    /// Which moment of it all the rest shows.
    pub seen: Seen,
    /// How many gazes the screen had told by then: a later one is not answered yet.
    pub heard: u64,
    /// The moments of it that are kept.
    pub tape: Arc<Tape>,
    /// The losses so far.
    pub curve: Arc<Curve>,
    /// The sample looked at, among its ten.
    pub row: Arc<Row>,
    /// Where each held-out image lives.
    pub map: Arc<Map>,
    /// What views have asked beside that.
    pub answers: Answers,
    /// What the network is good for, as far as it has been measured.
    pub appraisal: Appraisal,
    /// Whether more is to come of what was asked of this moment: a newer map, or a study of it.
    pub owes: bool,
}

impl Observation {
    /// Whether anything is known of how these weights came about.
    pub fn has_history(&self) -> bool {
        let Curve { course, epochs, .. } = &*self.curve;
        self.moment.phase != Phase::Exploring || !course.is_empty() || !epochs.is_empty()
    }
}

/// The moment that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The step whose weights everything is drawn from.
    pub step: u64,
    /// The step that was asked for, where it is not now: the same, or near it while it is made again.
    pub past: Option<u64>,
    /// Whether the film goes on from there by itself.
    pub plays: bool,
}

impl Seen {
    /// The newest weights, which are of this step.
    pub const fn now(step: u64) -> Self {
        Self {
            step,
            past: None,
            plays: false,
        }
    }
}

/// What can be gone back to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tape {
    /// The steps whose weights are at hand, in order.
    pub steps: Vec<u64>,
}

/// Where a run stands.
#[derive(Debug, Clone)]
pub struct Moment {
    /// Steps done.
    pub step: u64,
    /// What the trainer does.
    pub phase: Phase,
    /// Commands it has obeyed.
    pub obeyed: u64,
    /// How fast.
    pub pace: Pace,
    /// The run's steps and seconds.
    pub film: Film,
    /// Images of an epoch.
    pub images_per_epoch: usize,
    /// Images trained on a second, by the clock on the wall; 0 while nothing moves.
    pub images_per_second: f64,
    /// Seconds to the end of the run at this pace, when there is one.
    pub seconds_left: Option<f64>,
}

/// The losses of a run, thinned to what a curve can show.
#[derive(Debug, Clone, Default)]
pub struct Curve {
    /// Mean training loss of each twentieth of a second of film time; `None` where no step fell.
    pub ticks: Vec<Option<f32>>,
    /// The losses of the last steps, oldest first.
    pub recent: Vec<f32>,
    /// The losses of the steps, as many as are kept.
    pub course: Course,
    /// What held-out images came to, each time that they were measured, in order.
    pub measured: Arc<[Measured]>,
    /// The epochs done.
    pub epochs: Vec<Epoch>,
    /// Mean training loss of the current epoch; of the last one at its end.
    pub train_loss: Option<f32>,
    /// Held-out loss: the latest measured, in the observer or at an epoch's end.
    pub held_out: Option<f32>,
    /// Cross-entropy of the mean image, which any network should beat.
    pub mean_image: Option<f32>,
    /// Cross-entropy of the one grey that suits all pixels best.
    pub one_grey: Option<f32>,
    /// Cross-entropy of a perfect copy: greys cost even where they are right.
    pub copy: Option<f32>,
    /// Principal components, as many as the code has values: once they are known.
    pub components: Option<Components>,
    /// What has been reached, in order.
    pub milestones: Vec<Milestone>,
    /// The narrator's last sentence.
    pub note: Option<Note>,
    /// All its sentences so far, oldest first.
    pub told: Arc<[Note]>,
    /// Code units that were zero for every image of the last epoch.
    pub dead_units: Vec<usize>,
}

/// Something reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Milestone {
    /// The step after which it was seen.
    pub step: u64,
    /// What it was, in a few words.
    pub name: Cow<'static, str>,
}

/// What principal components come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Components {
    /// How many of them.
    pub count: usize,
    /// Cross-entropy of what comes back from them.
    pub loss: f32,
}

/// Measures of the network, which take their time and so are behind the moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Appraisal {
    /// What needs no network; the first to be measured.
    pub rivals: Option<Arc<Rivals>>,
    /// The last network measured, by its steps, and its measures.
    pub measured: Option<(u64, Arc<Measures>)>,
    /// Whether the next is being measured.
    pub under_way: bool,
}

/// Ten samples and which of them is chosen.
#[derive(Debug, Clone)]
pub struct Row {
    /// The chosen sample.
    pub chosen: SampleId,
    /// The row's samples in order; fewer than ten at the end of a split.
    pub samples: Vec<Sample>,
}

impl Row {
    /// Samples in a row.
    pub const LENGTH: usize = 10;

    /// The chosen sample.
    pub fn sample(&self) -> &Sample {
        &self.samples[self.chosen.index % Self::LENGTH]
    }
}

/// The latent space in two dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// The step whose weights it is drawn from.
    pub step: u64,
    /// What the axes are.
    pub plane: Plane,
    /// A place for each held-out image, in order.
    pub points: Vec<[f32; 2]>,
    /// Their classes.
    pub labels: Arc<[u8]>,
    /// The place of the chosen sample.
    pub chosen: [f32; 2],
    /// Where the middle of the standard normal distribution lies, when the codes
    /// are held to it. One standard deviation is one unit of either axis.
    pub prior: Option<[f32; 2]>,
    /// Each axis from low to high; it grows in nice steps and never shrinks within a run.
    pub range: [[f32; 2]; 2],
    /// The size of a usual value on each axis, where one with two sides begins to bend; 0 where
    /// it is unknown.
    pub units: [f32; 2],
    /// Mean held-out loss of each class, where there was time to measure it.
    pub digit_losses: Option<Arc<[f32]>>,
}

/// What the two axes of a map are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plane {
    /// The one code value, and the digit's label as the other axis.
    Line,
    /// The two code values themselves.
    Codes,
    /// The two principal components of a code of so many values.
    Principal(usize),
    /// Two values of a longer code, by their places in it.
    Pair([usize; 2]),
}
