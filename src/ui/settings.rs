//! The settings sheet: what the viewer would have otherwise, and what Enter would make of it.
//!
//! Nothing is applied here. [`Settings::intent`] says what Enter does, from the same two
//! recipes that are drawn: what the sheet says beforehand and what is then done cannot part.
//! Knows recipes, no keys and no colours.

mod nice;
mod value;
pub mod words;

use super::app::App;
use crate::{
    data::corrupt::Noise,
    message::{Phase, When},
    recipe::{Change, Edit, MOST_EPOCHS, Recipe},
};
pub use nice::{BATCHES, RATES, WIDTHS, prices};

/// The sheet while it is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The line one is on.
    pub line: Line,
    /// What holds.
    pub now: Recipe,
    /// What is to come.
    pub wanted: Recipe,
    /// What held for the first step of the run.
    pub began: Recipe,
    /// Whether the run has failed, and nothing goes on.
    pub failed: bool,
    /// From where.
    pub from: From,
    /// What has been typed on this line.
    pub typed: String,
    /// Why that cannot be.
    pub refused: Option<String>,
}

/// Where what is set would hold from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The next step of the run.
    Next,
    /// An earlier moment, which is looked at: the step after so many.
    Moment(u64),
    /// The same, as a run of its own, whether anything is changed or not.
    Branch(u64),
}

/// A line of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The learning rate.
    Rate,
    /// What the numbers of a code cost.
    Price,
    /// What is done to the images that go in.
    Noise,
    /// The width of the code.
    Numbers,
    /// Images a step.
    Batch,
    /// The seed.
    Seed,
    /// The preset.
    Preset,
}

impl Line {
    /// All lines from top to bottom.
    pub const ALL: [Self; 7] = [
        Self::Rate,
        Self::Price,
        Self::Noise,
        Self::Numbers,
        Self::Batch,
        Self::Seed,
        Self::Preset,
    ];

    /// The line above or below, if there is one.
    #[must_use]
    pub fn moved(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|line| *line == self);
        let last = Self::ALL.len() - 1;
        Self::ALL[at.unwrap_or_default().saturating_add_signed(by).min(last)]
    }
}

/// What Enter does.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// Nothing differs: it closes the sheet.
    Close,
    /// Nothing, because this cannot be.
    Refuse(String),
    /// These hold from the next step on.
    Change(Vec<Change>),
    /// A run of this recipe begins.
    Begin(Recipe),
    /// The run goes on from an earlier moment as a run of its own.
    Branch {
        /// The steps that both have.
        step: u64,
        /// What it is, with what is changed there as its last edits.
        recipe: Recipe,
        /// Which those are.
        changes: Vec<Change>,
    },
}

impl Settings {
    /// The sheet as it opens on what is looked at.
    pub fn open(app: &App, line: Line) -> Self {
        let from = match app.when {
            When::Now => From::Next,
            When::At(_) | When::PlayFrom(_) => From::Moment(looked_at(app)),
        };
        Self::open_from(app, line, from)
    }

    /// The sheet as it opens for what goes on from there.
    pub fn open_from(app: &App, line: Line, from: From) -> Self {
        let now = match from {
            From::Next => app.held(),
            From::Moment(step) | From::Branch(step) => app.plan.recipe.held_at(step),
        };
        Self {
            line,
            wanted: now.clone(),
            now,
            began: app.plan.recipe.held_at(0),
            failed: app.failure.is_some(),
            from,
            typed: String::new(),
            refused: None,
        }
    }

    /// What Enter does now.
    pub fn intent(&self, app: &App) -> Intent {
        if let Some(why) = &self.refused {
            return Intent::Refuse(why.clone());
        }
        if self.typed == "."
            && let Err(why) = value::set(&mut self.wanted.clone(), self.line, &self.typed)
        {
            return Intent::Refuse(why);
        }
        if self.begins_anew() {
            return Intent::Begin(self.wanted.clone());
        }
        let changes = self.now.changes_to(&self.wanted).unwrap_or_default();
        match self.from {
            From::Next | From::Moment(_) if changes.is_empty() => Intent::Close,
            From::Next => Intent::Change(changes),
            // In the past the seed is that of what is drawn from there on.
            From::Moment(step) | From::Branch(step) => Intent::Branch {
                step,
                recipe: branched(app, step, &changes),
                changes,
            },
        }
    }

