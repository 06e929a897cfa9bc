//! The trainer's thread: obeys commands between steps, keeps the pace, and says when to
//! report. What a report tells is for [`telling`] to know.

#[cfg(debug_assertions)]
mod fault;
mod telling;

use std::{
    any::Any,
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Instant,
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError};

use telling::{REPORT_EVERY, Standing, Telling};

use super::{Setup, Start, Trainer, clock::Clock};
use crate::{
    data::DataError,
    message::{Command, Epoch, Failure, Phase, Progress},
    pace::Film,
    recipe::Change,
    state::State,
};

/// Where a step stops the training, if it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// The end of the run.
    End,
    /// After this step, to pause.
    PauseAt(u64),
}

struct Worker {
    trainer: Trainer,
    clock: Clock,
    film: Film,
    phase: Phase,
    /// Commands obeyed.
    obeyed: u64,
    /// Commands that came before it was time for them.
    waiting: VecDeque<Command>,
    goal: Goal,
    /// The step after which the run is finished.
    end: u64,
    /// The end before it was moved, and its film, until a step is taken.
    finished: Option<(u64, Film)>,
    /// Seconds spent in the steps of this epoch.
    epoch_seconds: f64,
    /// The step to begin with: those before it are made again in silence.
    begin_at: u64,
    /// Images of the current epoch that were trained on before this run went on.
    images_before: usize,
    telling: Telling,
}

/// Whether the thread goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    GoOn,
    Leave,
}

/// The thread's whole life. Every ending of the training is told to the reader.
pub(super) fn run(setup: Setup, commands: &Receiver<Command>, events: Sender<Progress>) {
    let failure = match catch_unwind(AssertUnwindSafe(|| load(setup, &events))) {
        Ok(Ok(mut worker)) => {
            match catch_unwind(AssertUnwindSafe(|| worker.work(commands, &events))) {
                Ok(Ok(())) => None,
                Ok(Err(failure)) => Some(failure),
                Err(panic) => Some(Failure::Died(words_of(panic.as_ref()))),
            }
            .inspect(|failure| worker.report_the_last_good(failure, &events))
        }
        Ok(Err(error)) => Some(Failure::NoData(error.to_string())),
        Err(panic) => Some(Failure::Died(words_of(panic.as_ref()))),
    };
    if let Some(failure) = failure {
        // The reader may have left first.
        let _ = events.send(Progress::Failed(failure));
    }
}

fn load(setup: Setup, events: &Sender<Progress>) -> Result<Worker, DataError> {
    let data = (setup.data)()?;
    let recipe = setup.recipe;
    let (epochs, max_steps) = (recipe.epochs, recipe.max_steps);
    let start = setup.start.map_or_else(
        || Start {
            state: State::start(&recipe, None),
            at: 0,
        },
        |start| *start,
    );
    let trainer = Trainer::resume(recipe, Arc::clone(&data), start.state, setup.pool);
    // Once there is room for all of it: what follows leaves traces.
    let _ = events.send(Progress::Loaded(data));
    let steps_per_epoch = trainer.steps_per_epoch();
    let asked = steps_per_epoch.saturating_mul(epochs);
    let asked = asked.min(max_steps.unwrap_or(u64::MAX));
    // A run that one comes back to may have been trained beyond what it was asked for at first.
    let end = asked.max(start.at).max(trainer.steps_done());
    let film = Film::new(steps_per_epoch, end.div_ceil(steps_per_epoch));
    Ok(Worker {
        telling: Telling::of(&trainer, setup.keeping),
        images_before: 0,
        begin_at: start.at,
        film,
        trainer,
        clock: Clock::new(setup.pace),
        phase: Phase::Training,
        obeyed: 0,
        waiting: VecDeque::new(),
        goal: Goal::End,
        end,
        finished: None,
        epoch_seconds: 0.0,
    })
}

