//! The observer's thread: takes what the trainer tells and what the screen
//! asks, shows as much as there is time for, and writes the files.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, TrySendError, after, bounded, never, select};

use super::{
    Outcome, Setup, Source,
    run::{Before, Run},
};
use crate::{
    data::Dataset,
    lens::HeldOut,
    message::{Failure, Gaze, Look, News, Phase, Progress, SampleId},
    nn::Snapshot,
    pool::{Pool, piece_of_work},
    recipe::Recipe,
    state::State,
    store::{
        StoreError,
        keeper::{Costs, Keeper},
        weights::About,
    },
};

/// How long the last report of a stopping trainer is waited for: well within
/// the time a program has after a signal, so that files can still be written.
const FAREWELL: Duration = Duration::from_secs(1);
/// How soon a screen that was full is offered the same again.
const SOON: Duration = Duration::from_millis(10);

pub(super) fn run(setup: Setup, looks: &Receiver<Look>, events: Sender<News>) -> Outcome {
    let told = matches!(setup.source, Source::Told(_));
    let (reports, saved) = match setup.source {
        Source::Trainer(reports) | Source::Told(reports) => (reports, None),
        // A trainer that has already left.
        Source::Saved {
            snapshot,
            about,
            data,
        } => (bounded(0).1, Some((snapshot, about, data, Vec::new()))),
        Source::Kept {
            replay,
            snapshot,
            about,
            states,
            data,
        } => (replay, Some((snapshot, about, data, states))),
    };
    let mut observer = Observer {
        screen: events,
        notices: VecDeque::new(),
        keeper: Keeper::new(&setup.recipe, setup.files),
        recipe: setup.recipe,
        explores: saved.is_some(),
        follows: told,
        sample: setup.sample,
        gazes: Vec::new(),
        before: Before {
            tape: setup.tape,
            past: setup.past,
            pca: setup.pca,
            measures: setup.measures,
            told,
        },
        pool: setup.pool,
        run: None,
        outcome: Outcome::default(),
    };
    if let Some((snapshot, about, data, states)) = saved {
        match data() {
            Ok(data) => observer.explore(snapshot, *about, data, states),
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
    /// Writes the files.
    keeper: Keeper,
    /// Whether what is seen was kept, and nothing of it is written.
    explores: bool,
    /// Whether somebody else trains, whose files are read.
    follows: bool,
    /// The sample to begin with.
    sample: SampleId,
    /// Gazes that have come since the last was followed: where to is known once the run is.
    gazes: Vec<Gaze>,
    /// What is known before anything is told, until the run has it.
    before: Before,
    pool: Pool,
    /// What there is to see, once the images are loaded.
    run: Option<Run>,
    outcome: Outcome,
}

impl Observer {
    /// Until the screen closes.
    fn watch(&mut self, reports: &Receiver<Progress>, looks: &Receiver<Look>) {
        let mut reports = reports.clone();
        loop {
            piece_of_work();
            let now = Instant::now();
            let work = self.run.as_ref().and_then(|run| run.next_work(now));
            let findings = self.run.as_ref().map_or_else(never, Run::findings);
            let made = self.run.as_ref().map_or_else(never, Run::made);
            let waiting = (!self.notices.is_empty()).then_some(SOON);
            let lines = self.keeper.due();
            let lines = lines.map(|due| due.saturating_duration_since(now));
            let timer = work
                .into_iter()
                .chain(waiting)
                .chain(lines)
                .min()
                .map_or_else(never, after);
            select! {
                recv(reports) -> event => if let Ok(event) = event {
                    self.take(event);
                } else {
                    // The trainer has gone; what it left can still be looked at.
                    reports = never();
                    self.lose_reports();
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
                recv(made) -> made => if let Some(run) = &mut self.run {
                    run.was_made(made.ok());
                },
                recv(timer) -> _ => {}
            }
            // Keys come in bursts; only the last place is worth drawing.
            while let Ok(look) = looks.try_recv() {
                self.look(look);
            }
            let fault = self.keeper.tick(Instant::now());
            self.tell_of_log(fault);
            self.show();
        }
    }

    /// Draws what is new and offers it to the screen, notices first.
    fn show(&mut self) {
        let now = Instant::now();
        if let Some(run) = self.run.as_mut().filter(|run| run.newest().is_some()) {
            for gaze in self.gazes.drain(..) {
                run.look(gaze, now);
            }
        }
        if !self.tell_notices() {
            return;
        }
        let Some(run) = &mut self.run else { return };
        run.draw(&self.pool, now);
        if let Some(seen) = run.observation(now)
            && !matches!(
                self.screen.try_send(News::Observed(seen)),
                Err(TrySendError::Full(_))
            )
        {
            run.was_shown();
        }
        self.tell_notices();
    }

    /// Tells the screen what it must know. Whether there was room for it. How a run died is told
    /// after the last that is seen of it: whoever leaves it then knows what would be lost.
    fn tell_notices(&mut self) -> bool {
        while let Some(notice) = self.notices.pop_front() {
            let owed = self.run.as_ref().is_some_and(Run::owes_news);
            if owed && matches!(notice, News::Failed(_)) {
                self.notices.push_front(notice);
                break;
            }
            if let Err(TrySendError::Full(notice)) = self.screen.try_send(notice) {
                self.notices.push_front(notice);
                return false;
            }
        }
        true
    }

    fn take(&mut self, event: Progress) {
        if self.explores {
            // A run that is made again is heard, and nobody writes.
            match (event, &mut self.run) {
                (Progress::Report(report), Some(run)) => run.absorb(&report),
                (Progress::Failed(failure), _) => self.notices.push_back(News::Failed(failure)),
                _ => {}
            }
            return;
        }
        self.keeper.absorb(&event);
        match event {
            Progress::Loaded(data) => self.begin(data),
            Progress::Report(report) => {
                if let Some(run) = &mut self.run {
                    run.absorb(&report);
                    if report.phase == Phase::Finished {
                        self.save_result();
                    }
                }
            }
            Progress::Failed(failure) => self.fail(failure),
            Progress::Heard(hearsay) => {
                if let Some(run) = &mut self.run {
                    run.hear(&hearsay);
                }
            }
            Progress::Writer(writer) => self.notices.push_back(News::Writer(writer)),
            Progress::Remark(words) => self.notices.push_back(News::Remark(words)),
        }
    }

    fn begin(&mut self, data: Arc<Dataset>) {
        self.notices.push_back(News::Loaded(Arc::clone(&data)));
        let before = std::mem::take(&mut self.before);
        self.run = Some(Run::new(&self.recipe, data, before, self.sample));
    }

    fn explore(
        &mut self,
        snapshot: Arc<Snapshot>,
        about: About,
        data: Arc<Dataset>,
        states: Vec<Arc<State>>,
    ) {
        self.keeper.begin(&data);
        self.keeper.say_of(snapshot.step, about);
        self.begin(data);
        if let Some(run) = &mut self.run {
            run.explore(snapshot, states);
        }
    }

    fn fail(&mut self, failure: Failure) {
        if let Some(run) = &mut self.run {
            run.stand_still();
        }
        self.outcome.failure = Some(failure.clone());
        self.notices.push_back(News::Failed(failure));
    }

    /// Nothing is told any more, by nobody who said why: whoever told it has died. Where the screen
    /// has closed nobody reads this.
    fn lose_reports(&mut self) {
        if self.explores || self.outcome.failure.is_some() {
            return;
        }
        if let Some(run) = &mut self.run {
            run.stand_still();
        }
        // A trainer's own panic it tells itself; whoever leads two of them has none who would.
        let failure = if self.follows {
            Failure::Unfollowed
        } else {
            Failure::Died(Failure::UNHEARD.into())
        };
        self.notices.push_back(News::Failed(failure));
    }

    fn look(&mut self, look: Look) {
        match look {
            Look::Gaze(gaze) => self.gazes.push(gaze),
            Look::Save => self.save_by_key(None),
            Look::SaveAs(path) => self.save_by_key(Some(path)),
            Look::Export(picture) => {
                let step = self.run.as_ref().and_then(Run::shown);
                let step = step.map(|snapshot| snapshot.step);
                let told = match self.keeper.save_picture(step, &picture) {
                    Ok(path) => News::Exported(path),
                    Err(error) => News::NotExported(error.to_string()),
                };
                self.notices.push_back(told);
            }
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
        let costs = Costs {
            train_loss: self
                .run
                .as_ref()
                .and_then(|run| run.train_loss_of(snapshot.step)),
            held_out: self.held_out_of(snapshot),
        };
        match self.keeper.save_new(snapshot, costs, asked.as_deref()) {
            Ok(path) => News::Saved {
                path,
                step: snapshot.step,
            },
            Err(error) => News::NoPlace {
                asked,
                why: error.to_string(),
            },
        }
    }

    /// Writes the newest weights to where the run was asked to leave them.
    fn save_result(&mut self) {
        let newest = self.run.as_ref().and_then(Run::newest);
        let Some(snapshot) = newest.filter(|newest| self.keeper.wants_result(newest.step)) else {
            return;
        };
        let held_out = self.held_out_of(&snapshot);
        let saved = self.keeper.save_result(&snapshot, held_out);
        self.notices.extend(saved.map(|saved| match saved {
            Ok(path) => News::Saved {
                path,
                step: snapshot.step,
            },
            Err(error) => News::NotSaved(error.to_string()),
        }));
    }

    fn held_out_of(&mut self, snapshot: &Snapshot) -> Option<HeldOut> {
        let run = self.run.as_mut()?;
        Some(run.held_out_of(snapshot, &self.pool))
    }

    /// A reader of the metrics who has left is no fault; a full disk is.
    fn tell_of_log(&mut self, fault: Option<StoreError>) {
        match fault {
            None | Some(StoreError::ReaderGone) => {}
            Some(fault) => self.notices.push_back(News::NotSaved(fault.to_string())),
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
            let recipe = run.recipe().as_of(snapshot.step);
            self.outcome.measured(Some(measured), &recipe);
            self.outcome.mean_image = run.history().mean_image();
            self.outcome.components = run.history().components();
        }
        // Nobody is left to be told; what was amiss stands in the outcome.
        self.keeper.end(self.outcome.step, held_out);
        self.outcome.pca = self.before.pca;
        if let Some(run) = self.run {
            self.outcome.recipe = Some(Arc::clone(run.recipe()));
            self.outcome.pca = run.pca();
            (self.outcome.tape, self.outcome.past) = run.into_past();
        }
        self.outcome.kept = self.keeper.into_kept();
        self.outcome
    }
}
