//! A run as far as it has been told, and what there is to see of it now or at any moment
//! before.
//!
//! Whatever is told of the run as it goes on is the same, wherever the viewer looks
//! meanwhile: the past is drawn from the [tape](super::tape), and tells the history
//! nothing.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, never};

use super::{
    appraisals::Appraisals,
    appraiser::{Finding, Haste},
    gazing::Gazing,
    history::{Baselines, History},
    remake::{Made, Order, Remaker},
    scene::{Facts, Scene},
    schedule::Wanted,
    speedometer::{LAGGING, Speedometer, seconds_left},
    tape::Tape,
};
use crate::{
    data::Dataset,
    lens::{HeldOut, Lens},
    measure::{self, Pca},
    message::{Gaze, Moment, Observation, Phase, Report, SampleId, Seen},
    nn::Snapshot,
    pace::{Film, Pace},
    pool::Pool,
    recipe::Recipe,
    state::State,
};

/// What is new waits this long for more, so that bursts are shown once.
const GATHERING: Duration = Duration::from_millis(10);

/// What is known and what has been drawn of it.
pub(super) struct Run {
    /// What it is, as it was last told.
    recipe: Arc<Recipe>,
    data: Arc<Dataset>,
    history: History,
    moment: Moment,
    speedometer: Speedometer,
    tape: Tape,
    /// The newest weights.
    newest: Option<Arc<Snapshot>>,
    gazing: Gazing,
    /// The weights that are looked at.
    seen: Option<Arc<Snapshot>>,
    /// The weights that the screen was last shown.
    shown: Option<Arc<Snapshot>>,
    scene: Scene,
    appraisals: Appraisals,
    /// Makes moments again, once one was wanted.
    remaker: Option<Remaker>,
    /// The step that is being made again.
    ordered: Option<u64>,
    /// Whether the screen has yet to be told something.
    news: bool,
}

impl Run {
    pub(super) fn new(
        recipe: &Recipe,
        data: Arc<Dataset>,
        tape: Tape,
        sample: SampleId,
        pca: Option<Arc<Pca>>,
    ) -> Self {
        let images = data.train.len();
        let mut history = History::new(recipe, data.classes(), images);
        history.set_baselines(Baselines {
            one_grey: measure::one_grey_loss(&data.train, &data.test) as f32,
            mean_image: measure::mean_image_loss(&data.train, &data.test) as f32,
            copy: measure::copy_loss(&data.test) as f32,
            ink: measure::one_grey(&data.train) as f32,
        });
        let now = Instant::now();
        let latent = recipe.architecture().latent();
        Self {
            appraisals: Appraisals::begin(Arc::clone(&data), recipe.noise, latent, pca),
            recipe: Arc::new(recipe.clone()),
            scene: Scene::new(Arc::clone(&data), recipe, now),
            moment: Moment {
                images_per_epoch: images,
                step: 0,
                phase: Phase::Training,
                obeyed: 0,
                pace: Pace::Full,
                film: Film::new(recipe.steps_per_epoch(images), recipe.epochs),
                images_per_second: 0.0,
                seconds_left: None,
            },
            data,
            history,
            speedometer: Speedometer::at(0, now),
            tape,
            newest: None,
            gazing: Gazing::now(sample, now),
            seen: None,
            shown: None,
            remaker: None,
            ordered: None,
            news: false,
        }
    }

    pub(super) fn history(&self) -> &History {
        &self.history
    }

    /// What the run is, with what was changed on the way.
    pub(super) fn recipe(&self) -> &Arc<Recipe> {
        &self.recipe
    }

    /// The principal components of the training images, if they are known.
    pub(super) fn pca(&self) -> Option<Arc<Pca>> {
        self.appraisals.pca()
    }

    /// The newest weights.
    pub(super) fn newest(&self) -> Option<Arc<Snapshot>> {
        self.newest.clone()
    }

    /// The weights of what the screen shows.
    pub(super) fn shown(&self) -> Option<Arc<Snapshot>> {
        self.shown.clone()
    }

