//! Everything that a run writes, in one pair of hands: its log, its weights where they
//! were asked for, and those that are saved on the way. The same with a screen and
//! without.
//!
//! A keeper is told what the trainer tells and writes what belongs to it; when to save,
//! and what is said of it, is for others to know.

mod board;
mod deposit;
mod recorder;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use deposit::Deposit;
pub use deposit::{Left, Spared};
use recorder::Ending;
pub use recorder::Recorder;

use super::{
    StoreError, atomic,
    folder::RunFolder,
    metrics::{BranchRecord, Record, ResumeRecord, StartRecord},
    weights::{self, About, Parent},
};
use crate::{
    data::Dataset,
    lens::HeldOut,
    message::{Phase, Picture, Progress, Report},
    nn::Snapshot,
    recipe::{MOST_EPOCHS, Recipe},
};

/// Where a run writes; by default nowhere but where it is asked to, in the folder that we are in.
#[derive(Debug)]
pub struct Files {
    /// Where the last weights are saved at the end, if they are.
    pub save: Option<PathBuf>,
    /// Where metrics go, if they do.
    pub recorder: Recorder,
    /// The folder of weights that are asked for without a name.
    pub folder: PathBuf,
    /// The weights that the run started from, if they were not fresh.
    pub parent: Option<Parent>,
    /// The folder that keeps the whole run, if one does.
    pub run: Option<RunFolder>,
    /// The step that the run goes on from, if it was there before.
    pub resumed: Option<u64>,
    /// Where the run left another, if it did.
    pub branch: Option<BranchRecord>,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            save: None,
            recorder: Recorder::default(),
            folder: ".".into(),
            parent: None,
            run: None,
            resumed: None,
            branch: None,
        }
    }
}

/// What has become of the files, as far as somebody wants to hear of it.
#[derive(Debug, Default)]
pub struct Kept {
    /// The last file written, by key or at the end.
    pub saved: Option<PathBuf>,
    /// The older file that it was written beside, not over.
    pub spared: Option<Spared>,
    /// Why the weights could not be saved at the end.
    pub save_error: Option<String>,
    /// Why metrics could not be written.
    pub metrics_error: Option<String>,
    /// The folder that keeps the run.
    pub run: Option<PathBuf>,
    /// Why it does not keep all of it, at the end of the run.
    pub run_error: Option<String>,
    /// What the run was, as far as it came.
    pub ran: Option<Ran>,
    /// The log, for a run that follows.
    pub recorder: Recorder,
}

/// What makes a run again, as far as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// Its recipe, with its edits.
    pub recipe: Recipe,
    /// The step it was stopped at, before its end.
    pub stopped_at: Option<u64>,
}

impl Kept {
    /// What there is to tell in the end when this run has followed that one: what
    /// was saved before stays saved, and a log that broke off stays broken off.
    #[must_use]
    pub fn after(self, before: Self) -> Self {
        let (saved, spared) = match self.saved {
            Some(path) => (Some(path), self.spared),
            None => (before.saved, before.spared),
        };
        Self {
            saved,
            spared,
            metrics_error: before.metrics_error.or(self.metrics_error),
            run_error: before.run_error.or(self.run_error),
            ..self
        }
    }
}

/// What weights cost, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Costs {
    /// Mean training loss of their epoch so far.
    pub train_loss: Option<f32>,
    /// The held-out images.
    pub held_out: Option<HeldOut>,
}

/// The writer of a run.
#[derive(Debug)]
pub struct Keeper {
    recipe: Recipe,
    folder: PathBuf,
    parent: Option<Parent>,
    branch: Option<BranchRecord>,
    deposit: Option<Deposit>,
    /// What a file that is looked at says of its weights, which is said of them again.
    said: Option<(u64, About)>,
    data: Option<Arc<Dataset>>,
    steps_per_epoch: Option<u64>,
    /// Mean training loss of the epoch so far, once a step has been taken.
    train_loss: Option<f32>,
    last_epoch: Option<(u64, HeldOut)>,
    finished: bool,
    failed: bool,
    /// The step whose weights are where the run was asked to leave them.
    result_step: Option<u64>,
    run: Option<RunFolder>,
    resumed: Option<u64>,
    /// The step after which all that was asked for is done.
    end: Option<u64>,
    kept: Kept,
}

impl Keeper {
    /// For a run of this recipe.
    pub fn new(recipe: &Recipe, files: Files) -> Self {
        Self {
            recipe: recipe.clone(),
            folder: files.folder,
            parent: files.parent,
            branch: files.branch,
            deposit: files.save.map(Deposit::at),
            said: None,
            data: None,
            steps_per_epoch: None,
            train_loss: None,
            last_epoch: None,
            finished: false,
            failed: false,
            result_step: None,
            end: None,
            kept: Kept {
                recorder: match files.resumed {
                    Some(step) => files.recorder.going_on_from(recipe, step),
                    None => files.recorder,
                },
                run: files.run.as_ref().map(|run| run.path().to_owned()),
                ..Kept::default()
            },
            run: files.run,
            resumed: files.resumed,
        }
    }

