//! Why a run cannot go on, in words a person can act on.

use thiserror::Error;

use crate::recipe::{Preset, Recipe};

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
        /// What made it so.
        cause: Cause,
    },
    /// The trainer's thread panicked.
    #[error("the trainer stopped unexpectedly: {0}")]
    Died(String),
    /// The observer's thread panicked, which shows the run and keeps it.
    #[error("the observer stopped unexpectedly")]
    Unwatched,
    /// The follower's thread panicked, which reads the files of a run.
    #[error("the follower stopped unexpectedly")]
    Unfollowed,
    /// The images could not be read.
    #[error("{0}")]
    NoData(String),
}

/// Why a loss left the numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cause {
    /// Steps of this learning rate went too far.
    Steps(f64),
    /// Pictures still cost something finite; this price of the code does not.
    Price(f64),
    /// No step was taken yet: the weights are too large to compute with.
    Weights,
}

impl Failure {
    /// The words of [`Died`](Self::Died) where nobody is left who has others.
    pub(crate) const UNHEARD: &'static str = "it is heard no more";

    /// What the reader can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::Diverged { cause, .. } => cause.advice(),
            Self::Died(_) => "please report this message".into(),
            Self::Unwatched | Self::Unfollowed => {
                "leave, and please report the message that follows".into()
            }
            Self::NoData(_) => "see `ae-tui data`".into(),
        }
    }
}

impl Cause {
    fn advice(self) -> String {
        match self {
            Self::Steps(rate) => format!(
                "the steps are too long; try --learning-rate {:?}",
                smaller(rate, Recipe::preset(Preset::Article).learning_rate)
            ),
            Self::Price(price) => format!(
                "the price of the code is too high; try --l1 {:?}",
                smaller(price, Recipe::preset(Preset::Sparse).l1)
            ),
            Self::Weights => {
                "the weights it began with are too large; begin with others, or without --init"
                    .into()
            }
        }
    }
}

/// A tenth of a value that was too large, or one that is known to train where that is
/// less: a tenth of 1e37 is as hopeless. As f32, a tenth of 0.003 reads 0.0003.
fn smaller(value: f64, trains: f64) -> f32 {
    let tenth = (value / 10.0) as f32;
    // Of the least numbers that float32 has, a tenth is none.
    if tenth > 0.0 {
        tenth.min(trains as f32)
    } else {
        value as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_names_what_is_to_blame_and_a_value_that_can_be_typed() {
        let advice = |cause| {
            let loss = f32::NAN;
            Failure::Diverged {
                step: 2,
                loss,
                cause,
            }
            .advice()
        };
        for (rate, advised) in [
            (0.003, "0.0003"),
            (0.001, "0.0001"),
            (0.1, "0.001"),
            (1e37, "0.001"),
            (f64::from(f32::MAX), "0.001"),
        ] {
            let advice = advice(Cause::Steps(rate));
            assert!(advice.starts_with("the steps are too long"), "{advice}");
            let ending = format!("--learning-rate {advised}");
            assert!(advice.ends_with(&ending), "{advice}");
        }
        for (price, advised) in [(1e38, "--l1 0.0001"), (0.0005, "--l1 5e-5")] {
            let advice = advice(Cause::Price(price));
            assert!(advice.contains("price of the code") && advice.ends_with(advised));
        }
        assert!(advice(Cause::Weights).contains("--init"));
    }

    #[test]
    fn what_is_advised_is_smaller_and_never_nothing() {
        for value in [1e-45, 1e-40, 1e-3, 1.0, 1e37] {
            let advised = smaller(value, 0.001);
            assert!(
                advised > 0.0 && advised <= value as f32,
                "{value}: {advised}"
            );
        }
    }
}