impl Worker {
    fn work(
        &mut self,
        commands: &Receiver<Command>,
        events: &Sender<Progress>,
    ) -> Result<(), Failure> {
        let mut flow = self.make_up(commands)?;
        self.begin();
        self.report_for_certain(events);
        while flow == Flow::GoOn {
            flow = match self.phase {
                Phase::Training => self.train(commands, events)?,
                _ => self.wait_for_command(commands, events),
            };
        }
        if self.phase == Phase::Training {
            self.phase = Phase::Paused;
        }
        self.telling.rest(&self.trainer);
        self.report_for_certain(events);
        Ok(())
    }

    /// Makes the steps again that lie between the state that was at hand and the one to
    /// begin with. Of the commands that come meanwhile only leaving is obeyed at once.
    fn make_up(&mut self, commands: &Receiver<Command>) -> Result<Flow, Failure> {
        while self.trainer.steps_done() < self.begin_at {
            self.trainer.step()?;
            match commands.try_recv() {
                Ok(Command::Stop) | Err(TryRecvError::Disconnected) => return Ok(Flow::Leave),
                Ok(command) => self.waiting.push_back(command),
                Err(TryRecvError::Empty) => {}
            }
        }
        Ok(Flow::GoOn)
    }

    /// From here on it is told.
    fn begin(&mut self) {
        let step = self.trainer.steps_done();
        if !self.trainer.at_epoch_start() {
            self.images_before = self.trainer.epoch_sum().images;
        }
        if step >= self.end {
            self.phase = Phase::Finished;
        }
        self.telling.begin(&self.trainer, &self.film);
    }

    /// One step when it is due, or a short wait for it.
    fn train(
        &mut self,
        commands: &Receiver<Command>,
        events: &Sender<Progress>,
    ) -> Result<Flow, Failure> {
        match self.next_command(commands) {
            Ok(command) => return Ok(self.obey(command, events)),
            Err(TryRecvError::Disconnected) => return Ok(Flow::Leave),
            Err(TryRecvError::Empty) => {}
        }
        let next = self.trainer.steps_done() + 1;
        let now = Instant::now();
        self.offer_report(now, events);
        if let Some(wait) = self.clock.wait(&self.film, next, now) {
            return Ok(match commands.recv_timeout(wait.min(REPORT_EVERY)) {
                Ok(command) => self.obey(command, events),
                Err(RecvTimeoutError::Disconnected) => Flow::Leave,
                Err(RecvTimeoutError::Timeout) => Flow::GoOn,
            });
        }
        self.step()?;
        if next >= self.end {
            self.arrive(Phase::Finished, events);
        } else if self.goal == Goal::PauseAt(next) {
            self.arrive(Phase::Paused, events);
        }
        Ok(Flow::GoOn)
    }

    fn step(&mut self) -> Result<(), Failure> {
        let before = Instant::now();
        let loss = self.trainer.step()?;
        self.finished = None;
        self.epoch_seconds += before.elapsed().as_secs_f64();
        self.telling.step(loss);
        #[cfg(debug_assertions)]
        fault::injected(self.trainer.steps_done());
        if self.trainer.at_epoch_start() {
            self.end_epoch();
        }
        self.telling.pass(&self.trainer, &self.film);
        Ok(())
    }

    fn end_epoch(&mut self) {
        let sum = self.trainer.epoch_sum();
        let step = self.trainer.steps_done();
        let seconds = std::mem::take(&mut self.epoch_seconds);
        let images = sum.images - std::mem::take(&mut self.images_before);
        let held_out = self.trainer.validate();
        self.telling.epoch(Epoch {
            number: step / self.trainer.steps_per_epoch(),
            step,
            train_loss: sum.train_loss,
            held_out,
            seconds,
            samples_per_second: images as f64 / seconds.max(f64::MIN_POSITIVE),
            dead_units: sum.dead_units,
        });
    }

