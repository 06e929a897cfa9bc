//! What a run leaves behind: its losses, thinned to what a curve can show, its
//! epochs and its milestones. All of it follows from the reports' numbers, so
//! the same run has the same history at any pace.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use super::{
    baselines::Baselines,
    losses::Losses,
    rivalry::{self, Rivalry},
    story::{Story, Surveyed},
};
use crate::{
    data::Classes,
    lens::HeldOut,
    message::{Components, Course, Curve, Epoch, Measured, Milestone, Report},
    nn::Objective,
    pace::Film,
    recipe::{Price, Recipe},
    store::metrics::Logged,
};

/// Held-out losses that are remembered by their steps; of more, every second one goes.
const MEASURED: usize = 4096;
/// Epochs that are remembered of a run that somebody else tells of; of more, every second one goes.
const MOST_TOLD_EPOCHS: usize = 4096;

/// Steps whose mean is told as what the last steps cost...
const LAST_STEPS: usize = 100;
/// ...and how far, as a share of itself, such a mean scatters.
const SCATTER: f32 = 0.005;

/// The history of one run.
#[derive(Debug, Clone)]
pub(super) struct History {
    film: Option<Film>,
    ticks: Vec<Tick>,
    losses: Losses,
    course: Course,
    epochs: Vec<Epoch>,
    train_loss: Option<f32>,
    /// The latest held-out loss, and the step it was measured after.
    held_out: Option<(u64, HeldOut)>,
    /// The held-out losses of the steps before.
    measured: BTreeMap<u64, Known>,
    /// The same, as it was last told.
    told: OnceLock<Arc<[Measured]>>,
    /// The objective's part of a pixel: what makes it comparable with baselines.
    per_pixel: f32,
    milestones: Vec<Milestone>,
    baselines: Option<Baselines>,
    rivalry: Rivalry,
    story: Story,
    /// How many losses there have been, up to the last, of pictures alone.
    unpriced: usize,
    step: u64,
}

/// What is known of a step's held-out images.
#[derive(Debug, Clone)]
struct Known {
    held_out: HeldOut,
    digits: Option<Arc<[f32]>>,
}

/// The losses of a twentieth of a second of film time.
#[derive(Debug, Clone, Copy, Default)]
struct Tick {
    sum: f64,
    steps: u64,
    last_step: u64,
}

impl Tick {
    /// Of one step.
    fn of(step: u64, loss: f32) -> Self {
        Self {
            sum: f64::from(loss),
            steps: 1,
            last_step: step,
        }
    }

    /// Where in a film's ticks its last step falls.
    fn place(&self, film: &Film) -> usize {
        (film.time_of(self.last_step) * Film::TICKS_PER_SECOND) as usize
    }
}

impl History {
    /// Of a run of this recipe on so many training images.
    pub(super) fn new(recipe: &Recipe, classes: Classes, images: usize) -> Self {
        let code = recipe.architecture().code();
        Self {
            per_pixel: Objective::pixel_weight(code, recipe.image.pixels()).recip() as f32,
            film: None,
            ticks: Vec::new(),
            losses: Losses::new(recipe.batch_size, images),
            course: Course::default(),
            epochs: Vec::new(),
            train_loss: None,
            held_out: None,
            measured: BTreeMap::new(),
            told: OnceLock::new(),
            milestones: Vec::new(),
            baselines: None,
            rivalry: Rivalry::default(),
            story: Story::new(recipe, classes, images),
            unpriced: 0,
            step: 0,
        }
    }

    pub(super) fn set_baselines(&mut self, baselines: Baselines) {
        self.baselines = Some(baselines);
    }

    /// A held-out loss measured after `step` steps. One that comes late is remembered, and is
    /// no news.
    pub(super) fn set_held_out(&mut self, step: u64, held_out: HeldOut) {
        self.remember(step, held_out);
        if self.held_out.is_none_or(|(known, _)| known <= step) {
            self.held_out = Some((step, held_out));
            // Saved weights, which nobody trains, have no story.
            if let (Some(baselines), Some(_)) = (self.baselines, self.film) {
                self.story
                    .examined(step, held_out.reconstruction, baselines);
            }
        }
    }

