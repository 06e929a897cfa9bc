//! What the trainer's thread tells, and how often: all that happened since it last did.
//!
//! It gathers while the reader is busy, so that nothing is lost and nobody waits. What is
//! done between two reports is for the worker to know.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crossbeam_channel::Sender;

use crate::{
    message::{Epoch, Failure, Phase, Progress, Report},
    nn::Snapshot,
    pace::{Film, Pace},
    recipe::Recipe,
    train::{Keeping, Trainer, keepsakes::Keepsakes},
};

/// Reports are offered no more often than a screen can show them...
pub(super) const REPORT_EVERY: Duration = Duration::from_millis(33);
/// ...and less often at full speed, where each of them costs training...
const REPORT_EVERY_AT_FULL_SPEED: Duration = Duration::from_millis(80);
/// ...or where one takes long, as the snapshot of a large network does: then so many
/// times as long passes to the next.
const REST_AFTER_REPORT: u32 = 50;
/// ...but no longer than this: a process that was stopped in the middle of one was not at work.
const LONGEST_REST: Duration = Duration::from_secs(1);

/// What has happened since the last report.
pub(super) struct Telling {
    losses: Vec<f32>,
    epochs: Vec<Epoch>,
    last_offer: Instant,
    /// How long the last report took to make.
    cost: Duration,
    /// What can always be saved.
    last_finite: Arc<Snapshot>,
    /// What the run is, as it was last told.
    recipe: Arc<Recipe>,
    /// The moments that are to be kept.
    keepsakes: Keepsakes,
}

/// Where the worker stands when it tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) phase: Phase,
    pub(super) obeyed: u64,
    pub(super) pace: Pace,
    pub(super) film: Film,
    pub(super) end: u64,
}

impl Telling {
    pub(super) fn of(trainer: &Trainer, keeping: Keeping) -> Self {
        Self {
            losses: Vec::new(),
            epochs: Vec::new(),
            last_offer: Instant::now(),
            cost: Duration::ZERO,
            last_finite: Arc::new(Snapshot {
                step: trainer.steps_done(),
                net: trainer.net(),
            }),
            recipe: Arc::new(trainer.recipe().clone()),
            keepsakes: Keepsakes::new(keeping),
        }
    }

    /// From here on it is told.
    pub(super) fn begin(&mut self, trainer: &Trainer, film: &Film) {
        self.keep_snapshot(trainer);
        self.keepsakes.begin(trainer, film);
    }

    /// A step was taken, with this loss before its update.
    pub(super) fn step(&mut self, loss: f32) {
        self.losses.push(loss);
    }

    /// An epoch ended with that step.
    pub(super) fn epoch(&mut self, epoch: Epoch) {
        self.epochs.push(epoch);
    }

    /// All of that step has been told: whether its moment is one to keep.
    pub(super) fn pass(&mut self, trainer: &Trainer, film: &Film) {
        self.keepsakes.pass(trainer, film);
    }

    /// No step follows, for now.
    pub(super) fn rest(&mut self, trainer: &Trainer) {
        self.keepsakes.rest(trainer);
    }

    /// The run is another from the next step on.
    pub(super) fn changed(&mut self, trainer: &Trainer) {
        self.recipe = Arc::new(trainer.recipe().clone());
    }

    /// A report, if it is time for one and the reader has room for it.
    pub(super) fn offer(
        &mut self,
        trainer: &Trainer,
        standing: Standing,
        now: Instant,
        events: &Sender<Progress>,
    ) {
        let every = match standing.pace {
            Pace::Full => REPORT_EVERY_AT_FULL_SPEED,
            Pace::Film { .. } | Pace::Even { .. } => REPORT_EVERY,
        };
        let rest = (self.cost * REST_AFTER_REPORT).min(LONGEST_REST);
        let every = every.max(rest);
        let due = now.saturating_duration_since(self.last_offer) >= every;
        if due && !events.is_full() && !self.losses.is_empty() {
            self.last_offer = now;
            // This thread is the only sender, so the place is still free.
            let _ = events.try_send(Progress::Report(self.report(trainer, standing)));
            self.cost = now.elapsed();
        }
    }

    /// A report, however long it takes until there is room for it.
    pub(super) fn for_certain(
        &mut self,
        trainer: &Trainer,
        standing: Standing,
        events: &Sender<Progress>,
    ) {
        // A reader that has left wants to know nothing more.
        let _ = events.send(Progress::Report(self.report(trainer, standing)));
    }

    /// After a failure: the newest weights that still give a loss, which those
    /// it happened with may not, finite though they are. A state is in order between two
    /// steps, and who died may have been within one.
    pub(super) fn the_last_good(
        &mut self,
        trainer: &Trainer,
        standing: Standing,
        failure: &Failure,
        events: &Sender<Progress>,
    ) {
        if trainer.validate().loss.is_finite() {
            self.keep_snapshot(trainer);
            if !matches!(failure, Failure::Died(_)) {
                self.keepsakes.rest(trainer);
            }
        }
        let _ = events.send(Progress::Report(self.gathered(trainer, standing)));
    }

    fn report(&mut self, trainer: &Trainer, standing: Standing) -> Report {
        self.keep_snapshot(trainer);
        self.gathered(trainer, standing)
    }

    /// Takes a snapshot of the weights, if they are new and finite.
    fn keep_snapshot(&mut self, trainer: &Trainer) {
        let step = trainer.steps_done();
        if step != self.last_finite.step {
            let net = trainer.net();
            if net.is_finite() {
                self.last_finite = Arc::new(Snapshot { step, net });
            }
        }
    }

    fn gathered(&mut self, trainer: &Trainer, standing: Standing) -> Report {
        let step = trainer.steps_done();
        let losses = std::mem::take(&mut self.losses);
        let mut report = Report {
            first_step: step + 1 - losses.len() as u64,
            losses,
            epochs: std::mem::take(&mut self.epochs),
            train_loss: trainer.epoch_sum().train_loss,
            phase: standing.phase,
            obeyed: standing.obeyed,
            pace: standing.pace,
            film: standing.film,
            end: standing.end,
            snapshot: Arc::clone(&self.last_finite),
            recipe: Arc::clone(&self.recipe),
            frames: Vec::new(),
            states: Vec::new(),
            checkpoints: Vec::new(),
        };
        self.keepsakes.tell(&mut report);
        report
    }
}
