//! Writes a run's metrics as its reports come in: the same for a run that is
//! watched and for one that is not.

use std::time::Instant;

use super::Outcome;
use crate::{
    lens::HeldOut,
    message::Report,
    store::{
        StoreError,
        metrics::{EndStatus, EpochRecord, MetricsLog, Record},
    },
};

/// Turns reports into metrics records; without a log, into nothing.
#[derive(Debug, Default)]
pub struct Recorder {
    log: Option<MetricsLog>,
    /// What ended the log before the run.
    fault: Option<StoreError>,
}

impl Recorder {
    /// Writes to this log.
    pub fn new(log: MetricsLog) -> Self {
        Self {
            log: Some(log),
            fault: None,
        }
    }

    /// Writes one record. A log that fails is written to no more.
    pub fn write(&mut self, record: &Record) {
        self.attempt(|log| log.write(record));
    }

    /// When waiting records should go out at the latest, if there are any.
    pub fn due(&self) -> Option<Instant> {
        self.log.as_ref()?.due()
    }

    /// Lets waiting records out if it is time.
    pub fn tick(&mut self, now: Instant) {
        self.attempt(|log| log.tick(now));
    }

    fn attempt(&mut self, write: impl FnOnce(&mut MetricsLog) -> Result<(), StoreError>) {
        if let Some(log) = &mut self.log
            && let Err(fault) = write(log)
        {
            self.fault = Some(fault);
            self.log = None;
        }
    }

    /// Writes what a report tells, in the order in which it happened.
    pub fn report(&mut self, report: &Report) {
        let per_epoch = report.film.steps_per_epoch();
        let mut ended = report.epochs.iter().peekable();
        for (step, &loss) in (report.first_step..).zip(&report.losses) {
            let epoch = (step - 1) / per_epoch + 1;
            self.write(&Record::Step { step, epoch, loss });
            if let Some(epoch) = ended.next_if(|epoch| epoch.step == step) {
                self.write(&Record::Epoch(EpochRecord::of(epoch)));
            }
        }
    }

    /// Writes how the run ended; `held_out` is the last held-out loss, and the
    /// step after which it was measured.
    pub fn end(&mut self, outcome: &Outcome, finished: bool, held_out: Option<(u64, HeldOut)>) {
        let saved = outcome.saved.as_ref();
        let measured = |of: fn(HeldOut) -> f32| {
            let value = held_out.map(|(_, held_out)| of(held_out));
            value.filter(|loss| loss.is_finite())
        };
        self.write(&Record::End {
            step: outcome.step,
            val_loss: measured(|held_out| held_out.loss),
            val_reconstruction: measured(|held_out| held_out.reconstruction),
            val_step: held_out.map(|(step, _)| step),
            status: match (&outcome.failure, finished) {
                (Some(_), _) => EndStatus::Failed,
                (None, true) => EndStatus::Finished,
                (None, false) => EndStatus::Stopped,
            },
            saved: saved.map(|path| path.display().to_string()),
        });
    }

    /// What went wrong since this was last asked.
    pub fn take_fault(&mut self) -> Option<StoreError> {
        self.fault.take()
    }
}
