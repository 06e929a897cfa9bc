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

use crossbeam_channel::Receiver;

use super::{
    appraisals::Appraisals,
    appraiser::{Finding, Haste},
    asked::Asked,
    baselines::Baselines,
    history::History,
    looking::{Looking, Sight},
    past::Past,
    remake::Made,
    scene::{Scene, View},
    schedule::Wanted,
    speedometer::{LAGGING, Speedometer},
    story::Surveyed,
    survey::Facts,
    tape::Tape,
};
use crate::{
    data::Dataset,
    lens::{HeldOut, Lens},
    measure::Pca,
    message::{Ask, Gaze, Hearsay, Moment, Observation, Phase, Report, SampleId},
    nn::Snapshot,
    pace::{Film, Pace},
    pool::Pool,
    recipe::Recipe,
    state::State,
};

/// What is new waits this long for more, so that bursts are shown once.
const GATHERING: Duration = Duration::from_millis(10);

/// What is known before anything is told.
#[derive(Default)]
pub(super) struct Before {
    /// Where moments are kept, and those that are at hand.
    pub(super) tape: Tape,
    pub(super) past: Past,
    /// The principal components of the images.
    pub(super) pca: Option<Arc<Pca>>,
    /// Whether the networks that are seen are measured.
    pub(super) measures: bool,
    /// Whether somebody else trains it, so that nothing can be made again.
    pub(super) told: bool,
}

/// What is known and what has been drawn of it.
pub(super) struct Run {
    /// What it is, as it was last told.
    recipe: Arc<Recipe>,
    data: Arc<Dataset>,
    history: History,
    moment: Moment,
    speedometer: Speedometer,
    /// The newest weights.
    newest: Option<Arc<Snapshot>>,
    looking: Looking,
    /// The weights that the screen was last shown.
    shown: Option<Arc<Snapshot>>,
    scene: Scene,
    appraisals: Appraisals,
    /// Whether somebody else trains it.
    told: bool,
    /// Gazes that were told.
    heard: u64,
    /// Whether the screen has yet to be told something.
    news: bool,
}

