//! What a log tells of the steps before a run goes on, for whoever shows its past.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

use super::EpochRecord;
use crate::message::Epoch;

/// The losses of a run up to a step, as far as its log has them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Logged {
    /// The step.
    pub step: u64,
    /// The losses of steps, in order; of every Nth, or of none, as was asked for.
    pub losses: Vec<(u64, f32)>,
    /// The epochs that ended, in order.
    pub epochs: Vec<Epoch>,
}

/// A record, as far as it tells of a loss.
#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Line {
    Step { step: u64, loss: f32 },
    Epoch(EpochRecord),
}

impl Logged {
    /// What a log tells up to that step. A line that is torn or none of ours tells nothing,
    /// nor does a log that cannot be read: the run goes on without.
    pub fn read(log: &Path, step: u64) -> Self {
        let text = fs::read(log).unwrap_or_default();
        // Of what was told twice the last word counts.
        let (mut losses, mut epochs) = (BTreeMap::new(), BTreeMap::new());
        for line in text.split(|&byte| byte == b'\n') {
            match serde_json::from_slice(line) {
                Ok(Line::Step { step, loss }) => {
                    losses.insert(step, loss);
                }
                Ok(Line::Epoch(record)) => {
                    epochs.insert(record.step, record.epoch());
                }
                Err(_) => {}
            }
        }
        let losses = losses.into_iter().filter(|(of, _)| *of <= step).collect();
        let epochs = epochs.into_values().filter(|epoch| epoch.step <= step);
        Self {
            step,
            losses,
            epochs: epochs.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lens::HeldOut,
        store::metrics::{Metrics, MetricsLog, MetricsTarget, Older, Record},
    };

    fn epoch(number: u64) -> Epoch {
        Epoch {
            number,
            step: number * 4,
            train_loss: 0.3 / number as f32,
            held_out: HeldOut {
                loss: 0.1 + 0.7 / number as f32,
                reconstruction: 0.1,
            },
            seconds: 0.1,
            samples_per_second: 1e5 / 3.0,
            dead_units: if number == 2 { vec![1, 3] } else { Vec::new() },
        }
    }

    #[test]
    fn what_was_written_is_read_to_the_bit_as_far_as_it_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut log = MetricsLog::create(Metrics {
            target: MetricsTarget::File(path.clone()),
            older: Older::Append,
            every: Some(std::num::NonZero::<u64>::MIN),
        })
        .unwrap();
        let loss = |step: u64| 0.7 / step as f32;
        for step in 1..=9 {
            let number = (step - 1) / 4 + 1;
            log.write(&Record::Step {
                step,
                epoch: number,
                // One that is no number is written as null, and tells nothing.
                loss: if step == 7 { f32::NAN } else { loss(step) },
            })
            .unwrap();
            if step % 4 == 0 {
                let record = EpochRecord::of(&epoch(number));
                log.write(&Record::Epoch(record)).unwrap();
            }
        }
        drop(log);
        let mut text = fs::read_to_string(&path).unwrap();
        text += "notes\n{\"event\":\"resume\",\"step\":3}\n{\"event\":\"step\",\"ste";
        fs::write(&path, text).unwrap();
        let steps = |steps: &[u64]| steps.iter().map(|&step| (step, loss(step))).collect();
        let whole = Logged {
            step: 8,
            losses: steps(&[1, 2, 3, 4, 5, 6, 8]),
            epochs: vec![epoch(1), epoch(2)],
        };
        assert_eq!(Logged::read(&path, 8), whole);
        let part = Logged::read(&path, 5);
        assert_eq!(part.losses, whole.losses[..5]);
        assert_eq!(part.epochs, [epoch(1)]);
    }

    #[test]
    fn a_log_that_is_not_there_tells_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let step = 5;
        let nothing = Logged {
            step,
            ..Logged::default()
        };
        assert_eq!(Logged::read(&folder.path().join("log"), step), nothing);
    }
}
