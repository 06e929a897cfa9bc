//! `ae-tui film`: a kept run as it was seen, from its first step to its last, as a GIF or an
//! asciicast.
//!
//! The run is made again, as for `explore`, and every moment of it drawn as it looked when it
//! was now. Nothing of the run is written.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use crossbeam_channel::RecvTimeoutError;

use super::{
    End, FIRST_SAMPLE, Misuse,
    explore::{self, Explored},
    images::DataArguments,
    progress::Progress,
    room::Memory,
    signals, tell,
    weights::WeightsArguments,
};
use crate::{
    message::{Gaze, Look, News, Observation, SampleId, SplitName},
    observe::{self, Past, Tape},
    pace::Pace,
    pool::Pool,
    recipe::Recipe,
    store::{atomic, keeper::Files},
    train,
    ui::{
        app::{Kind, Plan},
        export::{self, Filming, Reel, Script},
        lesson::Lesson,
        runs::Runs,
        theme::Tone,
        views::View,
    },
    words::{counted, shown},
};

pub(super) const LONG_ABOUT: &str = "\
Take a kept run home as a film: the dashboard from the first step to the last, in film time.

  ae-tui --run digits                          keep a run
  ae-tui film digits --out digits.gif          a GIF, which any browser plays
  ae-tui film digits --out digits.cast         an asciicast, for asciinema's player

The run is made again from its first step, so the film has every moment, whatever was watched.";

#[derive(Debug, Args)]
#[command(
    mut_arg("weights", |run| run.value_name("RUN").help("The folder of a kept run")),
    mut_arg("preset", |arg| arg.hide(true)),
    mut_arg("encoder", |arg| arg.hide(true)),
    mut_arg("channels", |arg| arg.hide(true)),
    mut_arg("latent_activation", |arg| arg.hide(true))
)]
pub(super) struct FilmArguments {
    #[command(flatten)]
    weights: WeightsArguments,
    /// The film, a file that ends in .gif or .cast; replaces the file
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    out: PathBuf,
    /// What is filmed: train, curves, latent, samples, inside or draw
    #[arg(
        long,
        value_name = "VIEW",
        default_value = "train",
        value_parser = view_named,
        help_heading = "Results"
    )]
    view: View,
    /// Keys that are pressed there before it begins, such as v for Latent's plane as pictures
    #[arg(
        long,
        value_name = "KEYS",
        default_value = "",
        hide_default_value = true,
        help_heading = "Results"
    )]
    press: String,
    /// Film it as a lesson, which takes 100x30 or more
    #[arg(long, conflicts_with = "view", help_heading = "Results")]
    lesson: bool,
    /// Columns and rows of the screen that is filmed
    #[arg(
        long,
        value_name = "SIZE",
        default_value = "120x36",
        help_heading = "Results"
    )]
    size: ScreenSize,
    /// Frames a second
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=20), help_heading = "Results")]
    fps: u32,
    /// Colours for a dark or a light background
    #[arg(
        long,
        value_name = "THEME",
        default_value = "dark",
        help_heading = "Results"
    )]
    theme: FilmTheme,
    /// The test image that is seen [default: 110, or the last]
    #[arg(long, value_name = "N", help_heading = "Results")]
    sample: Option<usize>,
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    memory: Memory,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FilmTheme {
    Dark,
    Light,
}

/// `120x36`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ScreenSize(u16, u16);

impl FromStr for ScreenSize {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        let parts = words.split_once('x');
        let parsed =
            parts.and_then(|(width, height)| Some(Self(width.parse().ok()?, height.parse().ok()?)));
        parsed.ok_or_else(|| "columns x rows are needed, as in 120x36".into())
    }
}

fn view_named(name: &str) -> Result<View, String> {
    let names = View::names().collect::<Vec<_>>().join(", ");
    View::named(name).ok_or_else(|| format!("the views are {names}"))
}