    fn arrive(&mut self, phase: Phase, events: &Sender<Progress>) {
        self.phase = phase;
        self.goal = Goal::End;
        self.clock.restart();
        if phase == Phase::Finished {
            self.telling.rest(&self.trainer);
        }
        self.report_for_certain(events);
    }

    /// Between two steps; after the last of a run that was to go on, and has not yet,
    /// it is finished as before.
    fn pause(&mut self, events: &Sender<Progress>) {
        let phase = match self.finished.take() {
            Some((end, film)) => {
                (self.end, self.film) = (end, film);
                Phase::Finished
            }
            None => Phase::Paused,
        };
        self.arrive(phase, events);
    }

    fn wait_for_command(
        &mut self,
        commands: &Receiver<Command>,
        events: &Sender<Progress>,
    ) -> Flow {
        let waiting = self.waiting.pop_front();
        match waiting.map_or_else(|| commands.recv(), Ok) {
            Ok(command) => self.obey(command, events),
            Err(_) => Flow::Leave,
        }
    }

    /// Those first that came before it was time for them.
    fn next_command(&mut self, commands: &Receiver<Command>) -> Result<Command, TryRecvError> {
        self.waiting
            .pop_front()
            .map_or_else(|| commands.try_recv(), Ok)
    }

    fn obey(&mut self, command: Command, events: &Sender<Progress>) -> Flow {
        let step = self.trainer.steps_done();
        self.obeyed += 1;
        match command {
            Command::Resume => self.go(Goal::End),
            Command::Steps(steps) => self.go(Goal::PauseAt(step.saturating_add(steps))),
            Command::Epochs(epochs) => {
                let per_epoch = self.trainer.steps_per_epoch();
                let last = (step / per_epoch).saturating_add(epochs);
                self.go(Goal::PauseAt(last.saturating_mul(per_epoch)));
            }
            Command::Pause => {
                if self.phase == Phase::Training {
                    self.pause(events);
                    return Flow::GoOn;
                }
            }
            Command::Pace(pace) => self.clock.set_pace(pace),
            Command::Change(change) => self.change(change),
            Command::Stop => return Flow::Leave,
        }
        self.report_for_certain(events);
        Flow::GoOn
    }

    /// Trains on; a goal past the end of the run moves the end to that epoch's.
    fn go(&mut self, goal: Goal) {
        let next = self.trainer.steps_done() + 1;
        let wanted = match goal {
            Goal::End => next,
            Goal::PauseAt(step) => step,
        };
        if wanted > self.end {
            if self.phase == Phase::Finished {
                self.finished = Some((self.end, self.film));
            }
            let per_epoch = self.trainer.steps_per_epoch();
            let epochs = wanted.div_ceil(per_epoch);
            self.end = epochs.saturating_mul(per_epoch);
            self.film = Film::new(per_epoch, epochs);
        }
        self.goal = goal;
        self.phase = Phase::Training;
        self.clock.restart();
    }

    /// A change that the recipe does not allow is not made: who asks knows the recipe.
    fn change(&mut self, change: Change) {
        if self.trainer.change(change).is_ok() {
            self.telling.changed(&self.trainer);
        }
    }

    /// A report, if it is time for one and the reader has room for it.
    fn offer_report(&mut self, now: Instant, events: &Sender<Progress>) {
        let standing = self.standing();
        self.telling.offer(&self.trainer, standing, now, events);
    }

    fn report_for_certain(&mut self, events: &Sender<Progress>) {
        let standing = self.standing();
        self.telling.for_certain(&self.trainer, standing, events);
    }

    fn standing(&self) -> Standing {
        Standing {
            phase: self.phase,
            obeyed: self.obeyed,
            pace: self.clock.pace(),
            film: self.film,
            end: self.end,
        }
    }

    fn report_the_last_good(&mut self, failure: &Failure, events: &Sender<Progress>) {
        let standing = self.standing();
        self.telling
            .the_last_good(&self.trainer, standing, failure, events);
    }
}

/// The message of a panic, if it has one.
fn words_of(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "it panicked without a message".into())
}
