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

use ndarray::Array2;

use super::{
    asked::{Asked, Scope},
    cartographer::{Cartographer, Drawing},
    projection::Projection,
    recent::Recent,
    schedule::{Question, Schedule, Wanted},
    tape::Tape,
    territory::Territories,
    under_way::UnderWay,
    view,
};
use crate::{
    data::{CLASSES, Dataset},
    lens::{HeldOut, Lens, Sample},
    message::{Answers, Ask, Map, Measured, Row, SampleId, SplitName},
    nn::{Cost, Snapshot},
    pool::Pool,
    recipe::Recipe,
};

/// Answers that are kept: of rows some six megabytes, of maps one and a half.
const ROWS: usize = 64;
const MAPS: usize = 16;

/// What is seen of a run.
pub(super) struct Scene {
    data: Arc<Dataset>,
    cartographer: Cartographer,
    schedule: Schedule,
    row: Option<Arc<Row>>,
    survey: Option<Survey>,
    /// As they were last measured of the run as it goes on.
    digit_losses: Option<[f32; CLASSES]>,
    rows: Recent<(u64, SampleId), Arc<Row>>,
    surveys: Recent<u64, Survey>,
    asked: Asked,
    /// What is asked of all images, while it is answered.
    under_way: Option<UnderWay>,
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

/// What all held-out images came to at one moment.
#[derive(Debug, Clone)]
pub(super) struct Survey {
    pub(super) step: u64,
    pub(super) map: Arc<Map>,
    /// Their codes, in order.
    pub(super) codes: Arc<Array2<f32>>,
    /// The way from codes to the map.
    pub(super) projection: Projection,
    /// What each of them costs, where there was time for it.
    pub(super) costs: Option<Arc<[Cost]>>,
    /// The mean of it.
    held_out: Option<HeldOut>,
}

/// What the narrator may hear of a map of the run as it goes on.
pub(super) struct Facts {
    pub(super) step: u64,
    pub(super) held_out: Option<HeldOut>,
    /// The mean loss of each digit's images.
    pub(super) digits: Option<[f32; CLASSES]>,
    /// Code units that are other than zero for some image, and all there are.
    pub(super) units: [usize; 2],
    pub(super) territories: Option<Territories>,
}

impl Scene {
    pub(super) fn new(data: Arc<Dataset>, recipe: &Recipe, now: Instant) -> Self {
        Self {
            cartographer: Cartographer::new(&data.test, recipe.architecture().code()),
            data,
            schedule: Schedule::new(now),
            row: None,
            survey: None,
            digit_losses: None,
            rows: Recent::new(ROWS),
            surveys: Recent::new(MAPS),
            asked: Asked::default(),
            under_way: None,
        }
    }

    /// The viewer turns to another moment.
    pub(super) fn turn(&mut self) {
        self.schedule.turn();
        self.under_way = None;
    }

    /// The run was changed: what was drawn may look otherwise.
    pub(super) fn forget(&mut self) {
        self.rows.clear();
        self.surveys.clear();
        if let Some(survey) = &mut self.survey {
            // It is seen until there is another, but nothing is told from it.
            survey.held_out = None;
        }
        self.schedule.forget();
        self.asked.forget();
        self.under_way = None;
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
        let map = &self.survey.as_ref()?.map;
        Some((Arc::clone(self.row.as_ref()?), Arc::clone(map)))
    }

