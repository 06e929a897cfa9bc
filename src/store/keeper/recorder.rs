//! Writes a run's metrics as its reports come in: the same for a run that is
//! watched and for one that is not.

use std::{num::NonZeroU64, path::Path, time::Instant};

use super::board::Board;
use crate::{
    data::Dataset,
    lens::HeldOut,
    message::Report,
    recipe::{Edit, Recipe},
    store::{
        StoreError,
        metrics::{EndStatus, EpochRecord, MetricsLog, Record},
    },
};

/// How a run ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ending<'a> {
    /// Steps done.
    pub(super) step: u64,
    /// Whether they are all that was asked for.
    pub(super) finished: bool,
    /// Whether no step could follow.
    pub(super) failed: bool,
    /// The last file written.
    pub(super) saved: Option<&'a Path>,
}

/// Turns reports into metrics records; without a log, into nothing.
#[derive(Debug, Default)]
pub struct Recorder {
    log: Option<MetricsLog>,
    /// What ended the log before the run.
    fault: Option<StoreError>,
    /// The edits that have been told.
    told: Vec<Edit>,
    /// What is written for TensorBoard, if anything is.
    board: Option<Board>,
    /// The steps whose losses it has.
    board_every: Option<NonZeroU64>,
}

impl Recorder {
    /// Writes to this log.
    pub fn new(log: MetricsLog) -> Self {
        Self {
            log: Some(log),
            ..Self::default()
        }
    }

    /// The same, with event files for TensorBoard in a folder; of every so many steps the loss.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn with_events(self, folder: &Path, every: Option<NonZeroU64>) -> Result<Self, StoreError> {
        Ok(Self {
            board: Some(Board::begin(folder)?),
            board_every: every,
            ..self
        })
    }

    /// The same for a run of this recipe that goes on from a step: what was changed
    /// before has been told.
    pub(in crate::store) fn going_on_from(self, recipe: &Recipe, step: u64) -> Self {
        let before = recipe.edits.iter().take_while(|edit| edit.step <= step);
        Self {
            told: before.copied().collect(),
            ..self
        }
    }

    /// Writes one record. A log that fails is written to no more.
    pub(in crate::store) fn write(&mut self, record: &Record) {
        self.attempt(|log| log.write(record));
    }

    /// Writes to the event files; such as fail are written to no more.
    fn on_board(&mut self, write: impl FnOnce(&mut Board) -> Result<(), StoreError>) {
        if let Some(board) = &mut self.board
            && let Err(fault) = write(board)
        {
            self.fault = Some(fault);
            self.board = None;
        }
    }

    /// A run begins.
    pub(super) fn run_begins(&mut self) {
        self.on_board(Board::run_begins);
    }

    /// Pictures of what a report has come to, where an epoch has ended.
    pub(super) fn pictures(&mut self, report: &Report, data: &Dataset) {
        self.on_board(|board| board.pictures(report, data));
    }

    /// When waiting records should go out at the latest, if there are any.
    pub(in crate::store) fn due(&self) -> Option<Instant> {
        self.log.as_ref()?.due()
    }

    /// Lets waiting records out if it is time.
    pub(super) fn tick(&mut self, now: Instant) {
        self.attempt(|log| log.tick(now));
    }

    /// Lets waiting records out now.
    pub(in crate::store) fn let_out(&mut self) {
        self.attempt(MetricsLog::let_out);
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
    pub(super) fn report(&mut self, report: &Report) {
        let every = self.board_every;
        let wants = |step: u64| every.is_some_and(|every| step.is_multiple_of(every.get()));
        self.on_board(|board| board.losses(report, wants));
        let per_epoch = report.film.steps_per_epoch();
        let mut ended = report.epochs.iter().peekable();
        let edits = self.untold(&report.recipe);
        let mut edits = edits.iter().copied().peekable();
        for (step, &loss) in (report.first_step..).zip(&report.losses) {
            while let Some(edit) = edits.next_if(|edit| edit.step < step) {
                self.tell(edit);
            }
            let epoch = (step - 1) / per_epoch + 1;
            self.write(&Record::Step { step, epoch, loss });
            if let Some(epoch) = ended.next_if(|epoch| epoch.step == step) {
                self.write(&Record::Epoch(EpochRecord::of(epoch)));
            }
        }
        let step = report.steps_done();
        while let Some(edit) = edits.next_if(|edit| edit.step <= step) {
            self.tell(edit);
        }
    }

    /// The edits that have not been told: with a change, those of a future that is none
    /// any more are gone.
    fn untold(&mut self, recipe: &Recipe) -> Vec<Edit> {
        let known = self.told.iter().zip(&recipe.edits);
        let same = known.take_while(|(told, edit)| told == edit).count();
        self.told.truncate(same);
        recipe.edits[same..].to_vec()
    }

    fn tell(&mut self, edit: Edit) {
        self.told.push(edit);
        self.write(&Record::Edit(edit));
    }

    /// Writes how the run ended; `held_out` is the last held-out loss, and the
    /// step after which it was measured.
    pub(super) fn end(&mut self, ending: &Ending, held_out: Option<(u64, HeldOut)>) {
        let held_out = held_out.filter(|(_, held_out)| held_out.loss.is_finite());
        let measured = |of: fn(HeldOut) -> f32| held_out.map(|(_, held_out)| of(held_out));
        self.write(&Record::End {
            step: ending.step,
            val_loss: measured(|held_out| held_out.loss),
            val_reconstruction: measured(|held_out| held_out.reconstruction),
            val_step: held_out.map(|(step, _)| step),
            status: match (ending.failed, ending.finished) {
                (true, _) => EndStatus::Failed,
                (false, true) => EndStatus::Finished,
                (false, false) => EndStatus::Stopped,
            },
            saved: ending.saved.map(|path| path.display().to_string()),
        });
    }

    /// What went wrong since this was last asked.
    pub(in crate::store) fn take_fault(&mut self) -> Option<StoreError> {
        self.fault.take()
    }
}
