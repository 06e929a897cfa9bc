//! A run as far as it has been told, and what there is to see of it.
//!
//! What is drawn when is for the [schedule](super::schedule) to say; what it shows, for
//! the [lens](crate::lens).

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, never};
use ndarray::ArrayView2;

use super::{
    appraiser::{Appraiser, Finding, Haste},
    cartographer::Cartographer,
    history::{Baselines, History},
    schedule::{Question, Schedule, Wanted},
    speedometer::{LAGGING, Speedometer, seconds_left},
    territory::Territories,
    view,
};
use crate::{
    data::{CLASSES, Dataset},
    lens::{HeldOut, Lens},
    measure::{self, Pca},
    message::{Appraisal, Map, Moment, Observation, Phase, Report, Row, SampleId, Seen, SplitName},
    nn::Snapshot,
    pace::{Film, Pace},
    pool::Pool,
    recipe::Recipe,
};

/// What is new waits this long for more, so that bursts are shown once.
const GATHERING: Duration = Duration::from_millis(10);

/// What is known and what has been drawn of it.
pub(super) struct Run {
    recipe: Recipe,
    /// The recipe as it was last told.
    told: Arc<Recipe>,
    data: Arc<Dataset>,
    history: History,
    cartographer: Cartographer,
    moment: Moment,
    /// The newest weights.
    snapshot: Option<Arc<Snapshot>>,
    row: Option<Arc<Row>>,
    map: Option<Arc<Map>>,
    digit_losses: Option<[f32; CLASSES]>,
    schedule: Schedule,
    /// The weights that the screen was last shown.
    shown: Option<Arc<Snapshot>>,
    speedometer: Speedometer,
    /// Measures the network on a thread of its own.
    appraiser: Option<Appraiser>,
    appraisal: Appraisal,
    /// Of the training images, once it is known.
    pca: Option<Arc<Pca>>,
    /// Whether the screen has yet to be told something.
    news: bool,
}

impl Run {
    pub(super) fn new(recipe: &Recipe, data: Arc<Dataset>, pca: Option<Arc<Pca>>) -> Self {
        let architecture = recipe.architecture();
        let code = architecture.code();
        let mut history = History::new(recipe, data.classes());
        history.set_baselines(Baselines {
            one_grey: measure::one_grey_loss(&data.train, &data.test) as f32,
            mean_image: measure::mean_image_loss(&data.train, &data.test) as f32,
            copy: measure::copy_loss(&data.test) as f32,
            ink: measure::one_grey(&data.train) as f32,
        });
        let now = Instant::now();
        Self {
            // A run without measures is still a run.
            appraiser: Appraiser::begin(
                Arc::clone(&data),
                recipe.noise,
                architecture.latent(),
                pca.clone(),
            )
            .ok(),
            pca,
            appraisal: Appraisal::default(),
            recipe: recipe.clone(),
            told: Arc::new(recipe.clone()),
            cartographer: Cartographer::new(&data.test, code),
            moment: Moment {
                images_per_epoch: data.train.len(),
                step: 0,
                phase: Phase::Training,
                obeyed: 0,
                pace: Pace::Full,
                film: Film::new(recipe.steps_per_epoch(data.train.len()), recipe.epochs),
                images_per_second: 0.0,
                seconds_left: None,
            },
            data,
            history,
            snapshot: None,
            row: None,
            map: None,
            digit_losses: None,
            schedule: Schedule::new(now),
            shown: None,
            speedometer: Speedometer::at(0, now),
            news: false,
        }
    }

    pub(super) fn history(&self) -> &History {
        &self.history
    }

    /// The principal components of the training images, if they are known.
    pub(super) fn pca(&self) -> Option<Arc<Pca>> {
        self.pca.clone()
    }

    /// The newest weights.
    pub(super) fn newest(&self) -> Option<Arc<Snapshot>> {
        self.snapshot.clone()
    }

    /// The weights of what the screen shows.
    pub(super) fn shown(&self) -> Option<Arc<Snapshot>> {
        self.shown.clone()
    }

    /// Saved weights, which nobody trains.
    pub(super) fn explore(&mut self, snapshot: Arc<Snapshot>) {
        self.moment.step = snapshot.step;
        self.moment.phase = Phase::Exploring;
        self.snapshot = Some(snapshot);
        self.order_measures();
        self.news = true;
    }

