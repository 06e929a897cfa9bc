//! The runs that this screen has shown, one after the other, and how each came from another.

use std::sync::Arc;

use super::app::App;
use crate::{
    message::{Curve, Observation, Phase, Row, Tape, When},
    pace::Film,
    recipe::Recipe,
    words::{briefly, grouped},
};

/// The run that is shown, and those that were left for it.
#[derive(Debug, Clone, Default)]
pub struct Runs {
    /// The one that is shown.
    pub own: Lineage,
    /// The others, by their numbers.
    pub others: Vec<RunTold>,
    /// Those that were forgotten, whose numbers are not given again.
    pub forgotten: Vec<usize>,
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
    /// What it is, with all that was changed on the way.
    pub plan: Recipe,
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
    /// The moments of it that are at hand.
    pub tape: Arc<Tape>,
    /// Its steps of training that no file holds.
    pub unsaved: u64,
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
                briefly(app.held().learning_rate)
            ),
            plan: app.plan.recipe.clone(),
            step: seen.moment.step,
            phase: seen.moment.phase,
            film: seen.moment.film,
            curve: curve_of(seen),
            row: (app.when == When::Now && seen.seen.past.is_none()).then(|| Arc::clone(&seen.row)),
            tape: Arc::clone(&seen.tape),
            unsaved: app.passing_steps(),
        })
    }

    /// The same after the steps that it has taken since it was last seen.
    #[must_use]
    pub fn gone_on_to(self, step: u64, kept: bool) -> Self {
        let more = step.saturating_sub(self.step);
        let unsaved = if kept { 0 } else { self.unsaved + more };
        Self {
            step,
            unsaved,
            ..self
        }
    }

    /// The step after which it was last saved, if it was.
    pub fn saved_step(&self) -> Option<u64> {
        self.step.checked_sub(self.unsaved).filter(|step| *step > 0)
    }

    /// The moment of it that is seen when another was looked at after so many steps: the same,
    /// where it has that and it is at hand, and otherwise its end.
    fn moment(&self, step: u64) -> When {
        let first = self.tape.steps.first();
        if step < self.step && first.is_some_and(|first| *first <= step) {
            When::At(step)
        } else {
            When::Now
        }
    }
}

/// What a run came to, wherever on it the viewer looks.
fn curve_of(seen: &Observation) -> Arc<Curve> {
    let mut curve = Arc::clone(&seen.curve);
    if let (Some(_), Some(epoch)) = (seen.seen.past, seen.curve.epochs.last()) {
        Arc::make_mut(&mut curve).held_out = Some(epoch.held_out.reconstruction);
    }
    curve
}

impl Runs {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.others.len() + 1
    }

    /// The number of the next.
    pub fn next_number(&self) -> usize {
        let others = self.others.iter().map(|run| run.lineage.number);
        let gone = self.forgotten.iter().copied();
        others.chain(gone).max().unwrap_or(0).max(self.own.number) + 1
    }

    /// Forgets one that was left.
    pub fn forget(&mut self, number: usize) {
        self.others.retain(|run| run.lineage.number != number);
        self.forgotten.push(number);
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
    /// Another run is shown, at this moment of it.
    Visit(usize, When),
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
        Some(run) => Choice::Visit(run.lineage.number, run.moment(here)),
    }
}

/// What Enter will do, in full sentences.
pub fn enter(app: &App, at: usize) -> String {
    let own = &app.plan.runs.own;
    match choice(app, at) {
        Choice::Here(step) => format!(
            "Opens the settings, then goes on from step {} with the optimiser's memory as it was. \
             {} stays as it is, grey in the loss. With nothing changed the branch repeats it to the bit.",
            grouped(step),
            capital(&own.name())
        ),
        Choice::Stay => "This run is shown already: closes.".into(),
        Choice::Visit(number, when) => {
            let others = &app.plan.runs.others;
            let run = others.iter().find(|run| run.lineage.number == number);
            run.map_or_else(String::new, |run| visit(run, when, own))
        }
    }
}

fn visit(run: &RunTold, when: When, own: &Lineage) -> String {
    let (name, end, own) = (run.lineage.name(), grouped(run.step), capital(&own.name()));
    match when {
        When::At(step) | When::PlayFrom(step) => format!(
            "Looks at {name} at the same moment, step {}; Space plays it from there. It stands at \
             step {end}, where Space trains it on. {own} stays as it is.",
            grouped(step)
        ),
        When::Now => format!(
            "Looks at {name} as it was left, at step {end}; Space trains it on from there. \
             {own} stays as it is."
        ),
    }
}

/// The run that an entry of the list would have forgotten, if it can be: one that was left.
pub fn forgettable(app: &App, at: usize) -> Option<Lineage> {
    let Choice::Visit(number, _) = choice(app, at) else {
        return None;
    };
    let others = app.plan.runs.others.iter();
    let mut lineages = others.map(|run| &run.lineage);
    lineages.find(|run| run.number == number).cloned()
}

/// The question before a run is forgotten.
pub fn question(app: &App, at: usize) -> String {
    forgettable(app, at).map_or_else(String::new, |run| {
        format!(
            "Forget {}? Its curve and tape go. Enter forgets, Esc keeps.",
            run.name()
        )
    })
}

fn capital(words: &str) -> String {
    super::settings::words::capital(words)
}