    /// Whether only a run of its own can be what is to come.
    fn begins_anew(&self) -> bool {
        let is_other = |changes: Vec<Change>| {
            let another_order = self.wanted.seed != self.now.seed;
            self.from == From::Next && !changes.is_empty() && (another_order || self.failed)
        };
        self.now.changes_to(&self.wanted).is_none_or(is_other)
    }

    /// What the line's value is held against: what holds, or for a run that begins anew how this
    /// one began.
    pub fn before(&self) -> &Recipe {
        if self.begins_anew() {
            &self.began
        } else {
            &self.now
        }
    }

    /// What of the values that can change on the way is another than this run began with, where
    /// another of its preset begins.
    pub fn anew(&self) -> Vec<Change> {
        let alike = Recipe {
            learning_rate: self.wanted.learning_rate,
            l1: self.wanted.l1,
            noise: self.wanted.noise,
            ..self.began.clone()
        };
        let changes =
            (self.wanted.preset == self.began.preset).then(|| self.began.changes_to(&alike));
        changes.flatten().unwrap_or_default()
    }

    /// Whether the line's value is another than now; of a run that begins anew, than at the
    /// beginning of this one.
    pub fn differs(&self, line: Line) -> bool {
        let (now, wanted) = (self.before(), &self.wanted);
        match line {
            Line::Rate => now.learning_rate.to_bits() != wanted.learning_rate.to_bits(),
            Line::Price => now.l1.to_bits() != wanted.l1.to_bits(),
            Line::Noise => now.noise != wanted.noise,
            Line::Numbers => now.network != wanted.network,
            Line::Batch => now.batch_size != wanted.batch_size,
            Line::Seed => now.seed != wanted.seed,
            Line::Preset => now.preset != wanted.preset,
        }
    }

    /// Goes to a line; what was typed on the one before and could not be is forgotten.
    pub fn go_to(&mut self, line: Line) {
        if self.refused.is_some() {
            self.restore();
        }
        self.typed.clear();
        self.line = line;
    }

    /// The line as it was.
    pub fn restore(&mut self) {
        self.typed.clear();
        self.refused = None;
        let now = &self.now;
        match self.line {
            Line::Rate => self.wanted.learning_rate = now.learning_rate,
            Line::Price => self.wanted.l1 = now.l1,
            Line::Noise => self.wanted.noise = now.noise,
            Line::Numbers => self.wanted.network.clone_from(&now.network),
            Line::Batch => self.wanted.batch_size = now.batch_size,
            Line::Seed => self.wanted.seed = now.seed,
            Line::Preset => self.wanted = now.clone(),
        }
    }

    /// The next value of the line, or the one before.
    pub fn step(&mut self, up: bool, presets: &[Recipe]) {
        self.typed.clear();
        self.refused = None;
        let wanted = &mut self.wanted;
        match self.line {
            Line::Rate => {
                wanted.learning_rate = nice::next(&RATES, wanted.learning_rate, up);
            }
            Line::Price if !can_have_price(wanted) => {}
            Line::Price => wanted.l1 = nice::next(&prices(), wanted.l1, up),
            Line::Noise => {
                wanted.noise = nice::next_noise(wanted.noise, self.now.noise, wanted.image, up);
            }
            Line::Numbers => {
                if let Some(width) = width(wanted) {
                    let next = nice::next(&WIDTHS, width, up);
                    // A width of the list can always be saved.
                    let _ = value::set_width(wanted, next);
                }
            }
            Line::Batch => wanted.batch_size = nice::next(&BATCHES, wanted.batch_size, up),
            Line::Seed => {
                wanted.seed = if up {
                    wanted.seed.saturating_add(1)
                } else {
                    wanted.seed.saturating_sub(1)
                };
            }
            Line::Preset => self.step_preset(up, presets),
        }
    }

    /// A preset sets every line but the seed.
    fn step_preset(&mut self, up: bool, presets: &[Recipe]) {
        let at = presets
            .iter()
            .position(|recipe| recipe.preset == self.wanted.preset);
        let at = at.unwrap_or_default();
        let next = if up {
            (at + 1).min(presets.len().saturating_sub(1))
        } else {
            at.saturating_sub(1)
        };
        if let Some(recipe) = presets.get(next).filter(|_| next != at) {
            let (now, seed) = (&self.now, self.wanted.seed);
            self.wanted = if recipe.preset == now.preset {
                now.clone()
            } else {
                recipe.clone()
            };
            self.wanted.seed = seed;
        }
    }