    /// What the images of each digit came to, where the held-out loss is known.
    pub(super) fn set_digits(&mut self, step: u64, digits: Arc<[f32]>) {
        if let Some(known) = self.measured.get_mut(&step) {
            known.digits = Some(digits);
            self.told = OnceLock::new();
        }
    }

    fn remember(&mut self, step: u64, held_out: HeldOut) {
        let digits = self.measured.get(&step);
        let digits = digits.and_then(|known| known.digits.clone());
        self.measured.insert(step, Known { held_out, digits });
        self.told = OnceLock::new();
        if self.measured.len() > MEASURED {
            let mut goes = false;
            self.measured.retain(|_, _| {
                goes = !goes;
                !goes
            });
        }
    }

    /// The held-out loss after exactly so many steps, if it was measured.
    pub(super) fn held_out_of(&self, step: u64) -> Option<HeldOut> {
        let latest = self.held_out.filter(|(known, _)| *known == step);
        let measured = || self.measured.get(&step).map(|known| known.held_out);
        latest.map(|(_, held_out)| held_out).or_else(measured)
    }

    /// The run was changed after this step, and what its weights cost there is another number.
    pub(super) fn changed_at(&mut self, step: u64) {
        self.measured.remove(&step);
        self.told = OnceLock::new();
        if self.held_out.is_some_and(|(known, _)| known == step) {
            self.held_out = self
                .measured
                .range(..step)
                .next_back()
                .map(|(step, known)| (*step, known.held_out));
        }
    }

    /// Mean training loss of the epoch so far, as it was after this step.
    pub(super) fn train_loss_of(&self, step: u64) -> Option<f32> {
        if step == self.step {
            return self.train_loss;
        }
        self.losses.of_epoch(step)
    }

    /// What principal components come to.
    pub(super) fn set_components(&mut self, components: Components) {
        self.rivalry.meet(components);
        self.tell_rivalry();
    }

    pub(super) fn components(&self) -> Option<Components> {
        self.rivalry.components()
    }

    pub(super) fn mean_image(&self) -> Option<f32> {
        self.baselines.map(|baselines| baselines.mean_image)
    }

    /// Tells the narrator how many code units are other than zero for some of so many images.
    pub(super) fn codes_seen(&mut self, step: u64, units: [usize; 2], images: usize) {
        self.story.codes_seen(step, units, images);
    }

    /// Tells the narrator by how large a share of the originals' what is drawn varies.
    pub(super) fn spread_seen(&mut self, step: u64, spread: f32) {
        self.story.spread_seen(step, spread);
    }

    /// Tells the narrator what was measured on a map.
    pub(super) fn surveyed(&mut self, step: u64, surveyed: &Surveyed) {
        self.story.surveyed(step, surveyed);
    }

    /// What was seen of the run up to this step; what came later may come otherwise.
    pub(super) fn cut(&mut self, step: u64) {
        self.losses.cut(step);
        self.course.cut(step);
        self.cut_ticks(step);
        // Of what came before a price that is gone again nothing is known any more.
        let gone = self.step.saturating_sub(step) as usize;
        self.unpriced = self.unpriced.saturating_sub(gone);
        self.step = self.step.min(step);
        self.train_loss = self.losses.of_epoch(self.step);
        self.epochs.retain(|epoch| epoch.step <= step);
        self.measured.retain(|measured, _| *measured <= step);
        self.told = OnceLock::new();
        let latest = self.measured.last_key_value();
        self.held_out = latest.map(|(step, known)| (*step, known.held_out));
        self.milestones.retain(|milestone| milestone.step <= step);
        let hundred = self.step / rivalry::STEPS * rivalry::STEPS;
        let known = self.step.saturating_sub(self.unpriced as u64);
        let begun = self.losses.between(hundred.max(known), self.step);
        let scale = self.per_pixel;
        self.rivalry.cut(step, begun.map(|(_, loss)| loss * scale));
        let epochs = self.epochs.last().map_or(0, |epoch| epoch.number);
        self.story.cut(step, epochs);
    }

