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
                // As f32, a tenth of 0.003 reads 0.0003, and of 1e37, 1e36.
                "the steps are too long; the last finite weights are kept: save them, or try --learning-rate {:?}",
                (learning_rate / 10.0) as f32
            ),
            Self::Died(_) => {
                "the last weights are kept and can be saved; please report this message".into()
            }
            Self::NoData(_) => "see `ae-tui data`".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_names_a_rate_that_can_be_typed() {
        for (rate, advised) in [(0.003, "0.0003"), (1e37, "1e36"), (0.001, "0.0001")] {
            let failure = Failure::Diverged {
                step: 1,
                loss: f32::NAN,
                learning_rate: rate,
            };
            assert!(
                failure
                    .advice()
                    .ends_with(&format!("--learning-rate {advised}"))
            );
        }
    }
}
