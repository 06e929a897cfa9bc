//! What going back costs: how soon the nearest moment and the exact step are seen, when
//! it is done and while training at full speed, and what training keeps of its speed meanwhile.
//! `cargo bench --bench past`, or `-- conv vae` behind it for other presets than `article`.
//!
//! Each is a trainer and an observer on MNIST as the dashboard has them, without a screen.

#![expect(clippy::print_stdout, reason = "the rows are what a bench is for")]

use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use ae_tui::{
    data::mnist,
    message::{Ask, Gaze, Look, News, Observation, Phase, SampleId, SplitName, When},
    observe::{self, Past, Source, Tape},
    pace::Pace,
    pool::Pool,
    recipe::{Preset, Recipe},
    store::keeper::Files,
    train::{self, Keeping},
};

/// As much as the dashboard has when nothing else is asked for.
const MEMORY: u64 = 256 << 20;
const SAMPLE: SampleId = SampleId {
    split: SplitName::Test,
    index: 110,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let mut presets: Vec<Preset> = std::env::args()
        .filter_map(|name| Preset::named(&name))
        .collect();
    if presets.is_empty() {
        presets.push(Preset::Article);
    }
    presets.into_iter().try_for_each(going_back)
}

struct Run {
    trainer: train::Handle,
    observer: observe::Handle,
}

impl Run {
    fn start(recipe: Recipe) -> Result<Self> {
        let data = Arc::new(mnist::embedded()?);
        let pool = Pool::of_the_machine();
        let parameters = u64::try_from(recipe.architecture().parameter_count())?;
        let keeping = Keeping::within(MEMORY, parameters);
        let (trainer, events) = train::spawn(train::Setup {
            recipe: recipe.clone(),
            data: Box::new(move || Ok(data)),
            start: None,
            keeping,
            pace: Pace::Full,
            pool: pool.clone(),
        })?;
        let observer = observe::spawn(observe::Setup {
            source: Source::Trainer(events),
            recipe,
            files: Files {
                folder: ".".into(),
                ..Files::default()
            },
            sample: SAMPLE,
            tape: Tape::new(keeping),
            past: Past::default(),
            pca: None,
            measures: true,
            pool,
        })?;
        Ok(Self { trainer, observer })
    }

    fn look(&self, when: When) -> Result<()> {
        let sample = SAMPLE;
        Ok(self.observer.looks().send(Look::Gaze(Gaze {
            when,
            sample,
            ask: Ask::Nothing,
        }))?)
    }

    fn wait_until(&self, wanted: impl Fn(&Observation) -> bool) -> Result<Arc<Observation>> {
        loop {
            let event = self
                .observer
                .events()
                .recv_timeout(Duration::from_secs(60))?;
            if let News::Observed(seen) = event
                && wanted(&seen)
            {
                return Ok(seen);
            }
        }
    }

    /// Looks at steps all over the run that are not at hand; how long it took in
    /// milliseconds until the nearest was seen, until the step itself, and until its map.
    fn looks(&self, looks: u64) -> Result<[Vec<f64>; 3]> {
        let mut times = [const { Vec::new() }; 3];
        for n in 1..=looks {
            self.look(When::Now)?;
            let seen = self.wait_until(|seen| seen.seen.past.is_none())?;
            let step = n * 7919 % seen.moment.step;
            let mut missing = (step..seen.moment.step).filter(|at| !seen.tape.steps.contains(at));
            let step = missing.next().unwrap_or(step);
            let asked = Instant::now();
            self.look(When::At(step))?;
            let mut lap = |time: usize| times[time].push(asked.elapsed().as_secs_f64() * 1e3);
            self.wait_until(|seen| seen.seen.past == Some(step))?;
            lap(0);
            self.wait_until(|seen| seen.seen.step == step)?;
            lap(1);
            let was = seen.map.digit_losses.clone();
            self.wait_until(|seen| {
                seen.map.digit_losses.is_some() && seen.map.digit_losses != was
            })?;
            lap(2);
        }
        Ok(times)
    }

    /// Images a second while nobody looks, or looks elsewhere every thirtieth of a second.
    fn speed(&self, scrubs: bool) -> Result<f64> {
        let epochs = |seen: &Observation| seen.curve.epochs.len();
        self.look(When::Now)?;
        let before = self.wait_until(|seen| seen.seen.past.is_none())?;
        let mut seen = Arc::clone(&before);
        let mut n = 0;
        while epochs(&seen) < epochs(&before) + 5 {
            n += 1;
            if scrubs {
                self.look(When::At(n * 1009 % before.moment.step))?;
                std::thread::sleep(Duration::from_millis(33));
            }
            let newest = self.observer.events().try_iter().last();
            if let Some(News::Observed(newest)) = newest {
                seen = newest;
            } else if !scrubs {
                seen = self.wait_until(|_| true)?;
            }
        }
        let last = &seen.curve.epochs[epochs(&before) + 1..];
        let speeds = last.iter().map(|epoch| epoch.samples_per_second);
        Ok(speeds.sum::<f64>() / last.len() as f64)
    }
}

fn going_back(preset: Preset) -> Result<()> {
    let run = Run::start(Recipe::preset(preset))?;
    run.wait_until(|seen| seen.moment.phase == Phase::Finished)?;
    tell(preset, "ten epochs done", run.looks(30)?);
    run.observer.finish();
    let recipe = Recipe {
        epochs: 100_000,
        ..Recipe::preset(preset)
    };
    let run = Run::start(recipe)?;
    run.wait_until(|seen| seen.curve.epochs.len() >= 4)?;
    // So few that the run is still a short one.
    tell(preset, "training at full speed", run.looks(8)?);
    let (alone, scrubbed) = (run.speed(false)?, run.speed(true)?);
    println!(
        "{}: {alone:.0} images/s watched, {scrubbed:.0} while somebody drags along the tape: {:.0} %",
        preset.name(),
        100.0 * scrubbed / alone
    );
    run.trainer.stop();
    let tape = run.observer.finish().tape;
    println!(
        "{}: the tape holds {:.1} MiB of {}",
        preset.name(),
        tape.bytes() as f64 / f64::from(1 << 20),
        MEMORY >> 20
    );
    Ok(())
}

fn tell(preset: Preset, how: &str, times: [Vec<f64>; 3]) {
    let names = ["nearest moment", "exact step", "its map and losses"];
    for (name, mut times) in names.into_iter().zip(times) {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!(
            "{}, {how}: {name} after {:.0} ms, nine of ten within {:.0}, all within {:.0}",
            preset.name(),
            at(0.5),
            at(0.9),
            at(1.0)
        );
    }
}
