//! Two runs that are trained side by side, and wait for each other.
//!
//! Each is a trainer as any other, and so every bit of it is what it is alone. Between them and
//! whoever reads stands a thread that lets both go from one tick of the film to the next, and hands
//! out what they told when both have come there. A command on the way stops both where they are,
//! and the one that is behind comes to the other's step; then it is obeyed, for both at once. One
//! that is at its end, or has failed, stands while the other goes on.

use std::{
    collections::VecDeque,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, RecvError, Sender, TrySendError, bounded, select};

use super::{Handle, Setup, spawn};
use crate::{
    message::{Command, Failure, Phase, Progress, Report},
    pace::{Film, Pace},
    pool::{NoThread, piece_of_work, start},
};

/// What both came to is handed out no more often than a screen can show it...
const TELL_EVERY: Duration = Duration::from_millis(33);
/// ...and less often where the trainers need every moment.
const TELL_EVERY_AT_FULL_SPEED: Duration = Duration::from_millis(80);

/// Both trainers, from outside.
pub struct PairHandle {
    commands: Sender<Command>,
    thread: Option<JoinHandle<()>>,
}

impl PairHandle {
    /// Where commands to both go.
    pub fn commands(&self) -> &Sender<Command> {
        &self.commands
    }

    /// Asks both to end; their last reports follow, and then the events close.
    pub fn stop(&self) {
        // Those that have gone need no telling.
        let _ = self.commands.send(Command::Stop);
    }
}

impl Drop for PairHandle {
    /// Whoever holds the events must have dropped them or be reading them.
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Starts training two runs side by side. The events of each are to be read until they close.
///
/// # Errors
///
/// When the system refuses another thread; nothing has begun then.
pub fn spawn_pair(setups: [Setup; 2]) -> Result<(PairHandle, [Receiver<Progress>; 2]), NoThread> {
    let pace = setups[0].pace;
    let [one, other] = setups;
    let (one, other) = (Side::begin(one)?, Side::begin(other)?);
    let ((one, first), (other, second)) = (one, other);
    let (commands, orders) = bounded(64);
    let between = Between {
        sides: [one, other],
        pace,
        plays: true,
        goal: None,
        beyond: false,
        longer: false,
        way: Way::Ticks,
        waiting: VecDeque::new(),
        obeyed: 0,
        told: None,
    };
    let thread = start("pair", move || between.conduct(&orders))?;
    let handle = PairHandle {
        commands,
        thread: Some(thread),
    };
    Ok((handle, [first, second]))
}

/// One of the two.
struct Side {
    // Before the trainer, which ends only when nobody holds what it tells.
    heard: Receiver<Progress>,
    trainer: Handle,
    /// What it is to be told, and had no room for yet.
    unsent: VecDeque<Command>,
    /// Commands that it is or is to be told, from the first.
    told: u64,
    reader: Sender<Progress>,
    /// What it told since that was last handed out.
    gathered: Option<Report>,
    /// The last that it told, without what was handed out of it.
    last: Option<Report>,
    /// Whether it will tell nothing any more.
    gone: bool,
    /// That it failed, until that is handed on.
    failure: Option<Progress>,
}

impl Side {
    /// Its trainer waits before the first step until it is told how far to go.
    fn begin(setup: Setup) -> Result<(Self, Receiver<Progress>), NoThread> {
        let (open, gate) = bounded::<()>(1);
        let data = setup.data;
        let setup = Setup {
            data: Box::new(move || {
                // Opened, or closed by who went away.
                let _ = gate.recv();
                data()
            }),
            ..setup
        };
        let (trainer, heard) = spawn(setup)?;
        // One may wait while the next is drawn.
        let (reader, events) = bounded(2);
        let mut side = Self {
            trainer,
            unsent: VecDeque::new(),
            told: 0,
            heard,
            reader,
            gathered: None,
            last: None,
            gone: false,
            failure: None,
        };
        side.command(Command::Pause);
        let _ = open.send(());
        Ok((side, events))
    }

    fn step(&self) -> u64 {
        self.last.as_ref().map_or(0, Report::steps_done)
    }

    fn phase(&self) -> Option<Phase> {
        self.last.as_ref().map(|report| report.phase)
    }