    /// What the held-out images of this step cost, if they have just been asked.
    pub(super) fn held_out_of(&self, step: u64) -> Option<HeldOut> {
        let survey = self.survey.as_ref().filter(|survey| survey.step == step);
        survey?.held_out
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
        while let Some(question) = self.schedule.next(wanted, now) {
            // What is at hand is seen before anything that takes its time; then there is time.
            if question.is_dear() {
                if drawn.anything && self.seen().is_some() {
                    break;
                }
                let task = match self.under_way.take() {
                    Some(task) if task.serves(question, wanted) => task,
                    _ => {
                        self.schedule.begun(question);
                        UnderWay::begin(question, wanted, snapshot, recipe)
                    }
                };
                if !self.go_on(task, view, pool, &mut drawn) {
                    break;
                }
                continue;
            }
            let start = Instant::now();
            let lens = Lens::new(&snapshot.net, recipe, pool);
            match (question, self.row.clone()) {
                (Question::View, Some(row)) => {
                    let place = |image: &Sample| {
                        let step = self.survey.as_ref()?.step;
                        self.cartographer.place(step, image)
                    };
                    let scope = Scope {
                        snapshot,
                        recipe,
                        run: view.run,
                        lens: &lens,
                        pool,
                        data: &self.data,
                        tape: view.tape,
                        measured: view.measured,
                        chosen: row.chosen,
                        sample: row.sample(),
                        survey: self.survey.as_ref(),
                        place: &place,
                    };
                    self.asked.answer(view.ask, &scope);
                }
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
            match (task.question, self.row.clone()) {
                (Question::Study, Some(row)) => {
                    let place = |image: &Sample| {
                        let step = self.survey.as_ref()?.step;
                        self.cartographer.place(step, image)
                    };
                    let scope = Scope {
                        snapshot: &snapshot,
                        recipe: &recipe,
                        lens: &lens,
                        pool,
                        data: &self.data,
                        tape: view.tape,
                        chosen: row.chosen,
                        sample: row.sample(),
                        survey: self.survey.as_ref(),
                        run: view.run,
                        measured: view.measured,
                        place: &place,
                    };
                    self.asked.study(view.ask, &scope)
                }
                _ => task.survey(&lens, &self.data.test),
            }
        };
        task.work += start.elapsed();
        if !done {
            self.under_way = Some(task);
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
            self.show_row(row);
            self.schedule.recalled(Question::Row, wanted);
            recalled = true;
        }
        if !self.schedule.knows(Question::MapAndLosses, wanted)
            && let Some(survey) = self.surveys.get(&wanted.step)
            && survey.held_out.is_some()
        {
            self.survey = Some(survey);
            self.schedule.recalled(Question::MapAndLosses, wanted);
            self.move_mark();
            recalled = true;
        }
        recalled
    }

    fn draw_row(&mut self, lens: &Lens, wanted: Wanted) {
        let row = Arc::new(view::row(lens, &self.data, wanted.sample));
        self.rows
            .put((wanted.step, wanted.sample), Arc::clone(&row));
        self.show_row(row);
    }

    fn show_row(&mut self, row: Arc<Row>) {
        let chosen = self.row.as_ref().map(|row| row.chosen);
        let moves = chosen != Some(row.chosen);
        self.row = Some(row);
        if moves {
            self.move_mark();
        }
    }

    /// Another sample is marked among the points as they were last drawn.
    fn move_mark(&mut self) {
        let (Some(row), Some(survey)) = (&self.row, &mut self.survey) else {
            return;
        };
        let place = match row.chosen.split {
            SplitName::Test => survey.map.points.get(row.chosen.index).copied(),
            SplitName::Train | SplitName::Unseen => {
                self.cartographer.place(survey.step, row.sample())
            }
        };
        if let Some(place) = place
            && place != survey.map.chosen
        {
            Arc::make_mut(&mut survey.map).chosen = place;
        }
    }

    fn draw_map(&mut self, task: UnderWay, pool: &Pool) -> Option<Facts> {
        let row = self.row.as_ref()?;
        let test = &self.data.test;
        let (wanted, snapshot, recipe) =
            (task.wanted, Arc::clone(&task.snapshot), task.recipe.clone());
        let lens = Lens::new(&snapshot.net, &recipe, pool);
        let (codes, costs) = task.surveyed();
        let digit_losses = costs.as_ref().map(|costs| {
            let losses: Vec<f32> = costs.iter().map(|cost| cost.reconstruction).collect();
            view::digit_losses(&losses, test.labels())
        });
        let drawing = if wanted.past {
            Drawing::Visit
        } else {
            self.digit_losses = digit_losses.or(self.digit_losses);
            Drawing::Live
        };
        let map = Map {
            digit_losses: digit_losses.or(self.digit_losses.filter(|_| !wanted.past)),
            ..self
                .cartographer
                .draw(wanted.step, codes.view(), row.sample(), drawing)
        };
        let projection = self.cartographer.projection_at(wanted.step);
        let survey = Survey {
            step: wanted.step,
            projection: projection.unwrap_or(Projection::Values),
            map: Arc::new(map),
            codes: Arc::new(codes),
            held_out: costs.as_ref().map(|costs| lens.mean(costs)),
            costs: costs.map(Arc::from),
        };
        let facts = (!wanted.past).then(|| Facts {
            digits: digit_losses,
            ..Facts::of(&survey)
        });
        self.surveys.put(wanted.step, survey.clone());
        self.survey = Some(survey);
        facts
    }
}

/// What was drawn in one go.
pub(super) struct Drawn {
    /// Whether there is anything new to be seen.
    pub(super) anything: bool,
    /// What the narrator may hear of it.
    pub(super) facts: Vec<Facts>,
}

impl Facts {
    fn of(survey: &Survey) -> Self {
        let units = survey.codes.columns().into_iter();
        let live = units.filter(|unit| unit.iter().any(|&value| value != 0.0));
        Self {
            step: survey.step,
            held_out: survey.held_out,
            digits: None,
            units: [live.count(), survey.codes.ncols()],
            territories: Territories::of(&survey.map),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::{
        data::{PIXELS, Split},
        recipe::Preset,
        state::State,
    };

    #[test]
    fn what_weights_cost_before_a_change_is_forgotten_with_it() {
        let images = || Split::new(vec![7; 20 * PIXELS], vec![0; 20]);
        let data = Arc::new(Dataset {
            name: "grey".into(),
            train: images(),
            test: images(),
            digest: String::new(),
        });
        let recipe = Recipe::preset(Preset::Article);
        let (step, net) = (0, State::start(&recipe, None).net);
        let wanted = Wanted {
            step,
            sample: SampleId {
                split: SplitName::Test,
                index: 0,
            },
            busy: false,
            past: false,
            ask: None,
            study: None,
        };
        let now = Instant::now();
        let mut scene = Scene::new(data, &recipe, now);
        let pool = Pool::new(NonZeroUsize::MIN);
        let (ask, tape) = (&Ask::Nothing, &Tape::default());
        let run = &recipe;
        let view = View {
            ask,
            tape,
            run,
            measured: &[],
        };
        let snapshot = Arc::new(Snapshot { step, net });
        scene.draw(&snapshot, &recipe, wanted, view, &pool, now);
        assert!(scene.held_out_of(step).is_some());
        scene.forget();
        assert!(scene.held_out_of(step).is_none());
        assert!(scene.seen().is_some(), "it is seen until there is another");
    }
}
