//! The narrator: one sentence for what was just measured, never for the time.
//!
//! Each sentence has a condition that is measured on the data at hand, and names what
//! was measured. It tells of something that happened and so stays true, or of how things
//! are; the second kind is taken back when a later measure says otherwise.

mod changes;
mod notes;

use std::f32::consts::LN_2;

use changes::Changes;
use notes::{Notes, Said};

use super::{history::Baselines, territory::Territories};
use crate::{
    data::Classes,
    message::{Epoch, Note, Phase},
    nn::Activation,
    recipe::{Price, Recipe},
    words::noun,
};

/// An epoch that lowers the held-out loss by less than this share is polish.
const POLISH: f32 = 0.01;

/// Within this share of ln 2 a loss is what half grey everywhere costs.
const NEAR: f32 = 0.05;

/// Before so many epochs all classes share their places.
const EPOCHS_TO_SETTLE: u64 = 2;

/// Chapters in the order in which a run passes them; none is told twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Chapter {
    Worse,
    Blank,
    Brightness,
    NotAlike,
    Average,
    BetterThanAverage,
    FirstPlace,
    SharedPlace,
    Polish,
}

impl Chapter {
    /// Where a loss of the pictures stands.
    fn of(loss: f32, baselines: Baselines) -> Self {
        if loss < baselines.mean_image {
            Self::BetterThanAverage
        } else if loss < baselines.mean_image * 1.1 {
            Self::Average
        } else if loss < baselines.one_grey {
            Self::NotAlike
        } else if loss < LN_2 * (1.0 - NEAR) {
            Self::Brightness
        } else if loss <= LN_2 * (1.0 + NEAR) {
            Self::Blank
        } else {
            Self::Worse
        }
    }
}

/// What is told as how things are, and holds only while it is measured so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The loss is about ln 2.
    Ignorant,
    /// So many code units are other than zero for some image.
    InUse(usize),
    /// The first of the classes lives where the other is the majority.
    Shared(usize, usize),
}

/// What has been told.
#[derive(Debug, Clone)]
pub(super) struct Story {
    /// Each chapter with the step that began it.
    chapters: Vec<(u64, Chapter)>,
    /// The last sentence.
    said: Said,
    /// All of them so far.
    notes: Notes,
    changes: Changes,
    ended: bool,
    epochs: u64,
    /// What a loss has in it beside the pictures, behind its name.
    price: &'static str,
    /// What the code costs now, and did when the last epoch ended.
    l1: f64,
    l1_before: f64,
    classes: Classes,
    /// What helps against dead code units.
    cure: &'static str,
    /// The step of which it was told that not all code units are used, if it was.
    told_unused: Option<u64>,
}

impl Story {
    pub(super) fn new(recipe: &Recipe, classes: Classes) -> Self {
        Self {
            chapters: Vec::new(),
            said: Said::default(),
            notes: Notes::default(),
            changes: Changes::default(),
            ended: false,
            epochs: 0,
            price: recipe.price().sign(),
            l1: recipe.l1,
            l1_before: recipe.l1,
            classes,
            cure: cure_of_dead_units(recipe),
            told_unused: None,
        }
    }

    /// What the run is now: a price may have come or gone.
    pub(super) fn follow(&mut self, recipe: &Recipe) {
        self.price = recipe.price().sign();
        self.l1 = recipe.l1;
        self.cure = cure_of_dead_units(recipe);
    }

    /// What was changed up to this step. Also a fault gives way to it: it may be the cure, and is
    /// told again where it is none.
    pub(super) fn changed(&mut self, recipe: &Recipe, step: u64) {
        for (step, words) in self.changes.news(recipe, step) {
            match words {
                Some(words) => self.say(step, words),
                None => self.take_back(step),
            }
        }
    }

    pub(super) fn note(&self) -> Option<&Note> {
        self.said.note.as_ref()
    }

    /// The sentence that stood after so many steps.
    pub(super) fn note_at(&self, step: u64) -> Option<&Note> {
        self.notes.at(step)?.note.as_ref()
    }

    /// Goes back to this step, at which so many epochs are done: what was told later is not
    /// told yet.
    pub(super) fn cut(&mut self, step: u64, epochs: u64) {
        self.chapters.retain(|(begun, _)| *begun <= step);
        self.notes.cut(step);
        self.changes.cut(step);
        self.said = self.notes.at(step).cloned().unwrap_or_default();
        self.told_unused = self.told_unused.filter(|told| *told <= step);
        (self.ended, self.epochs) = (false, epochs);
    }

    fn chapter(&self) -> Option<Chapter> {
        self.chapters.last().map(|(_, chapter)| *chapter)
    }

