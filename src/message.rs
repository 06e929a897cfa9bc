//! The whole contract between the threads of a run.
//!
//! ```text
//!             Command                 Look
//!    screen ───────────▶ trainer  screen ───────────▶ observer
//!             Progress                News
//!    trainer ──────────▶ observer observer ─────────▶ screen
//! ```
//!
//! A headless run has no observer and reads the trainer's progress itself. The
//! messages are plain values: nobody shares state and the trainer waits for
//! nobody. This module knows what is said, not who says it or why.

mod ask;
mod curves;
mod drawing;
mod failure;
mod hearsay;
mod inside;
mod latent;
mod note;
mod observation;
mod report;
mod samples;
mod scalars;
mod tried_width;

use std::{path::PathBuf, sync::Arc};

pub use ask::{Answers, Ask};
pub use curves::{Course, CurvesAnswer, CurvesAsk, DigitScale, Drawn, Measured};
pub use drawing::{Around, DrawAnswer, DrawAsk, Made};
pub use failure::{Cause, Failure};
pub use hearsay::{Absence, End, Hearsay, Writer};
pub use inside::{
    Finding, Fit, Gallery, InsideAnswer, InsideAsk, LayerSeen, Sight, Tile, UnitLook, UnitMap,
    UnitOrder, UnitSeen,
};
pub use latent::{Base, Cell, Dot, Gap, Here, LatentAnswer, LatentAsk, Near, Scale, Spot};
pub use note::{About, Confusion, Note, Pane, Press, Shared, Why};
pub use observation::{
    Appraisal, Components, Curve, Map, Milestone, Moment, Observation, Plane, Row, Seen, Tape,
};
pub use report::{Epoch, Phase, Report};
pub use samples::{
    Losses, Order, SamplesAnswer, SamplesAsk, Sort, Strange, Strangers, Wall, count_beyond,
    share_beyond,
};
pub use scalars::{Scalar, Scalars};
pub use tried_width::TriedWidth;

use crate::{
    data::{Dataset, Split},
    pace::Pace,
    recipe::Change,
};

/// What the screen asks of the trainer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Command {
    /// Go on training. At the end of the run: one epoch more.
    Resume,
    /// Stop between two steps and wait.
    Pause,
    /// Take so many steps, then pause; past the end of the run if need be.
    Steps(u64),
    /// Train to the end of the epoch, or of so many, then pause; past the end of the run if need be.
    Epochs(u64),
    /// How fast to go.
    Pace(Pace),
    /// Change the run from the next step on.
    Change(Change),
    /// End: report the last state and leave.
    Stop,
}

/// What the screen asks of the observer.
#[derive(Debug, Clone, PartialEq)]
pub enum Look {
    /// Show this. The latest gaze is the one that counts.
    Gaze(Gaze),
    /// Write the weights of the moment on the screen to a new file.
    Save,
    /// The same, to a file of this name, or into the folder of this name.
    SaveAs(PathBuf),
    /// Write a picture of the screen to a new file.
    Export(Picture),
}

/// The screen, to be written to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What is looked at, in a word of the file's name.
    pub view: String,
    /// How the name ends.
    pub extension: &'static str,
    /// What the file has.
    pub bytes: Vec<u8>,
}

/// All that the screen looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct Gaze {
    /// The moment of the run.
    pub when: When,
    /// The sample, which is seen in the row of ten it stands in.
    pub sample: SampleId,
    /// What the view asks beside that.
    pub ask: Ask,
}

/// A moment of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// The newest there is.
    Now,
    /// After so many steps.
    At(u64),
    /// From there on, at the pace of the film, until it is now.
    PlayFrom(u64),
}

/// What the trainer tells.
#[derive(Debug, Clone)]
pub enum Progress {
    /// The images are in memory; training begins.
    Loaded(Arc<Dataset>),
    /// All that happened since the last report.
    Report(Report),
    /// No step can follow; the last report came before.
    Failed(Failure),
    /// What was heard of a run that somebody else trains.
    Heard(Hearsay),
    /// What becomes of whoever writes that.
    Writer(Writer),
    /// What is to be said of its files.
    Remark(String),
}

/// What the observer tells.
#[derive(Debug, Clone)]
pub enum News {
    /// The images are in memory.
    Loaded(Arc<Dataset>),
    /// What there is to see now.
    Observed(Arc<Observation>),
    /// No step can follow.
    Failed(Failure),
    /// The weights of a step were written to a file, whole.
    Saved {
        /// The file.
        path: PathBuf,
        /// The step.
        step: u64,
    },
    /// A file could not be written, and why. Training goes on.
    NotSaved(String),
    /// What becomes of whoever writes the run that is watched.
    Writer(Writer),
    /// Something of its files that is to be known.
    Remark(String),
    /// A short run of another width is done.
    Tried(TriedWidth),
    /// The rest of them will not be.
    TriedNoMore(String),
    /// A picture of the screen was written to this file.
    Exported(PathBuf),
    /// It could not be, and why.
    NotExported(String),
    /// The weights could not be written where the screen asked for them: another
    /// place is needed.
    NoPlace {
        /// The name that was asked for, if one was.
        asked: Option<PathBuf>,
        /// Why not there.
        why: String,
    },
}

/// Which half of the data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SplitName {
    /// The images trained on.
    Train,
    /// The held-out images.
    Test,
    /// The held-out images of digits that were not trained on, where some were not.
    Unseen,
}

impl SplitName {
    /// The half of this name.
    pub fn of(self, data: &Dataset) -> &Split {
        match self {
            Self::Train => &data.train,
            Self::Test => &data.test,
            Self::Unseen => data.test.left_out().unwrap_or(&data.test),
        }
    }
}

/// One image of the data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SampleId {
    /// Its half.
    pub split: SplitName,
    /// Its number there, from 0.
    pub index: usize,
}