    /// The weights of this step come from a file that says this of them.
    pub fn say_of(&mut self, step: u64, about: About) {
        self.said = Some((step, about));
    }

    /// Writes what the trainer tells, in the order in which it happened.
    pub fn absorb(&mut self, progress: &Progress) {
        match progress {
            Progress::Loaded(data) => self.begin(data),
            Progress::Report(report) => self.report(report),
            Progress::Failed(_) => {
                self.failed = true;
                if let Some(deposit) = &mut self.deposit {
                    deposit.fail();
                }
            }
            // Of what somebody else trains nothing is written.
            Progress::Heard(_) | Progress::Writer(_) | Progress::Remark(_) => {}
        }
    }

    /// The images that the run is on.
    pub fn begin(&mut self, data: &Arc<Dataset>) {
        let start = StartRecord {
            branch: self.branch,
            ..StartRecord::new(&self.recipe, &data.name, &data.digest)
        };
        if let Some(run) = &mut self.run {
            run.begin(&start);
        }
        self.kept.recorder.run_begins();
        self.kept.recorder.write(&Record::Start(Box::new(start)));
        self.steps_per_epoch = Some(self.recipe.steps_per_epoch(data.train.len()));
        if let Some(step) = self.resumed {
            let record = Record::Resume(ResumeRecord::here(step));
            self.kept.recorder.write(&record);
        }
        self.data = Some(Arc::clone(data));
    }

    fn report(&mut self, report: &Report) {
        self.kept.recorder.report(report);
        if let Some(data) = &self.data {
            self.kept.recorder.pictures(report, data);
        }
        self.steps_per_epoch = Some(report.film.steps_per_epoch());
        self.recipe = of_report(report);
        self.end = Some(report.end);
        self.keep_run(report);
        if let Some(deposit) = &mut self.deposit {
            deposit.absorb(report);
        }
        if report.steps_done() > 0 {
            self.train_loss = Some(report.train_loss);
        }
        if let Some(epoch) = report.epochs.last() {
            self.last_epoch = Some((epoch.step, epoch.held_out));
        }
        self.finished = report.phase == Phase::Finished;
    }

    /// What the folder of the run has of a report.
    fn keep_run(&mut self, report: &Report) {
        let Some(mut run) = self.run.take() else {
            return;
        };
        run.log().report(report);
        // A state whose changes the folder does not know would be refused as another run's.
        let known = run.rewrite(&self.recipe);
        for state in report.checkpoints.iter().filter(|_| known) {
            let step = state.step();
            let ended = report.epochs.iter().find(|epoch| epoch.step == step);
            let costs = Costs {
                train_loss: (step > 0).then(|| state.so_far.sum().train_loss),
                held_out: ended.map(|epoch| epoch.held_out),
            };
            run.keep(state, self.about_step(step, costs));
        }
        self.run = Some(run);
    }

    /// The held-out loss at the end of the last epoch, and its step.
    pub fn last_epoch(&self) -> Option<(u64, HeldOut)> {
        self.last_epoch
    }

    /// When waiting lines of the log should go out at the latest, if there are any.
    pub fn due(&self) -> Option<Instant> {
        let of_run = self.run.as_ref().and_then(RunFolder::due);
        self.kept.recorder.due().into_iter().chain(of_run).min()
    }

    /// Lets them out if it is time, and tells what has gone wrong with the log since this
    /// was last asked. A reader who has left is no fault.
    pub fn tick(&mut self, now: Instant) -> Option<StoreError> {
        self.kept.recorder.tick(now);
        if let Some(run) = &mut self.run {
            run.log().tick(now);
        }
        self.take_fault()
    }

    fn take_fault(&mut self) -> Option<StoreError> {
        let of_run = self.run.as_mut().and_then(RunFolder::take_fault);
        if of_run.is_some() {
            return of_run;
        }
        let fault = self.kept.recorder.take_fault()?;
        if !matches!(fault, StoreError::ReaderGone) {
            self.kept.metrics_error = Some(fault.to_string());
        }
        Some(fault)
    }

    /// Writes weights to a new file: where it was asked for, or else in the folder of
    /// such files. Nothing is replaced.
    ///
    /// # Errors
    ///
    /// Those of [`weights::save_new`].
    pub fn save_new(
        &mut self,
        snapshot: &Snapshot,
        costs: Costs,
        asked: Option<&Path>,
    ) -> Result<PathBuf, StoreError> {
        let about = self.about(snapshot, costs);
        let path = match asked.map(at_home) {
            Some(file) if !file.is_dir() => weights::save_new_as(&file, &snapshot.net, &about),
            folder => {
                let folder = folder.as_ref().unwrap_or(&self.folder);
                let name = match self.branch {
                    Some(branch) => format!("{}-b{}.safetensors", about.stem(), branch.number),
                    None => format!("{}.safetensors", about.stem()),
                };
                weights::save_new_as(&folder.join(name), &snapshot.net, &about)
            }
        }?;
        self.kept.saved = Some(path.clone());
        self.kept.spared = None;
        Ok(path)
    }

