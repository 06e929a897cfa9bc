//! The processes of a sweep: some at a time, each a run, told apart by its place.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    time::Duration,
};

use anyhow::Context;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;

use super::place::Place;
use crate::{cli::progress::Progress, pool::start, words::shown};

/// How often signals are looked for.
const LOOK_AROUND: Duration = Duration::from_millis(30);
/// The most that is kept of what a run says of its failure.
const MOST_WORDS: u64 = 64 << 10;

/// What is heard of a run.
enum Heard {
    /// So many steps are done.
    Step(u64),
    /// It is over; what it said of it.
    Over(String),
}

/// A record of a run's log, as far as it tells how far it is.
#[derive(Deserialize)]
struct Record {
    step: Option<u64>,
}

/// Does what is left of all runs, so many at a time with so many threads each. Gives the words
/// of those that failed; a signal ends all of them.
pub(super) fn work(
    places: &[Place],
    threads: usize,
    jobs: usize,
    signal: &dyn Fn() -> Option<i32>,
) -> anyhow::Result<Vec<String>> {
    let total: u64 = places.iter().map(|place| place.end).sum();
    let mut done: Vec<u64> = places.iter().map(|place| place.done).collect();
    let progress = Progress::counting("step", total as usize);
    let (sender, heard) = unbounded();
    let mut waiting = (0..places.len()).filter(|&place| places[place].left() > 0);
    let mut crew = Crew::default();
    let mut failures = Vec::new();
    loop {
        while crew.runs.len() < jobs && signal().is_none() {
            let Some(place) = waiting.next() else { break };
            crew.start(place, &places[place], threads, &sender)?;
        }
        if crew.runs.is_empty() {
            return Ok(failures);
        }
        match next(&heard) {
            Some((place, Heard::Step(step))) => done[place] = step,
            Some((place, Heard::Over(words))) => {
                let status = crew.end(place)?;
                if !status.success() && signal().is_none() {
                    failures.push(failure(&places[place], status, &words));
                }
            }
            None => {}
        }
        if signal().is_some() {
            crew.ask_to_end();
        }
        progress.is_at(done.iter().sum::<u64>() as usize);
    }
}

fn next(heard: &Receiver<(usize, Heard)>) -> Option<(usize, Heard)> {
    match heard.recv_timeout(LOOK_AROUND) {
        Ok(heard) => Some(heard),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => unreachable!("one sender stays here"),
    }
}

/// The last line that a run said is the reason.
fn failure(place: &Place, status: ExitStatus, words: &str) -> String {
    let last = words.lines().rfind(|line| !line.trim().is_empty());
    let reason = last.map_or_else(|| status.to_string(), |line| line.replace("error: ", ""));
    format!("{}: {reason}", shown(&place.folder))
}

/// The runs under way. Whoever leaves it ends them.
#[derive(Default)]
struct Crew {
    runs: Vec<(usize, Child)>,
    asked: bool,
}

impl Crew {
    fn start(
        &mut self,
        number: usize,
        place: &Place,
        threads: usize,
        heard: &Sender<(usize, Heard)>,
    ) -> anyhow::Result<()> {
        let program = std::env::current_exe().context("cannot find the program itself")?;
        let mut run = Command::new(program)
            .args(place.words())
            .args(["--metrics", "-", "--threads", &threads.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start another ae-tui")?;
        let (stdout, stderr) = (run.stdout.take(), run.stderr.take());
        self.runs.push((number, run));
        let heard = heard.clone();
        start("run", move || {
            if let Some(stdout) = stdout {
                read_steps(stdout, |step| {
                    // Whoever listened has gone; the run is ended then.
                    let _ = heard.send((number, Heard::Step(step)));
                });
            }
            let mut words = Vec::new();
            if let Some(stderr) = stderr {
                let _ = stderr.take(MOST_WORDS).read_to_end(&mut words);
            }
            let words = String::from_utf8_lossy(&words).into_owned();
            let _ = heard.send((number, Heard::Over(words)));
        })?;
        Ok(())
    }

    /// Waits for a run that has closed its output.
    fn end(&mut self, number: usize) -> anyhow::Result<ExitStatus> {
        let place = self.runs.iter().position(|(run, _)| *run == number);
        let (_, mut run) = self
            .runs
            .swap_remove(place.expect("it was started and not ended"));
        run.wait().context("cannot wait for a run")
    }

    /// Asks all of them once to save what they have and end.
    fn ask_to_end(&mut self) {
        if !std::mem::replace(&mut self.asked, true) {
            for (_, run) in &self.runs {
                if let Some(id) = i32::try_from(run.id()).ok().and_then(Pid::from_raw) {
                    // One that has ended by itself needs no asking.
                    let _ = kill_process(id, Signal::TERM);
                }
            }
        }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.ask_to_end();
        for (_, run) in &mut self.runs {
            let _ = run.wait();
        }
    }
}

fn read_steps(stdout: ChildStdout, mut tell: impl FnMut(u64)) {
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        if let Ok(Record { step: Some(step) }) = serde_json::from_str(&line) {
            tell(step);
        }
    }
}
