//! `ae-tui watch`: what somebody else trains, as it comes. Nothing of theirs is written.

use std::{
    fs::File,
    io::{self, IsTerminal, Read},
    os::{fd::AsFd, unix::fs::FileTypeExt},
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow, bail};
use clap::Args;

use super::{
    End, FIRST_SAMPLE, Misuse,
    appearance::Appearance,
    explore,
    images::{DataArguments, DataSet},
    outcome,
    room::Memory,
    signals, tell,
    train::has_screen,
};
use crate::{
    follow,
    headless::{self, Form},
    message::{self, Absence, Writer},
    observe::{self, Outcome, Past, Source, Tape},
    pool::Pool,
    store::{
        StoreError,
        events::EventFollower,
        folder::{self, RunFault},
        follow::{RunFollower, ScalarFollower},
        keeper::Files,
        weights::{self, About},
    },
    train::DataSource,
    ui::{
        self, Dashboard,
        app::App,
        scalars::{ScalarSession, board::Board},
    },
    words::shown,
};

pub(super) const LONG_ABOUT: &str = "\
Watch what somebody else trains, as it comes: nothing of theirs is changed.

  ae-tui watch runs/a                    a run's folder, live or after the fact, with every view
  ae-tui watch lightning_logs            TensorBoard's event files: the scalars by their names
  ae-tui watch log.jsonl                 a log of JSON lines with a step in each
  ssh HOST ae-tui --headless --metrics - | ae-tui watch -    what comes down a line
  ae-tui watch runs/a | tee log          in a pipe: a line for each epoch, until the run ends

What is not there yet is waited for. A run's folder is described in docs/RUN_FOLDER.md, so that \
any program can write one.";

/// How soon the program ends after a signal.
const GRACE: Duration = Duration::from_secs(2);
/// How often it is looked whether there is something to watch.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// And a tree of folders in the end.
const SELDOM: Duration = Duration::from_secs(2);
/// A run.toml that is half written is whole after so many looks.
const LOOKS: usize = 20;

#[derive(Debug, Args)]
pub(super) struct WatchArguments {
    /// A run's folder, event files or a folder of them, a log of JSON lines, or - for standard input
    what: PathBuf,
    #[command(flatten)]
    data: DataArguments,
    /// Pass the log's records through, one JSON object a line; no dashboard
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    appearance: Appearance,
}

/// What there is to watch.
enum Found {
    Run(Box<RunFollower>),
    Scalars(Box<ScalarFollower>),
}

pub(super) fn run(arguments: &WatchArguments) -> anyhow::Result<End> {
    let manner = arguments.appearance.manner()?;
    // What is wrong with images that were named is said before anything is waited for.
    let named = arguments.data.named()?;
    let line = if is_stdin(&arguments.what) {
        Some(line_on_stdin()?)
    } else {
        None
    };
    let ending = signals::listen(GRACE)?;
    let signal = || ending.signal();
    let found = match line {
        Some(line) => Some(Found::Scalars(ScalarFollower::of_line(line).into())),
        None => wait_for(&arguments.what, &signal)?,
    };
    let Some(found) = found else {
        return Ok(signal().map_or(End::Done, End::Signal));
    };
    let form = match (arguments.json, has_screen()) {
        (true, _) => Some(Form::Records),
        (false, false) => Some(Form::Epochs),
        (false, true) => None,
    };
    match (found, form) {
        (Found::Run(run), Some(form)) => {
            concluded(headless::follow(*run, form, &signal)?, signal())
        }
        (Found::Scalars(scalars), Some(form)) => {
            concluded(headless::follow_scalars(*scalars, form, &signal)?, signal())
        }
        (Found::Run(run), None) => watch(arguments, *run, named, manner, &signal),
        (Found::Scalars(scalars), None) => watch_scalars(arguments, *scalars, manner, &signal),
    }
}

/// Whether that is standard input, by any of its names.
fn is_stdin(path: &Path) -> bool {
    let names = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];
    names.iter().any(|name| path == Path::new(name))
}