    /// Writes a picture of the screen to a new file in the folder of such files, named after
    /// the step it shows.
    ///
    /// # Errors
    ///
    /// Those of [`atomic::write_new`].
    pub fn save_picture(
        &self,
        step: Option<u64>,
        picture: &Picture,
    ) -> Result<PathBuf, StoreError> {
        let about = About {
            step,
            ..self.about_step(step.unwrap_or_default(), Costs::default())
        };
        let Picture {
            view, extension, ..
        } = picture;
        let branch = self.branch.map(|branch| format!("-b{}", branch.number));
        let branch = branch.unwrap_or_default();
        let name = format!("{}{branch}-{view}.{extension}", about.stem());
        atomic::write_new(&self.folder.join(name), &picture.bytes)
    }

    /// Whether weights are asked for at the end, and those of this step are not there yet.
    pub fn wants_result(&self, step: u64) -> bool {
        self.deposit.is_some() && self.result_step != Some(step)
    }

    /// Writes weights to where the run was asked to leave them; `None` where it was not,
    /// or they are there.
    pub fn save_result(
        &mut self,
        snapshot: &Snapshot,
        held_out: Option<HeldOut>,
    ) -> Option<Result<PathBuf, StoreError>> {
        if !self.wants_result(snapshot.step) {
            return None;
        }
        let costs = Costs {
            train_loss: self.train_loss,
            held_out,
        };
        let about = self.about(snapshot, costs);
        let left = self.deposit.as_ref()?.leave(snapshot, &about);
        Some(match left {
            Ok(Left { path, spared }) => {
                self.result_step = Some(snapshot.step);
                self.kept.save_error = None;
                self.kept.saved = Some(path.clone());
                self.kept.spared = spared;
                Ok(path)
            }
            Err(error) => {
                self.kept.save_error = Some(error.to_string());
                Err(error)
            }
        })
    }

    /// What a file says of these weights.
    fn about(&self, snapshot: &Snapshot, costs: Costs) -> About {
        if let Some((step, said)) = &self.said
            && *step == snapshot.step
        {
            return said.clone();
        }
        self.about_step(snapshot.step, costs)
    }

    /// What a file says of this run's weights after a step.
    fn about_step(&self, step: u64, costs: Costs) -> About {
        let data = self.data.as_ref();
        About {
            step: Some(step),
            steps_per_epoch: self.steps_per_epoch,
            train_loss: costs.train_loss.filter(|loss| loss.is_finite()),
            val_loss: costs
                .held_out
                .map(|held_out| held_out.loss)
                .filter(|loss| loss.is_finite()),
            digest: data.map(|data| data.digest.clone()),
            data_name: data.map(|data| data.name.clone()),
            parent: self.parent.clone().map(Box::new),
            ..About::of(&self.recipe)
        }
    }

    /// Writes how the run ended after `step` steps; `held_out` is the last held-out loss,
    /// and the step after which it was measured.
    pub fn end(&mut self, step: u64, held_out: Option<(u64, HeldOut)>) -> Option<StoreError> {
        let ending = Ending {
            step,
            finished: self.finished,
            failed: self.failed,
            saved: self.kept.saved.as_deref(),
        };
        self.kept.recorder.end(&ending, held_out);
        self.kept.ran = self.ran(step);
        if let Some(run) = &mut self.run {
            run.log().end(&ending, held_out);
            run.finish();
        }
        let fault = self.take_fault();
        self.kept.run_error = self.run.as_ref().and_then(RunFolder::amiss);
        fault
    }

    /// The run as far as it came, if a step was taken, and one could follow.
    fn ran(&self, step: u64) -> Option<Ran> {
        let end = self.end.filter(|_| step > 0 && !self.failed)?;
        Some(Ran {
            recipe: self.recipe.clone(),
            stopped_at: (step < end).then_some(step),
        })
    }

    /// What has become of the files so far.
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// What has become of the files.
    pub fn into_kept(self) -> Kept {
        self.kept
    }
}

/// The recipe of a run, which may have been asked for more than it was at first; for no more
/// than can be read again.
fn of_report(report: &Report) -> Recipe {
    let mut recipe = (*report.recipe).clone();
    let per_epoch = report.film.steps_per_epoch();
    let asked = recipe.epochs.saturating_mul(per_epoch);
    let asked = asked.min(recipe.max_steps.unwrap_or(u64::MAX));
    if report.steps_done() > asked {
        recipe.epochs = report.end.div_ceil(per_epoch).min(MOST_EPOCHS);
        let is_whole = report.end.is_multiple_of(per_epoch);
        recipe.max_steps = (!is_whole).then_some(report.end);
    }
    recipe
}

/// A typed path: `~` is the user's folder, as the shell would have it.
fn at_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests;
