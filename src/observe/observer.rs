//! The observer's thread: takes what the trainer tells and what the screen
//! asks, and shows as much as there is time for.
//!
//! The ten samples are cheap and follow every report. The map of all held-out
//! images is not: after drawing it the thread rests, about twenty times as
//! long as it worked when the trainer goes at full speed, so that watching
//! costs training next to nothing.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, TrySendError, after, never, select};

use super::{
    Outcome, Recorder, Setup, Source,
    history::{Baselines, History},
    territory::Territories,
    view::{self, Cartographer},
};
use crate::{
    config::TrainConfig,
    data::{CLASSES, Dataset, PIXELS},
    measure,
    message::{
        Event, Failure, Look, Map, Moment, Observation, Phase, Picture, Report, Row, SampleId,
    },
    nn::Evaluator,
    pace::{Film, Pace},
    pool::Pool,
    store::{
        metrics::{EndStatus, Record, StartRecord},
        weights::{self, About},
    },
};

/// The shortest time from one observation to the next, and the longest while something moves.
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(1);
/// Rest after drawing a map, in times the work: at full speed, and when the pace leaves time.
const REST_AT_FULL_SPEED: u32 = 20;
const REST_AT_A_PACE: u32 = 2;
/// How long the last report of a stopping trainer is waited for.
const FAREWELL: Duration = Duration::from_secs(5);

pub(super) fn run(setup: Setup, looks: &Receiver<Look>, events: Sender<Event>) -> Outcome {
    let (reports, saved) = match setup.source {
        Source::Trainer(reports) => (reports, None),
        Source::Saved { picture, data } => (never(), Some((picture, data))),
    };
    let mut observer = Observer {
        screen: events,
        config: setup.config,
        sample: setup.sample,
        save: setup.save,
        recorder: setup.recorder,
        pool: setup.pool,
        run: None,
        outcome: Outcome::default(),
    };
    if let Some((picture, data)) = saved {
        match data() {
            Ok(data) => observer.explore(picture, data),
            Err(error) => observer.fail(Failure::NoData(error.to_string())),
        }
    }
    observer.watch(&reports, looks);
    observer.finish(&reports)
}

struct Observer {
    screen: Sender<Event>,
    config: TrainConfig,
    sample: SampleId,
    save: Option<std::path::PathBuf>,
    recorder: Recorder,
    pool: Pool,
    /// What there is to see, once the images are loaded.
    run: Option<Run>,
    outcome: Outcome,
}

/// A run as far as it has been told.
struct Run {
    data: Arc<Dataset>,
    history: History,
    cartographer: Cartographer,
    /// The newest state, and the picture that belongs to it.
    moment: Moment,
    picture: Option<Arc<Picture>>,
    row: Option<Arc<Row>>,
    map: Option<Arc<Map>>,
    digit_losses: Option<[f32; CLASSES]>,
    /// The picture and the sample that `row` and `map` show.
    drawn: Drawn,
    speedometer: Speedometer,
    /// No map before this moment.
    rest_until: Instant,
    /// Whether the screen has yet to be told something.
    news: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Drawn {
    row: Option<(u64, SampleId)>,
    map: Option<u64>,
}

/// Images a second, by the clock on the wall.
#[derive(Debug)]
struct Speedometer {
    since: Instant,
    step: u64,
    rate: f64,
}

impl Observer {
    /// Until the screen closes.
    fn watch(&mut self, reports: &Receiver<Event>, looks: &Receiver<Look>) {
        let mut reports = reports.clone();
        loop {
            let pause = self
                .run
                .as_mut()
                .and_then(|run| run.next_work(Instant::now()));
            let timer = pause.map_or_else(never, after);
            select! {
                recv(reports) -> event => match event {
                    Ok(event) => self.take(event),
                    // The trainer has gone; what it left can still be looked at.
                    Err(_) => reports = never(),
                },
                recv(looks) -> look => match look {
                    Ok(look) => self.look(look),
                    Err(_) => return,
                },
                recv(timer) -> _ => {}
            }
            // Keys come in bursts; only the last place is worth drawing.
            while let Ok(look) = looks.try_recv() {
                self.look(look);
            }
            if let Some(run) = &mut self.run {
                run.draw(self.sample, &self.pool, Instant::now());
                run.show(&self.screen);
            }
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Loaded(data) => self.begin(data),
            Event::Report(report) => {
                self.recorder.report(&report);
                self.tell_metrics_fault();
                if let Some(run) = &mut self.run {
                    run.absorb(&report, self.config.batch_size);
                    if report.phase == Phase::Finished {
                        self.save_result();
                    }
                }
            }
            Event::Failed(failure) => self.fail(failure),
            Event::Observed(_) | Event::Saved(_) | Event::NotSaved(_) => {
                unreachable!("only an observer says this")
            }
        }
    }