    /// A tick that this step falls into is as it was after it.
    fn cut_ticks(&mut self, step: u64) {
        let Some(film) = self.film else { return };
        let later = self.ticks.iter().position(|tick| tick.last_step > step);
        self.ticks.truncate(later.unwrap_or(usize::MAX));
        while self.ticks.pop_if(|tick| tick.steps == 0).is_some() {}
        let known = self.ticks.iter().map(|tick| tick.last_step).max();
        let losses: Vec<_> = self.losses.between(known.unwrap_or(0), step).collect();
        for (step, loss) in losses {
            self.add_tick(&film, Tick::of(step, loss * self.per_pixel));
        }
    }

    /// The step that it has come to.
    pub(super) fn step(&self) -> u64 {
        self.step
    }

    /// Takes in what the log of the run tells of the steps before its first report.
    pub(super) fn read(&mut self, logged: &Logged, recipe: &Recipe, film: Film) {
        self.take_in(&logged.losses, &logged.epochs, recipe, film);
        self.step = logged.step;
        self.story.changed(recipe, self.step);
        self.tell_rivalry();
    }

    /// Takes in what is heard of a run that somebody else trains.
    pub(super) fn hear(
        &mut self,
        losses: &[(u64, f32)],
        epochs: &[Epoch],
        recipe: &Recipe,
        film: Film,
    ) {
        self.take_in(losses, epochs, recipe, film);
        if let Some(epoch) = epochs.last() {
            self.step = self.step.max(epoch.step);
        }
        let of_epoch = epochs.last().filter(|epoch| epoch.step == self.step);
        let so_far = self.losses.of_epoch(self.step);
        self.train_loss = of_epoch
            .map(|epoch| epoch.train_loss)
            .or(so_far)
            .or(self.train_loss);
        self.thin_epochs();
        self.story.changed(recipe, self.step);
        self.tell_rivalry();
    }

    /// A stranger's log may have any number of them.
    fn thin_epochs(&mut self) {
        while self.epochs.len() > MOST_TOLD_EPOCHS {
            let mut goes = false;
            self.epochs.retain(|_| {
                goes = !goes;
                !goes
            });
        }
    }

    fn take_in(&mut self, losses: &[(u64, f32)], epochs: &[Epoch], recipe: &Recipe, film: Film) {
        self.follow_film(film);
        let priced = |step| recipe.price_of_step(step) != Price::None;
        let mut losses = losses.iter().copied().peekable();
        for epoch in epochs {
            self.story.changed(recipe, epoch.step.saturating_sub(1));
            while let Some((step, loss)) = losses.next_if(|(step, _)| *step <= epoch.step) {
                self.read_step(&film, step, loss, priced(step));
            }
            self.story
                .follow(&recipe.as_of(epoch.step.saturating_sub(1)));
            self.end_epoch(epoch);
        }
        for (step, loss) in losses {
            self.read_step(&film, step, loss, priced(step));
        }
    }

    /// Of steps that were left out of the log nothing follows but a point of the curve.
    fn read_step(&mut self, film: &Film, step: u64, loss: f32, priced: bool) {
        let follows = step == self.step + 1;
        self.losses.extend(step, &[loss]);
        self.step = step;
        let loss = loss * self.per_pixel;
        self.course.push(step, loss);
        self.add_tick(film, Tick::of(step, loss));
        self.pay(step, loss, priced);
        if follows {
            self.pass_milestones(step);
        }
    }

    /// A loss that is priced has more in it than the pictures.
    fn pay(&mut self, step: u64, loss: f32, priced: bool) {
        self.unpriced = if priced { 0 } else { self.unpriced + 1 };
        self.rivalry.step(step, loss, priced);
    }

    /// Takes in a report.
    pub(super) fn absorb(&mut self, report: &Report) {
        self.absorb_again(report);
        let held_out = self.held_out_of(self.step);
        let held_out = held_out.map(|held_out| held_out.loss * self.per_pixel);
        let (components, baselines) = (self.components(), self.baselines);
        self.story
            .phase(report.phase, self.step, held_out, components, baselines);
    }

