//! What watching costs: a frame, the start, the training's speed, and an idle
//! screen. `cargo bench --bench screen`, or `-- conv vae` behind it for the training's
//! speed with these presets alone; figures are in `docs/PERFORMANCE.md`.
//!
//! These are not loops of one function but runs of the whole program, so they
//! have no harness: each prints a row. What an idle screen takes, only Linux tells.

#![expect(clippy::print_stdout, reason = "the rows are what a bench is for")]

use std::{
    cell::Cell,
    fs,
    io::{self, Read, Write},
    path::Path,
    process::Command,
    rc::Rc,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use ae_tui::{
    data::mnist,
    message::{SampleId, SplitName},
    observe::{self, Past, Source, Tape},
    pace::Pace,
    pool::Pool,
    recipe::{Preset, Recipe},
    store::keeper::Files,
    train::{self, Keeping},
    ui::{
        app::{App, Kind, Plan},
        runs::Runs,
        theme::{Depth, Glyphs, Theme, Tone},
        update::{Message, update},
        view,
    },
};
use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use ratatui::{Terminal, TerminalOptions, Viewport, backend::CrosstermBackend, layout::Rect};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ae-tui");
/// As often as the dashboard draws.
const FRAME: Duration = Duration::from_millis(33);
const FRAMES: usize = 300;
const THEME: Theme = Theme {
    depth: Depth::True,
    tone: Tone::Dark,
    glyphs: Glyphs::Blocks,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let named: Vec<Preset> = std::env::args()
        .filter_map(|name| Preset::named(&name))
        .collect();
    if !named.is_empty() {
        return named.into_iter().try_for_each(watching);
    }
    for size in [(120, 36), (200, 60)] {
        frames(size)?;
    }
    start()?;
    idle()?;
    for preset in Preset::ALL {
        watching(preset)?;
    }
    Ok(())
}

/// Takes all bytes at once, as a terminal that keeps up does, and counts them.
struct Sink(Rc<Cell<usize>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Frames of a run at full speed, drawn as the dashboard draws them.
fn frames((columns, rows): (u16, u16)) -> Result<(), Box<dyn std::error::Error>> {
    let recipe = Recipe {
        epochs: 1000,
        ..Recipe::preset(Preset::Article)
    };
    let sample = SampleId {
        split: SplitName::Test,
        index: 110,
    };
    let data = Arc::new(mnist::embedded()?);
    let pool = Pool::of_the_machine();
    let (trainer, events) = train::spawn(train::Setup {
        recipe: recipe.clone(),
        data: Box::new(move || Ok(data)),
        start: None,
        keeping: Keeping::default(),
        pace: Pace::Full,
        pool: pool.clone(),
    })?;
    let observer = observe::spawn(observe::Setup {
        source: Source::Trainer(events),
        recipe: recipe.clone(),
        files: Files {
            folder: ".".into(),
            ..Files::default()
        },
        sample,
        tape: Tape::default(),
        past: Past::default(),
        pca: None,
        pool,
    })?;
    let mut app = App::new(Plan {
        title: "article".into(),
        kind: Kind::of(&recipe),
        recipe,
        sample,
        pace: Pace::Full,
        trains: true,
        result: None,
        kept: false,
        presets: Preset::ALL.map(Recipe::preset).into(),
        runs: Runs::default(),
    });
    let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
    let bytes = Rc::new(Cell::new(0));
    let backend = CrosstermBackend::new(Sink(Rc::clone(&bytes)));
    let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport })?;
    let mut times = Vec::with_capacity(FRAMES);
    while times.len() < FRAMES {
        let next = Instant::now() + FRAME;
        for event in observer.events().try_iter() {
            update(&mut app, Message::News(event));
        }
        let start = Instant::now();
        terminal.draw(|frame| view::render(&app, THEME, frame.area(), frame.buffer_mut()))?;
        // Before the first observation there is nothing to draw.
        if app.seen.is_some() {
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    trainer.stop();
    observer.finish();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((FRAMES - 1) as f64 * share) as usize];
    println!(
        "frame at {columns}x{rows} while training at full speed: \
         median {:.2} ms, 99 of 100 within {:.2} ms, {} bytes each",
        at(0.5),
        at(0.99),
        bytes.get() / FRAMES,
    );
    Ok(())
}

/// The program on a terminal of 120x36 whose other end reads.
struct Watched {
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    _master: Box<dyn portable_pty::MasterPty + Send>,
    /// The bytes as they come.
    seen: crossbeam_channel::Receiver<Vec<u8>>,
}

impl Watched {
    fn start(arguments: &[&str]) -> Result<Self, Box<dyn std::error::Error>> {
        let pair = native_pty_system().openpty(PtySize {
            rows: 36,
            cols: 120,
            ..PtySize::default()
        })?;
        let mut command = CommandBuilder::new(PROGRAM);
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        let mut reader = pair.master.try_clone_reader()?;
        let (bytes, seen) = crossbeam_channel::unbounded();
        let child = pair.slave.spawn_command(command)?;
        thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if bytes.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Ok(Self {
            keyboard: pair.master.take_writer()?,
            _master: pair.master,
            child,
            seen,
        })
    }

    /// Waits until these words have come since the last call.
    fn wait_for(&self, words: &str) -> Result<(), Box<dyn std::error::Error>> {
        let mut all = Vec::new();
        while !String::from_utf8_lossy(&all).contains(words) {
            all.extend(self.seen.recv_timeout(Duration::from_secs(600))?);
        }
        Ok(())
    }

    /// Waits until the log has the ends of so many epochs, and the screen is drawn.
    fn wait_for_epochs(&self, log: &Path, epochs: usize) {
        while seconds(log).map_or(0, |seconds| seconds.len()) < epochs {
            // The terminal is read meanwhile; nobody needs the bytes.
            self.seen.try_iter().for_each(drop);
            thread::sleep(FRAME);
        }
        thread::sleep(10 * FRAME);
    }

    fn quit(mut self) -> Result<(), Box<dyn std::error::Error>> {
        // Ctrl-C leaves at once.
        self.keyboard.write_all(b"\x03")?;
        self.child.wait()?;
        Ok(())
    }
}

/// From the launch to the first frame, and to the first look at the network.
fn start() -> Result<(), Box<dyn std::error::Error>> {
    let mut first = Vec::new();
    let mut network = Vec::new();
    for _ in 0..5 {
        let begin = Instant::now();
        let watched = Watched::start(&["--theme", "dark"])?;
        watched.wait_for("article")?;
        first.push(begin.elapsed().as_secs_f64() * 1e3);
        watched.wait_for("original")?;
        network.push(begin.elapsed().as_secs_f64() * 1e3);
        watched.quit()?;
    }
    println!(
        "start: first frame after {:.0} ms, the network seen after {:.0} ms",
        median(&mut first),
        median(&mut network)
    );
    Ok(())
}

/// Processor time of a finished dashboard that nobody touches.
fn idle() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("log.jsonl");
    let name = log.to_str().ok_or("a temporary name is text")?;
    let run = [
        "--theme",
        "dark",
        "--pace",
        "full",
        "--epochs",
        "1",
        "--metrics",
        name,
    ];
    let watched = Watched::start(&run)?;
    watched.wait_for_epochs(&log, 1);
    let number = watched.child.process_id().ok_or("the program runs")?;
    // The measures are taken first, as there is time now.
    thread::sleep(Duration::from_secs(10));
    let (before, span) = (ticks(number)?, Duration::from_secs(10));
    thread::sleep(span);
    let share = (ticks(number)? - before) / 100.0 / span.as_secs_f64();
    println!(
        "idle: a finished dashboard takes {:.2} % of a core",
        share * 100.0
    );
    watched.quit()
}