    fn begin(&mut self, step: u64, chapter: Chapter) {
        self.chapters.push((step, chapter));
    }

    /// So many code units are other than zero for some test image. A single image may use
    /// fewer, and the screen counts those of one.
    pub(super) fn codes_seen(&mut self, step: u64, live: usize, all: usize) {
        if self.warns() || self.ended || self.chapter() < Some(Chapter::Average) {
            return;
        }
        let stale = matches!(self.said.state, Some(State::InUse(told)) if told != live);
        if live < all && (self.told_unused.is_none() || stale) {
            self.told_unused = Some(step);
            let words = format!("Test images use {live} of its {all} numbers, so far.");
            self.say_state(step, words, State::InUse(live));
        } else if live == all && self.told_unused.is_some() {
            self.told_unused = None;
            let words = format!("Test images now use all its {all} numbers.");
            self.say_state(step, words, State::InUse(live));
        } else if stale {
            self.take_back(step);
        }
    }

    /// The map was surveyed after `step` steps.
    pub(super) fn surveyed(&mut self, step: u64, territories: &Territories) {
        if self.warns() || self.ended || self.chapter() < Some(Chapter::BetterThanAverage) {
            return;
        }
        if let Some(State::Shared(class, other)) = self.said.state
            && !territories.shares(class, other)
        {
            self.take_back(step);
        }
        if self.chapter() < Some(Chapter::FirstPlace)
            && let Some(class) = territories.most_at_home()
        {
            self.begin(step, Chapter::FirstPlace);
            let words = match &self.classes {
                Classes::Digits => format!("The {class}s have found a place of their own."),
                classes => {
                    let one = capital(&classes.one(class as u8));
                    format!("{one} has found a place of its own.")
                }
            };
            self.say(step, words);
        } else if self.chapter() == Some(Chapter::FirstPlace)
            && self.epochs >= EPOCHS_TO_SETTLE
            && let Some((class, other)) = territories.most_shared()
        {
            self.begin(step, Chapter::SharedPlace);
            let words = match &self.classes {
                Classes::Digits => {
                    format!("{class} and {other} share a place; see what becomes of a {class}.")
                }
                Classes::Numbered(_) => format!(
                    "Classes {class} and {other} share a place; see what becomes of class {class}."
                ),
                classes => {
                    let [one, two] = [class, other].map(|class| classes.one(class as u8));
                    let begin = capital(&one);
                    format!("{begin} and {two} share a place; see what becomes of {one}.")
                }
            };
            self.say_state(step, words, State::Shared(class, other));
        }
    }

    /// The pictures' loss after `step` steps: that of the last batches, or a held-out one.
    pub(super) fn level(&mut self, step: u64, loss: f32, baselines: Baselines) {
        let chapter = Chapter::of(loss, baselines);
        let worsened = self.said.state == Some(State::Ignorant) && chapter == Chapter::Worse;
        // NaN is no level.
        if loss.is_nan() || (self.chapter() >= Some(chapter) && !worsened) {
            return;
        }
        let begins = self.chapter().is_none();
        self.begin(step, chapter);
        if !self.warns() && !self.ended {
            let words = words_of(chapter, begins, baselines).into();
            match chapter {
                Chapter::Blank => self.say_state(step, words, State::Ignorant),
                _ => self.say(step, words),
            }
        }
    }

    /// After `step` steps it was better than so many principal components.
    pub(super) fn passed(&mut self, step: u64, components: usize) {
        const COUNTS: [&str; 10] = [
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        ];
        if self.warns() || self.ended {
            return;
        }
        let count = match components
            .checked_sub(1)
            .and_then(|place| COUNTS.get(place))
        {
            Some(&count) => count.to_owned(),
            None => components.to_string(),
        };
        let numbers = noun(components as u64, "number");
        self.say(
            step,
            format!("Passed PCA-{components}, the classical way to keep {count} {numbers}."),
        );
    }