pub(super) fn run(arguments: &FilmArguments) -> anyhow::Result<End> {
    let out = &arguments.out;
    let reel = reel_of(out)?;
    let ScreenSize(width, height) = arguments.size;
    export::expect_size((width, height)).map_err(|error| Misuse(format!("--size: {error}")))?;
    let (columns, rows) = Lesson::SMALLEST;
    if arguments.lesson && (width < columns || height < rows) {
        let words = format!("--size: a lesson needs {columns}x{rows}; name it or more");
        return Err(Misuse(words).into());
    }
    atomic::check_writable(out).context("--out")?;
    let path = &arguments.weights.weights;
    if path.is_file() {
        let words = format!(
            "{} is a file; a film is of a run's folder, as --run DIR keeps one",
            shown(path)
        );
        return Err(Misuse(words).into());
    }
    let Explored {
        recipe,
        weights,
        data,
        kept,
        ..
    } = explore::explored(&arguments.weights, &arguments.data)?;
    arguments.memory.expect_room(&recipe)?;
    let states = kept.ok_or_else(|| anyhow!("{} is no run's folder", shown(path)))?;
    let signal = signals::listen(Duration::from_secs(2))?;
    let data = data()?;
    let images = data.test.len();
    let sample = sample_of(arguments.sample, images)?;
    let keeping = arguments.memory.keeping(&recipe);
    let again = explore::again(&recipe, &states, &data, keeping);
    let (trainer, replay) = train::spawn(again)?;
    let observer = observe::spawn(observe::Setup {
        source: weights.with_past(replay, states, Arc::clone(&data)),
        recipe: recipe.clone(),
        files: Files::default(),
        sample,
        tape: Tape::new(keeping),
        past: Past::default(),
        pca: None,
        measures: false,
        pool: Pool::of_the_machine(),
    })?;
    let tone = match arguments.theme {
        FilmTheme::Dark => Tone::Dark,
        FilmTheme::Light => Tone::Light,
    };
    let loaded = News::Loaded(data);
    let plan = plan(path, recipe, sample);
    let script = Script {
        view: arguments.view,
        keys: arguments.press.clone(),
        size: (width, height),
        tone,
        reel,
        lesson: arguments.lesson,
    };
    let mut filming = Filming::begin(plan, loaded, script)?;
    let mut watching = Watching {
        observer: &observer,
        told: (0, None),
        ended: &|| signal.signal(),
    };
    let filmed = watching.film(arguments.fps, &mut filming);
    trainer.stop();
    observer.finish();
    drop(trainer);
    if let Some(number) = filmed? {
        return Ok(End::Signal(number));
    }
    let seconds = filming.seconds();
    let bytes = filming.finish()?;
    atomic::write(out, &bytes).context("--out")?;
    tell(&format!(
        "{}: {seconds:.1} seconds, {:.1} MB",
        shown(out),
        bytes.len() as f64 / 1e6
    ));
    Ok(End::Done)
}

fn reel_of(path: &Path) -> anyhow::Result<Reel> {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "gif" => Ok(Reel::Gif),
        "cast" => Ok(Reel::Cast),
        _ => {
            let words = format!(
                "--out {}: a film is a GIF or an asciicast; name a file that ends in .gif or .cast",
                shown(path)
            );
            Err(Misuse(words).into())
        }
    }
}

/// The image of this number of so many, or else the one that is seen first everywhere.
fn sample_of(named: Option<usize>, images: usize) -> Result<SampleId, Misuse> {
    let last = images - 1;
    let index = match named {
        Some(number) if number > last => {
            return Err(Misuse(format!(
                "--sample {number}: it is not among {}; name at most {last}",
                counted(images as u64, "test image")
            )));
        }
        Some(number) => number,
        None => FIRST_SAMPLE.index.min(last),
    };
    Ok(SampleId {
        split: SplitName::Test,
        index,
    })
}

/// The run as it was when somebody trained it.
fn plan(path: &Path, recipe: Recipe, sample: SampleId) -> Plan {
    let name = path.file_name().unwrap_or(path.as_os_str());
    Plan {
        title: name.to_string_lossy().into_owned(),
        kind: Kind::of(&recipe),
        recipe,
        sample,
        pace: Pace::FILM,
        trains: true,
        result: None,
        kept: true,
        presets: Vec::new(),
        runs: Runs::default(),
    }
}