    /// Whether it stands, and has obeyed all that it was told; or will come no further.
    fn has_arrived(&self) -> bool {
        let last = self.last.as_ref();
        let stands = |last: &Report| last.phase != Phase::Training && last.obeyed >= self.told;
        self.gone || last.is_some_and(stands)
    }

    /// Whether it can be told to go on.
    fn goes_on(&self) -> bool {
        !self.gone && self.phase() == Some(Phase::Paused)
    }

    fn has_finished(&self) -> bool {
        !self.gone && self.phase() == Some(Phase::Finished)
    }

    fn take(&mut self, told: Result<Progress, RecvError>) {
        self.send();
        match told {
            Ok(Progress::Report(report)) => {
                self.last = Some(report.without_what_was_told());
                self.gathered = Some(match self.gathered.take() {
                    Some(before) => before.followed_by(report),
                    None => report,
                });
            }
            Ok(failed @ Progress::Failed(_)) => {
                self.failure = Some(failed);
                self.gone = true;
            }
            Ok(other) => {
                let _ = self.reader.send(other);
            }
            Err(RecvError) => self.gone = true,
        }
    }

    /// It is told as soon as it has room: whoever waited for that would hear none of its answers,
    /// for which it waits in turn. Of paces only the last counts.
    fn command(&mut self, command: Command) {
        if let (Command::Pace(_), Some(last @ Command::Pace(_))) = (command, self.unsent.back_mut())
        {
            *last = command;
        } else {
            self.unsent.push_back(command);
            self.told += 1;
        }
        self.send();
    }

    /// Sends what there is room for. Where there is none it has commands to answer, and the next
    /// answer is the time to try again.
    fn send(&mut self) {
        while let Some(&command) = self.unsent.front() {
            if let Err(TrySendError::Full(_)) = self.trainer.commands().try_send(command) {
                return;
            }
            // One that has gone shows in what is heard.
            self.unsent.pop_front();
        }
    }

    /// Hands out what was gathered, with what is true of both.
    fn hand_out(&mut self, obeyed: u64, plays: bool, pace: Pace) {
        let report = self.gathered.take().or_else(|| self.last.clone());
        if let Some(report) = report {
            let phase = match report.phase {
                // It waits for the other, or for no longer than a message takes.
                Phase::Paused if plays && !self.gone => Phase::Training,
                phase => phase,
            };
            let report = Report {
                phase,
                obeyed,
                pace,
                ..report
            };
            // A reader that has left wants to know nothing more.
            let _ = self.reader.send(Progress::Report(report));
        }
        if let Some(failure) = self.failure.take() {
            let _ = self.reader.send(failure);
        }
    }
}

/// What one of both is on its way to, or both are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Nothing: they stand.
    Rests,
    /// The film's next tick, or what was asked for.
    Ticks,
    /// To a halt where they are: something was asked meanwhile.
    Halts,
    /// The other's step, at full speed.
    Levels,
}

/// What stands between both and their readers.
struct Between {
    sides: [Side; 2],
    pace: Pace,
    /// Whether both go on after the next tick.
    plays: bool,
    /// The steps that they go to and no further, if there are such.
    goal: Option<[u64; 2]>,
    /// Whether they were told to go on beyond their ends.
    beyond: bool,
    /// Whether they are on their way beyond their ends.
    longer: bool,
    /// Where to they are on their way.
    way: Way,
    /// Commands that wait for both to stand.
    waiting: VecDeque<Command>,
    obeyed: u64,
    told: Option<Instant>,
}

impl Between {
    fn conduct(mut self, orders: &Receiver<Command>) {
        loop {
            piece_of_work();
            // A side that has gone would be heard again and again.
            let [one, other] = [0, 1].map(|side| {
                let side = &self.sides[side];
                if side.gone {
                    crossbeam_channel::never()
                } else {
                    side.heard.clone()
                }
            });
            select! {
                recv(one) -> told => self.take(0, told),
                recv(other) -> told => self.take(1, told),
                recv(orders) -> order => match order {
                    Ok(Command::Stop) | Err(RecvError) => return self.end(),
                    // It holds for the steps on the way, too.
                    Ok(Command::Pace(pace)) => self.set_pace(pace),
                    Ok(command) => {
                        self.waiting.push_back(command);
                        self.halt();
                    }
                },
            }
            let stand = self.sides.iter().all(Side::has_arrived);
            match self.way {
                Way::Rests if self.waiting.is_empty() => {}
                Way::Ticks | Way::Halts | Way::Levels if !stand => {}
                Way::Rests | Way::Ticks => self.meet(),
                Way::Halts => {
                    if self.level() {
                        self.way = Way::Levels;
                    } else {
                        self.meet();
                    }
                }
                Way::Levels => {
                    for side in &mut self.sides {
                        side.command(Command::Pace(self.pace));
                    }
                    self.meet();
                }
            }
        }
    }