    /// The moments that are at hand, for a run that follows.
    pub(super) fn into_tape(self) -> Tape {
        self.tape
    }

    /// Saved weights, which nobody trains, and what else of their run is at hand.
    pub(super) fn explore(&mut self, snapshot: Arc<Snapshot>, states: Vec<Arc<State>>) {
        self.moment.step = snapshot.step;
        self.moment.phase = Phase::Exploring;
        let film = self.moment.film;
        let epochs = snapshot.step.div_ceil(film.steps_per_epoch());
        if epochs > film.epochs() {
            self.moment.film = Film::new(film.steps_per_epoch(), epochs);
        }
        self.tape.give(states);
        self.newest = Some(snapshot);
        self.news = true;
    }

    /// What is told of the run.
    pub(super) fn absorb(&mut self, report: &Report) {
        if self.moment.phase == Phase::Exploring {
            self.hear_again(report);
            return;
        }
        self.history.absorb(report);
        self.tape.absorb(report);
        let step = report.steps_done();
        let training = report.phase == Phase::Training;
        let now = Instant::now();
        if report.pace != self.moment.pace {
            self.speedometer = Speedometer::at(step, now);
        }
        let rate = self.speedometer.read(step, training, now);
        self.moment = Moment {
            images_per_epoch: self.data.train.len(),
            step,
            phase: report.phase,
            obeyed: report.obeyed,
            pace: report.pace,
            film: report.film,
            images_per_second: rate * self.recipe.batch_size as f64,
            seconds_left: seconds_left(report, step, rate),
        };
        self.newest = Some(Arc::clone(&report.snapshot));
        self.hear_of(&report.recipe);
        self.news = true;
    }

    /// A kept run is made again from its start: its losses and its moments, up to what is
    /// kept of it. Where it stands is known already.
    fn hear_again(&mut self, report: &Report) {
        if report.steps_done() > self.moment.step {
            return;
        }
        self.history.absorb(report);
        self.tape.absorb(report);
        self.moment.film = report.film;
        self.news = true;
    }

    /// What was changed holds for the step that it was changed after, too: it is looked at anew.
    fn hear_of(&mut self, recipe: &Arc<Recipe>) {
        if recipe.edits != self.recipe.edits {
            self.scene.forget();
            if let Some(edit) = recipe.edits.last() {
                self.history.changed_at(edit.step);
            }
        }
        self.recipe = Arc::clone(recipe);
    }

    /// What the measuring thread finds.
    pub(super) fn findings(&self) -> Receiver<Finding> {
        self.appraisals.findings()
    }

    /// It will find nothing any more.
    pub(super) fn no_more_findings(&mut self) {
        self.appraisals.end();
        self.news = true;
    }

    /// Something was measured.
    pub(super) fn found(&mut self, finding: Finding) {
        if let Some(components) = self.appraisals.found(finding) {
            self.history.set_components(components);
        }
        self.news = true;
    }

    /// What is made again.
    pub(super) fn made(&self) -> Receiver<Made> {
        let remaker = self.remaker.as_ref();
        remaker.map_or_else(never, |remaker| remaker.made().clone())
    }

    /// Nothing will be made again any more by this one.
    pub(super) fn no_more_made(&mut self) {
        self.remaker = None;
    }

    /// A moment was made again, or a state on the way.
    pub(super) fn was_made(&mut self, made: Made) {
        match made {
            Made::Passed(state) => self.tape.put_filled(state),
            Made::Moment(snapshot) => self.tape.put_exact(snapshot),
        }
        self.news = true;
    }

    /// No step follows.
    pub(super) fn stand_still(&mut self) {
        self.moment.phase = Phase::Paused;
        self.moment.images_per_second = 0.0;
        self.moment.seconds_left = None;
        self.news = true;
    }

