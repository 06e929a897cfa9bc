//! Writes a run's metrics as its reports come in: the same for a run that is
//! watched and for one that is not.

use super::Outcome;
use crate::{
    message::Report,
    store::{
        StoreError,
        metrics::{EndStatus, MetricsLog, Record},
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
        if let Some(log) = &mut self.log
            && let Err(fault) = log.write(record)
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
                self.write(&Record::Epoch(epoch.clone()));
            }
        }
    }

    /// Writes how the run ended.
    pub fn end(&mut self, outcome: &Outcome, finished: bool) {
        let saved = outcome.saved.as_ref();
        self.write(&Record::End {
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
