//! What is drawn of one moment of a run: the row of ten, and the map of all held-out
//! images with their losses.
//!
//! What is drawn when is for the [schedule](super::schedule) to say; what it shows, for
//! the [lens](crate::lens). The last answers are kept, so that going back and forth
//! between moments draws neither anew. It knows neither trainer nor screen.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    asked::{Asked, Scope},
    cartographer::{Cartographer, Drawing, place_of},
    projection::Projection,
    recent::Recent,
    schedule::{Question, Schedule, Wanted},
    survey::{Facts, Survey},
    tape::Tape,
    under_way::{Begun, UnderWay},
    view,
};
use crate::{
    data::Dataset,
    lens::{HeldOut, Lens},
    message::{Answers, Ask, Map, Measured, Row, SampleId},
    nn::Snapshot,
    pool::Pool,
    recipe::Recipe,
};

/// Answers that are kept: of rows some six megabytes.
const ROWS: usize = 64;
/// Maps, with the codes that they were drawn from: 16 of a code of two values take four
/// megabytes; of longer ones fewer fit, of the 128 values of convolutions two.
const MAPS: usize = 16;
const BYTES_OF_MAPS: usize = 12 << 20;
/// Images that tell how much what is drawn varies: an image each of so many classes and more.
const SPREAD_OF: usize = 100;

/// What is seen of a run.
pub(super) struct Scene {
    shown: Shown,
    schedule: Schedule,
    /// As they were last measured of the run as it goes on.
    digit_losses: Option<Arc<[f32]>>,
    rows: Recent<(u64, SampleId), Arc<Row>>,
    surveys: Recent<u64, Survey>,
    asked: Asked,
    /// What is asked of all images, while it is answered.
    begun: Begun,
}

/// What was drawn last, and of what.
struct Shown {
    data: Arc<Dataset>,
    cartographer: Cartographer,
    row: Option<Arc<Row>>,
    survey: Option<Survey>,
}

/// Weights that are asked, as the run was then.
struct Weights<'a> {
    snapshot: &'a Snapshot,
    recipe: &'a Recipe,
    lens: &'a Lens<'a>,
    pool: &'a Pool,
}

/// What the view asks, and what it may look at beside the weights.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) ask: &'a Ask,
    pub(super) tape: &'a Tape,
    /// What the run is, with all that was changed on the way.
    pub(super) run: &'a Recipe,
    /// What was measured of it as it went.
    pub(super) measured: &'a [Measured],
}

impl Scene {
    pub(super) fn new(data: Arc<Dataset>, recipe: &Recipe, now: Instant) -> Self {
        Self {
            shown: Shown {
                cartographer: Cartographer::new(&data.test, recipe.architecture().code()),
                data,
                row: None,
                survey: None,
            },
            schedule: Schedule::new(now),
            digit_losses: None,
            rows: Recent::new(ROWS),
            surveys: Recent::within(MAPS, BYTES_OF_MAPS, Survey::bytes),
            asked: Asked::default(),
            begun: Begun::default(),
        }
    }

    /// The viewer turns to another moment.
    pub(super) fn turn(&mut self) {
        self.schedule.turn();
        self.begun = Begun::default();
    }

    /// The run was changed: what was drawn may look otherwise.
    pub(super) fn forget(&mut self) {
        self.rows.clear();
        self.surveys.clear();
        if let Some(survey) = &mut self.shown.survey {
            // It is seen until there is another, but nothing is told from it.
            survey.held_out = None;
        }
        self.schedule.forget();
        self.asked.forget();
        self.begun = Begun::default();
    }

    /// How long until something is to be drawn that nobody has to ask for again.
    pub(super) fn wait(&self, wanted: Wanted, now: Instant) -> Option<Duration> {
        self.schedule.wait(wanted, now)
    }

    /// What views have been answered.
    pub(super) fn answers(&self) -> Answers {
        self.asked.answers()
    }

