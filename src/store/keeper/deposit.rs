//! Where a run leaves its weights at its end, and whether they may take the
//! place of a file that is there: the same for a run that is watched and for
//! one that is not.
//!
//! An older file is the fruit of somebody's work. Only a run that came to
//! something replaces it; what any other run has goes beside it.

use std::path::PathBuf;

use thiserror::Error;

use crate::{
    message::{Phase, Report},
    nn::Snapshot,
    store::{
        StoreError, atomic,
        weights::{self, About},
    },
    words::shown,
};

/// The file that was asked for, and what the run has come to.
#[derive(Debug)]
pub(super) struct Deposit {
    path: PathBuf,
    /// Whether an epoch was completed, or all that was asked for.
    complete: bool,
    failed: bool,
}

/// Where the weights went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The file that has them.
    pub path: PathBuf,
    /// The file that was asked for, where it was left alone.
    pub spared: Option<Spared>,
}

/// An older file that was not replaced, and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} stays as it was: {why}", shown(path))]
pub struct Spared {
    path: PathBuf,
    why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
enum Why {
    #[error("this run completed no epoch")]
    Unfinished,
    #[error("this run failed")]
    Failed,
}

impl Deposit {
    /// Nothing has been done yet for this file.
    pub(super) fn at(path: PathBuf) -> Self {
        Self {
            path,
            complete: false,
            failed: false,
        }
    }

    /// Takes note of how far the run has come.
    pub(super) fn absorb(&mut self, report: &Report) {
        self.complete |= !report.epochs.is_empty() || report.phase == Phase::Finished;
    }

    /// Takes note that no step can follow.
    pub(super) fn fail(&mut self) {
        self.failed = true;
    }

    /// Writes the weights to the file that was asked for, or beside it.
    pub(super) fn leave(&self, snapshot: &Snapshot, about: &About) -> Result<Left, StoreError> {
        let why = match (self.failed, self.complete) {
            (true, _) => Some(Why::Failed),
            (false, false) => Some(Why::Unfinished),
            (false, true) => None,
        };
        match why {
            Some(why) if self.holds_something() => {
                let first = atomic::beside(&self.path, &format!("-step{:07}", snapshot.step));
                let spared = Spared {
                    path: self.path.clone(),
                    why,
                };
                Ok(Left {
                    path: weights::save_new_as(&first, &snapshot.net, about)?,
                    spared: Some(spared),
                })
            }
            _ => {
                weights::save(&self.path, &snapshot.net, about)?;
                Ok(Left {
                    path: self.path.clone(),
                    spared: None,
                })
            }
        }
    }

    fn holds_something(&self) -> bool {
        self.path
            .metadata()
            .is_ok_and(|about| about.is_file() && about.len() > 0)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::Arc};

    use super::*;
    use crate::lens::HeldOut;
    use crate::message::Epoch;
    use crate::{
        nn::Autoencoder,
        pace::{Film, Pace},
        random::{Stream, generator},
        recipe::{Preset, Recipe},
    };

    fn snapshot(step: u64) -> Snapshot {
        let recipe = Recipe::preset(Preset::Article);
        let rng = &mut generator(1, Stream::Weights, 0);
        Snapshot {
            step,
            net: Autoencoder::glorot(&recipe.architecture(), rng),
        }
    }

    fn report(phase: Phase, epochs: Vec<Epoch>) -> Report {
        Report {
            obeyed: 0,
            first_step: 1,
            losses: vec![0.5],
            epochs,
            train_loss: 0.5,
            phase,
            pace: Pace::Full,
            film: Film::new(100, 1),
            end: 100,
            snapshot: Arc::new(snapshot(1)),
            recipe: Arc::new(Recipe::preset(Preset::Article)),
            frames: Vec::new(),
            states: Vec::new(),
            checkpoints: Vec::new(),
        }
    }

    fn epoch() -> Epoch {
        Epoch {
            number: 1,
            step: 100,
            train_loss: 0.3,
            held_out: HeldOut {
                loss: 0.3,
                reconstruction: 0.3,
            },
            seconds: 1.0,
            samples_per_second: 1.0,
            dead_units: vec![],
        }
    }

    #[test]
    fn only_a_run_that_came_to_something_replaces_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.x");
        let beside = |name: &str| folder.path().join(name);
        let mut run = Deposit::at(path.clone());
        let about = About::default();
        let words = |left: Left| left.spared.map(|spared| spared.to_string());

        // What is not there, or empty, is no loss.
        assert_eq!(run.leave(&snapshot(0), &about).unwrap().path, path);
        fs::write(&path, "").unwrap();
        assert_eq!(run.leave(&snapshot(0), &about).unwrap().path, path);

        fs::write(&path, "somebody's work").unwrap();
        let left = run.leave(&snapshot(7), &about).unwrap();
        assert_eq!(left.path, beside("old-step0000007.x"));
        assert!(words(left).unwrap().ends_with("completed no epoch"));
        run.absorb(&report(Phase::Training, vec![]));
        let left = run.leave(&snapshot(7), &about).unwrap();
        assert_eq!(left.path, beside("old-step0000007-2.x"));
        assert_eq!(fs::read(&path).unwrap(), b"somebody's work");

        for come_to in [
            report(Phase::Training, vec![epoch()]),
            report(Phase::Finished, vec![]),
        ] {
            let mut run = Deposit::at(path.clone());
            run.absorb(&come_to);
            run.absorb(&report(Phase::Paused, vec![]));
            fs::write(&path, "somebody's work").unwrap();
            let left = run.leave(&snapshot(8), &about).unwrap();
            assert_eq!((&left.path, &left.spared), (&path, &None));
            assert!(weights::load(&path, None).is_ok());

            run.fail();
            let left = run.leave(&snapshot(9), &about).unwrap();
            assert!(left.path.to_string_lossy().contains("old-step0000009"));
            assert!(words(left).unwrap().ends_with("this run failed"));
        }
    }
}