impl Run {
    pub(super) fn new(
        recipe: &Recipe,
        data: Arc<Dataset>,
        before: Before,
        sample: SampleId,
    ) -> Self {
        let Before {
            tape,
            past,
            pca,
            measures,
            told,
        } = before;
        let images = data.train.len();
        let baselines = Baselines::of(&data);
        let now = Instant::now();
        let latent = recipe.architecture().latent();
        let mut looking = Looking::now(Arc::clone(&data), tape, sample, now);
        if told {
            looking.no_more_made();
        }
        Self {
            appraisals: Appraisals::new(Arc::clone(&data), recipe.noise, latent, pca, measures),
            recipe: Arc::new(recipe.clone()),
            looking,
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
            history: past.begin(recipe, &data, baselines),
            data,
            speedometer: Speedometer::at(0, now),
            newest: None,
            shown: None,
            told,
            heard: 0,
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

    /// The moments that are at hand, and what was told so far, for a run that follows.
    pub(super) fn into_past(self) -> (Tape, Past) {
        (self.looking.tape, Past::seen(self.history))
    }

    /// Saved weights, which nobody trains, and what else of their run is at hand.
    pub(super) fn explore(&mut self, snapshot: Arc<Snapshot>, states: Vec<Arc<State>>) {
        self.moment.step = snapshot.step;
        self.moment.phase = Phase::Exploring;
        let film = self.moment.film;
        let epochs = snapshot.step.div_ceil(film.steps_per_epoch());
        // What is made again of a run ends there.
        let ends = !states.is_empty() && epochs > 0;
        if ends || epochs > film.epochs() {
            self.moment.film = Film::new(film.steps_per_epoch(), epochs);
        }
        self.looking.tape.give(states);
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
        self.looking.tape.absorb(report);
        let step = report.steps_done();
        let now = Instant::now();
        if report.pace != self.moment.pace {
            self.speedometer = Speedometer::at(step, now);
        }
        let rate = self.speedometer.read(report, step, now);
        self.moment = Moment {
            images_per_epoch: self.data.train.len(),
            step,
            phase: report.phase,
            obeyed: report.obeyed,
            pace: report.pace,
            film: report.film,
            images_per_second: rate * self.recipe.batch_size as f64,
            seconds_left: self.speedometer.seconds_left(report, step),
        };
        self.newest = Some(Arc::clone(&report.snapshot));
        self.hear_of(&report.recipe);
        self.news = true;
    }

    /// What is heard of a run that somebody else trains.
    pub(super) fn hear(&mut self, told: &Hearsay) {
        if let Some(step) = told.back_to {
            self.go_back(step);
        }
        let last = |steps: Option<u64>| steps.unwrap_or(0);
        let step = self
            .moment
            .step
            .max(last(told.losses.last().map(|(step, _)| *step)))
            .max(last(told.epochs.last().map(|epoch| epoch.step)))
            .max(last(told.snapshots.iter().map(|shot| shot.step).max()));
        // It may have been trained on beyond its end.
        let per_epoch = told.recipe.steps_per_epoch(self.data.train.len());
        let epochs = told.recipe.epochs.max(step.div_ceil(per_epoch));
        let film = Film::new(per_epoch, epochs);
        self.history
            .hear(&told.losses, &told.epochs, &told.recipe, film);
        for snapshot in &told.snapshots {
            self.notice_another(snapshot);
            self.looking.tape.put_told(&film, snapshot);
            let is_newer = |newest: &Arc<Snapshot>| newest.step <= snapshot.step;
            if self.newest.as_ref().is_none_or(is_newer) {
                self.newest = Some(Arc::clone(snapshot));
            }
        }
        let rate = told.epochs.last().map(|epoch| epoch.samples_per_second);
        self.moment = Moment {
            step,
            phase: if told.ended {
                Phase::Finished
            } else {
                Phase::Training
            },
            film,
            images_per_second: rate.unwrap_or(self.moment.images_per_second),
            ..self.moment.clone()
        };
        self.hear_of(&told.recipe);
        self.news = true;
    }

    /// What was told of later steps counts no more; what is seen of them stays on the screen
    /// until there is something else.
    fn go_back(&mut self, step: u64) {
        self.history.cut(step);
        self.moment.step = self.moment.step.min(step);
        let tape = &mut self.looking.tape;
        tape.cut(step);
        if self
            .newest
            .as_ref()
            .is_some_and(|newest| newest.step > step)
        {
            let before = tape.at_or_before(step);
            self.newest = before.and_then(|step| tape.snapshot(step));
        }
        self.look_anew();
    }

    /// Of a step that is known there may be other weights now: they were written again.
    fn notice_another(&mut self, told: &Snapshot) {
        let newest = self
            .newest
            .as_ref()
            .filter(|newest| newest.step == told.step);
        let known = newest.cloned();
        let known = known.or_else(|| self.looking.tape.snapshot(told.step));
        if known.is_some_and(|known| known.net != told.net) {
            self.history.changed_at(told.step);
            self.look_anew();
        }
    }

    /// What was drawn and measured of a step need not be what there is to see of it.
    fn look_anew(&mut self) {
        self.scene.forget();
        self.looking.forget();
        self.appraisals.forget();
    }

    /// A kept run is made again from its start: its losses and its moments, up to what is
    /// kept of it. Where it stands is known already.
    fn hear_again(&mut self, report: &Report) {
        if report.steps_done() > self.moment.step {
            return;
        }
        self.history.absorb_again(report);
        self.looking.tape.absorb(report);
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

    /// What is made again of it.
    pub(super) fn made(&self) -> Receiver<Made> {
        self.looking.made()
    }

    /// Something was made again, or, without a word, nothing will be any more.
    pub(super) fn was_made(&mut self, made: Option<Made>) {
        match made {
            Some(made) => self.looking.was_made(made),
            None => self.looking.no_more_made(),
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
        self.heard += 1;
        let newest = self.newest.as_ref().map_or(0, |newest| newest.step);
        let asked = self.looking.ask().1;
        if self.looking.look(gaze, newest, now) {
            self.scene.turn();
            self.news = true;
        }
        self.news |= self.looking.ask().1 != asked;
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
        let newest = self.newest.as_ref()?.step;
        let looking = self.looking.wait(&self.moment.film, newest, now);
        let drawing = self.scene.wait(self.wanted()?, now);
        drawing.into_iter().chain(looking).min()
    }

    fn wanted(&self) -> Option<Wanted> {
        let (ask, number) = self.looking.ask();
        Some(Wanted {
            step: self.looking.seen()?.step,
            sample: self.looking.sample(),
            busy: self.trainer_needs_every_moment(),
            past: self.looking.is_past(),
            ask: (*ask != Ask::Nothing).then_some(number),
            study: Asked::study_of(ask),
        })
    }

    /// Brings the row, and if it is time the map, up to the weights that are looked at.
    pub(super) fn draw(&mut self, pool: &Pool, now: Instant) {
        let (film, Some(newest)) = (self.moment.film, &self.newest) else {
            return;
        };
        let Sight {
            seen,
            moved,
            turned,
        } = self.looking.attend(newest, &film, now);
        if turned {
            self.scene.turn();
        }
        self.news |= moved || turned;
        let step = newest.step;
        self.looking.make_again(&self.recipe, &film, step, now);
        let Some(wanted) = self.wanted() else { return };
        let recipe = self.recipe.as_of(seen.step);
        if self.news {
            let haste = self.haste();
            self.appraisals
                .order(&seen, recipe.noise, wanted.past, haste);
        }
        let measured = self.history.measured();
        let view = View {
            ask: self.looking.ask().0,
            tape: &self.looking.tape,
            run: &self.recipe,
            measured: &measured,
        };
        let drawn = self.scene.draw(&seen, &recipe, wanted, view, pool, now);
        self.news |= drawn.anything;
        for facts in &drawn.facts {
            self.tell_history(facts);
        }
    }

    /// What the narrator may tell of the run as it goes on.
    fn tell_history(&mut self, facts: &Facts) {
        if self.moment.phase == Phase::Exploring {
            return;
        }
        let step = facts.step;
        if let Some(held_out) = facts.held_out {
            self.history.set_held_out(step, held_out);
        }
        if let Some(digits) = &facts.digits {
            self.history.set_digits(step, Arc::clone(digits));
        }
        let images = self.data.test.len();
        self.history.codes_seen(step, facts.units, images);
        if let Some(spread) = facts.spread {
            self.history.spread_seen(step, spread);
        }
        if let Some(territories) = &facts.territories {
            let test = &self.data.test;
            let surveyed = Surveyed {
                territories,
                classes: facts.digits.as_deref(),
                confusion: &|class, other| facts.confusion(test, class, other),
            };
            self.history.surveyed(step, &surveyed);
        }
    }

    fn haste(&self) -> Haste {
        match self.moment.phase {
            Phase::Training if self.trainer_needs_every_moment() && !self.looking.is_past() => {
                Haste::Sparing
            }
            Phase::Training if self.told => Haste::Guest,
            Phase::Training => Haste::Easy,
            Phase::Paused | Phase::Finished | Phase::Exploring => Haste::Free,
        }
    }

    fn trainer_needs_every_moment(&self) -> bool {
        let moment = &self.moment;
        let asked = moment.pace.rate(&moment.film, moment.step);
        let steps_per_second = self.speedometer.rate;
        moment.phase == Phase::Training
            && !self.told
            && asked
                .is_none_or(|asked| steps_per_second > 0.0 && steps_per_second < LAGGING * asked)
    }

    /// What there is to see, if there is news and enough to see it.
    pub(super) fn observation(&self, now: Instant) -> Option<Arc<Observation>> {
        let seen = self.looking.seen().filter(|_| self.news)?.step;
        let (row, map) = self.scene.seen()?;
        let wanted = self.wanted()?;
        let of_a_moment = self.looking.is_past() || self.moment.phase == Phase::Exploring;
        let curve = if of_a_moment {
            self.history.curve_at(seen, self.scene.held_out_of(seen))
        } else {
            self.history.curve()
        };
        Some(Arc::new(Observation {
            moment: self.moment.clone(),
            recipe: Arc::clone(&self.recipe),
            seen: self.looking.seen_of(seen, &self.moment.film, now),
            heard: self.heard,
            tape: self.looking.tape.told(),
            curve,
            row,
            map,
            answers: self.scene.answers(),
            appraisal: self.appraisals.appraisal(),
            owes: self.scene.wait(wanted, now).is_some(),
        }))
    }

    /// Whether something of it was told that the screen does not know.
    pub(super) fn owes_news(&self) -> bool {
        self.news && self.newest.is_some()
    }

    /// The screen has taken the observation.
    pub(super) fn was_shown(&mut self) {
        self.news = false;
        self.shown = self.looking.seen().cloned();
    }
}
