//! Why a run cannot go on, in words a person can act on.

use thiserror::Error;

/// What ended the training.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Failure {
    /// The loss left the numbers; the weights before that step are kept.
    #[error("the loss of step {step} is {loss}")]
    Diverged {
        /// The step that was refused, from 1.
        step: u64,
        /// NaN or an infinity.
        loss: f32,
        /// The step length it happened with.
        learning_rate: f64,
    },
    /// The trainer's thread panicked.
    #[error("the trainer stopped unexpectedly: {0}")]
    Died(String),
    /// The images could not be read.
    #[error("{0}")]
    NoData(String),
}

impl Failure {
    /// What the reader can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::Diverged { learning_rate, .. } => format!(
                "the steps are too long; the last finite weights are kept: save them, or try --learning-rate {}",
                learning_rate / 10.0
            ),
            Self::Died(_) => {
                "the last weights are kept and can be saved; please report this message".into()
            }
            Self::NoData(_) => "see `ae-tui data`".into(),
        }
    }
}
