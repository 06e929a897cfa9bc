//! Writes a run's metrics as its reports come in: the same for a run that is
//! watched and for one that is not.

use std::num::NonZeroU64;

use crate::{
    message::Report,
    store::{
        StoreError,
        metrics::{MetricsLog, Record},
    },
};

/// Turns reports into metrics records; without a log, into nothing.
#[derive(Debug, Default)]
pub struct Recorder {
    log: Option<MetricsLog>,
    /// Every how many steps a step's loss is written.
    every: Option<NonZeroU64>,
    /// The first fault; nothing is written after it.
    fault: Option<StoreError>,
}

impl Recorder {
    /// Writes to `log` every epoch, and every so many steps if that is asked for.
    pub fn new(log: MetricsLog, every: Option<NonZeroU64>) -> Self {
        Self {
            log: Some(log),
            every,
            fault: None,
        }
    }

    /// Writes one record.
    pub fn write(&mut self, record: &Record) {
        if let Some(log) = &mut self.log
            && let Err(fault) = log.write(record)
        {
            self.fault = Some(fault);
            self.log = None;
        }
    }

    /// Writes what a report tells.
    pub fn report(&mut self, report: &Report) {
        if self.log.is_none() {
            return;
        }
        let per_epoch = report.film.steps_per_epoch();
        let mut ended = report.epochs.iter().peekable();
        for (step, &loss) in (report.first_step..).zip(&report.losses) {
            if self.every.is_some_and(|every| step % every == 0) {
                let epoch = (step - 1) / per_epoch + 1;
                self.write(&Record::Step { step, epoch, loss });
            }
            if let Some(epoch) = ended.next_if(|epoch| epoch.step == step) {
                self.write(&Record::Epoch(epoch.clone()));
            }
        }
    }

    /// What went wrong since this was last asked.
    pub fn take_fault(&mut self) -> Option<StoreError> {
        self.fault.take()
    }
}
