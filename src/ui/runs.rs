//! The runs that this screen has shown, one after the other, and how each came from another.

use std::sync::Arc;

use super::app::App;
use crate::{
    message::{Curve, Phase, Row, When},
    pace::Film,
};

/// The run that is shown, and those that were left for it.
#[derive(Debug, Clone, Default)]
pub struct Runs {
    /// The one that is shown.
    pub own: Lineage,
    /// The others, by their numbers.
    pub others: Vec<RunTold>,
}

/// Which run it is, and where it left another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    /// Its number, from 1.
    pub number: usize,
    /// The run that it left, and after how many steps.
    pub parent: Option<(usize, u64)>,
    /// What differs from that run, in words.
    pub differs: String,
}

impl Default for Lineage {
    fn default() -> Self {
        Self {
            number: 1,
            parent: None,
            differs: String::new(),
        }
    }
}

impl Lineage {
    /// `run 1`, `branch 2`.
    pub fn name(&self) -> String {
        let kind = if self.parent.is_some() {
            "branch"
        } else {
            "run"
        };
        format!("{kind} {}", self.number)
    }
}

/// A run as it stood when it was last seen.
#[derive(Debug, Clone)]
pub struct RunTold {
    /// Which it is.
    pub lineage: Lineage,
    /// Its learning rate, price and what else it is known by, in words.
    pub recipe: String,
    /// Steps done.
    pub step: u64,
    /// Whether it trained, or was at its end.
    pub phase: Phase,
    /// Its steps in film time.
    pub film: Film,
    /// Its losses.
    pub curve: Arc<Curve>,
    /// The samples it was last seen to draw, with its newest weights.
    pub row: Option<Arc<Row>>,
}

impl RunTold {
    /// The run that is shown, once it is seen.
    pub fn of(app: &App) -> Option<Self> {
        let seen = app.seen.as_ref()?;
        Some(Self {
            lineage: app.plan.runs.own.clone(),
            recipe: format!(
                "{} {}, rate {}",
                app.plan.title,
                app.plan.recipe.architecture(),
                super::settings::words::number(app.held().learning_rate)
            ),
            step: seen.moment.step,
            phase: seen.moment.phase,
            film: seen.moment.film,
            curve: Arc::clone(&seen.curve),
            row: (app.when == When::Now && seen.seen.past.is_none()).then(|| Arc::clone(&seen.row)),
        })
    }
}

impl Runs {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.others.len() + 1
    }

    /// The number of the next.
    pub fn next_number(&self) -> usize {
        let others = self.others.iter().map(|run| run.lineage.number);
        others.max().unwrap_or(0).max(self.own.number) + 1
    }

    /// The run of which the own one goes on, if it is another.
    pub fn parent(&self) -> Option<&RunTold> {
        let (number, _) = self.own.parent?;
        self.others.iter().find(|run| run.lineage.number == number)
    }
}

/// All runs by their numbers, the shown one among them as it stands now.
pub fn all(app: &App) -> Vec<RunTold> {
    let mut runs = app.plan.runs.others.clone();
    runs.extend(RunTold::of(app));
    runs.sort_by_key(|run| run.lineage.number);
    runs
}

/// What Enter does on an entry of the list of branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The settings of a branch that leaves after this step.
    Here(u64),
    /// Another run is shown as it was left.
    Visit(usize),
    /// The run that is shown already.
    Stay,
}

/// The entry of the list at this place: first a new one, then the runs.
pub fn choice(app: &App, at: usize) -> Choice {
    let here = super::settings::looked_at(app);
    match at
        .checked_sub(1)
        .and_then(|place| all(app).get(place).cloned())
    {
        None => Choice::Here(here),
        Some(run) if run.lineage.number == app.plan.runs.own.number => Choice::Stay,
        Some(run) => Choice::Visit(run.lineage.number),
    }
}

/// What Enter will do, in full sentences.
pub fn enter(app: &App, at: usize) -> String {
    use crate::words::grouped;
    let own = &app.plan.runs.own;
    match choice(app, at) {
        Choice::Here(step) => format!(
            "Opens the settings, then goes on from step {} with the optimiser's memory as it was. \
             {} stays as it is, grey in the loss. With nothing changed the branch repeats it to the bit.",
            grouped(step),
            capital(&own.name())
        ),
        Choice::Stay => "This run is shown already: closes.".into(),
        Choice::Visit(number) => {
            let run = app
                .plan
                .runs
                .others
                .iter()
                .find(|run| run.lineage.number == number);
            run.map_or_else(String::new, |run| {
                format!(
                    "Looks at {} as it was left, at step {}; Space trains it on from there. {} stays as it is.",
                    run.lineage.name(),
                    grouped(run.step),
                    capital(&own.name())
                )
            })
        }
    }
}

fn capital(words: &str) -> String {
    super::settings::words::capital(words)
}