    /// Takes in a report of a run that is made again, of which nobody can say that it ends.
    pub(super) fn absorb_again(&mut self, report: &Report) {
        self.follow_film(report.film);
        self.losses.absorb(report);
        for (step, &loss) in (report.first_step..).zip(&report.losses) {
            let priced = report.recipe.price_of_step(step) != Price::None;
            self.add_step(&report.film, step, loss * self.per_pixel, priced);
        }
        if self.step > 0 {
            self.train_loss = Some(report.train_loss);
        }
        for epoch in &report.epochs {
            // What was changed before its end comes before what it came to.
            self.story
                .changed(&report.recipe, epoch.step.saturating_sub(1));
            self.story
                .follow(&report.recipe.as_of(epoch.step.saturating_sub(1)));
            self.end_epoch(epoch);
        }
        self.story.changed(&report.recipe, self.step);
        self.tell_rivalry();
    }

    fn end_epoch(&mut self, epoch: &Epoch) {
        let held_out = epoch.held_out;
        self.set_held_out(epoch.step, held_out);
        self.rivalry.epoch(epoch.step, held_out.reconstruction);
        let epoch = Epoch {
            train_loss: epoch.train_loss * self.per_pixel,
            held_out: HeldOut {
                loss: held_out.loss * self.per_pixel,
                ..held_out
            },
            ..epoch.clone()
        };
        self.reach(epoch.step, held_out.reconstruction);
        let last_steps = self.mean_of_last(LAST_STEPS);
        self.story
            .epoch_ended(&epoch, &self.epochs, last_steps, self.baselines);
        self.epochs.push(epoch);
    }

    fn add_step(&mut self, film: &Film, step: u64, loss: f32, priced: bool) {
        self.step = step;
        self.course.push(step, loss);
        self.add_tick(film, Tick::of(step, loss));
        self.pay(step, loss, priced);
        self.pass_milestones(step);
    }

    fn add_tick(&mut self, film: &Film, new: Tick) {
        let place = new.place(film);
        if self.ticks.len() <= place {
            self.ticks.resize(place + 1, Tick::default());
        }
        let tick = &mut self.ticks[place];
        tick.sum += new.sum;
        tick.steps += new.steps;
        tick.last_step = new.last_step;
    }

    /// A run that is to be longer has another film, and its past another place in it.
    fn follow_film(&mut self, film: Film) {
        if self.film.replace(film).is_some_and(|old| old != film) {
            let ticks = std::mem::take(&mut self.ticks);
            for tick in ticks.into_iter().filter(|tick| tick.steps > 0) {
                self.add_tick(&film, tick);
            }
        }
    }

    /// Baselines are passed by the mean of the last steps: single batches scatter.
    fn pass_milestones(&mut self, step: u64) {
        let (Some(baselines), Some((smooth, losses))) = (self.baselines, self.smooth()) else {
            return;
        };
        // With a price in any of them losses do not tell how good the pictures are.
        if losses <= self.unpriced {
            self.story.level(step, smooth, baselines);
        }
        // The one grey is passed on a steep slope; at the average the loss lingers.
        if self.milestones.is_empty() {
            self.reach(step, smooth);
        } else if self.unpriced >= LAST_STEPS
            && let Some(mean) = self.mean_of_last(LAST_STEPS)
        {
            self.reach(step, mean * (1.0 + SCATTER));
        }
    }

    /// The mean of so many last losses, if there are as many.
    fn mean_of_last(&self, steps: usize) -> Option<f32> {
        let recent = self.losses.up_to(self.step);
        let known = recent.len() >= steps;
        let sum = || recent.rev().take(steps).sum::<f32>();
        known.then(|| sum() * self.per_pixel / steps as f32)
    }