/// Hundredths of a second that a process has computed; Linux tells.
fn ticks(process: u32) -> Result<f64, Box<dyn std::error::Error>> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or("")
        .split_whitespace()
        .collect();
    // utime and stime are fields 14 and 15 of all; the name ends at the second.
    Ok(fields[11].parse::<f64>()? + fields[12].parse::<f64>()?)
}

/// The speed of a run that is watched at full pace, of that of one that is not.
fn watching(preset: Preset) -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("log.jsonl");
    let name = log.to_str().ok_or("a temporary name is text")?;
    // Some seconds each, so that map and measures have their turns.
    let epochs = match preset {
        Preset::Article | Preset::Sparse => "30",
        Preset::Map | Preset::Denoising | Preset::Conv => "6",
        Preset::Deep | Preset::Vae => "3",
    };
    let run = [
        "--preset",
        preset.name(),
        "--epochs",
        epochs,
        "--pace",
        "full",
        "--metrics",
        name,
    ];
    let (mut alone, mut watched) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        Command::new(PROGRAM).args(run).arg("--headless").output()?;
        alone.extend(seconds(&log)?);
        // The end of the next run is read from it too.
        fs::remove_file(&log)?;
        let dashboard = Watched::start(&[&run[..], &["--theme", "dark"]].concat())?;
        dashboard.wait_for_epochs(&log, epochs.parse()?);
        dashboard.quit()?;
        watched.extend(seconds(&log)?);
    }
    let (alone, watched) = (median(&mut alone), median(&mut watched));
    println!(
        "{}: an epoch takes {alone:.3} s, and {watched:.3} s watched at full pace: {:.0} % of the speed",
        preset.name(),
        100.0 * alone / watched
    );
    Ok(())
}

/// The seconds of each epoch in a log.
fn seconds(log: &Path) -> Result<Vec<f64>, Box<dyn std::error::Error>> {
    let mut seconds = Vec::new();
    for line in fs::read_to_string(log)?.lines() {
        let record: serde_json::Value = serde_json::from_str(line)?;
        seconds.extend(record["seconds"].as_f64());
    }
    Ok(seconds)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
