//! What a run leaves behind: its losses, thinned to what a curve can show, its
//! epochs and its milestones. All of it follows from the reports' numbers, so
//! the same run has the same history at any pace.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    losses::Losses,
    rivalry::{self, Rivalry},
    story::Story,
    territory::Territories,
};
use crate::{
    data::Classes,
    lens::HeldOut,
    message::{Components, Curve, Epoch, Milestone, Report},
    nn::Objective,
    pace::Film,
    recipe::{Price, Recipe},
    store::metrics::Logged,
};

/// Held-out losses that are remembered by their steps; of more, every second one goes.
const MEASURED: usize = 4096;

/// What losses are to be held against on the data at hand: what a network should get
/// below, in the order in which it does, and what it cannot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Baselines {
    pub(super) one_grey: f32,
    pub(super) mean_image: f32,
    /// What even a perfect copy costs.
    pub(super) copy: f32,
    /// The mean pixel, from 0, no ink, to 1.
    pub(super) ink: f32,
}

/// The history of one run.
#[derive(Debug, Clone)]
pub(super) struct History {
    film: Option<Film>,
    ticks: Vec<Tick>,
    losses: Losses,
    epochs: Vec<Epoch>,
    train_loss: Option<f32>,
    /// The latest held-out loss, and the step it was measured after.
    held_out: Option<(u64, HeldOut)>,
    /// The held-out losses of the steps before.
    measured: BTreeMap<u64, HeldOut>,
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
            epochs: Vec::new(),
            train_loss: None,
            held_out: None,
            measured: BTreeMap::new(),
            milestones: Vec::new(),
            baselines: None,
            rivalry: Rivalry::default(),
            story: Story::new(recipe, classes),
            unpriced: 0,
            step: 0,
        }
    }

    pub(super) fn set_baselines(&mut self, baselines: Baselines) {
        self.baselines = Some(baselines);
    }

    /// A held-out loss measured after `step` steps; older ones are known already.
    pub(super) fn set_held_out(&mut self, step: u64, held_out: HeldOut) {
        if self.held_out.is_none_or(|(known, _)| known <= step) {
            self.held_out = Some((step, held_out));
            self.remember(step, held_out);
            // Saved weights, which nobody trains, have no story.
            if let (Some(baselines), Some(_)) = (self.baselines, self.film) {
                self.story.level(step, held_out.reconstruction, baselines);
            }
        }
    }

    fn remember(&mut self, step: u64, held_out: HeldOut) {
        self.measured.insert(step, held_out);
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
        let measured = || self.measured.get(&step).copied();
        latest.map(|(_, held_out)| held_out).or_else(measured)
    }

    /// The run was changed after this step, and what its weights cost there is another number.
    pub(super) fn changed_at(&mut self, step: u64) {
        self.measured.remove(&step);
        if self.held_out.is_some_and(|(known, _)| known == step) {
            self.held_out = self
                .measured
                .range(..step)
                .next_back()
                .map(|(s, h)| (*s, *h));
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

    /// Tells the narrator how many code units are other than zero for some image.
    pub(super) fn codes_seen(&mut self, step: u64, live: usize, all: usize) {
        self.story.codes_seen(step, live, all);
    }

    /// Tells the narrator what was measured on a map.
    pub(super) fn surveyed(&mut self, step: u64, territories: &Territories) {
        self.story.surveyed(step, territories);
    }

    /// What was seen of the run up to this step; what came later may come otherwise.
    pub(super) fn cut(&mut self, step: u64) {
        self.losses.cut(step);
        self.cut_ticks(step);
        // Of what came before a price that is gone again nothing is known any more.
        let gone = self.step.saturating_sub(step) as usize;
        self.unpriced = self.unpriced.saturating_sub(gone);
        self.step = self.step.min(step);
        self.train_loss = self.losses.of_epoch(self.step);
        self.epochs.retain(|epoch| epoch.step <= step);
        self.measured.retain(|measured, _| *measured <= step);
        let latest = self.measured.last_key_value();
        self.held_out = latest.map(|(step, held_out)| (*step, *held_out));
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
        self.follow_film(film);
        let priced = |step| recipe.price_of_step(step) != Price::None;
        let mut losses = logged.losses.iter().copied().peekable();
        for epoch in &logged.epochs {
            while let Some((step, loss)) = losses.next_if(|(step, _)| *step <= epoch.step) {
                self.read_step(&film, step, loss, priced(step));
            }
            self.story
                .follow(&recipe.as_of(epoch.step.saturating_sub(1)));
            self.end_epoch(epoch);
            // Where the steps have not told, the epoch's end is the first to know.
            self.reach(epoch.step, epoch.held_out.reconstruction);
        }
        for (step, loss) in losses {
            self.read_step(&film, step, loss, priced(step));
        }
        self.step = logged.step;
        self.tell_rivalry();
    }

    /// Of steps that were left out of the log nothing follows but a point of the curve.
    fn read_step(&mut self, film: &Film, step: u64, loss: f32, priced: bool) {
        let follows = step == self.step + 1;
        self.losses.extend(step, &[loss]);
        self.step = step;
        let loss = loss * self.per_pixel;
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
        self.story.phase(report.phase, self.step, held_out);
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
            self.story
                .follow(&report.recipe.as_of(epoch.step.saturating_sub(1)));
            self.end_epoch(epoch);
        }
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
        self.story.epoch_ended(&epoch, self.epochs.last());
        self.epochs.push(epoch);
    }

    fn add_step(&mut self, film: &Film, step: u64, loss: f32, priced: bool) {
        self.step = step;
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
        self.reach(step, smooth);
    }

    /// After this step the loss was this.
    fn reach(&mut self, step: u64, loss: f32) {
        let Some(baselines) = self.baselines else {
            return;
        };
        let names = [
            (baselines.one_grey, "below one grey"),
            (baselines.mean_image, "below the mean image"),
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
            self.story.passed(step, components.count);
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
        let held_out = held_out.or(before.map(|(_, held_out)| *held_out));
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

    fn whole(&self) -> Curve {
        Curve {
            ticks: self
                .ticks
                .iter()
                .map(|tick| (tick.steps > 0).then(|| (tick.sum / tick.steps as f64) as f32))
                .collect(),
            recent: self.recent(self.step),
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
            dead_units: self
                .epochs
                .last()
                .map(|epoch| epoch.dead_units.clone())
                .unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::{
        message::Phase,
        nn::{Activation, Architecture, Autoencoder, Snapshot},
        pace::Pace,
        recipe::{Change, Edit, Preset},
    };

    const BASELINES: Baselines = Baselines {
        one_grey: 0.391,
        mean_image: 0.2625,
        copy: 0.058,
        ink: 0.131,
    };

    fn report(film: Film, first_step: u64, losses: Vec<f32>) -> Report {
        let architecture = Architecture::dense(4, vec![2], Activation::Relu);
        Report {
            first_step,
            losses,
            epochs: Vec::new(),
            train_loss: 0.3,
            phase: Phase::Training,
            obeyed: 0,
            pace: Pace::Full,
            film,
            end: film.steps(),
            snapshot: Arc::new(Snapshot {
                step: first_step,
                net: Autoencoder::zeros(&architecture),
            }),
            recipe: Arc::new(Recipe::preset(Preset::Article)),
            frames: Vec::new(),
            states: Vec::new(),
            checkpoints: Vec::new(),
        }
    }

    /// A loss that falls from 0.69 towards 0.2, as the tutorial's does.
    fn falling(steps: u64) -> Vec<f32> {
        (1..=steps)
            .map(|step| 0.2 + 0.49 * (-(step as f32) / 60.0).exp())
            .collect()
    }

    fn history_of(chunks: &[usize], film: Film) -> History {
        let mut history = History::new(&Recipe::preset(Preset::Article), Classes::Digits, 60_000);
        history.set_baselines(BASELINES);
        let losses = falling(chunks.iter().sum::<usize>() as u64);
        let mut done = 0;
        for &chunk in chunks {
            history.absorb(&report(
                film,
                done as u64 + 1,
                losses[done..done + chunk].to_vec(),
            ));
            done += chunk;
        }
        history
    }

    #[test]
    fn milestones_and_curve_do_not_depend_on_how_reports_were_cut() {
        let film = Film::new(500, 2);
        let whole = history_of(&[1000], film).curve();
        let pieces = history_of(&[1, 2, 97, 400, 500], film).curve();
        assert_eq!(whole.milestones, pieces.milestones);
        assert_eq!(whole.ticks, pieces.ticks);
        let names: Vec<_> = whole
            .milestones
            .iter()
            .map(|milestone| &*milestone.name)
            .collect();
        assert_eq!(names, ["below one grey", "below the mean image"]);
    }

    #[test]
    fn a_longer_film_moves_the_past_to_its_new_place() {
        let (short, long) = (Film::new(1875, 10), Film::new(1875, 200));
        let mut history = history_of(&[18_750], short);
        history.absorb(&report(long, 18_751, vec![0.2; 10]));
        let ticks = history.curve().ticks.len();
        let now = long.time_of(18_760) * Film::TICKS_PER_SECOND;
        assert_eq!(ticks, now as usize + 1, "the curve ends where the run is");
        let first = history.curve().ticks.iter().flatten().next().copied();
        assert!(
            first.is_some_and(|loss| loss > 0.6),
            "and begins where it began"
        );
    }

    #[test]
    fn the_narrator_hears_of_a_held_out_loss_before_the_smoothed_one_falls() {
        let words = |history: &History| history.curve().note.clone().unwrap().words;
        let mut history = history_of(&[1], Film::new(10, 2));
        assert!(words(&history).starts_with("It knows nothing"));
        let reconstruction = 0.351;
        history.set_held_out(
            1,
            HeldOut {
                loss: reconstruction,
                reconstruction,
            },
        );
        assert!(words(&history).starts_with("Passed one grey"));
    }

    #[test]
    fn a_price_is_not_taken_for_ignorance() {
        let mut recipe = Recipe::preset(Preset::Sparse);
        recipe.l1 = 0.1;
        let mut history = History::new(&recipe, Classes::Digits, 60_000);
        history.set_baselines(BASELINES);
        // The loss is ln 2, of which 0.47 is price.
        history.absorb(&Report {
            recipe: Arc::new(recipe),
            ..report(Film::new(10, 2), 1, vec![0.69; 3])
        });
        assert_eq!(history.curve().note, None);
        let held_out = HeldOut {
            loss: 0.69,
            reconstruction: 0.22,
        };
        history.set_held_out(3, held_out);
        let note = history.curve().note.clone().unwrap();
        assert!(
            note.words.contains("better than the average image"),
            "{}",
            note.words
        );
    }

    #[test]
    fn a_price_that_comes_and_goes_on_the_way_is_known_by_its_steps() {
        let changes = [(40, 0.1), (60, 0.0)];
        let edits = changes.map(|(step, price)| Edit {
            step,
            change: Change::L1(price),
        });
        let film = Film::new(1000, 2);
        let pca = Components {
            count: 2,
            loss: 0.23,
        };
        let told = |edits: &[Edit], paid: f32| {
            let mut recipe = Recipe::preset(Preset::Article);
            let mut history = History::new(&recipe, Classes::Digits, 60_000);
            history.set_baselines(BASELINES);
            history.set_components(pca);
            recipe.edits = edits.into();
            let recipe = Arc::new(recipe);
            let mut notes = Vec::new();
            // Pictures of 0.22, and for twenty steps a price beside them.
            for step in 1..=200 {
                let price = if (41..=60).contains(&step) { paid } else { 0.0 };
                history.absorb(&Report {
                    recipe: Arc::clone(&recipe),
                    ..report(film, step, vec![0.22 + price])
                });
                notes.extend(history.curve().note.clone());
            }
            notes.dedup();
            let milestones = history.curve().milestones.clone();
            let passed = milestones
                .into_iter()
                .find(|milestone| milestone.name.contains("PCA"));
            (notes, passed.map(|milestone| milestone.step))
        };
        // What is paid is no ignorance.
        let (notes, _) = told(&edits, 0.47);
        assert!(
            notes
                .iter()
                .all(|note| !note.words.contains("knows nothing")),
            "{notes:?}"
        );
        // A hundred with a price in it tells nothing of the pictures; the next does.
        assert_eq!(told(&edits, 0.02).1, Some(200));
        // What is not said to be a price is a loss of the pictures.
        assert_eq!(told(&[], 0.02).1, Some(100));
    }

    #[test]
    fn weights_that_nobody_trains_have_no_story() {
        let mut history = History::new(&Recipe::preset(Preset::Article), Classes::Digits, 60_000);
        history.set_baselines(BASELINES);
        let held_out = HeldOut {
            loss: 0.2,
            reconstruction: 0.2,
        };
        history.set_held_out(18_750, held_out);
        assert_eq!(history.curve().note, None);
    }

    #[test]
    fn an_objective_of_whole_images_is_told_by_the_pixel() {
        let mut history = History::new(&Recipe::preset(Preset::Vae), Classes::Digits, 60_000);
        history.absorb(&report(Film::new(10, 2), 1, vec![784.0 * 0.5; 3]));
        let curve = history.curve();
        assert_eq!(curve.recent, [0.5; 3]);
        assert_eq!(curve.train_loss, Some(0.3 * 784.0_f32.recip()));
    }

    #[test]
    fn a_held_out_loss_belongs_to_its_step() {
        let mut history = history_of(&[10], Film::new(10, 2));
        let held_out = |loss| HeldOut {
            loss,
            reconstruction: loss,
        };
        history.set_held_out(10, held_out(0.25));
        history.set_held_out(5, held_out(0.5));
        assert_eq!(history.held_out_of(10), Some(held_out(0.25)));
        assert_eq!(history.held_out_of(11), None);
    }

    /// A run of two epochs, whose held-out losses are near those of its steps.
    fn with_epochs(steps: u64) -> History {
        let film = Film::new(500, 2);
        let mut history = history_of(&[], film);
        history.set_components(Components {
            count: 2,
            loss: 0.21,
        });
        history.absorb(&part(film, 0, steps));
        history
    }

    /// A report of the steps after one up to another.
    fn part(film: Film, after: u64, to: u64) -> Report {
        let losses = falling(to)[after as usize..].to_vec();
        let ended = [500, 1000].into_iter();
        let epochs = ended.filter(|step| (after + 1..=to).contains(step));
        Report {
            epochs: epochs.map(epoch).collect(),
            ..report(film, after + 1, losses)
        }
    }

    fn epoch(step: u64) -> Epoch {
        let loss = 0.205 - step as f32 * 1e-6;
        Epoch {
            number: step / 500,
            step,
            train_loss: 0.3,
            held_out: HeldOut {
                loss,
                reconstruction: loss,
            },
            seconds: 1.0,
            samples_per_second: 1.0,
            dead_units: Vec::new(),
        }
    }

    fn assert_alike(one: &History, other: &History) {
        // In the order of their steps: a report of many tells of them in another.
        assert_eq!(one.story.note_at(u64::MAX), other.story.note_at(u64::MAX));
        let [one, other] = [one.curve(), other.curve()];
        assert_eq!(one.milestones, other.milestones);
        assert_eq!(one.recent, other.recent);
        assert_eq!(one.epochs, other.epochs);
        assert_eq!(one.held_out, other.held_out);
        assert_eq!(one.ticks.len(), other.ticks.len());
        for (one, other) in one.ticks.iter().zip(&other.ticks) {
            // Added up in another order.
            let [one, other] = [one, other].map(|tick| tick.unwrap_or(0.0));
            assert!((one - other).abs() < 1e-6, "{one} {other}");
        }
    }

    #[test]
    fn what_was_seen_up_to_a_step_is_as_if_no_other_had_followed() {
        let film = Film::new(500, 2);
        let whole = with_epochs(1000);
        assert_eq!(whole.curve().milestones.len(), 3);
        for step in [0, 1, 60, 137, 400, 499, 500, 501, 640, 999, 1000] {
            let mut cut = whole.clone();
            cut.cut(step);
            let then = with_epochs(step);
            assert_eq!(cut.step(), step);
            assert_eq!(cut.train_loss, then.losses.of_epoch(step));
            assert_alike(&cut, &then);
            // It goes on from there as it did.
            cut.absorb(&part(film, step, 1000));
            assert_alike(&cut, &whole);
        }
    }

    #[test]
    fn a_log_of_every_step_tells_what_was_seen() {
        let film = Film::new(500, 2);
        let logged = Logged {
            step: 640,
            losses: (1..).zip(falling(640)).collect(),
            epochs: vec![epoch(500)],
        };
        let mut history = with_epochs(0);
        history.read(&logged, &Recipe::preset(Preset::Article), film);
        assert_alike(&history, &with_epochs(640));
        history.absorb(&part(film, 640, 1000));
        assert_alike(&history, &with_epochs(1000));
    }

    #[test]
    fn a_log_of_epochs_tells_of_them_and_by_when_something_was_passed() {
        let film = Film::new(500, 2);
        let every_tenth = (1..).zip(falling(640)).filter(|(step, _)| step % 10 == 0);
        for losses in [Vec::new(), every_tenth.collect()] {
            let mut history = with_epochs(0);
            history.read(
                &Logged {
                    step: 640,
                    losses: losses.clone(),
                    epochs: vec![epoch(500)],
                },
                &Recipe::preset(Preset::Article),
                film,
            );
            let curve = history.curve();
            let steps: Vec<_> = curve
                .milestones
                .iter()
                .map(|reached| reached.step)
                .collect();
            assert_eq!(steps, [500; 3]);
            assert_eq!(curve.epochs, [epoch(500)]);
            assert_eq!(curve.held_out, Some(epoch(500).held_out.loss));
            let known = curve.ticks.iter().flatten().count();
            assert_eq!(known > 20, !losses.is_empty(), "{known}");
            // What follows is no milestone any more, and stands behind it.
            history.absorb(&part(film, 640, 1000));
            let curve = history.curve();
            assert_eq!((curve.milestones.len(), curve.epochs.len()), (3, 2));
            let last_known = usize::from(!losses.is_empty());
            assert_eq!(curve.recent.len(), 360 + last_known);
        }
    }
}
