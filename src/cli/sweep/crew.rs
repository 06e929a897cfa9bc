//! The processes of a sweep: some at a time, each a run, told apart by its place.

use std::{
    io::{BufRead, BufReader, ErrorKind, Read},
    process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio},
    time::Duration,
};

use anyhow::Context;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;

use super::place::Place;
use crate::{
    cli::progress::Progress,
    pool::{piece_of_work, start},
    words::{grouped, shown},
};

/// How often signals are looked for.
const LOOK_AROUND: Duration = Duration::from_millis(30);
/// The most that is kept of what a run says: the last of it tells why it failed.
const MOST_WORDS: usize = 64 << 10;

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
                if signal().is_none() {
                    failures.extend(failure(&places[place], done[place], status, &words));
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

/// Why a run failed, if it did: the last line that it said is the reason.
fn failure(place: &Place, done: u64, status: ExitStatus, words: &str) -> Option<String> {
    let folder = shown(&place.folder);
    if status.success() {
        // A run that nobody hears any more ends in order, wherever it is.
        let (step, end) = (grouped(done), grouped(place.end));
        let reason = "was heard no more; the same command goes on with it";
        return (done < place.end)
            .then(|| format!("{folder}: after step {step} of {end} it {reason}"));
    }
    let last = words.lines().rfind(|line| !line.trim().is_empty());
    let reason = last.map_or_else(|| status.to_string(), |line| line.replace("error: ", ""));
    Some(format!("{folder}: {reason}"))
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
        let stdout = run.stdout.take().expect("it was piped");
        let stderr = run.stderr.take().expect("it was piped");
        self.runs.push((number, run));
        let heard = heard.clone();
        let tell = move |of_run| {
            // Whoever listened has gone; the run is ended then.
            let _ = heard.send((number, of_run));
        };
        listen(stdout, stderr, tell)
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

/// Hears a run's two pipes to their ends, each in a thread of its own: one that nobody reads
/// fills up, and the run would stand still.
fn listen(
    stdout: ChildStdout,
    stderr: ChildStderr,
    tell: impl Fn(Heard) + Send + 'static,
) -> anyhow::Result<()> {
    let (sender, words) = bounded(1);
    start("run's words", move || {
        let _ = sender.send(last_of(stderr, MOST_WORDS));
    })?;
    let mut listener = Listener {
        stdout: Some(stdout),
        words,
        tell,
    };
    start("run", move || listener.listen())?;
    Ok(())
}

/// Who hears a run, and says that it is over when it hears no more, whatever the cause.
struct Listener<T: Fn(Heard)> {
    stdout: Option<ChildStdout>,
    words: Receiver<String>,
    tell: T,
}

impl<T: Fn(Heard)> Listener<T> {
    fn listen(&mut self) {
        let Some(stdout) = self.stdout.take() else {
            return;
        };
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            piece_of_work();
            if let Ok(Record { step: Some(step) }) = serde_json::from_str(&line) {
                (self.tell)(Heard::Step(step));
            }
        }
    }
}

impl<T: Fn(Heard)> Drop for Listener<T> {
    fn drop(&mut self) {
        // A run whose pipe is closed ends, and with it its words.
        drop(self.stdout.take());
        (self.tell)(Heard::Over(self.words.recv().unwrap_or_default()));
    }
}

/// The last words of a stream that is read to its end.
fn last_of(mut stream: impl Read, most: usize) -> String {
    let mut kept = Vec::new();
    let mut piece = [0; 4096];
    loop {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => {
                kept.extend_from_slice(&piece[..length]);
                kept.drain(..kept.len().saturating_sub(most));
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_says_more_than_a_pipe_holds_is_heard_to_its_last_word() {
        // Five times what a pipe holds, before the first step is told.
        let script = "head -c 327680 /dev/zero | tr '\\0' 'e' >&2; \
                      echo '{\"step\":7}'; echo 'error: the disk is full' >&2; exit 1";
        let mut run = Command::new("sh")
            .args(["-c", script])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, heard) = unbounded();
        let (stdout, stderr) = (run.stdout.take().unwrap(), run.stderr.take().unwrap());
        listen(stdout, stderr, move |of_run| sender.send(of_run).unwrap()).unwrap();
        assert!(matches!(heard.recv().unwrap(), Heard::Step(7)));
        let Heard::Over(words) = heard.recv().unwrap() else {
            panic!("one step was told");
        };
        assert!(words.ends_with("error: the disk is full\n"));
        assert_eq!(words.len(), MOST_WORDS);
        assert!(!run.wait().unwrap().success());
    }
}