    pub(super) fn absorb(&mut self, report: &Report, batch_size: usize) {
        self.history.absorb(report);
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
            images_per_second: rate * batch_size as f64,
            seconds_left: seconds_left(report, step, rate),
        };
        self.snapshot = Some(Arc::clone(&report.snapshot));
        self.told = Arc::clone(&report.recipe);
        self.order_measures();
        self.news = true;
    }

    /// What the measuring thread finds.
    pub(super) fn findings(&self) -> Receiver<Finding> {
        let appraiser = self.appraiser.as_ref();
        appraiser.map_or_else(never, |appraiser| appraiser.findings().clone())
    }

    /// It will find nothing any more.
    pub(super) fn no_more_findings(&mut self) {
        self.appraiser = None;
        self.appraisal.under_way = false;
        self.news = true;
    }

    /// Something was measured.
    pub(super) fn found(&mut self, finding: Finding) {
        match finding {
            Finding::Pca(pca) => self.pca = Some(pca),
            Finding::Components(components) => self.history.set_components(components),
            Finding::Rivals(rivals) => self.appraisal.rivals = Some(rivals),
            Finding::Measures(step, measures) => {
                self.appraisal.measured = Some((step, measures));
            }
        }
        self.order_measures();
        self.news = true;
    }

    /// The newest network is to be measured next, if it is not yet.
    fn order_measures(&mut self) {
        let haste = match self.moment.phase {
            Phase::Training if self.trainer_needs_every_moment() => Haste::Sparing,
            Phase::Training => Haste::Easy,
            Phase::Paused | Phase::Finished | Phase::Exploring => Haste::Free,
        };
        let Some(appraiser) = &self.appraiser else {
            return;
        };
        appraiser.order(self.snapshot.clone(), haste);
        let measured = self.appraisal.measured.as_ref().map(|(step, _)| *step);
        let newest = self.snapshot.as_ref().map(|snapshot| snapshot.step);
        self.appraisal.under_way = newest.is_some() && measured != newest;
    }

    /// No step follows.
    pub(super) fn stand_still(&mut self) {
        self.moment.phase = Phase::Paused;
        self.moment.images_per_second = 0.0;
        self.moment.seconds_left = None;
        self.order_measures();
        self.news = true;
    }

    /// The held-out loss of these weights, measured if it is not known.
    pub(super) fn held_out_of(&mut self, snapshot: &Snapshot, pool: &Pool) -> HeldOut {
        if let Some(known) = self.history.held_out_of(snapshot.step) {
            return known;
        }
        let lens = Lens::new(&snapshot.net, &self.recipe, pool);
        let measured = lens.held_out(&self.data.test);
        self.history.set_held_out(snapshot.step, measured);
        measured
    }

    /// How long until there is something to do; `None`: until something happens.
    pub(super) fn next_work(&self, sample: SampleId, now: Instant) -> Option<Duration> {
        if self.news {
            return Some(GATHERING);
        }
        self.schedule.wait(self.wanted(sample)?, now)
    }

    fn wanted(&self, sample: SampleId) -> Option<Wanted> {
        Some(Wanted {
            step: self.snapshot.as_ref()?.step,
            sample,
            busy: self.trainer_needs_every_moment(),
        })
    }

    /// Brings the row, and if it is time the map, up to the newest weights.
    pub(super) fn draw(&mut self, sample: SampleId, pool: &Pool, now: Instant) {
        let (Some(snapshot), Some(wanted)) = (self.snapshot.clone(), self.wanted(sample)) else {
            return;
        };
        while let Some(question) = self.schedule.next(wanted, now) {
            let start = Instant::now();
            let lens = Lens::new(&snapshot.net, &self.recipe, pool);
            match question {
                Question::Row => self.draw_row(&lens, sample),
                Question::Map => self.draw_map(&lens, snapshot.step),
                Question::MapAndLosses => {
                    self.measure_losses(&lens, snapshot.step);
                    self.draw_map(&lens, snapshot.step);
                }
            }
            let worked = [start, Instant::now()];
            self.schedule.answered(question, wanted, worked);
            self.news = true;
        }
    }

    fn draw_row(&mut self, lens: &Lens, sample: SampleId) {
        let row = Arc::new(view::row(lens, &self.data, sample));
        let chosen = self.row.as_ref().map(|row| row.chosen);
        if chosen != Some(row.chosen) {
            self.move_mark(&row);
        }
        self.row = Some(row);
    }

    /// Another sample is marked among the points as they were last drawn.
    fn move_mark(&mut self, row: &Row) {
        let (Some(map), Some(step)) = (&mut self.map, self.schedule.map_step()) else {
            return;
        };
        let place = match row.chosen.split {
            SplitName::Test => map.points.get(row.chosen.index).copied(),
            SplitName::Train => self.cartographer.place(step, row.sample()),
        };
        if let Some(place) = place {
            Arc::make_mut(map).chosen = place;
        }
    }

    /// The pace leaves the time to know the held-out losses between epochs too.
    fn measure_losses(&mut self, lens: &Lens, step: u64) {
        let costs = lens.costs(&self.data.test);
        self.history.set_held_out(step, lens.mean(&costs));
        let losses: Vec<f32> = costs.iter().map(|cost| cost.reconstruction).collect();
        self.digit_losses = Some(view::digit_losses(&losses, self.data.test.labels()));
    }

    fn draw_map(&mut self, lens: &Lens, step: u64) {
        let Some(row) = &self.row else { return };
        let codes = lens.codes(&self.data.test);
        let map = Map {
            digit_losses: self.digit_losses,
            ..self.cartographer.draw(step, codes.view(), row.sample())
        };
        self.tell_history(step, codes.view(), &map);
        self.map = Some(Arc::new(map));
    }

    /// What the narrator may tell of the codes of this step.
    fn tell_history(&mut self, step: u64, codes: ArrayView2<f32>, map: &Map) {
        let live = codes
            .columns()
            .into_iter()
            .filter(|unit| unit.iter().any(|&value| value != 0.0));
        self.history.codes_seen(step, live.count(), codes.ncols());
        if let Some(territories) = Territories::of(map) {
            self.history.surveyed(step, &territories);
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
    pub(super) fn observation(&self) -> Option<Arc<Observation>> {
        let (true, Some(row), Some(map)) = (self.news, &self.row, &self.map) else {
            return None;
        };
        Some(Arc::new(Observation {
            moment: self.moment.clone(),
            recipe: Arc::clone(&self.told),
            seen: Seen::now(self.moment.step),
            tape: Arc::default(),
            curve: self.history.curve(),
            row: Arc::clone(row),
            map: Arc::clone(map),
            appraisal: self.appraisal.clone(),
        }))
    }

    /// The screen has taken the observation.
    pub(super) fn was_shown(&mut self) {
        self.news = false;
        self.shown.clone_from(&self.snapshot);
    }
}