    /// An epoch ended; `before` is the one before it.
    pub(super) fn epoch_ended(&mut self, epoch: &Epoch, before: Option<&Epoch>) {
        self.epochs = epoch.number;
        let same_price = self.l1.to_bits() == self.l1_before.to_bits();
        let first_since_a_change = self.changes.close(epoch.step);
        self.l1_before = self.l1;
        if epoch.held_out.reconstruction > LN_2 * (1.0 + NEAR) {
            let price = epoch.held_out.loss - epoch.held_out.reconstruction;
            let cure = if price > epoch.held_out.reconstruction && self.price == Price::L1.sign() {
                "--l1"
            } else {
                "--learning-rate"
            };
            return self.warn(
                epoch.step,
                format!("Worse than knowing nothing; try a smaller {cure}."),
            );
        }
        if !epoch.dead_units.is_empty() {
            return self.warn(epoch.step, dead_units(&epoch.dead_units, self.cure));
        }
        if self.warns() {
            self.say(epoch.step, "The warning is over.".into());
        }
        let Some(before) = before else {
            let (price, loss) = (self.price, epoch.held_out.loss);
            return self.say(
                epoch.step,
                format!("Every image seen once: held-out{price} {loss:.3}."),
            );
        };
        // Losses with different prices in them are not compared.
        if first_since_a_change {
            let (price, from, to) = (self.price, before.held_out.loss, epoch.held_out.loss);
            let from = if same_price {
                format!("{from:.3} to ")
            } else {
                String::new()
            };
            let words = format!("After the change: held-out{price} {from}{to:.3}, this epoch.");
            return self.say(epoch.step, words);
        }
        let gained = (before.held_out.loss - epoch.held_out.loss) / before.held_out.loss;
        if same_price && (0.0..POLISH).contains(&gained) && self.chapter() < Some(Chapter::Polish) {
            self.begin(epoch.step, Chapter::Polish);
            let (price, from, to) = (self.price, before.held_out.loss, epoch.held_out.loss);
            self.say(
                epoch.step,
                format!("Polish: held-out{price} {from:.3} to {to:.3}, this epoch."),
            );
        }
    }

    /// What the trainer does now.
    pub(super) fn phase(&mut self, phase: Phase, step: u64, held_out: Option<f32>) {
        let ended = phase == Phase::Finished;
        if ended && !self.ended && !self.warns() {
            let loss = held_out.map_or_else(String::new, |loss| format!(" at {loss:.3}"));
            self.say(step, format!("Done{loss}: ] trains on, s saves."));
        }
        self.ended = ended;
    }

    /// A fault is told until it is mended.
    fn warns(&self) -> bool {
        self.note().is_some_and(|note| note.warning)
    }

    fn say(&mut self, step: u64, words: String) {
        self.tell(step, Some(note(step, words, false)), None);
    }

    /// Says how things are, for as long as they are.
    fn say_state(&mut self, step: u64, words: String, state: State) {
        self.tell(step, Some(note(step, words, false)), Some(state));
    }

    fn warn(&mut self, step: u64, words: String) {
        self.tell(step, Some(note(step, words, true)), None);
    }

    fn take_back(&mut self, step: u64) {
        self.tell(step, None, None);
    }

    fn tell(&mut self, step: u64, note: Option<Note>, state: Option<State>) {
        self.said = Said { note, state };
        self.notes.put(step, self.said.clone());
    }
}

fn note(step: u64, words: String, warning: bool) -> Note {
    Note {
        step,
        words,
        warning,
    }
}

/// What is told of a level that was reached, or begun at.
fn words_of(chapter: Chapter, begins: bool, baselines: Baselines) -> &'static str {
    match chapter {
        Chapter::Worse => "Worse than knowing nothing; half grey everywhere costs 0.693.",
        Chapter::Blank => "It knows nothing; half grey everywhere costs as much.",
        Chapter::Brightness if baselines.ink < 0.5 => "First lesson: an image is mostly empty.",
        Chapter::Brightness => "First lesson: an image is mostly ink.",
        Chapter::NotAlike => "Passed one grey; pixels are not all alike.",
        Chapter::Average => "Not yet better than the average image.",
        _ if begins => "It begins better than the average image.",
        _ => "Passed the average image; the code now says something.",
    }
}

/// Words as a sentence begins.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// What helps against code units that are zero for every image.
pub(crate) fn cure_of_dead_units(recipe: &Recipe) -> &'static str {
    match recipe.network.latent_activation() {
        // A code with a price is meant to have zeros; without one they come from the ReLU.
        _ if recipe.l1 > 0.0 => "try another seed or a smaller `--l1`",
        Some(Activation::Relu) => "try another seed or `--latent-activation linear`",
        Some(Activation::Linear) | None => "try another seed",
    }
}

/// What to say of code units that were zero for every image, and what to do.
pub(crate) fn dead_units(units: &[usize], cure: &str) -> String {
    let cure = format!("zero for every image; {cure}");
    match units {
        [unit] => format!("code {unit} is dead: {cure}"),
        units => {
            let numbers: Vec<String> = units.iter().take(3).map(ToString::to_string).collect();
            let more = if units.len() > 3 {
                format!(" and {} more", units.len() - 3)
            } else {
                String::new()
            };
            format!("codes {}{more} are dead: {cure}", numbers.join(", "))
        }
    }
}

#[cfg(test)]
mod tests;