    /// The row and the map, once there are both.
    pub(super) fn seen(&self) -> Option<(Arc<Row>, Arc<Map>)> {
        let map = &self.shown.survey.as_ref()?.map;
        Some((Arc::clone(self.shown.row.as_ref()?), Arc::clone(map)))
    }

    /// What the held-out images of this step cost, if they have just been asked.
    pub(super) fn held_out_of(&self, step: u64) -> Option<HeldOut> {
        let survey = self.shown.survey.as_ref();
        survey.filter(|survey| survey.step == step)?.held_out
    }

    /// Draws what it is time for of these weights, of a run of this recipe as it was then; of
    /// what takes its time, a piece. What the narrator may hear of it is returned.
    pub(super) fn draw(
        &mut self,
        snapshot: &Arc<Snapshot>,
        recipe: &Recipe,
        wanted: Wanted,
        view: View,
        pool: &Pool,
        now: Instant,
    ) -> Drawn {
        let mut drawn = Drawn {
            anything: self.recall(wanted),
            facts: Vec::new(),
        };
        if self.begun.leave_study(wanted) {
            self.schedule.leaves_study();
        }
        while let Some(question) = self.schedule.next(wanted, now) {
            // What is at hand is seen before anything that takes its time; then there is time.
            if question.is_dear() {
                if drawn.anything && self.seen().is_some() {
                    break;
                }
                let task = self.begun.take(question, wanted);
                let task = task.unwrap_or_else(|| {
                    self.schedule.begun(question, wanted);
                    if question == Question::Study {
                        self.asked.begin_study();
                    }
                    UnderWay::begin(question, wanted, snapshot, recipe)
                });
                if !self.go_on(task, view, pool, &mut drawn) {
                    break;
                }
                continue;
            }
            let start = Instant::now();
            let lens = Lens::new(&snapshot.net, recipe, pool);
            let weights = Weights {
                snapshot,
                recipe,
                lens: &lens,
                pool,
            };
            match self.shown.scope(&weights, view) {
                Some(scope) if question == Question::View => self.asked.answer(view.ask, &scope),
                _ => self.draw_row(&lens, wanted),
            }
            let worked = [start, Instant::now()];
            self.schedule.answered(question, wanted, worked);
            drawn.anything = true;
        }
        drawn
    }

    /// Does a piece of what takes its time. Whether that was the last one.
    fn go_on(&mut self, mut task: UnderWay, view: View, pool: &Pool, drawn: &mut Drawn) -> bool {
        let start = Instant::now();
        let done = {
            let (snapshot, recipe) = (Arc::clone(&task.snapshot), task.recipe.clone());
            let lens = Lens::new(&snapshot.net, &recipe, pool);
            let weights = Weights {
                snapshot: &snapshot,
                recipe: &recipe,
                lens: &lens,
                pool,
            };
            match self.shown.scope(&weights, view) {
                Some(scope) if task.question == Question::Study => {
                    self.asked.study(view.ask, &scope)
                }
                _ => task.survey(&lens, &self.shown.data.test),
            }
        };
        task.work += start.elapsed();
        if !done {
            self.begun.put(task);
            return false;
        }
        let (question, wanted, work) = (task.question, task.wanted, task.work);
        let start = Instant::now();
        if question != Question::Study {
            drawn.facts.extend(self.draw_map(task, pool));
        }
        drawn.anything = true;
        let now = Instant::now();
        let worked = [start.checked_sub(work).unwrap_or(start), now];
        self.schedule.answered(question, wanted, worked);
        true
    }

    /// Shows again what is at hand. Whether there was anything.
    fn recall(&mut self, wanted: Wanted) -> bool {
        let mut recalled = false;
        if !self.schedule.knows(Question::Row, wanted)
            && let Some(row) = self.rows.get(&(wanted.step, wanted.sample))
        {
            self.shown.show_row(row);
            self.schedule.recalled(Question::Row, wanted);
            recalled = true;
        }
        if !self.schedule.knows(Question::MapAndLosses, wanted)
            && let Some(survey) = self.surveys.get(&wanted.step)
            && survey.held_out.is_some()
        {
            self.shown.survey = Some(survey);
            self.schedule.recalled(Question::MapAndLosses, wanted);
            self.begun.leave_map();
            self.shown.move_mark();
            recalled = true;
        }
        recalled
    }

