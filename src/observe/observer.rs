//! The observer's thread: takes what the trainer tells and what the screen
//! asks, shows as much as there is time for, and writes the files.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, TrySendError, after, bounded, never, select};

use super::{Deposit, Outcome, Recorder, Setup, Source, run::Run};
use crate::{
    data::Dataset,
    measure::Pca,
    message::{Failure, Look, News, Phase, Progress, SampleId},
    nn::Snapshot,
    pool::Pool,
    recipe::Recipe,
    store::{
        StoreError,
        metrics::{Record, StartRecord},
        weights::{self, About, Parent},
    },
};

/// How long the last report of a stopping trainer is waited for: well within
/// the time a program has after a signal, so that files can still be written.
const FAREWELL: Duration = Duration::from_secs(1);
/// How soon a screen that was full is offered the same again.
const SOON: Duration = Duration::from_millis(10);

/// A typed path: `~` is the user's folder, as the shell would have it.
fn at_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

pub(super) fn run(setup: Setup, looks: &Receiver<Look>, events: Sender<News>) -> Outcome {
    let (reports, saved) = match setup.source {
        Source::Trainer(reports) => (reports, None),
        // A trainer that has already left.
        Source::Saved {
            snapshot,
            about,
            data,
        } => (bounded(0).1, Some((snapshot, about, data))),
    };
    let mut observer = Observer {
        screen: events,
        notices: VecDeque::new(),
        recipe: setup.recipe,
        parent: setup.parent,
        sample: setup.sample,
        folder: setup.folder,
        deposit: setup.save.map(Deposit::at),
        result_step: None,
        recorder: setup.recorder,
        pca: setup.pca,
        pool: setup.pool,
        about: None,
        run: None,
        outcome: Outcome::default(),
    };
    if let Some((snapshot, about, data)) = saved {
        match data() {
            Ok(data) => observer.explore(snapshot, about, data),
            Err(error) => observer.fail(Failure::NoData(error.to_string())),
        }
    }
    observer.watch(&reports, looks);
    observer.finish(&reports)
}

struct Observer {
    screen: Sender<News>,
    /// What the screen must be told and has had no room for.
    notices: VecDeque<News>,
    recipe: Recipe,
    /// What the run started from, which saved files tell too.
    parent: Option<Parent>,
    sample: SampleId,
    folder: PathBuf,
    deposit: Option<Deposit>,
    /// The step whose weights are where the run was asked to leave them.
    result_step: Option<u64>,
    recorder: Recorder,
    /// What a run before has found, until this one has it.
    pca: Option<Arc<Pca>>,
    pool: Pool,
    /// What a file that is explored says of itself.
    about: Option<About>,
    /// What there is to see, once the images are loaded.
    run: Option<Run>,
    outcome: Outcome,
}

impl Observer {
    /// Until the screen closes.
    fn watch(&mut self, reports: &Receiver<Progress>, looks: &Receiver<Look>) {
        let mut reports = reports.clone();
        loop {
            let now = Instant::now();
            let sample = self.sample;
            let work = self.run.as_ref().and_then(|run| run.next_work(sample, now));
            let findings = self.run.as_ref().map_or_else(never, Run::findings);
            let waiting = (!self.notices.is_empty()).then_some(SOON);
            let lines = self.recorder.due();
            let lines = lines.map(|due| due.saturating_duration_since(now));
            let timer = work
                .into_iter()
                .chain(waiting)
                .chain(lines)
                .min()
                .map_or_else(never, after);
            select! {
                recv(reports) -> event => match event {
                    Ok(event) => self.take(event),
                    // The trainer has gone; what it left can still be looked at.
                    Err(_) => reports = never(),
                },
                recv(looks) -> look => match look {
                    Ok(look) => self.look(look),
                    Err(_) => return,
                },
                recv(findings) -> finding => match (&mut self.run, finding) {
                    (Some(run), Ok(finding)) => run.found(finding),
                    (Some(run), Err(_)) => run.no_more_findings(),
                    (None, _) => {}
                },
                recv(timer) -> _ => {}
            }
            // Keys come in bursts; only the last place is worth drawing.
            while let Ok(look) = looks.try_recv() {
                self.look(look);
            }
            self.recorder.tick(Instant::now());
            self.look_after_metrics();
            self.show();
        }
    }

    /// Draws what is new and offers it to the screen, notices first.
    fn show(&mut self) {
        while let Some(notice) = self.notices.pop_front() {
            if let Err(TrySendError::Full(notice)) = self.screen.try_send(notice) {
                self.notices.push_front(notice);
                return;
            }
        }
        let Some(run) = &mut self.run else { return };
        run.draw(self.sample, &self.pool, Instant::now());
        if let Some(seen) = run.observation()
            && !matches!(
                self.screen.try_send(News::Observed(seen)),
                Err(TrySendError::Full(_))
            )
        {
            run.was_shown();
        }
    }

    fn take(&mut self, event: Progress) {
        match event {
            Progress::Loaded(data) => self.begin(data),
            Progress::Report(report) => {
                self.recorder.report(&report);
                if let Some(deposit) = &mut self.deposit {
                    deposit.absorb(&report);
                }
                if let Some(run) = &mut self.run {
                    run.absorb(&report, self.recipe.batch_size);
                    if report.phase == Phase::Finished {
                        self.save_result();
                    }
                }
            }
            Progress::Failed(failure) => self.fail(failure),
        }
    }