    /// The viewer looks elsewhere.
    pub(super) fn look(&mut self, gaze: Gaze, now: Instant) {
        let newest = self.newest.as_ref().map_or(0, |newest| newest.step);
        if self.gazing.turn(gaze, newest, now) {
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.scene.turn();
        self.ordered = None;
        if let Some(remaker) = &self.remaker {
            remaker.call_off();
        }
        self.news = true;
    }

    /// The held-out loss of these weights, measured if it is not known.
    pub(super) fn held_out_of(&mut self, snapshot: &Snapshot, pool: &Pool) -> HeldOut {
        let step = snapshot.step;
        let known = self.scene.held_out_of(step);
        if let Some(known) = known.or_else(|| self.history.held_out_of(step)) {
            return known;
        }
        let recipe = self.recipe.as_of(step);
        let measured = Lens::new(&snapshot.net, &recipe, pool).held_out(&self.data.test);
        if self.is_live(step) {
            self.history.set_held_out(step, measured);
        }
        measured
    }

    /// Mean training loss of the epoch so far after this step, if it is known.
    pub(super) fn train_loss_of(&self, step: u64) -> Option<f32> {
        self.history.train_loss_of(step)
    }

    /// Whether this is where the run stands, and goes on from.
    fn is_live(&self, step: u64) -> bool {
        let newest = self.newest.as_ref();
        self.moment.phase != Phase::Exploring && newest.is_some_and(|newest| newest.step == step)
    }

    /// How long until there is something to do; `None`: until something happens.
    pub(super) fn next_work(&self, now: Instant) -> Option<Duration> {
        if self.news {
            return Some(GATHERING);
        }
        let (wanted, film) = (self.wanted()?, &self.moment.film);
        let next = self.tape.after(wanted.step).unwrap_or(u64::MAX);
        let next = next.min(self.newest.as_ref()?.step);
        let plays = self.gazing.until(next, film, now);
        let remake = self.to_make(now).map(|_| self.gazing.rest(now));
        let drawing = self.scene.wait(wanted, now);
        drawing.into_iter().chain(plays).chain(remake).min()
    }

    fn wanted(&self) -> Option<Wanted> {
        Some(Wanted {
            step: self.seen.as_ref()?.step,
            sample: self.gazing.sample(),
            busy: self.trainer_needs_every_moment(),
            past: self.gazing.is_past(),
        })
    }

    /// Brings the row, and if it is time the map, up to the weights that are looked at.
    pub(super) fn draw(&mut self, pool: &Pool, now: Instant) {
        let Some(seen) = self.attend(now) else { return };
        self.make_again(now);
        let Some(wanted) = self.wanted() else { return };
        let recipe = self.recipe.as_of(seen.step);
        if self.news {
            let haste = self.haste();
            self.appraisals
                .order(&seen, recipe.noise, wanted.past, haste);
        }
        let drawn = self.scene.draw(&seen, &recipe, wanted, pool, now);
        self.news |= drawn.anything;
        for facts in &drawn.facts {
            self.tell_history(facts);
        }
    }

    /// Finds the weights to look at: the newest, or the nearest at hand to what is asked for.
    fn attend(&mut self, now: Instant) -> Option<Arc<Snapshot>> {
        let newest = self.newest.clone()?;
        if self.gazing.catch_up(&self.moment.film, newest.step, now) {
            self.turn();
        }
        let past = self.gazing.past(&self.moment.film, now);
        let found = past.and_then(|step| self.at_hand(step));
        if past.is_some() && found.is_none() {
            self.gazing.give_up();
        }
        let found = found.unwrap_or(newest);
        self.news |= self
            .seen
            .as_ref()
            .is_none_or(|seen| seen.step != found.step);
        self.seen = Some(Arc::clone(&found));
        Some(found)
    }

    /// The weights nearest to a step of the past; while it plays, not those of later ones.
    fn at_hand(&self, step: u64) -> Option<Arc<Snapshot>> {
        let nearest = || self.tape.nearest(step);
        let found = if self.gazing.plays() {
            self.tape.at_or_before(step).or_else(nearest)
        } else {
            nearest()
        }?;
        // What is seen may be nearer than what the tape has still room for.
        let nearer = |seen: &&Arc<Snapshot>| {
            seen.step == found
                || !self.gazing.plays() && seen.step.abs_diff(step) <= found.abs_diff(step)
        };
        let seen = self.seen.as_ref().filter(nearer).cloned();
        seen.or_else(|| self.tape.snapshot(found))
    }

    /// The step to make again, and what to make it from.
    fn to_make(&self, now: Instant) -> Option<(u64, Arc<State>)> {
        let asked = self.gazing.past(&self.moment.film, now)?;
        let done = self.seen.as_ref().is_some_and(|seen| seen.step == asked);
        if done || self.gazing.plays() || self.ordered == Some(asked) {
            return None;
        }
        Some((asked, self.tape.state_before(asked)?))
    }

    /// Once a moment has been looked at for a while, it is made again to the step.
    fn make_again(&mut self, now: Instant) {
        if !self.gazing.rest(now).is_zero() {
            return;
        }
        let Some((to, from)) = self.to_make(now) else {
            return;
        };
        self.ordered = Some(to);
        if self.remaker.is_none() {
            // Without another thread the nearest moment has to do.
            self.remaker = Remaker::begin(Arc::clone(&self.data)).ok();
        }
        if let Some(remaker) = &self.remaker {
            let recipe = Arc::clone(&self.recipe);
            remaker.order(Order { recipe, from, to });
        }
    }

    /// What the narrator may tell of the run as it goes on.
    fn tell_history(&mut self, facts: &Facts) {
        if self.moment.phase == Phase::Exploring {
            return;
        }
        let (step, [live, all]) = (facts.step, facts.units);
        if let Some(held_out) = facts.held_out {
            self.history.set_held_out(step, held_out);
        }
        self.history.codes_seen(step, live, all);
        if let Some(territories) = &facts.territories {
            self.history.surveyed(step, territories);
        }
    }

    fn haste(&self) -> Haste {
        match self.moment.phase {
            Phase::Training if self.trainer_needs_every_moment() && !self.gazing.is_past() => {
                Haste::Sparing
            }
            Phase::Training => Haste::Easy,
            Phase::Paused | Phase::Finished | Phase::Exploring => Haste::Free,
        }
    }

    fn trainer_needs_every_moment(&self) -> bool {
        let moment = &self.moment;
        let asked = moment.pace.rate(&moment.film, moment.step);
        let steps_per_second = self.speedometer.rate;
        moment.phase == Phase::Training
            && asked
                .is_none_or(|asked| steps_per_second > 0.0 && steps_per_second < LAGGING * asked)
    }

    /// What there is to see, if there is news and enough to see it.
    pub(super) fn observation(&self, now: Instant) -> Option<Arc<Observation>> {
        let seen = self.seen.as_ref().filter(|_| self.news)?.step;
        let (row, map) = self.scene.seen()?;
        let of_a_moment = self.gazing.is_past() || self.moment.phase == Phase::Exploring;
        let curve = if of_a_moment {
            self.history.curve_at(seen, self.scene.held_out_of(seen))
        } else {
            self.history.curve()
        };
        Some(Arc::new(Observation {
            moment: self.moment.clone(),
            recipe: Arc::clone(&self.recipe),
            seen: self.seen_of(seen, now),
            tape: self.tape.told(),
            curve,
            row,
            map,
            appraisal: self.appraisals.appraisal(),
        }))
    }

    /// Of which moment it is. One that cannot be made again is not told as asked for.
    fn seen_of(&self, step: u64, now: Instant) -> Seen {
        let Some(asked) = self.gazing.past(&self.moment.film, now) else {
            return Seen::now(step);
        };
        let comes = self.ordered == Some(asked) || self.to_make(now).is_some();
        Seen {
            step,
            past: Some(if comes { asked } else { step }),
            plays: self.gazing.plays(),
        }
    }

    /// The screen has taken the observation.
    pub(super) fn was_shown(&mut self) {
        self.news = false;
        self.shown.clone_from(&self.seen);
    }
}