    fn draw_row(&mut self, lens: &Lens, wanted: Wanted) {
        let row = Arc::new(view::row(lens, &self.shown.data, wanted.sample));
        self.rows
            .put((wanted.step, wanted.sample), Arc::clone(&row));
        self.shown.show_row(row);
    }

    fn draw_map(&mut self, task: UnderWay, pool: &Pool) -> Option<Facts> {
        let shown = &mut self.shown;
        let row = shown.row.as_ref()?;
        let test = &shown.data.test;
        let (wanted, snapshot, recipe) =
            (task.wanted, Arc::clone(&task.snapshot), task.recipe.clone());
        let lens = Lens::new(&snapshot.net, &recipe, pool);
        let (codes, costs) = task.surveyed();
        let digit_losses = costs.as_ref().map(|costs| {
            let losses: Vec<f32> = costs.iter().map(|cost| cost.reconstruction).collect();
            view::class_losses(&losses, test.labels(), shown.data.classes.count())
        });
        let drawing = if wanted.past {
            Drawing::Visit
        } else {
            if digit_losses.is_some() {
                self.digit_losses.clone_from(&digit_losses);
            }
            Drawing::Live
        };
        let map = Map {
            digit_losses: digit_losses
                .clone()
                .or_else(|| self.digit_losses.clone().filter(|_| !wanted.past)),
            ..shown
                .cartographer
                .draw(wanted.step, codes.view(), row.sample(), drawing)
        };
        let projection = shown.cartographer.projection_at(wanted.step);
        let survey = Survey {
            step: wanted.step,
            projection: projection.unwrap_or(Projection::Values),
            map: Arc::new(map),
            snapshot: None,
            past: wanted.past,
            codes: Arc::new(codes),
            held_out: costs.as_ref().map(|costs| lens.mean(costs)),
            costs: costs.map(Arc::from),
        };
        let spread = || lens.spread(&shown.data.test, SPREAD_OF);
        let facts = (!wanted.past).then(|| Facts::of(&survey, digit_losses, spread()));
        self.surveys.put(wanted.step, survey.clone());
        shown.survey = Some(Survey {
            snapshot: Some(snapshot),
            ..survey
        });
        facts
    }
}

impl Shown {
    /// All that a view can ask of these weights, once there is a row.
    fn scope<'a>(&'a self, weights: &Weights<'a>, view: View<'a>) -> Option<Scope<'a>> {
        let row = self.row.as_ref()?;
        Some(Scope {
            snapshot: weights.snapshot,
            recipe: weights.recipe,
            run: view.run,
            lens: weights.lens,
            pool: weights.pool,
            data: &self.data,
            tape: view.tape,
            measured: view.measured,
            chosen: row.chosen,
            sample: row.sample(),
            survey: self.survey.as_ref(),
            cartographer: Some(&self.cartographer),
        })
    }

    fn show_row(&mut self, row: Arc<Row>) {
        self.row = Some(row);
        self.move_mark();
    }

    /// The chosen sample is marked where its code lies that the row tells, also among points that
    /// were drawn some steps before: one image has one code on a screen.
    fn move_mark(&mut self) {
        let (Some(row), Some(survey)) = (&self.row, &mut self.survey) else {
            return;
        };
        let place = place_of(&survey.projection, row.sample());
        if place != survey.map.chosen {
            Arc::make_mut(&mut survey.map).chosen = place;
        }
    }
}

/// What was drawn in one go.
pub(super) struct Drawn {
    /// Whether there is anything new to be seen.
    pub(super) anything: bool,
    /// What the narrator may hear of it.
    pub(super) facts: Vec<Facts>,
}

#[cfg(test)]
mod tests;