    /// A seed that is drawn by chance.
    pub fn set_seed(&mut self, seed: u64) {
        self.typed.clear();
        self.refused = None;
        self.wanted.seed = seed;
    }

    /// A character of a value; whether the line takes it.
    pub fn type_character(&mut self, character: char) -> bool {
        let begins = self.typed.is_empty();
        let taken = match self.line {
            Line::Preset => false,
            Line::Rate | Line::Price | Line::Noise => {
                // As values are written here: `.001`.
                character.is_ascii_digit()
                    || character == '.'
                    || (!begins && matches!(character, 'e' | '-'))
            }
            Line::Numbers | Line::Batch | Line::Seed => character.is_ascii_digit(),
        };
        if taken && self.typed.len() < LONGEST_VALUE {
            self.typed.push(character);
            self.take_typed();
        }
        taken
    }

    /// The last character goes; with the last of them the line is as it was.
    pub fn erase(&mut self) {
        self.typed.pop();
        if self.typed.is_empty() {
            self.restore();
        } else {
            self.take_typed();
        }
    }

    fn take_typed(&mut self) {
        let typed = std::mem::take(&mut self.typed);
        // What cannot be leaves the value that holds; how strong a noise is says nothing of
        // which it is.
        if self.line != Line::Noise {
            self.restore();
        }
        // A point alone is the beginning of a number.
        self.refused = if typed == "." {
            None
        } else {
            value::set(&mut self.wanted, self.line, &typed).err()
        };
        self.typed = typed;
    }
}

/// Characters of the longest number that a line can hold: a seed.
const LONGEST_VALUE: usize = 20;

/// The step that is looked at: the one asked for, where it is being made again.
pub fn looked_at(app: &App) -> u64 {
    app.seen
        .as_ref()
        .map_or(0, |seen| seen.seen.past.unwrap_or(seen.seen.step))
}

/// The width of the code, where it can be another.
pub fn width(recipe: &Recipe) -> Option<usize> {
    recipe.network.encoder_sizes()?.last().copied()
}

/// Whether the numbers of this kind's code can have a price.
pub fn can_have_price(recipe: &Recipe) -> bool {
    recipe.network.latent_activation().is_some()
}

/// The recipe of a run that leaves this one after so many steps with these changes, and goes
/// as far.
fn branched(app: &App, step: u64, changes: &[Change]) -> Recipe {
    let mut branch = app.plan.recipe.clone();
    branch.edits.retain(|edit| edit.step <= step);
    let edits = changes.iter().map(|&change| Edit { step, change });
    branch.edits.extend(edits);
    if let Some(seen) = &app.seen {
        // This one may have been trained on past its recipe's end.
        let moment = &seen.moment;
        let whole = branch.epochs.saturating_mul(moment.film.steps_per_epoch());
        let asked = whole.min(branch.max_steps.unwrap_or(u64::MAX));
        if moment.film.steps() > whole || moment.step > asked {
            branch.epochs = moment.film.epochs().min(MOST_EPOCHS);
            branch.max_steps = None;
        }
    }
    branch
}

/// Whether the run stands at its end.
pub fn is_finished(app: &App) -> bool {
    app.coming_phase() == Phase::Finished
}

/// The noise in the drawing's plain words, with the command line's beside it in the docs.
pub const NOISES: [&str; 4] = ["none", "grain", "specks", "block"];

/// Which of the noises it is.
pub const fn noise_place(noise: Noise) -> usize {
    match noise {
        Noise::None => 0,
        Noise::Gaussian(_) => 1,
        Noise::SaltPepper(_) => 2,
        Noise::Mask(_) => 3,
    }
}

/// Held-out losses by the width of the code, where they were measured for exactly this recipe,
/// the width aside.
pub fn measured(recipe: &Recipe) -> Option<&'static [(usize, f32)]> {
    let width = width(recipe)?;
    let known = recipe.preset.held_out_by_width()?;
    let mut like = Recipe::preset(recipe.preset);
    value::set_width(&mut like, width).ok()?;
    (like == *recipe).then_some(known)
}