    /// After this step the loss was this.
    fn reach(&mut self, step: u64, loss: f32) {
        let Some(baselines) = self.baselines else {
            return;
        };
        let names = [
            (baselines.one_grey, "below one grey"),
            (baselines.mean_image, "below the average"),
        ];
        while let Some(&(level, name)) = names.get(self.milestones.len())
            && loss < level
        {
            let name = name.into();
            self.milestones.push(Milestone { step, name });
        }
    }

    fn tell_rivalry(&mut self) {
        if let Some((step, components)) = self.rivalry.news() {
            self.story.passed(step, components);
        }
    }

    /// All of them, in the order of their steps.
    fn milestones(&self) -> Vec<Milestone> {
        let passed = self.rivalry.milestone();
        let mut all: Vec<Milestone> = self.milestones.iter().chain(passed).cloned().collect();
        all.sort_by_key(|milestone| milestone.step);
        all
    }

    /// The mean of the last 20 losses, or of half of what there is at the start, and how many
    /// those are.
    fn smooth(&self) -> Option<(f32, usize)> {
        let recent = self.losses.up_to(self.step);
        let (known, scale) = (recent.len(), self.per_pixel);
        let steps = (known / 2).clamp(1, 20).min(known);
        let last = recent.rev().take(steps).map(|loss| loss * scale);
        (steps > 0).then(|| (last.sum::<f32>() / steps as f32, steps))
    }

    /// The losses of the last steps up to this one.
    fn recent(&self, step: u64) -> Vec<f32> {
        let recent = self.losses.up_to(step);
        recent.map(|loss| loss * self.per_pixel).collect()
    }

    /// As it is drawn of a moment that was gone back to: the run's lines and landmarks, and
    /// the numbers and the narrator's words of that step. `held_out` is its held-out loss,
    /// if it is known; otherwise the last that was measured before stands.
    pub(super) fn curve_at(&self, step: u64, held_out: Option<HeldOut>) -> Arc<Curve> {
        let before = self.measured.range(..=step).next_back();
        let held_out = held_out.or(before.map(|(_, known)| known.held_out));
        let mut epochs = self.epochs.iter().rev();
        let epoch = epochs.find(|epoch| epoch.step <= step);
        Arc::new(Curve {
            recent: self.recent(step),
            train_loss: self.train_loss_of(step).map(|loss| loss * self.per_pixel),
            held_out: held_out.map(|held_out| held_out.loss * self.per_pixel),
            note: self.story.note_at(step).cloned(),
            dead_units: epoch.map_or_else(Vec::new, |epoch| epoch.dead_units.clone()),
            ..self.whole()
        })
    }

    /// All of it, ready to draw.
    pub(super) fn curve(&self) -> Arc<Curve> {
        Arc::new(self.whole())
    }

    /// What was measured on the way, shared with whom it was told before.
    pub(super) fn measured(&self) -> Arc<[Measured]> {
        let tell = |(&step, known): (&u64, &Known)| Measured {
            step,
            loss: known.held_out.loss * self.per_pixel,
            reconstruction: known.held_out.reconstruction,
            digits: known.digits.clone(),
        };
        let told = || self.measured.iter().map(tell).collect();
        Arc::clone(self.told.get_or_init(told))
    }

    fn whole(&self) -> Curve {
        Curve {
            ticks: self
                .ticks
                .iter()
                .map(|tick| (tick.steps > 0).then(|| (tick.sum / tick.steps as f64) as f32))
                .collect(),
            recent: self.recent(self.step),
            course: self.course.clone(),
            measured: self.measured(),
            epochs: self.epochs.clone(),
            train_loss: self.train_loss.map(|loss| loss * self.per_pixel),
            held_out: self
                .held_out
                .map(|(_, held_out)| held_out.loss * self.per_pixel),
            mean_image: self.mean_image(),
            one_grey: self.baselines.map(|baselines| baselines.one_grey),
            copy: self.baselines.map(|baselines| baselines.copy),
            components: self.rivalry.components(),
            milestones: self.milestones(),
            note: self.story.note().cloned(),
            told: self.story.told(),
            dead_units: self
                .epochs
                .last()
                .map(|epoch| epoch.dead_units.clone())
                .unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests;
