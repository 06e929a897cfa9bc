//! The narrator: one sentence for what was just measured, never for the time.
//!
//! Each sentence has a condition that is measured on the data at hand, and names what
//! was measured. It tells of something that happened and so stays true, or of how things
//! are; the second kind is taken back when a later measure says otherwise.

mod changes;
mod ground;
mod notes;
mod tellings;

use std::{f32::consts::LN_2, sync::Arc};

use changes::Changes;
use ground::Ground;
use notes::{Notes, Said};
#[cfg(test)]
pub(crate) use tellings::tests::every as every_why;
use tellings::{Course, Kept, Level, Telling};

use super::{baselines::Baselines, territory::Territories};
use crate::{
    data::Classes,
    message::{Components, Confusion, Epoch, Note, Phase, Shared},
    nn::Activation,
    recipe::Recipe,
};

/// An epoch that lowers the held-out loss by less than this share is polish.
const POLISH: f32 = 0.01;

/// Within this share of ln 2 a loss is what half grey everywhere costs.
const NEAR: f32 = 0.05;

/// Before so many epochs all classes share their places.
const EPOCHS_TO_SETTLE: u64 = 2;

/// Numbers of the code that must be in use before anything has a place: of fewer all images lie
/// on one line.
const TO_SPAN: usize = 2;

/// What is drawn varies by less than this share of what the originals do: one picture for all to
/// the eye...
const MUCH_THE_SAME: f32 = 0.1;
/// ...and in fact.
const THE_SAME: f32 = 0.01;

/// Before so many steps nobody can say that it does not learn.
const MANY_STEPS: u64 = 1000;

/// A held-out loss within this share of the average's is the average's, and losses that differ by
/// more have changed.
const STANDS: f32 = 0.02;

/// A held-out loss is below the average's when it is by this share: the average that is compared
/// with is the training images', a little dearer than the held-out ones' own.
const SURE: f32 = 0.001;

/// Epochs in a row after which a rise is no chance.
const RISES: usize = 3;

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
    fn of(level: Level) -> Self {
        match level {
            Level::Worse => Self::Worse,
            Level::Blank => Self::Blank,
            Level::Brightness => Self::Brightness,
            Level::NotAlike => Self::NotAlike,
            Level::Average => Self::Average,
            Level::Better => Self::BetterThanAverage,
        }
    }
}

