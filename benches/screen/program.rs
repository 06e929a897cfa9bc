//! The whole program on a terminal of 120x36: how soon it is there, what it takes when idle,
//! and what training keeps of its speed.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use ae_tui::recipe::Preset;
use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

use super::{FRAME, Result, median};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ae-tui");

/// The program on a terminal of 120x36 whose other end reads.
struct Watched {
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    _master: Box<dyn portable_pty::MasterPty + Send>,
    /// The bytes as they come.
    seen: crossbeam_channel::Receiver<Vec<u8>>,
}

impl Watched {
    fn start(arguments: &[&str]) -> Result<Self> {
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
    fn wait_for(&self, words: &str) -> Result<()> {
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

    fn quit(mut self) -> Result<()> {
        // Ctrl-C leaves at once.
        self.keyboard.write_all(b"\x03")?;
        self.child.wait()?;
        Ok(())
    }
}

/// From the launch to the first frame, and to the first look at the network.
pub(crate) fn start() -> Result<()> {
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

/// What the film sends to its terminal, in 24-bit colours.
pub(crate) fn bytes() -> Result<()> {
    /// As long as the film plays, and the end settles.
    const FILM: Duration = Duration::from_secs(24);
    let watched = Watched::start(&["--theme", "dark"])?;
    watched.wait_for("original")?;
    let (begin, mut bytes, mut most) = (Instant::now(), 0, 0);
    let (mut second, mut of_second) = (begin, 0);
    while let Some(left) = FILM.checked_sub(begin.elapsed()) {
        let come = watched.seen.recv_timeout(left).map_or(0, |come| come.len());
        bytes += come;
        of_second += come;
        if second.elapsed() >= Duration::from_secs(1) {
            most = most.max(of_second);
            (second, of_second) = (Instant::now(), 0);
        }
    }
    println!(
        "bytes: the film sends {:.2} MB in {} s, {:.0} kB a second, {:.0} kB in the fullest",
        bytes as f64 / 1e6,
        FILM.as_secs(),
        bytes as f64 / 1e3 / FILM.as_secs_f64(),
        f64::from(most as u32) / 1e3
    );
    watched.quit()
}

/// Processor time of a finished dashboard that nobody touches.
pub(crate) fn idle() -> Result<()> {
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
fn ticks(process: u32) -> Result<f64> {
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
pub(crate) fn watching(preset: Preset, (view, keys): (&str, &str)) -> Result<()> {
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
        let mut dashboard = Watched::start(&[&run[..], &["--theme", "dark"]].concat())?;
        // Before there is a map, no key means a place of it.
        dashboard.wait_for("original")?;
        dashboard.keyboard.write_all(keys.as_bytes())?;
        dashboard.wait_for_epochs(&log, epochs.parse()?);
        dashboard.quit()?;
        watched.extend(seconds(&log)?);
    }
    let (alone, watched) = (median(&mut alone), median(&mut watched));
    println!(
        "{}: an epoch takes {alone:.3} s, and {watched:.3} s with {view} open: {:.0} % of the speed",
        preset.name(),
        100.0 * alone / watched
    );
    Ok(())
}

/// The seconds of each epoch in a log.
fn seconds(log: &Path) -> Result<Vec<f64>> {
    let mut seconds = Vec::new();
    for line in fs::read_to_string(log)?.lines() {
        let record: serde_json::Value = serde_json::from_str(line)?;
        seconds.extend(record["seconds"].as_f64());
    }
    Ok(seconds)
}