/// How long nothing is heard of before signals are looked for.
const LISTEN: Duration = Duration::from_millis(50);
/// What is seen of a moment can change what is asked of it, by the range of its map; not twice.
const LOOKS: usize = 3;

/// The run that is made again, and what is seen of it.
struct Watching<'a> {
    observer: &'a observe::Handle,
    /// Gazes that it was told, and the last of them, which has been answered.
    told: (u64, Option<Gaze>),
    ended: &'a dyn Fn() -> Option<i32>,
}

impl Watching<'_> {
    /// Shows every moment of it. The number of a signal that came before the end, if one did.
    fn film(&mut self, a_second: u32, filming: &mut Filming) -> anyhow::Result<Option<i32>> {
        let whole = |seen: &Observation| {
            let film = &seen.moment.film;
            let step = seen.moment.step;
            step == 0 || seen.curve.ticks.len() as u64 > film.tick_of(step)
        };
        let Some(known) = self.wait(whole)? else {
            return Ok((self.ended)());
        };
        let moment = &known.moment;
        let shots = export::shots(&moment.film, moment.step, &known.tape.steps, a_second);
        let Some(first) = shots.first() else {
            return Ok(None);
        };
        let Some(()) = self.look(first.step, filming)? else {
            return Ok((self.ended)());
        };
        for key in filming.set_up() {
            filming.press(key);
            let Some(()) = self.look(first.step, filming)? else {
                return Ok((self.ended)());
            };
        }
        let progress = Progress::counting("frame", shots.len());
        for (shot, frame) in shots.iter().zip(1..) {
            let Some(()) = self.look(shot.step, filming)? else {
                return Ok((self.ended)());
            };
            filming.shoot(shot.seconds)?;
            filming.let_pass(shot.seconds);
            progress.is_at(frame);
        }
        Ok(None)
    }

    /// Looks at a step until all of it that the view asks for is seen; nothing, where a signal
    /// comes first.
    fn look(&mut self, step: u64, filming: &mut Filming) -> anyhow::Result<Option<()>> {
        for _ in 0..LOOKS {
            let gaze = filming.gaze(step);
            if self.told.1.as_ref() == Some(&gaze) {
                break;
            }
            // An observer that has gone shows in what is heard.
            let _ = self.observer.looks().send(Look::Gaze(gaze.clone()));
            let told = self.told.0 + 1;
            let there = |seen: &Observation| {
                let exact = seen.seen.past.is_none_or(|asked| asked == seen.seen.step);
                seen.heard >= told && exact && seen.map.step == seen.seen.step && !seen.owes
            };
            let Some(seen) = self.wait(there)? else {
                return Ok(None);
            };
            filming.see(&seen);
            self.told = (told, Some(gaze));
        }
        Ok(Some(()))
    }

    /// Waits until that is seen; nothing, where a signal comes first.
    fn wait(
        &self,
        wanted: impl Fn(&Observation) -> bool,
    ) -> anyhow::Result<Option<Arc<Observation>>> {
        loop {
            match self.observer.events().recv_timeout(LISTEN) {
                Ok(News::Observed(seen)) if wanted(&seen) => return Ok(Some(seen)),
                Ok(News::Failed(failure)) => {
                    return Err(anyhow!("{failure}; {}", failure.advice()));
                }
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => {
                    if (self.ended)().is_some() {
                        return Ok(None);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(anyhow!("part of the program stopped unexpectedly"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_images_are_filmed_without_being_counted_first() {
        let seen = |named, images| sample_of(named, images).map(|sample| sample.index);
        assert_eq!(seen(None, 10_000).unwrap(), FIRST_SAMPLE.index);
        assert_eq!(seen(None, 30).unwrap(), 29);
        assert_eq!(seen(Some(7), 30).unwrap(), 7);
        let told = seen(Some(30), 30).unwrap_err().to_string();
        assert!(
            told.contains("not among 30 test images; name at most 29"),
            "{told}"
        );
    }
}