    fn begin(&mut self, data: Arc<Dataset>) {
        let start = StartRecord::new(&self.config, PIXELS, &data.name, &data.digest);
        self.recorder.write(&Record::Start(start));
        // The screen learns the labels first, and computes nothing with them.
        let _ = self.screen.send(Event::Loaded(Arc::clone(&data)));
        self.run = Some(Run::new(&self.config, data));
    }

    fn explore(&mut self, picture: Arc<Picture>, data: Arc<Dataset>) {
        self.begin(data);
        if let Some(run) = &mut self.run {
            run.moment.step = picture.step;
            run.moment.phase = Phase::Exploring;
            run.picture = Some(picture);
            run.news = true;
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.outcome.failure = Some(failure.clone());
        let _ = self.screen.send(Event::Failed(failure));
    }

    fn look(&mut self, look: Look) {
        match look {
            Look::Sample(sample) => self.sample = sample,
            Look::Save => {
                let answer = self.save_new();
                let _ = self.screen.send(answer);
            }
        }
    }

    /// Writes what the screen shows to a file of its own.
    fn save_new(&mut self) -> Event {
        let Some((net, about)) = self.weights() else {
            return Event::NotSaved("there are no weights yet".into());
        };
        match weights::save_new(".".as_ref(), &net.net, &about) {
            Ok(path) => {
                self.outcome.saved = Some(path.clone());
                Event::Saved(path)
            }
            Err(error) => Event::NotSaved(error.to_string()),
        }
    }

    /// Writes the weights to where the run was asked to leave them.
    fn save_result(&mut self) {
        let (Some(path), Some((picture, about))) = (self.save.clone(), self.weights()) else {
            return;
        };
        let answer = match weights::save(&path, &picture.net, &about) {
            Ok(()) => {
                self.outcome.save_error = None;
                self.outcome.saved = Some(path.clone());
                Event::Saved(path)
            }
            Err(error) => {
                self.outcome.save_error = Some(error.to_string());
                Event::NotSaved(error.to_string())
            }
        };
        // A screen that has closed is told by the outcome.
        let _ = self.screen.try_send(answer);
    }

    /// The newest picture, and what a file says of it.
    fn weights(&self) -> Option<(Arc<Picture>, About)> {
        let run = self.run.as_ref()?;
        let picture = run.picture.clone()?;
        let about = About {
            preset: Some(self.config.preset),
            seed: Some(self.config.seed),
            step: Some(picture.step),
            steps_per_epoch: Some(run.moment.film.steps_per_epoch()),
            train_loss: run.history.train_loss(),
            val_loss: run.history.held_out(),
            digest: Some(run.data.digest.clone()),
        };
        Some((picture, about))
    }

    fn tell_metrics_fault(&mut self) {
        if let Some(fault) = self.recorder.take_fault() {
            self.outcome.metrics_error = Some(fault.to_string());
            let _ = self.screen.try_send(Event::NotSaved(fault.to_string()));
        }
    }

    /// The screen has closed: the trainer's last words, and the files they belong in.
    fn finish(mut self, reports: &Receiver<Event>) -> Outcome {
        let deadline = Instant::now() + FAREWELL;
        let had = self.outcome.saved.clone();
        let step_before = self.run.as_ref().map(|run| run.moment.step);
        while let Ok(event) = reports.recv_deadline(deadline) {
            self.take(event);
        }
        let moved = self.run.as_ref().map(|run| run.moment.step) != step_before;
        if self.save.is_some() && (moved || had != self.save) {
            self.save_result();
        }
        let status = match (
            &self.outcome.failure,
            self.run.as_ref().map(|run| run.moment.phase),
        ) {
            (Some(_), _) => EndStatus::Failed,
            (None, Some(Phase::Finished)) => EndStatus::Finished,
            _ => EndStatus::Stopped,
        };
        self.recorder.write(&Record::End {
            status,
            saved: self
                .outcome
                .saved
                .as_ref()
                .map(|path| path.display().to_string()),
        });
        self.tell_metrics_fault();
        if let Some(run) = &self.run {
            self.outcome.step = run.moment.step;
            self.outcome.held_out = run.history.held_out();
            self.outcome.mean_image = run.history.mean_image();
        }
        self.outcome
    }
}

impl Run {
    fn new(config: &TrainConfig, data: Arc<Dataset>) -> Self {
        let mut history = History::new(*config.encoder.last().expect("an encoder has layers"));
        history.set_baselines(Baselines {
            one_grey: measure::one_grey_loss(&data.train, &data.test) as f32,
            mean_image: measure::mean_image_loss(&data.train, &data.test) as f32,
        });
        let now = Instant::now();
        Self {
            cartographer: Cartographer::new(&data.test),
            moment: Moment {
                images_per_epoch: data.train.len(),
                step: 0,
                phase: Phase::Training,
                pace: Pace::Full,
                film: Film::new(config.steps_per_epoch(data.train.len()), config.epochs),
                images_per_second: 0.0,
                seconds_left: None,
            },
            data,
            history,
            picture: None,
            row: None,
            map: None,
            digit_losses: None,
            drawn: Drawn::default(),
            speedometer: Speedometer {
                since: now,
                step: 0,
                rate: 0.0,
            },
            rest_until: now,
            news: false,
        }
    }