    /// Both stop where they are, unless they do already.
    fn halt(&mut self) {
        if self.way == Way::Ticks {
            for side in &mut self.sides {
                side.command(Command::Pause);
            }
            self.way = Way::Halts;
        }
    }

    /// Sends the one that is behind to the other's step, or to the same tick of the film where their
    /// steps are not the same ones; whether there is such a way to go.
    fn level(&mut self) -> bool {
        let way = |side: usize| {
            let (own, other) = (&self.sides[side], &self.sides[1 - side]);
            let (last, ahead) = (own.last.as_ref()?, other.last.as_ref()?);
            let steps = [last, ahead].map(|last| last.film.steps_per_epoch());
            let to = if steps[0] == steps[1] {
                other.step()
            } else {
                reached(&last.film, own.step(), ahead.film.tick_of(other.step()))
            };
            let end = if self.longer { u64::MAX } else { last.end };
            let way = to.min(end).saturating_sub(own.step());
            let goes = own.goes_on() || (self.longer && own.has_finished());
            (goes && !other.gone && way > 0).then_some((side, way))
        };
        let Some((side, way)) = way(0).or_else(|| way(1)) else {
            return false;
        };
        // Whoever asked waits for it.
        self.sides[side].command(Command::Pace(Pace::Full));
        self.sides[side].command(Command::Steps(way));
        true
    }

    fn take(&mut self, side: usize, told: Result<Progress, RecvError>) {
        let was_gone = self.sides[side].gone;
        self.sides[side].take(told);
        let ended = self.sides[side].gone && !was_gone;
        if ended && self.sides[side].failure.is_none() {
            // Nobody has told it to end: its trainer died before it could say so.
            let died = Failure::Died(Failure::UNHEARD.into());
            self.sides[side].failure = Some(Progress::Failed(died));
        }
        let stands = self.way == Way::Rests;
        if stands || ended {
            // An answer to a command, or the last there is of it.
            self.sides[side].hand_out(self.obeyed, self.plays && !stands, self.pace);
        }
    }

    fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
        self.obeyed += 1;
        for side in &mut self.sides {
            side.command(Command::Pace(pace));
        }
    }

    /// Both stand: what waits is obeyed, what they told is handed out, and they go on.
    fn meet(&mut self) {
        self.way = Way::Rests;
        let ordered = !self.waiting.is_empty();
        while let Some(command) = self.waiting.pop_front() {
            self.obey(command);
        }
        let targets = self.targets();
        let comes_to_rest = self.plays && targets.is_none();
        self.plays &= targets.is_some();
        if ordered || !self.plays || self.is_time() {
            self.told = Some(Instant::now());
            for side in &mut self.sides {
                // Of one that stands only what both do is new, and of one that failed nothing.
                let concerned = (ordered || comes_to_rest) && !side.gone;
                if side.gathered.is_some() || side.failure.is_some() || concerned {
                    side.hand_out(self.obeyed, self.plays, self.pace);
                }
            }
        }
        let Some(targets) = targets.filter(|_| self.plays) else {
            return;
        };
        self.longer = self.have_ended();
        self.beyond = false;
        for (side, target) in self.sides.iter_mut().zip(targets) {
            let steps = target.saturating_sub(side.step());
            if steps > 0 {
                side.command(Command::Steps(steps));
                self.way = Way::Ticks;
            }
        }
    }

    fn is_time(&self) -> bool {
        let every = match self.pace {
            Pace::Full => TELL_EVERY_AT_FULL_SPEED,
            Pace::Film { .. } | Pace::Even { .. } => TELL_EVERY,
        };
        self.told.is_none_or(|told| told.elapsed() >= every)
    }

    fn obey(&mut self, command: Command) {
        self.obeyed += 1;
        self.beyond = self.have_ended();
        match command {
            Command::Resume => (self.plays, self.goal) = (true, None),
            Command::Pause => (self.plays, self.goal) = (false, None),
            Command::Steps(steps) => {
                self.plays = true;
                self.goal = Some([0, 1].map(|side| self.sides[side].step().saturating_add(steps)));
            }
            Command::Epochs(epochs) => {
                self.plays = true;
                self.goal = Some([0, 1].map(|side| {
                    let side = &self.sides[side];
                    let per_epoch = side
                        .last
                        .as_ref()
                        .map_or(1, |last| last.film.steps_per_epoch());
                    let last = (side.step() / per_epoch).saturating_add(epochs);
                    last.saturating_mul(per_epoch)
                }));
            }
            // A pair stays as it began; pace and end are obeyed when they come.
            Command::Change(_) | Command::Pace(_) | Command::Stop => {}
        }
    }

    /// Whether neither can go on without being asked for more.
    fn have_ended(&self) -> bool {
        self.sides
            .iter()
            .all(|side| side.gone || side.has_finished())
    }

    /// Where both are to come next; nowhere, where nothing is asked any more.
    fn targets(&self) -> Option<[u64; 2]> {
        let steps = [0, 1].map(|side| self.sides[side].step());
        let ended = self.have_ended();
        // An epoch more, where both have come as far.
        let none_stands = self.sides.iter().all(Side::has_finished);
        if ended && !(self.beyond && (steps[0] == steps[1] || !none_stands)) {
            return None;
        }
        let films = [0, 1].map(|side| {
            let (own, step) = (&self.sides[side], steps[side]);
            let film = own.last.as_ref()?.film;
            let per_epoch = film.steps_per_epoch();
            if ended {
                let longer = Film::new(per_epoch, (step + 1).div_ceil(per_epoch));
                own.has_finished().then_some(longer)
            } else {
                own.goes_on().then_some(film)
            }
        });
        let goal = self.goal.unwrap_or([u64::MAX; 2]);
        let next = match films {
            [Some(one), Some(other)] if one.steps_per_epoch() == other.steps_per_epoch() => {
                [next_tick(&one, steps[0].min(steps[1])); 2]
            }
            [Some(one), Some(other)] => {
                let ticks = [one.tick_of(steps[0]), other.tick_of(steps[1])];
                // One that is at its goal holds the other up no more.
                let tick = 1 + match [0, 1].map(|side| steps[side] < goal[side]) {
                    [true, false] => ticks[0],
                    [false, true] => ticks[1],
                    [true, true] | [false, false] => ticks[0].min(ticks[1]),
                };
                [
                    reached(&one, steps[0], tick),
                    reached(&other, steps[1], tick),
                ]
            }
            films => [0, 1]
                .map(|side| films[side].map_or(steps[side], |film| next_tick(&film, steps[side]))),
        };
        let targets = [0, 1].map(|side| {
            let end = self.sides[side].last.as_ref().map_or(0, |last| last.end);
            let end = if ended { u64::MAX } else { end };
            next[side].min(end).min(goal[side]).max(steps[side])
        });
        (targets != steps).then_some(targets)
    }

    /// Both are told to end, and what they say last is handed out.
    fn end(mut self) {
        for side in &mut self.sides {
            side.command(Command::Stop);
        }
        for side in &mut self.sides {
            while !side.gone {
                let told = side.heard.recv();
                side.take(told);
            }
            if side.gathered.is_some() || side.failure.is_some() {
                side.hand_out(self.obeyed, false, self.pace);
            }
        }
    }
}

/// The first step of the film's next tick that has one.
fn next_tick(film: &Film, step: u64) -> u64 {
    reached(film, step, film.tick_of(step) + 1)
}

/// The first step after this one, or this one, at which a tick has come.
fn reached(film: &Film, step: u64, tick: u64) -> u64 {
    if film.tick_of(step) >= tick {
        return step;
    }
    let mut at = film
        .step_at(tick as f64 / Film::TICKS_PER_SECOND)
        .max(step + 1);
    while film.tick_of(at) < tick {
        at += 1;
    }
    while at > step + 1 && film.tick_of(at - 1) >= tick {
        at -= 1;
    }
    at
}