/// What comes on standard input, which is the keyboard's place: that is the terminal's now,
/// where there is one.
fn line_on_stdin() -> anyhow::Result<File> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        let words = "watch - reads metrics on standard input, and that is the terminal; as in: \
                     ssh HOST ae-tui --headless --metrics - | ae-tui watch -";
        return Err(Misuse(words.into()).into());
    }
    let line = stdin.as_fd().try_clone_to_owned()?;
    if let Ok(terminal) = File::options().read(true).write(true).open("/dev/tty") {
        rustix::stdio::dup2_stdin(terminal)?;
    }
    Ok(line.into())
}

/// What there is, as soon as there is anything; nothing, where a signal came before.
fn wait_for(path: &Path, signal: &dyn Fn() -> Option<i32>) -> anyhow::Result<Option<Found>> {
    let (mut told, mut refused) = (false, 0);
    // A tree may be large: what is not there is looked for less and less often.
    let (mut rest, mut looked) = (LOOK_AGAIN, None::<Instant>);
    loop {
        let is_due = looked.is_none_or(|looked| looked.elapsed() >= rest);
        if folder::run_file_in(path).exists() {
            match RunFollower::open(path) {
                Ok(run) => return Ok(Some(Found::Run(run.into()))),
                // It may be being written.
                Err(StoreError::NotRun {
                    fault: RunFault::Words { .. },
                    ..
                }) if refused < LOOKS => refused += 1,
                Err(fault) => return Err(fault.into()),
            }
        } else if is_due {
            if let Some(scalars) = scalars_at(path)? {
                return Ok(Some(Found::Scalars(scalars.into())));
            }
            rest = looked.map_or(rest, |_| SELDOM.min(2 * rest));
            looked = Some(Instant::now());
            if !told {
                told = true;
                tell(&format!(
                    "waiting for {}; Ctrl-C leaves",
                    shown(&awaited(path))
                ));
            }
        }
        if signal().is_some() {
            return Ok(None);
        }
        sleep(LOOK_AGAIN);
    }
}

/// What is waited for: a folder that is there is a run's once it has this file.
fn awaited(path: &Path) -> PathBuf {
    if path.is_dir() {
        folder::run_file_in(path)
    } else {
        path.to_owned()
    }
}

/// Event files, a log, or a line that others write into.
fn scalars_at(path: &Path) -> anyhow::Result<Option<ScalarFollower>> {
    let kind = path.metadata().ok().map(|about| about.file_type());
    if kind.is_some_and(|kind| kind.is_fifo() || kind.is_char_device()) {
        let line = File::open(path).with_context(|| format!("cannot read {}", shown(path)))?;
        return Ok(Some(ScalarFollower::of_line(line)));
    }
    if EventFollower::of(path).finds_any() {
        return Ok(Some(ScalarFollower::of_events(path)));
    }
    let Ok(about) = path.metadata() else {
        return Ok(None);
    };
    if !about.is_file() || about.len() == 0 {
        return Ok(None);
    }
    let mut first = [0];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut first))
        .with_context(|| format!("cannot read {}", shown(path)))?;
    if first == *b"{" {
        return Ok(Some(ScalarFollower::of_log(path)));
    }
    let words = format!(
        "{} is neither a log of JSON lines nor one of TensorBoard's event files; name one of \
         them, or a run's folder",
        shown(path)
    );
    Err(Misuse(words).into())
}

/// The name of what is watched.
fn title(arguments: &WatchArguments) -> String {
    let path = &arguments.what;
    match path.file_name() {
        _ if is_stdin(path) => "standard input".into(),
        Some(name) => name.to_string_lossy().into_owned(),
        None => path.to_string_lossy().into_owned(),
    }
}

fn watch_scalars(
    arguments: &WatchArguments,
    scalars: ScalarFollower,
    manner: ui::Manner,
    signal: &dyn Fn() -> Option<i32>,
) -> anyhow::Result<End> {
    show_board(Board::new(title(arguments)), scalars, manner, signal)
}