    fn absorb(&mut self, report: &Report, batch_size: usize) {
        self.history.absorb(report);
        let step = (report.first_step + report.losses.len() as u64).saturating_sub(1);
        let training = report.phase == Phase::Training;
        let steps_per_second = self.speedometer.read(step, training, Instant::now());
        self.moment = Moment {
            images_per_epoch: self.data.train.len(),
            step,
            phase: report.phase,
            pace: report.pace,
            film: report.film,
            images_per_second: steps_per_second * batch_size as f64,
            seconds_left: seconds_left(report, step, steps_per_second),
        };
        self.picture = Some(Arc::clone(&report.picture));
        self.news = true;
    }

    /// How long until there is something to do; `None`: until something happens.
    fn next_work(&mut self, now: Instant) -> Option<Duration> {
        if self.news {
            return Some(SHORTEST / 5);
        }
        let stale = self.picture.as_ref().map(|picture| picture.step) != self.drawn.map;
        stale.then(|| self.rest_until.saturating_duration_since(now))
    }

    /// Brings the row, and if it is time the map, up to the newest picture.
    fn draw(&mut self, sample: SampleId, pool: &Pool, now: Instant) {
        let Some(picture) = self.picture.clone() else {
            return;
        };
        let wanted = Some((picture.step, sample));
        if self.drawn.row != wanted {
            let row = Arc::new(view::row(&picture.net, &self.data, sample));
            if let Some(map) = &mut self.map {
                // The points stay where they were; only the mark follows.
                Arc::make_mut(map).chosen = self.cartographer.place(row.sample());
            }
            self.row = Some(row);
            self.drawn.row = wanted;
            self.news = true;
        }
        if self.drawn.map != Some(picture.step) && now >= self.rest_until {
            self.draw_map(&picture, pool);
        }
    }

    fn draw_map(&mut self, picture: &Picture, pool: &Pool) {
        let Some(row) = &self.row else { return };
        let start = Instant::now();
        let full_speed = self.moment.phase == Phase::Training && self.moment.pace == Pace::Full;
        let net = Evaluator::new(&picture.net);
        let codes = view::codes(&net, &self.data.test, pool);
        if !full_speed {
            // The pace leaves the time to know the held-out losses between epochs too.
            let losses = view::losses(&net, &self.data.test, pool);
            self.history.set_held_out(mean(&losses));
            self.digit_losses = Some(view::digit_losses(&losses, self.data.test.labels()));
        }
        let map = self
            .cartographer
            .draw(picture.step, codes.view(), row.sample());
        let territories = Territories::survey(&map.points, &map.labels, map.range);
        self.history.surveyed(picture.step, &territories);
        self.map = Some(Arc::new(Map {
            digit_losses: self.digit_losses,
            ..map
        }));
        self.drawn.map = Some(picture.step);
        let rest = if full_speed {
            REST_AT_FULL_SPEED
        } else {
            REST_AT_A_PACE
        };
        self.rest_until = Instant::now() + (start.elapsed() * rest).clamp(SHORTEST, LONGEST);
        self.news = true;
    }

    /// Tells the screen, if it has room and there is news.
    fn show(&mut self, screen: &Sender<Event>) {
        let (true, Some(row), Some(map)) = (self.news, &self.row, &self.map) else {
            return;
        };
        let observation = Observation {
            moment: self.moment.clone(),
            curve: self.history.curve(),
            row: Arc::clone(row),
            map: Arc::clone(map),
        };
        match screen.try_send(Event::Observed(Arc::new(observation))) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => self.news = false,
            Err(TrySendError::Full(_)) => {}
        }
    }
}

impl Speedometer {
    /// Steps a second over the last half second or so.
    fn read(&mut self, step: u64, training: bool, now: Instant) -> f64 {
        let elapsed = now.saturating_duration_since(self.since).as_secs_f64();
        if !training {
            *self = Self {
                since: now,
                step,
                rate: 0.0,
            };
        } else if elapsed >= 0.5 || (self.rate == 0.0 && elapsed > 0.1) {
            *self = Self {
                since: now,
                step,
                rate: step.saturating_sub(self.step) as f64 / elapsed,
            };
        }
        self.rate
    }
}

/// By the film when it sets the pace, by the measured rate otherwise.
fn seconds_left(report: &Report, step: u64, steps_per_second: f64) -> Option<f64> {
    if report.phase != Phase::Training {
        return None;
    }
    let measured = (steps_per_second > 0.0).then(|| (report.end - step) as f64 / steps_per_second);
    let due = |step| report.pace.due(&report.film, step);
    match (due(report.end), due(step)) {
        // A machine slower than the film decides itself.
        (Some(end), Some(now)) => Some((end - now).max(0.0)),
        _ => measured,
    }
}

fn mean(losses: &[f32]) -> f32 {
    (losses.iter().copied().map(f64::from).sum::<f64>() / losses.len() as f64) as f32
}