impl Level {
    /// Where a loss of the pictures stands.
    fn of(loss: f32, baselines: Baselines) -> Self {
        if loss < baselines.mean_image * (1.0 - SURE) {
            Self::Better
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

/// What was measured on a map.
pub(super) struct Surveyed<'a> {
    pub(super) territories: &'a Territories,
    /// The mean loss of each class.
    pub(super) classes: Option<&'a [f32]>,
    /// How often the one class is taken for the other, counted when it is asked.
    pub(super) confusion: &'a dyn Fn(usize, usize) -> Option<Confusion>,
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
    ground: Ground,
    /// What the code cost when the last epoch ended.
    l1_before: f64,
    /// The step of which it was told that not all code units are used, if it was, and how many.
    told_unused: Option<(u64, usize)>,
    /// How many code units are in use.
    in_use: Option<usize>,
    /// How much what is drawn varied when it was last measured, after so many steps, as a share of
    /// the originals.
    spread: Option<(u64, f32)>,
    /// What the loss was when half of [`MANY_STEPS`] were done since the last change.
    half_way: Option<(u64, f32)>,
    /// The step of the last change; what came before it tells nothing of how it learns now.
    since: u64,
}

impl Story {
    /// Of a run of this recipe on so many images.
    pub(super) fn new(recipe: &Recipe, classes: Classes, images: usize) -> Self {
        Self {
            chapters: Vec::new(),
            said: Said::default(),
            notes: Notes::default(),
            changes: Changes::default(),
            ended: false,
            epochs: 0,
            ground: Ground::of(recipe, classes, images),
            l1_before: recipe.l1,
            told_unused: None,
            in_use: None,
            spread: None,
            half_way: None,
            since: 0,
        }
    }

    /// What the run is now: a price may have come or gone.
    pub(super) fn follow(&mut self, recipe: &Recipe) {
        self.ground.follow(recipe);
    }

    /// What was changed up to this step. Also a fault gives way to it: it may be the cure, and is
    /// told again where it is none.
    pub(super) fn changed(&mut self, recipe: &Recipe, step: u64) {
        for (step, words) in self.changes.news(recipe, step) {
            (self.since, self.half_way) = (step, None);
            match words {
                Some(words) => self.say(step, tellings::changed(words)),
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

    /// All sentences so far.
    pub(super) fn told(&self) -> Arc<[Note]> {
        self.notes.told()
    }

    /// Goes back to this step, at which so many epochs are done: what was told later is not
    /// told yet.
    pub(super) fn cut(&mut self, step: u64, epochs: u64) {
        self.chapters.retain(|(begun, _)| *begun <= step);
        self.notes.cut(step);
        self.changes.cut(step);
        self.said = self.notes.at(step).cloned().unwrap_or_default();
        self.told_unused = self.told_unused.filter(|(told, _)| *told <= step);
        self.half_way = self.half_way.filter(|(known, _)| *known <= step);
        self.since = self.changes.last();
        (self.in_use, self.spread) = (None, None);
        (self.ended, self.epochs) = (false, epochs);
    }

    fn chapter(&self) -> Option<Chapter> {
        // A place may be found after the last of them.
        let last = || self.chapters.last().map(|(_, chapter)| *chapter);
        let polish = self.is_told(Chapter::Polish).then_some(Chapter::Polish);
        polish.or_else(last)
    }

    /// The furthest that had begun by this step: what was measured of it may be known later.
    fn chapter_by(&self, step: u64) -> Option<Chapter> {
        let begun = self.chapters.iter().filter(|(begun, _)| *begun <= step);
        begun.map(|(_, chapter)| *chapter).max()
    }

    fn is_told(&self, chapter: Chapter) -> bool {
        self.chapters.iter().any(|(_, told)| *told == chapter)
    }

    fn begin(&mut self, step: u64, chapter: Chapter) {
        self.chapters.push((step, chapter));
    }

    /// So many code units are other than zero for some of so many held-out images. A single image
    /// may use fewer, and the screen counts those of one.
    pub(super) fn codes_seen(&mut self, step: u64, [live, all]: [usize; 2], images: usize) {
        self.in_use = Some(live);
        if self.warns() || self.ended || self.chapter_by(step) < Some(Chapter::Average) {
            return;
        }
        let stale = matches!(self.said.state, Some(State::InUse(told)) if told != live);
        let before = self.told_unused.map(|(_, live)| live);
        let told = |ground| {
            let kept = Kept {
                live,
                all,
                before,
                images,
            };
            tellings::in_use(kept, ground)
        };
        if live < all && (before.is_none() || stale) {
            self.told_unused = Some((step, live));
            self.say_state(step, told(&self.ground), State::InUse(live));
        } else if live == all && before.is_some() {
            self.told_unused = None;
            self.say_state(step, told(&self.ground), State::InUse(live));
        } else if stale {
            self.take_back(step);
        }
    }

    /// What is drawn varies by this share of what the originals do.
    pub(super) fn spread_seen(&mut self, step: u64, spread: f32) {
        self.spread = Some((step, spread));
        if self.epochs > 0 && !self.warns() && !self.ended {
            self.warn_if_alike(step);
        }
    }

    /// Whether it draws one picture for all, as it then says.
    fn warn_if_alike(&mut self, step: u64) -> bool {
        // At the start it always draws one picture, and of that may be known late.
        let spread = self.spread.filter(|(of, _)| *of >= MANY_STEPS);
        let Some((_, spread)) = spread.filter(|(_, spread)| *spread < THE_SAME) else {
            return false;
        };
        self.warn(step, tellings::alike(spread, &self.ground));
        true
    }

    /// The map was surveyed after `step` steps.
    pub(super) fn surveyed(&mut self, step: u64, surveyed: &Surveyed) {
        if self.warns() || self.ended || self.chapter_by(step) < Some(Chapter::BetterThanAverage) {
            return;
        }
        let territories = surveyed.territories;
        if let Some(State::Shared(class, other)) = self.said.state
            && !territories.shares(class, other)
        {
            self.take_back(step);
        }
        let spans = self.in_use.is_none_or(|live| live >= TO_SPAN);
        if !self.is_told(Chapter::FirstPlace)
            && spans
            && let Some((class, share)) = territories.most_at_home()
        {
            self.begin(step, Chapter::FirstPlace);
            self.say(step, tellings::own_place(class, share, &self.ground));
        } else if self.is_told(Chapter::FirstPlace)
            && !self.is_told(Chapter::SharedPlace)
            && self.epochs >= EPOCHS_TO_SETTLE
            && let Some((class, other)) = territories.most_shared()
        {
            self.begin(step, Chapter::SharedPlace);
            // The one to look at is drawn worse: of the two it lost the place.
            let cost = |class: usize| surveyed.classes.and_then(|losses| losses.get(class));
            let looked_at = match (cost(class), cost(other)) {
                (Some(here), Some(there)) if there > here => other,
                _ => class,
            };
            let beside = if looked_at == class { other } else { class };
            let shared = Shared {
                classes: [class.min(other) as u8, class.max(other) as u8],
                looked_at: looked_at as u8,
                confusion: (surveyed.confusion)(looked_at, beside),
            };
            let telling = tellings::shared_place(shared, &self.ground);
            self.say_state(step, telling, State::Shared(class, other));
        }
    }

    /// The pictures' loss after `step` steps: that of the last batches. Those scatter, so they do
    /// not tell that it is better than the average.
    pub(super) fn level(&mut self, step: u64, loss: f32, baselines: Baselines) {
        let level = match Level::of(loss, baselines) {
            Level::Better => Level::Average,
            level => level,
        };
        self.reach(step, level, loss, baselines);
        self.half_way_to_grey(step, loss, baselines);
    }

    /// The held-out pictures' loss after `step` steps.
    pub(super) fn examined(&mut self, step: u64, loss: f32, baselines: Baselines) {
        self.reach(step, Level::of(loss, baselines), loss, baselines);
    }

    fn reach(&mut self, step: u64, level: Level, loss: f32, baselines: Baselines) {
        let chapter = Chapter::of(level);
        let worsened = self.said.state == Some(State::Ignorant) && chapter == Chapter::Worse;
        // NaN is no level.
        if loss.is_nan() || (self.chapter() >= Some(chapter) && !worsened) {
            return;
        }
        let begins = self.chapter().is_none();
        self.begin(step, chapter);
        if !self.warns() && !self.ended {
            let alike = self
                .spread
                .is_some_and(|(_, spread)| spread < MUCH_THE_SAME);
            let telling = tellings::level(level, loss, [begins, alike], baselines, &self.ground);
            match level {
                Level::Blank => self.say_state(step, telling, State::Ignorant),
                _ => self.say(step, telling),
            }
        }
    }

    /// A loss that falls, but stays above one grey for many steps, falls too slowly.
    fn half_way_to_grey(&mut self, step: u64, loss: f32, baselines: Baselines) {
        if self.half_way.is_none() && step >= self.since + MANY_STEPS / 2 {
            self.half_way = Some((step, loss));
        }
        if !self.warns() && !self.ended {
            self.warn_if_grey(step, loss, baselines);
        }
    }

    /// Whether it is still grey though it learns, as it then says.
    fn warn_if_grey(&mut self, step: u64, loss: f32, baselines: Baselines) -> bool {
        let falls = self.half_way.is_some_and(|(_, before)| loss < before);
        // What is worse than half grey leaps too far, and longer steps are no cure.
        let level = Level::of(loss, baselines);
        let grey =
            step >= self.since + MANY_STEPS && matches!(level, Level::Brightness | Level::Blank);
        if grey && falls {
            self.warn(step, tellings::grey(step, loss, baselines, &self.ground));
        }
        grey && falls
    }

    /// After `step` steps it was better than so many principal components.
    pub(super) fn passed(&mut self, step: u64, components: Components) {
        if !self.warns() && !self.ended {
            self.say(step, tellings::passed(components));
        }
    }

    /// An epoch ended; `before` are those before it, and `last_steps` is what its last steps cost.
    pub(super) fn epoch_ended(
        &mut self,
        epoch: &Epoch,
        before: &[Epoch],
        last_steps: Option<f32>,
        baselines: Option<Baselines>,
    ) {
        self.epochs = epoch.number;
        let same_price = self.ground.l1.to_bits() == self.l1_before.to_bits();
        let first_since_a_change = self.changes.close(epoch.step);
        self.l1_before = self.ground.l1;
        if self.warn_of(epoch, baselines) {
            return;
        }
        let comparable = same_price && !first_since_a_change;
        if comparable && let Some(telling) = course(epoch, before, &self.ground) {
            return self.warn(epoch.step, telling);
        }
        if self.warns() {
            self.say(epoch.step, tellings::over(epoch));
        }
        let loss = epoch.held_out.loss;
        let Some(before) = before.last() else {
            let telling = tellings::first_epoch(loss, last_steps, baselines, &self.ground);
            return self.say(epoch.step, telling);
        };
        // Losses with different prices in them are not compared.
        if first_since_a_change {
            let from = same_price.then_some(before.held_out.loss);
            let telling = tellings::after_change(from, loss, &self.ground);
            return self.say(epoch.step, telling);
        }
        let gained = (before.held_out.loss - loss) / before.held_out.loss;
        if same_price && (0.0..POLISH).contains(&gained) && !self.is_told(Chapter::Polish) {
            self.begin(epoch.step, Chapter::Polish);
            let telling = tellings::polish(before.held_out.loss, loss, &self.ground);
            self.say(epoch.step, telling);
        }
    }

    /// Whether something is wrong with what the epoch left, as it then says.
    fn warn_of(&mut self, epoch: &Epoch, baselines: Option<Baselines>) -> bool {
        let pictures = epoch.held_out.reconstruction;
        if pictures > LN_2 * (1.0 + NEAR) {
            let priced = epoch.held_out.loss - pictures > pictures;
            self.warn(epoch.step, tellings::worse(pictures, priced, &self.ground));
            return true;
        }
        if let Some(baselines) = baselines {
            let of_average = pictures / baselines.mean_image;
            let stands = (1.0 - SURE..1.0 + STANDS).contains(&of_average);
            if stands && epoch.step >= MANY_STEPS {
                let telling = tellings::stuck(pictures, baselines, &self.ground);
                self.warn(epoch.step, telling);
                return true;
            }
        }
        if !epoch.dead_units.is_empty() {
            self.warn(epoch.step, tellings::dead(&epoch.dead_units, &self.ground));
            return true;
        }
        baselines.is_some_and(|baselines| self.warn_if_grey(epoch.step, pictures, baselines))
            || self.warn_if_alike(epoch.step)
    }

    /// What the trainer does now.
    pub(super) fn phase(
        &mut self,
        phase: Phase,
        step: u64,
        held_out: Option<f32>,
        components: Option<Components>,
        baselines: Option<Baselines>,
    ) {
        let ended = phase == Phase::Finished;
        if ended && !self.ended && !self.warns() {
            let ground = &self.ground;
            let telling = tellings::done(self.epochs, held_out, components, baselines, ground);
            self.say(step, telling);
        }
        self.ended = ended;
    }

    /// A fault is told until it is mended.
    fn warns(&self) -> bool {
        self.note().is_some_and(|note| note.warning)
    }

    fn say(&mut self, step: u64, telling: Telling) {
        self.tell(step, Some(note(step, telling, false)), None);
    }

    /// Says how things are, for as long as they are.
    fn say_state(&mut self, step: u64, telling: Telling, state: State) {
        self.tell(step, Some(note(step, telling, false)), Some(state));
    }

    fn warn(&mut self, step: u64, telling: Telling) {
        self.tell(step, Some(note(step, telling, true)), None);
    }

    fn take_back(&mut self, step: u64) {
        self.tell(step, None, None);
    }

    fn tell(&mut self, step: u64, note: Option<Note>, state: Option<State>) {
        self.said = Said { note, state };
        self.notes.put(step, self.said.clone());
    }
}

fn note(step: u64, telling: Telling, warning: bool) -> Note {
    Note {
        step,
        words: telling.words,
        warning,
        why: telling.why,
    }
}

/// What the last epochs' losses warn of.
fn course(epoch: &Epoch, before: &[Epoch], ground: &Ground) -> Option<Telling> {
    let last = before.last()?;
    let rose = |to: f32, from: f32| to > from * (1.0 + STANDS);
    let held_out = |epoch: &Epoch| epoch.held_out.loss;
    if rose(epoch.train_loss, last.train_loss) && rose(held_out(epoch), held_out(last)) {
        let (from, to) = (held_out(last), held_out(epoch));
        return Some(tellings::overshoots(Course { from, to }, ground));
    }
    let first = before.len().checked_sub(RISES)?;
    let lately: Vec<&Epoch> = before[first..].iter().chain([epoch]).collect();
    let parts = lately.windows(2).all(|pair| {
        pair[1].train_loss < pair[0].train_loss && held_out(pair[1]) > held_out(pair[0])
    });
    let best = before
        .iter()
        .min_by(|a, b| held_out(a).total_cmp(&held_out(b)));
    let (from, to) = (held_out(lately[0]), held_out(epoch));
    let telling =
        |best: &Epoch| tellings::learns_by_heart(RISES, Course { from, to }, best.number, ground);
    best.filter(|_| parts).map(telling)
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

#[cfg(test)]
mod followed;