    fn begin(&mut self, data: Arc<Dataset>) {
        let start = StartRecord::new(&self.recipe, &data.name, &data.digest);
        self.recorder.write(&Record::Start(start));
        self.notices.push_back(News::Loaded(Arc::clone(&data)));
        self.run = Some(Run::new(&self.recipe, data, self.pca.clone()));
    }

    fn explore(&mut self, snapshot: Arc<Snapshot>, about: About, data: Arc<Dataset>) {
        self.begin(data);
        self.about = Some(about);
        if let Some(run) = &mut self.run {
            run.explore(snapshot);
        }
    }

    fn fail(&mut self, failure: Failure) {
        if let Some(run) = &mut self.run {
            run.stand_still();
        }
        if let Some(deposit) = &mut self.deposit {
            deposit.fail();
        }
        self.outcome.failure = Some(failure.clone());
        self.notices.push_back(News::Failed(failure));
    }

    fn look(&mut self, look: Look) {
        match look {
            Look::Sample(sample) => self.sample = sample,
            Look::Save => self.save_by_key(None),
            Look::SaveAs(path) => self.save_by_key(Some(path)),
        }
    }

    /// Writes what the screen shows to a file of its own: where it was asked
    /// for, or else in the folder of such files.
    fn save_by_key(&mut self, asked: Option<PathBuf>) {
        let answer = match self.run.as_ref().and_then(Run::shown) {
            Some(snapshot) => self.save_new(&snapshot, asked),
            None => News::NotSaved("there are no weights yet".into()),
        };
        self.notices.push_back(answer);
    }

    fn save_new(&mut self, snapshot: &Snapshot, asked: Option<PathBuf>) -> News {
        let about = self.about(snapshot);
        let place = asked.as_deref().map(at_home);
        let written = match place {
            Some(file) if !file.is_dir() => weights::save_new_as(&file, &snapshot.net, &about),
            folder => {
                let folder = folder.as_ref().unwrap_or(&self.folder);
                weights::save_new(folder, &snapshot.net, &about)
            }
        };
        match written {
            Ok(path) => {
                self.outcome.saved = Some(path.clone());
                self.outcome.spared = None;
                News::Saved {
                    path,
                    step: snapshot.step,
                }
            }
            Err(error) => News::NoPlace {
                asked,
                why: error.to_string(),
            },
        }
    }

    /// Writes the newest weights to where the run was asked to leave them.
    fn save_result(&mut self) {
        if self.deposit.is_none() {
            return;
        }
        let newest = self.run.as_ref().and_then(Run::newest);
        let Some(snapshot) = newest.filter(|newest| self.result_step != Some(newest.step)) else {
            return;
        };
        let about = self.about(&snapshot);
        let Some(deposit) = &self.deposit else { return };
        let answer = match deposit.leave(&snapshot, &about) {
            Ok(left) => {
                self.result_step = Some(snapshot.step);
                self.outcome.save_error = None;
                self.outcome.saved = Some(left.path.clone());
                self.outcome.spared = left.spared;
                News::Saved {
                    path: left.path,
                    step: snapshot.step,
                }
            }
            Err(error) => {
                self.outcome.save_error = Some(error.to_string());
                News::NotSaved(error.to_string())
            }
        };
        self.notices.push_back(answer);
    }

    /// What a file says of these weights.
    fn about(&mut self, snapshot: &Snapshot) -> About {
        if let Some(about) = &self.about {
            return about.clone();
        }
        let run = self.run.as_mut().expect("snapshots come from a run");
        About {
            step: Some(snapshot.step),
            steps_per_epoch: Some(run.moment().film.steps_per_epoch()),
            train_loss: run.history().train_loss().filter(|loss| loss.is_finite()),
            val_loss: Some(run.held_out_of(snapshot, &self.pool).loss)
                .filter(|loss| loss.is_finite()),
            digest: Some(run.data().digest.clone()),
            data_name: Some(run.data().name.clone()),
            parent: self.parent.clone().map(Box::new),
            ..About::of(&self.recipe)
        }
    }

    /// A reader of the metrics who has left is no fault; a full disk is.
    fn look_after_metrics(&mut self) {
        match self.recorder.take_fault() {
            None | Some(StoreError::ReaderGone) => {}
            Some(fault) => {
                self.outcome.metrics_error = Some(fault.to_string());
                self.notices.push_back(News::NotSaved(fault.to_string()));
            }
        }
    }

    /// The screen has closed: the trainer's last words, and the files they belong in.
    fn finish(mut self, reports: &Receiver<Progress>) -> Outcome {
        let deadline = Instant::now() + FAREWELL;
        while let Ok(event) = reports.recv_deadline(deadline) {
            self.take(event);
        }
        self.save_result();
        let mut held_out = None;
        if let Some(run) = &mut self.run
            && let Some(snapshot) = run.newest()
        {
            let measured = run.held_out_of(&snapshot, &self.pool);
            held_out = Some((snapshot.step, measured));
            self.outcome.step = snapshot.step;
            self.outcome.measured(Some(measured), self.recipe.price());
            self.outcome.mean_image = run.history().mean_image();
        }
        let run = self.run.as_ref();
        let finished = run.is_some_and(|run| run.moment().phase == Phase::Finished);
        self.recorder.end(&self.outcome, finished, held_out);
        self.look_after_metrics();
        self.outcome.pca = self.run.as_ref().and_then(Run::pca).or(self.pca);
        self.outcome.recorder = self.recorder;
        self.outcome
    }
}