fn show_board(
    mut board: Board,
    scalars: ScalarFollower,
    manner: ui::Manner,
    signal: &dyn Fn() -> Option<i32>,
) -> anyhow::Result<End> {
    let (mut follower, events) = follow::spawn_scalars(scalars)?;
    let session = ScalarSession {
        events: &events,
        signal,
    };
    let left = Dashboard::new(manner).show_scalars(&session, &mut board);
    drop(events);
    follower.stop();
    let outcome = outcome::after_the_screen(left, Outcome::default(), None, signal)?;
    outcome::conclude(&outcome, signal())
}

/// The images that the run is on.
fn images(named: Option<DataSet>, run: &RunFollower) -> anyhow::Result<DataSource> {
    let file = run.file();
    let data = match named {
        Some(data) => data,
        None => DataSet::of_run(&file.digest, file.images.as_ref())?,
    };
    let about = About {
        digest: Some(file.digest.clone()),
        data_name: Some(file.data.clone()),
        ..About::default()
    };
    weights::expect_data(run.path(), &about, &data.name, &data.digest)?;
    let (own, theirs) = (file.recipe.architecture().image, data.size);
    if own != theirs {
        bail!(
            "{}: image is {own}, and the images of {} are {theirs}",
            shown(&folder::run_file_in(run.path())),
            data.name
        );
    }
    data.tell();
    Ok(data.only(file.recipe.digits)?.source)
}

fn watch(
    arguments: &WatchArguments,
    run: RunFollower,
    named: Option<DataSet>,
    manner: ui::Manner,
    signal: &dyn Fn() -> Option<i32>,
) -> anyhow::Result<End> {
    let data = match images(named, &run) {
        Ok(data) => data,
        Err(fault) if arguments.data.data.is_none() => {
            // Its numbers can be seen without.
            let log = ScalarFollower::of_log(&folder::log_in(run.path()));
            let mut board = Board::new(title(arguments));
            board.reason = Some(format!("curves alone: {fault}"));
            return show_board(board, log, manner, signal);
        }
        Err(fault) => return Err(fault),
    };
    let recipe = run.file().recipe.clone();
    arguments.memory.expect_room(&recipe)?;
    let mut app = App::new(explore::looked_at(title(arguments), recipe.clone()));
    app.writer = Some(Writer::Writes(0));
    let (mut follower, events) = follow::spawn(run, data)?;
    let observer = observe::spawn(observe::Setup {
        source: Source::Told(events),
        recipe: recipe.clone(),
        files: Files::default(),
        sample: FIRST_SAMPLE,
        tape: Tape::new(arguments.memory.keeping(&recipe)),
        past: Past::default(),
        pca: None,
        measures: true,
        pool: Pool::of_the_machine(),
    })?;
    let session = ui::Session {
        commands: None,
        looks: observer.looks(),
        events: observer.events(),
        aside: ui::NOTHING_ASIDE,
        signal,
    };
    let left = Dashboard::new(manner).show(&session, &mut app);
    follower.stop();
    let outcome = outcome::after_the_screen(left, observer.finish(), None, signal)?;
    outcome::conclude(&outcome, signal())
}

/// The end of a run that was followed in lines.
fn concluded(writer: Option<Writer>, signal: Option<i32>) -> anyhow::Result<End> {
    match (writer, signal) {
        (_, Some(number)) => Ok(End::Signal(number)),
        (Some(Writer::Ended(message::End::Failed)), None) => {
            Err(anyhow!("the run that was watched failed, by its own word"))
        }
        (Some(writer @ Writer::Gone(_, Absence::Unsaid)), None) => {
            let words = writer.last_word().unwrap_or_default();
            tell(&format!("{words}; such files tell no end"));
            Ok(End::Done)
        }
        (Some(writer), None) => match writer.obituary() {
            Some(words) => Err(anyhow!("{words}")),
            None => Ok(End::Done),
        },
        (None, None) => Ok(End::Done),
    }
}
