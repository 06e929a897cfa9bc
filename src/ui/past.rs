//! A moment of the past in words: which one is seen, what goes on meanwhile, and how
//! far behind it is.

use crate::{
    message::{Moment, Observation, Phase, Writer},
    ui::{app::App, chrome::header, keymap::BINDINGS, theme::Theme},
    words::grouped,
};

/// A moment that is not now.
#[derive(Debug, Clone, Copy)]
pub(in crate::ui) struct Past<'a> {
    moment: &'a Moment,
    /// The step that was asked for.
    asked: u64,
    /// The step that is seen.
    step: u64,
    plays: bool,
}

impl<'a> Past<'a> {
    /// The moment that is seen, unless it is now.
    pub(in crate::ui) fn of(seen: &'a Observation) -> Option<Self> {
        Some(Self {
            moment: &seen.moment,
            asked: seen.seen.past?,
            step: seen.seen.step,
            plays: seen.seen.plays,
        })
    }

    fn steps_per_epoch(&self) -> u64 {
        self.moment.film.steps_per_epoch()
    }

    /// Its step.
    pub(in crate::ui) fn step(&self) -> u64 {
        self.step
    }

    /// Whether the film goes on from there by itself.
    pub(in crate::ui) fn plays(&self) -> bool {
        self.plays
    }

    /// That it stands or plays, in one character.
    pub(in crate::ui) fn sign(&self, theme: Theme) -> char {
        let symbols = theme.symbols();
        if self.plays {
            symbols.plays
        } else {
            symbols.stands
        }
    }

    /// Where in the run it is, in few words: `epoch 2.3`. In the first epoch everything
    /// happens, and tenths of it say nothing.
    pub(in crate::ui) fn place(&self) -> String {
        if self.step < self.steps_per_epoch() {
            return format!("step {}", grouped(self.step));
        }
        let epochs = self.step as f64 / self.steps_per_epoch() as f64;
        format!("epoch {epochs:.1}")
    }

    /// The longest that [`place`](Self::place) gets in this run.
    pub(in crate::ui) fn longest_place(&self) -> usize {
        let step = format!("step {}", grouped(self.steps_per_epoch()));
        let epoch = format!("epoch {}.0", self.moment.film.epochs());
        step.len().max(epoch.len())
    }

    /// The very step, and the one that is being made again, while it is.
    pub(in crate::ui) fn steps(&self) -> String {
        let longest = grouped(self.moment.film.steps()).len();
        let step = format!("step {:>longest$}", grouped(self.step));
        if self.plays || self.asked == self.step {
            step
        } else {
            format!("{step}, soon {}", grouped(self.asked))
        }
    }

    /// What goes on meanwhile: `training goes on: 6/10`.
    pub(in crate::ui) fn meanwhile(&self, app: &App) -> String {
        match self.state(app) {
            State::Training => format!("training goes on: {}", self.now()),
            other => self.stopped(other),
        }
    }

    /// The same in few words: `now 6/10`.
    pub(in crate::ui) fn briefly(&self, app: &App) -> String {
        match self.state(app) {
            State::Training => format!("now {}", self.now()),
            State::Paused => "paused".into(),
            State::Failed => "failed".into(),
            other => self.stopped(other),
        }
    }

    fn stopped(&self, state: State) -> String {
        match state {
            State::Training | State::Exploring => String::new(),
            State::Paused => format!("paused at {}", self.begun()),
            State::Failed => format!("failed at {}", self.begun()),
            State::Finished => "finished".into(),
        }
    }

    fn state(&self, app: &App) -> State {
        if let Some(Writer::Gone(..)) = app.writer {
            // Nothing moves there any more.
            return State::Paused;
        }
        match (&app.failure, self.moment.phase) {
            (Some(_), _) => State::Failed,
            (None, Phase::Training) => State::Training,
            (None, Phase::Paused) => State::Paused,
            (None, Phase::Finished) => State::Finished,
            (None, Phase::Exploring) => State::Exploring,
        }
    }

    /// Of fixed width: ` 6/10`.
    fn now(&self) -> String {
        let all = self.moment.film.epochs();
        format!("{}/{all}", self.begun())
    }

    fn begun(&self) -> String {
        let all = self.moment.film.epochs();
        let begun = header::begun(self.moment);
        format!("{begun:>width$}", width = all.to_string().len())
    }

    /// Seconds of film from there to now.
    pub(in crate::ui) fn behind(&self) -> f64 {
        self.seconds(self.step, self.moment.step)
    }

    /// Seconds of film from that step to there.
    pub(in crate::ui) fn after(&self, step: u64) -> f64 {
        self.seconds(step, self.step)
    }

    fn seconds(&self, from: u64, to: u64) -> f64 {
        let film = &self.moment.film;
        (film.time_of(to) - film.time_of(from)).max(0.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Training,
    Paused,
    Finished,
    Exploring,
    Failed,
}

/// Where one is and where it leads: `The past: } goes to now, B branches here.`
pub(in crate::ui) fn ways(app: &App) -> String {
    let scene = app.scene();
    let ways: Vec<String> = BINDINGS
        .iter()
        .filter(|binding| !binding.narrated.is_empty() && binding.serves(scene))
        .map(|binding| format!("{} {}", binding.keys, binding.narrated))
        .collect();
    format!("The past: {}.", ways.join(", "))
}

/// What saving saves: of the past not what is going on, but what is seen.
pub(in crate::ui) fn save(app: &App) -> &'static str {
    match app.seen.as_deref().and_then(Past::of) {
        Some(_) => "save this",
        None => "save",
    }
}
